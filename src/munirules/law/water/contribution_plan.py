"""受益者負担金の分割納付と報奨金 (業務60): the instalments of a contribution, their due days, and the reward for paying early.

Law: the municipality's ordinance under 都市計画法 第75条第2項 and its bylaw (施行規則).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from munirules.calendar.rules import (
    FirstDay,
    Overflow,
    add_months,
    calendar_months_between,
    days_in_month,
    days_later,
    fiscal_year,
    fiscal_year_first_day,
)
from munirules.engine.decision import Decision
from munirules.engine.holds import never_above, parts_sum
from munirules.engine.parts import Each
from munirules.law.water.contribution import BenefitedLand, Contribution
from munirules.models.declare import provision, result, row
from munirules.models.fields import code, count, rate, rows, yen
from munirules.money import Rate, Rounding, Yen, floor_to, quotient
from munirules.tape import applied

MONTHS_OF_YEAR = 12
FROM_APRIL = 8
"""Added to a month of the calendar, and taken modulo twelve, it gives the months from April."""


@row(title="納期")
class TermRow:
    """A term of every year: the month in which it opens, and its last day. 0 where that is not recorded."""

    opens: int = count("納期の始まる月", unit="月", maximum=12, default=0)
    due_month: int = count("納期限の月", unit="月", maximum=12, default=0)
    due_day: int = count("納期限の日（31は月末）", unit="日", maximum=31, default=0)


@row(title="報奨金")
class RewardRow:
    """Reward for paying early (前納報奨金).

    Attributes:
        prepaid: what is paid at once: the instalments of the `year`, or `all`.
        mode: `later` (the rate of the later instalments that are paid with it), `months` (of each the rate for every
            month from that of the payment to that in which its term opens) or `fixed` (an amount, in the first term).
        rate: the rate.
        amount: the fixed amount.
        unit: yen below which a fraction is dropped.
        minimum: a reward below it is not given.
    """

    prepaid: str = code("前納", options=("year", "all"))
    mode: str = code("算定方法", options=("later", "months", "fixed"))
    rate: Rate = rate("率", default=Rate(0))
    amount: int = yen("定額", default=0)
    unit: int = yen("端数単位", minimum=1)
    minimum: int = yen("最低額", default=0)


@provision(title="受益者負担金の納付")
class ContributionTerms:
    """How a contribution is paid.

    Attributes:
        years: fiscal years over which it is spread.
        per_year: instalments of a year.
        round_instalment: yen below which an instalment's fraction is dropped.
        remainder: which instalment takes what is dropped.
        terms: the terms of a year, in order; empty where they are not recorded.
        rewards: rewards for paying early; empty where there are none.
    """

    years: int = count("分割する年数", unit="年", minimum=1)
    per_year: int = count("年の納期数", unit="期", minimum=1)
    round_instalment: int = yen("各納期の端数単位", minimum=1)
    remainder: str = code("端数を加える納期", options=("first", "last"))
    terms: tuple[TermRow, ...] = rows("納期表", default=())
    rewards: tuple[RewardRow, ...] = rows("報奨金表", default=())


class Instalment(NamedTuple):
    """One instalment: its number of all, the fiscal year and the term of it, and the amount."""

    number: Annotated[int, "回"]
    year: Annotated[int, "年度"]
    term: Annotated[int, "期"]
    amount: Annotated[Yen, "納付額"]


@result(title="受益者負担金の納付計画")
class ContributionPlan:
    """Instalments, due days as the bylaw has them (not moved for closing days), and the reward.

    Attributes:
        instalments: in order; together they are the whole.
        due_on: their due days; empty where the terms are not recorded.
        reward: what is given for a prepayment.
    """

    instalments: tuple[Instalment, ...] = rows("納期別の額", en="instalments")
    due_on: tuple[date, ...] = rows("納期限", en="due days")
    reward: Yen = yen("報奨金", en="reward")


contribution_plan = Decision(
    "water.contribution_plan",
    BenefitedLand,
    ContributionPlan,
    title="下水道受益者負担金の納付",
    on="賦課決定日",
    authority="市町村長",
    law="都市計画法第75条第2項",
)


@contribution_plan.rule(title="納期別の額")
def instalments(assessed: Contribution, terms: ContributionTerms, on: date) -> tuple[Instalment, ...]:
    """Equal instalments, rounded down; one takes the remainder."""
    number = terms.years * terms.per_year
    each = floor_to(quotient(assessed.total, number, Rounding.FLOOR), terms.round_instalment)
    rest = assessed.total - each * number
    found = []
    for index in range(number):
        takes_rest = index == 0 if terms.remainder == "first" else index == number - 1
        year = fiscal_year(on) + index // terms.per_year
        found.append(Instalment(index + 1, year, index % terms.per_year + 1, each + rest if takes_rest else each))
    return tuple(found)


@contribution_plan.rule(title="納期限")
def due_on(assessed: Contribution, terms: ContributionTerms, on: date) -> tuple[date, ...]:
    """The due days; none where the bylaw's terms are not recorded."""
    found = []
    for index in range(terms.years * terms.per_year if len(terms.terms) == terms.per_year else 0):
        term = terms.terms[index % terms.per_year]
        if term.due_month == 0:
            return ()
        first = first_of(fiscal_year(on) + index // terms.per_year, term.due_month)
        last = min(term.due_day, days_in_month(first.year, first.month))
        found.append(days_later(first, last, FirstDay.COUNTED))
    return tuple(found)


@contribution_plan.rule(title="前納月数")
def months_early(instalment: Instalment, land: BenefitedLand, terms: ContributionTerms) -> int:
    """Months from that of the prepayment, which counts, to that in which the instalment's term opens, which does not."""
    if land.paid_on is None or len(terms.terms) != terms.per_year:
        return 0
    opens = terms.terms[instalment.term - 1].opens
    if opens == 0:
        return 0
    return max(calendar_months_between(land.paid_on, first_of(instalment.year, opens)), 0)


@contribution_plan.rule(title="前納する額")
def prepaid_amount(instalment: Instalment, land: BenefitedLand, terms: ContributionTerms) -> Yen:
    """What of an instalment is paid before its term: nothing of that in whose term the payment falls."""
    if land.prepaid == "none" or instalment.number <= land.paid_in:
        return 0
    if land.prepaid == "year" and (instalment.number - 1) // terms.per_year != (land.paid_in - 1) // terms.per_year:
        return 0
    return instalment.amount


@contribution_plan.rule(title="前納する額の月数積")
def amount_months(prepaid_amount: Yen, months_early: int) -> int:
    """Yen times months of an instalment paid early."""
    return prepaid_amount * months_early


@contribution_plan.rule(title="前納する額の合計")
def prepaid_total(prepaid_amount: Each[Yen]) -> Yen:
    """What is paid before its term, of all instalments."""
    return sum(prepaid_amount)


@contribution_plan.rule(title="月数積の合計")
def total_amount_months(amount_months: Each[int]) -> int:
    """Yen times months, of all instalments."""
    return sum(amount_months)


@contribution_plan.rule(title="報奨金")
def reward(land: BenefitedLand, prepaid_total: Yen, total_amount_months: int, terms: ContributionTerms) -> Yen:
    """The reward for a prepayment, by the first row that fits."""
    for step in terms.rewards:
        if step.prepaid != land.prepaid:
            continue
        given = step.amount if land.paid_in == 1 else 0
        if step.mode == "later":
            given = quotient(prepaid_total * step.rate.num, step.rate.den, Rounding.FLOOR, step.unit)
        elif step.mode == "months":
            given = quotient(total_amount_months * step.rate.num, step.rate.den, Rounding.FLOOR, step.unit)
        applied("報奨金表", step)
        return given if given >= step.minimum else 0
    return 0


def first_of(year: int, month: int) -> date:
    """Return the first day of a month of a fiscal year."""
    return add_months(fiscal_year_first_day(year), (month + FROM_APRIL) % MONTHS_OF_YEAR, Overflow.LAST_DAY)


contribution_plan.holds(
    parts_sum("instalments.amount", ["Contribution.total"]),
    never_above("reward", "instalments.amount"),
    never_above("reward", 0, when={"prepaid": "none"}),
)
