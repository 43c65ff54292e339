"""The engine that decides one case at a time: for small tables, for rows that another engine leaves, and for reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from munirules.engine.outcome import Outcome
from munirules.engine.runtime import MissingFact
from munirules.errors import MunirulesError
from munirules.models.declare import Declaration, alternatives, declaration, is_declared, record_of
from munirules.models.read import read_day
from munirules.tables.convert import plain_value
from munirules.tables.frames import TableError
from munirules.tables.objects import Objects, decide_one, questions
from munirules.tables.plan import Field, TablePlan
from munirules.tables.rejects import Reject, rejects_of, shown_value
from munirules.tables.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

MOST: Final = 2**63 - 1


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """What rows are decided by.

    Attributes:
        book: for whom.
        decision: what is decided.
        on: the date, or the field of the column in which it stands.
        known: as known on this date; None for all that is known.
        key: the key column; empty where there is none.
    """

    book: Rulebook
    decision: Decision[Any, Any]
    on: date | Field
    known: date | None = None
    key: str = ""


@attrs.frozen(kw_only=True, eq=False)
class Decided:
    """What came of rows that were decided one by one.

    Attributes:
        outcomes: row of the chunk and outcome, ascending.
        rejects: what is wrong with the others.
        set_aside: how many others there are.
    """

    outcomes: Sequence[tuple[int, Outcome[Any]]]
    rejects: Sequence[Reject]
    set_aside: int


def decide_rows(case: Case, rows: Rows, indexes: NDArray[np.int64]) -> Decided:
    """Decide rows of a chunk one by one.

    Args:
        case: by what.
        rows: the chunk.
        indexes: which of its rows, ascending.

    Raises:
        TableError: when a row shows that a fact which rules ask for stands in no column at all.
    """
    outcomes: list[tuple[int, Outcome[Any]]] = []
    rejects: list[Reject] = []
    for index, made, place in questions(rows, indexes):
        try:
            on = case.on if isinstance(case.on, date) else _moment(case.on, made, place)
            outcome = decide_one(case.book, case.decision, made, place, on, case.known)
            _fits(outcome)
        except MissingFact as error:
            _not_in_any_column(case, rows.plan, error)
            rejects.extend(_rejects(case, error, made, place, int(rows.numbers[index])))
        except MunirulesError as error:
            rejects.extend(_rejects(case, error, made, place, int(rows.numbers[index])))
        else:
            outcomes.append((index, outcome))
    return Decided(outcomes=outcomes, rejects=rejects, set_aside=len(indexes) - len(outcomes))


class OnError(MunirulesError):
    """The date of a row is missing, or cannot be read."""


class TooLarge(MunirulesError, OverflowError):
    """An amount that a column of 64 bits cannot hold."""


def _moment(field: Field, made: Objects, place: int) -> date:
    raw = made.raw(field.column, place)
    try:
        return read_day(plain_value(raw, field))
    except MunirulesError as error:
        raise OnError(f"{field.column} ({field.spec.label}): {error}") from error


def _fits(outcome: Outcome[Any]) -> None:
    answers = outcome.answer if isinstance(outcome.answer, tuple) else (outcome.answer,)
    for answer in answers:
        for name in () if answer is None else declaration(type(answer)).specs:
            value = getattr(answer, name)
            for number in value if isinstance(value, tuple) else (value,):
                if isinstance(number, int) and not -MOST <= number <= MOST:
                    raise TooLarge(f"{type(answer).__name__}.{name}: {number} does not fit into 64 bits")


def _rejects(case: Case, error: MunirulesError, made: Objects, place: int, row: int) -> list[Reject]:
    key = None if not case.key else shown_value(made.raw(case.key, place))
    if isinstance(error, OnError) and isinstance(case.on, Field):
        value = shown_value(made.raw(case.on.column, place))
        column = case.on.column
        return [
            Reject(row=row, key=key, field_or_rule=column, value=value, reason=str(error), error=type(error).__name__)
        ]
    return list(rejects_of(error, made, place, row, key))


def _not_in_any_column(case: Case, plan: TablePlan, error: MissingFact) -> None:
    """Stop where a fact is missing in every row, since no column could hold it; a finding may be."""
    parts = [own for fact, _, own in plan.below() if fact is None]
    given = {*plan.facts, *(cls for own in parts for cls in own.facts)}
    missing = {owner.cls: owner for owner, _ in error.facts if owner.cls not in given and not owner.found_by}
    if missing:
        raise TableError(
            [f"{line}" for line in str(error).splitlines()] + [advice(case, owner, plan) for owner in missing.values()]
        ) from error


def advice(case: Case, owner: Declaration, plan: TablePlan) -> str:
    """Say which columns to add for a fact."""
    columns, tables = [], []
    for name, annotation in owner.types.items():
        record = record_of(alternatives(annotation)[0])
        if record is not None and is_declared(record):
            tables.append(f"{owner.name}.{name}")
        elif name in owner.required:
            columns.append(f"{owner.name}.{name}")
    named = ", ".join(columns) or (f"{owner.name} (true or false)" if not tables else "")
    about = owner.about if owner.kind == "facts" else None
    where = "the table"
    if about is not None:
        where = " or ".join(f"tables[{own.name!r}]" for _, _, own in plan.below() if own.shape.cls is about) or where
    told = [f"to {where} the columns {named}"] if named else []
    if tables:
        told.append("the tables " + ", ".join(tables))
    none = f"; where there is none, a column {owner.name} of false says so"
    return f"{case.decision.name} asks for {owner.name} ({owner.title}): add {' and '.join(told)}{none}"
