"""The published examples of every plugin in the repository, for sewerage and what goes with it, with the score."""

from pathlib import Path

import pytest
from tests.law.published import examples, none_reproduced

from munirules.checking import run_case

DECISIONS = {
    "water.sewer",
    "water.sewer_volume",
    "water.contribution",
    "water.contribution_plan",
    "water.joining_fee",
}
NOT_REPRODUCED = Path(__file__).with_name("not_reproduced_sewer.toml")


@pytest.fixture(scope="module")
def results():
    return [run_case(case) for case in examples(DECISIONS)]


def test_every_published_example_comes_out_as_printed(results, scored):
    scored("sewer, contributions, joining fees", results)
    assert len(results) >= 200


def test_what_is_not_reproduced_says_why(results):
    none_reproduced(NOT_REPRODUCED, results)
