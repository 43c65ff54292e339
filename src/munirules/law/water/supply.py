"""水道料金 (業務59): the bill of a metered period, by the water supply ordinance (給水条例) of the municipality.

Law: 水道法 (昭和32年法律第177号) 第14条 (供給規程), 地方自治法 第225条 and 第228条 for tariffs by ordinance; the consumption tax and
its transition in `munirules.law.tax.consumption`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, NamedTuple

from munirules.engine.decision import Decision
from munirules.engine.holds import figure, monotone, multiple_of, never_above, no_jump, parts_sum
from munirules.engine.parts import Each, at
from munirules.law.tax.consumption import ConsumptionTax, FormerShare
from munirules.law.water.bill import (
    Period,
    Span,
    SpanCharge,
    charge_of,
    days_in_use,
    former_tax_share,
    key_day,
    month_total,
    spans_of,
    tax_within,
    together,
    total_of,
)
from munirules.law.water.tariff import NO_LIMIT, ChargeRow, Tariff, charge_row_in, less_leak
from munirules.models.declare import facts, provision, result
from munirules.models.fields import code, count, day, quantity, sen, yen
from munirules.money import Sen, Yen


@facts(title="水道の使用")
class WaterUse:
    """What a meter showed for one billing period.

    Attributes:
        id: number of the connection (水栓番号), where several stand side by side.
        area: area of the municipality, where it has several tariffs.
        use: use class as the ordinance names it (家事用, 一般用 …).
        meter_size: size of the meter in mm.
        volume: m³ metered.
        months: months of the reading.
        days: days of use, when it began or stopped inside the period; None where the dates below say it.
        previous_on: day of the reading before; None for `months` before this reading.
        started_on: when the supply began; None for before any change of tariff or tax that matters.
        stopped_on: when the supply stopped; None where it goes on.
        dwellings: dwellings behind the meter.
        usual_volume: with a leak, the volume of a usual period.
        leak: kind of the leak as the municipality names it.
        relief: ground of relief (減免) as the municipality names it; empty for none.
    """

    id: str = code("水栓番号", en="connection", default="")
    area: str = code("区域", en="area", default="")
    use: str = code("用途", en="use", default="一般用")
    meter_size: int = quantity("口径", en="meter size", unit="mm", minimum=10)
    volume: int = quantity("使用水量", en="volume", unit="m³")
    months: int = count("月数", en="months", minimum=1, maximum=12)
    days: int | None = count("使用日数", en="days of use", unit="日", minimum=1, maximum=366, default=None)
    previous_on: date | None = day("前回検針日", en="previous reading", default=None)
    started_on: date | None = day("使用開始日", en="start of supply", default=None)
    stopped_on: date | None = day("使用中止日", en="end of supply", default=None)
    dwellings: int = count("戸数", en="dwellings", unit="戸", minimum=1, default=1)
    usual_volume: int | None = quantity("通常の使用水量", en="usual volume", unit="m³", default=None)
    leak: str = code("漏水の種類", en="kind of leak", default="")
    relief: str = code("減免の事由", en="ground of relief", default="")

    def invariants(self) -> Iterator[str]:
        """The dates of a period stand in order, and a leak has a usual volume."""
        if self.started_on is not None and self.stopped_on is not None and self.stopped_on < self.started_on:
            yield "stopped_on (使用中止日): before started_on (使用開始日)"
        if self.previous_on is not None and self.stopped_on is not None and self.stopped_on < self.previous_on:
            yield "stopped_on (使用中止日): before previous_on (前回検針日)"
        if self.leak and self.usual_volume is None:
            yield "usual_volume (通常の使用水量): missing; a leak is relieved by it"


@provision(title="水道料金表")
class WaterTariff(Tariff):
    """The tariff of a water supply ordinance (給水条例)."""


@provision(title="水道料金の改定の適用")
class WaterChange:
    """By which day a tariff is chosen: that of the reading, or the first of the period."""

    key: str = code("適用の基準日", options=("reading", "period_start"), default="reading")


@result(title="水道料金")
class WaterBill:
    """A water bill: parts in yen and sen, the total in yen with tax; days of use where the period was not full."""

    days_used: int | None = count("使用日数", en="days of use", unit="日")
    billed_volume: int = quantity("請求水量", en="billed volume", unit="m³")
    base_charge: Sen = sen("基本料金", en="base charge")
    volume_charge: Sen = sen("従量料金", en="volume charge")
    meter_rent: Sen = sen("メーター使用料", en="meter rent")
    relief: Sen = sen("減免額", en="relief")
    subtotal: Sen = sen("小計", en="subtotal")
    consumption_tax: Yen = yen("うち消費税等", en="consumption tax")
    total: Yen = yen("請求額", en="total")


@facts(title="推定による請求")
class EstimatedBills:
    """What was billed for the months before a reading on estimates of their volume (冬期の推定, 隔月検針の毎月請求)."""

    billed: int = yen("推定による請求額", en="billed on estimates")


@result(title="推定水量の精算")
class WaterSettlement:
    """What the months since the last reading cost by their volume, and what is still due; negative is paid back."""

    charged: Yen = yen("精算後の料金", en="charged")
    billed: Yen = yen("請求済額", en="billed before")
    due: Yen = yen("精算額", en="due", minimum=None)


water_bill = Decision(
    "water.supply",
    WaterUse,
    WaterBill,
    title="水道料金",
    on="検針日",
    authority="水道事業管理者（市町村長）",
    law="水道法第14条",
)

water_settlement = Decision(
    "water.supply.settlement",
    WaterUse,
    WaterSettlement,
    title="推定水量の精算",
    on="検針日",
    authority="水道事業管理者（市町村長）",
    law="水道法第14条",
)


@water_settlement.rule(title="料金表の基準日", minor=True)
@water_bill.rule(title="料金表の基準日", minor=True)
def tariff_day(use: WaterUse, change: WaterChange, on: date) -> date:
    """The day by which the tariff is chosen."""
    return key_day(change.key, use.previous_on, use.months, on)


@water_settlement.rule(title="旧税率の割合", law="平成24年法律第68号附則第5条第2項・第16条第1項", minor=True)
@water_bill.rule(title="旧税率の割合", law="平成24年法律第68号附則第5条第2項・第16条第1項", minor=True)
def former_tax(use: WaterUse, tax: ConsumptionTax, on: date) -> FormerShare:
    """The share of the charge that bears the tax rate before the last change."""
    return former_tax_share(tax, use.started_on, use.previous_on, use.months, on)


@water_bill.rule(title="使用日数")
def days_used(
    use: WaterUse, tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")], on: date
) -> int | None:
    """Days of use where it began or stopped inside the period; none for a full period."""
    return days_in_use(tariff, use.days, use.previous_on, use.months, use.started_on, use.stopped_on, on)


@water_settlement.rule(title="請求水量")
@water_bill.rule(title="請求水量")
def billed_volume(use: WaterUse, tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")]) -> int:
    """The metered volume less what a leak is relieved of."""
    return less_leak(tariff.leaks, use.leak, use.volume, use.usual_volume)


@water_settlement.rule(title="適用する区分")
@water_bill.rule(title="適用する区分")
def charged_by(use: WaterUse, tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")]) -> ChargeRow:
    """The row of the charge table."""
    size = tariff.dwelling_size if use.dwellings > 1 and tariff.dwelling_size > 0 else use.meter_size
    return charge_row_in(tariff, use.area, use.use, size)


@water_bill.rule(title="算定の単位", minor=True)
def spans(
    use: WaterUse,
    days_used: int | None,
    billed_volume: int,
    charged_by: ChargeRow,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
) -> tuple[Span, ...]:
    """The months, or dwellings, that are priced one by one."""
    days = NO_LIMIT if days_used is None else days_used
    return spans_of(tariff, charged_by, Period(use.use, use.meter_size, billed_volume, use.months, days, use.dwellings))


@water_bill.rule(title="各月の料金")
def span_charge(
    use: WaterUse,
    span: Span,
    charged_by: ChargeRow,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
    tax: ConsumptionTax,
    former_tax: FormerShare,
) -> SpanCharge:
    """Base, volume charge band by band, meter rent and relief of one span, taxed and rounded where that is by month."""
    return charge_of(tariff, tax, former_tax, charged_by, span, use.meter_size, use.relief)


@water_bill.rule(title="料金の計", minor=True)
def charges(span_charge: Each[SpanCharge]) -> SpanCharge:
    """What all spans cost together."""
    return together(span_charge)


@water_bill.rule(title="基本料金")
def base_charge(charges: SpanCharge) -> Sen:
    """Base of all spans."""
    return charges.base


@water_bill.rule(title="従量料金")
def volume_charge(charges: SpanCharge) -> Sen:
    """Volume charge of all spans."""
    return charges.volume


@water_bill.rule(title="メーター使用料")
def meter_rent(charges: SpanCharge) -> Sen:
    """Meter rent of all spans; one meter has one rent, however many dwellings it serves."""
    return charges.rent


@water_bill.rule(title="減免額")
def relief(charges: SpanCharge) -> Sen:
    """Relief of all spans."""
    return charges.relief


@water_bill.rule(title="小計")
def subtotal(charges: SpanCharge) -> Sen:
    """The months together."""
    return charges.amount


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


class SettledMonths(NamedTuple):
    """So many months of one volume, into which the volume since the last reading is shared out."""

    volume: Annotated[int, "水量"]
    months: Annotated[int, "月数"]


@water_settlement.rule(title="各月の使用水量")
def settled_months(use: WaterUse, billed_volume: int) -> tuple[SettledMonths, ...]:
    """The volume since the last reading in equal months, the odd m³ one to a month."""
    odd = billed_volume % use.months
    rest = SettledMonths(billed_volume // use.months, use.months - odd)
    if odd == 0:
        return (rest,)
    return (SettledMonths(billed_volume // use.months + 1, odd), rest)


@water_settlement.rule(title="一月の請求額")
def month_bill(
    use: WaterUse,
    shared: SettledMonths,
    charged_by: ChargeRow,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
    tax: ConsumptionTax,
    former_tax: FormerShare,
) -> Yen:
    """The bill of one month of that volume."""
    month = Period(use.use, use.meter_size, shared.volume, 1, NO_LIMIT, use.dwellings)
    return month_total(tariff, tax, former_tax, charged_by, month, use.relief)


@water_settlement.rule(title="精算後の料金")
def charged(settled_months: tuple[SettledMonths, ...], month_bill: Each[Yen]) -> Yen:
    """All months together."""
    total = 0
    for index, bill in enumerate(month_bill):
        total += bill * settled_months[index].months
    return total


@water_settlement.rule(title="請求済額")
def billed(bills: EstimatedBills) -> Yen:
    """What was billed on estimates."""
    return bills.billed


@water_settlement.rule(title="精算額")
def due(charged: Yen, billed: Yen) -> Yen:
    """What is still due; negative is paid back or set off."""
    return charged - billed


water_bill.holds(
    monotone("total", by="volume"),
    multiple_of("total", figure(WaterTariff, "round_total")),
    never_above("consumption_tax", "total"),
    parts_sum(
        "subtotal",
        ["base_charge", "volume_charge", "meter_rent"],
        less=["relief"],
        when={"days_used": None, "WaterTariff.round_month": 0, "WaterTariff.tax_each_month": False},
    ),
    no_jump(
        "volume_charge",
        by="volume",
        at_most=figure(WaterTariff, "bands.price"),
        when={"days_used": None, "usual_volume": None, "WaterTariff.bands.lump": 0},
    ),
)

water_settlement.holds(
    parts_sum("charged", ["due", "billed"]),
    monotone("charged", by="volume"),
    monotone("due", by="EstimatedBills.billed", falling=True),
)
