"""Values of all rows at once, for `checks`: what is certain of them, and what is not.

A mask says of which rows something may be so. Nothing here is ever sure of what it does not know: where a comparison
makes no sense for a row, the row may be either way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.tables.layout import Node

Mask: TypeAlias = "NDArray[np.bool_] | bool"


class Unrelated(Exception):
    """Values of rows that have nothing to do with one another were put together."""


class Dim:
    """The rows of a table of a chunk: the subjects, or parts of something.

    Args:
        length: how many.
        parent: the rows that they are parts of.
        offsets: where the parts of each stand.
    """

    def __init__(self, length: int, parent: Dim | None = None, offsets: NDArray[np.int64] | None = None) -> None:
        self.length = length
        self.parent = parent
        self.offsets = np.zeros(1, dtype=np.int64) if offsets is None else offsets
        self.counts = np.diff(self.offsets)
        self.owners = np.repeat(np.arange(len(self.counts)), self.counts)
        self.places = np.arange(length) - self.offsets[self.owners] if parent is not None else np.arange(length)
        self.below: dict[int, Dim] = {}
        self.columns: dict[tuple[int, str], Any] = {}
        self.digests: dict[int, NDArray[np.uint64]] = {}

    def onto(self, above: Dim) -> NDArray[np.int64] | None:
        """Per row, the row above that it belongs to; None where it is the same table.

        Raises:
            Unrelated: when the rows do not belong to those.
        """
        if self is above:
            return None
        if self.parent is None:
            raise Unrelated
        further = self.parent.onto(above)
        return self.owners if further is None else further[self.owners]

    def gather(self, mask: Mask) -> NDArray[np.bool_]:
        """Rows above of which a part is in a mask."""
        return np.bincount(self.owners[self.full(mask)], minlength=len(self.counts)) > 0

    def full(self, mask: Mask) -> NDArray[np.bool_]:
        """A mask written out for each row."""
        return np.broadcast_to(np.asarray(mask), (self.length,))


@attrs.frozen(eq=False)
class Tri:
    """Of which rows something may be so, and of which it may not."""

    yes: Mask
    no: Mask


MAYBE: Final = Tri(yes=True, no=True)


@attrs.frozen(eq=False)
class Vec:
    """A value of each row.

    Attributes:
        dim: the rows.
        data: numbers, truth values, or day numbers; texts as Arrow has them.
        kind: `int`, `bool`, `day` or `text`.
        null: rows in which it is None.
        bad: rows of which nothing is known.
    """

    dim: Dim
    data: Any
    kind: str
    null: NDArray[np.bool_] | None = None
    bad: NDArray[np.bool_] | None = None

    def take(self, index: NDArray[np.int64], dim: Dim, bad: NDArray[np.bool_] | None = None) -> Vec:
        """The values of some rows, as those of other rows."""
        data = self.data.take(pa.array(index)) if self.kind == "text" else self.data[index]
        null = None if self.null is None else self.null[index]
        own = None if self.bad is None else self.bad[index]
        return Vec(dim, data, self.kind, null, own if bad is None else bad if own is None else own | bad)

    def on(self, dim: Dim) -> Vec:
        """The same for the rows of parts."""
        index = dim.onto(self.dim)
        return self if index is None else self.take(index, dim)


class Unknown:
    """A value of which nothing is known."""


UNKNOWN: Final = Unknown()


@attrs.frozen(eq=False)
class Several:
    """A sequence of values: each with the rows in which it is among them."""

    items: tuple[tuple[Any, Tri], ...]

    @classmethod
    def of(cls, *items: Any) -> Several:
        """A sequence that is the same in every row."""
        return cls(tuple((item, Tri(yes=True, no=False)) for item in items))

    @property
    def fixed(self) -> bool:
        """Whether all rows have all of it."""
        return all(own.yes is True and own.no is False for _, own in self.items)


@attrs.frozen(eq=False)
class Ragged:
    """A sequence for each row: of its parts, or of something of each.

    Attributes:
        dim: the rows.
        inner: the parts.
        item: something of each part.
        keep: parts that are among them; None where all are.
    """

    dim: Dim
    inner: Dim
    item: Any
    keep: NDArray[np.bool_] | None = None

    def counts(self) -> NDArray[np.int64]:
        """How many there are in each row."""
        if self.keep is None:
            return self.inner.counts
        return np.bincount(self.inner.owners[self.keep], minlength=len(self.inner.counts))

    def skip(self, number: int) -> Ragged:
        """All but the first so many."""
        kept = np.ones(self.inner.length, dtype=bool) if self.keep is None else self.keep
        before = np.cumsum(kept) - kept
        first = np.concatenate((before, [0]))[self.inner.offsets[:-1]]
        return attrs.evolve(self, keep=kept & (before - first[self.inner.owners] >= number))

    def at(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each row the part at a place, and the rows that have none there."""
        rest = self.skip(number).keep
        found = np.zeros(len(self.inner.counts), dtype=np.int64)
        assert rest is not None
        parts = np.flatnonzero(rest)[::-1]
        found[self.inner.owners[parts]] = parts
        missing = self.counts() <= number
        return found, missing


@attrs.frozen(eq=False)
class Earlier:
    """Those of a sequence that stand before the part that a loop has come to."""

    of: Ragged


@attrs.frozen(eq=False)
class Gathered:
    """What a loop over parts has put aside so far.

    Attributes:
        inner: the parts; None before the loop begins.
        what: the expression that it puts aside, as `ast.dump` writes it.
    """

    inner: Dim | None = None
    what: str = ""


@attrs.frozen(eq=False)
class Thing:
    """An object of each row, out of a node."""

    node: Node
    dim: Dim
    index: NDArray[np.int64] | None = None
    bad: NDArray[np.bool_] | None = None


def column_of(node: Node, name: str, kind: str, dim: Dim) -> Any:
    """A column of a node as values of rows; `kind` is that of its field."""
    key = (id(node), name)
    if key not in dim.columns:
        dim.columns[key] = _values_of(node.columns[name], kind, dim)
    return dim.columns[key]


def _values_of(column: pa.Array, kind: str, dim: Dim) -> Any:
    if pa.types.is_list(column.type):
        lengths = np.asarray(pc.list_value_length(column).fill_null(0), dtype=np.int64)
        inner = Dim(int(lengths.sum()), dim, np.concatenate(([0], np.cumsum(lengths))))
        return UNKNOWN if column.null_count else Ragged(dim, inner, _values_of(column.flatten(), kind, inner))
    null = np.asarray(column.is_null()) if column.null_count else None
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type):
        return UNKNOWN if kind == "rate" else Vec(dim, column, "text", null)
    if pa.types.is_date32(column.type):
        days = np.asarray(column.view(pa.int32()).fill_null(0), dtype=np.int64)
        return Vec(dim, days, "day", null)
    if pa.types.is_boolean(column.type):
        return Vec(dim, np.asarray(column.fill_null(fill_value=False)), "bool", null)
    return Vec(dim, np.asarray(column.fill_null(0) if null is not None else column), "int", null)
