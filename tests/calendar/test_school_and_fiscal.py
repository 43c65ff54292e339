"""School grades, fiscal years and other years of law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calendar.vectors import cases, day

from munirules.calendar import (
    Attained,
    accounts_closing_day,
    attained_on,
    cohort_first_birth,
    cohort_last_birth,
    compulsory_end,
    elementary_entry,
    first_march_31,
    fiscal_year,
    junior_high_entry,
    law_year,
    law_year_first_day,
    law_year_last_day,
    school_grade,
)

DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize("case", cases("school"), ids=lambda case: case["birth"])
def test_school(case):
    birth = day(case["birth"])
    assert elementary_entry(birth) == day(case["elementary"])
    assert junior_high_entry(birth) == day(case["junior_high"])
    assert compulsory_end(birth) == day(case["end"])
    assert [cohort_first_birth(birth), cohort_last_birth(birth)] == [day(text) for text in case["cohort"]]


@given(DAYS)
def test_entry_follows_the_words_of_the_act(birth):
    """満六歳に達した日の翌日以後における最初の学年の初め (学校教育法17条1項)."""
    after = attained_on(birth, 6, Attained.DAY_BEFORE) + timedelta(1)
    first = next(each for each in (date(after.year, 4, 1), date(after.year + 1, 4, 1)) if each >= after)
    assert elementary_entry(birth) == first
    assert compulsory_end(birth) == first_march_31(attained_on(birth, 15, Attained.DAY_BEFORE))
    assert cohort_first_birth(birth) <= birth <= cohort_last_birth(birth)


@given(DAYS, st.integers(-400, 8000))
def test_grades_change_on_april_1_and_only_then(birth, days):
    on = birth + timedelta(days)
    step = school_grade(birth, on + timedelta(1)) - school_grade(birth, on)
    assert step == (1 if (on.month, on.day) == (3, 31) else 0)
    assert school_grade(birth, elementary_entry(birth)) == 1
    assert school_grade(birth, compulsory_end(birth)) == 9


@given(DAYS, st.integers(1, 12))
def test_years_of_law(on, month):
    year = law_year(on, month)
    assert law_year_first_day(year, month) <= on <= law_year_last_day(year, month)
    assert law_year_last_day(year, month) + timedelta(1) == law_year_first_day(year + 1, month)
    assert law_year(on, 4) == fiscal_year(on)


def test_years_of_law_by_example():
    assert accounts_closing_day(2025) == date(2026, 5, 31)
    assert law_year(date(2026, 5, 31), 6) == 2025
    assert law_year(date(2026, 8, 1), 8) == 2026
    assert law_year_last_day(2026, 1) == date(2026, 12, 31)
    assert first_march_31(date(2026, 3, 31)) == date(2026, 3, 31)
    assert first_march_31(date(2026, 4, 1)) == date(2027, 3, 31)
