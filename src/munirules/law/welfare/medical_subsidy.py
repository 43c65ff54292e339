"""医療費助成 (業務51–53): children (乳幼児・子ども), severely disabled persons (重度心身障害者), single parents' families (ひとり親).

A municipality pays, under its own ordinance, what health insurance leaves to the patient; its prefecture subsidises it up to
a base. One decision answers for a month of care: which scheme a member comes under, what the member pays, what is aided and
what is paid back. The schemes are rows of the municipality's table; for a kind that it adopts, those of the prefecture's base.
A municipality that says nothing inherits nothing.

Law: the municipality's ordinance (福祉医療費助成条例 and the like); 地方自治法 (昭和22年法律第67号) 第232条の2.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from munirules.calendar.rules import days_later, previous_day
from munirules.engine.decision import MemberDecision
from munirules.engine.holds import never_above
from munirules.law.welfare.medical_subsidy_payment import (
    MedicalMonth,
    MonthTotals,
    TaxClass,
    month_totals,
)
from munirules.law.welfare.medical_subsidy_schemes import (
    NO_SCHEME,
    LoneFamily,
    MedicalBase,
    MedicalCopays,
    MedicalCriteria,
    MedicalSchemes,
    Scheme,
    SubsidyIncomes,
    adopts,
    assistance_on,
    born_of,
    check_recorded,
    fits,
    last_day,
    passes,
    scheme_at,
)
from munirules.law.welfare.months import first_of_month
from munirules.models.conditions import Disability, PublicAssistance
from munirules.models.declare import facts, result
from munirules.models.fields import code, day, yen
from munirules.models.household import Household
from munirules.models.resident import Resident
from munirules.money import Yen
from munirules.tape import applied


@facts(title="医療費助成の受給資格の申請", about=Resident)
class SubsidyClaim:
    """That a certificate (受給者証) was asked for; none for a member for whom it was not.

    Attributes:
        claimed_on: day of the claim.
        event_on: what gave the right: birth, moving in, issue of a certificate of disability; None where it does not matter.
    """

    claimed_on: date = day("申請日", en="claimed on")
    event_on: date | None = day("事由の生じた日", en="day of the event", default=None)


@result(title="医療費助成")
class MedicalSubsidy:
    """What is aided of a member's care in the month.

    Attributes:
        scheme: name of the scheme; empty where none applies.
        reason: why none applies: 対象外, 所得制限 or 生活保護; empty where one does.
        covered_from: first day aided; None where none applies.
        covered_until: last day aided; None for no end.
        share: what insurance leaves to the person of the care that is aided.
        own_payment: what the person pays of it in the end.
        subsidy: what the municipality pays.
        refund: the part of it that is paid back to the person (償還払い).
    """

    scheme: str = code("助成の区分", en="scheme")
    reason: str = code("対象とならない理由", en="reason")
    covered_from: date | None = day("資格の始期", en="covered from")
    covered_until: date | None = day("資格の終期", en="covered until")
    share: Yen = yen("対象の自己負担額", en="share")
    own_payment: Yen = yen("一部負担金", en="own payment")
    subsidy: Yen = yen("助成額", en="subsidy")
    refund: Yen = yen("償還払いの額", en="refund")


medical_subsidy = MemberDecision(
    "welfare.medical_subsidy",
    Household,
    MedicalSubsidy,
    member=Resident,
    who="concerned",
    title="医療費助成",
    on="診療月の日（資格はその日による）",
    authority="市町村長",
    law="地方自治法第232条の2",
)


class Standing(NamedTuple):
    """Which scheme fits: its place among the base and the municipality's rows, -1 for none; and why none does."""

    number: Annotated[int, "制度の番号"]
    reason: Annotated[str, "該当しない理由"]


@medical_subsidy.rule(title="申請した者", minor=True)
def concerned(claim: SubsidyClaim | None) -> bool:
    """Whether a certificate was asked for."""
    return claim is not None


@medical_subsidy.rule(title="該当する区分", minor=True)
def standing(
    member: Resident,
    disability: Disability | None,
    family: LoneFamily | None,
    assistance: PublicAssistance | None,
    incomes: SubsidyIncomes | None,
    own: MedicalSchemes,
    base: MedicalBase,
    lists: MedicalCriteria,
    on: date,
) -> Standing:
    """The first scheme that fits: of the base where adopted, then of the municipality."""
    if (member.moved_out_on is not None and member.moved_out_on <= on) or (
        member.died_on is not None and member.died_on < on
    ):
        return Standing(-1, "対象外")
    reason = "対象外"
    on_assistance = assistance is not None and not assistance.suspended and assistance_on(assistance, on)
    for number in range(len(base.base_schemes) + len(own.schemes)):
        scheme = scheme_at(own, base, number)
        if number < len(base.base_schemes) and not adopts(own, scheme.kind):
            continue
        if not fits(scheme, member, disability, family, lists, on):
            continue
        if scheme.not_on_assistance and on_assistance:
            reason = "生活保護"
        elif scheme.test != "" and not passes(scheme.test, lists, incomes, on):
            reason = "所得制限"
        else:
            return Standing(number, "")
    if reason == "対象外":
        check_recorded(own, base, disability, family)
    return Standing(-1, reason)


@medical_subsidy.rule(title="適用する区分", minor=True)
def found(standing: Standing, own: MedicalSchemes, base: MedicalBase) -> Scheme:
    """The row that applies; `NO_SCHEME` for none."""
    if standing.number < 0:
        return NO_SCHEME
    scheme = scheme_at(own, base, standing.number)
    applied("助成の区分", scheme)
    return scheme


@medical_subsidy.rule(title="助成の区分")
def scheme(found: Scheme) -> str:
    """Its name."""
    return found.name


@medical_subsidy.rule(title="対象とならない理由")
def reason(standing: Standing) -> str:
    """Why no scheme applies."""
    return standing.reason


@medical_subsidy.rule(title="資格の始期")
def covered_from(claim: SubsidyClaim | None, standing: Standing, found: Scheme) -> date | None:
    """From the event where the claim came in time, else from the claim or the first of its month."""
    if claim is None or standing.number < 0:
        return None
    event_on = claim.event_on
    if event_on is not None and claim.claimed_on <= days_later(event_on, found.claim_days):
        return event_on if found.on_time == "event" else first_of_month(event_on)
    start = claim.claimed_on if found.late == "claim" else first_of_month(claim.claimed_on)
    return start if event_on is None else max(start, event_on)


@medical_subsidy.rule(title="資格の終期")
def covered_until(member: Resident, family: LoneFamily | None, standing: Standing, found: Scheme) -> date | None:
    """The end of the age; the day before the one on which the person ceased to be a resident."""
    if standing.number < 0:
        return None
    last = None
    if found.until_age > 0:
        last = last_day(found, born_of(member, family), family)
    if member.moved_out_on is not None:
        left = previous_day(member.moved_out_on)
        last = left if last is None else min(last, left)
    return last


@medical_subsidy.rule(title="月の計算", minor=True)
def totals(
    month: MedicalMonth | None,
    found: Scheme,
    covered_from: date | None,
    covered_until: date | None,
    incomes: SubsidyIncomes | None,
    copays: MedicalCopays,
    on: date,
) -> MonthTotals:
    """Shares, own payments and what was paid at the counter, of the care that is aided."""
    if month is None or covered_from is None:
        return MonthTotals(0, 0, 0, 0)
    return month_totals(
        month,
        copays.copays,
        found.payment,
        found.month_cap,
        found.care == "inpatient",
        found.meals,
        TaxClass.ANY if incomes is None else incomes.tax_class,
        covered_from,
        covered_until,
        on,
    )


@medical_subsidy.rule(title="対象の自己負担額")
def share(totals: MonthTotals) -> Yen:
    """What insurance leaves to the person of the care that is aided."""
    return totals.share


@medical_subsidy.rule(title="一部負担金")
def own_payment(totals: MonthTotals) -> Yen:
    """What the person pays of it, up to the cap of the month."""
    return totals.own


@medical_subsidy.rule(title="助成額")
def subsidy(totals: MonthTotals) -> Yen:
    """The rest, less what other benefits (高額療養費, 付加給付, 災害共済給付) pay."""
    return max(totals.share - totals.other - totals.own, 0)


@medical_subsidy.rule(title="償還払いの額")
def refund(totals: MonthTotals, subsidy: Yen) -> Yen:
    """What of it was paid at the counter beyond the own payment; never more than the subsidy."""
    return min(max(totals.counter - totals.other - totals.own, 0), subsidy)


medical_subsidy.holds(
    never_above("own_payment", "share"),
    never_above("subsidy", "share"),
    never_above("refund", "subsidy"),
)
