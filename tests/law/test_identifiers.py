"""Identifiers of members (個人番号, 住民票コード) and parties (法人番号 is public, 個人番号 is not) are never printed.

Not by what a decision about them answers, records or explains, nor by what it says when it cannot be made.
"""

from datetime import date
from itertools import product

import attrs
import pytest
from tests.law.welfare.households import PARENT, TO_PARENT, claims, earns, family

from munirules import MemberDecision, MunirulesError, Rulebook
from munirules.engine.explain import FORMS
from munirules.engine.running import RuleFailed
from munirules.law.welfare.child_allowance import child_allowance
from munirules.models.declare import result
from munirules.models.fields import code
from munirules.models.household import Household
from munirules.models.party import Party
from munirules.models.resident import Resident
from munirules.testing.kit import book as city

MY_NUMBER, RESIDENT_CODE = "123456789018", "12345678901"
CHILD = date(2015, 6, 1)


def known(**changes) -> Household:
    household = family(CHILD, parent=attrs.evolve(PARENT, my_number=MY_NUMBER, resident_code=RESIDENT_CODE))
    parent, child = household.members
    child = attrs.evolve(child, my_number=MY_NUMBER, resident_code=RESIDENT_CODE, **changes)
    return attrs.evolve(household, members=(parent, child))


def hides(told: str) -> bool:
    """Whether neither number is in a text, nor most of one."""
    return all(number[:8] not in told and number[-8:] not in told for number in (MY_NUMBER, RESIDENT_CODE))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.of("岐阜市")


def test_numbers_are_such_that_a_leak_would_be_seen():
    assert not hides(f"… {MY_NUMBER}")
    assert not hides(f"my_number={MY_NUMBER[:10]}")
    assert known().members[0].my_number == MY_NUMBER


def test_an_outcome_its_trace_and_every_explanation_hide_them(book):
    income = earns(8_000_000, 2021)
    household = known()
    outcome = book.decide(child_allowance, household, TO_PARENT, *claims(household), income, on=date(2023, 5, 31))
    assert outcome.of("c1").amount == 5_000
    assert outcome.trace
    told = [repr(outcome), str(outcome), repr(outcome.result), repr(household)]
    for step in outcome.trace:
        told += [repr(step), repr(step.value)]
    told += [outcome.explain(locale, form=form) for locale, form in product(("ja", "en"), FORMS)]
    assert all(hides(text) for text in told)


def test_a_missing_fact_a_wrong_year_and_an_unborn_member_hide_them(book):
    household = known()
    questions = [
        (household, (TO_PARENT,), date(2025, 6, 1)),
        (household, (TO_PARENT, *claims(household), earns(1, 1999)), date(2023, 5, 31)),
        (household, (TO_PARENT, *claims(household)), date(2015, 5, 31)),
    ]
    for subject, facts, on in questions:
        try:
            told = repr(book.decide(child_allowance, subject, *facts, on=on))
        except MunirulesError as error:
            told = f"{error}{error!r}"
        assert hides(told)


@result(title="誰")
class Who:
    """Who it is."""

    name: str = code("氏名", en="name")


broken = MemberDecision(
    "welfare.who", Household, Who, member=Resident, title="失敗する決定", on="基準日", authority="市町村長"
)


@broken.rule(title="氏名")
def name(member: Resident) -> str:
    """Fail as a rule with a mistake would."""
    return member.former_surname[9] + member.name


@pytest.mark.parametrize("trace", [False, True])
def test_a_rule_that_fails_tells_what_it_was_given_without_them(trace):
    with pytest.raises(RuleFailed, match=r"given member=Resident\(id='p'") as caught:
        city(broken).decide(broken, known(), on=date(2025, 6, 1), trace=trace)
    assert hides(str(caught.value))


def test_a_household_that_cannot_be_and_a_party_hide_them():
    with pytest.raises(MunirulesError) as caught:
        known(mother="nobody")
    assert hides(str(caught.value))
    assert hides(repr(Party(id="a", my_number=MY_NUMBER)))
