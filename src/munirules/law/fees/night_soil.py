"""し尿処理 (業務61): what is charged for emptying a privy, by volume or by household and head.

Law: 廃棄物の処理及び清掃に関する法律 (昭和45年法律第137号) 第6条の2 (処理), 地方自治法 第227条・第228条第1項 (手数料条例). The charge is for a
service that is bought, so that it bears consumption tax.
"""

from __future__ import annotations

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import figure, monotone, multiple_of, never_above
from munirules.law.fees.taxation import FeeTaxation, tax_within, with_tax
from munirules.law.tax.consumption import ConsumptionTax
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, quantity, rows, yen
from munirules.money import Rounding, Yen, quotient
from munirules.tape import applied

ANY = ""
"""In a row's `use`: whatever it is."""


@facts(title="し尿のくみ取り")
class NightSoil:
    """What was carried away, or who lives there.

    Attributes:
        use: class of use as the ordinance names it (一般家庭, 事業所 …); empty where it names one only.
        volume: litres carried away, where the volume counts.
        persons: persons of the household, where heads count.
        months: months that are charged at once, where heads count.
        tanks: tanks of an improved toilet (簡易水洗便所).
        hose: metres of hose that were needed.
    """

    use: str = code("用途", en="use", default=ANY)
    volume: int = quantity("くみ取り量", en="volume", unit="L", default=0)
    persons: int = count("人数", en="persons", unit="人", default=0)
    months: int = count("月数", en="months", unit="月", minimum=1, maximum=12, default=1)
    tanks: int = count("簡易水洗便所の便槽数", en="tanks of an improved toilet", default=0)
    hose: int = quantity("ホースの長さ", en="hose", unit="m", default=0)


@row(title="従量料金")
class VolumeRow:
    """A part of the charge by volume: a base up to so many litres, then so much for each step begun."""

    use: str = code("用途", default=ANY)
    part: str = code("料金の種類", default="")
    base: Yen = yen("基本料金", default=0)
    included: int = quantity("基本料金に含む量", unit="L", default=0)
    step: int = quantity("加算の単位", unit="L", minimum=1)
    price: Yen = yen("単価")


@row(title="人頭料金")
class HeadRow:
    """The charge of a month for a household and each of its persons."""

    use: str = code("用途", default=ANY)
    household: Yen = yen("世帯割（月額）", default=0)
    person: Yen = yen("人頭割（月額）", default=0)
    tank: Yen = yen("簡易水洗便所の加算（月額・便槽）", default=0)


@row(title="ホースの加算")
class HoseRow:
    """What a hose longer than so many metres adds."""

    above: int = quantity("ホースの長さ（超）", unit="m")
    price: Yen = yen("加算額")


@provision(title="し尿処理手数料表")
class NightSoilTariff:
    """The tariff of an ordinance.

    Attributes:
        volumes: charges by volume; all rows of a use count together (くみ取り and 投入処理, say).
        heads: charges by household and head; the first row of a use counts.
        hoses: additions for long hoses; the last row that fits counts.
        tax: whether the amounts hold consumption tax or it is added.
        round_total: unit to which the total is rounded.
        rounding: how.
    """

    volumes: tuple[VolumeRow, ...] = rows("従量料金表", default=())
    heads: tuple[HeadRow, ...] = rows("人頭料金表", default=())
    hoses: tuple[HoseRow, ...] = rows("ホースの加算表", ascending="above", default=())
    tax: str = code("消費税", options=("included", "excluded"))
    round_total: int = yen("請求額の端数単位", minimum=1)
    rounding: Rounding = choice("端数処理", default=Rounding.FLOOR)


@result(title="し尿処理手数料")
class NightSoilCharge:
    """The charge with tax."""

    by_volume: Yen = yen("従量料金", en="charge by volume")
    by_head: Yen = yen("人頭料金", en="charge by head")
    additions: Yen = yen("加算額", en="additions")
    total: Yen = yen("請求額", en="total")
    consumption_tax: Yen = yen("うち消費税等", en="consumption tax")


night_soil = Decision(
    "fees.night_soil",
    NightSoil,
    NightSoilCharge,
    title="し尿処理手数料",
    on="くみ取り日・算定月の初日",
    authority="市町村長",
    law="地方自治法第227条・第228条第1項",
)


def steps_over(volume: int, charge: VolumeRow) -> int:
    """Return the steps that a volume makes beyond what the base covers; a part of a step counts as a whole."""
    return quotient(max(volume - charge.included, 0), charge.step, Rounding.CEILING)


@night_soil.rule(title="料金表の用途", minor=True)
def charged_use(soil: NightSoil, tariff: NightSoilTariff) -> str:
    """The use by which it is charged; refused where no table knows it, or the wrong thing was measured."""
    for volume in tariff.volumes:
        if volume.use == soil.use or volume.use == ANY:
            if soil.volume == 0:
                refuse("従量料金の用途には、くみ取り量を要する")
            return volume.use
    for head in tariff.heads:
        if head.use == soil.use or head.use == ANY:
            if soil.persons == 0:
                refuse("人頭料金の用途には、人数を要する")
            return head.use
    refuse("料金表に該当する用途がない")


@night_soil.rule(title="従量料金")
def by_volume(soil: NightSoil, tariff: NightSoilTariff, charged_use: str) -> Yen:
    """The charge by volume, all parts together."""
    total = 0
    for charge in tariff.volumes:
        if charge.use == charged_use:
            over = steps_over(soil.volume, charge)
            applied("従量料金表", charge, over, charge.base + over * charge.price)
            total += charge.base + over * charge.price
    return total


@night_soil.rule(title="人頭料金")
def by_head(soil: NightSoil, tariff: NightSoilTariff, charged_use: str) -> Yen:
    """The charge for household and heads, of all months."""
    for head in tariff.heads:
        if head.use == charged_use:
            month = head.household + head.person * soil.persons
            applied("人頭料金表", head, soil.months, month * soil.months)
            return month * soil.months
    return 0


@night_soil.rule(title="加算額")
def additions(soil: NightSoil, tariff: NightSoilTariff, charged_use: str) -> Yen:
    """Additions for an improved toilet, of all months, and for a long hose."""
    total = 0
    for head in tariff.heads:
        if head.use == charged_use:
            total += head.tank * soil.tanks * soil.months
            break
    longest = 0
    for hose in tariff.hoses:
        if soil.hose > hose.above:
            longest = hose.price
    return total + longest


@night_soil.rule(title="請求額")
def total(
    by_volume: Yen,
    by_head: Yen,
    additions: Yen,
    tariff: NightSoilTariff,
    tax: ConsumptionTax,
    taxation: FeeTaxation,
) -> Yen:
    """The charge with tax, rounded as the ordinance says."""
    amount = by_volume + by_head + additions
    if tariff.tax == "excluded" and taxation.night_soil:
        return with_tax(amount, tax, tariff.rounding, tariff.round_total)
    return quotient(amount, 1, tariff.rounding, tariff.round_total)


@night_soil.rule(title="うち消費税等")
def consumption_tax(total: Yen, tax: ConsumptionTax, taxation: FeeTaxation) -> Yen:
    """The tax that the charge holds."""
    return tax_within(total, tax) if taxation.night_soil else 0


night_soil.holds(
    monotone("total", by="volume"),
    monotone("total", by="persons"),
    monotone("total", by="months"),
    monotone("total", by="tanks"),
    monotone("total", by="hose"),
    multiple_of("total", figure(NightSoilTariff, "round_total")),
    never_above("consumption_tax", "total"),
)
