"""What the text of a kernel calls: records and rows of the tables that a call brings, scratch columns, outputs.

A call brings one array of words; each is the address of a table or of a column. `a` is the address of that array.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.typing.templates import signature
from numba.extending import intrinsic

from munirules.engine.parts import NOBODY
from munirules.tables.kernel.lowering import POINTER, WORD, fixed, read, rows, write
from munirules.tables.kernel.types import Record, Reference, Rows

I64 = types.int64


def _pointer(builder: Any, a: Any, slot: Any) -> Any:
    return fixed(builder, builder.gep(builder.inttoptr(a, POINTER), [slot]))


def _cell(builder: Any, a: Any, slot: Any, index: Any) -> Any:
    return builder.gep(builder.inttoptr(_pointer(builder, a, slot), POINTER), [index])


@intrinsic
def get(_typing: Any, _a: Any, _slot: Any, _index: Any) -> Any:
    """An entry of a column that a call brings."""

    def lower(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        return builder.load(_cell(builder, *args))

    return signature(I64, I64, I64, I64), lower


@intrinsic
def put(_typing: Any, _a: Any, _slot: Any, _index: Any, _value: Any) -> Any:
    """Write an entry of a column that a call brings."""

    def lower(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        builder.store(args[3], _cell(builder, *args[:3]))
        return context.get_dummy_value()

    return signature(types.none, I64, I64, I64, I64), lower


@intrinsic
def first_of(_typing: Any, kind: Any) -> Any:
    """The index, among all parts of a chunk, of the first of some rows."""

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0]).first

    return signature(I64, kind), lower


@cache
def record_at(cls: type) -> Any:
    """Make `(a, slot, index) -> Record`: an object of the table whose address stands in a slot."""
    kind = Record(cls)

    @intrinsic
    def record(_typing: Any, _a: Any, _slot: Any, _index: Any) -> Any:
        def lower(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
            made = cgutils.create_struct_proxy(kind)(context, builder)
            made.table, made.index = _pointer(builder, *args[:2]), args[2]
            return made._getvalue()

        return signature(kind, I64, I64, I64), lower

    return record


@cache
def fact_at(cls: type, *, optional: bool) -> Any:
    """Make `(a, slot, index)` for facts, whose tables begin with whether they are there (1), given as none (0) or not (-1).

    One that is not given fails; one given as none fails too where none is not allowed.
    """
    record = Record(cls)
    kind = types.Optional(record) if optional else record

    @intrinsic
    def fact(_typing: Any, _a: Any, _slot: Any, _index: Any) -> Any:
        def lower(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
            table = _pointer(builder, *args[:2])
            there = builder.load(_cell(builder, table, WORD(0), args[2]))
            missing = builder.icmp_signed("<", there, WORD(0 if optional else 1))
            with builder.if_then(missing, likely=False):
                context.call_conv.return_user_exc(builder, KeyError, ("a fact is missing",))
            return read(context, builder, kind, table, 0 if optional else 1, args[2])

        return signature(kind, I64, I64, I64), lower

    return fact


@cache
def rows_at(item: Any, offset: int = 0) -> Any:
    """Make `(a, slot, first, total, places, number) -> Rows`; `places` is the slot of a list of places, or -1 for all."""
    kind = Rows(item)

    @intrinsic
    def several(_typing: Any, _a: Any, _slot: Any, _first: Any, _total: Any, _places: Any, _number: Any) -> Any:
        def lower(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
            a, slot, first, total, places, number = args
            table = builder.add(_pointer(builder, a, slot), WORD(8 * offset))
            some = builder.icmp_signed(">=", places, WORD(0))
            listed = _pointer(builder, a, builder.select(some, places, WORD(0)))
            chosen = (builder.select(some, listed, WORD(0)), builder.select(some, number, total))
            return rows(context, builder, kind, table, first, total, chosen)

        return signature(kind, I64, I64, I64, I64, I64, I64), lower

    return several


@cache
def take(item: Any, offset: int = 0) -> Any:
    """Make `(a, slot, index) -> value` of a table of scratch columns."""
    kind = item.record if isinstance(item, Reference) else item

    @intrinsic
    def value(_typing: Any, _a: Any, _slot: Any, _index: Any) -> Any:
        def lower(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
            return read(context, builder, item, _pointer(builder, *args[:2]), offset, args[2])

        return signature(kind, I64, I64, I64), lower

    return value


@cache
def keep(item: Any, offset: int = 0) -> Any:
    """Make `(a, slot, index, value)`, which writes a value into a table, as one of the annotated type."""
    kind = item.record if isinstance(item, Reference) else item

    @intrinsic
    def value(_typing: Any, _a: Any, _slot: Any, _index: Any, _value: Any) -> Any:
        def lower(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
            write(context, builder, item, args[3], _pointer(builder, *args[:2]), offset, args[2])
            return context.get_dummy_value()

        return signature(types.none, I64, I64, I64, kind), lower

    return value


def place_of(parts: Any, target: str | None) -> int:
    """The place of the part that an id names; `NOBODY` for none. An id that no part has fails."""
    if target is None:
        return NOBODY_PLACE
    for place in range(len(parts)):
        if parts[place].id == target:
            return place
    raise KeyError


NOBODY_PLACE = int(NOBODY)


def section_of(a: int, slot: int, day: int, started: int | None) -> int:
    """The row of a dated provision in force on a day for a contract begun on another; a day without one fails.

    From `slot` on stand: the days of change, how many, the days of renewal, how many, and the rows by both. A contract
    whose beginning is not told (None) began before any of them.
    """
    at = 0
    for position in range(get(a, slot + 1, 0)):
        if get(a, slot, position) <= day:
            at += 1
    renewals = get(a, slot + 3, 0)
    since = 0
    if started is not None:
        for position in range(renewals):
            if get(a, slot + 2, position) <= started:
                since += 1
    found: int = get(a, slot + 4, at * (renewals + 1) + since)
    if found < 0:
        raise KeyError
    return found
