"""What municipalities publish of certificates, kiosks, dogs, night soil and cremation comes out as printed, with the score."""

import sys
import tomllib
from pathlib import Path

import pytest

from munirules.checking import Case, load_cases, run_case, score

ROOT = Path(__file__).parents[3]
DECISIONS = {
    "fees.certificate_fee",
    "fees.certificates",
    "fees.kiosk_fee",
    "fees.kiosk",
    "fees.dogs",
    "fees.night_soil",
    "fees.cremation",
}
NOT_REPRODUCED = Path(__file__).with_name("not_reproduced.toml")


def cases() -> list[Case]:
    folders = sorted({path.parents[1] for path in ROOT.glob("plugins/*/src/**/cases/*.toml")})
    return [case for folder in folders for case in load_cases(folder) if case.decision in DECISIONS]


@pytest.fixture(scope="module")
def results():
    return [run_case(case) for case in cases()]


def test_every_published_fee_comes_out_as_printed(results, record_testsuite_property, capsys):
    wrong = [f"{result.case.where}: {'; '.join(result.differences)}" for result in results if not result.passed]
    told = score(results)
    record_testsuite_property("examples of fees", told)
    with capsys.disabled():
        sys.stdout.write(f"\ncertificates, kiosks, dogs, night soil, cremation: {told}\n")
    assert not wrong
    assert len(results) >= 240
    assert {result.case.decision for result in results} == DECISIONS


def test_what_is_not_reproduced_says_why(results):
    listed = tomllib.loads(NOT_REPRODUCED.read_text(encoding="utf-8"))["example"]
    assert all(set(example) == {"place", "source", "printed", "reason"} for example in listed)
    assert all(all(example.values()) for example in listed)
    reproduced = {(result.case.source, result.case.printed) for result in results}
    assert not reproduced & {(example["source"], example["printed"]) for example in listed}
