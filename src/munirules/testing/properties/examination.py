"""Properties of a decision, tried on questions that Hypothesis draws: bounded, seeded, the same each time.

A property that does not hold is shown by the simplest question that breaks it, as the command line that asks it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded

from munirules.engine.outcome import Status
from munirules.engine.provisions import NotInForce
from munirules.engine.regimes import FIRST
from munirules.errors import MunirulesError
from munirules.testing.law_dates import DAY, Span, spans
from munirules.testing.properties import columns, free
from munirules.testing.properties.declared import try_declared
from munirules.testing.properties.tried import Broken, Tried
from munirules.testing.question import FAILED, Question, question_of
from munirules.testing.shrink import shrunk
from munirules.testing.strategies.asking import questions
from munirules.testing.strategies.days import ends_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from munirules.engine.decision import Decision
    from munirules.engine.holds import Property
    from munirules.engine.rulebook import Rulebook

EXAMPLES: Final = 50
EDGES: Final = 4

_INCOMPLETE: Final = frozenset({"MissingFact", "WrongYear", "FactError", "UnknownPart", "DecideError"})
"""Errors of a question from which too much was left out."""

Trial: TypeAlias = Callable[[Tried], object]


@attrs.frozen
class Check:
    """One property, ready to be tried.

    Attributes:
        name: what it is called in reports and test names.
        title: what it says.
        trial: tries it on a question; False where the property does not speak of it.
    """

    name: str
    title: str
    trial: Trial


@attrs.frozen(kw_only=True)
class Failure:
    """A property that does not hold, and the simplest question that shows it.

    Attributes:
        check: its name.
        told: what was found.
        commands: the command lines that ask the questions which show it.
    """

    check: str
    told: str
    commands: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join((f"{self.check}: {self.told}", *(f"    {command}" for command in self.commands)))


@attrs.frozen(kw_only=True)
class Examination:
    """What trying the properties of one decision came to.

    Attributes:
        decision: its name.
        checks: names of the properties.
        statuses: how many questions came to which status.
        visited: stretches of law that questions were asked of.
        stretches: how many there are.
        idle: properties that spoke of none of the questions, so that nothing was tried.
        failures: properties that do not hold.
    """

    decision: str
    checks: tuple[str, ...]
    statuses: dict[str, int]
    visited: int
    stretches: int
    idle: tuple[str, ...]
    failures: tuple[Failure, ...]

    @property
    def passed(self) -> bool:
        """Whether every property held."""
        return not self.failures

    @property
    def asked(self) -> int:
        """How many questions were asked."""
        return sum(self.statuses.values())

    def __str__(self) -> str:
        told = ", ".join(f"{number} {status}" for status, number in sorted(self.statuses.items()))
        return f"{self.decision}: {len(self.checks)} properties, {self.asked} questions ({told}), {self.visited} of {self.stretches} stretches of law"


def free_checks(alone: Rulebook | None = None) -> list[Check]:
    """The properties of any decision.

    Args:
        alone: the rulebook made without other plugins; None to leave that property out.
    """
    trials: dict[str, Trial] = {
        "total": free.total,
        "same_twice": free.repeatable,
        "explained": free.explained,
        "as_data": free.as_data,
        "in_any_order": free.in_any_order,
        "no_clock": free.no_clock,
        "within_bounds": free.within_bounds,
        "supplied": free.supplied,
    }
    if alone is not None:
        trials["alone"] = free.beside(alone)
    return [Check(name, (trial.__doc__ or "").splitlines()[0], trial) for name, trial in trials.items()]


def declared_checks(properties: Iterable[Property]) -> list[Check]:
    """The properties that authors declare, each named after what it is about."""
    found: list[Check] = []
    seen: Counter[str] = Counter()
    for declared in properties:
        field = next((term for term in declared.terms() if isinstance(term, str)), "")
        by = declared.varied()
        name = "_".join(filter(None, (declared.kind, field, by and f"by_{by}"))).replace(".", "_")
        seen[name] += 1
        if seen[name] > 1:
            name = f"{name}_{seen[name]}"

        found.append(Check(name, f"{declared}", partial(_declared, declared)))
    return found


def _declared(declared: Property, tried: Tried) -> bool:
    return try_declared(tried, declared)


def examine(
    rulebook: Rulebook,
    decision: Decision[Any, Any] | str,
    checks: Sequence[Check] | None = None,
    *,
    examples: int = EXAMPLES,
    edges: int = EDGES,
    engines: Sequence[str] = ("python",),
    seed: int = 0,
) -> Examination:
    """Try the properties of a decision.

    Args:
        rulebook: for whom.
        decision: the decision, or its name.
        checks: the properties; those of any decision and those that its author declares where it is None.
        examples: how many questions are drawn.
        edges: how many more of each end of a stretch of law that none of them came to, and of each day outside of it.
        engines: engines of tables by which the same questions are decided once more, as rows: `python`, `kernel`; those
            whose extra is not installed are left out.
        seed: the same seed gives the same questions.

    Raises:
        NoQuestions: when no date of the decision is covered here.
    """
    own = rulebook.decision(decision) if isinstance(decision, str) else decision
    made = list(checks) if checks is not None else [*free_checks(), *declared_checks(own.properties)]
    run = _Run(rulebook, own, made, seed)
    run.on(questions(rulebook, own), examples)
    covered = spans(rulebook, own)
    for span in covered:
        for day in dict.fromkeys(ends_of(span)):
            if day not in run.days:
                run.on(questions(rulebook, own, day), edges)
    run.outside(covered, edges)
    used = [engine for engine in engines if columns.available(engine)]
    for engine in used:
        run.in_columns(engine)
    return Examination(
        decision=own.name,
        checks=(*(check.name for check in made), "not_in_force", *(f"columns_{engine}" for engine in used)),
        statuses=dict(run.statuses),
        visited=sum(any(day in span for day in run.days) for span in covered),
        stretches=len(covered),
        idle=tuple(check.name for check in made if check.name not in run.applied),
        failures=tuple(run.failures),
    )


class _Run:
    """Tries properties on questions, each until a question breaks it, and keeps the simplest that does."""

    def __init__(self, rulebook: Rulebook, decision: Decision[Any, Any], checks: Sequence[Check], seed: int) -> None:
        self.rulebook = rulebook
        self.decision = decision
        self.checks = list(checks)
        self.seed = seed
        self.statuses: Counter[str] = Counter()
        self.days: set[date] = set()
        self.asked: list[Tried] = []
        self.applied: set[str] = set()
        self.failures: list[Failure] = []

    def on(self, strategy: SearchStrategy[Question], examples: int, *, counted: bool = True) -> None:
        """Draw questions and try every property that has not been broken yet on each."""

        def trial(question: Question) -> None:
            tried = Tried(self.rulebook, question)
            if counted:
                self.statuses[tried.answer.status] += 1
                self.days.add(question.on)
                self.asked.append(tried)
            for check in list(self.checks):
                broken, applied = _breaks(check, tried)
                if applied:
                    self.applied.add(check.name)
                if broken is not None:
                    self.checks.remove(check)
                    self.failures.append(self._failure(check, question))

        drawn(trial, strategy, examples, self.seed)

    def _failure(self, check: Check, question: Question) -> Failure:
        """The simplest question that still breaks a property, and is still one that can be asked."""
        first = Tried(self.rulebook, question)
        wrong = first.answer.error

        def keeps(request: Mapping[str, Any]) -> bool:
            try:
                tried = Tried(self.rulebook, question_of(self.rulebook, self.decision, request))
            except MunirulesError:
                return False
            asked = tried.answer.error == wrong or tried.answer.error not in _INCOMPLETE
            return asked and _breaks(check, tried)[0] is not None

        request = shrunk(question.as_request(), keeps)
        broken, _ = _breaks(check, Tried(self.rulebook, question_of(self.rulebook, self.decision, request)))
        broken = broken or _breaks(check, first)[0]
        assert broken is not None, check.name
        place = self.rulebook.jurisdiction.code
        commands = tuple(dict.fromkeys(asked.command(place) for asked in broken.questions))
        return Failure(check=check.name, told=f"{broken}", commands=commands)

    def in_columns(self, engine: str) -> None:
        """Decide what was asked once more, as the rows of a table."""

        def as_row(tried: Tried) -> None:
            for _, told in columns.differing(self.rulebook, self.decision, [tried], engine=engine):
                tried.fail("in columns", told)

        check = Check(f"columns_{engine}", "a row of a table is answered as the case alone", as_row)
        first = next(columns.differing(self.rulebook, self.decision, self.asked, engine=engine), None)
        if first is not None:
            self.failures.append(self._failure(check, first[0].question))

    def outside(self, covered: Sequence[Span], edges: int) -> None:
        """Before the first version of the law, and where it ended, the answer is that it is not in force."""
        rest = self.checks
        self.checks = [Check("not_in_force", "a date that no version covers is not in force", _outside)]
        for day in _beside(covered):
            self.on(questions(self.rulebook, self.decision, day), edges, counted=False)
        self.checks = rest


def _breaks(check: Check, tried: Tried) -> tuple[Broken | None, bool]:
    """How a question breaks a property, and whether the property speaks of it at all."""
    try:
        return None, check.trial(tried) is not False
    except Broken as broken:
        return broken, True


def _beside(covered: Sequence[Span]) -> list[date]:
    """Days just before and after stretches of law that no other stretch covers."""
    days = [span.first - DAY for span in covered if span.first != FIRST]
    days += [span.last + DAY for span in covered if span.last is not None]
    return [day for day in dict.fromkeys(days) if not any(day in span for span in covered)]


def _outside(tried: Tried) -> None:
    """Nothing is decided by law that is not in force; a refusal, or that nobody asks for it, may come first."""
    answer, question = tried.answer, tried.question
    own = tried.rulebook.area(question.decision.area)
    if (answer.status, answer.error) == (FAILED, "NotInForce") or answer.status == Status.REFUSED:
        return
    with suppress(NotInForce):
        wiring = own.wiring(question.decision, question.on, None)
        if answer.decided and any(dim is not None for dim in wiring.decided.values()):
            return  # what is decided about each part needs no law where there are no parts
    tried.fail("not in force", f"no version covers {question.on}, but the answer is {answer}")


def drawn(trial: Callable[[Any], object], strategy: SearchStrategy[Any], examples: int, seed: int) -> None:
    """Try something on drawn questions, or whatever else, without any store, clock or other chance.

    Args:
        trial: called with each.
        strategy: what is drawn.
        examples: how many are.
        seed: the same seed gives the same.
    """

    def test(value: Any) -> None:
        trial(value)

    chosen = settings(
        max_examples=examples,
        database=None,
        deadline=None,
        verbosity=Verbosity.quiet,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    seeded(seed)(chosen(given(strategy)(test)))()
