"""Subjects brought together with their parts from further files; none is decided without one of its parts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from munirules.tables.files.convert import Converted
from munirules.tables.files.decide import Work
from munirules.tables.files.order import Ranked, ranked
from munirules.tables.files.parts import LAST, PartFile, Ranks, Taken, in_order, keys_of
from munirules.tables.files.plan import Plan
from munirules.tables.files.reading import Chunk, Part, Position

_TWICE = "another row has this key too, so that it is not known whose the parts are"


@attrs.frozen(kw_only=True, eq=False)
class Joined:
    """Subjects with their parts, and where all files had come to when they were read.

    Attributes:
        work: what is to be decided.
        after: where the subjects' file goes on.
        before: what the last key is compared by.
        states: where the further files go on, by table.
    """

    work: Work
    after: Position
    before: Ranked
    states: Mapping[str, dict[str, Any]]


def joined(
    chunks: Iterator[Chunk], plan: Plan, name: str, tables: Mapping[str, PartFile], before: Ranked
) -> Iterator[Joined]:
    """Bring subjects together with their parts.

    Args:
        chunks: the subjects' file.
        plan: what its columns are.
        name: its name.
        tables: the further files.
        before: what the key above the first row is compared by.

    Raises:
        FileError: when a file is not sorted by key.
    """
    assert plan.key is not None
    after, nothing = Position(), None
    for chunk, part, keys, following in _with_next(chunks, plan.key):
        in_order(name, part, keys, before)
        last = ranked(keys[-1].as_py()) if len(keys) else before
        converted, passed = plan.convert(part.batch), _passed(tables)
        taken = {table: own.take(keys, last) for table, own in tables.items()}
        left_out = _left_out(converted, keys, taken, before, following)
        before, after, nothing = last, chunk.after, part.batch.slice(0, 0)
        yield _joined(tables, passed, taken, after, before, part=part, converted=converted, left_out=left_out)
    while nothing is not None and not all(own.ended for own in tables.values()):  # rows that belong to no subject
        passed, part = _passed(tables), Part(batch=nothing, lines=np.zeros(0, np.int64))
        taken = {table: own.take(pa.array([], pa.string()), own.reach()) for table, own in tables.items()}
        yield _joined(tables, passed, taken, after, before, part=part, converted=plan.convert(nothing))


def _passed(tables: Mapping[str, PartFile]) -> dict[str, int]:
    return {table: own.rows for table, own in tables.items()}


def _joined(
    tables: Mapping[str, PartFile],
    passed: Mapping[str, int],
    taken: Mapping[str, Taken],
    after: Position,
    before: Ranked,
    **work: Any,
) -> Joined:
    """Subjects and what was taken for them; `passed` says how many rows of each further file there were before."""
    read = {
        table: (own.rows - passed[table], len({reject.line for reject in taken[table].rejects}))
        for table, own in tables.items()
    }
    rejects = tuple(reject for own in taken.values() for reject in own.rejects)
    states = {table: own.state() for table, own in tables.items()}
    return Joined(
        work=Work(tables=taken, read=read, rejects=rejects, **work), after=after, before=before, states=states
    )


def _with_next(chunks: Iterator[Chunk], key: str) -> Iterator[tuple[Chunk, Part, pa.StringArray, Ranked]]:
    """Each chunk with its keys, and what the first key after it is compared by."""
    held: list[tuple[Chunk, Part, pa.StringArray]] = []
    for chunk in chunks:
        part = chunk.parse()
        keys = keys_of(part.batch, key)
        if len(keys):
            yield from ((*each, ranked(keys[0].as_py())) for each in held)
            held = []
        held.append((chunk, part, keys))
    yield from ((*each, LAST) for each in held)


def _left_out(
    converted: Converted, keys: pa.StringArray, taken: Mapping[str, Taken], before: Ranked, following: Ranked
) -> dict[int, str]:
    """Rows that cannot be decided, and why: their key stands twice, or a part of theirs could not be read."""
    found: dict[int, str] = {}
    ranks = Ranks(keys)
    for table, own in taken.items():
        for low, high, line in own.suspects:
            reason = f"line {line} of {table} could not be read, and may belong here"
            found.update(dict.fromkeys(range(bisect_left(ranks, low), bisect_right(ranks, high)), reason))
        if own.spoiled:
            spoiled = pc.is_in(keys, value_set=pa.array(sorted(own.spoiled), pa.string()))
            found.update(
                dict.fromkeys(np.flatnonzero(spoiled).tolist(), f"a row of {table} with this key could not be read")
            )
    found.update(dict.fromkeys(np.flatnonzero(_twice(keys, before, following)).tolist(), _TWICE))
    places = {int(row): place for place, row in enumerate(converted.rows)} if found else {}
    return {places[row]: found[row] for row in sorted(found) if row in places}


def _twice(keys: pa.StringArray, before: Ranked, following: Ranked) -> NDArray[np.bool_]:
    """Which keys stand twice, in this chunk or at the ends of those beside it."""
    twice = np.zeros(len(keys), np.bool_)
    if len(keys):
        same = np.asarray(pc.equal(keys[1:], keys[:-1]).fill_null(pa.scalar(value=False)))
        twice[1:] |= same
        twice[:-1] |= same
        ranks = Ranks(keys)
        if ranks[0] == before:
            twice[: bisect_right(ranks, before)] = True
        if ranks[-1] == following:
            twice[bisect_left(ranks, following) :] = True
        twice &= np.asarray(keys.is_valid())
    return twice
