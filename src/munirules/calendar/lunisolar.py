"""The lunisolar calendar (旧暦) that Japan used until 明治5年12月2日, from a table of its months."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from munirules.calendar.errors import DateError, NotCoveredError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONG_MONTH = "大"
MONTH_LENGTHS = {LONG_MONTH: 30, "小": 29}


class LunarDay(NamedTuple):
    """A day of the lunisolar calendar; `year` is the Gregorian year with which the lunisolar one mostly agrees."""

    year: int
    month: int
    leap: bool
    day: int


class LunarMonth(NamedTuple):
    """A month of the lunisolar calendar: its name, the day number of its first day, and its length."""

    year: int
    month: int
    leap: bool
    first: int
    days: int


class LunarTable:
    """The months of the lunisolar years that are known, without a gap."""

    def __init__(self, months: Iterable[LunarMonth]) -> None:
        self.months = tuple(sorted(months, key=lambda month: month.first))
        self._firsts = [month.first for month in self.months]
        self._by_name = {(month.year, month.month, month.leap): month for month in self.months}
        self._years = {month.year for month in self.months}
        for before, after in pairwise(self.months):
            if before.first + before.days != after.first:
                raise NotCoveredError(f"the lunisolar table has a gap after {before}")

    @property
    def first_day(self) -> date:
        """The first day that the table covers."""
        return date.fromordinal(self.months[0].first)

    @property
    def last_day(self) -> date:
        """The last day that the table covers."""
        return date.fromordinal(self.months[-1].first + self.months[-1].days - 1)

    def month(self, year: int, month: int, *, leap: bool = False) -> LunarMonth:
        """Return a month.

        Raises:
            DateError: there was no such month; the leap month that the year had is named.
        """
        found = self._by_name.get((year, month, leap))
        if found:
            return found
        if year not in self._years:
            covered = f"{self.months[0].year} to {self.months[-1].year}"
            raise DateError("out_of_range", f"the lunisolar table covers the years {covered}, not {year}")
        leaps = [each.month for each in self.months if each.year == year and each.leap]
        had = f"閏{leaps[0]}月" if leaps else "no leap month"
        name = f"閏{month}月" if leap else f"{month}月"
        raise DateError("no_such_day", f"the year had no {name} (lunisolar; it had {had})", part=name)

    def year(self, year: int) -> tuple[date, date]:
        """Return the first and the last day of a lunisolar year."""
        months = [month for month in self.months if month.year == year]
        if not months:
            self.month(year, 1)
        return date.fromordinal(months[0].first), date.fromordinal(months[-1].first + months[-1].days - 1)

    def to_civil(self, day: LunarDay) -> date:
        """Return the Gregorian day of a lunisolar one.

        Raises:
            DateError: there was no such month or day.
        """
        month = self.month(day.year, day.month, leap=day.leap)
        if not 1 <= day.day <= month.days:
            name = f"{'閏' if day.leap else ''}{day.month}月"
            message = f"{name} of that year had {month.days} days (lunisolar), so it had no day {day.day}"
            if month == self.months[-1]:
                message += f"; the lunisolar calendar ended with it, on {self.last_day}"
            raise DateError("no_such_day", message, part=f"{day.day}日")
        return date.fromordinal(month.first + day.day - 1)

    def from_civil(self, day: date) -> LunarDay:
        """Return the lunisolar day of a Gregorian one.

        Raises:
            NotCoveredError: the table does not reach that day.
        """
        number = day.toordinal()
        at = bisect_right(self._firsts, number) - 1
        if at < 0 or number >= self.months[at].first + self.months[at].days:
            message = f"the lunisolar table covers {self.first_day} to {self.last_day}, not {day}"
            raise NotCoveredError(message)
        month = self.months[at]
        return LunarDay(month.year, month.month, month.leap, number - month.first + 1)


def months_from_rows(data: Mapping[str, Any]) -> list[LunarMonth]:
    """Make the months of a file of lunisolar years (`first`, and `years` of `months` as 大 and 小)."""
    first = data["first"].toordinal()
    months = []
    for row in data["years"]:
        lengths = [MONTH_LENGTHS[mark] for mark in row["months"]]
        if "last_month_days" in row:
            lengths.append(row["last_month_days"])
        leap = row.get("leap", 0)
        names = [(month, False) for month in range(1, 13)]
        if leap:
            names.insert(leap, (leap, True))
        for (month, is_leap), days in zip(names, lengths, strict=True):
            months.append(LunarMonth(row["year"], month, is_leap, first, days))
            first += days
    return months
