"""Second readings: figures typed anew from their source are compared with the first, cell by cell."""

import pytest
from tests.testing.corpus_city import folder

from munirules.checking.second_reading import second_reading
from munirules.engine.enactment import load

HEAD = '[[reading]]\nfile = "water.toml"\nsince = 2019-10-01\nread_on = 2026-11-27\nsource = "https://city.kaku.lg.jp/ryokin"\n'


@pytest.fixture
def read(tmp_path):
    """Writes a second reading beside the city's data, and compares it."""
    folder(tmp_path)

    def reading(text):
        (tmp_path / "second_reading.toml").write_text(text, encoding="utf-8")
        return second_reading(tmp_path, [load(tmp_path / "water.toml")])

    return reading


def test_a_folder_without_one_has_none(tmp_path):
    folder(tmp_path)
    assert second_reading(tmp_path, [load(tmp_path / "water.toml")]).figures == ()


def test_what_is_the_same_both_times_is_listed_cell_by_cell(read):
    found = read(
        HEAD + "[reading.WaterTariff]\nbands = [{ price = 120 }, { above = 20, price = 157.50 }]\nround_total = 1\n"
    )
    assert found.faults == ()
    assert [own.path for own in found.figures] == [
        "WaterTariff.bands[1].price",
        "WaterTariff.bands[2].above",
        "WaterTariff.bands[2].price",
        "WaterTariff.round_total",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD + "[reading.WaterTariff]\nbands = [{ price = 121 }, {}]\n",
            "bands[1].price: 120 the first time, 121 the second",
        ),
        (HEAD + "[reading.WaterTariff]\nbands = [{ price = 120 }]\n", "bands: 2 rows the first time, 1 the second"),
        (HEAD + "[reading.WaterTariff]\nminimum = 5\n", "WaterTariff.minimum: the version does not set it"),
        (HEAD + "[reading.WaterTariff]\ntable_months = true\n", "table_months: 1 the first time, True the second"),
        (HEAD.replace("2019-10-01", "2019-10-02"), "water.toml: no version since 2019-10-02"),
        (HEAD.replace("water.toml", "fees.toml"), "fees.toml: no such enactment"),
        (HEAD.replace("read_on", "readon"), "readon = "),
        (HEAD.replace('source = "https://city.kaku.lg.jp/ryokin"\n', ""), "lacks source"),
        ("more = 1\n" + HEAD, "holds [[reading]] tables and nothing else"),
        ("[[reading", "cannot be read"),
    ],
)
def test_what_differs_or_cannot_be_compared_is_told_with_its_line(read, tmp_path, text, told):
    faults = read(text).faults
    assert told in faults[0]
    assert faults[0].startswith(f"{tmp_path / 'second_reading.toml'}:")
