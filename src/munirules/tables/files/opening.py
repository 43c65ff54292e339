"""Which reader opens an input: by its suffix, or by what stands before a colon."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from munirules.errors import did_you_mean
from munirules.tables.files.arrowfile import ExcelFile, ParquetFile, duckdb_query, postgresql_query, without_password
from munirules.tables.files.csvfile import CsvFile
from munirules.tables.files.mapping import FileForm
from munirules.tables.files.reading import Reader
from munirules.tables.files.records import FileError

CSV: Final = (".csv", ".tsv", ".txt")
PARQUET: Final = (".parquet", ".pq")
EXCEL: Final = (".xlsx", ".xlsm")
SUFFIXES: Final = (*CSV, *PARQUET, *EXCEL)
_POSTGRESQL: Final = ("postgresql://", "postgres://")


def open_input(given: str, form: FileForm, query: str | None = None) -> Reader:
    """Open an input.

    Args:
        given: a file (.csv, .tsv, .txt, .parquet, .xlsx), `duckdb:FILE`, `duckdb:` (in memory; the query reads files) or
            `postgresql://user@host/database`; of the last two the query may stand behind a `?`, as `duckdb:FILE?select …`.
        form: how a CSV or Excel file is written.
        query: the query, where it does not stand behind.

    Raises:
        FileError: when it cannot be opened, or is of no known kind.
    """
    if given.startswith("duckdb:"):
        database, _, behind = given.removeprefix("duckdb:").partition("?")
        return duckdb_query(database, _one_query(given, query, behind))
    if given.startswith(_POSTGRESQL):
        return postgresql_query(given, _one_query(given, query, ""))
    if query is not None:
        raise FileError(f"{given}: a query goes with duckdb:FILE or postgresql://…, not with a file")
    path = Path(given)
    suffix = path.suffix.lower()
    if suffix in PARQUET:
        return ParquetFile(path)
    if suffix in EXCEL:
        return ExcelFile(path, form.sheet)
    if suffix in CSV:
        return CsvFile(path, form)
    raise unknown_suffix(given)


def unknown_suffix(given: str) -> FileError:
    """What to say of a file of no known kind."""
    suffix = Path(given).suffix
    near = did_you_mean(suffix, SUFFIXES)
    return FileError(f"{given}: files end in {', '.join(SUFFIXES)}, not in {suffix or 'nothing'}{near}")


def _one_query(given: str, query: str | None, behind: str) -> str:
    if bool(query) == bool(behind):
        told = "two queries" if query else "no query"
        raise FileError(
            f"{without_password(given)}: {told}; write --query SQL"
            + (", or" if not query else " or")
            + " ?SQL behind it"
        )
    return query or behind
