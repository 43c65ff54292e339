"""What a fiscal year is called in the year of a change of era: a policy, not arithmetic."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from munirules.calendar.builtin import era_table
from munirules.calendar.dates import EraDate, Precision
from munirules.calendar.errors import DateError, EraError
from munirules.calendar.fiscal import fiscal_year_first_day
from munirules.calendar.printing import printer_of
from munirules.calendar.reading import parse
from munirules.calendar.resolve import Policy, in_force
from munirules.errors import did_you_mean

if TYPE_CHECKING:
    from munirules.calendar.switchover import Switchover
    from munirules.calendar.table import EraTable

NATIONAL_2019 = "national_2019"
"""申合せ 2019-04-01: from the day of the change the whole year bears the new era (令和元年度); before it, the old."""
FIRST_DAY = "first_day"
"""The year keeps the era of its April 1 (平成31年度), as many keep it for taxes, 介護 and 保育."""
NAMING = (NATIONAL_2019, FIRST_DAY)


def format_fiscal_year(
    year: int,
    style: str = "ja",
    *,
    naming: str = NATIONAL_2019,
    as_of: date | None = None,
    policy: str | Switchover = "public_document_2019",
    table: EraTable | None = None,
) -> str:
    """Print a fiscal year.

    Args:
        year: the year in which it begins.
        style: as for `format_date`; those that have fiscal years.
        naming: `national_2019` or `first_day`.
        as_of: the date of the document; all eras of the table are known if not given.
        policy: when a document takes up a new era.
        table: the eras to know.

    Raises:
        EraError: the naming or the style is not known, or the style has no fiscal years.
    """
    if naming not in NAMING:
        raise EraError(f"{naming!r} is no naming of fiscal years{did_you_mean(naming, NAMING)}; {', '.join(NAMING)}")
    table = era_table() if table is None else table
    if as_of is not None:
        table = table.as_of(as_of, policy)
    # A change of era in January to March does not rename the fiscal year that is about to end: its own number
    # belongs to the year before.
    day = date(year, 12, 31) if naming == NATIONAL_2019 else fiscal_year_first_day(year)
    found = in_force(table, day)
    return printer_of(table, style).fiscal_year(found.era, found.year)


def parse_fiscal_year(text: str, *, policy: Policy | str = Policy.STRICT, table: EraTable | None = None) -> int:
    """Return the year in which a fiscal year begins: 2019 for both 平成31年度 and 令和元年度.

    Args:
        text: 令和8年度, R8年度, 2026年度…
        policy: what to do with 平成32年度.
        table: the eras to know.

    Raises:
        DateError: the text is no fiscal year.
    """
    found = parse(text, policy=policy, table=table)
    if isinstance(found, EraDate) or found.precision is not Precision.FISCAL_YEAR or found.earliest is None:
        raise DateError("not_a_date", "a fiscal year is wanted", text=text, accepted="令和8年度, R8年度, 2026年度")
    return found.earliest.year
