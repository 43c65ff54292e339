"""Conditions, comparisons and sums of the values of all rows at once: what is certain of them, and what is not."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc

from munirules.tables.vectors import MAYBE, UNKNOWN, Dim, Earlier, Gathered, Ragged, Several, Thing, Tri, Unknown, Vec

_EPOCH: Final = date(1970, 1, 1).toordinal()
_SAFE: Final = 2**31
"""Numbers below it can be added and multiplied in 64 bits; of larger ones nothing is said."""


def negated(value: Tri) -> Tri:
    """The opposite."""
    return Tri(yes=value.no, no=value.yes)


def both(one: Tri, other: Tri) -> Tri:
    """Whether both are so; the second is asked only where the first may be."""
    if one.no is False or other.yes is False:
        return other
    if one.yes is False or other.no is False:
        return one
    return Tri(yes=one.yes & other.yes, no=one.no | (one.yes & other.no))


def either(one: Tri, other: Tri) -> Tri:
    """Whether one of them is so."""
    return negated(both(negated(one), negated(other)))


def same(one: Tri, other: Tri) -> Tri:
    """Whether both are so, or neither."""
    return Tri(yes=(one.yes & other.yes) | (one.no & other.no), no=(one.yes & other.no) | (one.no & other.yes))


def certain(*, value: bool) -> Tri:
    """What is so in every row, or in none."""
    return Tri(yes=value, no=not value)


def _told(found: Any, *vectors: Vec) -> Tri:
    """A comparison of vectors, of whose undefined rows nothing is known."""
    yes, no = found, ~found
    for vector in vectors:
        if vector.bad is not None:
            yes, no = yes | vector.bad, no | vector.bad
    return Tri(yes=yes, no=no)


def is_none(value: Any, dim: Dim) -> Tri:
    """Whether a value is None."""
    if isinstance(value, Vec):
        if value.null is None and value.bad is None:
            return certain(value=False)
        own = value.on(dim)
        return _told(np.zeros(dim.length, dtype=bool) if own.null is None else own.null, own)
    if isinstance(value, (Several, Ragged, Tri, Earlier, Gathered)):
        return certain(value=False)
    if isinstance(value, Thing):
        return MAYBE if value.node.there is not None else certain(value=False)
    return MAYBE if value is UNKNOWN else certain(value=value is None)


def truth(value: Any, dim: Dim) -> Tri:
    """Whether a value counts as true."""
    if isinstance(value, Tri):
        return value
    if isinstance(value, Vec):
        own = value.on(dim)
        if own.kind == "text":
            found = np.asarray(pc.fill_null(pc.not_equal(pc.binary_length(own.data), 0), fill_value=False))
        else:
            found = (
                own.data if own.kind == "bool" else np.ones(dim.length, bool) if own.kind == "day" else own.data != 0
            )
        return _told(found if own.null is None else found & ~own.null, own)
    if isinstance(value, Ragged):
        index = dim.onto(value.dim)
        filled = value.counts() > 0
        return _told(filled if index is None else filled[index])
    if isinstance(value, Several):
        any_there = certain(value=False)
        for _, there in value.items:
            any_there = either(any_there, there)
        return any_there
    if value is UNKNOWN or isinstance(value, (Thing, Earlier, Gathered)):
        return MAYBE
    return certain(value=bool(value))


def _constant(value: Any, kind: str) -> Any:
    """A constant as it is compared with values of a kind; `UNKNOWN` where it is of another."""
    if isinstance(value, Enum):
        value = int(value.value) if isinstance(value.value, int) else value
    if kind == "day":
        plain = isinstance(value, date) and not isinstance(value, datetime)
        return value.toordinal() - _EPOCH if plain else UNKNOWN
    right = {"text": (str,), "int": (int,), "bool": (bool,)}[kind]
    return value if isinstance(value, right) else UNKNOWN


def equal(one: Any, other: Any, dim: Dim) -> Tri:
    """Whether two values are equal."""
    if one is None or other is None:
        return is_none(other if one is None else one, dim)
    if isinstance(one, Tri) or isinstance(other, Tri):
        plain = (Tri, bool)
        boolean = [
            isinstance(v, plain) or (isinstance(v, Vec) and v.kind == "bool" and v.null is None) for v in (one, other)
        ]
        return same(truth(one, dim), truth(other, dim)) if all(boolean) else MAYBE
    if isinstance(one, Several) and isinstance(other, (tuple, list)):
        other = Several.of(*other)
    if isinstance(other, Several) and isinstance(one, (tuple, list)):
        one = Several.of(*one)
    if isinstance(one, Several) and isinstance(other, Several):
        if not (one.fixed and other.fixed):
            return MAYBE
        found = certain(value=len(one.items) == len(other.items))
        for (left, _), (right, _) in zip(one.items, other.items, strict=False):
            found = both(found, equal(left, right, dim))
        return found
    return _compared(one, other, dim, "==")


_ORDERS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def ordered(one: Any, other: Any, dim: Dim, sign: str) -> Tri:
    """Whether one value stands before or after another; None stands nowhere."""
    if one is None or other is None:
        return MAYBE
    found = _compared(one, other, dim, sign)
    for value in (one, other):
        if isinstance(value, Vec) and value.null is not None:
            null: Any = value.on(dim).null
            found = Tri(yes=found.yes | null, no=found.no | null)
    return found


def _compared(one: Any, other: Any, dim: Dim, sign: str) -> Tri:
    vectors = [value.on(dim) for value in (one, other) if isinstance(value, Vec)]
    if not vectors:
        known = not any(isinstance(v, (Unknown, Several, Ragged, Thing, Earlier, Gathered)) for v in (one, other))
        return certain(value=bool(_ORDERS[sign](one, other))) if known and isinstance(one, type(other)) else MAYBE
    kinds = {vector.kind for vector in vectors}
    if len(kinds) > 1:
        return MAYBE
    kind = kinds.pop()
    left, right = (v.on(dim).data if isinstance(v, Vec) else _constant(v, kind) for v in (one, other))
    if left is UNKNOWN or right is UNKNOWN or (kind == "text" and sign != "=="):
        return MAYBE
    found: Any = pc.equal(left, right).fill_null(fill_value=False) if kind == "text" else _ORDERS[sign](left, right)
    found = np.asarray(found)
    nulls = [vector.null for vector in vectors if vector.null is not None]
    for null in nulls:
        found = found & ~null
    if sign == "==" and len(nulls) == 2:
        found = found | (nulls[0] & nulls[1])
    return _told(found, *vectors)


def calculated(one: Any, other: Any, dim: Dim, work: Callable[[Any, Any], Any]) -> Any:
    """A sum, difference, product of whole numbers; nothing is said of what might not fit into 64 bits."""
    if not (isinstance(one, Vec) or isinstance(other, Vec)):
        return work(one, other) if isinstance(one, int) and isinstance(other, int) else UNKNOWN
    bad = np.zeros(dim.length, dtype=bool)
    data = []
    for value in (one, other):
        own = value.on(dim) if isinstance(value, Vec) else value
        if isinstance(own, Vec) and own.kind in ("int", "bool"):
            numbers = own.data.astype(np.int64)
            for mask in (own.null, own.bad):
                bad |= False if mask is None else mask
        elif isinstance(own, int):
            numbers = np.int64(own) if abs(own) < _SAFE else None
        else:
            return UNKNOWN
        if numbers is None:
            return UNKNOWN
        bad |= (numbers >= _SAFE) | (numbers <= -_SAFE)
        data.append(np.where(bad, 0, numbers))
    return Vec(dim, work(*data), "int", bad=bad if bad.any() else None)


def chosen(test: Tri, one: Any, other: Any, dim: Dim) -> Any:
    """One of two numbers, by a condition that is certain or not."""
    if test.no is False:
        return one
    if test.yes is False:
        return other
    data = []
    for value in (one, other):
        if isinstance(value, int) and abs(value) < _SAFE:
            data.append(np.full(dim.length, value, dtype=np.int64))
        elif isinstance(value, Vec) and value.kind == "int" and value.null is None and value.bad is None:
            data.append(value.on(dim).data)
        else:
            return UNKNOWN
    unsure = dim.full(test.yes & test.no)
    return Vec(dim, np.where(test.yes, *data), "int", bad=unsure if unsure.any() else None)
