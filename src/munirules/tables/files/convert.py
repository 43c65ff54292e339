"""A batch of a file turned into columns that `decide_table` takes; rows that cannot be read are set aside.

Columns are read whole where they are plain (figures, ISO dates), else each distinct text once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.models.fields import HIDDEN, masked
from munirules.tables.files.plan import INTEGERS, Filled, Plan
from munirules.tables.files.texts import TextError, reader

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules.tables.files.targets import Target

LAST_DAY: Final = date(9998, 12, 31)  # 9999 stands for no date
_TYPES: Final = {"flag": pa.bool_(), "day": pa.date32()}


@attrs.frozen
class Problem:
    """A value that could not be read.

    Attributes:
        row: row of the batch, from 0.
        field: the field that it should have filled.
        value: the text, never a secret one.
        reason: what is wrong, with the header.
    """

    row: int
    field: str
    value: str
    reason: str


@attrs.frozen(kw_only=True, eq=False)
class Converted:
    """A batch, converted.

    Attributes:
        fields: the columns that `decide_table` takes, of the rows that could be read.
        results: the old system's answers, of the same rows (sen as decimals in yen).
        on: the decision's date in each row; None where the file does not say it.
        code: the municipality's code in each row; None likewise.
        rows: for each row, where it stands in the batch.
        problems: why the others are not there.
    """

    fields: pa.RecordBatch
    results: pa.RecordBatch
    on: pa.Array | None
    code: pa.Array | None
    rows: NDArray[np.int64]
    problems: tuple[Problem, ...]


def convert(plan: Plan, batch: pa.RecordBatch) -> Converted:
    """Turn a batch of a file into columns.

    Args:
        plan: the map, held against the file.
        batch: columns by header: texts, or the types of a file that has some.
    """
    work = _Work(batch)
    fields = work.columns(plan.fields)
    results = work.columns(plan.results)
    on = work.column(plan.on) if plan.on is not None else None
    code = work.column(plan.code) if plan.code is not None else None
    rows = np.arange(batch.num_rows, dtype=np.int64)
    if work.problems:
        good = np.ones(batch.num_rows, dtype=np.bool_)
        good[[problem.row for problem in work.problems]] = False
        rows = rows[good]
        taken = pa.array(rows)
        fields, results = (part.take(taken) if part.num_columns else part for part in (fields, results))
        on, code = (None if column is None else column.take(taken) for column in (on, code))
    problems = tuple(sorted(work.problems, key=lambda problem: problem.row))
    return Converted(fields=fields, results=results, on=on, code=code, rows=rows, problems=problems)


class _Work:
    def __init__(self, batch: pa.RecordBatch) -> None:
        self.batch = batch
        self.problems: list[Problem] = []

    def columns(self, filled: tuple[Filled, ...]) -> pa.RecordBatch:
        """Make columns; a default stands only where the fact that it belongs to is there."""
        found = {each.target.name: self.column(each) for each in filled}
        there: dict[str, pa.Array] = {}
        for each in filled:
            fact = each.target.fact
            if fact and fact != each.target.name:
                given = pc.is_valid(found[each.target.name])
                there[fact] = given if fact not in there else pc.or_(there[fact], given)
        for each in filled:
            default, name = each.target.default, each.target.name
            if default is not None and each.source.empty == "default" and found[name].null_count:
                full = pc.fill_null(found[name], _scalar(each.target, each.target.read(default), found[name].type))
                fact = each.target.fact
                found[name] = pc.if_else(there[fact], full, found[name]) if fact in there else full
        return pa.RecordBatch.from_arrays(list(found.values()), list(found))

    def column(self, filled: Filled) -> pa.Array:
        """Make one column; what cannot be read is null, and noted."""
        source, target = filled.source, filled.target
        if not source.headers:
            return pa.repeat(_scalar(target, source.value), self.batch.num_rows)
        if source.plain:
            found = _natural(target, self.batch.column(source.headers[0]))
            if found is not None:
                return found
        texts = self._texts(filled)
        empty = pc.or_kleene(pc.is_null(texts), pc.equal(texts, ""))
        if source.none:
            empty = pc.or_kleene(empty, pc.is_in(texts, pa.array(source.none, pa.string())))
        texts = pc.if_else(empty, pa.scalar(None, pa.string()), texts)
        if source.empty == "missing":
            self._note(filled, np.flatnonzero(empty), [""] * pc.sum(empty).as_py(), ["is missing"])
        found = self._read(filled, texts)
        if source.default is not None:
            found = pc.if_else(empty, _scalar(target, source.default, found.type), found)
        return found

    def _texts(self, filled: Filled) -> pa.Array:
        source = filled.source
        parts = [text_of(self.batch.column(header)) for header in source.headers]
        if source.width:
            pairs = zip(parts, source.width, strict=True)
            parts = [pc.if_else(pc.equal(part, ""), part, pc.utf8_lpad(part, width, "0")) for part, width in pairs]
        if len(parts) == 1:
            return parts[0]
        joined = pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), source.join)
        nothing = pc.is_in(joined, pa.array([source.join * (len(parts) - 1)], pa.string()))
        return pc.if_else(nothing, "", joined)

    def _read(self, filled: Filled, texts: pa.Array) -> pa.Array:
        """Read texts, where they are not null, as the field's values."""
        read = reader(filled)
        if read is None:
            return texts
        quick = _quick(filled, texts)
        if quick is not None:
            return quick
        distinct = texts.dictionary_encode()
        values: list[Any] = []
        bad: dict[int, str] = {}
        for index, text in enumerate(distinct.dictionary.to_pylist()):
            try:
                values.append(read(text))
            except TextError as error:
                bad[index] = str(error)
                values.append(None)
        if bad:
            indices = pc.fill_null(distinct.indices, -1).to_numpy(zero_copy_only=False)
            rows = np.flatnonzero(np.isin(indices, list(bad)))
            raw = [distinct.dictionary[int(indices[row])].as_py() for row in rows]
            self._note(filled, rows, raw, [bad[int(indices[row])] for row in rows])
        return _array(filled.target, values).take(distinct.indices)

    def _note(self, filled: Filled, rows: Any, raw: list[str], reasons: list[str]) -> None:
        target, header = filled.target, " + ".join(filled.source.headers)
        told = f"{target.label}, {header}" if header != target.name else target.label
        for number, row in enumerate(rows):
            value = HIDDEN if target.spec.secret else masked(raw[number])
            reason = reasons[number % len(reasons)]
            self.problems.append(Problem(int(row), target.name, value, f"{target.name} ({told}): {reason}"))


def _natural(target: Target, column: pa.Array) -> pa.Array | None:
    """A column that is of its field's type already, or text that is taken as it is; else None."""
    kind, arrow = target.spec.kind, column.type
    if kind in INTEGERS and pa.types.is_integer(arrow):
        return None if arrow == pa.uint64() else column.cast(pa.int64())
    if kind == "sen" and pa.types.is_integer(arrow):
        return column.cast(pa.decimal128(38, 0))
    if kind == "day" and arrow == pa.date32() and not target.spec.partial:
        last = pc.max(column).as_py()
        return column if last is None or last <= LAST_DAY else None
    if (kind == "flag" and pa.types.is_boolean(arrow)) or kind == "rows":
        return column
    return None


def _quick(filled: Filled, texts: pa.Array) -> pa.Array | None:
    """All of a column's texts at once, where each is written plainly; else None."""
    kind, source = filled.target.spec.kind, filled.source
    if source.codes is not None:
        return None
    try:
        if kind in INTEGERS and source.factor.den == 1:
            if pc.any(pc.match_substring(texts, "x", ignore_case=True)).as_py():
                return None  # Arrow would read figures to the base of sixteen
            return pc.multiply_checked(texts.cast(pa.int64()), source.factor.num)
        if kind == "day" and not filled.target.spec.partial:
            days = texts.cast(pa.date32())
            last = pc.max(days).as_py()
            return days if last is None or last <= LAST_DAY else None
    except pa.ArrowInvalid:
        return None
    return None


def text_of(column: pa.Array) -> pa.Array:
    """A column as trimmed texts; figures without needless decimals, days without a time of day."""
    arrow = column.type
    if pa.types.is_dictionary(arrow):
        return text_of(column.dictionary).take(column.indices)
    if pa.types.is_timestamp(arrow) or arrow == pa.date64():
        texts = column.cast(pa.timestamp("us")).cast(pa.string())
        return pc.replace_substring_regex(texts, r" 00:00:00(\.0+)?$", "")
    texts = column.cast(pa.string())
    if pa.types.is_floating(arrow) or pa.types.is_decimal(arrow):
        return pc.replace_substring_regex(texts, r"^(-?\d+)(?:\.0*|(\.\d*[1-9])0*)$", r"\1\2")
    if pa.types.is_string(arrow) or pa.types.is_large_string(arrow) or pa.types.is_string_view(arrow):
        return pc.utf8_trim_whitespace(texts)
    return texts


def _array(target: Target, values: list[Any]) -> pa.Array:
    kind = target.spec.kind
    if kind == "sen":
        return _yen(pa.array(values, pa.int64()))
    if kind in INTEGERS:
        return pa.array(values, pa.int64())
    if kind == "day" and target.spec.partial:
        return pa.array([value if value is None else str(value) for value in values], pa.string())
    return pa.array(values, _TYPES.get(kind, pa.string()))


def _yen(sen: pa.Array) -> pa.Array:
    """Whole sen as yen with two decimals."""
    return pc.multiply(sen.cast(pa.decimal128(19, 0)), pa.scalar(Decimal("0.01")))


def _scalar(target: Target, value: Any, arrow: pa.DataType | None = None) -> pa.Scalar:
    """A value of a map or a default as the columns hold it."""
    found = _array(target, [value])[0]
    return found if arrow is None or found.type == arrow else found.cast(arrow)
