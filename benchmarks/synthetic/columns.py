"""Arrow columns out of numpy arrays, in the forms in which a register's extracts hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Columns = dict[str, pa.Array]


def whole(numbers: Any, there: NDArray[np.bool_] | None = None) -> pa.Array:
    """Whole numbers; null where `there` is false."""
    return pa.array(np.asarray(numbers, np.int64), mask=None if there is None else ~there)


def days(numbers: Any, there: NDArray[np.bool_] | None = None) -> pa.Array:
    """Days since 1970 as dates."""
    return pa.array(np.asarray(numbers, np.int32), mask=None if there is None else ~there).cast(pa.date32())


def flags(values: Any, there: NDArray[np.bool_] | None = None) -> pa.Array:
    """True or false."""
    return pa.array(np.asarray(values, bool), mask=None if there is None else ~there)


def words(places: Any, of: Sequence[str], there: NDArray[np.bool_] | None = None) -> pa.Array:
    """Words that recur, by their places in a list."""
    indices = pa.array(np.asarray(places, np.int32), mask=None if there is None else ~there)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(of), pa.string()))


def numbered(numbers: Any, width: int = 10) -> pa.Array:
    """Numbers as registers write them (宛名番号), with zeros in front."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    digits = ((np.asarray(numbers, np.int64)[:, None] // powers) % 10 + ord("0")).astype(np.uint8)
    offsets = np.arange(0, width * (len(digits) + 1), width, dtype=np.int32)
    return pa.StringArray.from_buffers(len(digits), pa.py_buffer(offsets), pa.py_buffer(digits))


def picked(values: pa.Array, places: NDArray[np.int64]) -> pa.Array:
    """The values at some places; null where a place is negative."""
    return values.take(pa.array(np.maximum(places, 0), mask=places < 0))
