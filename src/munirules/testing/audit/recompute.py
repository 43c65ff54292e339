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
        new: the rules' answers by field, aligned to the rows.
        status: of each row; null where it was set aside.
        reason: why there is no result.
        aside: rows that could not be decided.
    """

    fields: tuple[str, ...]
    answered: NDArray[np.bool_]
    first: NDArray[np.int64]
    new: pa.Table
    status: pa.Array
    reason: pa.Array
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
) -> Recomputed:
    """Decide rows again and compare.

    Args:
        book: for whom.
        decision: what is decided.
        legacy: the old system's questions and answers.
        known: as known on this date.
        rows: which rows; None for all.
        compiled: whether compiled kernels may be used; they know figures that were changed, not functions.
    """
    table = legacy.fields if rows is None else legacy.take(rows)
    lines = legacy.lines if rows is None else legacy.lines[rows]
    old = legacy.old if rows is None else legacy.old.filter(pa.array(rows))
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
    number = table.num_rows
    places = np.full(number, -1, dtype=np.int64)
    places[np.asarray(found.results["row"])] = np.arange(found.results.num_rows)
    taken = found.results.take(pa.array(places, mask=places < 0))
    fields = in_order(book, decision, legacy, old.column_names)
    answered = places >= 0
    status = taken["status"].combine_chunks()
    decided = np.asarray(pc.is_in(status, pa.array(["decided", "provisional"])))
    first = np.full(number, NOWHERE, dtype=np.int64)
    new = {name: taken[name if name in taken.column_names else f"{decision.result.__name__}.{name}"] for name in fields}
    for index in reversed(range(len(fields))):
        first[unequal(old[fields[index]], new[fields[index]])] = index
    first[~decided] = NO_ANSWER
    return Recomputed(
        fields=fields,
        answered=answered,
        first=first,
        new=pa.table(new),
        status=status,
        reason=taken["reason"].combine_chunks(),
        aside=tuple(_rejected(legacy.name, found.rejects, lines)),
    )


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


def amounts(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """A column of amounts in yen as floats, for sums and plots; NaN where a cell is empty."""
    return np.asarray(column.cast(pa.float64()).fill_null(float("nan")))
