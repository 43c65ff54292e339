"""What numba makes of the types of rules: values read from tables, rows walked over, dates taken apart."""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import (
    RefType,
    impl_ret_untracked,
    iternext_impl,
    lower_builtin,
    lower_constant,
    lower_getattr_generic,
)
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import intrinsic, models, register_model, typeof_impl

from munirules.calendar.civil import DAYS_BEFORE_YEAR_ONE, DAYS_OF_400_YEARS, MARCH_TO_DECEMBER
from munirules.tables.kernel.types import (
    CODE,
    NONE,
    Code,
    Day,
    Fixed,
    NotCompiled,
    Record,
    Reference,
    Rows,
    RowsIterator,
    Text,
    fields_of,
    number_of,
    width,
)

WORD = ir.IntType(64)
POINTER = WORD.as_pointer()


@register_model(Day)
@register_model(Code)
class _NumberModel(models.PrimitiveModel):
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, WORD)


@register_model(Record)
class _RecordModel(models.StructModel):
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, [("table", types.int64), ("index", types.int64)])


@register_model(Rows)
class _RowsModel(models.StructModel):
    """`number` of them from `first` on; with `places`, only those of `total` that stand in that list of places."""

    def __init__(self, manager: Any, fe_type: Any) -> None:
        names = ("table", "first", "number", "places", "total")
        super().__init__(manager, fe_type, [(name, types.int64) for name in names])


@register_model(RowsIterator)
class _IteratorModel(models.StructModel):
    def __init__(self, manager: Any, fe_type: Any) -> None:
        super().__init__(manager, fe_type, [("rows", fe_type.rows), ("next", types.EphemeralPointer(types.int64))])


@typeof_impl.register(Text)
def _type_of_text(_value: Text, _context: Any) -> Code:
    return CODE


@lower_constant(Code)
def _constant_text(_context: Any, _builder: Any, _type: Any, value: Text) -> Any:
    return WORD(value.code)


@typeof_impl.register(Fixed)
def _type_of_fixed(fixed: Fixed, _context: Any) -> Record:
    return Record(type(fixed.value))


@lower_constant(Record)
def _constant_record(context: Any, builder: Any, record: Record, fixed: Fixed) -> Any:
    table = _constant_words(builder.module, _constant_slots(builder.module, record, fixed.value))
    return _record(context, builder, record, table, WORD(0))


def _constant_words(module: Any, words: list[Any]) -> Any:
    """The address of words that stand in the code."""
    kind = ir.ArrayType(WORD, max(len(words), 1))
    held = ir.GlobalVariable(module, kind, module.get_unique_name("munirules.fixed"))
    held.linkage, held.global_constant = "internal", True
    held.initializer = ir.Constant(kind, words or [WORD(0)])
    return held.ptrtoint(WORD)


def _constant_slots(module: Any, item: Any, value: Any) -> list[Any]:
    """The slots of one value, each the address of a column of one entry."""
    inner = item.type if isinstance(item, types.Optional) else item
    if isinstance(inner, Record):
        there = [] if inner is item else [_constant_words(module, [WORD(int(value is not None))])]
        if value is None:
            return [*there, *[_constant_words(module, [WORD(0)])] * width(inner)]
        own = fields_of(inner.cls).items()
        return [
            *there,
            *(slot for name, (_, one) in own for slot in _constant_slots(module, one, getattr(value, name))),
        ]
    if isinstance(item, Rows):
        columns = zip(*(_constant_numbers(item.item, row) for row in value), strict=True)
        table = _constant_words(module, [_constant_words(module, [WORD(own) for own in column]) for column in columns])
        return [table, _constant_words(module, [WORD(0)]), _constant_words(module, [WORD(len(value))])]
    return [_constant_words(module, [WORD(number_of(value))])]


def _constant_numbers(item: Any, value: Any) -> list[int]:
    """The words of one flat row."""
    if isinstance(item, Record):
        return [
            n for name, (_, one) in fields_of(item.cls).items() for n in _constant_numbers(one, getattr(value, name))
        ]
    if isinstance(item, Rows) or (isinstance(item, types.Optional) and isinstance(item.type, Record)):
        raise NotCompiled(f"{value!r} in a rule's module has rows within rows")
    return [number_of(value)]


# Reading and writing tables.


def word(builder: Any, table: Any, slot: int) -> Any:
    """The number in a slot of a table."""
    return fixed(builder, builder.gep(builder.inttoptr(table, POINTER), [WORD(slot)]))


def fixed(builder: Any, address: Any) -> Any:
    """What stands at an address that no kernel writes to, so that it need be looked up but once."""
    found = builder.load(address)
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


def column(builder: Any, table: Any, slot: int, index: Any) -> Any:
    """A pointer to an entry of the column whose address stands in a slot."""
    return builder.gep(builder.inttoptr(word(builder, table, slot), POINTER), [index])


def entry(builder: Any, table: Any, slot: int, index: Any) -> Any:
    """An entry of the column whose address stands in a slot."""
    return builder.load(column(builder, table, slot, index))


def read(context: Any, builder: Any, item: Any, table: Any, slot: int, index: Any) -> Any:
    """Read a value that lies in a table from a slot on."""
    if isinstance(item, types.Optional):
        inner = item.type
        held = isinstance(inner, (Record, types.BaseTuple))
        there = entry(builder, table, slot, index)
        found = read(context, builder, inner, table, slot + held, index)
        made = cgutils.create_struct_proxy(item)(context, builder)
        made.data = found
        made.valid = builder.icmp_signed("==", there, WORD(1)) if held else builder.icmp_signed("!=", there, WORD(NONE))
        return made._getvalue()
    if isinstance(item, Record):
        own = builder.add(table, WORD(8 * slot))
        return _record(context, builder, item, own, index)
    if isinstance(item, Reference):
        return _record(
            context, builder, item.record, entry(builder, table, slot, index), entry(builder, table, slot + 1, index)
        )
    if isinstance(item, Rows):
        first, number = entry(builder, table, slot + 1, index), entry(builder, table, slot + 2, index)
        return rows(context, builder, item, word(builder, table, slot), first, number)
    if isinstance(item, types.BaseTuple):
        values = []
        for own in item.types:
            values.append(read(context, builder, own, table, slot, index))
            slot += width(own)
        return context.make_tuple(builder, item, values)
    found = entry(builder, table, slot, index)
    return builder.icmp_signed("!=", found, WORD(0)) if isinstance(item, types.Boolean) else found


def write(context: Any, builder: Any, item: Any, value: Any, table: Any, slot: int, index: Any) -> None:
    """Write a value into a table from a slot on."""
    if isinstance(item, types.Optional):
        inner = item.type
        given = cgutils.create_struct_proxy(item)(context, builder, value)
        held = isinstance(inner, (Record, types.BaseTuple))
        if held:
            builder.store(builder.zext(given.valid, WORD), column(builder, table, slot, index))
            with builder.if_then(given.valid):
                write(context, builder, inner, given.data, table, slot + 1, index)
        else:
            plain = builder.zext(given.data, WORD) if isinstance(inner, types.Boolean) else given.data
            builder.store(builder.select(given.valid, plain, WORD(NONE)), column(builder, table, slot, index))
    elif isinstance(item, Reference):
        record = cgutils.create_struct_proxy(item.record)(context, builder, value)
        builder.store(record.table, column(builder, table, slot, index))
        builder.store(record.index, column(builder, table, slot + 1, index))
    elif isinstance(item, types.BaseTuple):
        for position, own in enumerate(item.types):
            write(context, builder, own, builder.extract_value(value, position), table, slot, index)
            slot += width(own)
    else:
        plain = builder.zext(value, WORD) if isinstance(item, types.Boolean) else value
        builder.store(plain, column(builder, table, slot, index))


def _record(context: Any, builder: Any, record: Record, table: Any, index: Any) -> Any:
    made = cgutils.create_struct_proxy(record)(context, builder)
    made.table, made.index = table, index
    return made._getvalue()


def rows(context: Any, builder: Any, kind: Rows, table: Any, first: Any, number: Any, places: Any = None) -> Any:
    """Make `Rows`; with `places` a pair of the address of a list of places and how many stand in it."""
    made = cgutils.create_struct_proxy(kind)(context, builder)
    made.table, made.first, made.total = table, first, number
    made.places, made.number = places or (WORD(0), number)
    return made._getvalue()


# Fields of records.


@infer_getattr
class _RecordFields(AttributeTemplate):
    key = Record

    def generic_resolve(self, record: Record, name: str) -> Any:
        found = fields_of(record.cls).get(name)
        return found and found[1]


@lower_getattr_generic(Record)
def _field(context: Any, builder: Any, record: Record, value: Any, name: str) -> Any:
    slot, item = fields_of(record.cls)[name]
    own = cgutils.create_struct_proxy(record)(context, builder, value)
    return impl_ret_untracked(context, builder, item, read(context, builder, item, own.table, slot, own.index))


# Rows: how many, which one, one after another.


@infer_global(len)
class _RowsLength(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(types.intp, args[0]) if not kws and len(args) == 1 and isinstance(args[0], Rows) else None


@lower_builtin(len, Rows)
def _length(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0]).number


@infer_global(operator.getitem)
class _RowsItem(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        own, index = args
        if kws or not isinstance(own, Rows) or not isinstance(types.unliteral(index), types.Integer):
            return None
        return signature(own.dtype, own, types.int64)


@lower_builtin(operator.getitem, Rows, types.Integer)
def _item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """One by its index or place; an index where none stands fails, as it does in Python."""
    kind = sig.args[0]
    own = cgutils.create_struct_proxy(kind)(context, builder, args[0])
    inside = builder.icmp_unsigned("<", args[1], own.total)
    some = builder.icmp_signed("!=", own.places, WORD(0))
    found = cgutils.alloca_once_value(builder, inside)
    with builder.if_then(builder.and_(inside, some)):
        builder.store(ir.Constant(ir.IntType(1), 0), found)
        places = builder.inttoptr(own.places, POINTER)
        with cgutils.for_range(builder, own.number) as loop:
            here = builder.icmp_signed("==", builder.load(builder.gep(places, [loop.index])), args[1])
            builder.store(builder.or_(builder.load(found), here), found)
    with builder.if_then(builder.not_(builder.load(found)), likely=False):
        context.call_conv.return_user_exc(builder, IndexError, ("nobody stands there",))
    return read(context, builder, kind.item, own.table, 0, builder.add(own.first, args[1]))


@lower_builtin("getiter", Rows)
def _iterator(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    made = cgutils.create_struct_proxy(sig.return_type)(context, builder)
    made.rows = args[0]
    made.next = cgutils.alloca_once_value(builder, WORD(0))
    return made._getvalue()


@lower_builtin("iternext", RowsIterator)
@iternext_impl(RefType.UNTRACKED)
def _next(context: Any, builder: Any, sig: Any, args: Any, result: Any) -> None:
    kind = sig.args[0].rows
    own = cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0])
    held = cgutils.create_struct_proxy(kind)(context, builder, own.rows)
    index = builder.load(own.next)
    valid = builder.icmp_signed("<", index, held.number)
    result.set_valid(valid)
    with builder.if_then(valid):
        builder.store(builder.add(index, WORD(1)), own.next)
        place = cgutils.alloca_once_value(builder, index)
        with builder.if_then(builder.icmp_signed("!=", held.places, WORD(0))):
            listed = builder.gep(builder.inttoptr(held.places, POINTER), [index])
            builder.store(builder.load(listed), place)
        at = builder.add(held.first, builder.load(place))
        result.yield_(read(context, builder, kind.item, held.table, 0, at))


# Dates.


def _civil(builder: Any, number: Any) -> tuple[Any, Any, Any]:
    """Year, month and day of a day number, as `calendar.civil.civil_day` counts them."""

    def by(value: Any, divisor: int) -> Any:
        return builder.sdiv(value, WORD(divisor))  # nothing here is negative

    days = builder.add(number, WORD(DAYS_BEFORE_YEAR_ONE - 1))
    of_400 = by(days, DAYS_OF_400_YEARS)
    rest = builder.sub(days, builder.mul(of_400, WORD(DAYS_OF_400_YEARS)))
    leaps = builder.sub(builder.sub(by(rest, 36524), by(rest, 1460)), by(rest, 146096))
    year_of_400 = by(builder.add(rest, leaps), 365)
    leap_days = builder.sub(by(year_of_400, 4), by(year_of_400, 100))
    before = builder.add(builder.mul(year_of_400, WORD(365)), leap_days)
    day_of_year = builder.sub(rest, before)
    shifted = by(builder.add(builder.mul(day_of_year, WORD(5)), WORD(2)), 153)
    start = by(builder.add(builder.mul(shifted, WORD(153)), WORD(2)), 5)
    day = builder.add(builder.sub(day_of_year, start), WORD(1))
    later = builder.icmp_signed("<", shifted, WORD(MARCH_TO_DECEMBER))
    month = builder.add(shifted, builder.select(later, WORD(3), WORD(-9)))
    year = builder.add(year_of_400, builder.mul(of_400, WORD(400)))
    return builder.add(year, builder.select(later, WORD(0), WORD(1))), month, day


@infer_getattr
class _DayParts(AttributeTemplate):
    key = Day

    def generic_resolve(self, _day: Day, name: str) -> Any:
        return types.int64 if name in ("year", "month", "day") else None


@lower_getattr_generic(Day)
def _day_part(_context: Any, builder: Any, _kind: Day, value: Any, name: str) -> Any:
    return _civil(builder, value)[("year", "month", "day").index(name)]


@intrinsic
def day_number_of(_typing: Any, day: Any) -> Any:
    """The number of a day."""
    if isinstance(day, (Day, types.Optional)):
        return signature(types.int64, Day()), lambda _c, _b, _s, args: args[0]
    return None


@intrinsic
def day_of_number(_typing: Any, _number: Any) -> Any:
    """The day of a number."""
    return signature(Day(), types.int64), lambda _c, _b, _s, args: args[0]


@intrinsic
def number_or_none(_typing: Any, day: Any) -> Any:
    """The number of a day that may be none."""
    if isinstance(day, Day):
        return signature(types.int64, day), lambda _c, _b, _s, args: args[0]
    if isinstance(day, types.Optional) and isinstance(day.type, Day):

        def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            given = cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0])
            made = cgutils.create_struct_proxy(sig.return_type)(context, builder)
            made.data, made.valid = given.data, given.valid
            return made._getvalue()

        return signature(types.Optional(types.int64), day), lower
    return None
