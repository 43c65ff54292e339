"""Arrow columns as the arrays that a hand-written loop reads, without a copy, and what its loops have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

NO_BITS = np.zeros(0, np.uint8)
EPOCH = 719_163  # date(1970, 1, 1).toordinal()


class Numbers(NamedTuple):
    """Whole numbers or days: the values, the bits that say which are there (none for all), and the first bit's place."""

    values: np.ndarray
    bits: np.ndarray
    start: int


class Texts(NamedTuple):
    """Texts: where each begins, their bytes, the bits that say which are there, and the first bit's place."""

    offsets: np.ndarray
    data: np.ndarray
    bits: np.ndarray
    start: int


def numbers(column: pa.ChunkedArray) -> Numbers:
    """View a column of whole numbers or dates."""
    array = one(column)
    width = np.dtype(f"int{array.type.bit_width}")
    values = np.frombuffer(array.buffers()[1], width)[array.offset : array.offset + len(array)]
    return Numbers(values, *presence(array))


def texts(column: pa.ChunkedArray) -> Texts:
    """View a column of texts."""
    array = one(column)
    _, offsets, data = array.buffers() if array.null_count < len(array) else (None, None, None)
    if offsets is None:
        return Texts(np.zeros(len(array) + 1, np.int32), NO_BITS, *presence(array))
    ends = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    return Texts(ends, NO_BITS if data is None else np.frombuffer(data, np.uint8), *presence(array))


def coded(columns: list[pa.ChunkedArray]) -> list[Texts]:
    """View columns of texts, dictionary columns some of them, as if the texts were numbers of four bytes that they share.

    A text that is empty stands as one that is not there.
    """
    arrays = [one(encoded(column)) for column in columns]
    known = pa.chunked_array([array.dictionary for array in arrays]).unique()
    width = np.dtype(">i4").itemsize  # the last byte, which is compared first, differs most
    found = []
    for array in arrays:
        numbers_of = pc.index_in(array.dictionary, value_set=known).to_numpy()
        filled = array.indices.fill_null(0).to_numpy()
        codes = numbers_of[filled].astype(">i4") if len(numbers_of) else np.zeros(len(array), ">i4")
        empty = pc.index(array.dictionary, "").as_py()
        there = array.is_valid() if empty < 0 else pc.and_(array.is_valid(), pc.not_equal(array.indices, empty))
        bits = NO_BITS if there.true_count == len(there) else np.frombuffer(there.buffers()[1], np.uint8)
        ends = np.arange(0, width * (len(codes) + 1), width, dtype=np.int32)
        found.append(Texts(ends, codes.view(np.uint8), bits, 0))
    return found


def encoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of texts as a dictionary column."""
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def choices(column: pa.ChunkedArray, numbered: dict[str, int], unknown: int) -> Numbers:
    """View a dictionary column of choices as their numbers; what is no choice, or not there, as `unknown`."""
    array = one(column)
    known = np.array([numbered.get(name, unknown) for name in array.dictionary.to_pylist()] + [unknown], np.int64)
    places = array.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)
    return Numbers(known[places], NO_BITS, 0)


def one(column: pa.ChunkedArray) -> Any:
    """A column as one array."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def presence(array: pa.Array) -> tuple[np.ndarray, int]:
    """The bits that say which values are there, and the place of the first."""
    bits = array.buffers()[0]
    if array.null_count == 0 or bits is None:
        return (NO_BITS, 0) if array.null_count == 0 else (np.zeros(len(array) // 8 + 1, np.uint8), 0)
    return np.frombuffer(bits, np.uint8), array.offset


def offsets_of(keys: np.ndarray, part_keys: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Where the parts of each key begin, and the order that brings the parts there; None where they stand so already.

    Raises:
        KeyError: for a part whose key no row has, or a key that stands twice.
    """
    offsets = np.empty(len(keys) + 1, np.int64)
    if in_order(keys, part_keys, offsets):
        return offsets, None
    by_key = np.argsort(keys, kind="stable")
    ordered = keys[by_key]
    if (ordered[1:] == ordered[:-1]).any():
        raise KeyError("a key stands twice")
    found = np.minimum(np.searchsorted(ordered, part_keys), len(keys) - 1)
    if (ordered[found] != part_keys).any():
        raise KeyError("a part has a key that no row has")
    rows = by_key[found]
    offsets[0] = 0
    np.cumsum(np.bincount(rows, minlength=len(keys)), out=offsets[1:])
    return offsets, np.argsort(rows, kind="stable")


@njit(nogil=True, cache=True)
def in_order(keys: np.ndarray, part_keys: np.ndarray, offsets: np.ndarray) -> bool:
    """Fill `offsets` where the parts stand in the order of ascending keys; False where they do not."""
    place = 0
    for row in range(len(keys)):
        if row > 0 and keys[row] <= keys[row - 1]:
            return False
        offsets[row] = place
        while place < len(part_keys) and part_keys[place] == keys[row]:
            place += 1
    offsets[len(keys)] = place
    return place == len(part_keys)


@njit(nogil=True, cache=True, inline="always")
def absent(bits: np.ndarray, start: int, index: int) -> bool:
    """Whether a value is null."""
    if len(bits) == 0:
        return False
    place = start + index
    return (bits[place >> 3] >> (place & 7)) & 1 == 0


@njit(nogil=True, cache=True)
def same(ends: np.ndarray, data: np.ndarray, i: int, other_ends: np.ndarray, other_data: np.ndarray, j: int) -> bool:
    """Whether two texts are equal."""
    begin, other = ends[i], other_ends[j]
    length = ends[i + 1] - begin
    if other_ends[j + 1] - other != length:
        return False
    for index in range(length - 1, -1, -1):  # numbers differ at their ends
        if data[begin + index] != other_data[other + index]:
            return False
    return True


@njit(nogil=True, cache=True)
def gathered(source: Texts, places: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Fill the offsets of the texts at some places and return their bytes."""
    size = 0
    for row in range(len(places)):
        offsets[row] = size
        size += source.offsets[places[row] + 1] - source.offsets[places[row]]
    offsets[len(places)] = size
    data = np.empty(size, np.uint8)
    at = 0
    for row in range(len(places)):
        for index in range(source.offsets[places[row]], source.offsets[places[row] + 1]):
            data[at] = source.data[index]
            at += 1
    return data


def text_array(source: Texts, places: np.ndarray) -> pa.Array:
    """The texts at some places as an Arrow array."""
    offsets = np.empty(len(places) + 1, np.int32)
    data = gathered(source, places, offsets)
    return pa.StringArray.from_buffers(len(places), pa.py_buffer(offsets), pa.py_buffer(data))


def repeated(word: str, rows: int) -> pa.Array:
    """A column in which one text stands throughout."""
    data = np.frombuffer(word.encode() * rows, np.uint8)
    offsets = np.arange(0, len(word) * (rows + 1), len(word), dtype=np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))


def _with_overflow(name: str) -> Callable[..., Any]:
    """Arithmetic on 64 bits that also says whether the result did not fit."""

    @intrinsic
    def operation(_typing: Any, left: Any, right: Any) -> Any:
        signature = types.UniTuple(types.int64, 2)(types.int64, types.int64)

        def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            both = getattr(builder, f"{name}_with_overflow")(*arguments)
            value = builder.extract_value(both, 0)
            failed = builder.zext(builder.extract_value(both, 1), ir.IntType(64))
            return cgutils.pack_array(builder, [value, failed])

        return (signature, build) if isinstance(left, types.Integer) and isinstance(right, types.Integer) else None

    return operation


times = _with_overflow("smul")
plus = _with_overflow("sadd")
