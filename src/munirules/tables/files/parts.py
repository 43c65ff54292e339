"""A file of parts (members, holders …) read beside that of their subjects: both sorted by key, little of each in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from munirules.tables.files.convert import Converted, text_of
from munirules.tables.files.order import Ranked, misplaced, ranked
from munirules.tables.files.plan import Plan
from munirules.tables.files.reading import BadRow, Part, Position, Reader, shown
from munirules.tables.files.records import FileError

KEY: Final = "#key"
"""Name of the key's column among those that `decide_table` gets; no field has it."""
FIRST: Final[Ranked] = (-2, 0, "")
LAST: Final[Ranked] = (2, 0, "")


@attrs.frozen(kw_only=True)
class Reject:
    """Something that is set aside.

    Attributes:
        file: name of the file, where it stands.
        line: its line there; None where it is of no line.
        key: the key of the row; empty where that is not known.
        field: field or rule; empty for a whole line.
        value: what stood there.
        reason: what is wrong.
    """

    file: str
    line: int | None
    key: str = ""
    field: str = ""
    value: str = ""
    reason: str


def keys_of(batch: pa.RecordBatch, header: str) -> pa.StringArray:
    """The keys of a batch as texts, null where one is missing."""
    keys = text_of(batch.column(header))
    return pc.if_else(pc.equal(keys, ""), pa.scalar(None, pa.string()), keys)


def in_order(name: str, part: Part, keys: pa.StringArray, before: Ranked | None) -> None:
    """See that keys stand in order.

    Raises:
        FileError: naming the line at which they do not, and what to do.
    """
    row = misplaced(keys, before)
    if row is not None:
        above = repr(keys[row - 1].as_py()) if row else "that of the line above"
        raise FileError(
            f"{name}: line {part.lines[row]}: the key {keys[row].as_py()!r} does not come after {above}; files that belong "
            "together are read side by side, sorted by key (numbers by size, before texts): sort them, or run with --sort"
        )


@attrs.define(eq=False)
class _Piece:
    """A chunk of the file, of which some rows may be used already."""

    start: Position | None
    keys: pa.StringArray
    lines: NDArray[np.int64]
    converted: Converted
    bad: tuple[BadRow, ...]
    last: Ranked
    used: int = 0


@attrs.frozen(kw_only=True, eq=False)
class Taken:
    """The rows that belong to some subjects.

    Attributes:
        fields: their columns, with the key as `KEY`.
        lines: their lines.
        rejects: lines that could not be read, or belong to no subject.
        spoiled: keys of subjects that cannot be decided, since a part of theirs could not be read.
        suspects: ranges of keys, ends included, among which the subject of a line is that could not be read at all.
    """

    fields: pa.Table
    lines: NDArray[np.int64]
    rejects: tuple[Reject, ...]
    spoiled: frozenset[str]
    suspects: tuple[tuple[Ranked, Ranked, int], ...]


class PartFile:
    """A file of parts.

    Args:
        table: name of the table.
        reader: the file.
        plan: what its columns are.
        beside: name of the file of the subjects.
        state: where an earlier run had come to, as `state` gave it.
    """

    def __init__(
        self, table: str, reader: Reader, plan: Plan, beside: str, state: Mapping[str, Any] | None = None
    ) -> None:
        assert plan.key is not None
        self.table = table
        self.beside = beside
        self.reader = reader
        self.rows = 0
        self._plan = plan
        self._key = plan.key
        self._pieces: list[_Piece] = []
        self._next = None if not state or state["position"] is None else Position(**state["position"])
        self._before: Ranked = tuple(state["before"]) if state else FIRST
        ranges = state["ranges"] if state else []
        self._ranges: list[tuple[Ranked, Ranked, int]] = [(tuple(low), tuple(high), line) for low, high, line in ranges]
        self._skip = int(state["used"]) if state else 0
        self._chunks = reader.chunks(plan.wanted, self._next)
        self._ended = False

    def state(self) -> dict[str, Any]:
        """Where it has come to, as the journal has it."""
        piece = self._pieces[0] if self._pieces else None
        start = piece.start if piece is not None else self._next
        return {
            "position": None if start is None else attrs.asdict(start),
            "used": piece.used if piece is not None else 0,
            "before": self._before,
            "ranges": self._ranges,
        }

    @property
    def ended(self) -> bool:
        """Whether all of it was taken."""
        return self._ended and not self._pieces

    def reach(self) -> Ranked:
        """What the last key that is read so far is compared by, at least one chunk being read; `LAST` at the end."""
        if not self._pieces and not self._ended:
            self._load()
        return self._pieces[-1].last if self._pieces else LAST

    def take(self, keys: pa.StringArray, last: Ranked) -> Taken:
        """Take the rows up to a key.

        Args:
            keys: keys of the subjects, in order.
            last: what the last of them is compared by; `LAST` to come to the end of the file.

        Raises:
            FileError: when the file is not sorted.
        """
        while not self._ended and (not self._pieces or self._pieces[-1].last <= last):
            self._load()
        rejects: list[Reject] = []
        spoiled: set[str] = set()
        batches: list[pa.RecordBatch] = []
        lines: list[NDArray[np.int64]] = []
        for piece in self._pieces:
            end = bisect_right(Ranks(piece.keys), last)
            rejects.extend(self._unread(piece, end))
            batch, rows = self._slice(piece, end, keys, rejects, spoiled)
            batches.append(batch)
            lines.append(rows)
            self.rows += end - piece.used
            piece.used = end
        suspects = tuple(each for each in self._ranges if each[0] <= last)
        self._ranges = [each for each in self._ranges if each[1] > last]
        self._drop()
        return Taken(
            fields=pa.Table.from_batches(batches or [self._empty()]),
            lines=np.concatenate([np.zeros(0, np.int64), *lines]),
            rejects=tuple(rejects),
            spoiled=frozenset(spoiled),
            suspects=suspects,
        )

    def _load(self) -> None:
        """Read one more chunk."""
        chunk = next(self._chunks, None)
        if chunk is None:
            self._ended = True
            return
        part = chunk.parse()
        keys = keys_of(part.batch, self._key)
        above = self._pieces[-1].last if self._pieces else self._before
        in_order(self.reader.name, part, keys, above)
        last = ranked(keys[-1].as_py()) if len(keys) else above
        converted = self._plan.convert(part.batch)
        self._pieces.append(_Piece(self._next, keys, part.lines, converted, part.bad, last, self._skip))
        self._next, self._skip = chunk.after, 0
        first = ranked(keys[0].as_py()) if len(keys) else LAST
        self._ranges = [(low, min(high, first), line) for low, high, line in self._ranges]
        for bad in part.bad:
            low = ranked(keys[bad.before - 1].as_py()) if bad.before else above
            high = ranked(keys[bad.before].as_py()) if bad.before < len(keys) else LAST
            self._ranges.append((low, high, bad.line))

    def _drop(self) -> None:
        """Let go of chunks that are used up."""
        while self._pieces and self._pieces[0].used == len(self._pieces[0].keys):
            self._before = self._pieces.pop(0).last

    def _unread(self, piece: _Piece, end: int) -> Iterator[Reject]:
        """Lines that could not be read, where they are passed."""
        whole = end == len(piece.keys)
        for bad in piece.bad:
            if piece.used <= bad.before and (bad.before < end or whole):
                self.rows += 1
                yield Reject(file=self.reader.name, line=bad.line, value=bad.value, reason=bad.reason)

    def _slice(
        self, piece: _Piece, end: int, subjects: pa.StringArray, rejects: list[Reject], spoiled: set[str]
    ) -> tuple[pa.RecordBatch, NDArray[np.int64]]:
        """Rows of a chunk up to one; what belongs to no subject is set aside, and with what cannot be read its subject."""
        converted, name = piece.converted, self.reader.name
        for problem in converted.problems:
            if piece.used <= problem.row < end:
                key = piece.keys[problem.row].as_py() or ""
                spoiled.add(key)
                rejects.append(
                    Reject(
                        file=name,
                        line=int(piece.lines[problem.row]),
                        key=key,
                        field=problem.field,
                        value=problem.value,
                        reason=problem.reason,
                    )
                )
        start, stop = np.searchsorted(converted.rows, [piece.used, end])
        rows = converted.rows[start:stop]
        keys = piece.keys.take(pa.array(rows))
        known = pc.is_in(keys, value_set=subjects, skip_nulls=True)
        fields = converted.fields.slice(start, stop - start).append_column(KEY, keys)
        for row in rows[~np.asarray(known)].tolist():
            key = piece.keys[row].as_py() or ""
            reason = f"no row that could be read has this key in {self.beside}" if key else "the key is missing"
            rejects.append(
                Reject(file=name, line=int(piece.lines[row]), key=key, field=self._key, value=shown(key), reason=reason)
            )
        return fields.filter(known), piece.lines[rows[np.asarray(known)]]

    def _empty(self) -> pa.RecordBatch:
        """No rows, of a file that has none."""
        names = list(self._plan.wanted)
        raw = pa.RecordBatch.from_arrays([pa.array([], pa.string())] * len(names), names)
        return self._plan.convert(raw).fields.append_column(KEY, pa.array([], pa.string()))


class Ranks(Sequence[Ranked]):
    """What keys are compared by, worked out where they are looked at."""

    def __init__(self, keys: pa.StringArray) -> None:
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, row: Any) -> Any:
        return ranked(self._keys[row].as_py())
