"""特別障害者手当等の所得の判定: the income of the person with the disability, the spouse and those who must support one another.

Law: 特別児童扶養手当等の支給に関する法律 (昭和39年法律第134号) 第20条, 第21条, 第26条の5; the 施行令 (昭和50年政令第207号) 第5条, 第7条, 第8条,
第11条, 第12条. The person's own income stops the allowance above the limit (超える, 第20条), that of the spouse or of a supporter
at it and above (以上, 第21条).
"""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import MemberDecision
from munirules.engine.holds import monotone
from munirules.law.welfare.income import (
    Obligors,
    income_year,
    is_obligor,
    personal_deductions,
    tested_income,
    total_income,
    widow_deduction,
)
from munirules.law.welfare.limits import (
    IncomeTest,
    ObligorLimits,
    RecipientLimits,
    SpecialChildDeductions,
    limit_of,
)
from munirules.law.welfare.recipients import Recipient, is_recipient, recipients_of
from munirules.models.declare import facts, provision, result
from munirules.models.fields import count, yen
from munirules.models.household import Household, Roles
from munirules.models.income import Income
from munirules.models.resident import Resident
from munirules.models.years import of_year
from munirules.money import Yen

LAW = "特別児童扶養手当等の支給に関する法律"


@facts(title="年金給付に係る所得")
class PensionIncome:
    """Income from pensions of who claims 特別障害者手当, with the untaxed ones; none where no pension is untaxed.

    施行令第12条第4項 counts pensions that are not taxed (第11条: 障害年金, 遺族年金 …) as public pensions are counted.

    Attributes:
        year: calendar year in which they were paid.
        amount: all public pensions after 公的年金等控除 (所得税法第35条第2項第1号), before the 100,000 yen of 施行令第5条第1項.
    """

    year: int = count("所得の年", en="year of income", unit="年", minimum=1950, maximum=9999)
    amount: int = yen("年金給付に係る所得", en="income from pensions")


@provision(title="特別障害者手当等の支給の要件")
class DisabilityTerms:
    """Ages and days of the Act."""

    age: int = count("障害児福祉手当の年齢（未満）・特別障害者手当の年齢（以上）", unit="歳", by="nation")
    days: int = count("やむを得ない理由がやんだ後の請求期間", unit="日", by="nation")
    first_month: int = count("所得の年を改める月", minimum=1, maximum=12, by="nation")


@provision(title="特別障害者手当等の受給者の所得制限限度額")
class DisabilityRecipientLimits(RecipientLimits):
    """The person's own limit (施行令第7条, 第12条第1項)."""


@provision(title="特別障害者手当等の配偶者・扶養義務者の所得制限限度額")
class DisabilityObligorLimits(ObligorLimits):
    """The limit of the spouse and of supporters (施行令第8条第1項, 第12条第2項)."""


@result(title="特別障害者手当等の所得判定")
class DisabilityIncome(IncomeTest):
    """What one person's income leaves."""


disability_income = MemberDecision(
    "welfare.disability_allowances.income",
    Household,
    DisabilityIncome,
    member=Resident,
    who="tested",
    title="特別障害者手当等の所得判定",
    on="支給対象月の日",
    authority="都道府県知事・市長・福祉事務所を管理する町村長",
    law=f"{LAW}第20条・第21条・第26条の5",
)


@disability_income.rule(title="受給資格者", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month: the person with the disability."""
    return recipients_of(household, roles, on)


@disability_income.rule(title="受給者本人か", minor=True)
def own(person: Resident, recipients: tuple[Recipient, ...]) -> bool:
    """Whether the member is the recipient."""
    return is_recipient(recipients, person.id)


@disability_income.rule(title="所得を見る者", law=f"{LAW}第20条・第21条", minor=True)
def tested(person: Resident, own: bool, obligors: Obligors) -> bool:
    """Whether the member's income counts."""
    return own or is_obligor(obligors, person.id)


@disability_income.rule(title="所得を見る者", minor=True)
def member(person: Resident) -> str:
    """Whose income it is."""
    return person.id


@disability_income.rule(title="所得の年", law=f"{LAW}第20条")
def year(terms: DisabilityTerms, on: date) -> int:
    """The year before the benefit year's."""
    return income_year(on, terms.first_month)


@disability_income.rule(title="控除後の所得", law=f"{LAW}施行令第5条・第8条・第12条")
def income(
    person: Resident,
    own: bool,
    taxed: Income,
    pensions: PensionIncome | None,
    off: SpecialChildDeductions,
    year: int,
) -> Yen:
    """The income that the limit is compared with."""
    known = of_year(taxed, year, person.id)
    if not own:
        return tested_income(known, off, 0, True)  # noqa: FBT003 — the contract knows no keywords
    pension = known.pension_income if pensions is None else of_year(pensions, year, person.id).amount
    return own_income(known, pension, off)


@disability_income.rule(title="限度額", law=f"{LAW}施行令第7条・第8条・第12条")
def limit(
    own: bool,
    taxed: Income,
    recipient: DisabilityRecipientLimits,
    obligor: DisabilityObligorLimits,
) -> Yen:
    """The limit with the person's dependants."""
    return limit_of(own, taxed, 0, recipient, obligor)


@disability_income.rule(title="支給停止", law=f"{LAW}第20条（超える）・第21条（以上）")
def stopped(own: bool, income: Yen, limit: Yen) -> bool:
    """Whether the income stops the allowance: the person's own above the limit, another's at it too."""
    return income > limit if own else income >= limit


def own_income(income: Income, pension: int, off: SpecialChildDeductions) -> int:
    """Return the income of a person with a severe disability, in yen: social insurance as paid, no deduction for oneself.

    Args:
        income: what the tax roll has.
        pension: income from pensions that counts instead of the taxed.
        off: what the order takes off.
    """
    total = total_income(income) - income.pension_income + pension
    total -= min(income.employment_income + pension, off.employment_pension)
    total -= income.social_insurance_deduction
    total -= personal_deductions(income, off) + widow_deduction(income.widowhood, off)
    if income.self_specially_disabled:
        total += off.specially_disabled
    elif income.self_disabled:
        total += off.disabled
    return max(total, 0)


disability_income.holds(
    monotone("stopped", by="Income.comprehensive_income"), monotone("income", by="Income.comprehensive_income")
)
