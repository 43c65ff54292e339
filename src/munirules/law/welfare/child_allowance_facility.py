"""施設等受給者の児童手当: children whose recipient is a facility, a foster parent, a family home or a corporation as guardian.

Law: 児童手当法 第4条第1項第4号, 第6条第1項第2号 (法人受給資格者: 未成年後見人である法人) and 第3号 (施設等受給資格者); to 2024-09
第6条第1項第1号ハ and 第2号. No income is or was tested (第5条第1項 to 2024-09), and the third child is paid as the first.
"""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import MemberDecision
from munirules.engine.holds import figure, never_above
from munirules.law.welfare.child_allowance import (
    AgeBand,
    ChildAllowanceClaim,
    ChildAllowanceClaims,
    banded,
    in_claimed_period,
)
from munirules.law.welfare.months import born_from, month_of
from munirules.law.welfare.recipients import Recipient, recipient_for, recipients_of
from munirules.models.declare import provision, result
from munirules.models.fields import code, rows, yen
from munirules.models.household import Household, Roles
from munirules.models.resident import Resident
from munirules.money import Yen


@provision(title="施設等受給者の児童手当の額")
class FacilityRates:
    """Amounts a month by age."""

    facility_bands: tuple[AgeBand, ...] = rows("支給額表", ascending="until_age", by="nation")


@result(title="施設等受給者の児童手当")
class FacilityAllowance:
    """What is paid for one child in the month.

    Attributes:
        recipient: id of the institution.
        amount: yen for the month.
    """

    recipient: str = code("受給者", en="recipient")
    amount: Yen = yen("支給月額", en="amount of the month")


child_allowance_facility = MemberDecision(
    "welfare.child_allowance.facility",
    Household,
    FacilityAllowance,
    member=Resident,
    who="placed",
    title="児童手当（施設等受給者）",
    on="支給対象月の日（その月の末日がよい）",
    authority="施設・住居の所在地、里親の住所地の市町村長",
    law="児童手当法第6条第1項",
)


@child_allowance_facility.rule(title="受給者", law="児童手当法第4条第1項第4号", minor=True)
def recipients(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Who receives in the month."""
    return recipients_of(household, roles, on)


@child_allowance_facility.rule(title="年齢区分ごとの出生日の下限", law="児童手当法第6条")
def born_since(rates: FacilityRates, on: date) -> tuple[date, ...]:
    """From which day of birth a child is in each band of ages this month."""
    return tuple([born_from(on, band.until_age, band.ends) for band in rates.facility_bands])


@child_allowance_facility.rule(title="施設入所等児童", law="児童手当法第3条第3項", minor=True)
def placed(child: Resident, recipients: tuple[Recipient, ...], born_since: tuple[date, ...]) -> bool:
    """Whether a member is, by age, a child whose recipient is an institution."""
    own = recipient_for(recipients, child.id)
    return own.institution and own.id != child.id and child.born_on >= born_since[len(born_since) - 1]


@child_allowance_facility.rule(title="受給者")
def recipient(child: Resident, recipients: tuple[Recipient, ...]) -> str:
    """Which institution receives for the child."""
    return recipient_for(recipients, child.id).id


@child_allowance_facility.rule(title="支給月額", law="児童手当法第6条第1項・第8条")
def amount(
    child: Resident,
    claim: ChildAllowanceClaim | None,
    recipients: tuple[Recipient, ...],
    rates: FacilityRates,
    born_since: tuple[date, ...],
    terms: ChildAllowanceClaims,
    on: date,
) -> Yen:
    """The amount by age, in the period of the claim."""
    if claim is None or not in_claimed_period(child, claim, recipients, terms, month_of(on)):
        return 0
    return banded(rates.facility_bands, born_since, child.born_on, False)  # noqa: FBT003 — the contract knows no keywords


child_allowance_facility.holds(never_above("amount", figure(FacilityRates, "facility_bands.third")))
