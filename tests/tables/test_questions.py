"""Questions as tables and back: nothing is lost on the way, and every decision answers alike both ways."""

from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.tables.compare import check
from tests.tables.test_cases import bound

from munirules import Rulebook
from munirules.engine.bag import FactsOf, NoneOf, Provisional
from munirules.engine.request import read_request
from munirules.engine.rulebook import UnknownDecision
from munirules.tables import tables_from
from munirules.tables.objects import questions as rows_as_questions
from munirules.testing.strategies.asking import NoQuestions, questions

PLACES = ("岐阜市", "野辺地町", "下呂市", "可児市", "垂井町", "川口市", "飛騨市")
FICTIONAL = Path(__file__).parents[1] / "law" / "water" / "fictional"
DRAWN = 25


@cache
def books():
    return (*(Rulebook.of(place) for place in PLACES), Rulebook.of("999997", enactments=FICTIONAL))


@cache
def asked_of(name):
    """A rulebook in which a decision can be asked for, and questions about it, the same every time."""
    for book in books():
        with suppress(NoQuestions, UnknownDecision):
            return book, drawn(book, book.decision(name))
    raise AssertionError(f"no question about {name} can be drawn anywhere")


def drawn(book, decision):
    found = []

    @seed(20261127)
    @settings(
        max_examples=DRAWN,
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


def plain(fact):
    """A fact in a form that can be compared, whatever the order in which facts stand."""
    if isinstance(fact, Provisional):
        return ("not final", plain(fact.fact))
    if isinstance(fact, NoneOf):
        return ("none", fact.cls.__name__)
    return repr(fact)


def facts_in(facts):
    found = set()
    for fact in facts:
        own = fact.facts if isinstance(fact, FactsOf) else (fact,)
        part = fact.part if isinstance(fact, FactsOf) else None
        found.update((part, plain(each)) for each in own)
    return found


NAMES = sorted({decision.name for book in books() for decision in book.decisions()})


@pytest.mark.parametrize("nested", [False, True], ids=["tables", "lists"])
@pytest.mark.parametrize("name", NAMES)
def test_a_question_comes_back_as_it_was(name, nested):
    book, asked = asked_of(name)
    decision = book.decision(name)
    rows, _ = bound(book, decision, tables_from(book, decision, asked, nested=nested))
    for index, objects, place in rows_as_questions(rows, np.arange(rows.length)):
        request = read_request(book, decision, objects.question(place))
        assert request.subject == asked[index].subject
        assert facts_in(request.facts) == facts_in(asked[index].facts)


@pytest.mark.parametrize("name", NAMES)
def test_columns_answer_as_one_case_at_a_time(name):
    book, asked = asked_of(name)
    check(book, book.decision(name), asked, engine="python")
