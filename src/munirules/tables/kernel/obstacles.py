"""What of a jurisdiction's own rules cannot be compiled, in plain words: for those who write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from munirules.engine.provisions import NotInForce
from munirules.tables.kernel.engine import Compiled
from munirules.tables.kernel.types import NotCompiled

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook


def obstacles(book: Rulebook, decision: Decision[Any, Any]) -> Iterator[str]:
    """Say for each state of the rules why a decision cannot be compiled; nothing where it can.

    Args:
        book: for whom.
        decision: the decision; all that it asks for counts as given.
    """
    told: set[str] = set()
    for day in decision_days(book, decision):
        given = frozenset(asked.fact.cls for asked in book.ask(decision, on=day))
        try:
            Compiled(book, decision, given, None).regime(day)
        except NotCompiled as error:
            if str(error) not in told:
                told.add(str(error))
                yield str(error)
        except NotInForce:
            continue


def decision_days(book: Rulebook, decision: Decision[Any, Any]) -> Iterator[date]:
    """A day of each state of a decision's rules, the latest first, on which law is in force."""
    regimes = book.area(decision.area).regimes(decision, None)
    seen: set[tuple[int, ...]] = set()
    for start in reversed(regimes.starts()):
        day = date.fromordinal(start)
        try:
            rules = tuple(id(step.rule) for step in regimes.at(day).wiring.steps.values())
        except NotInForce:
            continue
        if rules not in seen:
            seen.add(rules)
            yield day
