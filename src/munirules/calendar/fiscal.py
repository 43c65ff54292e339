"""Fiscal years and the other years of law, as plain numbers: the year is called by the year in which it begins.

会計年度 runs from April 1 to March 31 (地方自治法208条1項); its accounts close on May 31 after it (235条の5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from munirules.calendar.civil import days_in_month, make_date

if TYPE_CHECKING:
    from datetime import date

APRIL = 4
MARCH = 3
MAY = 5


def fiscal_year(day: date) -> int:
    """Return the fiscal year of a day: 2026 from 2026-04-01 to 2027-03-31."""
    return law_year(day, APRIL)


def fiscal_year_first_day(year: int) -> date:
    """Return April 1."""
    return make_date(year, APRIL, 1)


def fiscal_year_last_day(year: int) -> date:
    """Return March 31 of the following year."""
    return make_date(year + 1, MARCH, 31)


def first_march_31(day: date) -> date:
    """Return the first March 31 on or after a day (「〜に達する日以後の最初の3月31日」)."""
    return fiscal_year_last_day(fiscal_year(day))


def accounts_closing_day(year: int) -> date:
    """Return the day on which the accounts of a fiscal year close (出納閉鎖): May 31 after it."""
    return make_date(year + 1, MAY, 31)


def law_year(day: date, first_month: int) -> int:
    """Return the year in which that year of law began to which a day belongs.

    Years of law: from January the calendar year, from April the fiscal and school year, from June the year of
    collecting resident tax (特別徴収), from August that of 高額療養費, 高額介護合算 and their certificates.

    Args:
        day: the day.
        first_month: the month with whose first day the year begins, 1 to 12.
    """
    return day.year if day.month >= first_month else day.year - 1


def law_year_first_day(year: int, first_month: int) -> date:
    """Return the first day of a year of law."""
    return make_date(year, first_month, 1)


def law_year_last_day(year: int, first_month: int) -> date:
    """Return the last day of a year of law."""
    month = first_month - 1 if first_month > 1 else 12
    last_year = year + 1 if first_month > 1 else year
    return make_date(last_year, month, days_in_month(last_year, month))
