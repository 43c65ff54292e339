"""Operators of rules as they are compiled: whole numbers that never wrap, dates and texts that compare.

What would leave 64 bits, divide by zero or compare with nothing fails, so that the row is decided again in Python.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed, lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import overload

from munirules.money import Rate
from munirules.tables.kernel.lowering import entry
from munirules.tables.kernel.types import CODE, DAY, NONE, Code, Day, Record, Rows, fields_of, width

WORD = ir.IntType(64)


def plus(a: int, b: int) -> int:
    """Add, failing where the sum leaves 64 bits."""
    return a + b


def minus(a: int, b: int) -> int:
    """Subtract, likewise."""
    return a - b


def times(a: int, b: int) -> int:
    """Multiply, likewise."""
    return a * b


def whole(a: int, b: int) -> int:
    """Divide, rounding down."""
    return a // b


def rest(a: int, b: int) -> int:
    """What is left of that division."""
    return a % b


def negative(a: int) -> int:
    """The negative."""
    return -a


def equal(a: object, b: object) -> bool:
    """Whether two values are equal."""
    return a == b


def unequal(a: object, b: object) -> bool:
    """Whether they are not."""
    return a != b


def less(a: Any, b: Any) -> bool:
    """Whether one comes before the other."""
    return bool(a < b)


def at_most(a: Any, b: Any) -> bool:
    """Whether one comes before the other or is equal."""
    return bool(a <= b)


def more(a: Any, b: Any) -> bool:
    """Whether one comes after the other."""
    return bool(a > b)


def at_least(a: Any, b: Any) -> bool:
    """Whether one comes after the other or is equal."""
    return bool(a >= b)


BINARY: Final[dict[Any, Callable[..., Any]]] = {
    operator.add: plus,
    operator.iadd: plus,
    operator.sub: minus,
    operator.isub: minus,
    operator.mul: times,
    operator.imul: times,
    operator.floordiv: whole,
    operator.ifloordiv: whole,
    operator.mod: rest,
    operator.imod: rest,
    operator.eq: equal,
    operator.ne: unequal,
    operator.lt: less,
    operator.le: at_most,
    operator.gt: more,
    operator.ge: at_least,
}
"""What stands for each operator of two values in a compiled rule."""


def core(kind: Any) -> Any:
    """The type of a value that may be none, a literal or a truth value, as arithmetic takes it; None where it takes none."""
    kind = types.unliteral(kind)
    if isinstance(kind, types.Optional):
        kind = kind.type
    if isinstance(kind, (types.Integer, types.Boolean, types.IntEnumMember)):
        return types.int64
    return kind if isinstance(kind, (Day, Code)) else None


def _numbers(function: Callable[..., Any], count: int) -> None:
    class Typing(AbstractTemplate):
        key = function

        def generic(self, args: Any, kws: Any) -> Any:
            if kws or len(args) != count or any(core(own) != types.int64 for own in args):
                return None
            return signature(types.int64, *([types.int64] * count))

    infer_global(function)(Typing)


for _function in (plus, minus, times, whole, rest):
    _numbers(_function, 2)
_numbers(negative, 1)


def _fail(context: Any, builder: Any, when: Any, kind: type[Exception], told: str) -> None:
    with builder.if_then(when, likely=False):
        context.call_conv.return_user_exc(builder, kind, (told,))


def _checked(function: Callable[..., Any], instruction: str) -> None:
    @lower_builtin(function, types.int64, types.int64)
    def lower(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        made = getattr(builder, instruction)(*args)
        _fail(context, builder, builder.extract_value(made, 1), OverflowError, "more than 64 bits")
        return builder.extract_value(made, 0)


_checked(plus, "sadd_with_overflow")
_checked(minus, "ssub_with_overflow")
_checked(times, "smul_with_overflow")


@lower_builtin(negative, types.int64)
def _negative(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
    made = builder.ssub_with_overflow(WORD(0), args[0])
    _fail(context, builder, builder.extract_value(made, 1), OverflowError, "more than 64 bits")
    return builder.extract_value(made, 0)


def _divided(context: Any, builder: Any, args: Any) -> tuple[Any, Any]:
    """Quotient and rest of a division that rounds down."""
    a, b = args
    _fail(context, builder, builder.icmp_signed("==", b, WORD(0)), ZeroDivisionError, "division by zero")
    lowest = builder.and_(builder.icmp_signed("==", b, WORD(-1)), builder.icmp_signed("==", a, WORD(NONE)))
    _fail(context, builder, lowest, OverflowError, "more than 64 bits")
    quotient, remainder = builder.sdiv(a, b), builder.srem(a, b)
    apart = builder.icmp_signed("<", builder.xor(remainder, b), WORD(0))
    down = builder.and_(builder.icmp_signed("!=", remainder, WORD(0)), apart)
    quotient = builder.select(down, builder.sub(quotient, WORD(1)), quotient)
    return quotient, builder.select(down, builder.add(remainder, b), remainder)


@lower_builtin(whole, types.int64, types.int64)
def _whole(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
    return _divided(context, builder, args)[0]


@lower_builtin(rest, types.int64, types.int64)
def _rest(context: Any, builder: Any, _sig: Any, args: Any) -> Any:
    return _divided(context, builder, args)[1]


# Comparisons.


def _ordered(function: Callable[..., Any], sign: str) -> None:
    class Typing(AbstractTemplate):
        key = function

        def generic(self, args: Any, kws: Any) -> Any:
            kinds = [core(own) for own in args]
            if kws or kinds[0] is None or kinds[0] != kinds[1] or isinstance(kinds[0], Code):
                return None
            return signature(types.boolean, *kinds)

    infer_global(function)(Typing)

    def lower(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        return builder.icmp_signed(sign, *args)

    for kind in (types.int64, DAY):
        lower_builtin(function, kind, kind)(lower)


for _function, _sign in ((less, "<"), (at_most, "<="), (more, ">"), (at_least, ">=")):
    _ordered(_function, _sign)


def flat(record: Record) -> bool:
    """Whether a record is equal to another exactly where its columns are."""
    for _, item in fields_of(record.cls).values():
        inner = item.type if isinstance(item, types.Optional) else item
        if isinstance(inner, Record) and inner.cls is Rate:
            continue  # one that is none lies as zero
        if isinstance(inner, Rows) or (isinstance(inner, Record) and (inner is not item or not flat(inner))):
            return False
    return True


def _matched(function: Callable[..., Any], *, same: bool) -> None:
    class Typing(AbstractTemplate):
        key = function

        def generic(self, args: Any, kws: Any) -> Any:
            if not kws and isinstance(args[0], Record) and args[0] == args[1] and flat(args[0]):
                return signature(types.boolean, *args)
            kinds = [core(own) for own in args]
            if kws or kinds[0] is None or kinds[0] != kinds[1]:
                return None
            optional = any(isinstance(own, types.Optional) for own in args)
            kind = types.Optional(kinds[0]) if optional else kinds[0]
            return signature(types.boolean, kind, kind)

    infer_global(function)(Typing)

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        if isinstance(sig.args[0], types.Optional):
            a, b = (cgutils.create_struct_proxy(sig.args[0])(context, builder, own) for own in args)
            both = builder.and_(a.valid, b.valid)
            alike = builder.icmp_signed("==", a.data, b.data)
            found = builder.select(both, alike, builder.icmp_unsigned("==", a.valid, b.valid))
        else:
            found = builder.icmp_signed("==", *args)
        return found if same else builder.not_(found)

    for kind in (types.int64, DAY, CODE):
        lower_builtin(function, kind, kind)(lower)
        lower_builtin(function, types.Optional(kind), types.Optional(kind))(lower)

    @lower_builtin(function, Record, Record)
    def alike(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        """Records are equal where each column has one word for both."""
        a, b = (
            cgutils.create_struct_proxy(own)(context, builder, arg) for own, arg in zip(sig.args, args, strict=True)
        )
        found = ir.Constant(ir.IntType(1), 1)
        for slot in range(width(sig.args[0])):
            words = (entry(builder, own.table, slot, own.index) for own in (a, b))
            found = builder.and_(found, builder.icmp_signed("==", *words))
        return found if same else builder.not_(found)


_matched(equal, same=True)
_matched(unequal, same=False)


# What Python's own functions become.


def total(values: Any) -> int:
    """The sum of values; stands for `sum`."""
    made = 0
    for value in values:
        made += value
    return made


def least(*values: Any) -> Any:
    """The least of values; stands for `min`."""
    return min(*values)


def most(*values: Any) -> Any:
    """The greatest of values; stands for `max`."""
    return max(*values)


def as_tuple(values: Any) -> Any:
    """The values; stands for `tuple`: a list that a rule made is not changed once it is a tuple."""
    return tuple(values)


def _several(kind: Any) -> bool:
    return isinstance(kind, (Rows, types.List, types.UniTuple))


@infer_global(as_tuple)
class _AsTuple(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(args[0], args[0]) if not kws and len(args) == 1 and _several(args[0]) else None


@lower_builtin(as_tuple, types.Any)
def _as_tuple(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return impl_ret_borrowed(context, builder, sig.return_type, args[0])


def _extreme(function: Callable[..., Any], before: Callable[[Any, Any], bool], sign: str) -> None:
    """The first of the values that none comes `before`, as Python's `min` and `max` choose it."""

    class Typing(AbstractTemplate):
        key = function

        def generic(self, args: Any, kws: Any) -> Any:
            kinds = {core(own) for own in args}
            if kws or len(args) not in (2, 3) or len(kinds) != 1 or not kinds <= {types.int64, DAY}:
                return None
            return signature(*(kinds | kinds), *[core(own) for own in args])

    infer_global(function)(Typing)

    def lower(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
        found = args[0]
        for own in args[1:]:
            found = builder.select(builder.icmp_signed(sign, own, found), own, found)
        return found

    for kind in (types.int64, DAY):
        lower_builtin(function, kind, kind)(lower)
        lower_builtin(function, kind, kind, kind)(lower)

    @overload(function)
    def of_several(values: Any) -> Any:
        if not _several(values):
            return None

        def impl(values: Any) -> Any:
            if len(values) == 0:
                raise ValueError("of no values")
            found = values[0]
            for value in values:
                if before(value, found):
                    found = value
            return found

        return impl


_extreme(least, less, "<")
_extreme(most, more, ">")

BUILTINS: Final[dict[Any, Callable[..., Any]]] = {min: least, max: most, tuple: as_tuple}
"""What stands for each of Python's functions."""
