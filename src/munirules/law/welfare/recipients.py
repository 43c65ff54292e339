"""Who receives a benefit in a month, read from the roles beside a household. For rules."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from munirules.engine.decision import refuse
from munirules.law.welfare.months import first_of_month, month_of
from munirules.models.household import Capacity, Household, Role, RoleHolder, Roles
from munirules.models.party import PartyKind
from munirules.models.resident import Resident

NOBODY_ID = ""
_RECIPIENT = Role.RECIPIENT
_PARENT = Capacity.PARENT


class Recipient(NamedTuple):
    """Who receives in a month.

    Attributes:
        about: id of the child for whom; empty for all.
        id: id of the member or party; empty for nobody.
        capacity: a `Capacity`.
        institution: whether it is a facility, a foster parent, a family home or a corporation as guardian.
        last_on: day on which the recipient moves out of the municipality or dies; None for neither.
        standing: what the test of income left, as the allowance counts it; 0 where nothing is tested.
    """

    about: Annotated[str, "対象の児童"]
    id: Annotated[str, "受給者"]
    capacity: Annotated[int, "資格"]
    institution: Annotated[bool, "施設等受給資格者"]
    last_on: Annotated[date | None, "転出又は死亡の日"]
    standing: Annotated[int, "所得の判定"]


NO_RECIPIENT = Recipient(about="", id=NOBODY_ID, capacity=0, institution=False, last_on=None, standing=0)


def recipients_of(household: Household, roles: Roles, on: date) -> tuple[Recipient, ...]:
    """Return who receives in the month of a day: those whose role holds on its first day."""
    found: list[Recipient] = []
    named = False
    for holder in roles.holders:
        if holder.role != _RECIPIENT:
            continue
        named = True
        if (holder.since is not None and holder.since > first_of_month(on)) or (
            holder.until is not None and holder.until < first_of_month(on)
        ):
            continue
        about = "" if holder.about is None else holder.about
        if holder.member is not None:
            last = None
            for member in household.members:
                if member.id == holder.member:
                    last = last_day_here(member)
            found.append(Recipient(about, holder.member, holder.capacity, is_institution(roles, holder), last, 0))
        elif holder.party is not None:
            found.append(Recipient(about, holder.party, holder.capacity, is_institution(roles, holder), None, 0))
    if not named:
        refuse("受給者が示されていない（役割に recipient がない）。手当は受給者の請求に基づき認定する")
    return tuple(found)


def last_day_here(member: Resident) -> date | None:
    """Return the day on which a member moves out of the municipality or dies; None for neither."""
    if member.moved_out_on is None:
        return member.died_on
    if member.died_on is None:
        return member.moved_out_on
    return min(member.moved_out_on, member.died_on)


def has_left(recipient: Recipient, month: int) -> bool:
    """Whether a month is after that in which the recipient moved out of the municipality or died."""
    last = recipient.last_on
    return last is not None and month > month_of(last)


def recipient_for(recipients: tuple[Recipient, ...], child: str) -> Recipient:
    """Return the recipient for a child: the one named for it, else the one for all; `NO_RECIPIENT` for nobody."""
    found = NO_RECIPIENT
    for recipient in recipients:
        about = recipient.about
        if about == child:
            return recipient
        if about == "":
            found = recipient
    return found


def is_recipient(recipients: tuple[Recipient, ...], member: str) -> bool:
    """Return whether a member receives, for whomever."""
    for recipient in recipients:
        if recipient.id == member:
            return True
    return False


def with_standing(recipient: Recipient, standing: int) -> Recipient:
    """Return a recipient with what the test of income left."""
    return Recipient(
        recipient.about,
        recipient.id,
        recipient.capacity,
        recipient.institution,
        recipient.last_on,
        standing,
    )


def is_institution(roles: Roles, holder: RoleHolder) -> bool:
    """Whether somebody receives as a facility, foster parent, family home or the like, or as a corporation that is guardian."""
    capacity = holder.capacity
    if capacity == _PARENT:
        return False
    if capacity == Capacity.GUARDIAN:
        for party in roles.parties:
            if party.id == holder.party:
                return party.kind == PartyKind.CORPORATION
        return False
    return (
        capacity == Capacity.FACILITY
        or capacity == Capacity.FOSTER_PARENT
        or capacity == Capacity.FAMILY_HOME
        or capacity == Capacity.SELF_RELIANCE_HOME
    )
