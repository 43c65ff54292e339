"""The properties that authors declare (`munirules.engine.holds`), tried on a question.

Where one takes them it is tried on neighbours too: the same question with one field changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.bag import FactsOf
from munirules.engine.holds import (
    Equals,
    Figure,
    Monotone,
    MonthsSum,
    MultipleOf,
    NeverAbove,
    NeverBelow,
    NoJump,
    PartsSum,
    Property,
    Term,
    ZeroBelow,
)
from munirules.models.declare import declaration
from munirules.models.fields import FieldError
from munirules.money import SEN_PER_YEN
from munirules.testing.strategies.pools import pool_of
from munirules.testing.strategies.values import marks_of

if TYPE_CHECKING:
    from munirules.testing.properties.tried import Tried
    from munirules.testing.question import Question


def try_declared(tried: Tried, declared: Property) -> None:
    """Try a declared property on a question; one that it does not speak of passes.

    Raises:
        Broken: when it does not hold.
    """
    if tried.applies(declared.when):
        _TRIALS[type(declared)](tried, declared)


def _told(tried: Tried, term: Term, value: int, member: str) -> str:
    """A term and what it comes to, as a clerk reads it."""
    amount = f"{value}"
    if isinstance(term, int) or tried.is_money(term, member):
        whole, rest = divmod(value, SEN_PER_YEN)
        amount = f"{whole:,}" + (f".{rest:02}" if rest else "") + "円" if not isinstance(term, int) else f"{term}"
    return f"{term} ({amount})" if not isinstance(term, int) else amount


def _never_below(tried: Tried, declared: NeverBelow) -> None:
    for member, value, bound in _pairs(tried, declared.field, declared.least):
        if value < bound:
            _broken(
                tried,
                declared,
                member,
                f"{_told(tried, declared.field, value, member)} is below {_told(tried, declared.least, bound, member)}",
            )


def _never_above(tried: Tried, declared: NeverAbove) -> None:
    for member, value, bound in _pairs(tried, declared.field, declared.most):
        if value > bound:
            _broken(
                tried,
                declared,
                member,
                f"{_told(tried, declared.field, value, member)} is above {_told(tried, declared.most, bound, member)}",
            )


def _multiple_of(tried: Tried, declared: MultipleOf) -> None:
    for member, value, unit in _pairs(tried, declared.field, declared.unit):
        if unit and value % unit:
            _broken(
                tried,
                declared,
                member,
                f"{_told(tried, declared.field, value, member)} is no multiple of "
                f"{_told(tried, declared.unit, unit, member)}",
            )


def _pairs(tried: Tried, field: str, term: Term) -> Iterator[tuple[str, int, int]]:
    """For each result: the value of a field, and what it is held against; those that come to nothing are left out."""
    for member in tried.results():
        money = tried.is_money(field, member)
        value, other = tried.value(field, member, money=money), tried.value(term, member, money=money)
        if value is not None and other is not None:
            yield member, value, other


def _parts_sum(tried: Tried, declared: PartsSum) -> None:
    for member in tried.results():
        money = tried.is_money(declared.whole, member)
        whole = tried.value(declared.whole, member, money=money)
        parts = [tried.value(part, member, money=money) for part in declared.parts]
        less = [tried.value(part, member, money=money) for part in declared.less]
        if whole is None or None in (*parts, *less):
            continue
        total = sum(part for part in parts if part is not None) - sum(part for part in less if part is not None)
        if whole != total:
            terms = [*zip(declared.parts, parts, strict=True), *zip(declared.less, less, strict=True)]
            told = ", ".join(_told(tried, term, part, member) for term, part in terms if part is not None)
            _broken(tried, declared, member, f"{_told(tried, declared.whole, whole, member)}, but {told}")


def _zero_below(tried: Tried, declared: ZeroBelow) -> None:
    for member, value, _ in _pairs(tried, declared.field, 0):
        money = tried.is_money(declared.by, member)
        by, under = (tried.value(term, member, money=money) for term in (declared.by, declared.under))
        if by is not None and under is not None and by < under and value != 0:
            told = f"{_told(tried, declared.by, by, member)} is below {_told(tried, declared.under, under, member)}"
            _broken(tried, declared, member, f"{told}, but {_told(tried, declared.field, value, member)} is not 0")


def _equals(tried: Tried, declared: Equals) -> None:
    book, question = tried.rulebook, tried.question
    other = tried.other(attrs.evolve(question, decision=book.decision(declared.other)))
    mine, theirs = tried.results(), other.results()
    for member in mine.keys() & theirs.keys():
        for own, field in declared.fields:
            here, there = getattr(mine[member], own), getattr(theirs[member], field)
            if here != there:
                told = f"{own} is {here!r}, but {field} of {declared.other} is {there!r}"
                _broken(tried, declared, member, told, other.question)


def _monotone(tried: Tried, declared: Monotone) -> None:
    for before, low, high, after in _neighbours(tried, declared.by, anywhere=True):
        if _crosses(before, declared.cliffs, low, high):
            continue
        for member, value, later in _both(before, after, declared.field):
            if (later > value) if declared.falling else (later < value):
                told = f"{declared.by} {low} gives {_told(before, declared.field, value, member)}, "
                _broken(
                    tried,
                    declared,
                    member,
                    f"{told}{high} gives {_told(after, declared.field, later, member)}",
                    before.question if before is not tried else after.question,
                )


def _no_jump(tried: Tried, declared: NoJump) -> None:
    for before, low, high, after in _neighbours(tried, declared.by, anywhere=False):
        if _crosses(before, declared.cliffs, low, high):
            continue
        for member, value, later in _both(before, after, declared.field):
            bound = before.value(declared.at_most, member, money=before.is_money(declared.field, member))
            if bound is not None and abs(later - value) > bound:
                told = f"{declared.by} {low} gives {_told(before, declared.field, value, member)}, "
                _broken(
                    tried,
                    declared,
                    member,
                    f"{told}{high} gives {_told(after, declared.field, later, member)}",
                    before.question if before is not tried else after.question,
                )


def _months_sum(tried: Tried, declared: MonthsSum) -> None:
    subject: Any = tried.question.subject
    months = getattr(subject, declared.months)
    if months < 2 or not tried.results():
        return
    singles = []
    for index in range(months):
        shared = {name: _share(getattr(subject, name), months, index) for name in declared.shared}
        singles.append(_changed(tried, subject, {declared.months: 1, **shared}))
    if None in singles:
        return
    for member, whole, _ in _pairs(tried, declared.field, 0):
        values = [one.value(declared.field, member, money=True) for one in singles if one is not None]
        if None not in values and sum(value for value in values if value is not None) != whole:
            told = " + ".join(f"{value}" for value in values)
            _broken(
                tried,
                declared,
                member,
                f"{_told(tried, declared.field, whole, member)}, but its months {told}",
                *(one.question for one in singles if one is not None),
            )


def _share(amount: int, months: int, index: int) -> int:
    return amount // months + (1 if index < amount % months else 0)


def _both(before: Tried, after: Tried, field: str) -> Iterator[tuple[str, int, int]]:
    for member in before.results().keys() & after.results().keys():
        values = [each.value(field, member, money=True) for each in (before, after)]
        if values[0] is not None and values[1] is not None:
            yield member, values[0], values[1]


def _crosses(tried: Tried, cliffs: Iterable[Term], low: int, high: int) -> bool:
    """Whether a cliff lies above one value and not above the other."""
    marks: list[int] = []
    for cliff in cliffs:
        marks.extend(tried.figures(cliff) if isinstance(cliff, Figure) else [cliff] if isinstance(cliff, int) else [])
        if isinstance(cliff, str):
            marks.extend(v for member in tried.results() if (v := tried.value(cliff, member, money=False)) is not None)
    return any(low < mark <= high for mark in marks)


def _neighbours(tried: Tried, by: str, *, anywhere: bool) -> Iterator[tuple[Tried, int, int, Tried]]:
    """The question beside the same with another value of a field, the lower one first, each with what it has of it.

    Other values are one more and, `anywhere`, the thresholds next below and above, and twice as much.
    """
    if not tried.results():
        return
    place, _, field = by.rpartition(".")
    for owner, rebuild in _holders(tried, place):
        value = getattr(owner, field)
        if not isinstance(value, int):
            continue
        for other in _values(tried, type(owner), field, value) if anywhere else [value + 1]:
            try:
                beside = tried.other(rebuild(attrs.evolve(owner, **{field: type(value)(other)})))
            except (FieldError, ValueError):  # past the field's bounds, or against an invariant of its class
                continue
            if beside.results():
                yield (tried, value, other, beside) if value < other else (beside, other, value, tried)


def _values(tried: Tried, cls: type, field: str, value: int) -> list[int]:
    pool = pool_of(tried.rulebook, tried.question.decision, tried.question.on)
    marks = marks_of(field, declaration(cls).specs[field], pool)
    below = [mark for mark in marks if mark < value][-1:]
    above = [mark for mark in marks if mark > value + 1][:1]
    return [value + 1, *below, *above, 2 * value + 2]


def _holders(tried: Tried, place: str) -> Iterator[tuple[Any, Callable[[Any], Question]]]:
    """The objects that have the field which is varied, and how the question is made with another in its place."""
    question = tried.question
    if not place:
        yield question.subject, lambda changed: attrs.evolve(question, subject=changed)
        return
    for index, fact in enumerate(question.facts):
        own = fact.facts if isinstance(fact, FactsOf) else (fact,)
        for inner, each in enumerate(own):
            if type(each).__name__ == place:
                yield each, partial(_with_fact, question, index, inner)


def _with_fact(question: Question, index: int, inner: int, changed: Any) -> Question:
    facts = list(question.facts)
    old = facts[index]
    if isinstance(old, FactsOf):
        own = list(old.facts)
        own[inner] = changed
        changed = attrs.evolve(old, facts=tuple(own))
    facts[index] = changed
    return attrs.evolve(question, facts=tuple(facts))


def _changed(tried: Tried, subject: Any, changes: dict[str, Any]) -> Tried | None:
    """The question about a changed subject; None where there is no such subject."""
    try:
        return tried.other(attrs.evolve(tried.question, subject=attrs.evolve(subject, **changes)))
    except FieldError:
        return None


def _broken(tried: Tried, declared: Property, member: str, told: str, *more: Question) -> None:
    whose = f"{member}: " if member else ""
    because = f" ({declared.because})" if declared.because else ""
    tried.fail(f"{declared}", f"{whose}{told}{because}", *more)


_TRIALS: dict[type, Callable[[Tried, Any], None]] = {
    NeverBelow: _never_below,
    NeverAbove: _never_above,
    MultipleOf: _multiple_of,
    PartsSum: _parts_sum,
    ZeroBelow: _zero_below,
    Equals: _equals,
    Monotone: _monotone,
    NoJump: _no_jump,
    MonthsSum: _months_sum,
}
