"""From a metered period to a bill, step by step: what water and sewer have in common.

A period falls into spans: the months of a reading, or the dwellings behind a meter. Each is priced by the table, whose
bases and limits count as often as the span says; then months are summed, taxed and rounded where the ordinance says.
"""

from __future__ import annotations

from typing import NamedTuple

from munirules.engine.decision import refuse
from munirules.law.tax.consumption import ConsumptionTax, FormerShare
from munirules.law.water.tariff import NO_LIMIT, NO_ROW, ChargeRow, ReliefRow, Tariff, price, rent, short_percent
from munirules.money import SEN_PER_YEN, Rounding, prorate, quotient
from munirules.tape import applied


class Period(NamedTuple):
    """What is billed: m³ of a use and size over some months; `days` is `NO_LIMIT` for full months."""

    use: str
    size: int
    volume: int
    months: int
    days: int
    dwellings: int


class Span(NamedTuple):
    """A piece of a period.

    Attributes:
        volume: m³ of one piece.
        num: the table's limits count `num / den` times.
        den: see `num`.
        base_num: the base counts `base_num / base_den` times.
        base_den: see `base_num`.
        days: days used where the price goes by days; 0 where it does not.
        rents: months of meter rent in one piece.
        times: how many such pieces there are.
    """

    volume: int
    num: int
    den: int
    base_num: int
    base_den: int
    days: int
    rents: int
    times: int


def full_days(tariff: Tariff, days: int) -> int:
    """Days of the full months that a short period is stretched to: one month's, or two months'."""
    return tariff.month_days if days <= tariff.month_days else 2 * tariff.month_days


def spans_of(tariff: Tariff, row: ChargeRow, period: Period) -> tuple[Span, ...]:
    """Cut a period into the spans that the tariff prices."""
    short = period.days < NO_LIMIT
    percent = short_percent(tariff, period.days, period.volume, row.included)
    volume = period.volume
    pieces = 1 if tariff.split == "scaled" else period.months
    num, den = (period.months if tariff.split == "scaled" else 1), tariff.table_months
    days = 0
    if short and tariff.short_mode == "rescale":
        days = period.days
        full = full_days(tariff, days)
        volume = quotient(volume * full, max(days, 1), Rounding.FLOOR)
        pieces, num = 1, full // tariff.month_days
    elif short and tariff.short_mode == "table" and percent != NO_ROW:
        pieces, num, den = 1, percent, 100 * tariff.table_months
    elif short and tariff.short_mode == "daily":
        days = period.days
    base_num, base_den = num, den
    if tariff.short_mode == "base" and percent != NO_ROW:
        base_num = percent if short else percent * period.months
        base_den = 100 * tariff.table_months * pieces
    if tariff.dwellings == "scaled":
        num, base_num = num * period.dwellings, base_num * period.dwellings
    shares = period.dwellings if tariff.dwellings == "divided" else 1
    rents = period.months if pieces == 1 else 1
    found = []
    for index in range(pieces):
        behind = pieces - 1 - index if tariff.split == "odd_last" else index
        own = volume // pieces + (1 if behind < volume % pieces else 0)
        odd = own % shares
        if odd > 0:
            found.append(Span(own // shares + 1, num, den, base_num, base_den, days, rents, odd))
        if odd < shares:
            found.append(Span(own // shares, num, den, base_num, base_den, days, 0 if odd > 0 else rents, shares - odd))
    return tuple(found)


def short_round(tariff: Tariff, amount: int) -> int:
    """Round an amount for a short period as the tariff says, in sen."""
    if tariff.round_short == 0:
        return amount
    return quotient(amount, 1, tariff.rounding, tariff.round_short * SEN_PER_YEN)


def base_of(tariff: Tariff, row: ChargeRow, span: Span) -> int:
    """The base of one piece, in sen."""
    if span.days > 0 and tariff.short_mode == "daily":
        fixed = tariff.daily_fixed if span.days <= tariff.month_days else 0
        by_day = prorate(row.base - fixed, span.days, tariff.month_days, floor=1)
        return short_round(tariff, fixed + by_day)
    due = prorate(row.base, span.base_num, span.base_den, floor=1)
    return due if span.base_num == span.num and span.base_den == span.den else short_round(tariff, due)


def volume_of(tariff: Tariff, row: ChargeRow, span: Span) -> int:
    """The volume charge of one piece, in sen."""
    return price(tariff.bands, row.bands, span.volume, row.included, span.num, span.den)


def rent_of(tariff: Tariff, size: int, span: Span) -> int:
    """The meter rent of one piece, in sen."""
    if span.rents == 0:
        return 0
    return prorate(rent(tariff.rents, size), span.rents, tariff.table_months, floor=1)


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
    return prorate(base, row.base_percent, 100, floor=1) + prorate(volume, row.volume_percent, 100, floor=1)


def due_of(tariff: Tariff, span: Span, due: int) -> int:
    """What is due of a span before rent: by days, and no less than the minimum, where the tariff goes by days; in sen."""
    if span.days > 0 and tariff.short_mode == "rescale":
        by_day = short_round(tariff, prorate(due, span.days, full_days(tariff, span.days), floor=1))
        return max(by_day, tariff.minimum)
    return due


def span_amount_of(tariff: Tariff, tax: ConsumptionTax, share: FormerShare, span: Span, due: int, rents: int) -> int:
    """The amount of a span with its rent, taxed and rounded where the tariff does so month by month, in sen.

    Several dwellings are rounded one by one; the one meter's rent joins the single piece, or all of them together.
    """
    if span.times == 1:
        return month_round(tariff, tax, share, due + rents)
    return month_round(tariff, tax, share, due // span.times) * span.times + month_round(tariff, tax, share, rents)


def month_round(tariff: Tariff, tax: ConsumptionTax, share: FormerShare, amount: int) -> int:
    """Tax and round the amount of one month, where the tariff does so month by month, in sen."""
    unit = tariff.round_month * SEN_PER_YEN if tariff.round_month > 0 else 1
    if tariff.tax == "excluded" and tariff.tax_each_month:
        return taxed(tax, share, amount, tariff.rounding, unit)
    return quotient(amount, 1, tariff.rounding, unit)


def taxed(tax: ConsumptionTax, share: FormerShare, amount: int, rounding: int, unit: int) -> int:
    """Add the tax to an amount in sen, the former rate on its share, and round once to `unit` sen."""
    den = share.of_months * tax.former_rate.den * tax.current_rate.den
    former = share.months * tax.former_rate.num * tax.current_rate.den
    present = (share.of_months - share.months) * tax.current_rate.num * tax.former_rate.den
    return quotient(amount * (den + former + present), den, rounding, unit)


def total_of(tariff: Tariff, tax: ConsumptionTax, share: FormerShare, subtotal: int) -> int:
    """The bill in yen: the sum of the months with its tax, rounded at the place and to the unit the tariff says."""
    unit = tariff.round_total
    if tariff.tax == "included" or tariff.tax_each_month:
        return quotient(subtotal, SEN_PER_YEN, tariff.rounding, unit)
    if tariff.round_tax > 0:
        alone = taxed(tax, share, subtotal, tariff.rounding, 1) - subtotal
        set_apart = quotient(alone, 1, tariff.rounding, tariff.round_tax * SEN_PER_YEN)
        return quotient(subtotal + set_apart, SEN_PER_YEN, tariff.rounding, unit)
    return taxed(tax, share, subtotal, tariff.rounding, unit * SEN_PER_YEN) // SEN_PER_YEN


def tax_within(tariff: Tariff, tax: ConsumptionTax, share: FormerShare, subtotal: int, total: int) -> int:
    """The consumption tax that a bill holds, in yen, for the bill's own line: what was added, or what the prices include."""
    if tariff.tax == "excluded" and not tariff.tax_each_month:
        return max(total - quotient(subtotal, SEN_PER_YEN, Rounding.CEILING), 0)
    former = share.months == share.of_months
    num = tax.former_rate.num if former else tax.current_rate.num
    den = tax.former_rate.den if former else tax.current_rate.den
    return quotient(total * num, den + num, Rounding.FLOOR)
