"""The rows that a chunk of subjects needs, as the caller gave them: the main table's, and below it those of parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.tables.joins import NOBODY, Astray, PartTable, group_by_part
from munirules.tables.plan import TablePlan

if TYPE_CHECKING:
    from numpy.typing import NDArray

Hung: TypeAlias = tuple["type | None", str]
"""Under what a table of parts hangs: the fact class, None for the objects themselves, and the field."""


@attrs.frozen(kw_only=True, eq=False)
class Rows:
    """Rows of one table, those of one object above together.

    Attributes:
        plan: what the columns are.
        columns: the columns.
        length: how many rows.
        numbers: where each stands in the caller's table; of a column of lists, in the list.
        offsets: int64, one more than there are objects above; None for the main table.
        absent: per object above, whether its list is null; None where none is.
        holes: rows that are null where an object should be; None where none is.
        parts: rows of the tables below.
    """

    plan: TablePlan
    columns: Mapping[str, pa.Array]
    length: int
    numbers: NDArray[np.int64]
    offsets: NDArray[np.int64] | None = None
    absent: NDArray[np.bool_] | None = None
    holes: NDArray[np.bool_] | None = None
    parts: Mapping[Hung, Rows] = attrs.field(factory=dict)

    def owners(self) -> NDArray[np.int64]:
        """Per row, the object above that it belongs to."""
        assert self.offsets is not None
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    def take(self, indexes: NDArray[np.int64]) -> Rows:
        """Some of the rows, with what hangs on them."""
        chosen = pa.array(indexes)
        return Rows(
            plan=self.plan,
            columns={name: column.take(chosen) for name, column in self.columns.items()},
            length=len(indexes),
            numbers=self.numbers[indexes],
            holes=None if self.holes is None else self.holes[indexes],
            parts={hung: rows.of(indexes) for hung, rows in self.parts.items()},
        )

    def of(self, owners: NDArray[np.int64]) -> Rows:
        """The rows of some of the objects above."""
        assert self.offsets is not None
        starts, lengths = self.offsets[owners], np.diff(self.offsets)[owners]
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        taken = self.take(np.arange(offsets[-1]) - np.repeat(offsets[:-1] - starts, lengths))
        return attrs.evolve(taken, offsets=offsets, absent=None if self.absent is None else self.absent[owners])

    def slice(self, start: int, stop: int) -> Rows:
        """A run of the rows, with what hangs on them, without a copy."""
        return Rows(
            plan=self.plan,
            columns={name: column.slice(start, stop - start) for name, column in self.columns.items()},
            length=stop - start,
            numbers=self.numbers[start:stop],
            holes=None if self.holes is None else self.holes[start:stop],
            parts={hung: rows.slice_of(start, stop) for hung, rows in self.parts.items()},
        )

    def slice_of(self, start: int, stop: int) -> Rows:
        """The rows of a run of the objects above."""
        assert self.offsets is not None
        first = self.offsets[start]
        cut = self.slice(int(first), int(self.offsets[stop]))
        absent = None if self.absent is None else self.absent[start:stop]
        return attrs.evolve(cut, offsets=self.offsets[start : stop + 1] - first, absent=absent)


def gather(
    plan: TablePlan,
    columns: Mapping[str, pa.Array],
    numbers: NDArray[np.int64],
    groups: Mapping[str, NDArray[np.int64]],
    tables: Mapping[str, PartTable],
) -> tuple[Rows, list[Astray]]:
    """Gather the rows of a chunk.

    Args:
        plan: of the main table.
        columns: its columns.
        numbers: which rows of the caller's table they are.
        groups: per table of parts, the group of each row.
        tables: the tables of parts.

    Returns:
        The rows, and those of parts of parts that belong to no part.
    """
    gatherer = _Gatherer(groups, tables)
    parts = gatherer.below(plan, columns, len(numbers), None)
    return Rows(plan=plan, columns=columns, length=len(numbers), numbers=numbers, parts=parts), gatherer.astray


class _Gatherer:
    def __init__(self, groups: Mapping[str, NDArray[np.int64]], tables: Mapping[str, PartTable]) -> None:
        self.groups = groups
        self.tables = tables
        self.astray: list[Astray] = []

    def below(
        self, plan: TablePlan, columns: Mapping[str, pa.Array], length: int, subjects: NDArray[np.int64] | None
    ) -> dict[Hung, Rows]:
        """The rows of each table that hangs on some rows; `subjects` says whose parts those are, None for themselves."""
        found: dict[Hung, Rows] = {}
        for cls, field, own in plan.below():
            if own.column:
                found[cls, field] = self.listed(own, columns[own.column], subjects)
            elif subjects is None:
                found[cls, field] = self.joined(own)
            else:
                found[cls, field] = self.deep(own, columns.get("id"), length, subjects)
        return found

    def listed(self, plan: TablePlan, column: pa.Array, subjects: NDArray[np.int64] | None) -> Rows:
        """Rows that stand as a column of lists of structs."""
        lengths = np.asarray(pc.list_value_length(column).fill_null(0), dtype=np.int64)
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        values = column.flatten()
        names = [values.type.field(index).name for index in range(values.type.num_fields)]
        columns = dict(zip(names, values.flatten(), strict=True))
        owners = np.repeat(np.arange(len(lengths)), lengths)
        return Rows(
            plan=plan,
            columns=columns,
            length=len(values),
            numbers=np.arange(len(values)) - offsets[owners],
            offsets=offsets,
            absent=np.asarray(column.is_null()) if column.null_count else None,
            holes=np.asarray(values.is_null()) if values.null_count else None,
            parts=self.below(plan, columns, len(values), owners if subjects is None else subjects[owners]),
        )

    def joined(self, plan: TablePlan) -> Rows:
        """Rows of a table of parts of the subjects."""
        taken = self.tables[plan.name].take(self.groups[plan.name])
        length = int(taken.offsets[-1])
        owners = np.repeat(np.arange(len(taken.offsets) - 1), np.diff(taken.offsets))
        return Rows(
            plan=plan,
            columns=taken.columns,
            length=length,
            numbers=taken.numbers,
            offsets=taken.offsets,
            parts=self.below(plan, taken.columns, length, owners),
        )

    def deep(self, plan: TablePlan, ids: pa.Array | None, length: int, subjects: NDArray[np.int64]) -> Rows:
        """Rows of a table of parts of parts."""
        taken = self.tables[plan.name].take(self.groups[plan.name])
        owners = np.repeat(np.arange(len(taken.offsets) - 1), np.diff(taken.offsets))
        asked = taken.columns[plan.part]
        parents = (subjects, pa.nulls(length, pa.string()) if ids is None else ids)
        parts, order = group_by_part(parents, (owners, asked))
        lost = int((parts == NOBODY).sum())
        if lost:
            where = order[:lost]
            names = asked.take(pa.array(where)).to_pylist()
            reason = "no part that it could belong to has this id, or two have it"
            self.astray.append(
                Astray(table=plan.name, numbers=taken.numbers[where], keys=names, reason=reason, column=plan.part)
            )
        kept = order[lost:]
        chosen = pa.array(kept)
        columns = {name: column.take(chosen) for name, column in taken.columns.items()}
        counts = np.bincount(parts[kept], minlength=length)
        return Rows(
            plan=plan,
            columns=columns,
            length=len(kept),
            numbers=taken.numbers[kept],
            offsets=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            parts=self.below(plan, columns, len(kept), subjects[parts[kept]]),
        )
