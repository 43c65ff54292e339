from datetime import date

import pytest

from munirules import Rulebook
from munirules.calendar.age import Attained, age_on
from munirules.law.water.supply import WaterUse
from munirules.money import Rate, Rounding, of, quotient
from munirules.testing.functions import running
from munirules.testing.quirks import Both, QuirkError, Reached, named_quirks, quirk_of, read_quirks
from munirules.testing.quirks.helpers import HELPERS

ON = date(2024, 5, 10)
TOWN = Rulebook.of("215066")
BILL = TOWN.decision("water.supply")
REACHED = Reached(TOWN, BILL)
USE = WaterUse(use="家事用", meter_size=13, volume=9, months=2)


def total(use=USE, on=ON):
    return TOWN.decide(BILL, use, on=on).result.total


def under(name, use=USE, on=ON):
    with quirk_of(name, REACHED).alive(REACHED):
        return total(use, on)


def test_a_quirk_is_alive_only_while_it_is_tested():
    assert (total(), under("tax-each-month"), total()) == (3709, 3708, 3709)


@pytest.mark.parametrize(
    ("name", "charged"),
    [
        ("ceiling-total", 3710),
        ("round-total-10", 3700),
        ("previous-version", 3706),
        ("floor-each-month", 3709),
        ("WaterTariff.round_total=100", 3700),
        ("WaterTariff.charges[1].base@2023-04-01=1629", 3731),
        ("WaterTariff.charges[1].base@2019-10-01=1629", 3709),
        ("WaterTariff.tax=included", 3372),
    ],
)
def test_named_quirks_and_single_figures(name, charged):
    assert under(name) == charged


def test_a_quirk_leaves_a_version_alone_in_which_it_cannot_stand():
    before = date(2022, 5, 10)  # the tariff was with tax, so that none could be added by month
    assert under("tax-each-month", on=before) == total(on=before)


def test_quirks_may_be_alive_together():
    both = Both(quirks=(quirk_of("previous-version", REACHED), quirk_of("round-total-10", REACHED)))
    with both.alive(REACHED):
        assert total() == 3700
    assert both.name == "previous-version + round-total-10"
    assert both.compiled


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("floor-each-mnth", "did you mean 'floor-each-month'"),
        ("WaterTariff.round_totl=1", "did you mean 'WaterTariff.round_total'"),
        ("WaterTariff.charges[99].base=1", "no figure 'WaterTariff.charges[99].base' here"),
    ],
)
def test_a_quirk_that_is_none_is_refused_with_what_may_be_meant(name, told):
    with pytest.raises(QuirkError) as error:
        quirk_of(name, REACHED)
    assert told in str(error.value)


def test_every_quirk_that_has_a_name_can_be_alive_anywhere():
    for quirk in named_quirks().values():
        with quirk.alive(REACHED):
            assert isinstance(total(), int)
        assert total() == 3709


def test_a_file_of_quirks_is_read_strictly(tmp_path):
    path = tmp_path / "q.toml"
    path.write_text('[x]\ntitle = "t"\nfeilds = { a = 1 }\n', encoding="utf-8")
    with pytest.raises(QuirkError, match="feilds"):
        read_quirks(path)
    path.write_text('[x]\ntitle = "t"\nhelper = "half_evn"\n', encoding="utf-8")
    with pytest.raises(QuirkError, match="did you mean 'half_even'"):
        read_quirks(path)


def helped(name, *args, **named):
    stands_for, own = HELPERS[name]
    with running({stands_for: own.__code__}):
        return stands_for(*args, **named)


@pytest.mark.parametrize(
    ("name", "num", "expected"),
    [
        ("half_even", 25, 2),
        ("half_even", 35, 4),
        ("half_even", -25, -2),
        ("half_even", 26, 3),
        ("floor_everywhere", 29, 2),
        ("floor_everywhere", -29, -2),
        ("half_up_everywhere", 25, 3),
        ("half_up_everywhere", 24, 2),
        ("ceiling_everywhere", 21, 3),
        ("ceiling_everywhere", -21, -3),
    ],
)
def test_roundings_of_old_systems(name, num, expected):
    assert helped(name, num, 10, Rounding.FLOOR) == expected
    assert quotient(29, 10, Rounding.FLOOR) == 2


def test_floats_of_32_bits_lose_the_last_yen_of_large_amounts():
    assert helped("float32_money", 20_000_001, 1, Rounding.FLOOR) == 20_000_000
    assert helped("float32_money", 25, 10, Rounding.HALF_UP) == 3
    assert helped("float32_money", 21, 10, Rounding.CEILING) == 3


def test_float_rates_lose_a_yen():
    rate = Rate.parse("29%")
    assert of(100, rate, floor=1) == 29
    assert helped("float_rates", 100, rate, floor=1) == 28
    assert helped("float_rates", 1001, rate, half_up=10) == 290
    assert helped("float_rates", 1001, rate, ceiling=1) == 291


def test_ages_are_attained_on_the_day_that_the_old_system_thinks():
    birth, eve, day = date(2000, 4, 2), date(2018, 4, 1), date(2018, 4, 2)
    assert age_on(birth, eve, Attained.DAY_BEFORE) == 18
    assert helped("age_on_birthday", birth, eve, Attained.DAY_BEFORE) == 17
    assert helped("age_on_birthday", birth, day, Attained.DAY_BEFORE) == 18
    assert helped("age_on_day_before", birth, eve, Attained.BIRTHDAY) == 18
