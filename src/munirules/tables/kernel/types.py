"""The types of rules as numba sees them, and how they lie in columns.

Everything lies in columns of 64-bit integers, whose addresses stand in a *table* of slots. A record is a table and an
index; rows are a table, a first index and a number of them.

=====================  ==========================================================================
in a rule              compiled
=====================  ==========================================================================
`int`, choices, money  `int64`
`bool`                 `boolean`
`date`                 `Day`: the day number (`date.toordinal()`)
`str`                  `Code`: a number that equal texts share, compared with `==` only
`X | None`             numba's `Optional`; in a column the number `NONE`
declared classes       `Record`: a table and an index
`tuple[X, ...]`        `Rows` where it comes from data, a list where a rule made it
`Each[X]`              `Rows` over what a rule found for each part
NamedTuple             numba's own
=====================  ==========================================================================
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from functools import cache
from hashlib import blake2b
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

from numba import types

from munirules.engine.parts import Each, Place
from munirules.errors import MunirulesError
from munirules.models.declare import alternatives, declaration, is_declared
from munirules.money import Rate

NONE: Final = -(2**63)
"""What stands in a column where there is no value."""


class NotCompiled(MunirulesError):
    """What stands in the way of compiling a rule, in plain words."""


class Day(types.Type):
    """A date, as its day number."""

    def __init__(self) -> None:
        super().__init__("date")


class Code(types.Type):
    """A text, as a number that equal texts share."""

    def __init__(self) -> None:
        super().__init__("str")


class Record(types.Type):
    """An object of a declared class, or a `Rate`: a table of columns and an index."""

    def __init__(self, cls: type) -> None:
        super().__init__(f"{cls.__module__}.{cls.__qualname__}")
        self.cls = cls


class Reference(types.Type):
    """How a record lies in a column that a kernel writes: the address of its table, and its index."""

    def __init__(self, record: Record) -> None:
        super().__init__(f"Reference({record})")
        self.record = record


class RowsIterator(types.SimpleIteratorType):
    """An iterator over `Rows`."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(f"RowsIterator({rows})", rows.dtype)
        self.rows = rows


class Rows(types.SimpleIterableType):
    """Several values of one type.

    Attributes:
        item: how one of them lies in the table.
        dtype: what one of them is in a rule.
    """

    def __init__(self, item: types.Type) -> None:
        self.item = item
        self.dtype = item.record if isinstance(item, Reference) else item
        self.name = f"Rows({item})"
        super().__init__(self.name, RowsIterator(self))


DAY: Final = Day()
CODE: Final = Code()


class Text:
    """A text that stands in a rule or in a provision: its code is the same in every table and process."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.code = code_of(text)


class Fixed:
    """An object of a declared class that stands in a rule's module."""

    def __init__(self, value: Any) -> None:
        self.value = value


SHORT: Final = 7
"""Bytes of a text that is its own code; longer ones are numbered."""

LENGTH: Final = 56
"""By how many bits the length of a short text stands above its bytes."""


def code_of(text: str) -> int:
    """Return the code of a text that a rule or a provision names.

    A short text is its bytes and their number. A longer one has a negative code, which no text of a column has that
    is not the same: columns number their other long texts from `NUMBERED` on.

    Raises:
        NotCompiled: when two such texts fall on one code.
    """
    data = text.encode()
    if len(data) <= SHORT:
        return int.from_bytes(data, "little") | len(data) << LENGTH
    code = -1 - (int.from_bytes(blake2b(data, digest_size=8).digest(), "big") >> 2)
    if TEXTS.setdefault(code, text) != text:
        raise NotCompiled(f"the texts {text!r} and {TEXTS[code]!r} have one code")
    return code


def number_of(value: Any) -> int:
    """The word of one scalar value."""
    if value is None:
        return NONE
    if isinstance(value, str):
        return code_of(value)
    return value.toordinal() if isinstance(value, date) else int(value.value if isinstance(value, Enum) else value)


def short_text(code: int) -> str:
    """Return the text whose bytes are a code."""
    return (code & (1 << LENGTH) - 1).to_bytes(SHORT, "little")[: code >> LENGTH].decode()


TEXTS: Final[dict[int, str]] = {}
"""Every longer text that a rule or a provision names, by its code."""

NUMBERED: Final = 1 << 60
"""From this number on stand the other longer texts of a chunk."""


def unwrapped(annotation: Any) -> Any:
    """An annotation without `Annotated`."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def is_named_tuple(cls: Any) -> bool:
    """Whether a class is a NamedTuple with annotated fields."""
    return isinstance(cls, type) and issubclass(cls, tuple) and hasattr(cls, "_fields") and bool(cls.__annotations__)


def type_of(annotation: Any) -> Any:
    """Return the compiled type of an annotation; None where the value's own type is taken as it comes.

    Raises:
        NotCompiled: for an annotation that has no compiled form.
    """
    inner, optional = alternatives(unwrapped(annotation))
    inner = unwrapped(inner)
    if optional:
        found = type_of(inner)
        return None if found is None else types.Optional(found)
    if inner is Any or get_origin(inner) in (tuple, list, Each):
        return None
    return _plain(inner)


@cache
def _plain(cls: Any) -> Any:
    if get_origin(cls) is Literal:
        cls = type(get_args(cls)[0])
    if cls is bool:
        return types.boolean
    if cls is date:
        return DAY
    if cls is str:
        return CODE
    if cls is Rate or is_declared(cls):
        return Record(cls)
    if is_named_tuple(cls):
        fields = [type_of(hint) for hint in hints_of(cls).values()]
        return None if None in fields else types.BaseTuple.from_types(fields, cls)
    if isinstance(cls, type) and issubclass(cls, (int, Enum)):
        return types.int64
    names = {getattr(one, "__name__", "") for one in get_args(cls)}  # as Overflow | int
    if names and all(isinstance(one, type) and issubclass(one, int) for one in get_args(cls)):
        return types.int64
    raise NotCompiled(f"{getattr(cls, '__name__', cls)} has no compiled form")


@cache
def hints_of(cls: type) -> dict[str, Any]:
    """Field names of a NamedTuple with their annotations."""
    hints = get_type_hints(cls, include_extras=True)
    return {name: hints[name] for name in cls._fields}  # type: ignore[attr-defined]


def item_of(annotation: Any) -> Any:
    """How a value of an annotation lies in a table.

    Raises:
        NotCompiled: for tuples within what a table holds only one of.
    """
    inner, optional = alternatives(unwrapped(annotation))
    inner = unwrapped(inner)
    if get_origin(inner) is tuple:
        args = get_args(inner)
        if len(args) == 2 and args[1] is Ellipsis and not optional:
            return Rows(item_of(args[0]))
        raise NotCompiled(f"{annotation} does not lie in columns")
    found = type_of(annotation)
    if found is None:
        raise NotCompiled(f"{annotation} does not lie in columns")
    return found


@cache
def fields_of(cls: type) -> dict[str, tuple[int, Any]]:
    """Fields of a record class: the slot at which each begins, and how it lies there."""
    if cls is Rate:
        return {"num": (0, types.int64), "den": (1, types.int64)}
    found: dict[str, tuple[int, Any]] = {}
    slot = 0
    for name, annotation in declaration(cls).types.items():
        item = item_of(annotation)
        found[name] = (slot, item)
        slot += width(item)
    return found


@cache
def width(item: Any) -> int:
    """How many slots of a table a value takes."""
    if isinstance(item, types.Optional):
        inner = item.type
        return width(inner) + (1 if isinstance(inner, (Record, types.BaseTuple)) else 0)
    if isinstance(item, Record):
        return sum(width(own) for _, own in fields_of(item.cls).values())
    if isinstance(item, Reference):
        return 2
    if isinstance(item, Rows):
        return 3
    if isinstance(item, types.BaseTuple):
        return sum(width(own) for own in item.types)
    return 1


__all__ = [
    "CODE",
    "DAY",
    "LENGTH",
    "NONE",
    "NUMBERED",
    "SHORT",
    "TEXTS",
    "Code",
    "Day",
    "Fixed",
    "NotCompiled",
    "Place",
    "Record",
    "Reference",
    "Rows",
    "RowsIterator",
    "Text",
    "code_of",
    "fields_of",
    "hints_of",
    "is_named_tuple",
    "item_of",
    "number_of",
    "short_text",
    "type_of",
    "unwrapped",
    "width",
]
