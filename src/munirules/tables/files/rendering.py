"""Rows as lines of CSV by compiled loops: the bytes that Arrow writes, in a third of the time; for large parts.

Texts are quoted, with quotes in them doubled; figures, dates and what is null are not. All columns are measured first, so
that each value is then written where it belongs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numba
import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCALE: Final = 2
_ALL: Final = np.zeros(0, np.bool_)


def _number_widths(values: Any, decimals: int, valid: Any, widths: Any) -> None:
    """Add to each row's width that of a number."""
    some = len(valid) > 0
    for row in range(len(values)):
        if some and not valid[row]:
            continue
        value = values[row]
        left = np.uint64(value)
        width = 1
        if value < 0:
            left = np.uint64(0) - left
            width = 2
        if decimals > 0:
            left //= np.uint64(100)
            width += 3
        while left >= np.uint64(10):
            left //= np.uint64(10)
            width += 1
        widths[row] += width


def _write_numbers(values: Any, decimals: int, valid: Any, out: Any, places: Any, end: int) -> None:
    """Write a number at each row's place, and what ends it; the places move on."""
    some = len(valid) > 0
    digits = np.empty(24, np.uint8)
    for row in range(len(values)):
        at = places[row]
        if not some or valid[row]:
            value = values[row]
            left = np.uint64(value)
            if value < 0:
                left = np.uint64(0) - left
                out[at] = 45
                at += 1
            count = 0
            while left > np.uint64(0) or count <= decimals:
                rest = left // np.uint64(10)
                digits[count] = np.uint8(48 + (left - rest * np.uint64(10)))
                left = rest
                count += 1
            while count > 0:
                count -= 1
                out[at] = digits[count]
                at += 1
                if count == decimals and decimals > 0:
                    out[at] = 46
                    at += 1
        out[at] = end
        places[row] = at + 1


def _text_widths(offsets: Any, data: Any, quotes: int, valid: Any, widths: Any) -> None:
    """Add to each row's width that of a text, with so many quotes around it (2 or none)."""
    some = len(valid) > 0
    for row in range(len(offsets) - 1):
        if some and not valid[row]:
            continue
        width = offsets[row + 1] - offsets[row] + quotes
        if quotes > 0:
            for place in range(offsets[row], offsets[row + 1]):
                if data[place] == 34:
                    width += 1
        widths[row] += width


def _write_texts(offsets: Any, data: Any, quotes: int, valid: Any, out: Any, places: Any, end: int) -> None:
    """Write a text at each row's place, and what ends it; the places move on."""
    some = len(valid) > 0
    for row in range(len(offsets) - 1):
        at = places[row]
        if not some or valid[row]:
            if quotes > 0:
                out[at] = 34
                at += 1
            for place in range(offsets[row], offsets[row + 1]):
                byte = data[place]
                out[at] = byte
                at += 1
                if byte == 34 and quotes > 0:
                    out[at] = 34
                    at += 1
            if quotes > 0:
                out[at] = 34
                at += 1
        out[at] = end
        places[row] = at + 1


_compiled: Any = numba.njit(nogil=True, cache=True)
_widths_of_numbers, _put_numbers, _widths_of_texts, _put_texts = (
    _compiled(function) for function in (_number_widths, _write_numbers, _text_widths, _write_texts)
)


def render(batch: pa.RecordBatch, delimiter: str) -> NDArray[np.uint8] | None:
    """Render rows as lines.

    Args:
        batch: the rows.
        delimiter: what stands between values, one ASCII character.

    Returns:
        The bytes; None where a column is of a type that Arrow had better write.
    """
    columns = [_column(column) for column in batch.columns]
    if not columns or any(column is None for column in columns):
        return None
    widths = np.full(batch.num_rows, len(columns), np.int64)  # what ends each value
    for column in columns:
        if column is not None:
            measure, _, arguments = column
            measure(*arguments, widths)
    ends = np.cumsum(widths)
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    places = ends - widths
    for number, column in enumerate(columns, 1):
        if column is not None:
            _, write, arguments = column
            write(*arguments, out, places, ord("\n" if number == len(columns) else delimiter))
    return out


def _column(column: pa.Array) -> tuple[Any, Any, tuple[Any, ...]] | None:
    """What measures and what writes a column, and its buffers."""
    kind = column.type
    valid = _ALL if not column.null_count else column.is_valid().to_numpy(zero_copy_only=False)
    if kind == pa.int64():
        values = column if not column.null_count else column.fill_null(0)
        return _widths_of_numbers, _put_numbers, (values.to_numpy(), 0, valid)
    if pa.types.is_decimal128(kind) and kind.scale == _SCALE:
        words = np.frombuffer(column.buffers()[1], np.int64)[2 * column.offset : 2 * (column.offset + len(column))]
        low, high = words[::2], words[1::2]
        large = high != low >> 63
        if (large & valid if len(valid) else large).any():
            return None
        return _widths_of_numbers, _put_numbers, (low, _SCALE, valid)
    if kind == pa.string():
        quotes = 2
    elif pa.types.is_date32(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind):
        column, quotes = column.cast(pa.string()), 0
    else:
        return None
    _, offsets, data = column.buffers()
    places = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return _widths_of_texts, _put_texts, (places, np.frombuffer(data or b"", np.uint8), quotes, valid)
