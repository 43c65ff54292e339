"""One area of a rulebook (water, welfare, …): its chain, its decisions, and everything checked before it answers.

Modules are imported when one of their decisions or provisions is first asked for, and checked then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Protocol, TypeAlias

import attrs

from munirules.engine import faults
from munirules.engine.decision import Decision, Rule
from munirules.engine.enactment import Enactment
from munirules.engine.jurisdiction import Jurisdiction
from munirules.engine.provisions import Link, NotInForce, Timeline
from munirules.engine.regimes import Regimes
from munirules.engine.steps import Wiring, WiringError, rules_on
from munirules.engine.wiring import wire
from munirules.errors import MunirulesError
from munirules.models.declare import declaration, is_declared


class RulebookError(MunirulesError):
    """A rulebook that cannot be made: every fault of data and wiring, one a line.

    Attributes:
        faults: the lines.
    """

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@attrs.frozen(kw_only=True, eq=False)
class LazyModule:
    """A module of decisions that is not imported yet.

    Attributes:
        name: its dotted name.
        decisions: names of the decisions that its text declares.
        classes: names of the classes that its text declares.
        load: imports it and gives its decisions and provision classes.
    """

    name: str
    decisions: frozenset[str]
    classes: frozenset[str]
    load: Callable[[], Sequence[Decision[Any, Any] | type]]


@attrs.frozen(kw_only=True, eq=False)
class AreaContent:
    """What the plugins of a chain give for an area.

    Attributes:
        chain: from the most local jurisdiction to the nation, with their enactments.
        decisions: decisions given by hooks of modules, or standing beside replaced rules.
        provisions: provision classes given likewise.
        modules: modules with decisions and provisions, imported at first use.
    """

    chain: tuple[Link, ...]
    decisions: tuple[Decision[Any, Any], ...] = ()
    provisions: tuple[type, ...] = ()
    modules: tuple[LazyModule, ...] = ()


_Cache: TypeAlias = "tuple[dict[tuple[str, date | None], Regimes], dict[tuple[type, date | None], Timeline]]"


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
    """

    def __init__(self, name: str, content: AreaContent, library: Library) -> None:
        self.name = name
        self.chain = content.chain
        self.library = library
        self._given: dict[str, Decision[Any, Any]] = {}
        self._answers: dict[type, Decision[Any, Any]] = {}
        self._provisions: dict[type, None] = dict.fromkeys(content.provisions)
        self._waiting = list(content.modules)
        self._timelines: dict[tuple[type, date | None], Timeline] = {}
        self._regimes: dict[tuple[str, date | None], Regimes] = {}
        self._wirings: dict[tuple[str | Rule, ...], Wiring] = {}
        self._checked: set[object] = set()
        self._faults: list[str] = []
        for decision in content.decisions:
            self._add(decision)

    @property
    def decisions(self) -> dict[str, Decision[Any, Any]]:
        """Every decision by its name; imports what is still waiting.

        Raises:
            RulebookError: listing every fault of what was imported.
        """
        self._load(self._waiting)
        return self._given

    @property
    def names(self) -> list[str]:
        """Names of the decisions, without importing any."""
        return sorted({*self._given, *(name for module in self._waiting for name in module.decisions)})

    def decision(self, name: str) -> Decision[Any, Any] | None:
        """A decision by its name; None where the area has none of that name.

        Raises:
            RulebookError: listing every fault of what was imported for it.
        """
        self._load([module for module in self._waiting if name not in self._given and name in module.decisions])
        return self._given.get(name) or self.decisions.get(name)

    def answering(self, result: type) -> Decision[Any, Any] | None:
        """The decision that answers with a result class; None where the area has none.

        Raises:
            RulebookError: listing every fault of what was imported for it.
        """
        waiting = result not in self._answers
        self._load([module for module in self._waiting if waiting and module.name == result.__module__])
        return self._answers.get(result)

    def _load(self, modules: Sequence[LazyModule]) -> None:
        if modules:
            self._import(modules)
            self.check()
        elif self._faults:
            raise RulebookError(self._faults)

    def _import(self, modules: Sequence[LazyModule]) -> None:
        for module in list(modules):
            items = module.load()  # one that cannot be imported is waited for, and told again
            self._waiting.remove(module)
            for item in items:
                if isinstance(item, Decision):
                    self._add(item)
                else:
                    self._provisions[item] = None

    def _add(self, decision: Decision[Any, Any]) -> None:
        first = self._given.setdefault(decision.name, decision)
        if first is not decision:
            self._faults.append(
                f"conflict: decision {decision.name} is declared at {first.where} and at {decision.where}"
            )
            return
        twin = self._answers.setdefault(decision.result, decision)
        if twin is not decision:
            self._faults.append(
                f"{decision.where}: {decision.result.__name__} is the result of {twin.name} and of {decision.name}; "
                "one class, one decision"
            )

    def check(self) -> None:
        """Check what is not checked yet: enactments against their provisions, and wiring at every date.

        Local data are checked at once, with the modules that declare what they set; the nation's own when a decision
        of their module is first used. Once a fault was found the area answers nothing.

        Raises:
            RulebookError: listing every fault.
        """
        local = set(faults.named(self.chain, local=True)) - {cls.__name__ for cls in self.classes}
        replaced = {rule.decision for rule in faults.replacements(self.chain)} - set(self._given)
        self._import([m for m in self._waiting if m.classes & local or m.decisions & replaced])
        decisions = [decision for decision in self._given.values() if decision not in self._checked]
        classes = [cls for cls in self.classes if cls not in self._checked]
        self._checked.update(decisions, classes)
        waiting = {name for module in self._waiting for name in module.classes}
        self._faults += list(faults.of_area(self, decisions, classes, waiting))  # all found before any is told
        if self._faults:
            self._faults = list(dict.fromkeys(self._faults))
            raise RulebookError(self._faults)

    @property
    def classes(self) -> list[type]:
        """Provision classes that the decisions imported so far, or the modules that declare them, know."""
        rules = [rule for decision in self._given.values() for rule in decision.rules]
        rules.extend(faults.replacements(self.chain))
        spaces = {id(rule.fn.__globals__): rule.fn.__globals__ for rule in rules}
        known = [cls for space in spaces.values() for cls in space.values() if is_declared(cls, "provision")]
        return list(dict.fromkeys([*known, *self._provisions]))

    def rests_on(self, decision: Decision[Any, Any]) -> list[tuple[Rule, Decision[Any, Any]]]:
        """Decisions whose results a decision needs at some date, each with the rule that asks."""
        if decision.area != self.name:
            return self.library.area(decision.area).rests_on(decision)
        found: dict[Decision[Any, Any], Rule] = {}
        for day in self.regimes(decision, None).rule_days():
            with suppress(WiringError):
                for step, need in self.wiring(decision, day, None).needs("decided"):
                    other = self.library.decider(need.cls)
                    if other is not None and other is not decision:  # its own, of another date, is supplied
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

    def origin(self, rule: Rule) -> tuple[Jurisdiction, Enactment]:
        """Who put a rule in place of a shared one, and by which enactment."""
        return next(
            (link.jurisdiction, own) for link in self.chain for own in link.enactments if rule in own.replacements
        )

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
        if known is not None:
            later = sorted(set(rules_on(decision, self.replaced(decision, on), on, None)) - set(rules))
            if later:
                raise NotInForce(
                    f"{decision.name} ({decision.title}) on {on}, as known on {known}: promulgated later: {', '.join(later)}"
                )
        key: tuple[str | Rule, ...] = (decision.name, *rules.values())
        if key not in self._wirings:
            self._wirings[key] = wire(decision, rules, self.library.decider)
        return self._wirings[key]

    def set_aside(self, *, all_of: bool) -> _Cache:
        """Forget for a while what was compiled and, with `all_of`, the provisions read from the chain."""
        kept = self._regimes, self._timelines
        self._regimes = {}
        if all_of:
            self._timelines = {}
        return kept

    def take_back(self, kept: _Cache) -> None:
        """Know again what was set aside."""
        self._regimes, self._timelines = kept

    def regimes(self, decision: Decision[Any, Any], known: date | None) -> Regimes:
        """The date regimes of a decision."""
        key = (decision.name, known)
        if key not in self._regimes:
            self._regimes[key] = Regimes(self, decision, known)
        return self._regimes[key]
