"""Decisions over columns beside their peers, in one run.

    python -m benchmarks.tables.run [--peers FOLDER] [--repeat 7] [--only PART …] [--sides NAME …] [--quick] [--write] [--json FILE]

Every side is a process of its own environment that holds its input in memory; they are asked in turn, again and again,
and the least time of each counts. `--write` keeps the tables in `benchmarks/RESULTS.md`, `--json` every figure.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
from benchmarks.results import keep
from benchmarks.tables import inputs, parts, report
from benchmarks.tables.environments import PACKAGES, python_of, versions
from benchmarks.tables.sides import BY_HAND, MUNIRULES, ROOT, WAYS, Side, Way

HERE = Path(__file__).parent
PARTS = ("within", "child", "bills", "linear", "towns", "first", "file")
CHILD_ROWS, BILL_ROWS = (100_000, 400_000), (1_000_000,)
LINEAR_ROWS = (10_000, 100_000, 1_000_000, 10_000_000)
FEW_ROUNDS = 2
NEVER = 1e9
QUICK = 10  # times fewer rows, and fewer rounds


@attrs.frozen(kw_only=True)
class Setting:
    """Where and how often is measured.

    Attributes:
        peers: folder of the environments and of the inputs.
        repeat: rounds.
        scale: by how many times fewer rows.
        ways: the sides.
    """

    peers: Path
    repeat: int
    scale: int
    ways: tuple[Way, ...]


def compare(case: str, rows: int, setting: Setting) -> dict[str, Any]:
    """Ask every side in turn, and again.

    Returns:
        For each side its least seconds, all of them, the least of all processors together, the sum of its amounts and its
        peak of memory; or why there is none.
    """
    folder = setting.peers / "inputs"
    inputs.write(folder, case, rows)
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        sides = [
            stack.enter_context(Side(way, folder, setting.peers))
            for way in setting.ways
            if case in way.cases and rows <= way.most
        ]
        for number in range(setting.repeat):
            for side in sides:
                own = found.setdefault(side.way.label, {"all": [], "cpu": NEVER})
                if "failed" in own or (side.way.few and number >= FEW_ROUNDS):
                    continue
                try:
                    answer = side.ask(case, rows)
                except (RuntimeError, BrokenPipeError) as error:
                    own["failed"] = str(error)
                    continue
                own["all"].append(round(answer["seconds"], 5))
                own |= {"seconds": min(own["all"]), "cpu": min(own["cpu"], round(answer["cpu"], 5))}
                own |= {"sum": answer["sum"], "peak_mib": answer["peak_mib"]}
            print(f"{case} {rows:,}: round {number + 1} of {setting.repeat}", file=sys.stderr)
    return found


def sized(case: str, sizes: tuple[int, ...], setting: Setting) -> dict[str, Any]:
    """Compare over several numbers of rows."""
    return {str(rows): compare(case, rows, setting) for rows in (size // setting.scale for size in sizes)}


def linear(setting: Setting) -> dict[str, Any]:
    """The library and the loop written by hand over more and more bills."""
    only = attrs.evolve(setting, ways=(MUNIRULES, BY_HAND), repeat=min(setting.repeat, 3))
    return sized("bills", LINEAR_ROWS, only)


def measure(part: str, setting: Setting) -> dict[str, Any]:
    """Measure one of `PARTS`."""
    if part in ("within", "child"):
        return sized(part, CHILD_ROWS, setting)
    if part == "bills":
        return sized("bills", BILL_ROWS, setting)
    if part == "linear":
        return linear(setting)
    if part == "towns":
        return parts.many_towns(200_000 // setting.scale, setting.repeat)
    return parts.first_use() if part == "first" else parts.files(setting.scale)


def about(setting: Setting) -> dict[str, str]:
    """What was measured on, and with which versions."""
    packages = {"openfisca": ("openfisca-japan", "openfisca-core"), "gettsim": ("gettsim",), "polars": ("polars",)}
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "here": versions(sys.executable, "munirules", "numba", "numpy", "pyarrow"),
        **{name: versions(python_of(setting.peers, name), *packages[name]) for name in PACKAGES},
    }


def main() -> None:
    """Measure, print and keep."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument(
        "--peers", type=Path, default=ROOT / "benchmarks" / ".peers", help="where environments stand"
    )
    arguments.add_argument("--repeat", type=int, default=7)
    arguments.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    arguments.add_argument(
        "--sides", nargs="*", default=[""], help="sides whose names hold one of these; all by default"
    )
    arguments.add_argument("--quick", action="store_true", help=f"a {QUICK}th of the rows, three rounds")
    arguments.add_argument("--write", action="store_true", help="keep the tables in benchmarks/RESULTS.md")
    arguments.add_argument("--json", type=Path, default=HERE / "measured.json", help="keep every figure here")
    chosen = arguments.parse_args()
    setting = Setting(
        peers=chosen.peers.resolve(),
        repeat=3 if chosen.quick else chosen.repeat,
        scale=QUICK if chosen.quick else 1,
        ways=tuple(way for way in WAYS if any(part in way.label for part in chosen.sides)),
    )
    found = json.loads(chosen.json.read_text(encoding="utf-8")) if chosen.json.exists() else {}
    found["about"] = about(setting)
    for part in chosen.only:
        found[part] = measure(part, setting)
        if not chosen.quick:
            chosen.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lines = report.told(found)
    print("\n".join(lines))
    if chosen.write:
        keep("Decisions over columns", lines)


if __name__ == "__main__":
    main()
