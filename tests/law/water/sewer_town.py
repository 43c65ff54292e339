"""架空市の下水道: ordinances of a city that does not exist, for the tests of sewerage beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from munirules.engine.decision import Replacement
from munirules.engine.enactment import load
from munirules.engine.rulebook import Rulebook
from munirules.law.tax import consumption
from munirules.law.water.contribution import contribution
from munirules.law.water.contribution_plan import contribution_plan
from munirules.law.water.deemed_use import deemed_use
from munirules.law.water.joining import joining_fee
from munirules.law.water.meter_reading import meter_reading
from munirules.law.water.meter_slip import meter_slip
from munirules.law.water.sewer import sewer_bill
from munirules.law.water.sewer_volume import sewer_volume
from munirules.law.water.supply import water_bill
from munirules.testing.kit import book, ordinance

TAX = load(Path(consumption.__file__).with_suffix(".toml"))

SEWER = """
[[version]]
since = 2019-10-01
[version.SewerTariff]
table_months = 1
split = "odd_first"
tax = "excluded"
round_month = 0
round_tax = 0
round_total = 1
persons_use = "人員制"
charges = [
    { use = "一般用", base = 800, included = 5, bands = "一般" },
    { use = "人員制", base = 500, bands = "人員" },
]
bands = [
    { bands = "一般", above = 0, price = 100 },
    { bands = "一般", above = 20, price = 150.5 },
    { bands = "人員", above = 0, price = 700 },
]
well_rents = [{ rent = 300 }]
leaks = [{ kind = "地下漏水", above = 1, share = "1" }]
reliefs = [{ ground = "生活扶助", base_percent = 100 }]
"""

WATER = """
[[version]]
since = 2019-10-01
[version.WaterTariff]
table_months = 1
split = "odd_first"
tax = "excluded"
round_month = 0
round_tax = 0
round_total = 1
charges = [{ base = 1000, included = 10 }]
bands = [{ above = 10, price = 200 }]
"""

CHECK = """
[[version]]
since = 2019-10-01
[version.ReadingCheck]
compared = [{ source = "same_season" }, { source = "mean", readings = 2 }, { source = "last" }]
rounding = "floor"
high_percent = 200
low_percent = 30
least_difference = 10
unreadable_action = "deem"
lower_action = "read_again"
unchanged_action = "check_meter"
high_action = "check_leak"
low_action = "read_again"
nothing_action = "bill"
"""

DECISIONS = (
    water_bill,
    sewer_bill,
    sewer_volume,
    contribution,
    contribution_plan,
    joining_fee,
    meter_reading,
    meter_slip,
    deemed_use,
)


def town(*versions: str, replaced: Sequence[Replacement] = (), **more: Any) -> Rulebook:
    """The rulebook of a city whose ordinances have these versions."""
    laws = [ordinance(text, title=f"架空市条例第{number}号") for number, text in enumerate(versions, 1)]
    return book(*DECISIONS, city=laws, nation=[TAX], replaced=replaced, **more)
