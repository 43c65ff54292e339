"""What municipalities publish of certificates, kiosks, dogs, night soil and cremation comes out as printed, with the score."""

from pathlib import Path

import pytest
from tests.law.published import examples, none_reproduced

from munirules.checking import run_case

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


@pytest.fixture(scope="module")
def results():
    return [run_case(case) for case in examples(DECISIONS)]


def test_every_published_fee_comes_out_as_printed(results, scored):
    scored("certificates, kiosks, dogs, night soil, cremation", results)
    assert len(results) >= 240
    assert {result.case.decision for result in results} == DECISIONS


def test_what_is_not_reproduced_says_why(results):
    none_reproduced(NOT_REPRODUCED, results)
