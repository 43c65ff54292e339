"""Expressions of `invariants` with the values of all rows at once; what is not understood is `UNKNOWN`."""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import BuiltinFunctionType, FunctionType
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from munirules.errors import MunirulesError
from munirules.models.declare import declaration
from munirules.models.fields import is_partial
from munirules.tables import vectors
from munirules.tables.membership import among, twice
from munirules.tables.vectors import (
    MAYBE,
    UNKNOWN,
    Dim,
    Earlier,
    Gathered,
    Ragged,
    Several,
    Thing,
    Tri,
    Unknown,
    Vec,
    certain,
    truth,
)

Scope: TypeAlias = dict[str, Any]
_EPOCH: Final = date(1970, 1, 1).toordinal()
_LONGEST: Final = 100  # items of a constant sequence that are looked at one by one
_WORK: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_ORDER: Final[Mapping[type[ast.cmpop], str]] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_RAISED: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, MunirulesError)
_CALLED: Final = (type, FunctionType, BuiltinFunctionType)
_ABSTRACT: Final = (Vec, Tri, Several, Ragged, Thing, Unknown, Earlier, Gathered)


@attrs.frozen(eq=False)
class Bound:
    """A method of an object, or of a text."""

    owner: Any
    function: Any


@attrs.frozen(eq=False)
class TypeOf:
    """What `type` says of a value."""

    value: Any


class Values:
    """Evaluates expressions of one module.

    Args:
        names: the names that the module knows.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self.names = names

    def of(self, node: ast.expr, scope: Scope, dim: Dim) -> Any:
        """The value of an expression in each row."""
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return self.named(name, scope)
            case ast.Attribute(value=value, attr=name):
                return attribute(self.of(value, scope, dim), name)
            case ast.Compare():
                return self.compare(node, scope, dim)
            case ast.BoolOp(op=op, values=values):
                found = truth(self.of(values[0], scope, dim), dim)
                for value in values[1:]:
                    also = truth(self.of(value, scope, dim), dim)
                    found = vectors.both(found, also) if isinstance(op, ast.And) else vectors.either(found, also)
                return found
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return vectors.negated(truth(self.of(operand, scope, dim), dim))
            case ast.BinOp(left=left, op=op, right=right):
                return self.work(self.of(left, scope, dim), self.of(right, scope, dim), op, dim)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                chosen = truth(self.of(test, scope, dim), dim)
                return vectors.chosen(chosen, self.of(body, scope, dim), self.of(orelse, scope, dim), dim)
            case ast.List(elts=[]) | ast.Dict(keys=[]):
                return Gathered()
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                return self.display(elts, scope, dim)
            case ast.Subscript():
                return self.subscript(node, scope, dim)
            case ast.ListComp() | ast.GeneratorExp():
                return self.comprehension(node, scope, dim)
            case ast.NamedExpr(target=target, value=value):
                found = self.of(value, scope, dim)
                again = target.id in scope  # in rows that do not come here it keeps what it was
                self.bind(target, UNKNOWN if again else found, scope)
                return found
            case ast.Call():
                return self.call(node, scope, dim)
        return UNKNOWN

    def named(self, name: str, scope: Scope) -> Any:
        """What a name stands for."""
        if name in scope:
            return scope[name]
        return self.names.get(name, getattr(builtins, name, UNKNOWN))

    def bind(self, target: ast.expr, value: Any, scope: Scope) -> None:
        """Give a name, or several, a value."""
        if isinstance(target, ast.Name):
            scope[target.id] = value
            return
        if isinstance(target, (ast.Tuple, ast.List)):
            own = self.sequence(value)
            known = isinstance(own, Several) and own.fixed and len(own.items) == len(target.elts)
            items = [item for item, _ in own.items] if known else [UNKNOWN] * len(target.elts)
            for inner, item in zip(target.elts, items, strict=True):
                self.bind(inner, item, scope)
        elif isinstance(target, (ast.Attribute, ast.Subscript, ast.Starred)):
            name = target.value
            if isinstance(name, ast.Name):
                scope[name.id] = UNKNOWN

    def sequence(self, value: Any) -> Any:
        """A value as a sequence, where it is one."""
        if isinstance(value, (tuple, list, range)) and len(value) <= _LONGEST:
            return Several.of(*value)
        return value

    def display(self, elts: Sequence[ast.expr], scope: Scope, dim: Dim) -> Any:
        """A tuple or list written out."""
        items: list[tuple[Any, Tri]] = []
        for elt in elts:
            if isinstance(elt, ast.Starred):
                own = self.sequence(self.of(elt.value, scope, dim))
                if not isinstance(own, Several):
                    return UNKNOWN
                items.extend(own.items)
            else:
                items.append((self.of(elt, scope, dim), certain(value=True)))
        return Several(tuple(items))

    def work(self, left: Any, right: Any, op: ast.operator, dim: Dim) -> Any:
        """A calculation; of sequences, one after the other."""
        if isinstance(op, ast.Add) and isinstance(left, Several) and isinstance(right, Several):
            return Several((*left.items, *right.items))
        if isinstance(op, ast.Pow) and isinstance(left, int) and isinstance(right, (Vec, int)):
            return distinct(lambda exponent: left**exponent, right)
        work = _WORK.get(type(op))
        return UNKNOWN if work is None else vectors.calculated(left, right, dim, work)

    def compare(self, node: ast.Compare, scope: Scope, dim: Dim) -> Tri:
        """A comparison, or several in a row."""
        found, left = certain(value=True), self.of(node.left, scope, dim)
        what = ast.dump(node.left)
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.of(comparator, scope, dim)
            if isinstance(right, Gathered):
                own = gathered(left, right, what, dim)
                own = vectors.negated(own) if isinstance(op, ast.NotIn) else own
            else:
                own = compared(left, right, op, dim)
            found = vectors.both(found, own)
            left, what = right, ast.dump(comparator)
        return found

    def subscript(self, node: ast.Subscript, scope: Scope, dim: Dim) -> Any:
        """An item, or the items from one on."""
        own = self.of(node.value, scope, dim)
        match node.slice:
            case ast.Constant(value=int(number)) if isinstance(own, Ragged) and number >= 0:
                index, missing = own.at(number)
                return picked(own.item, index, missing, own.dim)
            case ast.Constant(value=int(number)) if isinstance(own, Several) and own.fixed:
                return own.items[number][0] if -len(own.items) <= number < len(own.items) else UNKNOWN
            case ast.Slice(lower=ast.Constant(value=int(number)), upper=None, step=None) if number >= 0:
                if isinstance(own, Ragged):
                    return own.skip(number)
                return Several(own.items[number:]) if isinstance(own, Several) and own.fixed else UNKNOWN
            case ast.Slice(lower=None, upper=ast.expr() as end, step=None) if isinstance(own, Ragged):
                place = self.of(end, scope, dim)
                if own.keep is None and isinstance(place, Vec) and place.data is own.inner.places:
                    return Earlier(own)
        return UNKNOWN

    def comprehension(self, node: ast.ListComp | ast.GeneratorExp, scope: Scope, dim: Dim) -> Any:
        """Something of each item that a condition lets through."""
        if len(node.generators) != 1:
            return UNKNOWN
        generator = node.generators[0]
        over = self.sequence(self.of(generator.iter, scope, dim))
        if isinstance(over, Several):
            items = []
            for item, there in over.items:
                own = dict(scope)
                self.bind(generator.target, item, own)
                test = self.passes(generator.ifs, own, dim)
                items.append((self.of(node.elt, own, dim), vectors.both(there, test)))
            return Several(tuple(items))
        if not isinstance(over, Ragged) or over.inner.parent is not dim:
            return UNKNOWN
        own = dict(scope)
        self.bind(generator.target, over.item, own)
        test = self.passes(generator.ifs, own, over.inner)
        if np.any(test.yes & test.no):
            return UNKNOWN
        if test.yes is False:
            return Several(())
        item = self.of(node.elt, own, over.inner)
        if test.no is False:
            return attrs.evolve(over, item=item)
        kept = over.inner.full(test.yes)
        return attrs.evolve(over, item=item, keep=kept if over.keep is None else kept & over.keep)

    def passes(self, ifs: Sequence[ast.expr], scope: Scope, dim: Dim) -> Tri:
        """Whether all conditions are met."""
        found = certain(value=True)
        for test in ifs:
            found = vectors.both(found, truth(self.of(test, scope, dim), dim))
        return found

    def arguments(self, nodes: Sequence[ast.expr], scope: Scope, dim: Dim) -> list[Any]:
        """What a function is called with; of a list that it may change nothing is known any more."""
        found = [self.of(node, scope, dim) for node in nodes]
        for node, value in zip(nodes, found, strict=True):
            if isinstance(value, Gathered) and isinstance(node, ast.Name):
                scope[node.id] = UNKNOWN
        return [UNKNOWN if isinstance(value, Gathered) else value for value in found]

    def call(self, node: ast.Call, scope: Scope, dim: Dim) -> Any:
        """A call: of what is known here, or of a function of one value, which is asked of each distinct one."""
        function = self.of(node.func, scope, dim)
        if any(keyword.arg != "strict" for keyword in node.keywords):
            return UNKNOWN
        arguments = self.arguments(node.args, scope, dim)
        if isinstance(function, Bound):
            if not isinstance(function.owner, Vec) or any(isinstance(own, _ABSTRACT) for own in arguments):
                return UNKNOWN
            name = function.function
            return distinct(lambda text: getattr(text, name)(*arguments), function.owner)
        if isinstance(function, BuiltinFunctionType) and isinstance(function.__self__, str):  # of a default's text
            return UNKNOWN if any(isinstance(own, _ABSTRACT) for own in arguments) else function(*arguments)
        if isinstance(function, _CALLED) and function in _KNOWN:
            try:
                return _KNOWN[function](arguments, dim)
            except (TypeError, ValueError, IndexError):  # called as it cannot be, in some row at least
                return UNKNOWN
        pure = isinstance(function, FunctionType) or isinstance(getattr(function, "__self__", None), (str, int, date))
        if not pure or any(isinstance(own, _ABSTRACT) for own in arguments[1:]):
            return UNKNOWN
        if arguments and isinstance(arguments[0], Vec):
            return distinct(lambda value: function(value, *arguments[1:]), arguments[0])
        if arguments and isinstance(arguments[0], _ABSTRACT):
            return UNKNOWN
        try:
            return function(*arguments)
        except _RAISED:
            return UNKNOWN


def attribute(owner: Any, name: str) -> Any:
    """An attribute of an object: a field, or a method."""
    if isinstance(owner, Vec):
        return Bound(owner, name) if owner.kind == "text" else UNKNOWN
    if isinstance(owner, Thing):
        return _field(owner, name)
    if isinstance(owner, (*_ABSTRACT, Bound, TypeOf)):
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
            return vectors.equal(left, right, dim)
        case ast.NotEq():
            return vectors.negated(vectors.equal(left, right, dim))
        case ast.In():
            return contained(left, right, dim)
        case ast.NotIn():
            return vectors.negated(contained(left, right, dim))
        case ast.Is() | ast.IsNot():
            found = MAYBE
            if right is None:
                found = vectors.is_none(left, dim)
            elif (
                isinstance(left, TypeOf) and isinstance(left.value, Vec) and left.value.kind == "day" and right is date
            ):
                found = vectors.negated(vectors.is_none(left.value, dim))
            return found if isinstance(op, ast.Is) else vectors.negated(found)
    return vectors.ordered(left, right, dim, _ORDER[type(op)])


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
    if isinstance(among_what, (tuple, list, set, frozenset, dict)) and len(among_what) <= _LONGEST:
        among_what = Several.of(*among_what)
    if not isinstance(among_what, Several):
        return MAYBE
    found = certain(value=False)
    for item, there in among_what.items:
        found = vectors.either(found, vectors.both(there, vectors.equal(value, item, dim)))
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
        except _RAISED:  # the row is decided again, where it is told
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
    return UNKNOWN if isinstance(own, _ABSTRACT) else len(own)


def _enumerate(arguments: list[Any], _dim: Dim) -> Any:
    own = arguments[0]
    if len(arguments) > 1:
        return UNKNOWN
    if isinstance(own, Ragged):
        place = Vec(own.inner, own.inner.places, "int") if own.keep is None else UNKNOWN
        return attrs.evolve(own, item=Several.of(place, own.item))
    if isinstance(own, (tuple, list)) and len(own) <= _LONGEST:
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
            found = vectors.either(found, vectors.both(there, truth(item, dim)))
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
        opposite: Any = Several(tuple((vectors.negated(truth(item, dim)), there) for item, there in own.items))
    elif isinstance(own, Ragged):
        opposite = attrs.evolve(own, item=vectors.negated(truth(own.item, own.inner)))
    else:
        return MAYBE
    return vectors.negated(_any([opposite], dim))


def _isinstance(arguments: list[Any], dim: Dim) -> Any:
    own, cls = arguments
    if isinstance(own, Vec):
        right = own.kind == "day" and cls is date
        return vectors.negated(vectors.is_none(own, dim)) if right else MAYBE
    return MAYBE if isinstance(own, _ABSTRACT) else isinstance(own, cls)


def _getattr(arguments: list[Any], _dim: Dim) -> Any:
    return attribute(arguments[0], arguments[1]) if isinstance(arguments[1], str) else UNKNOWN


def _is_partial(arguments: list[Any], _dim: Dim) -> Any:
    """No row in which a date is known in part only is looked at here."""
    return UNKNOWN if isinstance(arguments[0], (Unknown, Thing)) else False


_KNOWN: Final[dict[Any, Callable[[list[Any], Dim], Any]]] = {
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
