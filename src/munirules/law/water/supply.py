"""水道料金 (業務59): the bill of a metered period, by the water supply ordinance (給水条例) of the municipality.

Law: 水道法 (昭和32年法律第177号) 第14条 (供給規程), 地方自治法 第225条 and 第228条 for tariffs by ordinance; the consumption tax and
its transition in `munirules.law.tax.consumption`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from munirules.calendar import add_months, next_day
from munirules.engine.decision import Decision
from munirules.engine.parts import Each, at
from munirules.law.tax.consumption import ConsumptionTax, FormerShare, former_share
from munirules.law.water.bill import (
    Period,
    Span,
    base_of,
    due_of,
    relief_of,
    rent_of,
    span_amount_of,
    spans_of,
    tax_within,
    total_of,
    volume_of,
)
from munirules.law.water.tariff import NO_LIMIT, ChargeRow, Tariff, charge_row, relieved
from munirules.models.declare import facts, provision, result
from munirules.models.fields import code, count, day, quantity, sen, yen
from munirules.money import Sen, Yen


@facts(title="水道の使用")
class WaterUse:
    """What a meter showed for one billing period.

    Attributes:
        use: use class as the ordinance names it (家事用, 一般用 …).
        meter_size: size of the meter in mm.
        volume: m³ metered.
        months: months of the reading, 1 or 2.
        days: days of use, when it began or ended inside the period; None for a full period.
        previous_on: day of the reading before, or the day before the use began; None for `months` before this reading.
        started_on: when the supply began; None for before any change of tariff or tax that matters.
        dwellings: dwellings behind the meter.
        usual_volume: with a leak, the volume of a usual period.
        leak: kind of the leak as the municipality names it.
        relief: ground of relief (減免) as the municipality names it; empty for none.
    """

    use: str = code("用途", en="use", default="一般用")
    meter_size: int = quantity("口径", en="meter size", unit="mm", minimum=10)
    volume: int = quantity("使用水量", en="volume", unit="m³")
    months: int = count("月数", en="months", minimum=1, maximum=2)
    days: int | None = count("使用日数", en="days of use", unit="日", minimum=1, maximum=93, default=None)
    previous_on: date | None = day("前回検針日", en="previous reading", default=None)
    started_on: date | None = day("使用開始日", en="start of supply", default=None)
    dwellings: int = count("戸数", en="dwellings", unit="戸", minimum=1, default=1)
    usual_volume: int | None = quantity("通常の使用水量", en="usual volume", unit="m³", default=None)
    leak: str = code("漏水の種類", en="kind of leak", default="")
    relief: str = code("減免の事由", en="ground of relief", default="")


@provision(title="水道料金表")
class WaterTariff(Tariff):
    """The tariff of a water supply ordinance (給水条例)."""


@provision(title="水道料金の改定の適用")
class WaterChange:
    """By which day a tariff is chosen: that of the reading, or the first of the period."""

    key: str = code("適用の基準日", options=("reading", "period_start"), default="reading")


@result(title="水道料金")
class WaterBill:
    """A water bill: parts in yen and sen, the total in yen with tax."""

    billed_volume: int = quantity("請求水量", en="billed volume", unit="m³")
    base_charge: Sen = sen("基本料金", en="base charge")
    volume_charge: Sen = sen("従量料金", en="volume charge")
    meter_rent: Sen = sen("メーター使用料", en="meter rent")
    relief: Sen = sen("減免額", en="relief")
    subtotal: Sen = sen("小計", en="subtotal")
    consumption_tax: Yen = yen("うち消費税等", en="consumption tax")
    total: Yen = yen("請求額", en="total")


water_bill = Decision(
    "water.supply",
    WaterUse,
    WaterBill,
    title="水道料金",
    on="検針日",
    authority="水道事業管理者（市町村長）",
    law="水道法第14条",
)


@water_bill.rule(title="前回検針日")
def previous_reading(use: WaterUse, on: date) -> date:
    """The day on which the charge was fixed before."""
    if use.previous_on is not None:
        return use.previous_on
    return add_months(on, -use.months, on_overflow="clip")


@water_bill.rule(title="料金表の基準日")
def tariff_day(previous_reading: date, change: WaterChange, on: date) -> date:
    """The day by which the tariff is chosen."""
    return on if change.key == "reading" else next_day(previous_reading)


@water_bill.rule(title="旧税率の割合", law="平成24年法律第68号附則第5条第2項・第16条第1項")
def former_tax(use: WaterUse, previous_reading: date, tax: ConsumptionTax, on: date) -> FormerShare:
    """The share of the charge that bears the tax rate before the last change."""
    return former_share(tax, use.started_on, previous_reading, on)


@water_bill.rule(title="請求水量")
def billed_volume(use: WaterUse, tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")]) -> int:
    """The metered volume less what a leak is relieved of."""
    if use.usual_volume is None:
        return use.volume
    return use.volume - relieved(tariff.leaks, use.leak, use.volume, use.usual_volume)


@water_bill.rule(title="適用する区分")
def charged_by(use: WaterUse, tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")]) -> ChargeRow:
    """The row of the charge table."""
    size = tariff.dwelling_size if use.dwellings > 1 and tariff.dwelling_size > 0 else use.meter_size
    return charge_row(tariff, use.use, size)


@water_bill.rule(title="算定の単位")
def spans(
    use: WaterUse,
    billed_volume: int,
    charged_by: ChargeRow,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
) -> tuple[Span, ...]:
    """The months, or dwellings, that are priced one by one."""
    days = NO_LIMIT if use.days is None else use.days
    period = Period(use.use, use.meter_size, billed_volume, use.months, days, use.dwellings)
    return spans_of(tariff, charged_by, period)


@water_bill.rule(title="一月の基本料金")
def span_base(
    span: Span, charged_by: ChargeRow, tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")]
) -> Sen:
    """Base of one span, all its pieces together."""
    return base_of(tariff, charged_by, span) * span.times


@water_bill.rule(title="一月の従量料金")
def span_volume(
    span: Span, charged_by: ChargeRow, tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")]
) -> Sen:
    """Volume charge of one span, band by band, all its pieces together."""
    return volume_of(tariff, charged_by, span) * span.times


@water_bill.rule(title="一月のメーター使用料")
def span_rent(span: Span, use: WaterUse, tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")]) -> Sen:
    """Meter rent of one span."""
    return rent_of(tariff, use.meter_size, span)


@water_bill.rule(title="一月の減免額")
def span_relief(
    use: WaterUse,
    span_base: Sen,
    span_volume: Sen,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
) -> Sen:
    """Relief of one span."""
    return relief_of(tariff, use.relief, span_base, span_volume)


@water_bill.rule(title="一月の料金")
def span_amount(
    span: Span,
    span_base: Sen,
    span_volume: Sen,
    span_rent: Sen,
    span_relief: Sen,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
    tax: ConsumptionTax,
    former_tax: FormerShare,
) -> Sen:
    """What is due of one span, taxed and rounded where the ordinance does so month by month."""
    due = due_of(tariff, span, span_base + span_volume - span_relief)
    return span_amount_of(tariff, tax, former_tax, span, due, span_rent)


@water_bill.rule(title="基本料金")
def base_charge(span_base: Each[Sen]) -> Sen:
    """Base of all spans."""
    return sum(span_base)


@water_bill.rule(title="従量料金")
def volume_charge(span_volume: Each[Sen]) -> Sen:
    """Volume charge of all spans."""
    return sum(span_volume)


@water_bill.rule(title="メーター使用料")
def meter_rent(span_rent: Each[Sen]) -> Sen:
    """Meter rent of all spans; one meter has one rent, however many dwellings it serves."""
    return sum(span_rent)


@water_bill.rule(title="減免額")
def relief(span_relief: Each[Sen]) -> Sen:
    """Relief of all spans."""
    return sum(span_relief)


@water_bill.rule(title="小計")
def subtotal(span_amount: Each[Sen]) -> Sen:
    """The months together."""
    return sum(span_amount)


@water_bill.rule(title="請求額")
def total(
    subtotal: Sen,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
    tax: ConsumptionTax,
    former_tax: FormerShare,
) -> Yen:
    """The bill with tax, rounded as the ordinance says."""
    return total_of(tariff, tax, former_tax, subtotal)


@water_bill.rule(title="うち消費税等")
def consumption_tax(
    subtotal: Sen,
    total: Yen,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
    tax: ConsumptionTax,
    former_tax: FormerShare,
) -> Yen:
    """The tax within the bill."""
    return tax_within(tariff, tax, former_tax, subtotal, total)
