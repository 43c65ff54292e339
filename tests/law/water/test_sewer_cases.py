"""The published examples of every plugin in the repository, for sewerage and what goes with it, with the score."""

import sys
import tomllib
from pathlib import Path

import pytest

from munirules.checking import Case, load_cases, run_case, score

ROOT = Path(__file__).parents[3]
DECISIONS = {
    "water.sewer",
    "water.sewer_volume",
    "water.contribution",
    "water.contribution_plan",
    "water.joining_fee",
}
NOT_REPRODUCED = Path(__file__).with_name("not_reproduced_sewer.toml")


def cases() -> list[Case]:
    folders = sorted({path.parents[1] for path in ROOT.glob("plugins/*/src/**/cases/*.toml")})
    return [case for folder in folders for case in load_cases(folder) if case.decision in DECISIONS]


@pytest.fixture(scope="module")
def results():
    return [run_case(case) for case in cases()]


def test_every_published_example_comes_out_as_printed(results, record_testsuite_property, capsys):
    wrong = [f"{result.case.where}: {'; '.join(result.differences)}" for result in results if not result.passed]
    told = score(results)
    record_testsuite_property("sewer examples", told)
    with capsys.disabled():
        sys.stdout.write(f"\nsewer, contributions, joining fees: {told}\n")
    assert not wrong
    assert len(results) >= 200


def test_what_is_not_reproduced_says_why(results):
    listed = tomllib.loads(NOT_REPRODUCED.read_text(encoding="utf-8"))["example"]
    assert all(set(example) == {"place", "source", "printed", "reason"} for example in listed)
    assert all(all(example.values()) for example in listed)
    reproduced = {(result.case.source, result.case.printed) for result in results}
    assert not reproduced & {(example["source"], example["printed"]) for example in listed}
