"""Age in law.

年齢計算ニ関スル法律（明治35年法律第50号）counts age from the day of birth and, through 民法143条2項, ends each
year on the day before the birthday. An age is therefore attained on the day before the birthday, the whole of that
day (大阪高判 昭和54年11月22日): 選挙権, 就学, 介護保険 at 40 and 65, 国民年金 at 20, the ends of the 18th and 22nd
year of 児童手当. Other provisions count from the birthday itself: 後期高齢者医療 at 75; and 児童手当 at 3 for
children born on the first of a month, of whom the Act says 「出生の日から三年を経過した児童」 (parenthesis to
「三歳以上の児童」, http://jnrera.starfree.jp/potal_shiryou/Law/Law_other/h19/h19_26.html). So every rule says which.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from munirules.calendar.civil import FEBRUARY, MONTHS, days_in_month, is_leap_year, make_date, previous_day
from munirules.calendar.dates import bounds

if TYPE_CHECKING:
    from datetime import date

    from munirules.calendar.dates import EraDate, PartialDate

LEAP_DAY = 29


class Attained(IntEnum):
    """On which day an age is attained."""

    DAY_BEFORE = 1
    """On the day before the birthday: the general rule (年齢計算ニ関スル法律)."""
    BIRTHDAY = 2
    """On the birthday itself (後期高齢者医療 at 75)."""


class LeapBirthday(IntEnum):
    """Which day is the birthday, in common years, of a person born on February 29."""

    MARCH_1 = 1
    """No day corresponds; the year of life ends with February 28, and the birthday counts as March 1."""
    FEBRUARY_28 = 2
    """Where a statute deems it so (道路交通法92条の2)."""


def age_on(
    birth: date, on: date, attained: Attained | int, leap_birthday: LeapBirthday | int = LeapBirthday.MARCH_1
) -> int:
    """Return the age in years of a person on a day.

    Born 2008-04-01: 18 on 2026-03-31 with `Attained.DAY_BEFORE`, on 2026-04-01 with `Attained.BIRTHDAY`. Before
    birth the result is negative (-1 in the year before).

    Args:
        birth: the day of birth.
        on: the day asked about; the whole of it counts.
        attained: whether an age is attained on the day before the birthday or on it.
        leap_birthday: for the born on February 29, with `Attained.BIRTHDAY`.
    """
    year, month, day = on.year, on.month, on.day
    if attained == Attained.DAY_BEFORE and on >= birth:
        # The age of a day is that of the birthday which may be the next day.
        day += 1
        if day > days_in_month(year, month):
            day, month = 1, month + 1
            if month > MONTHS:
                month, year = 1, year + 1
    birth_day = birth.day
    if birth_day == LEAP_DAY and birth.month == FEBRUARY and leap_birthday == LeapBirthday.FEBRUARY_28:
        birth_day = days_in_month(year, FEBRUARY)
    years = year - birth.year
    if month < birth.month or (month == birth.month and day < birth_day):
        years -= 1
    return years


def birthday_in(birth: date, year: int, leap_birthday: LeapBirthday | int = LeapBirthday.MARCH_1) -> date:
    """Return the birthday in a year.

    Args:
        birth: the day of birth.
        year: the year asked about.
        leap_birthday: which day it is in common years for the born on February 29.
    """
    if birth.month == FEBRUARY and birth.day == LEAP_DAY and not is_leap_year(year):
        if leap_birthday == LeapBirthday.FEBRUARY_28:
            return make_date(year, FEBRUARY, LEAP_DAY - 1)
        return make_date(year, FEBRUARY + 1, 1)
    return make_date(year, birth.month, birth.day)


def attained_on(
    birth: date, years: int, attained: Attained | int, leap_birthday: LeapBirthday | int = LeapBirthday.MARCH_1
) -> date:
    """Return the day on which an age is attained: the first day on which `age_on` gives it.

    Args:
        birth: the day of birth.
        years: the age, at least 1 (with `Attained.BIRTHDAY`, at least 0).
        attained: on the day before the birthday, or on it.
        leap_birthday: for the born on February 29.
    """
    birthday = birthday_in(birth, birth.year + years, leap_birthday)
    if attained == Attained.BIRTHDAY or years == 0:
        return birthday
    return previous_day(birthday)


class AgeRange(NamedTuple):
    """The ages that a person may have whose day of birth is partly known; None where that side is open."""

    lowest: int | None
    highest: int | None

    @property
    def certain(self) -> int | None:
        """The age, where it is the same for every day that the birth may have been on."""
        return self.lowest if self.lowest == self.highest else None


def age_range(
    birth: date | EraDate | PartialDate,
    on: date,
    attained: Attained | int,
    leap_birthday: LeapBirthday | int = LeapBirthday.MARCH_1,
) -> AgeRange:
    """Return the lowest and the highest age on a day of a person whose day of birth is partly known.

    Args:
        birth: the day of birth, whole or partial.
        on: the day asked about.
        attained: on the day before the birthday, or on it.
        leap_birthday: for the born on February 29.
    """
    days = bounds(birth)
    if days is None:
        raise TypeError(f"{birth!r} is no date of birth")
    lowest, highest = (None if day is None else age_on(day, on, attained, leap_birthday) for day in reversed(days))
    return AgeRange(lowest, highest)
