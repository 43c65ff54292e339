"""A million bills of an old system with two quirks, explained; too slow for the default suite: `nox -s million`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.testing import bills

ROWS = 1_000_000
SECONDS = 60


def audited(path: Path, name: str) -> tuple[dict[str, Any], bytes, float]:
    page = path.with_name(f"{name}.html")
    command = [
        sys.executable,
        "-m",
        "munirules",
        "audit",
        "water.supply",
        str(path),
        "--in",
        "215066",
        "--form",
        "json",
    ]
    command += ["--map", str(path.with_suffix(".toml")), "--report", str(page)]
    started = time.perf_counter()
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    spent = time.perf_counter() - started
    assert ran.returncode == 1, ran.stderr
    return json.loads(ran.stdout), page.read_bytes(), spent


def test_a_million_bills_with_two_planted_quirks_are_explained_to_the_last_within_a_minute(tmp_path, record_property):
    path = tmp_path / "bills.csv"
    planted = bills.write(path, ROWS)
    path.with_suffix(".toml").write_text(bills.MAP, encoding="utf-8")
    audited(path, "first")  # kernels are compiled and kept
    report, page, spent = audited(path, "second")
    record_property("seconds", spent)
    groups = {group["proposals"][0]["name"]: group["count"] for group in report["groups"]}
    assert groups == {"previous-version": planted["farm"], "tax-each-month": report["different"] - planted["farm"]}
    assert report["asked"] == ROWS == report["same"] + report["different"] + report["set_aside"]
    assert report["set_aside"] == planted["broken"]
    assert all(group["proposals"][0]["upset"] == 0 for group in report["groups"])
    assert audited(path, "third")[1] == page
    assert spent < SECONDS
