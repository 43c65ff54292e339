"""A town whose rule is truly local: a folder with `water.toml` and `water.py` beside it (豊明市)."""

from pathlib import Path

import pytest

from munirules.checking import load_cases, run_case
from munirules.plugins.folder import FolderPlugin
from munirules.plugins.jurisdictions import by_code
from munirules.plugins.rulebook import Chain, Rulebook

FOLDER = Path(__file__).with_name("toyoake")


@pytest.fixture(scope="module")
def book():
    plugin = FolderPlugin("232297", FOLDER, module="tests.law.water.toyoake", label="toyoake 0")
    return Rulebook(Chain(by_code("232297"), plugin))


def decided(book):
    outcome = run_case(load_cases(FOLDER)[0], book).outcome
    assert outcome is not None
    return outcome


@pytest.mark.parametrize("case", load_cases(FOLDER), ids=str)
def test_a_period_over_a_change_is_charged_by_both_tariffs(book, case):
    run_case(case, book).confirm()


def test_the_explanation_names_the_local_rules(book):
    outcome = decided(book)
    replaced = {step.rule: step.replaced for step in outcome.trace if step.replaced}
    assert replaced == {"base_charge": "豊明市", "volume_charge": "豊明市", "subtotal": "豊明市"}
    assert "平成29年4月改定の経過措置" in outcome.explain()


def test_another_town_does_not_see_them():
    assert all(not step.replaced for step in decided(Rulebook.of("習志野市")).trace)
