"""Questions of a decision: a date that its law covers, a subject, and exactly the facts that its rules ask for.

Facts are given as the rulebook asks for them: what a run says is missing is drawn and added until nothing is. So a
question holds no fact that nobody looked at, and what Hypothesis shrinks it to is short enough to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from munirules.engine.bag import FactsOf, NoneOf, Provisional, facts_of, none_of, provisional
from munirules.engine.outcome import Status
from munirules.engine.provisions import NotInForce
from munirules.engine.running import RuleFailed
from munirules.engine.runtime import MissingFact
from munirules.errors import MunirulesError
from munirules.models.declare import InvariantError, declaration, is_declared, record_of
from munirules.models.years import WrongYear, year_field
from munirules.testing.law_dates import spans, uncovered
from munirules.testing.question import Question
from munirules.testing.strategies.days import days_in
from munirules.testing.strategies.links import reached
from munirules.testing.strategies.making import BUILDERS, SELDOM, Checks, Maker, objects
from munirules.testing.strategies.pools import Pool, pool_of

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from munirules.engine.decision import Decision
    from munirules.engine.outcome import TraceStep
    from munirules.engine.rulebook import Rulebook

_ROUNDS: Final = 24
"""How often a question may be completed: once for each decision of a chain, and for each year that is put right."""

_STEPS: Final = 12
"""How often a refused question may be varied, where one with a result is looked for."""

TWINS: Final = "birth_order"
"""The field by which facts about a child tell the order among children born on one day."""

_FAILED: Final = ""
"""In place of a status: an error was raised, by a date of the question at which no law is in force, say."""

_BROKEN: Final = "broken"
"""In place of a status: a rule itself failed, which no other question is drawn for."""

_UNGRANTED: Final = (Status.REFUSED, _FAILED)
_MOSTLY: Final = st.sampled_from((True, True, True, False))


class NoQuestions(MunirulesError):
    """A decision that nothing can be asked about: no date of it is covered here."""


def questions(
    rulebook: Rulebook,
    decision: Decision[Any, Any] | str,
    on: date | SearchStrategy[date] | None = None,
    *,
    subject: SearchStrategy[Any] | None = None,
    facts: Mapping[type, SearchStrategy[Any]] | None = None,
) -> SearchStrategy[Question]:
    """Questions of a decision that a jurisdiction's law covers, complete and valid.

    Args:
        rulebook: for whom.
        decision: the decision, or its name.
        on: the date, or a strategy for it; by default every stretch of its law is visited, at its ends above all.
        subject: a strategy for the subject, in place of the one from its declaration.
        facts: strategies for some classes of facts, likewise.

    Raises:
        NoQuestions: when no date is covered.
    """
    own = rulebook.decision(decision) if isinstance(decision, str) else decision
    if on is None:
        covered = spans(rulebook, own)
        if not covered:
            why = uncovered(rulebook, own, date(2026, 4, 1)).splitlines()[0]
            raise NoQuestions(f"{own.name} is in force at no date in {rulebook.jurisdiction.full_name}: {why}")
        days: SearchStrategy[date] = days_in(covered)
    else:
        days = st.just(on) if isinstance(on, date) else on
    return _questions(rulebook, own, days, subject, dict(facts or {}))


@st.composite
def _questions(
    draw: DrawFn,
    rulebook: Rulebook,
    decision: Decision[Any, Any],
    days: SearchStrategy[date],
    subject: SearchStrategy[Any] | None,
    facts: Mapping[type, SearchStrategy[Any]],
) -> Question:
    on = draw(days)
    pool = pool_of(rulebook, decision, on)
    bag = _Bag(draw, rulebook, decision, pool, facts)
    own = draw(subject if subject is not None else subjects(decision, pool))
    question, status = bag.complete(Question(decision, own, (), on))
    if status in _UNGRANTED and draw(_MOSTLY):
        question = bag.granted(question, subject_too=subject is None)
    return question


def variations(rulebook: Rulebook, question: Question) -> SearchStrategy[Question]:
    """The question with one field of its subject, or of one of its facts, drawn anew, and facts for what is asked then.

    Args:
        rulebook: for whom.
        question: the question; a subject that takes a builder of its own, a household, stays as it is.
    """
    return _changed(rulebook, question, vary=True)


def completions(rulebook: Rulebook, question: Question) -> SearchStrategy[Question]:
    """The question with the facts that are asked for and that it does not have yet.

    Args:
        rulebook: for whom.
        question: the question; what it says stays as it is, but for facts of another year than the one needed.
    """
    return _changed(rulebook, question, vary=False)


@st.composite
def _changed(draw: DrawFn, rulebook: Rulebook, question: Question, *, vary: bool) -> Question:
    bag = _Bag(draw, rulebook, question.decision, pool_of(rulebook, question.decision, question.on), {})
    bag.take(question)
    changed = bag.varied(question, frozenset(), subject_too=True) if vary else question
    return bag.complete(changed)[0]


def subjects(decision: Decision[Any, Any], pool: Pool) -> SearchStrategy[Any]:
    """Subjects of a decision that can be on the pool's day.

    Args:
        decision: the decision.
        pool: what matters on the day.
    """
    return objects(decision.subject, pool, checks=_checks_on(decision, pool))


def _checks_on(decision: Decision[Any, Any], pool: Pool) -> Checks | None:
    """What a class of subjects says of subjects on a day."""
    return (lambda made: made.invariants_on(pool.on)) if hasattr(decision.subject, "invariants_on") else None


class _Bag:
    """The facts of one question while it is being completed.

    Facts by class and part ("" for the whole); None stands for a fact given as none.
    """

    def __init__(
        self,
        draw: DrawFn,
        rulebook: Rulebook,
        decision: Decision[Any, Any],
        pool: Pool,
        strategies: Mapping[type, SearchStrategy[Any]],
    ) -> None:
        self.draw = draw
        self.rulebook = rulebook
        self.decision = decision
        self.pool = pool
        self.strategies = strategies
        self.subject: Any = None
        self.ids: tuple[str, ...] = ()
        self.facts: dict[tuple[type, str], Any] = {}
        self.unsure: set[tuple[type, str]] = set()
        self.left: set[type] = set()
        self.years: dict[str, int] = {}
        self.sure: set[type] = set()
        self.optional = {asked.fact.cls for asked in self._asked() if asked.optional}

    def take(self, question: Question) -> None:
        """Begin with the facts that a question has; those about a part that is not there any more are left out."""
        self.subject, self.ids = question.subject, ids_of(question.subject)
        for fact in question.facts:
            part = fact.part if isinstance(fact, FactsOf) else ""
            if part and part not in self.ids:
                continue
            for own in fact.facts if isinstance(fact, FactsOf) else (fact,):
                inner = own.fact if isinstance(own, Provisional) else own
                key = (inner.cls if isinstance(inner, NoneOf) else type(inner), part)
                self.facts[key] = None if isinstance(inner, NoneOf) else inner
                if isinstance(own, Provisional):
                    self.unsure.add(key)

    def complete(self, question: Question) -> tuple[Question, str]:
        """Give a question the facts that are asked for, those of a year for the year that is needed; and its status."""
        self.subject, self.ids = question.subject, ids_of(question.subject)
        for _ in range(_ROUNDS):
            asked = attrs.evolve(question, facts=self.given())
            more, status = self.more(asked)
            if not more:
                return asked, status
        return reject()

    def granted(self, question: Question, *, subject_too: bool) -> Question:
        """Look about for a question that the law does not refuse: most of what is drawn at random is.

        What the refusing rule looks at is varied first; what comes as far as before is kept.
        """
        best, (steps, names), facts = question, self._refused(question), dict(self.facts)
        for _ in range(_STEPS):
            self.facts = dict(facts)
            found, status = self.complete(self.varied(best, names, subject_too=subject_too))
            if status not in _UNGRANTED:
                return found
            reached_now, looked_at = self._refused(found)
            if reached_now >= steps:
                best, steps, names, facts = found, reached_now, looked_at, dict(self.facts)
        return best

    def _refused(self, question: Question) -> tuple[int, frozenset[str]]:
        """How many rules were asked until one refused, and the names that this one looks at."""
        outcome = question.answer(self.rulebook, trace=True).outcome
        if outcome is None or not outcome.trace:
            return 0, dates_of(self.rulebook, question)
        last = outcome.trace[-1]
        while last.steps:
            last = last.steps[-1]
        return _count(outcome.trace), looked_at(self.rulebook, last.decision, last.rule)

    def varied(self, question: Question, names: frozenset[str], *, subject_too: bool) -> Question:
        """The question with one field of its subject, or of one of its facts, drawn anew: mostly one of those named."""
        places: list[tuple[type, str] | None] = [
            key for key, fact in self.facts.items() if fact is not None and key[0] not in self.strategies
        ]
        if subject_too and type(question.subject) not in BUILDERS:
            places.append(None)
        found = [(place, name) for place in places for name in self._fields(question, place)]
        named = [place for place in found if place[1] in names]
        if not found:
            return question
        likely = bool(named) and self.draw(_MOSTLY)
        place, name = self.draw(st.sampled_from(named if likely else found))
        if place is None:
            maker = Maker(self.decision.subject, self.pool, self.ids, _checks_on(self.decision, self.pool))
            return attrs.evolve(question, subject=maker.vary(self.draw, question.subject, name))
        maker = Maker(place[0], self.pool, self.ids, self._checks_with(place[0]))
        self.facts[place] = self._fitted(maker.vary(self.draw, self.facts[place], name), place[1])
        return question

    def _fields(self, question: Question, place: tuple[type, str] | None) -> list[str]:
        owner = declaration(type(question.subject) if place is None else place[0])
        return [name for name, spec in owner.specs.items() if not spec.secret and name != "id"]

    def _asked(self) -> Any:
        try:
            return self.rulebook.ask(self.decision, on=self.pool.on)
        except NotInForce:
            return ()

    def given(self) -> tuple[object, ...]:
        """The facts as `decide` takes them: those of the whole, then those of each part in its order."""
        whole = [self._told(key) for key in self.facts if not key[1]]
        parts = [
            facts_of(part, *own)
            for part in self.ids
            if (own := [self._told(key) for key in self.facts if key[1] == part])
        ]
        return (*whole, *parts)

    def _told(self, key: tuple[type, str]) -> object:
        fact = self.facts[key]
        told = none_of(key[0]) if fact is None else fact
        return provisional(told) if key in self.unsure and not isinstance(told, NoneOf) else told

    def more(self, question: Question) -> tuple[bool, str]:
        """Ask, and add what is missing; whether anything was added or put right, and what came out."""
        try:
            outcome = self.rulebook.decide(question.decision, question.subject, *question.facts, on=question.on)
        except MissingFact as error:
            return self._add((fact.cls, part) for fact, part in error.facts), ""
        except WrongYear as error:
            return self._right(error.cls, error.wanted), ""
        except RuleFailed:
            return False, _BROKEN  # for the property to tell
        except MunirulesError:
            return False, _FAILED
        if outcome.needed and not self.left.issuperset(fact.cls for fact in outcome.needed):
            return self._find([fact.cls for fact in outcome.needed]), outcome.status
        return False, outcome.status

    def _add(self, missing: Iterable[tuple[type, str]]) -> bool:
        before = len(self.facts)
        for cls, part in missing:
            if (cls, part) not in self.facts:
                self.facts[cls, part] = self._fitted(self._drawn(cls), part)
                if self.draw(SELDOM):
                    self.unsure.add((cls, part))
        return len(self.facts) > before

    def _find(self, classes: Iterable[type]) -> bool:
        """Give findings, about every part that they may be about; at times they are left to be found."""
        found = False
        for cls in dict.fromkeys(classes):
            if self.draw(SELDOM):
                self.left.add(cls)
                continue
            about = declaration(cls).about
            places = ("",) if about is None else self.ids
            found = self._add((cls, part) for part in places) or found
            if not found:
                self.left.add(cls)
        return found

    def _drawn(self, cls: type) -> Any:
        if cls in self.strategies:
            return self.draw(self.strategies[cls])
        if cls in self.optional and self.draw(st.booleans()):
            return None
        return self.draw(objects(cls, self.pool, ids=self.ids, checks=self._checks_with(cls)))

    def _fitted(self, fact: Any, part: str) -> Any:
        """The fact with the year of this question's facts, and the order among twins that its member has."""
        if fact is None:
            return None
        specs, changes = declaration(type(fact)).specs, {}
        if field := year_field(type(fact)):  # the first one drawn, or found to be needed
            changes[field] = self.years.setdefault(field, getattr(fact, field))
        if TWINS in specs and part:
            changes[TWINS] = twin_order(self.subject, part)
        return attrs.evolve(fact, **changes) if changes else fact

    def _checks_with(self, cls: type) -> Checks | None:
        """What a class of facts says of facts beside a subject."""
        return (lambda made: made.invariants_with(self.subject)) if hasattr(cls, "invariants_with") else None

    def _right(self, cls: type, wanted: int) -> bool:
        """Give facts of a year the one that is needed: those of the class, and others that have the same unit of year."""
        field, changed = year_field(cls), False
        self.years[field] = wanted
        for (own, part), fact in self.facts.items():
            if fact is not None and year_field(own) == field and getattr(fact, field) != wanted:
                if own is not cls and own in self.sure:
                    continue
                try:
                    self.facts[own, part] = attrs.evolve(fact, **{field: wanted})
                except InvariantError:
                    reject()
                changed = changed or own is cls
        self.sure.add(cls)
        return changed


def twin_order(subject: Any, part: str) -> int:
    """Which of the members born on one day a member is, by their ids; 0 for who has no twin."""
    members = getattr(subject, "members", ())
    born = next((member.born_on for member in members if member.id == part), None)
    ids = sorted(member.id for member in members if member.born_on == born)
    return ids.index(part) + 1 if len(ids) > 1 else 0


def looked_at(rulebook: Rulebook, decision: str, rule: str) -> frozenset[str]:
    """The names of fields that a rule, or a helper that it calls, looks at: those of all its versions."""
    own = rulebook.decision(decision)
    found = [each for each in own.rules if each.name == rule]
    found.extend(each for rules in rulebook.area(own.area).replaced(own) for each in rules if each.name == rule)
    return frozenset(name for fn in reached(each.fn for each in found) for name in fn.__code__.co_names)


def dates_of(rulebook: Rulebook, question: Question) -> frozenset[str]:
    """The names of fields by whose dates law is chosen."""
    try:
        wiring = rulebook.area(question.decision.area).wiring(question.decision, question.on, None)
    except NotInForce:
        return frozenset()
    moments = [need.at for _, need in wiring.needs("provision") if need.at is not None]
    return frozenset(key for moment in moments for key in (moment.key, moment.started))


def _count(trace: Iterable[TraceStep]) -> int:
    return sum(1 + _count(step.steps) for step in trace)


def ids_of(subject: Any) -> tuple[str, ...]:
    """Ids of the parts of a subject."""
    found: list[str] = []
    for name, annotation in declaration(type(subject)).types.items():
        record = record_of(annotation)
        if record is not None and is_declared(record) and "id" in declaration(record).specs:
            found.extend(part.id for part in getattr(subject, name))
    return tuple(dict.fromkeys(found))
