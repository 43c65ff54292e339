"""Properties of water bills: of tariffs made up by hypothesis, and of every tariff of the repository on every valid use."""

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import floor
from pathlib import Path

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.law.water.supply_town import biller, version

from munirules.checking.folders import code_of
from munirules.engine.provisions import NotInForce
from munirules.law.tax.consumption import ConsumptionTax, FormerShare
from munirules.law.water.bill import Period, charge_of, month_total, spans_of
from munirules.law.water.supply import WaterTariff, WaterUse, water_bill
from munirules.law.water.tariff import (
    NO_LIMIT,
    Band,
    ChargeRow,
    LeakRow,
    RentRow,
    ShortRow,
    charge_row,
    price,
    relieved,
)
from munirules.money import Rate, Rounding
from munirules.plugins.discovery import plugin_of
from munirules.plugins.rulebook import Rulebook

ROOT = Path(__file__).parents[3]
TAXES = ConsumptionTax(
    current_rate=Rate(1, 10), former_rate=Rate(2, 25), changed_on=date(2019, 10, 1), transition_until=date(2019, 10, 31)
)
NOW = FormerShare(0, 1)
OTHER = ChargeRow(use="他の用", base=7_00, bands="他")
MODES = ("none", "base", "table", "daily", "rescale")

amounts = st.integers(0, 50_000).map(lambda yen: yen * 100) | st.integers(0, 50_000_00)
prices = st.integers(0, 600_00)
volumes = st.integers(0, 400)
limits = st.lists(st.integers(0, 120), max_size=5, unique=True).map(sorted)


@st.composite
def bands(draw):
    made = tuple(
        Band(above=above, price=draw(prices), lump=draw(st.sampled_from([0, 0, 405_00]))) for above in draw(limits)
    )
    other = (Band(bands="他", above=7, price=1_000_00),)  # a set that must not be touched
    return other + made if made else ()


@st.composite
def tariffs(draw):
    table = draw(bands())
    mode = draw(st.sampled_from(MODES))
    rows = st.builds(
        ShortRow,
        to_days=st.sampled_from([15, 31, 45, NO_LIMIT]),
        to_volume=st.sampled_from([0, 4, NO_LIMIT]),
        percent=st.sampled_from([50, 100]),
        when=st.sampled_from(["always", "half_included"]),
    )
    short = [draw(rows)] if mode in ("base", "table") else []
    tax = draw(st.sampled_from(["included", "excluded"]))
    each = tax == "excluded" and draw(st.booleans())
    return WaterTariff(
        charges=(ChargeRow(base=draw(amounts), included=draw(st.integers(0, 30))), *((OTHER,) if table else ())),
        bands=table,
        rents=draw(st.sampled_from([(), (RentRow(rent=70_50),)])),
        table_months=draw(st.integers(1, 2)),
        split=draw(st.sampled_from(["scaled", "odd_first", "odd_last"])),
        short=tuple(short),
        short_mode=mode,
        daily_fixed=draw(st.sampled_from([0, 100_00])) if mode == "daily" else 0,
        minimum=draw(st.sampled_from([0, 200_00])),
        dwellings=draw(st.sampled_from(["one", "scaled", "divided"])),
        tax=tax,
        tax_each_month=each,
        rounding=draw(st.sampled_from(list(Rounding))),
        round_short=draw(st.sampled_from([0, 1])),
        round_month=draw(st.sampled_from([1, 10] if each else [0, 1, 10])),
        round_tax=draw(st.sampled_from([0, 1])),
        round_total=draw(st.sampled_from([1, 10])),
    )


periods = st.builds(
    Period,
    use=st.just(""),
    size=st.just(13),
    volume=volumes,
    months=st.integers(1, 3),
    days=st.sampled_from([NO_LIMIT, NO_LIMIT, 1, 10, 15, 16, 31, 32, 45, 62, 90]),
    dwellings=st.sampled_from([1, 1, 2, 3, 7]),
)


def total(tariff, period, share=NOW):
    return month_total(tariff, TAXES, share, charge_row(tariff, "", 13), period, "")


def subtotal(tariff, period):
    row = charge_row(tariff, "", 13)
    return sum(charge_of(tariff, TAXES, NOW, row, span, 13, "").amount for span in spans_of(tariff, row, period))


# Tariffs made up


@given(tariffs(), periods, st.integers(0, 300))
def test_more_volume_never_costs_less(tariff, period, more):
    assert total(tariff, period) <= total(tariff, period._replace(volume=period.volume + more))


@given(tariffs(), periods, st.sampled_from([NOW, FormerShare(1, 1), FormerShare(2, 3)]))
def test_a_bill_is_never_negative_and_a_multiple_of_its_unit(tariff, period, share):
    found = total(tariff, period, share)
    assert found >= 0
    assert found % tariff.round_total == 0


@given(tariffs(), periods)
def test_pieces_hold_the_whole_volume_and_one_rent(tariff, period):
    row = charge_row(tariff, "", 13)
    spans = spans_of(tariff, row, period)
    if tariff.short_mode != "rescale" or period.days == NO_LIMIT:
        assert sum(span.volume * span.times for span in spans) == period.volume
    assert sum(span.rents * span.times for span in spans) == period.months


@given(bands(), st.integers(0, 30), volumes, st.integers(1, 6), st.sampled_from([1, 2, 100, 200]))
def test_the_kernel_prices_every_cubic_metre_by_the_band_it_lies_in(table, included, volume, num, den):
    """Cut finely enough that no limit falls inside a piece, and price piece by piece in fractions."""
    times = Fraction(num, den)
    own = [band for band in table if band.bands == ""]
    edges = sorted({Fraction(0), Fraction(volume), included * times, *(band.above * times for band in own)})
    exact = sum((band.lump * times for band in own if volume > band.above * times), Fraction(0))
    for low, high in pairwise(edges):
        if high > volume or low < included * times:
            continue
        inside = [band for band in own if band.above * times <= low]
        exact += (high - low) * inside[-1].price if inside else 0
    assert price(table, "", volume, included, num, den) == floor(exact)


@given(tariffs(), volumes, st.integers(2, 6))
def test_a_scaled_reading_of_equal_months_is_so_many_months(tariff, volume, months):
    tariff = evolve(
        tariff, split="scaled", table_months=1, short=(), short_mode="none", round_month=0, tax_each_month=False
    )
    one = Period("", 13, volume, 1, NO_LIMIT, 1)
    many = one._replace(volume=volume * months, months=months)
    assert subtotal(tariff, many) == months * subtotal(tariff, one)


@given(tariffs(), volumes)
def test_a_split_reading_is_the_sum_of_its_months(tariff, volume):
    tariff = evolve(tariff, split="odd_last" if tariff.split == "scaled" else tariff.split, short=(), short_mode="none")
    one = Period("", 13, volume // 2, 1, NO_LIMIT, 1)
    both = subtotal(tariff, one) + subtotal(tariff, one._replace(volume=volume - volume // 2))
    assert subtotal(tariff, one._replace(volume=volume, months=2)) == both


@given(tariffs(), volumes, st.integers(2, 6))
def test_dwellings_of_equal_use_are_so_many_dwellings(tariff, volume, dwellings):
    tariff = evolve(tariff, table_months=1, short=(), short_mode="none", rents=())
    if tariff.dwellings != "divided":  # priced together, and so rounded together
        tariff = evolve(tariff, dwellings="scaled", round_month=0, tax_each_month=False)
    one = Period("", 13, volume, 1, NO_LIMIT, 1)
    many = one._replace(volume=volume * dwellings, dwellings=dwellings)
    assert subtotal(tariff, many) == dwellings * subtotal(tariff, one)


@given(
    st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["1/4", "1/3", "1/2", "2/3", "1"])), max_size=3, unique_by=lambda step: step[0]),
    volumes,
    st.integers(0, 60),
    st.integers(0, 100),
)  # fmt: skip
def test_a_relieved_leak_is_within_what_leaked_and_more_use_is_more_billed(steps, metered, usual, more):
    leaks = (LeakRow(above=1, share=Rate(0)), *(LeakRow(above=a + 1, share=Rate.parse(s)) for a, s in sorted(steps)))
    off = relieved(leaks, "", metered, usual)
    assert 0 <= off <= max(metered - usual, 0)
    assert metered - off <= metered + more - relieved(leaks, "", metered + more, usual)


@given(st.integers(0, 60), st.integers(0, 60), st.booleans())
def test_going_contracts_follow_later_than_new_ones(after, volume, new):
    bill = changed()
    on = date(2025, 4, 1) + timedelta(days=after)
    started = date(2025, 4, 1) if new else None
    late = on >= date(2025, 5, 1)
    assert bill(volume, 1, on, started_on=started).base_charge == (150_00 if new or late else 100_00)


@cache
def changed():
    fields = {
        "table_months": "1", "split": '"scaled"', "tax": '"included"', "round_month": "0", "round_tax": "0",
        "round_total": "1", "charges": "[{ base = 100 }]",
    }  # fmt: skip
    later = version("2025-04-01", "continuing_since = 2025-05-01", charges="[{ base = 150 }]")
    return biller(version(**fields), later)


# Every tariff of the repository


@cache
def books():
    """Rulebooks of the repository's plugins that have a water tariff, with the stretches of days that it covers."""
    found = []
    for path in sorted([*ROOT.glob("plugins/*/src/*/*/water.toml"), *ROOT.glob("plugins/*/src/*/*/water/supply.toml")]):
        folder = path.parent if path.name == "water.toml" else path.parents[1]
        code = code_of(folder)
        book = Rulebook.of(code, enactments=folder if plugin_of(code) is None else None)
        found.extend((book, *stretch) for stretch in book.timeline(WaterTariff, "water", None).covered())
    return found


@st.composite
def asked(draw):
    """A valid use in a town's tariff: often one that its tables name, sometimes none of theirs."""
    book, first, last = draw(st.sampled_from(books()))
    on = draw(st.dates(first, last or date(2027, 3, 31)))
    tariff = book.timeline(WaterTariff, "water", None).at(on).value
    row = draw(st.sampled_from(tariff.charges))
    use = (
        row.use or draw(st.sampled_from([*(r.use for r in tariff.band_sets), "一般用", "家事用", "臨時用"])) or "一般用"
    )
    previous = draw(st.none() | st.integers(1, 70).map(lambda days: on - timedelta(days=days)))
    since = draw(st.none() | st.integers(0, 100).map(lambda days: on - timedelta(days=days)))
    stopped = draw(st.none() | st.just(on))
    return (
        book,
        on,
        WaterUse(
            area=row.area,
            use=use,
            meter_size=draw(st.sampled_from([13, 20, 25, 30, 40, 50, 75, 100, 150, 200])),
            volume=draw(volumes | st.integers(0, 5_000)),
            months=draw(st.integers(1, 2)),
            days=draw(st.none() | st.integers(1, 62)),
            previous_on=previous,
            started_on=since,
            stopped_on=stopped,
            dwellings=draw(st.sampled_from([1, 1, 2, 5])),
        ),
    )


@settings(deadline=None, max_examples=400)
@given(asked(), st.integers(1, 200))
def test_every_tariff_answers_or_refuses(question, more):
    book, on, use = question
    try:
        outcome = book.decide(water_bill, use, on=on)
    except NotInForce:  # a going contract, in the months before the first recorded tariff reaches it
        assert use.started_on is None or use.started_on < on
        return
    if not outcome.decided:
        assert outcome.reason
        return
    bill, own = outcome.result, book.timeline(WaterTariff, "water", None).at(on).value
    assert bill.total >= 0
    assert bill.total % own.round_total == 0
    assert 0 <= bill.consumption_tax <= bill.total
    if own.round_month == 0 and own.short_mode != "rescale":
        assert bill.subtotal == bill.base_charge + bill.volume_charge + bill.meter_rent - bill.relief
    thirstier = book.decide(water_bill, evolve(use, volume=use.volume + more), on=on)
    assert not thirstier.decided or bill.total <= thirstier.result.total


def test_twenty_towns_at_least_have_a_tariff():
    assert len({book.jurisdiction.code for book, _, _ in books()}) >= 20


def test_the_explanation_is_of_the_same_bill():
    use = WaterUse(use="家事用", meter_size=13, volume=38, months=1)
    outcome = Rulebook.of("白川町").decide(water_bill, use, on=date(2024, 4, 10))
    steps = {step.rule: step.value for step in outcome.trace}
    assert steps["total"] == outcome.result.total == 6690
    assert "6,690円" in outcome.explain()
