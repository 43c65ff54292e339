"""A partitioned Parquet dataset: its files, what each is, and which of them belong together so that no household is split."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow import types

from munirules.tables.frames import TableError, piece, plain
from munirules.tables.joins import as_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUFFIX: Final = ".parquet"
_SHOWN: Final = 3


@attrs.frozen(kw_only=True)
class Source:
    """A file of a dataset.

    Attributes:
        path: relative to the dataset's folder.
        rows: how many rows it has.
        first: how many rows of the dataset stand before it.
        digest: of the file.
    """

    path: str
    rows: int
    first: int
    digest: str


def files_of(root: Path, table: str) -> list[str]:
    """The files of a dataset in their order, as `pyarrow.dataset` finds them: names that begin with `.` or `_` are none.

    Args:
        root: the folder, or a single file.
        table: the name of the table; empty for the main one.

    Raises:
        TableError: when there are none.
    """
    if root.is_file():
        return [""]
    found = (file.relative_to(root) for file in root.rglob(f"*{SUFFIX}") if file.is_file())
    names = sorted(file.as_posix() for file in found if not any(step[0] in "._" for step in file.parts))
    if not names:
        told = "there is no such folder" if not root.exists() else f"no file *{SUFFIX} is in the folder"
        raise TableError([f"{told_name(table)} {root}: {told}"])
    return names


def sources_of(paths: Sequence[str], told: Sequence[Mapping[str, Any]]) -> list[Source]:
    """The files of a dataset with what `inspect` tells of them."""
    firsts = np.cumsum([0, *(each["rows"] for each in told)]).tolist()
    return [
        Source(path=path, rows=each["rows"], first=first, digest=each["digest"])
        for path, each, first in zip(paths, told, firsts, strict=False)
    ]


def told_name(table: str) -> str:
    """What to call a table in errors."""
    return f"tables[{table!r}]" if table else "the dataset"


def read_file(root: Path, path: str, digest: str | None = None) -> tuple[pa.Table, str]:
    """Read a file, with the columns that the names of its folders hold (`town=212016/…`) as texts, and its digest.

    Raises:
        TableError: when it is not what `digest` says, or no Parquet file.
    """
    file = root / path if path else root
    data = pa.py_buffer(file.read_bytes())
    found = hashlib.blake2b(data, digest_size=16).hexdigest()
    if digest is not None and found != digest:
        raise TableError([f"{file}: was changed while the run was at it; call again"])
    try:
        table = plain(pq.read_table(pa.BufferReader(data))).replace_schema_metadata(None)
    except pa.ArrowException as error:
        raise TableError([f"{file}: {error}"]) from error
    for name, value in _hive(path).items():
        if name not in table.column_names:
            table = table.append_column(name, pa.array([value] * table.num_rows, pa.string()))
    return table, found


def _hive(path: str) -> dict[str, str | None]:
    names = [step.partition("=")[0] for step in path.split("/")[:-1] if "=" in step]
    if not names:
        return {}
    partitioning = ds.partitioning(pa.schema([(name, pa.string()) for name in names]), flavor="hive")
    found: dict[str, str | None] = ds.get_partition_keys(partitioning.parse(path))
    return found


def packed(schema: pa.Schema) -> str:
    """A schema as text."""
    return base64.b64encode(schema.serialize()).decode()


def unpacked(text: str) -> pa.Schema:
    """What `packed` made a text of."""
    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text)))


def inspect(root: str, path: str, key: str, code: str) -> dict[str, Any]:
    """What a file is; a task for a worker.

    Args:
        root: folder of the dataset.
        path: the file in it.
        key: the key column; empty where keys do not matter.
        code: the column of codes; empty where there is none.

    Returns:
        `rows`, `digest`, `schema`; `kind` of its keys and their `hashes`, without repetition; the `codes` in it.
    """
    table, digest = read_file(Path(root), path)
    told: dict[str, Any] = {"rows": table.num_rows, "digest": digest, "schema": packed(table.schema)}
    told |= {"kind": "", "hashes": b"", "codes": []}
    if key in table.column_names:
        keys = keys_of(table, key, path)
        if keys.null_count < len(keys):
            told["kind"] = str(keys.type)
            told["hashes"] = np.unique(hashes_of(keys.drop_null())).tobytes()
    if code in table.column_names:
        told["codes"] = [value for value in piece(table[code]).unique().to_pylist() if isinstance(value, str)]
    return told


def keys_of(table: pa.Table, key: str, path: str) -> pa.Array:
    """The keys of rows in the form in which `decide_table` compares them."""
    return as_keys(piece(table[key]), f"{path}: the key column {key!r}")


_BASIS, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)  # FNV-1a
_MIXER = np.uint64(0x9E3779B97F4A7C15)


def hashes_of(keys: pa.Array) -> NDArray[np.uint64]:
    """A number for each key, the same on every machine; equal keys have equal ones, and others hardly ever.

    Args:
        keys: as `as_keys` gives them, none empty.
    """
    if types.is_integer(keys.type):
        made = np.asarray(keys).astype(np.uint64)
    else:
        offsets = np.frombuffer(keys.buffers()[1], np.int32)[keys.offset : keys.offset + len(keys) + 1]
        data = np.frombuffer(keys.buffers()[2] or b"", np.uint8)
        lengths = np.diff(offsets)
        made = np.full(len(keys), _BASIS)
        for place in range(int(lengths.max(initial=0))):
            live = np.flatnonzero(lengths > place)
            made[live] = (made[live] ^ data[offsets[:-1][live] + place]) * _PRIME
    made ^= made >> np.uint64(32)
    made *= _MIXER
    return made ^ (made >> np.uint64(29))


def schema_of(table: str, files: Sequence[str], schemas: Sequence[pa.Schema]) -> pa.Schema:
    """The schema that all files of a dataset fit; a column that is empty in one may have a type in another.

    Raises:
        TableError: naming each file that lacks a column or has one of another type.
    """
    names = dict.fromkeys(name for schema in schemas for name in schema.names)
    faults, fields = [], []
    for name in names:
        first: tuple[str, pa.DataType] | None = None
        for path, schema in zip(files, schemas, strict=True):
            if name not in schema.names:
                faults.append(f"{told_name(table)}: {path} has no column {name!r}, which other files have")
                continue
            kind = schema.field(name).type
            if types.is_null(kind) or (first is not None and kind == first[1]):
                continue
            if first is None:
                first = path, kind
            else:
                faults.append(f"{told_name(table)}: column {name!r} is {first[1]} in {first[0]}, but {kind} in {path}")
        fields.append((name, first[1] if first else pa.null()))
    if faults:
        raise TableError(faults)
    return pa.schema(fields)


class Split(TableError):
    """A dataset in which rows that belong together stand in several partitions."""


def owners(
    main: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    paths: Mapping[str, Sequence[str]],
) -> dict[str, list[int]]:
    """For each file of a table of parts, the file of the main table that holds the rows to which its rows belong.

    A file of which no row belongs anywhere goes with the first one, which sets its rows aside.

    Args:
        main: what `inspect` tells of the main table's files.
        tables: the same of the others.
        paths: names of the files.

    Raises:
        Split: naming files that share rows of a household.
    """
    own = [np.frombuffer(each["hashes"], np.uint64) for each in main]
    keys = np.concatenate([np.zeros(0, np.uint64), *own])
    places = np.repeat(np.arange(len(own)), [len(each) for each in own])
    order = np.argsort(keys, kind="stable")
    keys, places = keys[order], places[order]
    faults = [
        f"one key stands in {paths[''][first]} and in {paths[''][second]}"
        for first, second in _pairs(places[:-1][keys[1:] == keys[:-1]], places[1:][keys[1:] == keys[:-1]])
    ]
    found: dict[str, list[int]] = {}
    for name, files in tables.items():
        found[name] = []
        for number, each in enumerate(files):
            asked = np.frombuffer(each["hashes"], np.uint64)
            at = np.searchsorted(keys, asked)
            at = at[(at < len(keys)) & (keys[np.minimum(at, len(keys) - 1)] == asked)] if len(keys) else at[:0]
            holders = np.unique(places[at]).tolist()
            if len(holders) > 1:
                told = " and ".join(paths[""][holder] for holder in holders[:_SHOWN])
                more = f" and {len(holders) - _SHOWN} more" if len(holders) > _SHOWN else ""
                faults.append(f"{told_name(name)}: {paths[name][number]} holds parts of rows in {told}{more}")
            found[name].append(holders[0] if holders else 0)
    if faults:
        shown = [*faults[: 2 * _SHOWN], *(["…"] if len(faults) > 2 * _SHOWN else [])]
        raise Split(
            ["households are split between partitions; repartition=True brings together by key what belongs so", *shown]
        )
    return found


def _pairs(first: NDArray[np.int64], second: NDArray[np.int64]) -> list[tuple[int, int]]:
    return sorted(set(zip(first.tolist(), second.tolist(), strict=True)))


def same_kinds(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """See that the keys of all tables are of one type.

    Raises:
        TableError: naming two files whose keys cannot be compared.
    """
    kinds: dict[str, str] = {}
    for table, files in told.items():
        for each in files:
            if each["kind"]:
                kinds.setdefault(each["kind"], told_name(table))
    if len(kinds) > 1:
        (one, here), (other, there), *_ = kinds.items()
        raise TableError(
            [f"keys are {one} in {here}, but {other} in {there}; cast one of them (a text keeps zeros in front)"]
        )
