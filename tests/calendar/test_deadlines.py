"""Deadlines on closing days, and series of due dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from munirules.calendar import (
    STANDARD,
    CalendarError,
    ClosingDay,
    ClosingDays,
    Direction,
    NotCoveredError,
    deadline,
    deadline_laws,
    due_dates,
)

DAYS = st.dates(date(1950, 1, 1), date(2099, 11, 30))
LAWS = list(deadline_laws())


@given(DAYS, st.sampled_from(LAWS))
def test_a_deadline_never_ends_on_a_closed_day(nominal, law):
    found = deadline(nominal, law)
    assert deadline(found.date, law).date == found.date
    assert len(found.steps) == abs((found.date - nominal).days)
    forward = found.law.moves is Direction.FORWARD
    assert (found.date >= nominal) if forward else (found.date <= nominal)
    assert found.moved == bool(found.steps)
    assert found.moved_by == (found.law.title if found.moved else None)


@given(DAYS)
def test_what_one_law_adds_to_another(nominal):
    civil, tax = deadline(nominal, "minpo_142").date, deadline(nominal, "local_tax_20-5").date
    assert civil <= tax
    assert deadline(nominal, "local_tax_20-5", direction="never").date == nominal


def test_the_answer_names_the_law_and_each_day():
    found = deadline(date(2025, 12, 31), "local_tax_20-5")
    assert found.moved_by == "地方税法20条の5第2項、同法施行令6条の18"
    reasons = [reason for _, reason in found.steps]
    assert reasons[0] == "令6条の18第2項"
    assert reasons[1] == "元日"
    assert "最判" in reasons[2]
    assert reasons[3:] == ["土曜日", "日曜日"]


def test_acts():
    sunday = date(2026, 5, 31)
    assert deadline(sunday, "local_tax_20-5", act="payment").date == date(2026, 6, 1)
    never = deadline(sunday, "local_tax_20-5", act="special_collection_notice")
    assert (never.date, never.moved_by) == (sunday, None)
    assert never.act is not None
    assert "特別徴収" in never.act.title
    assert deadline(sunday, "local_gov_4-2", act="by_hours").date == sunday
    with pytest.raises(CalendarError, match="did you mean 'payment'"):
        deadline(sunday, "local_tax_20-5", act="paymnt")
    with pytest.raises(CalendarError, match="did you mean 'minpo_142'"):
        deadline(sunday, "minpo142")


def test_directions():
    saturday = date(2026, 10, 10)
    assert deadline(saturday, "payment_by_city").date == date(2026, 10, 9)
    assert deadline(saturday, "payment_by_city", direction="forward").date == date(2026, 10, 13)
    assert deadline(saturday, "bank_15", act="transfer").date == date(2026, 10, 9)
    assert deadline(saturday, "bank_15", act="debit").date == date(2026, 10, 13)
    assert deadline(date(2026, 12, 30), "bank_15").date == date(2026, 12, 30)
    assert deadline(date(2026, 12, 30), "payment_by_city").date == date(2026, 12, 28)


def test_the_civil_code_asks_for_a_custom():
    sunday = date(2026, 11, 22)
    assert deadline(sunday, "minpo_142").date == date(2026, 11, 24)
    assert deadline(sunday, "minpo_142", trade_stops=False).date == sunday
    assert deadline(date(2026, 1, 2), "minpo_142").date == date(2026, 1, 5)


def test_closing_days_of_a_municipality():
    okinawa = STANDARD.with_days(ClosingDay(month=6, day=23, reason="慰霊の日", since=date(1991, 1, 1)))
    memorial = date(2026, 6, 23)
    found = deadline(memorial, "local_gov_4-2", closing_days=okinawa)
    assert (found.date, found.steps) == (date(2026, 6, 24), ((memorial, "慰霊の日"),))
    assert deadline(memorial, "local_tax_20-5", closing_days=okinawa).date == memorial
    assert deadline(memorial, "payment_by_city", closing_days=okinawa).date == date(2026, 6, 22)
    assert okinawa.reason(date(1990, 6, 23)) == "土曜日"
    assert okinawa.reason(date(1989, 6, 23)) is None
    assert STANDARD.reason(date(2026, 12, 29)) == "年末年始"
    open_on_saturdays = ClosingDays(saturdays=False)
    assert deadline(date(2026, 10, 31), "local_gov_4-2", closing_days=open_on_saturdays).moved is False
    with pytest.raises(CalendarError, match="no day 2-30"):
        ClosingDay(month=2, day=30)


def test_beyond_the_known_holidays():
    with pytest.raises(NotCoveredError):
        deadline(date(2099, 12, 31), "local_tax_20-5")


def test_due_dates():
    found = due_dates(2026, (6, 8, 10, 1), law="local_tax_20-5")
    assert [(each.number, each.due.nominal.isoformat(), each.due.date.isoformat()) for each in found] == [
        (1, "2026-06-30", "2026-06-30"),
        (2, "2026-08-31", "2026-08-31"),
        (3, "2026-10-31", "2026-11-02"),
        (4, "2027-01-31", "2027-02-01"),
    ]
    december = due_dates(2026, range(7, 13), law="local_tax_20-5", days={12: 25})
    assert [each.due.nominal.day for each in december] == [31, 31, 30, 31, 30, 25]
    monthly = due_dates(2026, [*range(4, 13), 1, 2, 3], law="bank_15", day=27, act="debit")
    assert len(monthly) == 12
    assert all(each.due.date - each.due.nominal < timedelta(4) for each in monthly)
    for months, day in (((13,), 1), ((6,), 31), ((2,), 30), ((0,), -1)):
        with pytest.raises(CalendarError, match="due on"):
            due_dates(2026, months, law="bank_15", day=day)
