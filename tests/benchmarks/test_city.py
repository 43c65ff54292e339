"""The synthetic city is one that could be: as public statistics say, and such that the library finds nothing to refuse."""

from datetime import date
from importlib import import_module

import numpy as np
import pytest

from munirules import Rulebook

ON = date(2025, 12, 1)


@pytest.fixture
def city():
    return import_module("benchmarks.synthetic.city").city(20_000, seed=3, on=ON)


def test_people_are_as_in_public_statistics(city):
    people = import_module("benchmarks.synthetic.people")
    own = city.people
    assert 19_980 <= len(own.age) <= 20_000
    ages = np.bincount(own.age, minlength=people.OLDEST + 1) / len(own.age)
    assert abs(ages - people.pyramid()).sum() / 2 < 0.05
    assert abs(own.size.mean() - people.POPULATION["sizes"]["mean"]) < 0.15
    kinds = np.bincount(own.kind) / own.households
    for kind, name in zip(kinds, people.KINDS, strict=True):
        assert abs(kind - people.POPULATION["kinds"][name] / 100) < 0.015


def test_families_hold_together(city):
    people = import_module("benchmarks.synthetic.people")
    own = city.people
    assert (np.bincount(own.household[own.role == people.HEAD]) == 1).all()
    for parents, sex in ((own.mother, people.FEMALE), (own.father, people.MALE)):
        there = parents >= 0
        assert (own.household[parents[there]] == own.household[there]).all()
        assert (own.sex[parents[there]] == sex).all()
        assert (own.age[parents[there]] - own.age[there] >= people.ADULT - 1).all()
    there = np.flatnonzero(own.spouse >= 0)
    assert (own.spouse[own.spouse[there]] == there).all()
    assert len(set(city.ids.to_pylist())) == len(own.age)


def test_the_same_seed_gives_the_same_city(city):
    again = import_module("benchmarks.synthetic.city").city(20_000, seed=3, on=ON)
    other = import_module("benchmarks.synthetic.city").city(20_000, seed=4, on=ON)
    assert (again.people.born_on == city.people.born_on).all()
    assert again.ids.equals(city.ids)
    assert not np.array_equal(other.people.age, city.people.age)


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize(
    ("town", "decision"),
    [
        ("岐阜県岐阜市", "welfare.child_allowance"),
        ("岐阜県岐阜市", "welfare.child_rearing_allowance"),
        ("岐阜県岐阜市", "welfare.medical_subsidy"),
        ("岐阜県白川町", "water.supply"),
        ("宮城県七ヶ浜町", "water.meter_slip"),
    ],
)
def test_questions_are_ones_that_can_be_answered(town, decision, shuffled):
    small = import_module("benchmarks.synthetic.city").city(300, seed=3, on=ON)
    question = import_module("benchmarks.synthetic.questions").question
    book = Rulebook.of(town)
    asked = question(small, book, book.decision(decision), shuffled=shuffled)
    counts = book.decide_table(decision, asked.main, on=ON, tables=asked.tables, engine="python").counts
    assert counts.rows > 0
    assert counts.set_aside == 0
    assert counts.decided > counts.rows / 2


def test_flaws_are_set_aside():
    small = import_module("benchmarks.synthetic.city").city(300, seed=3, on=ON)
    question = import_module("benchmarks.synthetic.questions").question
    book = Rulebook.of("岐阜県白川町")
    asked = question(small, book, book.decision("water.supply"), flaws=0.2)
    outcome = book.decide_table("water.supply", asked.main, on=ON, engine="python")
    missing = asked.main["meter_size"].null_count
    assert missing > 0
    assert outcome.counts.set_aside == missing
    assert set(outcome.rejects["field_or_rule"].to_pylist()) == {"meter_size"}
