"""Helpers of rules that have a form of their own when compiled; every other helper is compiled as it stands.

A test holds each to the helper it stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from numba import types
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import overload

from munirules import money, tape
from munirules.calendar import civil
from munirules.calendar.civil import MONTHS, day_number, days_in_month
from munirules.engine.decision import refuse
from munirules.models import years
from munirules.money import SEN_PER_YEN, Rate
from munirules.tables.kernel.lowering import day_number_of, day_of_number
from munirules.tables.kernel.types import Record, fields_of

LAST_YEAR = date.max.year
LAST_DAY = date.max.toordinal()


def make_date(year: int, month: int, day: int) -> date:
    """Return a date."""
    if year < 1 or year > LAST_YEAR or month < 1 or month > MONTHS:
        refuse("no such month")
    if day < 1 or day > days_in_month(year, month):
        refuse("no such day")
    made: date = day_of_number(day_number(year, month, day))
    return made


def to_day_number(day: date) -> int:
    """Return the day number of a date."""
    made: int = day_number_of(day)
    return made


def from_day_number(number: int) -> date:
    """Return the date of a day number."""
    if number < 1 or number > LAST_DAY:
        refuse("no such day")
    made: date = day_of_number(number)
    return made


def quotient(num: int, den: int, mode: int, unit: int = 1) -> int:
    """Return `num / den` rounded to a multiple of `unit`."""
    if den < 1 or unit < 1 or mode < 0 or mode > 2:
        refuse("no such rounding")
    step = den * unit
    size = -num if num < 0 else num
    whole = size // step
    rest = size % step
    if rest != 0 and (mode == 1 or (mode == 2 and 2 * rest >= step)):
        whole += 1
    return -whole * unit if num < 0 else whole * unit


def rounded(num: int, den: int, floor: int, ceiling: int, half_up: int) -> int:
    """Return `num / den` rounded by the one of three units that is given."""
    given = (1 if floor != 0 else 0) + (1 if ceiling != 0 else 0) + (1 if half_up != 0 else 0)
    if given != 1:
        refuse("one of three roundings")
    if floor != 0:
        return quotient(num, den, 0, floor)
    if ceiling != 0:
        return quotient(num, den, 1, ceiling)
    return quotient(num, den, 2, half_up)


def of(amount: int, rate: Rate, floor: int = 0, ceiling: int = 0, half_up: int = 0) -> int:
    """Apply a rate and round in the same call."""
    return rounded(amount * rate.num, rate.den, floor, ceiling, half_up)


def prorate(amount: int, part: int, whole: int, floor: int = 0, ceiling: int = 0, half_up: int = 0) -> int:
    """Return `amount × part / whole`, rounded in the same call."""
    return rounded(amount * part, whole, floor, ceiling, half_up)


def to_yen(sen: int, floor: int = 0, ceiling: int = 0, half_up: int = 0) -> int:
    """Turn sen into whole yen."""
    return rounded(sen, SEN_PER_YEN, floor, ceiling, half_up)


def to_sen(yen: int) -> int:
    """Turn yen into sen."""
    return yen * SEN_PER_YEN


def floor_to(amount: int, unit: int) -> int:
    """Drop what is below `unit`."""
    return quotient(amount, 1, 0, unit)


def ceil_to(amount: int, unit: int) -> int:
    """Raise to `unit`."""
    return quotient(amount, 1, 1, unit)


def half_up_to(amount: int, unit: int) -> int:
    """Round to `unit`."""
    return quotient(amount, 1, 2, unit)


ANNOTATED: Final[dict[Any, Callable[..., Any]]] = {
    civil.make_date: make_date,
    civil.to_day_number: to_day_number,
    civil.from_day_number: from_day_number,
    money.quotient: quotient,
    money.of: of,
    money.prorate: prorate,
    money.to_yen: to_yen,
    money.to_sen: to_sen,
    money.floor_to: floor_to,
    money.ceil_to: ceil_to,
    money.half_up_to: half_up_to,
}
"""Helpers and the annotated functions that are compiled in their stead."""


def noted(table: str, row: object, quantity: int | None = None, amount: int | None = None) -> None:
    """Note nothing: a compiled rule keeps no trace."""


def of_year(fact: Any, wanted: int, whose: str = "") -> Any:
    """Return a fact of a year, having checked that it is of the year wanted."""
    return years.of_year(fact, wanted, whose)


@infer_global(noted)
class _Noted(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(types.none, *args) if not kws else None


@lower_builtin(noted, types.VarArg(types.Any))
def _noted(context: Any, _builder: Any, _sig: Any, _args: Any) -> Any:
    return context.get_dummy_value()


@overload(of_year)
def _of_year(fact: Any, wanted: Any, whose: Any = "") -> Any:
    kind = fact.type if isinstance(fact, types.Optional) else fact
    if not isinstance(kind, Record):
        return None
    named = next((name for name in years.YEAR_FIELDS if name in fields_of(kind.cls)), "")
    if named == "year":

        def by_year(fact: Any, wanted: Any, whose: Any = "") -> Any:
            if fact.year != wanted:
                raise ValueError("another year")
            return fact

        return by_year
    if named == "fiscal_year":

        def by_fiscal_year(fact: Any, wanted: Any, whose: Any = "") -> Any:
            if fact.fiscal_year != wanted:
                raise ValueError("another year")
            return fact

        return by_fiscal_year
    return None


READY: Final[dict[Any, Callable[..., Any]]] = {tape.applied: noted, years.of_year: of_year}
"""Helpers and the functions of numba's own that stand for them, whatever they are given."""
