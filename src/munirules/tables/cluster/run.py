"""`decide_dataset`: `decide_table` over a partitioned Parquet dataset, by the workers of a dask cluster."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import attrs

from munirules.engine.request import known_facts
from munirules.errors import MunirulesError
from munirules.plugins.discovery import installed
from munirules.plugins.folder import FolderPlugin
from munirules.plugins.rulebook import Rulebook
from munirules.tables.cluster import task
from munirules.tables.cluster.client import LOCAL, connected, run_all
from munirules.tables.cluster.dataset import (
    Split,
    files_of,
    owners,
    packed,
    same_kinds,
    schema_of,
    sources_of,
    unpacked,
)
from munirules.tables.cluster.order import Order, part_digest
from munirules.tables.cluster.outcome import DatasetOutcome, manifest_of, outcome_of
from munirules.tables.cluster.output import SHUFFLED, Output
from munirules.tables.frames import TableError
from munirules.tables.grounds import grounds_of
from munirules.tables.plan import PART
from munirules.tables.planner import Naming
from munirules.tables.run import CHUNK
from munirules.tables.table import decide_batches

if TYPE_CHECKING:
    from distributed import Client

    from munirules.engine.decision import Decision
    from munirules.tables.engines import Choice

Progress: TypeAlias = Callable[[int, int], object]
_Told: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]


def decide_dataset(
    book: Rulebook,
    decision: Decision[Any, Any] | str,
    dataset: str | Path,
    output: str | Path,
    /,
    *,
    on: date | str,
    client: Client | str = LOCAL,
    tables: Mapping[str, str | Path] | None = None,
    repartition: bool = False,
    key: str | Mapping[str, str] = "key",
    part: str = PART,
    code: str = "",
    known: date | None = None,
    engine: Choice = "auto",
    keep: Collection[str] = (),
    ignore: Collection[str] = (),
    explain: Literal["ja", "en"] | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> DatasetOutcome:
    """Decide every row of a partitioned Parquet dataset on a dask cluster, exactly as `decide_table` decides a table.

    A partition is a file of the dataset, with the files of the tables of parts that hold its parts. Names do not matter:
    by their keys it is checked that no household is in two of them. Columns may also stand in the names of folders
    (`code=212016/part-0.parquet`); they are texts then.

    Workers open the rulebook themselves. One whose plugins, data or rules differ from the caller's decides nothing, and
    ends the call. A worker that dies costs the partitions that it was at. Results are there once, and only whole; the
    same call with the same output goes on where an earlier one ended.

    Args:
        book: for whom, as `Rulebook.of` opens it; with `code`, of any of them.
        decision: the decision, or its name.
        dataset: a folder of Parquet files (or one file) that every worker sees under the same path.
        output: a folder that every worker sees likewise: a new one, or that of an earlier call that was cut off.
        on: the decision's date, or the name of the column that holds it.
        client: a client of a cluster, or the address of a scheduler; `local` or `local:4` starts so many processes on
            this machine, for this call.
        tables: datasets of parts by name: `members`, say.
        repartition: whether to bring rows together by key where households are split, in a copy in `output` meanwhile.
        key: see `decide_table`, like all that follows.
        part: see `decide_table`.
        code: see `decide_table`.
        known: see `decide_table`.
        engine: see `decide_table`.
        keep: see `decide_table`.
        ignore: see `decide_table`.
        explain: see `decide_table`.
        chunk: see `decide_table`.
        progress: called with how many partitions are done, and how many there are.

    Returns:
        Counts that add up, and where results and rejects are.

    Raises:
        TableError: as `decide_table`; for files that do not fit together, households that are split (`Split`), and an
            output that holds something else.
        WorkerDiffers: naming the versions of caller and worker.
        ClusterError: when there are no workers, or they cannot do it.
        NotInForce: when no version of the law covers the date.
        RulebookError: when the area's data or rules have faults.
    """
    _can_be_opened_again(book)
    roots = {name: Path(path).resolve() for name, path in {"": dataset, **(tables or {})}.items()}
    paths = {name: files_of(root, name) for name, root in roots.items()}
    options = {
        "key": key if isinstance(key, str) else dict(key),
        "part": part,
        "code": code,
        "engine": engine,
        "keep": list(keep),
        "ignore": list(ignore),
        "explain": explain,
        "chunk": chunk,
    }
    with connected(client) as own:
        told = _inspected(own, roots, paths, Naming(key=key), code)
        schemas = {
            name: schema_of(name, paths[name], [unpacked(each["schema"]) for each in told[name]]) for name in roots
        }
        local = _local(book, decision, {each for file in told[""] for each in file["codes"]}) if code else {}
        order = Order(
            roots={name: str(root) for name, root in roots.items()},
            decision=decision if isinstance(decision, str) else decision.name,
            jurisdiction=book.jurisdiction.code,
            enactments=_enactments(book),
            on=on.isoformat() if isinstance(on, date) else on,
            dated=isinstance(on, date),
            known=known.isoformat() if known else "",
            options=options,
            local=sorted(local),
            grounds=grounds_of(book, every=bool(code)),
            sources={name: sources_of(paths[name], told[name]) for name in roots},
            schemas={name: packed(schema) for name, schema in schemas.items()},
        )
        empty = {name: schema.empty_table() for name, schema in schemas.items()}
        main = empty.pop("")
        decide_batches(  # finds what is wrong with the call before anybody works
            book, decision, main, tables=empty, rulebooks=local, **order.arguments
        )
        order = _partitioned(order, told, paths, repartition=repartition)
        return _decided(own, order, Output(Path(output).resolve()), progress or _silent)


def _can_be_opened_again(book: object) -> None:
    told = "" if isinstance(book, Rulebook) else "was not opened by Rulebook.of"
    if isinstance(book, Rulebook) and book.is_amended:
        told = "answers from other enactments than its plugins' for a while"
    if told:
        raise TableError([f"a rulebook that {told} cannot be opened again by workers; decide_table takes any"])


def _silent(done: int, total: int) -> None:
    del done, total


def _inspected(
    client: Client, roots: Mapping[str, Path], paths: Mapping[str, Sequence[str]], naming: Naming, code: str
) -> dict[str, list[Mapping[str, Any]]]:
    """What the files of all tables are; their keys only where there are tables of parts."""
    asked = [
        (str(root), path, naming.key_of(name) if len(roots) > 1 else "", "" if name else code)
        for name, root in roots.items()
        for path in paths[name]
    ]
    found = iter(run_all(client, task.inspect_file, asked))
    return {name: [next(found) for _ in paths[name]] for name in roots}


def _enactments(book: Rulebook) -> str:
    """The folder of data that was added to a rulebook; empty where there is none."""
    folders = [plugin for _, plugin in book.chain.manager.list_name_plugin() if isinstance(plugin, FolderPlugin)]
    return next((str(plugin.path) for plugin in folders if plugin.is_extra), "")


def _local(book: Rulebook, decision: Decision[Any, Any] | str, codes: set[str]) -> dict[str, Rulebook]:
    """The rulebooks of municipalities whose rules ask for facts of their own, which may be columns of any partition."""
    found = {}
    common = set(known_facts(book, decision))
    for code in sorted(codes & {plugin.code for plugin in installed()}):
        try:
            own = Rulebook.of(code)
            if not set(known_facts(own, decision)) <= common:
                found[code] = own
        except MunirulesError:  # its rows are set aside, and tell it
            continue
    return found


def _partitioned(order: Order, told: _Told, paths: Mapping[str, Sequence[str]], *, repartition: bool) -> Order:
    """Say which files make a partition, or that rows are brought together by key."""
    parts: list[dict[str, list[int]]] = [{"": [number]} for number in range(len(paths[""]))]
    below = {name: files for name, files in told.items() if name}
    same_kinds(told)
    try:
        found = owners(told[""], below, paths) if below else {}
    except Split:
        if not repartition:
            raise
        return attrs.evolve(order, buckets=len(parts))
    for name, holders in found.items():
        for number, holder in enumerate(holders):
            parts[holder].setdefault(name, []).append(number)
    return attrs.evolve(order, parts=parts)


def _decided(client: Client, order: Order, output: Output, progress: Progress) -> DatasetOutcome:
    """Decide the partitions that an earlier call has not finished."""
    plain = order.plain
    folder, digest = str(output.folder), plain["digest"]
    output.begin(plain)
    entries = [output.finished(number, part_digest(digest, number)) for number in range(order.number)]
    left = [number for number, entry in enumerate(entries) if entry is None]
    found = order.number - len(left)
    progress(found, order.number)
    if left or not output.succeeded():
        output.unmark()
        if order.buckets and left:
            files = [(name, number) for name, own in order.sources.items() for number in range(len(own))]
            run_all(client, task.shuffle_file, [(folder, digest, *each) for each in files])
        asked = [(folder, digest, number) for number in left]
        answers = run_all(client, task.decide_part, asked, lambda done: progress(found + done, order.number))
        for number, entry in zip(left, answers, strict=True):
            entries[number] = entry
        output.finish(manifest_of(order, digest, [entry for entry in entries if entry is not None]))
        shutil.rmtree(output.folder / SHUFFLED, ignore_errors=True)
    return outcome_of(output.folder, found)
