"""Who receives a benefit in a month, read from the roles beside a household. For rules."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from munirules.engine.decision import refuse
from munirules.law.welfare.months import NEVER, first_of_month, month_of
from munirules.models.household import Capacity, Household, Role, RoleHolder, Roles
from munirules.models.party import PartyKind
from munirules.models.resident import Resident

NOBODY_ID = ""


class Recipient(NamedTuple):
    """Who receives in a month.

    Attributes:
        about: id of the child for whom; empty for all.
        id: id of the member or party; empty for nobody.
        capacity: a `Capacity`.
        institution: whether it is a facility, a foster parent, a family home or a corporation as guardian.
        last_month: month in which the recipient moves out of the municipality or dies.
    """

    about: str
    id: str
    capacity: int
    institution: bool
    last_month: int


NO_RECIPIENT = Recipient("", NOBODY_ID, 0, False, NEVER)  # noqa: FBT003 — a record, read by its fields


def recipients_of(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Return who receives in the month of a day: those whose role holds on its first day."""
    first = first_of_month(on)
    found: list[Recipient] = []
    named = False
    for holder in roles.holders:
        if holder.role != Role.RECIPIENT:
            continue
        named = True
        since = holder.since
        until = holder.until
        if (since is not None and since > first) or (until is not None and until < first):
            continue
        about = "" if holder.about is None else holder.about
        if holder.member is not None:
            last = NEVER
            for member in household.members:
                if member.id == holder.member:
                    last = last_month_here(member)
            found.append(Recipient(about, holder.member, holder.capacity, _institution(roles, holder), last))
        elif holder.party is not None:
            found.append(Recipient(about, holder.party, holder.capacity, _institution(roles, holder), NEVER))
    if not named:
        refuse("受給者が示されていない（役割に recipient がない）。手当は受給者の請求に基づき認定する")
    return tuple(found)


def last_month_here(member: Resident) -> int:
    """Return the last month for which a recipient is paid here: that of moving out of the municipality, or of death."""
    last = NEVER
    if member.moved_out_on is not None:
        last = month_of(member.moved_out_on)
    if member.died_on is not None:
        last = min(last, month_of(member.died_on))
    return last


def recipient_for(recipients: tuple[Recipient, ...], child: str) -> Recipient:
    """Return the recipient for a child: the one named for it, else the one for all; `NO_RECIPIENT` for nobody."""
    found = NO_RECIPIENT
    for recipient in recipients:
        if recipient.about == child:
            return recipient
        if recipient.about == "":
            found = recipient
    return found


def _institution(roles: Roles, holder: RoleHolder) -> bool:
    capacity = holder.capacity
    if capacity == Capacity.PARENT:
        return False
    if capacity == Capacity.GUARDIAN:
        for party in roles.parties:
            if party.id == holder.party:
                return party.kind == PartyKind.CORPORATION
        return False
    return capacity == Capacity.FACILITY or capacity == Capacity.FOSTER_PARENT or capacity == Capacity.FAMILY_HOME
