"""What a run on a cluster is made of: files that fit, households that are whole, rules that are the same, folders that are right."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from distributed import Client, KilledWorker, LocalCluster

from munirules import Rulebook
from munirules.cli.root import cli
from munirules.engine.provisions import NotInForce
from munirules.engine.rulebook import Rulebook as EngineRulebook
from munirules.errors import MissingExtra
from munirules.plugins.discovery import Installed, installed
from munirules.plugins.jurisdictions import municipalities
from munirules.tables import (
    ClusterError,
    Split,
    TableError,
    WorkerDiffers,
    decide_dataset,
    decide_table,
    grounds,
)
from munirules.tables.cluster import client as clusters
from munirules.tables.cluster import task
from munirules.tables.cluster.dataset import files_of, hashes_of, inspect, owners, same_kinds, schema_of
from munirules.tables.cluster.order import Order
from munirules.tables.cluster.output import Output, written
from munirules.tables.grounds import Ground, compare, grounds_of

WATER, ON = "water.supply", date(2026, 6, 10)
BOOK = Rulebook.of("白川町")
HERE: dict[str, Any] = dict.fromkeys(("dashboard_address", "worker_dashboard_address"), "127.0.0.1:0") | {
    "processes": False
}


@pytest.fixture(scope="module")
def near():
    """A worker in this process: what is told here needs no other."""
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, **HERE) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


def bills(folder: Path, *volumes: list[int], **columns: Any) -> Path:
    """A dataset of water bills, a file for each list of volumes."""
    folder.mkdir(parents=True)
    for number, own in enumerate(volumes):
        table = {"use": ["家事用"] * len(own), "meter_size": [13] * len(own), "volume": own, "months": [1] * len(own)}
        made = pa.table(table | {name: [value] * len(own) for name, value in columns.items()})
        pq.write_table(made, folder / f"{number}.parquet")
    return folder


def files(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in output.rglob("*") if path.is_file()}


# Files and keys.


def test_files_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.parquet", "a/2.parquet", "a/10.parquet", "_tmp/x.parquet", ".x.parquet", "a/_SUCCESS", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert files_of(tmp_path, "") == ["a/10.parquet", "a/2.parquet", "b.parquet"]
    assert files_of(tmp_path / "b.parquet", "") == [""]
    (tmp_path / "empty").mkdir()
    with pytest.raises(TableError, match=r"tables\['members'\] .*/c: there is no such folder"):
        files_of(tmp_path / "c", "members")
    with pytest.raises(TableError, match=r"no file \*.parquet is in the folder"):
        files_of(tmp_path / "empty", "")


@pytest.mark.parametrize(
    "keys",
    [
        pa.array([0, 1, -1, 2**62, 7, 8, 9]),
        pa.array(["", "a", "b", "ab", "ba", "世帯1", "世帯10", "a" * 300]),
        pa.array([f"{number:08d}" for number in range(5000)]),
        pa.array(list(range(5000))),
    ],
    ids=["whole numbers", "texts", "many texts", "many numbers"],
)
def test_equal_keys_have_equal_hashes_and_others_have_not(keys: pa.Array) -> None:
    found = hashes_of(keys)
    assert len(set(found.tolist())) == len(keys)
    assert np.array_equal(hashes_of(pa.concat_arrays([keys, keys])[3:]), np.concatenate([found, found])[3:])
    counts = np.bincount((found % np.uint64(4)).astype(int), minlength=4)
    assert len(keys) < 100 or counts.min() > 0.9 * len(keys) / 4


def told(*files: list[Any]) -> list[dict[str, Any]]:
    return [{"hashes": np.unique(hashes_of(pa.array(keys, pa.int64()))).tobytes()} for keys in files]


def test_files_of_parts_go_with_the_file_that_holds_their_rows() -> None:
    paths = {"": ["m0", "m1", "m2"], "members": ["p0", "p1", "p2", "p3"]}
    main = told([1, 2], [3, 4], [])
    assert owners(main, {"members": told([4, 3, 3], [2, 99], [77], [])}, paths) == {"members": [1, 0, 0, 0]}
    with pytest.raises(Split, match=r"tables\['members'\]: p1 holds parts of rows in m0 and m1"):
        owners(main, {"members": told([1], [2, 3], [], [])}, paths)
    with pytest.raises(Split, match="one key stands in m0 and in m2"):
        owners(told([1, 2], [3], [2, 2]), {"members": told([1], [], [], [])}, paths)
    assert owners(told([], [], []), {"members": told([1], [], [], [])}, paths) == {"members": [0, 0, 0, 0]}


def test_files_of_other_columns_and_keys_of_other_types_are_refused(tmp_path: Path) -> None:
    schemas = [pa.schema([("a", pa.int64()), ("b", pa.null())]), pa.schema([("b", pa.string()), ("a", pa.int64())])]
    assert schema_of("", ["x", "y"], schemas) == pa.schema([("a", pa.int64()), ("b", pa.string())])
    with pytest.raises(TableError) as caught:
        schema_of("members", ["x", "y"], [schemas[0], pa.schema([("a", pa.string())])])
    assert caught.value.problems == (
        "tables['members']: column 'a' is int64 in x, but string in y",
        "tables['members']: y has no column 'b', which other files have",
    )
    kinds = {"": [{"kind": "int64"}, {"kind": ""}], "members": [{"kind": "string"}]}
    with pytest.raises(TableError, match=r"keys are int64 in the dataset, but string in tables\['members'\]; cast one"):
        same_kinds(kinds)
    path = tmp_path / "code=01100%2F2" / "x.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"key": [1.5]}), path)
    assert inspect(str(tmp_path), "code=01100%2F2/x.parquet", "", "code")["codes"] == ["01100/2"]
    answer = task.inspect_file(str(tmp_path), "code=01100%2F2/x.parquet", "key", "code")
    assert (answer["error"], "keys are whole numbers or texts" in answer["why"]) == ("data", True)
    path.write_bytes(b"PAR1")
    assert task.inspect_file(str(tmp_path), "code=01100%2F2/x.parquet", "key", "")["error"] == "data"
    assert task.inspect_file(str(tmp_path), "gone.parquet", "key", "")["error"] == "system"


# What the rules rest on.


def test_what_differs_is_told_with_both_sides_versions() -> None:
    own = grounds_of(BOOK)
    assert set(own) == {"munirules", "000000", "210005", "215066"}
    compare(own, own, "worker w")
    other = {
        **own,
        "215066": attrs.evolve(own["215066"], label="munirules-gifu 0.2", data="f" * 32),
        "x": Ground("y 1", "", ""),
    }
    del other["210005"]
    with pytest.raises(WorkerDiffers) as caught:
        compare(own, other, "worker w")
    label, data = own["215066"].label, own["215066"].data[:8]
    assert str(caught.value).splitlines() == [
        "worker w does not rest on what the caller rests on; install the same versions and restart it:",
        f"210005: caller {own['210005'].label}, worker has none",
        f"215066: caller {label}, data {data}; worker munirules-gifu 0.2, data ffffffff",
        "x: caller has none, worker y 1",
    ]


def test_rules_that_changed_under_a_running_worker_are_not_trusted(monkeypatch) -> None:
    own = {"215066": Ground("p 1", "d", "new")}
    monkeypatch.setattr(grounds, "_running", {"215066": "old"})
    with pytest.raises(
        WorkerDiffers, match="worker w: rules were changed while it was running; restart it:\n215066: p 1"
    ):
        compare(own, own, "worker w")


def test_every_change_of_data_or_rules_shows(tmp_path: Path, monkeypatch) -> None:
    folder = tmp_path / "enactments"
    folder.mkdir()
    book = Rulebook.of("白川町", enactments=folder)
    before = grounds_of(book)[str(folder)]
    (folder / "water.toml").write_text("# a word\n", encoding="utf-8")
    after = grounds_of(book)[str(folder)]
    assert (before.rules, before.label) == (after.rules, after.label)
    assert before.data != after.data
    plugin: Any = next(plugin for name, plugin in book.chain.manager.list_name_plugin() if name == "215066")
    package = tmp_path / "package"
    shutil.copytree(plugin.path, package / "town")
    monkeypatch.setattr(plugin, "path", package / "town")
    before = grounds_of(book)["215066"]
    (package / "helper.py").write_text("1\n")  # beside the folder: rules may call it
    after = grounds_of(book)["215066"]
    assert before.data == after.data == grounds_of(BOOK)["215066"].data
    assert before.rules != after.rules
    assert set(grounds_of(BOOK, every=True)) == {"munirules", *(each.code for each in installed())}


def test_a_module_with_hooks_is_a_ground_too(tmp_path: Path) -> None:
    def ground(name: str) -> Ground:
        module = SimpleNamespace(__file__=str(tmp_path / "hooks.py"), __name__=name)
        manager = SimpleNamespace(list_name_plugin=lambda: [("999999", module)])
        chain = SimpleNamespace(manager=manager, plugin=lambda code: (module, f"hooks of {code} 2.0"))
        return grounds_of(SimpleNamespace(chain=chain))["999999"]

    (tmp_path / "hooks.py").write_text("")
    alone, inside = ground("hooks"), ground("package.hooks")
    assert alone.label == "hooks of 999999 2.0"
    (tmp_path / "beside.py").write_text("")
    assert ground("hooks") == alone
    assert ground("package.hooks").rules != inside.rules
    (tmp_path / "hooks.py").write_text("1")
    assert ground("hooks").rules != alone.rules


def test_a_plugin_that_cannot_be_opened_stops_nobody(monkeypatch) -> None:
    broken = Installed(code="999999", value="no_such_package:town", distribution="broken", version="1")
    module = attrs.evolve(broken, code="999998", value="no_such_package.hooks")
    monkeypatch.setattr(grounds, "installed", lambda: (broken, module))
    found = grounds_of(BOOK, every=True)
    assert found["999999"] == found["999998"] == Ground("broken 1", "", "")


def test_rulebooks_that_workers_cannot_open_again_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"was not opened by Rulebook.of cannot be opened again by workers"):
        decide_dataset(EngineRulebook(BOOK.chain), WATER, tmp_path, tmp_path / "out", on=ON)
    chain = BOOK.area("water").chain
    with (
        BOOK.amended("water", chain),
        pytest.raises(TableError, match="from other enactments than its plugins' for a while"),
    ):
        decide_dataset(BOOK, WATER, tmp_path, tmp_path / "out", on=ON)
    assert not BOOK.is_amended


# Calls and folders.


def test_what_is_wrong_with_a_call_is_told_before_anybody_works(near, tmp_path: Path) -> None:
    data, output = bills(tmp_path / "bills", [1, 2], [3], volum=1), tmp_path / "out"
    with pytest.raises(TableError, match=r"volum.*did you mean 'volume'"):
        decide_dataset(BOOK, WATER, data, output, on=ON, client=near)
    with pytest.raises(NotInForce):
        decide_dataset(BOOK, WATER, data, output, on=date(1900, 1, 1), client=near, ignore=["volum"])
    assert not output.exists()
    outcome = decide_dataset(BOOK, WATER, data, output, on=ON, client=near, ignore=["volum"])
    assert repr(outcome) == f"<DatasetOutcome 3 rows: 3 decided; 2 partitions in {output}>"
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").touch()
    with pytest.raises(TableError, match="is not empty, and no run of munirules wrote it"):
        decide_dataset(BOOK, WATER, data, other, on=ON, client=near, ignore=["volum"])


def test_a_task_that_runs_again_leaves_one_part(near, tmp_path: Path) -> None:
    data, output = bills(tmp_path / "bills", [1, -2], [3]), tmp_path / "out"
    outcome = decide_dataset(BOOK, WATER, data, output, on=ON, client=near)
    kept = files(output)
    digest = json.loads((output / "_run.json").read_text(encoding="utf-8"))["digest"]
    assert task.decide_part(str(output), digest, 0)["done"]["counts"]["set_aside"] == 1
    for path in (output / "_parts").iterdir():
        path.unlink()
    for _ in range(2):
        task.decide_part(str(output), digest, 0)
        task.decide_part(str(output), digest, 1)
    assert files(output) == kept
    assert outcome.results.count_rows() == 2
    assert "another run there" in task.decide_part(str(output), "0" * 32, 0)["why"]
    assert "sees no run there" in task.decide_part(str(tmp_path), digest, 0)["why"]


def test_input_that_changes_meanwhile_is_refused(near, tmp_path: Path, monkeypatch) -> None:
    data, output = bills(tmp_path / "bills", [1, 2], [3]), tmp_path / "out"
    begin = Output.begin

    def changed(self: Output, run: Any) -> None:
        begin(self, run)
        pq.write_table(pq.read_table(data / "1.parquet").slice(1), data / "1.parquet")

    monkeypatch.setattr(Output, "begin", changed)
    with pytest.raises(TableError, match=r"bills/1.parquet: was changed while the run was at it"):
        decide_dataset(BOOK, WATER, data, output, on=ON, client=near)
    assert not (output / "_SUCCESS").exists()


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with pytest.raises(ZeroDivisionError), written(path) as file:
        file.write(b"%d" % (1 // 0))
    assert list(tmp_path.iterdir()) == []
    with written(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_what_no_part_wrote_is_told_and_what_was_cut_off_is_removed(near, tmp_path: Path) -> None:
    data, output = bills(tmp_path / "bills", [1]), tmp_path / "out"
    decide_dataset(BOOK, WATER, data, output, on=ON, client=near)
    (output / "results" / ".part.parquet.1.tmp").touch()
    (output / "_SUCCESS").unlink()
    assert decide_dataset(BOOK, WATER, data, output, on=ON, client=near).found == 1
    assert len(list((output / "results").iterdir())) == 1
    (output / "results" / "strange.parquet").touch()
    (output / "_SUCCESS").write_text("0")
    with pytest.raises(TableError, match=r"no part of this run wrote strange.parquet; remove it"):
        decide_dataset(BOOK, WATER, data, output, on=ON, client=near)
    assert not (output / "_SUCCESS").exists()


def test_an_order_is_the_same_when_read_again(near, tmp_path: Path) -> None:
    data, output = bills(tmp_path / "bills", [1, 2], [3]), tmp_path / "out"
    decide_dataset(BOOK, WATER, data, output, on=ON, client=near)
    plain = json.loads((output / "_run.json").read_text(encoding="utf-8"))
    assert Order.of(plain).plain == plain
    moved = data.rename(tmp_path / "elsewhere")
    assert decide_dataset(BOOK, WATER, moved, output, on=ON, client=near).found == 2


AMENDMENT = """
title = "架空の改正"
kind = "ordinance"
jurisdiction = "215066"
source = "https://example.com/"
read_on = 2026-06-01
amends = "{title}"
[[version]]
since = 2026-04-01
[version.WaterTariff]
round_total = 1000
"""


def test_a_folder_of_enactments_goes_along(near, tmp_path: Path) -> None:
    folder = tmp_path / "enactments"
    folder.mkdir()
    title = BOOK.area("water").chain[0].enactments[0].title
    (folder / "water.toml").write_text(AMENDMENT.format(title=title), encoding="utf-8")
    data = bills(tmp_path / "bills", [20], [30])
    book = Rulebook.of("白川町", enactments=folder)
    outcome = decide_dataset(book, WATER, data, tmp_path / "out", on=ON, client=near)
    assert [total % 1000 for total in outcome.results.to_table()["total"].to_pylist()] == [0, 0]
    (folder / "water.toml").write_text(AMENDMENT.format(title=title).replace("1000", "100"), encoding="utf-8")
    book = Rulebook.of("白川町", enactments=folder)
    with pytest.raises(TableError, match=r"another run \(grounds .*enactments data was"):
        decide_dataset(book, WATER, data, tmp_path / "out", on=ON, client=near)


# Facts that one town alone asks for.

LOCAL = '''
from munirules import Yen, facts
from munirules.law.water.supply import water_bill
from munirules.models.fields import yen


@facts(title="見舞")
class Solace:
    """What the town gives back."""

    amount: int = yen("額")


@water_bill.replaces("total", law="附則")
def total(subtotal: int, solace: Solace) -> Yen:
    """The bill without what is given back."""
    return subtotal // 100 - solace.amount
'''


def test_a_fact_of_one_town_may_be_a_column_of_every_partition(near, tmp_path: Path, monkeypatch) -> None:
    body = next(each for each in municipalities() if each.code not in {plugin.code for plugin in installed()})
    town = tmp_path / "site" / "munirules_solace" / "town"
    town.mkdir(parents=True)
    (town.parent / "__init__.py").touch()
    own = next(plugin for plugin in installed() if plugin.code == "215066").folder()
    text = (own / "water.toml").read_text(encoding="utf-8").replace('"215066"', f'"{body.code}"')
    (town / "water.toml").write_text(text, encoding="utf-8")
    (town / "water.py").write_text(LOCAL, encoding="utf-8")
    info = tmp_path / "site" / "munirules_solace-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: munirules-solace\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[munirules]\n{body.code} = munirules_solace:town\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    installed.cache_clear()
    try:
        for code in ("215066", body.code):
            bills(tmp_path / "bills" / f"code={code}", [20, 30], **{"Solace.amount": 100})
        data = pa.concat_tables(
            pq.read_table(path, partitioning=None).append_column("code", pa.array([path.parent.name[5:]] * 2))
            for path in sorted((tmp_path / "bills").rglob("*.parquet"))
        )
        outcome = decide_dataset(BOOK, WATER, tmp_path / "bills", tmp_path / "out", on=ON, client=near, code="code")
        wanted = decide_table(BOOK, WATER, data, on=ON, code="code")
        assert outcome.counts == wanted.counts
        assert wanted.counts.decided == 4
        assert outcome.results.to_table().to_pylist() == wanted.results.to_pylist()
    finally:
        installed.cache_clear()


# Clusters that are none.


def test_clusters_that_cannot_do_it(monkeypatch) -> None:
    monkeypatch.setattr(clusters, "_SECONDS", 0.3)
    with pytest.raises(ClusterError, match=r"'local:x': write local:4"), clusters.connected("local:x"):
        pass
    with pytest.raises(ClusterError, match=r"no scheduler answers there"), clusters.connected("tcp://127.0.0.1:9"):
        pass
    with (
        LocalCluster(n_workers=0, **HERE) as cluster,
        Client(cluster, set_as_default=False) as client,
        pytest.raises(ClusterError, match=f"{cluster.scheduler_address}: the scheduler has no workers"),
        clusters.connected(client),
    ):
        pass


def test_workers_that_cannot_be_used_are_told_in_words() -> None:
    def failing(error: Exception) -> Any:
        def result() -> None:
            raise error

        return SimpleNamespace(result=result)

    died = KilledWorker("decide_part-1", SimpleNamespace(address="tcp://127.0.0.1:1"), 3)
    with pytest.raises(ClusterError, match="workers died again and again at one task"):
        clusters._answer(failing(died))
    with pytest.raises(ClusterError, match=r"a worker lacks what it needs .*install munirules\[cluster\]"):
        clusters._answer(failing(ModuleNotFoundError("No module named 'munirules'")))
    answers = {"worker": WorkerDiffers, "system": ClusterError, "data": TableError}
    for error, kind in answers.items():
        with pytest.raises(kind, match=r"^why$"):
            clusters._answer(SimpleNamespace(result=lambda error=error: {"error": error, "why": "why"}))


@pytest.mark.parametrize("missing", ["distributed", "pyarrow"])
def test_without_the_extra_it_says_what_to_install(monkeypatch, missing: str) -> None:
    for name in [name for name in sys.modules if name.startswith("munirules.tables")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    tables = importlib.import_module("munirules.tables")
    with pytest.raises(MissingExtra, match=rf'decide_dataset .*{missing}.*install "munirules\[cluster\]"'):
        _ = tables.decide_dataset
    result = CliRunner().invoke(cli, ["cluster", WATER, "in", "out", "--in", "白川町", "--on", "2026-06-10"])
    assert (result.exit_code, "munirules[cluster]" in result.stderr) == (2, True)
