"""One case at a time is what the same cases come to as a table, failing rows included. Needs the extra `tables`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from munirules.models.declare import declaration
from munirules.testing.properties.tried import WHOLE
from munirules.testing.question import FAILED

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook
    from munirules.testing.properties.tried import Tried


def available(engine: str) -> bool:
    """Whether an engine of tables can be used here: `python`, or `kernel`, which compiles."""
    needed = ("pyarrow", "numpy", *(("numba",) if engine == "kernel" else ()))
    return all(find_spec(name) is not None for name in needed)


def differing(
    rulebook: Rulebook, decision: Decision[Any, Any], asked: Sequence[Tried], *, engine: str
) -> Iterator[tuple[Tried, str]]:
    """The questions that are answered otherwise as rows of a table, each with what differs.

    Args:
        rulebook: for whom.
        decision: what they ask.
        asked: the questions.
        engine: the engine of the table.
    """
    tables = import_module("munirules.tables")
    made = tables.tables_from(rulebook, decision, [tried.question for tried in asked])
    outcome = tables.decide_table(rulebook, decision, made.table, engine=engine, **made.arguments)
    results, rejects = _by_row(outcome.results), _by_row(outcome.rejects)
    for number, tried in enumerate(asked):
        told = _differs(tried, results.get(number, []), rejects.get(number, []))
        if told:
            yield tried, told


def _by_row(table: Any) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        found.setdefault(row["row"], []).append(row)
    return found


def _differs(tried: Tried, rows: list[dict[str, Any]], rejects: list[dict[str, Any]]) -> str:
    """What differs between an answer and its rows."""
    answer = tried.answer
    if answer.status == FAILED:
        errors = {row["error"] for row in rejects}
        return "" if not rows and errors == {answer.error} else f"answers {answer}; in a table {rows or rejects}"
    if rejects or any((row["status"], row["reason"] or "") != (answer.status, answer.reason) for row in rows):
        return f"answers {answer}; in a table {rejects or rows}"
    if not answer.decided:
        return "" if len(rows) == 1 else f"answers {answer}; in a table {len(rows)} rows"
    results = tried.results()
    members = [row.get("member", WHOLE) for row in rows]
    if members != list(results):
        return f"answers for {', '.join(results)}; in a table for {', '.join(map(str, members))}"
    return next(filter(None, map(_fields, results.values(), rows)), "")


def _fields(result: Any, row: dict[str, Any]) -> str:
    arrow_value = import_module("munirules.tables.answers").arrow_value
    owner = declaration(type(result))
    for name, annotation in owner.types.items():
        value = arrow_value(getattr(result, name), owner.specs[name], annotation)
        there = row[f"{owner.name}.{name}" if f"{owner.name}.{name}" in row else name]
        if there != value:
            return f"{name} is {value}; in a table {there}"
    return ""
