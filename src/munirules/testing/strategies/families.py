"""Households that could be: adults with ages, their children in order, twins, elders; who left, who died; their roles.

Ids are "1", "2", …; one adult is 世帯主 of a 住民票; parents and spouses are named by id. The simplest is one adult.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from munirules.models.declare import declaration, evolve
from munirules.models.household import Capacity, Household, Purpose, Role, RoleHolder, Roles
from munirules.models.income import Income, IncomeStatus
from munirules.models.party import Party, PartyKind
from munirules.models.resident import HEAD, MovedOut, Resident, Sex
from munirules.testing.strategies.days import births, near
from munirules.testing.strategies.making import BUILDERS, Maker
from munirules.testing.strategies.pools import AGE, Pool
from munirules.testing.strategies.values import field_values

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from munirules.testing.strategies.making import Builder

MOST_CHILDREN: Final = 4
ADULT: Final = 18
_ONE_IN_THREE: Final = st.sampled_from((False, False, True))
_ONE_IN_FOUR: Final = st.sampled_from((False, False, False, True))
_INCOMES: Final = st.sampled_from(("declared", "declared", "declared", "declared", "declared", "any", "any", "not"))
_EVENTS: Final = st.sampled_from(("none", "none", "none", "none", "moved_in", "moved_out", "died"))
_GENERATION: Final = 16
"""Least years between a parent and a child."""


def builds(cls: type) -> Callable[[Builder], Builder]:
    """Draw a class by the function below it."""

    def register(builder: Builder) -> Builder:
        BUILDERS[cls] = builder
        return builder

    return register


def households(pool: Pool, *, purpose: Purpose = Purpose.RESIDENT_RECORD) -> SearchStrategy[Household]:
    """Households on a day.

    Args:
        pool: what matters; its day is the one on which they live, its ages those at which children and elders are drawn.
        purpose: what they are one household for.
    """
    return _households(pool, purpose)


@st.composite
def _households(draw: DrawFn, pool: Pool, purpose: Purpose) -> Household:
    adults = _adults(draw, pool)
    children = _children(draw, pool, adults)
    others = _others(draw, pool, len(adults) + len(children))
    members = [_with_events(draw, pool.on, member) for member in (*adults, *children, *others)]
    order = draw(st.permutations(range(len(members)))) if draw(st.booleans()) else range(len(members))
    return Household(members=tuple(members[index] for index in order), purpose=purpose, head="1")


@builds(Household)
def _household(draw: DrawFn, pool: Pool, _ids: Sequence[str]) -> Household:
    return draw(households(pool))


def _adults(draw: DrawFn, pool: Pool) -> list[Resident]:
    """One adult, or a couple; the first is head."""
    ages = [age for age in pool.numbers.get(AGE, ()) if age >= ADULT]
    first = Resident(id="1", born_on=draw(births(pool.on, (30, *ages), youngest=ADULT, oldest=95)), relationship=HEAD)
    if not draw(st.booleans()):
        return [first]
    wife_first = draw(st.booleans())
    second = Resident(
        id="2",
        born_on=draw(births(pool.on, (30, *ages), youngest=ADULT, oldest=95)),
        spouse="1",
        sex=Sex.MALE if wife_first else Sex.FEMALE,
        relationship="夫" if wife_first else "妻",
    )
    return [evolve(first, spouse="2", sex=Sex.FEMALE if wife_first else Sex.MALE), second]


def _children(draw: DrawFn, pool: Pool, adults: list[Resident]) -> list[Resident]:
    """Children of the adults at the ages that matter, some of them twins; parents are old enough."""
    oldest = min((pool.on.year - adult.born_on.year for adult in adults), default=0) - _GENERATION
    if oldest < 1:
        return []
    found: list[Resident] = []
    for index in range(draw(st.integers(0, MOST_CHILDREN))):
        twin = bool(found) and draw(_ONE_IN_FOUR)
        ages = [age for age in pool.numbers.get(AGE, ()) if age < oldest]
        born = found[-1].born_on if twin else draw(births(pool.on, (0, *ages), oldest=min(oldest - 1, 40)))
        found.append(Resident(id=str(len(adults) + index + 1), born_on=born, relationship="子", **_parents(adults)))
    return found


def _parents(adults: list[Resident]) -> dict[str, Any]:
    """By id: a couple's wife and husband, a single adult as father or mother as the record says."""
    if len(adults) == 1:
        return {"father" if adults[0].sex == Sex.MALE else "mother": adults[0].id}
    mother = next((adult.id for adult in adults if adult.sex == Sex.FEMALE), adults[0].id)
    return {"mother": mother, "father": next(adult.id for adult in adults if adult.id != mother)}


def _others(draw: DrawFn, pool: Pool, before: int) -> list[Resident]:
    """An elder, or somebody else, of whom nothing more is said."""
    if not draw(_ONE_IN_FOUR):
        return []
    ages = pool.numbers.get(AGE, ())
    return [
        Resident(
            id=str(before + 1),
            born_on=draw(births(pool.on, ages)),
            relationship=draw(st.sampled_from(("母", "父", "縁故者"))),
        )
    ]


def _with_events(draw: DrawFn, on: date, member: Resident) -> Resident:
    """Most members simply live there; some came, left or died, never before they were born."""
    event = draw(_EVENTS)
    if event == "none":
        return member
    day = max(draw(near(on)), member.born_on)
    if event == "moved_in":
        return evolve(member, moved_in_on=day, address_since=day)
    if event == "moved_out":
        return evolve(member, moved_out_on=day, moved_out_by=MovedOut.MOVE)
    return evolve(member, died_on=day, moved_out_on=day, moved_out_by=MovedOut.DEATH)


@builds(Resident)
def _resident(draw: DrawFn, pool: Pool, ids: Sequence[str]) -> Resident:
    """A resident alone: not referring to others."""
    del ids
    given = {
        "id": st.just("1"),
        "born_on": births(pool.on, pool.numbers.get(AGE, ())),
        **{name: st.none() for name in ("mother", "father", "spouse")},
    }
    found: Resident = Maker(Resident, pool, (), given=given).make(draw)
    return found


@builds(Roles)
def _roles(draw: DrawFn, pool: Pool, ids: Sequence[str]) -> Roles:
    """Who receives: a member for all, at times another for one; a facility, a foster parent or a guardian at times."""
    everybody = list(ids)
    if not everybody:
        return Roles(holders=(), parties=())
    holders = [RoleHolder(role=Role.RECIPIENT, member=draw(st.sampled_from(everybody)))]
    parties: list[Party] = []
    if draw(_ONE_IN_THREE):
        party = Party(id="p1", kind=draw(st.sampled_from((PartyKind.PERSON, PartyKind.CORPORATION))))
        parties.append(party)
        capacities = (
            Capacity.FOSTER_PARENT,
            Capacity.FACILITY,
            Capacity.GUARDIAN,
            Capacity.FAMILY_HOME,
            Capacity.KEEPER,
        )
        holders.append(
            RoleHolder(
                role=Role.RECIPIENT,
                capacity=draw(st.sampled_from(capacities)),
                party=party.id,
                about=draw(st.sampled_from(everybody)),
            )
        )
    if draw(_ONE_IN_THREE):
        about = draw(st.sampled_from(everybody))
        if all(holder.about != about for holder in holders):
            capacity = draw(st.sampled_from((Capacity.SELF, Capacity.PARENT, Capacity.GUARDIAN, Capacity.KEEPER)))
            member = draw(st.sampled_from(everybody))
            holders.append(RoleHolder(role=Role.RECIPIENT, capacity=capacity, member=member, about=about))
    if draw(_ONE_IN_FOUR):
        last = len(holders) - 1
        since = draw(near(pool.on))
        until = draw(st.none() | near(pool.on).map(lambda day: max(day, since)))
        holders[last] = evolve(holders[last], since=since, until=until)
    return Roles(holders=tuple(holders), parties=tuple(parties))


@builds(Income)
def _income(draw: DrawFn, pool: Pool, ids: Sequence[str]) -> Income:
    """An income that was declared, mostly: its three totals one amount, mostly; little else is said of it."""
    given: dict[str, SearchStrategy[Any]] = {}
    known = draw(_INCOMES)
    if known == "declared":
        spec = declaration(Income).specs["comprehensive_income"]
        amount = draw(field_values("comprehensive_income", spec, int, pool))
        totals = ("total_income", "aggregate_income", "comprehensive_income")
        given = {"status": st.just(IncomeStatus.DECLARED), **{name: st.just(amount) for name in totals}}
    elif known == "not":
        given = {"status": st.sampled_from((IncomeStatus.UNDECLARED, IncomeStatus.UNKNOWN))}
    found: Income = Maker(Income, pool, ids, given=given).make(draw)
    return found
