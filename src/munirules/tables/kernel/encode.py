"""Objects and columns as tables of words, and answers back into Arrow arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import types

from munirules.calendar.civil import EPOCH_DAY_NUMBER
from munirules.money import Rate
from munirules.tables.kernel.types import (
    LENGTH,
    NONE,
    NUMBERED,
    SHORT,
    TEXTS,
    Code,
    Day,
    Record,
    Rows,
    fields_of,
    number_of,
    short_text,
    width,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.tables.layout import Node

_MASKS = np.array([(1 << 8 * size) - 1 for size in range(SHORT + 1)], np.uint64)


_ZERO = Rate(0)


class Objects:
    """Objects of declared classes, provisions above all, as tables; keeps the columns alive.

    Attributes:
        kept: the columns and tables.
    """

    def __init__(self) -> None:
        self.kept: list[Any] = []

    def table(self, cls: type, objects: Sequence[Any]) -> int:
        """Lay objects of a class out as columns; return the address of their table."""
        slots: list[int] = []
        self._record(Record(cls), objects, slots)
        return self._address(slots)

    def column(self, values: Sequence[int]) -> int:
        """Keep a column of words; return its address."""
        return self._address(values)

    def _address(self, values: Any) -> int:
        made = np.array(values, np.int64)
        self.kept.append(made)
        return int(made.ctypes.data)

    def _record(self, record: Record, objects: Sequence[Any], slots: list[int]) -> None:
        for name, (_, item) in fields_of(record.cls).items():
            self._item(item, [getattr(own, name) for own in objects], slots)

    def _item(self, item: Any, values: Sequence[Any], slots: list[int]) -> None:
        inner = item.type if isinstance(item, types.Optional) else item
        if isinstance(inner, Record):
            if inner is not item:
                slots.append(self._address([int(value is not None) for value in values]))
            filled = values if inner is item else [value for value in values if value is not None]
            if len(filled) < len(values):
                self._holes(inner, values, slots)
            else:
                self._record(inner, filled, slots)
        elif isinstance(item, Rows):
            counts = [len(value) for value in values]
            starts = np.concatenate([[0], np.cumsum(counts)])[:-1]
            slots.append(self._rows(item.item, [row for value in values for row in value]))
            slots.extend((self._address(starts), self._address(counts)))
        else:
            slots.append(self._address([number_of(value) for value in values]))

    def _rows(self, item: Any, rows: Sequence[Any]) -> int:
        own: list[int] = []
        self._item(item, rows, own)
        return self._address(own)

    def _holes(self, record: Record, values: Sequence[Any], slots: list[int]) -> None:
        """A record that may be none: its columns have something where it is."""
        filled = next((value for value in values if value is not None), None)
        if record.cls is Rate:
            self._record(record, [_ZERO if value is None else value for value in values], slots)
        elif filled is None:
            slots.extend([self._address([0] * len(values))] * width(record))
        else:
            self._record(record, [filled if value is None else value for value in values], slots)


class Texts:
    """The texts of one chunk as codes, and back.

    Short texts are their own codes. Longer ones are numbered, all columns' together, by `number`, those first that rules
    and provisions name.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[NDArray[np.int64], NDArray[np.bool_], pa.Array]] = []
        self._spread: list[tuple[NDArray[np.int64], NDArray[np.int64], pa.Array]] = []
        self._numbered: pa.Array = pa.array([], pa.string())

    def codes(self, texts: pa.Array) -> NDArray[np.int64]:
        """Codes of an array of texts, `NONE` for a null; those of longer texts are written into it by `number`."""
        if not pa.types.is_dictionary(texts.type):
            return _nulled(self._plain(texts.cast(pa.string())), texts)
        own = self._plain(texts.dictionary.cast(pa.string()))
        made = np.zeros(len(texts), np.int64)
        if len(own):
            self._spread.append((made, own, texts))
        return _nulled(made, texts)

    def _plain(self, texts: pa.Array) -> NDArray[np.int64]:
        if not len(texts):
            return np.zeros(0, np.int64)
        _, offsets_buffer, data_buffer = texts.buffers()
        offsets = np.frombuffer(offsets_buffer, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        begin, end = int(offsets[0]), int(offsets[-1])
        sizes = np.diff(offsets)
        long = sizes > SHORT
        if long.all():
            made = np.zeros(len(texts), np.int64)
        else:
            data = np.zeros(end - begin + 8, np.uint8)
            if end > begin:
                data[: end - begin] = np.frombuffer(data_buffer, np.uint8)[begin:end]
            words = np.ndarray((end - begin + 1,), "<u8", data.data, strides=(1,))
            size = np.where(long, 0, sizes).astype(np.uint64)
            made = (words[offsets[:-1] - begin] & _MASKS[size] | size << np.uint64(LENGTH)).view(np.int64)
        if long.any():
            self._waiting.append((made, long, texts if long.all() else texts.filter(pa.array(long))))
        return made

    def number(self) -> None:
        """Number the longer texts that have come; to be called before a kernel runs, and with nothing new after it."""
        if self._waiting:
            self._number()
        for made, own, texts in self._spread:
            indices = texts.indices
            made[:] = own[indices.fill_null(0).to_numpy(zero_copy_only=False)]
            _nulled(made, texts)
        self._spread.clear()

    def _number(self) -> None:
        named = pa.array(list(TEXTS.values()), pa.string())
        coded = pa.concat_arrays([named, *(texts for _, _, texts in self._waiting)]).dictionary_encode()
        self._numbered = coded.dictionary
        codes = np.concatenate(
            [np.array(list(TEXTS), np.int64), np.arange(len(coded.dictionary) - len(named)) + NUMBERED]
        )
        codes[len(named) :] += len(named)
        found = codes[coded.indices.to_numpy(zero_copy_only=False)]
        start = len(named)
        for made, long, texts in self._waiting:
            made[long] = np.where(made[long] == NONE, NONE, found[start : start + len(texts)])
            start += len(texts)
        self._waiting.clear()

    def texts(self, codes: NDArray[np.int64]) -> pa.Array:
        """The texts of codes, `NONE` as null."""
        numbered = codes >= NUMBERED
        if numbered.all():
            return self._numbered.take(pa.array(codes - NUMBERED))
        distinct, index = np.unique(codes[~numbered], return_inverse=True)
        few = pa.array([self._text(int(code)) for code in distinct], pa.string())
        if not numbered.any():
            return few.take(pa.array(index))
        place = np.empty(len(codes), np.int64)
        place[~numbered] = index
        place[numbered] = codes[numbered] - NUMBERED + len(few)
        return pa.concat_arrays([few, self._numbered]).take(pa.array(place))

    @staticmethod
    def _text(code: int) -> str | None:
        if code == NONE:
            return None
        return TEXTS[code] if code < 0 else short_text(code)


def _nulled(codes: NDArray[np.int64], texts: pa.Array) -> NDArray[np.int64]:
    if texts.null_count:
        codes[texts.is_null().to_numpy(zero_copy_only=False)] = NONE
    return codes


class Chunk:
    """A chunk's nodes as tables.

    Args:
        used: names of the fields that any rule reads; columns of others are not looked at.

    Attributes:
        texts: the chunk's texts.
        kept: keeps the columns alive.
    """

    def __init__(self, used: frozenset[str]) -> None:
        self.used = used
        self.texts = Texts()
        self.kept: list[Any] = []
        self._constants: dict[tuple[int, int], int] = {}

    def address(self, column: NDArray[np.int64]) -> int:
        """Keep a column; return its address."""
        self.kept.append(column)
        return int(column.ctypes.data)

    def constant(self, value: int, length: int) -> int:
        """The address of a column that is one word throughout."""
        key = (value, length)
        if key not in self._constants:
            self._constants[key] = self.address(np.full(length, value, np.int64))
        return self._constants[key]

    def table(self, node: Node, *, there: bool = False) -> int:
        """The address of a node's table; a fact's begins with whether it is there."""
        slots: list[int] = [self.presence(node)] if there else []
        self._record(node.cls, node, slots)
        return self.address(np.array(slots, np.int64))

    def presence(self, node: Node) -> int:
        """The column that says whether a node's objects are there: 1, as none 0, not given -1."""
        if node.there is None:
            return self.constant(1, node.length)
        given = node.there.cast(pa.int64()).fill_null(-1)
        return self.address(np.array(given.to_numpy(zero_copy_only=False), np.int64))

    def _record(self, cls: type, node: Node | None, slots: list[int], length: int = 0) -> None:
        length = length if node is None else node.length
        for name, (_, item) in fields_of(cls).items():
            inner = item.type if isinstance(item, types.Optional) else item
            if node is not None and isinstance(item, Rows) and name in node.parts:
                parts = node.parts[name]
                offsets = np.ascontiguousarray(parts.offsets, np.int64)
                slots.append(self.table(parts.items))
                slots.extend((self.address(offsets), self.address(np.diff(offsets))))
            elif node is not None and name in node.records and isinstance(inner, Record):
                own = node.records[name]
                if inner is not item:
                    slots.append(self.presence(own))
                self._record(inner.cls, own, slots)
            elif node is not None and name in node.columns and name in self.used:
                self._column(item, node.columns[name], slots)
            else:
                self._default(cls, name, item, length, slots)

    def _column(self, item: Any, column: pa.Array, slots: list[int]) -> None:
        if isinstance(item, Rows):
            offsets = np.array(column.offsets.to_numpy(), np.int64)
            base = int(offsets[0])
            inside: list[int] = []
            self._column(item.item, column.values.slice(base, int(offsets[-1]) - base), inside)
            slots.append(self.address(np.array(inside, np.int64)))
            slots.extend((self.address(offsets[:-1] - base), self.address(np.diff(offsets))))
            return
        inner = item.type if isinstance(item, types.Optional) else item
        if isinstance(inner, Record):
            if inner is not item:
                slots.append(self.address(column.is_valid().cast(pa.int64()).to_numpy(zero_copy_only=False)))
            self._rates(column, slots)
        else:
            slots.append(self.address(self.words(column)))

    def _rates(self, column: pa.Array, slots: list[int]) -> None:
        coded = column.cast(pa.string()).dictionary_encode()
        rates = [_ZERO, *(Rate.parse(text) for text in coded.dictionary.to_pylist())]
        index = pc.add(coded.indices, 1).fill_null(0).to_numpy(zero_copy_only=False)
        parts = ([rate.num for rate in rates], [rate.den for rate in rates])
        slots.extend(self.address(np.array(own, np.int64)[index]) for own in parts)

    def words(self, column: pa.Array) -> NDArray[np.int64]:
        """A canonical column as words."""
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind):
            return self.texts.codes(column)
        if pa.types.is_date32(kind):
            column = column.cast(pa.int32())
        plain = pc.fill_null(column.cast(pa.int64()), 0) if column.null_count else column.cast(pa.int64())
        found = plain.to_numpy(zero_copy_only=False)
        if pa.types.is_date32(kind):
            found = found + EPOCH_DAY_NUMBER
        if column.null_count:
            found = np.array(found)
            found[column.is_null().to_numpy(zero_copy_only=False)] = NONE
        return np.ascontiguousarray(found, np.int64)

    def _default(self, cls: type, name: str, item: Any, length: int, slots: list[int]) -> None:
        """Columns of a field that was not given: its default throughout, or words that nobody reads."""
        if cls is Rate or name not in self.used:
            slots.extend([self.constant(0, length)] * width(item))
            return
        default = _default_of(cls, name)
        inner = item.type if isinstance(item, types.Optional) else item
        if isinstance(item, Rows):
            empty = self.address(np.zeros(max(width(item.item), 1), np.int64))
            slots.extend((empty, self.constant(0, length), self.constant(0, length)))
        elif isinstance(inner, Record):
            if inner is not item:
                slots.append(self.constant(int(default is not None), length))
            words = [default.num, default.den] if isinstance(default, Rate) else [0] * width(inner)
            slots.extend(self.constant(word, length) for word in words)
        else:
            slots.append(self.constant(0 if default is _NOTHING else number_of(default), length))


_NOTHING = object()


def _default_of(cls: Any, name: str) -> Any:
    import attrs

    default = attrs.fields_dict(cls)[name].default
    return _NOTHING if default is attrs.NOTHING else default


def array_of(item: Any, columns: Sequence[NDArray[np.int64]], texts: Texts) -> pa.Array:
    """Answers of one field as an Arrow array."""
    inner = item.type if isinstance(item, types.Optional) else item
    words = columns[0]
    if isinstance(inner, Code):
        return texts.texts(words)
    if isinstance(inner, Record) and inner.cls is Rate and inner is item:
        return pa.array([str(Rate(int(num), int(den) or 1)) for num, den in zip(*columns, strict=True)], pa.string())
    mask = words == NONE if inner is not item else None
    if isinstance(inner, types.Boolean):
        return pa.array(words == 1, pa.bool_(), mask=mask)
    if isinstance(inner, Day):
        words = np.maximum(words, 1)  # no day stands in a row that did not come out
        return pa.array((words - EPOCH_DAY_NUMBER).astype(np.int32), pa.int32(), mask=mask).cast(pa.date32())
    return pa.array(words, pa.int64(), mask=mask)
