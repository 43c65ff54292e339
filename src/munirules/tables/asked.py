"""Facts that rules ask for and that no column holds: told once, before any row is decided, with the columns to add."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from munirules.engine.runtime import MissingFact
from munirules.models.declare import Declaration, alternatives, declaration, is_declared, record_of
from munirules.tables.frames import TableError

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook
    from munirules.engine.steps import Wiring
    from munirules.tables.plan import TablePlan


def check_facts(book: Rulebook, decision: Decision[Any, Any], on: date, known: date | None, plan: TablePlan) -> None:
    """Refuse tables in which a fact about the whole stands in no column, though every row would be asked for it.

    Args:
        book: for whom.
        decision: what is decided.
        on: its date.
        known: as known on this date.
        plan: what the columns are.

    Raises:
        NotInForce: when no version of the law covers the date.
        TableError: naming the facts, and the columns to add.
    """
    missing: dict[type, str] = {}
    for wiring in _wirings(book, decision, on, known, plan, set()):
        for step, need in wiring.needs("fact"):
            owner = declaration(need.cls)
            if owner.about is None and not owner.found_by and need.cls not in given_in(plan):
                missing.setdefault(need.cls, f"{step.rule.name!r} ({step.rule.title}) of {wiring.decision.name}")
    if missing:
        raise TableError(
            [f"{advice(declaration(cls), plan)}; rule {asking} asks for it" for cls, asking in missing.items()]
        )


def _wirings(
    book: Rulebook, decision: Decision[Any, Any], on: date, known: date | None, plan: TablePlan, seen: set[str]
) -> Iterator[Wiring]:
    """The wiring of a decision, and of those about the same subject that are decided on the way."""
    seen.add(decision.name)
    wiring = book.area(decision.area).regimes(decision, known).at(on).wiring
    yield wiring
    for _, need in wiring.needs("decided"):
        other = book.decider(need.cls)
        if other is None or need.at is not None or need.cls in given_in(plan):
            continue
        if other.subject is decision.subject and other.name not in seen:
            yield from _wirings(book, other, on, known, plan, seen)


def given_in(plan: TablePlan) -> set[type]:
    """The facts that have columns, about the subjects or about parts of them."""
    parts = [own for fact, _, own in plan.below() if fact is None]
    return {*plan.facts, *(cls for own in parts for cls in own.facts)}


def not_in_any_column(error: MissingFact, plan: TablePlan) -> TableError | None:
    """Turn what one row lacks into an error of the call where no column could hold it; a finding may be missing."""
    given = given_in(plan)
    missing = {owner.cls: owner for owner, _ in error.facts if owner.cls not in given and not owner.found_by}
    if not missing:
        return None
    return TableError([*str(error).splitlines(), *(advice(owner, plan) for owner in missing.values())])


def advice(owner: Declaration, plan: TablePlan) -> str:
    """Say which columns to add for a fact."""
    columns, tables = [], []
    for name, annotation in owner.types.items():
        record = record_of(alternatives(annotation)[0])
        if record is not None and is_declared(record):
            tables.append(f"{owner.name}.{name}")
        elif name in owner.required:
            columns.append(f"{owner.name}.{name}")
    if not columns and not tables:
        columns.append(f"{owner.name} (true or false)")
    about = owner.about if owner.kind == "facts" else None
    places = [own.name for _, _, own in plan.below() if own.shape.cls is about]
    where = f"tables[{places[0]!r}]" if places else "the table"
    told = [f"to {where} the columns {', '.join(columns)}"] if columns else []
    if tables:
        told.append(f"the tables {', '.join(tables)}")
    added = " and ".join(told)
    return f"{owner.name} ({owner.title}) is in no column: add {added} (a column {owner.name} of false: there is none)"
