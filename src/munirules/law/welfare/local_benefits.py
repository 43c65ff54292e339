"""独自給付: benefits that one jurisdiction alone pays: for a birth, for starting school, for a great age, once each.

Such a benefit is rows of a table: what it is for, who must have lived there since when, what is paid by order or age, until
when it is claimed. Municipality, prefecture and nation each have a table of their own, so that none hides another's. A
benefit of another form is a decision of the plugin's own, in a few lines of Python beside its data.

The decision's date is the day of the event (出生日, 認定日 …) or the key day (基準日) of the benefit.
Law: the ordinance or guideline (要綱) of each; of the nation's, the act named in its data.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from munirules.calendar.rules import (
    Attained,
    FirstDay,
    Overflow,
    add_months,
    age_on,
    attained_on,
    first_march_31,
    fiscal_year,
    fiscal_year_last_day,
    months_later,
)
from munirules.engine.decision import MemberDecision, refuse
from munirules.engine.holds import monotone, never_below
from munirules.engine.parts import Place
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import code, count, day, flag, rows, yen
from munirules.models.household import Household
from munirules.models.resident import Resident
from munirules.money import SEN_PER_YEN, Yen
from munirules.tape import applied


@facts(title="独自給付の申請", about=Resident)
class BenefitClaim:
    """A claim of a benefit for a member; none for a member for whom nothing is claimed.

    Attributes:
        benefit: name of the benefit as the table writes it.
        claimed_on: day of the claim; None while it is only asked what would be paid.
        claimant: id of the member who claims, where the benefit asks how long the claimant has lived there; None for the
            member itself.
        arrears: whether the claimant's household is in arrears with municipal taxes (滞納).
        elder_elsewhere: older children of the claimant who count and are no members of the household.
        birth_order: which of the children born on one day (twins) it is, among those who count; 0 where it is not said.
        units: how many are paid for at once (unborn children), where the benefit is paid by number.
    """

    benefit: str = code("給付の名称", en="benefit")
    claimed_on: date | None = day("申請日", en="claimed on", default=None)
    claimant: str | None = code("申請者", en="claimant", default=None)
    arrears: bool = flag("滞納", en="arrears", default=False)
    elder_elsewhere: int = count("世帯外の年長の児童", en="older children elsewhere", unit="人", default=0)
    birth_order: int = count("同日に生まれた児童の順", en="order among twins", maximum=9, default=0)
    units: int = count("対象の数", en="units", minimum=1, default=1)


@row(title="独自給付")
class Benefit:
    """One benefit of the usual form.

    Attributes:
        name: name.
        key: what amounts go by: the `order` of the child, the `age` that is attained in the fiscal year of the key day
            (年度), the `age_on_day` of the key day, or `number`: an amount for each unit.
        counted_to_age: age to the March after which older children count for the order.
        base_month: month of the key day; 0 where the event has its own day.
        base_day: its day.
        resident_months: months for which the member, or the claimant, must have lived there on the day.
        or_later: whether they may be completed after the day; the claim then waits for it (転入後 … を経過).
        needs_member: whether the member itself must be a resident on the day.
        no_arrears: whether nobody in arrears is paid.
        claim_months: months to claim; 0 for no such limit.
        first_day_counts: whether the day of the event is the first of them (起算して).
        later_claim_months: months to claim after residence is completed, where it is completed later.
        last_claim_months: months from the event after which no claim comes in time, even then; 0 for none.
        final_on: last day for any claim; None for none.
    """

    name: str = code("名称")
    key: str = code("額の決まり方", options=("order", "age", "age_on_day", "number"))
    counted_to_age: int = count("数える児童の年齢（年度末まで）", unit="歳", default=18)
    base_month: int = count("基準日の月", maximum=12, default=0)
    base_day: int = count("基準日の日", maximum=31, default=0)
    resident_months: int = count("居住期間", unit="月", default=0)
    or_later: bool = flag("居住期間の経過を待てる", default=False)
    needs_member: bool = flag("対象者の住所", default=True)
    no_arrears: bool = flag("滞納がないこと", default=False)
    claim_months: int = count("申請期間", unit="月", default=0)
    first_day_counts: bool = flag("初日算入", default=False)
    later_claim_months: int = count("居住期間の経過後の申請期間", unit="月", default=0)
    last_claim_months: int = count("申請期間の限度", unit="月", default=0)
    final_on: date | None = day("最終申請日", default=None)


@row(title="独自給付の額")
class BenefitAmount:
    """An amount for an order or age.

    Attributes:
        benefit: name of the benefit.
        at: the order, the age, or 1.
        onwards: whether it is that of all above too.
        amount: yen.
    """

    benefit: str = code("給付の名称")
    at: int = count("順・年齢")
    onwards: bool = flag("以上", default=False)
    amount: int = yen("額")


@provision(title="国の給付")
class NationalBenefits:
    """Benefits that the nation makes every municipality pay."""

    national_benefits: tuple[Benefit, ...] = rows("給付", by="nation", default=())
    national_amounts: tuple[BenefitAmount, ...] = rows("給付の額", by="nation", default=())


@provision(title="都道府県の給付")
class PrefecturalBenefits:
    """Benefits of a prefecture, which its municipalities pay out."""

    prefectural_benefits: tuple[Benefit, ...] = rows("給付", by="prefecture", default=())
    prefectural_amounts: tuple[BenefitAmount, ...] = rows("給付の額", by="prefecture", default=())


@provision(title="市町村の独自給付")
class LocalBenefits:
    """Benefits of the municipality itself."""

    benefits: tuple[Benefit, ...] = rows("給付", default=())
    amounts: tuple[BenefitAmount, ...] = rows("給付の額", default=())


@result(title="独自給付")
class LocalBenefit:
    """What is paid for a member.

    Attributes:
        reason: why nothing is paid: 対象外, 住所, 居住期間, 滞納 or 申請期限; empty where something is, or would be.
        order: the child's place among those who count; 0 where the order does not matter.
        claim_from: first day on which it may be claimed.
        claim_until: last day to claim; None for no limit.
        amount: yen.
    """

    reason: str = code("支給されない理由", en="reason")
    order: int = count("第何子", en="order")
    claim_from: date = day("申請できる日", en="claim from")
    claim_until: date | None = day("申請期限", en="claim until")
    amount: Yen = yen("支給額", en="amount")


local_benefits = MemberDecision(
    "welfare.local_benefits",
    Household,
    LocalBenefit,
    member=Resident,
    who="concerned",
    title="独自給付",
    on="事由の生じた日（出生日等）又は基準日",
    authority="市町村長",
    law="地方自治法第232条の2",
)

NO_BENEFIT = Benefit(name="", key="number")


class Residence(NamedTuple):
    """Whether the member and the claimant live there on the day, and from when the claimant has lived there long enough."""

    here: Annotated[bool, "区域内に居住"]
    long_from: Annotated[date, "申請者の居住要件を満たす日"]


@local_benefits.rule(title="申請のあった者", minor=True)
def concerned(claim: BenefitClaim | None) -> bool:
    """Whether something is claimed for a member."""
    return claim is not None


@local_benefits.rule(title="給付", minor=True)
def benefit(
    claim: BenefitClaim | None,
    own: LocalBenefits,
    prefectural: PrefecturalBenefits,
    national: NationalBenefits,
    on: date,
) -> Benefit:
    """The row of the benefit, of whoever has it; refuses one that nobody has."""
    if claim is None:
        return NO_BENEFIT
    for table in (own.benefits, prefectural.prefectural_benefits, national.national_benefits):
        for candidate in table:
            if candidate.name == claim.benefit:
                if candidate.base_month > 0 and (on.month != candidate.base_month or on.day != candidate.base_day):
                    refuse("この給付は基準日によって決定する。基準日を決定の日とする必要がある")
                applied("独自給付", candidate)
                return candidate
    refuse("この名称の給付は、この団体のその日の例規にない")


@local_benefits.rule(title="第何子")
def order(
    child: Resident, claim: BenefitClaim | None, benefit: Benefit, household: Household, me: Place, on: date
) -> int:
    """The child's place among those of the same parents who count on the day.

    A twin counts as its claim says; where that says nothing, in the order of the household.
    """
    if claim is None or benefit.key != "order":
        return 0
    place = 1 + claim.elder_elsewhere + max(claim.birth_order - 1, 0)
    members = household.members
    for number in range(len(members)):
        other = members[number]
        if other.id == child.id or not siblings(child, other) or not lives_here(other, on):
            continue
        if other.born_on > child.born_on:
            continue
        if other.born_on == child.born_on and (claim.birth_order > 0 or number > me):
            continue
        if on <= first_march_31(attained_on(other.born_on, benefit.counted_to_age, Attained.DAY_BEFORE)):
            place += 1
    return place


@local_benefits.rule(title="居住の要件", minor=True)
def residence(
    member: Resident, claim: BenefitClaim | None, benefit: Benefit, household: Household, on: date
) -> Residence:
    """Who lives there, and since when long enough."""
    here = not benefit.needs_member or lives_here(member, on)
    if claim is None or (claim.claimant is None and benefit.resident_months == 0):
        return Residence(here, on)
    claimant = member
    if claim.claimant is not None:
        for other in household.members:
            if other.id == claim.claimant:
                claimant = other
        if claimant.id != claim.claimant:
            refuse("申請者が世帯員の中にいない")
    here = here and lives_here(claimant, on)
    if benefit.resident_months == 0:
        return Residence(here, on)
    moved_in_on = claimant.moved_in_on
    if moved_in_on is None:
        refuse("居住期間の判定に必要な、住民となった日が示されていない")
    return Residence(here, max(on, add_months(moved_in_on, benefit.resident_months, Overflow.NEXT_MONTH)))


@local_benefits.rule(title="申請できる日")
def claim_from(residence: Residence) -> date:
    """The event, or the day on which residence was long enough."""
    return residence.long_from


@local_benefits.rule(title="申請期限")
def claim_until(benefit: Benefit, residence: Residence, on: date) -> date | None:
    """The last day to claim."""
    last = benefit.final_on
    counted = FirstDay.COUNTED if benefit.first_day_counts else FirstDay.NOT_COUNTED
    if residence.long_from > on and benefit.later_claim_months > 0:
        due = months_later(residence.long_from, benefit.later_claim_months, counted)
        if benefit.last_claim_months > 0:
            due = min(due, months_later(on, benefit.last_claim_months, counted))
        return due if last is None else min(due, last)
    if benefit.claim_months > 0:
        due = months_later(on, benefit.claim_months, counted)
        return due if last is None else min(due, last)
    return last


@local_benefits.rule(title="支給されない理由")
def reason(
    claim: BenefitClaim | None,
    benefit: Benefit,
    residence: Residence,
    claim_until: date | None,
    table_amount: int,
    on: date,
) -> str:
    """Why nothing is paid."""
    if claim is None or table_amount == 0:
        return "対象外"
    if not residence.here:
        return "住所"
    if residence.long_from > on and not benefit.or_later:
        return "居住期間"
    if benefit.no_arrears and claim.arrears:
        return "滞納"
    claimed_on = claim.claimed_on
    if claimed_on is not None and claim_until is not None and claimed_on > claim_until:
        return "申請期限"
    if claimed_on is not None and claimed_on < residence.long_from:
        return "居住期間"
    return ""


@local_benefits.rule(title="表の額", minor=True)
def table_amount(
    member: Resident,
    claim: BenefitClaim | None,
    benefit: Benefit,
    order: int,
    own: LocalBenefits,
    prefectural: PrefecturalBenefits,
    national: NationalBenefits,
    on: date,
) -> int:
    """The amount of the table by order, age or number."""
    if claim is None:
        return 0
    at = 1
    if benefit.key == "order":
        at = order
    elif benefit.key == "age":
        at = age_on(member.born_on, fiscal_year_last_day(fiscal_year(on)), Attained.DAY_BEFORE)
    elif benefit.key == "age_on_day":
        at = age_on(member.born_on, on, Attained.DAY_BEFORE)
    units = claim.units if benefit.key == "number" else 1
    for table in (own.amounts, prefectural.prefectural_amounts, national.national_amounts):
        for candidate in table:
            if candidate.benefit == benefit.name and (candidate.at == at or (candidate.onwards and candidate.at < at)):
                applied("独自給付の額", candidate, units, candidate.amount * units * SEN_PER_YEN)
                return candidate.amount * units
    return 0


@local_benefits.rule(title="支給額")
def amount(table_amount: int, reason: str) -> Yen:
    """The amount, where nothing stands against it."""
    return table_amount if reason == "" else 0


def siblings(child: Resident, other: Resident) -> bool:
    """Whether two members have a parent in common among the members."""
    return (child.mother is not None and child.mother == other.mother) or (
        child.father is not None and child.father == other.father
    )


def lives_here(member: Resident, on: date) -> bool:
    """Whether a member is a resident on a day, as far as the days of moving and death say."""
    return (
        (member.moved_in_on is None or member.moved_in_on <= on)
        and (member.moved_out_on is None or on < member.moved_out_on)
        and (member.died_on is None or on <= member.died_on)
    )


local_benefits.holds(never_below("claim_until", "claim_from"), monotone("amount", by="BenefitClaim.units"))
