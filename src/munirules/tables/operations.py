"""What `expressions` can do with the values of all rows: attributes, comparisons, and functions that are known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.errors import MunirulesError
from munirules.models.declare import declaration
from munirules.models.fields import is_partial
from munirules.tables import logic, vectors
from munirules.tables.logic import certain, truth
from munirules.tables.membership import among, twice
from munirules.tables.vectors import MAYBE, UNKNOWN, Dim, Earlier, Gathered, Ragged, Several, Thing, Tri, Unknown, Vec

LONGEST: Final = 100  # items of a constant sequence that are looked at one by one
RAISED: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, MunirulesError)
ABSTRACT: Final = (Vec, Tri, Several, Ragged, Thing, Unknown, Earlier, Gathered)
_EPOCH: Final = date(1970, 1, 1).toordinal()
_ORDER: Final[Mapping[type[ast.cmpop], str]] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


@attrs.frozen(eq=False)
class Bound:
    """A method of an object, or of a text."""

    owner: Any
    function: Any


@attrs.frozen(eq=False)
class TypeOf:
    """What `type` says of a value."""

    value: Any


def attribute(owner: Any, name: str) -> Any:
    """An attribute of an object: a field, or a method."""
    if isinstance(owner, Vec):
        return Bound(owner, name) if owner.kind == "text" else UNKNOWN
    if isinstance(owner, Thing):
        return _field(owner, name)
    if isinstance(owner, (*ABSTRACT, Bound, TypeOf)):
        return UNKNOWN
    return getattr(owner, name, UNKNOWN)


def _field(thing: Thing, name: str) -> Any:
    node, owner = thing.node, declaration(thing.node.cls)
    if name not in owner.specs:
        function = getattr(node.cls, name, None)
        return Bound(thing, function) if callable(function) and not isinstance(function, type) else UNKNOWN
    if name in node.columns:
        found = vectors.column_of(node, name, owner.specs[name].kind, thing.dim)
        if thing.index is None or not isinstance(found, Vec):
            return found
        return found.take(thing.index, thing.dim, thing.bad)
    if thing.index is not None:
        return UNKNOWN
    if name in node.parts:
        parts = node.parts[name]
        inner = below(thing.dim, parts)
        return Ragged(thing.dim, inner, Thing(parts.items, inner))
    if name in node.records:
        return Thing(node.records[name], thing.dim)
    fields: Any = attrs.fields_dict(node.cls)
    default = fields[name].default
    return UNKNOWN if default is attrs.NOTHING or hasattr(default, "factory") else default


def below(dim: Dim, parts: Any) -> Dim:
    """The rows of parts of rows: the same each time that they are asked for."""
    if id(parts) not in dim.below:
        dim.below[id(parts)] = Dim(parts.items.length, dim, parts.offsets)
    return dim.below[id(parts)]


def picked(item: Any, index: Any, missing: Any, dim: Dim) -> Any:
    """Something of one part of each row."""
    if isinstance(item, Vec):
        return item.take(index, dim, missing) if len(item.data) else UNKNOWN
    if isinstance(item, Several):
        return Several(tuple((picked(own, index, missing, dim), there) for own, there in item.items))
    if isinstance(item, Thing) and item.index is None and item.node.length:
        return Thing(item.node, dim, index, missing)
    return UNKNOWN


def compared(left: Any, right: Any, op: ast.cmpop, dim: Dim) -> Tri:
    """One comparison."""
    match op:
        case ast.Eq():
            return logic.equal(left, right, dim)
        case ast.NotEq():
            return logic.negated(logic.equal(left, right, dim))
        case ast.In():
            return contained(left, right, dim)
        case ast.NotIn():
            return logic.negated(contained(left, right, dim))
        case ast.Is() | ast.IsNot():
            found = MAYBE
            if right is None:
                found = logic.is_none(left, dim)
            elif (
                isinstance(left, TypeOf) and isinstance(left.value, Vec) and left.value.kind == "day" and right is date
            ):
                found = logic.negated(logic.is_none(left.value, dim))
            return found if isinstance(op, ast.Is) else logic.negated(found)
    return logic.ordered(left, right, dim, _ORDER[type(op)])


def gathered(value: Any, seen: Gathered, what: str, dim: Dim) -> Tri:
    """Whether a value is among those that a loop has put aside: at most where another part has the same."""
    if seen.inner is None:
        return certain(value=False)
    found = twice(value, dim) if seen.what == what and seen.inner is dim else None
    return MAYBE if found is None else Tri(yes=found, no=True)


def contained(value: Any, among_what: Any, dim: Dim) -> Tri:
    """Whether a value is among others."""
    if isinstance(among_what, Earlier):
        own = twice(value, dim) if value is among_what.of.item and among_what.of.inner is dim else None
        return MAYBE if own is None else Tri(yes=own, no=True)
    if isinstance(among_what, Ragged):
        found = among(value, among_what, dim) if isinstance(value, Vec) else None
        return MAYBE if found is None else found
    if isinstance(among_what, (tuple, list, set, frozenset, dict)) and len(among_what) <= LONGEST:
        among_what = Several.of(*among_what)
    if not isinstance(among_what, Several):
        return MAYBE
    found = certain(value=False)
    for item, there in among_what.items:
        found = logic.either(found, logic.both(there, logic.equal(value, item, dim)))
    return found


def distinct(function: Callable[[Any], Any], value: Any) -> Any:
    """Ask a function of each distinct value, once; nothing is known where it raises."""
    if not isinstance(value, Vec):
        return function(value)
    if value.kind == "text":
        encoded = value.data.dictionary_encode()
        values, index = encoded.dictionary.to_pylist(), np.asarray(encoded.indices.fill_null(0))
    else:
        numbers, index = np.unique(value.data, return_inverse=True)
        values = [date.fromordinal(n + _EPOCH) for n in numbers.tolist()] if value.kind == "day" else numbers.tolist()
    answers, wrong = [], []
    for own in values:
        try:
            answers.append(function(own))
            wrong.append(False)
        except RAISED:  # the row is decided again, where it is told
            answers.append(None)
            wrong.append(True)
    return _spread(answers, wrong, index, value)


def _spread(answers: list[Any], wrong: list[bool], index: Any, value: Vec) -> Any:
    """Answers for distinct values as those of rows."""
    kinds = {type(answer) for answer, bad in zip(answers, wrong, strict=True) if not bad}
    if len(kinds) != 1 or kinds & {date} or not kinds <= {bool, int, str}:
        return UNKNOWN
    kind = {bool: "bool", int: "int", str: "text"}[kinds.pop()]
    bad = np.array(wrong)[index]
    for mask in (value.null, value.bad):
        bad = bad if mask is None else bad | mask
    if kind == "text":
        data = pa.array([answer or "" for answer in answers], pa.string()).take(pa.array(index))
    else:
        numbers = [answer or 0 for answer in answers]
        if max(map(abs, numbers)) >= 2**62:
            return UNKNOWN
        data = np.array(numbers, dtype=bool if kind == "bool" else np.int64)[index]
    return Vec(value.dim, data, kind, bad=bad if bad.any() else None)


def _len(arguments: list[Any], _dim: Dim) -> Any:
    own = arguments[0]
    if isinstance(own, Ragged):
        return Vec(own.dim, own.counts(), "int")
    if isinstance(own, Several):
        return len(own.items) if own.fixed else UNKNOWN
    if isinstance(own, Vec) and own.kind == "text":
        bad = own.null if own.bad is None else own.bad if own.null is None else own.bad | own.null
        return Vec(own.dim, np.asarray(pc.utf8_length(own.data).fill_null(0), dtype=np.int64), "int", bad=bad)
    return UNKNOWN if isinstance(own, ABSTRACT) else len(own)


def _enumerate(arguments: list[Any], _dim: Dim) -> Any:
    own = arguments[0]
    if len(arguments) > 1:
        return UNKNOWN
    if isinstance(own, Ragged):
        place = Vec(own.inner, own.inner.places, "int") if own.keep is None else UNKNOWN
        return attrs.evolve(own, item=Several.of(place, own.item))
    if isinstance(own, (tuple, list)) and len(own) <= LONGEST:
        own = Several.of(*own)
    if isinstance(own, Several):
        place_of: Callable[[int], Any] = (lambda number: number) if own.fixed else (lambda _: UNKNOWN)
        return Several(tuple((Several.of(place_of(n), item), there) for n, (item, there) in enumerate(own.items)))
    return UNKNOWN


def _zip(arguments: list[Any], _dim: Dim) -> Any:
    own = [Several.of(*each) if isinstance(each, (tuple, list)) else each for each in arguments]
    if not all(isinstance(each, Several) and each.fixed for each in own):
        return UNKNOWN
    return Several.of(
        *(Several.of(*(item for item, _ in row)) for row in zip(*(each.items for each in own), strict=False))
    )


def _any(arguments: list[Any], dim: Dim) -> Any:
    own = arguments[0]
    if isinstance(own, Several):
        found = certain(value=False)
        for item, there in own.items:
            found = logic.either(found, logic.both(there, truth(item, dim)))
        return found
    if not isinstance(own, Ragged) or own.dim is not dim:
        return MAYBE
    test = truth(own.item, own.inner)
    keep = own.inner.full(True if own.keep is None else own.keep)
    sure = keep & ~own.inner.full(test.no)
    return Tri(yes=own.inner.gather(keep & test.yes), no=~own.inner.gather(sure))


def _all(arguments: list[Any], dim: Dim) -> Any:
    own = arguments[0]
    if isinstance(own, Several):
        opposite: Any = Several(tuple((logic.negated(truth(item, dim)), there) for item, there in own.items))
    elif isinstance(own, Ragged):
        opposite = attrs.evolve(own, item=logic.negated(truth(own.item, own.inner)))
    else:
        return MAYBE
    return logic.negated(_any([opposite], dim))


def _isinstance(arguments: list[Any], dim: Dim) -> Any:
    own, cls = arguments
    if isinstance(own, Vec):
        right = own.kind == "day" and cls is date
        return logic.negated(logic.is_none(own, dim)) if right else MAYBE
    return MAYBE if isinstance(own, ABSTRACT) else isinstance(own, cls)


def _getattr(arguments: list[Any], _dim: Dim) -> Any:
    return attribute(arguments[0], arguments[1]) if isinstance(arguments[1], str) else UNKNOWN


def _is_partial(arguments: list[Any], _dim: Dim) -> Any:
    """No row in which a date is known in part only is looked at here."""
    return UNKNOWN if isinstance(arguments[0], (Unknown, Thing)) else False


KNOWN: Final[dict[Any, Callable[[list[Any], Dim], Any]]] = {
    len: _len,
    enumerate: _enumerate,
    zip: _zip,
    any: _any,
    all: _all,
    bool: lambda arguments, dim: truth(arguments[0], dim),
    tuple: lambda arguments, _: arguments[0],
    list: lambda arguments, _: arguments[0],
    isinstance: _isinstance,
    getattr: _getattr,
    is_partial: _is_partial,
    type: lambda arguments, _: TypeOf(arguments[0]),
}
