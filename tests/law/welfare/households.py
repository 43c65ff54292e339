"""Households for tests of allowances: a parent `p` and children `c1`, `c2` … by day of birth."""

from datetime import date

from munirules import facts_of, none_of
from munirules.law.welfare.child_allowance import ChildAllowanceClaim
from munirules.law.welfare.income import MaintainedChildren
from munirules.models.household import Capacity, Household, Role, RoleHolder, Roles
from munirules.models.income import Income
from munirules.models.party import Party, PartyKind
from munirules.models.resident import Resident

PARENT = Resident(id="p", born_on=date(1980, 5, 5))
TO_PARENT = Roles(holders=(RoleHolder(role=Role.RECIPIENT, capacity=Capacity.PARENT, member="p"),))


def family(*born: date, parent: Resident = PARENT) -> Household:
    """A parent with children c1, c2 … born on these days."""
    children = [Resident(id=f"c{number}", born_on=day) for number, day in enumerate(born, 1)]
    return Household(members=(parent, *children))


def claims(household: Household, **changes):
    """A claim ten days after birth for every child."""
    return [
        facts_of(
            member.id,
            ChildAllowanceClaim(
                **{"claimed_on": date(member.born_on.year, member.born_on.month, 28), "event_on": member.born_on}
                | changes
            ),
        )
        for member in household.members
        if member.id != "p"
    ]


def earns(amount: int, year: int, **parts):
    """The parent's income of a year, and no children maintained beside."""
    return facts_of("p", Income(year=year, comprehensive_income=amount, **parts), none_of(MaintainedChildren))


def institution(capacity: Capacity, kind: PartyKind = PartyKind.CORPORATION, about: str | None = None) -> Roles:
    """An institution outside the household that receives."""
    return Roles(
        holders=(RoleHolder(role=Role.RECIPIENT, capacity=capacity, party="home", about=about),),
        parties=(Party(id="home", kind=kind),),
    )
