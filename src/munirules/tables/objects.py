"""One row's question out of its columns, as plain data: read like any other, so that what is wrong is told alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.engine.bag import facts_of, of_date
from munirules.engine.request import read_request
from munirules.models.declare import declaration
from munirules.models.read import read, read_day
from munirules.tables.convert import plain_value
from munirules.tables.plan import Shape
from munirules.tables.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.outcome import Outcome
    from munirules.engine.rulebook import Rulebook

_AT_ONCE: Final = 1024  # rows turned into Python values at a time: enough to spread the cost, little to hold


def named_in(text: object) -> list[str]:
    """The names in a cell of the column `provisional`: a list, or a text with commas between them."""
    if isinstance(text, str):
        return [name.strip() for name in text.split(",") if name.strip()]
    return [] if text is None else list(text) if isinstance(text, list) else [str(text)]


def named_provisional(rows: Rows) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """In which rows a fact is named as not final, and in which one is named that is not given beside it."""
    column = rows.columns[rows.plan.provisional]
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), ",")
    encoded = column.cast(pa.string()).fill_null("").dictionary_encode()
    codes = np.asarray(encoded.indices)
    named, wrong = np.zeros(rows.length, dtype=bool), np.zeros(rows.length, dtype=bool)
    shapes = {cls.__name__: shape for cls, shape in rows.plan.facts.items()}
    for code, text in enumerate(encoded.dictionary.to_pylist()):
        where = codes == code
        for name in named_in(text):
            named |= where
            shape = shapes.get(name)
            if shape is None:
                wrong |= where
            elif shape.said:
                wrong |= where & np.asarray(rows.columns[shape.said].is_null())
    return named, wrong


class Objects:
    """Rows as plain data.

    Args:
        rows: the rows; few, since all their values become Python's.
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        plan = rows.plan
        self._values: dict[str, list[Any]] = {}
        for shape in (plan.shape, *plan.facts.values()):
            for name in (*(field.column for field in shape.columns()), shape.said, shape.dated):
                if name:
                    self._values[name] = values_of(rows.columns[name])
        if plan.provisional:
            self._values[plan.provisional] = values_of(rows.columns[plan.provisional])
        self._below = {hung: Objects(below) for hung, below in rows.parts.items()}

    def question(self, index: int) -> dict[str, Any]:
        """The question of a row, in the shape that `read_request` takes."""
        return {"subject": self.record(self.rows.plan.shape, None, index), **self.beside(index)}

    def record(self, shape: Shape, fact: type | None, index: int) -> dict[str, Any]:
        """An object in a row: a cell that is empty is None where that may be, and else left out."""
        data: dict[str, Any] = {}
        for name, field in shape.fields.items():
            raw = self._values[field.column][index]
            if raw is not None or field.optional:
                data[name] = plain_value(raw, field)
        for name, record in shape.records.items():
            if any(self._values[field.column][index] is not None for field in record.columns()):
                data[name] = self.record(record, fact, index)
            elif record.optional:
                data[name] = None
        for name in shape.parts:
            below = self._below[fact, name]
            if not below.absent(index):
                data[name] = [below.part(own) for own in below.of(index)]
        return data

    def beside(self, index: int) -> dict[str, Any]:
        """What stands beside an object: its facts, and which of them are not final."""
        plan, data = self.rows.plan, dict[str, Any]()
        given: dict[str, Any] = {}
        for cls, shape in plan.facts.items():
            state = self.state(shape, cls, index)
            if state is not None and not (shape.dated and self._values[shape.dated][index] is not None):
                given[cls.__name__] = self.record(shape, cls, index) if state else None
        if given:
            data["facts"] = given
        if plan.provisional:
            data["provisional"] = named_in(self._values[plan.provisional][index])
        return data

    def state(self, shape: Shape, fact: type, index: int) -> bool | None:
        """Whether a fact is given (true), is given as none (false), or is not given (None)."""
        if shape.said:
            said = self._values[shape.said][index]
            return None if said is None else bool(said)
        if not shape.needs_value:
            return True
        if any(self._values[field.column][index] is not None for field in shape.columns()):
            return True
        for name, plan in shape.parts.items():
            below = self._below[fact, name]
            if not below.absent(index) if plan.column else below.of(index):
                return True
        return False

    def of(self, owner: int) -> range:
        """The rows of the parts of an object above."""
        offsets = self.rows.offsets
        assert offsets is not None
        return range(int(offsets[owner]), int(offsets[owner + 1]))

    def absent(self, owner: int) -> bool:
        """Whether the list of an object above is null."""
        return self.rows.absent is not None and bool(self.rows.absent[owner])

    def part(self, index: int) -> dict[str, Any] | None:
        """A part, with what stands beside it."""
        if self.rows.holes is not None and self.rows.holes[index]:
            return None
        own = declaration(self.rows.plan.shape.cls).specs
        beside = {key: value for key, value in self.beside(index).items() if key not in own}
        return {**self.record(self.rows.plan.shape, None, index), **beside}

    def dated(self, index: int) -> Iterator[object]:
        """Results of another date that are given about an object, or about a part of it."""
        for cls, shape in self.rows.plan.facts.items():
            if shape.dated and self._values[shape.dated][index] is not None and self.state(shape, cls, index):
                day = read_day(self._values[shape.dated][index])
                yield of_date(day, read(cls, self.record(shape, cls, index), f"facts.{cls.__name__}"))
        for (fact, _), below in self._below.items():
            for own in below.of(index) if fact is None else ():
                found = tuple(below.dated(own))
                if found:
                    yield facts_of(str(below.record(below.rows.plan.shape, None, own).get("id")), *found)

    def raw(self, column: str, index: int) -> Any:
        """A value as it was given."""
        values = self._values.get(column)
        return values[index] if values is not None else self.rows.columns[column][index].as_py()

    def below(self, fact: type | None, field: str) -> Objects | None:
        """The parts under a field."""
        return self._below.get((fact, field))


def values_of(column: pa.Array) -> list[Any]:
    """A column's values in Python; what Python has no value for, such as a day after the year 9999, as a text."""
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):
        return [_value(item) for item in column]


def _value(item: pa.Scalar) -> Any:
    try:
        return item.as_py()
    except (OverflowError, ValueError):
        return f"{item.type} {getattr(item, 'value', '')}"


def questions(rows: Rows, indexes: NDArray[np.int64]) -> Iterator[tuple[int, Objects, int]]:
    """Some rows one by one: the row, and where it stands among those made into Python values together."""
    for start in range(0, len(indexes), _AT_ONCE):
        chosen = indexes[start : start + _AT_ONCE]
        made = Objects(rows.take(chosen))
        for place, index in enumerate(chosen.tolist()):
            yield index, made, place


def decide_one(
    book: Rulebook, decision: Decision[Any, Any], made: Objects, place: int, on: Any, known: date | None
) -> Outcome[Any]:
    """Decide one row as `Rulebook.decide` would.

    Args:
        book: for whom.
        decision: what is decided.
        made: rows as plain data.
        place: which of them.
        on: the date, as it was given.
        known: as known on this date.

    Raises:
        MunirulesError: whatever reading the row and deciding it raise.
    """
    request = read_request(book, decision, made.question(place))
    dated = tuple(made.dated(place))
    return book.decide(decision, request.subject, *request.facts, *dated, on=on, known=known)
