"""Every row of an old system decided again by the rules, and held against its answers, column by column."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.tables.files.parts import KEY
from munirules.tables.table import decide_table
from munirules.testing.audit.legacy import Legacy, Unread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

NOWHERE: Final = -1
"""In `Recomputed.first`: the row does not differ."""

NO_ANSWER: Final = -2
"""In `Recomputed.first`: the rules come to no result (refused, a finding is needed)."""


@attrs.frozen(kw_only=True, eq=False)
class Recomputed:
    """The rules' answers beside the old system's.

    Attributes:
        fields: fields of the result that are compared, in order of evaluation.
        answered: rows with an answer of the rules: a result, or none because the law refuses.
        first: per row the number of the first of `fields` that differs; else `NOWHERE` or `NO_ANSWER`.
        yen: rules less old system in yen, of all members together; NaN where there is no amount.
        status: of each row; empty where it was set aside, or concerns nobody.
        reason: why there is no result.
        aside: rows that could not be decided.
    """

    fields: tuple[str, ...]
    answered: NDArray[np.bool_]
    first: NDArray[np.int64]
    yen: NDArray[np.float64]
    status: NDArray[np.object_]
    reason: NDArray[np.object_]
    aside: tuple[Unread, ...]

    @property
    def different(self) -> NDArray[np.bool_]:
        """Rows that differ."""
        found: NDArray[np.bool_] = self.answered & (self.first != NOWHERE)
        return found

    @property
    def same(self) -> NDArray[np.bool_]:
        """Rows that do not."""
        found: NDArray[np.bool_] = self.answered & (self.first == NOWHERE)
        return found


def recompute(
    book: Rulebook,
    decision: Decision[Any, Any],
    legacy: Legacy,
    *,
    known: date | None = None,
    rows: NDArray[np.bool_] | None = None,
    compiled: bool = True,
    amount: str = "",
) -> Recomputed:
    """Decide rows again and compare.

    Args:
        book: for whom.
        decision: what is decided.
        legacy: the old system's questions and answers.
        known: as known on this date.
        rows: which rows; None for all.
        compiled: whether compiled kernels may be used; they know figures that were changed, not functions.
        amount: field of the result that is counted in yen; empty for none.
    """
    table = legacy.fields if rows is None else legacy.take(rows)
    lines = legacy.lines if rows is None else legacy.lines[rows]
    found = decide_table(
        book,
        decision,
        table,
        on=legacy.moment,
        tables=legacy.tables,
        key=KEY,
        known=known,
        engine="auto" if compiled else "python",
        ignore=[KEY] if KEY in table.column_names and not legacy.tables else [],
    )
    answers = found.results
    at = np.asarray(answers["row"])
    answered = np.ones(table.num_rows, dtype=np.bool_)
    answered[np.asarray(found.rejects["row"].drop_null()).astype(np.int64)] = False
    status, reason = (_by_row(at, answers[name], table.num_rows) for name in ("status", "reason"))
    fields = in_order(book, decision, legacy, old_fields(legacy))
    new = {
        name: answers[name if name in answers.column_names else f"{decision.result.__name__}.{name}"] for name in fields
    }
    pairs = _paired(legacy, table, answers, rows)
    first = np.full(table.num_rows, NOWHERE, dtype=np.int64)
    for index in reversed(range(len(fields))):
        first[pairs.row[pairs.unequal(new[fields[index]], fields[index])]] = index
    first[(status != "decided") & (status != "provisional") & (status != "")] = NO_ANSWER
    yen = np.full(table.num_rows, np.nan)
    if amount:
        yen = pairs.apart(new[amount], amount, table.num_rows)
        yen[first == NO_ANSWER] = np.nan
    return Recomputed(
        fields=fields,
        answered=answered,
        first=first,
        yen=yen,
        status=status,
        reason=reason,
        aside=tuple(_rejected(legacy.name, found.rejects, lines)),
    )


def old_fields(legacy: Legacy) -> list[str]:
    """Fields of the result that the old system answers."""
    if legacy.members is None:
        return list(legacy.old.column_names)
    return [name for name in legacy.members.column_names if name not in (KEY, "id")]


def _by_row(at: NDArray[np.int64], column: pa.ChunkedArray, number: int) -> NDArray[np.object_]:
    """A text for each row of the table; empty where there is none."""
    found = np.full(number, "", dtype=object)
    found[at] = column.fill_null("").to_pylist()
    return found


@attrs.frozen(eq=False)
class _Pairs:
    """The old system's answers beside the rules': of each row, or of each member.

    Attributes:
        row: row of the table that a pair is about.
        old: the old system's answers, aligned to the pairs.
        places: where the rules' answer stands among theirs; -1 for nowhere.
        members: whether the pairs are about members, of whom one may have no answer: nothing is then as good as zero.
    """

    row: NDArray[np.int64]
    old: pa.Table
    places: NDArray[np.int64]
    members: bool

    def new(self, column: pa.ChunkedArray) -> pa.ChunkedArray:
        """The rules' answers, aligned to the pairs."""
        return column.take(pa.array(self.places, mask=self.places < 0))

    def unequal(self, column: pa.ChunkedArray, name: str) -> NDArray[np.bool_]:
        """The pairs that differ in a field."""
        new = self.new(column)
        found = unequal(self.old[name], new)
        if self.members:
            nothing = [_nothing(self.old[name]), _nothing(new)]
            found &= ~(nothing[0] & nothing[1])
        return found

    def apart(self, column: pa.ChunkedArray, name: str, number: int) -> NDArray[np.float64]:
        """Rules less old system, in yen, for each row of the table."""
        yen = amounts(self.new(column), nothing=0) - amounts(self.old[name], nothing=0)
        total = np.zeros(number)
        np.add.at(total, self.row, yen)
        return total


def _paired(legacy: Legacy, table: pa.Table, answers: pa.Table, rows: NDArray[np.bool_] | None) -> _Pairs:
    if legacy.members is None:
        places = np.full(table.num_rows, -1, dtype=np.int64)
        places[np.asarray(answers["row"])] = np.arange(answers.num_rows)
        old = legacy.old if rows is None else legacy.old.filter(pa.array(rows))
        return _Pairs(np.arange(table.num_rows), old, places, members=False)
    index = pc.index_in(legacy.members[KEY], value_set=table[KEY].combine_chunks())
    mine = legacy.members.filter(pc.is_valid(index))
    row = np.asarray(index.drop_null()).astype(np.int64)
    names = [_named(pa.array(row), mine["id"]), _named(answers["row"], answers["member"])]
    places = pc.fill_null(pc.index_in(names[0], value_set=names[1]), -1)
    more = np.flatnonzero(np.asarray(pc.invert(pc.is_in(names[1], value_set=names[0]))))
    more = more[np.asarray(answers["member"].is_valid())[more]]  # members whom the old system does not name
    lacking = pa.table({name: pa.nulls(len(more), mine[name].type) for name in mine.column_names})
    return _Pairs(
        np.concatenate([row, np.asarray(answers["row"])[more]]),
        pa.concat_tables([mine, lacking]),
        np.concatenate([np.asarray(places).astype(np.int64), more]),
        members=True,
    )


def _named(row: pa.Array | pa.ChunkedArray, member: pa.ChunkedArray) -> pa.Array:
    """Row and member as one text."""
    texts = pc.binary_join_element_wise(row.cast(pa.string()), member.cast(pa.string()).fill_null(""), "\x1f")
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def _nothing(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Where a column has nothing: no value, zero, an empty text."""
    zero = pa.scalar("" if pa.types.is_string(column.type) else 0).cast(column.type)
    return np.asarray(pc.fill_null(pc.equal(column, zero), fill_value=True))


def unequal(old: pa.ChunkedArray, new: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Where two columns differ; an empty cell equals an empty cell alone."""
    if old.type != new.type:
        old = old.cast(new.type)
    both = pc.and_(pc.is_null(old), pc.is_null(new))
    equal = pc.fill_null(pc.equal(old, new), fill_value=False)
    return ~np.asarray(pc.or_(equal, both))


def in_order(book: Rulebook, decision: Decision[Any, Any], legacy: Legacy, names: Sequence[str]) -> tuple[str, ...]:
    """Fields of the result in the order in which their rules are evaluated."""
    day = legacy.on if legacy.on is not None else pc.max(legacy.fields[legacy.moment]).as_py()
    steps = list(book.area(decision.area).wiring(decision, day, None).steps)
    return tuple(sorted(names, key=lambda name: steps.index(name) if name in steps else len(steps)))


def _rejected(file: str, rejects: pa.Table, lines: NDArray[np.int64]) -> list[Unread]:
    """Rows that could not be decided, each once, with the first thing that is wrong."""
    found: dict[int, Unread] = {}
    for own in rejects.to_pylist():
        if own["row"] is not None:
            line = int(lines[own["row"]])
            found.setdefault(line, Unread(file, line, own["field_or_rule"] or "", own["value"] or "", own["reason"]))
    return list(found.values())


def amounts(column: pa.ChunkedArray, *, nothing: float = float("nan")) -> NDArray[np.float64]:
    """A column of amounts in yen as floats, for sums and plots.

    Args:
        column: the column.
        nothing: what stands for an empty cell.
    """
    return np.asarray(column.cast(pa.float64()).fill_null(nothing))
