"""架空市の水道: water supply ordinances of a city that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from munirules.engine.enactment import load
from munirules.engine.rulebook import Rulebook
from munirules.law.tax import consumption
from munirules.law.water.estimate import water_estimate
from munirules.law.water.supply import WaterBill, WaterUse, water_bill, water_settlement
from munirules.testing.kit import book, ordinance

TAX = load(Path(consumption.__file__).with_suffix(".toml"))
ON = date(2026, 6, 10)

PLAIN = {
    "table_months": "1",
    "split": '"scaled"',
    "tax": '"included"',
    "round_month": "0",
    "round_tax": "0",
    "round_total": "1",
    "charges": "[{ base = 1000, included = 10 }]",
    "bands": "[{ above = 10, price = 100 }, { above = 20, price = 150 }]",
}


def version(since: str = "1997-04-01", head: str = "", change: str = "", **fields: str) -> str:
    """One version of the tariff; fields in TOML."""
    lines = "\n".join(f"{name} = {value}" for name, value in fields.items())
    key = f'\n[version.WaterChange]\nkey = "{change}"' if change else ""
    return f"[[version]]\nsince = {since}\n{head}\n[version.WaterTariff]\n{lines}{key}\n"


def town(*versions: str, **fields: str) -> Rulebook:
    """The rulebook of a city with these versions, or with one: the plain tariff with other fields."""
    text = "\n".join(versions or (version(**{**PLAIN, **fields}),))
    return book(water_bill, water_settlement, water_estimate, city=[ordinance(text)], nation=[TAX])


def biller(*versions: str, **fields: str) -> Callable[..., WaterBill]:
    """A function that decides a bill of such a city: `bill(volume, months, on=…, …)`."""
    own = town(*versions, **fields)

    def bill(volume: int, months: int = 1, on: date = ON, **more: Any) -> WaterBill:
        use = WaterUse(**{"meter_size": 13, "volume": volume, "months": months, **more})
        return own.decide(water_bill, use, on=on).result

    return bill
