"""One call over a table: chunks are cut, joined with their parts, bound, decided and put together, several at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from itertools import chain
from typing import Any, Final, TypedDict

import attrs
import numpy as np
import pyarrow as pa

from munirules.engine.decision import Decision
from munirules.engine.outcome import Status
from munirules.engine.request import Facts, KnownFact, known_facts
from munirules.engine.rulebook import Rulebook, UnknownDecision
from munirules.errors import did_you_mean
from munirules.models.fields import told
from munirules.tables import rejects
from munirules.tables.answers import ROW, OneAnswer, ResultColumns, joined
from munirules.tables.asked import check_facts
from munirules.tables.bind import Binder, Chunk, cut, moment_field
from munirules.tables.engines import Choice, Engines
from munirules.tables.frames import TableError, chunks, in_memory, piece, plain, stream_of, whole
from munirules.tables.joins import PartTable
from munirules.tables.layout import Answers
from munirules.tables.objects import questions
from munirules.tables.outcome import Counts, EngineUse, PartCounts
from munirules.tables.plan import PART, Field, TablePlan, is_text, unfit
from munirules.tables.planner import Naming, plan_tables
from munirules.tables.python_engine import Case, Decided, decide_chunk, decide_rows
from munirules.tables.rows import gather
from munirules.tables.towns import Towns
from munirules.tables.work import Preparation, Work

CHUNK: Final = 65_536
"""Subjects decided together: enough that what is done once a chunk does not count, little enough to lie in the cache."""

CHUNK_OF_TOWNS: Final = 262_144
"""The same where several municipalities stand in one table, each of which is decided by itself."""


@attrs.define(kw_only=True)
class Done:
    """What came of a chunk."""

    results: pa.RecordBatch | None = None
    rejects: list[pa.RecordBatch] = attrs.field(factory=list)
    counts: Counts = attrs.field(factory=Counts)
    use: EngineUse = attrs.field(factory=EngineUse)
    lost: dict[str, int] = attrs.field(factory=dict)


class Options(TypedDict, total=False):
    """What a caller may say beside the table and the date.

    Attributes:
        tables: tables of parts by name: `members`, parts of a fact as `Roles.holders`, parts of parts as `sewer.well_for`.
        key: name of the column by which rows of those belong to rows of the table; by table where they differ, the main
            table under the empty name. It stands beside the results.
        part: in tables of parts of parts, the column with the id of the part.
        code: column with the code of the municipality, by whose rulebook a row is decided.
        rulebooks: rulebooks that are open already, by code.
        known: decide as it would have been decided on this date.
        engine: `kernel` (compiled), `python` (generated, one case at a time), or what is sooner. The result is the same.
        keep: further columns of the table that stand beside the results.
        ignore: columns that are passed over; of a table of parts as `members.note`.
        explain: `ja` or `en` for a column `explanation` with the words for each row; all are then decided in Python, and
            each once more for its steps.
        chunk: subjects that are decided together; as many as have proved quick where 0.
        threads: chunks that are decided at a time, where compiled; as many as there are processors where 0.
    """

    tables: Mapping[str, Any] | None
    key: str | Mapping[str, str]
    part: str
    code: str
    rulebooks: Mapping[str, Rulebook] | None
    known: date | None
    engine: Choice
    keep: Collection[str]
    ignore: Collection[str]
    explain: str | None
    chunk: int
    threads: int


class Run:
    """One call; see `decide_table` for its arguments."""

    def __init__(
        self, book: Rulebook, decision: Decision[Any, Any] | str, table: Any, on: date | str, options: Options
    ) -> None:
        for name in options:
            if name not in Options.__annotations__:
                near = did_you_mean(name, Options.__annotations__)
                raise TypeError(f"no option {name!r}{near} (options: {', '.join(Options.__annotations__)})")
        code, known, keep = options.get("code", ""), options.get("known"), options.get("keep", ())
        explain = options.get("explain")
        self.book = book
        self.decision = _decision(book, decision)
        self.on: date | Field = _moment(on)
        self.known = known
        self.code = code
        self.towns = Towns(self.decision, options.get("rulebooks") or {})
        self.threads = options.get("threads", 0) or _processors()
        whole_tables = {
            name: whole(frame, f"tables[{name!r}]") for name, frame in (options.get("tables") or {}).items()
        }
        main = whole(table, "the table") if whole_tables and in_memory(table) else table
        reader = stream_of(main, "the table")
        schema = plain(reader.schema.empty_table()).schema
        self._source = chunks(reader, options.get("chunk", 0) or (CHUNK_OF_TOWNS if code else CHUNK))
        first = list(_first(self._source, 2))
        self._source = chain(first, self._source)
        rows = sum(own.num_rows for own in first) if len(first) < 2 else None
        naming = Naming(
            key=options.get("key", "key"),
            part=options.get("part", PART),
            beside=tuple(filter(None, (self.on.column if isinstance(self.on, Field) else "", code))),
            keep=tuple(keep),
            ignore=tuple(options.get("ignore", ())),
        )
        known_here = self._known(main if isinstance(main, pa.Table) else None, first)
        schemas = {name: own.schema for name, own in whole_tables.items()}
        self.plan = plan_tables(self.decision, known_here, schema, schemas, naming)
        self._check_types(schema)
        if isinstance(self.on, date) and not code:
            check_facts(book, self.decision, self.on, known, self.plan)
        own_key = naming.key_of("")
        self.key = own_key if own_key in schema.names else ""
        beside = dict.fromkeys([*filter(None, (self.key, code)), *keep])
        types_beside = {name: schema.field(name).type for name in beside}
        self.explain = explain
        self.columns = ResultColumns.of(self.decision, types_beside, explained=explain is not None)
        self.binder = Binder(self.plan, self.on)
        engine: Choice = "python" if explain else options.get("engine", "auto")  # only a case by itself tells its steps
        self.engines = Engines(engine, self.decision, self.on if isinstance(self.on, date) else None, known, rows)
        self.part_tables = {own.name: PartTable(own, whole_tables[own.name]) for own in _own_tables(self.plan)}
        self.counts, self.use = Counts(), EngineUse()
        self.part_counts = {name: PartCounts(rows=own.rows) for name, own in self.part_tables.items()}
        read = [*_read(self.plan), self.key, self.on.column if isinstance(self.on, Field) else ""]
        self.preparation = Preparation(book, self.towns, code, self.key, self.part_tables, read)
        if isinstance(main, pa.Table):
            self.preparation.see_all(main)

    def _known(self, main: pa.Table | None, first: Sequence[pa.Table]) -> Facts:
        """The facts that the decision may be given, in any of the municipalities that are known so far."""
        if not self.code:
            return known_facts(self.book, self.decision)
        found: dict[str, KnownFact] = {}
        for own in [main] if main is not None else first:
            if self.code not in own.column_names:
                continue  # told with what else is wrong with the columns
            if not is_text(_values_type(own[self.code].type)):
                kind = own[self.code].type
                raise TableError([f"column {self.code!r} is {kind}; codes are texts, in which a zero in front counts"])
            for book in self.towns.all_of(piece(own[self.code]).cast(pa.string())):
                for name, fact in known_facts(book, self.decision).items():
                    before = found.get(name)
                    places = fact.places if before is None else fact.places | before.places
                    found[name] = KnownFact(fact.cls, places)
        return found or known_facts(self.book, self.decision)

    def _check_types(self, schema: pa.Schema) -> None:
        if isinstance(self.on, Field):
            kind = _values_type(schema.field(self.on.column).type)
            problem = unfit(kind, self.on.spec)
            if problem:
                raise TableError([f"column {self.on.column!r} is {kind}; {problem}"])

    def batches(self) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
        """Decide, chunk by chunk.

        Yields:
            Results and rejects of a chunk; at last, rows of parts that belong to nothing.
        """
        yield from (self._counted(done) for done in self._all_done())
        left = {name: own.left() for name, own in self.part_tables.items()}
        for name, counts in self.part_counts.items():
            counts.set_aside += sum(len(own.numbers) for own in left[name])
            counts.joined = counts.rows - counts.set_aside
        found = [rejects.astray_batch(own) for all_left in left.values() for own in all_left]
        if found:
            yield one_batch([], self.columns.schema), one_batch(found, rejects.SCHEMA)

    def requests(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The questions that the rows ask, as plain data, each with the number of its row; rows set aside ask none."""
        row = 0
        for table in self._source:
            work = self.preparation.of(table, row)
            row += table.num_rows
            rows, _ = gather(self.plan, work.columns, work.numbers, work.groups, self.part_tables)
            for index, made, place in questions(rows, np.argsort(rows.numbers, kind="stable")):
                yield int(rows.numbers[index]), made.question(place)

    def _all_done(self) -> Iterator[Done]:
        """Chunks in order: the first alone, since it makes the engines ready; then several at a time where compiled."""
        row = 0
        pool: ThreadPoolExecutor | None = None
        running: deque[Future[Done]] = deque()
        try:
            for table in self._source:
                work = self.preparation.of(table, row)
                row += table.num_rows
                self.counts.rows += table.num_rows
                if self.threads == 1 or not self.engines.compiled:
                    yield self._decide(work)
                    continue
                pool = pool or ThreadPoolExecutor(self.threads)
                running.append(pool.submit(self._decide, work))
                if len(running) > self.threads:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            if pool is not None:
                pool.shutdown(cancel_futures=True)

    def _counted(self, done: Done) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        for status in (*map(str, Status), "set_aside"):
            self.counts.add(status, getattr(done.counts, status))
        self.use.kernel += done.use.kernel
        self.use.python += done.use.python
        self.use.why = self.engines.why
        for name, number in done.lost.items():
            self.part_counts[name].set_aside += number
        assert done.results is not None
        return done.results, one_batch(done.rejects, rejects.SCHEMA)

    def _decide(self, work: Work) -> Done:
        """Bind, decide and put together the rows of a chunk."""
        done = Done(rejects=[rejects.batch_of(work.rejects)] if work.rejects else [])
        done.counts.set_aside += work.set_aside
        rows, astray = gather(self.plan, work.columns, work.numbers, work.groups, self.part_tables)
        for own in astray:
            done.rejects.append(rejects.astray_batch(own))
            done.lost[own.table] = done.lost.get(own.table, 0) + len(own.numbers)
        chunk = self.binder.bind(rows)
        runs: list[tuple[Answers | None, int, int]] = []
        outcomes: list[OneAnswer] = []
        for book, start, stop in work.runs:
            run = cut(chunk, start, stop)
            answers, found = self._decide_run(book, run)
            runs.append((answers, stop - start, self._first_member(chunk, start)))
            outcomes.extend(attrs.evolve(one, index=one.index + start) if start else one for one in found.outcomes)
            done.counts.set_aside += found.set_aside
            if found.rejects:
                done.rejects.append(rejects.batch_of(found.rejects))
        answers = joined(runs)
        self._count(done, answers, outcomes, chunk)
        done.results = self.columns.batch(chunk.bound, work.beside, work.first, answers, outcomes, chunk.provisional)
        if len(work.runs) > 1:
            done.rejects = [_by_row(done.rejects)]
        return done

    def _first_member(self, chunk: Chunk, subject: int) -> int:
        """Where the members of a subject begin, of a member decision."""
        parts = chunk.bound.subject.parts.values()
        found = (own.offsets[subject] for own in parts if own.items.cls is self.decision.member)
        return int(next(found, 0))

    def _decide_run(self, book: Rulebook, chunk: Chunk) -> tuple[Answers | None, Decided]:
        """Decide rows of one municipality: by its engine, and those that it leaves one by one."""
        engine = self.engines.of(book, chunk.bound)
        answers = None if engine is None else engine(chunk.bound)
        case = Case(book=book, decision=self.decision, on=self.on, known=self.known, key=self.key, explain=self.explain)
        if answers is None:
            return None, decide_chunk(case, chunk)
        return answers, decide_rows(case, chunk.rows, np.flatnonzero(~answers.done))

    @staticmethod
    def _count(done: Done, answers: Answers | None, outcomes: Sequence[OneAnswer], chunk: Chunk) -> None:
        """Count how the rows of a chunk came out, and who decided them."""
        for one in outcomes:
            done.counts.add(str(one.status), 1)
        if answers is not None:
            done.use.kernel = int(answers.done.sum())
            unsure = 0 if chunk.provisional is None else int((answers.done & chunk.provisional).sum())
            done.counts.provisional += unsure
            done.counts.decided += done.use.kernel - unsure
        done.use.python = chunk.bound.length - done.use.kernel


def _decision(book: Rulebook, decision: Decision[Any, Any] | str) -> Decision[Any, Any]:
    if isinstance(decision, str):
        return book.decision(decision)
    if not isinstance(decision, Decision):
        raise TableError([f"{told(decision)} is no decision; give one, or its name"])
    if book.decision(decision.name) is not decision:
        raise UnknownDecision(f"{decision.name} ({decision.where}) is not a decision of {book.jurisdiction.name}")
    return decision


def _moment(on: object) -> date | Field:
    if isinstance(on, str):
        return moment_field(on)
    if isinstance(on, datetime) or not isinstance(on, date):
        raise TableError([f"on={on!r}: a decision's date is a datetime.date, or the name of the column that holds it"])
    return on


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _first(source: Iterator[pa.Table], number: int) -> Iterator[pa.Table]:
    for _ in range(number):
        found = next(source, None)
        if found is None:
            return
        yield found


def _values_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _read(plan: TablePlan) -> Iterator[str]:
    """The columns of the main table that hold something that is read."""
    for shape in (plan.shape, *plan.facts.values()):
        yield from (field.column for field in shape.columns())
        yield from (shape.said, shape.dated)
    yield from (own.column for _, _, own in plan.below())
    yield plan.provisional


def _own_tables(plan: TablePlan) -> Iterator[TablePlan]:
    for _, _, own in plan.below():
        if not own.column:
            yield own
        yield from _own_tables(own)


def one_batch(batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    """Batches as one."""
    if len(batches) == 1:
        return batches[0]
    made = pa.Table.from_batches(batches, schema).combine_chunks().to_batches()
    return made[0] if made else pa.RecordBatch.from_pylist([], schema)


def _by_row(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    """Rejects of several municipalities as one batch, in order of the rows."""
    joined_batch = one_batch(batches, rejects.SCHEMA)
    rows = np.asarray(joined_batch.column(ROW).fill_null(-1))
    return joined_batch.take(pa.array(np.argsort(rows, kind="stable")))
