"""What an old system was asked and answered, read from its files by a map; rows that cannot be read are set aside.

The map (`munirules.tables.files.mapping`) says which column fills which field of the question (`[fields]`) and which
holds the old system's answer (`[results]`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.errors import MunirulesError
from munirules.tables.files.mapping import FileForm, FileMap, Source, TableMap
from munirules.tables.files.opening import open_input
from munirules.tables.files.parts import KEY, keys_of
from munirules.tables.files.plan import Plan, bind, plain_map
from munirules.tables.files.reading import Part, Reader
from munirules.tables.files.targets import MAIN, Targets, input_targets, result_targets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

ON: Final = "#on"
"""Name of the date's column; no field has it."""


class LegacyError(MunirulesError, ValueError):
    """Files of an old system that cannot be audited: no answers are mapped, no date is said."""


@attrs.frozen
class Unread:
    """A row that is set aside: file, line, field (empty for the whole line), what stands there, and why."""

    file: str
    line: int
    field: str
    value: str
    reason: str


@attrs.frozen(kw_only=True, eq=False)
class Legacy:
    """An old system's questions and answers.

    Attributes:
        name: name of its file.
        rows: rows of its file, those set aside included.
        fields: the columns that `decide_table` takes, with `KEY` and `ON` where the file has them.
        tables: tables of parts, by name.
        old: the old system's answers, by field of the result; of a decision about members without columns.
        members: of a decision about members, its answers: `KEY` of the row, `id` of the member, fields of the result.
        on: the date; None where it stands in the column `ON`.
        lines: for each row its line.
        aside: the rows that could not be read.
    """

    name: str
    rows: int
    fields: pa.Table
    tables: Mapping[str, pa.Table]
    old: pa.Table
    members: pa.Table | None
    on: date | None
    lines: NDArray[np.int64]
    aside: tuple[Unread, ...]

    @property
    def moment(self) -> date | str:
        """The date, or the column in which it stands, as `decide_table` takes it."""
        return ON if self.on is None else self.on

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> pa.Table:
        """The questions of some rows."""
        if rows.dtype == np.bool_:
            return self.fields.filter(pa.array(rows))
        return self.fields.take(pa.array(rows))


def read_legacy(
    book: Rulebook,
    decision: Decision[Any, Any],
    file: str,
    mapped: FileMap | None,
    *,
    tables: Mapping[str, str] | None = None,
    on: date | None = None,
    answers: bool = True,
) -> Legacy:
    """Read an old system's files.

    Args:
        book: for whom.
        decision: what was decided.
        file: its file (CSV in UTF-8 or CP932, Parquet, Excel, or a query).
        mapped: the map; None where headers are names of fields, and there are no answers.
        tables: further files by name of their table (`members` …).
        on: the decision's date, where no column has it.
        answers: whether the old system's answers are wanted.

    Raises:
        FileError: when a file cannot be read at all.
        MapError: naming what of the map does not fit.
        LegacyError: when the map names no answer of the old system, or nothing says the date.
    """
    targets = input_targets(book, decision)
    given = dict(tables or {})
    main_map = mapped.main if mapped is not None else TableMap()
    path = mapped.path if mapped is not None else file
    missing = [name for name in (mapped.tables if mapped is not None else ()) if name not in given]
    if missing:
        raise LegacyError(f"{path}: no file is given for the tables {', '.join(missing)}; write --table NAME=FILE")
    answering = _answering(decision, mapped) if answers else None
    if answers and answering is None:
        raise LegacyError(
            f"{path}: [results] names no answer of the old system, as total = '請求額'; of a decision about members it "
            "stands in the table of the members, [tables.members.results]"
        )
    if (on is None) == (main_map.on is None) and (on is not None or mapped is not None):
        said = "both the map and --on say" if on is not None else "neither the map nor --on says"
        raise LegacyError(f"{path}: {said} the decision's date ({decision.on})")
    reader = open_input(file, main_map.form)
    try:
        if mapped is None:
            main_map = _plain(main_map, reader, targets[MAIN], dated=on is not None, path=path)
        results = result_targets(decision) if answers else None
        own_results = results if answering == MAIN else None
        plan = bind(main_map, reader.headers, targets[MAIN], results=own_results, name=reader.name, tables=given)
        main = _Whole(reader, plan)
    finally:
        reader.close()
    parts: dict[str, pa.Table] = {}
    lost: dict[str, str] = {}
    members = None
    for name, path_of in given.items():
        own_map = mapped.tables.get(name) if mapped is not None else None
        own = _part(path_of, own_map, targets, name, results if name == answering else None)
        parts[name] = own.fields
        lost.update(own.lost())
        if name == answering:
            members = pa.table({KEY: own.fields[KEY], "id": own.fields["id"], **_columns(own.old)})
    return main.legacy(parts, on, lost, members)


def _answering(decision: Decision[Any, Any], mapped: FileMap | None) -> str | None:
    """The table with the old system's answers: that of the subjects, or of the members that are answered for."""
    if mapped is None:
        return None
    if decision.member is None:
        return MAIN if mapped.main.results else None
    return next((name for name, own in mapped.tables.items() if own.results and "id" in own.fields), None)


def _columns(table: pa.Table) -> dict[str, pa.ChunkedArray]:
    return {name: table[name] for name in table.column_names}


def _plain(mapped: TableMap, reader: Reader, targets: Targets, *, dated: bool, path: str) -> TableMap:
    """The map of a file whose headers are names of fields; `on` is the date, `key` the key."""
    if not dated and "on" not in reader.headers:
        raise LegacyError(f"{path}: neither a column 'on' nor --on says the date")
    on = None if dated else Source(headers=("on",))
    drop = ("on",) if dated and "on" in reader.headers else ()
    key = "key" if "key" in reader.headers else None
    return plain_map(reader.headers, targets, attrs.evolve(mapped, on=on, key=key, drop=drop))


def _part(
    path: str, mapped: TableMap | None, targets: Mapping[str, Targets], name: str, results: Targets | None
) -> _Whole:
    if name not in targets:
        raise LegacyError(
            f"--table {name}: there is no such table (tables: {', '.join(t for t in targets if t) or 'none'})"
        )
    reader = open_input(path, mapped.form if mapped is not None else FileForm())
    try:
        if mapped is None:
            mapped = _plain(TableMap(name=name), reader, targets[name], dated=True, path=path)
        plan = bind(mapped, reader.headers, targets[name], results=results, name=reader.name)
        if plan.key is None:
            raise LegacyError(
                f"{reader.name}: the map does not say by which key its rows belong to others; write key = …"
            )
        return _Whole(reader, plan)
    finally:
        reader.close()


class _Whole:
    """A file read as a whole."""

    def __init__(self, reader: Reader, plan: Plan) -> None:
        self.name = reader.name
        self.plan = plan
        self.aside: list[Unread] = []
        self.rows = 0
        self._keys_lost: dict[str, str] = {}
        fields, old, lines = [], [], []
        for chunk in reader.chunks(plan.wanted):
            part = chunk.parse()
            self.rows += part.batch.num_rows + len(part.bad)
            converted = plan.convert(part.batch)
            keys = keys_of(part.batch, plan.key) if plan.key is not None else None
            self.unread(part, keys, converted.problems)
            columns = dict(zip(converted.fields.schema.names, converted.fields.columns, strict=True))
            if keys is not None:
                columns[KEY] = keys.take(pa.array(converted.rows))
            if converted.on is not None:
                columns[ON] = converted.on
            fields.append(pa.RecordBatch.from_arrays(list(columns.values()), list(columns)))
            old.append(converted.results)
            lines.append(part.lines[converted.rows])
        if not fields:
            raise LegacyError(f"{self.name}: no rows")
        self.fields = pa.Table.from_batches(fields)
        self.old = pa.Table.from_batches(old)
        self.lines = np.concatenate(lines)

    def unread(self, part: Part, keys: pa.StringArray | None, problems: Sequence[Any]) -> None:
        """Note what could not be read, and the keys of the rows concerned, or of those beside a line that is unreadable."""
        for bad in part.bad:
            self.aside.append(Unread(self.name, bad.line, "", bad.value, bad.reason))
            for place in (bad.before - 1, bad.before) if keys is not None else ():
                if keys is not None and 0 <= place < len(keys):
                    told = f"{self.name}: line {bad.line} could not be read, and may belong here"
                    self._keys_lost.setdefault(keys[place].as_py(), told)
        for problem in problems:
            line = int(part.lines[problem.row])
            self.aside.append(Unread(self.name, line, problem.field, problem.value, problem.reason))
            if keys is not None:
                told = f"{self.name}: line {line}: {problem.field}: {problem.reason}"
                self._keys_lost.setdefault(keys[problem.row].as_py(), told)

    def lost(self) -> Iterator[tuple[str, str]]:
        """Keys of subjects of which a part could not be read, each with why."""
        return iter(self._keys_lost.items())

    def legacy(
        self, tables: Mapping[str, pa.Table], on: date | None, lost: Mapping[str, str], members: pa.Table | None
    ) -> Legacy:
        """What was read, without the rows of which a part, or the old system's own answer, is missing."""
        good = np.ones(len(self.lines), dtype=np.bool_)
        aside = _once(self.aside)
        if lost:
            keys = self.fields[KEY].to_pylist()
            for row in np.flatnonzero(np.asarray(pc.is_in(self.fields[KEY], pa.array(list(lost), pa.string())))):
                good[row] = False
                aside.append(Unread(self.name, int(self.lines[row]), "", str(keys[row]), lost[keys[row]]))
        chosen = pa.array(good)
        return Legacy(
            name=self.name,
            rows=self.rows,
            fields=self.fields.filter(chosen).combine_chunks(),
            tables=tables,
            members=members,
            old=self.old.filter(chosen).combine_chunks() if self.old.num_columns else self.old,
            on=on,
            lines=self.lines[good],
            aside=tuple(sorted(aside, key=lambda own: own.line)),
        )


def _once(aside: Sequence[Unread]) -> list[Unread]:
    """The first thing that is wrong with each line, so that lines are counted once."""
    found: dict[int, Unread] = {}
    for own in aside:
        found.setdefault(own.line, own)
    return list(found.values())
