"""The library itself: `decide_table`, from Arrow tables to an Arrow table."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc
from benchmarks.tables import inputs
from serve import serve

from munirules import Rulebook

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(sys.argv[1])


def prepare(case: str, rows: int, way: str) -> Callable[[], int]:
    """Read the tables; what is returned decides them all by an engine."""
    tables, book = inputs.read(FOLDER, case, rows), Rulebook.of(inputs.TOWN)
    name, summed = ("water.supply", "total") if case == "bills" else ("welfare.child_allowance", "amount")
    parts = {} if case == "bills" else {"members": tables["members"], "Roles.holders": tables["holders"]}

    def run() -> int:
        outcome = book.decide_table(name, tables["main"], on=inputs.ON, tables=parts, engine=way)
        if outcome.rejects.num_rows:
            raise SystemExit(f"rows were set aside: {outcome.rejects.slice(0, 3).to_pylist()}")
        return pc.sum(outcome.results[summed]).as_py()

    return run


if __name__ == "__main__":
    serve(prepare)
