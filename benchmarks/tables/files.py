"""CSV to CSV: a file of water bills decided by `munirules batch`, beside what polars needs to read and write the same files.

    python -m benchmarks.tables.files [--rows 1000000] [--scale 1] [--json]

Both run in one process, one after the other, so that what else the machine does falls on both; the best of some rounds
counts. Polars reads the bills and writes the answers that ours gave; it decides nothing. The peak of memory, and the time
for sizes that grow, are measured in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv
from benchmarks.tables import inputs
from benchmarks.tables.sides import ROOT

from benchmarks import memory
from munirules import Rulebook
from munirules.models.declare import declaration
from munirules.tables.files import run
from munirules.tables.files.decide import Decider, Work
from munirules.tables.files.inputs import Input, Order, open_inputs
from munirules.tables.files.output import Output, flat

ROUNDS = 5
PIECE = 1_000_000
GROWING = (10_000, 100_000, 1_000_000, 10_000_000)


def bills(path: Path, rows: int) -> None:
    """Write a file of bills, a piece at a time."""
    with path.open("wb") as file:
        for start in range(0, rows, PIECE):
            table = inputs.bills(min(PIECE, rows - start))
            keys = pa.array([f"{start + number:09d}" for number in range(table.num_rows)])
            table = table.set_column(0, "key", keys)
            if not start:
                file.write(",".join(table.column_names).encode() + b"\n")
            pyarrow.csv.write_csv(table, file, pyarrow.csv.WriteOptions(include_header=False, quoting_style="none"))


def order(source: Path, output: Path) -> Order:
    """What is decided."""
    book = Rulebook.of(inputs.TOWN)
    decision = book.decision("water.supply")
    return Order(book=book, decision=decision, input=str(source), output=output, on=inputs.ON, keys={"": "key"})


def best(*sides: Callable[[], object]) -> list[tuple[float, float]]:
    """Seconds, and seconds of processors, of each side, in turns."""
    found = [(float("inf"), float("inf"))] * len(sides)
    for _ in range(ROUNDS):
        for number, side in enumerate(sides):
            began, busy = time.perf_counter(), time.process_time()
            side()
            took = time.perf_counter() - began, time.process_time() - busy
            found[number] = (min(found[number][0], took[0]), min(found[number][1], took[1]))
    return found


def beside_polars(folder: Path, rows: int) -> dict[str, str]:
    """Ours, and polars reading and writing the same two files."""
    source, output, copy = folder / "bills.csv", folder / "out.csv", folder / "copy.csv"
    bills(source, rows)
    own = order(source, output)
    run.decide_file(own)
    types = {
        name: pl.Decimal(20, 2) for name, spec in declaration(own.decision.result).specs.items() if spec.kind == "sen"
    }
    answers = pl.read_csv(output, schema_overrides={"key": pl.String, **types})

    def ours() -> None:
        run.decide_file(own)

    def peer() -> None:
        pl.read_csv(source, schema_overrides={"key": pl.String})
        answers.write_csv(copy, quote_style="non_numeric")

    (wall, busy), (peer_wall, peer_busy) = best(ours, peer)
    assert copy.read_bytes() == output.read_bytes(), "polars wrote another file"
    return {
        f"CSV to CSV, {rows:,} bills": f"{wall:.3f} s ({busy:.3f} s of processors)",
        f"polars {pl.__version__} reading and writing the same files": f"{peer_wall:.3f} s ({peer_busy:.3f} s)",
        "so many times what polars needs (goal at most 3)": f"{wall / peer_wall:.2f} ({busy / peer_busy:.2f} of processors)",
        **steps(own),
    }


def steps(own: Order) -> dict[str, str]:
    """Seconds of processors of each step, one after the other in one thread."""
    opened: Input = open_inputs(own)[""]
    decider = Decider(own, opened.plan, opened.reader.name, {})
    spent: dict[str, float] = {}

    def step(name: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        found = work()
        spent[name] = spent.get(name, 0.0) + time.process_time() - began
        return found

    written: Output | None = None
    chunks = opened.reader.chunks(opened.plan.wanted)
    while (chunk := step("cut into records", lambda: next(chunks, None))) is not None:
        part = step("parse", chunk.parse)
        converted = step("convert", lambda part=part: opened.plan.convert(part.batch))
        work = Work(part=part, converted=converted)
        results = step("decide", lambda work=work: decider(work).results)
        written = written or Output(own.output, results[0].schema)
        step("encode", lambda out=written, found=results: out.encode([flat(batch) for batch in found]))
    opened.reader.close()
    if written is not None:
        written.remove()
    return {"of processors, step by step": ", ".join(f"{name} {seconds:.3f} s" for name, seconds in spent.items())}


def alone(rows: int) -> None:
    """Decide one file in this process, and print seconds and the peak of memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bills(folder / "few.csv", 10_000)
        run.decide_file(order(folder / "few.csv", folder / "few-out.csv"))  # compiles, and imports
        bills(folder / "bills.csv", rows)
        memory.reset_peak()
        began = time.perf_counter()
        summary = run.decide_file(order(folder / "bills.csv", folder / "out.csv"))
        seconds = time.perf_counter() - began
        assert summary.rows == summary.decided == rows, summary
        print(json.dumps({"seconds": seconds, "peak": memory.peak_mib()}))


def growing(scale: int) -> dict[str, str]:
    """Files of sizes that grow, each in a process of its own."""
    found = {}
    for rows in (size // scale for size in GROWING):
        command = [sys.executable, "-m", "benchmarks.tables.files", "--alone", str(rows)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        told = json.loads(done.stdout.splitlines()[-1])
        each = told["seconds"] / rows * 1e6
        found[f"{rows:,} bills"] = f"{told['seconds']:.2f} s, {each:.2f} s a million, peak {told['peak']:,} MiB"
    return {**found, "goal of the last": "at most 1,024 MiB"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=PIECE, help="bills, beside polars")
    parser.add_argument("--scale", type=int, default=1, help="by how many times fewer rows")
    parser.add_argument("--alone", type=int, help="decide one file of so many rows, print its figures, and end")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args()
    if chosen.alone:
        alone(chosen.alone)
        return
    with tempfile.TemporaryDirectory() as name:
        found = {**beside_polars(Path(name), chosen.rows // chosen.scale), **growing(chosen.scale)}
    print(json.dumps(found) if chosen.json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
