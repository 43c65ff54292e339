"""What a worker does: brings rows together by key where that is wanted, and decides a partition, to the disk and in one piece.

Tasks are given names and numbers only, and give plain data. Each may run twice, on two workers at once: it writes the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from munirules.errors import MunirulesError
from munirules.tables.answers import ROW
from munirules.tables.cluster.dataset import Source, hashes_of, inspect, keys_of, read_file
from munirules.tables.cluster.order import Opened, opened, part_digest, this_process
from munirules.tables.cluster.output import REJECTS, RESULTS, SHUFFLED, written
from munirules.tables.grounds import WorkerDiffers
from munirules.tables.outcome import as_plain
from munirules.tables.planner import Naming
from munirules.tables.table import decide_batches

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBER: Final = "#row"
_PART_ROW: Final = "part_row"


def told(task: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
    """Run a task; what is wrong is told as data, since not every error can be sent.

    Returns:
        `done`; or `why` not, and `error`: `data`, `worker` (it differs) or `system` (files cannot be read or written).
    """
    try:
        return {"done": task(*arguments)}
    except WorkerDiffers as error:
        return {"error": "worker", "why": str(error)}
    except MunirulesError as error:
        return {"error": "data", "why": str(error)}
    except OSError as error:
        return {"error": "system", "why": f"{this_process()}: {error}"}


def inspect_file(root: str, path: str, key: str, code: str) -> dict[str, Any]:
    """See `dataset.inspect`."""
    return told(inspect, root, path, key, code)


def shuffle_file(folder: str, digest: str, table: str, number: int) -> dict[str, Any]:
    """Cut a file into pieces by key, one for each partition to come.

    Args:
        folder: the folder of the run.
        digest: of the run.
        table: whose file it is.
        number: which file.
    """
    return told(_shuffle, folder, digest, table, number)


def decide_part(folder: str, digest: str, number: int) -> dict[str, Any]:
    """Decide a partition; one that is finished already is only told of.

    Args:
        folder: the folder of the run.
        digest: of the run.
        number: which partition.
    """
    return told(_decide, folder, digest, number)


def _shuffle(folder: str, digest: str, table: str, number: int) -> None:
    run = opened(folder, digest, this_process())
    source = run.order.sources[table][number]
    path = _shuffled(run, table, number, source)
    if path.exists():
        return
    rows = _read(run, table, source)
    rows = rows.append_column(_NUMBER, pa.array(np.arange(source.first, source.first + source.rows)))
    rows = rows.unify_dictionaries().combine_chunks()
    key = Naming(key=run.order.options["key"]).key_of(table)
    keys = keys_of(rows, key, source.path)
    places = np.zeros(len(keys), np.int64)
    valid = np.asarray(keys.is_valid())
    if valid.any():
        places[valid] = (hashes_of(keys.drop_null()) % np.uint64(run.order.buckets)).astype(np.int64)
    path.parent.mkdir(exist_ok=True)
    with written(path) as file, pa.ipc.new_file(file, rows.schema) as writer:
        for bucket in range(run.order.buckets):
            batches = rows.take(pa.array(np.flatnonzero(places == bucket))).combine_chunks().to_batches()
            writer.write_batch(batches[0] if batches else pa.RecordBatch.from_pylist([], rows.schema))


def _shuffled(run: Opened, table: str, number: int, source: Source) -> Path:
    return run.output.folder / SHUFFLED / f"{table or 'main'}-{number:05d}-{source.digest}.arrow"


def _read(run: Opened, table: str, source: Source) -> pa.Table:
    schema = run.order.schema(table)
    return read_file(Path(run.order.roots[table]), source.path, source.digest)[0].select(schema.names).cast(schema)


def _rows_of(run: Opened, table: str, part: int) -> tuple[pa.Table, NDArray[np.int64]]:
    """The rows of a table in a partition, and where each stands in the dataset."""
    order = run.order
    pieces: list[pa.Table] = []
    numbers: list[NDArray[np.int64]] = []
    if order.buckets:
        for number, source in enumerate(order.sources[table]):
            with pa.memory_map(str(_shuffled(run, table, number, source))) as file:
                rows = pa.Table.from_batches([pa.ipc.open_file(file).get_batch(part)])
            numbers.append(np.asarray(rows[_NUMBER]))
            pieces.append(rows.drop_columns([_NUMBER]))
    else:
        for number in order.parts[part].get(table, ()):
            source = order.sources[table][number]
            numbers.append(np.arange(source.first, source.first + source.rows))
            pieces.append(_read(run, table, source))
    if not pieces:
        return order.schema(table).empty_table(), np.zeros(0, np.int64)
    return pa.concat_tables(pieces), np.concatenate(numbers)


def _decide(folder: str, digest: str, number: int) -> dict[str, Any]:
    run = opened(folder, digest, this_process())
    own = part_digest(digest, number)
    finished = run.output.finished(number, own)
    if finished is not None:
        return finished
    table, rows = _rows_of(run, "", number)
    tables, part_rows = {}, {}
    for name in run.order.sources:
        if name:
            tables[name], part_rows[name] = _rows_of(run, name, number)
    batches = decide_batches(
        run.book, run.decision, table, tables=tables, rulebooks=run.local, threads=1, **run.order.arguments
    )

    def write(results: IO[bytes], rejects: IO[bytes]) -> dict[str, Any]:
        numbers = {RESULTS: 0, REJECTS: 0}
        with (
            pq.ParquetWriter(results, batches.schema, compression="zstd") as first,
            pq.ParquetWriter(rejects, batches.rejects_schema, compression="zstd") as second,
        ):
            for found, lost in batches:
                first.write_batch(_renumbered(found, rows))
                second.write_batch(_told_by_dataset(lost, rows, part_rows))
                numbers[RESULTS] += found.num_rows
                numbers[REJECTS] += lost.num_rows
        return {
            **numbers,
            "counts": as_plain(batches.counts),
            "tables": {name: as_plain(each) for name, each in batches.parts.items()},
            "engine": as_plain(batches.engine),
        }

    return run.output.keep(number, own, write)


def _renumbered(batch: pa.RecordBatch, rows: NDArray[np.int64]) -> pa.RecordBatch:
    """Rows told by their number in the dataset."""
    at = batch.schema.get_field_index(ROW)
    return batch.set_column(at, batch.schema.field(at), pa.array(rows).take(batch.column(at)))


def _told_by_dataset(
    rejects: pa.RecordBatch, rows: NDArray[np.int64], part_rows: dict[str, NDArray[np.int64]]
) -> pa.RecordBatch:
    """Rejects, with rows of both tables told by their number in the dataset."""
    made = _renumbered(rejects, rows)
    at = made.schema.get_field_index(_PART_ROW)
    names, own = made.column("part").to_pylist(), made.column(at).to_pylist()
    found = _where(names, own, part_rows)
    return made.set_column(at, made.schema.field(at), pa.array(found, pa.int64()))


def _where(
    names: Sequence[str], own: Sequence[int | None], part_rows: dict[str, NDArray[np.int64]]
) -> list[int | None]:
    return [
        row if row is None or name not in part_rows else int(part_rows[name][row])
        for name, row in zip(names, own, strict=True)
    ]
