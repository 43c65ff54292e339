"""特別障害者手当等: above for oneself and at for others, ages, years that could not be read."""

from datetime import date

import attrs
import pytest

from munirules import MunirulesError, Rulebook, Status, facts_of
from munirules.engine.provisions import NotInForce
from munirules.law.welfare.disability_allowances import (
    CountedIncome,
    DisabilityAllowanceClaim,
    SevereDisability,
    disabled_child_allowance,
    special_disability_allowance,
    transitional_allowance,
)
from munirules.law.welfare.income import Obligor, Obligors
from munirules.models.household import Household, Role, RoleHolder, Roles
from munirules.models.resident import Resident

ON = date(2025, 6, 30)
CLAIM = DisabilityAllowanceClaim(claimed_on=date(2024, 4, 10))
ADULT = Household(members=(Resident(id="d", born_on=date(1980, 1, 1)), Resident(id="s", born_on=date(1981, 1, 1))))
CHILD = Household(members=(Resident(id="d", born_on=date(2015, 1, 1)), Resident(id="s", born_on=date(1981, 1, 1))))
ROLES = Roles(holders=(RoleHolder(role=Role.RECIPIENT, member="d"),))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.of("岐阜市")


def ask(book, decision, household, found, *, on=ON, year=2023, income=0, other=None, claim=CLAIM, **parts):
    facts = [facts_of("d", CountedIncome(year=year, amount=income, **parts))]
    obligors = Obligors()
    if other is not None:
        obligors = Obligors(members=(Obligor(member="s"),))
        facts.append(facts_of("s", other))
    given = [found] if found is not None else []
    return book.decide(decision, household, ROLES, obligors, claim, *given, *facts, on=on)


SPECIAL = SevereDisability(special=True)
SEVERE = SevereDisability(child=True)


@pytest.mark.parametrize(("income", "amount"), [(3_604_000, 29_590), (3_604_001, 0)])
def test_ones_own_income_stops_above_the_limit(book, income, amount):
    assert ask(book, special_disability_allowance, ADULT, SPECIAL, income=income).result.amount == amount


@pytest.mark.parametrize(("income", "amount"), [(6_286_999, 29_590), (6_287_000, 0)])
def test_anothers_income_stops_at_the_limit(book, income, amount):
    other = CountedIncome(year=2023, amount=income)
    assert ask(book, special_disability_allowance, ADULT, SPECIAL, other=other).result.amount == amount


@pytest.mark.parametrize(
    ("on", "year", "limit"), [(date(2025, 7, 31), 2023, 3_604_000), (date(2025, 8, 31), 2024, 3_661_000)]
)
def test_ones_own_limit_rose_in_august_2025(book, on, year, limit):
    assert not ask(book, special_disability_allowance, ADULT, SPECIAL, on=on, year=year, income=limit).result.stopped
    assert ask(book, special_disability_allowance, ADULT, SPECIAL, on=on, year=year, income=limit + 1).result.stopped


def test_dependants_raise_the_limits(book):
    parts = {"dependants": 4, "old_dependants": 1, "old_spouse": True, "young_dependants": 1}
    limit = 3_604_000 + 4 * 380_000 + 2 * 100_000 + 250_000
    assert not ask(book, special_disability_allowance, ADULT, SPECIAL, income=limit, **parts).result.stopped
    assert ask(book, special_disability_allowance, ADULT, SPECIAL, income=limit + 1, **parts).result.stopped
    for old, raised in ((1, 0), (2, 60_000)):
        other = CountedIncome(year=2023, amount=0, dependants=old, old_dependants=old)
        limit = 6_287_000 + 249_000 + (old - 1) * 213_000 + raised
        below, at = attrs.evolve(other, amount=limit - 1), attrs.evolve(other, amount=limit)
        assert not ask(book, special_disability_allowance, ADULT, SPECIAL, other=below).result.stopped
        assert ask(book, special_disability_allowance, ADULT, SPECIAL, other=at).result.stopped


def test_children_and_adults_have_each_their_allowance(book):
    assert ask(book, disabled_child_allowance, CHILD, SEVERE).result.amount == 16_100
    assert ask(book, special_disability_allowance, CHILD, SPECIAL).result.amount == 0
    assert ask(book, disabled_child_allowance, ADULT, SEVERE).result.amount == 0
    transitional = SevereDisability(transitional=True)
    assert ask(book, transitional_allowance, ADULT, transitional).result.amount == 16_100
    assert ask(book, transitional_allowance, ADULT, SPECIAL).result.amount == 0
    pension = attrs.evolve(CLAIM, pension=True)
    assert ask(book, disabled_child_allowance, CHILD, SEVERE, claim=pension).result.amount == 0


def test_the_month_of_the_twentieth_year_is_the_last_of_a_child(book):
    household = Household(members=(Resident(id="d", born_on=date(2005, 7, 1)),))  # attains 20 on 2025-06-30
    both = SevereDisability(special=True, child=True)
    assert ask(book, disabled_child_allowance, household, both).result.amount == 16_100
    assert ask(book, disabled_child_allowance, household, both, on=date(2025, 7, 31)).result.amount == 0
    assert ask(book, special_disability_allowance, household, both).result.amount == 0
    assert ask(book, special_disability_allowance, household, both, on=date(2025, 7, 31)).result.amount == 29_590


@pytest.mark.parametrize(
    ("claim", "amount"),
    [
        (DisabilityAllowanceClaim(claimed_on=date(2025, 6, 1)), 0),
        (attrs.evolve(CLAIM, ended_on=date(2025, 6, 1)), 29_590),
        (attrs.evolve(CLAIM, ended_on=date(2025, 5, 31)), 0),
        (
            DisabilityAllowanceClaim(
                claimed_on=date(2025, 6, 20), prevented_on=date(2025, 4, 1), able_on=date(2025, 6, 5)
            ),
            29_590,
        ),
    ],
)
def test_months_begin_after_the_claim_and_end_with_the_right(book, claim, amount):
    assert ask(book, special_disability_allowance, ADULT, SPECIAL, claim=claim).result.amount == amount


def test_a_missing_degree_is_a_finding(book):
    outcome = ask(book, special_disability_allowance, ADULT, None)
    assert outcome.status == Status.NEEDS_FINDING


@pytest.mark.parametrize("on", [date(2017, 6, 30), date(2018, 6, 30), date(2019, 6, 30), date(2026, 8, 31)])
def test_years_that_could_not_be_read_are_not_in_force(book, on):
    with pytest.raises(NotInForce):
        ask(book, special_disability_allowance, ADULT, SPECIAL, on=on, year=on.year - 1)


def test_of_2026_only_one_amount_could_be_read(book):
    on = date(2026, 6, 30)
    outcome = ask(book, special_disability_allowance, ADULT, SPECIAL, on=on, year=2024)
    assert outcome.result.amount == 30_450
    assert any("民間記事" in told for told in outcome.unverified)
    for decision, household, found in (
        (disabled_child_allowance, CHILD, SEVERE),
        (transitional_allowance, ADULT, SevereDisability(transitional=True)),
    ):
        with pytest.raises(NotInForce):
            ask(book, decision, household, found, on=on, year=2024)


def test_wrong_facts_are_named():
    with pytest.raises(MunirulesError, match="dependants"):
        CountedIncome(year=2023, amount=0, dependants=1, old_dependants=2)
    with pytest.raises(MunirulesError, match="prevented_on"):
        DisabilityAllowanceClaim(claimed_on=date(2025, 6, 20), able_on=date(2025, 6, 5))
    with pytest.raises(MunirulesError, match="stands twice"):
        Obligors(members=(Obligor(member="s"), Obligor(member="s")))


def test_an_obligor_who_is_no_member_is_named(book):
    obligors = Obligors(members=(Obligor(member="x"),))
    with pytest.raises(MunirulesError, match=r"members\[0\].member"):
        book.decide(special_disability_allowance, ADULT, ROLES, obligors, CLAIM, SPECIAL, on=ON)
