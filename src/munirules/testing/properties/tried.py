"""One question that properties are tried on: its answers, worked out once, and what a term of a property comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, get_args, get_type_hints

import attrs

from munirules.engine.holds import Figure, Term, When
from munirules.models.declare import alternatives, declaration, is_declared, item_spec, record_of
from munirules.models.fields import Spec
from munirules.models.read import write
from munirules.money import SEN_PER_YEN

if TYPE_CHECKING:
    from munirules.engine.outcome import TraceStep
    from munirules.engine.rulebook import Rulebook
    from munirules.testing.question import Answer, Question

WHOLE = ""
"""In place of a member's id: the answer is for the subject as a whole."""


class Broken(AssertionError):
    """A property that does not hold.

    Attributes:
        name: the property.
        told: what was found, in words.
        questions: the questions that show it, the drawn one first.
    """

    def __init__(self, name: str, told: str, questions: Sequence[Question]) -> None:
        super().__init__(f"{name}: {told}")
        self.name = name
        self.told = told
        self.questions = tuple(questions)


@attrs.frozen(slots=False, eq=False)
class Tried:
    """A question for a rulebook, and what comes of it.

    Attributes:
        rulebook: for whom it is asked.
        question: the question.
    """

    rulebook: Rulebook
    question: Question

    @cached_property
    def answer(self) -> Answer:
        """The answer."""
        return self.question.answer(self.rulebook)

    @cached_property
    def explained(self) -> Answer:
        """The answer of a run that records its trace."""
        return self.question.answer(self.rulebook, trace=True)

    @cached_property
    def trace(self) -> tuple[TraceStep, ...]:
        """Every step of that run; none where it raised an error."""
        return self.explained.outcome.trace if self.explained.outcome is not None else ()

    def other(self, question: Question) -> Tried:
        """Another question, tried alike."""
        return Tried(self.rulebook, question)

    def fail(self, name: str, told: str, *more: Question) -> NoReturn:
        """Say that a property does not hold.

        Raises:
            Broken: always.
        """
        raise Broken(name, told, (self.question, *more))

    def results(self) -> Mapping[str, Any]:
        """The result object by member id, or that of the whole; none where there is none."""
        outcome = self.answer.outcome
        if outcome is None or not outcome.decided:
            return {}
        if outcome.decision.member is None:
            return {WHOLE: outcome.answer}
        answers: Any = outcome.answer
        return dict(zip(outcome.members, answers, strict=True))

    def members(self, when: When) -> list[str]:
        """The members, or `WHOLE`, of whose answers a property speaks."""
        if callable(when):
            return list(self.results()) if when(self.question.subject) else []
        return [member for member in self.results() if self._meets(when or {}, member)]

    def _meets(self, when: Mapping[str, Any], member: str) -> bool:
        """Whether fields of the subject, the result, a fact or a provision have the values that a property names."""
        return all(self._holds(term, member, wanted) for term, wanted in when.items())

    def _holds(self, term: str, member: str, wanted: Any) -> bool:
        name, _, column = term.partition(".")
        for owner in (self.question.subject, self.results()[member]):
            if name in declaration(type(owner)).specs:
                return bool(write(getattr(owner, name)) == wanted)
        found = [write(getattr(item, part)) for item, part in self._told_by(name, column, member)]
        return bool(found) and all(value == wanted for value in found)

    def _told_by(self, name: str, path: str, member: str) -> Iterator[tuple[Any, str]]:
        """Objects of the class of a name that the rules were given, or that stand in the subject, and the field meant."""
        field, _, column = path.partition(".")
        for item in self.objects(name, member):
            if column:
                yield from ((row, column) for row in getattr(item, field))
            else:
                yield item, field

    def objects(self, name: str, member: str = WHOLE) -> list[Any]:
        """Facts, results of other decisions and provisions of the class of a name, each once: those of a member or the whole."""
        found: dict[int, Any] = {}
        for step in _all(self.trace):
            for given in step.given:
                if getattr(given.cls, "__name__", "") == name and (member == WHOLE or step.part in ("", member)):
                    values = given.value if isinstance(given.value, tuple) else (given.value,)
                    found.update({id(value): value for value in values if value is not None})
        return list(found.values())

    def value(self, term: Term, member: str, *, money: bool) -> int | None:
        """What a term comes to, amounts in sen; None where it does not come to anything here.

        Args:
            term: the term.
            member: id of the member whose answer is looked at; `WHOLE` for the whole.
            money: whether a plain number means yen.
        """
        if isinstance(term, int):
            return term * SEN_PER_YEN if money else term
        found = self.cells(term, member)
        return None if not found or None in found else sum(value for value in found if value is not None)

    def cells(self, term: str | Figure, member: str) -> list[int | None]:
        """The values that a term stands for: one of a field, or those of a column; amounts in sen, dates as day numbers."""
        if isinstance(term, Figure):
            return [cell for item in self.objects(term.cls.__name__) for cell in _cells(item, term.field)]
        name, _, path = term.partition(".")
        for owner in (self.results().get(member), self.question.subject):
            if owner is not None and name in declaration(type(owner)).specs:
                return list(_cells(owner, term)) or [0]
        if steps := self._steps(term, member):
            return [_number(step.value) if step.currency is None else _sen(step) for step in steps]
        return [cell for item in self.objects(name, member) for cell in _cells(item, path)] if path else []

    def is_money(self, term: Term, member: str) -> bool:
        """Whether a term is an amount."""
        if isinstance(term, int):
            return False
        if isinstance(term, Figure):
            return _money(_spec(term.cls, term.field))
        name, _, _ = term.partition(".")
        for owner in (self.question.decision.result, type(self.question.subject)):
            if name in declaration(owner).specs:
                return _money(_spec(owner, term))
        if steps := self._steps(term, member):
            return any(step.currency is not None for step in steps)
        return any(_money(_spec(type(item), term.partition(".")[2])) for item in self.objects(name, member)[:1])

    def _steps(self, rule: str, member: str) -> list[TraceStep]:
        """The steps of a rule: for one member, or for every part."""
        return [step for step in self.trace if step.rule == rule and (member == WHOLE or step.part in ("", member))]


def _all(trace: Sequence[TraceStep]) -> Iterator[TraceStep]:
    for step in trace:
        yield step
        yield from _all(step.steps)


def _sen(step: TraceStep) -> int | None:
    number = _number(step.value)
    assert step.currency is not None
    return None if number is None else number * (SEN_PER_YEN // step.currency.per_yen)


def _cells(owner: Any, path: str) -> Iterator[int | None]:
    """The value of a field, or those of a column of its rows; amounts in sen, dates as day numbers."""
    name, _, column = path.partition(".")
    value = getattr(owner, name)
    if column:
        for item in value:
            yield from _cells(item, column)
        return
    scale = SEN_PER_YEN if _spec(type(owner), name).kind == "yen" else 1
    for item in value if isinstance(value, tuple) else (value,):
        number = _number(item)
        yield None if number is None else number * scale


def _number(value: Any) -> int | None:
    if isinstance(value, date):
        return value.toordinal()
    return int(value) if isinstance(value, int) else None


def _spec(owner: type, path: str) -> Spec:
    """What is declared of a field, or of a column of its rows; of a record that a rule makes its annotation tells."""
    name, _, column = path.partition(".")
    if not is_declared(owner):
        return item_spec(alternatives(get_type_hints(owner, include_extras=True)[name])[0])
    record = record_of(declaration(owner).types[name])
    if column and record is not None:
        return _spec(record, column)
    spec = declaration(owner).specs[name]
    inner = get_args(alternatives(declaration(owner).types[name])[0])
    return item_spec(inner[0]) if spec.kind == "rows" and record is None and inner else spec


def _money(spec: Spec) -> bool:
    return spec.kind in ("yen", "sen")
