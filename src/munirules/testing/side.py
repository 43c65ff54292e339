"""One side of a comparison: a rule set that questions are put to.

Questions come and answers go as plain data, so that a side may live in a process of its own, with other versions of
plugins or of the library (`munirules.testing.remote`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import attrs

from munirules.checking.cases import load_cases
from munirules.checking.target import Target
from munirules.engine.request import known_facts
from munirules.errors import MunirulesError
from munirules.models.declare import declaration
from munirules.models.years import WrongYear, year_field
from munirules.plugins.folder import FolderPlugin
from munirules.testing.drawing import at_edges, drawn
from munirules.testing.question import FAILED, Answer, Question, answer_of, question_of
from munirules.testing.scratch import pinned, with_amendment
from munirules.testing.witness import Change, Key, Witness, failed_witness, witness_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.outcome import Outcome
    from munirules.engine.rulebook import Rulebook
    from munirules.testing.population import Files

Request: TypeAlias = Mapping[str, Any]
"""A question as plain data, as `munirules decide --facts` reads it."""

UNFIT: Final = frozenset({"MissingFact", "DataError", "WrongYear", "AmbiguousDate", "DecideError", "InvariantError"})
"""Errors that say that a question is none for a rule set, and nothing about its rules."""

_TRIES: Final = 3
"""Bags of facts drawn for a question that lacks some; the last is taken, since the first is the simplest."""

_YEARS: Final = 24
"""How many facts of a year are put right in one question at most."""


@attrs.frozen(kw_only=True)
class Rules:
    """Which rules a side goes by; what is left out is as installed.

    Attributes:
        label: what to call it.
        place: code or name of the jurisdiction.
        decision: name of the decision.
        targets: plugins in place of the installed ones.
        enactments: folder of data to add.
        amendment: file of one more enactment.
        on: the date; None for that of each question.
        known: as known on this date.
    """

    label: str
    place: str
    decision: str
    targets: tuple[Target, ...] = ()
    enactments: Path | None = None
    amendment: Path | None = None
    on: date | None = None
    known: date | None = None


@attrs.frozen(kw_only=True)
class Quantity:
    """A number of a question or an answer: its field, its kind (`yen`, `sen`, `count`, `quantity`), label and unit."""

    name: str
    kind: str
    label: str
    unit: str


@attrs.frozen(kw_only=True)
class About:
    """What a side says of itself.

    Attributes:
        decision: name of the decision.
        title: its Japanese title.
        day: what its date means.
        code: code of the jurisdiction.
        place: its full name.
        amounts: fields of the result that are money, in order.
        numbers: fields of the subject that are numbers.
        labels: field of the result to its label.
    """

    decision: str
    title: str
    day: str
    code: str
    place: str
    amounts: tuple[Quantity, ...]
    numbers: tuple[Quantity, ...]
    labels: dict[str, str]


class Side(Protocol):
    """A rule set that questions are put to."""

    @property
    def label(self) -> str:
        """What to call it."""

    @property
    def about(self) -> About:
        """What is asked, and of whom."""

    def draw(self, count: int, seed: int, *, published: bool = True) -> list[Request]:
        """Questions around the figures of this side's law: its published examples first, then so many drawn ones."""

    def completed(self, requests: Sequence[Request], seed: int) -> list[Request]:
        """Questions with the facts that this side asks for beside those that they have."""

    def answers(self, requests: Sequence[Request]) -> list[Answer]:
        """Answers to questions."""

    def witness(self, request: Request) -> Witness:
        """The answer to a question, with the steps that led to it."""

    def asked(self, request: Request) -> Request:
        """The question as this side is asked it: on its own date, facts of a year for the year that is needed."""

    def decide_into(self, files: Files, into: Path, amount: str) -> None:
        """Decide a table, and write what came of each row to a file (`munirules.testing.population`)."""

    def requests_of(self, files: Files, lines: Sequence[int]) -> list[Request]:
        """The questions of some lines of a table."""


class LocalSide:
    """A rule set in this process.

    Args:
        rules: which.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        opened = pinned(rules.place, rules.targets, rules.enactments)
        self.decision: Decision[Any, Any] = opened.decision(rules.decision)
        self.folders = [own.path for _, own in opened.chain.manager.list_name_plugin() if isinstance(own, FolderPlugin)]
        self.roots = [target.root or target.folder for target in rules.targets]
        self.rulebook: Rulebook = opened
        if rules.amendment is not None:
            self.rulebook = with_amendment(opened, rules.amendment, self.decision)
            self.decision = self.rulebook.decision(rules.decision)

    @property
    def label(self) -> str:
        """What to call it."""
        return self.rules.label

    @cached_property
    def about(self) -> About:
        """What is asked, and of whom."""
        jurisdiction = self.rulebook.jurisdiction
        return About(
            decision=self.decision.name,
            title=self.decision.title,
            day=self.decision.on,
            code=jurisdiction.code,
            place=jurisdiction.full_name,
            amounts=quantities(self.decision.result, "yen", "sen"),
            numbers=quantities(self.decision.subject, "yen", "count", "quantity"),
            labels={name: spec.label for name, spec in declaration(self.decision.result).specs.items()},
        )

    def draw(self, count: int, seed: int, *, published: bool = True) -> list[Request]:
        """Questions around the figures of this side's law: its published examples first, then so many drawn ones."""
        found = self.published() if published else []
        if count:
            found.extend(drawn(self.rulebook, self.decision, self.rules.on, count, seed))
            found.extend(at_edges(self.rulebook, self.decision, found, count, seed))
        return found

    def published(self) -> list[Request]:
        """The published examples that the plugins of the chain bring for the decision."""
        found: list[Request] = []
        for folder in self.folders:
            for case in load_cases(folder):
                if case.decision == self.decision.name:
                    data = {"subject": case.given, "facts": case.facts, "provisional": list(case.provisional)}
                    try:
                        found.append(question_of(self.rulebook, self.decision, {"on": case.on, **data}).as_request())
                    except MunirulesError:  # printed for other rules, or of another member of the chain
                        continue
        return found

    def completed(self, requests: Sequence[Request], seed: int) -> list[Request]:
        """Questions with the facts that this side asks for beside those that they have."""
        found: list[Request] = []
        for number, request in enumerate(requests):
            try:
                question = question_of(self.rulebook, self.decision, self._own(request))
            except MunirulesError:
                found.append(request)
                continue
            more = drawn(self.rulebook, self.decision, question.on, _TRIES, seed + number, given=question)
            found.append(beside(request, list(more)[-1]) if more else request)
        return found

    def answers(self, requests: Sequence[Request]) -> list[Answer]:
        """Answers to questions."""
        return [self._answer(request)[0] for request in requests]

    def witness(self, request: Request) -> Witness:
        """The answer to a question, with the steps that led to it."""
        answer, _ = self._answer(request, trace=True)
        return (
            failed_witness(answer) if answer.outcome is None else witness_of(self.rulebook, answer.outcome, self.roots)
        )

    def probe(self, request: Request, key: Key, change: Change) -> Any:
        """Ask a rule again with other figures, as it stood in the answer to a question."""
        probe = self.witness(request).probe
        return None if probe is None else probe(key, change)

    def asked(self, request: Request) -> Request:
        """The question as this side is asked it."""
        return self._answer(request)[1]

    def decide_into(self, files: Files, into: Path, amount: str) -> None:
        """Decide a table, and write what came of each row to a file."""
        from munirules.testing.population import decide_into

        on, known = self.rules.on, self.rules.known
        decide_into(self.rulebook, self.decision, files, into, on=on, known=known, amount=amount)

    def requests_of(self, files: Files, lines: Sequence[int]) -> list[Request]:
        """The questions of some lines of a table."""
        from munirules.testing.population import requests_of

        return list(requests_of(self.rulebook, self.decision, files, list(lines), self.rules.on))

    def _answer(self, request: Request, *, trace: bool = False) -> tuple[Answer, Request]:
        """The answer, and the question that was asked in the end."""
        asked = self._own(request)
        for _ in range(_YEARS):
            try:
                question = question_of(self.rulebook, self.decision, asked)
                return answer_of(self._decide(question, trace=trace)), asked
            except WrongYear as error:
                righted = in_year(asked, error.cls, error.wanted)
                if righted == asked:
                    return failed(error), asked
                asked = righted
            except MunirulesError as error:
                return failed(error), asked
        return Answer(
            FAILED, error=WrongYear.__name__, message="facts of one class are needed for several years"
        ), asked

    def _decide(self, question: Question, *, trace: bool) -> Outcome[Any]:
        return self.rulebook.decide(
            question.decision, question.subject, *question.facts, on=question.on, known=self.rules.known, trace=trace
        )

    def _own(self, request: Request) -> Request:
        """A question on the side's date, without facts of which its rules know nothing."""
        known = known_facts(self.rulebook, self.decision)
        made = in_bags(request, lambda facts: {name: fact for name, fact in facts.items() if name in known})
        return {**made, "on": self.rules.on.isoformat()} if self.rules.on is not None else made


def failed(error: MunirulesError) -> Answer:
    """The answer that an error is."""
    return Answer(FAILED, error=type(error).__name__, message=str(error))


def beside(request: Request, other: Request) -> Request:
    """A question with the facts that another about the same subject has beside its own."""

    def both(bag: Any, more: Any) -> Any:
        if not isinstance(bag, Mapping) or not more.get("facts"):
            return bag
        return {**bag, "facts": {**more["facts"], **bag.get("facts", {})}}

    subject = dict(request["subject"])
    for field, parts in subject.items():
        if isinstance(parts, list):
            subject[field] = [both(*pair) for pair in zip(parts, other["subject"].get(field, parts), strict=True)]
    return {**both(request, other), "subject": subject}


def in_bags(request: Request, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> dict[str, Any]:
    """A question with its facts changed: those of the whole, and those of each part."""

    def changed(bag: Any) -> Any:
        return {**bag, "facts": change(bag["facts"])} if isinstance(bag, Mapping) and bag.get("facts") else bag

    subject = {
        field: [changed(part) for part in value] if isinstance(value, (list, tuple)) else value
        for field, value in request["subject"].items()
    }
    return {**changed(request), "subject": subject}


def in_year(request: Request, cls: type, wanted: int) -> Request:
    """A question with its facts of a class given for another year."""
    name, field = cls.__name__, year_field(cls)

    def righted(facts: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**facts, name: {**facts[name], field: wanted}} if facts.get(name) else facts

    return in_bags(request, righted)


def quantities(cls: type, *kinds: str) -> tuple[Quantity, ...]:
    """The fields of a declared class that are of some kinds, in order."""
    owner = declaration(cls)
    _ = owner.types  # resolving the annotations completes the specs
    return tuple(
        Quantity(name=name, kind=spec.kind, label=spec.label, unit=spec.unit)
        for name, spec in owner.specs.items()
        if spec.kind in kinds
    )
