"""特別障害者手当・障害児福祉手当・経過的福祉手当 (業務56): what a person with a severe disability is paid in a month.

Law: 特別児童扶養手当等の支給に関する法律 (昭和39年法律第134号) 第17条から第26条の5まで; 昭和60年法律第34号 附則第97条 (経過的福祉手当); the
施行令 (昭和50年政令第207号) 第7条から第10条の2まで. The person's own income stops the allowance above the limit (超える, 第20条), that of the
spouse or of a supporter at it and above (以上, 第21条).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.engine.decision import Decision, MemberDecision
from munirules.engine.parts import Each
from munirules.law.welfare.income import Obligors, income_year, is_obligor
from munirules.law.welfare.limits import ObligorLimits, RecipientLimits, obligor_limit, recipient_limit
from munirules.law.welfare.months import age_month, first_month, month_of
from munirules.law.welfare.recipients import Recipient, has_left, recipients_of
from munirules.models.declare import facts, provision, result
from munirules.models.fields import code, count, day, flag, yen
from munirules.models.household import Household, Roles
from munirules.models.resident import Resident
from munirules.models.years import of_year
from munirules.money import Yen

LAW = "特別児童扶養手当等の支給に関する法律"


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


@facts(title="所得制限に用いる所得", about=Resident)
class CountedIncome:
    """A person's income of a year after the deductions of the order (施行令第8条), as who decides has computed it.

    The text of those deductions could not be read, so that the amount is asked for.

    Attributes:
        year: calendar year in which it was earned.
        amount: income after deductions.
        dependants: 扶養親族等, the spouse included, and children maintained who are none.
        old_dependants: of them, 老人扶養親族.
        old_spouse: whether the spouse among them is 70 or older.
        young_dependants: of them, 特定扶養親族 and dependants from 16 to 18.
    """

    year: int = count("所得の年", en="year of income", unit="年", minimum=1950, maximum=9999)
    amount: int = yen("控除後の所得", en="income after deductions")
    dependants: int = count("扶養親族等の数", en="dependants", unit="人", default=0)
    old_dependants: int = count("老人扶養親族の数", en="old dependants", unit="人", default=0)
    old_spouse: bool = flag("70歳以上の同一生計配偶者", en="spouse of 70 or older", default=False)
    young_dependants: int = count("特定扶養親族等の数", en="dependants from 16 to 22", unit="人", default=0)

    def invariants(self) -> Iterator[str]:
        """Parts are not more than the whole."""
        part = self.old_dependants + self.young_dependants + (1 if self.old_spouse else 0)
        if part > self.dependants:
            yield f"dependants (扶養親族等の数): {self.dependants}, but {part} of them are named"


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


@provision(title="特別障害者手当等の支給の要件")
class DisabilityTerms:
    """Ages and days of the Act."""

    age: int = count("障害児福祉手当の年齢（未満）・特別障害者手当の年齢（以上）", unit="歳", by="nation")
    days: int = count("やむを得ない理由がやんだ後の請求期間", unit="日", by="nation")
    first_month: int = count("所得の年を改める月", minimum=1, maximum=12, by="nation")


@provision(title="特別障害者手当等の受給者の所得制限限度額")
class DisabilityRecipientLimits(RecipientLimits):
    """The person's own limit (施行令第7条)."""


@provision(title="特別障害者手当等の配偶者・扶養義務者の所得制限限度額")
class DisabilityObligorLimits(ObligorLimits):
    """The limit of the spouse and of supporters."""


@result(title="特別障害者手当等の所得判定")
class DisabilityIncome:
    """What one person's income leaves.

    Attributes:
        member: whose.
        year: year of the income.
        income: income after deductions.
        limit: the limit.
        stopped: whether it stops the allowance.
    """

    member: str = code("所得を見る者", en="whose")
    year: int = count("所得の年", en="year of income", unit="年")
    income: Yen = yen("控除後の所得", en="income after deductions")
    limit: Yen = yen("限度額", en="limit")
    stopped: bool = flag("支給停止", en="stopped")


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

disability_income = MemberDecision(
    "welfare.disability_allowances.income",
    Household,
    DisabilityIncome,
    member=Resident,
    who="tested",
    title="特別障害者手当等の所得判定",
    on="支給対象月の日",
    authority=AUTHORITY,
    law=f"{LAW}第20条・第21条・第26条の5",
)
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


@disability_income.rule(title="受給資格者", minor=True)
@special_disability_allowance.rule(title="受給資格者", minor=True)
@disabled_child_allowance.rule(title="受給資格者", minor=True)
@transitional_allowance.rule(title="受給資格者", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month: the person with the disability."""
    return recipients_of(household, roles, on)


@disability_income.rule(title="受給者本人か", minor=True)
def own(person: Resident, recipients: tuple[Recipient, ...]) -> bool:
    """Whether the member is the recipient."""
    for recipient in recipients:
        if recipient.id == person.id:
            return True
    return False


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


@disability_income.rule(title="控除後の所得", law=f"{LAW}施行令第8条")
def income(person: Resident, counted: CountedIncome, year: int) -> Yen:
    """The income that the limit is compared with."""
    return of_year(counted, year, person.id).amount


@disability_income.rule(title="限度額", law=f"{LAW}施行令第7条")
def limit(
    own: bool,
    counted: CountedIncome,
    recipient: DisabilityRecipientLimits,
    obligor: DisabilityObligorLimits,
) -> Yen:
    """The limit with the person's dependants."""
    number, old = counted.dependants, counted.old_dependants
    if not own:
        return obligor_limit(obligor, number, old - 1 if old > 0 and old == number else old)
    return recipient_limit(recipient, number, old + (1 if counted.old_spouse else 0), counted.young_dependants)


@disability_income.rule(title="支給停止", law=f"{LAW}第20条（超える）・第21条（以上）")
def stopped(own: bool, income: Yen, limit: Yen) -> bool:
    """Whether the income stops the allowance: the person's own above the limit, another's at it too."""
    return income > limit if own else income >= limit


@special_disability_allowance.rule(title="受給資格", law=f"{LAW}第26条の2・第26条の5")
def entitled(
    household: Household,
    recipients: tuple[Recipient, ...],
    claim: DisabilityAllowanceClaim,
    found: SevereDisability,
    terms: DisabilityTerms,
    on: date,
) -> bool:
    """Whether an adult with the degree of 特別障害者 claimed, and the right has not ended."""
    return (
        found.special
        and in_period(household, recipients, claim, terms, on)
        and not below(household, recipients, terms, on)
    )


@disabled_child_allowance.rule("entitled", title="受給資格", law=f"{LAW}第17条・第19条の2")
def child_entitled(
    household: Household,
    recipients: tuple[Recipient, ...],
    claim: DisabilityAllowanceClaim,
    found: SevereDisability,
    terms: DisabilityTerms,
    on: date,
) -> bool:
    """Whether somebody below the age with the degree of 重度障害児 claimed, has no pension for it, and the right has not ended."""
    entitled = found.child and not claim.pension and in_period(household, recipients, claim, terms, on)
    return entitled and below(household, recipients, terms, on)


@transitional_allowance.rule("entitled", title="受給資格", law="昭和60年法律第34号附則第97条")
def transitional_entitled(
    household: Household,
    recipients: tuple[Recipient, ...],
    claim: DisabilityAllowanceClaim,
    found: SevereDisability,
    terms: DisabilityTerms,
    on: date,
) -> bool:
    """Whether the transitional rule covers the person, and the right has not ended."""
    return found.transitional and in_period(household, recipients, claim, terms, on)


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


def in_period(
    household: Household,
    recipients: tuple[Recipient, ...],
    claim: DisabilityAllowanceClaim,
    terms: DisabilityTerms,
    on: date,
) -> bool:
    """Whether somebody receives, and the month lies between the one after the claim and that in which the right ends."""
    month = month_of(on)
    if len(recipients) == 0 or has_left(recipients[0], month):
        return False
    if month < first_month(claim.claimed_on, claim.prevented_on, claim.able_on, None, terms.days):
        return False
    return claim.ended_on is None or month <= month_of(claim.ended_on)


def below(household: Household, recipients: tuple[Recipient, ...], terms: DisabilityTerms, on: date) -> bool:
    """Whether the month is not past that in which the recipient attains the age."""
    for member in household.members:
        if member.id == recipients[0].id:
            return month_of(on) <= age_month(member.born_on, terms.age)
    return False
