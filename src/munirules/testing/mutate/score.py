"""Scores: of the mutants that count, how many were noticed, by what, and how many figures a published example confirms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import attrs

from munirules.testing.faults.mutant import FIGURE, RULE
from munirules.testing.mutate.result import Result, Verdict


@attrs.frozen(kw_only=True, eq=False)
class Score:
    """Mutants of one group.

    Attributes:
        name: what they are of.
        verdicts: how many came out how.
        figures: how many figures there are that can matter.
        confirmed: how many of them a published example tells from both their neighbours.
        touched: how many it tells from one of them at least.
        recorded: how many changes of figures change a recorded case, of those that count.
        without_corpus: how many mutants are noticed by a case, a property or the loader.
    """

    name: str
    verdicts: Counter[Verdict]
    figures: int
    confirmed: int
    touched: int
    recorded: int
    without_corpus: int

    @property
    def total(self) -> int:
        """How many mutants there are."""
        return sum(self.verdicts.values())

    @property
    def counted(self) -> int:
        """How many count: they ran, and are faults that can matter."""
        return self.total - sum(self.verdicts[own] for own in _APART)

    @property
    def killed(self) -> int:
        """How many were noticed."""
        return self.counted - self.verdicts[Verdict.SURVIVED]

    def data(self) -> dict[str, Any]:
        """The score as plain data."""
        return {
            "name": self.name,
            "mutants": self.total,
            "counted": self.counted,
            "killed": self.killed,
            "without_corpus": self.without_corpus,
            "verdicts": {own.value: self.verdicts[own] for own in Verdict if self.verdicts[own]},
            "figures": self.figures,
            "confirmed": self.confirmed,
            "touched": self.touched,
            "recorded": self.recorded,
        }


_APART = (Verdict.EQUIVALENT, Verdict.ACKNOWLEDGED, Verdict.NOT_RUN)


def score(name: str, results: Sequence[Result]) -> Score:
    """The score of a group."""
    figures: dict[str, list[Result]] = {}
    for result in results:
        if result.mutant.kind == FIGURE and result.counts and result.mutant.operator in _VALUES:
            figures.setdefault(result.mutant.figure, []).append(result)
    asked = {name: [own for own in found if own.verdict is not Verdict.LOADER] for name, found in figures.items()}
    by_case = {name: [bool(own.notice and own.notice.case) for own in found] for name, found in asked.items() if found}
    counted = [result for result in results if result.counts]
    return Score(
        name=name,
        verdicts=Counter(result.verdict for result in results),
        figures=len(by_case),
        confirmed=sum(all(found) for found in by_case.values()),
        touched=sum(any(found) for found in by_case.values()),
        recorded=sum(bool(own.notice and (own.notice.corpus or own.notice.loader)) for own in counted),
        without_corpus=sum(own.killed and own.verdict is not Verdict.CORPUS for own in counted),
    )


_VALUES = frozenset({"figure", "rate", "date", "flag", "choice", "code"})
"""Faults that put another value in a figure's place; a dropped row or exchanged figures say nothing of one alone."""


def scores(results: Sequence[Result]) -> dict[str, list[Score]]:
    """Scores in all, of rules by file and decision, of figures by jurisdiction."""
    rules = [own for own in results if own.mutant.kind == RULE]
    figures = [own for own in results if own.mutant.kind == FIGURE]
    return {
        "all": [score(name, own) for name, own in (("rules", rules), ("figures", figures)) if own],
        "files": _grouped(rules, lambda own: (own.mutant.home,)),
        "decisions": _grouped(results, lambda own: own.mutant.decisions),
        "jurisdictions": _grouped(figures, lambda own: (own.mutant.owner,)),
    }


def _grouped(results: Iterable[Result], keys: Any) -> list[Score]:
    groups: dict[str, list[Result]] = {}
    for result in results:
        for key in keys(result):
            groups.setdefault(key, []).append(result)
    return [score(name, groups[name]) for name in sorted(groups)]
