"""Choosing the cases of a corpus: questions that visit every branch and tell every figure from its neighbours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.testing.corpus.cover import covering
from munirules.testing.corpus.lines import Line, ask, line_of
from munirules.testing.faults.code import Block
from munirules.testing.faults.given import Said, figures_given
from munirules.testing.faults.mutant import FIGURE, Mutant, Proof
from munirules.testing.faults.proof import proven
from munirules.testing.probes import RUN, Visit, told
from munirules.testing.question import FAILED, Answer, Question
from munirules.testing.search.draft import Draft, draft_of
from munirules.testing.search.search import NOT_IN_FORCE, Search, shortened

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

DAY = timedelta(days=1)
EFFORT: Final = 2000
"""Questions that are asked at most to visit branches, three times over."""

_TRIES: Final = 100
_ROUNDS: Final = 4


@attrs.define(eq=False)
class Candidate:
    """A question that may become a line.

    Attributes:
        draft: the question, open to change.
        question: the question.
        known: as known on this date.
        answer: its answer.
        visits: branches that it visits.
        given: figures that it is answered from; None where the law is not in force.
        blocks: blocks of rules that run for it.
        kills: numbers of the mutants that it tells from the law.
        stands: whether it is a line already.
    """

    draft: Draft
    question: Question
    known: date | None
    answer: Answer
    visits: frozenset[Visit]
    given: frozenset[Said] | None
    blocks: frozenset[Block]
    kills: set[int] = attrs.field(factory=set)
    stands: bool = False

    @property
    def cost(self) -> int:
        """How long the line is; a question that was printed, or stands already, is dear to us and so cheap."""
        return len(json.dumps(self.question.as_request(), ensure_ascii=False)) - (1000 if self.stands else 0)

    def meets(self, mutant: Mutant) -> bool:
        """Whether the mutant can matter for it."""
        concerns = mutant.concerns
        if isinstance(concerns, Block):
            return concerns in self.blocks
        return not isinstance(concerns, Said) or self.given is None or concerns in self.given


@attrs.frozen(kw_only=True, eq=False)
class Recording:
    """The corpus of a decision in one rulebook.

    Attributes:
        lines: the cases, in order.
        branches: how many branches there are, and how many are visited.
        edges: the same of the edges of comparisons and roundings.
        faults: how many faults there are that could be noticed, and how many are.
        unvisited: branches that no case visits, with the reason.
        unnoticed: faults that no case notices.
        defects: valid questions at which a rule fails.
    """

    lines: tuple[Line, ...]
    branches: tuple[int, int]
    edges: tuple[int, int]
    faults: tuple[int, int]
    unvisited: tuple[str, ...]
    unnoticed: tuple[Mutant, ...]
    defects: tuple[str, ...]


class Recorder:
    """Records one decision in one rulebook.

    Args:
        rulebook: for whom.
        decision: what is asked.
        mutants: faults that are to be noticed.
        packages: prefixes of the modules whose branches are to be visited.
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
        packages: tuple[str, ...] = ("",),
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
        self.wanted = {own for own in self.search.probes.wanted if sites[own.place].function.startswith(packages)}
        self.mutants = list(mutants)
        self._block_names = {place: Block(*where) for where, place in self.search.probes.blocks.items()}
        self.judged: dict[int, Proof] = {}
        self.candidates: list[Candidate] = []
        self._known: set[tuple[Question, date | None]] = set()

    def record(
        self, standing: Iterable[tuple[Question, date | None]] = (), printed: Iterable[Question] = ()
    ) -> Recording:
        """Choose the cases.

        Args:
            standing: questions of lines that stand already, and as known when; they stay while they are of use.
            printed: questions of published examples and others to begin with.
        """
        self._begin(list(standing), list(printed))
        self._judge()
        for number, mutant in enumerate(self.mutants):
            if number not in self.judged:
                self._tell(number, self.candidates)
                if not self._noticed(number):
                    self._hunt(number, mutant)
        return self._recording(self._chosen())

    def _begin(self, standing: list[tuple[Question, date | None]], printed: list[Question]) -> None:
        search = self.search
        search.add([question for question, known in standing if known is None])
        search.add(printed)
        search.begin()
        for _ in range(3):
            search.run(self.effort)
            search.solve()
        for question, known in standing:
            self._add(question, known, stands=True)
        for question in printed:
            self._add(question)
        for found in search.found:
            self._add(found.question)

    def _add(self, question: Question, known: date | None = None, *, stands: bool = False) -> Candidate | None:
        """A question as a candidate; None where it stands already or is none."""
        key = (question, known)
        answer = ask(self.rulebook, question, known)
        if key in self._known or (answer.status == FAILED and answer.error != NOT_IN_FORCE):
            return None
        self._known.add(key)
        visits: frozenset[Visit] = frozenset()
        if known is None:
            with self.search.probes.installed():
                self.search.probes.take()
                ask(self.rulebook, question)
                visits = self.search.probes.take()
        given = figures_given(self.rulebook, question, known)
        made = Candidate(draft_of(question), question, known, answer, visits, given, self._blocks(visits), stands=stands)
        self.candidates.append(made)
        return made

    def _blocks(self, visits: Iterable[Visit]) -> frozenset[Block]:
        """The blocks that run, as mutants of rules name them."""
        names = self._block_names
        return frozenset(names[visit.place] for visit in visits if visit.outcome == RUN)

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
                for own in [one for one in self.candidates if one.known is None][:40]:
                    for near in (-DAY, timedelta(0), DAY):
                        self._add(own.question, day + near)

    def _noticed(self, number: int) -> bool:
        return any(number in own.kills for own in self.candidates)

    def _tell(self, number: int, candidates: Sequence[Candidate]) -> None:
        """Which candidates answer otherwise under a mutant."""
        mutant = self.mutants[number]
        met = [own for own in candidates if own.meets(mutant)]
        with mutant.alive(self.rulebook):
            for own in met:
                if ask(self.rulebook, own.question, own.known) != own.answer:
                    own.kills.add(number)

    def _hunt(self, number: int, mutant: Mutant) -> None:
        """Look for a question that notices a mutant, among changes of those that meet it."""
        plain = [own for own in self.candidates if own.known is None]
        near = [own for own in plain if own.meets(mutant) and own.given is not None]
        for round_ in range(_ROUNDS if near else 1):
            tried = list(self._varied(near or plain))
            with mutant.alive(self.rulebook):
                hit = next((own for own in tried if _answer(self.rulebook, own[0]) != own[1]), None)
            if hit is not None:
                added = self._add(self._short(hit[0], mutant))
                if added is not None:
                    self._tell_all(added)
                return
            if round_ == 1:
                near = [*near, *(own for own in plain if own not in near)]

    def _varied(self, near: Sequence[Candidate]) -> Iterator[tuple[Draft, Answer]]:
        for _ in range(_TRIES):
            draft = self.search.varier.varied(self.search.rng.choice(near).draft)
            answer = _answer(self.rulebook, draft)
            if answer is not None:
                yield draft, answer

    def _short(self, draft: Draft, mutant: Mutant) -> Question:
        """The question with all left out that does not matter for noticing a mutant."""

        def notices(shorter: Draft) -> bool:
            answer = _answer(self.rulebook, shorter)
            if answer is None:
                return False
            with mutant.alive(self.rulebook):
                return _answer(self.rulebook, shorter) not in (None, answer)

        question = shortened(draft, notices).made()
        assert question is not None
        return question

    def _tell_all(self, candidate: Candidate) -> None:
        """What else a new candidate notices of the mutants that nothing noticed."""
        for number in range(len(self.mutants)):
            if number not in self.judged and not self._noticed(number):
                self._tell(number, [candidate])

    def _chosen(self) -> list[Candidate]:
        elements: list[set[Any]] = [{*(own.visits & self.wanted), *own.kills} for own in self.candidates]
        kept = [number for number, own in enumerate(self.candidates) if own.stands]
        chosen = [self.candidates[n] for n in covering(elements, [own.cost for own in self.candidates], kept)]
        for number in range(len(self.mutants)):  # what was noticed by the first that came may be noticed by others too
            if number not in self.judged:
                self._tell(number, chosen)
        elements = [{*(own.visits & self.wanted), *own.kills} for own in chosen]
        kept = [number for number, own in enumerate(chosen) if own.stands]
        return [chosen[number] for number in covering(elements, [own.cost for own in chosen], kept)]

    def _recording(self, chosen: Sequence[Candidate]) -> Recording:
        probes = self.search.probes
        visited = frozenset().union(*(own.visits for own in chosen))
        missing = sorted(self.wanted - visited)
        branches = [visit for visit in self.wanted if not visit.is_edge]
        edges = [visit for visit in self.wanted if visit.is_edge]
        told_branches = told(probes, [visit for visit in missing if not visit.is_edge])
        killed = set().union(*(own.kills for own in chosen))
        open_ = [n for n in range(len(self.mutants)) if n not in self.judged]
        lines = [line_of(self.rulebook, own.question, own.known, self.enactments) for own in chosen]
        return Recording(
            lines=tuple(sorted(lines, key=lambda line: line.key)),
            branches=(len(branches), len(visited.intersection(branches))),
            edges=(len(edges), len(visited.intersection(edges))),
            faults=(len(open_), len(killed)),
            unvisited=tuple(told_branches.values()),
            unnoticed=tuple(self.mutants[n] for n in open_ if n not in killed),
            defects=tuple(f"{message}: {question}" for message, question in self.search.defects.items()),
        )


def _answer(rulebook: Rulebook, draft: Draft) -> Answer | None:
    """The answer to a draft; None where it is no question."""
    question = draft.made()
    if question is None:
        return None
    answer = question.answer(rulebook)
    return None if answer.status == FAILED and answer.error != NOT_IN_FORCE else answer
