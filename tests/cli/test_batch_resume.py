"""A run of `munirules batch` that is killed, and gone on with."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from munirules.cli.batch import SET_ASIDE
from munirules.tables.files.csvfile import CsvFile

RENT = "housing.monthly_rent"
COMMON = ("--in", "999997", "--on", "2021-04-01", "--table", "tenants=tenants.csv")
HOUSEHOLDS = 300

# Small parts and a mark after each, and an end without warning after some of them.
KILLED = """
import os, signal, sys
from munirules.cli import main
from munirules.tables.files import journal, run
from munirules.tables.files.csvfile import CsvFile

after, *arguments = sys.argv[1:]
CsvFile.block, run.MARK_EVERY = 400, 0.0
marks, mark = [], journal.Journal.mark

def marked(self, given):
    mark(self, given)
    marks.append(given)
    if len(marks) == int(after) or (given.whole and int(after) < 0):
        os.kill(os.getpid(), signal.SIGKILL)

journal.Journal.mark = marked
sys.argv = ["munirules", *arguments]
main()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Households of which one in seven cannot be decided, and members of which one in eleven cannot be read."""
    monkeypatch.chdir(tmp_path)
    houses = [f"{n:04d},{n % 90 + 10 if n % 7 else 'x'},false" for n in range(HOUSEHOLDS)]
    Path("houses.csv").write_text("\n".join(["key,floor_area,Excess", *houses]), encoding="utf-8")
    tenants = [
        f"{n:04d},{member},S55.4.1,{900000 if n % 11 else 'y'}," + ("" if n % 50 else ",ragged")
        for n in range(HOUSEHOLDS)
        for member in "ab"[: n % 3]
    ]
    head = "key,id,born_on,Income.amount,Disability.grade"
    Path("tenants.csv").write_text("\n".join([head, *tenants]), encoding="utf-8")
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def batch(folder, process, run, monkeypatch: pytest.MonkeyPatch):
    """Run a batch in small parts; in a process of its own where it is to be killed after so many marks (-1: the last)."""
    monkeypatch.setattr(CsvFile, "block", 400)

    def start(output: str, *options: str, kill: int = 0, source: str = "houses.csv") -> tuple[int, str]:
        arguments = ("batch", RENT, source, output, *COMMON, *options)
        if kill:
            done = process("-c", KILLED, str(kill), *arguments)
            return done.returncode, done.stderr
        result = run(*arguments)
        return result.exit_code, result.stderr

    return start


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_run_that_is_killed_is_gone_on_with_to_the_same_bytes(folder, batch, suffix: str) -> None:
    whole = batch(f"whole.{suffix}", "--rejects", "whole-rejects.csv")
    assert whole[0] == SET_ASIDE, whole[1]
    before = files(folder)
    name, options = f"out.{suffix}", ("--rejects", "rejects.csv")
    killed = batch(name, *options, kill=2)
    assert killed[0] == -signal.SIGKILL
    assert files(folder) == sorted([*before, f".{name}.journal", f".{name}.partial", ".rejects.csv.partial"])
    again = batch(name, *options, "--resume", kill=3)  # killed once more, later on
    assert again[0] == -signal.SIGKILL
    marks = [json.loads(line) for line in Path(f".{name}.journal").read_text(encoding="utf-8").splitlines()][1:]
    assert len(marks) == 5
    assert [mark["told"]["rows"] for mark in marks] == sorted(mark["told"]["rows"] for mark in marks)
    done = batch(name, *options, "--resume")
    assert done[0] == SET_ASIDE, done[1]
    assert Path(name).read_bytes() == Path(f"whole.{suffix}").read_bytes()
    assert Path("rejects.csv").read_bytes() == Path("whole-rejects.csv").read_bytes()
    assert done[1].splitlines()[:2] == whole[1].splitlines()[:2]
    assert files(folder) == sorted([*before, name, "rejects.csv"])


def test_a_run_that_is_killed_when_all_but_the_names_is_done(folder, batch) -> None:
    batch("whole.csv", "--rejects", "whole-rejects.csv")
    killed = batch("out.csv", "--rejects", "rejects.csv", kill=-1)
    assert killed[0] == -signal.SIGKILL
    last = Path(".out.csv.journal").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["whole"]
    Path(".rejects.csv.partial").rename("rejects.csv")  # as when it is killed between the two names
    done = batch("out.csv", "--rejects", "rejects.csv", "--resume")
    assert done[0] == SET_ASIDE, done[1]
    assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes()
    assert Path("rejects.csv").read_bytes() == Path("whole-rejects.csv").read_bytes()


def test_without_resume_a_run_begins_anew(batch) -> None:
    batch("whole.csv")
    batch("out.csv", kill=2)
    assert batch("out.csv")[0] == SET_ASIDE
    assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes()


def changed_house() -> tuple[str, ...]:
    text = Path("houses.csv").read_text(encoding="utf-8")
    Path("houses.csv").write_text(text + "\n9999,50,false", encoding="utf-8")
    return ()


def changed_tenant() -> tuple[str, ...]:
    text = Path("tenants.csv").read_text(encoding="utf-8")
    Path("tenants.csv").write_text(text.replace("S55.4.1", "S55.4.2", 1), encoding="utf-8")
    return ()


CHANGES = [
    (changed_house, "inputs was"),
    (changed_tenant, "inputs was"),
    (lambda: ("--known", "2021-01-01"), 'known was "None", is "2021-01-01"'),
    (lambda: ("--rejects", "rejects.csv"), "options was"),
]


@pytest.mark.parametrize(("change", "told"), CHANGES)
def test_another_run_is_not_gone_on_with(batch, change, told: str) -> None:
    batch("out.csv", kill=2)
    kept = Path(".out.csv.partial").read_bytes()
    refused = batch("out.csv", *change(), "--resume")
    assert refused[0] == 2
    assert "the earlier run was another one: " in refused[1]
    assert told in refused[1]
    assert Path(".out.csv.partial").read_bytes() == kept
    assert not Path("out.csv").exists()


def test_rules_that_changed_are_not_gone_on_with(batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enactments = tmp_path / "added"
    enactments.mkdir()
    law = 'title = "改正条例"\namends = "架空市営住宅条例"\nkind = "ordinance"\njurisdiction = "999997"\n'
    law += 'source = "https://city.kaku.lg.jp/x"\nread_on = 2026-11-20\ncitation = "附則"\n'
    law += "[[version]]\nsince = 2025-04-01\n[version.RentRates]\nper_square = 30\n"
    enactments.joinpath("housing.toml").write_text(law, encoding="utf-8")
    killed = batch("out.csv", "--enactments", "added", kill=2)
    assert killed[0] == -signal.SIGKILL, killed[1]
    enactments.joinpath("housing.toml").write_text(law.replace("30", "31"), encoding="utf-8")
    refused = batch("out.csv", "--enactments", "added", "--resume")
    assert refused[0] == 2
    assert "rules was" in refused[1]


def test_a_query_is_not_gone_on_with(batch) -> None:
    refused = batch("out.csv", "--resume", "--query", "select 1 as key, 1 as floor_area", source="duckdb:")
    assert refused[0] == 2
    assert "a query may answer otherwise the next time" in refused[1]


def test_a_journal_that_was_cut_off_holds_as_far_as_it_goes(batch) -> None:
    batch("whole.csv")
    batch("out.csv", kill=3)
    journal = Path(".out.csv.journal")
    journal.write_bytes(journal.read_bytes()[:-10])
    assert batch("out.csv", "--resume")[0] == SET_ASIDE
    assert Path("out.csv").read_bytes() == Path("whole.csv").read_bytes()


def test_two_runs_cannot_write_one_output(folder, batch) -> None:
    fcntl = pytest.importorskip("fcntl")
    with Path(".out.csv.journal").open("a+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        refused = batch("out.csv")
    assert refused[0] == 2
    assert "another run is writing this output" in refused[1]
