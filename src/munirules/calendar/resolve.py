"""From the parts of a date to the days they mean, by the table of eras and the caller's policy."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

import attrs

from munirules.calendar.civil import MONTHS, days_in_month
from munirules.calendar.dates import EraDate, Mark, PartialDate, Precision
from munirules.calendar.errors import CalendarError, DateError, EraError
from munirules.calendar.lunisolar import LunarDay
from munirules.errors import did_you_mean

if TYPE_CHECKING:
    from munirules.calendar.era import Era
    from munirules.calendar.table import EraTable

Marks = tuple[Mark, ...]
Interval = tuple[date, date]


class Policy(StrEnum):
    """What to do with a date that is written in an era in which it does not lie (平成32年)."""

    STRICT = "strict"
    """Refuse it."""
    NORMALISE = "normalise"
    """Read it, as a date of the era that was in force on that day."""
    KEEP = "keep"
    """Read it, and keep the era that was written."""


LAST = "末"
# 気象庁 「季節を表わす用語」. Winter lies on both sides of the turn of the year: within the year that was
# written it can be any day from January to December.
SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (1, 12)}
THIRDS = {"上旬": (1, 10), "初旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}
UNKNOWN_YEAR = 9999
GREGORIAN_SINCE = 1873
LAST_YEAR_OF_ERA = 199
"""昭和101年 and 明治150年 are written; 令和2026年 is a slip of the pen, and not the year 4044."""

Part = int | str | None
"""A month or a day: a number, a season or a third of a month, or None where it is not known."""


@attrs.frozen
class Reader:
    """What is needed to turn the parts of one text into a date."""

    table: EraTable
    policy: Policy
    system: str | None
    text: str

    def era(self, word: str) -> Era:
        """Return the era that a word means.

        Raises:
            DateError: none does.
        """
        era = self.table.find(word)
        if era is None:
            message = f"「{word}」 is no era that is known{did_you_mean(word, self.table.tokens)}"
            raise DateError("unknown_era", message, text=self.text, part=word, accepted=self.table.names())
        return era

    def refuse(self, reason: str, message: str, part: str = "", accepted: str = "") -> DateError:
        """Return an error about the text."""
        return DateError(reason, message, text=self.text, part=part, accepted=accepted)

    def assemble(
        self,
        era: Era | None,
        year: int | None,
        month: Part = None,
        day: Part = None,
        *,
        leap: bool = False,
        marks: Marks = (),
    ) -> EraDate | PartialDate:
        """Return the date of these parts.

        Args:
            era: the era, or None for a year of the Gregorian calendar.
            year: of the era or of the Gregorian calendar; None where it is not known.
            month: 1 to 12, a season, or None.
            day: 1 to 31, a third of a month, 末, or None.
            leap: whether the month is a leap month.
            marks: what was seen already.

        Raises:
            DateError: there is no such day, or the policy refuses it.
        """
        self._check_year(era, year)
        if year is None or (era is None and year == UNKNOWN_YEAR):
            return self._without_year(era, year, marks)
        try:
            if isinstance(month, int) and (day == LAST or isinstance(day, int)):
                return self._whole(era, year, month, day, leap=leap, marks=marks)
            return self._partial(era, year, month, day, leap=leap, marks=marks)
        except DateError as error:
            raise error if error.text == self.text else error.about(self.text) from None
        except EraError as error:
            raise self.refuse("out_of_range", str(error)) from None

    def _check_year(self, era: Era | None, year: int | None) -> None:
        if year is None:
            return
        if year < 1:
            raise self.refuse("year_zero", "there is no year 0; the first year is 元 or 1", part="0")
        if era is not None and year > LAST_YEAR_OF_ERA:
            message = f"no era has lasted {year} years; a Gregorian year is written without an era"
            raise self.refuse("out_of_range", message, part=f"{year}年", accepted=f"1 to {LAST_YEAR_OF_ERA}")

    def _without_year(self, era: Era | None, year: int | None, marks: Marks) -> PartialDate:
        if year is not None:
            marks = (*marks, Mark.SENTINEL)
        if era is None:
            return PartialDate(None, None, Precision.UNKNOWN, self.text, marks)
        last = self.table.ends[era.name]
        return PartialDate(era.start, None if last == date.max else last, Precision.ERA, self.text, marks, era)

    def _whole(self, era: Era | None, year: int, month: int, day: Part, *, leap: bool, marks: Marks) -> EraDate:
        lunar = self._lunisolar_year(era, year)
        if day == LAST:
            number = self._month(era, year, month, leap=leap)[1]
            lunisolar = self.table.lunisolar.from_civil(number) if lunar and self.table.lunisolar else None
        elif lunar and self.table.lunisolar:
            lunisolar = LunarDay(lunar, month, leap, int(day or 0))
            number = self.table.lunisolar.to_civil(lunisolar)
        else:
            lunisolar = None
            number = self._gregorian(era, year, month, int(day or 0), leap=leap)
        if era is None:
            return in_force(self.table, number, marks=marks, text=self.text)
        mark = self._judge(era, number, number)
        if mark is None:
            return EraDate(number, era, year, marks, self.text, lunisolar=lunisolar)
        if self.policy is Policy.NORMALISE:
            return in_force(self.table, number, marks=(*marks, mark), text=self.text)
        return EraDate(number, era, year, (*marks, mark), self.text, lunisolar=lunisolar)

    def _partial(self, era: Era | None, year: int, month: Part, day: Part, *, leap: bool, marks: Marks) -> PartialDate:
        lunar = self._lunisolar_year(era, year)
        if isinstance(month, int):
            first, last = self._month(era, year, month, leap=leap)
            precision = Precision.MONTH
            if isinstance(day, str):
                precision = Precision.THIRD
                start, end = THIRDS[day]
                start_of_month = first.toordinal() - 1
                last = min(last, date.fromordinal(start_of_month + end))
                first = date.fromordinal(start_of_month + start)
                if first > last:
                    raise self.refuse("no_such_day", f"that month had no {day} (lunisolar)", part=day)
        else:
            first, last = self._year(era, year)
            precision = Precision.YEAR
            if month is not None:
                precision = Precision.SEASON
                marks = (*marks, Mark.SEASON_BY_CONVENTION)
                if not lunar:
                    start, end = SEASONS[month]
                    first, last = date(first.year, start, 1), date(first.year, end, days_in_month(first.year, end))
        if era is not None:
            first, last, clip_marks = self._clip(era, first, last)
            marks = (*marks, *clip_marks)
        known_month = month if isinstance(month, int) else None
        return PartialDate(first, last, precision, self.text, marks, era, year, known_month, leap)

    def fiscal_year(self, era: Era | None, year: int) -> PartialDate:
        """Return a fiscal year (April to March) as an interval; it is not clipped to the era that names it."""
        self._check_year(era, year)
        start = year if era is None else era.year_one + year - 1
        if start < GREGORIAN_SINCE or start >= UNKNOWN_YEAR:
            raise self.refuse("out_of_range", "there were no fiscal years from April to March then", part=str(year))
        first, last = date(start, 4, 1), date(start + 1, 3, 31)
        marks: Marks = ()
        if era is not None:
            mark = self._judge(era, first, last)
            marks = (mark,) if mark else ()
        return PartialDate(first, last, Precision.FISCAL_YEAR, self.text, marks, era, year)

    def _lunisolar_year(self, era: Era | None, year: int) -> int:
        """Return the lunisolar year that is meant, or 0 where the date is of the Gregorian calendar."""
        if era is None:
            return 0
        counted = era.year_one + year - 1
        if counted >= era.gregorian_from.year:
            return 0
        if self.table.lunisolar is None:
            message = f"{era.name}{year}年 was counted by the lunisolar calendar, and no table of it is installed"
            raise self.refuse("lunisolar", message)
        return counted

    def _gregorian(self, era: Era | None, year: int, month: int, day: int, *, leap: bool = False) -> date:
        counted = year if era is None else era.year_one + year - 1
        if leap:
            raise self.refuse(
                "no_such_day", "leap months ended with the lunisolar calendar in 明治5年", part=f"閏{month}月"
            )
        if not 1 <= month <= MONTHS:
            raise self.refuse("no_such_day", f"there is no month {month}", part=f"{month}月", accepted="1 to 12")
        try:
            return date(counted, month, day)
        except (ValueError, OverflowError):
            if not date.min.year <= counted <= date.max.year:
                raise self.refuse("out_of_range", f"the year {counted} is beyond the calendar") from None
        days = days_in_month(counted, month)
        message = f"{month}月 of {counted} has {days} days, so there is no day {day}"
        raise self.refuse("no_such_day", message, part=f"{day}日", accepted=f"1 to {days}")

    def _month(self, era: Era | None, year: int, month: int, *, leap: bool) -> Interval:
        lunar = self._lunisolar_year(era, year)
        if lunar and self.table.lunisolar:
            found = self.table.lunisolar.month(lunar, month, leap=leap)
            return date.fromordinal(found.first), date.fromordinal(found.first + found.days - 1)
        first = self._gregorian(era, year, month, 1, leap=leap)
        return first, first.replace(day=days_in_month(first.year, first.month))

    def _year(self, era: Era | None, year: int) -> Interval:
        lunar = self._lunisolar_year(era, year)
        if lunar and self.table.lunisolar:
            return self.table.lunisolar.year(lunar)
        first = self._gregorian(era, year, 1, 1)
        return first, first.replace(month=12, day=31)

    def _clip(self, era: Era, first: date, last: date) -> tuple[date, date, Marks]:
        """Return the part of an interval that lies in the era, or else in the days that are also written in it."""
        mark = self._judge(era, first, last)
        if mark is None:
            return max(first, era.start), min(last, self.table.ends[era.name]), ()
        if mark is Mark.OVERLAP_DAY:
            return max(first, era.start), min(last, self.table.overlaps[era.name]), (mark,)
        return first, last, (mark,)

    def _judge(self, era: Era, first: date, last: date) -> Mark | None:
        """Return why an interval is not in the era, or None where part of it is.

        Raises:
            DateError: it is not, and the policy is strict.
        """
        end = self.table.ends[era.name]
        if first <= end and last >= era.start:
            return None
        if end < first <= self.table.overlaps[era.name]:
            return Mark.OVERLAP_DAY
        mark = Mark.BEFORE_ERA_START if last < era.start else Mark.AFTER_ERA_END
        if self.policy is Policy.STRICT:
            between = f"{era.start} to {end}" if end != date.max else f"from {era.start}"
            meant = str(first) if first == last else f"{first} to {last}"
            message = f"{meant} is not in {era.name} ({between}) [{mark.value}]"
            accepted = "a date of the era; policies normalise and keep read it and mark it"
            raise self.refuse("out_of_era", message, part=era.name, accepted=accepted)
        return mark


def in_force(table: EraTable, day: date, *, marks: Marks = (), text: str = "") -> EraDate:
    """Return a day as a date of the era in force on it.

    Raises:
        EraError: the table does not reach back that far.
    """
    era = table.era_on(day)
    if day >= era.gregorian_from:
        return EraDate(day, era, day.year - era.year_one + 1, marks, text)
    if table.lunisolar is None:
        raise EraError(f"{day} was counted by the lunisolar calendar, and no table of it is installed")
    try:
        lunisolar = table.lunisolar.from_civil(day)
    except CalendarError as error:
        raise EraError(str(error)) from None
    return EraDate(day, era, lunisolar.year - era.year_one + 1, marks, text, lunisolar=lunisolar)
