"""Reading and printing dates beside the Python packages that do it, in one run.

    python benchmarks/calendar/bench.py [--days 40000] [--check]

Every input is distinct (each day once), so no answer can come from a cache of answers. A peer counts as answering
rightly where all its answers are right. `--check` fails below 500,000 texts read and 1,000,000 printed a second, or
below five times the fastest peer that answers rightly.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import subprocess
import sys
import time
from datetime import date, datetime

from munirules.calendar import format_date, parse

FIRST, LAST = date(1926, 12, 26), date(2018, 12, 31)
REPEATS = 5
PARSE_GOAL, PRINT_GOAL, RATIO_GOAL = 500_000, 1_000_000, 5
IMPORT_GOAL = 0.020


def peers():
    """Return what each installed peer offers: a name, and a function for reading or printing in a style."""
    readers, printers = {}, {}
    if found("japanera"):
        from japanera import EraDate as Japanera

        formats = {"ja": "%-K%-n年%m月%d日", "jisx0301": "%-h%-y.%m.%d"}
        readers["japanera"] = lambda style: (
            (lambda text, form=formats[style]: Japanera.strptime(text, form)[0].to_date()) if style in formats else None
        )
        printers["japanera"] = lambda style: (
            (lambda day, form=formats[style]: Japanera.from_date(day).strftime(form)) if style in formats else None
        )
    if found("jptime"):
        import jptime

        readers["jptime"] = lambda _style: lambda text: jptime.from_str(text).to_date()
    if found("jpdatetime"):
        from jpdatetime import jpdatetime

        shapes = {"ja": "%G年%-m月%-d日", "ja_padded": "%G年%m月%d日", "iso": "%Y-%m-%d", "en_short": "%E.%m.%d"}
        readers["jpdatetime"] = lambda style: (
            (lambda text, form=shapes[style]: jpdatetime.strptime(text, form).date()) if style in shapes else None
        )
        printers["jpdatetime"] = lambda style: (
            (lambda day, form=shapes[style]: jpdatetime(day.year, day.month, day.day).strftime(form))
            if style in shapes
            else None
        )
    if found("babel"):
        from babel.dates import format_date as babel_format

        patterns = {"western": "y年M月d日", "iso": "yyyy-MM-dd"}
        printers["babel"] = lambda style: (
            (lambda day, form=patterns[style]: babel_format(day, form, locale="ja_JP")) if style in patterns else None
        )
    return readers, printers


def found(name):
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def rate(function, inputs):
    """Return how many inputs a function takes in a second: the best of some runs."""
    best = float("inf")
    for _ in range(REPEATS):
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        for each in inputs:
            function(each)
        best = min(best, time.perf_counter() - start)
        gc.enable()
    return len(inputs) / best


def right(function, inputs, answers):
    """Return how many of a function's answers are right."""
    count = 0
    for given, wanted in zip(inputs, answers, strict=True):
        try:
            answer = function(given)
        except Exception:  # noqa: BLE001 - whatever a peer raises
            continue
        count += (answer.date() if isinstance(answer, datetime) else answer) == wanted
    return count


def compare(title, style, ours, others, inputs, answers, goal):
    """Print one comparison; return whether the goals are met."""
    sample = slice(0, None, max(len(inputs) // 4000, 1))
    mine = rate(ours, inputs)
    print(f"| {title} `{style}` | munirules | {mine:,.0f} | 1 | {right(ours, inputs, answers):,} of {len(inputs):,} |")
    fastest = 0.0
    for name, make in others.items():
        function = make(style)
        if function is None:
            continue
        some, wanted = inputs[sample], answers[sample]
        good = right(function, some, wanted)
        if not good:
            continue
        speed = rate(quietly(function), some)
        if good == len(some):
            fastest = max(fastest, speed)
        print(f"| | {name} | {speed:,.0f} | 1/{mine / speed:.0f} | {good:,} of {len(some):,} |")
    return mine >= goal and mine >= RATIO_GOAL * fastest


def quietly(function):
    def attempt(given):
        try:
            return function(given)
        except Exception:  # noqa: BLE001 - whatever a peer raises
            return None

    return attempt


def import_time():
    """Return how long the calendar takes to import beyond attrs, and until a first date is read and printed."""
    program = (
        "import time, attrs; a = time.perf_counter(); import munirules.calendar as c; b = time.perf_counter();"
        "c.format_date(c.parse('R8.4.1')); print(b - a, time.perf_counter() - a)"
    )
    runs = [
        tuple(
            map(
                float,
                subprocess.run(
                    [sys.executable, "-c", program], capture_output=True, check=True, text=True, env={**os.environ}
                ).stdout.split(),
            )
        )
        for _ in range(7)
    ]
    return min(run[0] for run in runs), min(run[1] for run in runs)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--days", type=int, default=33_000, help="how many days, each once")
    arguments.add_argument("--check", action="store_true", help="fail where a goal is missed")
    chosen = arguments.parse_args()
    last = min(FIRST.toordinal() + chosen.days, LAST.toordinal())
    days = [date.fromordinal(number) for number in range(FIRST.toordinal(), last)]
    readers, printers = peers()
    met = []
    print(f"{len(days):,} distinct days, Python {sys.version.split()[0]}, best of {REPEATS}\n")
    print("| | | a second | of ours | right |\n|---|---|---|---|---|")
    for style in ("ja", "ja_full", "letter", "jisx0301", "one", "compact", "code:default", "iso"):
        texts = [format_date(day, style) for day in days]
        assert len(set(texts)) == len(days)
        met.append(compare("parse", style, lambda text: parse(text).date, readers, texts, days, PARSE_GOAL))
    for style in ("ja", "ja_padded", "ja_full", "letter", "jisx0301", "one", "code:default", "iso", "western"):
        texts = [format_date(day, style) for day in days]
        ours = lambda day, style=style: format_date(day, style)  # noqa: E731
        met.append(compare("print", style, ours, printers, days, texts, PRINT_GOAL))
    alone, first = import_time()
    met.append(alone <= IMPORT_GOAL)
    print(
        f"\nimport munirules.calendar beyond attrs: {alone * 1000:.1f} ms; with a first date read and printed {first * 1000:.0f} ms"
    )
    refused = rate(quietly(parse), [f"令和{day.year}年{day.month}月{day.day}日" for day in days[:3000]])
    kanji = rate(parse, [format_date(day, "kanji") for day in days[:5000]])
    print(f"beyond the common forms: kanji numerals {kanji:,.0f} a second, errors {refused:,.0f} a second")
    if chosen.check and not all(met):
        sys.exit("a goal was missed")


if __name__ == "__main__":
    main()
