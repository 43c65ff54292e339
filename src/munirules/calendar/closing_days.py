"""The closing days (休日) of a municipality, by its own ordinance (地方自治法4条の2)."""

from __future__ import annotations

from datetime import date

import attrs

from munirules.calendar.errors import CalendarError
from munirules.calendar.holidays import holiday_on

SATURDAY, SUNDAY = 5, 6
LEAP_YEAR = 2000


@attrs.frozen(kw_only=True)
class ClosingDay:
    """A day of every year on which a municipality is closed.

    Attributes:
        month: 1 to 12.
        day: of the month.
        reason: why: 年末年始, 慰霊の日, 平和記念日.
        since: the first day on which the ordinance has it.
        until: the last.
    """

    month: int
    day: int
    reason: str = "条例で定める日"
    since: date = date.min
    until: date = date.max

    def __attrs_post_init__(self) -> None:
        try:
            date(LEAP_YEAR, self.month, self.day)
        except ValueError:
            raise CalendarError(f"there is no day {self.month}-{self.day} on which to be closed") from None


YEAR_END = tuple(
    ClosingDay(month=month, day=day, reason="年末年始")
    for month, day in ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))
)


@attrs.frozen(kw_only=True)
class ClosingDays:
    """What an ordinance on closing days (休日条例) says; the default is what nearly all of them say.

    Attributes:
        title: the ordinance.
        saturdays: whether Saturdays are closed.
        sundays: whether Sundays are closed.
        holidays: whether the holidays of the Act on National Holidays are.
        days: further days of every year: the turn of the year, and days of special historical meaning (4条の2第3項).
        source: where the ordinance was read.
    """

    title: str = "休日条例"
    saturdays: bool = True
    sundays: bool = True
    holidays: bool = True
    days: tuple[ClosingDay, ...] = YEAR_END
    source: str = ""

    def reason(self, day: date) -> str | None:
        """Return why a day is closed, or None where it is open.

        Raises:
            NotCoveredError: holidays are not known for that day.
        """
        if self.sundays and day.weekday() == SUNDAY:
            return "日曜日"
        if self.saturdays and day.weekday() == SATURDAY:
            return "土曜日"
        holiday = holiday_on(day) if self.holidays else None
        if holiday:
            return holiday.name
        for closed in self.days:
            if (closed.month, closed.day) == (day.month, day.day) and closed.since <= day <= closed.until:
                return closed.reason
        return None

    def with_days(self, *days: ClosingDay) -> ClosingDays:
        """Return the same with further closed days (沖縄 6月23日, 広島市 8月6日)."""
        return attrs.evolve(self, days=(*self.days, *days))


STANDARD = ClosingDays(title="休日条例（日曜日、土曜日、祝日法の休日、12月29日から1月3日まで）")
"""Sundays, Saturdays, the holidays of the Act, and December 29 to January 3."""
