"""Facts as a caller gives them, and the bag that programs look them up in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.outcome import Status
from munirules.engine.runtime import Bag, UnknownPart
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import declaration, is_declared, record_of, verify
from munirules.models.fields import told

if TYPE_CHECKING:
    from munirules.engine.decision import Decision


_DECIDED = Status.DECIDED  # looking a member up on the class takes longer than the rest of a fact


class FactError(MunirulesError, TypeError):
    """A fact that is no fact, is given twice, or is about somebody who is not there."""


@attrs.frozen
class NoneOf:
    """A fact given as none; made by `none_of`."""

    cls: type


@attrs.frozen
class FactsOf:
    """Facts about one part of the subject; made by `facts_of`."""

    part: str
    facts: tuple[object, ...]


@attrs.frozen
class OfDate:
    """A result of another date; made by `of_date`."""

    day: date
    result: object


@attrs.frozen
class Provisional:
    """A fact that is not final; made by `provisional`."""

    fact: object


def none_of(cls: type) -> NoneOf:
    """Say that there is no such fact (no disability, no spouse), which is another thing than not saying."""
    return NoneOf(cls)


def facts_of(part: str, *facts: object) -> FactsOf:
    """Give facts about one part of the subject, a member say, by its id."""
    return FactsOf(part, facts)


def of_date(day: date, result: object) -> OfDate:
    """Give another decision's result of another date: last year's assessment, where a rule asks for it with `at(…)`."""
    return OfDate(day, result)


def provisional(fact: object) -> Provisional:
    """Mark a fact as not final; the outcome's status is then `provisional`."""
    return Provisional(fact)


def bag_of(facts: Sequence[object], decision: Decision[Any, Any], subject: object) -> tuple[Bag, Status]:
    """Sort facts into a bag.

    Args:
        facts: as given to `decide`.
        decision: what they are for.
        subject: whose parts they may be about.

    Returns:
        The bag, and the status that a result gets (provisional where a fact is).

    Raises:
        FactError: for an object that is no fact, or one given twice.
        UnknownPart: for facts about a part that is not there.
    """
    bag: dict[Any, Any] = {}
    status = _DECIDED
    ids: dict[str, None] | None = None
    for fact in facts:
        if type(fact) is not FactsOf:
            status = _put(bag, fact, "", decision, subject, status)
            continue
        part = fact.part
        if ids is None:
            ids = _ids(subject)
        if part not in ids:
            near = f"{did_you_mean(part, ids)} (ids: {', '.join(ids)})"
            raise UnknownPart(f"facts of {part!r}: nobody has that id{near}")
        for own in fact.facts:
            status = _put(bag, own, part, decision, subject, status)
    return bag, status


@attrs.frozen
class _Kind:
    """What `_put` asks of a fact's class, looked up once: whether it is one of facts, or of a result, and whom it is about."""

    fact: bool
    result: bool
    about: type | None = None
    with_subject: bool = False


@cache
def _kind(cls: type) -> _Kind:
    if not is_declared(cls, "facts", "result"):
        return _Kind(fact=False, result=False)
    result = is_declared(cls, "result")
    return _Kind(
        fact=not result, result=result, about=declaration(cls).about, with_subject=hasattr(cls, "invariants_with")
    )


def _put(
    bag: dict[Any, Any], fact: object, part: str, decision: Decision[Any, Any], subject: object, status: Status
) -> Status:
    given: Any = type(fact)
    kind = _kind(given)
    if kind.fact and (part or kind.about is None):  # nearly every one
        if kind.with_subject:
            _fits(fact, subject)
        key: Any = (given, part) if part else given
        if key not in bag:
            bag[key] = fact
            return status
    if type(fact) is Provisional:
        fact, status = fact.fact, Status.PROVISIONAL
    day: tuple[date, ...] = ()
    if type(fact) is OfDate:
        day, fact = (fact.day,), fact.result
    cls: Any
    cls, value = (fact.cls, None) if type(fact) is NoneOf else (type(fact), fact)
    kind = _kind(cls)
    if day and not kind.result:
        raise FactError(
            f"of_date({day[0]}, {told(fact)}): only a decision's result is of a date; a fact of a year carries it"
        )
    if not (kind.fact or kind.result):
        raise FactError(
            f"{told(fact)} is not a fact of {decision.name}: it is no object of a class declared with @facts"
        )
    if value is not None and kind.result:
        verify(value)
    if part == "" and kind.about is not None:
        raise FactError(
            f"{cls.__name__} is about one {kind.about.__name__}; give it as facts_of(ID, {cls.__name__}(…))"
        )
    if value is not None and kind.with_subject:
        _fits(value, subject)
    key = (cls, part, *day) if part else (cls, *day) if day else cls
    if key in bag:
        raise FactError(f"{cls.__name__}{part and f' of {part!r}'} is given twice")
    bag[key] = value
    return status


def _fits(fact: Any, subject: object) -> None:
    problems = list(fact.invariants_with(subject))
    if problems:
        raise FactError("\n".join(f"{type(fact).__name__}.{problem}" for problem in problems))


@cache
def _parts(cls: Any) -> tuple[str, ...]:
    """Fields of a subject that hold parts with ids."""
    found = []
    for name, annotation in declaration(cls).types.items():
        record = record_of(annotation)
        if record is not None and is_declared(record) and "id" in declaration(record).specs:
            found.append(name)
    return tuple(found)


def _ids(subject: Any) -> dict[str, None]:
    cls: Any = type(subject)
    found: dict[str, None] = {}
    for name in _parts(cls):
        for part in getattr(subject, name):
            found[part.id] = None
    return found
