"""Whether texts stand among those of the parts of the same row, and whether one stands there twice, without a hash table.

Texts are compared as numbers: of up to seven bytes the number says all, and of longer ones it is a digest, after which the
texts themselves are compared where much hangs on their being equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.tables.vectors import Dim, Ragged, Several, Tri, Vec

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD: Final = 8  # bytes
_LENGTH: Final = 56  # bits below those that say how long a text is
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(_WORD + 1)], np.uint64)
_PRIMES: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)


def numbers_of(texts: pa.StringArray) -> NDArray[np.uint64]:
    """Numbers that are equal where texts are, and hardly ever where they are not; of a null, any."""
    number = len(texts)
    if not number:
        return np.zeros(0, np.uint64)
    _, offset_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offset_buffer, np.int32)[texts.offset : texts.offset + number + 1].astype(np.int64)
    first, last = int(offsets[0]), int(offsets[-1])
    data = np.zeros(last - first + 2 * _WORD, np.uint8)
    if last > first:
        data[: last - first] = np.frombuffer(data_buffer, np.uint8)[first:last]
    words = np.ndarray((len(data) - _WORD + 1,), "<u8", data.data, strides=(1,))
    sizes, starts = np.diff(offsets), offsets[:-1] - first
    found = words[starts] & _MASKS[np.minimum(sizes, _WORD)] | sizes.astype(np.uint64) << np.uint64(_LENGTH)
    long = np.flatnonzero(sizes >= _WORD)
    if len(long):
        found[long] = _digests(words, starts[long], sizes[long])
    return found


def _digests(words: NDArray[np.uint64], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Digests of texts that do not fit into a number, apart from all numbers that say all."""
    found = sizes.astype(np.uint64)
    for begin in range(0, int(sizes.max()), _WORD):
        word = words[np.minimum(starts + begin, len(words) - 1)] & _MASKS[np.clip(sizes - begin, 0, _WORD)]
        found = (found ^ word) * _PRIMES[0] + (found >> np.uint64(29))
    return found >> np.uint64(8) | np.uint64(0xFF << _LENGTH)


def twice(value: Any, inner: Dim) -> NDArray[np.bool_] | None:
    """Parts whose value another part of the same row may have too; None where that cannot be said.

    Args:
        value: a value of each part, or several.
        inner: the parts.
    """
    numbers = _digest(value, inner)
    if numbers is None:
        return None
    places = np.flatnonzero(inner.counts[inner.owners] > inner.places + 1)
    found = np.zeros(inner.length, dtype=bool)
    step = 1
    while len(places):
        alike = places[numbers[places] == numbers[places + step]]
        found[alike] = found[alike + step] = True
        step += 1
        places = places[inner.counts[inner.owners[places]] > inner.places[places] + step]
    return found


def _numbers(value: Vec) -> NDArray[np.uint64]:
    """Numbers for the values of a vector: worked out once for a column."""
    if value.kind != "text":
        numbers: NDArray[np.int64] = value.data.astype(np.int64)
        return numbers.view(np.uint64)
    if id(value) not in value.dim.digests:
        found = numbers_of(value.data)
        if not any(value is own for own in value.dim.columns.values()):
            return found
        value.dim.digests[id(value)] = found
    return value.dim.digests[id(value)]


def _digest(value: Any, inner: Dim) -> NDArray[np.uint64] | None:
    if isinstance(value, Several) and value.fixed:
        made = np.zeros(inner.length, np.uint64)
        for item, _ in value.items:
            own = _digest(item, inner)
            if own is None:
                return None
            made = (made ^ own) * _PRIMES[0] + (made >> np.uint64(29))
        return made
    if not isinstance(value, Vec) or value.dim is not inner or value.bad is not None:
        return None
    numbers = _numbers(value)
    return numbers if value.null is None else np.where(value.null, _PRIMES[1], numbers)


def among(value: Vec, rag: Ragged, dim: Dim) -> Tri | None:
    """Whether a value stands among those of the parts; None where that cannot be said.

    Args:
        value: of each row, or of each of its parts.
        rag: of each row.
        dim: the rows for which it is asked.
    """
    item = rag.item
    if not isinstance(item, Vec) or item.dim is not rag.inner or item.bad is not None or item.kind != value.kind:
        return None
    own = value.on(dim)
    index = dim.onto(rag.dim)
    rows = np.arange(dim.length) if index is None else index
    asked, known = _numbers(own), _numbers(item)
    match = np.full(dim.length, -1, dtype=np.int64)
    open_ = np.flatnonzero(rag.inner.counts[rows] > 0 if own.null is None else (rag.inner.counts[rows] > 0) & ~own.null)
    place = 0
    while len(open_):
        where = rag.inner.offsets[rows[open_]] + place
        alike = known[where] == asked[open_]
        if rag.keep is not None:
            alike &= rag.keep[where]
        if item.null is not None:
            alike &= ~item.null[where]
        match[open_[alike]] = where[alike]
        open_ = open_[~alike]
        place += 1
        open_ = open_[rag.inner.counts[rows[open_]] > place]
    found = match >= 0
    if own.kind == "text" and found.any():  # a digest is no proof
        hits = np.flatnonzero(found)
        right = pc.equal(own.data.take(pa.array(hits)), item.data.take(pa.array(match[hits])))
        found[hits] = np.asarray(right.fill_null(fill_value=False))
    no = ~found
    if own.null is not None:  # None may stand among them too
        found = found | own.null
    if own.bad is not None:
        found, no = found | own.bad, no | own.bad
    return Tri(yes=found, no=no)
