"""Holidays beside the packages `holidays` and `jpholiday`, in an environment of their own.

    pytest tests/calendar/crosscheck/check_holidays.py

`holidays` agrees on every day; `jpholiday` gives 国民の休日 and some others before the acts that made them.
"""

from __future__ import annotations

from datetime import date

import pytest

from munirules.calendar import holidays_in

holidays = pytest.importorskip("holidays")
jpholiday = pytest.importorskip("jpholiday")
YEARS = range(1949, 2100)
OURS = {each.date: each for year in YEARS for each in holidays_in(year)}


def test_every_day_of_holidays():
    theirs = set(holidays.country_holidays("JP", years=YEARS))
    assert set(OURS) == theirs


def test_jpholiday_from_1986():
    theirs = {day for year in range(1986, 2100) for day, _ in jpholiday.year_holidays(year)}
    assert {day for day in OURS if day.year >= 1986} == theirs


def test_what_jpholiday_invents_before_1986():
    theirs = {day for year in range(1949, 1986) for day, _ in jpholiday.year_holidays(year)}
    ours = {day for day in OURS if day.year < 1986}
    invented = theirs - ours
    assert ours <= theirs
    # 国民の休日 (May 4) was made by 昭和60年法律第103号, 振替休日 by 昭和48年法律第10号 of 1973-04-12.
    assert {(day.month, day.day) for day in invented} <= {(5, 4), (2, 12)}
    assert all(day < date(1985, 12, 27) for day in invented)
