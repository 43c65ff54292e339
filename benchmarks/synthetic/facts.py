"""Which households each decision is asked about, and what is known of them.

A decision that is not named here is asked about all households, with what the city knows of its facts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import attrs
import numpy as np
import pyarrow as pa
from benchmarks.synthetic.columns import Columns, days, flags, whole, words
from benchmarks.synthetic.people import NOBODY, ONE_PARENT
from benchmarks.synthetic.plausible import EPOCH

if TYPE_CHECKING:
    from benchmarks.synthetic.city import City, There, Whole
    from benchmarks.synthetic.plausible import Plausible

CARE_LEVELS = ("support_1", "support_2", "care_1", "care_2", "care_3", "care_4", "care_5")
SHARES = {
    "CareNeed": 0.19,  # of those from 65 on
    "Disability": 0.07,
    "PublicAssistance": 0.016,
    "SpecialChild": 0.015,  # of the minors
    "BenefitClaim": 0.02,
    "SubsidyClaim": 0.2,
    "MedicalMonth": 0.1,
}


@attrs.frozen(kw_only=True)
class Asked:
    """The households that a decision is asked about.

    Attributes:
        households: which.
        recipients: of each household, the place of who receives; None where nobody need.
        capacity: as what.
    """

    households: There
    recipients: Whole | None = None
    capacity: str = "parent"


def everybody(city: City) -> Asked:
    """All households."""
    return Asked(households=np.ones(city.people.households, bool))


def with_children(city: City) -> Asked:
    """Households with children; whoever earns more receives."""
    return Asked(households=city.of_household(city.children), recipients=city.earner)


def with_one_parent(city: City) -> Asked:
    """Households of one parent with children below 18."""
    alone = city.people.kind == ONE_PARENT
    return Asked(households=alone & city.of_household(city.minors), recipients=city.people.first[:-1])


def with_disabled_child(city: City) -> Asked:
    """Households with a child for whom the special child rearing allowance is claimed."""
    return Asked(households=city.of_household(special_children(city)), recipients=city.earner)


def severely_disabled(city: City) -> Asked:
    """Households with somebody severely disabled, who receives for oneself."""
    recipients = np.full(city.people.households, NOBODY)
    recipients[city.people.household[city.severe]] = np.flatnonzero(city.severe)
    return Asked(households=recipients != NOBODY, recipients=recipients, capacity="self")


def special_children(city: City) -> There:
    """Children whose disability is of a grade."""
    draw = city.draw("SpecialChild")
    return city.minors & (draw.random(len(city.people.age)) < SHARES["SpecialChild"])


ASKED: dict[str, Callable[[City], Asked]] = {
    "welfare.child_allowance": with_children,
    "welfare.child_rearing_allowance": with_one_parent,
    "welfare.special_child_rearing_allowance": with_disabled_child,
    "welfare.disability_allowances": severely_disabled,
}
"""By the decision's name, or the beginning of it."""


def asked_of(city: City, decision: str) -> Asked:
    """Which households a decision is asked about."""
    names = [name for name in ASKED if decision == name or decision.startswith(name + ".")]
    return ASKED[max(names, key=len)](city) if names else everybody(city)


def of_members(city: City, cls: type, like: Plausible) -> tuple[Columns, There]:
    """Columns of a fact about members, and for whom there is one."""
    name, people = cls.__name__, city.people
    draw, count = city.draw(name), len(people.age)
    if name == "Income":
        return city.income()
    if name == "ChildAllowanceClaim":
        return city.claims(city.children)
    if name in ("ChildRearingClaim", "SpecialChildClaim"):
        there = city.minors if name == "ChildRearingClaim" else special_children(city)
        claimed = np.minimum(people.born_on + draw.integers(30, 2000, count), city.today)
        return {"claimed_on": days(claimed, there)}, there
    if name == "SpecialChildGrade":
        there = special_children(city)
        return {"grade": whole(draw.integers(1, 3, count), there)}, there
    if name == "CareNeed":
        there = (people.age >= 65) & (draw.random(count) < SHARES[name])
        return {"level": words(draw.integers(0, len(CARE_LEVELS), count), CARE_LEVELS, there)}, there
    if name == "EvacuationState":
        there = (people.age >= 65) | (city.draw("Disability").random(count) < SHARES["Disability"])
        return {"at_home": flags(draw.random(count) < 0.95, there)}, there
    if name == "Disability":
        there = draw.random(count) < SHARES[name]
        return {"physical_grade": whole(draw.integers(1, 8, count), there)}, there
    if name == "LoneFamily":
        alone = (people.kind == ONE_PARENT) & city.of_household(city.minors)
        there = alone[people.household] & (city.minors | np.isin(np.arange(count), people.first[:-1]))
        youngest = np.full(people.households, -(10**6))
        np.maximum.at(youngest, people.household[city.minors], people.born_on[city.minors])
        return {
            "position": words(city.minors, ("parent", "child"), there),
            "youngest_born_on": days(youngest[people.household], there & ~city.minors),
        }, there
    if name == "MaintainedChildren":
        return {}, np.zeros(count, bool)
    there = draw.random(count) < SHARES.get(name, 1.0)
    return like.columns(cls, count, there=there), there


def of_households(city: City, cls: type, like: Plausible) -> Columns:
    """Columns of a fact about a household."""
    name, count = cls.__name__, city.people.households
    draw = city.draw(name)
    year = whole(np.full(count, city.on.year - 1))
    if name == "RearingMeans":
        return {"year": year, "child_support": whole(draw.integers(0, 2, count) * 240_000)}
    if name == "PensionIncome":
        return {"year": year, "amount": whole(draw.integers(0, 3, count) * 400_000)}
    if name == "ReceiptHistory":
        first = date(city.on.year - 2, 4, 1).toordinal() - EPOCH
        return {"first_month": days(np.full(count, first))}
    if name == "DisabilityAllowanceClaim":
        return {"claimed_on": days(city.today - draw.integers(40, 2000, count))}
    if name == "SevereDisability":
        kind = draw.integers(0, 3, count)
        return {"special": flags(kind == 0), "child": flags(kind == 1), "transitional": flags(kind == 2)}
    if name == "PublicPensions":
        return {"other": whole(draw.integers(0, 2, count) * 10_000)}
    return like.columns(cls, count)


def parts_of_facts(city: City, asked: Asked, name: str) -> dict[str, pa.Table]:
    """Tables of what facts about a household have several of."""
    if asked.recipients is None:
        return {}
    if name == "Roles":
        return {"Roles.holders": city.roles(asked.households, asked.recipients, asked.capacity)}
    if name == "Obligors":
        return {"Obligors.members": city.obligors(asked.households, asked.recipients)}
    return {}
