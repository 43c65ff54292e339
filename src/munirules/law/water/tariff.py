"""The shape of water and sewer tariffs (料金表): flat tables, and one kernel that prices a volume by them.

Every table is ascending, its first fitting row counts, and a band ends where the next of its set begins. Amounts are sen
as the ordinance prints them, with tax or without as `tax` says.
"""

from __future__ import annotations

from collections.abc import Iterator

from munirules.engine.decision import refuse
from munirules.models.declare import provision, row
from munirules.models.fields import choice, code, count, flag, quantity, rate, rows, sen, yen
from munirules.money import Rate, Rounding, quotient
from munirules.tape import applied

ANY = ""
"""In a row's `area` or `use`: whatever it is."""

NO_LIMIT = 99_999
"""In a row's `to_size`, `to_days` or `to_volume`: no upper end."""

NO_ROW = -1
"""No row of a table speaks."""


@row(title="基本料金")
class ChargeRow:
    """A row of the charge table: what a meter of an area, use and size pays at rest, and by which bands it is priced."""

    area: str = code("区域", default=ANY)
    use: str = code("用途", default=ANY)
    to_size: int = quantity("口径（以下）", unit="mm", default=NO_LIMIT)
    base: int = sen("基本料金")
    included: int = quantity("基本水量", unit="m³", default=0)
    bands: str = code("従量区分", default="")


@row(title="従量区分")
class BandSetRow:
    """By which bands a use and size is priced, where the charge table does not say it (bases by size, prices by use)."""

    use: str = code("用途", default=ANY)
    to_size: int = quantity("口径（以下）", unit="mm", default=NO_LIMIT)
    bands: str = code("従量区分")


@row(title="従量料金")
class Band:
    """A band: above so many m³ each costs `price`; entering it costs `lump` once (a flat first step, a stepped base)."""

    bands: str = code("従量区分", default="")
    above: int = quantity("水量（超）", unit="m³")
    price: int = sen("単価", default=0)
    lump: int = sen("定額", default=0)


@row(title="メーター使用料")
class RentRow:
    """Rent of a meter, by size."""

    to_size: int = quantity("口径（以下）", unit="mm", default=NO_LIMIT)
    rent: int = sen("使用料")


@row(title="使用期間の特例")
class ShortRow:
    """What a short or idle period pays: a percentage of a month, up to so many days, m³ and mm, on a condition."""

    to_days: int = count("使用日数（以下）", unit="日", default=NO_LIMIT)
    to_volume: int = quantity("使用水量（以下）", unit="m³", default=NO_LIMIT)
    to_size: int = quantity("口径（以下）", unit="mm", default=NO_LIMIT)
    percent: int = count("割合", unit="%")
    when: str = code("条件", options=("always", "half_included"), default="always")


@row(title="漏水減量")
class LeakRow:
    """Relief for a leak: the share of the volume above so many times the usual volume that is not charged."""

    kind: str = code("漏水の種類", default="")
    above: int = count("通常水量の倍数（超）")
    share: Rate = rate("減量の割合")


@row(title="減免")
class ReliefRow:
    """Discretionary relief (減免) by ground: percentages of base and volume charge that are not charged."""

    ground: str = code("減免の事由")
    base_percent: int = count("基本料金の減額", unit="%", maximum=100, default=0)
    volume_percent: int = count("従量料金の減額", unit="%", maximum=100, default=0)


@provision(title="水道料金表")
class Tariff:
    """A tariff: tables, and the order of steps in which the ordinance counts and rounds.

    Attributes:
        charges: base charges; the first row that fits area, use and size counts.
        band_sets: which bands price a use and size, for rows of `charges` that name none.
        bands: prices by volume, several sets in one table.
        rents: meter rent; empty where there is none.
        table_months: the table is for one month or for two.
        split: how a reading of several months meets the table: `scaled` (bases and limits times months), `odd_first` or
            `odd_last` (equal months, the odd m³ to the first or the last).
        short: what short or idle periods pay.
        short_mode: what the percentage acts on: `none`, `base` (the base of one table month), `table` (base, included
            volume and limits alike), `daily` (base by days) or `rescale` (volume stretched to full months, price by days).
        short_for: `any` period in which the use began or stopped is short, or only one in which it did `stop`.
        days_counted: which days count beyond the difference of the two dates: `difference` none, `start_day` the day on
            which the use began, `both_days` also the day on which it stopped after beginning in the same period.
        month_days: days that make a month in `daily` and `rescale`.
        daily_fixed: with `daily`, the part of the base of a month that is due in any case for up to a month.
        minimum: with `rescale`, the least amount.
        dwellings: several dwellings on one meter: `one` meter, `scaled` (bases and limits times dwellings), `divided`
            (the volume shared out, each dwelling priced by itself).
        dwelling_size: with `scaled` or `divided`, the size each dwelling is priced at; 0 for the meter's own.
        leaks: relief for leaks.
        reliefs: discretionary relief.
        tax: `included` in the prices or `excluded`.
        tax_each_month: tax is added to each month rather than to the sum.
        rounding: what happens to fractions: `floor` (切捨て), `ceiling` or `half_up`.
        round_short: yen to which a base or price for a short period is rounded; 0 where it is not.
        round_month: yen to which each month's amount is rounded; 0 where it is not.
        round_tax: yen to which the tax alone is rounded before it is added; 0 where it is not.
        round_total: yen to which the total is rounded.
        known_to: m³ of one unit of the table up to which its prices are recorded; `NO_LIMIT` for all of it.
    """

    charges: tuple[ChargeRow, ...] = rows("基本料金表")
    band_sets: tuple[BandSetRow, ...] = rows("従量区分表", default=())
    bands: tuple[Band, ...] = rows("従量料金表", ascending="above", within="bands", default=())
    rents: tuple[RentRow, ...] = rows("メーター使用料表", ascending="to_size", default=())
    table_months: int = count("料金表の月数", minimum=1, maximum=2)
    split: str = code("隔月検針の按分", options=("scaled", "odd_first", "odd_last"))
    short: tuple[ShortRow, ...] = rows("使用期間の特例表", default=())
    short_mode: str = code("使用期間の特例", options=("none", "base", "table", "daily", "rescale"), default="none")
    short_for: str = code("特例の対象", options=("any", "stop"), default="any")
    days_counted: str = code("使用日数の数え方", options=("difference", "start_day", "both_days"), default="difference")
    month_days: int = count("一月の日数", minimum=28, maximum=31, default=31)
    daily_fixed: int = sen("日割りしない額", default=0)
    minimum: int = sen("最低額", default=0)
    dwellings: str = code("集合住宅", options=("one", "scaled", "divided"), default="one")
    dwelling_size: int = quantity("集合住宅の口径", unit="mm", default=0)
    leaks: tuple[LeakRow, ...] = rows("漏水減量表", ascending="above", within="kind", default=())
    reliefs: tuple[ReliefRow, ...] = rows("減免表", default=())
    tax: str = code("消費税", options=("included", "excluded"))
    tax_each_month: bool = flag("月ごとに消費税を加算", default=False)
    rounding: Rounding = choice("端数処理", default=Rounding.FLOOR)
    round_short: int = yen("特例額の端数単位", default=0)
    round_month: int = yen("月の金額の端数単位")
    round_tax: int = yen("消費税の端数単位")
    round_total: int = yen("請求額の端数単位", minimum=1)
    known_to: int = quantity("収録した水量（以下）", unit="m³", default=NO_LIMIT)

    def invariants(self) -> Iterator[str]:
        """Tables name one another, and a mode has what it needs."""
        sets = {band.bands for band in self.bands}
        named = ({row.bands for row in self.charges} | {row.bands for row in self.band_sets}) - {""}
        yield from (f"bands (従量料金表): no set {name!r}, which a row names" for name in sorted(named - sets))
        if (self.short_mode in ("base", "table")) != bool(self.short):
            yield f"short (使用期間の特例表): short_mode is {self.short_mode!r}; rows go with 'base' and 'table'"
        if self.tax_each_month and (self.tax == "included" or not self.round_month):
            yield "tax_each_month (月ごとに消費税を加算): goes with tax = 'excluded' and a round_month"


def charge_row(tariff: Tariff, use: str, size: int) -> ChargeRow:
    """Return the first row of the charge table that fits a use and a meter size, where a municipality has one area."""
    return charge_row_in(tariff, ANY, use, size)


def charge_row_in(tariff: Tariff, area: str, use: str, size: int) -> ChargeRow:
    """Return the first row of the charge table that fits an area, a use and a meter size; the law refuses without one."""
    for candidate in tariff.charges:
        if (
            size <= candidate.to_size
            and (candidate.use == ANY or candidate.use == use)
            and (candidate.area == ANY or candidate.area == area)
        ):
            applied("基本料金表", candidate, 1, candidate.base)
            return candidate
    refuse("料金表に該当する区域・用途・口径がない")


def band_set(tariff: Tariff, row: ChargeRow, use: str, size: int) -> str:
    """Return the name of the bands that price a use and size: the charge row's own, or that of the table of band sets."""
    if row.bands != "" or len(tariff.band_sets) == 0:
        return row.bands
    for candidate in tariff.band_sets:
        if size <= candidate.to_size and (candidate.use == ANY or candidate.use == use):
            return candidate.bands
    refuse("従量料金表に該当する用途・口径がない")


def price(bands: tuple[Band, ...], chosen: str, volume: int, included: int, num: int, den: int) -> int:
    """Price a volume by a set of bands whose limits count `num / den` times.

    Args:
        bands: the table.
        chosen: name of the set.
        volume: m³.
        included: m³ of one table unit that the base covers.
        num: how often the table counts; with
        den: its divisor (1 for whole times).

    Returns:
        Sen, floored to the sen once where `den` leaves a fraction.
    """
    reach = volume * den
    free = included * num
    total = 0
    opened = NO_ROW
    start = 0
    for index in range(len(bands)):
        band = bands[index]
        if band.bands != chosen:
            continue
        limit = band.above * num
        if opened != NO_ROW and limit > start:
            total += priced(bands[opened], start, min(limit, reach), den)
        if reach <= limit:
            opened = NO_ROW
            break
        opened = index
        start = max(limit, free)
        if band.lump > 0:
            applied("従量料金表", band, 1, band.lump * num // den)
            total += band.lump * num
    if opened != NO_ROW:
        total += priced(bands[opened], start, reach, den)
    return total if den == 1 else quotient(total, den, Rounding.FLOOR)


def priced(band: Band, start: int, end: int, den: int) -> int:
    """Return the price of the volume of one band from `start` to `end`, both in `1 / den` m³, in `1 / den` sen."""
    if end <= start or band.price == 0:
        return 0
    amount = band.price * (end - start)
    applied("従量料金表", band, (end - start) // den, amount // den)
    return amount


def rent(rents: tuple[RentRow, ...], size: int) -> int:
    """Return the rent of a meter for one table unit, in sen; 0 where there is no table."""
    for candidate in rents:
        if size <= candidate.to_size:
            applied("メーター使用料表", candidate, 1, candidate.rent)
            return candidate.rent
    if len(rents) > 0:
        refuse("メーター使用料表に該当する口径がない")
    return 0


def short_percent(tariff: Tariff, days: int, volume: int, size: int, included: int) -> int:
    """Return the percentage of a table month that a short or idle period pays; `NO_ROW` where no row speaks.

    Args:
        tariff: the tariff.
        days: days used; `NO_LIMIT` for a full period.
        volume: m³ used.
        size: of the meter, in mm.
        included: m³ that the base covers.
    """
    for candidate in tariff.short:
        if days > candidate.to_days or volume > candidate.to_volume or size > candidate.to_size:
            continue
        if candidate.when == "half_included" and 2 * volume > included:
            continue
        applied("使用期間の特例表", candidate)
        return candidate.percent
    return NO_ROW


def less_leak(leaks: tuple[LeakRow, ...], kind: str, metered: int, usual: int | None) -> int:
    """Return the metered volume less what a leak is relieved of; `usual` is the volume of a usual period, None for no leak."""
    return metered if usual is None else metered - relieved(leaks, kind, metered, usual)


def relieved(leaks: tuple[LeakRow, ...], kind: str, metered: int, usual: int) -> int:
    """Return the volume of a leak that is not charged, floored to whole m³; the law refuses a kind it does not know."""
    num = 0
    den = 1
    known = False
    for index in range(len(leaks)):
        step = leaks[index]
        if step.kind != kind:
            continue
        known = True
        end = metered
        for later in range(index + 1, len(leaks)):
            if leaks[later].kind == kind:
                end = min(end, leaks[later].above * usual)
                break
        if end > step.above * usual:
            applied("漏水減量表", step, end - step.above * usual)
            num = num * step.share.den + (end - step.above * usual) * step.share.num * den
            den = den * step.share.den
    if not known:
        refuse("漏水の種類が条例・規程に定められていない")
    return quotient(num, den, Rounding.FLOOR)
