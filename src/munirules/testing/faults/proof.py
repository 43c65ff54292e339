"""What needs no question to be judged: a fault that the loader refuses, and one that changes no provision on any day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from munirules.engine.enactment import EnactmentError
from munirules.engine.provisions import NotInForce, Timeline
from munirules.testing.faults.mutant import Mutant, Proof

if TYPE_CHECKING:
    from munirules.engine.rulebook import Rulebook

DAY = timedelta(days=1)


def proven(mutant: Mutant, rulebook: Rulebook) -> Proof | None:
    """Judge a mutant of an enactment without asking anything.

    Args:
        mutant: the mutant.
        rulebook: one whose chain has the enactment.

    Returns:
        `REFUSED` where the data are refused, `EQUIVALENT` where every provision stays as it is on every day, as known on
        every day; None where only an answer can tell.
    """
    for cls in mutant.classes:
        before = rulebook.timeline(cls, mutant.area, None)
        knowns = [None, *_known_days(before)] if mutant.operator == "promulgated" else [None]
        for known in knowns:
            own = before if known is None else rulebook.timeline(cls, mutant.area, known)
            with mutant.alive(rulebook):
                try:
                    after = rulebook.timeline(cls, mutant.area, known)
                except EnactmentError:
                    return Proof.REFUSED
                if not _same(own, after):
                    return None
    return Proof.EQUIVALENT


def _known_days(timeline: Timeline) -> list[date]:
    days = {entry.version.known_from for _, _, entry in timeline.said()}
    return sorted({day + shift for day in days for shift in (-DAY, timedelta(0))})


def _same(one: Timeline, other: Timeline) -> bool:
    """Whether two timelines say the same on every day, for contracts begun on every day."""
    days = [date.min, *map(date.fromordinal, sorted({*one.starts, *other.starts}))]
    begun = sorted({day - DAY for day in chain(_renewed(one), _renewed(other))})
    return all(_at(one, day, start) == _at(other, day, start) for start in (None, *begun) for day in days)


def _renewed(timeline: Timeline) -> Iterator[date]:
    for _, _, entry in timeline.said():
        if entry.version.continuing_since is not None:
            yield entry.version.since


def _at(timeline: Timeline, day: date, started: date | None) -> Any:
    try:
        return timeline.at(day, started).value
    except NotInForce:
        return None
