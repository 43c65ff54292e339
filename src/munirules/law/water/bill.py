"""From a metered period to a bill, step by step: what water and sewer have in common.

A period falls into spans: the months of a reading, or the dwellings behind a meter. Each is priced by the table, whose
bases and limits count as often as the span says; then months are summed, taxed and rounded where the ordinance says.
Amounts are sen until the total. Where a table counts a fraction of times, its amounts are floored to the sen.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from munirules.calendar import Overflow, add_months, calendar_months_between, days_between, next_day
from munirules.engine.decision import refuse
from munirules.engine.parts import Each
from munirules.law.tax.consumption import ConsumptionTax, FormerShare, former_share
from munirules.law.water.tariff import (
    NO_LIMIT,
    NO_ROW,
    ChargeRow,
    ReliefRow,
    Tariff,
    band_set,
    price,
    rent,
    short_percent,
)
from munirules.money import SEN_PER_YEN, Rounding, Sen, quotient
from munirules.tape import applied

PERCENT = 100
FLOOR = Rounding.FLOOR
PRESENT_RATE = FormerShare(0, 1)


class Period(NamedTuple):
    """What is billed: m³ of a use and size over some months; `days` is `NO_LIMIT` for full months."""

    use: Annotated[str, "用途"]
    size: Annotated[int, "口径"]
    volume: Annotated[int, "水量"]
    months: Annotated[int, "月数"]
    days: Annotated[int, "日数"]
    dwellings: Annotated[int, "戸数"]


class Span(NamedTuple):
    """A piece of a period.

    Attributes:
        volume: m³ of one piece.
        bands: name of the bands that price it.
        num: the table's limits count `num / den` times.
        den: see `num`.
        base_num: the base counts `base_num / base_den` times.
        base_den: see `base_num`.
        days: days used where the price goes by days; 0 where it does not.
        rents: months of meter rent.
        times: how many such pieces there are.
    """

    volume: Annotated[int, "水量"]
    bands: Annotated[str, "従量区分"]
    num: Annotated[int, "水量区分の倍数"]
    den: Annotated[int, "その分母"]
    base_num: Annotated[int, "基本料金の倍数"]
    base_den: Annotated[int, "その分母"]
    days: Annotated[int, "日数"]
    rents: Annotated[int, "メーター使用料の月数"]
    times: Annotated[int, "件数"]


class SpanCharge(NamedTuple):
    """What all pieces of a span cost: base, volume charge, meter rent, relief, and what is due of them."""

    base: Annotated[Sen, "基本料金"]
    volume: Annotated[Sen, "従量料金"]
    rent: Annotated[Sen, "メーター使用料"]
    relief: Annotated[Sen, "減免額"]
    amount: Annotated[Sen, "計"]


class TaxPart(NamedTuple):
    """The rate of a charge, `num / den`."""

    num: Annotated[int, "税率の分子"]
    den: Annotated[int, "税率の分母"]


def previous_reading(previous_on: date | None, months: int, on: date) -> date:
    """The day on which the charge was fixed before: what is said, or so many months ago."""
    if previous_on is not None:
        return previous_on
    return add_months(on, -months, Overflow.LAST_DAY)


def key_day(by: str, previous_on: date | None, months: int, on: date) -> date:
    """The day by which a tariff is chosen: that of the reading, or (`period_start`) the first of the period."""
    return on if by == "reading" else next_day(previous_reading(previous_on, months, on))


def former_tax_share(
    tax: ConsumptionTax, started_on: date | None, previous_on: date | None, months: int, on: date
) -> FormerShare:
    """The share of a charge that bears the tax rate before the last change."""
    if previous_on is None and calendar_months_between(tax.changed_on, on) > months:
        return PRESENT_RATE  # the reading before was after the change too
    return former_share(tax, started_on, previous_reading(previous_on, months, on), on)


def days_in_use(
    tariff: Tariff,
    days: int | None,
    previous_on: date | None,
    months: int,
    started_on: date | None,
    stopped_on: date | None,
    on: date,
) -> int | None:
    """Count the days of a period in which the use began or stopped; None for a full period, or one that counts as such.

    Args:
        tariff: says which periods are short and which days count.
        days: as they were counted by who asks; None for by the dates.
        previous_on: the reading before; None for so many months before this one.
        months: of the period.
        started_on: when the use began; None for before.
        stopped_on: when the use stopped; None where it goes on.
        on: the reading.
    """
    if days is not None or (started_on is None and stopped_on is None):
        return days
    if stopped_on is None and tariff.short_for == "stop":
        return None
    since = previous_reading(previous_on, months, on)
    last = on if stopped_on is None else stopped_on
    if started_on is None or started_on <= since:
        return None if stopped_on is None else max(days_between(since, last) - 1, 1)
    used = days_between(started_on, last) - 1
    if tariff.days_counted == "both_days" or (tariff.days_counted == "start_day" and stopped_on is None):
        used += 1
    return max(used, 1)


def full_days(tariff: Tariff, days: int) -> int:
    """Days of the full months that a short period is stretched to: one month's, or two months'."""
    return tariff.month_days if days <= tariff.month_days else 2 * tariff.month_days


def spans_of(tariff: Tariff, row: ChargeRow, period: Period) -> tuple[Span, ...]:
    """Cut a period into the spans that the tariff prices."""
    bands = row.bands if row.bands != "" else band_set(tariff, row, period.use, period.size)
    months = period.months
    scaled = tariff.split == "scaled"
    num = months if scaled else 1
    den = tariff.table_months
    if den > 1 and num % den == 0:
        num, den = num // den, 1
    percent = NO_ROW
    if len(tariff.short) > 0:
        percent = short_percent(tariff, period.days, period.volume, period.size, row.included)
    if percent != NO_ROW or period.days < NO_LIMIT or period.dwellings > 1:
        return special_spans(tariff, period, Span(period.volume, bands, num, den, num, den, 0, 1, 1), percent)
    if scaled or months == 1:
        return (Span(period.volume, bands, num, den, num, den, 0, months, 1),)
    less = period.volume // months
    odd = period.volume % months
    if odd == 0:
        return (Span(less, bands, num, den, num, den, 0, 1, months),)
    low = Span(less, bands, num, den, num, den, 0, 1, months - odd)
    high = Span(less + 1, bands, num, den, num, den, 0, 1, odd)
    return (high, low) if tariff.split == "odd_first" else (low, high)


def special_spans(tariff: Tariff, period: Period, plain: Span, percent: int) -> tuple[Span, ...]:
    """Cut a period that is short or idle, or shared by dwellings."""
    mode = tariff.short_mode
    short = period.days < NO_LIMIT and (percent != NO_ROW or mode == "daily" or mode == "rescale")
    pieces = 1 if tariff.split == "scaled" else period.months
    volume, num, den = plain.volume, plain.num, plain.den
    base_num, base_den, days = num, den, 0
    if mode == "base" and percent != NO_ROW:
        base_num = percent * (1 if short or pieces > 1 else period.months)
        base_den = PERCENT * tariff.table_months
    elif mode == "table" and percent != NO_ROW:
        num = percent * (1 if short else period.months)
        den = PERCENT * tariff.table_months
        base_num, base_den, pieces = num, den, 1
    elif mode == "rescale" and short:
        days = period.days
        full = full_days(tariff, days)
        volume = quotient(volume * full, max(days, 1), FLOOR)
        num, den = full // tariff.month_days, tariff.table_months
        base_num, base_den, pieces = num, den, 1
    elif mode == "daily" and short:
        days = period.days
        base_num, base_den = 1, 1
    if tariff.dwellings == "scaled":
        num, base_num = num * period.dwellings, base_num * period.dwellings
    shares = period.dwellings if tariff.dwellings == "divided" else 1
    rents = period.months if pieces == 1 else 1
    found = []
    if shares > 1:
        found.append(Span(0, plain.bands, num, den, 0, 1, 0, period.months, 1))  # the one meter of all dwellings
        rents = 0
    for index in range(pieces):
        behind = pieces - 1 - index if tariff.split == "odd_last" else index
        own = volume // pieces + (1 if behind < volume % pieces else 0)
        base = 0 if short and index > 0 else base_num  # what a short period pays as base is due once
        odd = own % shares
        if odd > 0:
            found.append(Span(own // shares + 1, plain.bands, num, den, base, base_den, days, rents, odd))
        found.append(Span(own // shares, plain.bands, num, den, base, base_den, days, rents, shares - odd))
    return tuple(found)


def short_round(tariff: Tariff, amount: int) -> int:
    """Round an amount for a short period as the tariff says, in sen."""
    if tariff.round_short == 0:
        return amount
    return quotient(amount, SEN_PER_YEN, tariff.rounding, tariff.round_short) * SEN_PER_YEN


def base_of(tariff: Tariff, row: ChargeRow, span: Span) -> int:
    """The base of one piece, in sen."""
    if span.days > 0 and tariff.short_mode == "daily":
        fixed = tariff.daily_fixed if span.days <= tariff.month_days else 0
        by_day = (row.base - fixed * tariff.table_months) * span.days
        due = fixed + quotient(by_day, tariff.month_days * tariff.table_months, FLOOR)
        return short_round(tariff, due) * span.base_num
    if span.base_num == span.base_den:
        return row.base
    due = row.base * span.base_num
    if span.base_den > 1:
        due = quotient(due, span.base_den, FLOOR)
    return short_round(tariff, due) if span.base_den >= PERCENT else due


def volume_of(tariff: Tariff, row: ChargeRow, span: Span) -> int:
    """The volume charge of one piece, in sen."""
    return price(tariff.bands, span.bands, span.volume, row.included, span.num, span.den)


def rent_of(tariff: Tariff, size: int, span: Span) -> int:
    """The meter rent of one piece, in sen."""
    if span.rents == 0:
        return 0
    found = rent(tariff.rents, size) * span.rents
    return found if tariff.table_months == 1 else quotient(found, tariff.table_months, FLOOR)


def relief_row(reliefs: tuple[ReliefRow, ...], ground: str) -> ReliefRow | None:
    """Return the row of a ground of relief."""
    for candidate in reliefs:
        if candidate.ground == ground:
            applied("減免表", candidate)
            return candidate
    return None


def relief_of(tariff: Tariff, ground: str, base: int, volume: int) -> int:
    """What of one piece is relieved on a ground, in sen; nothing without a ground."""
    if ground == "":
        return 0
    row = relief_row(tariff.reliefs, ground)
    if row is None:
        refuse("減免の事由が条例・規程に定められていない")
    return quotient(base * row.base_percent + volume * row.volume_percent, PERCENT, FLOOR)


def due_of(tariff: Tariff, span: Span, due: int) -> int:
    """What is due of a span before rent: by days, and no less than the minimum, where the tariff goes by days; in sen."""
    if span.days > 0 and tariff.short_mode == "rescale":
        by_day = quotient(due * span.days, full_days(tariff, span.days), FLOOR)
        return max(short_round(tariff, by_day), tariff.minimum)
    return due


def charge_of(
    tariff: Tariff, tax: ConsumptionTax, share: FormerShare, row: ChargeRow, span: Span, size: int, ground: str
) -> SpanCharge:
    """Price all pieces of a span.

    Args:
        tariff: the tariff.
        tax: the rate, where the tariff taxes month by month.
        share: how much of the charge bears the former rate.
        row: the row of the charge table.
        span: the span.
        size: of the meter, in mm.
        ground: ground of relief; empty for none.
    """
    if tariff.known_to < NO_LIMIT and span.volume * span.den > tariff.known_to * span.num:
        refuse("この水量に適用される単価は収録されていない")
    base = base_of(tariff, row, span)
    volume = volume_of(tariff, row, span)
    rented = rent_of(tariff, size, span)
    relief = relief_of(tariff, ground, base, volume)
    amount = due_of(tariff, span, base + volume - relief) + rented
    if tariff.round_month > 0 or tariff.tax_each_month:
        amount = month_round(tariff, tax, share, amount)
    times = span.times
    return SpanCharge(base * times, volume * times, rented * times, relief * times, amount * times)


def together(charges: Each[SpanCharge]) -> SpanCharge:
    """What all spans cost."""
    base = 0
    volume = 0
    rented = 0
    relief = 0
    amount = 0
    for charge in charges:
        base += charge.base
        volume += charge.volume
        rented += charge.rent
        relief += charge.relief
        amount += charge.amount
    return SpanCharge(base, volume, rented, relief, amount)


def month_round(tariff: Tariff, tax: ConsumptionTax, share: FormerShare, amount: int) -> int:
    """Tax and round the amount of one month, where the tariff does so month by month, in sen."""
    if tariff.tax_each_month:
        return taxed(tax, share, amount, tariff.rounding, tariff.round_month) * SEN_PER_YEN
    return quotient(amount, SEN_PER_YEN, tariff.rounding, tariff.round_month) * SEN_PER_YEN


def mixed_rate(tax: ConsumptionTax, share: FormerShare) -> TaxPart:
    """The rate of a charge of which a part bears the former rate: the two mixed by their months."""
    was, now = tax.former_rate, tax.current_rate
    former = share.months * was.num * now.den
    present = (share.of_months - share.months) * now.num * was.den
    return TaxPart(former + present, share.of_months * was.den * now.den)


def taxed(tax: ConsumptionTax, share: FormerShare, amount: int, rounding: int, unit: int) -> int:
    """Add the tax to an amount in sen, the former rate on its share, and round once to `unit` yen; in yen."""
    if share.months == 0:
        now = tax.current_rate
        return quotient(amount * (now.den + now.num), now.den * SEN_PER_YEN, rounding, unit)
    part = mixed_rate(tax, share)
    return quotient(amount * (part.den + part.num), part.den * SEN_PER_YEN, rounding, unit)


def tax_alone(tax: ConsumptionTax, share: FormerShare, amount: int, rounding: int, unit: int) -> int:
    """The tax on an amount in sen, the former rate on its share, rounded once to `unit` yen; in yen."""
    part = mixed_rate(tax, share)
    return quotient(amount * part.num, part.den * SEN_PER_YEN, rounding, unit)


def total_of(tariff: Tariff, tax: ConsumptionTax, share: FormerShare, subtotal: int) -> int:
    """The bill in yen: the sum of the months with its tax, rounded at the place and to the unit the tariff says."""
    if tariff.tax == "included" or tariff.tax_each_month:
        return quotient(subtotal, SEN_PER_YEN, tariff.rounding, tariff.round_total)
    if tariff.round_tax == 0:
        return taxed(tax, share, subtotal, tariff.rounding, tariff.round_total)
    alone = tax_alone(tax, share, subtotal, tariff.rounding, tariff.round_tax)
    return quotient(subtotal + alone * SEN_PER_YEN, SEN_PER_YEN, tariff.rounding, tariff.round_total)


def tax_within(tariff: Tariff, tax: ConsumptionTax, share: FormerShare, subtotal: int, total: int) -> int:
    """The consumption tax that a bill holds, in yen, for the bill's own line.

    What was added where the tax is rounded by itself; else what the total includes by its rate, floored.
    """
    if tariff.round_tax > 0 and tariff.tax == "excluded" and not tariff.tax_each_month:
        return total - subtotal // SEN_PER_YEN
    if share.months == 0:
        now = tax.current_rate
        return total * now.num // (now.den + now.num)
    part = mixed_rate(tax, share)
    return total * part.num // (part.den + part.num)


def month_total(
    tariff: Tariff, tax: ConsumptionTax, share: FormerShare, row: ChargeRow, month: Period, ground: str
) -> int:
    """The bill of a period by itself, in yen."""
    subtotal = 0
    for span in spans_of(tariff, row, month):
        subtotal += charge_of(tariff, tax, share, row, span, month.size, ground).amount
    return total_of(tariff, tax, share, subtotal)
