"""What generated programs call beside the rules: facts fetched, places made, values spread over parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, TypeAlias
from weakref import WeakSet

from munirules.engine.decision import Refusal
from munirules.engine.parts import NOBODY, Place, SparseValues, Values
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import Declaration, declaration

MISSING: Final = object()
Bag: TypeAlias = Mapping[Any, Any]
"""Facts by class; those of a part by (class, id). A fact given as none is None."""


class Kept:
    """What a program keeps of a rule that rests on the date and the law alone: the last date, and its value."""

    __slots__ = ("__weakref__", "last")

    def __init__(self) -> None:
        self.last: tuple[date | None, Any] = (None, None)
        _kept.add(self)


_kept: WeakSet[Kept] = WeakSet()


def forget_kept() -> None:
    """Let every program ask its rules anew: for who runs other code in their place."""
    for own in _kept:
        own.last = (None, None)


class MissingFact(MunirulesError):
    """Facts that rules ask for and that were not given, or were given as none where the rule needs one.

    Attributes:
        facts: the declaration of each, with the id of the part it is about (empty for the subject).
    """

    def __init__(self, message: str, facts: Sequence[tuple[Declaration, str]]) -> None:
        super().__init__(message)
        self.facts = tuple(facts)


class UnknownPart(MunirulesError):
    """An id that no part of the subject has, or that two have."""


class Tape:
    """What a traced run records: every rule called, in order, and every other decision, with the step it came before."""

    __slots__ = ("calls", "current", "notes", "steps")

    def __init__(self, notes: list[Any]) -> None:
        self.notes = notes
        self.steps: list[tuple[str, int | None, Any, tuple[Any, ...], tuple[Any, ...]]] = []
        self.calls: list[tuple[int, Any]] = []
        self.current: tuple[str, int | None, tuple[Any, ...]] | None = None

    def call(self, name: str, place: int | None, fn: Callable[..., Any], *args: Any) -> Any:
        """Call a rule and record what it was given, what it noted and what it answered."""
        self.current = (name, place, args)
        mark = len(self.notes)
        try:
            value = fn(*args)
        except Refusal as refusal:  # the step that refuses belongs to the explanation
            self.steps.append((name, place, refusal.reason, args, tuple(self.notes[mark:])))
            raise
        self.current = None
        self.steps.append((name, place, value, args, tuple(self.notes[mark:])))
        return value


@lru_cache(maxsize=256)
def places(number: int) -> tuple[Place, ...]:
    """The places of so many parts."""
    return tuple(Place(index) for index in range(number))


def ids_of(parts: Sequence[Any]) -> dict[str, Place]:
    """Ids of parts to their places.

    Raises:
        UnknownPart: when two parts have one id.
    """
    found = dict(zip([part.id for part in parts], places(len(parts)), strict=True))
    if len(found) != len(parts):
        ids = [part.id for part in parts]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        raise UnknownPart(
            f"{type(parts[0]).__name__}.id: {', '.join(map(repr, twice))} stands twice; ids tell parts apart"
        )
    return found


def reference(ids: Mapping[str, Place], part: Any, field: str) -> Place:
    """The place that a part's reference field points to; `NOBODY` where it is None.

    Raises:
        UnknownPart: when no part has that id.
    """
    target = getattr(part, field)
    if target is None:
        return NOBODY
    if target not in ids:
        raise UnknownPart(
            f"{type(part).__name__} {part.id!r}: {field} is {target!r}, which no part has{did_you_mean(target, ids)} "
            f"(ids: {', '.join(ids)})"
        )
    return ids[target]


def gather(bag: Bag, cls: type, parts: Sequence[Any], none_allowed: object, missing: list[Any]) -> list[Any]:
    """Fetch a fact for each of some parts; what is missing is appended to `missing`."""
    found = []
    for part in parts:
        value = bag.get((cls, part.id), MISSING)
        if value is MISSING or (value is None and not none_allowed):
            missing.append((cls, part.id, value))
        found.append(value)
    return found


def supplied(bag: Bag, asked: Any, parts: Sequence[Any]) -> list[Any] | None:
    """Another decision's results for all parts, or None where none was supplied.

    Args:
        bag: the facts.
        asked: the result class; with a date, (class, date).
        parts: the parts.

    Raises:
        MissingFact: when some parts have one and others not.
    """
    cls, *day = asked if isinstance(asked, tuple) else (asked,)
    found = [bag.get((cls, part.id, *day), MISSING) for part in parts]
    if all(value is MISSING for value in found):
        return None
    without = [part.id for part, value in zip(parts, found, strict=True) if value is MISSING]
    if without:
        raise MissingFact(
            f"{cls.__name__} is supplied for some and not for {', '.join(without)}; supply it for all or for none "
            f"(none_of({cls.__name__}) for those it does not concern)",
            [(declaration(cls), name) for name in without],
        )
    return found


def concerned(values: Sequence[Any], over: Sequence[int]) -> Values[Any]:
    """The `Each` of another decision's results: only those that it concerned, the others are not among them."""
    there = [index for index in over if values[index] is not None]
    if len(there) == len(values):
        return Values(values)
    return SparseValues.at_places([values[index] for index in there], there)


def spread(number: int, values: Sequence[Any], over: Sequence[int]) -> list[Any]:
    """Put values at their places, leaving holes for parts that were spared."""
    found: list[Any] = [None] * number
    for index, value in zip(over, values, strict=True):
        found[index] = value
    return found
