"""Cremation: from when it may be done, who permits it, and what it costs inside the area and outside."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.fees.fees_town import CITY, ON, OTHER, town

from munirules import Rulebook
from munirules.engine.outcome import Status
from munirules.engine.rulebook import DecideError
from munirules.law.fees.cremation import CremationUse, cremation_fee
from munirules.law.fees.cremation_permit import CremationRequest, Disease, Remains, cremation_permit
from munirules.models.declare import InvariantError
from munirules.models.fields import FieldError

R = Remains
FAR = "131016"


def permit(remains=R.BODY, on=ON, *, accepted=True, **given):
    values = {"died_on": date(2026, 6, 9), "died_at": 1430, "notice_accepted": accepted, **given}
    return town().decide(cremation_permit, CremationRequest(remains=remains, **values), on=on)


@pytest.mark.parametrize(
    ("remains", "given", "needed", "waits"),
    [
        (R.BODY, {}, True, True),
        (R.BODY, {"disease": Disease.CLASS_1}, True, False),
        (R.BODY, {"disease": Disease.CLASS_2}, True, False),
        (R.BODY, {"disease": Disease.CLASS_3}, True, False),
        (R.BODY, {"disease": Disease.NEW_INFLUENZA}, True, False),
        (R.BODY, {"disease": Disease.OTHER}, True, True),
        (R.STILLBORN, {"weeks": 11, "accepted": False}, False, False),
        (R.STILLBORN, {"weeks": 12}, True, False),
        (R.STILLBORN, {"weeks": 23}, True, False),
        (R.STILLBORN, {"weeks": 24}, True, True),
        (R.REBURIED, {"lies_here": True, "accepted": False}, True, False),
        (R.EXHUMED, {"lies_here": True, "accepted": False}, True, False),
        (R.AFTERBIRTH, {"accepted": False}, False, False),
        (R.ANIMAL, {"accepted": False}, False, False),
    ],
)
def test_permission_and_waiting(remains, given, needed, waits):
    result = permit(remains, **given).result
    assert (result.needed, result.waits) == (needed, waits)
    earliest = (date(2026, 6, 10), 1430) if waits else (date(2026, 6, 9), 1430)
    assert (result.earliest_on, result.earliest_at) == earliest


@pytest.mark.parametrize(
    ("remains", "given", "told"),
    [
        (R.BODY, {}, "死亡届を受理した"),
        (R.STILLBORN, {"weeks": 20}, "死産届を受理した"),
        (R.REBURIED, {}, "現に存する地"),
    ],
)
def test_the_mayor_who_accepted_the_notice_permits(remains, given, told):
    outcome = permit(remains, accepted=False, **given)
    assert outcome.status == Status.REFUSED
    assert told in outcome.reason


@given(day=st.dates(date(2020, 1, 1), date(2026, 6, 1)), hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_twenty_four_hours_later_to_the_minute(day, hour, minute):
    clock = hour * 100 + minute
    result = permit(died_on=day, died_at=clock).result
    assert (result.earliest_on, result.earliest_at) == (day + timedelta(1), clock)


def test_midnight_at_the_end_of_a_day():
    result = permit(died_at=2400).result
    assert (result.earliest_on, result.earliest_at) == (date(2026, 6, 11), 0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, date(2026, 6, 15)),
        ({"known_on": date(2026, 6, 10)}, date(2026, 6, 16)),
        ({"abroad": True}, date(2026, 9, 8)),
    ],
)
def test_notice_of_death(given, expected):
    assert permit(**given).result.notify_by == expected


def test_no_notice_of_death_for_a_stillborn_child():
    assert permit(R.STILLBORN, weeks=30).result.notify_by is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"remains": R.STILLBORN}, "weeks (妊娠満週数): missing"),
        ({"weeks": 20}, "only that, has weeks"),
        ({"died_at": 1299}, "no time of day"),
        ({"known_on": date(2026, 6, 8)}, "before died_on"),
    ],
)
def test_requests_that_cannot_be(given, told):
    with pytest.raises(InvariantError) as error:
        permit(**given)
    assert told in str(error.value)


def test_a_death_to_come_is_an_error():
    with pytest.raises(DecideError, match="2026-06-09 is after 2026-06-08"):
        permit(on=date(2026, 6, 8))


# What it costs.


def fee(remains=R.BODY, **given):
    return town().decide(cremation_fee, CremationUse(remains=remains, **given), on=ON)


@pytest.mark.parametrize(
    ("given", "inside", "total"),
    [
        ({"age": 80, "deceased_in": CITY}, True, 5000),
        ({"age": 12, "deceased_in": OTHER}, True, 5000),
        ({"age": 11, "deceased_in": CITY}, True, 3333),
        ({"age": 80, "deceased_in": FAR}, False, 68000),
        ({"age": 11, "deceased_in": FAR}, False, 11665),  # 350 % of 3,333, floored
        ({"age": 80}, False, 68000),
        ({"age": 80, "deceased_in": FAR, "applicant_in": CITY, "applicant_degree": 1}, True, 5000),
        ({"age": 80, "deceased_in": FAR, "applicant_in": CITY, "applicant_degree": 2}, False, 68000),
        ({"age": 80, "deceased_in": FAR, "applicant_in": CITY}, False, 68000),
        ({"age": 80, "deceased_in": FAR, "registered_before_facility": CITY}, True, 5000),
        ({"remains": R.STILLBORN, "deceased_in": FAR}, False, 3500),
        ({"remains": R.ANIMAL, "grams": 9999, "deceased_in": CITY}, True, 2000),
        ({"remains": R.ANIMAL, "grams": 10001, "deceased_in": CITY}, True, 6000),
        ({"remains": R.ANIMAL, "grams": 15001, "deceased_in": FAR}, False, 28000),
        ({"age": 80, "deceased_in": CITY, "mortuary_hours": 24}, True, 8300),
        ({"age": 80, "deceased_in": CITY, "mortuary_hours": 25}, True, 12700),
        ({"age": 80, "deceased_in": CITY, "waiting_rooms": 2}, True, 7200),
        ({"age": 80, "deceased_in": CITY, "relief": "生活扶助", "waiting_rooms": 1}, True, 1100),
    ],
)
def test_fees(given, inside, total):
    result = fee(**given).result
    assert (result.inside, result.total) == (inside, total)
    taxed = result.rooms + (result.cremation if given.get("remains") == R.ANIMAL else 0)
    assert result.consumption_tax == taxed * 10 // 110


@given(age=st.integers(0, 150), hours=st.integers(0, 200), rooms=st.integers(0, 3))
def test_outside_never_costs_less_and_nothing_is_negative(age, hours, rooms):
    given = {"age": age, "mortuary_hours": hours, "waiting_rooms": rooms}
    near, far = (fee(deceased_in=where, **given).result for where in (CITY, FAR))
    assert 0 <= near.total <= far.total
    assert 0 <= near.consumption_tax <= near.rooms


@given(grams=st.integers(1, 90_000), more=st.integers(0, 9_000))
def test_a_heavier_animal_never_costs_less(grams, more):
    light, heavy = (fee(R.ANIMAL, grams=each, deceased_in=CITY).result.total for each in (grams, grams + more))
    assert light <= heavy


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"remains": R.BODY_PART}, "該当する区分がない"),
        ({"age": 80, "relief": "功労"}, "免除の事由"),
    ],
)
def test_what_the_ordinance_does_not_know_is_refused(given, told):
    assert told in fee(**given).reason


def test_rooms_that_a_crematorium_does_not_have():
    book = Rulebook.of("岐阜市")
    use = {"remains": R.BODY, "age": 80, "deceased_in": "212016"}
    on = date(2024, 4, 1)
    assert "霊安室" in book.decide(cremation_fee, CremationUse(**use, mortuary_hours=3), on=on).reason
    assert "待合室" in book.decide(cremation_fee, CremationUse(**use, waiting_rooms=1), on=on).reason
    animal = CremationUse(remains=R.ANIMAL, grams=3000)
    assert "小動物" in book.decide(cremation_fee, animal, on=on).reason


def test_a_member_town_has_the_fees_of_its_union():
    on = date(2026, 11, 23)
    for town_name in ("可児市", "御嵩町", "七宗町"):
        use = CremationUse(remains=R.BODY, age=80, deceased_in="215210")
        assert Rulebook.of(town_name).decide(cremation_fee, use, on=on).result.total == 13000


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"remains": R.BODY}, "age (死亡時の年齢): missing"),
        ({"remains": R.STILLBORN, "age": 0}, "only that, has an age"),
        ({"remains": R.ANIMAL}, "grams (小動物の重さ): missing"),
        ({"remains": R.BODY, "age": 3, "grams": 3}, "only that, has a weight"),
    ],
)
def test_uses_that_cannot_be(given, told):
    with pytest.raises(InvariantError) as error:
        CremationUse(**given)
    assert told in str(error.value)


def test_an_age_out_of_bounds():
    with pytest.raises(FieldError, match="死亡時の年齢"):
        CremationUse(remains=R.BODY, age=151)
