"""下水道受益者負担金・分担金 (業務60): what the owner of land that a sewer serves pays once, by area, by inlet, or by both.

In a city planning project it is a contribution (負担金), elsewhere an allotment (分担金); one city may have both, by
district. How it is paid is `munirules.law.water.contribution_plan`.

Law: 都市計画法 (昭和43年法律第100号) 第75条 and the ordinance (受益者負担に関する条例); 地方自治法 (昭和22年法律第67号) 第224条.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import figure, monotone, multiple_of
from munirules.engine.parts import Each
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, day, quantity, rows, sen, yen
from munirules.money import SEN_PER_YEN, Rounding, Sen, Yen, quotient
from munirules.tape import applied

ANY = ""
"""In a row's `district` or `use`: whatever it is."""

AREA_UNITS = 10_000
"""Areas that bear a charge are counted in 1/10,000 m², so that hundredths of a m² times a percentage stay whole."""


@facts(title="受益地")
class Parcel:
    """A parcel of land served.

    Attributes:
        id: its lot number (地番).
        area: whole m² of its registered area.
        hundredths: hundredths of a m² beside them: 330.58 m² is 330 and 58.
        relief: ground of relief (減免) as the municipality names it; empty for none.
        deferral: ground of deferral (徴収猶予) as the municipality names it; empty for none.
    """

    id: str = code("地番", en="lot")
    area: int = quantity("地積", en="area", unit="m²")
    hundredths: int = count("地積の端数", en="hundredths of a m²", unit="×0.01m²", maximum=99, default=0)
    relief: str = code("減免の事由", en="ground of relief", default="")
    deferral: str = code("徴収猶予の事由", en="ground of deferral", default="")


@facts(title="受益者負担金の賦課")
class BenefitedLand:
    """What is assessed on one beneficiary, and how he pays.

    Attributes:
        district: district (負担区, 区域) as the municipality names it; empty where it has one.
        parcels: the parcels.
        units: inlets, dwellings or whatever the district counts.
        use: use of the building, where units are priced by it.
        measure: size of the meter, floor area or persons, where units are priced by classes of it.
        prepaid: whether the instalments of the `year` or `all` of them were paid at once.
        paid_in: number of the instalment in whose term that was done.
        paid_on: when it was done.
    """

    district: str = code("負担区", en="district", default=ANY)
    parcels: tuple[Parcel, ...] = rows("受益地", en="parcels", default=())
    units: int = count("単位数", en="units", default=0)
    use: str = code("建築物の用途", en="use of the building", default="")
    measure: int = count("区分の基準となる数", en="measure", default=0)
    prepaid: str = code("前納", en="prepayment", options=("none", "year", "all"), default="none")
    paid_in: int = count("前納した納期", en="instalment of the prepayment", minimum=1, default=1)
    paid_on: date | None = day("前納した日", en="day of the prepayment", default=None)

    def invariants(self) -> Iterator[str]:
        """There is something to assess, and a prepayment has its day."""
        if not self.parcels and not self.units:
            yield "parcels (受益地): neither parcels nor units; there is nothing to assess"
        if self.prepaid != "none" and self.paid_on is None:
            yield "paid_on (前納した日): say when it was prepaid"


@row(title="負担区")
class DistrictRow:
    """A district, and whether it pays a contribution under the City Planning Act or an allotment."""

    district: str = code("負担区", default=ANY)
    kind: str = code("種別", options=("contribution", "allotment"), default="contribution")


@row(title="面積割")
class AreaRate:
    """Price of a m² in a district, above so many m²."""

    district: str = code("負担区", default=ANY)
    above: int = quantity("面積（超）", unit="m²", default=0)
    price: int = sen("単価")


@row(title="均等割")
class UnitRate:
    """Price of a unit in a district: by use of the building, and above so much of the measure (size, floor area, persons)."""

    district: str = code("負担区", default=ANY)
    use: str = code("建築物の用途", default=ANY)
    above: int = count("区分（超）", default=0)
    amount: int = yen("金額")


@row(title="減免")
class ParcelRelief:
    """Relief of a parcel by ground, in percent of its charge."""

    ground: str = code("減免の事由")
    percent: int = count("減免率", unit="%", maximum=100)


@row(title="徴収猶予")
class Deferral:
    """A ground on which the charge of a parcel is deferred."""

    ground: str = code("徴収猶予の事由")


@provision(title="受益者負担金の単価")
class ContributionRates:
    """What a municipality assesses, by district.

    Attributes:
        districts: the districts; the law refuses any other.
        area_rates: prices of a m².
        unit_rates: prices of a unit; of the rows that fit district and use, the last below the measure counts.
        reliefs: relief by ground.
        deferrals: grounds of deferral.
        rounding: what happens to a fraction.
        round_total: yen to which the amount is rounded.
    """

    districts: tuple[DistrictRow, ...] = rows("負担区表")
    area_rates: tuple[AreaRate, ...] = rows("面積割表", ascending="above", within="district", default=())
    unit_rates: tuple[UnitRate, ...] = rows("均等割表", default=())
    reliefs: tuple[ParcelRelief, ...] = rows("減免表", default=())
    deferrals: tuple[Deferral, ...] = rows("徴収猶予表", default=())
    rounding: Rounding = choice("端数処理")
    round_total: int = yen("端数単位", minimum=1)


@result(title="受益者負担金")
class Contribution:
    """What a beneficiary is assessed.

    Attributes:
        kind: `contribution` (負担金) or `allotment` (分担金); they are collected under different laws.
        assessed_area: what bears the charge now, in 1/10,000 m²: without deferred parcels, and less relief.
        deferred_area: what is deferred, in 1/100 m².
        area_charge: the part by area, in sen, before rounding.
        unit_charge: the part by units.
        total: both together, rounded as the ordinance says.
    """

    kind: str = code("種別", en="kind")
    assessed_area: int = quantity("賦課地積", en="assessed area", unit="×0.0001m²")
    deferred_area: int = quantity("猶予地積", en="deferred area", unit="×0.01m²")
    area_charge: Sen = sen("面積割", en="charge by area")
    unit_charge: Yen = yen("均等割", en="charge by unit")
    total: Yen = yen("負担金の額", en="total")


contribution = Decision(
    "water.contribution",
    BenefitedLand,
    Contribution,
    title="下水道受益者負担金",
    on="賦課決定日",
    authority="市町村長",
    law="都市計画法第75条・地方自治法第224条",
)


@contribution.rule(title="種別")
def kind(land: BenefitedLand, rates: ContributionRates) -> str:
    """Contribution or allotment, as the district has it."""
    for candidate in rates.districts:
        if candidate.district == ANY or candidate.district == land.district:
            return candidate.kind
    refuse("条例に定める負担区に該当しない")


@contribution.rule(title="猶予する地積")
def deferred(parcel: Parcel, rates: ContributionRates) -> int:
    """Area of a parcel whose charge is deferred, in 1/100 m²."""
    if parcel.deferral == "":
        return 0
    for candidate in rates.deferrals:
        if candidate.ground == parcel.deferral:
            applied("徴収猶予表", candidate)
            return parcel.area * 100 + parcel.hundredths
    refuse("徴収猶予の事由が条例・規則に定められていない")


@contribution.rule(title="賦課する地積")
def weighed_area(parcel: Parcel, deferred: int, rates: ContributionRates) -> int:
    """Area of a parcel that bears the charge, less relief, in 1/10,000 m²."""
    if deferred > 0:
        return 0
    hundredths = parcel.area * 100 + parcel.hundredths
    if parcel.relief == "":
        return hundredths * 100
    for candidate in rates.reliefs:
        if candidate.ground == parcel.relief:
            applied("減免表", candidate)
            return hundredths * (100 - candidate.percent)
    refuse("減免の事由が条例・規則に定められていない")


@contribution.rule(title="賦課地積")
def assessed_area(weighed_area: Each[int]) -> int:
    """Area that bears the charge, of all parcels."""
    return sum(weighed_area)


@contribution.rule(title="猶予地積")
def deferred_area(deferred: Each[int]) -> int:
    """Area that is deferred, of all parcels."""
    return sum(deferred)


@contribution.rule(title="面積割（一万分の一銭）")
def exact_area_charge(land: BenefitedLand, assessed_area: int, rates: ContributionRates) -> int:
    """The part by area, exactly: sen times 1/10,000 m²."""
    total = 0
    for index in range(len(rates.area_rates)):
        step = rates.area_rates[index]
        if step.district != ANY and step.district != land.district:
            continue
        end = assessed_area
        for later in range(index + 1, len(rates.area_rates)):
            if rates.area_rates[later].district == step.district:
                end = min(end, rates.area_rates[later].above * AREA_UNITS)
                break
        if end > step.above * AREA_UNITS:
            total += step.price * (end - step.above * AREA_UNITS)
            applied("面積割表", step)
    return total


@contribution.rule(title="面積割")
def area_charge(exact_area_charge: int) -> Sen:
    """The part by area; a fraction of a sen is not shown."""
    return quotient(exact_area_charge, AREA_UNITS, Rounding.FLOOR)


@contribution.rule(title="均等割")
def unit_charge(land: BenefitedLand, rates: ContributionRates) -> Yen:
    """The part by units."""
    if land.units == 0:
        for by_area in rates.area_rates:
            if by_area.district == ANY or by_area.district == land.district:
                return 0
        refuse("戸数・ます数などの単位数の申告がない")
    amount = -1
    for candidate in rates.unit_rates:
        fits = (candidate.district == ANY or candidate.district == land.district) and (
            candidate.use == ANY or candidate.use == land.use
        )
        if fits and (candidate.above == 0 or land.measure > candidate.above):
            amount = candidate.amount
            applied("均等割表", candidate, land.units, candidate.amount * SEN_PER_YEN)
    if amount < 0:
        refuse("均等割表に該当する負担区・用途がない")
    return amount * land.units


@contribution.rule(title="負担金の額")
def total(exact_area_charge: int, unit_charge: Yen, rates: ContributionRates) -> Yen:
    """Both parts together, rounded once."""
    exact = exact_area_charge + unit_charge * SEN_PER_YEN * AREA_UNITS
    return quotient(exact, SEN_PER_YEN * AREA_UNITS, rates.rounding, rates.round_total)


contribution.holds(
    monotone("total", by="Parcel.area"),
    monotone("total", by="units"),
    multiple_of("total", figure(ContributionRates, "round_total")),
)
