"""Declared classes with a field of every kind, for tests of declaring, reading and writing."""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import NamedTuple

from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import (
    choice,
    code,
    count,
    day,
    flag,
    quantity,
    rate,
    reference,
    rows,
    sen,
    text,
    yen,
)
from munirules.money import Rate, Sen, Yen


class Use(IntEnum):
    """What water is used for."""

    HOME = 1
    TRADE = 2


class Colour(IntEnum):
    """Something else with numbers."""

    RED = 1


@row
class Band:
    """One band."""

    use: Use = choice("用途")
    above: int = count("超")
    price: int = sen("単価")


@facts
class Person:
    """One of several. A second line."""

    id: str = code("番号")
    parent: str | None = reference("親", default=None)


@facts(title="すべて")
class Everything:
    """A field of every kind."""

    amount: int = yen("金額")
    debt: int = yen("差額", minimum=None, default=0)
    fee: int = sen("料金")
    months: int = count("月数", minimum=1, maximum=12)
    volume: int = quantity("水量", unit="m³")
    share: Rate = rate("割合")
    since: date = day("始期")
    own: bool = flag("自己所有")
    use: Use = choice("用途")
    size: str = code("口径", options=("13", "20"))
    note: str = text("備考", default="")
    bands: tuple[Band, ...] = rows("料金表", ascending="above", within="use", default=())
    people: tuple[Person, ...] = rows("人", default=())
    plain: Yen = 0
    plain_sens: tuple[Sen, ...] = ()
    plain_days: tuple[date, ...] = ()
    maybe: date | None = None
    band: Band | None = None


class Line(NamedTuple):
    """A record that a rule makes."""

    use: Use
    amount: Sen
    days: tuple[date, ...]
    note: str | None


@result
class Bill:
    """An answer."""

    total: Yen
    part: Sen
    sens: tuple[Sen, ...]
    lines: tuple[Line, ...]
    whole: bool


@provision
class Rates:
    """What the law sets."""

    rate: Rate = rate("率", by="nation")
    limit: int = yen("上限", national="ceiling")


EVERYTHING = {
    "amount": 1200,
    "fee": 157,
    "months": 2,
    "volume": 38,
    "share": "7.75%",
    "since": "2026-04-01",
    "own": True,
    "use": "home",
    "size": "13",
}
"""The least data of `Everything`."""
