"""The columns of tables bound, by name, to the classes that a decision is about.

All that is wrong with the columns is found here, before a row is looked at, and told together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args, get_origin

import attrs
import pyarrow as pa
from pyarrow import types

from munirules.errors import did_you_mean
from munirules.models.declare import alternatives, declaration, is_declared, item_spec, record_of
from munirules.tables.frames import TableError
from munirules.tables.plan import OF_DATE, PART, PROVISIONAL, Field, Shape, TablePlan, is_list, struct_of, unfit

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.request import Facts


@attrs.frozen(kw_only=True)
class Naming:
    """What a caller says of names.

    Attributes:
        key: name of the key column, in each table (a table's own name, empty for the main one, where they differ).
        part: name of the column, in tables of parts of parts, with the id of the part that a row belongs to.
        beside: columns of the main table that are no field: the date, the code.
        keep: columns of the main table that stand beside the result.
        ignore: columns that are passed over; of another table with its name before, `members.note`.
    """

    key: str | Mapping[str, str] = "key"
    part: str = PART
    beside: Collection[str] = ()
    keep: Collection[str] = ()
    ignore: Collection[str] = ()

    def key_of(self, table: str) -> str:
        """The key column of a table."""
        return self.key if isinstance(self.key, str) else self.key.get(table, "key")


def plan_tables(
    decision: Decision[Any, Any], known: Facts, main: pa.Schema, tables: Mapping[str, pa.Schema], naming: Naming
) -> TablePlan:
    """Bind the columns of tables.

    Args:
        decision: what is decided.
        known: the facts that it may be given.
        main: columns of the main table.
        tables: columns of the tables of parts, by name.
        naming: names that the caller chose.

    Raises:
        TableError: naming every column that is unknown, missing or of a type that its field cannot have.
    """
    return _Planner(decision, known, tables, naming).plan(main)


class _Planner:
    def __init__(
        self, decision: Decision[Any, Any], known: Facts, tables: Mapping[str, pa.Schema], naming: Naming
    ) -> None:
        self.decision = decision
        self.known = known
        self.schemas = tables
        self.tables = {name: dict(zip(schema.names, schema.types, strict=True)) for name, schema in tables.items()}
        self.naming = naming
        self.possible: set[str] = set()
        self.used: set[str] = set()
        self.faults: list[str] = []

    def plan(self, main: pa.Schema) -> TablePlan:
        twice = _twice("the table", main) + [
            told for name, schema in self.schemas.items() for told in _twice(f"tables[{name!r}]", schema)
        ]
        if twice:
            raise TableError(twice)
        columns = dict(zip(main.names, main.types, strict=True))
        found = self.table("", self.decision.subject, columns, above=None, deep=False, column="")
        for name in self.tables:
            if name not in self.used:
                known = ", ".join(sorted(self.possible)) or "none"
                self.faults.append(f"tables[{name!r}]: unknown{did_you_mean(name, self.possible)} (known: {known})")
        for name in (*self.naming.keep, *self.naming.beside):
            if name not in columns:
                self.faults.append(f"the table has no column {name!r}{did_you_mean(name, columns)}")
        if self.tables and self.naming.key_of("") not in columns:
            key = self.naming.key_of("")
            self.faults.append(
                f"the table has no column {key!r}, by which rows of {', '.join(self.tables)} belong to its rows; "
                f"name it: key='…'{did_you_mean(key, columns)} (columns: {', '.join(columns)})"
            )
        if self.faults:
            raise TableError(self.faults)
        return found

    def table(
        self, name: str, cls: type, columns: Mapping[str, pa.DataType], *, above: type | None, deep: bool, column: str
    ) -> TablePlan:
        """Bind a table.

        Args:
            name: its name.
            cls: the class of its rows.
            columns: its columns.
            above: the class of what its rows are parts of; None for the main table.
            deep: whether that is itself a part.
            column: the column that stands for it; empty for a table of its own.
        """
        taken: set[str] = set()
        shape = self.shape(cls, "", columns, taken, name)
        self.complete(shape, name)
        place = None if above is None else cls
        facts = {}
        if above is None or above is self.decision.subject:
            for fact in self.known.values():
                found = self.fact(fact.cls, columns, taken, name) if place in fact.places else None
                if found is not None and found.given:
                    facts[fact.cls] = found
        provisional = PROVISIONAL if facts and PROVISIONAL in columns and PROVISIONAL not in taken else ""
        key = part = ""
        beside = {provisional}
        if above is None:
            beside |= {self.naming.key_of(""), *self.naming.beside, *self.naming.keep}
        elif not column:
            key, part = self.naming.key_of(name), self.naming.part if deep else ""
            beside |= {key, part}
            self.points(name, key, f"which row of the table a {cls.__name__} belongs", columns, taken)
            self.points(name, part, f"which {above.__name__} a {cls.__name__} belongs, by its id", columns, taken)
        self.unknown(name, columns, taken | beside, cls, place)
        return TablePlan(
            name=name, shape=shape, facts=facts, key=key, part=part, column=column, provisional=provisional
        )

    def points(self, table: str, column: str, whom: str, columns: Mapping[str, pa.DataType], taken: set[str]) -> None:
        """A column that points to the row above is there, and nothing else."""
        if not column:
            return
        if column in taken:
            self.faults.append(
                f"tables[{table!r}]: column {column!r} is a field, so it cannot also say to {whom}; rename one of them"
            )
        elif column not in columns:
            self.faults.append(
                f"tables[{table!r}]: no column {column!r}, which says to {whom}"
                f"{did_you_mean(column, columns)} (columns: {', '.join(columns)})"
            )

    def shape(self, cls: type, prefix: str, columns: Mapping[str, pa.DataType], taken: set[str], table: str) -> Shape:
        owner = declaration(cls)
        attributes: Any = attrs.fields_dict(cls)
        fields: dict[str, Field] = {}
        records: dict[str, Shape] = {}
        parts: dict[str, TablePlan] = {}
        for name, annotation in owner.types.items():
            inner, optional = alternatives(annotation)
            record = record_of(inner)
            column = prefix + name
            if is_declared(inner):
                found = self.shape(inner, f"{column}_", columns, taken, table)
                if found.given:
                    records[name] = attrs.evolve(found, optional=optional)
            elif record is not None and is_declared(record):
                plan = self.parts(record, cls, column, columns, taken, table)
                if plan is not None:
                    parts[name] = plan
            elif column in columns:
                taken.add(column)
                many = get_origin(inner) is tuple
                annotated = get_args(inner)[0] if many else inner
                field = Field(
                    column=column,
                    owner=owner,
                    name=name,
                    spec=item_spec(annotated) if many else owner.specs[name],
                    annotation=alternatives(annotated)[0],
                    optional=optional,
                    required=name in owner.required,
                    default=attributes[name].default,
                    many=many,
                )
                fields[name] = field
                self.fits(field, columns[column], table)
        return Shape(cls=cls, fields=fields, records=records, parts=parts)

    def parts(
        self, record: type, above: type, column: str, columns: Mapping[str, pa.DataType], taken: set[str], table: str
    ) -> TablePlan | None:
        """The table of what an object has several of: one of its own, or a column of lists."""
        name = f"{table}.{column}" if table else column
        self.possible.add(name)
        if column in columns:
            taken.add(column)
            inner = struct_of(columns[column])
            if name in self.tables:
                self.used.add(name)
                self.faults.append(f"{name} stands as a column and as a table; give one of them")
            elif inner is None:
                self.faults.append(
                    f"{_in(table)}column {column!r} is {columns[column]}; the {record.__name__} rows of an object stand "
                    f"as a list of structs, or in a table of their own: tables={{{name!r}: …}}"
                )
            else:
                own = {inner.field(i).name: inner.field(i).type for i in range(inner.num_fields)}
                return self.table(name, record, own, above=above, deep=bool(table), column=column)
            return None
        if name not in self.tables:
            return None
        self.used.add(name)
        return self.table(name, record, self.tables[name], above=above, deep=bool(table), column="")

    def fact(self, cls: type, columns: Mapping[str, pa.DataType], taken: set[str], table: str) -> Shape:
        found = self.shape(cls, f"{cls.__name__}.", columns, taken, table)
        said, dated = cls.__name__, f"{cls.__name__}.{OF_DATE}"
        extra: dict[str, Any] = {}
        if said in columns:
            taken.add(said)
            extra["said"] = said
            if not types.is_boolean(columns[said]) and not types.is_null(columns[said]):
                self.faults.append(
                    f"{_in(table)}column {said!r} is {columns[said]}; it says (true or false) whether there is the fact"
                )
        if dated in columns and OF_DATE not in declaration(cls).specs and declaration(cls).kind == "result":
            taken.add(dated)
            extra["dated"] = dated
        found = attrs.evolve(found, **extra)
        if found.fields or found.records or found.parts:
            self.complete(found, table, f"{cls.__name__}.")
        return found

    def complete(self, shape: Shape, table: str, prefix: str = "") -> None:
        """What an object must have stands somewhere."""
        owner = declaration(shape.cls)
        for name in owner.specs:
            if name not in owner.required or name in shape.fields or name in shape.records or name in shape.parts:
                continue
            spec, column = owner.specs[name], prefix + name
            inner = alternatives(owner.types[name])[0]
            record = record_of(inner)
            own = f"{table}.{column}" if table else column
            if record is not None and is_declared(record):
                told = f"give tables={{{own!r}: …}}, or a column {column!r} of lists of structs"
            elif is_declared(inner):
                told = f"add its columns {column}_…"
            else:
                told = f"add the column {column!r} ({spec.allowed})"
            self.faults.append(f"{_in(table)}{owner.name}.{name} ({spec.label}) is missing; {told}")
        for name, record_shape in shape.records.items():
            self.complete(record_shape, table, f"{prefix}{name}_")

    def fits(self, field: Field, kind: pa.DataType, table: str) -> None:
        """The type of a column is one that its field can be read from."""
        inner = kind
        if field.many:
            inner = kind.value_type if is_list(kind) else kind
            if not is_list(kind) and not types.is_null(kind):
                self.faults.append(
                    f"{_in(table)}column {field.column!r} is {kind}; it holds lists of {field.spec.allowed}"
                )
                return
        if types.is_dictionary(inner):
            inner = inner.value_type
        problem = unfit(inner, field.spec)
        if problem:
            self.faults.append(
                f"{_in(table)}column {field.column!r} ({field.owner.name}.{field.name}, {field.owner.specs[field.name].label}) "
                f"is {kind}; {problem}"
            )

    def unknown(
        self, table: str, columns: Mapping[str, pa.DataType], taken: set[str], cls: type, place: type | None
    ) -> None:
        """Tell of columns that are nothing here: one that is passed over could be a misspelt fact."""
        ignored = {name.removeprefix(f"{table}.") if table else name for name in self.naming.ignore}
        left = [name for name in columns if name not in taken and name not in ignored]
        if not left:
            return
        names = sorted(self.names(cls, place))
        for name in left:
            told = f"{_in(table)}unknown column {name!r}"
            elsewhere = self.elsewhere(name, place)
            if elsewhere:
                self.faults.append(f"{told}; {elsewhere}")
                continue
            keep = "" if table else f"; keep=[{name!r}] puts it beside the result"
            self.faults.append(
                f"{told}{did_you_mean(name, names)}{keep}; ignore=[{f'{table}.{name}' if table else name!r}] passes it over"
            )

    def names(self, cls: type, place: type | None) -> Iterator[str]:
        """Every name that a column of a table may have."""
        yield from _names(cls, "")
        for fact in self.known.values():
            if place in fact.places:
                yield fact.cls.__name__
                yield from _names(fact.cls, f"{fact.cls.__name__}.")

    def elsewhere(self, column: str, place: type | None) -> str:
        """Where a fact belongs that stands in the wrong table, or that the decision does not ask for."""
        name = column.partition(".")[0]
        fact = self.known.get(name)
        if fact is not None and place not in fact.places:
            homes = [home.__name__ if home else "the whole" for home in fact.places]
            return f"{name} is about {' or '.join(sorted(homes))}; it stands in the table of those"
        if "." in column and fact is None:
            known = ", ".join(self.known) or "none"
            return (
                f"{self.decision.name} asks for no fact {name!r}{did_you_mean(name, self.known)} (known here: {known})"
            )
        return ""


def _twice(table: str, schema: pa.Schema) -> list[str]:
    names = sorted({name for name in schema.names if schema.names.count(name) > 1})
    return [f"{table}: column {name!r} stands twice" for name in names]


def _in(table: str) -> str:
    return f"tables[{table!r}]: " if table else ""


def _names(cls: type, prefix: str) -> Iterator[str]:
    for name, annotation in declaration(cls).types.items():
        inner, _ = alternatives(annotation)
        if is_declared(inner):
            yield from _names(inner, f"{prefix}{name}_")
        else:
            yield prefix + name
