"""Days of the Gregorian calendar in whole numbers: the ground on which the rules for dates are counted.

Nothing but integer arithmetic, so that it can be compiled as it stands. A day number is `date.toordinal()`
(1 is 0001-01-01); Arrow's `date32` is the day number less `EPOCH_DAY_NUMBER`.
"""

from __future__ import annotations

from datetime import date

EPOCH_DAY_NUMBER = 719163
"""The day number of 1970-01-01."""

MONTHS = 12
FEBRUARY = 2
MARCH_TO_DECEMBER = 10
DAYS_OF_400_YEARS = 146097
# Days from 0000-03-01, from which years are counted so that the leap day is the last one, to 0000-12-31.
DAYS_BEFORE_YEAR_ONE = 306


def is_leap_year(year: int) -> bool:
    """Return whether a year of the Gregorian calendar has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a month."""
    if month == FEBRUARY:
        return 29 if is_leap_year(year) else 28
    return 31 - (month - 1) % 7 % 2


def days_in_year(year: int) -> int:
    """Return 365 or 366."""
    return 366 if is_leap_year(year) else 365


def day_number(year: int, month: int, day: int) -> int:
    """Return the day number of a day of the Gregorian calendar."""
    y = year - 1 if month <= FEBRUARY else year
    day_of_year = (153 * ((month + 9) % MONTHS) + 2) // 5 + day - 1
    return y * 365 + y // 4 - y // 100 + y // 400 + day_of_year - DAYS_BEFORE_YEAR_ONE + 1


def civil_day(number: int) -> tuple[int, int, int]:
    """Return year, month and day of a day number; the inverse of `day_number`."""
    days = number + DAYS_BEFORE_YEAR_ONE - 1
    of_400 = days // DAYS_OF_400_YEARS
    rest = days - of_400 * DAYS_OF_400_YEARS
    year_of_400 = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    day_of_year = rest - (365 * year_of_400 + year_of_400 // 4 - year_of_400 // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < MARCH_TO_DECEMBER else shifted - 9
    year = year_of_400 + of_400 * 400
    return (year + 1 if month <= FEBRUARY else year), month, day


# The helpers of rules make and number dates by these three alone, so that a compiler has three to replace.


def make_date(year: int, month: int, day: int) -> date:
    """Return a date."""
    return date(year, month, day)


def to_day_number(day: date) -> int:
    """Return the day number of a date."""
    return day.toordinal()


def from_day_number(number: int) -> date:
    """Return the date of a day number."""
    return date.fromordinal(number)


def next_day(day: date) -> date:
    """Return the day after."""
    if day.day < days_in_month(day.year, day.month):
        return make_date(day.year, day.month, day.day + 1)
    if day.month < MONTHS:
        return make_date(day.year, day.month + 1, 1)
    return make_date(day.year + 1, 1, 1)


def previous_day(day: date) -> date:
    """Return the day before."""
    if day.day > 1:
        return make_date(day.year, day.month, day.day - 1)
    if day.month > 1:
        return make_date(day.year, day.month - 1, days_in_month(day.year, day.month - 1))
    return make_date(day.year - 1, MONTHS, 31)
