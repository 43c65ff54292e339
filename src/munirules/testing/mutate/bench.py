"""The questions that are put to a mutant: published cases first, then the corpus, then properties.

Of each is known beforehand what it is answered from, so that only those are asked that the fault can matter for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.checking.cases import Case, judge
from munirules.errors import MunirulesError
from munirules.testing.corpus.lines import Books, Line, answer_data, ask, known_of, question_in
from munirules.testing.faults.code import Block
from munirules.testing.faults.given import Said, figures_given
from munirules.testing.faults.mutant import FIGURE, Mutant
from munirules.testing.functions import Function, functions_of
from munirules.testing.probes import RUN, Probes
from munirules.testing.question import Answer, Question, question_of

if TYPE_CHECKING:
    from munirules.engine.rulebook import Rulebook

CASE: Final = "case"
CORPUS: Final = "corpus"


@attrs.define(eq=False)
class Asked:
    """A question, and whether an answer to it is the right one.

    Attributes:
        kind: `case` or `corpus`.
        name: what to call it: file and line.
        rulebook: for whom.
        question: the question.
        known: as known on this date.
        right: whether an answer is right.
        blocks: blocks of rules that run for it.
        given: figures that it is answered from; None where the law is not in force.
    """

    kind: str
    name: str
    rulebook: Rulebook
    question: Question
    known: date | None
    right: Callable[[Answer], bool]
    blocks: frozenset[Block] = frozenset()
    given: frozenset[Said] | None = None

    @property
    def decision(self) -> str:
        """Name of the decision."""
        return self.question.decision.name

    def meets(self, mutant: Mutant) -> bool:
        """Whether a mutant can matter for it."""
        concerns = mutant.concerns
        if isinstance(concerns, Block):
            return concerns in self.blocks
        if self.decision not in mutant.decisions:
            return False
        return not isinstance(concerns, Said) or self.given is None or concerns in self.given

    def notices(self) -> bool:
        """Whether it is answered wrongly now."""
        return not self.right(ask(self.rulebook, self.question, self.known))


@attrs.define(eq=False)
class Bench:
    """Everything that is asked.

    Attributes:
        asked: cases, then lines of corpora, each in the order given.
        stale: cases and lines that are not answered rightly without any fault, with the reason; they are not asked.
    """

    asked: list[Asked] = attrs.field(factory=list)
    stale: list[str] = attrs.field(factory=list)
    _files: dict[int, frozenset[str]] = attrs.field(factory=dict)

    def add_cases(self, cases: Iterable[Case], books: Books, decisions: AbstractSet[str]) -> None:
        """Ask published cases.

        Args:
            cases: the cases.
            books: where rulebooks come from.
            decisions: names of the decisions whose cases are asked.
        """
        for case in cases:
            if case.decision in decisions:
                self._add_case(case, books)

    def _add_case(self, case: Case, books: Books) -> None:
        try:
            rulebook = books.for_case(case)
            data = {"subject": case.given, "facts": case.facts, "provisional": list(case.provisional), "on": case.on}
            question = question_of(rulebook, case.decision, data)
        except MunirulesError as error:
            self.stale.append(f"{case.where}: {case}: {error}")
            return

        def right(answer: Answer) -> bool:
            try:
                return answer.outcome is not None and judge(case, answer.outcome).passed
            except MunirulesError:
                return False

        self._add(Asked(CASE, case.where, rulebook, question, case.known, right))

    def add_lines(self, lines: Iterable[Line], books: Books) -> None:
        """Ask the lines of a corpus."""
        for line in lines:
            try:
                rulebook = books.of(line)
                question = question_in(rulebook, line)
            except MunirulesError as error:
                self.stale.append(f"{line.where}: {error}")
                continue
            self._add(Asked(CORPUS, line.where, rulebook, question, known_of(line), _answered(line.answer)))

    def _add(self, asked: Asked) -> None:
        if asked.notices():
            self.stale.append(f"{asked.name}: is not answered rightly as the rules stand")
        else:
            self.asked.append(asked)

    def prepare(self) -> None:
        """Find out what each question is answered from."""
        functions: dict[str, Function] = {}
        seen: set[tuple[int, str]] = set()
        for asked in self.asked:
            key = (id(asked.rulebook), asked.decision)
            if key not in seen:
                seen.add(key)
                functions.update(functions_of(asked.rulebook, asked.question.decision))
        probes = Probes(functions.values())
        blocks = {place: Block(*where) for where, place in probes.blocks.items()}
        with probes.installed():
            for asked in self.asked:
                probes.take()
                ask(asked.rulebook, asked.question, asked.known)
                visits = (blocks[visit.place] for visit in probes.take() if visit.outcome == RUN)
                asked.blocks = frozenset(visits)
        for asked in self.asked:
            asked.given = figures_given(asked.rulebook, asked.question, asked.known)

    def meeting(self, mutant: Mutant) -> list[tuple[Rulebook, list[Asked]]]:
        """The questions that a mutant can matter for, by rulebook; a mutant of a rule is in every rulebook at once."""
        if isinstance(mutant.concerns, Block):
            met = [asked for asked in self.asked if asked.meets(mutant)]
            return [(met[0].rulebook, met)] if met else []
        groups: dict[int, tuple[Rulebook, list[Asked]]] = {}
        for asked in self.asked:
            if asked.meets(mutant) and (mutant.kind != FIGURE or self._has(asked.rulebook, mutant)):
                groups.setdefault(id(asked.rulebook), (asked.rulebook, []))[1].append(asked)
        return list(groups.values())

    def _has(self, rulebook: Rulebook, mutant: Mutant) -> bool:
        """Whether anything asked of a rulebook is answered from the enactment of a mutant."""
        file = mutant.concerns.file if isinstance(mutant.concerns, Said) else mutant.concerns
        if id(rulebook) not in self._files:
            given = [asked.given or () for asked in self.asked if asked.rulebook is rulebook]
            self._files[id(rulebook)] = frozenset(said.file for one in given for said in one)
        return file in self._files[id(rulebook)]


def _answered(answer: Mapping[str, Any]) -> Callable[[Answer], bool]:
    return lambda given: answer_data(given) == answer
