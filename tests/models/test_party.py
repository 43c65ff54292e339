"""Parties and their shares."""

from __future__ import annotations

import re

import pytest

from munirules.models.declare import InvariantError
from munirules.models.party import Party, PartyKind, Share, share_problems

MY_NUMBER, CORPORATE = "123456789018", "7010705000725"


def test_a_person_and_a_corporation():
    assert MY_NUMBER not in repr(Party(id="p", my_number=MY_NUMBER))
    assert Party(id="q", kind=PartyKind.CORPORATION, corporate_number=CORPORATE).corporate_number == CORPORATE


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"id": ""}, "id (宛名番号): empty"),
        ({"corporate_number": CORPORATE}, "corporate_number (法人番号): given, but kind is 個人"),
        ({"kind": PartyKind.CORPORATION, "my_number": MY_NUMBER}, "my_number (個人番号): given, but kind is 法人"),
        (
            {"kind": PartyKind.CORPORATION, "corporate_number": "1" + CORPORATE[1:]},
            "corporate_number (法人番号): its check",
        ),
        ({"my_number": "123456789010"}, "my_number (個人番号): its check digit"),
    ],
)
def test_what_cannot_be_together(fields, told):
    with pytest.raises(InvariantError, match=re.escape(told)):
        Party(**{"id": "p", **fields})


@pytest.mark.parametrize(
    "shares",
    [
        [],
        [("a", 1, 1)],
        [("a", 1, 2), ("b", 1, 2)],
        [("a", 1, 2), ("b", 1, 3), ("c", 1, 6)],
        [("a", 2, 4), ("b", 33, 66)],
        [("a", 1234, 9999), ("b", 8765, 9999)],
    ],
)
def test_shares_that_sum_to_one(shares):
    assert list(share_problems("owners", [Share(party=p, num=n, den=d) for p, n, d in shares])) == []


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([("a", 1, 2)], "owners (持分): a 1/2 make 1/2; shares sum to one"),
        ([("a", 1, 2), ("b", 1, 3)], "owners (持分): a 1/2, b 1/3 make 5/6"),
        ([("a", 1, 1), ("b", 1, 3)], "make 4/3"),
        ([("a", 1, 2), ("a", 1, 2)], "owners[1].party (所有者): 'a' stands twice, first in owners[0]"),
    ],
)
def test_shares_that_do_not(shares, told):
    found = list(share_problems("owners", [Share(party=p, num=n, den=d) for p, n, d in shares]))
    assert len(found) == 1
    assert told in found[0]


def test_one_owner_represents_all():
    both = [Share(party=name, num=1, den=2, represents=True) for name in "ab"]
    assert list(share_problems("owners", both)) == ["owners (共有代表者): a, b; one owner represents all"]
