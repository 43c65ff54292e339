"""The compiled engine: a decision's kernel made ready, kept, and run over chunks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import attrs
import numpy as np
import pyarrow as pa

from munirules.engine.provisions import NotInForce
from munirules.engine.steps import Wiring
from munirules.tables.kernel.body import written
from munirules.tables.kernel.encode import Chunk, Objects, array_of
from munirules.tables.kernel.kernels import Kernel, kernel_of
from munirules.tables.kernel.types import NotCompiled, Record, Rows, fields_of, width
from munirules.tables.kernel.writer import Text
from munirules.tables.layout import Answers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.regimes import Regimes
    from munirules.engine.rulebook import Rulebook
    from munirules.tables.layout import Bound, Node

WAITING, DONE, PASSED = 0, 1, 3


def prepare(
    book: Rulebook,
    decision: Decision[Any, Any],
    sample: Bound,
    on: date | None,
    /,
    *,
    known: date | None = None,
) -> Compiled | str:
    """Make a decision ready for chunks that have the same columns as a sample.

    Args:
        book: for whom.
        decision: what is decided.
        sample: the first chunk.
        on: the date; None where each row has its own.
        known: as known on this date.

    Returns:
        The engine, or in plain words why there is none.
    """
    given = frozenset(sample.facts)
    engine: Compiled = book.memory.setdefault(
        (Compiled, decision, given, known), Compiled(book, decision, given, known)
    )
    try:
        if isinstance(sample.on, date):
            engine.regime(sample.on)
        elif (sample.on > 0).any():
            engine.regime(date.fromordinal(int(sample.on.max())))
    except NotCompiled as error:
        return str(error)
    except NotInForce:
        pass  # rows of other dates may have law in force; those of this one are told one by one
    return engine


@attrs.frozen(eq=False)
class Regime:
    """A kernel with what is in force for a while.

    Attributes:
        text: the kernel's text, which says what a call brings.
        kernel: the kernel.
        addresses: those words of a call that are the same for every chunk, by slot.
        kept: keeps them alive.
    """

    text: Text
    kernel: Kernel
    addresses: dict[int, int]
    kept: list[Any]


class Compiled:
    """A decision made ready. Called from several threads at once."""

    def __init__(
        self, book: Rulebook, decision: Decision[Any, Any], given: frozenset[type], known: date | None
    ) -> None:
        self.book = book
        self.decision = decision
        self.given = given
        self.known = known
        self._regimes: dict[tuple[int, ...], Regime | Exception] = {}
        self._starts: list[int] | None = None
        self._lock = Lock()

    def regime(self, on: date) -> Regime:
        """The kernel and the provisions of a date.

        Raises:
            NotCompiled: when a rule cannot be compiled.
            NotInForce: when no law covers the date.
        """
        with self._lock:
            if self._starts is None:
                self._starts = sorted(self._changes(self.decision, set()))
            key = (bisect_right(self._starts, on.toordinal()),)
            if key not in self._regimes:
                try:
                    self._regimes[key] = self._make(on)
                except (NotCompiled, NotInForce) as error:
                    self._regimes[key] = error
            found = self._regimes[key]
        if isinstance(found, Exception):
            raise found
        return found

    def _of(self, decision: Decision[Any, Any]) -> Regimes:
        return self.book.area(decision.area).regimes(decision, self.known)

    def _changes(self, decision: Decision[Any, Any], seen: set[str]) -> set[int]:
        """Days on which anything changes that a decision rests on."""
        if decision.name in seen:
            return set()
        seen.add(decision.name)
        found = set(self._of(decision).starts())
        for _, other in self.book.area(decision.area).rests_on(decision):
            found |= self._changes(other, seen)
        return found

    def _wiring(self, decision: Decision[Any, Any], on: date) -> Wiring:
        return self.book.area(decision.area).wiring(decision, on, self.known)

    def _make(self, on: date) -> Regime:
        def other(result: type) -> Wiring | None:
            found = self.book.decider(result)
            return None if found is None else self._wiring(found, on)

        text = written(self._wiring(self.decision, on), other, tuple(self.given))
        objects = Objects()
        addresses: dict[int, int] = {}
        for argument in text.arguments:
            if argument.kind in ("provision", "dated"):
                self._bring(argument.slot, argument.kind, argument.what, on, objects, addresses)
        return Regime(text, kernel_of(text), addresses, objects.kept)

    def _bring(self, slot: int, kind: str, what: Any, on: date, objects: Objects, addresses: dict[int, int]) -> None:
        """Lay out what is in force: one provision, or all of a timeline with the days of its changes."""
        decision, cls, *continuing = what
        timeline = self._of(decision).timeline(cls)
        if not continuing:
            addresses[slot] = objects.table(cls, [timeline.at(on).value])
            return
        sections, days, renewals, index = sections_of(timeline, started=continuing[0])
        if kind == "provision":
            addresses[slot] = objects.table(cls, sections or [])
            return
        for offset, values in enumerate((days, [len(days)], renewals, [len(renewals)], index)):
            addresses[slot + offset] = objects.column(values or [0])

    # Running.

    def __call__(self, bound: Bound, /) -> Answers:
        """Decide the rows of a chunk that are not suspect."""
        status = np.where(bound.suspect, PASSED, WAITING).astype(np.int64)
        on = bound.on
        if isinstance(on, date):
            days = np.full(bound.length, on.toordinal(), np.int64)
            groups: Sequence[tuple[date, NDArray[np.bool_] | None]] = [(on, None)]
        else:
            days = np.ascontiguousarray(on, np.int64)
            groups = self._groups(days, status)
        made: list[tuple[Regime, NDArray[np.bool_] | None]] = []
        for day, rows in groups:
            try:
                made.append((self.regime(day), rows))
            except (NotCompiled, NotInForce):
                status[(status == WAITING) if rows is None else rows & (status == WAITING)] = PASSED
        # Only now, when every text that rules and provisions name has its code, are the chunk's texts coded.
        run = Run(self, bound, days, frozenset().union(*(regime.kernel.used for regime, _ in made)))
        for regime, rows in made:
            own = status if rows is None else np.where(rows, status, PASSED)
            run.run(regime, own)
            if rows is not None:
                status[rows] = own[rows]
        return run.answers(status)

    def _groups(self, days: NDArray[np.int64], status: NDArray[np.int64]) -> list[tuple[date, NDArray[np.bool_]]]:
        """Rows by date regime, each with a date of it."""
        if self._starts is None:
            self._starts = sorted(self._changes(self.decision, set()))
        regime = np.searchsorted(np.array(self._starts, np.int64), days, side="right")
        found = []
        for number in np.unique(regime[status == WAITING]):
            rows = (regime == number) & (status == WAITING)
            found.append((date.fromordinal(int(days[rows][0])), rows))
        return found


def sections_of(timeline: Any, *, started: bool) -> tuple[list[Any], list[int], list[int], list[int]]:
    """Every provision object of a timeline, the days of its changes and renewals, and the object by both (-1 for none)."""
    days = list(timeline.starts)
    renewals = [day.toordinal() for day in timeline.renewals] if started else []
    sections: list[Any] = []
    index: list[int] = []
    for day in [date.min, *(date.fromordinal(own) for own in days)]:
        for begun in _begun(renewals) if started else [None]:
            try:
                value = timeline.at(day, begun).value
            except NotInForce:
                index.append(-1)
                continue
            place = next((place for place, own in enumerate(sections) if own is value), -1)
            if place < 0:
                place = len(sections)
                sections.append(value)
            index.append(place)
    return sections, days, renewals, index


def _begun(renewals: Sequence[int]) -> list[date]:
    return [date.min, *(date.fromordinal(own) for own in renewals)]


class Run:
    """One chunk on its way: its tables, scratch columns and answers."""

    def __init__(self, engine: Compiled, bound: Bound, days: NDArray[np.int64], used: frozenset[str]) -> None:
        self.engine = engine
        self.bound = bound
        self.days = days
        self.chunk = Chunk(used)
        self.tables: dict[Any, int] = {}
        self.outs: dict[Any, tuple[Any, list[NDArray[np.int64]]]] = {}
        self.concerned: NDArray[np.int64] | None = None

    def run(self, regime: Regime, status: NDArray[np.int64]) -> None:
        """Run a kernel over the rows that wait."""
        words = np.zeros(regime.text.width, np.int64)
        scratch: list[Any] = []
        for argument in regime.text.arguments:
            slot, what = argument.slot, argument.what
            match argument.kind:
                case "status":
                    words[slot] = status.ctypes.data
                case "on":
                    words[slot] = self.days.ctypes.data
                case "subject":
                    words[slot] = self._table("subject", self.bound.subject, there=False)
                case "fact":
                    words[slot] = self._table(what, self.bound.facts[what], there=True)
                case "provision":
                    words[slot] = regime.addresses[slot]
                case "dated":
                    for offset in range(5):
                        words[slot + offset] = regime.addresses[slot + offset]
                case "room":
                    words[slot] = _kept(np.array([self.most], np.int64), scratch)
                case "places":
                    words[slot] = _kept(np.zeros(self.most, np.int64), scratch)
                case "scratch":
                    words[slot] = self._scratch(what[1], scratch)
                case "out":
                    words[slot] = self._out(what)
                case "concerned":
                    if self.concerned is None:
                        self.concerned = np.zeros(self.members, np.int64)
                    words[slot] = self.concerned.ctypes.data
        self.chunk.texts.number()
        regime.kernel(int(words.ctypes.data), 0, self.bound.length)

    def _table(self, key: Any, node: Node, *, there: bool) -> int:
        if key not in self.tables:
            self.tables[key] = self.chunk.table(node, there=there)
        return self.tables[key]

    @property
    def most(self) -> int:
        """The most parts that one subject of the chunk has, and a few for what rules make."""
        counts = [int(np.diff(parts.offsets).max(initial=0)) for parts in self.bound.subject.parts.values()]
        return max([*counts, MADE])

    @property
    def members(self) -> int:
        """How many members the chunk has."""
        parts = self.engine.decision.member
        return next((own.items.length for own in self.bound.subject.parts.values() if own.items.cls is parts), 0)

    def _scratch(self, item: Any, kept: list[Any]) -> int:
        columns = [_kept(np.zeros(self.most, np.int64), kept) for _ in range(width(item))]
        return _kept(np.array(columns, np.int64), kept)

    def _out(self, what: Any) -> int:
        if what not in self.outs:
            if isinstance(what, tuple):
                cls, field, dim = what
                item = fields_of(cls)[field][1].item
                length = next(own.items.length for own in self.bound.subject.parts.values() if own.items.cls is dim)
                columns = [np.zeros(length, np.int64)]
            else:
                item = Record(what)
                length = self.bound.length if self.engine.decision.member is None else self.members
                columns = [np.zeros(length, np.int64) for _ in range(width(item))]
            self.outs[what] = (item, columns)
            self.chunk.kept.extend(columns)
        _, columns = self.outs[what]
        return self.chunk.address(np.array([column.ctypes.data for column in columns], np.int64))

    def answers(self, status: NDArray[np.int64]) -> Answers:
        """The answers of the rows that came out."""
        done = status == DONE
        decision = self.engine.decision
        self._out(decision.result)
        offsets = items = None
        if decision.member is not None:
            offsets, items = self._concerned(done)
        fields = {}
        for name, (slot, item) in fields_of(cast("Any", decision.result)).items():
            if isinstance(item, Rows):
                fields[name] = self._several(name)
                continue
            _, columns = self.outs[decision.result]
            own = columns[slot : slot + width(item)]
            fields[name] = array_of(item, own if items is None else [column[items] for column in own], self.chunk.texts)
        return Answers(done=done, fields=fields, offsets=offsets, items=items)

    def _several(self, name: str) -> pa.Array:
        """A field with a value for each part of the subject, as lists."""
        for what, (item, columns) in self.outs.items():
            if isinstance(what, tuple) and what[1] == name:
                parts = next(own for own in self.bound.subject.parts.values() if own.items.cls is what[2])
                values = array_of(item, columns, self.chunk.texts)
                return pa.ListArray.from_arrays(pa.array(parts.offsets.astype(np.int32)), values)
        return pa.nulls(self.bound.length)

    def _concerned(self, done: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        decision = self.engine.decision
        parts = next(own for own in self.bound.subject.parts.values() if own.items.cls is decision.member)
        concerned = np.zeros(self.members, np.bool_) if self.concerned is None else self.concerned == 1
        counts = np.diff(parts.offsets)
        concerned &= np.repeat(done, counts)
        before = np.concatenate([[0], np.cumsum(concerned)])
        return before[parts.offsets].astype(np.int64), np.flatnonzero(concerned).astype(np.int64)


MADE = 64
"""Room for parts that a rule makes (months, spans)."""


def _kept(array: NDArray[np.int64], kept: list[Any]) -> int:
    kept.append(array)
    return int(array.ctypes.data)
