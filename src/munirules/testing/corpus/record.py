"""Choosing the cases of a corpus: questions that visit every branch and tell every figure from its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.testing.corpus.cover import covering
from munirules.testing.corpus.lines import Line, line_of
from munirules.testing.corpus.pool import Candidate, Pool
from munirules.testing.faults.mutant import FIGURE, Mutant, Proof
from munirules.testing.faults.proof import proven
from munirules.testing.probes import told
from munirules.testing.question import Question
from munirules.testing.search.draft import Draft
from munirules.testing.search.search import Search, shortened

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

DAY = timedelta(days=1)
EFFORT: Final = 1000
"""Questions that are asked at most to visit branches, three times over."""

_TRIES: Final = 40
_LEAST: Final = 24
_ROUNDS: Final = 5
_PARENTS: Final = 2


@attrs.frozen(kw_only=True, eq=False)
class Recording:
    """The corpus of a decision in one rulebook.

    Attributes:
        lines: the cases, in order.
        branches: how many branches there are, and how many are visited.
        edges: the same of the edges of comparisons and roundings.
        faults: how many faults there are that could be noticed, and how many are.
        unvisited: branches that no case visits.
        unnoticed: faults that no case notices.
        noticed: ids of those that one does.
        judged: ids of those that need no question: refused by the loader, or equivalent.
        defects: valid questions at which a rule fails.
    """

    lines: tuple[Line, ...]
    branches: tuple[int, int]
    edges: tuple[int, int]
    faults: tuple[int, int]
    unvisited: tuple[str, ...]
    unnoticed: tuple[Mutant, ...]
    noticed: frozenset[str]
    judged: frozenset[str]
    defects: tuple[str, ...]


def _every(_function: str) -> bool:
    return True


class Recorder:
    """Records one decision in one rulebook.

    Args:
        rulebook: for whom.
        decision: what is asked.
        mutants: faults that are to be noticed.
        branches: tells by the key of a function whether its branches are to be visited.
        seed: where chance begins.
        effort: how many questions are asked at most for each of three rounds.
        enactments: the folder that was added to the rulebook, as lines name it.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        decision: Decision[Any, Any],
        *,
        mutants: Sequence[Mutant] = (),
        branches: Callable[[str], bool] = _every,
        seed: int = 0,
        effort: int = EFFORT,
        enactments: str = "",
    ) -> None:
        self.rulebook = rulebook
        self.decision = decision
        self.enactments = enactments
        self.effort = effort
        self.search = Search(rulebook, decision, seed)
        sites = self.search.probes.sites
        self.wanted = {own for own in self.search.probes.wanted if branches(sites[own.place].function)}
        self.search.goals = self.wanted
        self.mutants = list(mutants)
        self.pool = Pool(self.search, self.mutants)
        self.judged: dict[int, Proof] = {}

    def record(
        self, standing: Iterable[tuple[Question, date | None]] = (), printed: Iterable[Question] = ()
    ) -> Recording:
        """Choose the cases.

        Args:
            standing: questions of cases that stand already, and as known when; they stay.
            printed: questions of published examples and others to begin with.
        """
        self._begin(list(standing), list(printed))
        self._judge()
        left = [number for number in range(len(self.mutants)) if number not in self.judged]
        for number in left:
            self.pool.tell(number, self.pool.candidates)
        for number in left:
            if not self.pool.noticed(number):
                self._hunt(number, left)
        return self._recording(self._chosen(left), left)

    def _begin(self, standing: list[tuple[Question, date | None]], printed: list[Question]) -> None:
        search, pool = self.search, self.pool
        for question, known in standing:
            pool.add(question, known, stands=True)
        search.add([question for question, known in standing if known is None])
        search.add(printed)
        search.begin(max(self.effort // 8, _LEAST))
        for _ in range(3):
            search.run(self.effort)
            search.solve()
        for question in printed:
            pool.add(question)
        for found in search.found:
            pool.keep(found)
        pool.carry(search.reach.around())

    def _judge(self) -> None:
        """Judge what needs no question, and add the days on which what was known changes."""
        for number, mutant in enumerate(self.mutants):
            if mutant.kind != FIGURE:
                continue
            proof = proven(mutant, self.rulebook)
            if proof is not None:
                self.judged[number] = proof
            elif mutant.operator == "promulgated":
                day = date.fromisoformat(mutant.after)
                for own in self.pool.near(mutant, 20):
                    for near in (-DAY, timedelta(0), DAY):
                        self.pool.add(own.question, day + near)

    def _hunt(self, number: int, left: Sequence[int]) -> None:
        """Look for a question that notices a fault: at the edges of those that meet it, then among changes of them."""
        mutant, pool = self.mutants[number], self.pool
        near = pool.near(mutant, _PARENTS)
        for parent in near:
            if self._hit(number, pool.edges(parent), left):
                return
        near = near or [own for own in pool.candidates if own.known is None]
        for turn in range(_ROUNDS if near else 0):
            if turn == 2:
                near = pool.near(mutant, len(pool.candidates)) or near
            if self._hit(number, list(pool.varied(near, _TRIES, mutant.row)), left):
                return

    def _hit(self, number: int, tried: Sequence[Candidate], left: Sequence[int]) -> bool:
        """Whether one of some questions notices a fault; the first that does becomes a candidate."""
        mutant = self.mutants[number]
        with mutant.alive(self.rulebook):
            hit = next((own for own in tried if own.notices(self.rulebook)), None)
        if hit is None:
            return False
        added = self.pool.add(self._short(hit.found.draft, mutant)) or self.pool.keep(hit.found)
        if added is None:
            return False
        for other in left:
            if not self.pool.noticed(other):
                self.pool.tell(other, [added])
        return self.pool.noticed(number)

    def _short(self, draft: Draft, mutant: Mutant) -> Question:
        """The question with all left out that does not matter for noticing a mutant."""

        def notices(shorter: Draft) -> bool:
            found = self.search.ask(shorter)
            if found is None:
                return False
            with mutant.alive(self.rulebook):
                return found.question.answer(self.rulebook) != found.answer

        question = shortened(draft, notices).made()
        assert question is not None
        return question

    def _chosen(self, left: Sequence[int]) -> list[Candidate]:
        chosen = _covering(self.pool.candidates, self.wanted)
        for number in left:  # what was noticed by the first that came may be noticed by others too
            self.pool.tell(number, chosen, all_of=True)
        return _covering(chosen, self.wanted)

    def _recording(self, chosen: Sequence[Candidate], left: Sequence[int]) -> Recording:
        probes = self.search.probes
        visited = frozenset[Any]().union(*(own.visits for own in chosen))
        branches = [visit for visit in self.wanted if not visit.is_edge]
        edges = [visit for visit in self.wanted if visit.is_edge]
        missing = sorted(visit for visit in branches if visit not in visited)
        killed = set[int]().union(*(own.kills for own in chosen))
        lines = [line_of(self.rulebook, own.question, own.known, self.enactments) for own in chosen]
        return Recording(
            lines=tuple(sorted(lines, key=lambda line: line.key)),
            branches=(len(branches), len(visited.intersection(branches))),
            edges=(len(edges), len(visited.intersection(edges))),
            faults=(len(left), len(killed.intersection(left))),
            unvisited=tuple(told(probes, missing).values()),
            unnoticed=tuple(self.mutants[number] for number in left if number not in killed),
            noticed=frozenset(self.mutants[number].id for number in killed),
            judged=frozenset(self.mutants[number].id for number in self.judged),
            defects=tuple(f"{message}: {question}" for message, question in self.search.defects.items()),
        )


def _covering(candidates: Sequence[Candidate], wanted: set[Any]) -> list[Candidate]:
    """The least of the candidates that visit and notice all that they do together."""
    elements: list[set[Any]] = [{*(own.visits & wanted), *own.kills} for own in candidates]
    standing = [number for number, own in enumerate(candidates) if own.stands]
    chosen = covering(elements, [own.cost for own in candidates], standing)
    return [candidates[number] for number in chosen]
