"""Kernels on disk: another process answers from one, and none answers for a rule, a helper or a value that has changed."""

import json
import os
import subprocess
import sys

import pytest

RULES = '''
from __future__ import annotations

from munirules import Decision, Yen, facts, provision, result
from munirules.models.fields import count, yen

STEP = 10


@facts(title="駐車場の利用")
class Parking:
    """Use of the car park."""

    hours: int = count("時間")


@provision(title="駐車場の料金")
class ParkingRates:
    """What an hour costs."""

    hourly: int = yen("1時間")


@result(title="駐車料金")
class ParkingFee:
    """The fee."""

    fee: Yen


parking = Decision("housing.parking", Parking, ParkingFee, title="駐車料金", on="利用日", authority="架空市長")


def counted(hours: int) -> int:
    """Hours that count."""
    return min(hours, 8)


@parking.rule(title="駐車料金")
def fee(use: Parking, rates: ParkingRates) -> Yen:
    """The fee."""
    return counted(use.hours) * rates.hourly // STEP * STEP
'''

DATA = """
title = "架空市駐車場条例"
kind = "ordinance"
jurisdiction = "999997"
source = "https://example.com/"
read_on = 2026-11-20

[[version]]
since = 2020-04-01
[version.ParkingRates]
hourly = 105
"""

SCRIPT = """
import json
from datetime import date
import pyarrow as pa
from munirules import Rulebook
from munirules.tables.kernel import kernels
book = Rulebook.of("999997")
table = pa.table({"hours": [1, 5, 20]})
outcome = book.decide_table("housing.parking", table, on=date(2026, 6, 1), engine="kernel")
made = [kernel.kept for kernel in kernels._made.values()]
print(json.dumps({"fees": outcome.results["fee"].to_pylist(), "kept": made}))
"""


@pytest.fixture
def ask(tmp_path):
    """Ask a city whose plugin has these rules and figures, in a process of its own."""
    folder = tmp_path / "munirules_kaku" / "city"
    folder.mkdir(parents=True)
    (tmp_path / "munirules_kaku" / "__init__.py").touch()
    about = tmp_path / "munirules_kaku-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: munirules-kaku\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[munirules]\n999997 = munirules_kaku:city\n", encoding="utf-8")
    (folder / "jurisdiction.toml").write_text(
        'code = "999997"\nname = "架空市"\nkind = "city"\nkana = "かくうし"\nromaji = "Kaku-shi"\n', encoding="utf-8"
    )

    def run(rules=RULES, data=DATA, seed="1"):
        (folder / "housing.py").write_text(rules, encoding="utf-8")
        (folder / "housing.toml").write_text(data, encoding="utf-8")
        environment = {
            "MUNIRULES_KERNELS": str(tmp_path / "kernels"),
            "PYTHONPATH": str(tmp_path),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONHASHSEED": seed,
        }
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
        )
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return told["fees"], told["kept"]

    return run


CHANGES = (
    ("// STEP * STEP", "// STEP * STEP + 1", [101, 521, 841]),  # the rule
    ("min(hours, 8)", "min(hours, 4)", [100, 420, 420]),  # a helper
    ("STEP = 10", "STEP = 100", [100, 500, 800]),  # a value that a rule names
)


def test_another_process_compiles_nothing_and_no_kernel_answers_for_what_has_changed(ask):
    assert ask() == ([100, 520, 840], [False])
    assert ask(seed="2") == ([100, 520, 840], [True])  # whatever order its sets have
    for old, new, fees in CHANGES:
        assert ask(rules=RULES.replace(old, new)) == (fees, [False])
    assert ask(data=DATA.replace("105", "211")) == ([210, 1050, 1680], [True])  # a figure is no part of a kernel
