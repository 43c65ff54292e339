"""What tells some rows from others: the values of a column, or a limit, that nearly all of the ones and few of the others have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_VALUES: Final = 20_000
"""Columns with more different values tell rows apart by accident."""

_ENOUGH: Final = 0.5
"""By how much more of the ones than of the others a condition has to hold."""


@attrs.frozen(kw_only=True)
class Condition:
    """A condition on one column.

    Attributes:
        column: the column.
        low: least value; None for none.
        high: greatest value; None for none.
        value: the only value; None where there are limits.
        holds: of how many of the rows that it is to tell, from 0 to 1.
        elsewhere: of how many of the others.
    """

    column: str
    low: Any = None
    high: Any = None
    value: Any = None
    holds: float = 0
    elsewhere: float = 0

    def rows(self, table: pa.Table) -> NDArray[np.bool_]:
        """The rows for which it holds."""
        column = table[self.column]
        if self.value is not None:
            return _mask(pc.equal(column, self.value))
        found = np.ones(table.num_rows, dtype=np.bool_)
        if self.low is not None:
            found &= _mask(pc.greater_equal(column, self.low))
        if self.high is not None:
            found &= _mask(pc.less_equal(column, self.high))
        return found

    def told(self, label: str, unit: str) -> str:
        """In words."""
        if self.value is not None:
            return f"{label} = {_word(self.value)}{unit}"
        if self.low is not None and self.high is not None:
            return f"{_word(self.low)}{unit} ≦ {label} ≦ {_word(self.high)}{unit}"
        if self.low is not None:
            return f"{label} ≧ {_word(self.low)}{unit}"
        return f"{label} ≦ {_word(self.high)}{unit}"


def telling(table: pa.Table, ones: NDArray[np.bool_], others: NDArray[np.bool_], most: int = 2) -> list[Condition]:
    """The conditions, one after the other, that tell some rows from others; none where nothing does.

    Args:
        table: the rows.
        ones: the rows to tell.
        others: the rows to tell them from.
        most: how many conditions at most.
    """
    found: list[Condition] = []
    left = others.copy()
    while len(found) < most and left.any() and ones.any():
        best = max(_conditions(table, ones, left, found), key=_gain, default=None)
        if best is None or _gain(best) < _ENOUGH:
            break
        found.append(best)
        left &= best.rows(table)
    return found


def _gain(condition: Condition) -> float:
    return condition.holds - condition.elsewhere


def _conditions(
    table: pa.Table, ones: NDArray[np.bool_], others: NDArray[np.bool_], before: Sequence[Condition]
) -> Iterator[Condition]:
    """The best condition on each column."""
    taken = {own.column for own in before if own.value is not None}  # of a limit, the other end may follow
    for name in table.column_names:
        if name in taken or pa.types.is_nested(table[name].type):
            continue
        encoded = pc.dictionary_encode(table[name].combine_chunks(), null_encoding="encode")
        values = encoded.dictionary.to_pylist()
        if not 1 < len(values) <= _MOST_VALUES:
            continue
        codes = np.asarray(encoded.indices)
        counts = [np.bincount(codes[rows], minlength=len(values)) / rows.sum() for rows in (ones, others)]
        yield from _of_column(name, values, *counts)


def _of_column(
    name: str, values: list[Any], ones: NDArray[np.float64], others: NDArray[np.float64]
) -> Iterator[Condition]:
    single = int(np.argmax(ones - others))
    if values[single] is not None:
        yield Condition(column=name, value=values[single], holds=float(ones[single]), elsewhere=float(others[single]))
    ordered = [
        index for index, value in enumerate(values) if isinstance(value, (int, date)) and not isinstance(value, bool)
    ]
    if len(ordered) < 3:
        return
    ordered.sort(key=lambda index: values[index])
    one, other = (np.cumsum(own[ordered]) for own in (ones, others))
    yield from _limits(name, [values[index] for index in ordered], one, other)


def _limits(name: str, values: list[Any], one: NDArray[np.float64], other: NDArray[np.float64]) -> Iterator[Condition]:
    """The best lower limit, and the best upper one."""
    below = one - other
    high = int(np.argmax(below))
    if high + 1 < len(values):
        yield Condition(column=name, high=values[high], holds=float(one[high]), elsewhere=float(other[high]))
    low = len(below) - 1 - int(np.argmin(below[::-1]))  # the last of equals: as near as can be
    if low + 1 < len(values):
        holds, elsewhere = float(one[-1] - one[low]), float(other[-1] - other[low])
        yield Condition(column=name, low=values[low + 1], holds=holds, elsewhere=elsewhere)


def _mask(array: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(array, fill_value=False)).astype(np.bool_)


def _word(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def labelled(conditions: Iterable[Condition], labels: Mapping[str, tuple[str, str]]) -> list[str]:
    """Conditions in words.

    Args:
        conditions: the conditions.
        labels: column to label and unit.
    """
    return [
        f"{own.told(*labels.get(own.column, (own.column, '')))}（該当 {own.holds:.1%}、他では {own.elsewhere:.1%}）"
        for own in conditions
    ]
