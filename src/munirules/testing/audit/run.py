"""An audit from end to end: rows held against the rules, known differences set apart, the rest explained and blamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.errors import MunirulesError, did_you_mean
from munirules.testing.audit.asked import Asked, questions_of_rows
from munirules.testing.audit.condition import Condition, telling
from munirules.testing.audit.explain import Explained, Explainer, Tried, questions_only
from munirules.testing.audit.legacy import ON, Legacy, Unread
from munirules.testing.audit.recompute import NO_ANSWER, NOWHERE, Recomputed, old_fields, recompute
from munirules.testing.blame import Blame, blame
from munirules.testing.ledger import Known, Ledger, LedgerError, Range
from munirules.testing.question import Answer
from munirules.testing.quirks import Quirk, Reached, quirk_of
from munirules.testing.side import quantities
from munirules.testing.witness import Step, Witness, failed_witness, witness_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

TRACED: Final = 40
"""Rows of a group, and of those that do not differ, whose steps are looked at."""

PIECES: Final = 6
"""Groups that are made at most of rows that nothing explains."""


class AuditError(MunirulesError):
    """An audit that cannot be made as it is asked for."""


@attrs.frozen(kw_only=True, eq=False)
class Group:
    """Rows that differ, with one cause.

    Attributes:
        key: what tells it apart.
        rows: the rows.
        field: the first field of the result that differs; empty where the rules come to no result.
        why: why they come to none.
        tried: the hypothesis that explains them; None where none does.
        others: further hypotheses that explain as many of a sample.
        conditions: what tells them from rows that do not differ.
        known: the entry of the ledger; None where it is new.
        blame: the first rule that differs between the rules and the hypothesis, in the witness.
        shared: what their steps have in common, and rows that do not differ have not.
        articles: titles and articles of the figures that the first differing field rests on.
        witness: one of the rows.
        answer: the rules' answer to it.
    """

    key: str
    rows: NDArray[np.bool_]
    field: str = ""
    why: str = ""
    tried: Tried | None = None
    others: tuple[Tried, ...] = ()
    conditions: tuple[Condition, ...] = ()
    known: Known | None = None
    blame: Blame | None = None
    shared: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    witness: Asked
    answer: Answer


@attrs.frozen(kw_only=True, eq=False)
class Audit:
    """What came of an audit.

    Attributes:
        legacy: the old system's questions and answers.
        base: the rules' answers.
        amount: field of the result that is counted in yen; empty where none is.
        yen: per row, rules less old system; NaN where there is no amount.
        quirks: quirks with which the rules were compared.
        groups: the differences: known ones as the ledger has them, then new ones as they were found.
        aside: rows that were set aside.
        failures: why the audit fails; none where it does not.
        reached: the law that the decision rests on.
        seed: where chance began.
    """

    legacy: Legacy
    base: Recomputed
    amount: str
    yen: NDArray[np.float64]
    quirks: tuple[Quirk, ...]
    groups: tuple[Group, ...]
    aside: tuple[Unread, ...]
    failures: tuple[str, ...]
    reached: Reached
    seed: int

    @property
    def same(self) -> int:
        """Rows that do not differ."""
        return int(self.base.same.sum())


def audit(
    book: Rulebook,
    decision: Decision[Any, Any],
    legacy: Legacy,
    *,
    quirks: Sequence[str] = (),
    ledger: Ledger | None = None,
    today: date | None = None,
    amount: str = "",
    known: date | None = None,
    seed: int = 0,
    roots: Sequence[str] = (),
) -> Audit:
    """Hold an old system's answers against the rules.

    Args:
        book: for whom.
        decision: what was decided.
        legacy: the old system's questions and answers.
        quirks: quirks that the old system is thought to have; the rules answer with them.
        ledger: known differences.
        today: the day by which they expire; today where it is None.
        amount: field of the result that is counted in yen.
        known: decide as known on this date.
        seed: where chance begins.
        roots: folders that names of files are told from.

    Raises:
        QuirkError: for a quirk of no known name.
        LedgerError: for a ledger of another decision or body, or one that names a field that the file does not have.
    """
    reached = Reached(book, decision, roots)
    taken = tuple(quirk_of(name, reached) for name in quirks)
    with ExitStack() as stack:
        for quirk in taken:
            stack.enter_context(quirk.alive(reached))
        compiled = all(quirk.compiled for quirk in taken)
        auditor = _Auditor(book, decision, legacy, reached, amount, known, seed, compiled=compiled)
        return auditor.audit(taken, ledger, today or date.today())  # noqa: DTZ011 — the day where the audit is made


class _Auditor:
    def __init__(
        self,
        book: Rulebook,
        decision: Decision[Any, Any],
        legacy: Legacy,
        reached: Reached,
        amount: str,
        known: date | None,
        seed: int,
        *,
        compiled: bool,
    ) -> None:
        self.book = book
        self.decision = decision
        self.legacy = legacy
        self.reached = reached
        self.known = known
        self.seed = seed
        self.amount = counted(decision, legacy, amount)
        self.base = recompute(book, decision, legacy, known=known, compiled=compiled, amount=self.amount)
        self.yen = self.base.yen
        self.random = np.random.default_rng(seed)

    def audit(self, quirks: tuple[Quirk, ...], ledger: Ledger | None, today: date) -> Audit:
        left = self.base.different
        groups: list[Group] = []
        failures: list[str] = []
        for entry in self.entries(ledger):
            rows = self.known_rows(entry, left)
            total = float(np.nansum(self.yen[rows]))
            failures.extend(entry.failures(int(rows.sum()), total, today))
            if rows.any():
                groups.append(self.group(f"known: {entry.name}", rows, known=entry))
            left = left & ~rows
        new = list(self.new(left))
        failures.extend(f"new: {int(group.rows.sum()):,} rows: {group.key}" for group in new)
        return Audit(
            legacy=self.legacy,
            base=self.base,
            amount=self.amount,
            yen=self.yen,
            quirks=quirks,
            groups=(*groups, *new),
            aside=tuple(sorted((*self.legacy.aside, *self.base.aside), key=lambda own: own.line)),
            failures=tuple(failures),
            reached=self.reached,
            seed=self.seed,
        )

    # Known differences.

    def entries(self, ledger: Ledger | None) -> Sequence[Known]:
        if ledger is None:
            return ()
        own = (self.decision.name, self.book.jurisdiction.code)
        if (ledger.decision, ledger.jurisdiction) != own:
            raise LedgerError(
                f"the ledger is about {ledger.decision} of {ledger.jurisdiction}, not {own[0]} of {own[1]}"
            )
        return ledger.known

    def known_rows(self, entry: Known, left: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The rows that an entry of the ledger is about."""
        rows = left.copy()
        for name, wanted in entry.when.items():
            rows &= self.holding(entry, name, wanted)
        if entry.differs:
            if entry.differs not in self.base.fields:
                raise self.unknown(entry, "differs", entry.differs, self.base.fields)
            rows &= self.base.first == self.base.fields.index(entry.differs)
        if entry.difference is not None:
            low, high = entry.difference.low, entry.difference.high
            rows &= (self.yen >= (-np.inf if low is None else low)) & (self.yen <= (np.inf if high is None else high))
        if entry.quirk and rows.any():
            quirk = quirk_of(entry.quirk, self.reached)
            with quirk.alive(self.reached):
                found = recompute(
                    self.book, self.decision, self.legacy, known=self.known, rows=rows, compiled=quirk.compiled
                )
            places = np.flatnonzero(rows)
            rows[places[~(found.answered & (found.first == NOWHERE))]] = False
        return rows

    def holding(self, entry: Known, name: str, wanted: Any) -> NDArray[np.bool_]:
        column = ON if name == "on" else name
        if column not in self.legacy.fields.column_names:
            raise self.unknown(entry, "when", name, ("on", *questions_only(self.legacy.fields).column_names))
        if isinstance(wanted, list):
            return np.asarray(pc.is_in(self.legacy.fields[column], pa.array(wanted)))
        if isinstance(wanted, Range):
            return Condition(column=column, low=wanted.low, high=wanted.high).rows(self.legacy.fields)
        return Condition(column=column, value=wanted).rows(self.legacy.fields)

    @staticmethod
    def unknown(entry: Known, key: str, name: str, known: Sequence[str]) -> LedgerError:
        return LedgerError(
            f"{entry.where}: {key}: {name!r} is no field here{did_you_mean(name, known)} ({', '.join(known)})"
        )

    # New differences.

    def new(self, left: NDArray[np.bool_]) -> Iterator[Group]:
        """Groups of the rows that the ledger does not know."""
        yield from self.unanswered(left & (self.base.first == NO_ANSWER))
        left = left & (self.base.first >= 0)
        explainer = Explainer(
            self.book,
            self.decision,
            self.legacy,
            attrs.evolve(self.base, first=np.where(left | ~self.base.different, self.base.first, NO_ANSWER)),
            amount=self.amount,
            known=self.known,
            seed=self.seed,
        )
        for explained in explainer.explain():
            left = left & ~explained.rows
            yield self.explained(explained)
        yield from self.unexplained(left)

    def unanswered(self, rows: NDArray[np.bool_]) -> Iterator[Group]:
        """Rows that the old system answers and the rules do not, by reason."""
        places = np.flatnonzero(rows)
        told = [f"{self.base.status[place]}: {self.base.reason[place]}" for place in places.tolist()]
        for why, _ in Counter(told).most_common():
            own = np.zeros(len(rows), dtype=np.bool_)
            own[places[[text == why for text in told]]] = True
            yield self.group(why, own, why=why)

    def explained(self, own: Explained) -> Group:
        group = self.group(own.quirk.name, own.rows, tried=own.best, others=own.others, conditions=own.best.conditions)
        return attrs.evolve(group, blame=self.blamed(group.witness, own.quirk))

    def unexplained(self, left: NDArray[np.bool_]) -> Iterator[Group]:
        """Rows that nothing explains, apart by what tells them from those that do not differ."""
        for piece in range(PIECES):
            if not left.any():
                return
            conditions = tuple(telling(questions_only(self.legacy.fields), left, self.base.same))
            rows = left.copy()
            for condition in conditions if piece < PIECES - 1 else ():
                rows &= condition.rows(self.legacy.fields)
            field = self.base.fields[int(np.bincount(self.base.first[rows]).argmax())]
            rows &= self.base.first == self.base.fields.index(field)
            group = self.group(f"unexplained {piece + 1}: {field}", rows, conditions=conditions)
            yield attrs.evolve(group, shared=self.shared(rows))
            left = left & ~rows

    def group(self, key: str, rows: NDArray[np.bool_], **more: Any) -> Group:
        """A group, with the row that is the shortest question of some as its witness."""
        asked = self.asked(self.some(rows))
        witness = min(asked, key=lambda own: (len(str(own.question)), own.row))
        answer = witness.question.answer(self.book, known=self.known)
        firsts = self.base.first[rows]
        field = "" if (firsts < 0).all() else self.base.fields[int(np.bincount(firsts[firsts >= 0]).argmax())]
        articles = self.articles(witness, field)
        return Group(key=key, rows=rows, field=field, witness=witness, answer=answer, articles=articles, **more)

    def some(self, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
        places = np.flatnonzero(rows)
        if len(places) > TRACED:
            places = np.sort(self.random.choice(places, TRACED, replace=False))
        return places

    def asked(self, rows: NDArray[np.int64]) -> list[Asked]:
        return questions_of_rows(self.book, self.decision, self.legacy, rows) if len(rows) else []

    def blamed(self, own: Asked, quirk: Quirk) -> Blame | None:
        """The first rule that differs between the rules with a quirk and without."""
        now = self.witness(own)
        with quirk.alive(self.reached):
            then = self.witness(own)
            _ = then.steps
        if not quirk.compiled:
            then.probe = None  # afterwards the functions are as they are
        return blame(then, now)

    def witness(self, own: Asked) -> Witness:
        answer = own.question.answer(self.book, known=self.known, trace=True)
        return (
            failed_witness(answer)
            if answer.outcome is None
            else witness_of(self.book, answer.outcome, self.reached.roots)
        )

    def steps(self, own: Asked) -> tuple[Step, ...]:
        return self.witness(own).steps

    def articles(self, own: Asked, field: str) -> tuple[str, ...]:
        """What the rule of a field rests on."""
        found: dict[str, None] = {}
        for step in self.steps(own):
            if step.key.rule == field and not step.key.path:
                figures = [own.figures for own in step.inputs.values() if own.figures is not None]
                found.update(dict.fromkeys([step.law] if step.law else []))
                found.update((source.text, None) for own in figures for source in own.sources.values())
        return tuple(found)

    def shared(self, rows: NDArray[np.bool_]) -> tuple[str, ...]:
        """Rows of tables and roundings that all of some rows were decided by, and few of those that do not differ."""
        ones = [self.branch(own) for own in self.asked(self.some(rows))]
        others = [self.branch(own) for own in self.asked(self.some(self.base.same))]
        common = set.intersection(*ones) if ones else set()
        counts = Counter(name for own in others for name in own)
        return tuple(sorted(name for name in common if counts[name] <= len(others) // 2))

    def branch(self, own: Asked) -> set[str]:
        return {f"{step.title}: {name}" for step in self.steps(own) for name in step.applied}


def counted(decision: Decision[Any, Any], legacy: Legacy, name: str) -> str:
    """The amount that is counted: the one named, else the last in whole yen of those that the old system has.

    Raises:
        AuditError: when the old system has none of that name.
    """
    known = [own for own in quantities(decision.result, "yen", "sen") if own.name in old_fields(legacy)]
    names = [own.name for own in known]
    if name and name not in names:
        raise AuditError(f"the map has no amount {name!r}{did_you_mean(name, names)} (amounts: {', '.join(names)})")
    whole = [own.name for own in known if own.kind == "yen"]
    return name or next(iter(reversed(whole or names)), "")
