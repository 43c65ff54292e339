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
from munirules.models.declare import declaration, record_of
from munirules.models.fields import FieldError
from munirules.money import SEN_PER_YEN
from munirules.testing.strategies.pools import pool_of
from munirules.testing.strategies.values import HIGHEST, marks_of

if TYPE_CHECKING:
    from munirules.testing.properties.tried import Tried
    from munirules.testing.question import Question


def try_declared(tried: Tried, declared: Property) -> bool:
    """Try a declared property on a question.

    Returns:
        Whether it speaks of the question at all.

    Raises:
        Broken: when it does not hold.
    """
    trial, applied = _TRIALS[type(declared)], False
    for member in tried.members(declared.when):
        applied = trial(tried, declared, member) or applied
    return applied


def _told(tried: Tried, term: Term, value: int, member: str) -> str:
    """A term and what it comes to, as a clerk reads it."""
    amount = f"{value}"
    if isinstance(term, int) or tried.is_money(term, member):
        whole, rest = divmod(value, SEN_PER_YEN)
        amount = f"{whole:,}" + (f".{rest:02}" if rest else "") + "円" if not isinstance(term, int) else f"{term}"
    return f"{term} ({amount})" if not isinstance(term, int) else amount


def _pair(tried: Tried, field: str, term: Term, member: str) -> tuple[int, int] | None:
    """The value of a field, and what it is held against; None where one of them comes to nothing."""
    money = tried.is_money(field, member)
    value, other = tried.value(field, member, money=money), tried.value(term, member, money=money)
    return None if value is None or other is None else (value, other)


def _bound(tried: Tried, field: str, term: Term, member: str, *, most: bool) -> tuple[int, int] | None:
    """The value of a field and its bound: of a table's column, the largest or the smallest of its values."""
    pair = _pair(tried, field, term, member)
    if pair is None or isinstance(term, int):
        return pair
    if isinstance(term, str) and not term[:1].isupper():
        return pair
    cells = [cell for cell in tried.cells(term, member) if cell is not None]
    return pair[0], max(cells) if most else min(cells)


def _never_below(tried: Tried, declared: NeverBelow, member: str) -> bool:
    pair = _bound(tried, declared.field, declared.least, member, most=False)
    if pair is not None and pair[0] < pair[1]:
        told = _told(tried, declared.least, pair[1], member)
        _broken(tried, declared, member, f"{_told(tried, declared.field, pair[0], member)} is below {told}")
    return pair is not None


def _never_above(tried: Tried, declared: NeverAbove, member: str) -> bool:
    pair = _bound(tried, declared.field, declared.most, member, most=True)
    if pair is not None and pair[0] > pair[1]:
        told = _told(tried, declared.most, pair[1], member)
        _broken(tried, declared, member, f"{_told(tried, declared.field, pair[0], member)} is above {told}")
    return pair is not None


def _multiple_of(tried: Tried, declared: MultipleOf, member: str) -> bool:
    pair = _pair(tried, declared.field, declared.unit, member)
    if pair is None or not pair[1]:
        return False
    if pair[0] % pair[1]:
        told = _told(tried, declared.unit, pair[1], member)
        _broken(tried, declared, member, f"{_told(tried, declared.field, pair[0], member)} is no multiple of {told}")
    return True


def _parts_sum(tried: Tried, declared: PartsSum, member: str) -> bool:
    money = tried.is_money(declared.whole, member)
    whole = tried.value(declared.whole, member, money=money)
    terms = [*declared.parts, *declared.less]
    values = [tried.value(term, member, money=money) for term in terms]
    if whole is None or None in values:
        return False
    known = [value for value in values if value is not None]
    parts = len(declared.parts)
    if whole != sum(known[:parts]) - sum(known[parts:]):
        told = ", ".join(_told(tried, term, value, member) for term, value in zip(terms, known, strict=True))
        _broken(tried, declared, member, f"{_told(tried, declared.whole, whole, member)}, but {told}")
    return True


def _zero_below(tried: Tried, declared: ZeroBelow, member: str) -> bool:
    money = tried.is_money(declared.by, member)
    by, under = (tried.value(term, member, money=money) for term in (declared.by, declared.under))
    value = tried.value(declared.field, member, money=True)
    if by is None or under is None or value is None or by >= under:
        return False
    if value != 0:
        told = f"{_told(tried, declared.by, by, member)} is below {_told(tried, declared.under, under, member)}"
        _broken(tried, declared, member, f"{told}, but {_told(tried, declared.field, value, member)} is not 0")
    return True


def _equals(tried: Tried, declared: Equals, member: str) -> bool:
    other = tried.other(attrs.evolve(tried.question, decision=tried.rulebook.decision(declared.other)))
    theirs = other.results().get(member)
    if theirs is None:
        return False
    mine = tried.results()[member]
    for own, field in declared.fields:
        here, there = getattr(mine, own), getattr(theirs, field)
        if here != there:
            told = f"{own} is {here!r}, but {field} of {declared.other} is {there!r}"
            _broken(tried, declared, member, told, other.question)
    return True


def _monotone(tried: Tried, declared: Monotone, member: str) -> bool:
    applied = False
    for step in _steps(tried, declared.by, declared.field, declared.cliffs, member, anywhere=True):
        applied = True
        if (step.later > step.value) if declared.falling else (step.later < step.value):
            step.broken(tried, declared)
    return applied


def _no_jump(tried: Tried, declared: NoJump, member: str) -> bool:
    applied = False
    for step in _steps(tried, declared.by, declared.field, declared.cliffs, member, anywhere=False):
        bound = _most(tried, declared.at_most, member, money=tried.is_money(declared.field, member))
        applied = applied or bound is not None
        if bound is not None and abs(step.later - step.value) > bound:
            step.broken(tried, declared)
    return applied


def _most(tried: Tried, term: Term, member: str, *, money: bool) -> int | None:
    """The bound that a term gives: of a column, its largest value."""
    if isinstance(term, int):
        return tried.value(term, member, money=money)
    return max((cell for cell in tried.cells(term, member) if cell is not None), default=None)


def _months_sum(tried: Tried, declared: MonthsSum, member: str) -> bool:
    subject: Any = tried.question.subject
    months = getattr(subject, declared.months)
    whole = tried.value(declared.field, member, money=True)
    if months < 2 or whole is None:
        return False
    values, singles = [], []
    for index in range(months):
        shared = {name: _share(getattr(subject, name), months, index) for name in declared.shared}
        single = _changed(tried, subject, {declared.months: 1, **shared})
        value = None if single is None else single.value(declared.field, member, money=True)
        if single is None or value is None:
            return False
        values.append(value)
        singles.append(single.question)
    if sum(values) != whole:
        told = " + ".join(_told(tried, declared.field, value, member) for value in values)
        own = _told(tried, declared.field, whole, member)
        _broken(tried, declared, member, f"{own}, but its months {told}", *singles)
    return True


def _share(amount: int, months: int, index: int) -> int:
    return amount // months + (1 if index < amount % months else 0)


@attrs.frozen
class _Step:
    """A field's value before and after another field grew."""

    by: str
    field: str
    member: str
    low: int
    high: int
    before: Tried
    after: Tried
    value: int
    later: int

    def broken(self, tried: Tried, declared: Property) -> None:
        """Say that the step is one that may not be."""
        first = _told(self.before, self.field, self.value, self.member)
        second = _told(self.after, self.field, self.later, self.member)
        other = self.after if self.before is tried else self.before
        told = f"{self.by} {self.low} gives {first}, {self.high} gives {second}"
        _broken(tried, declared, self.member, told, other.question)


def _steps(
    tried: Tried, by: str, field: str, cliffs: Iterable[Term], member: str, *, anywhere: bool
) -> Iterator[_Step]:
    """How a field changes from the question to the same with another value of a field; not across a cliff."""
    for before, low, high, after in _neighbours(tried, by, anywhere=anywhere):
        if member not in before.results() or member not in after.results() or _crosses(before, cliffs, low, high):
            continue
        value, later = (each.value(field, member, money=True) for each in (before, after))
        if value is not None and later is not None:
            yield _Step(by, field, member, low, high, before, after, value, later)


def _crosses(tried: Tried, cliffs: Iterable[Term], low: int, high: int) -> bool:
    """Whether a cliff lies above one value and not above the other."""
    marks: list[int] = []
    for cliff in cliffs:
        if isinstance(cliff, int):
            marks.append(cliff)
        else:
            cells = [cell for member in tried.results() for cell in tried.cells(cliff, member)]
            marks.extend(cell for cell in cells if cell is not None)
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
    spec = declaration(cls).specs[field]
    if spec.kind not in HIGHEST:  # a flag, a choice
        return [value + 1]
    marks = marks_of(field, spec, pool_of(tried.rulebook, tried.question.decision, tried.question.on))
    below = [mark for mark in marks if mark < value][-1:]
    above = [mark for mark in marks if mark > value + 1][:1]
    return [value + 1, *below, *above, 2 * value + 2]


def _holders(tried: Tried, place: str) -> Iterator[tuple[Any, Callable[[Any], Question]]]:
    """The objects that have the field which is varied, and how the question is made with another in its place."""
    question = tried.question
    if not place:
        yield question.subject, lambda changed: attrs.evolve(question, subject=changed)
        return
    subject: Any = question.subject
    for name, annotation in declaration(type(subject)).types.items():
        record = record_of(annotation)
        if record is not None and record.__name__ == place:
            for index, part in enumerate(getattr(subject, name)):
                yield part, partial(_with_part, question, name, index)
    for index, fact in enumerate(question.facts):
        own = fact.facts if isinstance(fact, FactsOf) else (fact,)
        for inner, each in enumerate(own):
            if type(each).__name__ == place:
                yield each, partial(_with_fact, question, index, inner)


def _with_part(question: Question, name: str, index: int, changed: Any) -> Question:
    subject: Any = question.subject
    parts = list(getattr(subject, name))
    parts[index] = changed
    return attrs.evolve(question, subject=attrs.evolve(subject, **{name: tuple(parts)}))


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


_TRIALS: dict[type, Callable[[Tried, Any, str], bool]] = {
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
