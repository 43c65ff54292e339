"""One case: a program run on one subject, plainly or with a tape, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from reprlib import Repr
from typing import TYPE_CHECKING, Any, Protocol, cast

import attrs

from munirules.engine.decision import Refusal
from munirules.engine.outcome import Outcome, Status, TraceStep
from munirules.engine.runtime import Bag, MissingFact, Tape, spread
from munirules.engine.trace import Call, trace_of
from munirules.errors import InputError, MunirulesError
from munirules.models.declare import declaration
from munirules.tape import TAPE

if TYPE_CHECKING:
    from munirules.engine.decision import Rule
    from munirules.engine.enactment import Enactment
    from munirules.engine.jurisdiction import Jurisdiction
    from munirules.engine.program import Program
    from munirules.engine.provisions import Section

_SHORT = Repr()
_SHORT.maxother = _SHORT.maxstring = 200


class RuleFailed(MunirulesError):
    """A rule raised an error of its own: a fault of the rule, shown with what it was given."""


class Origins(Protocol):
    """What a trace asks of the rulebook: where rules and provisions come from."""

    jurisdiction: Jurisdiction

    def origin(self, program: Program, rule: Rule) -> tuple[Jurisdiction, Enactment]:
        """Who put a rule in place of a shared one, and by which enactment."""

    def section(self, known: date | None) -> Callable[[Program, type, object], Section | None]:
        """Finds the section that a provision object came from."""


@attrs.define(eq=False)  # not frozen: one is made for each question, and would take twice as long
class Case:
    """A program, a subject, its facts and the dates.

    Attributes:
        origins: the rulebook.
        program: the decision compiled for the date.
        subject: the subject.
        bag: its facts.
        on: the decision's date.
        known: as known on this date; None for all.
        answered: places of the members whom a member decision answered for.
    """

    origins: Origins
    program: Program
    subject: Any
    bag: Bag
    on: date
    known: date | None
    answered: Sequence[int] = ()

    def decide(self, status: Status, *, trace: bool) -> Outcome[Any]:
        """Run the case.

        Args:
            status: of a result.
            trace: record the trace at once.

        Raises:
            MissingFact: when facts that are no findings are missing.
            RuleFailed: when a rule fails.
        """
        tape = Tape([]) if trace else None
        program = self.program
        try:
            result = program.run(self.subject, self.bag, self.on) if tape is None else self._record(tape)
        except Refusal as refusal:
            return self._without_result(Status.REFUSED, refusal.reason, tape)
        except MissingFact as error:
            return self._unfound(error)
        except InputError:
            raise
        except Exception as error:
            failed = self._failed(error)
            if failed is None:
                raise
            raise failed from error
        decision, jurisdiction = program.wiring.decision, self.origins.jurisdiction
        retrace = self._retrace if tape is None else self._retrace_of(tape)
        if decision.member is None:
            return Outcome(decision, jurisdiction, self.on, self.known, status, result, retrace)
        result, self.answered = result
        return Outcome(decision, jurisdiction, self.on, self.known, status, result, retrace, members=self._answered_for)

    def _answered_for(self) -> tuple[str, ...]:
        members = _members(self.program, self.subject)
        return tuple([members[place].id for place in self.answered])

    def _without_result(self, status: Status, reason: str, tape: Tape | None) -> Outcome[Any]:
        retrace = self._retrace if tape is None else self._retrace_of(tape)
        decision = self.program.wiring.decision
        return Outcome(decision, self.origins.jurisdiction, self.on, self.known, status, None, retrace, reason=reason)

    def _unfound(self, error: MissingFact) -> Outcome[Any]:
        """The outcome where nothing but findings is missing; else the error itself."""
        findings = [fact for fact, _ in error.facts]
        if not all(fact.found_by for fact in findings):
            raise error
        reason = "; ".join(dict.fromkeys(f"{fact.title} ({fact.name}): {fact.found_by}" for fact in findings))
        decision, status = self.program.wiring.decision, Status.NEEDS_FINDING
        jurisdiction = self.origins.jurisdiction
        return Outcome(decision, jurisdiction, self.on, self.known, status, None, tuple, reason=reason, needed=findings)

    def _record(self, tape: Tape) -> Any:
        """Run with a tape, which helpers write their notes to."""
        token = TAPE.set(tape.notes)
        try:
            return self.program.traced(self.subject, self.bag, self.on, tape)
        finally:
            TAPE.reset(token)

    def _retrace(self) -> tuple[TraceStep, ...]:
        tape = Tape([])
        with suppress(Refusal):  # the steps up to a refusal are its explanation
            self._record(tape)
        return self._retrace_of(tape)()

    def _retrace_of(self, tape: Tape) -> Callable[[], tuple[TraceStep, ...]]:
        section = self.origins.section(self.known)
        return lambda: trace_of(tape, self.program, self.subject, section, self.origins.origin)

    def _failed(self, error: Exception) -> RuleFailed | None:
        """Say which rule failed and with what; None where no rule did, but the question or the law itself."""
        program, tape = self.program, Tape([])
        with suppress(Exception):  # the same failure again; the tape now knows where
            program.traced(self.subject, self.bag, self.on, tape)
        while tape.current is None and tape.calls:  # in another decision, decided on the way
            call: Call = tape.calls[-1][1]
            program, tape = call.program, call.tape
        if tape.current is None:
            own = isinstance(error, MunirulesError)
            return None if own else RuleFailed(f"{program.wiring.decision.name}: {type(error).__name__}: {error}")
        name, _, args = tape.current
        step = program.wiring.steps[name]
        given = ", ".join(f"{need.name}={_SHORT.repr(arg)}" for need, arg in zip(step.needs, args, strict=False))
        return RuleFailed(
            f"{step.rule.where}: {step.rule.decision}, rule {name!r}: {type(error).__name__}: {error}; given {given}"
        )


def decide_other(program: Program, subject: Any, bag: Bag, on: date, tape: Tape | None) -> Any:
    """Decide another decision on the way: on the same subject, or on each part that it is about.

    Args:
        program: the other decision, compiled for the date.
        subject: the subject of the decision that asks.
        bag: its facts.
        on: the date.
        tape: where it is recorded; None outside a trace.

    Returns:
        A result; a list of them, with holes for members that it does not concern.

    Raises:
        MissingFact: when it is about something else, so that its result has to be supplied.
    """
    decision = program.wiring.decision
    if type(subject) is not decision.subject:
        parts = _parts_about(decision.subject, subject)
        if parts is None:
            told = f"{decision.result.__name__} ({decision.title}) is not given; {decision.name} is about a"
            raise MissingFact(
                f"{told} {decision.subject.__name__}, not about this {type(subject).__name__}: supply it",
                [(declaration(decision.result), "")],
            )
        return [_decide_part(program, part, bag, on, tape) for part in parts]
    result = _decide_whole(program, subject, bag, on, tape, "")
    if decision.member is None:
        return result
    answers, places = result
    return spread(len(_members(program, subject)), answers, places)


def _members(program: Program, subject: Any) -> Sequence[Any]:
    member = program.wiring.decision.member
    assert member is not None, program.wiring.decision
    members: Sequence[Any] = getattr(subject, program.wiring.parts[member][1:])
    return members


def _parts_about(wanted: type, subject: Any) -> Sequence[Any] | None:
    for name, annotation in declaration(type(subject)).types.items():
        if getattr(annotation, "__args__", (None,))[0] is wanted:
            return cast("Sequence[Any]", getattr(subject, name))
    return None


def _decide_part(program: Program, part: Any, bag: Bag, on: date, tape: Tape | None) -> Any:
    own = {
        (key[0], *key[2:]) if key[2:] else key[0]: value
        for key, value in bag.items()
        if isinstance(key, tuple) and key[1] == part.id
    }
    try:
        return _decide_whole(program, part, {**bag, **own}, on, tape, part.id)
    except MissingFact as error:
        told = "\n".join(f"{line} (for {part.id!r})" for line in str(error).splitlines())
        raise MissingFact(told, [(fact, part.id) for fact, _ in error.facts]) from None


def _decide_whole(program: Program, subject: Any, bag: Bag, on: date, tape: Tape | None, part: str) -> Any:
    if tape is None:
        return program.run(subject, bag, on)
    child = Tape(tape.notes)
    tape.calls.append((len(tape.steps), Call(program, child, subject, on, part)))
    return program.traced(subject, bag, on, child)
