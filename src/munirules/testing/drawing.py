"""Questions for a comparison: drawn by Hypothesis from the declarations, then led to the edges of what rules compare."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from munirules.errors import MunirulesError
from munirules.models.declare import is_declared
from munirules.testing.question import Question, question_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook


def drawn(
    rulebook: Rulebook,
    decision: Decision[Any, Any],
    on: date | None,
    count: int,
    seed: int,
    given: Question | None = None,
) -> Collection[dict[str, Any]]:
    """Draw questions from the declarations, around the figures of the law; one seed gives one list.

    Args:
        rulebook: for whom.
        decision: what is asked.
        on: the date; None for all that the law covers.
        count: how many.
        seed: where chance begins.
        given: a question that lacks facts; its subject, and its facts about the whole, stay as they are.
    """
    if count < 1:
        return []
    import hypothesis as h

    from munirules.testing.strategies.asking import questions

    found: dict[str, dict[str, Any]] = {}
    drawing = questions(rulebook, decision, on)
    if given is not None:
        facts = {type(fact): h.strategies.just(fact) for fact in given.facts if is_declared(type(fact), "facts")}
        drawing = questions(rulebook, decision, on, subject=h.strategies.just(given.subject), facts=facts)

    @h.seed(seed)
    @h.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[h.Phase.generate],
        suppress_health_check=list(h.HealthCheck),
        verbosity=h.Verbosity.quiet,
    )
    @h.given(drawing)
    def gather(question: Question) -> None:
        request = question.as_request()
        found.setdefault(json.dumps(request, ensure_ascii=False, sort_keys=True), request)

    with _own_constants_only():
        gather()
    return found.values()


@contextmanager
def _own_constants_only() -> Iterator[None]:
    """Keep Hypothesis from drawing constants of whatever modules are imported by now: one seed gives one list."""
    from hypothesis.internal.conjecture import providers

    names = vars(providers)
    if "_get_local_constants" not in names:
        yield
        return
    names["CONSTANTS_CACHE"].cache.clear()
    try:
        with patch.dict(names, {"_get_local_constants": names["Constants"]}):
            yield
    finally:
        names["CONSTANTS_CACHE"].cache.clear()


def at_edges(
    rulebook: Rulebook, decision: Decision[Any, Any], requests: Sequence[Any], effort: int, seed: int
) -> list[dict[str, Any]]:
    """Questions at which rules turn: a threshold met, one below and one above, each outcome of each condition.

    Args:
        rulebook: for whom.
        decision: what is asked.
        requests: questions to begin with.
        effort: how many are tried on the way.
        seed: where chance begins.
    """
    from munirules.testing.search.search import Search

    search = Search(rulebook, decision, seed)
    search.add(question for request in requests for question in _read(rulebook, decision, request))
    search.run(effort)
    search.solve()
    return [found.question.as_request() for found in search.found]


def _read(rulebook: Rulebook, decision: Decision[Any, Any], request: Any) -> Iterator[Question]:
    try:
        yield question_of(rulebook, decision, request)
    except MunirulesError:
        return
