"""Date regimes: between two changes of rules or provisions one program serves a decision."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from munirules.engine.decision import Decision
from munirules.engine.partial import has_partial
from munirules.engine.parts import At
from munirules.engine.program import Program, compile_program
from munirules.engine.provisions import NotInForce, Section, Timeline
from munirules.engine.runtime import MissingFact
from munirules.models.declare import declaration

if TYPE_CHECKING:
    from munirules.engine.area import Area

DAY = timedelta(days=1)
FIRST = date(1, 1, 1)


class Regimes:
    """A decision's programs by date: between two changes of rules or provisions one program serves.

    Attributes:
        partial: whether the subject may hold dates that are only partly known.
        invariants_on: whether the subject checks itself against the decision's date.
    """

    def __init__(self, area: Area, decision: Decision[Any, Any], known: date | None) -> None:
        self.area = area
        self.decision = decision
        self.known = known
        self.partial = has_partial(decision.subject)
        self.invariants_on = hasattr(decision.subject, "invariants_on")
        self._starts: list[int] | None = None
        self._programs: dict[int, Program] = {}

    def rule_days(self) -> list[date]:
        """Days on which the set of rules changes and there are rules; the first stands for all before the second."""
        return [day for day in self._changes() if any(rule.in_force(day, self.known) for rule in self.decision.rules)]

    def _changes(self) -> list[date]:
        days = {FIRST}
        for rule in (*self.decision.rules, *chain.from_iterable(self.area.replaced(self.decision))):
            days.update(filter(None, (rule.since, rule.until and rule.until + DAY)))
        for link in self.area.chain:
            days.update(filter(None, (link.since, link.until and link.until + DAY)))
        return sorted(days)

    def at(self, on: date) -> Program:
        """The program for a date, compiled at first use.

        Raises:
            NotInForce: when a provision or rule that it needs is not in force then.
        """
        index = bisect_right(self.starts(), on.toordinal())
        program = self._programs.get(index)
        if program is None:
            program = self._programs[index] = self._compile(on)
        return program

    def starts(self) -> list[int]:
        """Ordinals of the days on which a program ends and another begins, ascending."""
        if self._starts is None:
            self._starts = self._days()
        return self._starts

    def _days(self) -> list[int]:
        starts = {day.toordinal() for day in self._changes()}
        for day in self.rule_days():
            wiring = self.area.wiring(self.decision, day, self.known)
            for _, need in wiring.needs("provision"):
                if need.at is None:
                    starts.update(self.timeline(need.cls).starts)
        return sorted(starts)

    def timeline(self, cls: type) -> Timeline:
        """The timeline of a provision class that the decision needs."""
        return self.area.library.timeline(cls, self.area.name, self.known)

    def _compile(self, on: date) -> Program:
        wiring = self.area.wiring(self.decision, on, self.known)
        missing: list[str] = []

        def provide(cls: type, moment: At | None) -> Any:
            timeline = self.timeline(cls)
            if moment is not None and moment.started:
                return lambda day, started: timeline.at(day, started or FIRST).value
            if moment is not None:
                return lambda day: timeline.at(day).value
            try:
                return timeline.at(on).value
            except NotInForce as error:
                missing.append(str(error))
                return None

        def decide(cls: type) -> Callable[..., Any]:
            other = self.area.library.decider(cls)
            assert other is not None, cls
            return own_result if other is self.decision else self.area.library.runner(other, self.known)

        def own_result(_subject: object, _bag: object, day: date, _tape: object = None) -> None:
            result = self.decision.result
            told = f"{result.__name__} of {day} ({self.decision.title}) is not given"
            raise MissingFact(f"{told}; supply it: of_date({day}, {result.__name__}(…))", [(declaration(result), "")])

        program = compile_program(wiring, provide, decide)
        if missing:
            raise NotInForce("\n".join(missing))
        return program

    def section(self, cls: type, value: object) -> Section | None:
        """The section that a provision object came from."""
        return self.timeline(cls).section_of(value)
