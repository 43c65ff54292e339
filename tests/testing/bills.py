"""A legacy file of water bills of 白川町, as an old system might have left it: CP932, eras, its own codes, two quirks.

The old system taxes and floors each month of a two-month reading by itself (the tariff taxes the sum), and it never
learned of the revision of 2023-04 for farm buildings. What it charged is worked out here with plain arithmetic, so that
nothing of the library is trusted to make what the library is to find.

`python tests/testing/bills.py FILE [ROWS]` writes one.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np

USES = {"01": "家事用", "02": "営業用", "03": "官公署学校用", "11": "農業施設用"}
SIZES = (13, 20, 25)
REVISED = date(2023, 4, 1)

# The tariffs as the town publishes them: base, m³ that the base covers, price of a m³, by use; meter rent by size.
BEFORE = {
    "家事用": (1780, 10, 172),
    "営業用": (1780, 10, 172),
    "官公署学校用": (2618, 15, 172),
    "農業施設用": (2095, 20, 140),
}
SINCE = {
    "家事用": (1619, 10, 157),
    "営業用": (1619, 10, 157),
    "官公署学校用": (2380, 15, 157),
    "農業施設用": (1905, 20, 128),
}
RENT_BEFORE, RENT_SINCE = {13: 73, 20: 125, 25: 156}, {13: 67, 20: 114, 25: 142}
FARM = "農業施設用"

MAP = """\
title = "白川町旧料金システム"
key = "お客様番号"
on = { from = ["元号", "検針年月日"], width = [1, 6], system = "default" }
keep = ["地区"]

[file]
encoding = "cp932"

[fields]
use = { from = "用途CD", codes = { "01" = "家事用", "02" = "営業用", "03" = "官公署学校用", "11" = "農業施設用" } }
meter_size = { from = "口径CD", codes = { "A" = 13, "B" = 20, "C" = 25 } }
volume = "水量"
months = "月数"

[results]
total = "請求額"
"""


def days() -> list[date]:
    """The days on which meters are read: the tenth of each month from 2021-04 to 2026-03."""
    return [date(2021 + (3 + index) // 12, (3 + index) % 12 + 1, 10) for index in range(60)]


def charged(use: np.ndarray, size: np.ndarray, volume: np.ndarray, months: np.ndarray, on: np.ndarray, *, quirks: bool):
    """What is charged in yen: by the ordinance, or as the old system does."""
    names = list(USES.values())
    revised = np.array([day >= REVISED for day in days()])[on]
    taxed_after = revised & (np.array(names)[use] != FARM) if quirks else revised
    tables = [np.array([table[name] for name in names]) for table in (BEFORE, SINCE)]
    rents = [np.array([rent[each] for each in SIZES]) for rent in (RENT_BEFORE, RENT_SINCE)]
    base, covered, price = np.where(taxed_after[:, None], tables[1][use], tables[0][use]).T
    rent = np.where(taxed_after, rents[1][size], rents[0][size])
    shares = [volume - volume // 2, volume // 2]  # the odd m³ falls to the first month
    first = base + price * np.maximum(np.where(months == 2, shares[0], volume) - covered, 0) + rent
    second = np.where(months == 2, base + price * np.maximum(shares[1] - covered, 0) + rent, 0)
    if quirks:
        return np.where(taxed_after, first * 11 // 10 + second * 11 // 10, first + second)
    return np.where(taxed_after, (first + second) * 11 // 10, first + second)


def write(path: Path, rows: int, *, seed: int = 0, quirks: bool = True, broken: bool = True) -> dict[str, int]:
    """Write a file; tells how many rows have which quirk, and how many are broken."""
    draw = np.random.default_rng(seed)
    use, size = draw.integers(0, len(USES), rows), draw.integers(0, len(SIZES), rows)
    volume, months = draw.integers(0, 120, rows), draw.integers(1, 3, rows)
    on = draw.integers(0, 60, rows)
    right = charged(use, size, volume, months, on, quirks=False)
    old = charged(use, size, volume, months, on, quirks=quirks)
    codes, letters = list(USES), "ABC"
    dates = [f"{day.year - 2018:02d}{day.month:02d}{day.day:02d}" for day in days()]
    lines = [
        "お客様番号,元号,検針年月日,用途CD,口径CD,水量,月数,請求額,地区",
        *(
            f"{index + 1:08d},5,{dates[on[index]]},{codes[use[index]]},{letters[size[index]]},"
            f"{volume[index]},{months[index]},{old[index]},下油井"
            for index in range(rows)
        ),
    ]
    if broken:
        lines[3] = lines[3].replace(",A,", ",Z,").replace(",B,", ",Z,").replace(",C,", ",Z,")  # a code of no meter
        lines[5] = lines[5].replace(",5,", ",5,9", 1)  # a date of no calendar
        lines[7] += ",余分"
    path.write_bytes("\r\n".join([*lines, ""]).encode("cp932"))
    farm = (np.array(list(USES.values()))[use] == FARM) & (np.array([day >= REVISED for day in days()])[on])
    return {
        "different": int((right != old).sum()),
        "farm": int((farm & (right != old)).sum()),
        "broken": 3 if broken else 0,
    }


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.with_suffix(".toml").write_text(MAP, encoding="utf-8")
    told = write(file, int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
    sys.stdout.write(f"{told}\n")
