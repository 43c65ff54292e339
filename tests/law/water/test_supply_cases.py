"""The published examples of water supply, of every plugin in the repository and of excerpts, with the score."""

from pathlib import Path

import pytest
from tests.law.published import folders, none_reproduced, not_reproduced

from munirules.checking import Verdict, load_cases, run_case
from munirules.law.water.supply import WaterUse
from munirules.plugins.rulebook import Rulebook

EXCERPTS = Path(__file__).with_name("excerpts")
NOT_REPRODUCED = Path(__file__).with_name("not_reproduced_supply.toml")


@pytest.fixture(scope="module")
def results():
    """Of plugins, and of excerpts of towns whose tariff could not be read in full."""
    cases = [case for folder in (*folders(), *EXCERPTS.iterdir()) for case in load_cases(folder)]
    return [run_case(case) for case in cases if case.decision.startswith("water.supply")]


def test_every_published_example_comes_out_as_printed(results, scored):
    published = [result.verdict for result in results if result.case.printed]
    listed = not_reproduced(NOT_REPRODUCED)
    told = (
        f"{published.count(Verdict.RIGHT)} right, {published.count(Verdict.MISPRINT)} misprints, {len(listed)} listed; "
        f"{len(results) - len(published)} more from the tables"
    )
    scored("water supply", results, told)
    assert len(published) >= 205


def test_what_is_not_reproduced_says_why(results):
    none_reproduced(NOT_REPRODUCED, results)


def test_what_could_not_be_verified_is_said(results):
    """Every bill of an excerpt, or of a version without its own start date, says what is not verified."""
    silent = {
        result.case.jurisdiction
        for result in results
        if result.outcome is not None and result.outcome.decided and not result.outcome.unverified
    }
    assert not silent


@pytest.mark.parametrize(
    ("town", "volume", "months"),
    [
        ("筑後市", 51, [26, 25]),
        ("みどり市", 55, [27, 28]),
        ("飯山市", 51, [26, 25]),
        ("吉富町", 41, [20, 21]),
        ("熊本市", 71, [36, 35]),
    ],
)
def test_the_odd_cubic_metre_falls_to_the_month_that_the_page_says(town, volume, months, results):
    on = next(r.case.on for r in results if r.outcome is not None and r.outcome.jurisdiction.name == town)
    area = "上水道" if town == "飯山市" else ""
    use = "家庭用" if town == "吉富町" else "一般用"
    outcome = Rulebook.of(town).decide(
        "water.supply", WaterUse(area=area, use=use, meter_size=13, volume=volume, months=2), on=on
    )
    assert [span.volume for step in outcome.trace if step.rule == "spans" for span in step.value] == months
