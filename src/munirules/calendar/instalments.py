"""Series of due dates (期別): the days an ordinance names, moved where they fall on closing days."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import attrs
from dateutil.rrule import MONTHLY, rrule

from munirules.calendar.civil import days_in_month
from munirules.calendar.closing_days import STANDARD
from munirules.calendar.deadlines import Deadline, deadline
from munirules.calendar.errors import CalendarError
from munirules.calendar.fiscal import APRIL, fiscal_year_first_day, fiscal_year_last_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from munirules.calendar.closing_days import ClosingDays

LAST_DAY = -1
"""The last day of the month, as python-dateutil counts it."""


@attrs.frozen
class Instalment:
    """One of a series of due dates.

    Attributes:
        number: 1 for 第1期.
        due: the deadline, as written and as moved.
    """

    number: int
    due: Deadline


def due_dates(
    year: int,
    months: Sequence[int],
    *,
    law: str,
    day: int = LAST_DAY,
    days: Mapping[int, int] | None = None,
    act: str | None = None,
    closing_days: ClosingDays = STANDARD,
) -> tuple[Instalment, ...]:
    """Return the instalments of a fiscal year.

    `due_dates(2026, (6, 8, 10, 1), law="local_tax_20-5")`: the ends of June, August, October and January.

    Args:
        year: the fiscal year; January to March are of the year after it.
        months: the months of the instalments.
        law: by which the due dates move; see `deadline`.
        day: the day of the month; `LAST_DAY` for its end.
        days: months with another day ({12: 25}).
        act: the act, where the law knows several.
        closing_days: the municipality's closing days.

    Raises:
        CalendarError: a month is no month, or has no such day; or the law is not known.
    """
    for month in months:
        chosen = (days or {}).get(month, day)
        in_year = year if month >= APRIL else year + 1
        if not 1 <= month <= 12 or not (chosen == LAST_DAY or 1 <= chosen <= days_in_month(in_year, month)):
            raise CalendarError(f"there is no day {chosen} in month {month} of the fiscal year {year} to be due on")
    nominal = sorted(
        due for month in sorted(set(months)) for due in _in_year(year, month, (days or {}).get(month, day))
    )
    return tuple(
        Instalment(number, deadline(due, law, act=act, closing_days=closing_days))
        for number, due in enumerate(nominal, start=1)
    )


def _in_year(year: int, month: int, day: int) -> list[date]:
    start = datetime.combine(fiscal_year_first_day(year), time.min)
    end = datetime.combine(fiscal_year_last_day(year), time.min)
    return [due.date() for due in rrule(MONTHLY, dtstart=start, until=end, bymonth=month, bymonthday=day)]
