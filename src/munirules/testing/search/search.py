"""A search for questions that visit what none visited yet: changes of those that came near, and steps towards a boundary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

import attrs
import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from munirules.engine.regimes import FIRST
from munirules.engine.runtime import MissingFact
from munirules.errors import MunirulesError
from munirules.models.declare import declaration
from munirules.models.fields import is_partial
from munirules.models.years import WrongYear, year_field
from munirules.testing.functions import functions_of
from munirules.testing.law_dates import spans
from munirules.testing.probes import ABOVE, RUN, Compared, Probes, Visit
from munirules.testing.question import FAILED, Answer, Question
from munirules.testing.search.draft import Draft, Given, draft_of, rows_of
from munirules.testing.search.values import Reach, Values
from munirules.testing.search.vary import Varier, moved, numeric
from munirules.testing.strategies.asking import NoQuestions, questions

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

NOT_IN_FORCE: Final = "NotInForce"
"""The error that is an answer of the law; another one says that the question was none."""

_FAR: Final = 400
_LEAST: Final = 6
REPAIRS: Final = 12
_REPAIRED: Final = (MissingFact.__name__, WrongYear.__name__)


@attrs.define(eq=False)
class Found:
    """A question that visited something new.

    Attributes:
        draft: the question, open to change.
        question: the question.
        answer: its answer.
        visits: what it visits.
        gaps: how far the sides of each comparison were apart.
    """

    draft: Draft
    question: Question
    answer: Answer
    visits: frozenset[Visit]
    gaps: dict[Compared, int]


class Search:
    """A search in one decision of one rulebook; the same seed finds the same.

    Args:
        rulebook: for whom.
        decision: what is asked.
        seed: where chance begins.

    Attributes:
        goals: what is to be visited.
        found: every question that visited something new, in the order found.
        defects: valid questions at which a rule failed.
    """

    def __init__(self, rulebook: Rulebook, decision: Decision[Any, Any], seed: int) -> None:
        self.rulebook = rulebook
        self.decision = decision
        self.rng = Random(f"{seed} {rulebook.jurisdiction.code} {decision.name}")  # noqa: S311 — no secret
        functions = functions_of(rulebook, decision)
        self.probes = Probes(functions.values())
        self.goals: AbstractSet[Visit] = self.probes.wanted
        self.reach = Reach.of(rulebook, decision)
        self.values = Values(self.reach, functions.values())
        self.varier = Varier(self.rng, self.values)
        self.found: list[Found] = []
        self.defects: dict[str, Question] = {}
        self._by_visit: dict[Visit, list[Found]] = {}

    @property
    def visited(self) -> frozenset[Visit]:
        """Everything visited so far."""
        return frozenset(self._by_visit)

    def missing(self) -> list[Visit]:
        """What was not visited, in order of the places."""
        return sorted(self.goals - self._by_visit.keys())

    def add(self, questions: Iterable[Question]) -> None:
        """Begin with questions that stand already."""
        with self.probes.installed():
            for question in questions:
                self._keep(self.ask(draft_of(question)))

    def begin(self, number: int) -> None:
        """Begin with questions drawn by the strategies of the decision; with none where no date of it is covered here."""
        with self.probes.installed():
            for day in (None, *(span.first for span in spans(self.rulebook, self.decision) if span.first != FIRST)):
                share = number if day is None else max(number // (4 * len(self.reach.days)), _LEAST)
                for question in drawn(self.rulebook, self.decision, share, self.rng.randrange(2**32), day):
                    self._keep(self.ask(draft_of(question)))
            for day in self.reach.around():
                nearest = [own for own in self.found if abs((own.question.on - day).days) < _FAR] or self.found
                if nearest:
                    self._keep(self.ask(attrs.evolve(self.rng.choice(nearest).draft.copy(), on=day)))

    def run(self, effort: int) -> None:
        """Look for what is missing.

        Args:
            effort: how many questions are asked at most.
        """
        with self.probes.installed():
            for number in range(effort):
                missing = self.missing()
                if not missing or not self.found:
                    return
                parent = self._parent(missing[number % len(missing)])
                self._keep(self.ask(self.varier.varied(parent.draft)))

    def solve(self) -> None:
        """Step towards each boundary that was not met: move numbers and days by as much as the sides are apart."""
        with self.probes.installed():
            for visit in self.missing():
                if visit.outcome == RUN or visit in self._by_visit:
                    continue
                near = [(own, key) for own in self._near(visit)[:4] for key in own.gaps if key.place == visit.place]
                for parent, key in near[:8]:
                    if self._step(parent, key, visit):
                        break

    def _step(self, parent: Found, key: Compared, visit: Visit) -> bool:
        """Try every number and day of a question; whether the boundary was met."""
        gap = parent.gaps[key]
        for index in range(len(numeric(parent.draft))):
            moved_gap = self._gap_after(parent, index, 1, key)
            slope: float = 0 if moved_gap is None else moved_gap - gap
            if slope == 0:
                moved_gap = self._gap_after(parent, index, 1000, key)
                slope = 0 if moved_gap is None else (moved_gap - gap) / 1000  # a rate, say
            if slope == 0:
                continue
            by = round(-gap / slope)
            for near in (0, 1, -1, 2, -2):
                self._keep(self.ask(self._moved(parent, index, by + near)))
                if visit in self._by_visit:
                    return True
        return False

    def _gap_after(self, parent: Found, index: int, by: int, key: Compared) -> int | None:
        found = self.ask(self._moved(parent, index, by))
        self._keep(found)
        return None if found is None else found.gaps.get(key)

    @staticmethod
    def _moved(parent: Found, index: int, by: int) -> Draft:
        draft = parent.draft.copy()
        moved(numeric(draft)[index], by)
        return draft

    def edges(self, parent: Found) -> Iterator[Found]:
        """Questions like one, each moved to an edge: where the sides of a comparison are equal, or one apart."""
        for index in range(len(numeric(parent.draft))):
            slopes: dict[Compared, float] = {}
            for by in (1, 1000):
                other = self.ask(self._moved(parent, index, by))
                slopes = slopes if other is None else _slopes(parent.gaps, other.gaps, by)
                if slopes:
                    break
            steps: set[int] = set()
            for key, slope in slopes.items():
                step = round(-parent.gaps[key] / slope)
                near = (step - 1, step, step + 1)
                steps.update(near if abs(slope) == 1 else self._turn(parent, index, key, step, slope))
            for step in sorted(steps - {0}):
                found = self.ask(self._moved(parent, index, step))
                if found is not None:
                    yield found

    def _turn(self, parent: Found, index: int, key: Compared, step: int, slope: float) -> Sequence[int]:
        """Between which two steps the sides of a comparison change places, where a step is less than a unit of theirs."""
        reach = round(2 / abs(slope)) + 2
        low, high = step - reach, step + reach
        below = self._gap_at(parent, index, low, key)
        if below is None or self._gap_at(parent, index, high, key) == below:
            return ()
        while high - low > 1:
            middle = (low + high) // 2
            gap = self._gap_at(parent, index, middle, key)
            if gap is None:
                return ()
            if (gap > 0) == (below > 0) and (gap < 0) == (below < 0):
                low = middle
            else:
                high = middle
        return (low, high, high + 1)

    def _gap_at(self, parent: Found, index: int, by: int, key: Compared) -> int | None:
        found = self.ask(self._moved(parent, index, by))
        return None if found is None else found.gaps.get(key)

    def transplanted(self, parent: Found, day: date) -> Found | None:
        """A question asked on another day, all its days moved as far, so that everybody is as old as before."""
        draft = parent.draft.copy()
        by = (day - draft.on).days
        draft.on = day
        for slot in draft.slots():
            if isinstance(slot.value, date) and not is_partial(slot.value):
                moved(slot, by)
        return self.ask(draft)

    def _near(self, visit: Visit) -> list[Found]:
        """Questions that came to a place, the last found first."""
        outcomes = range(ABOVE + 1)
        near = [own for outcome in outcomes for own in self._by_visit.get(Visit(visit.place, outcome), ())]
        return near[::-1]

    def _parent(self, goal: Visit) -> Found:
        """A question to change: mostly one that came to the place of the goal."""
        near = self._near(goal) if self.rng.random() < 0.7 else []
        if not near:
            near = self.rng.choice(list(self._by_visit.values()))
        return self.rng.choice(near)

    def _keep(self, found: Found | None) -> None:
        """Keep a question that visits something new, made as short as can be."""
        if found is None:
            return
        new = found.visits - self._by_visit.keys()
        if not new:
            return
        kept = self._ask_short(found, new)
        self.found.append(kept)
        for visit in kept.visits:
            self._by_visit.setdefault(visit, []).append(kept)

    def _ask_short(self, found: Found, new: frozenset[Visit]) -> Found:
        last = [found]

        def keeps(draft: Draft) -> bool:
            own = self.ask(draft)
            if own is None or not new <= own.visits:
                return False
            last[0] = own
            return True

        shortened(found.draft, keeps)
        return last[0]

    def ask(self, draft: Draft) -> Found | None:
        """Ask a question, with the facts that it lacks given anew; None where it is none."""
        for _ in range(REPAIRS):
            question = draft.made()
            if question is None:
                return None
            self.probes.gaps.clear()
            self.probes.take()
            answer = question.answer(self.rulebook)
            if answer.error in _REPAIRED:
                draft = draft.copy()
                if not self._complete(draft, question):
                    return None
                continue
            if answer.status == FAILED and answer.error != NOT_IN_FORCE:
                self._defect(answer, question)
                return None
            return Found(draft, question, answer, self.probes.take(), dict(self.probes.gaps))
        return None

    def _defect(self, answer: Answer, question: Question) -> None:
        """A rule that fails at a valid question is a fault of the rule."""
        if answer.error == "RuleFailed":
            self.defects.setdefault(answer.message.partition("; given")[0], question)

    def _complete(self, draft: Draft, question: Question) -> bool:
        """Give the facts that are asked for, of the year that is needed; whether there were any that can be given."""
        try:
            self.rulebook.decide(question.decision, question.subject, *question.facts, on=question.on)
        except MissingFact as error:
            added = False
            for fact, part in error.facts:
                if fact.kind == "facts" and draft.facts.get((fact.cls, part), Given(None)).node is None:
                    none = (fact.cls, part) not in draft.facts and self.rng.random() < 0.3
                    draft.facts[fact.cls, part] = Given(None if none else self.varier.fresh(fact.cls, draft))
                    added = True
            return added
        except WrongYear as error:
            field = year_field(error.cls)
            own = [given.node for (cls, _), given in draft.facts.items() if cls is error.cls and given.node is not None]
            wrong = [node for node in own if node.values[field] != error.wanted]
            for node in wrong:
                node.values[field] = error.wanted
            return bool(wrong)
        except MunirulesError:
            return False
        return False


def _slopes(before: Mapping[Compared, int], after: Mapping[Compared, int], by: int) -> dict[Compared, float]:
    """By how much the sides of comparisons moved apart when something was moved by so many."""
    return {key: (after[key] - gap) / by for key, gap in before.items() if key in after and after[key] != gap}


def drawn(
    rulebook: Rulebook, decision: Decision[Any, Any], number: int, seed: int, on: date | None = None
) -> list[Question]:
    """Questions drawn by the strategies of a decision; none where no date of it is covered."""
    found: list[Question] = []
    try:
        strategy = questions(rulebook, decision, on)
    except NoQuestions:
        return found

    @hypothesis.seed(seed)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(question: Question) -> None:
        found.append(question)

    with suppress(Unsatisfiable):
        draw()
    return list(dict.fromkeys(found))


def shortened(draft: Draft, keeps: Callable[[Draft], bool]) -> Draft:
    """Leave out of a question all that does not matter.

    Args:
        draft: the question; it stays as it is.
        keeps: whether a shorter one still does what the question is for.
    """
    number = 0
    while True:
        shorter = next(_shorter(draft, number), None)
        if shorter is None:
            return draft
        index, tried = shorter
        if keeps(tried):
            draft, number = tried, index
        else:
            number = index + 1


def _shorter(draft: Draft, start: int) -> Iterator[tuple[int, Draft]]:
    """Copies with one thing less, numbered, from a number on."""
    number = 0
    for index, node in enumerate(draft.nodes()):
        for name, _, items in rows_of(node):
            for item in range(len(items)):
                if number >= start:
                    copied = draft.copy()
                    del list(copied.nodes())[index].values[name][item]
                    yield number, copied
                number += 1
    for index, node in enumerate(draft.nodes()):
        defaults = {own.name: own.default for own in attrs.fields(node.cls)}
        for name in declaration(node.cls).specs:
            value, default = node.values[name], defaults[name]
            plain = tuple(value) if isinstance(value, list) else value
            if default is attrs.NOTHING or plain == default:
                continue
            if number >= start:
                copied = draft.copy()
                list(copied.nodes())[index].values[name] = list(default) if isinstance(default, tuple) else default
                yield number, copied
            number += 1
