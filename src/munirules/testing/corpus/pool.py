"""The questions from which the cases of a corpus are chosen, with what each visits and which faults it notices."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.testing.corpus.lines import ask
from munirules.testing.faults.code import Block
from munirules.testing.faults.given import Said, figures_given
from munirules.testing.faults.mutant import Mutant
from munirules.testing.probes import RUN, Visit
from munirules.testing.question import FAILED, Question
from munirules.testing.search.draft import draft_of
from munirules.testing.search.search import NOT_IN_FORCE, Found, Search

if TYPE_CHECKING:
    from munirules.engine.rulebook import Rulebook

RICH: Final = 6
"""Questions that are carried to every other version of the law."""

_WEIGHT: Final = 5
_ENOUGH: Final = 3
_DEAR: Final = 2000


@attrs.define(eq=False, slots=False)
class Candidate:
    """A question that may become a case.

    Attributes:
        found: the question, its answer and what it visits.
        known: as known on this date.
        blocks: blocks of rules that run for it.
        given: figures that it is answered from; None where the law is not in force.
        kills: numbers of the faults that it notices.
        stands: whether it is a case already.
    """

    found: Found
    known: date | None
    blocks: frozenset[Block]
    given: frozenset[Said] | None
    kills: set[int] = attrs.field(factory=set)
    stands: bool = False

    @property
    def question(self) -> Question:
        """The question."""
        return self.found.question

    @property
    def visits(self) -> frozenset[Visit]:
        """What it visits; nothing where it is asked as known before, as who reads it would look for that in vain."""
        return self.found.visits if self.known is None else frozenset()

    @property
    def wealth(self) -> int:
        """How much there is in it to change: branches, and figures of the answer that are not nothing."""
        return len(self.visits) + _WEIGHT * _amounts(self.found.answer.result)

    @property
    def cost(self) -> int:
        """How long the case is; one that stands already is cheap."""
        return self.length - (_DEAR if self.stands else 0)

    @cached_property
    def length(self) -> int:
        """How long the question is."""
        return len(json.dumps(self.question.as_request(), ensure_ascii=False))

    def meets(self, mutant: Mutant) -> bool:
        """Whether the mutant can matter for it."""
        concerns = mutant.concerns
        if isinstance(concerns, Block):
            return concerns in self.blocks
        return not isinstance(concerns, Said) or self.given is None or concerns in self.given

    def notices(self, rulebook: Rulebook) -> bool:
        """Whether it is answered otherwise now."""
        return ask(rulebook, self.question, self.known) != self.found.answer


class Pool:
    """Candidates of one decision in one rulebook.

    Args:
        search: the search that finds them.
        mutants: faults that are to be noticed.
    """

    def __init__(self, search: Search, mutants: Sequence[Mutant]) -> None:
        self.search = search
        self.rulebook = search.rulebook
        self.mutants = mutants
        self.candidates: list[Candidate] = []
        self._names = {place: Block(*where) for where, place in search.probes.blocks.items()}
        self._there: set[tuple[Question, date | None]] = set()
        self._edges: dict[int, list[Candidate]] = {}
        self._noticed: dict[int, int] = {}

    def add(self, question: Question, known: date | None = None, *, stands: bool = False) -> Candidate | None:
        """A question as a candidate; None where it is one already, or no valid question."""
        if (question, known) in self._there:
            return None
        if known is None:
            with self.search.probes.installed():
                found = self.search.ask(draft_of(question))
        else:
            answer = ask(self.rulebook, question, known)
            valid = answer.status != FAILED or answer.error == NOT_IN_FORCE
            found = Found(draft_of(question), question, answer, frozenset(), {}) if valid else None
        return None if found is None else self.keep(found, known, stands=stands)

    def keep(self, found: Found, known: date | None = None, *, stands: bool = False) -> Candidate | None:
        """A question that was asked as a candidate; None where it is one already."""
        if (found.question, known) in self._there:
            return None
        self._there.add((found.question, known))
        made = self._made(found, figures_given(self.rulebook, found.question, known), known, stands=stands)
        self.candidates.append(made)
        return made

    def _made(
        self, found: Found, given: frozenset[Said] | None, known: date | None = None, *, stands: bool = False
    ) -> Candidate:
        blocks = frozenset(self._names[visit.place] for visit in found.visits if visit.outcome == RUN)
        return Candidate(found, known, blocks, given, stands=stands)

    def carry(self, days: Iterable[date]) -> None:
        """Carry the richest questions to the versions of the law that begin on other days, and to the day before."""
        decided = [own for own in self.candidates if own.known is None and own.found.answer.decided]
        rich = sorted(decided, key=lambda own: (-own.wealth, own.cost))[:RICH]
        with self.search.probes.installed():
            carried = [self.search.transplanted(own.found, day) for day in days for own in rich]
        for found in carried:
            if found is not None:
                self.keep(found)

    def noticed(self, number: int, times: int = 1) -> bool:
        """Whether so many candidates notice a fault."""
        return self._noticed.get(number, 0) >= times

    def tell(self, number: int, candidates: Sequence[Candidate], *, all_of: bool = False) -> None:
        """Find out which candidates notice a fault: all that stand already, and some of the others, or all."""
        mutant = self.mutants[number]
        met = sorted((own for own in candidates if own.meets(mutant)), key=lambda own: not own.stands)
        if not met:
            return
        with mutant.alive(self.rulebook):
            for own in met:
                if self.noticed(number, _ENOUGH) and not (all_of or own.stands):
                    return
                if number not in own.kills and own.notices(self.rulebook):
                    own.kills.add(number)
                    self._noticed[number] = self._noticed.get(number, 0) + 1

    def near(self, mutant: Mutant, number: int) -> list[Candidate]:
        """Candidates that a mutant can matter for: the richest, and the shortest of those with a result."""
        met = [own for own in self.candidates if own.known is None and own.given is not None and own.meets(mutant)]
        rich = sorted(met, key=lambda own: (-own.wealth, own.cost))[:number]
        short = sorted(met, key=lambda own: (not own.found.answer.decided, own.length))[:number]
        return list({id(own): own for own in (*rich, *short)}.values())

    def edges(self, candidate: Candidate) -> list[Candidate]:
        """Questions at the edges of the comparisons that a candidate meets; they are no candidates themselves."""
        if id(candidate) not in self._edges:
            with self.search.probes.installed():
                found = list(self.search.edges(candidate.found))
            self._edges[id(candidate)] = [self._made(own, candidate.given) for own in found]
        return self._edges[id(candidate)]

    def varied(self, near: Sequence[Candidate], tries: int, row: object = None) -> Iterator[Candidate]:
        """Candidates with one to three things changed, towards a row of the law where one is given.

        They are no candidates themselves.
        """
        varier = self.search.varier
        with self.search.probes.installed():
            for number in range(tries):
                parent = self.search.rng.choice(near)
                draft = parent.found.draft
                towards = row is not None and number % 2 == 0
                found = self.search.ask(varier.following(draft, row) if towards else varier.varied(draft))
                if found is not None:
                    yield self._made(found, parent.given)


def _amounts(result: Any) -> int:
    """How many numbers of a result are not nothing."""
    if isinstance(result, Mapping):
        return sum(map(_amounts, result.values()))
    if isinstance(result, list):
        return sum(map(_amounts, result))
    return int(not isinstance(result, (bool, str)) and bool(result))
