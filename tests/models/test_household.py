"""Households: members who refer to one another, one head for a purpose, and roles beside them."""

from __future__ import annotations

import pickle
import re
from datetime import date
from typing import cast

import pytest

from munirules import read, write
from munirules.calendar import parse
from munirules.models.declare import InvariantError
from munirules.models.household import Capacity, Household, Purpose, Role, RoleHolder, Roles, role_of
from munirules.models.party import Party, PartyKind
from munirules.models.read import DataError
from munirules.models.resident import Resident

BORN = date(1980, 4, 1)
HEAD = Resident(id="a", born_on=BORN, relationship="世帯主")
WIFE = Resident(id="b", born_on=BORN, relationship="妻", spouse="a")
CHILD = Resident(id="c", born_on=date(2015, 5, 5), relationship="子", father="a", mother="b")
FAMILY = (HEAD, WIFE, CHILD)


def problems(**fields) -> list[str]:
    with pytest.raises(InvariantError) as caught:
        Household(**{"members": FAMILY, "head": "a", **fields})
    return list(caught.value.problems)


def test_a_family():
    household = Household(members=FAMILY, head="a", id="17", address="架空市1-1")
    assert read(Household, write(household)) == household


@pytest.mark.parametrize("members", [FAMILY, FAMILY[::-1], (WIFE, HEAD, CHILD)])
def test_the_order_of_members_does_not_matter(members):
    assert Household(members=members, head="a").head == "a"


def test_two_heads_of_one_resident_record():
    second = Resident(id="b", born_on=BORN, relationship="世帯主")
    found = problems(members=(HEAD, second))
    assert len(found) == 1
    assert found[0].startswith("members[1] ('b').relationship (続柄): a second 世帯主 beside members[0] ('a')")


def test_a_household_of_national_health_insurance_may_have_another_head():
    household = Household(members=FAMILY, purpose=Purpose.NATIONAL_HEALTH_INSURANCE, head="b")
    assert household.head == "b"


def test_a_household_of_the_same_livelihood_needs_no_head_and_may_hold_two():
    second = Resident(id="b", born_on=BORN, relationship="世帯主")
    assert Household(members=(HEAD, second), purpose=Purpose.SAME_LIVELIHOOD).head is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"head": "x"}, "head (世帯主): 'x', which none has (ids: a, b, c)"),
        ({"head": "b"}, "members[1] ('b').relationship (続柄): '妻', but head is 'b'"),
        ({"head": None}, "head (世帯主): missing, but members[0] ('a') is 世帯主"),
        ({"members": (HEAD, HEAD)}, "members[1].id: 'a' stands twice, first in members[0]"),
        ({"members": (HEAD, CHILD)}, "members[1] ('c').mother (母): 'b', which none has (ids: a, c)"),
        ({"deemed_head": "a"}, "deemed_head (擬制世帯主): only a 国保 household has one; purpose is 住民票"),
        (
            {"deemed_head": "b", "purpose": Purpose.NATIONAL_HEALTH_INSURANCE},
            "deemed_head (擬制世帯主): 'b', but head is 'a'",
        ),
        ({"members": ()}, "head (世帯主): 'a', which none has (ids: none)"),
    ],
)
def test_what_cannot_be_together(fields, told):
    assert any(problem.startswith(told) for problem in problems(**fields))


def test_a_deemed_head():
    insurance = Purpose.NATIONAL_HEALTH_INSURANCE
    assert Household(members=FAMILY, purpose=insurance, head="a", deemed_head="a").deemed_head == "a"


def test_a_mistyped_id_is_guessed():
    mother = Resident(id="mother", born_on=BORN)
    child = Resident(id="child", born_on=BORN, mother="mothr")
    with pytest.raises(InvariantError, match="did you mean 'mother'"):
        Household(members=(mother, child))


def test_its_error_may_travel_between_processes():
    with pytest.raises(InvariantError) as caught:
        Household(members=FAMILY, head="x")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)


def test_problems_of_data_have_paths():
    data = write(Household(members=FAMILY, head="a"))
    data["members"][2]["mother"] = "x"
    data["head"] = "y"
    with pytest.raises(DataError) as caught:
        read(Household, data)
    assert [problem.partition(" (")[0] for problem in caught.value.problems] == [
        "Household.members[2]",
        "Household.head",
    ]


class TestOnADate:
    def test_a_member_who_was_born_after_it(self):
        late = Resident(id="d", born_on=date(2026, 4, 2))
        household = Household(members=(*FAMILY, late), head="a")
        assert list(household.invariants_on(date(2026, 4, 2))) == []
        (problem,) = household.invariants_on(date(2026, 4, 1))
        assert problem.startswith("members[3] ('d').born_on (生年月日): 2026-04-02 is after 2026-04-01")

    @pytest.mark.parametrize(("text", "wrong"), [("令和8年4月不詳", True), ("令和8年", False), ("不詳", False)])
    def test_a_birth_date_of_which_a_part_is_known(self, text, wrong):
        household = Household(members=(Resident(id="d", born_on=cast("date", parse(text))),))
        assert bool(list(household.invariants_on(date(2026, 3, 31)))) is wrong

    def test_somebody_who_left_is_no_error(self):
        left = Resident(id="d", born_on=BORN, moved_out_on=date(2026, 3, 1))
        assert list(Household(members=(*FAMILY, left), head="a").invariants_on(date(2026, 4, 1))) == []


class TestRoles:
    facility = Party(id="home", kind=PartyKind.CORPORATION, name="架空学園")

    @pytest.mark.parametrize(
        "capacity", [Capacity.FACILITY, Capacity.FOSTER_PARENT, Capacity.GUARDIAN, Capacity.FAMILY_HOME]
    )
    def test_another_than_a_parent_may_receive_for_a_child(self, capacity):
        holder = RoleHolder(role=Role.RECIPIENT, capacity=capacity, party="home", about="c")
        roles = Roles(holders=(holder,), parties=(self.facility,))
        assert list(roles.invariants_with(Household(members=FAMILY, head="a"))) == []
        assert role_of(roles, Role.RECIPIENT, "c", BORN) == holder
        assert role_of(roles, Role.RECIPIENT, None, BORN) is None
        assert read(Roles, write(roles)) == roles

    def test_a_role_for_one_member_goes_before_that_for_the_whole(self):
        parent = RoleHolder(role=Role.RECIPIENT, capacity=Capacity.PARENT, member="a")
        foster = RoleHolder(
            role=Role.RECIPIENT, capacity=Capacity.FOSTER_PARENT, party="home", about="c", since=date(2026, 4, 1)
        )
        roles = Roles(holders=(parent, foster), parties=(self.facility,))
        assert role_of(roles, Role.RECIPIENT, "c", date(2026, 3, 31)) == parent
        assert role_of(roles, Role.RECIPIENT, "c", date(2026, 4, 1)) == foster
        assert role_of(roles, Role.PAYER, "c", date(2026, 4, 1)) is None

    @pytest.mark.parametrize("fields", [{}, {"member": "a", "party": "home"}])
    def test_a_role_has_one_holder(self, fields):
        with pytest.raises(InvariantError, match="a role has one holder"):
            RoleHolder(role=Role.PAYEE, **fields)

    def test_its_dates_have_an_order(self):
        with pytest.raises(InvariantError, match="until \\(終期\\): 2026-03-31 is before since"):
            RoleHolder(role=Role.PAYEE, member="a", since=date(2026, 4, 1), until=date(2026, 3, 31))

    def test_a_party_that_is_not_given(self):
        with pytest.raises(InvariantError, match=re.escape("holders[0].party (世帯外の者): 'home', which none has")):
            Roles(holders=(RoleHolder(role=Role.AGENT, party="home"),))
        with pytest.raises(InvariantError, match=re.escape("parties[1].id: 'home' stands twice")):
            Roles(holders=(), parties=(self.facility, self.facility))

    def test_a_member_who_is_not_there(self):
        roles = Roles(holders=(RoleHolder(role=Role.RECIPIENT, member="x", about="y"),))
        found = list(roles.invariants_with(Household(members=FAMILY, head="a")))
        assert [problem.partition(" ")[0] for problem in found] == ["holders[0].member", "holders[0].about"]
