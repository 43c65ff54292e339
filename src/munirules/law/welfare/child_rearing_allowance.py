"""児童扶養手当 (業務46): what is paid to a single parent, or to who raises the children instead, in a month.

Law: 児童扶養手当法 (昭和36年法律第238号) 第4条から第13条の3まで; 児童扶養手当法施行令 (昭和36年政令第405号) 第2条の2から第7条まで. Whose
income leaves what is found in `child_rearing_allowance_income`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.calendar import Attained, age_on
from munirules.engine.decision import Decision, MemberDecision
from munirules.engine.holds import monotone, parts_sum
from munirules.engine.parts import Each
from munirules.law.welfare.child_rearing_allowance_income import ChildRearingIncome, RearingStanding
from munirules.law.welfare.months import AgeEnd, age_month, born_from, day_of_month, first_month, month_of
from munirules.law.welfare.recipients import Recipient, has_left, recipient_for, recipients_of
from munirules.models.declare import facts, provision, result
from munirules.models.fields import choice, count, day, flag, rate, yen
from munirules.models.household import Capacity, Household, Roles
from munirules.models.resident import Resident
from munirules.money import Rate, Yen, half_up_to, of


@facts(title="児童扶養手当の請求", about=Resident)
class ChildRearingClaim:
    """What was claimed for a child; none for a member below 20 for whom nothing is claimed.

    Attributes:
        claimed_on: day of the claim (認定請求, 額改定請求) that names the child.
        prevented_on: day on which a disaster or the like began to prevent the claim; None for none.
        able_on: day on which that ended.
        ended_on: day on which the right ended otherwise than by age, a move of the recipient or a death.
        disabled: whether the child has a disability of the degree of the cabinet order, by which it counts below 20.
    """

    claimed_on: date = day("請求日", en="claimed on")
    prevented_on: date | None = day("請求できなくなった日", en="prevented since", default=None)
    able_on: date | None = day("やむを得ない理由がやんだ日", en="able to claim since", default=None)
    ended_on: date | None = day("支給事由の消滅日", en="ended on", default=None)
    disabled: bool = flag("政令で定める程度の障害", en="disabled", default=False)

    def invariants(self) -> Iterator[str]:
        """What of a claim cannot be together."""
        if (self.prevented_on is None) != (self.able_on is None):
            yield "able_on (やむを得ない理由がやんだ日) and prevented_on (請求できなくなった日): one is missing; give both or none"


@facts(title="児童扶養手当の受給の経過")
class ReceiptHistory:
    """Since when the recipient receives; none where nothing is known but what the claims say, nor is exempt.

    Attributes:
        first_month: a day of the month from which the allowance was first paid (支給開始月).
        qualified_on: day on which the ground (divorce, death …) arose (支給要件に該当するに至った日).
        exempt: whether work, the search for it, disability, illness or care exempts from the stop after five years.
        payable_then: what was due in the month after the five years had passed; None where it is not less than today.
    """

    first_month: date = day("支給開始月", en="first month")
    qualified_on: date | None = day("支給要件に該当した日", en="qualified on", default=None)
    exempt: bool = flag("一部支給停止適用除外", en="exempt", default=False)
    payable_then: int | None = yen("経過した月の翌月の手当額", en="amount due then", default=None)


@facts(title="公的年金等")
class PublicPensions:
    """Public pensions of the recipient and the children, in yen a month; none where there are none.

    A yearly amount is divided by twelve, one that several persons receive by their number, each to whole yen downwards; of
    pensions of several children those of the second count to 5,000 yen, of each further to 3,000 (施行令第6条の3第2項).

    Attributes:
        other: all but the two below.
        disability: 障害基礎年金等 of the recipient without the addition for children.
        child_addition: that addition (子の加算部分).
    """

    other: int = yen("公的年金等の月額", en="pensions a month", default=0)
    disability: int = yen("障害基礎年金等の月額（子の加算を除く）", en="disability pension a month", default=0)
    child_addition: int = yen("子の加算の月額", en="addition for children a month", default=0)


@provision(title="児童扶養手当の額")
class ChildRearingRates:
    """Amounts a month."""

    first: int = yen("基本額", by="nation")
    second: int = yen("第2子の加算額", by="nation")
    third: int = yen("第3子以降の加算額", by="nation")


@provision(title="一部支給停止の係数")
class ChildRearingCoefficients:
    """By which part of the income above the limit each amount is stopped."""

    first: Rate = rate("基本額", by="nation")
    second: Rate = rate("第2子の加算額", by="nation")
    third: Rate = rate("第3子以降の加算額", by="nation")


@provision(title="児童扶養手当の支給の要件と一部支給停止")
class ChildRearingTerms:
    """Ages, days and years of the Act, and the units of the order."""

    school_age: int = count("児童の年齢（年度末まで）", unit="歳", by="nation")
    disabled_age: int = count("障害のある児童の年齢（未満）", unit="歳", by="nation")
    days: int = count("やむを得ない理由がやんだ後の請求期間", unit="日", by="nation")
    stop_unit: int = yen("一部支給停止額の端数単位・加える額", minimum=1, by="nation")
    years: int = count("受給期間", unit="年", by="nation")
    years_qualified: int = count("要件該当からの期間", unit="年", by="nation")
    infant_age: int = count("期間を別に数える児童の年齢（未満）", unit="歳", by="nation")
    stopped_share: Rate = rate("期間経過後の支給停止の割合", by="nation")
    stopped_unit: int = yen("期間経過後の支給停止額の端数単位", minimum=1, by="nation")


@provision(title="公的年金等との調整")
class PensionAdjustment:
    """Which pensions are set against the allowance, and to what their sum is rounded, half up."""

    unit: int = yen("公的年金等合算額の端数単位", minimum=1, by="nation")
    disability: bool = flag("障害基礎年金等を子の加算以外も調整する", by="nation")


@result(title="児童扶養手当の対象児童")
class ChildRearingChild:
    """Whether a child counts, and what the years of receipt are counted from.

    Attributes:
        counts: whether the child counts in the month.
        receipt_from: first day from which five years run: of the month after the claim, or of that after the child
            attained three, where it was below three when claimed for.
        infant: whether it was below three when claimed for.
    """

    counts: bool = flag("支給対象", en="counts")
    receipt_from: date = day("5年の起算日", en="five years from")
    infant: bool = flag("請求日に3歳未満", en="below three at the claim")


@result(title="児童扶養手当")
class ChildRearingAllowance:
    """What is paid in the month.

    Attributes:
        children: children who count.
        standing: what the incomes leave.
        full_amount: the amount with nothing stopped.
        stopped_by_income: what the incomes stop.
        set_off: what public pensions take.
        stopped_after_years: what is stopped after five years of receipt.
        amount: yen for the month.
    """

    children: int = count("対象児童数", en="children", unit="人")
    standing: RearingStanding = choice("所得の判定", en="standing")
    full_amount: Yen = yen("全部支給の額", en="full amount")
    stopped_by_income: Yen = yen("所得による支給停止額", en="stopped by income")
    set_off: Yen = yen("公的年金等との調整額", en="set off against pensions")
    stopped_after_years: Yen = yen("5年等経過による支給停止額", en="stopped after years of receipt")
    amount: Yen = yen("支給月額", en="amount of the month")


child_rearing_children = MemberDecision(
    "welfare.child_rearing_allowance.children",
    Household,
    ChildRearingChild,
    member=Resident,
    who="concerned",
    title="児童扶養手当の対象児童",
    on="支給対象月の日（その月の末日がよい）",
    authority="都道府県知事・市長・福祉事務所を管理する町村長",
    law="児童扶養手当法第3条・第4条・第7条",
)

child_rearing_allowance = Decision(
    "welfare.child_rearing_allowance",
    Household,
    ChildRearingAllowance,
    title="児童扶養手当",
    on="支給対象月の日（その月の末日がよい）",
    authority="都道府県知事・市長・福祉事務所を管理する町村長",
    law="児童扶養手当法第4条・第5条",
)


@child_rearing_children.rule(title="受給者", law="児童扶養手当法第4条", minor=True)
@child_rearing_allowance.rule(title="受給者", law="児童扶養手当法第4条", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month."""
    return recipients_of(household, roles, on)


@child_rearing_children.rule(title="児童となりうる者", law="児童扶養手当法第3条第1項", minor=True)
def concerned(child: Resident, recipients: tuple[Recipient, ...], terms: ChildRearingTerms, on: date) -> bool:
    """Whether a member other than the recipient is, by age, a child if disabled."""
    recipient = recipient_for(recipients, child.id)
    return (
        recipient.id != child.id
        and not recipient.institution
        and (
            month_of(on) <= age_month(child.born_on, terms.disabled_age)
            or child.born_on >= born_from(on, terms.school_age, AgeEnd.SCHOOL_YEAR)
        )
    )


@child_rearing_children.rule(title="支給対象", law="児童扶養手当法第3条第1項・第7条・第8条")
def counts(
    child: Resident,
    claim: ChildRearingClaim | None,
    recipients: tuple[Recipient, ...],
    terms: ChildRearingTerms,
    on: date,
) -> bool:
    """Whether the month lies between the one after the claim and that in which the right ends, by age or otherwise."""
    recipient = recipient_for(recipients, child.id)
    if claim is None or recipient.id == "":
        return False
    month = month_of(on)
    if month < first_month(claim.claimed_on, claim.prevented_on, claim.able_on, None, terms.days):
        return False
    if not claim.disabled and child.born_on < born_from(on, terms.school_age, AgeEnd.SCHOOL_YEAR):
        return False
    if claim.ended_on is not None and month > month_of(claim.ended_on):
        return False
    if child.died_on is not None and month > month_of(child.died_on):
        return False
    return not has_left(recipient, month)


@child_rearing_children.rule(title="請求日に3歳未満", law="児童扶養手当法第13条の3第1項", minor=True)
def infant(child: Resident, claim: ChildRearingClaim | None, terms: ChildRearingTerms) -> bool:
    """Whether the child was below three on the day of the claim; an age is attained on the day before the birthday."""
    return claim is not None and age_on(child.born_on, claim.claimed_on, Attained.DAY_BEFORE) < terms.infant_age


@child_rearing_children.rule(title="5年の起算日", law="児童扶養手当法第13条の3第1項", minor=True)
def receipt_from(
    child: Resident,
    claim: ChildRearingClaim | None,
    infant: bool,
    terms: ChildRearingTerms,
    on: date,
) -> date:
    """The first day from which five years run for the child; the month itself where nothing was claimed."""
    if claim is None:
        return day_of_month(month_of(on))
    if infant:
        return day_of_month(age_month(child.born_on, terms.infant_age) + 1)
    return day_of_month(first_month(claim.claimed_on, claim.prevented_on, claim.able_on, None, terms.days))


@child_rearing_allowance.rule(title="対象児童数", law="児童扶養手当法第5条")
def children(each: Each[ChildRearingChild]) -> int:
    """How many children count."""
    return sum([1 if child.counts else 0 for child in each])


@child_rearing_allowance.rule(title="所得の判定", law="児童扶養手当法第9条・第10条・第11条")
def standing(tested: Each[ChildRearingIncome]) -> RearingStanding:
    """The least that anybody's income leaves."""
    least = RearingStanding.FULL
    for income in tested:
        least = max(least, income.standing)
    return least


@child_rearing_allowance.rule(title="全部支給の額", law="児童扶養手当法第5条、施行令第2条の2")
def full_amount(children: int, rates: ChildRearingRates) -> Yen:
    """The base with the additions for the second and each further child."""
    return by_child(children, rates.first, rates.second, rates.third)


@child_rearing_allowance.rule(title="所得による支給停止額", law="児童扶養手当法第9条、施行令第2条の4")
def stopped_by_income(
    children: int,
    standing: RearingStanding,
    full_amount: Yen,
    tested: Each[ChildRearingIncome],
    by: ChildRearingCoefficients,
    terms: ChildRearingTerms,
) -> Yen:
    """All; or of the base and each addition, the income above the limit times its coefficient, rounded, and ten yen more."""
    if standing == RearingStanding.FULL:
        return 0
    if standing == RearingStanding.NONE:
        return full_amount
    above = 0
    for income in tested:
        if income.standing == RearingStanding.PARTIAL:
            above = income.income - income.full_limit
    unit = terms.stop_unit
    return by_child(
        children,
        of(above, by.first, half_up=unit) + unit,
        of(above, by.second, half_up=unit) + unit,
        of(above, by.third, half_up=unit) + unit,
    )


@child_rearing_allowance.rule(title="公的年金等との調整額", law="児童扶養手当法第13条の2、施行令第6条の3")
def set_off(
    full_amount: Yen, stopped_by_income: Yen, pensions: PublicPensions | None, adjustment: PensionAdjustment
) -> Yen:
    """The pensions to ten yen, as far as the allowance reaches; only what exceeds them is paid."""
    if pensions is None:
        return 0
    against = pensions.other + pensions.child_addition
    if adjustment.disability:
        against += pensions.disability
    return min(half_up_to(against, adjustment.unit), full_amount - stopped_by_income)


@child_rearing_allowance.rule(title="一部支給停止の始まる月", law="児童扶養手当法第13条の3第1項")
def reduced_from(
    each: Each[ChildRearingChild], history: ReceiptHistory | None, terms: ChildRearingTerms, on: date
) -> date:
    """The month after that in which five years of receipt, or seven since the ground arose, have passed."""
    first = month_of(on) if history is None else month_of(history.first_month)
    infants = 0
    for child in each:
        if child.counts and child.infant:
            infants = max(infants, month_of(child.receipt_from))
        elif child.counts and history is None:
            first = min(first, month_of(child.receipt_from))
    if infants > 0:
        return day_of_month(infants + terms.years * 12)
    last = first + terms.years * 12
    if history is not None and history.qualified_on is not None:
        last = min(last, month_of(history.qualified_on) + terms.years_qualified * 12)
    return day_of_month(last)


@child_rearing_allowance.rule(title="5年等経過による支給停止額", law="児童扶養手当法第13条の3、施行令第7条")
def stopped_after_years(
    recipients: tuple[Recipient, ...],
    full_amount: Yen,
    stopped_by_income: Yen,
    set_off: Yen,
    reduced_from: date,
    history: ReceiptHistory | None,
    terms: ChildRearingTerms,
    on: date,
) -> Yen:
    """Half of what would be paid, but not more than half of what was due when the years had passed; never from a keeper."""
    if month_of(on) < month_of(reduced_from) or (history is not None and history.exempt):
        return 0
    for recipient in recipients:
        if recipient.capacity == Capacity.KEEPER:
            return 0
    paid = full_amount - stopped_by_income - set_off
    if history is not None and history.payable_then is not None:
        paid = min(paid, history.payable_then)
    return of(paid, terms.stopped_share, floor=terms.stopped_unit)


@child_rearing_allowance.rule(title="支給月額", law="児童扶養手当法第5条")
def amount(full_amount: Yen, stopped_by_income: Yen, set_off: Yen, stopped_after_years: Yen) -> Yen:
    """What is left."""
    return full_amount - stopped_by_income - set_off - stopped_after_years


def by_child(children: int, first: int, second: int, third: int) -> int:
    """Return a base and the additions for the second and each further child."""
    if children == 0:
        return 0
    return first + (second if children > 1 else 0) + max(children - 2, 0) * third


child_rearing_allowance.holds(
    parts_sum("full_amount", ["stopped_by_income", "set_off", "stopped_after_years", "amount"]),
    monotone("amount", by="Income.comprehensive_income", falling=True),
    monotone("amount", by="PublicPensions.other", falling=True),
)
child_rearing_children.holds(monotone("counts", by="ChildRearingClaim.disabled"))
