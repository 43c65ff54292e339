"""Which hypotheses explain the rows that differ: tried on a few rows, chosen, then held against every row.

The best hypothesis is taken first; what it does not explain is looked at again, alone and together with those taken
before, until nothing more is found. Chance is drawn from one seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa

from munirules.tables.files.parts import KEY
from munirules.testing.audit import guesses
from munirules.testing.audit.asked import Asked, agrees, amount_in, questions_of_rows
from munirules.testing.audit.condition import Condition, telling
from munirules.testing.audit.recompute import NOWHERE, Recomputed, recompute
from munirules.testing.faults.code import code_mutants, packages_of
from munirules.testing.quirks import Both, Quirk, Reached
from munirules.testing.quirks.code import Faulty

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook
    from munirules.testing.audit.legacy import Legacy

PROBES: Final = 16
"""Rows, of those that differ and of those that do not, on which every hypothesis is tried."""

SAMPLE: Final = 240
"""Rows on which those are tried that explain any."""

MOST: Final = 0.5
SOME: Final = 0.1
"""Shares of the sample; where so much is explained, kinds of hypotheses are left out that are less likely."""

MANY: Final = 10
"""Different values of a quantity from which on rows that share one value are few."""

ROUNDS: Final = 10
"""Hypotheses that are taken at most."""

CHECKED: Final = 20_000
"""Rows on which a hypothesis is held that changes functions, which no compiled kernel knows of."""

MOST_UPSET: Final = 0.02
"""The share of right rows, within its conditions, that a hypothesis may upset."""

LEAST: Final = 3
"""Rows of the sample that a hypothesis has to explain; all where there are fewer."""


@attrs.frozen(kw_only=True, eq=False)
class Tried:
    """A hypothesis and how it did.

    Attributes:
        quirk: the hypothesis.
        explained: rows that come out as the old system has them.
        tried: of how many that differ.
        upset: rows that do not differ, and would.
        right: of how many, within the conditions.
        conditions: what tells the rows that it explains from those that it would upset.
    """

    quirk: Quirk
    explained: int
    tried: int
    upset: int
    right: int

    conditions: tuple[Condition, ...] = ()

    @property
    def score(self) -> float:
        """The share explained."""
        return self.explained / max(self.tried, 1)

    @property
    def sound(self) -> bool:
        """Whether it upsets next to none of the rows that it would be about."""
        return self.upset <= MOST_UPSET * self.right


@attrs.frozen(kw_only=True, eq=False)
class Explained:
    """A hypothesis that was taken.

    Attributes:
        quirk: the hypothesis.
        rows: rows that differ and that it explains.
        best: how it did on all rows that were tried.
        others: further hypotheses that explain as many of the sample.
    """

    quirk: Quirk
    rows: NDArray[np.bool_]
    best: Tried
    others: tuple[Tried, ...]


class Explainer:
    """Looks for what explains the differences of an audit.

    Args:
        book: for whom.
        decision: what is decided.
        legacy: the old system's questions and answers.
        base: the rules' answers.
        amount: field of the result that is counted in yen; empty for none.
        known: as known on this date.
        seed: where chance begins.
    """

    def __init__(
        self,
        book: Rulebook,
        decision: Decision[Any, Any],
        legacy: Legacy,
        base: Recomputed,
        *,
        amount: str,
        known: date | None,
        seed: int,
    ) -> None:
        self.book = book
        self.decision = decision
        self.legacy = legacy
        self.base = base
        self.amount = amount
        self.known = known
        self.random = np.random.default_rng(seed)
        self.reached = Reached(book, decision)
        self.found: list[Explained] = []
        self._plain: dict[int, Any] = {}

    def explain(self) -> list[Explained]:
        """Take hypotheses, the best first, until nothing more is explained."""
        left = self.base.different & (self.base.first >= 0)
        right = self.asked(self.chosen(self.base.same, SAMPLE))
        while left.any() and len(self.found) < ROUNDS:
            wrong = self.asked(self.spread(left, SAMPLE))
            ranked = self.ranked(wrong, right)
            if not ranked:
                break
            taken = self.taken(ranked, left)
            if not taken.rows.any():
                break
            self.found.append(taken)
            left = left & ~taken.rows
        return self.found

    # Rows.

    def chosen(self, rows: NDArray[np.bool_], number: int) -> NDArray[np.int64]:
        """Some rows, drawn."""
        places = np.flatnonzero(rows)
        if len(places) > number:
            places = np.sort(self.random.choice(places, number, replace=False))
        return places

    def spread(self, rows: NDArray[np.bool_], number: int) -> NDArray[np.int64]:
        """Some rows, drawn, in an order in which rows of the first field and size of difference take turns."""
        drawn = self.chosen(rows, number)
        first = self.base.first[drawn]
        turn = np.zeros(len(drawn), dtype=np.int64)
        for field in np.unique(first):
            own = np.flatnonzero(first == field)
            turn[own] = np.arange(len(own))
        return drawn[np.argsort(turn, kind="stable")]

    def asked(self, rows: NDArray[np.int64]) -> list[Asked]:
        """Rows as questions."""
        return questions_of_rows(self.book, self.decision, self.legacy, rows) if len(rows) else []

    # Hypotheses on a few rows.

    def results(self, quirk: Quirk, rows: Sequence[Asked]) -> list[Any]:
        """The results of some rows as a hypothesis has them; where the law cannot be so, as it is."""
        with quirk.alive(self.reached):
            answers = [own.question.answer(self.book, known=self.known) for own in rows]
        return [self.plain(own) if answer.error else answer.result for own, answer in zip(rows, answers, strict=True)]

    def plain(self, own: Asked) -> Any:
        """The result of a row by the rules as they are."""
        if own.row not in self._plain:
            self._plain[own.row] = own.question.answer(self.book, known=self.known).result
        return self._plain[own.row]

    def ranked(self, wrong: Sequence[Asked], right: Sequence[Asked]) -> list[Tried]:
        """Sound hypotheses that explain any of the rows, the best first; of a later kind where earlier ones do not do."""
        least = min(LEAST, len(wrong))
        for own in (*wrong, *right):
            self.plain(own)
        tried: list[Tried] = []
        for enough, quirks in self.kinds(wrong):
            if any(own.score >= enough for own in tried):
                break
            for quirk in quirks:
                one = self.tried(quirk, wrong, right)
                if one is not None and one.explained >= least and one.sound:
                    tried.append(one)
        return sorted(tried, key=lambda own: (-round(own.score, 2), len(own.conditions)))

    def tried(self, quirk: Quirk, wrong: Sequence[Asked], right: Sequence[Asked]) -> Tried | None:
        """How a hypothesis does on the rows: on the first few, and on all where it explains any of those."""
        few = self.results(quirk, wrong[:PROBES])
        if not any(agrees(result, own.old) for result, own in zip(few, wrong, strict=False)):
            return None
        explained = [own for own, result in self.paired(quirk, wrong) if agrees(result, own.old)]
        if self.by_accident(explained, wrong):
            return None
        upset = {own.row for own, result in self.paired(quirk, right) if not agrees(result, own.old)}
        conditions = self.conditions(explained, right) if len(upset) > MOST_UPSET * len(right) else ()
        concerned = within(self.legacy.fields, right, conditions)
        return Tried(
            quirk=quirk,
            explained=len(explained),
            tried=len(wrong),
            upset=sum(own.row in upset for own in concerned),
            right=len(concerned),
            conditions=conditions,
        )

    def paired(self, quirk: Quirk, rows: Sequence[Asked]) -> list[tuple[Asked, Any]]:
        """Rows with their results as a hypothesis has them."""
        return list(zip(rows, self.results(quirk, rows), strict=True))

    def conditions(self, ones: Sequence[Asked], others: Sequence[Asked]) -> tuple[Condition, ...]:
        """What tells some rows of the sample from others."""
        rows = np.array([own.row for own in (*ones, *others)])
        first = np.arange(len(rows)) < len(ones)
        return tuple(telling(questions_only(self.legacy.take(rows)), first, ~first))

    def kinds(self, wrong: Sequence[Asked]) -> Iterator[tuple[float, Iterable[Quirk]]]:
        """Kinds of hypotheses, the likeliest first, each with the share that earlier ones explain where it is not tried."""
        few = wrong[:PROBES]
        named = list(guesses.named())
        before = [own.quirk for own in self.found]
        closer = [quirk for quirk in named if self.changes(quirk, few)]
        yield MOST, named
        yield MOST, [Both(quirks=(one, other)) for one in before for other in closer if one is not other]
        figures = guesses.figures_of(self.reached, [own.question for own in few])
        single = [*guesses.beside(self.reached, figures), *self.fitted(figures, few)]
        yield MOST, single
        nearer = [quirk for quirk in single if self.changes(quirk, few)] if before else []
        yield SOME, [Both(quirks=(one, other)) for one in before for other in nearer]
        yield SOME, [Both(quirks=pair) for pair in combinations(closer, 2)]
        yield 0, self.faulty()

    def by_accident(self, explained: Sequence[Asked], wrong: Sequence[Asked]) -> bool:
        """Whether all rows that a hypothesis explains have one quantity in common, of many that differ."""
        if len(explained) < 2:
            return False
        table = questions_only(self.legacy.take(np.array([own.row for own in wrong])))
        ones = {own.row for own in explained}
        mask = pa.array([own.row in ones for own in wrong])
        for name in table.column_names:
            column = table[name]
            if (
                pa.types.is_integer(column.type)
                and len(column.unique()) >= MANY
                and len(column.filter(mask).unique()) == 1
            ):
                return True
        return False

    def changes(self, quirk: Quirk, rows: Sequence[Asked]) -> bool:
        """Whether a hypothesis changes the answer of any of some rows."""
        return any(result != self.plain(own) for own, result in self.paired(quirk, rows))

    def fitted(self, figures: Sequence[guesses.Figure], rows: Sequence[Asked]) -> Iterator[Quirk]:
        """Figures where they would have to stand, worked out from how far moving them moves the amounts."""
        field = self.amount
        known = [own for own in rows if field and self.plain(own) is not None]
        wanted = {own.row: _apart(self.plain(own), own.old, field) for own in known}
        for figure in figures if wanted else ():
            made = guesses.moved(self.reached, figure)
            if made is None:
                continue
            quirk, by = made
            shifts = {
                own.row: _apart(self.plain(own), result, field)
                for own, result in self.paired(quirk, known)
                if result is not None
            }
            yield from guesses.fitted(self.reached, figure, by, shifts, wanted)

    def faulty(self) -> Iterator[Quirk]:
        """Rules with a single fault: a comparison, a rounding, a reference otherwise."""
        for package in sorted(packages_of(self.book, [self.decision])):
            for mutant in code_mutants(self.book, [self.decision], "", package):
                yield Faulty(mutant=mutant)

    # A hypothesis on all rows.

    def taken(self, ranked: Sequence[Tried], left: NDArray[np.bool_]) -> Explained:
        """Hold the best hypothesis against every row, or as many as may be where no kernel knows of it."""
        best = ranked[0]
        quirk = best.quirk
        others = tuple(own for own in ranked[1:4] if own.score > best.score - 0.05)
        tried = left | self.base.same
        if not quirk.compiled:
            tried = self.few(left) | self.few(self.base.same)
        with quirk.alive(self.reached):
            found = recompute(
                self.book, self.decision, self.legacy, known=self.known, rows=tried, compiled=quirk.compiled
            )
        now = self.base.same.copy()  # where the law cannot be so, as it is
        places = np.flatnonzero(tried)[found.answered]
        now[places] = found.first[found.answered] == NOWHERE
        rows = left & tried & now
        conditions: tuple[Condition, ...] = ()
        right = self.base.same & tried
        upset = right & ~now
        if upset.sum() > MOST_UPSET * right.sum() and rows.any():
            conditions = tuple(telling(questions_only(self.legacy.fields), rows, right))
            for condition in conditions:
                holds = condition.rows(self.legacy.fields)
                right, rows = right & holds, rows & holds  # what it explains elsewhere, it explains by accident
        whole = Tried(
            quirk=quirk,
            explained=int(rows.sum()),
            tried=int((left & tried).sum()),
            upset=int((right & upset).sum()),
            right=int(right.sum()),
            conditions=conditions,
        )
        return Explained(quirk=quirk, rows=rows, best=whole, others=others)

    def few(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Some rows, as a mask."""
        found = np.zeros(len(rows), dtype=np.bool_)
        found[self.chosen(rows, CHECKED)] = True
        return found


def _apart(one: Mapping[str, Any], other: Mapping[str, Any], field: str) -> Decimal:
    """How far an amount of one result has to move to be that of the other."""
    return (amount_in(other, field) or Decimal(0)) - (amount_in(one, field) or Decimal(0))


def within(fields: pa.Table, rows: Sequence[Asked], conditions: Sequence[Condition]) -> list[Asked]:
    """The rows for which conditions hold."""
    if not conditions or not rows:
        return list(rows)
    table = fields.take(pa.array([own.row for own in rows]))
    holds = np.ones(len(rows), dtype=np.bool_)
    for condition in conditions:
        holds &= condition.rows(table)
    return [own for own, one in zip(rows, holds, strict=True) if one]


def questions_only(table: pa.Table) -> pa.Table:
    """A table without its key, which tells rows apart by accident."""
    return table.drop_columns([KEY]) if KEY in table.column_names else table
