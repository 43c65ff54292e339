"""特別児童扶養手当: the finding of a grade, limits at the yen, months, who decides."""

from datetime import date

import attrs
import pytest
from tests.law.welfare.households import PARENT, TO_PARENT, family

from munirules import MunirulesError, Rulebook, Status, facts_of, none_of
from munirules.engine.provisions import NotInForce
from munirules.law.welfare.income import MaintainedChildren, Obligor, Obligors
from munirules.law.welfare.special_child_rearing_allowance import (
    SpecialChildClaim,
    SpecialChildGrade,
    special_child_rearing_allowance,
)
from munirules.models.household import Household
from munirules.models.income import Income, Spouse
from munirules.models.resident import Resident

ON = date(2025, 6, 30)  # stands on the income of 2023
CLAIM = SpecialChildClaim(claimed_on=date(2024, 4, 10))
ONE = family(date(2015, 6, 1))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.of("岐阜市")


def ask(book, household, *facts, on=ON, income=0, year=2023, obligors=None, children=None, **parts):
    own = Income(year=year, comprehensive_income=income + 80_000, **parts)
    parent = facts_of("p", own, children or none_of(MaintainedChildren))
    return book.decide(
        special_child_rearing_allowance, household, TO_PARENT, obligors or Obligors(), parent, *facts, on=on
    )


def found(claim=CLAIM, grade=1, child="c1", **changes):
    return facts_of(child, claim, SpecialChildGrade(grade=grade, **changes))


@pytest.mark.parametrize(("income", "amount"), [(4_595_999, 56_800), (4_596_000, 0), (20_000_001, 0)])
def test_the_recipients_limit_itself_stops(book, income, amount):
    assert ask(book, ONE, found(), income=income).result.amount == amount


def test_dependants_raise_the_limit(book):
    parts = {"dependants_16_to_18": 1, "dependants_19_to_22": 1, "dependants_from_70": 1, "spouse": Spouse.FROM_70}
    limit = 4_596_000 + 4 * 380_000 + 2 * 250_000 + 2 * 100_000
    assert not ask(book, ONE, found(), income=limit - 1, **parts).result.stopped
    assert ask(book, ONE, found(), income=limit, **parts).result.stopped
    children = MaintainedChildren(year=2023, number=2)
    assert not ask(book, ONE, found(), income=4_596_000 + 759_999, children=children).result.stopped


@pytest.mark.parametrize(("dependants", "limit"), [(0, 6_287_000), (1, 6_536_000), (2, 6_749_000), (5, 7_388_000)])
def test_a_spouses_or_supporters_limit_itself_stops(book, dependants, limit):
    household = Household(members=(*ONE.members, Resident(id="s", born_on=date(1981, 1, 1))))
    obligors = Obligors(members=(Obligor(member="s"),))
    for income, stopped in ((limit - 1, False), (limit, True)):
        own = Income(year=2023, comprehensive_income=income + 80_000, dependants_under_16=dependants)
        other = facts_of("s", own, none_of(MaintainedChildren))
        assert ask(book, household, found(), other, obligors=obligors).result.stopped is stopped


def test_each_child_is_paid_by_its_grade(book):
    household = family(date(2012, 6, 1), date(2015, 6, 1), date(2017, 6, 1))
    outcome = ask(book, household, found(), found(grade=2, child="c2"), found(grade=2, child="c3"))
    assert (outcome.result.grade_1, outcome.result.grade_2) == (1, 2)
    assert outcome.result.amount == 56_800 + 2 * 37_830


def test_a_missing_grade_is_a_finding_of_the_prefecture(book):
    outcome = ask(book, ONE, facts_of("c1", CLAIM))
    assert outcome.status == Status.NEEDS_FINDING
    assert "都道府県知事" in outcome.reason
    assert special_child_rearing_allowance.role == "forwards"
    nothing = facts_of("c1", CLAIM, none_of(SpecialChildGrade))
    assert ask(book, ONE, nothing).result.amount == 0


@pytest.mark.parametrize(
    "claim",
    [
        attrs.evolve(CLAIM, pension=True),
        attrs.evolve(CLAIM, institution=True),
        attrs.evolve(CLAIM, ended_on=date(2025, 5, 31)),
        attrs.evolve(CLAIM, claimed_on=date(2025, 6, 1)),
    ],
)
def test_what_excludes_or_ends_the_right(book, claim):
    assert ask(book, ONE, found(claim)).result.amount == 0


def test_the_month_in_which_something_ends_is_paid(book):
    assert ask(book, ONE, found(attrs.evolve(CLAIM, ended_on=date(2025, 6, 1)))).result.amount == 56_800
    assert ask(book, ONE, found(until=date(2025, 6, 1))).result.amount == 56_800
    assert ask(book, ONE, found(until=date(2025, 5, 31))).result.amount == 0
    gone = family(date(2015, 6, 1), parent=attrs.evolve(PARENT, moved_out_on=date(2025, 6, 1)))
    assert ask(book, gone, found()).result.amount == 56_800
    household = family(date(2005, 7, 1))  # attains 20 on 2025-06-30
    assert ask(book, household, found()).result.amount == 56_800
    assert ask(book, household, found(), on=date(2025, 7, 31)).result.amount == 0


def test_the_benefit_year_begins_in_august(book):
    assert ask(book, ONE, found(), on=date(2025, 7, 31), year=2023).result.amount == 56_800
    assert ask(book, ONE, found(), on=date(2025, 8, 31), year=2024).result.amount == 56_800
    with pytest.raises(MunirulesError, match="2023, but 2024 is needed"):
        ask(book, ONE, found(), on=date(2025, 8, 31), year=2023)


def test_limits_end_where_they_could_not_be_read(book):
    assert ask(book, ONE, found(), on=date(2026, 7, 31), year=2024).result.amount == 58_450
    with pytest.raises(NotInForce):
        ask(book, ONE, found(), on=date(2026, 8, 31), year=2025)
