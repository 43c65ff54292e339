"""Age: both ways of attaining it, February 29, and dates of birth that are partly known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.calendar.vectors import cases, day

from munirules.calendar import (
    Attained,
    LeapBirthday,
    PartialDate,
    Precision,
    age_on,
    age_range,
    attained_on,
    birthday_in,
    compulsory_end,
    elementary_entry,
    first_march_31,
    parse,
)

DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))
BEFORE, BIRTHDAY = Attained.DAY_BEFORE, Attained.BIRTHDAY


@pytest.mark.parametrize("case", cases("ages"), ids=lambda case: f"{case['birth']}-{case['on']}")
def test_ages(case):
    birth, on = day(case["birth"]), day(case["on"])
    assert age_on(birth, on, BEFORE) == case["day_before"]
    assert age_on(birth, on, BIRTHDAY) == case["birthday"]
    if "years" in case:
        assert attained_on(birth, case["years"], BEFORE) == day(case["attained_on"])


RULES = {
    "介護保険 第1号 資格取得": lambda birth: attained_on(birth, 65, BEFORE),
    "後期高齢者医療 資格取得": lambda birth: attained_on(birth, 75, BIRTHDAY),
    "国民年金 第1号 資格取得": lambda birth: attained_on(birth, 20, BEFORE),
    "選挙権": lambda birth: attained_on(birth, 18, BEFORE),
    "就学 (小1 入学)": elementary_entry,
    "児童手当 18歳到達後最初の3/31": lambda birth: first_march_31(attained_on(birth, 18, BEFORE)),
    "義務教育 終期": compulsory_end,
    "義務教育 終期 (満15歳に達した日の属する学年の終わり)": compulsory_end,
    "運転免許 みなし誕生日 (2月29日生)": lambda birth: birthday_in(birth, 2026, LeapBirthday.FEBRUARY_28),
}


@pytest.mark.parametrize("case", cases("age_rules"), ids=lambda case: f"{case['rule']}-{case['birth']}")
def test_rules_of_law(case):
    expected = next(case[key] for key in ("on", "end", "birthday", "first_election_day") if key in case)
    assert RULES[case["rule"]](day(case["birth"])) == day(expected)


def test_child_allowance_at_three_for_those_born_on_the_first():
    """児童手当法: 「月の初日に生まれた児童については、出生の日から三年を経過した児童」.

    Every child falls to the lower amount in the month of its third birthday; by the general rule those born on the
    first of a month would a month earlier. Source: http://jnrera.starfree.jp/potal_shiryou/Law/Law_other/h19/h19_26.html
    """
    for birth in (date(2023, 4, 1), date(2023, 4, 2), date(2023, 4, 30), date(2024, 2, 29)):
        how = BIRTHDAY if birth.day == 1 else BEFORE
        assert attained_on(birth, 3, how).month in (birth.month, 2)
    assert attained_on(date(2023, 4, 1), 3, BEFORE) == date(2026, 3, 31)
    assert attained_on(date(2023, 4, 1), 3, BIRTHDAY) == date(2026, 4, 1)


def naive_birthday(birth, year):
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


@given(DAYS, DAYS)
def test_age_is_the_number_of_birthdays(birth, on):
    if on < birth:
        assert age_on(birth, on, BIRTHDAY) == age_on(birth, on, BEFORE) < 0
        return
    birthdays = sum(1 for year in range(birth.year + 1, on.year + 2) if naive_birthday(birth, year) <= on)
    assert age_on(birth, on, BIRTHDAY) == birthdays
    assert age_on(birth, on, BEFORE) == age_on(birth, on + timedelta(1), BIRTHDAY)


@given(DAYS, st.integers(1, 120), st.sampled_from(Attained))
def test_an_age_is_attained_on_the_first_day_that_has_it(birth, years, how):
    attained = attained_on(birth, years, how)
    assert age_on(birth, attained, how) == years
    assert age_on(birth, attained - timedelta(1), how) == years - 1
    assert attained_on(birth, 0, how) == birth


@given(DAYS, DAYS, st.integers(0, 400), st.sampled_from(Attained))
def test_the_age_of_a_partial_date_is_a_range(birth, on, width, how):
    last = birth + timedelta(width)
    found = age_range(PartialDate(birth, last, Precision.RANGE), on, how)
    ages = [age_on(birth + timedelta(at), on, how) for at in range(width + 1)]
    assert (found.lowest, found.highest) == (min(ages), max(ages))
    assert found.certain == (ages[0] if len(set(ages)) == 1 else None)


def test_open_ranges():
    assert age_range(parse("不詳"), date(2026, 4, 1), BEFORE) == (None, None)
    assert age_range(parse("令和不詳"), date(2026, 4, 1), BEFORE) == (None, 6)
    assert age_range(parse("昭和20年"), date(2026, 4, 1), BEFORE) == (80, 81)
    assert age_range(parse("昭和20年8月15日"), date(2026, 4, 1), BEFORE).certain == 80
    assert age_range(date(1945, 8, 15), date(2026, 4, 1), BEFORE).certain == 80
    with pytest.raises(TypeError):
        age_range("1945-08-15", date(2026, 4, 1), BEFORE)  # type: ignore[arg-type]


def test_february_29():
    birth = date(2008, 2, 29)
    assert birthday_in(birth, 2023) == date(2023, 3, 1)
    assert birthday_in(birth, 2024) == birth.replace(year=2024)
    assert age_on(birth, date(2023, 2, 28), BIRTHDAY) == 14
    assert age_on(birth, date(2023, 2, 28), BIRTHDAY, LeapBirthday.FEBRUARY_28) == 15
    assert age_on(birth, date(2024, 2, 28), BIRTHDAY, LeapBirthday.FEBRUARY_28) == 15
    assert attained_on(birth, 15, BIRTHDAY, LeapBirthday.FEBRUARY_28) == date(2023, 2, 28)
    assert {attained_on(birth, years, BEFORE).strftime("%m%d") for years in range(1, 100)} == {"0228"}
