"""Outcomes: the typed result of a decision, its status, and the trace that led to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from munirules.engine.enactment import Citation
from munirules.engine.jurisdiction import Jurisdiction
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import Declaration
from munirules.money import Currency
from munirules.tape import Note

if TYPE_CHECKING:
    from munirules.engine.decision import Decision, Rule

R = TypeVar("R")


class Status(StrEnum):
    """How far a decision came."""

    DECIDED = "decided"
    PROVISIONAL = "provisional"
    NEEDS_FINDING = "needs_finding"
    REFUSED = "refused"


class NotDecided(MunirulesError):
    """The result of an outcome that has none was asked for."""


@attrs.frozen(kw_only=True)
class Given:
    """One argument of a rule.

    Attributes:
        name: the argument's name.
        kind: who provided it: `rule`, `subject`, `part`, `fact`, `provision`, `decided`, `supplied`, `on` …
        value: what it was given.
        cls: the class asked for; None for a sibling rule, a date or a place.
        currency: what an amount of a sibling rule is counted in; None for what is no amount.
    """

    name: str
    kind: str
    value: Any
    cls: type | None = None
    currency: Currency | None = None


@attrs.frozen(kw_only=True)
class TraceStep:
    """One rule that was applied.

    Attributes:
        decision: name of the decision it belongs to.
        rule: name of the rule.
        title: Japanese title.
        part: id or number of the part it ran for; empty for the whole.
        value: what it answered.
        currency: what an amount is counted in; None for what is no amount.
        given: its arguments.
        notes: table rows and roundings applied.
        citations: provisions and articles that it rests on.
        replaced: whose rule it is, where a plugin replaced the shared one; else empty.
        minor: whether it is a step of method that words leave out.
        answers: for another decision that was decided on the way, the name of its result class.
        steps: the steps of that decision.
        made_by: the version of the rule that answered; None for another decision.
    """

    decision: str
    rule: str
    title: str
    part: str
    value: Any
    currency: Currency | None
    given: tuple[Given, ...]
    notes: tuple[Note, ...]
    citations: tuple[Citation, ...]
    replaced: str = ""
    minor: bool = False
    answers: str = ""
    steps: tuple[TraceStep, ...] = ()
    made_by: Rule | None = None


class Outcome(Generic[R]):
    """What a rulebook answers: result, status, reason, and the trace (made at first use).

    Attributes:
        decision: the decision.
        jurisdiction: for whom.
        on: the date asked for.
        known: as known on this date; None for all that is known.
        status: a `Status`.
        reason: why it was refused, who must find what is missing; empty where decided.
        needed: findings that are still needed.
    """

    __slots__ = (
        "_members",
        "_result",
        "_retrace",
        "_trace",
        "decision",
        "jurisdiction",
        "known",
        "needed",
        "on",
        "reason",
        "status",
    )

    def __init__(
        self,
        decision: Decision[Any, R],
        jurisdiction: Jurisdiction,
        on: date,
        known: date | None,
        status: Status,
        result: R | None,
        retrace: Callable[[], tuple[TraceStep, ...]],
        *,
        reason: str = "",
        needed: Sequence[Declaration] = (),
        members: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self.decision = decision
        self.jurisdiction = jurisdiction
        self.on = on
        self.known = known
        self.status = status
        self.reason = reason
        self.needed = tuple(needed)
        self._result = result
        self._retrace = retrace
        self._trace: tuple[TraceStep, ...] | None = None
        self._members = members

    @property
    def result(self) -> R:
        """The answer.

        Raises:
            NotDecided: when the status is `refused` or `needs_finding`.
        """
        if self._result is None:
            raise NotDecided(f"{self.decision.name} is {self.status}: {self.reason}")
        return self._result

    @property
    def answer(self) -> R | None:
        """The result, or None where there is none."""
        return self._result

    @property
    def decided(self) -> bool:
        """Whether there is a result (decided or provisional)."""
        return self._result is not None

    @property
    def trace(self) -> tuple[TraceStep, ...]:
        """Every step, in order. Rules are pure: the trace comes from deciding once more, with a tape running."""
        if self._trace is None:
            self._trace = self._retrace()
        return self._trace

    def of(self, member: str) -> Any:
        """The answer for one member of a member decision.

        Raises:
            NotDecided: when the status is `refused` or `needs_finding`.
            MunirulesError: when the decision does not concern a member of that id.
        """
        answers: Any = self.result
        ids = self.members
        if member not in ids:
            raise MunirulesError(
                f"{self.decision.name} answers for {', '.join(ids) or 'nobody'}, not for {member!r}"
                f"{did_you_mean(member, ids)}"
            )
        return answers[ids.index(member)]

    @property
    def members(self) -> tuple[str, ...]:
        """Ids of the members that a member decision answers for, in the order of the result."""
        return self._members()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Everything that the steps rest on, each once."""
        found: dict[Citation, None] = {}
        stack = list(reversed(self.trace))
        while stack:
            step = stack.pop()
            found.update(dict.fromkeys(step.citations))
            stack.extend(reversed(step.steps))
        return tuple(found)

    @property
    def unverified(self) -> tuple[str, ...]:
        """What of the data used could not be verified."""
        return tuple(dict.fromkeys(f"{c.text}: {c.unverified}" for c in self.citations if c.unverified))

    def explain(self, locale: str = "ja", *, form: str = "text") -> str:
        """Explain the outcome.

        Args:
            locale: `ja` or `en`.
            form: `text`, `markdown`, `json` or `mermaid`.
        """
        from munirules.engine.explain import explain

        return explain(self, locale=locale, form=form)

    def __repr__(self) -> str:
        shown = repr(self._result) if self._result is not None else self.reason
        return f"<Outcome {self.decision.name} {self.jurisdiction.code} {self.on} {self.status}: {shown}>"
