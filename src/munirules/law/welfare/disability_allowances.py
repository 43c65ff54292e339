"""特別障害者手当・障害児福祉手当・経過的福祉手当 (業務56): what a person with a severe disability is paid in a month.

Law: 特別児童扶養手当等の支給に関する法律 (昭和39年法律第134号) 第17条から第26条の5まで; 昭和60年法律第34号 附則第97条 (経過的福祉手当); the
施行令 (昭和50年政令第207号) 第9条の2, 第10条の2. Whose income leaves what is found in `disability_allowances_income`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.engine.decision import Decision
from munirules.engine.holds import figure, never_above, zero_below
from munirules.engine.parts import Each
from munirules.law.welfare.disability_allowances_income import LAW, DisabilityIncome, DisabilityTerms
from munirules.law.welfare.months import age_month, first_month, month_of
from munirules.law.welfare.recipients import Recipient, has_left, recipients_of
from munirules.models.declare import facts, provision, result
from munirules.models.fields import day, flag, yen
from munirules.models.household import Household, Roles
from munirules.money import Yen


@facts(title="特別障害者手当等の請求")
class DisabilityAllowanceClaim:
    """What the recipient claimed.

    Attributes:
        claimed_on: day of the claim.
        prevented_on: day on which a disaster or the like began to prevent the claim; None for none.
        able_on: day on which that ended.
        ended_on: day on which the right ended otherwise than by age, a move or death: entry into an institution, and for
            特別障害者手当 the day on which a stay in hospital passed three months.
        pension: for 障害児福祉手当, whether a pension for the disability can be received.
    """

    claimed_on: date = day("請求日", en="claimed on")
    prevented_on: date | None = day("請求できなくなった日", en="prevented since", default=None)
    able_on: date | None = day("やむを得ない理由がやんだ日", en="able to claim since", default=None)
    ended_on: date | None = day("支給事由の消滅日", en="ended on", default=None)
    pension: bool = flag("障害を支給事由とする給付", en="pension for the disability", default=False)

    def invariants(self) -> Iterator[str]:
        """What of a claim cannot be together."""
        if (self.prevented_on is None) != (self.able_on is None):
            yield "able_on (やむを得ない理由がやんだ日) and prevented_on (請求できなくなった日): one is missing; give both or none"


@facts(
    title="障害の程度の認定（特別障害者手当等）",
    found_by="都道府県知事・市長・福祉事務所を管理する町村長（施行令別表による）",
)
class SevereDisability:
    """Which degree the recipient's disability has.

    Attributes:
        special: 著しく重度で、日常生活において常時特別の介護を要する (特別障害者).
        child: 重度で、日常生活において常時の介護を要する (重度障害児).
        transitional: a recipient of 福祉手当 on 1986-03-31 whom the transitional rule covers.
    """

    special: bool = flag("特別障害者", en="special", default=False)
    child: bool = flag("重度障害児", en="severe, of a child", default=False)
    transitional: bool = flag("経過措置の対象", en="transitional", default=False)


@provision(title="特別障害者手当の額")
class SpecialDisabilityRate:
    """Amount a month of 特別障害者手当."""

    special: int = yen("特別障害者手当", by="nation")


@provision(title="障害児福祉手当の額")
class DisabledChildRate:
    """Amount a month of 障害児福祉手当."""

    child: int = yen("障害児福祉手当", by="nation")


@provision(title="経過的福祉手当の額")
class TransitionalRate:
    """Amount a month of 経過的福祉手当."""

    transitional: int = yen("経過的福祉手当", by="nation")


@result(title="特別障害者手当等")
class DisabilityAllowance:
    """What is paid in the month.

    Attributes:
        entitled: whether the month is in the period of the right.
        stopped: whether somebody's income stops the allowance.
        amount: yen for the month.
    """

    entitled: bool = flag("受給資格", en="entitled")
    stopped: bool = flag("所得による支給停止", en="stopped by income")
    amount: Yen = yen("支給月額", en="amount of the month")


@result(title="特別障害者手当")
class SpecialDisabilityAllowance(DisabilityAllowance):
    """What 特別障害者手当 pays."""


@result(title="障害児福祉手当")
class DisabledChildAllowance(DisabilityAllowance):
    """What 障害児福祉手当 pays."""


@result(title="経過的福祉手当")
class TransitionalAllowance(DisabilityAllowance):
    """What 経過的福祉手当 pays."""


AUTHORITY = "都道府県知事・市長・福祉事務所を管理する町村長"
ON = "支給対象月の日（その月の末日がよい）"

special_disability_allowance = Decision(
    "welfare.disability_allowances.special",
    Household,
    SpecialDisabilityAllowance,
    title="特別障害者手当",
    on=ON,
    authority=AUTHORITY,
    law=f"{LAW}第26条の2・第26条の3",
)
disabled_child_allowance = Decision(
    "welfare.disability_allowances.child",
    Household,
    DisabledChildAllowance,
    title="障害児福祉手当",
    on=ON,
    authority=AUTHORITY,
    law=f"{LAW}第17条・第18条",
)
transitional_allowance = Decision(
    "welfare.disability_allowances.transitional",
    Household,
    TransitionalAllowance,
    title="経過的福祉手当",
    on=ON,
    authority=AUTHORITY,
    law="昭和60年法律第34号附則第97条",
)


@special_disability_allowance.rule(title="受給資格者", minor=True)
@disabled_child_allowance.rule(title="受給資格者", minor=True)
@transitional_allowance.rule(title="受給資格者", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month: the person with the disability."""
    return recipients_of(household, roles, on)


@special_disability_allowance.rule(title="支給期間", minor=True)
@disabled_child_allowance.rule(title="支給期間", minor=True)
@transitional_allowance.rule(title="支給期間", minor=True)
def in_period(
    recipients: tuple[Recipient, ...], claim: DisabilityAllowanceClaim, terms: DisabilityTerms, on: date
) -> bool:
    """Whether somebody receives, and the month lies between the one after the claim and that in which the right ends."""
    month = month_of(on)
    if len(recipients) == 0 or has_left(recipients[0], month):
        return False
    if month < first_month(claim.claimed_on, claim.prevented_on, claim.able_on, None, terms.days):
        return False
    return claim.ended_on is None or month <= month_of(claim.ended_on)


@special_disability_allowance.rule(title="年齢に達していないか", minor=True)
@disabled_child_allowance.rule(title="年齢に達していないか", minor=True)
def below(household: Household, recipients: tuple[Recipient, ...], terms: DisabilityTerms, on: date) -> bool:
    """Whether the month is not past that in which the recipient attains the age."""
    for member in household.members:
        if len(recipients) > 0 and member.id == recipients[0].id:
            return month_of(on) <= age_month(member.born_on, terms.age)
    return False


@special_disability_allowance.rule(title="受給資格", law=f"{LAW}第26条の2・第26条の5")
def entitled(found: SevereDisability, in_period: bool, below: bool) -> bool:
    """Whether an adult with the degree of 特別障害者 claimed, and the right has not ended."""
    return found.special and in_period and not below


@disabled_child_allowance.rule("entitled", title="受給資格", law=f"{LAW}第17条・第19条の2")
def child_entitled(found: SevereDisability, claim: DisabilityAllowanceClaim, in_period: bool, below: bool) -> bool:
    """Whether somebody below the age with the degree of 重度障害児 claimed, has no pension for it, and the right has not ended."""
    return found.child and not claim.pension and in_period and below


@transitional_allowance.rule("entitled", title="受給資格", law="昭和60年法律第34号附則第97条")
def transitional_entitled(found: SevereDisability, in_period: bool) -> bool:
    """Whether the transitional rule covers the person, and the right has not ended."""
    return found.transitional and in_period


@special_disability_allowance.rule("stopped", title="所得による支給停止", law=f"{LAW}第20条・第21条")
@disabled_child_allowance.rule("stopped", title="所得による支給停止", law=f"{LAW}第20条・第21条")
@transitional_allowance.rule("stopped", title="所得による支給停止", law=f"{LAW}第20条・第21条")
def stopped_by_income(incomes: Each[DisabilityIncome]) -> bool:
    """Whether the income of the person, the spouse or a supporter stops the allowance."""
    for income in incomes:
        if income.stopped:
            return True
    return False


@special_disability_allowance.rule(title="支給月額", law=f"{LAW}第26条の3、施行令第10条の2")
def amount(entitled: bool, stopped: bool, rate: SpecialDisabilityRate) -> Yen:
    """The amount of the year."""
    return rate.special if entitled and not stopped else 0


@disabled_child_allowance.rule("amount", title="支給月額", law=f"{LAW}第18条、施行令第9条の2")
def child_amount(entitled: bool, stopped: bool, rate: DisabledChildRate) -> Yen:
    """The amount of the year."""
    return rate.child if entitled and not stopped else 0


@transitional_allowance.rule("amount", title="支給月額", law="昭和60年法律第34号附則第97条")
def transitional_amount(entitled: bool, stopped: bool, rate: TransitionalRate) -> Yen:
    """The amount of the year."""
    return rate.transitional if entitled and not stopped else 0


special_disability_allowance.holds(
    zero_below("amount", by="entitled", under=1),
    never_above("amount", 0, when={"stopped": True}),
    never_above("amount", figure(SpecialDisabilityRate, "special")),
)
disabled_child_allowance.holds(
    zero_below("amount", by="entitled", under=1),
    never_above("amount", 0, when={"stopped": True}),
    never_above("amount", figure(DisabledChildRate, "child")),
)
transitional_allowance.holds(
    zero_below("amount", by="entitled", under=1),
    never_above("amount", 0, when={"stopped": True}),
    never_above("amount", figure(TransitionalRate, "transitional")),
)
