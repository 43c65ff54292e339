"""Answers as a table: the columns of a decision's result, from an engine's canonical columns or from results in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin, get_type_hints

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.engine.decision import Decision
from munirules.engine.outcome import Status
from munirules.models.declare import alternatives, declaration, is_declared, item_spec
from munirules.models.fields import Spec
from munirules.money import SEN_PER_YEN
from munirules.tables.convert import SEN_DECIMALS, choices_of
from munirules.tables.layout import Answers, Bound

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROW, MEMBER, STATUS, REASON, EXPLANATION = "row", "member", "status", "reason", "explanation"
SEN_TYPE: Final = pa.decimal128(20, SEN_DECIMALS)
_WHOLE: Final = frozenset({"yen", "count", "quantity"})


def arrow_type(spec: Spec, annotation: Any) -> pa.DataType:
    """The type of a column of results: amounts in sen as yen with two decimals, choices by name, records as structs."""
    inner, _ = alternatives(annotation)
    if get_origin(inner) is tuple:
        item = get_args(inner)[0]
        return pa.list_(arrow_type(item_spec(item), item))
    fields = _fields(inner)
    if fields is not None:
        return pa.struct([(name, arrow_type(own, kind)) for name, (own, kind) in fields.items()])
    if spec.kind in _WHOLE:
        return pa.int64()
    return {"sen": SEN_TYPE, "day": pa.date32(), "flag": pa.bool_()}.get(spec.kind, pa.string())


def _fields(cls: Any) -> dict[str, tuple[Spec, Any]] | None:
    """The fields of a record with what is said of them; None for what is no record."""
    if is_declared(cls):
        owner = declaration(cls)
        return {name: (owner.specs[name], kind) for name, kind in owner.types.items()}
    if hasattr(cls, "_fields"):
        hints = get_type_hints(cls, include_extras=True)
        return {name: (item_spec(kind), kind) for name, kind in hints.items()}
    return None


def arrow_value(value: Any, spec: Spec, annotation: Any) -> Any:
    """A value of a result as a column of `arrow_type` takes it."""
    if value is None or isinstance(value, bool):
        return value
    inner, _ = alternatives(annotation)
    if get_origin(inner) is tuple:
        item = get_args(inner)[0]
        own = item_spec(item)
        return [arrow_value(each, own, item) for each in value]
    fields = _fields(inner)
    if fields is not None:
        return {name: arrow_value(getattr(value, name), own, kind) for name, (own, kind) in fields.items()}
    if isinstance(value, Enum):
        return value.name.lower()
    if spec.kind == "sen":
        return Decimal(value) / SEN_PER_YEN
    return value if spec.kind in (*_WHOLE, "day") else str(value)


def written(values: pa.Array, spec: Spec, annotation: Any) -> pa.Array:
    """Canonical values of an engine as a column of `arrow_type`.

    Args:
        values: see `Answers.fields`.
        spec: what the result's field declares.
        annotation: its type.
    """
    inner, _ = alternatives(annotation)
    if get_origin(inner) is tuple:
        item = get_args(inner)[0]
        own = written(values.flatten(), item_spec(item), item)
        lengths = np.asarray(pc.list_value_length(values).fill_null(0))
        offsets = pa.array(np.concatenate(([0], np.cumsum(lengths))).astype(np.int32))
        return pa.ListArray.from_arrays(offsets, own, mask=values.is_null() if values.null_count else None)
    fields = _fields(inner)
    if fields is not None:
        arrays = [written(values.field(name), own, kind) for name, (own, kind) in fields.items()]
        return pa.StructArray.from_arrays(arrays, list(fields), mask=values.is_null())
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if spec.kind == "sen":
        return _yen(values)
    if spec.kind == "choice":
        numbers = choices_of(inner)
        places = pc.index_in(values, value_set=pa.array(list(numbers), pa.int64()))
        return pa.array(list(numbers.values()), pa.string()).take(places)
    return values.cast(arrow_type(spec, annotation))


def _yen(sen: pa.Array) -> pa.Array:
    """Whole sen as yen with two decimals: the same number with its point elsewhere."""
    low = np.asarray(sen.fill_null(0) if sen.null_count else sen)
    words = np.empty((len(low), 2), dtype=np.int64)
    words[:, 0] = low
    words[:, 1] = low >> 63
    valid = pa.array(np.asarray(sen.is_valid())).buffers()[1] if sen.null_count else None
    return pa.Array.from_buffers(SEN_TYPE, len(low), [valid, pa.py_buffer(words)])


@attrs.frozen(eq=False)
class OneAnswer:
    """What came of a row that was decided by itself: an outcome without what led to it.

    Attributes:
        index: the row of the chunk.
        status: as of an outcome.
        reason: as of an outcome.
        answer: the result; None where there is none.
        members: of a member decision, the ids of those answered for.
        explanation: how it was worked out, in words, where that is wanted.
    """

    index: int
    status: Status
    reason: str
    answer: Any
    members: tuple[str, ...]
    explanation: str | None = None


@attrs.frozen(eq=False)
class ResultColumns:
    """The columns of a decision's results.

    Attributes:
        decision: the decision.
        beside: the columns of the main table that go along: the key, what is kept.
        names: result field to the name of its column: its own, or `Result.field` where that is taken.
        schema: of the table of results.
    """

    decision: Decision[Any, Any]
    beside: Mapping[str, pa.DataType]
    names: Mapping[str, str]
    schema: pa.Schema

    @classmethod
    def of(
        cls, decision: Decision[Any, Any], beside: Mapping[str, pa.DataType], *, explained: bool = False
    ) -> ResultColumns:
        """Name the columns.

        Args:
            decision: the decision.
            beside: columns of the main table that go along.
            explained: whether there is a column of explanations.
        """
        owner = declaration(decision.result)
        member = [(MEMBER, pa.string())] if decision.member is not None else []
        taken = {ROW, STATUS, REASON, *([EXPLANATION] if explained else []), *beside, *(name for name, _ in member)}
        names = {name: f"{owner.name}.{name}" if name in taken else name for name in owner.types}
        fields = [(names[name], arrow_type(owner.specs[name], kind)) for name, kind in owner.types.items()]
        ends = [(name, pa.string()) for name in (STATUS, REASON, *([EXPLANATION] if explained else []))]
        schema = pa.schema([(ROW, pa.int64()), *beside.items(), *member, *fields, *ends])
        return cls(decision, beside, names, schema)

    def from_engine(self, fields: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
        """Columns out of an engine's answers."""
        owner = declaration(self.decision.result)
        return {self.names[name]: written(fields[name], owner.specs[name], kind) for name, kind in owner.types.items()}

    def from_python(self, results: Sequence[Any]) -> dict[str, pa.Array]:
        """Columns out of results; nulls for those that are None."""
        owner = declaration(self.decision.result)
        found = {}
        for name, kind in owner.types.items():
            spec = owner.specs[name]
            values = [None if result is None else arrow_value(getattr(result, name), spec, kind) for result in results]
            found[self.names[name]] = pa.array(values, arrow_type(spec, kind))
        return found

    def batch(
        self,
        bound: Bound,
        beside: Mapping[str, pa.Array],
        first: int,
        answers: Answers | None,
        outcomes: Sequence[OneAnswer],
        provisional: NDArray[np.bool_] | None,
    ) -> pa.RecordBatch:
        """Put together what came of a chunk, in order of the caller's rows.

        Args:
            bound: the chunk.
            beside: columns of the main table, in the caller's order.
            first: the number of their first row.
            answers: of the engine; None where there was none.
            outcomes: rows decided one by one, ascending.
            provisional: rows of which a fact is not final.
        """
        parts = [part for part in (self._engine_part(bound, answers, provisional), self._python_part(outcomes)) if part]
        if not parts:
            return pa.RecordBatch.from_pylist([], self.schema)
        numbers = np.concatenate([bound.rows[rows] for rows, _ in parts])
        if len(parts) == 1 and _ascends(numbers):
            made = parts[0][1]
        else:
            order = np.argsort(numbers, kind="stable")
            numbers, chosen = numbers[order], pa.array(order)
            made = {name: pa.concat_arrays([part[name] for _, part in parts]).take(chosen) for name in parts[0][1]}
        made[ROW] = pa.array(numbers)
        for name in self.beside:
            whole = len(numbers) == len(beside[name]) and self.decision.member is None
            made[name] = beside[name] if whole else beside[name].take(pa.array(numbers - first))
        return pa.RecordBatch.from_arrays(
            [made[name].cast(self.schema.field(name).type) for name in self.schema.names], schema=self.schema
        )

    def _engine_part(
        self, bound: Bound, answers: Answers | None, provisional: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], dict[str, pa.Array]] | None:
        """What an engine answered, in order of the caller's rows: the row of the chunk of each answer, and the columns."""
        if answers is None or not answers.done.any():
            return None
        fields, items = answers.fields, answers.items
        if answers.offsets is not None:
            rows = np.repeat(np.arange(bound.length), np.diff(answers.offsets))
            chosen = None if _ascends(bound.rows) else np.argsort(bound.rows[rows], kind="stable")
        else:
            rows = np.arange(bound.length)
            chosen = None if answers.done.all() else np.flatnonzero(answers.done)
            if not _ascends(bound.rows):
                chosen = _ordered(bound.rows, rows if chosen is None else chosen)
        if chosen is not None:
            rows, items = rows[chosen], None if items is None else items[chosen]
            fields = {name: column.take(pa.array(chosen)) for name, column in fields.items()}
        made = self.from_engine(fields)
        if items is not None:
            made[MEMBER] = _member_ids(self.decision, bound).take(pa.array(items)).cast(pa.string())
        made[STATUS] = pa.repeat(str(Status.DECIDED), len(rows))
        if provisional is not None and provisional.any():
            unsure = pa.array(provisional[rows])
            made[STATUS] = pc.if_else(unsure, str(Status.PROVISIONAL), str(Status.DECIDED))
        made[REASON] = made[EXPLANATION] = pa.nulls(len(rows), pa.string())
        return rows, made

    def _python_part(self, outcomes: Sequence[OneAnswer]) -> tuple[NDArray[np.int64], dict[str, pa.Array]] | None:
        if not outcomes:
            return None
        entries: list[tuple[OneAnswer, Any, str | None]] = []
        for one in outcomes:
            if self.decision.member is None or one.answer is None:
                entries.append((one, one.answer, None))
            else:
                pairs = zip(one.answer, one.members, strict=True)
                entries.extend((one, answer, member) for answer, member in pairs)
        made = self.from_python([answer for _, answer, _ in entries])
        if self.decision.member is not None:
            made[MEMBER] = pa.array([member for _, _, member in entries], pa.string())
        made[STATUS] = pa.array([str(one.status) for one, _, _ in entries], pa.string())
        made[REASON] = pa.array([one.reason or None for one, _, _ in entries], pa.string())
        made[EXPLANATION] = pa.array([one.explanation for one, _, _ in entries], pa.string())
        return np.array([one.index for one, _, _ in entries], dtype=np.int64), made


def _ascends(numbers: NDArray[np.int64]) -> bool:
    return bool((numbers[1:] >= numbers[:-1]).all())


def _ordered(numbers: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows in order of their numbers, which lie close together: each is put in its place."""
    first = int(numbers.min())
    places = np.full(int(numbers.max()) - first + 1, -1, dtype=np.int64)
    places[numbers[chosen] - first] = chosen
    return places[places >= 0]


def joined(runs: Sequence[tuple[Answers | None, int, int]]) -> Answers | None:
    """Answers of several runs of a chunk as those of the chunk; None where no engine decided any.

    Args:
        runs: of each its answers, how many subjects it has, and where its members begin among those of the chunk.
    """
    given = [answers for answers, _, _ in runs if answers is not None]
    if len(runs) == 1 or not given:
        return given[0] if given else None
    done = [np.zeros(length, dtype=bool) if answers is None else answers.done for answers, length, _ in runs]
    members = given[0].offsets is not None
    fields = {}
    for name in given[0].fields:
        columns = [None if answers is None else answers.fields[name] for answers, _, _ in runs]
        fields[name] = _in_a_row(columns, [0 if members else length for _, length, _ in runs])
    if not members:
        return Answers(done=np.concatenate(done), fields=fields)
    counts, items = [], []
    for answers, length, first in runs:
        own = None if answers is None else answers.offsets
        counts.append(np.zeros(length, dtype=np.int64) if own is None else np.diff(own))
        if answers is not None and answers.items is not None:
            items.append(answers.items + first)
    offsets = np.concatenate(([0], np.cumsum(np.concatenate(counts)))).astype(np.int64)
    return Answers(done=np.concatenate(done), fields=fields, offsets=offsets, items=np.concatenate(items))


def _in_a_row(columns: Sequence[pa.Array | None], lengths: Sequence[int]) -> pa.Array:
    """Columns one after the other; nulls for those that are not there."""
    kinds = {column.type for column in columns if column is not None}
    if len(kinds) > 1 or any(pa.types.is_dictionary(kind) for kind in kinds):
        columns = [
            column.dictionary_decode() if column is not None and pa.types.is_dictionary(column.type) else column
            for column in columns
        ]
        kinds = {column.type for column in columns if column is not None and not pa.types.is_null(column.type)}
    kind = kinds.pop() if kinds else pa.null()
    return pa.concat_arrays(
        [
            pa.nulls(length, kind) if column is None else column.cast(kind)
            for column, length in zip(columns, lengths, strict=True)
        ]
    )


def _member_ids(decision: Decision[Any, Any], bound: Bound) -> pa.Array:
    """The ids of all members of a chunk."""
    return next(
        parts.items.columns["id"] for parts in bound.subject.parts.values() if parts.items.cls is decision.member
    )
