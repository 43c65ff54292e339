"""Readings of meters: what is plausible, what counts in place of a reading, and the figures of the slip."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.water.sewer_town import CHECK, SEWER, WATER, town

from munirules import MunirulesError
from munirules.engine.provisions import NotInForce
from munirules.law.water.deemed_use import deemed_use
from munirules.law.water.meter_reading import (
    MeterReading,
    PastReading,
    ReadingAction,
    ReadingFinding,
    dial_volume,
    meter_reading,
)
from munirules.law.water.meter_slip import meter_slip
from munirules.law.water.sewer import SewerBill
from munirules.law.water.sewer_volume import SewerUse
from munirules.law.water.supply import WaterUse
from munirules.models.declare import InvariantError

ON = date(2026, 6, 10)
BEFORE = date(2026, 4, 10)
HISTORY = (
    PastReading(read_on=BEFORE, volume=44, months=2),
    PastReading(read_on=date(2026, 2, 10), volume=37, months=2),
    PastReading(read_on=date(2025, 6, 9), volume=40, months=2),
)
BOOK = town(CHECK, SEWER, WATER)


def read(current, *, previous=1000, digits=4, history=HISTORY, months=2, **more):
    return MeterReading(
        digits=digits,
        previous=previous,
        current=current,
        previous_on=BEFORE,
        months=months,
        history=history,
        **more,
    )


def judged(current, **more):
    return BOOK.decide(meter_reading, read(current, **more), on=ON).result


@pytest.mark.parametrize(
    ("current", "more", "finding", "action"),
    [
        (1040, {}, ReadingFinding.PLAUSIBLE, ReadingAction.BILL),
        (1080, {}, ReadingFinding.PLAUSIBLE, ReadingAction.BILL),
        (1081, {}, ReadingFinding.HIGH, ReadingAction.CHECK_LEAK),
        (1012, {}, ReadingFinding.PLAUSIBLE, ReadingAction.BILL),
        (1011, {}, ReadingFinding.LOW, ReadingAction.READ_AGAIN),
        (1000, {}, ReadingFinding.UNCHANGED, ReadingAction.CHECK_METER),
        (1000, {"occupied": False}, ReadingFinding.LOW, ReadingAction.READ_AGAIN),
        (None, {}, ReadingFinding.UNREADABLE, ReadingAction.DEEM),
        (990, {}, ReadingFinding.LOWER, ReadingAction.READ_AGAIN),
        (5000, {"history": ()}, ReadingFinding.NOTHING_TO_COMPARE, ReadingAction.BILL),
        (990, {"history": ()}, ReadingFinding.LOWER, ReadingAction.READ_AGAIN),
    ],
)
def test_what_a_reading_shows_and_what_is_done(current, more, finding, action):
    result = judged(current, **more)
    assert (result.finding, result.action) == (finding, action)


def test_small_differences_are_never_suspicious():
    history = (PastReading(read_on=BEFORE, volume=2, months=2),)
    assert judged(1012, history=history).finding == ReadingFinding.PLAUSIBLE
    assert judged(1013, history=history).finding == ReadingFinding.HIGH


def test_a_dial_turns_over():
    result = judged(15, previous=9980)
    assert (result.turned_over, result.volume, result.finding) == (True, 35, ReadingFinding.PLAUSIBLE)
    far = judged(115, previous=9980)
    assert (far.turned_over, far.volume, far.finding) == (False, None, ReadingFinding.LOWER)


def test_the_volume_of_a_meter_exchanged_is_added():
    assert judged(20, previous=5, replaced_volume=25).volume == 40


@pytest.mark.parametrize(
    ("history", "compared"),
    [
        (HISTORY, 40),
        (HISTORY[:2], 40),  # the mean of 44 and 37, floored
        (HISTORY[:1], 44),
        ((PastReading(read_on=BEFORE, volume=21, months=1),), 42),
        ((), None),
    ],
)
def test_the_first_volume_there_is_to_compare_with(history, compared):
    assert judged(1040, history=history).compared_with == compared


def test_no_threshold_is_the_nations():
    with pytest.raises(NotInForce, match="点検基準"):
        town(SEWER).decide(meter_reading, read(1040), on=ON)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"current": 10_000}, "current"),
        ({"current": 1, "previous": 10_000}, "previous"),
        ({"current": 1, "history": (PastReading(read_on=ON, volume=1, months=1),)}, r"history\[0\]"),
        ({"current": 1, "history": HISTORY[:2][::-1]}, r"history\[1\]"),
    ],
)
def test_a_reading_holds_together(wrong, field):
    with pytest.raises(InvariantError, match=field):
        read(wrong.pop("current"), **wrong)


# By-laws that were read name these ways and orders; how a fraction is rounded none of them says.
WAYS = {
    "笠間市 (前3回; 記録がないときは取替え後)": '[{ source = "mean", readings = 3, least = 3 }, { source = "after_repair" }]',
    "坂戸、鶴ヶ島水道企業団 (前3回; 前年同期; ある分の平均)": (
        '[{ source = "mean", readings = 3, least = 3 }, { source = "same_season" }, { source = "mean", readings = 3 }]'
    ),
    "鳥取市 (前3期間; 日割り)": '[{ source = "mean", readings = 3, least = 3 }, { source = "after_repair" }]',
    "北茨城市・神栖市 (故障は前2回、前年同期、5日以上の計量)": (
        '[{ cause = "故障", source = "mean", readings = 2, least = 2 }, { cause = "故障", source = "same_season" }, '
        '{ cause = "故障", source = "after_repair", least_days = 5 }, { cause = "不在", source = "last" }]'
    ),
    "昭島市 (前3回; 7日間の計量)": '[{ source = "mean", readings = 3, least = 3 }, { source = "after_repair", least_days = 7 }]',
    "磐梯町 (前年同期; 前3か月)": '[{ source = "same_season" }, { source = "mean", readings = 3 }]',
}


def deemed(place, **more):
    (ways,) = [text for name, text in WAYS.items() if name.startswith(place)]
    text = f'[[version]]\nsince = 2019-10-01\n[version.DeemingRules]\nrounding = "floor"\nways = {ways}\n'
    return town(text).decide(deemed_use, read(None, **more), on=ON)


@pytest.mark.parametrize(
    ("place", "more", "source", "volume"),
    [
        ("笠間市", {}, "mean", 40),
        ("笠間市", {"history": (), "repaired_volume": 7, "repaired_days": 10}, "after_repair", 42),
        ("坂戸", {"history": HISTORY[1:]}, "same_season", 40),
        ("坂戸", {"history": HISTORY[:2]}, "mean", 40),
        ("鳥取市", {"history": HISTORY[:2], "repaired_volume": 3, "repaired_days": 7}, "after_repair", 26),
        ("北茨城市", {"cause": "故障"}, "mean", 40),
        ("北茨城市", {"cause": "故障", "history": HISTORY[2:]}, "same_season", 40),
        ("北茨城市", {"cause": "故障", "history": (), "repaired_volume": 5, "repaired_days": 5}, "after_repair", 61),
        ("北茨城市", {"cause": "不在"}, "last", 44),
        ("昭島市", {"history": (), "repaired_volume": 7, "repaired_days": 7}, "after_repair", 61),
        ("磐梯町", {}, "same_season", 40),
        ("磐梯町", {"history": HISTORY[:1]}, "mean", 44),
    ],
)
def test_what_counts_in_place_of_a_reading(place, more, source, volume):
    result = deemed(place, **more).result
    assert (result.source, result.volume) == (source, volume)


def test_without_figures_nothing_is_determined():
    assert "記録がない" in deemed("笠間市", history=HISTORY[:2]).reason
    assert "記録がない" in deemed("北茨城市", cause="故障", history=(), repaired_volume=5, repaired_days=4).reason


def slip(current=1040, *, volume=40, sewer=True, **more):
    water = (WaterUse(id="1", meter_size=13, volume=volume, months=2),)
    used = (SewerUse(id="1", tap_volume=volume, months=2),) if sewer else ()
    return BOOK.decide(meter_slip, read(current, water=water, sewer=used, **more), on=ON)


def test_the_figures_of_the_slip():
    result = slip().result
    assert (result.period_from, result.period_to, result.days) == (date(2026, 4, 11), ON, 61)
    assert (result.volume, result.last_volume, result.same_season_volume) == (40, 44, 40)
    assert (result.water_charge, result.sewer_charge, result.total) == (6600, 5060, 11_660)
    assert result.consumption_tax == 1060
    assert slip(sewer=False).result.sewer_charge == 0


def test_a_bill_that_was_decided_before_is_taken_as_it_is():
    from munirules import facts_of

    given_ = SewerBill(
        days_used=None,
        billed_volume=40,
        base_charge=0,
        volume_charge=0,
        meter_rent=0,
        relief=0,
        subtotal=0,
        consumption_tax=10,
        total=123,
    )
    water = (WaterUse(id="1", meter_size=13, volume=40, months=2),)
    sewer = (SewerUse(id="s", tap_volume=40, months=2),)
    outcome = BOOK.decide(meter_slip, read(1040, water=water, sewer=sewer), facts_of("s", given_), on=ON)
    assert outcome.result.sewer_charge == 123


def test_a_slip_without_a_reading_has_the_volume_determined():
    assert slip(None, deemed_volume=40).result.volume == 40
    assert "認定もされていない" in slip(None).reason


def test_the_bill_is_one_of_the_volume_read():
    assert "一致しない" in slip(volume=39).reason


def test_the_slip_explains_both_bills():
    text = slip().explain()
    assert "水道料金" in text
    assert "汚水排除量" in text


@given(st.integers(3, 8), st.integers(0, 10**8 - 1), st.integers(0, 500))
def test_a_dial_never_shows_less_than_nothing(digits, start, used):
    previous = start % 10**digits
    reading = read((previous + used) % 10**digits, previous=previous, digits=digits)
    assert dial_volume(reading) == used % 10**digits


@given(st.integers(0, 9999), st.integers(0, 400), st.integers(0, 60))
def test_every_reading_has_a_finding_and_none_fails(current, usual, days):
    history = (PastReading(read_on=BEFORE - timedelta(days=days), volume=usual, months=2),)
    result = judged(current, previous=5000, history=history)
    assert (result.volume is None) == (result.finding == ReadingFinding.LOWER)
    if result.finding == ReadingFinding.PLAUSIBLE:
        assert result.action == ReadingAction.BILL


def test_errors_are_the_librarys():
    with pytest.raises(MunirulesError):
        read(1, digits=2)
