"""Several municipalities in one table beside one, and what is compiled for another town or date. Prints JSON.

python -m benchmarks.tables.many_towns [--rows 200000] [--repeat 5]
"""

from __future__ import annotations

import argparse
import json
import time
from contextlib import contextmanager, suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from benchmarks.synthetic.towns import book_of, towns
from benchmarks.tables import inputs
from numba.core import event

from munirules import Rulebook
from munirules.engine.provisions import NotInForce
from munirules.law.water.supply import WaterTariff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from munirules.tables.outcome import TableOutcome

TOWNS, GIFU = 43, "21"
ANOTHER_DAY = date(2025, 7, 1)
BILLS_A_TOWN = 20_000
SMALLEST = 13


@contextmanager
def compiled() -> Iterator[list[Any]]:
    """What numba compiles meanwhile."""
    with event.install_recorder("numba:compile") as recorder:
        yield recorder.buffer


def best(run: Callable[[], TableOutcome], repeat: int) -> float:
    """The least seconds of several runs, after one that is not counted."""
    run()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def allowances(rows: int, repeat: int) -> dict[str, Any]:
    """Child allowance: the same households as of one town, and shared out to many."""
    tables = inputs.households(rows)
    codes = sorted(towns(), key=lambda code: (not code.startswith(GIFU), code))[:TOWNS]
    book = Rulebook.of(codes[0])
    parts = {"members": tables["members"], "Roles.holders": tables["holders"]}
    several = tables["main"].append_column("code", pa.array(np.array(codes)[np.arange(rows) % len(codes)]))

    def one(own: Rulebook = book, on: date = inputs.ON) -> TableOutcome:
        return own.decide_table("welfare.child_allowance", tables["main"], on=on, tables=parts)

    def many() -> TableOutcome:
        return book.decide_table(
            "welfare.child_allowance", several, on=inputs.ON, tables=parts, code="code", rulebooks=books
        )

    books = {code: book_of(code) for code in codes}
    one()
    with compiled() as for_town:
        one(books[codes[1]])
    with compiled() as for_day:
        one(on=ANOTHER_DAY)
    with compiled() as for_many:
        outcome = many()
    return {
        "rows": rows,
        "towns": len(codes),
        "one": best(one, repeat),
        "many": best(many, repeat),
        "engine": str(outcome.engine),
        "compiled_for_another_town": len(for_town),
        "compiled_for_another_date": len(for_day),
        "compiled_for_many_towns": len(for_many),
    }


def bills(repeat: int) -> dict[str, Any]:
    """Water bills of every town that has a tariff in force, beside as many of one of them."""
    found = {}
    for code in towns():
        with suppress(NotInForce, LookupError):
            found[code] = book_of(code).timeline(WaterTariff, "water", None).at(inputs.ON).value.charges[0]
    rows, codes = BILLS_A_TOWN * len(found), np.array(list(found))
    table = inputs.bills(rows).drop_columns(["use", "meter_size"])

    def asked(places: np.ndarray) -> pa.Table:
        """Readings of the first row of each town's table, by the towns' places."""
        charges = [list(found.values())[place] for place in places[: len(found)]]
        times = rows // len(charges)
        return (
            table.append_column("use", pa.array([row.use or "一般用" for row in charges] * times))
            .append_column("area", pa.array([row.area for row in charges] * times))
            .append_column("meter_size", pa.array([min(row.to_size, SMALLEST) for row in charges] * times))
            .append_column("code", pa.array(codes[places]))
        )

    several, single = asked(np.arange(rows) % len(codes)), asked(np.zeros(rows, int)).drop_columns(["code"])
    first, books = book_of(codes[0]), {code: book_of(code) for code in found}

    def one() -> TableOutcome:
        return first.decide_table("water.supply", single, on=inputs.ON)

    def many() -> TableOutcome:
        return first.decide_table("water.supply", several, on=inputs.ON, code="code", rulebooks=books)

    one()
    with compiled() as for_many:
        outcome = many()
    return {
        "rows": rows,
        "towns": len(found),
        "one": best(one, repeat),
        "many": best(many, repeat),
        "engine": str(outcome.engine),
        "counts": str(outcome.counts),
        "compiled_for_many_towns": len(for_many),
    }


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=200_000)
    arguments.add_argument("--repeat", type=int, default=5)
    chosen = arguments.parse_args()
    found = {"child": allowances(chosen.rows, chosen.repeat), "bills": bills(chosen.repeat)}
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
