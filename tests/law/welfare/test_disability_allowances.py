"""特別障害者手当等: above for oneself and at for others, whose income is counted how, ages, years that could not be read."""

from datetime import date

import attrs
import pytest

from munirules import MunirulesError, Rulebook, Status, facts_of, none_of
from munirules.engine.provisions import NotInForce
from munirules.law.welfare.child_rearing_allowance import ChildRearingRates
from munirules.law.welfare.disability_allowances import (
    DisabilityAllowanceClaim,
    DisabledChildRate,
    SevereDisability,
    SpecialDisabilityRate,
    TransitionalRate,
    disabled_child_allowance,
    special_disability_allowance,
    transitional_allowance,
)
from munirules.law.welfare.disability_allowances_income import PensionIncome, disability_income
from munirules.law.welfare.income import Obligor, Obligors
from munirules.law.welfare.special_child_rearing_allowance import SpecialChildRates
from munirules.models.household import Household, Role, RoleHolder, Roles
from munirules.models.income import Income, IncomeStatus, Spouse, Widowhood
from munirules.models.resident import Resident

ON = date(2025, 6, 30)
CLAIM = DisabilityAllowanceClaim(claimed_on=date(2024, 4, 10))
ADULT = Household(members=(Resident(id="d", born_on=date(1980, 1, 1)), Resident(id="s", born_on=date(1981, 1, 1))))
CHILD = Household(members=(Resident(id="d", born_on=date(2015, 1, 1)), Resident(id="s", born_on=date(1981, 1, 1))))
ROLES = Roles(holders=(RoleHolder(role=Role.RECIPIENT, member="d"),))


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.of("岐阜市")


def ask(
    book, decision, household, found, *, on=ON, year=2023, income=0, other=None, claim=CLAIM, pensions=None, **parts
):
    facts = [facts_of("d", Income(year=year, comprehensive_income=income, **parts))]
    facts.append(none_of(PensionIncome) if pensions is None else PensionIncome(year=year, amount=pensions))
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
    other = Income(year=2023, comprehensive_income=income + 80_000)
    assert ask(book, special_disability_allowance, ADULT, SPECIAL, other=other).result.amount == amount


@pytest.mark.parametrize(
    ("on", "year", "limit"), [(date(2025, 7, 31), 2023, 3_604_000), (date(2025, 8, 31), 2024, 3_661_000)]
)
def test_ones_own_limit_rose_in_august_2025(book, on, year, limit):
    assert not ask(book, special_disability_allowance, ADULT, SPECIAL, on=on, year=year, income=limit).result.stopped
    assert ask(book, special_disability_allowance, ADULT, SPECIAL, on=on, year=year, income=limit + 1).result.stopped


def test_dependants_raise_the_limits(book):
    parts = {"dependants_from_70": 1, "spouse": Spouse.FROM_70, "dependants_19_to_22": 1, "dependants_under_16": 1}
    limit = 3_604_000 + 4 * 380_000 + 2 * 100_000 + 250_000
    assert not ask(book, special_disability_allowance, ADULT, SPECIAL, income=limit, **parts).result.stopped
    assert ask(book, special_disability_allowance, ADULT, SPECIAL, income=limit + 1, **parts).result.stopped
    for old, raised in ((1, 0), (2, 60_000)):
        limit = 6_287_000 + 249_000 + (old - 1) * 213_000 + raised
        for income, stopped in ((limit - 1, False), (limit, True)):
            other = Income(year=2023, comprehensive_income=income + 80_000, dependants_from_70=old)
            found = ask(book, special_disability_allowance, ADULT, SPECIAL, other=other)
            assert found.result.stopped is stopped


def counted(book, **parts):
    """The income of the person that the limit is compared with."""
    pensions = parts.pop("pensions", None)
    known = facts_of("d", Income(year=2023, comprehensive_income=4_000_000, **parts))
    given = none_of(PensionIncome) if pensions is None else PensionIncome(year=2023, amount=pensions)
    return book.decide(disability_income, ADULT, ROLES, Obligors(), known, given, on=ON).of("d").income


def test_ones_own_income_is_less_what_was_paid_for_social_insurance_and_not_80_000(book):
    assert counted(book) == 4_000_000
    assert counted(book, social_insurance_deduction=543_210) == 4_000_000 - 543_210
    assert counted(book, medical_deduction=1, casualty_deduction=2, spouse_special_deduction=3) == 3_999_994
    assert counted(book, widowhood=Widowhood.SINGLE_PARENT, working_student=True) == 4_000_000 - 350_000 - 270_000


def test_ones_own_disability_is_no_deduction_but_that_of_dependants_is(book):
    assert counted(book, disabled=1, self_disabled=True) == 4_000_000
    assert counted(book, specially_disabled=1, self_specially_disabled=True) == 4_000_000
    both = {"specially_disabled": 2, "self_specially_disabled": True, "disabled": 1}
    assert counted(book, **both) == 4_000_000 - 400_000 - 270_000


def test_untaxed_pensions_count_as_public_pensions_do(book):
    assert counted(book, pensions=700_000) == 4_000_000 + 700_000 - 100_000
    assert counted(book, pensions=60_000) == 4_000_000
    assert counted(book, pension_income=500_000, pensions=700_000) == 4_000_000 + 200_000 - 100_000
    assert counted(book, pension_income=500_000) == 4_000_000 - 100_000


def test_an_undeclared_income_is_refused(book):
    unknown = facts_of("d", Income(year=2023, status=IncomeStatus.UNDECLARED))
    outcome = book.decide(disability_income, ADULT, ROLES, Obligors(), unknown, none_of(PensionIncome), on=ON)
    assert outcome.status == Status.REFUSED


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


@pytest.mark.parametrize("on", [date(2016, 3, 31), date(2026, 8, 31)])
def test_what_could_not_be_read_is_not_in_force(book, on):
    with pytest.raises(NotInForce):
        ask(book, special_disability_allowance, ADULT, SPECIAL, on=on, year=on.year - 1)


@pytest.mark.parametrize("year", range(2018, 2027))
def test_each_year_since_2018_has_all_three_and_says_what_was_derived(book, year):
    on = date(year, 6, 30)
    for decision, household, found in (
        (special_disability_allowance, ADULT, SPECIAL),
        (disabled_child_allowance, CHILD, SEVERE),
        (transitional_allowance, ADULT, SevereDisability(transitional=True)),
    ):
        claim = DisabilityAllowanceClaim(claimed_on=date(2016, 4, 10))
        outcome = ask(book, decision, household, found, on=on, year=year - 2, claim=claim)
        assert outcome.result.amount > 14_000
        derived = any("導出" in told or "同額とした" in told for told in outcome.unverified)
        assert derived is (year in (2018, 2019, 2026))


BASES = (41_100, 50_000, 33_300, 26_050, 14_170, 14_170)
"""児童扶養手当法第5条第1項, 特別児童扶養手当等の支給に関する法律第4条 (1級, 2級), 第26条の3, 第18条."""

AMOUNTS = {
    ChildRearingRates: ("first",),
    SpecialChildRates: ("grade_1", "grade_2"),
    SpecialDisabilityRate: ("special",),
    DisabledChildRate: ("child",),
    TransitionalRate: ("transitional",),
}


@pytest.mark.parametrize("year", [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026])
def test_one_ratio_of_three_decimals_gives_all_amounts_of_a_year(book, year):
    given = {cls: book.timeline(cls, "welfare", None).at(date(year, 6, 30)).value for cls in AMOUNTS}
    amounts = [getattr(given[cls], field) for cls, fields in AMOUNTS.items() for field in fields]
    ratios = [
        ratio
        for ratio in range(1_000, 1_300)
        if all((base * ratio + 5_000) // 10_000 * 10 == amount for base, amount in zip(BASES, amounts, strict=True))
    ]
    assert len(ratios) == 1


def test_wrong_facts_are_named():
    with pytest.raises(MunirulesError, match="prevented_on"):
        DisabilityAllowanceClaim(claimed_on=date(2025, 6, 20), able_on=date(2025, 6, 5))
    with pytest.raises(MunirulesError, match="stands twice"):
        Obligors(members=(Obligor(member="s"), Obligor(member="s")))


def test_an_obligor_who_is_no_member_is_named(book):
    obligors = Obligors(members=(Obligor(member="x"),))
    with pytest.raises(MunirulesError, match=r"members\[0\].member"):
        book.decide(special_disability_allowance, ADULT, ROLES, obligors, CLAIM, SPECIAL, on=ON)
