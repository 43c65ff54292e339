"""The water bill: every mode of the tariff, by hand-computed figures."""

from datetime import date
from inspect import isfunction

import pytest
from tests.law.water.supply_town import ON, PLAIN, biller, town, version

from munirules.engine import contract
from munirules.engine.provisions import NotInForce
from munirules.law.water import bill, tariff
from munirules.law.water.supply import WaterUse, water_bill


def refusal(book, on=ON, **use):
    return book.decide(water_bill, WaterUse(**{"meter_size": 13, "volume": 15, "months": 1, **use}), on=on).reason


# Tables


def test_the_base_covers_its_volume_and_bands_begin_above():
    bill = biller()
    assert [bill(v).total for v in (0, 10, 11, 20, 21)] == [1000, 1000, 1100, 2000, 2150]


def test_a_band_that_begins_inside_the_included_volume_is_free_up_to_it():
    bill = biller(bands="[{ above = 0, price = 100 }, { above = 8, price = 120 }]")
    assert [bill(v).volume_charge for v in (9, 10, 11)] == [0, 0, 120_00]


def test_a_lump_is_due_once_on_entering_its_band():
    bill = biller(charges="[{ base = 946 }]", bands="[{ above = 5, lump = 572 }, { above = 8, price = 253 }]")
    assert [bill(v).total for v in (5, 6, 8, 9)] == [946, 1518, 1518, 1771]


def test_rows_go_by_area_use_and_size_and_the_first_that_fits_counts():
    book = town(
        charges="""[
            { area = "山", base = 500, bands = "山" }, { use = "浴場用", base = 300, bands = "浴場" },
            { to_size = 20, base = 800, bands = "小" }, { to_size = 40, base = 2000, bands = "大" }]""",
        bands="""[{ bands = "山", above = 0, price = 10 }, { bands = "浴場", above = 0, price = 20 },
            { bands = "小", above = 0, price = 30 }, { bands = "大", above = 0, price = 40 }]""",
    )

    def total(**use):
        return book.decide(
            water_bill, WaterUse(**{"meter_size": 13, "volume": 1, "months": 1, **use}), on=ON
        ).result.total

    assert total(area="山", meter_size=75) == 510
    assert total(use="浴場用") == 320
    assert (total(), total(meter_size=25)) == (830, 2040)
    assert refusal(book, meter_size=50) == "料金表に該当する区域・用途・口径がない"


def test_bases_by_size_and_prices_by_use_are_two_tables():
    book = town(
        charges="[{ to_size = 20, base = 800 }, { to_size = 40, base = 2000 }]",
        band_sets='[{ use = "一般用", to_size = 20, bands = "小" }, { use = "一般用", bands = "大" }, { use = "臨時用", bands = "臨時" }]',
        bands="""[{ bands = "小", above = 0, price = 10 }, { bands = "大", above = 0, price = 20 },
            { bands = "臨時", above = 0, price = 300 }]""",
    )

    def total(**use):
        return book.decide(water_bill, WaterUse(**{"volume": 1, "months": 1, **use}), on=ON).result.total

    assert (total(meter_size=20), total(meter_size=25)) == (810, 2020)
    assert total(meter_size=25, use="臨時用") == 2300
    assert refusal(book, use="船舶用") == "従量料金表に該当する用途・口径がない"


def test_steps_are_told_in_the_words_of_the_ordinance():
    outcome = town().decide(water_bill, WaterUse(meter_size=13, volume=38, months=1), on=ON)
    told = outcome.explain("ja")
    assert "請求水量 = 38m³" in told
    assert "各月の料金 [1] = （基本料金 " in told
    assert "    n_spans --> n_span_charge" in outcome.explain("ja", form="mermaid").splitlines()


def test_sen_are_kept_until_the_rounding():
    bill = biller(charges="[{ base = 892.5 }]", bands="[{ above = 0, price = 157.5 }]")
    assert bill(1).total == 1050
    assert bill(2).total == 1207


def test_rent_of_the_meter_by_its_size_and_none_where_it_was_unset():
    book = town(
        version(**{**PLAIN, "rents": "[{ to_size = 13, rent = 70 }, { to_size = 20, rent = 130 }]"}),
        version(
            "2022-04-01", "continuing_since = 2022-06-01", charges="[{ base = 1100, included = 10 }]", unset='["rents"]'
        ),
    )

    def bill(on, **more):
        return book.decide(water_bill, WaterUse(**{"meter_size": 20, "volume": 10, "months": 2, **more}), on=on).result

    assert (bill(date(2022, 5, 10)).meter_rent, bill(date(2022, 5, 10)).total) == (260_00, 2260)
    assert (bill(date(2022, 6, 10)).meter_rent, bill(date(2022, 6, 10)).total) == (0, 2200)
    assert bill(date(2022, 5, 10), started_on=date(2022, 4, 2)).total == 2200
    assert refusal(book, on=date(2022, 5, 10), meter_size=25) == "メーター使用料表に該当する口径がない"


def test_beyond_the_recorded_volume_the_bill_refuses():
    book = town(known_to="36")
    assert refusal(book, volume=37) == "この水量に適用される単価は収録されていない"
    assert refusal(book, volume=72, months=2) == ""
    assert refusal(book, volume=73, months=2) == "この水量に適用される単価は収録されていない"


# Months


def test_two_months_scaled_or_split_with_the_odd_cubic_metre():
    scaled, first = biller(), biller(split='"odd_first"')
    assert scaled(21, 2).total == 2100
    assert first(21, 2).total == 2100
    assert (scaled(41, 2).total, first(41, 2).total) == (4150, 4150)
    assert (scaled(23, 2).volume_charge, first(23, 2).volume_charge) == (300_00, 300_00)


def test_months_that_are_rounded_one_by_one_differ_by_where_the_odd_cubic_metre_falls():
    fields = {"bands": "[{ above = 10, price = 105 }]", "round_month": "10"}
    last, first = biller(split='"odd_last"', **fields), biller(split='"odd_first"', **fields)
    assert last(23, 2).total == first(23, 2).total == 1100 + 1210
    assert biller(**fields)(23, 2).total == 2310


def test_halves_of_a_cubic_metre_are_a_table_counted_twice():
    scaled, one = (
        biller(),
        biller(
            table_months="2",
            charges="[{ base = 2000, included = 20 }]",
            bands="[{ above = 20, price = 100 }, { above = 40, price = 150 }]",
        ),
    )
    assert all(scaled(v, 2).total == one(v, 2).total for v in range(80))


def test_a_table_for_two_months_counts_half_for_one():
    bill = biller(
        table_months="2",
        charges="[{ base = 1175, included = 20 }]",
        bands="[{ above = 20, price = 90 }]",
        rents="[{ rent = 125 }]",
    )
    assert bill(12, 1).base_charge == 587_50
    assert bill(12, 1).volume_charge == 180_00
    assert bill(12, 1).meter_rent == 62_50
    assert bill(12, 1).total == 830


# Rounding and tax


@pytest.mark.parametrize(
    ("fields", "total"),
    [
        ({}, 1100),
        ({"tax": '"excluded"'}, 1210),
        ({"tax": '"excluded"', "charges": "[{ base = 1005, included = 10 }]"}, 1215),
        ({"tax": '"excluded"', "charges": "[{ base = 1005, included = 10 }]", "round_total": "10"}, 1210),
        ({"tax": '"excluded"', "charges": "[{ base = 1005, included = 10 }]", "rounding": '"ceiling"'}, 1216),
        ({"tax": '"excluded"', "charges": "[{ base = 1005, included = 10 }]", "rounding": '"half_up"'}, 1216),
        ({"tax": '"excluded"', "charges": "[{ base = 1009.5, included = 10 }]", "round_tax": "1"}, 1219),
        ({"tax": '"excluded"', "charges": "[{ base = 1005, included = 10 }]", "round_tax": "10"}, 1215),
    ],
)
def test_fractions_fall_where_the_ordinance_says(fields, total):
    assert biller(**fields)(11).total == total


def test_tax_and_rounding_of_each_month():
    fields = {"split": '"odd_last"', "tax": '"excluded"', "tax_each_month": "true", "round_month": "10"}
    bill = biller(
        **fields,
        rounding='"half_up"',
        charges="[{ base = 1300, included = 8 }]",
        bands="[{ above = 8, price = 200 }]",
        rents="[{ rent = 50 }]",
    )
    assert (bill(20).total, bill(21).total) == (4130, 4350)
    assert bill(41, 2).total == 4130 + 4350


def test_the_tax_within_the_bill():
    assert biller()(11).consumption_tax == 100
    assert biller(tax='"excluded"')(11).consumption_tax == 110
    assert (
        biller(tax='"excluded"', round_tax="1", charges="[{ base = 1005, included = 10 }]")(11).consumption_tax == 110
    )
    assert (
        biller(tax='"excluded"', round_total="10", charges="[{ base = 1005, included = 10 }]")(11).consumption_tax
        == 110
    )


@pytest.mark.parametrize(
    ("on", "months", "more", "total", "why"),
    [
        (date(2019, 9, 30), 1, {}, 1080, "before the change"),
        (date(2019, 10, 10), 1, {}, 1080, "first reading after it, continuing"),
        (date(2019, 10, 10), 1, {"started_on": date(2019, 10, 1)}, 1100, "a new contract"),
        (date(2019, 10, 20), 1, {"stopped_on": date(2019, 10, 20)}, 1080, "a final bill of continuing supply"),
        (date(2019, 11, 10), 1, {}, 1100, "the second reading"),
        (date(2019, 11, 26), 2, {"previous_on": date(2019, 9, 26)}, 2160, "two months read in the month after, 2/2"),
        (date(2019, 12, 26), 3, {"previous_on": date(2019, 9, 26)}, 3260, "three months, 2/3 at the former rate"),
        (date(2020, 1, 10), 2, {}, 2200, "later"),
        (date(2014, 4, 10), 1, {}, 1050, "2014"),
        (date(2014, 5, 26), 2, {"previous_on": date(2014, 3, 26)}, 2100, "2014, 2/2"),
        (date(2014, 6, 10), 1, {}, 1080, "2014, later"),
    ],
)
def test_the_rate_of_tax_goes_by_the_start_and_by_the_readings(on, months, more, total, why):
    assert biller(tax='"excluded"')(10, months, on, **more).total == total, why


def test_the_end_of_a_month_is_no_trouble():
    assert biller(tax='"excluded"')(10, 1, date(2019, 10, 31)).total == 1080
    assert biller(change="period_start", **PLAIN)(10, 1, date(2026, 3, 31)).total == 1000


# Changes of tariff

NEW = {"charges": "[{ base = 1500, included = 10 }]"}


def test_a_new_tariff_goes_by_the_reading_or_by_the_first_day_of_the_period():
    by_reading = biller(version(**PLAIN), version("2026-04-01", **NEW))
    by_start = biller(version(change="period_start", **PLAIN), version("2026-04-01", **NEW))
    on = {"previous_on": date(2026, 3, 20)}
    assert by_reading(10, 1, date(2026, 4, 20), **on).total == 1500
    assert by_start(10, 1, date(2026, 4, 20), **on).total == 1000
    assert by_start(10, 1, date(2026, 5, 20), previous_on=date(2026, 4, 20)).total == 1500
    assert by_start(10, 1, date(2026, 4, 30), previous_on=date(2026, 3, 31)).total == 1500


def test_going_contracts_follow_later_and_new_ones_at_once():
    bill = biller(version(**PLAIN), version("2025-04-01", "continuing_since = 2025-07-01", **NEW))
    assert bill(10, 1, date(2025, 5, 10)).total == 1000
    assert bill(10, 1, date(2025, 5, 10), started_on=date(2025, 4, 1)).total == 1500
    assert bill(10, 1, date(2025, 5, 10), started_on=date(2025, 3, 31)).total == 1000
    assert bill(10, 1, date(2025, 7, 10)).total == 1500


def test_a_change_of_rounding_is_a_version_of_its_own():
    bill = biller(
        version(**{**PLAIN, "round_total": "10", "tax": '"excluded"', "charges": "[{ base = 1008, included = 10 }]"}),
        version("2023-03-01", round_total="1"),
    )
    assert (bill(10, 1, date(2023, 2, 10)).total, bill(10, 1, date(2023, 3, 10)).total) == (1100, 1108)


# Faults of data


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"charges": '[{ base = 1000, bands = "一般用" }]'}, "no set '一般用', which a row names"),
        ({"short_mode": '"base"'}, "rows go with 'base' and 'table'"),
        ({"short": "[{ percent = 50 }]"}, "short_mode is 'none'"),
        ({"tax_each_month": "true"}, "goes with tax = 'excluded' and a round_month"),
    ],
)
def test_a_tariff_whose_tables_do_not_fit_together_says_so(fields, told):
    with pytest.raises(NotInForce, match=told):
        biller(**fields)(10)


@pytest.mark.parametrize("module", [bill, tariff], ids=["bill", "tariff"])
def test_what_the_rules_call_keeps_to_their_contract_too(module):
    own = [fn for fn in vars(module).values() if isfunction(fn) and fn.__module__ == module.__name__]
    assert len(own) > 5
    for fn in own:
        contract.check(fn)
