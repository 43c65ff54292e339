"""The inputs that all sides of the comparison are given: the same columns, from the same seed.

Arrow files for those that take Arrow, `.npz` of the same values for those that take numpy arrays.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.ipc

if TYPE_CHECKING:
    from pathlib import Path

ON = date(2025, 6, 1)
TOWN = "岐阜県白川町"
SEED = 20250601
DAYS_A_YEAR = 365
OLDEST_CHILD, YOUNGEST_PARENT, OLDEST_PARENT = 18, 25, 50
DAYS_TO_CLAIM = 15
EPOCH = date(1970, 1, 1).toordinal()
USES = ("家事用", "営業用", "官公署学校用", "工場用")
USE_SHARES = (0.9, 0.07, 0.02, 0.01)
SIZES = (13, 20, 25, 30, 40)
SIZE_SHARES = (0.62, 0.3, 0.05, 0.02, 0.01)
MEAN_VOLUME = 20


def days(numbers: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    """Days since 1970 as Arrow dates; null where `mask` is set."""
    return pa.array(numbers.astype(np.int32), mask=mask).cast(pa.date32())


def numbered(numbers: np.ndarray, width: int = 10) -> pa.Array:
    """Numbers as the texts that registers hold (宛名番号), with zeros in front."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    digits = ((numbers[:, None] // powers) % 10 + ord("0")).astype(np.uint8)
    offsets = np.arange(0, width * (len(numbers) + 1), width, dtype=np.int32)
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(digits))


def choice(name: str, rows: int) -> pa.Array:
    """A column in which one choice stands throughout."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int8)), pa.array([name]))


def births(rows: int) -> np.ndarray:
    """Days of birth of two parents and two children of each household, as days since 1970."""
    draw = np.random.default_rng(SEED)
    on = ON.toordinal() - EPOCH
    parents = on - draw.integers(YOUNGEST_PARENT * DAYS_A_YEAR, OLDEST_PARENT * DAYS_A_YEAR, (rows, 2))
    children = on - draw.integers(0, OLDEST_CHILD * DAYS_A_YEAR, (rows, 2))
    return np.concatenate([parents, children], axis=1)


def households(rows: int, *, within: bool = False) -> dict[str, pa.Table]:
    """Households of four with claims for both children: the table of households, and those of their parts.

    Args:
        rows: how many households.
        within: whether ids tell persons apart within their household only, as a dictionary column of few texts does;
            else each is a text of its own, as 宛名番号 are.
    """
    born = births(rows)
    key = np.arange(rows, dtype=np.int64) + 1
    if within:
        codes = np.tile(np.arange(4, dtype=np.int32), rows)
        ids: pa.Array = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(["1", "2", "3", "4"]))
    else:
        ids = numbered(np.arange(4 * rows, dtype=np.int64) + 1)
    unclaimed = np.tile([True, True, False, False], rows)
    day = born.ravel()
    members = {
        "key": pa.array(np.repeat(key, 4)),
        "id": ids,
        "born_on": days(day),
        "ChildAllowanceClaim.claimed_on": days(np.minimum(day + DAYS_TO_CLAIM, ON.toordinal() - EPOCH), unclaimed),
        "ChildAllowanceClaim.event_on": days(day, unclaimed),
    }
    holders = {
        "key": pa.array(key),
        "role": choice("recipient", rows),
        "capacity": choice("parent", rows),
        "member": ids.take(pa.array(np.arange(rows) * 4)),
        "about": pa.nulls(rows, pa.string()),
    }
    return {"main": pa.table({"key": key}), "members": pa.table(members), "holders": pa.table(holders)}


def bills(rows: int) -> pa.Table:
    """Meters read: use, size, volume and months of each."""
    draw = np.random.default_rng(SEED)
    use = pa.DictionaryArray.from_arrays(draw.choice(len(USES), rows, p=USE_SHARES).astype(np.int32), pa.array(USES))
    months = draw.integers(1, 3, rows)
    volume = draw.gamma(2.0, MEAN_VOLUME / 2, rows) * months
    return pa.table(
        {
            "key": np.arange(rows, dtype=np.int64) + 1,
            "use": use.cast(pa.string()),
            "meter_size": draw.choice(SIZES, rows, p=SIZE_SHARES).astype(np.int32),
            "volume": volume.astype(np.int32),
            "months": months.astype(np.int32),
        }
    )


def law() -> dict[str, Any]:
    """The figures of law that peers need, read from the rulebook of a town."""
    from munirules import Rulebook
    from munirules.law.tax.consumption import ConsumptionTax
    from munirules.law.water.supply import WaterTariff
    from munirules.law.welfare.child_allowance import ChildAllowanceClaims, ChildAllowanceRates
    from munirules.law.welfare.months import AgeEnd, born_from

    book = Rulebook.of(TOWN)
    rates = book.timeline(ChildAllowanceRates, "welfare", None).at(ON).value
    tariff = book.timeline(WaterTariff, "water", None).at(ON).value
    tax = book.timeline(ConsumptionTax, "water", None).at(ON).value.current_rate
    return {
        "child": {
            "on": ON.isoformat(),
            "month": ON.replace(day=1).isoformat(),
            "days": book.timeline(ChildAllowanceClaims, "welfare", None).at(ON).value.days,
            "counted_since": born_from(ON, rates.counted_to_age, AgeEnd.SCHOOL_YEAR).isoformat(),
            "third_from": rates.third_from,
            "bands": [
                {
                    "since": born_from(ON, band.until_age, band.ends).isoformat(),
                    "first": band.first,
                    "third": band.third,
                }
                for band in rates.bands
            ],
        },
        "water": {
            "charges": [attrs.asdict(row) for row in tariff.charges],
            "bands": [attrs.asdict(band) for band in tariff.bands],
            "rents": [attrs.asdict(row) for row in tariff.rents],
            "tax_num": tax.num,
            "tax_den": tax.den,
        },
    }


def write(folder: Path, case: str, rows: int) -> None:
    """Write the files of one case, where they do not stand yet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "law.json").write_text(json.dumps(law(), ensure_ascii=False), encoding="utf-8")
    made = folder / f"{case}-{rows}.made"
    if made.exists():
        return
    tables = {"main": bills(rows)} if case == "bills" else households(rows, within=case == "within")
    for name, table in tables.items():
        with pyarrow.ipc.new_file(str(folder / f"{case}-{rows}.{name}.arrow"), table.schema) as sink:
            sink.write_table(table)
    if case != "bills":
        np.savez(folder / f"{case}-{rows}.npz", born=births(rows))
    made.touch()


def read(folder: Path, case: str, rows: int) -> dict[str, pa.Table]:
    """Read the tables of one case into memory."""
    names = ("main",) if case == "bills" else ("main", "members", "holders")
    found = {}
    for name in names:
        with pyarrow.ipc.open_file(str(folder / f"{case}-{rows}.{name}.arrow")) as source:
            found[name] = source.read_all()
    return found
