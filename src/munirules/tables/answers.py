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
        columns: Mapping[str, pa.Array],
        answers: Answers | None,
        outcomes: Sequence[OneAnswer],
        provisional: NDArray[np.bool_] | None,
    ) -> pa.RecordBatch:
        """Put together what came of a chunk, in order of its rows.

        Args:
            bound: the chunk.
            columns: columns of the main table, aligned to it.
            answers: of the engine; None where there was none.
            outcomes: rows decided one by one, ascending.
            provisional: rows of which a fact is not final.
        """
        parts = [part for part in (self._engine_part(bound, answers, provisional), self._python_part(outcomes)) if part]
        if not parts:
            return pa.RecordBatch.from_pylist([], self.schema)
        rows = np.concatenate([part[0] for part in parts])
        made = {
            name: parts[0][1][name] if len(parts) == 1 else pa.concat_arrays([part[1][name] for part in parts])
            for name in parts[0][1]
        }
        if len(parts) > 1:
            order = np.argsort(rows, kind="stable")
            rows = rows[order]
            made = {name: column.take(pa.array(order)) for name, column in made.items()}
        whole = len(rows) == bound.length and self.decision.member is None
        made[ROW] = pa.array(bound.rows if whole else bound.rows[rows])
        made.update({name: columns[name] if whole else columns[name].take(pa.array(rows)) for name in self.beside})
        return pa.RecordBatch.from_arrays(
            [made[name].cast(self.schema.field(name).type) for name in self.schema.names], schema=self.schema
        )

    def _engine_part(
        self, bound: Bound, answers: Answers | None, provisional: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], dict[str, pa.Array]] | None:
        if answers is None or not answers.done.any():
            return None
        made = self.from_engine(answers.fields)
        if self.decision.member is not None:
            assert answers.offsets is not None
            assert answers.items is not None
            rows = np.repeat(np.arange(bound.length), np.diff(answers.offsets))
            ids = _member_ids(self.decision, bound)
            made[MEMBER] = ids.take(pa.array(answers.items)).cast(pa.string())
        else:
            rows = np.arange(bound.length)
            if not answers.done.all():
                rows = np.flatnonzero(answers.done)
                made = {name: column.take(pa.array(rows)) for name, column in made.items()}
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


def _member_ids(decision: Decision[Any, Any], bound: Bound) -> pa.Array:
    """The ids of all members of a chunk."""
    return next(
        parts.items.columns["id"] for parts in bound.subject.parts.values() if parts.items.cls is decision.member
    )
