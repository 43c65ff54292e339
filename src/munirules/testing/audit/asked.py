"""Rows of a file as questions, one by one: for hypotheses that are tried on a few, and for witnesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.models.read import yen_of
from munirules.money import SEN_PER_YEN
from munirules.tables.files.parts import KEY
from munirules.tables.table import requests_in
from munirules.testing.question import Question, question_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook
    from munirules.testing.audit.legacy import Legacy


@attrs.frozen(kw_only=True, eq=False)
class Asked:
    """A row as a question, with what the old system answered.

    Attributes:
        row: number of the row among those that could be read.
        line: its line in the file.
        question: the question.
        old: the old system's answer by field of the result, as plain data; of a decision about members by their ids.
    """

    row: int
    line: int
    question: Question
    old: Mapping[str, Any]


def questions_of_rows(
    book: Rulebook, decision: Decision[Any, Any], legacy: Legacy, rows: NDArray[np.int64]
) -> list[Asked]:
    """Turn rows into questions.

    Args:
        book: for whom.
        decision: what is decided.
        legacy: the old system's questions.
        rows: which of them.
    """
    found = []
    days = _days(legacy, rows)
    old = _old(legacy, rows)
    for place, request in enumerate(requests_of_rows(book, decision, legacy, rows)):
        question = question_of(book, decision, {**request, "on": days[place]})
        row = int(rows[place])
        found.append(Asked(row=row, line=int(legacy.lines[row]), question=question, old=old[place]))
    return found


def requests_of_rows(
    book: Rulebook, decision: Decision[Any, Any], legacy: Legacy, rows: NDArray[np.int64]
) -> list[dict[str, Any]]:
    """Turn rows into questions as plain data, as tables themselves do where a row is decided by itself."""
    table = legacy.take(rows)
    ignore = [KEY] if KEY in table.column_names and not legacy.tables else []
    asked = requests_in(book, decision, table, on=legacy.moment, tables=legacy.tables, key=KEY, ignore=ignore)
    return [request for _, request in asked]


def _days(legacy: Legacy, rows: NDArray[np.int64]) -> Sequence[date]:
    if legacy.on is not None:
        return [legacy.on] * len(rows)
    return list(legacy.take(rows)[legacy.moment].to_pylist())


def plain(value: Any) -> Any:
    """An old system's answer as results are written: amounts in yen, dates as texts."""
    if isinstance(value, Decimal):
        return yen_of(int(value * SEN_PER_YEN))
    return value.isoformat() if isinstance(value, date) else value


def _old(legacy: Legacy, rows: NDArray[np.int64]) -> list[dict[str, Any]]:
    """The old system's answers of some rows."""
    if legacy.members is None:
        return [_plain(own) for own in legacy.old.take(pa.array(rows)).to_pylist()]
    keys = legacy.take(rows)[KEY].to_pylist()
    found: dict[Any, dict[str, Any]] = {key: {} for key in keys}
    mine = legacy.members.filter(pc.is_in(legacy.members[KEY], value_set=pa.array(keys, legacy.members[KEY].type)))
    for own in mine.to_pylist():
        key, member = own.pop(KEY), own.pop("id")
        found[key][member] = _plain(own)
    return [found[key] for key in keys]


def _plain(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in answer.items()}


def agrees(result: Any, old: Mapping[str, Any]) -> bool:
    """Whether a result says what the old system says, in every field that it has."""
    if not isinstance(result, Mapping):
        return False
    if not all(isinstance(value, Mapping) for value in old.values()):
        return all(result.get(name) == value for name, value in old.items())
    return all(
        own.get(name) == value or not (own.get(name) or value)  # of a member, nothing is as good as zero
        for member in {*old, *result}
        for own in [result.get(member, {})]
        for name, value in (old.get(member) or dict.fromkeys(next(iter(old.values()), {}))).items()
    )


def amount_in(result: Mapping[str, Any], field: str) -> Decimal | None:
    """An amount of a result, of all members together; None where there is none."""
    if field in result:
        return None if result[field] is None else Decimal(str(result[field]))
    own = [value[field] for value in result.values() if isinstance(value, Mapping) and value.get(field) is not None]
    return Decimal(0) + sum((Decimal(str(value)) for value in own), Decimal(0))
