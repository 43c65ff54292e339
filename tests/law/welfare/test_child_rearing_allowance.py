"""児童扶養手当: incomes, part payments, years of receipt, pensions, ages."""

import tomllib
from datetime import date
from pathlib import Path

import attrs
import pytest
from tests.law.welfare.households import PARENT, TO_PARENT, family

from munirules import MunirulesError, Rate, Rulebook, facts_of, none_of
from munirules.engine.provisions import NotInForce
from munirules.law.welfare import child_rearing_allowance as module
from munirules.law.welfare.child_rearing_allowance import (
    ChildRearingClaim,
    PublicPensions,
    ReceiptHistory,
    child_rearing_allowance,
)
from munirules.law.welfare.child_rearing_allowance_income import RearingMeans, RearingStanding, child_rearing_income
from munirules.law.welfare.income import Obligor, Obligors
from munirules.models.household import Capacity, Household, Role, RoleHolder, Roles
from munirules.models.income import Income, IncomeStatus, Spouse, Widowhood
from munirules.models.resident import Resident
from munirules.money import half_up_to

DATA = Path(module.__file__).parent
ON = date(2025, 6, 30)  # stands on the income of 2023
NOBODY = Obligors()


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.of("岐阜市")


def claims(household, claimed_on=date(2024, 4, 10), **changes):
    return [
        facts_of(member.id, ChildRearingClaim(claimed_on=claimed_on, **changes))
        for member in household.members
        if member.id.startswith("c")
    ]


def decide(
    book,
    household,
    *,
    on=ON,
    income=0,
    year=2023,
    means=None,
    given=None,
    history=None,
    pensions=None,
    roles=TO_PARENT,
    obligors=NOBODY,
    others=(),
    **parts,
):
    return book.decide(
        child_rearing_allowance,
        household,
        roles,
        obligors,
        means or RearingMeans(year=year),
        history or none_of(ReceiptHistory),
        pensions or none_of(PublicPensions),
        facts_of("p", Income(year=year, comprehensive_income=income + 80_000, **parts)),
        *others,
        *(claims(household) if given is None else given),
        on=on,
    ).result


ONE = family(date(2015, 6, 1))


# Incomes.


@pytest.mark.parametrize(
    ("income", "standing", "amount"),
    [
        (689_999, "FULL", 46_690),
        (690_000, "PARTIAL", 46_680),  # at the limit: nothing but the ten yen
        (2_079_999, "PARTIAL", 11_010),
        (2_080_000, "NONE", 0),
    ],
)
def test_limits_are_reached_to_the_yen(book, income, standing, amount):
    found = decide(book, ONE, income=income)
    assert (found.standing.name, found.amount) == (standing, amount)


def test_a_part_payment_rounds_the_product_and_takes_ten_yen_more(book):
    found = decide(book, ONE, income=690_000 + 1_000)  # × 0.0256619 = 25.66 → 30
    assert found.stopped_by_income == 40
    assert decide(book, ONE, income=690_000 + 175).stopped_by_income == 10  # 4.49 → 0
    assert decide(book, ONE, income=690_000 + 195).stopped_by_income == 20  # 5.004 → 10


def test_dependants_raise_the_limits(book):
    parts = {
        "dependants_under_16": 1,
        "dependants_16_to_18": 1,
        "dependants_19_to_22": 1,
        "dependants_from_70": 1,
        "spouse": Spouse.FROM_70,
    }
    raised = 5 * 380_000 + 2 * 100_000 + 2 * 150_000
    assert decide(book, ONE, income=690_000 + raised - 1, **parts).standing is RearingStanding.FULL
    assert decide(book, ONE, income=690_000 + raised, **parts).standing is RearingStanding.PARTIAL
    means = RearingMeans(year=2023, other_children=1)
    assert decide(book, ONE, income=690_000 + 379_999, means=means).standing is RearingStanding.FULL


def test_eighty_percent_of_child_support_is_income_half_up(book):
    means = RearingMeans(year=2023, child_support=862_499)  # 689,999.2
    assert decide(book, ONE, income=0, means=means).standing is RearingStanding.FULL
    means = attrs.evolve(means, child_support=862_500)
    assert decide(book, ONE, income=0, means=means).standing is RearingStanding.PARTIAL
    keeper = Roles(holders=(RoleHolder(role=Role.RECIPIENT, capacity=Capacity.KEEPER, member="p"),))
    assert decide(book, ONE, income=0, means=means, roles=keeper).standing is RearingStanding.FULL


def test_a_parent_has_no_deduction_as_a_single_one_but_a_keeper_has(book):
    parts = {"widowhood": Widowhood.SINGLE_PARENT}
    assert decide(book, ONE, income=690_000, **parts).standing is RearingStanding.PARTIAL
    keeper = Roles(holders=(RoleHolder(role=Role.RECIPIENT, capacity=Capacity.KEEPER, member="p"),))
    assert decide(book, ONE, income=690_000 + 349_999, roles=keeper, **parts).standing is RearingStanding.FULL


def test_salaries_and_pensions_are_less_100_000_since_2021_11(book):
    assert decide(book, ONE, income=789_999, employment_income=789_999).standing is RearingStanding.FULL
    early = {
        "on": date(2021, 10, 31),
        "year": 2019,
        "given": claims(ONE, date(2020, 4, 10)),
        "employment_income": 500_000,
    }
    assert decide(book, ONE, income=490_000, **early).standing is RearingStanding.PARTIAL


def test_untaxed_pensions_are_income_since_2021_03(book):
    means = RearingMeans(year=2023, untaxed_pension=690_000)
    assert decide(book, ONE, means=means).standing is RearingStanding.PARTIAL
    means = RearingMeans(year=2019, untaxed_pension=690_000)
    early = {"on": date(2021, 2, 28), "year": 2019, "given": claims(ONE, date(2020, 4, 10))}
    assert decide(book, ONE, means=means, **early).standing is RearingStanding.FULL


GRANDFATHER = Resident(id="g", born_on=date(1950, 1, 1))
WITH_GRANDFATHER = Household(members=(*ONE.members, GRANDFATHER))


@pytest.mark.parametrize(("income", "amount"), [(2_359_999, 46_690), (2_360_000, 0)])
def test_who_must_support_stops_all_or_nothing(book, income, amount):
    others = [facts_of("g", Income(year=2023, comprehensive_income=income + 80_000))]
    obligors = Obligors(members=(Obligor(member="g"),))
    assert decide(book, WITH_GRANDFATHER, obligors=obligors, others=others).amount == amount
    assert decide(book, WITH_GRANDFATHER).amount == 46_690  # who is no obligor is not asked


@pytest.mark.parametrize(
    ("old", "young", "limit"), [(0, 0, 2_360_000), (1, 0, 2_740_000), (2, 0, 3_180_000), (1, 1, 3_180_000)]
)
def test_old_dependants_raise_an_obligors_limit_but_one_where_all_are_old(book, old, young, limit):
    own = Income(year=2023, comprehensive_income=0, dependants_from_70=old, dependants_23_to_29=young)
    outcome = book.decide(
        child_rearing_income,
        WITH_GRANDFATHER,
        TO_PARENT,
        Obligors(members=(Obligor(member="g"),)),
        RearingMeans(year=2023),
        facts_of("p", Income(year=2023, comprehensive_income=0)),
        facts_of("g", own),
        on=ON,
    )
    assert outcome.of("g").limit == limit
    assert outcome.of("g").full_limit == 0


def test_a_keeper_of_orphans_has_the_limit_of_others(book):
    keeper = Roles(holders=(RoleHolder(role=Role.RECIPIENT, capacity=Capacity.KEEPER, member="p"),))
    means = RearingMeans(year=2023, orphans=True)
    assert decide(book, ONE, income=2_359_999, means=means, roles=keeper).amount == 46_690
    assert decide(book, ONE, income=2_360_000, means=means, roles=keeper).amount == 0


@pytest.mark.parametrize(
    ("on", "year"),
    [
        (date(2018, 7, 31), 2016),
        (date(2018, 8, 31), 2017),
        (date(2019, 7, 31), 2017),
        (date(2019, 10, 31), 2017),  # the long year of fifteen months
        (date(2019, 11, 30), 2018),
        (date(2025, 10, 31), 2023),
        (date(2025, 11, 30), 2024),
    ],
)
def test_the_year_of_income_goes_with_the_benefit_year(book, on, year):
    given = claims(ONE, date(2016, 4, 10))
    history = ReceiptHistory(first_month=on, exempt=True)
    assert decide(book, ONE, on=on, year=year, given=given, history=history).amount > 40_000
    with pytest.raises(MunirulesError, match=f"but {year} is needed"):
        decide(book, ONE, on=on, year=year + 1, given=given, history=history)


def test_an_undeclared_income_is_refused(book):
    outcome = book.decide(
        child_rearing_allowance,
        ONE,
        TO_PARENT,
        NOBODY,
        RearingMeans(year=2023),
        none_of(ReceiptHistory),
        none_of(PublicPensions),
        facts_of("p", Income(year=2023, status=IncomeStatus.UNDECLARED)),
        *claims(ONE),
        on=ON,
    )
    assert "未申告" in outcome.reason


# Children.


@pytest.mark.parametrize(("number", "amount"), [(0, 0), (1, 46_690), (2, 57_720), (3, 68_750), (6, 101_840)])
def test_every_child_adds_as_much_as_the_second_since_2024_11(book, number, amount):
    household = family(*[date(2012 + index, 6, 1) for index in range(number)])
    assert decide(book, household).amount == amount


def test_the_third_child_added_less_before(book):
    household = family(date(2012, 6, 1), date(2013, 6, 1), date(2014, 6, 1), date(2015, 6, 1))
    found = decide(book, household, on=date(2024, 10, 31), year=2022, given=claims(household, date(2024, 4, 10)))
    assert found.amount == 45_500 + 10_750 + 2 * 6_450


def test_children_count_to_the_march_after_18_and_disabled_ones_below_20(book):
    household = family(date(2007, 4, 1))  # attains 18 on 2025-03-31 and 20 on 2027-03-31
    early = {"on": date(2025, 3, 31), "year": 2023}
    assert decide(book, household, **early).children == 1
    assert decide(book, household, on=date(2025, 4, 1)).children == 0
    given = claims(household, disabled=True)
    assert decide(book, household, on=date(2027, 3, 31), year=2025, given=given).children == 1
    assert decide(book, household, on=date(2027, 4, 1), year=2025, given=given).children == 0


def test_months_begin_after_the_claim_and_end_with_the_right(book):
    assert decide(book, ONE, given=claims(ONE, date(2025, 6, 1))).amount == 0
    assert decide(book, ONE, given=claims(ONE, date(2025, 5, 31))).amount == 46_690
    assert decide(book, ONE, given=claims(ONE, ended_on=date(2025, 6, 1))).amount == 46_690
    assert decide(book, ONE, given=claims(ONE, ended_on=date(2025, 5, 31))).amount == 0
    prevented = claims(ONE, date(2025, 6, 20), prevented_on=date(2025, 3, 31), able_on=date(2025, 6, 5))
    assert decide(book, ONE, on=date(2025, 4, 30), given=prevented).amount == 46_690
    gone = family(date(2015, 6, 1), parent=attrs.evolve(PARENT, moved_out_on=date(2025, 5, 31)))
    assert decide(book, gone).amount == 0


def test_a_member_below_20_for_whom_nothing_is_claimed_is_given_as_none(book):
    household = family(date(2015, 6, 1), date(2016, 6, 1))
    given = [*claims(ONE), facts_of("c2", none_of(ChildRearingClaim))]
    assert decide(book, household, given=given).children == 1
    with pytest.raises(MunirulesError, match=r"ChildRearingClaim .* of 'c2'"):
        decide(book, household, given=claims(ONE))


# Years of receipt.


@pytest.mark.parametrize(
    ("history", "on", "stopped"),
    [
        (ReceiptHistory(first_month=date(2020, 7, 1)), date(2025, 6, 30), 0),
        (ReceiptHistory(first_month=date(2020, 6, 30)), date(2025, 6, 30), 23_340),
        (ReceiptHistory(first_month=date(2022, 1, 1), qualified_on=date(2018, 7, 1)), date(2025, 6, 30), 0),
        (ReceiptHistory(first_month=date(2022, 1, 1), qualified_on=date(2018, 6, 30)), date(2025, 6, 30), 23_340),
        (ReceiptHistory(first_month=date(2015, 1, 1), exempt=True), date(2025, 6, 30), 0),
        (ReceiptHistory(first_month=date(2015, 1, 1), payable_then=40_000), date(2025, 6, 30), 20_000),
        (ReceiptHistory(first_month=date(2015, 1, 1), payable_then=60_000), date(2025, 6, 30), 23_340),
    ],
)
def test_half_is_stopped_after_five_years_or_seven(book, history, on, stopped):
    found = decide(book, ONE, on=on, history=history)
    assert found.stopped_after_years == stopped
    assert found.amount == 46_690 - stopped


def test_below_three_at_the_claim_the_years_begin_after_the_third_birthday(book):
    infant = family(date(2019, 5, 10))  # attains three on 2022-05-09
    given = claims(infant, date(2019, 8, 1))
    history = ReceiptHistory(first_month=date(2019, 9, 1), qualified_on=date(2019, 6, 1))
    assert decide(book, infant, on=date(2027, 5, 31), year=2025, given=given, history=history).stopped_after_years == 0
    found = decide(book, infant, on=date(2027, 6, 30), year=2025, given=given, history=history)
    assert found.stopped_after_years == 24_020  # half of 48,050 is 24,025; less than ten yen is dropped
    assert found.amount == 24_030


def test_a_keeper_is_never_halved(book):
    keeper = Roles(holders=(RoleHolder(role=Role.RECIPIENT, capacity=Capacity.KEEPER, member="p"),))
    assert decide(book, ONE, roles=keeper, history=ReceiptHistory(first_month=date(2010, 1, 1))).amount == 46_690


# Pensions.


@pytest.mark.parametrize(
    ("pensions", "amount"),
    [
        (PublicPensions(other=20_000), 26_690),
        (PublicPensions(other=20_004), 26_690),  # their sum is taken to ten yen, half up
        (PublicPensions(other=15_000, child_addition=5_005), 26_680),
        (PublicPensions(other=50_000), 0),
        (PublicPensions(disability=81_000, child_addition=19_000), 27_690),
        (PublicPensions(), 46_690),
    ],
)
def test_only_what_exceeds_pensions_is_paid(book, pensions, amount):
    assert decide(book, ONE, pensions=pensions).amount == amount


def test_the_whole_disability_pension_was_set_off_before_2021_03(book):
    pensions = PublicPensions(disability=20_000, child_addition=5_000)
    given = claims(ONE, date(2020, 4, 10))
    assert decide(book, ONE, on=date(2021, 2, 28), year=2019, given=given, pensions=pensions).amount == 18_160
    assert decide(book, ONE, on=date(2021, 3, 31), year=2019, given=given, pensions=pensions).amount == 38_160


# Data.


def test_coefficients_follow_from_amounts_and_limits_and_say_when_they_could_not_be_read():
    amounts = tomllib.loads((DATA / "child_rearing_allowance.toml").read_text(encoding="utf-8"))["version"]
    versions = tomllib.loads((DATA / "child_rearing_allowance_coefficients.toml").read_text(encoding="utf-8"))[
        "version"
    ]
    unread = [str(version["since"]) for version in versions if "原文は未確認; " in version.get("unverified", "")]
    assert unread == ["2018-04-01", "2018-08-01", "2020-04-01"]
    assert [version["since"].year for version in amounts] == [
        2016,
        2018,
        2019,
        2020,
        2022,
        2023,
        2024,
        2024,
        2025,
        2026,
    ]


@pytest.mark.parametrize(
    ("since", "full", "partial", "ranges"),
    [
        (date(2019, 4, 30), 490_000, 1_920_000, ((42_900, 10_120), (10_130, 5_070), (6_070, 3_040))),
        (date(2022, 4, 30), 490_000, 1_920_000, ((43_060, 10_160), (10_160, 5_090), (6_090, 3_050))),
        (date(2023, 4, 30), 490_000, 1_920_000, ((44_130, 10_410), (10_410, 5_210), (6_240, 3_130))),
        (date(2024, 4, 30), 490_000, 1_920_000, ((45_490, 10_740), (10_740, 5_380), (6_440, 3_230))),
        (date(2025, 4, 30), 690_000, 2_080_000, ((46_680, 11_010), (11_020, 5_520), (11_020, 5_520))),
        (date(2026, 4, 30), 690_000, 2_080_000, ((48_040, 11_340), (11_340, 5_680), (11_340, 5_680))),
    ],
)
def test_printed_ranges_of_part_payments_are_reached_at_both_ends(book, since, full, partial, ranges):
    del book
    versions = tomllib.loads((DATA / "child_rearing_allowance_coefficients.toml").read_text(encoding="utf-8"))[
        "version"
    ]
    values = [version for version in versions if version["since"] <= since][-1]["ChildRearingCoefficients"]
    for name, (highest, lowest) in zip(("first", "second", "third"), ranges, strict=True):
        by = Rate.parse(values[name])
        stopped = half_up_to((partial - 1 - full) * by.num // by.den, 10)
        assert highest - stopped == lowest


def test_years_that_could_not_be_read_are_not_in_force(book):
    with pytest.raises(NotInForce):
        decide(book, ONE, on=date(2017, 6, 30), year=2015, given=claims(ONE, date(2016, 4, 10)))


def test_amounts_of_unread_coefficients_say_so(book):
    outcome = book.decide(
        child_rearing_allowance,
        ONE,
        TO_PARENT,
        NOBODY,
        RearingMeans(year=2019),
        ReceiptHistory(first_month=date(2020, 5, 1)),
        none_of(PublicPensions),
        facts_of("p", Income(year=2019, comprehensive_income=0)),
        *claims(ONE, date(2020, 4, 10)),
        on=date(2021, 6, 30),
    )
    assert any("係数の原文は未確認" in told for told in outcome.unverified)
