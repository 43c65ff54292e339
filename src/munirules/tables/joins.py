"""Tables of parts: which rows belong to which subject, by key, whatever the order in which they stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from munirules.tables.frames import TableError, piece
from munirules.tables.plan import TablePlan, is_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOBODY = -1


def as_keys(column: pa.Array, name: str) -> pa.Array:
    """Bring keys to one form, 64-bit whole numbers or texts, so that those of two tables can be compared.

    Args:
        column: the key column.
        name: what to call it in errors.

    Raises:
        TableError: for keys of another type.
    """
    kind = column.type
    if types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    wanted = pa.string() if is_text(kind) else pa.int64()
    if not (is_text(kind) or types.is_integer(kind) or types.is_null(kind) or types.is_float64(kind)):
        raise TableError([f"{name} is {kind}; keys are whole numbers or texts"])
    try:
        return column.cast(wanted)
    except pa.ArrowInvalid as error:
        raise TableError([f"{name}: {error}; keys are whole numbers or texts"]) from error


@attrs.frozen(kw_only=True, eq=False)
class Claim:
    """Which groups of a table of parts belong to rows of the main table.

    Attributes:
        groups: per row the group; `NOBODY` where it has no parts.
        twice: rows whose key another row has too.
    """

    groups: NDArray[np.int64]
    twice: NDArray[np.bool_]


@attrs.frozen(kw_only=True, eq=False)
class Taken:
    """Rows of a table of parts, those of one subject together.

    Attributes:
        columns: the columns.
        numbers: where each row stands in the caller's table.
        offsets: one more than there are subjects.
    """

    columns: dict[str, pa.Array]
    numbers: NDArray[np.int64]
    offsets: NDArray[np.int64]


@attrs.frozen(kw_only=True, eq=False)
class Astray:
    """Rows of a table of parts that belong to nothing.

    Attributes:
        table: its name.
        numbers: the rows.
        keys: what their keys are.
        reason: why.
        column: the column in which it shows.
    """

    table: str
    numbers: NDArray[np.int64]
    keys: Sequence[object]
    reason: str
    column: str


class PartTable:
    """A table of parts, grouped by key once.

    Attributes:
        plan: what its columns are.
        keyless: rows without a key.
    """

    def __init__(self, plan: TablePlan, table: pa.Table) -> None:
        self.plan = plan
        self.table = table
        keys = as_keys(piece(table[plan.key]), f"tables[{plan.name!r}]: the key column {plan.key!r}")
        valid = np.asarray(keys.is_valid())
        self.keyless = np.flatnonzero(~valid)
        self._order: NDArray[np.int64] | None = None
        if len(self.keyless):
            self._order = np.flatnonzero(valid)
            keys = keys.drop_null()
        starts = _starts(keys)
        unique = keys.take(pa.array(starts))
        if not _distinct(unique):
            codes = keys.dictionary_encode().indices.to_numpy(zero_copy_only=False)
            order = np.argsort(codes, kind="stable")
            self._order = order if self._order is None else self._order[order]
            keys = keys.take(pa.array(order))
            starts = _starts(keys)
            unique = keys.take(pa.array(starts))
        self.keys = unique
        self._starts = np.append(starts, len(keys)).astype(np.int64)
        self._owner = np.full(len(unique), NOBODY, dtype=np.int64)
        self._used = np.zeros(len(unique), dtype=bool)

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.table.num_rows)

    def claim(self, keys: pa.Array, first_row: int) -> Claim:
        """Find the groups of some rows of the main table, and remember that they are taken.

        Args:
            keys: their keys, as `as_keys` gives them.
            first_row: number of the first of them.

        Raises:
            TableError: when the keys of the two tables are of different types.
        """
        if keys.type != self.keys.type and len(self.keys) and keys.null_count < len(keys):
            told = f"tables[{self.plan.name!r}]: the keys {self.plan.key!r} are {self.keys.type}, those of the table {keys.type}"
            raise TableError([f"{told}; cast one of them (a text keeps zeros in front)"])
        groups = self._locate(keys)
        rows = np.arange(first_row, first_row + len(keys), dtype=np.int64)
        found = groups != NOBODY
        own, mine = groups[found], rows[found]
        twice = np.zeros(len(keys), dtype=bool)
        before = self._owner[own] != NOBODY
        self._owner[own] = mine
        again = self._owner[own] != mine
        if before.any() or again.any():
            counts = np.bincount(own, minlength=len(self._owner))
            twice[found] = before | (counts[own] > 1)
        self._used[own[~twice[found]]] = True
        return Claim(groups=groups, twice=twice)

    def _locate(self, keys: pa.Array) -> NDArray[np.int64]:
        number, known = len(keys), len(self.keys)
        if not number or not known or keys.null_count == number:
            return np.full(number, NOBODY, dtype=np.int64)
        first = pc.index(self.keys, keys[0]).as_py()
        if first >= 0 and self.keys.slice(first, number).equals(keys):  # as tables of one source mostly stand
            return np.arange(first, first + number, dtype=np.int64)
        where = self._places
        return np.fromiter((where.get(key, NOBODY) for key in keys.to_pylist()), dtype=np.int64, count=number)

    @cached_property
    def _places(self) -> dict[Any, int]:
        return {key: place for place, key in enumerate(self.keys.to_pylist())}

    def take(self, groups: NDArray[np.int64]) -> Taken:
        """Take the rows of some groups, in order.

        Args:
            groups: per subject its group, or `NOBODY`.
        """
        found = groups != NOBODY
        starts = np.where(found, self._starts[groups], 0)
        lengths = np.where(found, self._starts[groups + 1] - starts, 0)
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        own = starts[lengths > 0]
        if self._order is None and len(own) and np.array_equal(own[1:], (own + lengths[lengths > 0])[:-1]):
            rows = self.table.slice(own[0], offsets[-1])
            numbers = np.arange(own[0], own[0] + offsets[-1], dtype=np.int64)
            return Taken(columns=_pieces(rows), numbers=numbers, offsets=offsets)
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        numbers = np.repeat(starts, lengths) + within
        if self._order is not None:
            numbers = self._order[numbers]
        rows = self._single.take(pa.array(numbers))
        return Taken(columns=_pieces(rows), numbers=numbers, offsets=offsets)

    @cached_property
    def _single(self) -> pa.Table:
        """The table with each column in one piece: rows are then taken faster."""
        return self.table.unify_dictionaries().combine_chunks()

    def left(self) -> list[Astray]:
        """Rows that belong to no row of the main table, once all of that has been seen."""
        found = []
        reasons = (
            (self._owner == NOBODY, "no row of the table has this key"),
            (
                (self._owner != NOBODY) & ~self._used,
                "several rows of the table have this key; it is not known whose this is",
            ),
        )
        for mask, reason in reasons:
            groups = np.flatnonzero(mask)
            if len(groups):
                lengths = self._starts[groups + 1] - self._starts[groups]
                keys = self.keys.take(pa.array(np.repeat(groups, lengths))).to_pylist()
                found.append(self._astray(self.take(groups).numbers, keys, reason))
        if len(self.keyless):
            found.append(self._astray(self.keyless, [None] * len(self.keyless), "the key is empty"))
        return found

    def _astray(self, numbers: NDArray[np.int64], keys: Sequence[object], reason: str) -> Astray:
        return Astray(table=self.plan.name, numbers=numbers, keys=keys, reason=reason, column=self.plan.key)


def _pieces(table: pa.Table) -> dict[str, pa.Array]:
    return {name: piece(table[name]) for name in table.column_names}


def _starts(keys: pa.Array) -> NDArray[np.int64]:
    """Where a key differs from the one before."""
    if not len(keys):
        return np.zeros(0, dtype=np.int64)
    changes = np.asarray(pc.not_equal(keys[1:], keys[:-1]))
    return np.concatenate(([0], np.flatnonzero(changes) + 1))


def _distinct(keys: pa.Array) -> bool:
    """Whether no key stands twice; told at once where they ascend."""
    if len(keys) < 2 or pc.all(pc.greater(keys[1:], keys[:-1])).as_py():
        return True
    return bool(pc.count_distinct(keys).as_py() == len(keys))


def group_by_part(
    parents: tuple[NDArray[np.int64], pa.Array], children: tuple[NDArray[np.int64], pa.Array]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find to which part each row of a table of parts of parts belongs.

    Args:
        parents: per part the subject that it is of, and its id.
        children: per row the subject that it is of, and the id that it names.

    Returns:
        Per row the part, `NOBODY` where the subject has none of that id or has two; and the rows in order of the parts.
    """
    ids = pa.chunked_array([parents[1].cast(pa.string()), children[1].cast(pa.string())]).dictionary_encode()
    codes = [np.asarray(chunk.indices.fill_null(NOBODY), dtype=np.int64) for chunk in ids.chunks]
    width = 1 + max((int(own.max(initial=0)) for own in codes), default=0)
    own, asked = (subject * width + code for (subject, _), code in zip((parents, children), codes, strict=True))
    order = np.argsort(own, kind="stable")
    ranked = own[order]
    places = np.searchsorted(ranked, asked)
    last = np.searchsorted(ranked, asked, side="right")
    right = (last - places == 1) & (codes[1] != NOBODY)
    found = np.full(len(asked), NOBODY, dtype=np.int64)
    found[right] = order[places[right]]
    return found, np.argsort(found, kind="stable")
