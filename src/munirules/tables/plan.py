"""Which column holds which field: what the columns of tables are bound to, and which types a field can be read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs
import pyarrow as pa
from pyarrow import types

from munirules.models.declare import Declaration, declaration
from munirules.models.fields import Spec

PROVISIONAL: Final = "provisional"
OF_DATE: Final = "of_date"
PART: Final = "part"
_INTEGERS: Final = frozenset({"yen", "count", "quantity"})
_TEXTS: Final = frozenset({"code", "text", "reference"})


@attrs.frozen(kw_only=True, eq=False)
class Field:
    """A column of scalars, or of lists of them, that holds a field.

    Attributes:
        column: name of the column in its table.
        owner: the class.
        name: the field.
        spec: what its declaration says; of a list, what is said of an item.
        annotation: its class; of a list, that of an item.
        optional: whether it may be None.
        required: whether it has no default.
        default: its default.
        many: whether each value is a list.
    """

    column: str
    owner: Declaration
    name: str
    spec: Spec
    annotation: Any
    optional: bool
    required: bool
    default: Any = None
    many: bool = False


@attrs.frozen(kw_only=True, eq=False)
class Shape:
    """Where the fields of one object stand in the row of a table.

    Attributes:
        cls: its class.
        fields: fields that have a column.
        records: records within it that have columns.
        parts: what it has several of, and the tables of them.
        said: for a fact, the column that says whether it is given; empty where there is none.
        dated: for a supplied result, the column of the date that it is of; empty where it is of the decision's.
        optional: whether a record may be None.
    """

    cls: type
    fields: Mapping[str, Field]
    records: Mapping[str, Shape] = attrs.field(factory=dict)
    parts: Mapping[str, TablePlan] = attrs.field(factory=dict)
    said: str = ""
    dated: str = ""
    optional: bool = False

    @property
    def given(self) -> bool:
        """Whether any of it stands in the tables."""
        return bool(self.fields or self.records or self.parts or self.said)

    @property
    def needs_value(self) -> bool:
        """Whether a row with no value in any column means that there is no such object."""
        owner = declaration(self.cls)
        scalar = [name for name in owner.required if name in self.fields or name in self.records]
        listed = any(plan.column and name in owner.required for name, plan in self.parts.items())
        return bool(scalar or listed)

    def columns(self) -> Iterator[Field]:
        """Its columns, those of records within it too."""
        yield from self.fields.values()
        for record in self.records.values():
            yield from record.columns()


@attrs.frozen(kw_only=True, eq=False)
class TablePlan:
    """A table, or a column of lists of structs that stands for one: a row for each object.

    Attributes:
        name: name of the table; empty for the main one.
        shape: the objects.
        facts: facts about them, one set for each row.
        key: for a table of parts, the column with the key of the subject; empty where it stands as a column.
        part: for parts of a part, the column with the id of the part that they belong to.
        column: the column of lists, in the table above; empty for a table of its own.
        provisional: the column that names facts which are not final; empty where there is none.
    """

    name: str
    shape: Shape
    facts: Mapping[type, Shape]
    key: str = ""
    part: str = ""
    column: str = ""
    provisional: str = ""

    def below(self) -> Iterator[tuple[type | None, str, TablePlan]]:
        """The tables of parts that hang on its rows: the fact class (None for the objects themselves) and the field."""
        for field, plan in self.shape.parts.items():
            yield None, field, plan
        for cls, shape in self.facts.items():
            for field, plan in shape.parts.items():
                yield cls, field, plan


def is_list(kind: pa.DataType) -> bool:
    """Whether values are lists."""
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def struct_of(kind: pa.DataType) -> pa.StructType | None:
    """The struct of a column of lists of structs."""
    return kind.value_type if is_list(kind) and types.is_struct(kind.value_type) else None


def is_text(kind: pa.DataType) -> bool:
    """Whether values are texts."""
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def unfit(kind: pa.DataType, spec: Spec) -> str:
    """Say why a field cannot be read from a type of column; empty where it can.

    Args:
        kind: the type, of a dictionary that of its values.
        spec: what the field declares.
    """
    if is_text(kind) or types.is_null(kind):
        return ""
    whole, decimal, floating = types.is_integer(kind), types.is_decimal(kind), types.is_floating(kind)
    if spec.kind in _INTEGERS and (whole or decimal or types.is_float64(kind)):
        return ""
    if spec.kind == "sen" and floating:
        return "money is never a float; cast it to decimal128(18, 2), or give it as text"
    if spec.kind in ("sen", "rate") and (whole or decimal):
        return ""
    if spec.kind == "choice" and whole:
        return ""
    if spec.kind == "flag" and types.is_boolean(kind):
        return ""
    if spec.kind == "day" and types.is_timestamp(kind) and kind.tz is not None:
        return "a date has no time zone; cast it to date32"
    if spec.kind == "day" and (types.is_date(kind) or types.is_timestamp(kind)):
        return ""
    if spec.kind in _TEXTS and whole:
        return "a code is a text, in which a zero in front counts; cast it to string (with its zeros)"
    return f"allowed: {spec.allowed}"
