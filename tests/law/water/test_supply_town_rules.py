"""Towns whose rule is truly local: folders with `water.toml` and `water.py` beside it (豊明市, 富岡市)."""

from datetime import date
from pathlib import Path

import pytest

from munirules.checking import load_cases, run_case
from munirules.law.water.supply import WaterUse, water_bill
from munirules.plugins.folder import FolderPlugin
from munirules.plugins.jurisdictions import by_code
from munirules.plugins.rulebook import Chain, Rulebook

FOLDER = Path(__file__).with_name("toyoake")


def opened(code, name):
    """The rulebook of a municipality with a folder of these tests as its plugin."""
    folder = Path(__file__).with_name(name)
    return Rulebook(
        Chain(by_code(code), FolderPlugin(code, folder, module=f"tests.law.water.{name}", label=f"{name} 0"))
    )


@pytest.fixture(scope="module")
def book():
    return opened("232297", "toyoake")


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


@pytest.mark.parametrize(
    ("volume", "relief", "total"),
    [(60, 0, 6500), (61, 2325, 4325), (200, 12750, 14750), (201, 19237, 8413)],
)
def test_a_leak_relieved_in_money_leaps_at_multiples_of_the_usual_volume(volume, relief, total):
    use = WaterUse(meter_size=13, volume=volume, months=1, usual_volume=20)
    bill = opened("102105", "tomioka").decide(water_bill, use, on=date(2024, 6, 10)).result
    assert (bill.relief // 100, bill.total) == (relief, total)
