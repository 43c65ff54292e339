"""A part of a file decided: its columns handed to `decide_table`, its answers and rejects told by lines of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from munirules.models.declare import declaration
from munirules.tables.files.convert import Converted, text_of
from munirules.tables.files.inputs import Order
from munirules.tables.files.parts import KEY, Reject, Taken
from munirules.tables.files.plan import Plan
from munirules.tables.files.reading import BadRow, Part
from munirules.tables.files.records import FileError
from munirules.tables.files.summary import STATUSES
from munirules.tables.table import decide_table

LINE: Final = "line"
ROW: Final = "row"
_ON: Final = "#on"
_CODE: Final = "#code"
REJECTS: Final = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("key", pa.string()),
        ("field_or_rule", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)


@attrs.frozen(kw_only=True, eq=False)
class Work:
    """Rows of the subjects' file that are decided together.

    Attributes:
        part: the rows as they were read.
        converted: their columns.
        tables: rows of the further files that belong to them.
        left_out: rows (of the columns) that cannot be decided because of a further file, and why.
        rejects: what of the further files was set aside.
        read: of each further file, the rows that were passed, and how many of them were set aside.
    """

    part: Part
    converted: Converted
    tables: Mapping[str, Taken] = attrs.field(factory=dict)
    left_out: Mapping[int, str] = attrs.field(factory=dict)
    rejects: Sequence[Reject] = ()
    read: Mapping[str, tuple[int, int]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True, eq=False)
class Decided:
    """What came of a part.

    Attributes:
        results: rows of the output, in batches.
        rejects: what is set aside, by file and line.
        counts: how many rows came out how.
        engine: rows by engine.
        tables: of each further file, by its name, rows and how many were set aside.
    """

    results: tuple[pa.RecordBatch, ...]
    rejects: tuple[Reject, ...]
    counts: Mapping[str, int]
    engine: Mapping[str, int]
    tables: Mapping[str, tuple[int, int]]


class Decider:
    """Decides parts of a file, in any thread.

    Args:
        order: what the run is to do.
        plan: what the columns of the subjects' file are.
        name: name of that file.
        names: names of the further files, by table.
    """

    def __init__(self, order: Order, plan: Plan, name: str, names: Mapping[str, str]) -> None:
        self._order = order
        self._plan = plan
        self._name = name
        self._names = names
        self._beside = [LINE if plan.key is None else plan.key, *plan.keep]
        twice = {header for header in self._beside if self._beside.count(header) > 1}
        fixed = {"member", "status", "reason", "explanation"}
        for header in sorted(twice | (fixed & set(self._beside))):
            raise FileError(
                f"{name}: the column {header!r} cannot stand beside the result, which has one of that name; drop it"
            )

    def __call__(self, work: Work) -> Decided:
        """Decide a part.

        Raises:
            MunirulesError: as `decide_table`, for what concerns the whole file.
        """
        converted, order = work.converted, self._order
        rows = np.arange(len(converted.rows))
        if work.left_out:
            rows = np.delete(rows, list(work.left_out))
        columns, keys = self._columns(work, rows)
        tables = work.tables if len(rows) == work.part.batch.num_rows else _of_keys(work.tables, keys)
        outcome = decide_table(
            order.book,
            order.decision,
            columns,
            on=_ON if converted.on is not None else self._day(),
            tables={name: taken.fields for name, taken in tables.items()},
            key=KEY,
            code=_CODE if converted.code is not None else "",
            known=order.known,
            explain=order.explain,
            threads=1,
        )
        lines = work.part.lines[converted.rows][rows]
        counts = {name: getattr(outcome.counts, name) for name in STATUSES}
        total = work.part.batch.num_rows + len(work.part.bad)
        counts["rows"] = total
        counts["set_aside"] += total - len(rows)
        rejects = [*work.rejects, *self._unread(work), *self._undecided(outcome.rejects, tables, lines, keys)]
        return Decided(
            results=tuple(self._results(outcome.results, work, rows, lines)),
            rejects=tuple(sorted(rejects, key=lambda reject: (reject.file != self._name, reject.line or 0))),
            counts=counts,
            engine={"kernel": outcome.engine.kernel, "python": outcome.engine.python},
            tables={
                self._names[name]: (read, lost + outcome.parts[name].set_aside)
                for name, (read, lost) in work.read.items()
            },
        )

    def _day(self) -> date:
        assert isinstance(self._order.on, date)
        return self._order.on

    def _columns(self, work: Work, rows: NDArray[np.int64]) -> tuple[pa.Table, pa.Array | None]:
        """The columns that `decide_table` gets, and the keys."""
        converted = work.converted
        made = dict(zip(converted.fields.schema.names, converted.fields.columns, strict=True))
        beside = ((_ON, converted.on), (_CODE, converted.code))
        made.update({name: column for name, column in beside if column is not None})
        keys = None
        if self._plan.key is not None:
            keys = text_of(work.part.batch.column(self._plan.key))
            if len(converted.rows) < len(keys):
                keys = keys.take(pa.array(converted.rows))
            made[KEY] = keys
        if not made:  # a decision about something of which nothing is said
            made[KEY] = pa.nulls(len(converted.rows), pa.string())
        table = pa.table(made)
        if len(rows) < len(converted.rows):
            taken = pa.array(rows)
            table, keys = table.take(taken), None if keys is None else keys.take(taken)
        return table, keys

    def _results(
        self, results: pa.Table, work: Work, rows: NDArray[np.int64], lines: NDArray[np.int64]
    ) -> Iterator[pa.RecordBatch]:
        """The rows of the output: key or line, what is kept, the answers."""
        places = work.converted.rows[rows]
        for batch in results.to_batches() or [pa.RecordBatch.from_pylist([], results.schema)]:
            numbers = batch.column(ROW).to_numpy()
            at = places[numbers]
            made: dict[str, pa.Array] = {}
            if self._plan.key is None:
                made[LINE] = pa.array(lines[numbers])
            for header in self._beside if self._plan.key is not None else self._plan.keep:
                made[header] = _taken(work.part.batch.column(header), at)
            for name in batch.schema.names:
                if name not in (ROW, KEY, _CODE):
                    free = name if name not in made else f"{declaration(self._order.decision.result).name}.{name}"
                    made[free] = batch.column(name)
            yield pa.RecordBatch.from_arrays(list(made.values()), list(made))

    def _unread(self, work: Work) -> Iterator[Reject]:
        """Lines, values and subjects that were set aside before anything was decided."""
        part, converted = work.part, work.converted
        yield from (_of_line(self._name, bad) for bad in part.bad)
        if not converted.problems and not work.left_out:
            return
        keys = None if self._plan.key is None else text_of(part.batch.column(self._plan.key))

        def key_of(row: int) -> str:
            return "" if keys is None else keys[row].as_py() or ""

        for problem in converted.problems:
            yield Reject(
                file=self._name,
                line=int(part.lines[problem.row]),
                key=key_of(problem.row),
                field=problem.field,
                value=problem.value,
                reason=problem.reason,
            )
        for row, reason in work.left_out.items():
            at = int(converted.rows[row])
            yield Reject(file=self._name, line=int(part.lines[at]), key=key_of(at), reason=reason)

    def _undecided(
        self, rejects: pa.Table, tables: Mapping[str, Taken], lines: NDArray[np.int64], keys: pa.Array | None
    ) -> Iterator[Reject]:
        """Rows that `decide_table` set aside."""
        for each in rejects.to_pylist():
            table = each["part"] or ""
            line, file, field = None, self._name, each["field_or_rule"] or ""
            if table in tables and each["part_row"] is not None:
                line, file = int(tables[table].lines[each["part_row"]]), self._names[table]
            elif each["row"] is not None:
                line = int(lines[each["row"]])
            key = each["key"] if keys is None or each["row"] is None else keys[each["row"]].as_py()
            field = {_ON: self._header(self._plan.on), _CODE: self._header(self._plan.code), KEY: self._plan.key}.get(
                field, field
            )
            yield Reject(
                file=file, line=line, key=key or "", field=field or "", value=each["value"] or "", reason=each["reason"]
            )

    @staticmethod
    def _header(filled: Any) -> str:
        return " + ".join(filled.source.headers) if filled is not None else ""


def _of_keys(tables: Mapping[str, Taken], keys: pa.Array | None) -> dict[str, Taken]:
    """The rows of further files that belong to subjects which are decided; those of others are set aside with them."""
    found = {}
    for name, taken in tables.items():
        known = pc.is_in(taken.fields.column(KEY), value_set=keys)
        lines = taken.lines[np.asarray(known)]
        found[name] = attrs.evolve(taken, fields=taken.fields.filter(known), lines=lines)
    return found


def _of_line(file: str, bad: BadRow) -> Reject:
    return Reject(file=file, line=bad.line, value=bad.value, reason=bad.reason)


def rejects_batch(rejects: Sequence[Reject]) -> pa.RecordBatch:
    """Rejects as rows of their file."""
    columns = [
        [reject.file for reject in rejects],
        [reject.line for reject in rejects],
        [reject.key for reject in rejects],
        [reject.field for reject in rejects],
        [reject.value for reject in rejects],
        [reject.reason for reject in rejects],
    ]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, REJECTS, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=REJECTS)


def _taken(column: pa.Array, at: NDArray[np.int64]) -> pa.Array:
    """Some rows of a column; without a copy where they stand together, as they mostly do."""
    if len(at) and at[-1] - at[0] == len(at) - 1 and bool((np.diff(at) == 1).all()):
        return column.slice(int(at[0]), len(at))
    return column.take(pa.array(at))
