"""Whatever offers its columns as Arrow does, as batches of so many rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from munirules.errors import MunirulesError

ACCEPTED: Final = (
    "a pyarrow Table, RecordBatch or RecordBatchReader, a polars or pandas DataFrame, a DuckDB relation, "
    "or what else has __arrow_c_stream__ or __arrow_c_array__"
)
_INDEX: Final = "__index_level_"  # what pandas calls an index that goes along as a column


class TableError(MunirulesError, ValueError):
    """A table, or a call, that cannot be as it is: nothing was decided.

    Attributes:
        problems: one line each.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (list(self.problems),)


def stream_of(frame: Any, name: str) -> pa.RecordBatchReader:
    """Open a frame as a stream of batches.

    Args:
        frame: see `ACCEPTED`.
        name: what to call it in errors.

    Raises:
        TableError: for anything else.
    """
    if isinstance(frame, pa.RecordBatchReader):
        return frame
    if isinstance(frame, pa.Table):
        return frame.to_reader()
    if hasattr(frame, "__arrow_c_stream__"):
        try:
            return pa.RecordBatchReader.from_stream(frame)
        except pa.ArrowException as error:
            raise TableError([f"{name}: its columns cannot be taken as Arrow: {error}"]) from error
    if hasattr(frame, "__arrow_c_array__"):
        batch = pa.record_batch(frame)
        return pa.RecordBatchReader.from_batches(batch.schema, [batch])
    hint = "; pyarrow.Table.from_pylist(rows) makes one of dicts" if isinstance(frame, (list, tuple)) else ""
    hint = "; pyarrow.table(columns) makes one of lists" if isinstance(frame, dict) else hint
    raise TableError([f"{name} is a {type(frame).__name__}, no table{hint} (accepted: {ACCEPTED})"])


def whole(frame: Any, name: str) -> pa.Table:
    """Take a frame into memory, without a copy where it is there already.

    Raises:
        TableError: for what is no table.
    """
    return plain(frame if isinstance(frame, pa.Table) else stream_of(frame, name).read_all())


def plain(table: pa.Table) -> pa.Table:
    """A table without the index of pandas, which is no column of it, and with texts as texts rather than views of them."""
    index = [column for column in table.column_names if column.startswith(_INDEX)]
    kept = table.drop_columns(index) if index else table
    schema = pa.schema([own.with_type(_plain(own.type)) for own in kept.schema], kept.schema.metadata)
    return kept if schema.equals(kept.schema) else kept.cast(schema)


def _plain(kind: pa.DataType) -> pa.DataType:
    """A type without views, which few functions of Arrow know."""
    if pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _plain(kind.value_type), kind.ordered)
    if pa.types.is_struct(kind):
        return pa.struct([own.with_type(_plain(own.type)) for own in kind])
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_plain(kind.value_type)))
    if pa.types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(_plain(kind.value_type)))
    return kind


def in_memory(frame: Any) -> bool:
    """Whether a frame can be read twice, so that it is asked for as a whole where that helps."""
    return not isinstance(frame, pa.RecordBatchReader)


def chunks(reader: pa.RecordBatchReader, rows: int) -> Iterator[pa.Table]:
    """Cut a stream into tables of so many rows, each column in one piece; the last may be shorter.

    Args:
        reader: the stream.
        rows: how many.
    """
    waiting: list[pa.RecordBatch] = []
    number = 0
    for batch in reader:
        start = 0
        while number + batch.num_rows - start >= rows:
            taken = rows - number
            waiting.append(batch.slice(start, taken))
            yield _joined(waiting, reader.schema)
            start, number, waiting = start + taken, 0, []
        if start < batch.num_rows:
            waiting.append(batch.slice(start))
            number += batch.num_rows - start
    if waiting:
        yield _joined(waiting, reader.schema)


def _joined(batches: list[pa.RecordBatch], schema: pa.Schema) -> pa.Table:
    table = plain(pa.Table.from_batches(batches, schema))
    return table if len(batches) == 1 else table.unify_dictionaries().combine_chunks()


def piece(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece."""
    if column.num_chunks == 1:
        return column.chunk(0)
    if column.num_chunks == 0:
        return pa.array([], column.type)
    return pa.concat_arrays(column.unify_dictionaries().chunks)
