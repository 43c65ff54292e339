"""児童手当・職員児童手当 (業務44・45): what is paid for each child in a month, and to whom.

Law: 児童手当法 (昭和46年法律第73号) 第3条から第9条まで, 附則第2条 (特例給付, to 2024-09), and as amended by 令和6年法律第47号 第12条.
Public servants are paid by their employer by the same rules (第17条). The recipient's income, which counted for months
from 2012-06 to 2024-09, is tested in `child_allowance_income`; foster parents, facilities and corporations as guardians
stand in `child_allowance_facility`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from munirules.calendar.civil import to_day_number
from munirules.engine.decision import MemberDecision, refuse
from munirules.engine.holds import figure, never_above, zero_below
from munirules.engine.parts import Each, Place
from munirules.law.welfare.child_allowance_income import ChildAllowanceIncome, Entitlement
from munirules.law.welfare.months import AgeEnd, born_from, first_month, month_of
from munirules.law.welfare.recipients import NOBODY_ID, Recipient, has_left, recipient_for, recipients_of, with_standing
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, day, flag, rows, yen
from munirules.models.household import Household, Roles
from munirules.models.resident import Resident
from munirules.money import Yen
from munirules.tape import applied

if TYPE_CHECKING:
    from munirules.calendar import ClosingDays

UNTESTED = -1
"""Standing of a recipient whose income is not known here."""

UNRANKED = -1
"""Rank of a child that does not count in the month."""

GROUP = 2**40
"""Ranks of one recipient's children lie within one multiple of it."""


@facts(title="児童手当の請求", about=Resident)
class ChildAllowanceClaim:
    """What was claimed for a child; none for a member for whom nothing is claimed, who then does not count either.

    For a child past school age who only counts for the order, the claim is the 確認書 (監護相当・生計費の負担).

    Attributes:
        claimed_on: day of the claim (認定請求, 額改定請求) that names the child.
        event_on: day of the birth, of the move (転出予定日), of becoming or ceasing to be a public servant (another pays
            then), or on which something that could not be helped began to prevent the claim; None where the fifteen
            days do not matter.
        able_on: day on which that ended.
        due: last day to claim, where closing days put off the fifteenth day (`claim_due` gives it).
        reform: whether it was the reform of 2024-10 that first gave a right, or a higher amount, for this child, and the
            claim came within the time that the reform allows (to 2025-03-31, as municipalities announced), so that it
            counts from the month of the reform.
        ended_on: day on which the care, or the right, ended otherwise than by age, a move of the recipient or a death.
        birth_order: order among children born on one day (twins).
    """

    claimed_on: date = day("請求日", en="claimed on")
    event_on: date | None = day("出生・転出予定等の日", en="day of the event", default=None)
    able_on: date | None = day("やむを得ない理由がやんだ日", en="able to claim since", default=None)
    due: date | None = day("請求期限", en="last day to claim", default=None)
    reform: bool = flag("令和6年10月改正による請求", en="by the reform of 2024-10", default=False)
    ended_on: date | None = day("支給事由の消滅日", en="ended on", default=None)
    birth_order: int = count("同日に生まれた児童の順", en="order among twins", maximum=9, default=0)

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
    ends: AgeEnd = choice("年齢の終期")
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
    """From which month a claim counts: within how many days of an event, and since when the last reform gives rights."""

    days: int = count("請求期間", unit="日", by="nation")
    reform_on: date | None = day("改正の施行日", by="nation", default=None)


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


@child_allowance.rule(title="受給者", law="児童手当法第4条・第7条", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month."""
    return recipients_of(household, roles, on)


@child_allowance.rule(
    "recipients",
    title="受給者と所得による区分",
    since=date(2012, 6, 1),
    until=date(2024, 9, 30),
    law="児童手当法第4条・第5条・附則第2条",
)
def tested_recipients(
    household: Household, roles: Roles, tested: Each[ChildAllowanceIncome], on: date
) -> tuple[Recipient, ...]:
    """Who receives in the month, and what the recipient's income leaves."""
    found: list[Recipient] = []
    for recipient in recipients_of(household, roles, on):
        standing = UNTESTED
        for income in tested:
            if income.member == recipient.id:
                standing = income.entitlement
        found.append(with_standing(recipient, standing))
    return tuple(found)


@child_allowance.rule(title="支給対象月", minor=True)
def month(on: date) -> int:
    """The month as a number."""
    return month_of(on)


@child_allowance.rule(title="年齢区分ごとの出生日の下限", law="児童手当法第3条・第6条第1項")
def born_since(rates: ChildAllowanceRates, on: date) -> tuple[date, ...]:
    """From which day of birth a child is in each band of ages this month; last, from which it counts at all.

    「三歳に満たない児童」: a child not born on the first of a month attains three in the month of the birthday, and the lower
    amount is paid from the next month (第9条第3項). A child born on the first would attain it on the last day of the month
    before; for it the Act counts three years from the day of birth itself (第6条第2項第4号・第5号; to 2024-09 第1項第1号イ). So both are
    below three through the month of the birthday.
    """
    found = [born_from(on, band.until_age, band.ends) for band in rates.bands]
    found.append(born_from(on, rates.counted_to_age, AgeEnd.SCHOOL_YEAR))
    return tuple(found)


@child_allowance.rule(title="対象の子", law="児童手当法第3条・第6条", minor=True)
def concerned(child: Resident, recipients: tuple[Recipient, ...], born_since: tuple[date, ...]) -> bool:
    """Whether a member is, by age, a child whose recipient is a person other than the member."""
    if child.born_on < born_since[len(born_since) - 1]:
        return False
    recipient = recipient_for(recipients, child.id)
    return recipient.id != NOBODY_ID and recipient.id != child.id and not recipient.institution


@child_allowance.rule(title="受給者", law="児童手当法第4条")
def recipient(child: Resident, recipients: tuple[Recipient, ...]) -> str:
    """Who receives for the child."""
    return recipient_for(recipients, child.id).id


@child_allowance.rule(title="支給期間", law="児童手当法第8条第2項・第3項、第9条")
def in_period(
    child: Resident,
    claim: ChildAllowanceClaim | None,
    recipients: tuple[Recipient, ...],
    terms: ChildAllowanceClaims,
    month: int,
) -> bool:
    """Whether the month lies between the one after the claim and that in which the right ends."""
    return claim is not None and in_claimed_period(child, claim, recipients, terms, month)


@child_allowance.rule(title="出生の順", minor=True)
def rank(
    child: Resident,
    claim: ChildAllowanceClaim | None,
    in_period: bool,
    recipient: str,
    recipients: tuple[Recipient, ...],
    me: Place,
) -> int:
    """What the order goes by: the recipient, then birth, the order among twins, and the place in the household."""
    if claim is None or not in_period:
        return UNRANKED
    group = 0
    if len(recipients) > 1:
        for index in range(len(recipients)):
            if recipients[index].id == recipient:
                group = index
    return group * GROUP + (to_day_number(child.born_on) * 16 + claim.birth_order) * 1024 + me


@child_allowance.rule(title="第何子", law="児童手当法第6条第1項")
def order(child: Resident, rank: Each[int], me: Place) -> int:
    """The child's place among the children of one recipient, the eldest first; 0 where it does not count."""
    own = rank[me]
    if own == UNRANKED:
        return 0
    first = own - own % GROUP
    place = 0
    for other in rank:
        if first <= other <= own:
            place += 1
    return place


@child_allowance.rule(title="支給月額", law="児童手当法第6条第1項")
def amount(child: Resident, order: int, rates: ChildAllowanceRates, born_since: tuple[date, ...]) -> Yen:
    """The amount by age and order; nothing for a child that only counts."""
    return 0 if order == 0 else banded(rates.bands, born_since, child.born_on, order >= rates.third_from)


@child_allowance.rule(
    "amount",
    title="支給月額",
    since=date(2012, 6, 1),
    until=date(2024, 9, 30),
    law="児童手当法第6条第1項・附則第2条",
)
def amount_by_income(
    child: Resident,
    order: int,
    recipients: tuple[Recipient, ...],
    rates: ChildAllowanceRates,
    born_since: tuple[date, ...],
    special: SpecialPayment,
) -> Yen:
    """The amount by age and order, the special payment instead of it, or nothing, as the recipient's income says."""
    if order == 0:
        return 0
    standing = recipient_for(recipients, child.id).standing
    if standing == UNTESTED:
        refuse(
            "受給者の所得による区分が不明である。受給者を世帯員とし、その所得を示す必要がある（児童手当法第5条第1項）"
        )
    full = banded(rates.bands, born_since, child.born_on, order >= rates.third_from)
    if full == 0 or standing == Entitlement.NONE:
        return 0
    return special.each if standing == Entitlement.SPECIAL else full


def in_claimed_period(
    child: Resident,
    claim: ChildAllowanceClaim,
    recipients: tuple[Recipient, ...],
    terms: ChildAllowanceClaims,
    month: int,
) -> bool:
    """Whether a month lies in the period of a claim."""
    if has_left(recipient_for(recipients, child.id), month):
        return False
    if month <= month_of(claim.claimed_on):  # only then does it matter what the claim goes back to
        first = first_month(claim.claimed_on, claim.event_on, claim.able_on, claim.due, terms.days)
        if claim.reform and terms.reform_on is not None:
            first = min(first, month_of(terms.reform_on))
        if month < first:
            return False
    ended_on = claim.ended_on
    if ended_on is not None and month > month_of(ended_on):
        return False
    died_on = child.died_on
    return died_on is None or month <= month_of(died_on)


def banded(bands: tuple[AgeBand, ...], born_since: tuple[date, ...], born_on: date, third: bool) -> int:
    """Return the amount of the first band of ages that a day of birth falls in; 0 past all of them."""
    for index in range(len(bands)):
        if born_on >= born_since[index]:
            band = bands[index]
            paid = band.third if third else band.first
            applied("支給額表", band, 1, paid * 100)
            return paid
    return 0


def claim_due(event_on: date, days: int, *, closing_days: ClosingDays | None = None) -> date:
    """Return the last day on which a claim counts as of the month of the event: for callers, not for rules.

    Where the last of the days is one on which the office is closed, it is the next on which it is open.

    Args:
        event_on: day of the birth, of the move, or on which what prevented the claim ended.
        days: `ChildAllowanceClaims.days`.
        closing_days: the municipality's closing days; Saturdays, Sundays, holidays and the turn of the year by default.

    Raises:
        NotCoveredError: where holidays of that year are not known.
    """
    from munirules.calendar import STANDARD, days_later, deadline

    last = days_later(event_on, days)
    return deadline(last, "local_gov_4-2", closing_days=STANDARD if closing_days is None else closing_days).date


child_allowance.holds(
    zero_below("amount", by="order", under=1),
    never_above("amount", figure(ChildAllowanceRates, "bands.third")),
)
