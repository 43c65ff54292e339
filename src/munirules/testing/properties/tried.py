"""One question that properties are tried on: its answers, worked out once, and what a term of a property comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from munirules.engine.holds import Figure, Term, When
from munirules.models.declare import declaration, record_of
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

    def applies(self, when: When) -> bool:
        """Whether the subject is one that a property speaks of."""
        subject: Any = self.question.subject
        if when is None:
            return True
        if callable(when):
            return when(subject)
        return all(write(getattr(subject, name)) == value for name, value in when.items())

    def value(self, term: Term, member: str, *, money: bool) -> int | None:
        """What a term comes to, amounts in sen; None where it does not come to anything here.

        Args:
            term: the term.
            member: id of the member whose answer is looked at; `WHOLE` for the whole.
            money: whether a plain number means yen.
        """
        if isinstance(term, int):
            return term * SEN_PER_YEN if money else term
        found = list(self.figures(term)) if isinstance(term, Figure) else self._named(term, member)
        return None if found is None or None in found else sum(value for value in found if value is not None)

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
        return any(step.currency is not None for step in self._steps(term, member))

    def figures(self, term: Figure) -> Iterator[int]:
        """The values of a provision's field, or of a column of its table, as the rules were given them."""
        seen: set[int] = set()
        for step in _all(self.trace):
            for given in step.given:
                if given.kind == "provision" and given.cls is term.cls and id(given.value) not in seen:
                    seen.add(id(given.value))
                    yield from (value for value in _cells(given.value, term.field) if value is not None)

    def _named(self, term: str, member: str) -> list[int | None] | None:
        result = self.results().get(member)
        if result is None:
            return None
        name, _, _ = term.partition(".")
        for owner in (result, self.question.subject):
            if name in declaration(type(owner)).specs:
                return list(_cells(owner, term))
        steps = self._steps(term, member)
        return [_number(step.value) if step.currency is None else _sen(step) for step in steps] or None

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
    """The value of a field, or those of a column of its rows; amounts in sen."""
    name, _, column = path.partition(".")
    value = getattr(owner, name)
    if column:
        for item in value:
            yield from (
                _cells(item, column) if hasattr(type(item), "__munirules__") else (_number(getattr(item, column)),)
            )
        return
    spec = declaration(type(owner)).specs[name]
    scale = SEN_PER_YEN if spec.kind == "yen" else 1
    items = value if isinstance(value, tuple) else (value,)
    for item in items:
        number = _number(item)
        yield None if number is None else number * scale


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int) else None


def _spec(owner: type, path: str) -> Spec:
    name, _, column = path.partition(".")
    record = record_of(declaration(owner).types[name]) if column else None
    return declaration(record).specs[column] if record is not None else declaration(owner).specs[name]


def _money(spec: Spec) -> bool:
    return spec.kind in ("yen", "sen")
