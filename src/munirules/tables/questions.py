"""Tables out of questions: what `objects` undoes. For tests, which hold one case at a time against columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, get_args, get_origin

import attrs
import pyarrow as pa

from munirules.engine.bag import FactsOf, NoneOf, OfDate, Provisional
from munirules.engine.request import Facts, known_facts
from munirules.models.declare import alternatives, declaration, is_declared, item_spec, record_of
from munirules.models.fields import Spec, is_partial, told
from munirules.models.read import write
from munirules.money import SEN_PER_YEN
from munirules.tables.answers import SEN_TYPE
from munirules.tables.frames import TableError
from munirules.tables.plan import OF_DATE, PROVISIONAL

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

KEY = "key"
ON = "on"


class Asked(Protocol):
    """A question: `munirules.testing.Question`, or what looks like one."""

    @property
    def subject(self) -> Any:
        """The subject."""

    @property
    def facts(self) -> Sequence[object]:
        """The facts, as `Rulebook.decide` takes them."""

    @property
    def on(self) -> date:
        """The decision's date."""


@attrs.frozen(kw_only=True, eq=False)
class Tables:
    """Tables that ask the same as questions do.

    Attributes:
        table: a row for each question, with its number as key.
        tables: the tables of parts.
        on: the date, or the name of the column of dates.
    """

    table: pa.Table
    tables: Mapping[str, pa.Table]
    on: date | str

    @property
    def arguments(self) -> dict[str, Any]:
        """What `decide_table` is to be given beside the table."""
        return {"on": self.on, "tables": self.tables, "key": KEY}


def tables_from(
    book: Rulebook, decision: Decision[Any, Any], asked: Iterable[Asked], *, nested: bool = False
) -> Tables:
    """Make tables of questions.

    Args:
        book: for whom; it knows which facts are about what.
        decision: what is asked.
        asked: the questions.
        nested: whether parts stand in columns of lists, rather than in tables of their own. Parts of parts always do.

    Raises:
        TableError: for what a table cannot say: facts about an id that no part has, or one fact twice. Facts for which
            no rule asks are left out.
    """
    maker = _Maker(decision, known_facts(book, decision), nested=nested)
    return maker.make(list(asked))


class _Maker:
    def __init__(self, decision: Decision[Any, Any], known: Facts, *, nested: bool) -> None:
        self.decision = decision
        self.subject = decision.subject
        self.known = known
        self.nested = nested
        self.partial = False
        self.used: dict[type | None, dict[str, type]] = {}
        self.dated: set[type] = set()

    def make(self, asked: Sequence[Asked]) -> Tables:
        self.partial = any(_has_partial(question.subject) for question in asked)
        rows = [{KEY: number, **self.row(question)} for number, question in enumerate(asked)]
        days = {question.on for question in asked}
        fields = {KEY: pa.int64(), **dict(self.fields(self.subject, "")), **self.beside(None)}
        if len(days) != 1:
            fields[ON] = pa.date32()
            rows = [{**row, ON: question.on} for row, question in zip(rows, asked, strict=True)]
        tables = {}
        for name in [] if self.nested else [name for name, kind in fields.items() if _is_parts(kind)]:
            own = fields.pop(name).value_type
            inner = {KEY: pa.int64(), **{own.field(i).name: own.field(i).type for i in range(own.num_fields)}}
            parts = [{KEY: row[KEY], **part} for row in rows for part in row.get(name) or ()]
            tables[name] = pa.Table.from_pylist(parts, pa.schema(inner))
        table = pa.Table.from_pylist(rows, pa.schema(fields))
        return Tables(table=table, tables=tables, on=ON if len(days) != 1 else days.pop())

    def row(self, question: Asked) -> dict[str, Any]:
        """The row of a question: what it has several of as lists."""
        if type(question.subject) is not self.subject:
            raise TableError([f"{told(question.subject)} is no {self.subject.__name__}"])
        row = dict(self.values(question.subject, ""))
        places = list(self.places(question.subject, row))
        for fact in question.facts:
            if isinstance(fact, FactsOf):
                for own in fact.facts:
                    self.put_part(places, fact.part, own)
            else:
                self.put(row, None, fact)
        return row

    def places(self, subject: Any, row: Mapping[str, Any]) -> Iterator[tuple[type, str, dict[str, Any]]]:
        """The parts of a subject that have ids: class, id and row."""
        for name, annotation in declaration(self.subject).types.items():
            record = record_of(alternatives(annotation)[0])
            if record is not None and is_declared(record) and "id" in declaration(record).specs:
                for part, own in zip(getattr(subject, name), row[name], strict=True):
                    yield record, part.id, own

    def put_part(self, places: Sequence[tuple[type, str, dict[str, Any]]], part: str, fact: object) -> None:
        """Put a fact into the row of the part that it is about."""
        known = self.known.get(_class_of(fact).__name__)
        for cls, own, row in places:
            if own == part and (known is None or cls in known.places):
                self.put(row, cls, fact)
                return
        raise TableError([f"{told(fact)} is about {part!r}, an id that none of the parts that it may be about has"])

    def put(self, row: dict[str, Any], place: type | None, fact: object) -> None:
        """Put a fact into a row."""
        cls = _class_of(fact)
        name = cls.__name__
        if name not in self.known:
            if isinstance(fact, Provisional):
                raise TableError(
                    [f"no rule of {self.decision.name} asks for {name}, so no table can say that it is not final"]
                )
            return
        if isinstance(fact, Provisional):
            fact = fact.fact
            row.setdefault(PROVISIONAL, []).append(name)
        if name in row:
            raise TableError([f"{name} is given twice; a row holds one"])
        self.used.setdefault(place, {})[name] = cls
        row[name] = not isinstance(fact, NoneOf)
        if isinstance(fact, OfDate):
            row[f"{name}.{OF_DATE}"] = fact.day
            self.dated.add(cls)
            fact = fact.result
        if not isinstance(fact, NoneOf):
            row.update(self.values(fact, f"{name}."))

    def values(self, item: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        """The columns of an object, and what stands in them."""
        owner = declaration(type(item))
        for name, annotation in owner.types.items():
            inner, value = alternatives(annotation)[0], getattr(item, name)
            column = prefix + name
            if is_declared(inner):
                if value is not None:
                    yield from self.values(value, f"{column}_")
            elif isinstance(value, tuple) and is_declared(record_of(inner)):
                yield column, [dict(self.values(part, "")) for part in value]
            elif isinstance(value, tuple):
                own = item_spec(get_args(inner)[0])
                yield column, [self.value(each, own) for each in value]
            else:
                yield column, self.value(value, owner.specs[name])

    def value(self, value: Any, spec: Spec) -> Any:
        """A scalar as its column takes it."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Enum):
            return value.name.lower()
        if spec.kind == "sen":
            return Decimal(value) / SEN_PER_YEN
        if isinstance(value, date):
            return value.isoformat() if spec.partial and self.partial else value
        if is_partial(value):
            text = write(value)
            if not isinstance(text, str):
                raise TableError([f"{told(value)} is known in part, and no text says how"])
            return text
        return str(value) if spec.kind == "rate" else value

    def fields(self, cls: type, prefix: str) -> Iterator[tuple[str, pa.DataType]]:
        """The columns of a class, and their types."""
        owner = declaration(cls)
        for name, annotation in owner.types.items():
            inner, column = alternatives(annotation)[0], prefix + name
            record = record_of(inner)
            if is_declared(inner):
                yield from self.fields(inner, f"{column}_")
            elif record is not None and is_declared(record):
                own = dict(self.fields(record, ""))
                if cls is self.subject:
                    own |= self.beside(record)
                yield column, pa.list_(pa.struct(list(own.items())))
            elif get_origin(inner) is tuple:
                yield column, pa.list_(self.kind(item_spec(get_args(inner)[0])))
            else:
                yield column, self.kind(owner.specs[name])

    def kind(self, spec: Spec) -> pa.DataType:
        """The type of a column of scalars."""
        if spec.kind in ("yen", "count", "quantity"):
            return pa.int64()
        if spec.kind == "day" and not (spec.partial and self.partial):
            return pa.date32()
        return {"sen": SEN_TYPE, "flag": pa.bool_()}.get(spec.kind, pa.string())

    def beside(self, place: type | None) -> dict[str, pa.DataType]:
        """The columns of the facts that stand in a table."""
        found: dict[str, pa.DataType] = {}
        for name, cls in self.used.get(place, {}).items():
            found[name] = pa.bool_()
            found |= dict(self.fields(cls, f"{name}."))
            if cls in self.dated:
                found[f"{name}.{OF_DATE}"] = pa.date32()
        if found:
            found[PROVISIONAL] = pa.list_(pa.string())
        return found


def _class_of(fact: object) -> type:
    if isinstance(fact, NoneOf):
        return fact.cls
    if isinstance(fact, Provisional):
        return _class_of(fact.fact)
    return _class_of(fact.result) if isinstance(fact, OfDate) else type(fact)


def _is_parts(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) and pa.types.is_struct(kind.value_type))


def _has_partial(item: Any) -> bool:
    """Whether a date of a subject, or of a part of it, is known in part."""
    for name in declaration(type(item)).specs:
        value = getattr(item, name)
        if is_partial(value):
            return True
        parts = value if isinstance(value, tuple) else (value,)
        if any(is_declared(type(part)) and _has_partial(part) for part in parts):
            return True
    return False
