"""Columns of any Arrow type into canonical ones, as reading plain data would have it; texts are read once each.

What a value cannot be is only marked here: its row is decided again in Python, which tells why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from munirules.models.read import read_field
from munirules.money import SEN_PER_YEN
from munirules.tables.plan import Field, is_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

Canonical: TypeAlias = "tuple[pa.Array, NDArray[np.bool_] | None]"
"""Values, null where there is none, and where what stands there cannot be read (None: nowhere)."""

SEN_DECIMALS: Final = 2
_NUMBERS: Final = frozenset({"yen", "sen", "count", "quantity", "choice"})
_WRITTEN: Final = frozenset({"code", "text", "reference"})
_WHOLE: Final = re.compile(r"[+-]?\d+")
_EXACT: Final = 2.0**53
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST, _LAST = date.min.toordinal() - _EPOCH, date.max.toordinal() - _EPOCH
_PER_DAY: Final = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_MOST: Final = 2**63 - 1
_REMEMBERED: Final = 200_000  # texts of one column; more than there are dates in five centuries


def canonical_type(field: Field) -> pa.DataType:
    """The canonical type of a field's values, of a list that of its items."""
    if field.spec.kind in _NUMBERS:
        return pa.int64()
    return {"day": pa.date32(), "flag": pa.bool_()}.get(field.spec.kind, pa.string())


def is_written(field: Field) -> bool:
    """Whether a field's values stand as texts: codes, names, and rates as they were written."""
    return bool(canonical_type(field) == pa.string())


def plain_value(raw: Any, field: Field) -> Any:
    """Turn a value of a column into what plain data (JSON) would have in its place.

    A column has one type for all its rows, and an empty cell makes whole numbers floats: a number that is whole in value
    is taken as one, a text of figures as the number, a number of a choice as its name.
    """
    if field.many and isinstance(raw, list):
        return [_plain(item, field) for item in raw]
    return _plain(raw, field)


def _plain(raw: Any, field: Field) -> Any:
    kind = field.spec.kind
    if kind == "choice":
        names = choices_of(field.annotation)
        number = _number(raw)
        return names.get(number, raw) if type(number) is int else raw
    if kind == "flag" and isinstance(raw, str):
        return {"true": True, "false": False}.get(raw.strip().lower(), raw)
    if kind == "day" and isinstance(raw, datetime):
        return raw.date() if raw == datetime.combine(raw.date(), datetime.min.time()) else raw
    return _number(raw) if kind in _NUMBERS and kind != "sen" else raw


def _number(raw: Any) -> Any:
    """A number that is whole, or written in figures, as an int."""
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() and abs(raw) < _EXACT else raw
    if isinstance(raw, Decimal):
        return int(raw) if raw.is_finite() and raw == raw.to_integral_value() else raw
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw).strip()
        return int(text) if _WHOLE.fullmatch(text) else raw
    return raw


@cache
def choices_of(annotation: Any) -> Mapping[int, str]:
    """Number to name, as data write it, of the members of a choice."""
    return {int(member.value): member.name.lower() for member in annotation}


def canonical_value(value: Any, field: Field, text: Any = None) -> Any:
    """A value of a field as its canonical column holds it.

    Args:
        value: the value, in Python.
        field: the field.
        text: for a rate, how it was written.
    """
    if isinstance(value, Enum):
        return int(value.value)
    return str(value if text is None else text) if field.spec.kind == "rate" and value is not None else value


@attrs.frozen(eq=False)
class Reader:
    """Reads the columns of a field, one after the other, and remembers the texts that it has read.

    Called from several threads at once; what is remembered is never wrong, at worst read twice.
    """

    field: Field
    _read: dict[str, tuple[Any, bool]] = attrs.field(factory=dict, repr=False)

    def read(self, column: pa.Array) -> Canonical:
        """Bring a column into canonical form."""
        if not self.field.many:
            return self._scalars(column)
        lengths = np.asarray(pc.list_value_length(column).fill_null(0))
        values, bad = self._scalars(column.flatten())
        if values.null_count:
            nulls = np.asarray(values.is_null())
            bad = nulls if bad is None else bad | nulls
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        made = pa.ListArray.from_arrays(pa.array(offsets), values, mask=column.is_null() if column.null_count else None)
        if bad is None or not bad.any():
            return made, None
        owners = np.repeat(np.arange(len(lengths)), lengths)
        return made, np.bincount(owners[bad], minlength=len(lengths)) > 0

    def _scalars(self, column: pa.Array) -> Canonical:
        kind, wanted = column.type, canonical_type(self.field)
        if types.is_null(kind):
            return pa.nulls(len(column), wanted), None
        if types.is_dictionary(kind):
            return self._dictionary(column)
        if is_text(kind):
            return self._texts(column.cast(pa.string()))
        own = self.field.spec.kind
        if own == "day":
            return self._bounded(*_days(column))
        if own == "flag":
            return column, None
        if own == "rate":
            return self._texts(column.cast(pa.string()))
        if own == "sen":
            return self._bounded(*_sen(column))
        values, bad = _whole_numbers(column)
        return self._chosen(values, bad) if own == "choice" else self._bounded(values, bad)

    def _dictionary(self, column: pa.DictionaryArray) -> Canonical:
        """A column that is a dictionary: what stands in it is read once each."""
        values, bad = self._scalars(column.dictionary)
        if is_written(self.field):
            made: pa.Array = pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), values)
        else:
            made = values.take(column.indices)
        if bad is None:
            return made, None
        return made, np.asarray(pa.array(bad).take(column.indices).fill_null(fill_value=False))

    def _texts(self, column: pa.StringArray) -> Canonical:
        """A column of texts."""
        spec, kind = self.field.spec, self.field.spec.kind
        if kind in _WRITTEN and not spec.options:
            return column, None
        made = _cast(column, kind)
        if made is not None:
            return self._bounded(made, None)
        encoded = column.dictionary_encode()
        read = [self._one(text) for text in encoded.dictionary.to_pylist()]
        values = pa.array([value for value, _ in read], canonical_type(self.field))
        made = column if is_written(self.field) else values.take(encoded.indices)
        bad = [wrong for _, wrong in read]
        if not any(bad):
            return made, None
        return made, np.asarray(pa.array(bad).take(encoded.indices).fill_null(fill_value=False))

    def _one(self, text: str) -> tuple[Any, bool]:
        """One text: its canonical value, and whether it cannot be read."""
        known = self._read.get(text)
        if known is None:
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            known = self._read[text] = self._value(text)
        return known

    def _value(self, text: str) -> tuple[Any, bool]:
        field, problems = self.field, list[str]()
        raw = plain_value([text] if field.many else text, field)
        value = read_field(field.owner, field.name, raw, "", problems)
        if problems:
            return None, True
        made = canonical_value(value[0] if field.many else value, field, text)
        partial = field.spec.kind == "day" and type(made) is not date
        large = type(made) is int and abs(made) > _MOST
        return (None, True) if partial or large else (made, False)

    def _bounded(self, values: pa.Array, bad: NDArray[np.bool_] | None) -> Canonical:
        """Mark what is below the lowest or above the highest value allowed."""
        spec = self.field.spec
        if spec.minimum is None and spec.maximum is None:
            return values, bad
        ends = pc.min_max(values)
        lowest, highest = ends["min"].as_py(), ends["max"].as_py()
        if lowest is None:
            return values, bad
        if spec.minimum is not None and lowest < spec.minimum:
            bad = _either(bad, pc.less(values, spec.minimum))
        if spec.maximum is not None and highest > spec.maximum:
            bad = _either(bad, pc.greater(values, spec.maximum))
        return values, bad

    def _chosen(self, values: pa.Array, bad: NDArray[np.bool_] | None) -> Canonical:
        """Mark numbers that no member of the choice has."""
        known = pc.is_in(values, value_set=pa.array(list(choices_of(self.field.annotation)), pa.int64()))
        wrong = pc.and_(values.is_valid(), pc.invert(known))
        return values, _either(bad, wrong) if pc.any(wrong).as_py() else bad


def _either(bad: NDArray[np.bool_] | None, more: pa.BooleanArray) -> NDArray[np.bool_]:
    mask = np.asarray(more.fill_null(fill_value=False))
    return mask if bad is None else bad | mask


def _cast(column: pa.StringArray, kind: str) -> pa.Array | None:
    """Texts that are all plain figures, or all ISO dates, at once; None where they are not."""
    if kind == "day":
        wanted = pa.date32()
    elif kind in ("yen", "count", "quantity"):
        wanted = pa.int64()
        if pc.any(pc.match_substring(column, "x", ignore_case=True)).as_py():  # Arrow would read 0x10
            return None
    else:
        return None
    try:
        return column.cast(wanted)
    except pa.ArrowInvalid:
        return None


def _whole_numbers(column: pa.Array) -> Canonical:
    """Numbers that are whole in value as int64."""
    kind = column.type
    if types.is_integer(kind):
        try:
            return column.cast(pa.int64()), None
        except pa.ArrowInvalid:  # unsigned, and beyond what 64 bits with a sign hold
            return _apart(column, np.asarray(column.fill_null(0)) > np.uint64(_MOST))
    if types.is_floating(kind):
        numbers = np.asarray(column.fill_null(0.0))
        with np.errstate(invalid="ignore"):
            return _apart(column, ~((np.floor(numbers) == numbers) & (np.abs(numbers) < _EXACT)))
    try:
        return column.cast(pa.int64()), None
    except pa.ArrowInvalid:
        whole = [_number(value) for value in column.to_pylist()]
        bad = np.array([n is not None and (type(n) is not int or abs(n) > _MOST) for n in whole])
        return pa.array([None if wrong else n for n, wrong in zip(whole, bad, strict=True)], pa.int64()), bad


def _apart(column: pa.Array, bad: NDArray[np.bool_]) -> Canonical:
    """A column without what is bad in it, as int64."""
    if bad.any():
        return pc.if_else(pa.array(bad), pa.scalar(None, column.type), column).cast(pa.int64()), bad
    return column.cast(pa.int64()), None


def _sen(column: pa.Array) -> Canonical:
    """Yen, with at most two decimals, as whole sen."""
    if types.is_integer(column.type):
        values, bad = _whole_numbers(column)
        most = _MOST // SEN_PER_YEN
        large = pc.or_(pc.greater(values, most), pc.less(values, -most))
        if pc.any(large).as_py():
            bad = _either(bad, large)
            values = pc.if_else(pa.array(bad), pa.scalar(None, pa.int64()), values)
        return pc.multiply(values, SEN_PER_YEN), bad
    try:
        yen = column.cast(pa.decimal128(38, SEN_DECIMALS))
    except pa.ArrowInvalid:  # a third decimal somewhere
        numbers = [None if value is None else value * SEN_PER_YEN for value in column.to_pylist()]
        sen = [_number(number) for number in numbers]
        bad = np.array([number is not None and (type(number) is not int or abs(number) > _MOST) for number in sen])
        return pa.array([None if wrong else n for n, wrong in zip(sen, bad, strict=True)], pa.int64()), bad
    words = np.frombuffer(yen.buffers()[1], dtype=np.int64).reshape(-1, 2)[yen.offset : yen.offset + len(yen)]
    missing = np.asarray(yen.is_null())
    wide = (words[:, 0] >> 63 != words[:, 1]) & ~missing
    made = pa.array(words[:, 0], pa.int64(), mask=missing | wide)
    return made, wide if wide.any() else None


def _days(column: pa.Array) -> Canonical:
    """Dates, and times that are midnight, as date32."""
    kind = column.type
    if types.is_date32(kind):
        numbers, rest = column.view(pa.int32()), None
    else:
        per_day = _PER_DAY["ms" if types.is_date64(kind) else kind.unit]
        ticks = np.asarray(column.view(pa.int64()).fill_null(0))
        days = ticks // per_day
        rest = ticks != days * per_day
        within = (days >= _FIRST) & (days <= _LAST)
        rest |= ~within
        numbers = pa.array(np.where(within, days, 0).astype(np.int32), mask=np.asarray(column.is_null()))
    ends = pc.min_max(numbers)
    if ends["min"].as_py() is not None and (ends["min"].as_py() < _FIRST or ends["max"].as_py() > _LAST):
        rest = _either(rest, pc.or_(pc.less(numbers, _FIRST), pc.greater(numbers, _LAST)))
        numbers = pc.if_else(pa.array(rest), pa.scalar(0, pa.int32()), numbers)
    return numbers.view(pa.date32()), rest if rest is not None and rest.any() else None
