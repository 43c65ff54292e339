"""What municipalities publish of child and disability allowances and certificates comes out as printed, with the score."""

from pathlib import Path

import pytest

from munirules import Rulebook
from munirules.checking import load_cases, run_case

FILES = sorted(Path(__file__).with_name("data").glob("*.toml"))
OURS = (
    "child_allowance",
    "child_rearing",
    "special_child_rearing",
    "disability_allowances",
    "disability_cert",
    "payments",
)
CASES = [case for file in FILES if file.stem.startswith(OURS) for case in load_cases(file)]


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.of("岐阜市")


def test_every_published_allowance_comes_out_as_printed(book, scored):
    results = [run_case(case, book) for case in CASES]
    scored("child and disability allowances, certificates", results)
    assert len(results) >= 85


@pytest.mark.parametrize("case", [case for case in CASES if "合計" in case.name], ids=str)
def test_printed_sums_are_the_sum_of_the_children(book, case):
    outcome = run_case(case, book).outcome
    assert outcome is not None
    assert sum(child.amount for child in outcome.result) == int(case.name.rpartition(" ")[2])


def test_every_case_says_what_it_takes_for_granted():
    assert [
        str(case) for case in CASES if not case.assumed and not case.decision.startswith("welfare.disability_cert")
    ] == []
