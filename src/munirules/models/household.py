"""Households (世帯): persons who are one household for a purpose, and the parts that others play beside them.

Who is head may differ by purpose; who receives, pays or is written to (`Roles`) is not the subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, code, day, is_partial, reference, rows, text
from munirules.models.party import Party
from munirules.models.references import ids_twice, no_such_id
from munirules.models.resident import HEAD, Resident

_FAMILY = (("mother", "母"), ("father", "父"), ("spouse", "配偶者"))


class Purpose(Choice):
    """What the persons are one household for."""

    RESIDENT_RECORD = 0, "住民票", "resident record"
    NATIONAL_HEALTH_INSURANCE = 1, "国民健康保険", "national health insurance"
    SAME_LIVELIHOOD = 2, "生計同一", "same livelihood"
    PUBLIC_ASSISTANCE = 3, "生活保護", "public assistance"


@facts(title="世帯")
class Household:
    """A household for one purpose. Its members are its parts; they refer to one another by id.

    Attributes:
        members: the members, those who have left too where the question concerns them.
        purpose: what they are one household for.
        head: id of the head (世帯主); None where the purpose knows none.
        deemed_head: id of the head, where he is not insured himself (擬制世帯主); of a 国保 household only.
        id: 世帯番号.
        address: the address in one line.
        postal_code: 郵便番号.
    """

    members: tuple[Resident, ...] = rows("世帯員", en="members")
    purpose: Purpose = choice("世帯の目的", en="purpose", default=Purpose.RESIDENT_RECORD)
    head: str | None = reference("世帯主", en="head", default=None)
    deemed_head: str | None = reference("擬制世帯主", en="deemed head", default=None)
    id: str = code("世帯番号", en="household number", default="")
    address: str = text("住所", en="address", default="")
    postal_code: str = code("郵便番号", en="postal code", default="")

    def invariants(self) -> Iterator[str]:
        """What of a household cannot be together."""
        members = self.members
        ids = [member.id for member in members]
        yield from ids_twice("members", ids)
        for index, member in enumerate(members):
            for field, label in _FAMILY:
                target = getattr(member, field)
                if target is not None and target not in ids:
                    yield f"members[{index}] ({member.id!r}).{field} ({label}): {no_such_id(target, ids)}"
        for field, label, target in (("head", "世帯主", self.head), ("deemed_head", "擬制世帯主", self.deemed_head)):
            if target is not None and target not in ids:
                yield f"{field} ({label}): {no_such_id(target, ids)}"
        if self.purpose == Purpose.RESIDENT_RECORD and (self.head is None or self.head in ids):
            yield from self._one_head()
        if self.deemed_head is not None:
            if self.purpose != Purpose.NATIONAL_HEALTH_INSURANCE:
                yield f"deemed_head (擬制世帯主): only a 国保 household has one; purpose is {self.purpose.label}"
            elif self.deemed_head != self.head:
                yield f"deemed_head (擬制世帯主): {self.deemed_head!r}, but head is {self.head!r}; they are one person"

    def _one_head(self) -> Iterator[str]:
        """One 住民票 has one 世帯主; the head of a 国保 household may be another."""
        heads = [(index, member.id) for index, member in enumerate(self.members) if member.relationship == HEAD]
        for index, second in heads[1:]:
            yield (
                f"members[{index}] ({second!r}).relationship (続柄): a second {HEAD} beside members[{heads[0][0]}] "
                f"({heads[0][1]!r}); one 住民票 has one (a household of another purpose may have another head)"
            )
        if heads and self.head is None:
            yield f"head (世帯主): missing, but members[{heads[0][0]}] ({heads[0][1]!r}) is {HEAD}"
        for index, member in enumerate(self.members):
            if member.id == self.head and member.relationship not in ("", HEAD):
                yield (
                    f"members[{index}] ({member.id!r}).relationship (続柄): {member.relationship!r}, "
                    f"but head is {self.head!r}; the head's is {HEAD}"
                )
        if len(heads) == 1 and self.head is not None and heads[0][1] != self.head:
            yield f"members[{heads[0][0]}] ({heads[0][1]!r}).relationship (続柄): {HEAD}, but head is {self.head!r}"

    def invariants_on(self, on: date) -> Iterator[str]:
        """What cannot be on a date: a member who was born after it."""
        for index, member in enumerate(self.members):
            born = member.born_on
            if type(born) is date and born <= on:
                continue
            first = getattr(born, "earliest", None) if is_partial(born) else born
            if first is not None and first > on:
                yield f"members[{index}] ({member.id!r}).born_on (生年月日): {born} is after {on}; not yet born then"


class Role(Choice):
    """What somebody is in a matter, apart from its subject."""

    RECIPIENT = 1, "受給者", "recipient"
    OBLIGOR = 2, "納付義務者", "obligor"
    PAYER = 3, "支払者", "payer"
    PAYEE = 4, "受取人", "payee"
    AGENT = 5, "代理人", "agent"
    ADDRESSEE = 6, "送付先", "addressee"


class Capacity(Choice):
    """As what somebody has a role."""

    SELF = 0, "本人", "the person concerned"
    PARENT = 1, "父母", "parent"
    GUARDIAN = 2, "未成年後見人", "guardian of a minor"
    NAMED_BY_PARENTS = 3, "父母指定者", "person named by the parents"
    KEEPER = 4, "養育者", "person who raises the child"
    FOSTER_PARENT = 5, "里親", "foster parent"
    FAMILY_HOME = 6, "小規模住居型児童養育事業者", "family home"
    FACILITY = 7, "施設の設置者", "operator of a facility"
    STATUTORY_AGENT = 8, "法定代理人", "statutory agent"
    VOLUNTARY_AGENT = 9, "任意代理人", "agent by authority"
    TAX_ADMINISTRATOR = 10, "納税管理人", "tax administrator"
    HEIR = 11, "相続人", "heir"
    SELF_RELIANCE_HOME = 12, "児童自立生活援助事業を行う者", "home for independent living"


@facts(title="役割の保有者")
class RoleHolder:
    """Who has a role: a member of the household, or a party outside it.

    Attributes:
        role: the role.
        capacity: as what.
        member: id of a member; or
        party: id among the parties given beside. Exactly one of the two.
        about: id of the member whom the role concerns (the child); None for the whole household.
        since: first day; None for always.
        until: last day; None for no end.
    """

    role: Role = choice("役割", en="role")
    capacity: Capacity = choice("資格", en="capacity", default=Capacity.SELF)
    member: str | None = reference("世帯員", en="member", default=None)
    party: str | None = reference("世帯外の者", en="party", default=None)
    about: str | None = reference("対象者", en="about", default=None)
    since: date | None = day("始期", en="since", default=None)
    until: date | None = day("終期", en="until", default=None)

    def invariants(self) -> Iterator[str]:
        """What of a role cannot be together."""
        if (self.member is None) == (self.party is None):
            told = "neither is given" if self.member is None else "both are given"
            yield f"member (世帯員) or party (世帯外の者): {told}; a role has one holder"
        if self.since is not None and self.until is not None and self.until < self.since:
            yield f"until (終期): {self.until} is before since (始期) {self.since}"


@facts(title="役割")
class Roles:
    """Who receives, pays, acts or is written to. A facility, foster parent or guardian may receive for a child.

    Attributes:
        holders: the roles and who has them.
        parties: persons and corporations outside the household who have one.
    """

    holders: tuple[RoleHolder, ...] = rows("役割の保有者", en="holders")
    parties: tuple[Party, ...] = rows("世帯外の者", en="parties", default=())

    def invariants(self) -> Iterator[str]:
        """What of roles cannot be together."""
        ids = [party.id for party in self.parties]
        yield from ids_twice("parties", ids)
        for index, holder in enumerate(self.holders):
            if holder.party is not None and holder.party not in ids:
                yield f"holders[{index}].party (世帯外の者): {no_such_id(holder.party, ids)}"

    def invariants_with(self, household: Household) -> Iterator[str]:
        """What does not fit a household: a member who is not there."""
        ids = [member.id for member in household.members]
        for index, holder in enumerate(self.holders):
            for field, label in (("member", "世帯員"), ("about", "対象者")):
                target = getattr(holder, field)
                if target is not None and target not in ids:
                    yield f"holders[{index}].{field} ({label}): {no_such_id(target, ids)}"


def role_of(roles: Roles, role: Role, about: str | None, on: date) -> RoleHolder | None:
    """Find who has a role on a day: the holder named for the member, else the one for the whole household.

    Args:
        roles: the roles.
        role: which one.
        about: id of the member concerned; None for the whole household.
        on: the day.
    """
    found = [holder for holder in roles.holders if holder.role == role and _holds(holder, on)]
    return _first(found, about) or (None if about is None else _first(found, None))


def _holds(holder: RoleHolder, on: date) -> bool:
    return (holder.since is None or holder.since <= on) and (holder.until is None or on <= holder.until)


def _first(holders: Sequence[RoleHolder], about: str | None) -> RoleHolder | None:
    return next((holder for holder in holders if holder.about == about), None)
