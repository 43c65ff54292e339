"""A file sorted by key on disk, for `--sort`: written to a temporary Parquet file by DuckDB, which needs little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
import pyarrow as pa
import pyarrow.parquet

from munirules.tables.files.arrowfile import ParquetFile, library
from munirules.tables.files.convert import text_of
from munirules.tables.files.order import SQL
from munirules.tables.files.reading import BadRow, Chunk, Part, Position, Reader, Wanted
from munirules.tables.files.records import FileError

_LINE: Final = "line_of_file"
_KEY: Final = "key_as_text"
_MEMORY: Final = "256MB"
_ORDER: Final = f'{SQL.format(key=_KEY)}, "{_LINE}"'


class SortedFile:
    """A file whose rows come by key, with the lines on which they stand in it.

    Args:
        reader: the file.
        key: header of the key.
        headers: what else is wanted of it.
        folder: where to put the sorted rows; the caller removes it.
        bad: called with each line that cannot be read.

    Raises:
        FileError: when DuckDB is not installed.
    """

    def __init__(
        self, reader: Reader, key: str, headers: Mapping[str, Wanted], folder: Path, bad: Callable[[BadRow], None]
    ) -> None:
        self.name = reader.name
        self.headers = reader.headers
        self.digest = reader.digest
        self._reader = reader
        duckdb = library("duckdb", "--sort", "duckdb")
        raw, ready = folder / "raw.parquet", folder / "sorted.parquet"
        _spool(reader, key, headers, raw, bad)
        with duckdb.connect(":memory:") as connection:
            for setting in (f"memory_limit = '{_MEMORY}'", f"temp_directory = '{_quoted(folder)}'"):
                connection.execute(f"SET {setting}")
            connection.read_parquet(str(raw)).order(_ORDER).write_parquet(str(ready))
        raw.unlink()
        self._sorted = ParquetFile(ready)
        self.size = self._sorted.size

    def chunks(self, wanted: Mapping[str, Wanted], start: Position | None = None) -> Iterator[Chunk]:
        """Read the sorted rows."""
        for chunk in self._sorted.chunks({**wanted, _LINE: "int"}, start):
            yield attrs.evolve(chunk, parse=partial(_numbered, chunk, list(wanted)))

    def close(self) -> None:
        """Close the file."""
        self._sorted.close()
        self._reader.close()


def _numbered(chunk: Chunk, headers: list[str]) -> Part:
    part = chunk.parse()
    return Part(batch=part.batch.select(headers), lines=part.batch.column(_LINE).to_numpy())


def _spool(reader: Reader, key: str, headers: Mapping[str, Wanted], path: Path, bad: Callable[[BadRow], None]) -> None:
    """Write what is wanted of a file, with its key as a text and its lines."""
    wanted: dict[str, Wanted] = dict.fromkeys([*headers, key], "text")
    writer: Any = None
    for chunk in reader.chunks(wanted):
        part = chunk.parse()
        for row in part.bad:
            bad(row)
        keys = text_of(part.batch.column(key))
        batch = part.batch.append_column(_KEY, keys).append_column(_LINE, pa.array(part.lines))
        if writer is None:
            writer = pyarrow.parquet.ParquetWriter(path, batch.schema)
        writer.write_batch(batch)
    if writer is None:
        raise FileError(f"{reader.name} has no rows")
    writer.close()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
