"""富岡市: a leak is relieved in money, by a share of what the leaked volume costs that leaps at multiples of the usual."""

from __future__ import annotations

from typing import Annotated

from munirules import Each, at, provision, row
from munirules.law.water.bill import SpanCharge
from munirules.law.water.supply import WaterTariff, WaterUse, water_bill
from munirules.law.water.tariff import ChargeRow, price
from munirules.models.fields import count, rows
from munirules.money import Sen, prorate


@row(title="漏水の減免割合")
class LeakShare:
    """Above so many times the usual volume, this share of the price of all that leaked is not charged."""

    above: int = count("通常水量の倍数（超）")
    percent: int = count("減額の割合", unit="%")


@provision(title="漏水の減免")
class LeakRelief:
    """The shares by multiples of the usual volume."""

    shares: tuple[LeakShare, ...] = rows("漏水の減免割合", ascending="above")


@water_bill.replaces("billed_volume", law="富岡市給水条例施行規程第11条")
def metered_volume(use: WaterUse) -> int:
    """The whole volume is billed; the relief is in money."""
    return use.volume


@water_bill.replaces("relief", law="富岡市給水条例施行規程第11条")
def relief_in_money(
    use: WaterUse,
    volume_charge: Sen,
    charged_by: ChargeRow,
    leak: LeakRelief,
    tariff: Annotated[WaterTariff, at("tariff_day", started="started_on")],
) -> Sen:
    """A share of what the metered volume costs above the usual one."""
    if use.usual_volume is None:
        return 0
    percent = 0
    for step in leak.shares:
        if use.volume > step.above * use.usual_volume:
            percent = step.percent
    usual = price(
        tariff.bands, charged_by.bands, use.usual_volume, charged_by.included, use.months, tariff.table_months
    )
    return prorate(volume_charge - usual, percent, 100, floor=100)


@water_bill.replaces("subtotal")
def less_relief(span_charge: Each[SpanCharge], relief: Sen) -> Sen:
    """The months together, less the relief."""
    total = 0
    for charge in span_charge:
        total += charge.amount
    return total - relief
