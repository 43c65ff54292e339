"""Datasets decided by a real cluster of processes on this machine, some of which are killed while they are at it."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import dask
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from munirules import Rulebook
from munirules.cli.batch import SET_ASIDE
from munirules.cli.root import cli
from munirules.plugins.discovery import installed
from munirules.tables import Split, TableError, WorkerDiffers, decide_dataset, decide_table
from munirules.tables.cluster.client import connected

psutil: Any = import_module("psutil")  # it has no types

ALLOWANCE, ON = "welfare.child_allowance", date(2026, 6, 1)
HOUSEHOLDS, FILES = 24, 4
BOOK = Rulebook.of("白川町")

# Every worker reads this when it starts: it ends without warning where a file in the folder says so, once for each.
KILLER = """
import os, signal
from pathlib import Path
from munirules.tables.cluster import output, task

armed = Path({folder!r})
write_json, renumbered = output.write_json, task._renumbered

def kill(name):
    try:
        (armed / name).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)

def noted(path, data):
    if path.name.startswith("part-00002"):
        kill("before the entry of part 2")
    write_json(path, data)
    with (armed / "finished").open("a") as file:
        file.write(path.name + "\\n")

def half_written(batch, rows):
    kill("in the middle of a file")
    return renumbered(batch, rows)

def dask_setup(worker):
    output.write_json, task._renumbered = noted, half_written
"""


@pytest.fixture(scope="module")
def armed(tmp_path_factory):
    """The folder of files that tell a worker to end."""
    return tmp_path_factory.mktemp("armed")


@pytest.fixture(scope="module")
def client(armed):
    script = armed / "killer.py"
    script.write_text(KILLER.format(folder=str(armed)), encoding="utf-8")
    with dask.config.set({"distributed.worker.preload": [str(script)]}), connected("local:2") as own:
        yield own


def households() -> dict[str, pa.Table]:
    """Households, some of which cannot be decided, their members and who receives; members of nobody among them."""
    keys = [f"世帯{number:03d}" for number in range(HOUSEHOLDS)]
    members: list[dict[str, Any]] = []
    for number, key in enumerate(keys):
        members.append({"key": key, "id": "p", "born_on": "1990-01-01" if number % 7 else "S70.1.1"})
        members += [
            {"key": key, "id": f"c{child}", "born_on": f"R{child + 1}.6.{number + 1}", "claim": "2024-10-01"}
            for child in range(number % 4)
        ]
    members += [
        {"key": "誰でもない", "id": "x", "born_on": "2001-01-01"},
        {"key": None, "id": "y", "born_on": "H13.1.1"},
    ]
    claim = "ChildAllowanceClaim.claimed_on"
    rows = [{"key": row["key"], "id": row["id"], "born_on": row["born_on"], claim: row.get("claim")} for row in members]
    schema = pa.schema([(name, pa.string()) for name in ("key", "id", "born_on", claim)])
    return {
        "": pa.table(
            {"key": keys, "address": [f"{number}番地" if number % 3 else None for number in range(HOUSEHOLDS)]}
        ),
        "members": pa.Table.from_pylist(rows, schema),
        "Roles.holders": pa.table({"key": keys, "role": ["recipient"] * HOUSEHOLDS, "member": ["p"] * HOUSEHOLDS}),
    }


def write(folder: Path, table: pa.Table, cuts: list[int], name: str = "part-{}.parquet") -> Path:
    folder.mkdir()
    for number, (start, stop) in enumerate(zip([0, *cuts], [*cuts, table.num_rows], strict=True)):
        pq.write_table(table.slice(start, stop - start), folder / name.format(number))
    return folder


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, Any]:
    """The dataset in four files, members in five: those of a household stand in the file of it, whatever its name."""
    made = households()
    keys = made["members"]["key"].to_pylist()
    each = HOUSEHOLDS // FILES
    cuts = [each * number for number in range(1, FILES)]
    below = [*(keys.index(f"世帯{cut:03d}") for cut in cuts), keys.index("誰でもない")]
    return {
        "dataset": write(tmp_path / "households", made[""], cuts),
        "tables": {
            "members": write(tmp_path / "members", made["members"], below, "世帯員-{}.parquet"),
            "Roles.holders": write(tmp_path / "roles", made["Roles.holders"], cuts),
        },
    }


@pytest.fixture
def split(tmp_path: Path) -> dict[str, Any]:
    """The same with members cut where a household is in two files."""
    made = households()
    (tmp_path / "split").mkdir()
    write(tmp_path / "split" / "households", made[""], [6, 12, 18])
    write(tmp_path / "split" / "members", made["members"], [20, 40])
    write(tmp_path / "split" / "roles", made["Roles.holders"], [])
    folder = tmp_path / "split"
    return {
        "dataset": folder / "households",
        "tables": {"members": folder / "members", "Roles.holders": folder / "roles"},
    }


def expected(told: dict[str, Any], decision: str = ALLOWANCE, on: date = ON, **options: Any) -> Any:
    tables = {name: ds.dataset(path).to_table() for name, path in told.get("tables", {}).items()}
    main = ds.dataset(told["dataset"], partitioning="hive").to_table()
    return decide_table(BOOK, decision, main, on=on, tables=tables, **options)


def decide(client: Any, told: dict[str, Any], output: Path, **options: Any) -> Any:
    asked = {"on": ON, "keep": ["address"], **options}
    return decide_dataset(BOOK, ALLOWANCE, told["dataset"], output, client=client, tables=told["tables"], **asked)


def same(outcome: Any, wanted: Any) -> None:
    """Row by row, value by value and reason by reason what one process says of the whole table."""
    results = outcome.results.to_table().sort_by("row")
    assert results.schema.equals(wanted.results.schema)
    assert results.to_pylist() == wanted.results.to_pylist()
    assert sorted(map(str, outcome.rejects.to_table().to_pylist())) == sorted(map(str, wanted.rejects.to_pylist()))
    assert (outcome.counts, outcome.parts) == (wanted.counts, wanted.parts)
    assert outcome.engine.kernel + outcome.engine.python == wanted.engine.kernel + wanted.engine.python


def files(output: Path) -> dict[str, bytes]:
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file() and path.parent != output
    }


def test_a_killed_worker_costs_its_task_only_and_results_are_there_once(client, armed, whole, tmp_path: Path) -> None:
    before = set(client.run(os.getpid).values())
    orders = [armed / "before the entry of part 2", armed / "in the middle of a file"]
    for order in orders:
        order.touch()
    output = tmp_path / "out"
    outcome = decide(client, whole, output)
    assert not any(order.exists() for order in orders)  # obeyed, each by another process
    assert len(before - set(client.run(os.getpid).values())) in (
        1,
        2,
    )  # the second may be the one that was started anew
    wanted = expected(whole, keep=["address"])
    assert wanted.counts.set_aside == 4
    assert wanted.parts["members"].set_aside == 2
    same(outcome, wanted)
    assert outcome.results.to_table().equals(wanted.results.replace_schema_metadata(None))  # in order of rows, too
    finished = [line for line in (armed / "finished").read_text().splitlines() if line.startswith("part-")]
    assert sorted(line[:10] for line in finished) == [f"part-{number:05d}" for number in range(FILES)]
    told = json.loads((output / "_manifest.json").read_text(encoding="utf-8"))
    assert sum(part["results"]["rows"] for part in told["parts"]) == wanted.results.num_rows
    assert {name.partition("/")[0] for name in files(output)} == {"results", "rejects", "_parts"}
    assert len(files(output)) == 3 * FILES  # and nothing that was half written
    assert (output / "_SUCCESS").exists()


def test_the_same_call_again_does_what_is_left(client, whole, tmp_path: Path) -> None:
    output = tmp_path / "out"
    seen: list[tuple[int, int]] = []
    first = decide(client, whole, output, progress=lambda *told: seen.append(told))
    assert seen == [(number, FILES) for number in range(FILES + 1)]
    kept = files(output)
    times = {path: path.stat().st_mtime_ns for path in (output / "results").iterdir()}
    again = decide(client, whole, output)
    assert (first.found, again.found, again.counts) == (0, FILES, first.counts)
    assert {path: path.stat().st_mtime_ns for path in (output / "results").iterdir()} == times
    entry = next((output / "_parts").glob("part-00001-*"))
    entry.unlink()  # as if the run had been cut off just before it
    result = next((output / "results").glob("part-00003-*"))
    result.write_bytes(result.read_bytes()[:100])
    third = decide(client, whole, output)
    assert (third.found, third.counts) == (FILES - 2, first.counts)
    assert files(output) == kept
    with pytest.raises(TableError, match=r"written by another run \(on was \"2026-06-01\", is \"2026-07-01\"\)"):
        decide(client, whole, output, on=date(2026, 7, 1))
    pq.write_table(households()[""].slice(0, 5), whole["dataset"] / "part-0.parquet")
    with pytest.raises(TableError, match=r"another run \(sources  part-0.parquet rows was 6, is 5"):
        decide(client, whole, output)
    assert files(output) == kept


def test_a_household_in_two_partitions_is_refused_or_brought_together(client, split, tmp_path: Path) -> None:
    output = tmp_path / "out"
    with pytest.raises(Split, match="repartition=True") as caught:
        decide(client, split, output)
    assert "tables['members']: part-0.parquet holds parts of rows in part-0.parquet and part-1.parquet" in str(
        caught.value
    )
    assert not output.exists()
    outcome = decide(client, split, output, repartition=True)
    same(outcome, expected(split, keep=["address"]))
    assert (outcome.repartitioned, outcome.partitions) == (True, FILES)
    assert len(files(output)) == 3 * FILES  # the copy is gone
    assert min(part["counts"]["rows"] for part in json.loads((output / "_manifest.json").read_text())["parts"]) > 0


def test_a_worker_with_another_version_decides_nothing(client, whole, tmp_path: Path) -> None:
    """The workers find another version of the plugin in front of theirs, as after half of an upgrade."""
    own = next(plugin for plugin in installed() if plugin.code == BOOK.jurisdiction.code)
    newer = tmp_path / "newer" / f"{own.distribution.replace('-', '_')}-9.9.dist-info"
    newer.mkdir(parents=True)
    (newer / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {own.distribution}\nVersion: 9.9\n")
    lines = [f"{each.code} = {each.value}" for each in installed() if each.distribution == own.distribution]
    (newer / "entry_points.txt").write_text("\n".join(["[munirules]", *lines]))

    def upgrade(folder: str, *, back: bool = False) -> None:
        from munirules.plugins import discovery

        if back:
            sys.path.remove(folder)
        else:
            sys.path.insert(0, folder)
        discovery.installed.cache_clear()

    client.run(upgrade, str(newer.parent))
    try:
        with pytest.raises(WorkerDiffers) as caught:
            decide(client, whole, tmp_path / "out")
    finally:
        client.run(upgrade, str(newer.parent), back=True)
    told = str(caught.value)
    assert told.startswith("worker tcp://127.0.0.1:")
    assert f"215066: caller {own.label}; worker {own.distribution} 9.9" in told
    assert list((tmp_path / "out" / "results").iterdir()) == []
    assert decide(client, whole, tmp_path / "out").counts.rows == HOUSEHOLDS  # by the right ones


def test_the_command_and_codes_in_the_names_of_folders(client, tmp_path: Path) -> None:
    codes = {"215066": 3, "215074": 2, "215099": 1}
    for code, number in codes.items():
        folder = tmp_path / "bills" / f"code={code}"
        folder.mkdir(parents=True)
        volumes = list(range(10, 10 + number))
        table = pa.table(
            {"use": ["家事用"] * number, "meter_size": [13] * number, "volume": volumes, "months": [1] * number}
        )
        pq.write_table(table, folder / "a.parquet")
    output = tmp_path / "out"
    address = client.scheduler_info()["address"]
    arguments = ["cluster", "water.supply", str(tmp_path / "bills"), str(output), "--on", "2023-05-10"]
    result = CliRunner().invoke(cli, [*arguments, "--code", "code", "--cluster", address])
    assert result.exit_code == SET_ASIDE, result.stderr
    assert "6 rows: 3 decided, 2 refused, 1 set_aside; 3 partitions, 0 of an earlier run" in result.stderr
    tables = [ds.dataset(tmp_path / "bills" / f"code={code}").to_table() for code in sorted(codes)]
    named = [
        table.append_column("code", pa.array([code] * table.num_rows))
        for code, table in zip(sorted(codes), tables, strict=True)
    ]
    wanted = decide_table(BOOK, "water.supply", pa.concat_tables(named), on=date(2023, 5, 10), code="code")
    assert ds.dataset(output / "results").to_table().to_pylist() == wanted.results.to_pylist()
    assert ds.dataset(output / "rejects").to_table().to_pylist() == wanted.rejects.to_pylist()
    result = CliRunner().invoke(cli, [*arguments, "--cluster", address])
    assert (result.exit_code, "--in CODE|NAME, or --code" in result.stderr) == (2, True)


def test_nothing_is_heard_beyond_this_machine(client) -> None:
    own = psutil.Process()
    processes = [own, *(psutil.Process(pid) for pid in client.run(os.getpid).values())]
    hosts = {
        each.laddr.ip
        for process in processes
        for each in process.net_connections()
        if each.status == psutil.CONN_LISTEN
    }
    assert hosts == {"127.0.0.1"}
