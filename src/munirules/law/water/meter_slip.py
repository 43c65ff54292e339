"""検針票 (業務96): the figures of the slip that the reader leaves: period, volume, those before, and the expected bill.

Water and sewer stay two claims; the slip adds them for the reader only.
"""

from __future__ import annotations

from datetime import date

from munirules.calendar.rules import days_between, next_day
from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import never_above, parts_sum
from munirules.engine.parts import Each
from munirules.law.water.meter_reading import MeterReading, dial_volume
from munirules.law.water.sewer import SewerBill
from munirules.law.water.supply import WaterBill, WaterUse
from munirules.models.declare import result
from munirules.models.fields import count, day, quantity, yen
from munirules.money import Yen


@result(title="検針票")
class MeterSlip:
    """The figures of a slip.

    Attributes:
        period_from: first day of the period.
        period_to: its last, the day of the reading.
        days: days of the period.
        volume: m³ read, or determined in place of a reading.
        last_volume: m³ of the reading before; None where there was none.
        same_season_volume: m³ read in the same month of last year; None where there was none.
        water_charge: the expected water bill.
        sewer_charge: the expected sewer bill.
        consumption_tax: the consumption tax within both.
        total: both together.
    """

    period_from: date = day("使用期間（自）", en="from")
    period_to: date = day("使用期間（至）", en="to")
    days: int = count("使用日数", en="days", unit="日")
    volume: int = quantity("今回使用水量", en="volume", unit="m³")
    last_volume: int | None = quantity("前回使用水量", en="last volume", unit="m³")
    same_season_volume: int | None = quantity("前年同期使用水量", en="volume of the same season", unit="m³")
    water_charge: Yen = yen("水道料金", en="water charge")
    sewer_charge: Yen = yen("下水道使用料", en="sewer charge")
    consumption_tax: Yen = yen("うち消費税等", en="consumption tax")
    total: Yen = yen("請求予定額", en="expected claim")


meter_slip = Decision(
    "water.meter_slip",
    MeterReading,
    MeterSlip,
    title="検針票",
    on="検針日",
    authority="水道事業管理者（市町村長）",
)


@meter_slip.rule(title="使用期間（自）")
def period_from(reading: MeterReading) -> date:
    """The day after the reading before."""
    return next_day(reading.previous_on)


@meter_slip.rule(title="使用期間（至）")
def period_to(on: date) -> date:
    """The day of the reading."""
    return on


@meter_slip.rule(title="使用日数")
def days(period_from: date, period_to: date) -> int:
    """Days of the period, both counted."""
    return days_between(period_from, period_to)


@meter_slip.rule(title="今回使用水量")
def volume(reading: MeterReading) -> int:
    """What was determined, else what the dial shows; it turned over where it shows less than before."""
    if reading.deemed_volume is not None:
        return reading.deemed_volume
    if reading.current is None:
        refuse("検針ができず、使用水量の認定もされていない")
    return dial_volume(reading)


@meter_slip.rule(title="前回使用水量")
def last_volume(reading: MeterReading) -> int | None:
    """The volume of the reading before."""
    return None if len(reading.history) == 0 else reading.history[0].volume


@meter_slip.rule(title="前年同期使用水量")
def same_season_volume(reading: MeterReading, on: date) -> int | None:
    """The volume read in the same month of last year."""
    for past in reading.history:
        if past.read_on.year == on.year - 1 and past.read_on.month == on.month:
            return past.volume
    return None


@meter_slip.rule(title="水道料金")
def water_charge(uses: Each[WaterUse], bills: Each[WaterBill], volume: int) -> Yen:
    """The expected water bill; it must be one of the volume read."""
    billed = sum([use.volume for use in uses])
    if len(uses) > 0 and billed != volume:
        refuse("料金を算定する使用水量が検針の使用水量と一致しない")
    return sum([bill.total for bill in bills])


@meter_slip.rule(title="下水道使用料")
def sewer_charge(bills: Each[SewerBill]) -> Yen:
    """The expected sewer bill."""
    return sum([bill.total for bill in bills])


@meter_slip.rule(title="うち消費税等")
def consumption_tax(water: Each[WaterBill], sewer: Each[SewerBill]) -> Yen:
    """The consumption tax within both."""
    return sum([bill.consumption_tax for bill in water]) + sum([bill.consumption_tax for bill in sewer])


@meter_slip.rule(title="請求予定額")
def total(water_charge: Yen, sewer_charge: Yen) -> Yen:
    """Both together."""
    return water_charge + sewer_charge


meter_slip.holds(
    parts_sum("total", ["water_charge", "sewer_charge"]),
    never_above("consumption_tax", "total"),
)
