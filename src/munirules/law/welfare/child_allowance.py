"""児童手当・職員児童手当 (業務44・45): what is paid for each child in a month, and to whom.

Law: 児童手当法 (昭和46年法律第73号) 第3条から第9条まで, 附則第2条 (特例給付, to 2024-09), and as amended by 令和6年法律第47号 第12条.
Public servants are paid by their employer by the same rules (第17条). The recipient's income, which counted for months
from 2012-06 to 2024-09, is tested in `child_allowance_income`; foster parents, facilities and corporations as guardians
stand in `child_allowance_facility`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from munirules.engine.decision import MemberDecision
from munirules.engine.parts import Each, Place
from munirules.law.welfare.child_allowance_income import ChildAllowanceIncome, Entitlement
from munirules.law.welfare.months import NEVER, birthday_month, first_month, month_of, school_year_end
from munirules.law.welfare.recipients import NOBODY_ID, Recipient, recipient_for, recipients_of
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import code, count, day, flag, rows, yen
from munirules.models.household import Household, Roles
from munirules.models.resident import Resident
from munirules.money import Yen
from munirules.tape import applied


@facts(title="児童手当の請求", about=Resident)
class ChildAllowanceClaim:
    """What was claimed for a child; none for a member for whom nothing is claimed, who then does not count either.

    For a child past school age who only counts for the order, the claim is the 確認書 (監護相当・生計費の負担).

    Attributes:
        claimed_on: day of the claim (認定請求, 額改定請求) that names the child.
        event_on: day of the birth or of the move (転出予定日), or on which something that could not be helped began to
            prevent the claim; None where the fifteen days do not matter.
        able_on: day on which that ended.
        due: last day to claim, where closing days put off the fifteenth day (`claim_due` gives it).
        reform: whether it was the reform of 2024-10 that first gave a right, or a higher amount, for this child.
        ended_on: day on which the care, or the right, ended otherwise than by age, a move of the recipient or a death.
        birth_order: order among children born on one day (twins).
    """

    claimed_on: date = day("請求日", en="claimed on")
    event_on: date | None = day("出生・転出予定等の日", en="day of the event", default=None)
    able_on: date | None = day("やむを得ない理由がやんだ日", en="able to claim since", default=None)
    due: date | None = day("請求期限", en="last day to claim", default=None)
    reform: bool = flag("令和6年10月改正による請求", en="by the reform of 2024-10", default=False)
    ended_on: date | None = day("支給事由の消滅日", en="ended on", default=None)
    birth_order: int = count("同日に生まれた児童の順", en="order among twins", default=0)

    def invariants(self) -> Iterator[str]:
        """What of a claim cannot be together."""
        if self.able_on is not None and (self.event_on is None or self.able_on < self.event_on):
            yield f"able_on (やむを得ない理由がやんだ日): {self.able_on}, but event_on is {self.event_on}; it ends after it began"
        if self.due is not None and self.event_on is None:
            yield "event_on (出生・転出予定等の日): missing, but due is given"


@row(title="支給額")
class AgeBand:
    """Amounts up to an age: through the month of the birthday, or to the end of the school year in which it is attained."""

    until_age: int = count("年齢（以下）", unit="歳")
    ends: str = code("年齢の終期", options=("birthday_month", "school_year"))
    first: int = yen("第1子・第2子")
    third: int = yen("第3子以降")


@provision(title="児童手当の額")
class ChildAllowanceRates:
    """Amounts a month by age and order, and up to which age a child counts for the order."""

    bands: tuple[AgeBand, ...] = rows("支給額表", ascending="until_age", by="nation")
    counted_to_age: int = count("子を数える年齢（年度末まで）", unit="歳", by="nation")
    third_from: int = count("第3子以降の額となる順", by="nation")


@provision(title="特例給付の額")
class SpecialPayment:
    """What is paid for each child where the recipient's income is at the limit or above it (附則第2条)."""

    each: int = yen("特例給付", by="nation")


@provision(title="児童手当の請求と支給の始期")
class ChildAllowanceClaims:
    """From which month a claim counts.

    For who got a right by a reform, a claim up to `reform_until` counts from the month of `reform_on`.
    """

    days: int = count("請求期間", unit="日", by="nation")
    reform_on: date | None = day("改正の施行日", by="nation", default=None)
    reform_until: date | None = day("改正による請求の期限", by="nation", default=None)


@result(title="児童手当")
class ChildAllowance:
    """What is paid for one child in the month.

    Attributes:
        recipient: id of the member or party who receives.
        order: place among the recipient's children by age, 1 for the eldest; 0 in a month in which the child does not count.
        amount: yen for the month.
    """

    recipient: str = code("受給者", en="recipient")
    order: int = count("第何子", en="order")
    amount: Yen = yen("支給月額", en="amount of the month")


child_allowance = MemberDecision(
    "welfare.child_allowance",
    Household,
    ChildAllowance,
    member=Resident,
    who="concerned",
    title="児童手当",
    on="支給対象月の日（その月の末日がよい）",
    authority="市町村長（公務員は所属庁の長）",
    law="児童手当法第4条・第6条",
)


class Line(NamedTuple):
    """Where a child stands among the recipient's children: those born earlier come first."""

    recipient: str
    counts: bool
    born_on: date
    birth_order: int
    place: int


@child_allowance.rule(title="受給者", law="児童手当法第4条・第7条")
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month."""
    return recipients_of(household, roles, on)


@child_allowance.rule(
    "means",
    title="所得による区分",
    since=date(2012, 6, 1),
    until=date(2024, 9, 30),
    law="児童手当法第5条・附則第2条",
)
def tested_means(recipients: tuple[Recipient, ...], tested: Each[ChildAllowanceIncome]) -> tuple[Means, ...]:
    """What each recipient's income leaves: the allowance, the special payment, or nothing."""
    return tuple([Means(income.member, income.entitlement) for income in tested])


