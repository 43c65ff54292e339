"""特別児童扶養手当 (業務47): what is paid for children with a disability in a month.

Law: 特別児童扶養手当等の支給に関する法律 (昭和39年法律第134号) 第3条から第16条まで; its 施行令 (昭和50年政令第207号) 第2条, 第5条の2. The
prefecture or designated city decides (第5条), the municipality forwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.engine.decision import Decision, MemberDecision
from munirules.engine.holds import monotone, never_above
from munirules.engine.parts import Each
from munirules.law.welfare.income import (
    MaintainedChildren,
    Obligors,
    income_year,
    is_obligor,
    tested_income,
)
from munirules.law.welfare.limits import (
    IncomeTest,
    ObligorLimits,
    RecipientLimits,
    SpecialChildDeductions,
    limit_of,
)
from munirules.law.welfare.months import age_month, first_month, month_of
from munirules.law.welfare.recipients import Recipient, has_left, is_recipient, recipient_for, recipients_of
from munirules.models.declare import facts, provision, result
from munirules.models.fields import count, day, flag, yen
from munirules.models.household import Household, Roles
from munirules.models.income import Income
from munirules.models.resident import Resident
from munirules.models.years import of_year
from munirules.money import Yen


@facts(title="特別児童扶養手当の請求", about=Resident)
class SpecialChildClaim:
    """What was claimed for a child; none for a member below 20 for whom nothing is claimed.

    Attributes:
        claimed_on: day of the claim.
        prevented_on: day on which a disaster or the like began to prevent the claim; None for none.
        able_on: day on which that ended.
        ended_on: day on which the right ended otherwise than by age, a move of the recipient or a death.
        pension: whether the child can receive a public pension for the disability.
        institution: whether the child lives in an institution (通所 does not count).
    """

    claimed_on: date = day("請求日", en="claimed on")
    prevented_on: date | None = day("請求できなくなった日", en="prevented since", default=None)
    able_on: date | None = day("やむを得ない理由がやんだ日", en="able to claim since", default=None)
    ended_on: date | None = day("支給事由の消滅日", en="ended on", default=None)
    pension: bool = flag("障害を支給事由とする公的年金", en="pension for the disability", default=False)
    institution: bool = flag("施設入所", en="in an institution", default=False)

    def invariants(self) -> Iterator[str]:
        """What of a claim cannot be together."""
        if (self.prevented_on is None) != (self.able_on is None):
            yield "able_on (やむを得ない理由がやんだ日) and prevented_on (請求できなくなった日): one is missing; give both or none"


@facts(title="障害の程度の認定", about=Resident, found_by="都道府県知事・指定都市の長（施行令別表第三による）")
class SpecialChildGrade:
    """The degree of a child's disability; none where none is found.

    Attributes:
        grade: 1 or 2.
        until: last day for which it is found (有期認定); None for no end.
    """

    grade: int = count("障害等級", en="grade", unit="級", minimum=1, maximum=2)
    until: date | None = day("認定の期限", en="until", default=None)


@provision(title="特別児童扶養手当の額")
class SpecialChildRates:
    """Amounts a month for each child."""

    grade_1: int = yen("1級", by="nation")
    grade_2: int = yen("2級", by="nation")


@provision(title="特別児童扶養手当の支給の要件")
class SpecialChildTerms:
    """Ages and days of the Act."""

    age: int = count("児童の年齢（未満）", unit="歳", by="nation")
    days: int = count("やむを得ない理由がやんだ後の請求期間", unit="日", by="nation")
    first_month: int = count("所得の年を改める月", minimum=1, maximum=12, by="nation")


@provision(title="特別児童扶養手当の受給者の所得制限限度額")
class SpecialChildRecipientLimits(RecipientLimits):
    """The recipient's limit (施行令第2条第1項)."""


@provision(title="特別児童扶養手当の配偶者・扶養義務者の所得制限限度額")
class SpecialChildObligorLimits(ObligorLimits):
    """The limit of the spouse and of those who must support one another (施行令第2条第2項)."""


@result(title="特別児童扶養手当の所得判定")
class SpecialChildIncome(IncomeTest):
    """What one person's income leaves; at the limit and above nothing is paid."""


@result(title="特別児童扶養手当の対象児童")
class SpecialChild:
    """The grade that a child is paid for in the month; 0 for none."""

    paid_grade: int = count("支給する等級", en="grade paid", unit="級")


@result(title="特別児童扶養手当")
class SpecialChildAllowance:
    """What is paid in the month.

    Attributes:
        grade_1: children of grade 1.
        grade_2: children of grade 2.
        stopped: whether somebody's income stops the allowance.
        amount: yen for the month.
    """

    grade_1: int = count("1級の児童数", en="children of grade 1", unit="人")
    grade_2: int = count("2級の児童数", en="children of grade 2", unit="人")
    stopped: bool = flag("所得による支給停止", en="stopped by income")
    amount: Yen = yen("支給月額", en="amount of the month")


AUTHORITY = "都道府県知事・指定都市の長（市町村長が経由）"

special_child_income = MemberDecision(
    "welfare.special_child_rearing_allowance.income",
    Household,
    SpecialChildIncome,
    member=Resident,
    who="tested",
    title="特別児童扶養手当の所得判定",
    on="支給対象月の日",
    authority=AUTHORITY,
    role="forwards",
    law="特別児童扶養手当等の支給に関する法律第6条・第7条・第8条",
)

special_child_children = MemberDecision(
    "welfare.special_child_rearing_allowance.children",
    Household,
    SpecialChild,
    member=Resident,
    who="concerned",
    title="特別児童扶養手当の対象児童",
    on="支給対象月の日（その月の末日がよい）",
    authority=AUTHORITY,
    role="forwards",
    law="特別児童扶養手当等の支給に関する法律第2条・第3条",
)

special_child_rearing_allowance = Decision(
    "welfare.special_child_rearing_allowance",
    Household,
    SpecialChildAllowance,
    title="特別児童扶養手当",
    on="支給対象月の日（その月の末日がよい）",
    authority=AUTHORITY,
    role="forwards",
    law="特別児童扶養手当等の支給に関する法律第3条・第4条",
)


@special_child_income.rule(title="受給者", law="特別児童扶養手当等の支給に関する法律第3条", minor=True)
@special_child_children.rule(title="受給者", law="特別児童扶養手当等の支給に関する法律第3条", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month."""
    return recipients_of(household, roles, on)


@special_child_income.rule(title="受給者本人か", minor=True)
def own(person: Resident, recipients: tuple[Recipient, ...]) -> bool:
    """Whether the member is the recipient."""
    return is_recipient(recipients, person.id)


@special_child_income.rule(
    title="所得を見る者", law="特別児童扶養手当等の支給に関する法律第6条・第7条・第8条", minor=True
)
def tested(person: Resident, own: bool, obligors: Obligors) -> bool:
    """Whether the member's income counts."""
    return own or is_obligor(obligors, person.id)


@special_child_income.rule(title="所得を見る者", minor=True)
def member(person: Resident) -> str:
    """Whose income it is."""
    return person.id


@special_child_income.rule(title="所得の年", law="特別児童扶養手当等の支給に関する法律第6条")
def year(terms: SpecialChildTerms, on: date) -> int:
    """The year before the benefit year's."""
    return income_year(on, terms.first_month)


@special_child_income.rule(title="控除後の所得", law="特別児童扶養手当等の支給に関する法律施行令第4条・第5条")
def income(person: Resident, taxed: Income, off: SpecialChildDeductions, year: int) -> Yen:
    """The income that the limit is compared with."""
    return tested_income(of_year(taxed, year, person.id), off, 0, True)  # noqa: FBT003 — the contract knows no keywords


@special_child_income.rule(title="限度額", law="特別児童扶養手当等の支給に関する法律施行令第2条")
def limit(
    person: Resident,
    own: bool,
    taxed: Income,
    others: MaintainedChildren | None,
    recipient: SpecialChildRecipientLimits,
    obligor: SpecialChildObligorLimits,
    year: int,
) -> Yen:
    """The limit with the person's dependants."""
    children = 0 if others is None or not own else of_year(others, year, person.id).number
    return limit_of(own, taxed, children, recipient, obligor)


@special_child_income.rule(title="支給停止", law="特別児童扶養手当等の支給に関する法律第6条・第7条・第8条（以上）")
def stopped(income: Yen, limit: Yen) -> bool:
    """Whether the income is at the limit or above it."""
    return income >= limit


@special_child_children.rule(title="児童となりうる者", law="特別児童扶養手当等の支給に関する法律第2条第1項", minor=True)
def concerned(child: Resident, recipients: tuple[Recipient, ...], terms: SpecialChildTerms, on: date) -> bool:
    """Whether a member other than the recipient is below the age."""
    return recipient_for(recipients, child.id).id != child.id and month_of(on) <= age_month(child.born_on, terms.age)


@special_child_children.rule(
    title="支給する等級", law="特別児童扶養手当等の支給に関する法律第3条・第16条（児童扶養手当法第7条・第8条の準用）"
)
def paid_grade(
    child: Resident,
    claim: SpecialChildClaim | None,
    found: SpecialChildGrade | None,
    recipients: tuple[Recipient, ...],
    terms: SpecialChildTerms,
    on: date,
) -> int:
    """The grade found, in the months between the one after the claim and that in which the right ends."""
    recipient = recipient_for(recipients, child.id)
    if claim is None or found is None or recipient.id == "" or claim.pension or claim.institution:
        return 0
    month = month_of(on)
    if month < first_month(claim.claimed_on, claim.prevented_on, claim.able_on, None, terms.days):
        return 0
    if has_left(recipient, month) or (claim.ended_on is not None and month > month_of(claim.ended_on)):
        return 0
    if child.died_on is not None and month > month_of(child.died_on):
        return 0
    if found.until is not None and month > month_of(found.until):
        return 0
    return found.grade


@special_child_rearing_allowance.rule(title="1級の児童数")
def grade_1(children: Each[SpecialChild]) -> int:
    """How many children are paid for by grade 1."""
    return sum([1 if child.paid_grade == 1 else 0 for child in children])


@special_child_rearing_allowance.rule(title="2級の児童数")
def grade_2(children: Each[SpecialChild]) -> int:
    """How many children are paid for by grade 2."""
    return sum([1 if child.paid_grade == 2 else 0 for child in children])


@special_child_rearing_allowance.rule(
    "stopped", title="所得による支給停止", law="特別児童扶養手当等の支給に関する法律第6条・第7条・第8条"
)
def stopped_by_income(incomes: Each[SpecialChildIncome]) -> bool:
    """Whether the income of the recipient, the spouse or somebody who must support stops the allowance."""
    for income in incomes:
        if income.stopped:
            return True
    return False


@special_child_rearing_allowance.rule(title="支給月額", law="特別児童扶養手当等の支給に関する法律第4条、施行令第5条の2")
def amount(grade_1: int, grade_2: int, stopped: bool, rates: SpecialChildRates) -> Yen:
    """The amounts of all children, unless income stops them."""
    return 0 if stopped else grade_1 * rates.grade_1 + grade_2 * rates.grade_2


special_child_rearing_allowance.holds(
    never_above("amount", 0, when={"stopped": True}),
    monotone("amount", by="Income.comprehensive_income", falling=True),
)
special_child_children.holds(never_above("paid_grade", "SpecialChildGrade.grade"))
special_child_income.holds(
    monotone("stopped", by="Income.comprehensive_income"), monotone("income", by="Income.comprehensive_income")
)
