"""Recording what a whole jurisdiction says: decision after decision, what others rest on first, each fault once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.checking.cases import Case, load_cases
from munirules.engine.jurisdiction import NATION_CODE
from munirules.errors import MunirulesError
from munirules.plugins.discovery import plugin_of
from munirules.testing.corpus.heard import asked
from munirules.testing.corpus.lines import Books, Line, known_of, question_in
from munirules.testing.corpus.record import EFFORT, Recorder, Recording
from munirules.testing.faults.code import Block, code_mutants
from munirules.testing.faults.data import data_mutants
from munirules.testing.faults.mutant import FIGURE, Mutant
from munirules.testing.functions import functions_of, reached
from munirules.testing.law_dates import chain_of, spans
from munirules.testing.question import Question, question_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

Requests = Mapping[str, Sequence[Mapping[str, Any]]]
MOST: Final = 400
"""Questions of tests that a recording of one decision begins with."""


@attrs.frozen(kw_only=True)
class Wish:
    """What is to be recorded.

    Attributes:
        code: in whose rulebook.
        folder: a folder of enactments that is added to it; None for none.
        enactments: how cases name that folder.
        owner: whose figures and rules are to be visited; the same by default.
        decisions: names of the decisions; all where none is named.
        rules: whether faults of rules are to be noticed too.
        chain: whether all that the decisions reach is to be visited, of whomever it is.
        seed: where chance begins.
        effort: how many questions are asked at most for each of three rounds.
    """

    code: str
    folder: Path | None = None
    enactments: str = ""
    owner: str = ""
    decisions: tuple[str, ...] = ()
    rules: bool = True
    chain: bool = False
    seed: int = 0
    effort: int = EFFORT


@attrs.define(eq=False)
class Recorded:
    """What was recorded.

    Attributes:
        lines: the cases.
        recordings: what came of each decision, by name.
        unnoticed: faults that no case notices.
        unasked: faults that no decision could be asked about here, because no date of it is covered.
    """

    lines: list[Line] = attrs.field(factory=list)
    recordings: dict[str, Recording] = attrs.field(factory=dict)
    unnoticed: list[Mutant] = attrs.field(factory=list)
    unasked: list[Mutant] = attrs.field(factory=list)


class Scribe:
    """Records by wishes.

    Args:
        books: where rulebooks come from.
        standing: cases that stand already.
        heard: questions to begin with, by decision.
        cases: published cases beside those of the plugins.
        tell: told what came of each decision.
    """

    def __init__(
        self,
        books: Books,
        *,
        standing: Iterable[Line] = (),
        heard: Requests | None = None,
        cases: Iterable[Case] = (),
        tell: Callable[[str, Recording], object] | None = None,
    ) -> None:
        self.books = books
        self.standing = list(standing)
        self.heard = heard or {}
        self.cases = list(cases)
        self.tell = tell

    def record(self, wish: Wish) -> Recorded:
        """Record what is wished."""
        rulebook = self.books.at(wish.code, str(wish.folder.resolve()) if wish.folder is not None else "")
        decisions = self._decisions(rulebook, wish)
        mutants = {own.id: own for own in self._mutants(rulebook, decisions, wish)}
        made = Recorded()
        left = dict(mutants)
        for decision in decisions:
            own = [mutant for mutant in left.values() if wish.chain or _direct(rulebook, decision, mutant)]
            branches = self._branches(rulebook, decision, wish)
            if (own or branches) and spans(rulebook, decision):
                recording = self.recorded(rulebook, decision, own, branches, wish)
                made.recordings[decision.name] = recording
                made.lines.extend(recording.lines)
                left = {name: mutant for name, mutant in left.items() if name not in recording.noticed}
        told = {own.id for recording in made.recordings.values() for own in recording.unnoticed}
        made.unnoticed = [own for own in left.values() if own.id in told]
        made.unasked = [own for own in left.values() if own.id not in told and not self._judged(own, made)]
        return made

    @staticmethod
    def _judged(mutant: Mutant, made: Recorded) -> bool:
        return any(mutant.id in recording.judged for recording in made.recordings.values())

    def recorded(
        self,
        rulebook: Rulebook,
        decision: Decision[Any, Any],
        mutants: Sequence[Mutant],
        branches: frozenset[str],
        wish: Wish,
    ) -> Recording:
        """Record one decision in one rulebook."""
        recorder = Recorder(
            rulebook,
            decision,
            mutants=mutants,
            branches=branches.__contains__,
            seed=wish.seed,
            effort=wish.effort,
            enactments=wish.enactments,
        )
        recording = recorder.record(
            self._standing(rulebook, decision, wish), list(self._begin(rulebook, decision, wish))
        )
        if self.tell is not None:
            self.tell(decision.name, recording)
        return recording

    @staticmethod
    def _decisions(rulebook: Rulebook, wish: Wish) -> list[Decision[Any, Any]]:
        """The decisions, those that others rest on first."""
        found = [rulebook.decision(name) for name in wish.decisions] or list(rulebook.decisions())
        return sorted(found, key=lambda own: (len(chain_of(rulebook, own)), own.name))

    @staticmethod
    def _mutants(rulebook: Rulebook, decisions: Sequence[Decision[Any, Any]], wish: Wish) -> Iterator[Mutant]:
        owners = [wish.owner or wish.code]
        if wish.chain:
            links = [
                link for own in decisions for each in chain_of(rulebook, own) for link in rulebook.area(each.area).chain
            ]
            owners = list(dict.fromkeys([wish.code, *(link.jurisdiction.code for link in links), NATION_CODE]))
        for owner in owners:
            yield from data_mutants(rulebook, decisions, owner)
            plugin = plugin_of(owner)
            if wish.rules and plugin is not None:
                yield from code_mutants(rulebook, decisions, owner, f"{plugin.module}.")

    @staticmethod
    def _branches(rulebook: Rulebook, decision: Decision[Any, Any], wish: Wish) -> frozenset[str]:
        """Keys of the functions whose branches are to be visited."""
        if wish.chain:
            return frozenset(functions_of(rulebook, decision))
        plugin = plugin_of(wish.owner or wish.code)
        prefix = f"{plugin.module}." if plugin is not None else "\n"
        return frozenset(key for key in _own_functions(rulebook, decision) if key.startswith(prefix))

    def _standing(
        self, rulebook: Rulebook, decision: Decision[Any, Any], wish: Wish
    ) -> list[tuple[Question, date | None]]:
        """Cases of the decision that stand already and can still be asked."""
        found = []
        for line in self.standing:
            own = (rulebook.jurisdiction.code, decision.name, wish.enactments)
            if (line.code, line.decision, line.enactments) == own:
                try:
                    found.append((question_in(rulebook, line), known_of(line)))
                except MunirulesError:
                    continue
        return found

    def _begin(self, rulebook: Rulebook, decision: Decision[Any, Any], wish: Wish) -> Iterator[Question]:
        """Questions of published cases, and of tests."""
        plugin = plugin_of(rulebook.jurisdiction.code)
        folder = wish.folder or (plugin.folder() if plugin is not None and plugin.is_folder else None)
        own = load_cases(folder) if folder is not None else ()
        for case in (*own, *self.cases):
            if case.decision == decision.name:
                data = {
                    "subject": case.given,
                    "facts": case.facts,
                    "provisional": list(case.provisional),
                    "on": case.on,
                }
                try:
                    yield question_of(rulebook, decision, data)
                except MunirulesError:
                    continue
        heard = self.heard.get(decision.name, ())
        step = max(len(heard) // MOST, 1)
        yield from asked(rulebook, decision, heard[::step])


def _own_functions(rulebook: Rulebook, decision: Decision[Any, Any]) -> list[str]:
    """Keys of the rules of a decision itself and their helpers, not of those that it rests on."""
    rules = (decision.rules, *rulebook.area(decision.area).replaced(decision))
    return list(reached(rule.fn for own in rules for rule in own))


def _direct(rulebook: Rulebook, decision: Decision[Any, Any], mutant: Mutant) -> bool:
    """Whether a decision itself, and not one that it rests on, asks for what a mutant changes."""
    if decision.name not in mutant.decisions:
        return False
    if mutant.kind == FIGURE:
        area = rulebook.area(decision.area)
        needed = {
            need.cls
            for day in area.regimes(decision, None).rule_days()
            for _, need in area.wiring(decision, day, None).needs("provision")
        }
        return not needed.isdisjoint(mutant.classes)
    if isinstance(mutant.concerns, Block):
        return mutant.concerns.function in _own_functions(rulebook, decision)
    return True
