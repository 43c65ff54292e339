"""The loops written by hand, over one thread or as many as the way says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc
from benchmarks.tables import inputs
from benchmarks.tables.by_hand import bills, child
from serve import serve

from munirules import Rulebook

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(sys.argv[1])


def prepare(case: str, rows: int, way: str) -> Callable[[], int]:
    """Read the tables; what is returned decides them all."""
    tables, book, threads = inputs.read(FOLDER, case, rows), Rulebook.of(inputs.TOWN), int(way)
    if case != "bills":
        rates = child.rates_of(book, inputs.ON)
        return lambda: pc.sum(child.child_allowance(tables, rates, threads)[0]["amount"]).as_py()
    terms = bills.terms_of(book, inputs.ON)
    return lambda: pc.sum(bills.water_bills(tables["main"], terms, threads)[0]["total"]).as_py()


if __name__ == "__main__":
    serve(prepare)
