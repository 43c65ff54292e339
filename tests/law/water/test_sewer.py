"""The sewer bill: wells, deemed volumes, persons, meters lent, leaks, a change inside a period."""

from datetime import date
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.water.sewer_town import SEWER, WATER, town

from munirules import Each, Sen, at
from munirules.calendar.rules import days_between
from munirules.law.water.bill import SpanCharge
from munirules.law.water.sewer import SewerTariff, sewer_bill
from munirules.law.water.sewer_volume import (
    DeemedRow,
    SewerUse,
    SewerVolume,
    WellPurpose,
    counted_well,
    deemed,
    sewer_volume,
    volume,
)
from munirules.law.water.supply import WaterUse, water_bill
from munirules.models.declare import InvariantError
from munirules.money import Rate, Rounding, prorate

ON = date(2026, 6, 10)
TABLE = (DeemedRow(above=0, each=8), DeemedRow(above=3, each=5))
LESS = (DeemedRow(above=0, each=3),)
BOOK = town(SEWER, WATER)


def method(mode="unset", **more):
    return SewerVolume(deemed=TABLE, with_tap=mode, **more)


def beside(mode, tap, persons, **more):
    """The volume of a household with tap water and an unmetered well."""
    rules = method(mode, **more)
    use = SewerUse(tap_volume=tap, unmetered_well=True, persons=persons, months=1)
    table = rules.deemed_with_tap or rules.deemed
    return volume(use, counted_well(use, deemed(table, "", persons), rules))


@pytest.mark.parametrize(
    ("mode", "more", "expected"),
    [
        ("tap", {}, 20),
        ("max", {}, 29),
        ("sum", {}, 49),
        ("sum", {"deemed_with_tap": LESS}, 32),
        ("sum", {"share_with_tap": Rate(1, 2)}, 34),
        ("sum", {"share_with_tap": Rate(1, 2), "share_rounding": Rounding.CEILING}, 35),
    ],
)
def test_tap_and_well_combine_as_the_ordinance_says(mode, more, expected):
    assert beside(mode, 20, 4, **more) == expected


def decide_volume(text, **use):
    return town(f"[[version]]\nsince = 2019-10-01\n[version.SewerVolume]\n{text}").decide(
        sewer_volume, SewerUse(**use), on=ON
    )


def test_a_table_by_purposes_adds_those_of_the_well():
    text = """with_tap = "sum"
deemed = [
    { above = 0, each = 9 },
    { purpose = "トイレ", above = 0, each = 2 },
    { purpose = "風呂", above = 0, each = 2 },
    { purpose = "風呂", above = 1, each = 1 },
]"""
    wells = (WellPurpose(purpose="トイレ"), WellPurpose(purpose="風呂"))
    use = {"tap_volume": 10, "unmetered_well": True, "persons": 2, "months": 1}
    assert decide_volume(text, well_for=wells, **use).result.volume == 17
    assert decide_volume(text, **use).result.volume == 28
    unknown = decide_volume(text, well_for=(WellPurpose(purpose="散水"),), **use)
    assert "該当する区分がない" in unknown.reason


def test_a_deemed_volume_counts_for_every_month_of_the_period():
    text = "deemed = [{ above = 0, each = 8 }]"
    assert decide_volume(text, unmetered_well=True, persons=2, months=2).result.volume == 32


def test_metered_wells_are_added_and_what_does_not_reach_the_sewer_is_taken_off():
    assert decide_volume("", tap_volume=20, well_volume=15, deducted=6, months=2).result.volume == 29
    assert decide_volume("", tap_volume=5, deducted=6, months=2).result.volume == 0


@pytest.mark.parametrize(
    ("text", "use", "reason"),
    [
        ("deemed = [{ above = 0, each = 8 }]", {"tap_volume": 1, "persons": 1}, "併用する場合の算定方法"),
        ("deemed = [{ above = 0, each = 8 }]", {"kind": "business"}, "事業用の井戸水等"),
        ("", {"persons": 1}, "該当する区分がない"),
    ],
)
def test_the_law_refuses_what_the_ordinance_does_not_say(text, use, reason):
    assert reason in decide_volume(text, unmetered_well=True, months=1, **use).reason


def test_a_business_may_be_deemed_where_the_ordinance_says_so():
    text = "business_deemed = true\ndeemed = [{ above = 0, each = 8 }]"
    assert decide_volume(text, unmetered_well=True, kind="business", persons=3, months=1).result.volume == 24


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"unmetered_well": True}, "persons"),
        ({"well_for": (WellPurpose(purpose="風呂"),)}, "well_for"),
        ({"leak": "地下漏水"}, "usual_volume"),
        ({"started_on": date(2026, 5, 2), "stopped_on": date(2026, 5, 1)}, "stopped_on"),
    ],
)
def test_a_use_holds_together(wrong, field):
    with pytest.raises(InvariantError, match=field):
        SewerUse(tap_volume=1, months=1, **wrong)


def bill(**use):
    return BOOK.decide(sewer_bill, SewerUse(**use), on=ON)


def test_the_bill_of_two_months():
    result = bill(tap_volume=51, months=2).result
    # 26 m³: 800 + 15×100 + 6×150.5; 25 m³: 800 + 15×100 + 5×150.5
    assert (result.base_charge, result.volume_charge) == (160_000, 465_550)
    assert result.total == 6881
    assert result.consumption_tax == 625


def test_lent_well_meters_pay_rent_every_month():
    assert bill(well_volume=10, well_meters=2, months=2).result.meter_rent == 120_000
    none = town(SEWER.replace("well_rents = [{ rent = 300 }]", "")).decide(
        sewer_bill, SewerUse(well_volume=10, well_meters=1, months=2), on=ON
    )
    assert "井戸メーターの使用料" in none.reason


def test_a_use_may_be_charged_by_persons():
    result = bill(use="人員制", persons=4, months=2).result
    assert result.subtotal == 2 * (500 + 4 * 700) * 100
    assert "使用人数" in bill(use="人員制", months=1).reason


def test_a_leak_that_did_not_reach_the_sewer_is_not_charged():
    assert bill(tap_volume=60, usual_volume=40, leak="地下漏水", months=2).result.billed_volume == 40
    assert "漏水の種類" in bill(tap_volume=60, usual_volume=40, leak="ほか", months=2).reason


def test_relief_by_ground():
    assert bill(tap_volume=5, months=1, relief="生活扶助").result.total == 0


def test_prices_that_are_not_recorded_are_not_guessed():
    known = town(SEWER.replace('tax = "excluded"', 'tax = "excluded"\nknown_to = 30'))
    assert known.decide(sewer_bill, SewerUse(tap_volume=60, months=2), on=ON).decided
    assert "収録されていない" in known.decide(sewer_bill, SewerUse(tap_volume=61, months=2), on=ON).reason


def test_a_tariff_may_go_by_the_first_day_of_the_period():
    later = SEWER + "\n[[version]]\nsince = 2026-06-01\n[version.SewerTariff]\ncharges = [{ base = 1000 }]\n"
    use = SewerUse(tap_volume=0, months=2)
    assert town(later).decide(sewer_bill, use, on=ON).result.base_charge == 200_000
    by_start = town(later + '[version.SewerChange]\nkey = "period_start"\n')
    assert by_start.decide(sewer_bill, use, on=ON).result.base_charge == 160_000
    assert by_start.decide(sewer_bill, use, on=date(2026, 9, 10)).result.base_charge == 200_000


def test_water_and_sewer_of_one_meter_are_two_claims():
    water = BOOK.decide(water_bill, WaterUse(meter_size=13, volume=30, months=2), on=ON)
    sewer = BOOK.decide(sewer_bill, SewerUse(tap_volume=30, months=2), on=ON)
    assert (water.decision.name, sewer.decision.name) == ("water.supply", "water.sewer")
    assert (water.result.total, sewer.result.total) == (4400, 3960)


def test_the_volume_is_a_decision_of_its_own_in_the_explanation():
    text = bill(tap_volume=51, months=2).explain()
    assert "汚水排除量" in text
    assert "51m³" in text


# A change inside a period, as 豊明市 had it in 2017 (http://www.city.toyoake.lg.jp/2793.htm): the base by half months of
# each side, the volume charge of the whole volume under each tariff by days. The structure is local, so a rule is
# replaced. The page prints the charges, not the unit prices; a lump stands for them here.

CHANGED = date(2017, 4, 1)


@sewer_bill.replaces("subtotal", law="附則第2項")
def split_by_days(
    use: SewerUse,
    span_charge: Each[SpanCharge],
    former: Annotated[SewerTariff, at("tariff_day")],
    present: Annotated[SewerTariff, at("on")],
    on: date,
) -> Sen:
    """Base by half months and volume charge by days, each floored to the yen."""
    if use.previous_on is None or use.previous_on >= CHANGED or on < CHANGED:
        return sum([charge.amount for charge in span_charge])
    days = days_between(use.previous_on, on) - 1
    before = days_between(use.previous_on, CHANGED) - 2
    halves = (before + 14) // 15
    base = former.charges[0].base * halves // 4 + present.charges[0].base * (4 - halves) // 4
    old = prorate(former.bands[0].lump, before, days, floor=100)
    new = prorate(present.bands[0].lump, days - before, days, floor=100)
    return base + old + new


TOYOAKE = """
[[version]]
since = 2014-05-01
[version.SewerTariff]
table_months = 2
split = "scaled"
tax = "excluded"
round_month = 0
round_tax = 1
round_total = 1
charges = [{ base = 1740 }]
bands = [{ above = 0, lump = 3395 }]
[version.SewerChange]
key = "period_start"

[[version]]
since = 2017-04-01
[version.SewerTariff]
charges = [{ base = 1100 }]
bands = [{ above = 0, lump = 4435 }]
"""


def test_a_change_inside_a_period_by_a_local_rule():
    book = town(TOYOAKE, replaced=[split_by_days])
    use = SewerUse(tap_volume=55, months=2, previous_on=date(2017, 2, 24))
    outcome = book.decide(sewer_bill, use, on=date(2017, 4, 24))
    assert outcome.result.subtotal == (1305 + 275 + 2013 + 1804) * 100
    assert outcome.result.consumption_tax == 431
    assert outcome.result.total == 5828


TABLES = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 12), st.integers(0, 20)), min_size=1, max_size=5).map(
    lambda steps: tuple(
        DeemedRow(above=sum(s[0] for s in steps[:index]), each=each, lump=lump)
        for index, (_, each, lump) in enumerate(steps)
    )
)


@given(TABLES, st.integers(1, 20), st.integers(0, 10))
def test_more_persons_never_count_less(table, persons, more):
    assert 0 <= deemed(table, "", persons) <= deemed(table, "", persons + more)


@given(st.integers(0, 300), st.integers(1, 12))
def test_the_greater_is_at_least_each(tap, persons):
    both = beside("max", tap, persons)
    assert both >= tap
    assert both >= deemed(TABLE, "", persons)
    assert both in (tap, deemed(TABLE, "", persons))
    assert both <= beside("sum", tap, persons)


@given(st.integers(0, 400), st.integers(0, 40), st.integers(1, 2))
def test_a_bill_is_never_negative_and_grows_with_the_volume(cubic, more, months):
    small, large = (bill(tap_volume=v, months=months).result.total for v in (cubic, cubic + more))
    assert 0 < small <= large


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 120))
def test_sewage_is_never_negative(tap, well, deducted):
    use = SewerUse(tap_volume=tap, well_volume=well, deducted=deducted, months=1)
    assert volume(use, 0) == max(tap + well - deducted, 0)
