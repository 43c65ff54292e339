"""汚水排除量の認定 (業務59): how much sewage a period counts, from tap meters, well meters, and persons.

Tap water counts as metered, and so does a well with a meter. A well without one counts by a table of persons, alone or
beside tap water as the ordinance combines them; what a meter shows not to reach the sewer is taken off.

Law: 下水道法 (昭和33年法律第79号) 第20条 and the sewer ordinance (下水道条例) of the municipality.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import monotone
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, day, flag, quantity, rate, rows
from munirules.money import Rate, Rounding, quotient
from munirules.tape import applied

HOUSEHOLD = "household"
WHOLE = ""
"""In a row's `purpose`: a well used for everything."""


@facts(title="井戸水の用途")
class WellPurpose:
    """One purpose that a well is used for beside tap water (トイレ, 風呂 …), where the table goes by purposes."""

    purpose: str = code("用途", en="purpose")


@facts(title="下水道の使用")
class SewerUse:
    """What a household or business let into the sewer in one billing period.

    Attributes:
        id: number of the connection (水栓番号), where several stand side by side.
        area: area of the municipality, where its tariffs differ; empty for one.
        use: use class as the ordinance names it (一般用, 公衆浴場用 …).
        kind: a household, or a business.
        tap_volume: m³ of tap water metered; None where there is none.
        well_volume: m³ of a well with a meter, or as the authority determined it for a business; None for no such well.
        unmetered_well: whether a well without a meter is used.
        well_for: the purposes of that well, where the table of the municipality goes by purposes; empty for everything.
        persons: persons who live there; needed where a table goes by persons.
        deducted: m³ that a meter shows not to reach the sewer (差引メーター).
        well_meters: meters that the municipality lends for wells.
        months: months of the reading.
        days: days of use, when it began or ended inside the period, where they are not counted from the dates; None for
            a full period.
        previous_on: day of the reading before; None for `months` before this reading.
        started_on: when the use began; None for before any change of tariff or tax that matters.
        stopped_on: when it stopped inside the period; None while it goes on.
        dwellings: dwellings behind the meter.
        usual_volume: with a leak, the volume of a usual period.
        leak: kind of the leak as the municipality names it.
        relief: ground of relief (減免) as the municipality names it; empty for none.
    """

    id: str = code("水栓番号", en="connection", default="")
    area: str = code("区域", en="area", default="")
    use: str = code("用途", en="use", default="一般用")
    kind: str = code("家事・事業の別", en="household or business", options=(HOUSEHOLD, "business"), default=HOUSEHOLD)
    tap_volume: int | None = quantity("水道の使用水量", en="tap water", unit="m³", default=None)
    well_volume: int | None = quantity("井戸水等の計量水量", en="metered well water", unit="m³", default=None)
    unmetered_well: bool = flag("計量しない井戸水等の使用", en="unmetered well", default=False)
    well_for: tuple[WellPurpose, ...] = rows("井戸水等の用途", en="purposes of the well", default=())
    persons: int | None = count("使用人数", en="persons", unit="人", minimum=1, default=None)
    deducted: int = quantity("差引メーターの水量", en="deducted volume", unit="m³", default=0)
    well_meters: int = count("貸与した井戸メーター", en="lent well meters", unit="個", default=0)
    months: int = count("月数", en="months", minimum=1, maximum=12)
    days: int | None = count("使用日数", en="days of use", unit="日", minimum=1, maximum=366, default=None)
    previous_on: date | None = day("前回検針日", en="previous reading", default=None)
    started_on: date | None = day("使用開始日", en="start of use", default=None)
    stopped_on: date | None = day("使用中止日", en="end of use", default=None)
    dwellings: int = count("戸数", en="dwellings", unit="戸", minimum=1, default=1)
    usual_volume: int | None = quantity("通常の水量", en="usual volume", unit="m³", default=None)
    leak: str = code("漏水の種類", en="kind of leak", default="")
    relief: str = code("減免の事由", en="ground of relief", default="")

    def invariants(self) -> Iterator[str]:
        """Wells and what is known of them hold together."""
        if self.unmetered_well and self.kind == HOUSEHOLD and self.persons is None:
            yield "persons (使用人数): an unmetered well counts by persons; say how many use it"
        if self.started_on is not None and self.stopped_on is not None and self.stopped_on < self.started_on:
            yield "stopped_on (使用中止日): before started_on (使用開始日)"
        if self.leak and self.usual_volume is None:
            yield "usual_volume (通常の水量): missing; a leak is relieved by it"
        if self.well_for and not self.unmetered_well:
            yield "well_for (井戸水等の用途): purposes of an unmetered well, but there is none"


@row(title="認定水量")
class DeemedRow:
    """Deemed volume of a month by persons: above so many persons each adds `each`; entering the row adds `lump`."""

    purpose: str = code("用途", default=WHOLE)
    above: int = count("人数（超）", unit="人")
    each: int = quantity("一人当たり", unit="m³", default=0)
    lump: int = quantity("定量", unit="m³", default=0)


@provision(title="汚水排除量の認定基準")
class SewerVolume:
    """How a municipality counts sewage of wells without a meter. Empty where it has, or is known to have, no such rule.

    Attributes:
        deemed: deemed volume of a month by persons, one table for a well used for everything (`purpose` empty) or one for
            each purpose.
        with_tap: a household with tap water and an unmetered well: `tap` water alone, the `max` of both, or the `sum`;
            `unset` where no rule is recorded, and the law then refuses.
        deemed_with_tap: the table beside tap water, where it is another.
        share_with_tap: the share of the deemed volume that counts beside tap water.
        share_rounding: what happens to a fraction of a m³ of that share.
        business_deemed: whether the table holds for businesses too; else their wells are metered or determined.
    """

    deemed: tuple[DeemedRow, ...] = rows("認定水量表", ascending="above", within="purpose", default=())
    with_tap: str = code("水道と併用の場合", options=("unset", "tap", "max", "sum"), default="unset")
    deemed_with_tap: tuple[DeemedRow, ...] = rows("併用の認定水量表", ascending="above", within="purpose", default=())
    share_with_tap: Rate = rate("併用の場合に加える割合", default=Rate(1))
    share_rounding: Rounding = choice("加える割合の端数処理", default=Rounding.FLOOR)
    business_deemed: bool = flag("事業用の認定", default=False)


@result(title="汚水排除量")
class DischargedVolume:
    """The sewage of a period in m³, and what of it was deemed."""

    deemed_volume: int = quantity("認定水量", en="deemed volume", unit="m³")
    volume: int = quantity("汚水排除量", en="sewage", unit="m³")


sewer_volume = Decision(
    "water.sewer_volume",
    SewerUse,
    DischargedVolume,
    title="汚水排除量の認定",
    on="検針日",
    authority="公共下水道管理者（市町村長）",
    law="下水道法第20条",
)


@sewer_volume.rule(title="認定水量")
def deemed_volume(use: SewerUse, method: SewerVolume) -> int:
    """The deemed volume of the period: that of a month by persons, times its months."""
    if not use.unmetered_well:
        return 0
    if use.kind != HOUSEHOLD and not method.business_deemed:
        refuse("事業用の井戸水等は、計測した水量又は認定された水量による")
    if use.persons is None:
        refuse("認定水量の算定に必要な使用人数の届出がない")
    beside = use.tap_volume is not None and len(method.deemed_with_tap) > 0
    table = method.deemed_with_tap if beside else method.deemed
    if len(use.well_for) == 0:
        return deemed(table, WHOLE, use.persons) * use.months
    total = 0
    for well in use.well_for:
        total += deemed(table, well.purpose, use.persons)
    return total * use.months


@sewer_volume.rule(title="井戸水等の水量")
def counted_well(use: SewerUse, deemed_volume: int, method: SewerVolume) -> int:
    """What of unmetered wells counts beside tap water, in m³."""
    if use.tap_volume is None or not use.unmetered_well:
        return deemed_volume
    if method.with_tap == "unset":
        refuse("水道と井戸水等を併用する場合の算定方法が定められていない")
    if method.with_tap == "tap":
        return 0
    if method.with_tap == "max":
        return max(deemed_volume - use.tap_volume, 0)
    return quotient(deemed_volume * method.share_with_tap.num, method.share_with_tap.den, method.share_rounding)


@sewer_volume.rule(title="汚水排除量")
def volume(use: SewerUse, counted_well: int) -> int:
    """Tap water and wells together, less what a meter shows not to reach the sewer."""
    tap = 0 if use.tap_volume is None else use.tap_volume
    metered = 0 if use.well_volume is None else use.well_volume
    return max(tap + counted_well + metered - use.deducted, 0)


def deemed(table: tuple[DeemedRow, ...], purpose: str, persons: int) -> int:
    """Return the deemed volume of a month for so many persons, in m³; the law refuses where the table has no such purpose."""
    total = 0
    found = False
    for index in range(len(table)):
        step = table[index]
        if step.purpose != purpose:
            continue
        found = True
        end = persons
        for later in range(index + 1, len(table)):
            if table[later].purpose == purpose:
                end = min(end, table[later].above)
                break
        if end > step.above:
            total += step.lump + step.each * (end - step.above)
            applied("認定水量表", step, end - step.above)
    if not found:
        refuse("認定水量表に該当する区分がない")
    return total


sewer_volume.holds(
    monotone("volume", by="tap_volume"),
    monotone("volume", by="well_volume"),
    monotone("volume", by="persons"),
    monotone("volume", by="deducted", falling=True),
)
