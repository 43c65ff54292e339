"""The water bill: leaks, relief, dwellings, short periods and estimates, by hand-computed figures."""

from datetime import date

import pytest
from tests.law.water.supply_town import ON, PLAIN, biller, town, version

from munirules.law.water.estimate import PastUse, water_estimate
from munirules.law.water.supply import EstimatedBills, WaterUse, water_bill, water_settlement
from munirules.models.declare import InvariantError


def refusal(book, on=ON, **use):
    return book.decide(water_bill, WaterUse(**{"meter_size": 13, "volume": 15, "months": 1, **use}), on=on).reason


# Leaks and relief

KASAI = '[{ above = 1, share = "1/3" }, { above = 3, share = "1/2" }]'
NISISUI = """[{ kind = "地下漏水", above = 1, share = "1/2" }, { kind = "地下漏水", above = 10, share = "2/3" },
    { kind = "タンク", above = 1, share = "1/4" }, { kind = "その他", above = 1, share = "1/3" }]"""
TOTTORI = '[{ above = 1, share = "1/3" }, { above = 4, share = "1" }]'


@pytest.mark.parametrize(
    ("leaks", "kind", "metered", "usual", "billed"),
    [
        (KASAI, "", 50, 20, 40),
        (KASAI, "", 60, 20, 60 - 13),
        (KASAI, "", 100, 20, 100 - 33),
        (KASAI, "", 15, 20, 15),
        (NISISUI, "地下漏水", 100, 10, 55),
        (NISISUI, "地下漏水", 130, 10, 65),
        (NISISUI, "タンク", 100, 20, 80),
        (NISISUI, "その他", 80, 20, 60),
        (TOTTORI, "", 40, 10, 30),
        (TOTTORI, "", 90, 10, 30),
    ],
)
def test_a_leak_is_relieved_by_multiples_of_the_usual_volume(leaks, kind, metered, usual, billed):
    assert biller(leaks=leaks)(metered, usual_volume=usual, leak=kind).billed_volume == billed


def test_a_leak_of_an_unknown_kind_is_refused_and_a_leak_needs_its_usual_volume():
    assert refusal(town(leaks=NISISUI), usual_volume=5, leak="蛇口") == "漏水の種類が条例・規程に定められていない"
    assert refusal(town(), usual_volume=5) == "漏水の種類が条例・規程に定められていない"
    with pytest.raises(InvariantError, match="usual_volume"):
        WaterUse(meter_size=13, volume=5, months=1, leak="タンク")


def test_relief_by_ground():
    book = town(
        reliefs='[{ ground = "生活扶助", base_percent = 50 }, { ground = "災害", base_percent = 100, volume_percent = 100 }]',
        rents="[{ rent = 70 }]",
    )

    def bill(ground):
        return book.decide(water_bill, WaterUse(meter_size=13, volume=11, months=1, relief=ground), on=ON).result

    assert (bill("").total, bill("生活扶助").total, bill("災害").total) == (1170, 670, 70)
    assert bill("生活扶助").relief == 500_00
    assert refusal(book, relief="その他") == "減免の事由が条例・規程に定められていない"


def test_a_base_waived_for_a_time_comes_back():
    bill = biller(
        version(**PLAIN),
        version("2020-06-01", "until = 2020-09-30\ntemporary = true", charges="[{ base = 0, included = 10 }]"),
    )
    assert [bill(11, 1, date(2020, month, 10)).total for month in (5, 6, 9, 10)] == [1100, 100, 100, 1100]


# Dwellings


def test_dwellings_on_one_meter():
    one, scaled, divided = (
        biller(dwellings=f'"{mode}"', split='"odd_first"', rents="[{ rent = 70 }]")
        for mode in ("one", "scaled", "divided")
    )
    assert one(150, dwellings=5).total == 1000 + 1000 + 130 * 150 + 70
    assert scaled(150, dwellings=5).total == 5 * (1000 + 1000 + 10 * 150) + 70
    assert divided(150, dwellings=5).total == scaled(150, dwellings=5).total
    assert scaled(150, dwellings=1).total == one(150).total


def test_dwellings_are_priced_at_their_own_size_and_rounded_one_by_one():
    bill = biller(
        dwellings='"divided"', dwelling_size="20", round_month="10", split='"odd_first"',
        charges="[{ to_size = 20, base = 1009, included = 10 }, { to_size = 50, base = 9000, included = 10 }]",
        rents="[{ to_size = 50, rent = 475 }]",
    )  # fmt: skip
    assert bill(20, meter_size=50, dwellings=2).total == 1000 + 1000 + 470
    assert bill(21, meter_size=50, dwellings=2).total == 1100 + 1000 + 470
    assert bill(20, meter_size=50).total == 10470


# Short and idle periods


def test_half_the_base_on_two_conditions():
    bill = biller(
        short_mode='"base"',
        short='[{ to_days = 15, percent = 50, when = "half_included" }]',
        days_counted='"both_days"',
    )
    assert bill(5, days=15).base_charge == 500_00
    assert bill(6, days=15).base_charge == 1000_00
    assert bill(5, days=16).base_charge == 1000_00
    assert bill(5).base_charge == 1000_00


def test_half_the_base_at_no_volume_of_a_full_period():
    bill = biller(short_mode='"base"', short="[{ to_volume = 0, percent = 50 }]")
    assert (bill(0).total, bill(1).total, bill(0, 2).total) == (500, 1000, 1000)
    split = biller(short_mode='"base"', short="[{ to_volume = 0, percent = 50 }]", split='"odd_first"')
    assert split(0, 2).total == 1000


def test_percentages_of_a_months_base_by_days_are_due_once():
    rows = "[{ to_days = 15, percent = 50 }, { to_days = 31, percent = 100 }, { to_days = 45, percent = 150 }, { percent = 200, to_days = 93 }]"
    for split in ("scaled", "odd_first"):
        bill = biller(short_mode='"base"', short=rows, split=f'"{split}"')
        assert [bill(0, 2, days=days).base_charge for days in (15, 31, 45, 60)] == [500_00, 1000_00, 1500_00, 2000_00]
        assert bill(0, 2).base_charge == 2000_00
        assert bill(30, 2, days=40).volume_charge == 1000_00


def test_half_months_scale_base_included_volume_and_limits():
    rows = "[{ to_days = 15, percent = 50 }, { to_days = 31, percent = 100 }, { to_days = 45, percent = 150 }]"
    bill = biller(short_mode='"table"', short=rows)
    assert [(bill(v, days=15).base_charge, bill(v, days=15).volume_charge) for v in (5, 6, 10, 11)] == [
        (500_00, 0), (500_00, 100_00), (500_00, 500_00), (500_00, 650_00)]  # fmt: skip
    assert bill(20, 2, days=45).total == 1500 + 500


def test_half_months_for_small_meters_only():
    bill = biller(short_mode='"table"', short="[{ to_days = 15, to_size = 20, percent = 50 }]")
    assert (bill(0, days=10).total, bill(0, days=10, meter_size=25).total) == (500, 1000)


def test_a_price_by_days_above_a_sum_that_is_due_anyway():
    bill = biller(
        short_mode='"daily"',
        daily_fixed="200",
        round_short="1",
        charges="[{ base = 650 }]",
        bands="[{ above = 0, price = 10 }]",
    )
    assert [bill(0, days=d).base_charge // 100 for d in (1, 20, 31)] == [214, 490, 650]
    assert [bill(0, 2, days=d).base_charge // 100 for d in (32, 41, 62)] == [670, 859, 1300]
    assert bill(7, days=20).total == 490 + 70
    split = biller(
        short_mode='"daily"', daily_fixed="200", round_short="1", charges="[{ base = 650 }]", split='"odd_first"'
    )
    assert split(0, 2, days=41).total == 859
    homes = biller(short_mode='"daily"', charges="[{ base = 310 }]", dwellings='"scaled"')
    assert homes(0, days=10, dwellings=3).total == 300


def test_a_volume_stretched_to_a_full_month_and_a_price_by_days():
    fields = {"short_mode": '"rescale"', "minimum": "200", "round_short": "1", "tax": '"excluded"'}
    bill = biller(**fields, charges="[{ base = 960 }]", bands="[{ above = 0, price = 50 }, { above = 10, price = 75 }]")
    assert bill(5, days=10).volume_charge == 875_00
    assert (bill(5, days=10).subtotal, bill(5, days=10).total) == (591_00, 650)
    assert (bill(0, days=1).subtotal, bill(0, days=1).total) == (200_00, 220)
    two = bill(30, 2, days=45)
    assert two.volume_charge == 1000_00 + 21 * 75_00
    assert two.subtotal == (1920 + 1000 + 21 * 75) * 45 // 62 * 100


@pytest.mark.parametrize(
    ("counted", "to_reading", "to_stop", "both"),
    [("difference", 19, 14, 40), ("start_day", 20, 14, 40), ("both_days", 20, 14, 41)],
)
def test_days_are_counted_as_the_ordinance_says(counted, to_reading, to_stop, both):
    bill = biller(days_counted=f'"{counted}"')
    assert bill(1, on=date(2022, 9, 3), started_on=date(2022, 8, 15)).days_used == to_reading
    assert (
        bill(1, on=date(2022, 8, 15), previous_on=date(2022, 8, 1), stopped_on=date(2022, 8, 15)).days_used == to_stop
    )
    stop = date(2022, 9, 10)
    assert bill(1, 2, on=stop, started_on=date(2022, 8, 1), stopped_on=stop).days_used == both
    assert bill(1, on=stop, started_on=stop, stopped_on=stop).days_used == 1
    assert bill(1, on=stop, started_on=date(2020, 1, 1)).days_used is None


def test_a_rule_for_stops_only_leaves_starts_alone():
    bill = biller(short_mode='"base"', short="[{ to_days = 30, to_volume = 4, percent = 50 }]", short_for='"stop"')
    assert bill(4, on=date(2025, 6, 20), previous_on=date(2025, 6, 15), stopped_on=date(2025, 6, 20)).total == 500
    assert bill(5, on=date(2025, 6, 20), previous_on=date(2025, 6, 15), stopped_on=date(2025, 6, 20)).total == 1000
    assert bill(4, on=date(2025, 6, 20), started_on=date(2025, 6, 15)).total == 1000


def test_dates_out_of_order_are_refused_when_the_use_is_made():
    with pytest.raises(InvariantError, match="before started_on"):
        WaterUse(meter_size=13, volume=1, months=1, started_on=date(2026, 4, 2), stopped_on=date(2026, 4, 1))
    with pytest.raises(InvariantError, match="before previous_on"):
        WaterUse(meter_size=13, volume=1, months=1, previous_on=date(2026, 4, 2), stopped_on=date(2026, 4, 1))


# Estimates and what settles them


def test_what_was_estimated_is_settled_month_by_month():
    book = town(round_total="10", charges="[{ base = 1004, included = 10 }]")

    def settled(volume, months, billed):
        use = WaterUse(meter_size=13, volume=volume, months=months)
        return book.decide(water_settlement, use, EstimatedBills(billed=billed), on=ON).result

    assert (settled(143, 5, 0).charged, settled(50, 5, 0).charged) == (3 * 3350 + 2 * 3200, 5000)
    assert settled(50, 5, 6000).due == -1000
    assert settled(40, 2, 2000).due == 2 * 2000 - 2000


def test_a_settlement_beyond_the_recorded_volume_is_refused():
    book = town(known_to="20")
    outcome = book.decide(
        water_settlement, WaterUse(meter_size=13, volume=101, months=5), EstimatedBills(billed=0), on=ON
    )
    assert outcome.reason == "この水量に適用される単価は収録されていない"


@pytest.mark.parametrize(
    ("share", "rounding", "volumes", "volume"),
    [
        ("100%", "floor", (40, 44), 42),
        ("100%", "floor", (40, 43), 41),
        ("100%", "half_up", (40, 43), 42),
        ("90%", "floor", (20, 22, 24), 19),
    ],
)
def test_an_estimate_is_a_share_of_the_mean(share, rounding, volumes, volume):
    book = town(version(**PLAIN) + f'[version.WaterEstimate]\nshare = "{share}"\nrounding = "{rounding}"\n')
    assert book.decide(water_estimate, PastUse(volumes=volumes), on=ON).result.volume == volume


def test_an_estimate_goes_by_one_month_at_least():
    with pytest.raises(InvariantError, match="volumes"):
        PastUse(volumes=())
