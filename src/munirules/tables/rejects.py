"""Rows set aside: which row, which field or rule, what stood there, and why, as one case at a time would tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs
import pyarrow as pa

from munirules.engine.partial import AmbiguousDate
from munirules.engine.running import RuleFailed
from munirules.engine.runtime import MissingFact
from munirules.errors import MunirulesError
from munirules.models.declare import declaration
from munirules.models.fields import HIDDEN, masked
from munirules.models.read import DataError
from munirules.tables.joins import Astray
from munirules.tables.objects import Objects
from munirules.tables.plan import Field, Shape

SCHEMA: Final = pa.schema(
    [
        ("row", pa.int64()),
        ("key", pa.string()),
        ("part", pa.string()),
        ("part_row", pa.int64()),
        ("field_or_rule", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
        ("error", pa.string()),
    ]
)
WRONG_KEY: Final = "WrongKey"
"""What stands as the class of the error where a row was set aside before anything was decided."""

_PATH: Final = re.compile(r"(?:'[^']*': )?([A-Za-z_]\w*)((?:\[\d+\](?: \('[^']*'\))?|\.[A-Za-z_]\w*)*)")
_STEP: Final = re.compile(r"\[(\d+)\]|\.([A-Za-z_]\w*)")
_RULE: Final = re.compile(r"rule '(\w+)'")


@attrs.frozen(kw_only=True)
class Reject:
    """One thing that is wrong with a row.

    Attributes:
        row: row of the main table, from 0; None for a row of another table that belongs to none.
        key: its key, as text; None where there is none.
        part: name of the table in which it stands; empty for the main one.
        part_row: row of that table.
        field_or_rule: name of the column, the fact or the rule; empty where none can be named.
        value: what stood there, as text; a secret one hidden.
        reason: why, in words.
        error: class of the error.
    """

    row: int | None
    key: str | None
    part: str = ""
    part_row: int | None = None
    field_or_rule: str = ""
    value: str | None = None
    reason: str
    error: str


def astray_batch(astray: Astray) -> pa.RecordBatch:
    """Rows of a table of parts that belong to nothing, as rejects."""
    number = len(astray.numbers)
    columns = {
        "row": pa.nulls(number, pa.int64()),
        "key": pa.array([shown_value(key) for key in astray.keys], pa.string()),
        "part": pa.repeat(astray.table, number),
        "part_row": pa.array(astray.numbers),
        "field_or_rule": pa.repeat(astray.column, number),
        "value": pa.array([shown_value(key) for key in astray.keys], pa.string()),
        "reason": pa.repeat(astray.reason, number),
        "error": pa.repeat(WRONG_KEY, number),
    }
    return pa.RecordBatch.from_pydict(columns, SCHEMA)


def batch_of(rejects: Sequence[Reject]) -> pa.RecordBatch:
    """Rejects as a table."""
    columns = {name: [getattr(reject, name) for reject in rejects] for name in SCHEMA.names}
    return pa.RecordBatch.from_pydict(columns, SCHEMA)


def shown_value(value: Any, *, secret: bool = False) -> str | None:
    """A value as a reject may show it."""
    if value is None:
        return None
    return HIDDEN if secret else masked(str(value))


def rejects_of(error: MunirulesError, made: Objects, place: int, row: int, key: str | None) -> Iterator[Reject]:
    """Tell what an error says of a row, one reject for each thing that is wrong.

    Args:
        error: what reading or deciding it raised.
        made: rows as plain data.
        place: which of them.
        row: its number.
        key: its key.
    """
    name = type(error).__name__
    if isinstance(error, MissingFact):
        for line, (owner, part) in zip(str(error).splitlines(), error.facts, strict=False):
            where = _part_row(made, place, part) if part else ("", None)
            yield Reject(
                row=row, key=key, part=where[0], part_row=where[1], field_or_rule=owner.name, reason=line, error=name
            )
        return
    if isinstance(error, (RuleFailed, AmbiguousDate)):
        rule = _RULE.search(str(error))
        yield Reject(row=row, key=key, field_or_rule=rule[1] if rule else "", reason=masked(str(error)), error=name)
        return
    for line in error.problems if isinstance(error, DataError) else str(error).splitlines():
        spot = _found(made, place, line)
        part, part_row, column, value = spot
        yield Reject(
            row=row, key=key, part=part, part_row=part_row, field_or_rule=column, value=value, reason=line, error=name
        )


def _part_row(made: Objects, place: int, part: str) -> tuple[str, int | None]:
    """The table and row of a part of the subject by its id."""
    for field, plan in made.rows.plan.shape.parts.items():
        below = made.below(None, field)
        for own in below.of(place) if below is not None else ():
            if below is not None and below.raw("id", own) == part:
                return plan.name, int(below.rows.numbers[own])
    return "", None


def _found(made: Objects, place: int, line: str) -> tuple[str, int | None, str, str | None]:
    """From the path with which a problem begins: table, its row, column, and the value that stands there."""
    match = _PATH.match(line)
    if match is None:
        return "", None, "", None
    steps = [int(index) if index else name for index, name in _STEP.findall(match[2])]
    plan = made.rows.plan
    shapes = {cls.__name__: shape for cls, shape in plan.facts.items()}
    if match[1] == plan.shape.cls.__name__:
        return _walk(made, plan.shape, None, place, steps)
    if match[1] == "facts" and steps and steps[0] in shapes:
        shape = shapes[str(steps[0])]
        return _walk(made, shape, shape.cls, place, steps[1:])
    if match[1] in shapes:
        shape = shapes[match[1]]
        return _walk(made, shape, shape.cls, place, steps)
    return "", None, f"{match[1]}{match[2]}" if steps else "", None


def _walk(
    made: Objects, shape: Shape, fact: type | None, place: int, steps: Sequence[str | int]
) -> tuple[str, int | None, str, str | None]:
    """Follow the steps of a path through records, parts and the facts about them."""
    rest = list(steps)
    while rest:
        step = rest.pop(0)
        if isinstance(step, str) and step in shape.parts and rest and isinstance(rest[0], int):
            below = made.below(fact, step)
            assert below is not None
            own = below.of(place)
            number = int(rest.pop(0))
            if number >= len(own):
                break
            made, place, shape, fact = below, own[number], below.rows.plan.shape, None
        elif step == "facts" and rest and "facts" not in declaration(shape.cls).specs:
            name = rest.pop(0)
            found = next((own for cls, own in made.rows.plan.facts.items() if cls.__name__ == name), None)
            if found is None:
                return _spot(made, place, str(name), None)
            shape, fact = found, found.cls
        elif isinstance(step, str) and step in shape.records:
            shape = shape.records[step]
        else:
            field = shape.fields.get(str(step))
            prefix = f"{fact.__name__}." if fact is not None and field is None else ""
            return _spot(made, place, field.column if field else f"{prefix}{step}", field)
    return _spot(made, place, shape.cls.__name__ if fact is not None else "", None)


def _spot(made: Objects, place: int, column: str, field: Field | None) -> tuple[str, int | None, str, str | None]:
    name = made.rows.plan.name
    value = None if field is None else shown_value(made.raw(field.column, place), secret=field.spec.secret)
    return name, int(made.rows.numbers[place]) if name else None, column, value
