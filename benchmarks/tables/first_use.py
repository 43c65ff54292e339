"""The first table that a process decides: how long until it is there. Prints JSON.

    python -m benchmarks.tables.first_use [--case child] [--rows 10000] [--engine kernel]

What is kept between processes stands where `XDG_CACHE_HOME` says: an empty folder there shows what compiling costs.
"""

from __future__ import annotations

import argparse
import json
import time
from importlib import import_module

LIBRARIES = ("numba", "numpy", "pyarrow", "pyarrow.compute")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--case", choices=("child", "bills"), default="child")
    arguments.add_argument("--rows", type=int, default=10_000)
    arguments.add_argument("--engine", default="kernel")
    chosen = arguments.parse_args()
    start = time.perf_counter()
    for name in LIBRARIES:
        import_module(name)
    libraries = time.perf_counter() - start
    inputs = import_module("benchmarks.tables.inputs")
    tables = inputs.households(chosen.rows) if chosen.case == "child" else {"main": inputs.bills(chosen.rows)}
    parts = {"members": tables["members"], "Roles.holders": tables["holders"]} if chosen.case == "child" else {}
    decision = "welfare.child_allowance" if chosen.case == "child" else "water.supply"

    start = time.perf_counter()
    book = import_module("munirules").Rulebook.of(inputs.TOWN)
    own = book.decision(decision)
    opened = time.perf_counter() - start
    times = []
    for _ in range(3):
        start = time.perf_counter()
        outcome = book.decide_table(own, tables["main"], on=inputs.ON, tables=parts, engine=chosen.engine)
        times.append(time.perf_counter() - start)
    rules = len(book.area(own.area).wiring(own, inputs.ON, None).steps)
    found = {
        "libraries": libraries,
        "opened": opened,
        "first": times[0],
        "again": min(times[1:]),
        "rules": rules,
        "engine": str(outcome.engine),
    }
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
