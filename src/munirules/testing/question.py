"""One question, complete, and its answer in a form that can be compared.

A `Question` is what `Rulebook.decide` takes and what `munirules decide --facts` reads, in one object: strategies make
questions, comparisons and corpora keep them, and each failure prints the one that shows it.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.engine.bag import FactsOf, NoneOf, OfDate, Provisional
from munirules.engine.request import read_request
from munirules.errors import MunirulesError
from munirules.models.declare import declaration, is_declared, record_of
from munirules.models.read import write

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.outcome import Outcome
    from munirules.engine.rulebook import Rulebook

FAILED: Final = "failed"


class QuestionError(MunirulesError, ValueError):
    """A question that lacks its date, or that plain data cannot say."""


@attrs.frozen
class Answer:
    """What came of a question; two are equal when a citizen could not tell them apart.

    Attributes:
        status: `decided`, `provisional`, `needs_finding`, `refused`, or `failed` where an error was raised.
        result: the result as plain data, of a member decision by member id; None where there is none.
        reason: the law's reason of a refusal, or who has to find what.
        error: class of the error, empty where none was raised.
        message: what the error says.
        outcome: the outcome itself; not compared.
    """

    status: str
    result: Any = None
    reason: str = ""
    error: str = ""
    message: str = ""
    outcome: Outcome[Any] | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def decided(self) -> bool:
        """Whether there is a result (decided or provisional)."""
        return self.result is not None

    def __str__(self) -> str:
        told = self.message if self.error else self.reason
        if self.decided:
            told = json.dumps(self.result, ensure_ascii=False)
        return f"{self.status}{self.error and f' ({self.error})'}: {told}"


@attrs.frozen
class Question:
    """One question, complete.

    Attributes:
        decision: the decision.
        subject: an object of its subject class.
        facts: as given to `Rulebook.decide`: facts, `facts_of(…)`, `none_of(…)`, `provisional(…)`, results.
        on: the decision's date.
    """

    decision: Decision[Any, Any]
    subject: object
    facts: tuple[object, ...]
    on: date

    def as_request(self) -> dict[str, Any]:
        """The question as plain data, which `munirules decide --facts` reads; what is at its default is left out.

        Raises:
            QuestionError: for a result of another date, which plain data cannot say.
        """
        found: dict[str, Any] = {"on": self.on.isoformat(), "subject": shortest(self.subject)}
        parts = dict(_parts(self.subject, found["subject"]))
        for fact in self.facts:
            if isinstance(fact, FactsOf):
                place = _place(fact, parts)
                for own in fact.facts:
                    _put(place, own)
            else:
                _put(found, fact)
        return found

    def answer(self, rulebook: Rulebook, *, known: date | None = None, trace: bool = False) -> Answer:
        """Ask a rulebook.

        Args:
            rulebook: for whom.
            known: as known on this date.
            trace: record the trace while deciding.

        Returns:
            The answer; an error that the library raises on purpose is one, any other is not caught.
        """
        try:
            outcome = rulebook.decide(self.decision, self.subject, *self.facts, on=self.on, known=known, trace=trace)
        except MunirulesError as error:
            return Answer(FAILED, error=type(error).__name__, message=str(error))
        return answer_of(outcome)

    def command(self, place: str) -> str:
        """The command line that asks the question again.

        Args:
            place: code or name of the jurisdiction.
        """
        data = json.dumps(self.as_request(), ensure_ascii=False)
        return f"munirules decide {self.decision.name} --in {shlex.quote(place)} --facts {shlex.quote(data)}"

    def __str__(self) -> str:
        return f"{self.decision.name} {json.dumps(self.as_request(), ensure_ascii=False)}"


def question_of(rulebook: Rulebook, decision: Decision[Any, Any] | str, request: Mapping[str, Any]) -> Question:
    """Read a question from plain data, as `Question.as_request` writes it.

    Args:
        rulebook: for whom; a plugin's own rules may ask for facts of its own.
        decision: the decision, or its name.
        request: subject and date, facts beside them.

    Raises:
        DataError: naming every unknown key, missing field and bad value by its path.
        QuestionError: when no date is said.
    """
    own = rulebook.decision(decision) if isinstance(decision, str) else decision
    read = read_request(rulebook, own, exact(request))
    if read.on is None:
        raise QuestionError(f'{own.name}: the question has no date ({own.on}); write "on" beside "subject"')
    return Question(own, read.subject, read.facts, read.on)


def answer_of(outcome: Outcome[Any]) -> Answer:
    """The comparable answer of an outcome."""
    result: Any = None
    if outcome.decided:
        answers: Any = outcome.answer
        ids = outcome.members
        member = outcome.decision.member
        result = write(answers) if member is None else dict(zip(ids, map(write, answers), strict=True))
    return Answer(outcome.status.value, result, outcome.reason, outcome=outcome)


def shortest(value: Any) -> Any:
    """Plain data of an object, without the fields that are at their default."""
    owner = declaration(type(value))
    defaults = {attribute.name: attribute.default for attribute in attrs.fields(owner.cls)}
    found: dict[str, Any] = {}
    for name, annotation in owner.types.items():
        own = getattr(value, name)
        if own == defaults[name] and type(own) is type(defaults[name]):
            continue
        if is_declared(type(own)):
            found[name] = shortest(own)
        elif isinstance(own, tuple) and own and all(is_declared(type(item)) for item in own):
            found[name] = [shortest(item) for item in own]
        else:
            found[name] = write(own, owner.specs[name], annotation)
    return found


def _parts(subject: Any, data: dict[str, Any]) -> Iterator[tuple[tuple[type, str], dict[str, Any]]]:
    """The class and id of each part that has one, and its plain data."""
    for field, annotation in declaration(type(subject)).types.items():
        record = record_of(annotation)
        if record is not None and is_declared(record) and "id" in declaration(record).specs:
            for part, plain in zip(getattr(subject, field), data.get(field, ()), strict=True):
                yield (record, part.id), plain


def _place(facts: FactsOf, parts: Mapping[tuple[type, str], dict[str, Any]]) -> dict[str, Any]:
    """Where in the data facts of a part stand: in the part of the class that they are about."""
    found = {cls: place for (cls, part), place in parts.items() if part == facts.part}
    for fact in facts.facts:
        about = declaration(_class(fact)).about
        if about in found:
            return found[about]
    if not found:
        raise QuestionError(f"facts of {facts.part!r}: nobody has that id")
    return next(iter(found.values()))


def _class(fact: object) -> type:
    inner = fact.fact if isinstance(fact, Provisional) else fact
    return inner.cls if isinstance(inner, NoneOf) else type(inner)


def _put(place: dict[str, Any], fact: object) -> None:
    if isinstance(fact, OfDate):
        raise QuestionError(f"a result of {fact.day} cannot be said in plain data; ask in Python")
    name = _class(fact).__name__
    inner = fact.fact if isinstance(fact, Provisional) else fact
    place.setdefault("facts", {})[name] = None if isinstance(inner, NoneOf) else shortest(inner)
    if isinstance(fact, Provisional):
        place.setdefault("provisional", []).append(name)


def exact(data: Any) -> Any:
    """Plain data with decimals in place of floats, as JSON is read: money is never a float."""
    if isinstance(data, float):
        return Decimal(repr(data))
    if isinstance(data, Mapping):
        return {key: exact(value) for key, value in data.items()}
    return [exact(value) for value in data] if isinstance(data, (list, tuple)) else data
