"""A business of a fictional city: small rules in which every kind of fault can be made."""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import Decision, refuse
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, rows, yen
from munirules.money import Rate, Rounding, Yen, floor_to, of

HALF = 2
FREE = "free"


@facts(title="使用")
class HallUse:
    """A use of the hall."""

    hours: int = count("時間", unit="時間", minimum=1, maximum=24)
    persons: int = count("人数", unit="人", default=1)
    purpose: str = code("目的", options=("meeting", "concert", FREE), default="meeting")


@row(title="料金")
class HallFee:
    """The fee of so many hours."""

    above: int = count("時間（超）", unit="時間")
    price: int = yen("単価")


@provision(title="使用料")
class HallFees:
    """Fees by hours."""

    fees: tuple[HallFee, ...] = rows("料金表", ascending="above")
    least: int = yen("最低額")
    most: int = yen("最高額")
    rounding: Rounding = choice("端数処理", default=Rounding.FLOOR)


@result(title="使用料")
class HallBill:
    """What is paid."""

    base: Yen = yen("基本額")
    total: Yen = yen("請求額")


hall = Decision("fees.hall", HallUse, HallBill, title="会館使用料", on="使用日", authority="市長")


@hall.rule(title="基本額", since=date(2020, 4, 1))
def base(use: HallUse, fees: HallFees) -> Yen:
    """Hour by hour."""
    if use.hours > 12 and use.purpose != "concert":
        refuse("十二時間を超える使用は、演奏会に限る")
    total = 0
    for hour in range(use.hours):
        price = 0
        for fee in fees.fees:
            if hour >= fee.above:
                price = fee.price
        total += price
    return between(total, fees.least, fees.most)


@hall.rule(title="請求額", since=date(2020, 4, 1))
def total(use: HallUse, base: Yen, fees: HallFees) -> Yen:
    """With what many persons pay more."""
    if use.purpose == FREE:
        return 0
    more = of(base, Rate(use.persons, 100), floor=1) if use.persons >= 50 else 0
    return floor_to(base + more, 10) if base // HALF > 541 else base + more


def between(amount: int, low: int, high: int) -> int:
    """An amount within two others."""
    return max(low, min(amount, high))


@result(title="一時間当たり")
class Share:
    """What each further hour costs."""

    share: Yen = yen("一時間当たりの額")


broken = Decision("fees.share", HallUse, Share, title="一時間当たりの額", on="使用日", authority="市長")


@broken.rule(title="一時間当たりの額")
def share(use: HallUse, fees: HallFees) -> Yen:
    """The least fee by the hours after the first; it forgets that there may be none."""
    return fees.least // (use.hours - 1)
