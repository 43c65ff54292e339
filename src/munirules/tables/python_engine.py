"""The engine that decides one case at a time: for small tables, for rows that another engine leaves, and for reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from munirules.engine.runtime import MissingFact
from munirules.errors import MunirulesError
from munirules.models.declare import declaration
from munirules.models.read import read_day
from munirules.tables.answers import OneAnswer
from munirules.tables.asked import not_in_any_column
from munirules.tables.bind import Chunk, cut
from munirules.tables.building import Makers, can_make
from munirules.tables.convert import plain_value
from munirules.tables.objects import Objects, decide_one, questions
from munirules.tables.plan import Field
from munirules.tables.rejects import Reject, rejects_of, shown_value
from munirules.tables.rows import Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.outcome import Outcome
    from munirules.engine.rulebook import Rulebook

MOST: Final = 2**63 - 1
AT_ONCE: Final = 1024  # rows whose values become Python's at a time


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """What rows are decided by.

    Attributes:
        book: for whom.
        decision: what is decided.
        on: the date, or the field of the column in which it stands.
        known: as known on this date; None for all that is known.
        key: the key column; empty where there is none.
        explain: language of the explanations, where they are wanted.
    """

    book: Rulebook
    decision: Decision[Any, Any]
    on: date | Field
    known: date | None = None
    key: str = ""
    explain: str | None = None


@attrs.frozen(kw_only=True, eq=False)
class Decided:
    """What came of rows that were decided one by one.

    Attributes:
        outcomes: what came of them, ascending.
        rejects: what is wrong with the others.
        set_aside: how many others there are.
    """

    outcomes: Sequence[OneAnswer]
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
    outcomes: list[OneAnswer] = []
    rejects: list[Reject] = []
    for index, made, place in questions(rows, indexes):
        try:
            on = case.on if isinstance(case.on, date) else _moment(case.on, made, place)
            outcome = decide_one(case.book, case.decision, made, place, on, case.known)
            _fits(outcome)
        except MissingFact as error:
            call = not_in_any_column(error, rows.plan)
            if call is not None:
                raise call from error
            rejects.extend(_rejects(case, error, made, place, int(rows.numbers[index])))
        except MunirulesError as error:
            rejects.extend(_rejects(case, error, made, place, int(rows.numbers[index])))
        else:
            outcomes.append(_one(case, index, outcome))
    return Decided(outcomes=outcomes, rejects=rejects, set_aside=len(indexes) - len(outcomes))


def decide_chunk(case: Case, chunk: Chunk) -> Decided:
    """Decide all rows of a chunk one by one: those that are right from their canonical columns, which is sooner.

    Args:
        case: by what.
        chunk: the chunk.

    Raises:
        TableError: as `decide_rows`.
    """
    bound = chunk.bound
    again = bound.suspect if chunk.provisional is None else bound.suspect | chunk.provisional
    if not can_make(bound):
        again = np.ones(bound.length, dtype=bool)
    outcomes: list[OneAnswer] = []
    for start in range(0, bound.length, AT_ONCE):
        stop = min(start + AT_ONCE, bound.length)
        if not again[start:stop].all():
            outcomes.extend(_made(case, cut(chunk, start, stop), again[start:stop], start))
    found = {one.index for one in outcomes}
    others = decide_rows(case, chunk.rows, np.array([i for i in range(bound.length) if i not in found], dtype=np.int64))
    both = sorted((*outcomes, *others.outcomes), key=lambda one: one.index)
    return Decided(outcomes=both, rejects=others.rejects, set_aside=others.set_aside)


def _made(case: Case, chunk: Chunk, again: NDArray[np.bool_], start: int) -> Iterator[OneAnswer]:
    """What comes of the rows of a piece of a chunk that need not be read; those that fail are left out."""
    bound, makers = chunk.bound, Makers(chunk.bound)
    for index in np.flatnonzero(~again).tolist():
        on = bound.on if isinstance(bound.on, date) else date.fromordinal(int(bound.on[index]))
        try:
            subject, facts = makers.subject(index), makers.facts(index)
            outcome = case.book.decide(case.decision, subject, *facts, on=on, known=case.known)
            _fits(outcome)
        except MunirulesError:  # decided again from what was given, for its reason
            continue
        yield _one(case, start + index, outcome)


def _one(case: Case, index: int, outcome: Outcome[Any]) -> OneAnswer:
    told = None if case.explain is None else outcome.explain(case.explain)
    return OneAnswer(index, outcome.status, outcome.reason, outcome.answer, outcome.members, told)


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
