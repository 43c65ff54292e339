"""A chunk's rows as objects of declared classes in canonical columns, with rows marked that cannot be as they are.

Nothing here runs row by row, and nothing here says what is wrong: that is told when a row is decided in Python.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.models.declare import declaration, facts
from munirules.models.fields import day
from munirules.tables.checks import marked
from munirules.tables.convert import Reader, canonical_type, canonical_value
from munirules.tables.layout import Bound, Node, Parts
from munirules.tables.objects import named_provisional
from munirules.tables.plan import Field, Shape, TablePlan
from munirules.tables.rows import Rows
from munirules.tables.vectors import Dim, Thing, Vec

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EPOCH: Final = date(1970, 1, 1).toordinal()
_FILLERS: Final[dict[pa.DataType, Any]] = {pa.bool_(): False, pa.date32(): date(1970, 1, 1), pa.string(): ""}


@facts
class Moment:
    """When each row is decided, where that stands in a column."""

    on: date = day("基準日", en="date")


def moment_field(column: str) -> Field:
    """The field that a column of dates holds."""
    owner = declaration(Moment)
    _ = owner.types
    return Field(
        column=column, owner=owner, name="on", spec=owner.specs["on"], annotation=date, optional=False, required=True
    )


class Marks:
    """Which rows of a table something is the matter with; nothing is allotted while all is well."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.mask: NDArray[np.bool_] | None = None

    def add(self, mask: NDArray[np.bool_] | None) -> None:
        """Mark rows."""
        if mask is not None and mask.any():
            self.mask = mask if self.mask is None else self.mask | mask

    def above(self, rows: Rows) -> NDArray[np.bool_] | None:
        """For rows of parts: the objects above that have a marked part."""
        if self.mask is None or rows.offsets is None:
            return None
        return np.bincount(rows.owners()[self.mask], minlength=len(rows.offsets) - 1) > 0


@attrs.frozen(kw_only=True, eq=False)
class Chunk:
    """Bound rows, with what the caller gave.

    Attributes:
        bound: as engines take them.
        rows: as they were given.
        provisional: subjects of which a fact is not final; None where all are.
    """

    bound: Bound
    rows: Rows
    provisional: NDArray[np.bool_] | None


class Binder:
    """Binds chunk after chunk of the same tables. Called from several threads at once.

    Args:
        plan: what the columns are.
        on: the date, or the field of the column in which it stands.
    """

    def __init__(self, plan: TablePlan, on: date | Field) -> None:
        self.plan = plan
        self.on = on
        self._readers: dict[int, Reader] = {}

    def bind(self, rows: Rows) -> Chunk:
        """Bind the rows of a chunk."""
        made = _Binding(self, rows)
        on = made.moments()
        subject = made.objects(rows, self.plan.shape, None, made.marks, made.dim)
        made.subject = Thing(subject, made.dim)
        made.facts(rows, None, made.marks, made.dim)
        made.together(on)
        suspect = np.zeros(rows.length, dtype=bool) if made.marks.mask is None else made.marks.mask
        bound = Bound(subject=subject, facts=made.found, suspect=suspect, rows=rows.numbers, on=on)
        return Chunk(bound=bound, rows=rows, provisional=made.provisional.mask)

    def reader(self, field: Field) -> Reader:
        """The reader of a field's columns."""
        found = self._readers.get(id(field))
        if found is None:
            found = self._readers[id(field)] = Reader(field)
        return found


class _Binding:
    """One chunk being bound."""

    def __init__(self, binder: Binder, rows: Rows) -> None:
        self.binder = binder
        self.main = rows
        self.dim = Dim(rows.length)
        self.marks = Marks(rows.length)
        self.provisional = Marks(rows.length)
        self.found: dict[type, Node] = {}
        self.subject: Thing | None = None
        self.with_subject: list[tuple[Node, Dim, NDArray[np.bool_] | None]] = []

    def moments(self) -> date | NDArray[np.int64]:
        """The date, or that of each row as a day number."""
        on = self.binder.on
        if isinstance(on, date):
            return on
        values, bad = self.binder.reader(on).read(self.main.columns[on.column])
        self.marks.add(bad)
        if values.null_count:
            self.marks.add(np.asarray(values.is_null()))
        return np.asarray(values.view(pa.int32()).fill_null(-_EPOCH), dtype=np.int64) + _EPOCH

    def objects(
        self, rows: Rows, shape: Shape, fact: type | None, marks: Marks, dim: Dim, about: type | None = None
    ) -> Node:
        """The objects in the rows of a table.

        Args:
            rows: the rows.
            shape: where the fields stand: of the rows' own objects, of a fact about each, or of a record within one.
            fact: the fact's class; None for the rows' own.
            marks: rows of the table with which something is the matter.
            dim: the rows, for checks.
            about: for a fact, the part class that it is about.
        """
        own, there = Marks(rows.length), there_of(rows, shape, fact)
        columns = {name: self.values(rows, field, own) for name, field in shape.fields.items()}
        records = {}
        for name, record in shape.records.items():
            records[name] = self.objects(rows, record, fact, own, dim, about)
            missing = records[name].there
            if missing is not None and not record.optional:  # its default would have to stand in some rows
                own.add(~np.asarray(missing))
        parts = {}
        for name, plan in shape.parts.items():
            below = rows.parts[fact, name]
            assert below.offsets is not None
            inner = Dim(below.length, dim, below.offsets)
            direct = fact is None and rows is self.main
            parts[name] = Parts(offsets=below.offsets, items=self.items(below, own, inner, direct=direct))
            dim.below[id(parts[name])] = inner
            if plan.column and name in declaration(shape.cls).required:
                own.add(below.absent)
        given = None if there is None else np.asarray(there.fill_null(fill_value=False))
        node = Node(
            cls=shape.cls, length=rows.length, columns=columns, records=records, parts=parts, there=there, about=about
        )
        own.add(checked(shape.cls, "invariants", dim, (Thing(node, dim),), given))
        if fact is shape.cls and hasattr(fact, "invariants_with"):
            self.with_subject.append((node, dim, given))
        marks.add(own.mask if given is None or own.mask is None else own.mask & given)
        return node

    def values(self, rows: Rows, field: Field, marks: Marks) -> pa.Array:
        """The canonical values of a column, in which nulls stand only where the field may be None."""
        values, bad = self.binder.reader(field).read(rows.columns[field.column])
        marks.add(bad)
        if not values.null_count or field.optional:
            return values
        if field.required:
            marks.add(np.asarray(values.is_null()))
            filler: Any = [] if field.many else _FILLERS.get(canonical_type(field), 0)
        else:
            filler = canonical_value(field.default, field)
        if pa.types.is_dictionary(values.type):
            values = values.dictionary_decode()
        if field.many:
            return pc.if_else(values.is_valid(), values, pa.scalar(list(filler), values.type))
        return values.fill_null(pa.scalar(filler, values.type))

    def items(self, rows: Rows, above: Marks, dim: Dim, *, direct: bool) -> Node:
        """Parts; where they are those of the subject itself, with the facts about them."""
        marks = Marks(rows.length)
        marks.add(rows.holes)
        node = self.objects(rows, rows.plan.shape, None, marks, dim)
        if direct:
            self.facts(rows, rows.plan.shape.cls, marks, dim)
        above.add(marks.above(rows))
        return node

    def together(self, on: date | NDArray[np.int64]) -> None:
        """What of a subject cannot be on its date, and what of facts does not fit it."""
        assert self.subject is not None
        moment = on if isinstance(on, date) else Vec(self.dim, on - _EPOCH, "day")
        self.marks.add(checked(self.subject.node.cls, "invariants_on", self.dim, (self.subject, moment)))
        for node, own, given in self.with_subject:
            found, dim = checked(node.cls, "invariants_with", own, (Thing(node, own), self.subject), given), own
            while found is not None and dim.parent is not None:
                found, dim = dim.gather(found), dim.parent
            self.marks.add(found)

    def facts(self, rows: Rows, about: type | None, marks: Marks, dim: Dim) -> None:
        """The facts about the objects in the rows of a table."""
        for cls, shape in rows.plan.facts.items():
            node = self.objects(rows, shape, cls, marks, dim, about)
            if shape.dated:  # a result of another date is for one case at a time
                marks.add(np.asarray(rows.columns[shape.dated].is_valid()))
            if cls in self.found:  # so is what is given about the whole and about parts
                marks.add(np.ones(rows.length, dtype=bool))
            self.found[cls] = node
        if rows.plan.provisional:
            named, wrong = named_provisional(rows)
            marks.add(wrong)
            unsure = Marks(rows.length)
            unsure.add(named)
            self.provisional.add(unsure.mask if about is None else unsure.above(rows))


def checked(
    cls: type, name: str, dim: Dim, arguments: tuple[Any, ...], active: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_] | None:
    """Rows in which a method of a class might say that something is wrong; None where it has none of that name."""
    method = getattr(cls, name, None)
    return None if method is None else marked(method, dim, arguments, active)


def there_of(rows: Rows, shape: Shape, fact: type | None) -> pa.BooleanArray | None:
    """Say in which rows an object is given: true, false for none, null for not given; None where it is in all.

    Args:
        rows: rows of a table.
        shape: where the object's fields stand in it.
        fact: the fact's class; None for the rows' own objects, which are always given, and records within them.
    """
    if shape.said:
        return rows.columns[shape.said].cast(pa.bool_())
    within = fact is not shape.cls and shape is not rows.plan.shape  # a record
    if not within and (fact is None or not shape.needs_value):
        return None
    valid = np.zeros(rows.length, dtype=bool)
    for field in shape.columns():
        column = rows.columns[field.column]
        if not column.null_count:
            return None
        valid |= np.asarray(column.is_valid())
    for name, plan in shape.parts.items():
        below = rows.parts[fact, name]
        assert below.offsets is not None
        if plan.column and below.absent is None:
            return None
        valid |= np.diff(below.offsets) > 0 if below.absent is None else ~below.absent
    return None if valid.all() else pa.array(valid)


def cut(chunk: Chunk, start: int, stop: int) -> Chunk:
    """A run of a chunk's subjects, with their parts."""
    bound = chunk.bound
    if start == 0 and stop == bound.length:
        return chunk
    runs = {parts.items.cls: parts.offsets[[start, stop]].tolist() for parts in bound.subject.parts.values()}
    found = {cls: _cut(node, *(runs[node.about] if node.about else (start, stop))) for cls, node in bound.facts.items()}
    on = bound.on if isinstance(bound.on, date) else bound.on[start:stop]
    made = Bound(
        subject=_cut(bound.subject, start, stop),
        facts=found,
        suspect=bound.suspect[start:stop],
        rows=bound.rows[start:stop],
        on=on,
    )
    unsure = None if chunk.provisional is None else chunk.provisional[start:stop]
    return Chunk(bound=made, rows=chunk.rows.slice(start, stop), provisional=unsure)


def _cut(node: Node, start: int, stop: int) -> Node:
    return attrs.evolve(
        node,
        length=stop - start,
        columns={name: column.slice(start, stop - start) for name, column in node.columns.items()},
        records={name: _cut(record, start, stop) for name, record in node.records.items()},
        parts={name: _cut_parts(parts, start, stop) for name, parts in node.parts.items()},
        there=None if node.there is None else node.there.slice(start, stop - start),
    )


def _cut_parts(parts: Parts, start: int, stop: int) -> Parts:
    first, last = parts.offsets[[start, stop]].tolist()
    return Parts(offsets=parts.offsets[start : stop + 1] - first, items=_cut(parts.items, first, last))
