"""Lengths of time in months and days, kept apart: a month is no number of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from dateutil.relativedelta import relativedelta

from munirules.calendar.civil import MONTHS, from_day_number, to_day_number
from munirules.calendar.months import add_months

if TYPE_CHECKING:
    from datetime import date

    from munirules.calendar.months import Overflow


@attrs.frozen
class Period:
    """A length of time: months (a year has twelve) and days.

    Periods add, subtract and multiply. They have no order: whether one month is longer than thirty days depends on
    the month.
    """

    months: int = 0
    days: int = 0

    @classmethod
    def of(cls, *, years: int = 0, months: int = 0, weeks: int = 0, days: int = 0) -> Period:
        """Make a period of years, months, weeks and days."""
        return cls(years * MONTHS + months, weeks * 7 + days)

    @classmethod
    def between(cls, start: date, end: date) -> Period:
        """Return the greatest whole months from one day to another, and the days that are left.

        As python-dateutil counts them; added to `start` with `Overflow.LAST_DAY` it gives `end` again.
        """
        delta = relativedelta(end, start)
        return cls(delta.years * MONTHS + delta.months, delta.days)

    def after(self, day: date, on_overflow: Overflow | int) -> date:
        """Return the day that lies this period after a day: the months first, then the days.

        Args:
            day: the day to start from.
            on_overflow: what to do where a month has no such day.

        Raises:
            DateError: the month has no such day, and `Overflow.REFUSE`.
        """
        return from_day_number(to_day_number(add_months(day, self.months, on_overflow)) + self.days)

    def before(self, day: date, on_overflow: Overflow | int) -> date:
        """Return the day that lies this period before a day: the months first, then the days."""
        return (-self).after(day, on_overflow)

    def __add__(self, other: Period) -> Period:
        return Period(self.months + other.months, self.days + other.days)

    def __sub__(self, other: Period) -> Period:
        return Period(self.months - other.months, self.days - other.days)

    def __mul__(self, times: int) -> Period:
        return Period(self.months * times, self.days * times)

    __rmul__ = __mul__

    def __neg__(self) -> Period:
        return Period(-self.months, -self.days)

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), MONTHS)
        parts = [(years, "年"), (months, "か月"), (abs(self.days), "日")]
        if self.months * self.days < 0:
            return f"{self.months}か月と{self.days}日"
        sign = "-" if self.months < 0 or self.days < 0 else ""
        return sign + "".join(f"{count}{unit}" for count, unit in parts if count) if self else "0日"

    def __bool__(self) -> bool:
        return self.months != 0 or self.days != 0
