"""Kernels: every decision over columns answers as one case at a time does, bit for bit, failures included."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.tables.compare import check

from munirules import Rulebook
from munirules.engine.rulebook import UnknownDecision
from munirules.tables import TableError
from munirules.testing.strategies.asking import NoQuestions, questions

PLACES = ("岐阜市", "野辺地町", "下呂市", "可児市", "垂井町", "川口市", "飛騨市")
FICTIONAL = Path(__file__).parents[1] / "law" / "water" / "fictional"
FICTION = "架空市"
CASES = 60

IN_PYTHON = {
    "fees.kiosk": "holiday_on",
    "water.meter_slip": "decided about each part by itself",
    "water.contribution_plan": "as many values as a rule makes",
    "welfare.evacuation_support": "several values for each part",
}
"""Decisions that run in Python, and what of them does not lie in columns."""


@cache
def book_of(place):
    return Rulebook.of("999997", enactments=FICTIONAL) if place == FICTION else Rulebook.of(place)


def names():
    return sorted({decision.name for place in PLACES for decision in book_of(place).decisions()})


def drawn(book, decision):
    """The same questions every time."""
    found = []

    @seed(20261128)
    @settings(
        max_examples=CASES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(questions(book, decision))
    def draw(question):
        found.append(question)

    draw()
    return found


@pytest.mark.parametrize("name", names())
def test_columns_answer_as_one_case_at_a_time(name):
    for place in (*PLACES, FICTION):
        book = book_of(place)
        try:
            decision = book.decision(name)
            asked = drawn(book, decision)
        except (NoQuestions, UnknownDecision):
            continue
        if name in IN_PYTHON:
            with pytest.raises(TableError, match=IN_PYTHON[name]):
                check(book, decision, asked, engine="kernel")
            assert check(book, decision, asked, engine="auto").engine.kernel == 0
        else:
            check(book, decision, asked, engine="kernel")
        return
    pytest.fail(f"{name} is in force nowhere among {PLACES}")
