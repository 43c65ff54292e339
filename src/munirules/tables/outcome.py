"""What came of a table: results, rows set aside, and counts that add up."""

from __future__ import annotations

from typing import Any

import attrs
import pyarrow as pa

from munirules.engine.outcome import Status


@attrs.define(kw_only=True)
class Counts:
    """How many rows came out how: `rows` is the sum of the others.

    Attributes:
        rows: rows of the main table.
        decided: rows with a result; of a member decision also those in which nobody is concerned.
        provisional: rows with a result of which a fact is not final.
        needs_finding: rows for which somebody has to find something first.
        refused: rows that the law refuses.
        set_aside: rows that could not be decided; `rejects` says why.
    """

    rows: int = 0
    decided: int = 0
    provisional: int = 0
    needs_finding: int = 0
    refused: int = 0
    set_aside: int = 0

    def add(self, status: str, number: int) -> None:
        """Count rows of a status (`rows` is counted when they are read)."""
        setattr(self, status, getattr(self, status) + number)

    def __str__(self) -> str:
        told = [f"{getattr(self, name)} {name}" for name in (*map(str, Status), "set_aside") if getattr(self, name)]
        return f"{self.rows} rows: {', '.join(told) or 'none'}"


@attrs.define(kw_only=True)
class PartCounts:
    """How many rows of a table of parts went with a row of the main table, and how many belong to none.

    Attributes:
        rows: rows of the table.
        joined: rows that went with the row that they are parts of, whatever came of it.
        set_aside: rows that belong to no row, or to no one row; `rejects` says why.
    """

    rows: int = 0
    joined: int = 0
    set_aside: int = 0


@attrs.define(kw_only=True)
class EngineUse:
    """Which engine decided how many rows.

    Attributes:
        kernel: rows that the compiled kernel decided.
        python: rows decided one by one in generated Python; rows that the kernel left are among them.
        why: why there was no kernel, in plain words; empty where there was one.
    """

    kernel: int = 0
    python: int = 0
    why: str = ""

    def __str__(self) -> str:
        told = f"kernel {self.kernel} rows, python {self.python} rows"
        return f"{told} ({self.why})" if self.why else told


@attrs.frozen(kw_only=True, eq=False)
class TableOutcome:
    """What came of a table.

    Attributes:
        results: a row for each row decided (of a member decision for each member concerned), refused or still needing a
            finding, in order: `row` (from 0), the key column and what was kept, `member`, the fields of the result,
            `status` and `reason`. A field whose name is taken by one of these is called `Result.field`. Amounts in sen
            are yen with two decimals, choices stand by name. What decided them is told in the schema's metadata, under
            `munirules`, as JSON.
        rejects: what is wrong with the rows set aside, a row for each thing: `row`, `key`, `part` (a table of parts) and
            `part_row`, `field_or_rule`, `value`, `reason`, `error`.
        counts: how many rows came out how.
        parts: the same for each table of parts, by name.
        engine: which engine decided them.
    """

    results: pa.Table
    rejects: pa.Table
    counts: Counts
    parts: dict[str, PartCounts]
    engine: EngineUse

    def __repr__(self) -> str:
        return f"<TableOutcome {self.counts}; {self.engine}>"


def as_plain(counts: Counts | PartCounts | EngineUse) -> dict[str, Any]:
    """Counts as plain data."""
    return attrs.asdict(counts)
