"""School years and grades (学年).

A child enters elementary school at the beginning of the first school year after the day following that on which it
attained six (学校教育法17条1項); since age is attained on the day before the birthday, those born from April 2 to
the next April 1 are one cohort. Compulsory schooling ends with the school year in which the child attains fifteen
(17条2項).
A school year runs from April 1 to March 31 (学校教育法施行規則59条, 79条).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from munirules.calendar.civil import make_date
from munirules.calendar.fiscal import APRIL, MARCH, fiscal_year

if TYPE_CHECKING:
    from datetime import date

ENTRY_AGE = 6
ELEMENTARY_YEARS = 6
COMPULSORY_YEARS = 9


def school_entry_year(birth: date) -> int:
    """Return the year in whose April a child enters elementary school.

    Born 2020-04-01: 2026. Born 2020-04-02: 2027.
    """
    by_april_1 = birth.month < APRIL or (birth.month == APRIL and birth.day == 1)
    return birth.year + ENTRY_AGE if by_april_1 else birth.year + ENTRY_AGE + 1


def school_grade(birth: date, on: date) -> int:
    """Return the grade of the school year of a day, by age alone.

    1 to 6 elementary school, 7 to 9 junior high school, 10 to 12 the years of high school; 0 the year before entry
    (年長), -1 (年中), -2 (年少), and so on down; 13 and more after the age of school. It does not say that the child
    attends.
    """
    return fiscal_year(on) - school_entry_year(birth) + 1


def elementary_entry(birth: date) -> date:
    """Return April 1 of the year in which a child enters elementary school."""
    return make_date(school_entry_year(birth), APRIL, 1)


def junior_high_entry(birth: date) -> date:
    """Return April 1 of the year in which a child enters junior high school."""
    return make_date(school_entry_year(birth) + ELEMENTARY_YEARS, APRIL, 1)


def compulsory_end(birth: date) -> date:
    """Return the March 31 with which compulsory schooling ends."""
    return make_date(school_entry_year(birth) + COMPULSORY_YEARS, MARCH, 31)


def cohort_first_birth(birth: date) -> date:
    """Return the first day of birth of the school cohort: April 2."""
    return make_date(school_entry_year(birth) - ENTRY_AGE - 1, APRIL, 2)


def cohort_last_birth(birth: date) -> date:
    """Return the last day of birth of the school cohort: April 1."""
    return make_date(school_entry_year(birth) - ENTRY_AGE, APRIL, 1)
