"""Months of benefits as whole numbers, and the ends of ages that benefit law counts by. For rules.

A month is `year * 12 + month - 1`, so that months are compared and counted as numbers.
"""

from __future__ import annotations

from datetime import date

from munirules.calendar import Attained, attained_on, days_later
from munirules.calendar.civil import make_date
from munirules.models.choices import Choice

_APRIL = 4


class AgeEnd(Choice):
    """With what one is past an age that a benefit is paid or counted to."""

    BIRTHDAY_MONTH = 1, "誕生月まで", "the month of the birthday"
    SCHOOL_YEAR = 2, "年度末まで", "the school year"


_BIRTHDAY_MONTH = AgeEnd.BIRTHDAY_MONTH


def month_of(day: date) -> int:
    """Return the month of a day as a number."""
    return day.year * 12 + day.month - 1


def first_of_month(day: date) -> date:
    """Return the first day of the month of a day."""
    return make_date(day.year, day.month, 1)


def day_of_month(month: int) -> date:
    """Return the first day of a month given as a number."""
    return make_date(month // 12, month % 12 + 1, 1)


def born_from(on: date, age: int, ends: AgeEnd) -> date:
    """Return the earliest day of birth of those who, in the month of a day, are not past an age.

    Args:
        on: a day of the month.
        age: the age.
        ends: when one is past it: with the month of the birthday, or with the March after the day on which it is attained
            (「達する日以後の最初の三月三十一日」), which is the day before the birthday, so that those born on April 1 belong to the
            year before.
    """
    if ends == _BIRTHDAY_MONTH:
        return make_date(on.year - age, on.month, 1)
    return make_date((on.year if on.month >= _APRIL else on.year - 1) - age, _APRIL, 2)


def age_month(born_on: date, age: int) -> int:
    """Return the month in which an age is attained, on the day before the birthday: the last one of 「◯歳未満」."""
    return month_of(attained_on(born_on, age, Attained.DAY_BEFORE))


def first_month(claimed_on: date, event_on: date | None, able_on: date | None, due: date | None, days: int) -> int:
    """Return the first month that is paid: the one after the claim, or after the event where the claim came in time.

    Args:
        claimed_on: day of the claim.
        event_on: day of the birth or move, or on which something that could not be helped began to prevent the claim;
            None for none.
        able_on: day on which that ended; None where the claim could be made from the event on.
        due: last day to claim, where closing days put it off; None for so many days after.
        days: days after the event, itself not counted, within which the claim counts as of its month.
    """
    if event_on is None:
        return month_of(claimed_on) + 1
    if due is None:
        due = days_later(event_on if able_on is None else able_on, days)
    return month_of(event_on if claimed_on <= due else claimed_on) + 1
