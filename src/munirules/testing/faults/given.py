"""What a question was answered from: the blocks of rules that ran and the figures that they were given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from munirules.errors import MunirulesError
from munirules.models.declare import is_declared

if TYPE_CHECKING:
    from munirules.engine.outcome import TraceStep
    from munirules.engine.rulebook import Rulebook
    from munirules.testing.question import Question


class Said(NamedTuple):
    """Where a figure stands: file of the enactment, number of the version, provision class, field."""

    file: str
    version: int
    provision: str
    field: str


def figures_given(rulebook: Rulebook, question: Question, known: date | None = None) -> frozenset[Said] | None:
    """The figures that the rules were given on the way to an answer; None where there was no way (not in force)."""
    try:
        outcome = rulebook.decide(
            question.decision, question.subject, *question.facts, on=question.on, known=known, trace=True
        )
        steps = outcome.trace
    except MunirulesError:
        return None
    found: set[Said] = set()
    _collect(rulebook, steps, known, found)
    return frozenset(found)


def _collect(rulebook: Rulebook, steps: Iterable[TraceStep], known: date | None, found: set[Said]) -> None:
    for step in steps:
        area = step.decision.partition(".")[0]
        for given in step.given:
            cls = type(given.value)
            if given.kind != "provision" or not is_declared(cls, "provision"):
                continue
            section = rulebook.timeline(cls, area, known).section_of(given.value)
            for field, entry in section.origins.items() if section is not None else ():
                number = next(i for i, version in enumerate(entry.enactment.versions) if version is entry.version)
                found.add(Said(entry.enactment.file, number, cls.__name__, field))
        _collect(rulebook, step.steps, known, found)
