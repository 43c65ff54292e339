"""A synthetic city as a register holds it: members and households as columns, and what is known of them as facts.

Amounts are plausible, not the law's: what an employee's income is of the pay, say, is a share that was chosen.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pyarrow as pa
from benchmarks.synthetic.columns import Columns, days, numbered, picked, whole, words
from benchmarks.synthetic.people import (
    CHILD,
    FEMALE,
    HEAD,
    MALE,
    NOBODY,
    PARENT,
    POPULATION,
    SPOUSE,
    People,
    people,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    There = NDArray[np.bool_]
    Whole = NDArray[np.int64]

EPOCH = date(1970, 1, 1).toordinal()
SCHOOL_LEAVER, OLD, VERY_OLD = 18, 65, 70
COUNTED_CHILD = 22
DAYS_TO_CLAIM = 15
SEVERE = 0.006
NATIONS = ("VNM", "CHN", "PHL", "BRA", "NPL")
RELATIONSHIPS = ("世帯主", "妻", "夫", "子", "父", "母")
AGES_OF_DEPENDANTS = (
    ("dependants_under_16", 0, 16),
    ("dependants_16_to_18", 16, 19),
    ("dependants_19_to_22", 19, 23),
)


@attrs.frozen(kw_only=True, eq=False)
class City:
    """The city.

    Attributes:
        people: who lives there.
        seed: by which it was drawn.
        on: the day on which it is so.
    """

    people: People
    seed: int
    on: date

    def draw(self, what: str) -> np.random.Generator:
        """A source of chance for one thing, so that things do not depend on one another's order."""
        return np.random.default_rng([self.seed, *what.encode()])

    @property
    def today(self) -> int:
        """The day, counted from 1970."""
        return self.on.toordinal() - EPOCH

    @cached_property
    def ids(self) -> pa.Array:
        """宛名番号 of everybody, given out in an order that tells nothing of households."""
        return numbered(self.draw("ids").permutation(len(self.people.age)) + 1)

    @cached_property
    def keys(self) -> Whole:
        """Numbers of the households."""
        return np.arange(self.people.households, dtype=np.int64) + 1

    @cached_property
    def households(self) -> Columns:
        """Columns of `Household`, with the key."""
        return {"key": pa.array(self.keys), "head": self.ids.take(pa.array(self.people.first[:-1]))}

    @cached_property
    def members(self) -> Columns:
        """Columns of `Resident`, with the key of the household."""
        everybody, draw = self.people, self.draw("members")
        role, sex = everybody.role, everybody.sex
        foreign = draw.random(len(role)) < POPULATION["families"]["foreign"]
        nations = words(np.where(foreign, draw.integers(1, len(NATIONS) + 1, len(role)), 0), ("JPN", *NATIONS))
        since = np.maximum(everybody.born_on, self.today - draw.integers(0, 20_000, len(role)))
        told = np.select(
            [role == HEAD, role == SPOUSE, role == CHILD],
            [0, np.where(sex == FEMALE, 1, 2), 3],
            np.where(sex == MALE, 4, 5),
        )
        return {
            "key": pa.array(self.keys[everybody.household]),
            "id": self.ids,
            "born_on": days(everybody.born_on),
            "sex": words(sex - MALE, ("male", "female")),
            "relationship": words(told, RELATIONSHIPS),
            "mother": picked(self.ids, everybody.mother),
            "father": picked(self.ids, everybody.father),
            "spouse": picked(self.ids, everybody.spouse),
            "moved_in_on": days(since),
            "nationality": nations,
            "foreign_class": words(foreign, ("none", "mid_to_long_term")),
        }

    @cached_property
    def earner(self) -> Whole:
        """Of each household, the place of the head or the head's spouse, whoever has the higher income."""
        head = self.people.first[:-1]
        second = self.people.spouse[head]
        return np.where((second != NOBODY) & (self.incomes[second] > self.incomes[head]), second, head)

    @cached_property
    def incomes(self) -> Whole:
        """What everybody had in the year before, in yen: of work, and in old age of pensions."""
        age, draw = self.people.age, self.draw("incomes")
        pay = draw.lognormal(14.9, 0.55, len(age)) * (draw.random(len(age)) < 0.8)
        pension = draw.lognormal(14.1, 0.4, len(age))
        found = np.where(age >= OLD, pension, np.where(age >= SCHOOL_LEAVER, pay, 0))
        return (found // 1000 * 1000).astype(np.int64)

    def of_household(self, chosen: There) -> There:
        """Whether a household has somebody of whom it is so."""
        return np.bincount(self.people.household[chosen], minlength=self.people.households) > 0

    def numbers(self, chosen: There) -> Whole:
        """How many in each household of whom it is so."""
        return np.bincount(self.people.household[chosen], minlength=self.people.households)

    @cached_property
    def children(self) -> There:
        """Who is a child at home, up to the age to which children count for the order."""
        return (self.people.role == CHILD) & (self.people.age <= COUNTED_CHILD)

    @cached_property
    def minors(self) -> There:
        """Who is a child at home below 18."""
        return (self.people.role == CHILD) & (self.people.age < SCHOOL_LEAVER)

    @cached_property
    def severe(self) -> There:
        """Who is severely disabled."""
        return self.draw("severe").random(len(self.people.age)) < SEVERE

    def income(self) -> tuple[Columns, There]:
        """Columns of `Income` of the year before, of everybody who left school or is tested."""
        everybody, draw = self.people, self.draw("declared")
        there = (everybody.age >= SCHOOL_LEAVER) | self.severe
        paid = np.where(everybody.age < OLD, self.incomes, 0)
        pension = self.incomes - paid
        income = (paid * 7 // 10) + (pension * 5 // 10)
        undeclared = draw.random(len(income)) < 0.01
        known = there & ~undeclared
        earns = np.zeros(len(income), bool)
        earns[self.earner] = True
        found = {
            "year": whole(np.full(len(income), self.on.year - 1), there),
            "status": words(undeclared, ("declared", "undeclared"), there),
            "total_income": whole(income, known),
            "aggregate_income": whole(income, known),
            "comprehensive_income": whole(income, known),
            "employment_revenue": whole(np.where(known, paid, 0), there),
            "employment_income": whole(np.where(known, paid * 7 // 10, 0), there),
            "pension_revenue": whole(np.where(known, pension, 0), there),
            "pension_income": whole(np.where(known, pension * 5 // 10, 0), there),
            "social_insurance_deduction": whole(np.where(known, self.incomes * 15 // 100, 0), there),
        }
        for name, low, high in AGES_OF_DEPENDANTS:
            number = self.numbers((everybody.role == CHILD) & (everybody.age >= low) & (everybody.age < high))
            found[name] = whole(np.where(earns, number[everybody.household], 0), there)
        old = self.numbers((everybody.role == PARENT) & (everybody.age >= VERY_OLD))
        found["dependants_from_70"] = whole(np.where(earns, old[everybody.household], 0), there)
        return found, there

    def claims(self, whose: There) -> tuple[Columns, There]:
        """Day of a claim, and of the birth that led to it, of most of those for whom one may be made."""
        draw, born = self.draw("claims"), self.people.born_on
        there = whose & (draw.random(len(born)) < 0.99)
        claimed = np.minimum(born + draw.integers(0, DAYS_TO_CLAIM + 5, len(born)), self.today)
        return {"claimed_on": days(claimed, there), "event_on": days(born, there)}, there

    def roles(self, chosen: There, holders: Whole, capacity: str) -> pa.Table:
        """The table of who receives in some households: `holders` has the place of one of each household."""
        whom = holders[chosen]
        count = len(whom)
        return pa.table(
            {
                "key": pa.array(self.keys[chosen]),
                "role": words(np.zeros(count), ("recipient",)),
                "capacity": words(np.zeros(count), (capacity,)),
                "member": self.ids.take(pa.array(whom)),
            }
        )

    def obligors(self, chosen: There, holders: Whole) -> pa.Table:
        """The table of whose income counts beside the recipient's: the spouse and the parents in the household."""
        everybody = self.people
        recipient = np.zeros(len(everybody.age), bool)
        recipient[holders[chosen]] = True
        there = chosen[everybody.household] & ~recipient & (everybody.role != CHILD)
        places = np.flatnonzero(there)
        return pa.table(
            {"key": pa.array(self.keys[everybody.household[places]]), "member": self.ids.take(pa.array(places))}
        )


def city(residents: int, *, seed: int, on: date) -> City:
    """Draw a city of so many residents."""
    return City(people=people(residents, seed=seed, on=on), seed=seed, on=on)


def told(city: City) -> dict[str, Any]:
    """What a reader may hold against public statistics: sizes, ages, kinds."""
    everybody = city.people
    sizes = np.bincount(everybody.size)[1:] / everybody.households
    return {
        "residents": len(everybody.age),
        "households": everybody.households,
        "mean_size": len(everybody.age) / everybody.households,
        "sizes": [round(float(share), 3) for share in sizes[:5]],
        "under_15": float((everybody.age < 15).mean()),
        "from_65": float((everybody.age >= OLD).mean()),
    }
