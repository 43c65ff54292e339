"""Printing dates. An era's name never comes from a clock: from the day, the table, and the document's own date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from munirules.calendar.builtin import era_table
from munirules.calendar.dates import EraDate, PartialDate, Precision
from munirules.calendar.errors import EraError
from munirules.calendar.resolve import LAST_YEAR_OF_ERA, in_force
from munirules.calendar.styles import find_style

if TYPE_CHECKING:
    from munirules.calendar.era import Era
    from munirules.calendar.switchover import Switchover
    from munirules.calendar.table import EraTable

WEEKDAYS = "月火水木金土日"
LAST_OF_TWO_FIGURES = 99
DAYS_A_MONTH = 32  # places for a month in the table of days


def format_date(
    day: date | EraDate | PartialDate,
    style: str = "ja",
    *,
    table: EraTable | None = None,
    as_of: date | None = None,
    policy: str | Switchover = "public_document_2019",
    form: str = "",
) -> str:
    """Print a date.

    A `date` is printed in the era in force on it. An `EraDate` is printed in its own era, which differs where it was
    read with the policy `keep`. Of a `PartialDate` only what is known is printed.

    Args:
        day: what to print.
        style: `ja` 令和8年4月1日, `letter` R8.4.1, `jisx0301` R08.04.01, `one` 令8.4.1, `code:default` 5080401,
            `ja_full` 令和８年４月１日, `kanji`, `both` 令和8(2026)年4月1日, `en`…; see `STYLES`.
        table: the eras to know; those of the library if not given.
        as_of: the date of the document. An era that was not yet in use then is not printed, even for later days.
        policy: when a document takes up a new era: `public_document_2019` from its first day, `announced` from its
            announcement, or a `Switchover` with dates of one's own.
        form: the form that is printed, where the switchover dates forms apart.

    Raises:
        EraError: the style is not known, or cannot write this era, year or leap month, or nothing of the date is
            known.
    """
    if table is None:
        table = era_table()
    if as_of is not None:
        table = table.as_of(as_of, policy, form=form)
    printer = printer_of(table, style)
    if isinstance(day, date):
        return printer.of_date(day)
    if isinstance(day, EraDate):
        return printer.of_date(day.date) if as_of is not None else printer.of_era_date(day)
    return printer.of_partial(day)


def printer_of(table: EraTable, style: str) -> Printer:
    """Return the printer of a style; made once for each table.

    Raises:
        EraError: the style is not known.
    """
    try:
        printer: Printer = table.made[style]
    except KeyError:
        printer = table.made[style] = Printer(table, style)
    return printer


class _Heads(dict[int, str | None]):
    """The text of each year of the Gregorian calendar, or None where more than the year decides it."""

    def __init__(self, printer: Printer) -> None:
        super().__init__()
        self._printer = printer

    def __missing__(self, year: int) -> str | None:
        self[year] = text = self._printer.text_of_year(year)
        return text


class Printer:
    """Prints in one style by one table; keeps the texts of years, of which there are few."""

    __slots__ = ("_days", "_heads", "_style", "_table")

    def __init__(self, table: EraTable, style: str) -> None:
        self._table = table
        self._style = find_style(style, table)
        self._heads = _Heads(self)
        self._days = {
            month * DAYS_A_MONTH + day: self._style.month(month) + self._style.day(day)
            for month in range(1, 13)
            for day in range(1, DAYS_A_MONTH)
        }

    def of_date(self, day: date) -> str:
        """Print a day in the era in force on it."""
        head = self._heads[day.year]
        if head is None:
            return self.of_era_date(in_force(self._table, day))
        if self._style.day_first:
            return self._days[day.month * DAYS_A_MONTH + day.day] + head
        return head + self._days[day.month * DAYS_A_MONTH + day.day]

    def of_era_date(self, day: EraDate) -> str:
        """Print a day in the era that it carries."""
        style = self._style
        if style.gregorian:
            return style.year(day.era, 0, day.date.year) + style.month(day.date.month) + style.day(day.date.day)
        if day.leap_month and not style.leap:
            raise EraError(f"{day} is in a leap month, which the style {style.name!r} cannot write")
        western = day.lunisolar.year if day.lunisolar else day.date.year
        year = self._year(day.era, day.year, western)
        rest = f"{'閏' if day.leap_month else ''}{style.month(day.month)}{style.day(day.day)}"
        text = rest + year if style.day_first else year + rest
        return f"{text}（{WEEKDAYS[day.date.weekday()]}）" if style.weekday else text

    def of_partial(self, day: PartialDate) -> str:
        """Print what is known of a date: its month, its year or its fiscal year; else the text that was read."""
        style = self._style
        era, year = self._era_of(day)
        if era is None or day.precision not in {Precision.MONTH, Precision.YEAR, Precision.FISCAL_YEAR}:
            if style.figures or not day.text:
                raise EraError(f"{day!r} cannot be printed in the style {style.name!r}")
            return day.text
        western = day.year if day.era is None else era.year_one + year - 1
        head = self._year(era, year, western or 0)
        if day.precision is Precision.FISCAL_YEAR:
            return self.fiscal(head)
        if day.precision is Precision.YEAR or day.month is None:
            return head + "0000" if style.figures else head.strip("., /-")
        if day.leap_month and not style.leap:
            raise EraError(f"{day!r} is a leap month, which the style {style.name!r} cannot write")
        month = f"{'閏' if day.leap_month else ''}{style.month(day.month)}"
        if style.figures:
            return f"{head}{month}00"
        return month.strip() + head if style.day_first else (head + month).rstrip("./-")

    def fiscal(self, head: str) -> str:
        """Return the text of a fiscal year from that of a year.

        Raises:
            EraError: the style has no fiscal years.
        """
        if not self._style.fiscal:
            raise EraError(f"fiscal years are not printed in the style {self._style.name!r}")
        return f"{head}度" if head.endswith("年") else f"{head.rstrip('.')}年度"

    def fiscal_year(self, era: Era, year: int) -> str:
        """Return the text of the fiscal year that an era's year names."""
        return self.fiscal(self._year(era, year, era.year_one + year - 1))

    def text_of_year(self, year: int) -> str | None:
        """Return the text of a year, or None where it does not hold for each of its days."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        if self._style.weekday:
            return None
        if self._style.gregorian:
            return self._style.year(self._table.latest, 0, year)
        era = self._table.era_on(last)
        if first < era.start or first < era.gregorian_from:
            return None
        return self._year(era, year - era.year_one + 1, year)

    def _era_of(self, day: PartialDate) -> tuple[Era | None, int]:
        """Return the era in which to print a date, and its year; no era where there is more than one."""
        if day.era is not None or day.earliest is None or day.latest is None:
            return day.era, day.year or 0
        first, last = in_force(self._table, day.earliest), in_force(self._table, day.latest)
        return (first.era, first.year) if first.era == last.era else (None, 0)

    def _year(self, era: Era, year: int, western: int) -> str:
        last = LAST_OF_TWO_FIGURES if self._style.figures else LAST_YEAR_OF_ERA
        if not 1 <= year <= last and not self._style.gregorian:
            raise EraError(
                f"{era.name}{year}年 is beyond the years that an era has; is {western} the year that is meant?"
            )
        return self._style.year(era, year, western)
