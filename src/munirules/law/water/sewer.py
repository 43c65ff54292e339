"""下水道使用料 (業務59): the charge of a period for sewerage, public or rural (農業集落排水), by the municipality's ordinance.

It is a claim of its own, even where it stands on one bill with the water charge. The volume is that of
`munirules.law.water.sewer_volume`; a reading of several months meets the table as in `munirules.law.water.bill`.

Law: 下水道法 (昭和33年法律第79号) 第20条; for rural sewerage 地方自治法 (昭和22年法律第67号) 第225条, 第228条.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import figure, monotone, multiple_of, never_above, parts_sum
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
    spans_of,
    tax_within,
    together,
    total_of,
)
from munirules.law.water.sewer_volume import DischargedVolume, SewerUse
from munirules.law.water.tariff import NO_LIMIT, ChargeRow, RentRow, Tariff, charge_row_in, less_leak
from munirules.models.declare import provision, result
from munirules.models.fields import code, count, quantity, rows, sen, yen
from munirules.money import Rounding, Sen, Yen, quotient
from munirules.tape import applied

ANY_SIZE = 0
"""Sewer charges know no meter size."""


@provision(title="下水道使用料表")
class SewerTariff(Tariff):
    """The tariff of a sewer ordinance (下水道条例) or rural sewerage ordinance (農業集落排水処理施設条例).

    Attributes:
        well_rents: rent of a well meter that the municipality lends, for one unit of the table; empty where there is none.
        persons_use: the use whose bands count persons instead of m³ (人員制); empty where there is none.
    """

    well_rents: tuple[RentRow, ...] = rows("井戸メーター使用料表", ascending="to_size", default=())
    persons_use: str = code("人員制の用途", default="")


@provision(title="下水道使用料の改定の適用")
class SewerChange:
    """By which day a tariff is chosen: that of the reading, or the first of the period."""

    key: str = code("適用の基準日", options=("reading", "period_start"), default="reading")


@result(title="下水道使用料")
class SewerBill:
    """A sewer bill: parts in yen and sen, the total in yen with tax; days of use where the period was not full."""

    days_used: int | None = count("使用日数", en="days of use", unit="日")
    billed_volume: int = quantity("請求水量", en="billed volume", unit="m³")
    base_charge: Sen = sen("基本使用料", en="base charge")
    volume_charge: Sen = sen("従量使用料", en="volume charge")
    meter_rent: Sen = sen("井戸メーター使用料", en="well meter rent")
    relief: Sen = sen("減免額", en="relief")
    subtotal: Sen = sen("小計", en="subtotal")
    consumption_tax: Yen = yen("うち消費税等", en="consumption tax")
    total: Yen = yen("請求額", en="total")


sewer_bill = Decision(
    "water.sewer",
    SewerUse,
    SewerBill,
    title="下水道使用料",
    on="検針日",
    authority="公共下水道管理者（市町村長）",
    law="下水道法第20条",
)


@sewer_bill.rule(title="使用料表の基準日", minor=True)
def tariff_day(use: SewerUse, change: SewerChange, on: date) -> date:
    """The day by which the tariff is chosen."""
    return key_day(change.key, use.previous_on, use.months, on)


@sewer_bill.rule(title="旧税率の割合", law="平成24年法律第68号附則第5条第2項・第16条第1項", minor=True)
def former_tax(use: SewerUse, tax: ConsumptionTax, on: date) -> FormerShare:
    """The share of the charge that bears the tax rate before the last change."""
    return former_tax_share(tax, use.started_on, use.previous_on, use.months, on)


@sewer_bill.rule(title="使用日数")
def days_used(
    use: SewerUse, tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")], on: date
) -> int | None:
    """Days of use where it began or stopped inside the period; none for a full period."""
    return days_in_use(tariff, use.days, use.previous_on, use.months, use.started_on, use.stopped_on, on)


@sewer_bill.rule(title="請求水量")
def billed_volume(
    use: SewerUse,
    discharged: DischargedVolume,
    tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")],
) -> int:
    """The sewage less what a leak is relieved of."""
    return less_leak(tariff.leaks, use.leak, discharged.volume, use.usual_volume)


@sewer_bill.rule(title="算定の数量", minor=True)
def charged_quantity(
    use: SewerUse, billed_volume: int, tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")]
) -> int:
    """What the bands count: m³, or, where the use is charged by persons, persons of each month."""
    if tariff.persons_use == "" or use.use != tariff.persons_use:
        return billed_volume
    if use.persons is None:
        refuse("人員制の算定に必要な使用人数の届出がない")
    return use.persons * use.months


@sewer_bill.rule(title="適用する区分")
def charged_by(use: SewerUse, tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")]) -> ChargeRow:
    """The row of the charge table."""
    return charge_row_in(tariff, use.area, use.use, ANY_SIZE)


@sewer_bill.rule(title="算定の単位", minor=True)
def spans(
    use: SewerUse,
    days_used: int | None,
    charged_quantity: int,
    charged_by: ChargeRow,
    tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")],
) -> tuple[Span, ...]:
    """The months, or dwellings, that are priced one by one."""
    days = NO_LIMIT if days_used is None else days_used
    return spans_of(tariff, charged_by, Period(use.use, ANY_SIZE, charged_quantity, use.months, days, use.dwellings))


@sewer_bill.rule(title="一月の使用料")
def span_charge(
    use: SewerUse,
    span: Span,
    charged_by: ChargeRow,
    tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")],
    tax: ConsumptionTax,
    former_tax: FormerShare,
) -> SpanCharge:
    """Base, volume charge band by band and relief of one span, taxed and rounded where that is by month."""
    return charge_of(tariff, tax, former_tax, charged_by, span, ANY_SIZE, use.relief)


@sewer_bill.rule(title="使用料の計", minor=True)
def charges(span_charge: Each[SpanCharge]) -> SpanCharge:
    """What all spans cost together."""
    return together(span_charge)


@sewer_bill.rule(title="基本使用料")
def base_charge(charges: SpanCharge) -> Sen:
    """Base of all spans."""
    return charges.base


@sewer_bill.rule(title="従量使用料")
def volume_charge(charges: SpanCharge) -> Sen:
    """Volume charge of all spans."""
    return charges.volume


@sewer_bill.rule(title="減免額")
def relief(charges: SpanCharge) -> Sen:
    """Relief of all spans."""
    return charges.relief


@sewer_bill.rule(title="井戸メーター使用料")
def meter_rent(use: SewerUse, tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")]) -> Sen:
    """Rent of the well meters that the municipality lends, month by month."""
    if use.well_meters == 0:
        return 0
    for candidate in tariff.well_rents:
        applied("井戸メーター使用料表", candidate, use.well_meters, candidate.rent)
        return quotient(candidate.rent * use.well_meters * use.months, tariff.table_months, Rounding.FLOOR)
    refuse("井戸メーターの使用料が定められていない")


@sewer_bill.rule(title="小計")
def subtotal(charges: SpanCharge, meter_rent: Sen) -> Sen:
    """The months together, with the rent of well meters."""
    return charges.amount + meter_rent


@sewer_bill.rule(title="請求額")
def total(
    subtotal: Sen,
    tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")],
    tax: ConsumptionTax,
    former_tax: FormerShare,
) -> Yen:
    """The bill with tax, rounded as the ordinance says."""
    return total_of(tariff, tax, former_tax, subtotal)


@sewer_bill.rule(title="うち消費税等")
def consumption_tax(
    subtotal: Sen,
    total: Yen,
    tariff: Annotated[SewerTariff, at("tariff_day", started="started_on")],
    tax: ConsumptionTax,
    former_tax: FormerShare,
) -> Yen:
    """The tax within the bill."""
    return tax_within(tariff, tax, former_tax, subtotal, total)


sewer_bill.holds(
    monotone("total", by="tap_volume"),
    monotone("total", by="deducted", falling=True),
    multiple_of("total", figure(SewerTariff, "round_total")),
    never_above("consumption_tax", "total"),
    parts_sum(
        "subtotal",
        ["base_charge", "volume_charge", "meter_rent"],
        less=["relief"],
        when={"days_used": None, "SewerTariff.round_month": 0, "SewerTariff.tax_each_month": False},
    ),
)
