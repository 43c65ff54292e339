"""Parties: persons and corporations that own, pay, receive or act, whether residents or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, code, count, flag, text
from munirules.models.identifiers import corporate_number_problem, my_number_problem


class PartyKind(Choice):
    """What a party is; a grouping of the library's own."""

    PERSON = 1, "個人", "person"
    CORPORATION = 2, "法人", "corporation"
    ASSOCIATION = 3, "人格のない社団等", "association without legal personality"
    PUBLIC_BODY = 4, "国・地方公共団体", "public body"
    ESTATE = 5, "相続財産", "estate of a deceased person"


@facts(title="宛名")
class Party:
    """A person or a corporation (宛名).

    Attributes:
        id: the number or name by which data refer to this party (宛名番号).
        kind: what it is.
        name: name.
        name_kana: reading.
        resident: id of the resident that this person is, where that is known.
        address: address in one line.
        postal_code: 郵便番号.
        corporate_number: 法人番号.
        my_number: 個人番号 of a person; never printed.
    """

    id: str = code("宛名番号", en="id")
    kind: PartyKind = choice("個人・法人の別", en="kind", default=PartyKind.PERSON)
    name: str = text("氏名又は名称", en="name", default="")
    name_kana: str = text("フリガナ", en="name in kana", default="")
    resident: str | None = code("住民の宛名番号", en="resident", default=None)
    address: str = text("住所又は所在地", en="address", default="")
    postal_code: str = code("郵便番号", en="postal code", default="")
    corporate_number: str | None = code("法人番号", en="corporate number", default=None)
    my_number: str | None = text("個人番号", en="individual number", secret=True, default=None)

    def invariants(self) -> Iterator[str]:
        """What of a party cannot be together."""
        if not self.id:
            yield "id (宛名番号): empty; ids tell parties apart"
        person = self.kind in (PartyKind.PERSON, PartyKind.ESTATE)
        if self.corporate_number is not None:
            if person:
                yield f"corporate_number (法人番号): given, but kind is {self.kind.label}"
            elif problem := corporate_number_problem(self.corporate_number):
                yield f"corporate_number (法人番号): {problem}"
        if self.my_number is not None:
            if not person:
                yield f"my_number (個人番号): given, but kind is {self.kind.label}"
            elif problem := my_number_problem(self.my_number):
                yield f"my_number (個人番号): {problem}"


@facts(title="持分")
class Share:
    """An owner's share of a thing (持分): `num / den`.

    Attributes:
        party: id of the owner.
        num: numerator.
        den: denominator.
        represents: whether this owner stands for all (共有代表者).
    """

    party: str = code("所有者", en="owner")
    num: int = count("持分の分子", en="share, numerator", minimum=1, default=1)
    den: int = count("持分の分母", en="share, denominator", minimum=1, default=1)
    represents: bool = flag("共有代表者", en="representative", default=False)


def share_problems(field: str, shares: Sequence[Share]) -> Iterator[str]:
    """Yield what is wrong with the shares of one thing.

    Args:
        field: name of the field that holds them.
        shares: the shares; none where the owners are not known.
    """
    first: dict[str, int] = {}
    for index, share in enumerate(shares):
        if share.party in first:
            before = first[share.party]
            yield f"{field}[{index}].party (所有者): {share.party!r} stands twice, first in {field}[{before}]"
        first.setdefault(share.party, index)
    if shares:
        whole = lcm(*(share.den for share in shares))
        held = sum(share.num * (whole // share.den) for share in shares)
        if held != whole:
            told = ", ".join(f"{share.party} {share.num}/{share.den}" for share in shares)
            yield f"{field} (持分): {told} make {held}/{whole}; shares sum to one"
    if sum(share.represents for share in shares) > 1:
        told = ", ".join(share.party for share in shares if share.represents)
        yield f"{field} (共有代表者): {told}; one owner represents all"
