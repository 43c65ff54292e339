"""Measurements that run as commands of their own and print JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.tables.sides import ROOT

COLD_RUNS = 3


def _command(*arguments: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Run a module here; what it prints last, or why it prints nothing."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
    )
    if done.returncode:
        return {"failed": (done.stderr.strip() or str(done.returncode)).splitlines()[-1]}
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def many_towns(rows: int, repeat: int) -> dict[str, Any]:
    """Many municipalities in one table; see `many_towns.py`."""
    return _command("benchmarks.tables.many_towns", "--rows", str(rows), "--repeat", str(repeat))


def first_use() -> dict[str, Any]:
    """The first table of a process, with nothing kept and with the kernel kept; see `first_use.py`."""
    found: dict[str, Any] = {}
    for case in ("child", "bills"):
        with tempfile.TemporaryDirectory() as folder:
            cache = {"XDG_CACHE_HOME": folder}
            runs = [
                _command("benchmarks.tables.first_use", "--case", case, environment=cache) for _ in range(COLD_RUNS + 1)
            ]
        kept = [run for run in runs[1:] if "failed" not in run]
        found[case] = {
            "compiled": runs[0],
            "kept": min(kept, key=lambda run: run["first"], default=runs[-1]),
        }
    return found


def files(scale: int) -> dict[str, Any]:
    """A file of ten million rows, and CSV beside polars; see `files.py`."""
    return _command("benchmarks.tables.files", "--json", "--scale", str(scale))
