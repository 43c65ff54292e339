"""Opening an area: everything is checked before the first answer, across decisions, enactments and other areas."""

from __future__ import annotations

import re
from datetime import date

import attrs
import pytest

from munirules.engine.area import AreaContent, RulebookError
from munirules.engine.provisions import NotInForce
from munirules.engine.rulebook import DecideError, Rulebook, UnknownDecision
from munirules.errors import MunirulesError
from munirules.testing.kit import CITY, Memory, act, book, chain, ordinance

TWO = """
@facts
class Use:
    volume: int = quantity("水量", unit="m³")

@provision
class Tariff:
    base: int = yen("基本料金")

@result
class Bill:
    total: Yen

@result
class Tax:
    owed: Yen

bill = Decision("water.bill", Use, Bill, title="料金", on="検針日", authority="長")
tax = Decision("tax.owed", Use, Tax, title="税", on="賦課期日", authority="長")
"""
SIMPLE = """
@bill.rule(title="計")
def total(use: Use, tariff: Tariff) -> Yen:
    return tariff.base * use.volume

@tax.rule(title="税額")
def owed(use: Use) -> Yen:
    return use.volume
"""
TARIFF = "[[version]]\nsince = 2020-04-01\n[version.Tariff]\nbase = 5\n"
ON = date(2024, 4, 1)


def told(rulebook: Rulebook, area: str = "water") -> list[str]:
    with pytest.raises(RulebookError) as caught:
        rulebook.area(area)
    return list(caught.value.faults)


def library(areas: dict[str, AreaContent], homes: dict[type, str]) -> Rulebook:
    return Rulebook(Memory(jurisdiction=CITY, contents=areas, homes=homes))


def test_two_decisions_of_one_name_are_a_conflict(module):
    first, second = module(TWO + SIMPLE), module(TWO + SIMPLE)
    (fault,) = (fault for fault in told(book(first.bill, second.bill)) if fault.startswith("conflict"))
    assert re.fullmatch(
        rf"conflict: decision water\.bill is declared at {re.escape(first.__file__)}:\d+ and at {re.escape(second.__file__)}:\d+",
        fault,
    )


def test_one_result_class_has_one_decision(module):
    again = '\nagain = Decision("water.again", Use, Bill, title="又", on="日", authority="長")\nagain.rule(title="計")(total)\n'
    found = module(TWO + SIMPLE + again)
    assert any(
        "Bill is the result of water.bill and of water.again; one class, one decision" in fault
        for fault in told(book(found.bill, found.again))
    )


def test_a_decision_without_rules_is_told(module):
    assert told(book(module(TWO).bill)) == ["water.bill: a decision without rules", *told(book(module(TWO).bill))[1:]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (TARIFF.replace("Tariff", "Tarif"), "city.toml:7: no provision 'Tarif' in area 'water' — did you mean 'Tariff'? (provisions: Tariff)"),
        (TARIFF.replace("base = 5", 'unset = ["base"]').replace("Tariff", "Other"), "city.toml:7: no provision 'Other' in area 'water' (provisions: Tariff)"),
        (TARIFF.replace("base = 5", "bass = 5"), "Tariff has no field 'bass' — did you mean 'base'? (fields: base)"),
        (TARIFF.replace("base = 5", "base = 5.5"), "Tariff.base (基本料金): 5.5 is a decimal number; allowed: whole yen of 0 or more 円"),
    ],
)  # fmt: skip
def test_data_that_nobody_would_read_are_told(module, text, fault):
    found = module(TWO + SIMPLE)
    (said,) = told(book(found.bill, city=[ordinance(text)]))
    assert said.endswith(fault)


def test_faults_of_data_and_of_rules_are_told_together(module):
    found = module(TWO + SIMPLE.replace("use: Use", "usage: int"))
    faults = told(
        book(found.bill, city=[ordinance(TARIFF.replace("Tariff", "Tarif"))], nation=[act(TARIFF.replace("5", "-5"))])
    )
    assert [
        bool(re.search(word, fault)) for word, fault in zip(["'Tarif'", "-5 is out", "'usage'"], faults, strict=True)
    ] == [True] * 3


def test_an_area_with_faults_is_refused_each_time_and_others_open(module):
    found = module(TWO + SIMPLE.replace("use: Use, tariff", "usage: int, tariff"))
    rulebook = library(
        {name: AreaContent(chain=chain(), decisions=(decision,)) for name, decision in (("water", found.bill), ("tax", found.tax))}, {}
    )  # fmt: skip
    first = told(rulebook)
    assert told(rulebook) == first
    assert rulebook.decide(found.tax, found.Use(volume=3), on=ON).result.owed == 3
    with pytest.raises(RulebookError):
        rulebook.check()
    rulebook.check("tax")


# Across areas.

CROSS = """
@bill.rule(title="計")
def total(use: Use, tax: Tax, tariff: Tariff) -> Yen:
    return tax.owed + tariff.base

@tax.rule(title="税額")
def owed(use: Use, tariff: Tariff) -> Yen:
    return use.volume * tariff.base
"""


def crossed(found, water=(), tax=()) -> Rulebook:
    """Bill in the area water rests on the tax; the tariff is the tax's own provision."""
    areas = {
        "water": AreaContent(chain=chain(city=water), decisions=(found.bill,)),
        "tax": AreaContent(chain=chain(city=tax), decisions=(found.tax,)),
    }
    return library(areas, {found.Bill: "water", found.Tax: "tax", found.Tariff: "tax"})


def test_a_decision_rests_on_another_area_and_its_law(module):
    found = module(TWO + CROSS)
    outcome = crossed(found, tax=[ordinance(TARIFF)]).decide(found.bill, found.Use(volume=3), on=ON)
    assert outcome.result.total == 3 * 5 + 5


def test_a_provision_of_another_area_is_written_there(module):
    (fault,) = told(crossed(module(TWO + CROSS), water=[ordinance(TARIFF)]))
    assert fault == "city.toml:7: Tariff belongs to area 'tax'; write it in tax.toml"


def test_faults_of_another_area_are_told_with_ones_own(module):
    found = module(TWO + CROSS.replace("use: Use, tax", "usage: int, tax").replace("owed(use: Use", "owed(usage: int"))
    law, own, asking = told(crossed(found))
    assert "tax.owed, rule 'owed': nothing provides argument 'usage'" in law  # the tariff is the tax's own
    assert "water.bill, rule 'total': nothing provides argument 'usage'" in own
    assert "water.bill, rule 'total': Tax cannot be decided, since its area has faults:\n" in asking
    assert "tax.owed, rule 'owed': nothing provides argument 'usage'" in asking


def test_decisions_that_need_one_another_are_a_cycle(module):
    found = module(
        TWO
        + """
@bill.rule(title="計")
def total(tax: Tax) -> Yen:
    return tax.owed

@tax.rule(title="税額")
def owed(bill_: Bill) -> Yen:
    return bill_.total
"""
    )
    for area in ("water", "tax"):
        (fault,) = told(crossed(found), area)
        assert re.search(
            r"rule '(owed|total)': a cycle of decisions: (water\.bill → tax\.owed → water\.bill|tax\.owed → water\.bill → tax\.owed)$",
            fault,
        )


def test_two_provisions_of_one_name_are_told(module):
    first, second = (
        module(TWO + SIMPLE),
        module(TWO.replace("water.bill", "water.again").replace("Bill", "Again") + SIMPLE),
    )
    faults = told(book(first.bill, second.bill))
    assert f"provision Tariff is declared in {first.__name__} and in {second.__name__}; rename one" in faults


# Replacements.

LOCAL = """
@bill.replaces("total", law="附則")
def local(use: Use) -> Yen:
    return 7
"""


def test_a_replacement_of_another_areas_rule_is_told(module):
    found = module(TWO + SIMPLE + LOCAL)
    (fault,) = told(book(found.tax, city=[ordinance(TARIFF)], replaced=[found.local]), "tax")
    assert re.fullmatch(r".*\.py:\d+: replaces a rule of 'water\.bill', which is not of area 'tax'", fault)


def test_a_replacement_is_wired_like_a_rule(module):
    found = module(TWO + SIMPLE + LOCAL.replace("use: Use", "usage: int"))
    (fault,) = told(book(found.bill, city=[ordinance(TARIFF)], replaced=[found.local]))
    assert re.search(r"water\.bill, rule 'total': nothing provides argument 'usage': int", fault)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda found: found.bill.replaces("totl"),
            r"water\.bill has no rule 'totl' — did you mean 'total'\? \(rules: total\)",
        ),
        (lambda found: found.bill.replaces(""), r"water\.bill has no rule ''"),
    ],
)
def test_only_a_rule_that_is_there_is_replaced(module, make, message):
    with pytest.raises(MunirulesError, match=message):
        make(module(TWO + SIMPLE))


def test_another_module_replaces_and_never_adds(module):
    shared = module(TWO + SIMPLE)
    plugin = "@bill.rule(title='x')\ndef more(use: Use) -> int:\n    return 1\n"
    with pytest.raises(
        MunirulesError, match=r"\.more: 'water\.bill' belongs to snippet_\d+; use @….replaces\('more'\)"
    ):
        module(f"from {shared.__name__} import bill, Use\n{plugin}")
    assert [rule.name for rule in shared.bill.rules] == ["total"]


# What is asked for must be there.


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda book, own: book.decision("water.bil"), UnknownDecision, r"no decision 'water\.bil' — did you mean 'water\.bill'\? \(known: water\.bill\)"),
        (lambda book, own: book.decision("watr.bill"), UnknownDecision, r"no area 'watr' — did you mean 'water'\? \(areas: water\)"),
        (lambda book, own: book.decide("nothing", own.Use(volume=1), on=ON), UnknownDecision, r"no area 'nothing'"),
        (lambda book, own: book.decide(5, own.Use(volume=1), on=ON), DecideError, r"5 is no decision; give one, or its name"),
        (lambda book, own: book.decide(own.tax, own.Use(volume=1), on=ON), UnknownDecision, r"no area 'tax'"),
        (lambda book, own: book.decide(own.bill, own.Tariff(base=1), on=ON), DecideError, r"water\.bill is about a Use \(Use\), not a Tariff"),
        (lambda book, own: book.decide(own.bill, {"volume": 1}, on=ON), DecideError, r"water\.bill is about a Use .*, not a dict"),
        (lambda book, own: book.decide(own.bill, own.Use(volume=1), on="2024-04-01"), DecideError, r"on='2024-04-01': a decision's date is a datetime\.date"),
        (lambda book, own: book.decide(own.bill, own.Use(volume=1), on=None), DecideError, r"on=None"),
        (lambda book, own: book.decide(own.bill, own.Use(volume=1), on=ON, known="2024"), DecideError, r"known='2024'"),
        (lambda book, own: book.decide(own.bill, own.Use(volume=1), on=date(2019, 1, 1)), NotInForce, r"Tariff \(Tariff\) on 2019-01-01: base \(基本料金\) is not in force; covered: 2020-04-01 onwards"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told(module, ask, error, message):
    found = module(TWO + SIMPLE)
    with pytest.raises(error, match=message):
        ask(book(found.bill, city=[ordinance(TARIFF)]), found)


def test_a_decision_of_another_rulebook_is_not_this_ones(module):
    found, other = module(TWO + SIMPLE), module(TWO + SIMPLE)
    with pytest.raises(UnknownDecision, match=r"water\.bill \(.*\) is not a decision of 架空市"):
        book(found.bill, city=[ordinance(TARIFF)]).decide(other.bill, other.Use(volume=1), on=ON)


def test_sources_are_asked_once_and_observers_see_every_outcome(module):
    found = module(TWO + SIMPLE)
    asked: list[str] = []

    @attrs.frozen(kw_only=True)
    class Counting(Memory):
        def area(self, name: str) -> AreaContent:
            asked.append(name)
            return super().area(name)

    seen: list[object] = []
    content = AreaContent(chain=chain(city=[ordinance(TARIFF)]), decisions=(found.bill,))
    rulebook = Rulebook(Counting(jurisdiction=CITY, contents={"water": content}, watchers=[seen.append]))
    outcomes = rulebook.decide_each(found.bill, found.Use(volume=2), on=[ON, date(2025, 4, 1), date(2026, 4, 1)])
    assert asked == ["water"]
    assert seen == list(outcomes)
    assert [outcome.on.year for outcome in outcomes] == [2024, 2025, 2026]
