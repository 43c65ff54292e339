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

from munirules.tables import logic
from munirules.tables.logic import certain, truth
from munirules.tables.operations import (
    ABSTRACT,
    KNOWN,
    LONGEST,
    RAISED,
    Bound,
    attribute,
    compared,
    distinct,
    gathered,
    picked,
)
from munirules.tables.vectors import UNKNOWN, Dim, Earlier, Gathered, Ragged, Several, Tri, Vec

Scope: TypeAlias = dict[str, Any]
_WORK: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_CALLED: Final = (type, FunctionType, BuiltinFunctionType)


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
                    found = logic.both(found, also) if isinstance(op, ast.And) else logic.either(found, also)
                return found
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return logic.negated(truth(self.of(operand, scope, dim), dim))
            case ast.BinOp(left=left, op=op, right=right):
                return self.work(self.of(left, scope, dim), self.of(right, scope, dim), op, dim)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                chosen = truth(self.of(test, scope, dim), dim)
                return logic.chosen(chosen, self.of(body, scope, dim), self.of(orelse, scope, dim), dim)
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
        if isinstance(value, (tuple, list, range)) and len(value) <= LONGEST:
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
        return UNKNOWN if work is None else logic.calculated(left, right, dim, work)

    def compare(self, node: ast.Compare, scope: Scope, dim: Dim) -> Tri:
        """A comparison, or several in a row."""
        found, left = certain(value=True), self.of(node.left, scope, dim)
        what = ast.dump(node.left)
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.of(comparator, scope, dim)
            if isinstance(right, Gathered):
                own = gathered(left, right, what, dim)
                own = logic.negated(own) if isinstance(op, ast.NotIn) else own
            else:
                own = compared(left, right, op, dim)
            found = logic.both(found, own)
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
                items.append((self.of(node.elt, own, dim), logic.both(there, test)))
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
            found = logic.both(found, truth(self.of(test, scope, dim), dim))
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
            if not isinstance(function.owner, Vec) or any(isinstance(own, ABSTRACT) for own in arguments):
                return UNKNOWN
            name = function.function
            return distinct(lambda text: getattr(text, name)(*arguments), function.owner)
        if isinstance(function, BuiltinFunctionType) and isinstance(function.__self__, str):  # of a default's text
            return UNKNOWN if any(isinstance(own, ABSTRACT) for own in arguments) else function(*arguments)
        if isinstance(function, _CALLED) and function in KNOWN:
            try:
                return KNOWN[function](arguments, dim)
            except (TypeError, ValueError, IndexError):  # called as it cannot be, in some row at least
                return UNKNOWN
        pure = isinstance(function, FunctionType) or isinstance(getattr(function, "__self__", None), (str, int, date))
        if not pure or any(isinstance(own, ABSTRACT) for own in arguments[1:]):
            return UNKNOWN
        if arguments and isinstance(arguments[0], Vec):
            return distinct(lambda value: function(value, *arguments[1:]), arguments[0])
        if arguments and isinstance(arguments[0], ABSTRACT):
            return UNKNOWN
        try:
            return function(*arguments)
        except RAISED:
            return UNKNOWN
