"""Dates that are only partly known: a decision is made at their earliest and latest, and stands where one answer comes.

A field declared `day(…, partial=True)` may hold a partial date (`earliest`, `latest`); rules never see one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import attrs

from munirules.engine.outcome import Outcome
from munirules.errors import MunirulesError
from munirules.models.declare import declaration, is_declared, record_of

MOST_DATES = 8


class AmbiguousDate(MunirulesError):
    """A partly known date leaves more than one answer."""


def has_partial(cls: type) -> bool:
    """Whether a subject class, or a part of it, has a date that may be partly known."""
    owner = declaration(cls)
    if any(spec.partial for spec in owner.specs.values()):
        return True
    parts = [record_of(annotation) for annotation in owner.types.values()]
    return any(part is not None and is_declared(part) and has_partial(part) for part in parts)


def ends(subject: Any) -> list[Any] | None:
    """Every subject with each partly known date at its earliest and at its latest; None where all dates are known.

    Raises:
        AmbiguousDate: when more dates are partly known than can be tried.
    """
    found = list(_partials(subject))
    if not found:
        return None
    if len(found) > MOST_DATES:
        raise AmbiguousDate(f"{len(found)} dates are partly known; at most {MOST_DATES} can be tried at both ends")
    made = []
    for chosen in product(("earliest", "latest"), repeat=len(found)):
        end = subject
        for (field, index, name, value), which in zip(found, chosen, strict=True):
            end = _put(end, field, index, name, getattr(value, which))
        made.append(end)
    return made


def _partials(subject: Any) -> Iterator[tuple[str, int, str, Any]]:
    """Field of parts ("" for the subject itself), index of the part, name of the date, and the partial date."""
    for name, spec in declaration(type(subject)).specs.items():
        value = getattr(subject, name)
        if spec.partial and hasattr(value, "earliest"):
            yield "", 0, name, value
        if isinstance(value, tuple):
            for index, part in enumerate(value):
                if is_declared(type(part)):
                    yield from ((name, index, inner, date) for _, _, inner, date in _partials(part))


def _put(subject: Any, field: str, index: int, name: str, value: Any) -> Any:
    if not field:
        return attrs.evolve(subject, **{name: value})
    parts = list(getattr(subject, field))
    parts[index] = attrs.evolve(parts[index], **{name: value})
    return attrs.evolve(subject, **{field: tuple(parts)})


def one_answer(outcomes: Sequence[Outcome[Any]]) -> Outcome[Any]:
    """Return the one answer that all outcomes give.

    Raises:
        AmbiguousDate: showing two that differ.
    """
    first = outcomes[0]
    for other in outcomes[1:]:
        if (other.status, other.reason, other.answer) != (first.status, first.reason, first.answer):
            raise AmbiguousDate(
                f"{first.decision.name}: a partly known date leaves more than one answer: {first!r} or {other!r}"
            )
    return first
