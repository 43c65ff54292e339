"""A folder of a fictional city for tests of corpora and mutants: a tariff of two versions, with all that can be wrong in it."""

from pathlib import Path

from munirules.testing.corpus.lines import Books

CODE = "999997"

PROFILE = """
code = "999997"
name = "架空市"
kana = "かくうし"
romaji = "Kaku-shi"
kind = "city"
"""

WATER = """title = "架空市水道事業給水条例"
kind = "ordinance"
jurisdiction = "999997"
source = "https://city.kaku.lg.jp/reiki/kyusui"
read_on = 2026-11-20

[[version]]
since = 2019-10-01
citation = "別表第1"
[version.WaterTariff]
table_months = 1
split = "odd_first"
tax = "excluded"
round_month = 0
round_tax = 0
round_total = 1
charges = [
    { to_size = 13, base = 1000, included = 5 },
    { to_size = 25, base = 1500 },
]
bands = [
    { above = 5, price = 120 },
    { above = 20, price = 157.5 },
]

[[version]]
since = 2024-04-01
citation = "別表第1（令和6年改正）"
[version.WaterTariff]
bands = [
    { above = 5, price = 130 },
    { above = 20, price = 170 },
]
"""


def folder(into: Path, water: str = WATER) -> Path:
    """Write the folder."""
    (into / "jurisdiction.toml").write_text(PROFILE, encoding="utf-8")
    (into / "water.toml").write_text(water, encoding="utf-8")
    return into


def book(into: Path, water: str = WATER):
    """The rulebook of the city."""
    return Books().at(CODE, str(folder(into, water)))
