"""Kiosks: hours by certificate and day, who may use one, and what it takes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.fees.fees_town import ON, town

from munirules.engine.outcome import Status
from munirules.law.fees.certificate_kinds import Certificate
from munirules.law.fees.clock import clock_of, minutes_of
from munirules.law.fees.kiosk import KioskUse, Shown, kiosk, kiosk_fee
from munirules.models.declare import InvariantError

C = Certificate


def use(kind=C.RESIDENT_RECORD, clock=1000, **given):
    return KioskUse(kind=kind, clock=clock, **{"born_on": date(1980, 5, 5), **given})


def ask(kind=C.RESIDENT_RECORD, clock=1000, on=ON, **given):
    return town().decide(kiosk, use(kind, clock, **given), on=on)


@pytest.mark.parametrize(
    ("kind", "on", "clock", "open_now"),
    [
        (C.RESIDENT_RECORD, ON, 629, False),
        (C.RESIDENT_RECORD, ON, 630, True),
        (C.RESIDENT_RECORD, ON, 2259, True),
        (C.RESIDENT_RECORD, ON, 2300, False),
        (C.RESIDENT_RECORD, date(2026, 6, 14), 1000, True),
        (C.REGISTER, date(2026, 7, 1), 900, True),
        (C.REGISTER, date(2026, 7, 1), 1700, False),
        (C.REGISTER, date(2026, 7, 4), 1000, False),
        (C.REGISTER, date(2026, 7, 5), 1000, False),
        (C.REGISTER, date(2026, 7, 20), 1000, False),
        (C.SEAL, date(2026, 12, 28), 1000, True),
        (C.SEAL, date(2026, 12, 29), 1000, False),
        (C.SEAL, date(2027, 1, 3), 1000, False),
        (C.SEAL, date(2027, 1, 4), 1000, True),
        (C.SEAL, date(2026, 7, 17), 1000, True),
    ],
)
def test_hours(kind, on, clock, open_now):
    outcome = ask(kind, clock, on=on)
    assert outcome.decided == open_now, outcome.reason


def test_maintenance():
    assert "保守" in ask(on=date(2026, 6, 17)).reason
    assert "保守" in ask(clock=1159, on=date(2026, 6, 18)).reason
    assert ask(clock=1200, on=date(2026, 6, 18)).decided


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"card_valid": False}, "電子証明書"),
        ({"born_on": date(2011, 6, 12)}, "年齢"),
        ({"moved_out_on": date(2026, 7, 1)}, "転出"),
        ({"died_on": date(2026, 5, 1)}, "死亡"),
        ({"protected": True}, "支援措置"),
        ({"record_held": True}, "停止"),
        ({"shown": Shown.REGISTER}, "同一戸籍"),
        ({"kind": C.SEAL, "shown": Shown.HOUSEHOLD}, "世帯員"),
        ({"kind": C.VALUATION}, "コンビニで交付しない"),
    ],
)
def test_who_cannot_use_one(given, told):
    on = date(2026, 7, 1) if given.get("kind") else ON
    outcome = ask(on=on, **given)
    assert outcome.status == Status.REFUSED
    assert told in outcome.reason


def test_fifteen_is_attained_on_the_day_before():
    assert ask(born_on=date(2011, 6, 11)).decided


def test_a_price_for_a_time_ends_and_what_stood_before_speaks_again():
    assert [
        town().decide(kiosk_fee, use(), on=day).result.each
        for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1))
    ] == [250, 10, 10, 250]


def test_prices():
    on = date(2026, 7, 1)
    assert town().decide(kiosk_fee, use(C.REGISTER, copies=2), on=on).result.fee == 800
    assert town().decide(kiosk_fee, use(C.SEAL), on=on).result.fee == 150
    assert town().decide(kiosk_fee, use(C.INCOME), on=on).result.fee == 0  # never below nothing
    assert "窓口の手数料が収録されていない" in town().decide(kiosk_fee, use(C.DISASTER_DAMAGE), on=on).reason
    assert ask(C.REGISTER, on=on).result.total == 400


@given(
    kind=st.sampled_from([C.RESIDENT_RECORD, C.SEAL, C.INCOME, C.REGISTER]),
    days=st.integers(0, 400),
    copies=st.integers(1, 9),
)
def test_a_kiosk_never_takes_more_than_the_window(kind, days, copies):
    on = date(2026, 7, 1) + timedelta(days=days)
    result = town().decide(kiosk_fee, use(kind, copies=copies), on=on).result
    assert 0 <= result.each <= result.window_fee
    assert result.fee == result.each * copies


@given(minutes=st.integers(0, 1440))
def test_times_of_day_go_to_minutes_and_back(minutes):
    assert minutes_of(clock_of(minutes)) == minutes


@pytest.mark.parametrize("clock", [1260, 2401, 99])
def test_no_time_of_day(clock):
    with pytest.raises(ValueError, match="KioskUse"):
        use(clock=clock)


def test_any_is_no_certificate():
    with pytest.raises(InvariantError, match="tables only"):
        use(C.ANY)
