"""`decide_table` and `decide_batches`: every row of a table decided, chunk by chunk, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Unpack

import pyarrow as pa

from munirules.tables import rejects
from munirules.tables.outcome import Counts, EngineUse, PartCounts, TableOutcome, as_plain
from munirules.tables.run import Options, Run

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

METADATA: Final = "munirules"


class Batches:
    """Results and rejects of a table, a pair of record batches at a time; iterate it once.

    Attributes:
        schema: of the results.
        rejects_schema: of the rejects.
        counts: how many rows came out how, so far.
        parts: the same for each table of parts; complete at the end.
        engine: which engine decided them, so far.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.schema: pa.Schema = run.columns.schema
        self.rejects_schema: pa.Schema = rejects.SCHEMA

    @property
    def counts(self) -> Counts:
        """How many rows came out how, so far."""
        return self._run.counts

    @property
    def parts(self) -> dict[str, PartCounts]:
        """The same for each table of parts."""
        return self._run.part_counts

    @property
    def engine(self) -> EngineUse:
        """Which engine decided them, so far."""
        return self._run.use

    @property
    def metadata(self) -> dict[str, Any]:
        """What decided the rows, and how they came out so far, as plain data."""
        run = self._run
        return {
            "decision": run.decision.name,
            "jurisdiction": run.book.jurisdiction.code,
            "on": run.on.isoformat() if isinstance(run.on, date) else run.on.column,
            "known": run.known.isoformat() if run.known else None,
            "engine": as_plain(run.use),
            "counts": as_plain(run.counts),
            "parts": {name: as_plain(own) for name, own in run.part_counts.items()},
        }

    def __iter__(self) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
        return self._run.batches()


def decide_batches(
    book: Rulebook,
    decision: Decision[Any, Any] | str,
    table: object,
    /,
    *,
    on: date | str,
    **options: Unpack[Options],
) -> Batches:
    """Decide every row of a table, a chunk at a time: `decide_table` for what does not fit into memory.

    The main table is read as a stream. Tables of parts stand in memory, since their rows may come in any order; parts
    that stand in a column of lists of structs stream along. Of a stream, a key that comes again in a later chunk is found
    only then: that row is set aside, and the first one stays decided.

    Args:
        book: for whom; with `code`, of any of them.
        decision: as for `decide_table`, like all the rest.
        table: a row for each subject; a `pyarrow.RecordBatchReader`, say.
        on: the decision's date, or the name of the column that holds it.
        options: see `Options`.

    Returns:
        What gives the results and the rejects, batch by batch, and counts them.

    Raises:
        TableError: as `decide_table`.
    """
    return Batches(Run(book, decision, table, on, options))


def requests_in(
    book: Rulebook,
    decision: Decision[Any, Any] | str,
    table: object,
    /,
    *,
    on: date | str,
    **options: Unpack[Options],
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The questions that the rows of a table ask, as plain data (JSON), as `read_request` takes them.

    Args:
        book: for whom.
        decision: as for `decide_table`, like all the rest.
        table: a row for each subject.
        on: the decision's date, or the name of the column that holds it.
        options: see `Options`.

    Yields:
        The number of a row, and its question; rows whose key is missing or stands twice ask none.

    Raises:
        TableError: as `decide_table`.
    """
    return Run(book, decision, table, on, options).requests()


def decide_table(
    book: Rulebook,
    decision: Decision[Any, Any] | str,
    table: object,
    /,
    *,
    on: date | str,
    **options: Unpack[Options],
) -> TableOutcome:
    """Decide every row of a table, exactly as `Rulebook.decide` decides one case.

    A column holds a field of the subject, under its name (`columns_of` lists them); `Income.amount` a field of a fact;
    a column `Income` of true and false whether there is the fact. What a subject has several of stands in a table of its
    own, in any order, or in a column of lists of structs. An empty cell is None where the field may be None, and else
    the field's default. Amounts are yen; a date may be a date or a text with an era; a choice its name or number.

    A row in which something is wrong is set aside with its reason, and the rest goes on.

    Args:
        book: for whom.
        decision: the decision, or its name.
        table: a row for each subject: a table of pyarrow, polars, pandas or DuckDB, or what else offers Arrow columns.
        on: the decision's date, or the name of the column that holds it.
        options: tables of parts, the key, the code and so on: `Options` tells them all.

    Returns:
        Results, rows set aside, and counts that add up.

    Raises:
        TableError: naming every column that is unknown, missing or of the wrong type, and facts in no column.
        NotInForce: when no version of the law covers the date.
        UnknownDecision: with a did-you-mean.
        RulebookError: when the area's data or rules have faults.
    """
    batches = decide_batches(book, decision, table, on=on, **options)
    results, aside = [], []
    for found, lost in batches:
        results.append(found)
        if lost.num_rows:
            aside.append(lost)
    metadata = {METADATA: json.dumps(batches.metadata, ensure_ascii=False)}
    return TableOutcome(
        results=pa.Table.from_batches(results, batches.schema).replace_schema_metadata(metadata),
        rejects=pa.Table.from_batches(aside, batches.rejects_schema),
        counts=batches.counts,
        parts=batches.parts,
        engine=batches.engine,
    )
