"""A table decided by both sides of a comparison: who gains, who loses, how many yen it comes to.

Each side reads the files and decides the rows in its own process; what comes back is a file of one row for each of the
table's, so that a million of them need not be said in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa
from pyarrow import feather

from munirules.tables.files.mapping import read_map
from munirules.tables.files.parts import KEY
from munirules.tables.table import decide_table
from munirules.testing.audit.asked import requests_of_rows
from munirules.testing.audit.legacy import Legacy, read_legacy
from munirules.testing.report import model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

SAMPLE: Final = 300
"""Rows that differ of which the first differing rule is looked for."""


@attrs.frozen(kw_only=True)
class Files:
    """The files of a table.

    Attributes:
        main: the file with a row for each subject.
        tables: files of parts by name of their table.
        mapped: the map of a legacy layout; None where headers are names of fields.
    """

    main: str
    tables: Mapping[str, str] = attrs.field(factory=dict)
    mapped: Path | None = None


def read_rows(book: Rulebook, decision: Decision[Any, Any], files: Files, on: date | None) -> Legacy:
    """Read the questions of a table."""
    mapped = read_map(files.mapped) if files.mapped is not None else None
    dated = on if mapped is None or mapped.main.on is None else None
    read = read_legacy(book, decision, files.main, mapped, tables=files.tables, on=dated, answers=False)
    return read if on is None or read.on is not None else attrs.evolve(read, on=on)


def decide_into(
    book: Rulebook,
    decision: Decision[Any, Any],
    files: Files,
    into: Path,
    *,
    on: date | None,
    known: date | None,
    amount: str,
) -> None:
    """Decide a table, and write a row for each of its rows: line, status, amount in yen (of all members together).

    Args:
        book: for whom.
        decision: what is decided.
        files: the table.
        into: where to write.
        on: the date; None where a column has it.
        known: as known on this date.
        amount: field of the result; empty for none.
    """
    read = read_rows(book, decision, files, on)
    table = (
        read.fields if read.on is None or "#on" not in read.fields.column_names else read.fields.drop_columns(["#on"])
    )
    ignored = [KEY] if KEY in table.column_names and not read.tables else []
    found = decide_table(
        book, decision, table, on=read.moment, tables=read.tables, key=KEY, known=known, ignore=ignored
    ).results
    rows = np.asarray(found["row"])
    total = np.full(table.num_rows, np.nan)
    if amount:
        values = np.asarray(found[amount].cast(pa.float64()).fill_null(0.0))
        total[rows] = 0
        total += np.where(np.isnan(total), 0, np.bincount(rows, values, minlength=table.num_rows))
    status = np.full(table.num_rows, "", dtype=object)
    status[rows] = found["status"].to_pylist()
    total[(status != "decided") & (status != "provisional")] = np.nan
    lines = pa.array(read.lines)
    feather.write_feather(pa.table({"line": lines, "status": pa.array(status.tolist()), "amount": total}), str(into))


def requests_of(
    book: Rulebook, decision: Decision[Any, Any], files: Files, lines: list[int], on: date | None
) -> list[dict[str, Any]]:
    """The questions of some lines of a table."""
    read = read_rows(book, decision, files, on)
    rows = np.flatnonzero(np.isin(read.lines, lines))
    days = [read.on] * len(rows) if read.on is not None else read.take(rows)[read.moment].to_pylist()
    made = requests_of_rows(book, decision, read, rows)
    return [{"on": day.isoformat(), **request} for request, day in zip(made, days, strict=True)]


def population_of(before: Path, after: Path, seed: int) -> tuple[model.Population, list[int]]:
    """Who gains and who loses.

    Args:
        before: what `decide_into` wrote for the one side.
        after: for the other.
        seed: where chance begins.

    Returns:
        The population, and the lines of some rows that differ.
    """
    one, other = feather.read_table(str(before)), feather.read_table(str(after))
    lines, places, others = np.intersect1d(np.asarray(one["line"]), np.asarray(other["line"]), return_indices=True)
    old, new = np.asarray(one["amount"])[places], np.asarray(other["amount"])[others]
    statuses = np.array(one["status"].to_pylist())[places] != np.array(other["status"].to_pylist())[others]
    yen = new - old
    known = ~np.isnan(yen)
    differs = np.where(known, yen != 0, statuses)
    some = _some(lines[differs], seed)
    counts = (len(lines), int(differs.sum()), len(some))
    return _counted(yen[known], old[known], new[known], counts), some


def _some(lines: NDArray[np.int64], seed: int) -> list[int]:
    if len(lines) > SAMPLE:
        lines = np.sort(np.random.default_rng(seed).choice(lines, SAMPLE, replace=False))
    return [int(line) for line in lines]


def _counted(
    yen: NDArray[np.float64], old: NDArray[np.float64], new: NDArray[np.float64], counts: tuple[int, int, int]
) -> model.Population:
    """The population of rows with an amount on both sides; `counts`: all rows, those that differ, those looked at."""
    rows, differing, looked_at = counts
    up, down = yen[yen > 0], yen[yen < 0]
    values, times = np.unique(yen, return_counts=True)
    return model.Population(
        rows=rows,
        same=int((yen == 0).sum()),
        up=len(up),
        down=len(down),
        undecided=rows - len(yen),
        differing=differing,
        looked_at=looked_at,
        up_yen=whole(up.sum()),
        down_yen=whole(down.sum()),
        largest=(whole(up.max()) if len(up) else 0, whole(down.min()) if len(down) else 0),
        spread=tuple((whole(value), int(count)) for value, count in zip(values, times, strict=True)),
        before_yen=whole(old.sum()),
        after_yen=whole(new.sum()),
    )


def whole(value: float) -> float:
    """An amount without a fraction that is none."""
    return int(value) if value == int(value) else round(float(value), 2)
