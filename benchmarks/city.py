"""A whole city decided: every decision that has a table form, over a synthetic city.

    python -m benchmarks.city [--residents 400000] [--only NAME …] [--engine auto] [--shuffled] [--json FILE]

Each decision is asked in the first town in which, and at the latest date at which, all of it is in force and a sample of
the city is decided (岐阜市 and 白川町 before others); see `benchmarks.synthetic` for who lives in the city and what is
known of them. A decision runs twice: the first time with all that is compiled or looked up once.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from benchmarks.memory import peak_mib, reset_peak
from benchmarks.synthetic.city import city, told
from benchmarks.synthetic.questions import Question, question
from benchmarks.synthetic.towns import decision_names, homes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from munirules import Rulebook
    from munirules.engine.decision import Decision
    from munirules.tables.outcome import TableOutcome

ON = date(2025, 12, 1)
RESIDENTS, SAMPLE = 400_000, 1_500
ENOUGH = 0.5
FLAWS = 0.0001
REASONS, WIDTH = 3, 110


@attrs.frozen(kw_only=True)
class Run:
    """What came of one decision.

    Attributes:
        decision: its name.
        town: where it was asked.
        on: at which date.
        rows: subjects asked about.
        parts: rows of all tables of parts.
        first: seconds of the first run.
        again: seconds of the second.
        engine: what decided.
        counts: how many rows came out how.
        reasons: why rows were set aside or refused, the most frequent first.
        peak_mib: the most memory that the process held, the city's own data included.
    """

    decision: str
    town: str
    on: str
    rows: int
    parts: int
    first: float
    again: float
    engine: str
    counts: dict[str, int]
    reasons: list[tuple[int, str]]
    peak_mib: int


def home(name: str, engine: str, sample: Any) -> tuple[Rulebook, Decision[Any, Any], date] | None:
    """Where a decision is asked: the first town in which half of a sample is decided, else that in which most is."""
    best, found = 0.0, None
    for book, decision, on in homes_of(name, ON):
        asked = question(sample(on), book, decision)
        counts = book.decide_table(decision, asked.main, on=on, tables=asked.tables, engine=engine).counts
        share = (counts.decided + counts.provisional) / max(counts.rows, 1)
        if share > best:
            best, found = share, (book, decision, on)
        if share >= ENOUGH:
            break
    return found


def run(asked: Question, book: Rulebook, decision: Decision[Any, Any], on: date, engine: str) -> Run:
    """Ask a decision about the whole city, twice."""
    seconds = []
    reset_peak()
    for _ in range(2):
        start = time.perf_counter()
        outcome = book.decide_table(decision, asked.main, on=on, tables=asked.tables, engine=engine)
        seconds.append(time.perf_counter() - start)
    return Run(
        decision=decision.name,
        town=book.jurisdiction.name,
        on=on.isoformat(),
        rows=asked.main.num_rows,
        parts=sum(table.num_rows for table in asked.tables.values()),
        first=round(seconds[0], 4),
        again=round(seconds[1], 4),
        engine=str(outcome.engine),
        counts=attrs.asdict(outcome.counts),
        reasons=list(reasons_of(outcome)),
        peak_mib=peak_mib(),
    )


def reasons_of(outcome: TableOutcome) -> Iterator[tuple[int, str]]:
    """Why rows were set aside or refused, values left out, the most frequent first."""
    aside = outcome.rejects.select(["field_or_rule", "reason"]).to_pylist()
    found = Counter(f"{row['field_or_rule']}: {row['reason']}" for row in aside)
    found.update(f"refused: {why}" for why in outcome.results["reason"].drop_null().to_pylist() if why)
    alike: Counter[str] = Counter()
    for why, number in found.items():
        alike[re.sub(r"\[\d+\]", "[…]", why)] += number
    for why, number in alike.most_common(REASONS):
        yield number, why.splitlines()[0][:WIDTH]


def printed(found: Run) -> str:
    """One line of the table, and a line for each reason."""
    rate = found.rows / found.again
    counts = found.counts
    rest = {name: counts[name] for name in ("provisional", "needs_finding", "refused", "set_aside") if counts[name]}
    line = (
        f"{found.decision:<55}{found.town:<6} {found.on} {found.rows:>8,} {found.parts:>9,} {found.first:>8.2f} "
        f"{rate:>11,.0f}  {found.peak_mib:>6,}  {found.engine}"
    )
    aside = ", ".join(f"{number:,} {name}" for name, number in rest.items())
    return "\n".join(
        [line, *([f"      {aside}"] if aside else []), *(f"      {n:>7,} × {why}" for n, why in found.reasons)]
    )


def main() -> None:
    """Make the city, ask everything, print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--residents", type=int, default=RESIDENTS, help="2000000 for a prefecture")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", nargs="*", default=[], help="decisions whose names hold one of these")
    arguments.add_argument("--engine", default="auto", choices=("auto", "kernel", "python"))
    arguments.add_argument("--shuffled", action="store_true", help="members and other parts in no order")
    arguments.add_argument("--flaws", type=float, default=FLAWS, help="share of rows in which something is missing")
    arguments.add_argument("--json", type=Path, help="keep the figures here")
    chosen = arguments.parse_args()
    start = time.perf_counter()
    cities = cache(lambda on: city(chosen.residents, seed=chosen.seed, on=on))
    sample = cache(lambda on: city(SAMPLE, seed=chosen.seed, on=on))
    print(f"{told(cities(ON))}\ndrawn in {time.perf_counter() - start:.1f} s\n")
    print(
        f"{'decision':<55}{'town':<6} {'on':<10} {'rows':>8} {'parts':>9} {'first s':>8} {'rows/s':>11}  {'MiB':>6}  engine"
    )
    runs, nowhere = [], []
    for name in decision_names():
        if chosen.only and not any(part in name for part in chosen.only):
            continue
        place = home(name, "python", sample)
        if place is None:
            nowhere.append(name)
            continue
        book, decision, on = place
        asked = question(cities(on), book, decision, shuffled=chosen.shuffled, flaws=chosen.flaws)
        runs.append(run(asked, book, decision, on, chosen.engine))
        print(printed(runs[-1]), flush=True)
    if nowhere:
        print(f"\nin force in no town, or decided in none: {', '.join(nowhere)}")
    print(
        f"\n{len(runs)} decisions, {sum(found.rows for found in runs):,} rows, {sum(found.again for found in runs):.1f} s"
    )
    if chosen.json:
        chosen.json.write_text(json.dumps([attrs.asdict(found) for found in runs], ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
