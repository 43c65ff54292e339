"""From a tape to a trace: steps with their arguments, notes and citations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.annotations import currency_of
from munirules.engine.decision import Replacement
from munirules.engine.enactment import Citation
from munirules.engine.outcome import Given, TraceStep
from munirules.models.declare import is_declared
from munirules.money import Currency

if TYPE_CHECKING:
    from munirules.engine.decision import Rule
    from munirules.engine.enactment import Enactment
    from munirules.engine.jurisdiction import Jurisdiction
    from munirules.engine.program import Program
    from munirules.engine.provisions import Section
    from munirules.engine.runtime import Tape
    from munirules.engine.steps import Need, Step


@attrs.frozen(eq=False)
class Call:
    """Another decision that was decided on the way: its program, tape, subject, date, and the part it was for."""

    program: Program
    tape: Tape
    subject: Any
    on: date
    part: str


OriginOf = Callable[["Program", "Rule"], "tuple[Jurisdiction, Enactment]"]
SectionOf = Callable[["Program", type, object], "Section | None"]


def trace_of(tape: Tape, program: Program, subject: Any, section: SectionOf, origin: OriginOf) -> tuple[TraceStep, ...]:
    """Turn what a traced run recorded into steps.

    Args:
        tape: the record.
        program: what ran.
        subject: on what.
        section: finds the section that a provision object came from.
        origin: finds who put a rule in place of a shared one, and by which enactment.
    """
    return _Tracer(program, subject, section, origin).steps(tape)


class _Tracer:
    def __init__(self, program: Program, subject: Any, section: SectionOf, origin: OriginOf) -> None:
        self.program = program
        self.subject = subject
        self.section = section
        self.origin = origin
        self.decided: set[type] = set()

    def steps(self, tape: Tape) -> tuple[TraceStep, ...]:
        found: list[TraceStep] = []
        self.decided = {call.program.wiring.decision.result for _, call in tape.calls}
        calls = list(tape.calls)
        for number, record in enumerate(self.in_order(tape)):
            while calls and calls[0][0] <= number:
                found.append(self.other(calls.pop(0)[1]))
            found.append(self.own(*record))
        found.extend(self.other(call) for _, call in calls)
        return tuple(found)

    def in_order(self, tape: Tape) -> list[Any]:
        """The records in the order of the rules, one for all parts before the next, though loops took several together.

        What was done last stays last: where the law refuses, it is the step that does.
        """
        places = {name: place for place, name in enumerate(self.program.wiring.steps)}
        ends = [*(number for number, _ in tape.calls), max(len(tape.steps) - 1, 0)]
        found: list[Any] = []
        for end in ends:  # another decision stands where it was decided
            found.extend(sorted(tape.steps[len(found) : end], key=lambda record: places[record[0]]))
        return [*found, *tape.steps[len(found) :]]

    def other(self, call: Call) -> TraceStep:
        """The step that stands for another decision."""
        decision = call.program.wiring.decision
        inner = _Tracer(call.program, call.subject, self.section, self.origin)
        return TraceStep(
            decision=decision.name,
            rule="",
            title=decision.title,
            part=call.part,
            value=None,
            currency=None,
            given=(),
            notes=(),
            citations=(Citation(text=decision.law),) if decision.law else (),
            answers=decision.result.__name__,
            steps=inner.steps(call.tape),
        )

    def own(self, name: str, place: int | None, value: Any, args: tuple[Any, ...], notes: tuple[Any, ...]) -> TraceStep:
        step = self.program.wiring.steps[name]
        rule = step.rule
        given = tuple(
            Given(name=need.name, kind=self.kind(need), value=arg, cls=need.cls, currency=self.currency(need))
            for need, arg in zip(step.needs, args, strict=True)
        )
        return TraceStep(
            decision=rule.decision,
            rule=name,
            title=rule.title,
            part=self.part(step, place),
            value=value,
            currency=currency_of(step.returns),
            given=given,
            notes=notes,
            citations=self.citations(step, given),
            replaced=self.origin(self.program, rule)[0].name if isinstance(rule, Replacement) else "",
            minor=rule.minor,
            made_by=rule,
        )

    def kind(self, need: Need) -> str:
        """Who provided an argument: a result that was not decided on the way was supplied."""
        return "supplied" if need.kind == "decided" and need.cls not in self.decided else need.kind

    def currency(self, need: Need) -> Currency | None:
        """What an argument is counted in that another rule gives."""
        return currency_of(self.program.wiring.steps[need.rule].returns) if need.kind == "rule" else None

    def part(self, step: Step, place: int | None) -> str:
        """The id of the part that a step ran for, or its number from 1."""
        if place is None or step.dim is None:
            return ""
        source = self.program.wiring.parts[step.dim]
        parts = getattr(self.subject, source[1:], ()) if source[0] == "." else ()
        return str(getattr(parts[place], "id", place + 1)) if place < len(parts) else str(place + 1)

    def citations(self, step: Step, given: tuple[Given, ...]) -> tuple[Citation, ...]:
        found: dict[Citation, None] = {}
        rule = step.rule
        if isinstance(rule, Replacement):
            _, own = self.origin(self.program, rule)
            text, source = rule.law or own.title, own.source
            found[Citation(text=text, source=source, where=rule.where, plugin=own.plugin)] = None
        elif rule.law:
            found[Citation(text=rule.law, where=rule.where)] = None
        for item in given:
            if item.kind != "provision" or not is_declared(type(item.value), "provision"):
                continue
            section = self.section(self.program, type(item.value), item.value)
            if section is not None:
                found.update(dict.fromkeys(section.citations))
        return tuple(found)
