"""Facts as a caller gives them, and the bag that programs look them up in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.outcome import Status
from munirules.engine.runtime import Bag, UnknownPart
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import declaration, is_declared, verify
from munirules.models.fields import told

if TYPE_CHECKING:
    from munirules.engine.decision import Decision


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
class Provisional:
    """A fact that is not final; made by `provisional`."""

    fact: object


def none_of(cls: type) -> NoneOf:
    """Say that there is no such fact (no disability, no spouse), which is another thing than not saying."""
    return NoneOf(cls)


def facts_of(part: str, *facts: object) -> FactsOf:
    """Give facts about one part of the subject, a member say, by its id."""
    return FactsOf(part, facts)


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
    status = Status.DECIDED
    for fact in facts:
        if isinstance(fact, FactsOf):
            _known_part(fact.part, subject)
            for own in fact.facts:
                status = _put(bag, own, fact.part, decision, subject, status)
        else:
            status = _put(bag, fact, "", decision, subject, status)
    return bag, status


def _put(
    bag: dict[Any, Any], fact: object, part: str, decision: Decision[Any, Any], subject: object, status: Status
) -> Status:
    if isinstance(fact, Provisional):
        fact, status = fact.fact, Status.PROVISIONAL
    cls, value = (fact.cls, None) if isinstance(fact, NoneOf) else (type(fact), fact)
    if not is_declared(cls, "facts", "result"):
        raise FactError(
            f"{told(fact)} is not a fact of {decision.name}: it is no object of a class declared with @facts"
        )
    if declaration(cls).kind == "result" and value is not None:
        verify(value)
    about = declaration(cls).about
    if part == "" and about is not None:
        raise FactError(f"{cls.__name__} is about one {about.__name__}; give it as facts_of(ID, {cls.__name__}(…))")
    key = (cls, part) if part else cls
    if hasattr(value, "invariants_with"):
        problems = list(value.invariants_with(subject))
        if problems:
            raise FactError("\n".join(f"{cls.__name__}.{problem}" for problem in problems))
    if key in bag:
        raise FactError(f"{cls.__name__}{part and f' of {part!r}'} is given twice")
    bag[key] = value
    return status


def _known_part(part: str, subject: object) -> None:
    values = [getattr(subject, name) for name in declaration(type(subject)).specs]
    ids = [item.id for value in values if isinstance(value, tuple) for item in value if hasattr(item, "id")]
    if part not in ids:
        raise UnknownPart(f"facts of {part!r}: nobody has that id{did_you_mean(part, ids)} (ids: {', '.join(ids)})")
