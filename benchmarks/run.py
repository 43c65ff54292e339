"""Measure what the library promises, in one run; prints a table and, with --write, keeps it in RESULTS.md.

    python benchmarks/run.py [--write]

Cold figures are of processes of their own, best of several, with bytecode as an installer compiles it; a decision is
the best of many short rounds, so that what else the machine does counts little.
"""

from __future__ import annotations

import atexit
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import timeit
from datetime import date
from functools import cache, partial
from pathlib import Path

from results import keep

ROUNDS = 9
SHORT_ROUNDS = 1000
MANY = 1741

TARIFF = """title = "第{n}町給水条例（試験用の架空の条例）"
kind = "ordinance"
jurisdiction = "{code}"
source = "https://example.com/{code}"
read_on = 2026-11-20

[[version]]
since = 2019-10-01
[version.WaterTariff]
table_months = 1
split = "odd_first"
tax = "excluded"
round_month = 0
round_tax = 0
round_total = 1
charges = [ {{ base = 800, included = 10, bands = "一般" }} ]
bands = [ {{ bands = "一般", above = 0, price = 150 }} ]
"""


def cold(code: str, *, path: str = "") -> float:
    """Seconds that a snippet prints as its own figure, best of several cold processes; the first compiles."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled()} | ({"PYTHONPATH": path} if path else {})
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    times = []
    for _ in range(ROUNDS):
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment)
        times.append(float(done.stdout.strip().splitlines()[-1]))
    return min(times)


@cache
def compiled() -> str:
    """A folder of this run for bytecode, whatever the environment says of it."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return folder


def wall(arguments: list[str], *, path: str = "") -> float:
    """Seconds of a whole command, best of several."""
    code = (
        "import subprocess, sys, time; t = time.perf_counter(); "
        f"subprocess.run([sys.executable, *{arguments!r}], check=True, stdout=subprocess.DEVNULL); "
        "print(time.perf_counter() - t)"
    )
    return cold(code, path=path)


def many_plugins(folder: Path) -> list[str]:
    """Generate as many data plugins as there are municipalities, as installed distributions."""
    from munirules.plugins.jurisdictions import municipalities

    codes = [body.code for body in municipalities()]
    for number, code in enumerate(codes):
        package = folder / f"town_{code}"
        (package / "data").mkdir(parents=True)
        (package / "__init__.py").write_text("raise ImportError('a data plugin is never imported')\n")
        (package / "data" / "water.toml").write_text(TARIFF.format(n=number, code=code), encoding="utf-8")
        info = folder / f"munirules_town_{code}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: munirules-town-{code}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[munirules]\n{code} = town_{code}:data\n")
    return codes


def per_call(function: object, number: int = 200, rounds: int = SHORT_ROUNDS) -> float:
    """Microseconds of one call, best of many short rounds."""
    return min(timeit.repeat(function, number=number, repeat=rounds)) / number * 1e6


def bills() -> list[tuple[str, str, str]]:
    """One bill, and with the trace recorded."""
    from munirules import Rulebook
    from munirules.law.water.supply import WaterUse, water_bill

    book = Rulebook.of("岐阜県白川町")
    use, on = WaterUse(use="家事用", meter_size=13, volume=38, months=1), date(2023, 5, 10)
    book.decide(water_bill, use, on=on)
    months = WaterUse(use="家事用", meter_size=13, volume=39, months=2)
    begun = WaterUse(use="家事用", meter_size=13, volume=9, months=1, started_on=date(2023, 4, 25))
    plain, unequal, short = (per_call(partial(book.decide, water_bill, one, on=on)) for one in (use, months, begun))
    traced = per_call(partial(book.decide, water_bill, use, on=on, trace=True))
    return [
        ("one bill after the first", f"{plain:.1f} µs", "10 µs"),
        ("one bill of two unequal months", f"{unequal:.1f} µs", "–"),
        ("one bill of a period in which the use began", f"{short:.1f} µs", "–"),
        ("one bill, trace recorded", f"{traced:.1f} µs", "30 µs"),
    ]


def households() -> list[tuple[str, str, str]]:
    """The child allowance of a household of four, and what a front end asks before it."""
    from munirules import Rulebook, facts_of
    from munirules.engine.schema import schema_of
    from munirules.law.welfare.child_allowance import ChildAllowanceClaim, child_allowance
    from munirules.models.household import Capacity, Household, Role, RoleHolder, Roles
    from munirules.models.resident import Resident

    book, on = Rulebook.of("岐阜県岐阜市"), date(2025, 6, 1)
    born = {"p": date(1980, 5, 5), "q": date(1982, 5, 5), "a": date(2015, 5, 1), "b": date(2022, 7, 7)}
    household = Household(members=tuple(Resident(id=name, born_on=day) for name, day in born.items()))
    roles = Roles(holders=(RoleHolder(role=Role.RECIPIENT, capacity=Capacity.PARENT, member="p"),))
    claims = [facts_of(name, ChildAllowanceClaim(claimed_on=born[name], event_on=born[name])) for name in ("a", "b")]
    book.decide(child_allowance, household, roles, *claims, on=on)
    decided = per_call(lambda: book.decide(child_allowance, household, roles, *claims, on=on))
    asked = per_call(lambda: book.ask(child_allowance, on=on), 20) / 1e3
    schema = per_call(lambda: schema_of(child_allowance, book, on=on), 5, 100) / 1e3
    return [
        ("child allowance of a household of four, after the first", f"{decided:.1f} µs", "15 µs"),
        ("`ask`, warm", f"{asked:.2f} ms", "50 ms"),
        ("`schema`, warm", f"{schema:.2f} ms", "50 ms"),
    ]


def starts(path: str) -> list[tuple[str, str, str]]:
    """Cold processes: import, first decision, many plugins."""
    importing = cold("import time; t = time.perf_counter(); import munirules; print(time.perf_counter() - t)")
    public = cold(
        "import time; t = time.perf_counter(); from munirules import Rulebook; print(time.perf_counter() - t)"
    )
    first = cold(
        "import time; from datetime import date; from munirules import Rulebook; from munirules.plugins import installed; "
        "installed(); t = time.perf_counter(); book = Rulebook.of('215066'); "
        "from munirules.law.water.supply import WaterUse, water_bill; "
        "u = WaterUse(use='家事用', meter_size=13, volume=38, months=1); "
        "book.decide(water_bill, u, on=date(2023, 5, 10)); print(time.perf_counter() - t)"
    )
    opening = cold(
        "import sys, time; from munirules import Rulebook; from munirules.plugins import installed; "
        "n = len(installed()); t = time.perf_counter(); book = Rulebook.of('011002'); s = time.perf_counter() - t; "
        "assert n > 1700, n; assert not [m for m in sys.modules if m.startswith('town_')]; print(s)",
        path=path,
    )
    listing = wall(["-m", "munirules", "plugins"], path=path)
    return [
        ("`import munirules`", f"{importing * 1e3:.0f} ms", "120 ms"),
        ("`from munirules import Rulebook`", f"{public * 1e3:.0f} ms", "–"),
        ("rulebook and first decision, after discovery", f"{first * 1e3:.0f} ms", "50 ms"),
        (f"`munirules plugins`, {MANY:,} plugins, whole process", f"{listing:.2f} s", "0.6 s"),
        (f"one rulebook among {MANY:,} plugins, after discovery", f"{opening * 1e3:.0f} ms", "50 ms"),
    ]


def memory(path: str) -> list[tuple[str, str, str]]:
    """Memory of one open rulebook over the library."""
    code = (
        "import gc, tracemalloc; from datetime import date; from munirules import Rulebook; "
        "from munirules.law.water.supply import WaterUse, water_bill; "
        "first = Rulebook.of('011002'); use = WaterUse(use='一般用', meter_size=13, volume=38, months=1); "
        "first.decide(water_bill, use, on=date(2023, 5, 10)); tracemalloc.start(); gc.collect(); "
        "before = tracemalloc.get_traced_memory()[0]; second = Rulebook.of('012025'); "
        "second.decide(water_bill, use, on=date(2023, 5, 10)); gc.collect(); "
        "print((tracemalloc.get_traced_memory()[0] - before) / 1e6)"
    )
    return [("memory of one more open rulebook", f"{cold(code, path=path):.2f} MB", "0.5 MB")]


def main() -> None:
    """Measure and print; `--write` keeps the table."""
    with tempfile.TemporaryDirectory() as folder:
        many_plugins(Path(folder))
        found = [*bills(), *households(), *starts(folder), *memory(folder)]
    machine = f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}"
    lines = [
        "# Results",
        "",
        f"`python benchmarks/run.py --write`, {machine}; best of {ROUNDS}. Quote ratios, not seconds.",
        "",
        "| what | measured | promised |",
        "|---|---|---|",
        *(f"| {what} | {measured} | {promised} |" for what, measured, promised in found),
        "",
    ]
    print("\n".join(lines))
    if "--write" in sys.argv:
        keep("", lines)


if __name__ == "__main__":
    main()
