"""Contributions: by area, by inlet, by both; instalments, due days and rewards."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.water.sewer_town import town

from munirules.law.water.contribution import BenefitedLand, Contribution, Parcel, contribution
from munirules.law.water.contribution_plan import (
    ContributionTerms,
    RewardRow,
    TermRow,
    amount_months,
    contribution_plan,
    due_on,
    instalments,
    months_early,
    prepaid_amount,
    reward,
)
from munirules.models.declare import InvariantError
from munirules.money import Rate

ON = date(2026, 6, 10)

RATES = """
[[version]]
since = 2019-10-01
[version.ContributionRates]
rounding = "floor"
round_total = 10
districts = [{ district = "東" }, { district = "西" }, { district = "北", kind = "allotment" }]
area_rates = [
    { district = "東", above = 0, price = 178.34 },
    { district = "東", above = 1000, price = 100 },
    { district = "西", price = 100 },
]
unit_rates = [
    { district = "西", amount = 100000 },
    { district = "北", use = "住宅", amount = 60000 },
    { district = "北", use = "店舗", amount = 60000 },
    { district = "北", use = "店舗", above = 150, amount = 90000 },
    { district = "北", use = "店舗", above = 300, amount = 240000 },
]
reliefs = [{ ground = "学校用地", percent = 75 }]
deferrals = [{ ground = "農地" }]
[version.ContributionTerms]
years = 5
per_year = 4
round_instalment = 100
remainder = "first"
terms = [
    { due_month = 6, due_day = 30 },
    { due_month = 9, due_day = 30 },
    { due_month = 11, due_day = 30 },
    { due_month = 2, due_day = 31 },
]
"""
BOOK = town(RATES)


def assess(**land):
    return BOOK.decide(contribution, BenefitedLand(**land), on=ON)


def parcel(area, hundredths=0, name="1", **more):
    return Parcel(id=name, area=area, hundredths=hundredths, **more)


@pytest.mark.parametrize(
    ("land", "charge", "total"),
    [
        ({"district": "東", "parcels": (parcel(330, 58),)}, 5_895_563, 58_950),  # 178.34 × 330.58 = 58,955.6372
        ({"district": "東", "parcels": (parcel(1500),)}, 22_834_000, 228_340),  # above 1,000 m² at 100
        ({"district": "西", "parcels": (parcel(250),), "units": 1}, 2_500_000, 125_000),
        ({"district": "西", "units": 2}, 0, 200_000),
        ({"district": "西", "parcels": (parcel(250),)}, 2_500_000, 25_000),
        ({"district": "北", "units": 2, "use": "住宅"}, 0, 120_000),
        ({"district": "北", "units": 1, "use": "店舗", "measure": 150}, 0, 60_000),
        ({"district": "北", "units": 1, "use": "店舗", "measure": 151}, 0, 90_000),
        ({"district": "北", "units": 1, "use": "店舗", "measure": 301}, 0, 240_000),
    ],
)
def test_by_area_by_unit_and_by_both(land, charge, total):
    result = assess(**land).result
    assert (result.area_charge, result.total) == (charge, total)


def test_one_city_may_have_contributions_and_allotments():
    assert assess(district="東", parcels=(parcel(1),)).result.kind == "contribution"
    assert assess(district="北", units=1, use="住宅").result.kind == "allotment"


def test_relief_and_deferral_by_parcel():
    school, field = parcel(400, name="2", relief="学校用地"), parcel(1000, 50, name="3", deferral="農地")
    result = assess(district="西", parcels=(parcel(500), school, field)).result
    assert result.deferred_area == 100_050
    assert result.total == 500 * 100 + 400 * 100 // 4


@pytest.mark.parametrize(
    ("land", "reason"),
    [
        ({"district": "南", "units": 1}, "負担区に該当しない"),
        ({"district": "北", "parcels": (parcel(10),)}, "単位数の申告がない"),
        ({"district": "北", "units": 1, "use": "工場"}, "均等割表に該当する"),
        ({"district": "西", "parcels": (parcel(10, relief="寺"),)}, "減免の事由"),
        ({"district": "西", "parcels": (parcel(10, deferral="池"),)}, "徴収猶予の事由"),
    ],
)
def test_the_law_refuses_what_the_ordinance_does_not_say(land, reason):
    assert reason in assess(**land).reason


@pytest.mark.parametrize(("wrong", "field"), [({}, "parcels"), ({"units": 1, "prepaid": "all"}, "paid_on")])
def test_an_assessment_holds_together(wrong, field):
    with pytest.raises(InvariantError, match=field):
        BenefitedLand(**wrong)


def test_instalments_and_their_due_days():
    land = BenefitedLand(district="東", parcels=(parcel(330, 58),))
    result = BOOK.decide(contribution_plan, land, on=ON).result
    assert [i.amount for i in result.instalments] == [3850] + [2900] * 19
    assert (result.instalments[19].year, result.instalments[19].term) == (2030, 4)
    assert result.due_on[0] == date(2026, 6, 30)
    assert result.due_on[3] == date(2027, 2, 28)
    assert result.due_on[7] == date(2028, 2, 29)
    assert result.due_on[19] == date(2031, 2, 28)


def whole(total):
    return Contribution(
        kind="contribution", assessed_area=0, deferred_area=0, area_charge=total * 100, unit_charge=0, total=total
    )


def terms(years, per_year, *rewards, unit=1, remainder="first", opens=()):
    rows = tuple(TermRow(opens=month) for month in opens)
    return ContributionTerms(
        years=years, per_year=per_year, round_instalment=unit, remainder=remainder, terms=rows, rewards=rewards
    )


def rewarded(total, rules, on=ON, **paid):
    land = BenefitedLand(units=1, **paid)
    parts = instalments(whole(total), rules, on)
    early = [prepaid_amount(part, land, rules) for part in parts]
    months = [months_early(part, land, rules) for part in parts]
    weighted = [amount_months(yen, number) for yen, number in zip(early, months, strict=True)]
    return reward(land, sum(early), sum(weighted), rules), months


def test_the_remainder_goes_to_the_first_as_sakai_prints_it():
    """堺市下水道事業受益者負担金納期前納付報奨金に係る取扱基準: 39,400円 in 15 instalments, 第1期3,000円、第2期以降2,600円.

    https://www.city.sakai.lg.jp/shisei/sonota/jyorei/youkou/koueikigyou/600170-1-1.html
    """
    rules = terms(5, 3, unit=100)
    assert [i.amount for i in instalments(whole(39_400), rules, ON)] == [3000] + [2600] * 14


def test_months_paid_early_as_sakai_prints_them():
    """Of the same standard: paid on August 15 in the first term, the second is 4 months early, the third 6."""
    row = RewardRow(prepaid="all", mode="months", rate=Rate(4, 1000), unit=1, minimum=100)
    rules = terms(5, 3, row, unit=100, opens=(8, 12, 2))
    paid = {"prepaid": "all", "paid_on": date(2026, 8, 15)}
    given, months = rewarded(39_400, rules, **paid)
    assert months[:4] == [0, 4, 6, 12]
    assert given == 2600 * sum(months) * 4 // 1000


def test_a_reward_below_its_minimum_is_not_given():
    row = RewardRow(prepaid="all", mode="months", rate=Rate(5, 1000), unit=10, minimum=10)  # as 田原市 has it
    rules = terms(1, 2, row, opens=(6, 7))
    paid = {"prepaid": "all", "paid_on": date(2026, 6, 1)}
    assert rewarded(2_000, rules, **paid)[0] == 0
    assert rewarded(8_000, rules, **paid)[0] == 20


def test_a_share_of_the_later_instalments_as_ageo_has_it():
    """20 % of the second to the twentieth for all, 4 % of the second to the fourth of a year.

    http://ageowww.city.ageo.lg.jp/site/suido/327000.html
    """
    rules = terms(
        5,
        4,
        RewardRow(prepaid="all", mode="later", rate=Rate(20, 100), unit=1),
        RewardRow(prepaid="year", mode="later", rate=Rate(4, 100), unit=1),
    )
    assert rewarded(200_000, rules, prepaid="all", paid_on=ON)[0] == 19 * 10_000 // 5
    assert rewarded(200_000, rules, prepaid="year", paid_on=ON)[0] == 3 * 10_000 * 4 // 100
    assert rewarded(200_000, rules, prepaid="year", paid_in=5, paid_on=ON)[0] == 3 * 10_000 * 4 // 100


def test_a_fixed_reward_is_for_the_first_term():
    rules = terms(4, 2, RewardRow(prepaid="all", mode="fixed", amount=10_000, unit=1))
    assert rewarded(200_000, rules, prepaid="all", paid_on=ON)[0] == 10_000
    assert rewarded(200_000, rules, prepaid="all", paid_in=2, paid_on=ON)[0] == 0
    assert rewarded(200_000, rules, prepaid="year", paid_on=ON)[0] == 0


def test_due_days_are_left_out_where_the_terms_are_not_recorded():
    assert due_on(whole(1000), terms(2, 2), ON) == ()
    assert due_on(whole(1000), terms(2, 2, opens=(6, 9)), ON) == ()


AMOUNTS = st.integers(0, 5_000_000)


@given(
    AMOUNTS,
    st.integers(1, 10),
    st.integers(1, 6),
    st.sampled_from([1, 10, 100, 1000]),
    st.sampled_from(["first", "last"]),
)
def test_instalments_are_the_whole(total, years, per_year, unit, remainder):
    parts = instalments(whole(total), terms(years, per_year, unit=unit, remainder=remainder), ON)
    amounts = [part.amount for part in parts]
    assert sum(amounts) == total
    assert len(amounts) == years * per_year
    assert min(amounts) >= 0
    takes = 0 if remainder == "first" else len(amounts) - 1
    assert max(amounts) == amounts[takes]
    assert all(amount % unit == 0 for index, amount in enumerate(amounts) if index != takes)


@given(AMOUNTS, st.integers(1, 20), st.sampled_from(["year", "all"]), st.integers(0, 100))
def test_a_reward_lies_between_nothing_and_what_is_paid_early(total, paid_in, prepaid, percent):
    row = RewardRow(prepaid=prepaid, mode="later", rate=Rate(percent, 100), unit=1)
    given_, _ = rewarded(total, terms(5, 4, row), prepaid=prepaid, paid_in=paid_in, paid_on=ON)
    assert 0 <= given_ <= total


@given(st.integers(0, 5000), st.integers(0, 99), st.integers(0, 5000), st.integers(0, 99))
def test_more_land_never_pays_less(area, hundredths, more, more_hundredths):
    one = parcel(area, hundredths)
    less = assess(district="東", parcels=(one,)).result
    both = assess(district="東", parcels=(one, parcel(more, more_hundredths, "2"))).result
    assert 0 <= less.total <= both.total
    assert both.assessed_area == (area * 100 + hundredths + more * 100 + more_hundredths) * 100
