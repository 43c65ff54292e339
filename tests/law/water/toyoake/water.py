"""豊明市: a period over a change of tariff is charged by both, the base by half months and the volume by days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from munirules import at, provision, row
from munirules.calendar import days_within, next_day, previous_day
from munirules.law.water.bill import previous_reading
from munirules.law.water.sewer import SewerTariff, sewer_bill
from munirules.law.water.sewer_volume import SewerUse
from munirules.law.water.tariff import charge_row, price
from munirules.models.fields import count, day, rows
from munirules.money import Sen, prorate

ANY_SIZE = 0
HALVES = 4


@row(title="半月の数")
class HalfMonths:
    """Above so many days a period counts so many half months."""

    above: int = count("日数（超）", unit="日")
    halves: int = count("半月の数")


@provision(title="改定をまたぐ検針期間")
class ChangeInside:
    """The change, from how many days a period is a full one, and the half months of so many days."""

    changed_on: date = day("改定日")
    full_days: int = count("2か月とする日数", unit="日")
    halves: tuple[HalfMonths, ...] = rows("半月の表", ascending="above")


class Sides(NamedTuple):
    """How much of a period lies before the change: half months of the base, days of all days."""

    halves: int
    days: int
    of_days: int


def sides(change: ChangeInside, previous_on: date, on: date) -> Sides:
    """Share a period out to both sides of the change; a period that is not full belongs to its first day."""
    first = next_day(previous_on)
    of_days = days_within(first, on, first, on)
    days = days_within(first, on, first, previous_day(change.changed_on)) if first < change.changed_on else 0
    if days in (0, of_days) or of_days < change.full_days:
        return Sides(HALVES, of_days, of_days)  # one tariff, that of the first day
    halves = 0
    for step in change.halves:
        if days > step.above:
            halves = step.halves
    return Sides(halves, days, of_days)


@sewer_bill.replaces("base_charge", law="平成29年4月改定の経過措置")
def base_by_half_months(
    use: SewerUse,
    change: ChangeInside,
    before: Annotated[SewerTariff, at("tariff_day", started="started_on")],
    after: Annotated[SewerTariff, at("on")],
    on: date,
) -> Sen:
    """The base of each side by its half months."""
    own = sides(change, previous_reading(use.previous_on, use.months, on), on)
    old = charge_row(before, use.use, ANY_SIZE).base
    new = charge_row(after, use.use, ANY_SIZE).base
    return prorate(old, own.halves, HALVES, floor=100) + prorate(new, HALVES - own.halves, HALVES, floor=100)


@sewer_bill.replaces("volume_charge", law="平成29年4月改定の経過措置")
def volume_by_days(
    use: SewerUse,
    billed_volume: int,
    change: ChangeInside,
    before: Annotated[SewerTariff, at("tariff_day", started="started_on")],
    after: Annotated[SewerTariff, at("on")],
    on: date,
) -> Sen:
    """The whole volume priced by each tariff, by the days of its side, each floored to the yen."""
    own = sides(change, previous_reading(use.previous_on, use.months, on), on)
    old = price(before.bands, "", billed_volume, 0, 1, 1)
    new = price(after.bands, "", billed_volume, 0, 1, 1)
    left = own.of_days - own.days
    return prorate(old, own.days, own.of_days, floor=100) + prorate(new, left, own.of_days, floor=100)


@sewer_bill.replaces("subtotal")
def both_together(base_charge: Sen, volume_charge: Sen) -> Sen:
    """Base and volume charge of both sides."""
    return base_charge + volume_charge
