"""Dates at which law begins, changes and ends: the stretches within which one set of rules and figures serves.

A decision's law is its rules, the provisions that they ask for, and the same of every decision it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import attrs

from munirules.engine.provisions import NotInForce
from munirules.engine.regimes import FIRST

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook
    from munirules.engine.steps import Wiring

DAY = timedelta(days=1)


@attrs.frozen
class Span:
    """Days on which all law that a decision rests on is in force and none of it changes.

    Attributes:
        first: its first day; `date.min` where nothing began.
        last: its last day; None where nothing ends it.
    """

    first: date
    last: date | None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        start = "always" if self.first == FIRST else f"{self.first}"
        return f"{start} to {self.last}" if self.last else f"{start} onwards"


_spans: WeakKeyDictionary[Rulebook, dict[str, tuple[Span, ...]]] = WeakKeyDictionary()


def spans(rulebook: Rulebook, decision: Decision[Any, Any]) -> tuple[Span, ...]:
    """The stretches of days that are covered, in order; none where no date is.

    Args:
        rulebook: for whom.
        decision: the decision.
    """
    cache = _spans.setdefault(rulebook, {})
    if decision.name not in cache:
        days = sorted({FIRST, *changes(rulebook, decision)})
        found = [Span(first, after - DAY) for first, after in pairwise(days)] + [Span(days[-1], None)]
        cache[decision.name] = tuple(span for span in found if not uncovered(rulebook, decision, span.first))
    return cache[decision.name]


def changes(rulebook: Rulebook, decision: Decision[Any, Any]) -> list[date]:
    """Every day on which law that the decision rests on begins, changes, or has just ended."""
    found: set[date] = set()
    for own in chain_of(rulebook, decision):
        area = rulebook.area(own.area)
        regimes = area.regimes(own, None)
        rules = [*own.rules, *(rule for rules in area.replaced(own) for rule in rules)]
        for rule in rules:
            found.update(filter(None, (rule.since, rule.until and rule.until + DAY)))
        for link in area.chain:
            found.update(filter(None, (link.since, link.until and link.until + DAY)))
        for day in regimes.rule_days():
            for _, need in area.wiring(own, day, None).needs("provision"):
                found.update(map(date.fromordinal, regimes.timeline(need.cls).starts))
    return sorted(found)


def chain_of(rulebook: Rulebook, decision: Decision[Any, Any]) -> list[Decision[Any, Any]]:
    """A decision and every other that it rests on at some date, itself first."""
    found = [decision]
    for own in found:
        others = (other for _, other in rulebook.area(own.area).rests_on(own))
        found.extend(other for other in dict.fromkeys(others) if other not in found)
    return found


def uncovered(rulebook: Rulebook, decision: Decision[Any, Any], day: date, *, continuing: bool = False) -> str:
    """Why law that the decision rests on is not in force on a day; empty where all of it is.

    Args:
        rulebook: for whom.
        decision: the decision.
        day: the day.
        continuing: for contracts begun long ago, which a new tariff may reach later.
    """
    return next(_missing(rulebook, decision, day, set(), continuing=continuing), "")


def _missing(
    rulebook: Rulebook, decision: Decision[Any, Any], day: date, seen: set[str], *, continuing: bool
) -> Iterator[str]:
    seen.add(decision.name)
    area = rulebook.area(decision.area)
    try:
        wiring = area.wiring(decision, day, None)
    except NotInForce as error:
        yield str(error)
        return
    for _, need in wiring.needs("provision"):
        try:
            started = FIRST if continuing and need.at is not None and need.at.started else None
            rulebook.timeline(need.cls, decision.area, None).at(day, started)
        except NotInForce as error:
            yield str(error)
    for other in _decided(rulebook, wiring):
        if other.name not in seen:
            yield from _missing(rulebook, other, day, seen, continuing=continuing)


def _decided(rulebook: Rulebook, wiring: Wiring) -> Iterator[Decision[Any, Any]]:
    for cls in wiring.decided:
        other = rulebook.decider(cls)
        if other is not None:
            yield other
