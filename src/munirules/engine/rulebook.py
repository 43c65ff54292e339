"""The rulebook (例規集): all that is in force for one jurisdiction, and what a front end holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

import attrs

from munirules.engine.area import Area, AreaContent
from munirules.engine.bag import bag_of
from munirules.engine.decision import Decision, Rule
from munirules.engine.jurisdiction import Jurisdiction
from munirules.engine.outcome import Outcome, Status
from munirules.engine.partial import ends, one_answer
from munirules.engine.regimes import Regimes
from munirules.engine.running import Case, decide_other
from munirules.engine.runtime import Bag, Tape
from munirules.errors import MissingExtra, MunirulesError, did_you_mean
from munirules.models.declare import Declaration, declaration

if TYPE_CHECKING:
    from munirules.engine.enactment import Enactment
    from munirules.engine.program import Program
    from munirules.engine.provisions import Link, Section, Timeline

S = TypeVar("S")
R = TypeVar("R")
NO_FACTS: Bag = {}


class UnknownDecision(MunirulesError, LookupError):
    """No decision has that name here."""


class DecideError(MunirulesError, TypeError):
    """A decision asked for in a way that cannot be answered: wrong subject, wrong date."""


class Sources(Protocol):
    """Where a rulebook's content comes from; the plugin layer provides it."""

    @property
    def jurisdiction(self) -> Jurisdiction:
        """Whose rulebook it is."""

    def areas(self) -> Sequence[str]:
        """Names of the areas, national and of plugins."""

    def area(self, name: str) -> AreaContent:
        """What the chain gives for an area; asked once, when a decision of the area is first used."""

    def area_of(self, cls: type) -> str | None:
        """The area whose modules declare a class; None where it is not known."""

    def observers(self) -> Sequence[Callable[[Outcome[Any]], object]]:
        """Called with every outcome (audit logs)."""


@attrs.frozen(kw_only=True)
class Asked:
    """A fact that a decision needs: its declaration, the rules that ask, and whether it may be given as none."""

    fact: Declaration
    rules: tuple[str, ...]
    optional: bool


class Rulebook:
    """All that is in force for one jurisdiction.

    Args:
        sources: where its content comes from.

    Attributes:
        jurisdiction: whose rulebook it is.
        sources: where its content comes from.
    """

    def __init__(self, sources: Sources) -> None:
        self.jurisdiction = sources.jurisdiction
        self.sources = sources
        self._areas: dict[str, Area] = {}
        self._ready: dict[Decision[Any, Any] | str, Regimes] = {}
        self._observers = tuple(sources.observers())
        self._amendments = 0
        self.memory: dict[object, Any] = {}  # what others made of it as it answers now: compiled engines

    @property
    def observed(self) -> bool:
        """Whether an observer is to see every outcome."""
        return bool(self._observers)

    @property
    def is_amended(self) -> bool:
        """Whether it answers for a while from other enactments than its sources give (`amended`)."""
        return self._amendments > 0

    def area(self, name: str) -> Area:
        """Open an area, checking all of it at first use.

        Raises:
            RulebookError: listing every fault of its data and wiring.
            UnknownDecision: when there is no such area.
        """
        found = self._areas.get(name)
        if found is None:
            known = self.sources.areas()
            if name not in known:
                raise UnknownDecision(f"no area {name!r}{did_you_mean(name, known)} (areas: {', '.join(known)})")
            found = self._areas[name] = Area(name, self.sources.area(name), self)
            try:
                found.check()
            except MunirulesError:
                del self._areas[name]
                raise
        return found

    def check(self, *areas: str) -> None:
        """Open and check the areas named, or all.

        Raises:
            RulebookError: listing the faults of the first area that has any.
        """
        for name in areas or self.sources.areas():
            _ = self.area(name).decisions  # all of them, imported and checked

    def decision(self, name: str) -> Decision[Any, Any]:
        """Find a decision by its name.

        Raises:
            UnknownDecision: with a did-you-mean.
        """
        area = self.area(name.partition(".")[0])
        found = area.decision(name)
        if found is None:
            near, known = did_you_mean(name, area.names), ", ".join(area.names)
            raise UnknownDecision(f"no decision {name!r}{near} (known: {known})")
        return found

    @contextmanager
    def amended(self, area: str, chain: Sequence[Link]) -> Iterator[None]:
        """Answer for a while from another chain of an area: what would be if its enactments said otherwise.

        The chain has the same jurisdictions and replaces the same rules. What was read is not checked again as a whole;
        a provision is when it is first needed.

        Args:
            area: the area.
            chain: its links, with other enactments.
        """
        changed = self.area(area)
        kept = (
            self._ready,
            self.memory,
            changed.chain,
            {own: own.set_aside(all_of=own is changed) for own in self._areas.values()},
        )
        self._ready, self.memory, changed.chain = {}, {}, tuple(chain)
        self._amendments += 1
        try:
            yield
        finally:
            self._amendments -= 1
            self._ready, self.memory, changed.chain, caches = kept
            for own, cache in caches.items():
                own.take_back(cache)

    def decisions(self) -> tuple[Decision[Any, Any], ...]:
        """Every decision of every area."""
        return tuple(decision for name in self.sources.areas() for decision in self.area(name).decisions.values())

    @overload
    def decide(
        self,
        decision: Decision[S, R],
        subject: S,
        /,
        *facts: object,
        on: date,
        known: date | None = None,
        trace: bool = False,
    ) -> Outcome[R]: ...
    @overload
    def decide(
        self,
        decision: str,
        subject: object,
        /,
        *facts: object,
        on: date,
        known: date | None = None,
        trace: bool = False,
    ) -> Outcome[Any]: ...
    def decide(
        self,
        decision: Decision[Any, Any] | str,
        subject: object,
        /,
        *facts: object,
        on: date,
        known: date | None = None,
        trace: bool = False,
    ) -> Outcome[Any]:
        """Decide one question.

        Args:
            decision: the decision, or its name.
            subject: the subject, an object of the decision's subject class.
            facts: fact objects; `none_of(Class)` for a fact given as none, `facts_of(id, …)` for a member's,
                `provisional(…)` for one that is not final, and other decisions' results where the caller has them.
            on: the decision's date; `decision.on` says what it means.
            known: answer as it would have been answered on this date; None for all that is known.
            trace: record the trace while deciding. Without it, `outcome.trace` decides once more, to the same result.

        Raises:
            AmbiguousDate: when a partly known date leaves two answers.
            MissingFact: naming every fact not given and the rule that asks for it.
            NotInForce: when no version of the law covers the date.
            RulebookError: when the area's data or rules have faults.
            RuleFailed: when a rule itself fails.
        """
        regimes = self._ready.get(decision) if known is None else None
        if regimes is None:
            regimes = self._regimes(decision, known)
        if type(on) is not date:
            raise DecideError(
                f"on={on!r}: a decision's date is a datetime.date"
                + (" without a time" if isinstance(on, datetime) else "")
            )
        program = regimes.at(on)
        own = regimes.decision
        if type(subject) is not own.subject:
            raise DecideError(
                f"{own.name} is about a {own.subject.__name__} ({declaration(own.subject).title}), not a {type(subject).__name__}"
            )
        if facts:
            bag, status = bag_of(facts, own, subject)
        else:
            bag, status = NO_FACTS, Status.DECIDED
        if regimes.invariants_on:
            _checked_on(subject, on)
        subjects = ends(subject, on) if regimes.partial else None
        if subjects is None:
            outcome = Case(self, program, subject, bag, on, known).decide(status, trace=trace)
        else:
            cases = [Case(self, program, end, bag, on, known) for end in subjects]
            outcome = one_answer([case.decide(status, trace=trace) for case in cases])
        for observe in self._observers:
            observe(outcome)
        return outcome

    def decide_each(
        self, decision: Decision[S, R], subject: S, /, *facts: object, on: Iterable[date], known: date | None = None
    ) -> tuple[Outcome[R], ...]:
        """Decide on each of several dates (months, say), each by the law in force then."""
        return tuple(self.decide(decision, subject, *facts, on=day, known=known) for day in on)

    def decide_table(
        self, decision: Decision[Any, Any] | str, table: object, /, *, on: date | str, **options: Any
    ) -> Any:
        """Decide every row of a table: `munirules.tables.decide_table` with this rulebook, where all of it is told.

        Args:
            decision: the decision, or its name.
            table: a row for each subject; whatever offers its columns as Arrow does (`__arrow_c_stream__`).
            on: the decision's date, or the name of the column that holds it.
            options: `tables=…`, `key=…` and so on.

        Returns:
            Results, rows set aside and counts.

        Raises:
            MissingExtra: where the libraries for tables are not installed.
        """
        try:
            decide_table = import_module("munirules.tables").decide_table
        except ImportError as error:
            raise MissingExtra("decide_table", "tables", error) from error
        return decide_table(self, decision, table, on=on, **options)

    def ask(self, decision: Decision[Any, Any] | str, *, on: date, known: date | None = None) -> tuple[Asked, ...]:
        """List the facts that a decision needs here on a date, a plugin's own included, those that may be none last."""
        found: dict[type, Asked] = {}
        self._ask(self._regimes(decision, known), on, found)
        return tuple(sorted(found.values(), key=lambda asked: (asked.optional, asked.fact.name)))

    def _ask(self, regimes: Regimes, on: date, found: dict[type, Asked]) -> None:
        wiring = regimes.at(on).wiring
        for step, need in wiring.needs("fact"):
            before = found.get(need.cls)
            rules = (*(before.rules if before else ()), f"{wiring.decision.name}:{step.rule.name}")
            optional = need.optional and (before is None or before.optional)
            found[need.cls] = Asked(fact=declaration(need.cls), rules=rules, optional=optional)
        for cls in wiring.decided:
            other = self.decider(cls)
            if other is not None and other is not regimes.decision:
                self._ask(self._regimes(other, regimes.known), on, found)

    def _regimes(self, decision: Decision[Any, Any] | str, known: date | None) -> Regimes:
        own = self.decision(decision) if isinstance(decision, str) else decision
        if not isinstance(own, Decision):
            raise DecideError(f"{own!r} is no decision; give one, or its name")
        if known is not None and type(known) is not date:
            raise DecideError(f"known={known!r}: what was known is asked of a datetime.date")
        area = self.area(own.area)
        if area.decision(own.name) is not own:
            raise UnknownDecision(f"{own.name} ({own.where}) is not a decision of {self.jurisdiction.name}")
        regimes = area.regimes(own, known)
        if known is None:
            self._ready[own] = self._ready[own.name] = regimes
        return regimes

    # What a trace asks.

    def origin(self, program: Program, rule: Rule) -> tuple[Jurisdiction, Enactment]:
        """Who put a rule in place of a shared one, and by which enactment."""
        return self.area(program.wiring.decision.area).origin(rule)

    def section(self, known: date | None) -> Callable[[Program, type, object], Section | None]:
        """Finds the section that a provision object came from."""
        return lambda program, cls, value: self.timeline(cls, program.wiring.decision.area, known).section_of(value)

    # What areas ask of their rulebook.

    def decider(self, result: type) -> Decision[Any, Any] | None:
        """The decision that answers with a result class, in whatever area."""
        name = self.sources.area_of(result)
        if name is not None:
            return self.area(name).answering(result)
        found = (area.answering(result) for area in list(self._areas.values()))
        return next((decision for decision in found if decision is not None), None)

    def timeline(self, cls: type, area: str, known: date | None) -> Timeline:
        """The timeline of a provision class, in its own area."""
        return self.area(self.home(cls, area)).timeline(cls, known)

    def home(self, cls: type, area: str) -> str:
        """The area whose modules declare a class; `area` where that is not known."""
        return self.sources.area_of(cls) or area

    def runner(self, decision: Decision[Any, Any], known: date | None) -> Callable[..., Any]:
        """A function `(subject, bag, on, tape=None)` that decides another decision."""
        return partial(self._decide_other, decision, known)

    def _decide_other(
        self,
        decision: Decision[Any, Any],
        known: date | None,
        subject: Any,
        bag: Bag,
        on: date,
        tape: Tape | None = None,
    ) -> Any:
        return decide_other(self._regimes(decision, known).at(on), subject, bag, on, tape)


def _checked_on(subject: Any, on: date) -> None:
    """Refuse a subject that cannot be on a date (a member born after it).

    Raises:
        DecideError: naming each member and field.
    """
    problems = list(subject.invariants_on(on))
    if problems:
        raise DecideError("\n".join(f"{type(subject).__name__}.{problem}" for problem in problems))
