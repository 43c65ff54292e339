"""児童扶養手当の所得の判定: the income of the recipient, the spouse and those who must support one another.

Law: 児童扶養手当法 (昭和36年法律第238号) 第9条から第11条まで; 児童扶養手当法施行令 (昭和36年政令第405号) 第2条の4, 第4条. A recipient's income
leaves the whole, a part or nothing; anybody else's the whole or nothing. Where the Act says 「以上」, the limit itself stops.
"""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import MemberDecision
from munirules.engine.holds import monotone
from munirules.law.welfare.income import (
    Deductions,
    Obligors,
    dependants_of,
    income_year,
    is_obligor,
    old_dependants,
    old_for_obligor,
    tested_income,
    young_dependants,
)
from munirules.law.welfare.recipients import Recipient, is_recipient, recipients_of
from munirules.models.choices import Choice
from munirules.models.declare import facts, provision, result
from munirules.models.fields import choice, code, count, flag, rate, yen
from munirules.models.household import Capacity, Household, Roles
from munirules.models.income import Income
from munirules.models.resident import Resident
from munirules.models.years import of_year
from munirules.money import Rate, Yen, of


class RearingStanding(Choice):
    """What an income leaves of 児童扶養手当."""

    FULL = 0, "全部支給", "full"
    PARTIAL = 1, "一部支給", "partial"
    NONE = 2, "支給停止", "stopped"


@facts(title="児童扶養手当の受給者の資力")
class RearingMeans:
    """What counts for the recipient in a year beside the income of the tax roll.

    Attributes:
        year: the year of income.
        child_support: 養育費 that the recipient or the children received from the other parent in the year.
        other_children: children maintained at the end of the year who are nobody's 扶養親族 of the recipient.
        untaxed_pension: 非課税公的年金給付等 as income (雑所得), of a recipient who has 障害基礎年金等.
        orphans: whether a keeper (養育者) raises orphans, so that the keeper's own limit is that of others (法第9条の2).
    """

    year: int = count("所得の年", en="year of income", unit="年", minimum=1950, maximum=9999)
    child_support: int = yen("養育費", en="child support", default=0)
    other_children: int = count("生計を維持した扶養親族等でない児童", en="other children", unit="人", default=0)
    untaxed_pension: int = yen("非課税公的年金給付等に係る所得", en="untaxed pension", default=0)
    orphans: bool = flag("孤児等の養育者", en="keeper of orphans", default=False)


@provision(title="児童扶養手当の所得の計算")
class ChildRearingDeductions(Deductions):
    """What 児童扶養手当法施行令第4条 takes off, and which part of child support counts."""

    child_support: Rate = rate("養育費を所得とする割合", by="nation")
    child_support_unit: int = yen("養育費の端数単位", minimum=1, by="nation")
    untaxed_pensions: bool = flag("非課税公的年金給付等を所得とする", by="nation")


@provision(title="児童扶養手当の所得制限限度額")
class ChildRearingLimits:
    """Limits for nobody to maintain, and by what dependants raise them."""

    full: int = yen("全部支給の限度額", by="nation")
    partial: int = yen("一部支給の限度額", by="nation")
    other: int = yen("扶養義務者等・孤児等の養育者の限度額", by="nation")
    dependant: int = yen("扶養親族等・児童1人の加算", by="nation")
    old: int = yen("受給者の同一生計配偶者（70歳以上）・老人扶養親族1人の加算", by="nation")
    young: int = yen("受給者の特定扶養親族等1人の加算", by="nation")
    other_old: int = yen("扶養義務者等の老人扶養親族1人の加算", by="nation")
    first_month: int = count("所得の年を改める月", minimum=1, maximum=12, by="nation")


@result(title="児童扶養手当の所得判定")
class ChildRearingIncome:
    """What one person's income leaves.

    Attributes:
        member: whose.
        year: year of the income.
        income: income after deductions.
        full_limit: below it a recipient has the whole; 0 for others.
        limit: at it and above nothing is left.
        standing: what is left.
    """

    member: str = code("所得を見る者", en="whose")
    year: int = count("所得の年", en="year of income", unit="年")
    income: Yen = yen("控除後の所得", en="income after deductions")
    full_limit: Yen = yen("全部支給の限度額", en="limit of the whole")
    limit: Yen = yen("限度額", en="limit")
    standing: RearingStanding = choice("判定", en="standing")


child_rearing_income = MemberDecision(
    "welfare.child_rearing_allowance.income",
    Household,
    ChildRearingIncome,
    member=Resident,
    who="tested",
    title="児童扶養手当の所得判定",
    on="支給対象月の日",
    authority="都道府県知事・市長・福祉事務所を管理する町村長",
    law="児童扶養手当法第9条・第10条・第11条",
)


@child_rearing_income.rule(title="受給者", law="児童扶養手当法第4条", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month."""
    return recipients_of(household, roles, on)


@child_rearing_income.rule(title="受給者本人か", minor=True)
def own(person: Resident, recipients: tuple[Recipient, ...]) -> bool:
    """Whether the member is the recipient."""
    return is_recipient(recipients, person.id)


@child_rearing_income.rule(title="所得を見る者", law="児童扶養手当法第9条・第10条・第11条", minor=True)
def tested(person: Resident, own: bool, obligors: Obligors) -> bool:
    """Whether the member's income counts."""
    return own or is_obligor(obligors, person.id)


@child_rearing_income.rule(title="所得を見る者", minor=True)
def member(person: Resident) -> str:
    """Whose income it is."""
    return person.id


@child_rearing_income.rule(title="所得の年", law="児童扶養手当法第9条第1項")
def year(limits: ChildRearingLimits, on: date) -> int:
    """The year before the benefit year's."""
    return income_year(on, limits.first_month)


@child_rearing_income.rule(title="母又は父か", law="児童扶養手当法第4条第1項", minor=True)
def parent(own: bool, recipients: tuple[Recipient, ...]) -> bool:
    """Whether the member is the recipient as a parent, not as a keeper."""
    if not own:
        return False
    for recipient in recipients:
        if recipient.capacity == Capacity.KEEPER:
            return False
    return True


@child_rearing_income.rule(title="所得とみなす養育費等", law="児童扶養手当法第9条第2項、施行令第4条第1項")
def added(own: bool, parent: bool, means: RearingMeans, off: ChildRearingDeductions, year: int) -> Yen:
    """The part of child support that counts, and untaxed pensions where they do."""
    if not own:
        return 0
    given = of_year(means, year)
    total = of(given.child_support, off.child_support, half_up=off.child_support_unit) if parent else 0
    return total + given.untaxed_pension if off.untaxed_pensions else total


@child_rearing_income.rule(title="控除後の所得", law="児童扶養手当法施行令第3条・第4条")
def income(
    person: Resident,
    taxed: Income,
    added: Yen,
    parent: bool,
    off: ChildRearingDeductions,
    year: int,
) -> Yen:
    """The income that the limits are compared with; a parent has no deduction as widowed or single."""
    return tested_income(of_year(taxed, year, person.id), off, added, not parent)


@child_rearing_income.rule(title="扶養親族等による加算", law="児童扶養手当法施行令第2条の4")
def raised_by(
    own: bool,
    taxed: Income,
    means: RearingMeans,
    limits: ChildRearingLimits,
) -> Yen:
    """By what dependants raise the limits: another amount for the recipient than for others."""
    number = dependants_of(taxed)
    if own:
        number += means.other_children
    if own and not means.orphans:
        old = old_dependants(taxed) * limits.old
        return number * limits.dependant + old + young_dependants(taxed) * limits.young
    return number * limits.dependant + old_for_obligor(taxed) * limits.other_old


@child_rearing_income.rule(title="全部支給の限度額", law="児童扶養手当法施行令第2条の4第1項")
def full_limit(own: bool, raised_by: Yen, means: RearingMeans, limits: ChildRearingLimits) -> Yen:
    """Below it the recipient has the whole; 0 where there is no such limit."""
    return limits.full + raised_by if own and not means.orphans else 0


@child_rearing_income.rule(title="限度額", law="児童扶養手当法施行令第2条の4第2項・第7項")
def limit(own: bool, raised_by: Yen, means: RearingMeans, limits: ChildRearingLimits) -> Yen:
    """At it and above nothing is left."""
    return (limits.partial if own and not means.orphans else limits.other) + raised_by


@child_rearing_income.rule(title="判定", law="児童扶養手当法第9条・第9条の2・第10条・第11条")
def standing(income: Yen, full_limit: Yen, limit: Yen) -> RearingStanding:
    """The whole below the first limit, a part below the second, nothing at it and above."""
    if income >= limit:
        return RearingStanding.NONE
    return RearingStanding.PARTIAL if full_limit > 0 and income >= full_limit else RearingStanding.FULL


child_rearing_income.holds(
    monotone("standing", by="Income.comprehensive_income"),
    monotone("income", by="Income.comprehensive_income"),
    monotone("income", by="Income.medical_deduction", falling=True),
)
