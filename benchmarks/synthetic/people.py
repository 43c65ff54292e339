"""The residents and households of a synthetic city, drawn at once for all, the same for the same seed.

Families are drawn first, from the children's ages; those who are alone or two fill what the age pyramid then lacks. So
ages, kinds and sizes of households come out near public statistics (`population.toml`), and parents are of an age.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

POPULATION: dict[str, Any] = tomllib.loads((Path(__file__).with_name("population.toml")).read_text(encoding="utf-8"))
NOBODY = -1
OLDEST = 110
ADULT = 18
DAYS_A_YEAR = 365.2425
MALE, FEMALE = 1, 2
HEAD, SPOUSE, CHILD, PARENT = range(4)
KINDS = ("single", "couple", "couple_with_children", "one_parent", "three_generations")
SINGLE, COUPLE, WITH_CHILDREN, ONE_PARENT, THREE_GENERATIONS = range(5)


@attrs.frozen(kw_only=True, eq=False)
class People:
    """Everybody, household by household, the head first; places are rows of these arrays.

    Attributes:
        on: the day on which ages were drawn.
        household: the number of each person's household, from 0 on.
        age: whole years on that day.
        born_on: days since 1970.
        sex: as numbers of `Sex`.
        role: what each is to the head (`HEAD`, `SPOUSE`, `CHILD`, `PARENT`).
        mother: place of the mother in the same household; `NOBODY`.
        father: likewise.
        spouse: likewise.
        kind: per household, its kind (`SINGLE` …).
        first: per household, the place of its head, and at last the number of persons.
    """

    on: date
    household: Whole
    age: Whole
    born_on: Whole
    sex: Whole
    role: Whole
    mother: Whole
    father: Whole
    spouse: Whole
    kind: Whole
    first: Whole

    @property
    def households(self) -> int:
        """How many households."""
        return len(self.kind)

    @property
    def size(self) -> Whole:
        """Persons of each household."""
        return np.diff(self.first)


def pyramid() -> NDArray[np.float64]:
    """Share of each year of age up to `OLDEST`."""
    ages = POPULATION["ages"]
    classes = np.array(ages["male"]) + np.array(ages["female"])
    years = ages["years"]
    found = np.repeat(classes[:-1] / years, years)
    tail = ages["survival"] ** np.arange(OLDEST + 1 - len(found))
    found = np.concatenate([found, classes[-1] * tail / tail.sum()])
    return found / found.sum()


def women() -> NDArray[np.float64]:
    """Share of women in each year of age."""
    ages = POPULATION["ages"]
    female, male = np.array(ages["female"]), np.array(ages["male"])
    share = np.repeat(female / (female + male), ages["years"])
    return np.concatenate([share, np.full(OLDEST + 1 - len(share), share[-1])])


def people(residents: int, *, seed: int, on: date) -> People:
    """Draw a city.

    Args:
        residents: how many at most; the last household is whole.
        seed: the same seed gives the same city.
        on: the day on which they are so old.
    """
    draw = np.random.default_rng(seed)
    shares = np.array([POPULATION["kinds"][name] for name in KINDS])
    count = round(residents / POPULATION["sizes"]["mean"])
    kind = np.sort(draw.choice(len(KINDS), count, p=shares / shares.sum()))
    families = kind >= WITH_CHILDREN
    ages, roles, sexes, members = _families(draw, kind[families])
    made = np.bincount(ages[ages >= 0], minlength=OLDEST + 1)
    alone = _alone(draw, kind[~families], made, residents)
    width = ages.shape[1]
    table = np.full((3, count, width), NOBODY)
    table[:, ~families, :2] = alone
    table[:, families] = ages, roles, sexes
    sizes = np.concatenate([(alone[0] >= 0).sum(axis=1), members])
    return _linked(draw, table, kind, sizes, residents, on)


def _families(draw: np.random.Generator, kind: Whole) -> tuple[Whole, Whole, Whole, Whole]:
    """Ages, roles and sexes of households with children, in a row each: head, spouse, children, grandparents."""
    say = POPULATION["families"]
    count = len(kind)
    one_parent = kind == ONE_PARENT
    numbers = 1 + np.where(
        one_parent,
        draw.choice(4, count, p=say["children_of_one_parent"]),
        draw.choice(4, count, p=say["children"]),
    )
    eldest = draw.choice(OLDEST + 1, count, p=_at_home())
    gaps = _normal(draw, say["gap_between_children"], (count, 3))
    children = np.concatenate([eldest[:, None], eldest[:, None] - np.cumsum(gaps, axis=1)], axis=1)
    mother = eldest + _normal(draw, say["age_at_first_birth"], count)
    too_late = mother[:, None] - children > say["age_at_first_birth"]["most"]
    children[(np.arange(4) >= numbers[:, None]) | (children < 0) | too_late] = NOBODY
    older = say["father_older_by"]
    father = np.clip(mother + np.rint(draw.normal(older["mean"], older["deviation"], count)), eldest + ADULT, OLDEST)
    led_by_mother = one_parent & (draw.random(count) < say["mothers_among_one_parents"])
    head = np.where(led_by_mother, mother, father)
    spouse = np.where(one_parent, NOBODY, mother)
    elders = np.full((count, 2), NOBODY)
    grand = kind == THREE_GENERATIONS
    older_by = _normal(draw, say["age_at_first_birth"], (count, 2))
    elders[grand] = (father[:, None] + older_by)[grand]
    elders[grand & (draw.random(count) < say["grandparents"][0]), 1] = NOBODY
    elders[elders > OLDEST] = NOBODY
    ages = np.concatenate([head[:, None], spouse[:, None], children, elders], axis=1).astype(np.int64)
    roles = np.broadcast_to([HEAD, SPOUSE, *[CHILD] * 4, PARENT, PARENT], ages.shape)
    sexes = np.where(draw.random(ages.shape) < 0.5, MALE, FEMALE)
    sexes[:, 0] = np.where(led_by_mother, FEMALE, MALE)
    sexes[:, 1], sexes[:, 6], sexes[:, 7] = FEMALE, FEMALE, MALE
    return ages, np.where(ages >= 0, roles, NOBODY), sexes, (ages >= 0).sum(axis=1)


def _alone(draw: np.random.Generator, kind: Whole, made: Whole, residents: int) -> Whole:
    """Ages, roles and sexes of those alone or two, of the ages that families leave open."""
    lacking = np.maximum(pyramid() * residents - made, 0)
    lacking[:ADULT] = 0
    ages = draw.choice(OLDEST + 1, (len(kind), 2), p=lacking / lacking.sum())
    couples = kind == COUPLE
    pairs = np.sort(ages[couples].ravel())  # neighbours in age marry
    ages[couples] = pairs.reshape(-1, 2)[draw.permutation(couples.sum()), ::-1]
    ages[~couples, 1] = NOBODY
    sexes = np.empty((len(kind), 2), np.int64)
    sexes[:, 0] = np.where(couples | (draw.random(len(kind)) >= women()[ages[:, 0]]), MALE, FEMALE)
    sexes[:, 1] = FEMALE
    roles = np.broadcast_to([HEAD, SPOUSE], ages.shape)
    return np.stack([ages, np.where(ages >= 0, roles, NOBODY), sexes])


def _linked(draw: np.random.Generator, table: Whole, kind: Whole, sizes: Whole, residents: int, on: date) -> People:
    """Put the rows of all households one after the other, in an order of no meaning, and find who is whose."""
    order = draw.permutation(len(kind))
    order = order[: np.searchsorted(np.cumsum(sizes[order]), residents, side="right")]
    table, kind, sizes = table[:, order], kind[order], sizes[order]
    there = table[0] >= 0
    first = np.concatenate([[0], np.cumsum(sizes)])
    age, role, sex = (layer[there] for layer in table)
    household = np.repeat(np.arange(len(kind)), sizes)
    head = first[household]
    second = np.where(np.append(role, NOBODY)[head + 1] == SPOUSE, head + 1, NOBODY)
    place = np.arange(len(age))
    parents = np.stack([head, second])
    led_by_mother = (sex[head] == FEMALE) & (second == NOBODY)
    mother = np.where(role == CHILD, np.where(led_by_mother, parents[0], parents[1]), NOBODY)
    father = np.where((role == CHILD) & ~led_by_mother, parents[0], NOBODY)
    elder = np.where(role == PARENT, place, NOBODY)
    for line, own in ((mother, FEMALE), (father, MALE)):
        found = np.full(len(kind), NOBODY)
        chosen = (elder >= 0) & (sex == own)
        found[household[chosen]] = place[chosen]
        line[first[:-1]] = found
    spouse = np.where(role == HEAD, second, np.where(role == SPOUSE, head, NOBODY))
    born_on = on.toordinal() - date(1970, 1, 1).toordinal() - ((age + draw.random(len(age))) * DAYS_A_YEAR).astype(int)
    return People(
        on=on, household=household, age=age, born_on=born_on, sex=sex, role=role,
        mother=mother, father=father, spouse=spouse, kind=kind, first=first,
    )  # fmt: skip


def _at_home() -> NDArray[np.float64]:
    """Share of each year of age among the eldest children who live with their parents."""
    shares = pyramid()
    home = np.zeros(OLDEST + 1)
    last = 0
    for until, share in POPULATION["families"]["at_home"]:
        home[last:until] = share
        last = until
    return shares * home / (shares * home).sum()


def _normal(draw: np.random.Generator, say: dict[str, float], shape: Any) -> Whole:
    """Whole numbers around a mean, within bounds."""
    drawn = np.rint(draw.normal(say["mean"], say["deviation"], shape))
    return np.clip(drawn, say["least"], say["most"]).astype(np.int64)
