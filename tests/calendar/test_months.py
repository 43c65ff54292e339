"""Months, days and the ends of periods."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from munirules.calendar import (
    DateError,
    FirstDay,
    Overflow,
    Period,
    add_months,
    calendar_months,
    calendar_months_between,
    calendar_months_within,
    civil_day,
    day_number,
    days_before,
    days_between,
    days_in_month,
    days_in_year,
    days_later,
    days_within,
    is_leap_year,
    last_day_of_months,
    months_begun,
    months_between,
    months_later,
    next_day,
    previous_day,
)
from munirules.calendar.civil import EPOCH_DAY_NUMBER

DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))
MONTHS = st.integers(-600, 600)


@given(st.dates())
def test_day_numbers(day):
    number = day.toordinal()
    assert day_number(day.year, day.month, day.day) == number
    assert civil_day(number) == (day.year, day.month, day.day)
    assert is_leap_year(day.year) == (days_in_year(day.year) == 366)
    assert days_in_month(day.year, day.month) in (28, 29, 30, 31)
    if day < date.max:
        assert next_day(day) == day + timedelta(1)
    if day > date.min:
        assert previous_day(day) == day - timedelta(1)
    assert date.fromordinal(EPOCH_DAY_NUMBER) == date(1970, 1, 1)


@given(DAYS, MONTHS)
def test_add_months(day, months):
    clipped = add_months(day, months, Overflow.LAST_DAY)
    assert clipped == day + relativedelta(months=months)
    if clipped.day == day.day:
        assert add_months(day, months, Overflow.REFUSE) == add_months(day, months, Overflow.NEXT_MONTH) == clipped
    else:
        assert add_months(day, months, Overflow.NEXT_MONTH) == clipped + timedelta(1)
        with pytest.raises(DateError):
            add_months(day, months, Overflow.REFUSE)


@given(DAYS, st.integers(1, 600))
def test_months_of_a_period_are_counted_as_its_end_is_found(first, months):
    last = last_day_of_months(first, months)
    assert months_between(first, last) == months
    assert months_between(first, last - timedelta(1)) == months - 1
    assert months_begun(first, last) == months
    assert months_begun(first, last + timedelta(1)) == months + 1


@pytest.mark.parametrize(
    ("event", "months", "counted", "end"),
    [
        ("2026-03-31", 1, False, "2026-04-30"),  # from April 1, the whole of April
        ("2026-04-30", 1, False, "2026-05-31"),
        ("2026-04-30", 1, True, "2026-05-29"),
        ("2026-01-30", 1, False, "2026-02-28"),  # February has no 31st (民法143条2項ただし書)
        ("2024-01-30", 1, False, "2024-02-29"),
        ("2026-10-30", 4, False, "2027-02-28"),
        ("2026-05-15", 3, False, "2026-08-15"),
        ("2026-05-15", 3, True, "2026-08-14"),
        ("2024-02-29", 12, True, "2025-02-28"),
        ("2024-02-29", 48, True, "2028-02-28"),
    ],
)
def test_periods_of_the_civil_code(event, months, counted, end):
    first_day = FirstDay.COUNTED if counted else FirstDay.NOT_COUNTED
    assert months_later(date.fromisoformat(event), months, first_day) == date.fromisoformat(end)


def test_periods_of_days():
    assert days_later(date(2026, 4, 1), 14) == date(2026, 4, 15)
    assert days_later(date(2026, 4, 1), 14, FirstDay.COUNTED) == date(2026, 4, 14)
    # 「公売の日の少なくとも10日前までに」 (国税通則法基本通達10条関係2: the day before the tenth day)
    assert days_before(date(2026, 4, 20), 10) == date(2026, 4, 9)


@given(DAYS, DAYS)
def test_counting(first, last):
    if first > last:
        assert days_between(first, last) == 0
        return
    assert days_between(first, last) == (last - first).days + 1
    assert months_between(first, last) <= months_begun(first, last) <= months_between(first, last) + 1
    assert calendar_months(first, last) == calendar_months_between(first, last) + 1


@given(DAYS, st.integers(0, 800))
def test_months_touched(first, days):
    touched = {(day.year, day.month) for day in (first + timedelta(at) for at in range(days + 1))}
    assert calendar_months(first, first + timedelta(days)) == len(touched)


@given(DAYS, DAYS, DAYS, DAYS)
def test_what_two_periods_share(one, two, three, four):
    (first, last), (start, end) = sorted((one, two)), sorted((three, four))
    begin, stop = max(first, start), min(last, end)
    shared = (stop - begin).days + 1 if begin <= stop else 0
    assert days_within(first, last, start, end) == shared
    assert (calendar_months_within(first, last, start, end) > 0) == (shared > 0)


def test_proration_by_example():
    april, march = date(2026, 4, 1), date(2027, 3, 31)
    assert calendar_months_within(date(2025, 7, 10), date(2026, 9, 3), april, march) == 6
    assert calendar_months_between(date(2026, 7, 10), date(2026, 12, 1)) == 5
    assert days_within(date(2026, 6, 20), date(2026, 7, 31), date(2026, 6, 1), date(2026, 6, 30)) == 11
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 1
    assert months_begun(date(2026, 4, 1), date(2026, 4, 1)) == 1


@given(DAYS, DAYS)
def test_a_period_leads_from_one_day_to_the_other(start, end):
    first, last = sorted((start, end))
    period = Period.between(first, last)
    assert period.after(first, Overflow.LAST_DAY) == last
    assert period.months >= 0
    assert 0 <= period.days <= 30


def test_period_arithmetic():
    period = Period.of(years=1, months=2, weeks=1, days=3)
    assert period == Period(14, 10)
    assert period + Period(1, -1) == Period(15, 9)
    assert period - period == Period()
    assert 2 * period == period * 2 == Period(28, 20)
    assert -period == Period(-14, -10)
    assert not Period()
    assert (str(period), str(Period()), str(-period)) == ("1年2か月10日", "0日", "-1年2か月10日")
    assert str(Period(1, -1)) == "1か月と-1日"
    assert Period(months=1).after(date(2026, 1, 31), Overflow.NEXT_MONTH) == date(2026, 3, 1)
    assert Period(months=1).before(date(2026, 3, 31), Overflow.LAST_DAY) == date(2026, 2, 28)
    with pytest.raises(DateError):
        Period(months=1).after(date(2026, 1, 31), Overflow.REFUSE)
    with pytest.raises(TypeError):
        sorted([Period(1), Period(0, 30)])
