"""Files that are written part by part beside where they will stand, and take their name when they are whole.

A run that is killed leaves no half file under the final name; what it had written goes on being of use (`journal`).
CSV grows as it will be. Parquet and Excel files cannot be gone on with, so rows wait as an Arrow stream and become one at
the end.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc

from munirules.tables.files.arrowfile import library
from munirules.tables.files.opening import CSV, EXCEL, PARQUET, unknown_suffix
from munirules.tables.files.records import FileError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENCODINGS: Final = ("utf-8", "utf-8-sig", "cp932")
EXCEL_ROWS: Final = 1_048_576
"""Rows of a sheet, that of the headers included."""
ENOUGH: Final = 20_000
"""Rows from which lines of CSV are written by compiled loops, which are sooner once they are there."""
_AT_ONCE: Final = 65_536


def partial_path(path: Path) -> Path:
    """Where an output grows until it is whole."""
    return path.with_name(f".{path.name}.partial")


class Output:
    """A file that is being written.

    Args:
        path: where it will stand; its suffix says what it becomes.
        schema: its columns.
        encoding: of a CSV file: `utf-8`, `utf-8-sig` (with BOM) or `cp932`.
        length: bytes of an earlier run to keep; None to begin anew.

    Raises:
        FileError: when it cannot be written there, or of an earlier run less is left than it should be.
    """

    def __init__(self, path: Path, schema: pa.Schema, *, encoding: str = "utf-8", length: int | None = None) -> None:
        self.path = path
        self.schema = schema
        self._encoding = encoding  # of CSV; others have none
        self._text = path.suffix.lower() in CSV
        self._file = self._open(length)

    def _open(self, length: int | None) -> BinaryIO:
        partial = partial_path(self.path)
        try:
            if length is None:
                file = partial.open("w+b")
                file.write(self._head())
                return file
            if not partial.exists() or partial.stat().st_size < length:
                raise FileError(
                    f"{partial}: less is left of the earlier run than its journal says; run without --resume"
                )
            file = partial.open("r+b")
            file.truncate(length)
            file.seek(length)
        except OSError as error:
            raise FileError(f"{partial}: {error.strerror}") from None
        return file

    @property
    def length(self) -> int:
        """Bytes that are written."""
        return self._file.tell()

    def _head(self) -> bytes:
        if not self._text:
            return bytes(self.schema.serialize())
        line = io.StringIO()
        csv.writer(line, delimiter=self._delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(
            self.schema.names
        )
        return line.getvalue().encode(
            "utf-8-sig" if self._encoding == "utf-8-sig" else self._encoding, "xmlcharrefreplace"
        )

    @property
    def _delimiter(self) -> str:
        return "\t" if self.path.suffix.lower() == ".tsv" else ","

    def encode(self, batches: Iterable[pa.RecordBatch]) -> bytes | pa.Buffer:
        """Turn rows into bytes of the file, in any thread."""
        sink = pa.BufferOutputStream()
        options = pyarrow.csv.WriteOptions(include_header=False, batch_size=_AT_ONCE, delimiter=self._delimiter)
        for batch in batches:
            lines = self._lines(batch)
            if lines is not None:
                sink.write(lines)
            elif self._text:
                pyarrow.csv.write_csv(batch, sink, options)
            else:
                sink.write(batch.cast(self.schema).serialize())
        data = sink.getvalue()
        return data if not self._text or self._encoding != "cp932" else to_cp932(data)

    def _lines(self, batch: pa.RecordBatch) -> NDArray[np.uint8] | None:
        """Many rows as lines of CSV; None where Arrow is to write them."""
        if not self._text or batch.num_rows < ENOUGH:
            return None
        from munirules.tables.files.rendering import render

        return render(batch, self._delimiter)

    def write(self, data: bytes | pa.Buffer) -> None:
        """Append bytes."""
        self._file.write(data)

    def sync(self) -> None:
        """See that what is written outlasts a power failure."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Leave it as it is, for a later run."""
        self._file.close()

    def remove(self) -> None:
        """Leave nothing of it."""
        self._file.close()
        partial_path(self.path).unlink(missing_ok=True)

    def finish(self) -> None:
        """Give the file its name.

        Raises:
            FileError: when an Excel sheet is too small for its rows.
        """
        self.sync()
        self._file.close()
        ready = partial_path(self.path)
        if not self._text:
            made = self.path.with_name(f".{self.path.name}.made")
            _FORMATS[self.path.suffix.lower()](made, ready)
            with made.open("rb+") as file:
                os.fsync(file.fileno())
            made.replace(self.path)
            ready.unlink()
        else:
            ready.replace(self.path)
        sync_folder(self.path.parent)


def check_output(path: Path, encoding: str) -> None:
    """See that an output can be written, before anything is decided.

    Raises:
        FileError: for a suffix that is not known, an encoding that is not, or a folder that is not there.
    """
    suffix = path.suffix.lower()
    if suffix not in (*CSV, *PARQUET, *EXCEL) or suffix == ".xlsm":
        raise unknown_suffix(str(path))
    if encoding not in ENCODINGS:
        raise FileError(f"encoding {encoding!r} is not known for outputs (known: {', '.join(ENCODINGS)})")
    if suffix in EXCEL:
        library("openpyxl", f"{path.name}, an Excel file,", "openpyxl")
    if not path.parent.is_dir():
        raise FileError(f"{path.parent}: no such folder")


def sync_folder(folder: Path) -> None:
    """See that a new name outlasts a power failure, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch whose lists and records are written as JSON, for files that have no such columns."""
    columns = [_as_json(column) if pa.types.is_nested(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def _as_json(column: pa.Array) -> pa.Array:
    values = (
        None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in column.to_pylist()
    )
    return pa.array(values, pa.string())


# A character of JIS X 0208 that Unicode has twice; Python knows the others of these.
_TWINS: Final = str.maketrans("—", "―")


def to_cp932(data: bytes | pa.Buffer) -> bytes:
    """UTF-8 as CP932; a character that it does not have is written as its number (`&#179;`), so that nothing is lost."""
    return str(memoryview(data), "utf-8").translate(_TWINS).encode("cp932", "xmlcharrefreplace")


def _batches(ready: Path) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(str(ready)) as source:
        yield from pyarrow.ipc.open_stream(source)


def _schema(ready: Path) -> pa.Schema:
    with pa.OSFile(str(ready)) as source:
        return pyarrow.ipc.open_stream(source).schema


def _write_parquet(made: Path, ready: Path) -> None:
    from pyarrow import parquet

    with parquet.ParquetWriter(made, _schema(ready), compression="zstd") as writer:
        for batch in _batches(ready):
            writer.write_batch(batch)


def _write_excel(made: Path, ready: Path) -> None:
    openpyxl = library("openpyxl", "an Excel file", "openpyxl")
    if 1 + sum(batch.num_rows for batch in _batches(ready)) > EXCEL_ROWS:
        raise FileError(f"an Excel sheet holds {EXCEL_ROWS:,} rows; write .csv or .parquet")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(_schema(ready).names)
    for batch in _batches(ready):
        for row in _rows_of(batch):
            sheet.append(row)
    book.save(made)


def _rows_of(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


_FORMATS: Final[Mapping[str, Callable[[Path, Path], None]]] = {
    **dict.fromkeys(PARQUET, _write_parquet),
    **dict.fromkeys(EXCEL, _write_excel),
}
