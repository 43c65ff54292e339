"""Counting months and days, and the ends of periods, by 民法138条 to 143条.

A period in months or years follows the calendar and ends on the day before the corresponding day, or on the last day
of a month that has no corresponding day (143条2項). Its first day does not count unless it begins at midnight
(140条, 初日不算入).
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from munirules.calendar.civil import (
    MONTHS,
    days_in_month,
    from_day_number,
    make_date,
    next_day,
    previous_day,
    to_day_number,
)
from munirules.calendar.errors import DateError

if TYPE_CHECKING:
    from datetime import date


class Overflow(IntEnum):
    """What to do where a month has no such day (one month after January 31)."""

    LAST_DAY = 1
    """Take the last day of the month."""
    NEXT_MONTH = 2
    """Take the first day of the month after it."""
    REFUSE = 3
    """Raise `DateError`."""


class FirstDay(IntEnum):
    """Whether the day of the event counts as the first day of the period (民法140条)."""

    NOT_COUNTED = 0
    """初日不算入, the rule."""
    COUNTED = 1
    """The period begins at midnight (140条ただし書), or the law says that the day is counted."""


def add_months(day: date, months: int, on_overflow: Overflow | int) -> date:
    """Return the day that lies a number of months later, or earlier.

    Args:
        day: the day to start from.
        months: how many months; may be negative.
        on_overflow: what to do where the month has no such day. There is no default: each law has its own.

    Raises:
        DateError: the month has no such day, and `Overflow.REFUSE`.
    """
    count = day.year * MONTHS + day.month - 1 + months
    year, month = count // MONTHS, count % MONTHS + 1
    days = days_in_month(year, month)
    if day.day <= days:
        return make_date(year, month, day.day)
    if on_overflow == Overflow.LAST_DAY:
        return make_date(year, month, days)
    if on_overflow == Overflow.NEXT_MONTH:
        return next_day(make_date(year, month, days))
    raise DateError("no_such_day", "the month that is so many months away has no such day")


def months_between(first: date, last: date) -> int:
    """Return the whole months of the period whose first and last counted days are these.

    2026-04-01 to 2026-04-30 is 1; 2026-01-31 to 2026-02-28 is 1. A fraction of a month is dropped. Not negative
    where `last` is not before `first`.

    Args:
        first: the day from which is counted (起算日), itself included.
        last: the last day, itself included.
    """
    after = next_day(last)
    months = (after.year - first.year) * MONTHS + after.month - first.month
    return months - 1 if after.day < first.day else months


def months_begun(first: date, last: date) -> int:
    """Return the months of a period, a fraction of a month counted as one.

    Args:
        first: the day from which is counted, itself included.
        last: the last day, itself included.
    """
    whole = months_between(first, last)
    if last < first or (whole > 0 and last == last_day_of_months(first, whole)):
        return whole
    return whole + 1


def calendar_months(first: date, last: date) -> int:
    """Return how many months of the calendar a period touches: both the month of the first and of the last day."""
    return (last.year - first.year) * MONTHS + last.month - first.month + 1


def calendar_months_between(start: date, end: date) -> int:
    """Return the months from that of `start`, which counts, to that of `end`, which does not (月割)."""
    return (end.year - start.year) * MONTHS + end.month - start.month


def calendar_months_within(first: date, last: date, bound_first: date, bound_last: date) -> int:
    """Return how many months of the calendar a period shares with another (月割: months of this fiscal year)."""
    begin = max(first, bound_first)
    end = min(last, bound_last)
    return calendar_months(begin, end) if begin <= end else 0


def days_between(first: date, last: date) -> int:
    """Return the days of a period, the first and the last counted; 0 where it is empty."""
    return max(to_day_number(last) - to_day_number(first) + 1, 0)


def days_within(first: date, last: date, bound_first: date, bound_last: date) -> int:
    """Return how many days a period shares with another (日割: days of this month)."""
    return days_between(max(first, bound_first), min(last, bound_last))


def last_day_of_months(first: date, months: int) -> date:
    """Return the last day of a period of months from its first counted day (民法143条2項).

    Args:
        first: the day from which is counted (起算日), itself included.
        months: how many months, at least 1.
    """
    corresponding = add_months(first, months, Overflow.LAST_DAY)
    return previous_day(corresponding) if corresponding.day == first.day else corresponding


def months_later(event: date, months: int, first_day: FirstDay | int = FirstDay.NOT_COUNTED) -> date:
    """Return the day with which a period of months after an event ends.

    One month after 2026-04-30 ends on 2026-05-31 (May is counted whole); with the first day counted, on 2026-05-29.

    Args:
        event: the day of the event.
        months: how many months, at least 1; a year has twelve.
        first_day: whether the day of the event counts.
    """
    return last_day_of_months(event if first_day == FirstDay.COUNTED else next_day(event), months)


def days_later(event: date, days: int, first_day: FirstDay | int = FirstDay.NOT_COUNTED) -> date:
    """Return the day with which a period of days after an event ends.

    Args:
        event: the day of the event.
        days: how many days, at least 1; a week has seven.
        first_day: whether the day of the event counts.
    """
    return from_day_number(to_day_number(event) + (days - 1 if first_day == FirstDay.COUNTED else days))


def days_before(event: date, days: int) -> date:
    """Return the last day on which something can be done that must be done so many days before an event.

    「公売の日の少なくとも10日前までに」: the tenth day is counted back from the day before the event, and ends; the act
    comes on the day before it at the latest.

    Args:
        event: the day of the event.
        days: how many days must lie between.
    """
    return from_day_number(to_day_number(event) - days - 1)
