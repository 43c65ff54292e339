"""One area of a rulebook (water, welfare, …): its chain, its decisions, and everything checked before the first answer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import chain
from typing import Any, Protocol

import attrs

from munirules.engine.decision import Decision, Rule
from munirules.engine.enactment import EnactmentError
from munirules.engine.partial import has_partial
from munirules.engine.parts import At
from munirules.engine.program import Program, compile_program
from munirules.engine.provisions import Link, NotInForce, Section, Timeline
from munirules.engine.steps import Fault, Wiring, WiringError, rules_on, twins
from munirules.engine.wiring import wire
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import declaration, is_declared

DAY = timedelta(days=1)
FIRST = date(1, 1, 1)


class RulebookError(MunirulesError):
    """A rulebook that cannot be made: every fault of data and wiring, one a line.

    Attributes:
        faults: the lines.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@attrs.frozen(kw_only=True, eq=False)
class AreaContent:
    """What the plugins of a chain give for an area.

    Attributes:
        chain: from the most local jurisdiction to the nation, with their enactments.
        decisions: the nation's decisions and those of the chain's plugins.
        provisions: provision classes that the area's modules declare, beside those that its rules know.
    """

    chain: tuple[Link, ...]
    decisions: tuple[Decision[Any, Any], ...]
    provisions: tuple[type, ...] = ()


class Library(Protocol):
    """What an area asks of its rulebook: other areas' decisions and provisions."""

    def area(self, name: str) -> Area:
        """Another area, opened."""

    def home(self, cls: type, area: str) -> str:
        """The area whose modules declare a class; `area` where that is not known."""

    def decider(self, result: type) -> Decision[Any, Any] | None:
        """The decision that answers with a result class, in whatever area."""

    def timeline(self, cls: type, area: str, known: date | None) -> Timeline:
        """The timeline of a provision class, in its own area."""

    def runner(self, decision: Decision[Any, Any], known: date | None) -> Callable[..., Any]:
        """A function `(subject, bag, on, tape=None)` that decides another decision."""


class Area:
    """An opened area.

    Args:
        name: the area.
        content: what the plugins give.
        library: the rulebook.

    Raises:
        RulebookError: listing every fault found, of enactments and of wiring.
    """

    def __init__(self, name: str, content: AreaContent, library: Library) -> None:
        self.name = name
        self.chain = content.chain
        self.library = library
        self.provisions = content.provisions
        self.decisions: dict[str, Decision[Any, Any]] = {}
        self.by_result: dict[type, Decision[Any, Any]] = {}
        self._timelines: dict[tuple[type, date | None], Timeline] = {}
        self._regimes: dict[tuple[str, date | None], Regimes] = {}
        self._wirings: dict[tuple[str | Rule, ...], Wiring] = {}
        self._faults: list[str] = []
        for decision in content.decisions:
            self._add(decision)

    def _add(self, decision: Decision[Any, Any]) -> None:
        first = self.decisions.setdefault(decision.name, decision)
        if first is not decision:
            self._faults.append(
                f"conflict: decision {decision.name} is declared at {first.where} and at {decision.where}"
            )
            return
        twin = self.by_result.setdefault(decision.result, decision)
        if twin is not decision:
            self._faults.append(
                f"{decision.where}: {decision.result.__name__} is the result of {twin.name} and of {decision.name}; "
                "one class, one decision"
            )

    def check(self) -> None:
        """Check everything: enactments against their provisions, and the wiring of every decision at every date.

        Raises:
            RulebookError: listing every fault.
        """
        classes = self._classes()
        faults = [*self._faults, *self._unknown(classes), *self._foreign()]
        for cls in classes:
            try:
                self.library.timeline(cls, self.name, None)
            except EnactmentError as error:
                faults.extend(str(error).splitlines())
            except RulebookError as error:  # that of another area, whose provision it is
                faults.extend(error.faults)
        faults.extend(self._wiring_faults())
        faults.extend(str(fault) for fault in self._cycles())
        if faults:
            raise RulebookError(list(dict.fromkeys(faults)))

    def _unknown(self, classes: Sequence[type]) -> Iterator[str]:
        """Provisions that data set and nobody would read: unknown ones, those of another area, two of one name."""
        known: dict[str, type] = {}
        homes: dict[str, str] = {}
        for cls in classes:
            name, home = cls.__name__, self.library.home(cls, self.name)
            homes.setdefault(name, home)
            if home == self.name and known.setdefault(name, cls) is not cls:
                yield f"provision {name} is declared in {known[name].__module__} and in {cls.__module__}; rename one"
        for link in self.chain:
            for enactment in link.enactments:
                for version in enactment.versions:
                    for name in dict.fromkeys((*version.values, *version.unset)):
                        where = enactment.where(version, name)
                        if name not in homes:
                            near, told = did_you_mean(name, known), ", ".join(sorted(known))
                            yield f"{where}: no provision {name!r} in area {self.name!r}{near} (provisions: {told})"
                        elif name not in known:
                            yield f"{where}: {name} belongs to area {homes[name]!r}; write it in {homes[name]}.toml"

    def _classes(self) -> list[type]:
        """Provision classes that the area's decisions, or the modules that declare them, know."""
        rules = [*(rule for decision in self.decisions.values() for rule in decision.rules), *self._replacements()]
        spaces = {id(rule.fn.__globals__): rule.fn.__globals__ for rule in rules}
        known = [cls for space in spaces.values() for cls in space.values() if is_declared(cls, "provision")]
        return list(dict.fromkeys([*known, *self.provisions]))

    def _replacements(self) -> Iterator[Rule]:
        for link in self.chain:
            for enactment in link.enactments:
                yield from enactment.replacements

    def _foreign(self) -> Iterator[str]:
        """Replacements of rules that the area does not have, so that nobody would ask for them."""
        for rule in self._replacements():
            if rule.decision not in self.decisions:
                near = did_you_mean(rule.decision, self.decisions)
                yield f"{rule.where}: replaces a rule of {rule.decision!r}, which is not of area {self.name!r}{near}"

    def _wiring_faults(self) -> Iterator[str]:
        for decision in self.decisions.values():
            if not decision.rules:
                yield f"{decision.name}: a decision without rules"
            for rules in (decision.rules, *self.replaced(decision)):
                yield from map(str, twins(rules))
            for day in self.regimes(decision, None).rule_days():
                try:
                    self.wiring(decision, day, None)
                except WiringError as error:
                    yield from map(str, error.faults)

    def _cycles(self) -> Iterator[Fault]:
        """Decisions that need one another's results, so that none could be decided first."""
        found: set[frozenset[str]] = set()
        for start in self.decisions.values():
            paths: list[tuple[Decision[Any, Any], ...]] = [(start,)]
            seen = {start}
            while paths:
                path = paths.pop()
                for rule, other in self.rests_on(path[-1]):
                    members = frozenset(decision.name for decision in path)
                    if other is start and members not in found:
                        found.add(members)
                        told = " → ".join(decision.name for decision in (*path, start))
                        yield Fault(path[-1].name, rule.name, rule.where, f"a cycle of decisions: {told}")
                    if other not in seen:
                        seen.add(other)
                        paths.append((*path, other))

    def rests_on(self, decision: Decision[Any, Any]) -> list[tuple[Rule, Decision[Any, Any]]]:
        """Decisions whose results a decision needs at some date, each with the rule that asks."""
        if decision.area != self.name:
            return self.library.area(decision.area).rests_on(decision)
        found: dict[Decision[Any, Any], Rule] = {}
        for day in self.regimes(decision, None).rule_days():
            with suppress(WiringError):
                for step, need in self.wiring(decision, day, None).needs("decided"):
                    other = self.library.decider(need.cls)
                    if other is not None:
                        found.setdefault(other, step.rule)
        return [(rule, other) for other, rule in found.items()]

    def timeline(self, cls: type, known: date | None) -> Timeline:
        """The timeline of a provision class of this area."""
        key = (cls, known)
        if key not in self._timelines:
            self._timelines[key] = Timeline(declaration(cls), self.chain, known)
        return self._timelines[key]

    def replaced(self, decision: Decision[Any, Any], on: date | None = None) -> list[list[Rule]]:
        """Replacements for a decision by jurisdiction, the most local first, of the links that count on a date."""
        return [
            [rule for own in link.enactments for rule in own.replacements if rule.decision == decision.name]
            for link in self.chain
            if on is None or link.counts(on)
        ]

    def wiring(self, decision: Decision[Any, Any], on: date, known: date | None) -> Wiring:
        """The wiring of a decision on a date.

        Raises:
            WiringError: listing every fault.
            NotInForce: when no rule of the decision applies then.
        """
        rules = rules_on(decision, self.replaced(decision, on), on, known)
        if not rules:
            days = sorted(rule.since for rule in decision.rules if rule.since)
            since = f"; its first rules apply from {days[0]}" if days else ""
            raise NotInForce(f"{decision.name} ({decision.title}) has no rules on {on}{since}")
        key: tuple[str | Rule, ...] = (decision.name, *rules.values())
        if key not in self._wirings:
            self._wirings[key] = wire(decision, rules, self.library.decider)
        return self._wirings[key]

    def regimes(self, decision: Decision[Any, Any], known: date | None) -> Regimes:
        """The date regimes of a decision."""
        key = (decision.name, known)
        if key not in self._regimes:
            self._regimes[key] = Regimes(self, decision, known)
        return self._regimes[key]


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
        if self._starts is None:
            self._starts = self._days()
        index = bisect_right(self._starts, on.toordinal())
        program = self._programs.get(index)
        if program is None:
            program = self._programs[index] = self._compile(on)
        return program

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
            return self.area.library.runner(other, self.known)

        program = compile_program(wiring, provide, decide)
        if missing:
            raise NotInForce("\n".join(missing))
        return program

    def section(self, cls: type, value: object) -> Section | None:
        """The section that a provision object came from."""
        return self.timeline(cls).section_of(value)
