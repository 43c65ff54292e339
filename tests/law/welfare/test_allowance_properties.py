"""Properties of the allowances: order of members, the Act's own table, days of a month, incomes, payments."""

from datetime import date

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.welfare.households import TO_PARENT, earns, family

from munirules import Rulebook, facts_of, none_of
from munirules.calendar import days_in_month, first_march_31
from munirules.law.welfare.child_allowance import ChildAllowanceClaim, child_allowance
from munirules.law.welfare.child_rearing_allowance import (
    ChildRearingClaim,
    PublicPensions,
    ReceiptHistory,
    child_rearing_allowance,
)
from munirules.law.welfare.child_rearing_allowance_income import RearingMeans
from munirules.law.welfare.income import Obligors
from munirules.law.welfare.payments import (
    AllowanceMonth,
    AllowanceMonths,
    child_allowance_payment,
    child_rearing_payment,
    disability_payment,
    special_child_rearing_payment,
)
from munirules.models.income import Income

BOOK = Rulebook.of("岐阜市")
ON = date(2025, 9, 30)
births = st.lists(st.dates(date(2000, 1, 1), date(2025, 8, 31)), min_size=1, max_size=7, unique=True)


def claimed(household):
    return [
        facts_of(member.id, ChildAllowanceClaim(claimed_on=member.born_on, event_on=member.born_on))
        for member in household.members
        if member.id != "p"
    ]


def amounts(household, *facts, on=ON):
    outcome = BOOK.decide(child_allowance, household, TO_PARENT, *claimed(household), *facts, on=on)
    return {member: outcome.of(member).amount for member in outcome.members}


def at_year_end(born_on: date, age: int, on: date) -> bool:
    """Whether the first March 31 after the day before the birthday is still to come, by counting days and not months."""
    day_before = (
        date(born_on.year + age, born_on.month, min(born_on.day, 28)).toordinal() + max(born_on.day - 28, 0) - 1
    )
    return on <= first_march_31(date.fromordinal(day_before))


def by_the_table_of_article_6(born: list[date], on: date) -> int:
    """What the table of article 6 as amended in 2024 gives: by how many are past 18, from three to 18, and below three."""
    month = (on.year, on.month)
    below = sum((day.year + 3, day.month) >= month for day in born)
    paid = sum(at_year_end(day, 18, on) for day in born) - below
    older = sum(at_year_end(day, 22, on) for day in born) - below - paid
    if older == 0 and paid == 0:
        return 15_000 * min(below, 2) + 30_000 * max(below - 2, 0)
    if older == 0 and paid == 1:
        return 10_000 + 15_000 * min(below, 1) + 30_000 * max(below - 1, 0)
    if older == 0:
        return 10_000 * 2 + 30_000 * (paid - 2 + below)
    if older == 1 and paid == 0:
        return 15_000 * min(below, 1) + 30_000 * max(below - 1, 0)
    if older == 1:
        return 10_000 + 30_000 * (paid - 1 + below)
    return 30_000 * (paid + below)


@given(births, st.randoms())
def test_the_order_of_members_changes_no_answer(born, random):
    household = family(*born)
    members = list(household.members)
    random.shuffle(members)
    assert amounts(attrs.evolve(household, members=tuple(members))) == amounts(household)


@settings(max_examples=300)
@given(births, st.dates(date(2025, 9, 1), date(2027, 12, 31)))
def test_the_sum_is_that_of_the_acts_table(born, on):
    assert sum(amounts(family(*born), on=on).values()) == by_the_table_of_article_6(born, on)


@given(births, st.integers(1, 12))
def test_every_day_of_a_month_gives_the_same(born, month):
    days = [date(2026, month, 1), date(2026, month, 15), date(2026, month, days_in_month(2026, month))]
    assert len({tuple(amounts(family(*born), on=day).items()) for day in days}) == 1


@given(births)
def test_recording_the_steps_changes_no_answer(born):
    household = family(*born)
    plain = BOOK.decide(child_allowance, household, TO_PARENT, *claimed(household), on=ON)
    traced = BOOK.decide(child_allowance, household, TO_PARENT, *claimed(household), on=ON, trace=True)
    assert plain.result == traced.result
    assert plain.members == traced.members


@given(
    st.lists(st.dates(date(2004, 1, 1), date(2022, 8, 31)), min_size=1, max_size=5),
    st.integers(0, 25_000_000),
    st.integers(0, 3_000_000),
)
def test_a_higher_income_never_leaves_more(born, income, more):
    on = date(2022, 10, 31)
    less = sum(amounts(family(*born), earns(income, 2021), on=on).values())
    assert sum(amounts(family(*born), earns(income + more, 2021), on=on).values()) <= less


@given(st.integers(0, 4), st.integers(0, 3_000_000), st.integers(1, 500_000), st.integers(0, 60_000))
def test_of_child_rearing_nothing_is_negative_and_more_income_never_pays_more(number, income, more, pension):
    household = family(*[date(2012 + index, 6, 1) for index in range(number)])

    def decide(amount):
        return BOOK.decide(
            child_rearing_allowance,
            household,
            TO_PARENT,
            Obligors(),
            RearingMeans(year=2023),
            ReceiptHistory(first_month=date(2016, 6, 1)),
            PublicPensions(other=pension) if pension else none_of(PublicPensions),
            facts_of("p", Income(year=2023, comprehensive_income=amount)),
            *[
                facts_of(member.id, ChildRearingClaim(claimed_on=date(2022, 6, 1)))
                for member in household.members
                if member.id != "p"
            ],
            on=date(2025, 6, 30),
        ).result

    found, later = decide(income), decide(income + more)
    assert 0 <= later.amount <= found.amount
    parts = found.stopped_by_income + found.set_off + found.stopped_after_years + found.amount
    assert parts == found.full_amount
    assert found.stopped_after_years % 10 == 0


# Payments.


def months(first: date, number: int, amount: int = 10_000) -> tuple[AllowanceMonth, ...]:
    start = first.year * 12 + first.month - 1
    return tuple(
        AllowanceMonth(month=date((start + index) // 12, (start + index) % 12 + 1, 1), amount=amount)
        for index in range(number)
    )


@pytest.mark.parametrize(
    ("decision", "advance", "longest"),
    [
        (child_allowance_payment, True, 4),
        (child_rearing_payment, True, 4),
        (special_child_rearing_payment, True, 5),
        (special_child_rearing_payment, False, 4),
        (disability_payment, True, 3),
    ],
)
@given(start=st.dates(date(2018, 4, 1), date(2025, 12, 1)), number=st.integers(1, 24))
def test_every_month_is_paid_once_and_not_too_late(decision, advance, longest, start, number):
    open_months = list(months(start, number))
    now = start.year * 12 + start.month - 1
    paid_at: dict[date, int] = {}
    for index in range(now, now + number + 6):
        day = date(index // 12, index % 12 + 1, 10)
        outcome = BOOK.decide(decision, AllowanceMonths(months=tuple(open_months), advance=advance), on=day)
        for place, amount in enumerate(outcome.result.amounts):
            if amount:
                month = open_months[place]
                assert month.month not in paid_at
                paid_at[month.month] = index
                open_months[place] = attrs.evolve(month, paid=True)
    assert set(paid_at) == {month.month for month in open_months}
    waits = [index - (month.year * 12 + month.month - 1) for month, index in paid_at.items()]
    assert min(waits) >= (0 if advance and decision is special_child_rearing_payment else 1)
    assert max(waits) <= longest


def test_what_an_ended_right_still_has_is_paid_at_once_and_arrears_too():
    open_months = months(date(2025, 2, 1), 3)  # February to April
    running = AllowanceMonths(months=open_months)
    assert (
        BOOK.decide(child_allowance_payment, running, on=date(2025, 5, 10)).result.total == 20_000
    )  # in arrears since April
    ended = AllowanceMonths(months=open_months, ended=True)
    assert BOOK.decide(child_allowance_payment, ended, on=date(2025, 5, 10)).result.total == 30_000


def test_decide_each_feeds_the_payment():
    household = family(date(2023, 11, 20))
    days = [date(2026, 10, 31), date(2026, 11, 30)]
    outcomes = BOOK.decide_each(child_allowance, household, TO_PARENT, *claimed(household), on=days)
    given_months = tuple(
        AllowanceMonth(month=outcome.on, amount=sum(child.amount for child in outcome.result)) for outcome in outcomes
    )
    paid = BOOK.decide(child_allowance_payment, AllowanceMonths(months=given_months), on=date(2026, 12, 10)).result
    assert (paid.amounts, paid.months, paid.total) == ((15_000, 15_000), 2, 30_000)
