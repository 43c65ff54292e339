"""Files and queries that come with columns of their own: Parquet, Excel, DuckDB, PostgreSQL.

The library of each is imported when one is opened.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property, partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from munirules.errors import did_you_mean
from munirules.tables.files.reading import ROWS, Chunk, Part, Position, Wanted, digest_of
from munirules.tables.files.records import FileError

_PASSWORD: Final = re.compile(r"(://[^/@:]*):[^@/]*@")


def library(name: str, wanted: str, package: str) -> Any:
    """Import a library that is needed for one kind of file.

    Raises:
        FileError: when it is not installed, with the command that installs it.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise FileError(f"{wanted} needs {package} ({error}); install it: python -m pip install {package}") from None


class _Rows:
    """What these readers share: parts of so many rows, numbered."""

    name: str
    headers: tuple[str, ...]
    size: int | None = None
    first = 1
    """Number of the first row."""

    def chunks(self, wanted: Mapping[str, Wanted], start: Position | None = None) -> Iterator[Chunk]:
        """Read it in parts."""
        at = start or Position(line=self.first)
        offset = at.offset
        for batch, blank in self._batches(list(wanted), offset):
            count = batch.num_rows + len(blank)
            lines = np.delete(np.arange(offset, offset + count, dtype=np.int64), blank) + self.first
            offset += count
            after = Position(offset=offset, line=offset + self.first)
            yield Chunk(after=after, parse=partial(Part, batch=batch, lines=lines))

    def _batches(self, headers: Sequence[str], skip: int) -> Iterator[tuple[pa.RecordBatch, Sequence[int]]]:
        """Batches of some columns, after so many rows; with each the numbers, in it, of blank rows that it leaves out."""
        raise NotImplementedError


class ParquetFile(_Rows):
    """A Parquet file.

    Args:
        path: the file.

    Raises:
        FileError: when it cannot be opened, or is none.
    """

    def __init__(self, path: Path) -> None:
        parquet: Any = import_module("pyarrow.parquet")
        self.name = path.name
        self._path = path
        try:
            self._file = parquet.ParquetFile(path, pre_buffer=False)
        except (OSError, pa.ArrowException) as error:
            raise FileError(f"{path}: {error}") from None
        self.headers = tuple(self._file.schema_arrow.names)
        self.size = self._file.metadata.num_rows

    @cached_property
    def digest(self) -> str | None:
        """A digest of the file."""
        return digest_of(self._path)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _batches(self, headers: Sequence[str], skip: int) -> Iterator[tuple[pa.RecordBatch, Sequence[int]]]:
        for group in range(self._file.num_row_groups):
            count = self._file.metadata.row_group(group).num_rows
            if skip >= count:
                skip -= count
                continue
            for batch in self._file.iter_batches(ROWS, row_groups=[group], columns=list(headers), use_threads=False):
                if skip < batch.num_rows:
                    yield batch.slice(skip).select(list(headers)), ()
                skip = max(0, skip - batch.num_rows)


class ExcelFile(_Rows):
    """A sheet of an Excel workbook (.xlsx), read row by row; its first row has the headers.

    Args:
        path: the file.
        sheet: name of the sheet; None for the first.

    Raises:
        FileError: when it cannot be opened, is none, or has no such sheet or no headers.
    """

    first = 2

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        self.name = path.name
        self._path = path
        self._sheet = sheet
        self._book: Any = None
        row = next(iter(self._open()), ())
        headers = ["" if value is None else str(_cell(value)).strip() for value in row]
        while headers and not headers[-1]:
            headers.pop()
        if not headers:
            raise FileError(f"{path.name}: the sheet is empty; its first row has the headers")
        self.headers = tuple(header or f"column {number}" for number, header in enumerate(headers, 1))

    @cached_property
    def digest(self) -> str | None:
        """A digest of the file."""
        return digest_of(self._path)

    def close(self) -> None:
        """Close the file."""
        if self._book is not None:
            self._book.close()
            self._book = None

    def _open(self) -> Iterator[tuple[Any, ...]]:
        openpyxl = library("openpyxl", f"{self.name}, an Excel file,", "openpyxl")
        self.close()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what it leaves out: styles, validations
                self._book = openpyxl.load_workbook(self._path, read_only=True, data_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise FileError(f"{self._path}: {error}") from None
        except Exception as error:  # what zipfile and the XML parser raise has no base in common
            raise FileError(f"{self._path} is no .xlsx file: {error}") from error
        names = self._book.sheetnames
        if self._sheet is not None and self._sheet not in names:
            near = did_you_mean(self._sheet, names)
            raise FileError(f"{self.name} has no sheet {self._sheet!r}{near} (sheets: {', '.join(names)})")
        sheet = self._book[self._sheet or names[0]]
        self.size = (sheet.max_row or 1) - 1
        rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
        return rows

    def _batches(self, headers: Sequence[str], skip: int) -> Iterator[tuple[pa.RecordBatch, Sequence[int]]]:
        rows = islice(self._open(), 1 + skip, None)
        places = [self.headers.index(header) for header in headers]
        while some := list(islice(rows, ROWS)):
            blank = [number for number, row in enumerate(some) if not any(value is not None for value in row)]
            full = [row for row in some if any(value is not None for value in row)] if blank else some
            columns = [pa.array([_at(row, place) for row in full], pa.string()) for place in places]
            yield pa.RecordBatch.from_arrays(columns, list(headers)), blank


def _at(row: tuple[Any, ...], place: int) -> str | None:
    value = row[place] if place < len(row) else None
    return None if value is None else _cell(value)


def _cell(value: Any) -> str:
    """A cell as a CSV file would have it: whole numbers whole, days without a time of day."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


class Query(_Rows):
    """The rows of a query, as a database streams them.

    Args:
        name: what to call it.
        reader: the rows.
        close: closes the connection.
        error: base of its driver's errors.
    """

    digest: str | None = None

    def __init__(
        self, name: str, reader: pa.RecordBatchReader, close: Callable[[], object], error: type[Exception]
    ) -> None:
        self.name = name
        self._error = error
        self._reader = reader
        self._close = close
        self.headers = tuple(reader.schema.names)

    def close(self) -> None:
        """Close the connection."""
        self._close()

    def _batches(self, headers: Sequence[str], skip: int) -> Iterator[tuple[pa.RecordBatch, Sequence[int]]]:
        if skip:
            raise FileError(f"{self.name}: a query cannot be gone on with; its rows may come in another order")
        try:
            for batch in self._reader:
                columns = [_stored(batch.column(header)) for header in headers]
                whole = pa.RecordBatch.from_arrays(columns, list(headers))
                for start in range(0, whole.num_rows, ROWS):
                    yield whole.slice(start, ROWS), ()
        except (OSError, pa.ArrowException, self._error) as error:
            raise FileError(f"{self.name}: {without_password(str(error)).strip()}") from None


def _stored(column: pa.Array) -> pa.Array:
    """A column as it is stored: PostgreSQL's `numeric` comes as a type of its own around texts."""
    return column.storage if isinstance(column.type, pa.BaseExtensionType) else column


def duckdb_query(database: str, sql: str) -> Query:
    """Run a query in DuckDB.

    Args:
        database: its file, opened to be read only; empty for one in memory, whose queries read files.
        sql: the query.

    Raises:
        FileError: when DuckDB is not installed, or refuses.
    """
    duckdb = library("duckdb", "a DuckDB query", "duckdb")
    name = f"duckdb:{Path(database).name}"
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(duckdb.connect(database or ":memory:", read_only=bool(database)))
            connection.execute("SET memory_limit = '512MB'")
            rows = connection.sql(sql)
            stream = getattr(rows, "to_arrow_reader", None) or rows.fetch_arrow_reader  # its name before DuckDB 1.4
            reader = stream(ROWS)
        except duckdb.Error as error:
            raise FileError(f"{name}: {error}") from None
        return Query(name, reader, stack.pop_all().close, duckdb.Error)


def postgresql_query(url: str, sql: str) -> Query:
    """Run a query in PostgreSQL.

    Args:
        url: `postgresql://user@host/database`; a password is better left to `~/.pgpass` or the service file.
        sql: the query.

    Raises:
        FileError: when its driver is not installed, or the server refuses.
    """
    driver = library("adbc_driver_postgresql.dbapi", "a PostgreSQL query", "adbc-driver-postgresql")
    name = without_password(url)
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(closing(driver.connect(url)))
            cursor = stack.enter_context(closing(connection.cursor()))
            cursor.execute(sql)
            reader = cursor.fetch_record_batch()
        except driver.Error as error:
            raise FileError(f"{name}: {without_password(str(error)).strip()}") from None
        return Query(name, reader, stack.pop_all().close, driver.Error)


def without_password(text: str) -> str:
    """A text in which no address shows its password."""
    return _PASSWORD.sub(r"\1:***@", text)
