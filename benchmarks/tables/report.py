"""What was measured, as the lines of `RESULTS.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.tables.sides import BY_HAND, BY_HAND_THREADED, MUNIRULES, OPENFISCA

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENFISCA_GOAL, BY_HAND_GOAL, BILLS_GOAL, TOWNS_GOAL = 20, 0.4, 3, 1.5
COMPILE_GOAL, FIRST_GOAL = 0.2, 0.3


def told(found: dict[str, Any]) -> list[str]:
    """Tell what was measured."""
    lines = [
        "`nox -s bench -- tables --write`, or `python -m benchmarks.tables.run --write`. Sides are asked in turn within one",
        "run; the least time of each counts. From tables in memory to tables in memory. Quote ratios, not seconds.",
        "",
        *(f"- {name}: {text}" for name, text in found.get("about", {}).items()),
        "",
    ]
    titles = {
        "within": "児童手当, households of four, ids within the household",
        "child": "児童手当, households of four, 宛名番号 as ids",
        "bills": "水道料金",
    }
    for case, title in titles.items():
        for rows, sides in found.get(case, {}).items():
            lines += [*_sides(f"{title}, {int(rows):,} rows", int(rows), sides), *_goals(case, sides), ""]
    lines += [*_linear(found.get("linear", {})), *_towns(found.get("towns", {})), *_first(found.get("first", {}))]
    return [*lines, *_file(found.get("file", {}))]


def _sides(title: str, rows: int, sides: dict[str, Any]) -> Iterator[str]:
    """A table of the sides of one comparison."""
    ours = sides.get(MUNIRULES.label, {}).get("seconds")
    yield from (f"### {title}", "")
    yield from (
        "| side | seconds | of processors | rows a second | munirules is so many times faster | sum of amounts | MiB |",
        "|---|---|---|---|---|---|---|",
    )
    for label, own in sides.items():
        if "seconds" not in own:
            yield f"| {label} | – | – | – | – | {_short(own.get('failed', 'not asked'))} | |"
            continue
        seconds = own["seconds"]
        ratio = f"{seconds / ours:.2f}" if ours else "–"
        yield f"| {label} | {seconds:.4f} | {own['cpu']:.4f} | {rows / seconds:,.0f} | {ratio} | {own['sum']:,} | {own['peak_mib']:,} |"
    yield ""


def _goals(case: str, sides: dict[str, Any]) -> Iterator[str]:
    """Whether what was promised is met."""
    seconds = {label: own["seconds"] for label, own in sides.items() if "seconds" in own}
    ours = seconds.get(MUNIRULES.label)
    if ours is None:
        return
    if case != "bills" and OPENFISCA.label in seconds:
        yield _goal("times OpenFisca-Japan's fastest way", seconds[OPENFISCA.label] / ours, OPENFISCA_GOAL)
    for way in (BY_HAND, BY_HAND_THREADED):
        if way.label in seconds and case != "bills":
            yield _goal(f"of the speed of what is written {way.label}", seconds[way.label] / ours, BY_HAND_GOAL)
        elif way.label in seconds:
            yield _goal(
                f"times the time of what is written {way.label}", ours / seconds[way.label], BILLS_GOAL, most=True
            )


def _goal(what: str, value: float, goal: float, *, most: bool = False) -> str:
    met = value <= goal if most else value >= goal
    return f"- {value:.2f} {what}; promised {'at most' if most else 'at least'} {goal}: {'met' if met else 'missed'}"


def _linear(found: dict[str, Any]) -> Iterator[str]:
    """Time by rows."""
    if not found:
        return
    yield from (
        "### Time by rows (水道料金)",
        "",
        "| rows | munirules, ns a row | by hand, ns a row |",
        "|---|---|---|",
    )
    for rows, sides in found.items():
        own = [sides.get(way.label, {}).get("seconds") for way in (MUNIRULES, BY_HAND)]
        yield (
            f"| {int(rows):,} | " + " | ".join("–" if s is None else f"{s / int(rows) * 1e9:,.0f}" for s in own) + " |"
        )
    yield ""


def _towns(found: dict[str, Any]) -> Iterator[str]:
    """Several municipalities in one table."""
    if not found:
        return
    yield from ("### Several municipalities in one table", "")
    if "failed" in found:
        yield from (f"- {_short(found['failed'])}", "")
        return
    for case, title in (("child", "児童手当"), ("bills", "水道料金")):
        own = found[case]
        what = f"times the time of one for {own['towns']} municipalities ({title}, {own['rows']:,} rows)"
        yield _goal(what, own["many"] / own["one"], TOWNS_GOAL, most=True)
    child = found["child"]
    yield (
        f"- functions compiled for another town: {child['compiled_for_another_town']}, for another date: "
        f"{child['compiled_for_another_date']}, for all {child['towns']}: {child['compiled_for_many_towns']}"
    )
    yield ""


def _first(found: dict[str, Any]) -> Iterator[str]:
    """The first table of a process."""
    if not found:
        return
    yield from ("### The first table of a process", "")
    for case, title in (("child", "児童手当"), ("bills", "水道料金")):
        compiled, kept = found[case]["compiled"], found[case]["kept"]
        if "failed" in compiled or "failed" in kept:
            yield f"- {title}: {_short(compiled.get('failed') or kept.get('failed', ''))}"
            continue
        each = (compiled["first"] - kept["first"]) / compiled["rules"]
        yield _goal(f"s a rule to compile {title} ({compiled['rules']} rules)", each, COMPILE_GOAL, most=True)
        beyond = kept["opened"] + kept["first"] - kept["again"]
        yield _goal(f"s from the kept kernel, the rulebook's opening included ({title})", beyond, FIRST_GOAL, most=True)
    yield ""


def _file(found: dict[str, Any]) -> Iterator[str]:
    """Files."""
    if found:
        yield from ("### Files", "")
        yield from (f"- {name}: {value}" for name, value in found.items())


def _short(text: str) -> str:
    return text.replace("|", "/").strip()[:200]
