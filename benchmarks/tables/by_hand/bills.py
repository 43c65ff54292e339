"""水道料金 written by hand: one loop over readings, from an Arrow table to an Arrow table.

For tariffs without special periods, read at a date by which no tax rate of before counts; what a tariff does beside, the
loop does: rows by use and size, bands in several sets, one month's or two months' tables, halved or scaled readings, meter
rent, tax in or on the price, rounding by month, of the tax and of the total. Sums and products are checked for overflow,
values for their bounds, as in the compiled rules.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from benchmarks.tables.by_hand.columns import Numbers, Texts, absent, numbers, plus, repeated, same, texts, times
from numba import njit

from munirules.law.tax.consumption import ConsumptionTax
from munirules.law.water.supply import WaterChange, WaterTariff
from munirules.law.water.tariff import NO_LIMIT

if TYPE_CHECKING:
    from datetime import date

    from munirules import Rulebook

FINE, BAD, REFUSED = 0, 1, 2
NONE = -1
ASIDE = pa.schema([("row", pa.int64()), ("key", pa.int64()), ("refused", pa.bool_())])
SEN_PER_YEN = 100
LEAST_SIZE, LEAST_MONTHS, MOST_MONTHS = 10, 1, 12
SCALED, ODD_FIRST, ODD_LAST = range(3)
SPLITS = {"scaled": SCALED, "odd_first": ODD_FIRST, "odd_last": ODD_LAST}
WHOLE = ("billed_volume", "consumption_tax", "total")
SEN = ("base_charge", "volume_charge", "meter_rent", "relief", "subtotal")
SEN_TYPE = pa.decimal128(20, 2)
WORDS = 2  # of 64 bits, that an amount in sen has in Arrow
FIELDS = (
    "days_used",
    "billed_volume",
    "base_charge",
    "volume_charge",
    "meter_rent",
    "relief",
    "subtotal",
    "consumption_tax",
    "total",
)


class Terms(NamedTuple):
    """A tariff as numbers: its rows and how it counts and rounds."""

    uses: Texts
    charge_sizes: np.ndarray
    bases: np.ndarray
    included: np.ndarray
    charge_sets: np.ndarray
    band_sets: np.ndarray
    above: np.ndarray
    prices: np.ndarray
    lumps: np.ndarray
    rent_sizes: np.ndarray
    rents: np.ndarray
    known_to: int
    table_months: int
    split: int
    taxed: bool
    each_month: bool
    rounding: int
    round_month: int
    round_tax: int
    round_total: int
    tax_num: int
    tax_den: int
    months_since_change: int


class Uses(NamedTuple):
    """The readings' columns."""

    use: Texts
    meter_size: Numbers
    volume: Numbers
    months: Numbers


def terms_of(book: Rulebook, on: date) -> Terms:
    """A town's tariff on a date.

    Raises:
        ValueError: for a tariff that the loop was not written for.
    """
    tariff = book.timeline(WaterTariff, "water", None).at(on).value
    change = book.timeline(WaterChange, "water", None).at(on).value
    tax = book.timeline(ConsumptionTax, "water", None).at(on).value
    if tariff.short or tariff.band_sets or change.key != "reading" or any(row.area for row in tariff.charges):
        raise ValueError(f"{book.jurisdiction.name}: a tariff that the loop was not written for")
    sets = sorted({band.bands for band in tariff.bands} | {row.bands for row in tariff.charges})
    whole = lambda values: np.array(list(values), np.int64)  # noqa: E731
    return Terms(
        uses=texts(pa.chunked_array([pa.array([row.use for row in tariff.charges], pa.string())])),
        charge_sizes=whole(row.to_size for row in tariff.charges),
        bases=whole(row.base for row in tariff.charges),
        included=whole(row.included for row in tariff.charges),
        charge_sets=whole(sets.index(row.bands) for row in tariff.charges),
        band_sets=whole(sets.index(band.bands) for band in tariff.bands),
        above=whole(band.above for band in tariff.bands),
        prices=whole(band.price for band in tariff.bands),
        lumps=whole(band.lump for band in tariff.bands),
        rent_sizes=whole(row.to_size for row in tariff.rents),
        rents=whole(row.rent for row in tariff.rents),
        known_to=tariff.known_to,
        table_months=tariff.table_months,
        split=SPLITS[tariff.split],
        taxed=tariff.tax == "excluded",
        each_month=tariff.tax_each_month,
        rounding=int(tariff.rounding),
        round_month=tariff.round_month,
        round_tax=tariff.round_tax,
        round_total=tariff.round_total,
        tax_num=tax.current_rate.num,
        tax_den=tax.current_rate.den,
        months_since_change=(on.year - tax.changed_on.year) * 12 + on.month - tax.changed_on.month,
    )


def water_bills(table: pa.Table, terms: Terms, threads: int = 1) -> tuple[pa.Table, pa.Table]:
    """Decide all readings.

    Args:
        table: `key`, `use`, `meter_size`, `volume` and `months`.
        terms: the tariff.
        threads: over how many the readings are shared out.

    Returns:
        The bills, as the library gives them, and row and key of the readings that have none, with whether their data
        are at fault or the law refuses.
    """
    uses = Uses(texts(table["use"]), *(numbers(table[name]) for name in ("meter_size", "volume", "months")))
    rows = table.num_rows
    state = np.zeros(rows, np.int8)
    whole = np.empty((len(WHOLE), rows), np.int64)
    sen = np.zeros((len(SEN), rows, WORDS), np.int64)
    bounds = np.linspace(0, rows, threads + 1).astype(np.int64)
    if threads == 1:
        decide(uses, terms, whole, sen, state, 0, rows)
    else:
        with ThreadPoolExecutor(threads) as pool:
            at = range(threads)
            list(pool.map(lambda n: decide(uses, terms, whole, sen, state, bounds[n], bounds[n + 1]), at))
    columns = {"days_used": pa.nulls(rows, pa.int64())} | dict(zip(WHOLE, map(pa.array, whole), strict=True))
    for name, words in zip(SEN, sen, strict=True):
        columns[name] = pa.Array.from_buffers(SEN_TYPE, rows, [None, pa.py_buffer(words)])
    bills = pa.table(
        {"row": np.arange(rows), "key": table["key"]}
        | {name: columns[name] for name in FIELDS}
        | {"status": repeated("decided", rows), "reason": pa.nulls(rows, pa.string())}
    )
    if not state.any():
        return bills, pa.table({"row": [], "key": [], "refused": []}, ASIDE)
    places = np.flatnonzero(state)
    aside = [pa.array(places), table["key"].combine_chunks().take(places), pa.array(state[places] == REFUSED)]
    return bills.filter(pa.array(state == FINE)), pa.table(aside, schema=ASIDE)


@njit(nogil=True, cache=True, error_model="numpy")
def decide(
    uses: Uses, terms: Terms, whole: np.ndarray, sen: np.ndarray, state: np.ndarray, first: int, last: int
) -> None:
    """Fill `whole`, `sen` and `state` for the readings from `first` to before `last`; no amount is below 0."""
    use_ends, use_data = uses.use.offsets, uses.use.data
    row_ends, row_data = terms.uses.offsets, terms.uses.data
    sizes, volumes, all_months = uses.meter_size.values, uses.volume.values, uses.months.values
    charge_sizes, charge_sets, charge_bases, charge_included = (
        terms.charge_sizes,
        terms.charge_sets,
        terms.bases,
        terms.included,
    )
    band_sets, above, prices, lumps = terms.band_sets, terms.above, terms.prices, terms.lumps
    rent_sizes, rent_rows = terms.rent_sizes, terms.rents
    for row in range(first, last):
        size, volume, months = np.int64(sizes[row]), np.int64(volumes[row]), np.int64(all_months[row])
        if (
            absent(uses.use.bits, uses.use.start, row)
            or absent(uses.meter_size.bits, uses.meter_size.start, row)
            or absent(uses.volume.bits, uses.volume.start, row)
            or absent(uses.months.bits, uses.months.start, row)
            or size < LEAST_SIZE
            or volume < 0
            or not LEAST_MONTHS <= months <= MOST_MONTHS
            or terms.months_since_change <= months  # then a rate of before may count
        ):
            state[row] = BAD
            continue
        charge = NONE
        for candidate in range(len(charge_sizes)):
            if size <= charge_sizes[candidate] and (
                row_ends[candidate + 1] == row_ends[candidate]
                or same(row_ends, row_data, candidate, use_ends, use_data, row)
            ):
                charge = candidate
                break
        rent = 0
        if len(rent_rows) > 0:
            rent = NONE
            for candidate in range(len(rent_rows)):
                if size <= rent_sizes[candidate]:
                    rent = rent_rows[candidate]
                    break
        if charge == NONE or rent == NONE:
            state[row] = REFUSED
            continue
        pieces = 1 if terms.split == SCALED else months
        num = months if terms.split == SCALED else 1
        den = terms.table_months
        if den > 1 and num % den == 0:
            num, den = num // den, 1
        rents = months if pieces == 1 else 1
        less, odd = volume // pieces, volume % pieces
        bases = volume_charges = rented = subtotal = 0
        failed = 0
        for part in range(2):
            many = odd if part == 0 else pieces - odd
            if many == 0:
                continue
            own = less + 1 if part == 0 else less
            if terms.known_to < NO_LIMIT and own * den > terms.known_to * num:
                state[row] = REFUSED
            base = charge_bases[charge]
            if num != den:
                base, over = times(base, num)
                failed |= over
                base //= den
            price, over = priced(
                band_sets, above, prices, lumps, charge_sets[charge], own, charge_included[charge], num, den
            )
            failed |= over
            rent_due, over = times(rent, rents)
            failed |= over
            rent_due //= terms.table_months
            amount, over = plus(base, price)
            failed |= over
            amount, over = plus(amount, rent_due)
            failed |= over
            if terms.each_month:
                amount, over = taxed(terms.tax_num, terms.tax_den, terms.rounding, amount, terms.round_month)
                failed |= over
                amount *= SEN_PER_YEN
            elif terms.round_month > 0:
                amount = quotient(amount, SEN_PER_YEN, terms.rounding, terms.round_month) * SEN_PER_YEN
            bases += base * many
            rented += rent_due * many
            both, over = times(price, many)
            failed |= over
            volume_charges, over = plus(volume_charges, both)
            failed |= over
            both, over = times(amount, many)
            failed |= over
            subtotal, over = plus(subtotal, both)
            failed |= over
        if not terms.taxed or terms.each_month:
            total = quotient(subtotal, SEN_PER_YEN, terms.rounding, terms.round_total)
        elif terms.round_tax == 0:
            total, over = taxed(terms.tax_num, terms.tax_den, terms.rounding, subtotal, terms.round_total)
            failed |= over
        else:
            tax, over = times(subtotal, terms.tax_num)
            failed |= over
            tax = quotient(tax, terms.tax_den * SEN_PER_YEN, terms.rounding, terms.round_tax)
            total = quotient(subtotal + tax * SEN_PER_YEN, SEN_PER_YEN, terms.rounding, terms.round_total)
        if terms.round_tax > 0 and terms.taxed and not terms.each_month:
            within = total - subtotal // SEN_PER_YEN
        else:
            within, over = times(total, terms.tax_num)
            failed |= over
            within //= terms.tax_den + terms.tax_num
        if failed:
            state[row] = BAD
            continue
        whole[0, row] = volume
        whole[1, row] = within
        whole[2, row] = total
        sen[0, row, 0] = bases
        sen[1, row, 0] = volume_charges
        sen[2, row, 0] = rented
        sen[4, row, 0] = subtotal


@njit(nogil=True, cache=True, error_model="numpy")
def priced(
    band_sets: np.ndarray,
    above: np.ndarray,
    prices: np.ndarray,
    lumps: np.ndarray,
    chosen: int,
    volume: int,
    included: int,
    num: int,
    den: int,
) -> tuple[int, int]:
    """Price a volume by a set of bands, and whether a number did not fit."""
    reach, failed = times(volume, den)
    free = included * num
    total = start = price = 0
    opened = False
    for band in range(len(above)):
        if band_sets[band] != chosen:
            continue
        limit = above[band] * num
        if opened and limit > start:
            amount, over = times(price, max(min(limit, reach) - start, 0))
            failed |= over
            total, over = plus(total, amount)
            failed |= over
        if reach <= limit:
            opened = False
            break
        opened = True
        start = max(limit, free)
        price = prices[band]
        total, over = plus(total, lumps[band] * num)
        failed |= over
    if opened:
        amount, over = times(price, max(reach - start, 0))
        failed |= over
        total, over = plus(total, amount)
        failed |= over
    return total // den, failed


@njit(nogil=True, cache=True, error_model="numpy")
def taxed(tax_num: int, tax_den: int, rounding: int, amount: int, unit: int) -> tuple[int, int]:
    """Add the tax to an amount in sen and round once to `unit` yen, and whether a number did not fit."""
    both, failed = times(amount, tax_den + tax_num)
    return quotient(both, tax_den * SEN_PER_YEN, rounding, unit), failed


@njit(nogil=True, cache=True, error_model="numpy")
def quotient(num: int, den: int, mode: int, unit: int) -> int:
    """Return a quotient of numbers from 0 on, rounded to a multiple of `unit`: 切捨て, 切上げ or 四捨五入."""
    step = den * unit
    whole, rest = num // step, num % step
    if (mode == 1 and rest > 0) or (mode == 2 and 2 * rest >= step):
        whole += 1
    return whole * unit
