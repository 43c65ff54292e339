"""One case at a time beside the same cases as a table: the two must agree in everything that a citizen could see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs

from munirules.engine.decision import Decision
from munirules.engine.outcome import Outcome
from munirules.engine.rulebook import Rulebook
from munirules.errors import MunirulesError
from munirules.models.declare import declaration
from munirules.tables import TableOutcome, decide_table, tables_from
from munirules.tables.answers import arrow_value


@attrs.frozen
class Asked:
    """A question."""

    subject: Any
    facts: tuple[object, ...]
    on: date


def one_by_one(
    book: Rulebook, decision: Decision[Any, Any], asked: Sequence[Asked], known: date | None = None
) -> list[Outcome[Any] | MunirulesError]:
    """What `Rulebook.decide` answers to each question, errors included."""
    found: list[Outcome[Any] | MunirulesError] = []
    for question in asked:
        try:
            found.append(book.decide(decision, question.subject, *question.facts, on=question.on, known=known))
        except MunirulesError as error:
            found.append(error)
    return found


def differences(
    decision: Decision[Any, Any], alone: Sequence[Outcome[Any] | MunirulesError], table: TableOutcome
) -> list[str]:
    """Where a table's answers are other than those of one case at a time."""
    results: dict[int, list[dict[str, Any]]] = {}
    for row in table.results.to_pylist():
        results.setdefault(row["row"], []).append(row)
    rejects: dict[int, list[dict[str, Any]]] = {}
    for row in table.rejects.to_pylist():
        rejects.setdefault(row["row"], []).append(row)
    found = []
    for number, wanted in enumerate(alone):
        rows, lost = results.get(number, []), rejects.get(number, [])
        if isinstance(wanted, MunirulesError):
            errors = {row["error"] for row in lost}
            if rows or errors != {type(wanted).__name__}:
                found.append(f"row {number}: {wanted!r}, but the table has {rows or lost}")
        elif lost:
            found.append(f"row {number}: {wanted!r}, but set aside: {lost}")
        else:
            found.extend(f"row {number}: {told}" for told in _outcome(decision, wanted, rows))
    total = table.counts
    sums = (total.decided, total.provisional, total.needs_finding, total.refused, total.set_aside)
    if sum(sums) != total.rows or total.rows != len(alone) or total.set_aside != len(rejects):
        found.append(f"counts do not add up: {total!r}")
    return found


def _outcome(decision: Decision[Any, Any], wanted: Outcome[Any], rows: list[dict[str, Any]]) -> list[str]:
    told = [
        f"{wanted!r}, but {row['status']}: {row['reason']}"
        for row in rows
        if row["status"] != wanted.status or (row["reason"] or "") != wanted.reason
    ]
    if not wanted.decided:
        return told if len(rows) == 1 else [*told, f"{len(rows)} rows for {wanted!r}"]
    answers = wanted.result if decision.member is not None else (wanted.result,)
    members = wanted.members or (None,) * len(answers)
    if [row.get("member") for row in rows] != list(members):
        return [*told, f"members {members}, but {[row.get('member') for row in rows]}"]
    owner = declaration(decision.result)
    for row, answer in zip(rows, answers, strict=True):
        for name, kind in owner.types.items():
            value = arrow_value(getattr(answer, name), owner.specs[name], kind)
            column = f"{owner.name}.{name}" if f"{owner.name}.{name}" in row else name
            if row[column] != value:
                told.append(f"{name} is {value}, but in the table {row[column]}")
    return told


def check(
    book: Rulebook,
    decision: Decision[Any, Any],
    asked: Sequence[Asked],
    *,
    nested: bool = False,
    known: date | None = None,
    **options: Any,
) -> TableOutcome:
    """Decide questions both ways.

    Raises:
        AssertionError: telling every difference.
    """
    made = tables_from(book, decision, asked, nested=nested)
    outcome = decide_table(book, decision, made.table, **made.arguments, known=known, **options)
    told = differences(decision, one_by_one(book, decision, asked, known), outcome)
    assert not told, "\n".join(told)
    return outcome
