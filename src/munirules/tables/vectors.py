"""Values of all rows at once, for `checks`: what is certain of them, and what is not.

A mask says of which rows something may be so. Nothing here is ever sure of what it does not know: where a comparison
makes no sense for a row, the row may be either way.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.tables.layout import Node

Mask: TypeAlias = "NDArray[np.bool_] | bool"
_EPOCH: Final = date(1970, 1, 1).toordinal()
_SAFE: Final = 2**31
"""Numbers below it can be added and multiplied in 64 bits; of larger ones nothing is said."""


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


def negated(value: Tri) -> Tri:
    """The opposite."""
    return Tri(yes=value.no, no=value.yes)


def both(one: Tri, other: Tri) -> Tri:
    """Whether both are so; the second is asked only where the first may be."""
    if one.no is False or other.yes is False:
        return other
    if one.yes is False or other.no is False:
        return one
    return Tri(yes=one.yes & other.yes, no=one.no | (one.yes & other.no))


def either(one: Tri, other: Tri) -> Tri:
    """Whether one of them is so."""
    return negated(both(negated(one), negated(other)))


def same(one: Tri, other: Tri) -> Tri:
    """Whether both are so, or neither."""
    return Tri(yes=(one.yes & other.yes) | (one.no & other.no), no=(one.yes & other.no) | (one.no & other.yes))


def certain(*, value: bool) -> Tri:
    """What is so in every row, or in none."""
    return Tri(yes=value, no=not value)


def _told(found: Any, *vectors: Vec) -> Tri:
    """A comparison of vectors, of whose undefined rows nothing is known."""
    yes, no = found, ~found
    for vector in vectors:
        if vector.bad is not None:
            yes, no = yes | vector.bad, no | vector.bad
    return Tri(yes=yes, no=no)


def is_none(value: Any, dim: Dim) -> Tri:
    """Whether a value is None."""
    if isinstance(value, Vec):
        if value.null is None and value.bad is None:
            return certain(value=False)
        own = value.on(dim)
        return _told(np.zeros(dim.length, dtype=bool) if own.null is None else own.null, own)
    if isinstance(value, (Several, Ragged, Tri, Earlier, Gathered)):
        return certain(value=False)
    if isinstance(value, Thing):
        return MAYBE if value.node.there is not None else certain(value=False)
    return MAYBE if value is UNKNOWN else certain(value=value is None)


def truth(value: Any, dim: Dim) -> Tri:
    """Whether a value counts as true."""
    if isinstance(value, Tri):
        return value
    if isinstance(value, Vec):
        own = value.on(dim)
        if own.kind == "text":
            found = np.asarray(pc.fill_null(pc.not_equal(pc.binary_length(own.data), 0), fill_value=False))
        else:
            found = (
                own.data if own.kind == "bool" else np.ones(dim.length, bool) if own.kind == "day" else own.data != 0
            )
        return _told(found if own.null is None else found & ~own.null, own)
    if isinstance(value, Ragged):
        index = dim.onto(value.dim)
        filled = value.counts() > 0
        return _told(filled if index is None else filled[index])
    if isinstance(value, Several):
        any_there = certain(value=False)
        for _, there in value.items:
            any_there = either(any_there, there)
        return any_there
    if value is UNKNOWN or isinstance(value, (Thing, Earlier, Gathered)):
        return MAYBE
    return certain(value=bool(value))


def _constant(value: Any, kind: str) -> Any:
    """A constant as it is compared with values of a kind; `UNKNOWN` where it is of another."""
    if isinstance(value, Enum):
        value = int(value.value) if isinstance(value.value, int) else value
    if kind == "day":
        plain = isinstance(value, date) and not isinstance(value, datetime)
        return value.toordinal() - _EPOCH if plain else UNKNOWN
    right = {"text": (str,), "int": (int,), "bool": (bool,)}[kind]
    return value if isinstance(value, right) else UNKNOWN


def equal(one: Any, other: Any, dim: Dim) -> Tri:
    """Whether two values are equal."""
    if one is None or other is None:
        return is_none(other if one is None else one, dim)
    if isinstance(one, Tri) or isinstance(other, Tri):
        plain = (Tri, bool)
        boolean = [
            isinstance(v, plain) or (isinstance(v, Vec) and v.kind == "bool" and v.null is None) for v in (one, other)
        ]
        return same(truth(one, dim), truth(other, dim)) if all(boolean) else MAYBE
    if isinstance(one, Several) and isinstance(other, (tuple, list)):
        other = Several.of(*other)
    if isinstance(other, Several) and isinstance(one, (tuple, list)):
        one = Several.of(*one)
    if isinstance(one, Several) and isinstance(other, Several):
        if not (one.fixed and other.fixed):
            return MAYBE
        found = certain(value=len(one.items) == len(other.items))
        for (left, _), (right, _) in zip(one.items, other.items, strict=False):
            found = both(found, equal(left, right, dim))
        return found
    return _compared(one, other, dim, "==")


_ORDERS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def ordered(one: Any, other: Any, dim: Dim, sign: str) -> Tri:
    """Whether one value stands before or after another; None stands nowhere."""
    if one is None or other is None:
        return MAYBE
    found = _compared(one, other, dim, sign)
    for value in (one, other):
        if isinstance(value, Vec) and value.null is not None:
            null: Any = value.on(dim).null
            found = Tri(yes=found.yes | null, no=found.no | null)
    return found


def _compared(one: Any, other: Any, dim: Dim, sign: str) -> Tri:
    vectors = [value.on(dim) for value in (one, other) if isinstance(value, Vec)]
    if not vectors:
        known = not any(isinstance(v, (Unknown, Several, Ragged, Thing, Earlier, Gathered)) for v in (one, other))
        return certain(value=bool(_ORDERS[sign](one, other))) if known and isinstance(one, type(other)) else MAYBE
    kinds = {vector.kind for vector in vectors}
    if len(kinds) > 1:
        return MAYBE
    kind = kinds.pop()
    left, right = (v.on(dim).data if isinstance(v, Vec) else _constant(v, kind) for v in (one, other))
    if left is UNKNOWN or right is UNKNOWN or (kind == "text" and sign != "=="):
        return MAYBE
    found: Any = pc.equal(left, right).fill_null(fill_value=False) if kind == "text" else _ORDERS[sign](left, right)
    found = np.asarray(found)
    nulls = [vector.null for vector in vectors if vector.null is not None]
    for null in nulls:
        found = found & ~null
    if sign == "==" and len(nulls) == 2:
        found = found | (nulls[0] & nulls[1])
    return _told(found, *vectors)


def calculated(one: Any, other: Any, dim: Dim, work: Callable[[Any, Any], Any]) -> Any:
    """A sum, difference, product of whole numbers; nothing is said of what might not fit into 64 bits."""
    if not (isinstance(one, Vec) or isinstance(other, Vec)):
        return work(one, other) if isinstance(one, int) and isinstance(other, int) else UNKNOWN
    bad = np.zeros(dim.length, dtype=bool)
    data = []
    for value in (one, other):
        own = value.on(dim) if isinstance(value, Vec) else value
        if isinstance(own, Vec) and own.kind in ("int", "bool"):
            numbers = own.data.astype(np.int64)
            for mask in (own.null, own.bad):
                bad |= False if mask is None else mask
        elif isinstance(own, int):
            numbers = np.int64(own) if abs(own) < _SAFE else None
        else:
            return UNKNOWN
        if numbers is None:
            return UNKNOWN
        bad |= (numbers >= _SAFE) | (numbers <= -_SAFE)
        data.append(np.where(bad, 0, numbers))
    return Vec(dim, work(*data), "int", bad=bad if bad.any() else None)


def chosen(test: Tri, one: Any, other: Any, dim: Dim) -> Any:
    """One of two numbers, by a condition that is certain or not."""
    if test.no is False:
        return one
    if test.yes is False:
        return other
    data = []
    for value in (one, other):
        if isinstance(value, int) and abs(value) < _SAFE:
            data.append(np.full(dim.length, value, dtype=np.int64))
        elif isinstance(value, Vec) and value.kind == "int" and value.null is None and value.bad is None:
            data.append(value.on(dim).data)
        else:
            return UNKNOWN
    unsure = dim.full(test.yes & test.no)
    return Vec(dim, np.where(test.yes, *data), "int", bad=unsure if unsure.any() else None)
