"""児童手当の所得制限: what the recipient's income of a year left, for the months from 2012-06 to 2024-09.

Law: 児童手当法 第5条, 附則第2条; 児童手当法施行令 (昭和46年政令第281号) 第1条から第3条まで, 第7条 (所得上限限度額, from 2022-06).
Only the recipient's own income counts, not that of the household.
"""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import MemberDecision
from munirules.engine.holds import monotone
from munirules.law.welfare.income import (
    Deductions,
    MaintainedChildren,
    dependants_of,
    income_year,
    old_dependants,
    tested_income,
)
from munirules.law.welfare.recipients import Recipient, recipients_of
from munirules.models.choices import Choice
from munirules.models.declare import provision, result
from munirules.models.fields import choice, code, count, yen
from munirules.models.household import Household, Roles
from munirules.models.income import Income
from munirules.models.resident import Resident
from munirules.models.years import of_year
from munirules.money import Yen


class Entitlement(Choice):
    """What the recipient's income leaves."""

    FULL = 0, "児童手当", "child allowance"
    SPECIAL = 1, "特例給付", "special payment"
    NONE = 2, "支給なし", "nothing"


@provision(title="児童手当の所得の計算")
class ChildAllowanceDeductions(Deductions):
    """What 児童手当法施行令第3条 takes off the income."""


@provision(title="児童手当の所得制限限度額")
class ChildAllowanceLimits:
    """The limit at and above which only the special payment is due; each dependant raises it."""

    base: int = yen("所得制限限度額（扶養親族等0人）", by="nation")
    dependant: int = yen("扶養親族等1人の加算", by="nation")
    old_dependant: int = yen("70歳以上の同一生計配偶者・老人扶養親族1人の加算", by="nation")
    first_month: int = count("所得の年を改める月", minimum=1, maximum=12, by="nation")


@provision(title="児童手当の所得上限限度額")
class ChildAllowanceCeiling:
    """The income at and above which nothing is due (特例給付もない)."""

    ceiling: int = yen("所得上限限度額（扶養親族等0人）", by="nation")


@result(title="児童手当の所得判定")
class ChildAllowanceIncome:
    """What a recipient's income left.

    Attributes:
        member: id of the recipient.
        year: year of the income that counts.
        income: income after deductions.
        limit: the limit with the recipient's dependants.
        entitlement: the allowance, the special payment, or nothing.
    """

    member: str = code("受給者", en="recipient")
    year: int = count("所得の年", en="year of income", unit="年")
    income: Yen = yen("控除後の所得", en="income after deductions")
    limit: Yen = yen("所得制限限度額", en="limit")
    entitlement: Entitlement = choice("区分", en="entitlement")


child_allowance_income = MemberDecision(
    "welfare.child_allowance.income",
    Household,
    ChildAllowanceIncome,
    member=Resident,
    who="tested",
    title="児童手当の所得判定",
    on="支給対象月の日",
    authority="市町村長（公務員は所属庁の長）",
    law="児童手当法第5条",
)


@child_allowance_income.rule(title="受給者", law="児童手当法第4条", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month."""
    return recipients_of(household, roles, on)


@child_allowance_income.rule(title="所得を見る者", law="児童手当法第5条第1項", minor=True)
def tested(person: Resident, recipients: tuple[Recipient, ...]) -> bool:
    """Whether a member receives as a person; institutions and corporations have no test."""
    for recipient in recipients:
        if recipient.id == person.id and not recipient.institution:
            return True
    return False


@child_allowance_income.rule(title="受給者", minor=True)
def member(person: Resident) -> str:
    """Id of the recipient."""
    return person.id


@child_allowance_income.rule(title="所得の年", law="児童手当法第5条第1項")
def year(limits: ChildAllowanceLimits, on: date) -> int:
    """The year before; for months before June, the one before that."""
    return income_year(on, limits.first_month)


@child_allowance_income.rule(title="控除後の所得", law="児童手当法施行令第2条・第3条")
def income(person: Resident, taxed: Income, off: ChildAllowanceDeductions, year: int) -> Yen:
    """The income that the limit is compared with."""
    return tested_income(of_year(taxed, year, person.id), off, 0, True)  # noqa: FBT003 — the contract knows no keywords


@child_allowance_income.rule(title="扶養親族等による加算", law="児童手当法施行令第1条")
def raised_by(
    person: Resident, taxed: Income, others: MaintainedChildren | None, limits: ChildAllowanceLimits, year: int
) -> Yen:
    """By what dependants, and children maintained though they are no dependants, raise the limits."""
    number = dependants_of(taxed)
    if others is not None:
        number += of_year(others, year, person.id).number
    old = old_dependants(taxed)
    return (number - old) * limits.dependant + old * limits.old_dependant


@child_allowance_income.rule(title="所得制限限度額", law="児童手当法施行令第1条")
def limit(raised_by: Yen, limits: ChildAllowanceLimits) -> Yen:
    """The limit with the recipient's dependants."""
    return limits.base + raised_by


@child_allowance_income.rule(title="区分", law="児童手当法第5条第1項・附則第2条第1項")
def entitlement(income: Yen, limit: Yen) -> Entitlement:
    """The allowance below the limit, the special payment at it and above."""
    return Entitlement.FULL if income < limit else Entitlement.SPECIAL


@child_allowance_income.rule(
    "entitlement", title="区分", since=date(2022, 6, 1), law="児童手当法第5条第1項・附則第2条第1項、施行令第7条"
)
def entitlement_with_ceiling(income: Yen, limit: Yen, raised_by: Yen, top: ChildAllowanceCeiling) -> Entitlement:
    """The allowance below the limit, the special payment below the ceiling, nothing at it and above."""
    if income < limit:
        return Entitlement.FULL
    return Entitlement.SPECIAL if income < top.ceiling + raised_by else Entitlement.NONE


child_allowance_income.holds(
    monotone("entitlement", by="Income.comprehensive_income"),
    monotone("income", by="Income.comprehensive_income"),
    monotone("income", by="Income.medical_deduction", falling=True),
    monotone("limit", by="Income.dependants_under_16"),
)
