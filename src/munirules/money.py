"""Money of the law: whole yen, sen where an ordinance has them, exact rates, and one rounding kernel.

`Yen` and `Sen` are plain `int`. 1 yen is 100 sen. Nothing here takes or gives a float.

Rounding acts on the magnitude, so that a reversal is the exact mirror of what it reverses:
`floor` (切捨て) drops the fraction, `ceiling` (切上げ) raises it, `half_up` (四捨五入) rounds a half away from zero.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from enum import IntEnum
from functools import total_ordering
from math import gcd
from typing import Annotated, NamedTuple, TypeAlias

import attrs

from munirules.errors import MunirulesError
from munirules.tape import TAPE, Rounded


class Currency(NamedTuple):
    """How an amount is counted: its unit and how many of them make one yen."""

    unit: str
    per_yen: int


Yen: TypeAlias = Annotated[int, Currency("円", 1)]
Sen: TypeAlias = Annotated[int, Currency("銭", 100)]

SEN_PER_YEN = 100


class MoneyError(MunirulesError, ValueError):
    """An amount, rate or rounding that is not exact or not allowed."""


class Rounding(IntEnum):
    """端数処理: what happens to a fraction of a unit."""

    FLOOR = 0
    CEILING = 1
    HALF_UP = 2

    @property
    def label(self) -> str:
        """The Japanese word: 切捨て, 切上げ or 四捨五入."""
        return ("切捨て", "切上げ", "四捨五入")[self]


_MODES = (0, 1, 2)
_DECIMAL = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?([%‰]?)")
_FRACTION = re.compile(r"([+-]?\d+)/(\d+)")
_SCALE = {"": 1, "%": 100, "‰": 1000}


@total_ordering
@attrs.frozen(eq=True, order=False)
class Rate:
    """An exact rate (率): a reduced fraction `num / den`.

    `Rate(31, 400)`, `Rate.parse("7.75%")`, `Rate.parse("0.0775")` and `Rate.parse("31/400")` are one rate.

    Raises:
        MoneyError: for a float, or a denominator that is not positive.
    """

    num: int = attrs.field()
    den: int = attrs.field(default=1)

    def __attrs_post_init__(self) -> None:
        if type(self.num) is not int or type(self.den) is not int:
            raise MoneyError(
                f"Rate({self.num!r}, {self.den!r}): both parts are whole numbers; write Rate.parse('7.75%')"
            )
        if self.den < 1:
            raise MoneyError(f"Rate({self.num}, {self.den}): the denominator is 1 or more")
        shared = gcd(self.num, self.den)
        if shared > 1:
            object.__setattr__(self, "num", self.num // shared)
            object.__setattr__(self, "den", self.den // shared)

    @classmethod
    def parse(cls, text: str | int | Decimal) -> Rate:
        """Read a rate from `"7.75%"`, `"0.0775"`, `"31/400"`, full-width forms, a whole number or a Decimal.

        Raises:
            MoneyError: for a float or a text of another form.
        """
        if type(text) is int:
            return cls(text)
        if isinstance(text, Decimal):
            text = format(text, "f")
        if not isinstance(text, str):
            raise MoneyError(
                f"rate {text!r}: a {type(text).__name__} is not exact; write '7.75%', '0.0775' or '31/400'"
            )
        plain = unicodedata.normalize("NFKC", text).strip()
        found = _DECIMAL.fullmatch(plain)
        if found:
            sign, whole, decimals, mark = found[1], found[2], found[3] or "", found[4]
            num = int(whole + decimals)
            return cls(-num if sign == "-" else num, 10 ** len(decimals) * _SCALE[mark])
        found = _FRACTION.fullmatch(plain)
        if found and int(found[2]):
            return cls(int(found[1]), int(found[2]))
        raise MoneyError(f"rate {text!r} is not understood; write '7.75%', '0.0775' or '31/400'")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Rate):
            return NotImplemented
        return self.num * other.den < other.num * self.den

    def __str__(self) -> str:
        percent, rest = divmod(abs(self.num) * 10_000, self.den)
        if rest:
            return f"{self.num}/{self.den}"
        whole, cents = divmod(percent, 100)
        decimals = f".{cents:02d}".rstrip("0") if cents else ""
        return f"{'-' if self.num < 0 else ''}{whole}{decimals}%"


_CEILING = int(Rounding.CEILING)  # looking a member up on the class takes longer than the comparison
_HALF_UP = int(Rounding.HALF_UP)


def quotient(num: int, den: int, mode: int, unit: int = 1) -> int:
    """Return `num / den` rounded to a multiple of `unit`: the kernel behind every rounding.

    Args:
        num: dividend, any sign.
        den: divisor, 1 or more.
        mode: a `Rounding`.
        unit: 1, 10, 100, 1000 … in the unit of the amount.

    Raises:
        MoneyError: for a float or another number that is not whole, a divisor or a unit below 1, another mode.
    """
    if not isinstance(num + den + unit, int):  # a sum is whole only where all three are
        raise MoneyError(f"{num!r} / {den!r} to {unit!r}: amounts, divisors and units are whole numbers, never floats")
    if den < 1 or unit < 1:
        raise MoneyError(f"divisor {den} and unit {unit}: both are 1 or more")
    if mode not in _MODES:
        raise MoneyError(f"rounding {mode!r} is not known; write Rounding.FLOOR, Rounding.CEILING or Rounding.HALF_UP")
    step = den * unit
    whole, rest = divmod(-num if num < 0 else num, step)
    if rest and (mode == _CEILING or (mode == _HALF_UP and 2 * rest >= step)):
        whole += 1
    result = -whole * unit if num < 0 else whole * unit
    tape = TAPE.get()
    if tape is not None and rest:
        tape.append(Rounded(num, den, Rounding(mode).label, unit, result))
    return result


def _chosen(floor: int, ceiling: int, half_up: int) -> tuple[int, int]:
    if floor and not ceiling and not half_up:
        return Rounding.FLOOR, floor
    if ceiling and not floor and not half_up:
        return Rounding.CEILING, ceiling
    if half_up and not floor and not ceiling:
        return Rounding.HALF_UP, half_up
    raise MoneyError("say how the fraction is rounded: one of floor=UNIT, ceiling=UNIT, half_up=UNIT (1, 10, 100, …)")


def of(amount: int, rate: Rate, *, floor: int = 0, ceiling: int = 0, half_up: int = 0) -> int:
    """Apply a rate and round in the same call: `of(12_345, tax, floor=1)`.

    Args:
        amount: yen or sen; the result is in the same.
        rate: the exact rate.
        floor: drop what is below this unit; or
        ceiling: raise it; or
        half_up: round it, a half upwards. Exactly one of the three.

    Raises:
        MoneyError: when none or several of the three are given, or the rate is no `Rate`.
    """
    mode, unit = _chosen(floor, ceiling, half_up)
    if type(rate) is not Rate:
        raise MoneyError(f"rate {rate!r} is a {type(rate).__name__}; write Rate.parse('7.75%')")
    return quotient(amount * rate.num, rate.den, mode, unit)


def prorate(amount: int, part: int, whole: int, *, floor: int = 0, ceiling: int = 0, half_up: int = 0) -> int:
    """Return `amount × part / whole`, rounded in the same call (月割, 日割, 按分).

    Args:
        amount: yen or sen; the result is in the same.
        part: months, days, area … that count.
        whole: of how many, 1 or more.
        floor: unit to drop below; or
        ceiling: to raise to; or
        half_up: to round to.

    Raises:
        MoneyError: when none or several roundings are given, or `whole` is below 1.
    """
    mode, unit = _chosen(floor, ceiling, half_up)
    return quotient(amount * part, whole, mode, unit)


def floor_to(amount: int, unit: int) -> int:
    """Drop what is below `unit` (端数切捨て); `floor_to(1234, 10)` is 1230, `floor_to(-1234, 10)` is -1230."""
    return quotient(amount, 1, Rounding.FLOOR, unit)


def ceil_to(amount: int, unit: int) -> int:
    """Raise to `unit` (端数切上げ); `ceil_to(1231, 10)` is 1240, `ceil_to(-1231, 10)` is -1240."""
    return quotient(amount, 1, Rounding.CEILING, unit)


def half_up_to(amount: int, unit: int) -> int:
    """Round to `unit`, a half away from zero (四捨五入)."""
    return quotient(amount, 1, Rounding.HALF_UP, unit)


def round_to(amount: int, mode: int, unit: int) -> int:
    """Round to `unit` as a provision says: `mode` is a `Rounding` that an ordinance sets."""
    return quotient(amount, 1, mode, unit)


def to_yen(sen: int, *, floor: int = 0, ceiling: int = 0, half_up: int = 0) -> int:
    """Turn sen into whole yen, rounding in the same call to a unit in yen: `to_yen(436_850, floor=10)` is 4360."""
    mode, unit = _chosen(floor, ceiling, half_up)
    return quotient(sen, SEN_PER_YEN, mode, unit)


def to_sen(yen: int) -> int:
    """Turn yen into sen.

    Raises:
        MoneyError: for a float or another number that is not whole.
    """
    if not isinstance(yen, int):
        raise MoneyError(f"{yen!r} is a {type(yen).__name__}; amounts are whole yen")
    return yen * SEN_PER_YEN
