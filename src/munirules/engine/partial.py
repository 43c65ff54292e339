"""Dates that are only partly known: a decision is made at their earliest and latest, and stands where one answer comes.

A field declared `day(…, partial=True)` may hold a partial date (`earliest`, `latest`); rules never see one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import product
from typing import Any

import attrs

from munirules.engine.generated import function
from munirules.engine.outcome import Outcome
from munirules.errors import MunirulesError
from munirules.models.declare import declaration, is_declared, record_of

MOST_DATES = 8


class AmbiguousDate(MunirulesError):
    """A partly known date leaves more than one answer."""


def has_partial(cls: type) -> bool:
    """Whether a subject class, or a part of it, has a date that may be partly known."""
    return any(_plan(cls))


def ends(subject: Any, on: date) -> list[Any] | None:
    """Every subject with each partly known date at its earliest and at its latest; None where all dates are known.

    A date that may lie after `on`, though it need not, is tried at `on`: what the question is about has happened.

    Raises:
        AmbiguousDate: when nothing is known of the earliest day, or more dates are partly known than can be tried.
    """
    cls: Any = type(subject)
    if _all_known(cls)(subject):
        return None
    found = list(_partials(subject))
    if len(found) > MOST_DATES:
        raise AmbiguousDate(f"{len(found)} dates are partly known; at most {MOST_DATES} can be tried at both ends")
    for _, _, name, value in found:
        if value.earliest is None:
            raise AmbiguousDate(
                f"{type(subject).__name__}: of {name} ({value}) no earliest day is known; give a day or an interval"
            )
    made = []
    for chosen in product(("earliest", "latest"), repeat=len(found)):
        end = subject
        for (field, index, name, value), which in zip(found, chosen, strict=True):
            latest = value.latest if value.latest is not None and value.latest <= on else max(on, value.earliest)
            end = _put(end, field, index, name, value.earliest if which == "earliest" else latest)
        made.append(end)
    return made


@cache
def _plan(cls: Any) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Partial dates of a class itself, and fields of its parts with theirs."""
    owner = declaration(cls)
    own = tuple(name for name, spec in owner.specs.items() if spec.partial)
    parts = []
    for name, annotation in owner.types.items():
        part = record_of(annotation)
        if part is not None and is_declared(part) and _plan(part)[0]:
            parts.append((name, _plan(part)[0]))
    return own, tuple(parts)


@cache
def _all_known(cls: Any) -> Callable[[Any], bool]:
    """A function that tells whether every date of a subject is known.

    It is asked before each decision, so its text names every field, as one would write it by hand for the class.
    """
    own, parts = _plan(cls)
    lines = [f"if {_unknown('subject', own)}: return False"] if own else []
    for field, names in parts:
        lines += [f"for part in subject.{field}:", f"    if {_unknown('part', names)}: return False"]
    source = "\n    ".join(["def all_known(subject):", *lines, "return True"])
    return function(source, "all_known", cls.__name__, {"date": date})


def _unknown(owner: str, names: Iterable[str]) -> str:
    return " or ".join(f"({owner}.{name} is not None and type({owner}.{name}) is not date)" for name in names)


def _partials(subject: Any) -> Iterator[tuple[str, int, str, Any]]:
    """Field of parts ("" for the subject itself), index of the part, name of the date, and the partial date."""
    cls: Any = type(subject)
    own, parts = _plan(cls)
    for name in own:
        value = getattr(subject, name)
        if value is not None and type(value) is not date:
            yield "", 0, name, value
    for field, names in parts:
        for index, part in enumerate(getattr(subject, field)):
            for name in names:
                value = getattr(part, name)
                if value is not None and type(value) is not date:
                    yield field, index, name, value


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
