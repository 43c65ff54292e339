"""`invariants` of classes over whole columns: in which rows an object might say that something is wrong with it.

A function is walked through once a chunk, statement by statement, with the values of all rows at a time. What is not
understood, and what is uncertain, may be so: a row that is marked too much is decided again in Python, where the function
itself speaks; a row that is marked too little is what must not be, and tests hold every decision to that.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from munirules.tables.expressions import Scope, Values
from munirules.tables.logic import truth
from munirules.tables.operations import Bound
from munirules.tables.vectors import UNKNOWN, Dim, Gathered, Mask, Ragged, Several, Unrelated

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DEEPEST: Final = 4  # functions called by functions that are followed
_CHANGING: Final = frozenset({"append", "add", "extend", "insert", "setdefault", "update", "pop", "clear", "remove"})


def marked(
    method: object, dim: Dim, arguments: tuple[Any, ...], active: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Rows in which a generator function might yield.

    Args:
        method: `invariants`, `invariants_on` or `invariants_with` of a class.
        dim: the rows.
        arguments: what it is called with, first the object.
        active: rows in which there is an object; None for all.
    """
    walk = _Walk(dim)
    walk.call(method, list(arguments), dim, True if active is None else active, 0)
    return walk.found


@cache
def _body(function: FunctionType) -> tuple[tuple[str, ...], list[ast.stmt]] | None:
    """The arguments and statements of a function; None where they cannot be followed."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError):
        return None
    if not isinstance(tree, ast.FunctionDef) or function.__closure__ or tree.decorator_list:
        return None
    own = tree.args
    if own.vararg or own.kwarg or own.kwonlyargs or own.posonlyargs or own.defaults:
        return None
    return tuple(argument.arg for argument in own.args), tree.body


@cache
def _touched(statement: ast.stmt) -> frozenset[str]:
    """Names that a statement binds, or whose values it changes."""
    found: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.value, ast.Name):
            changing = isinstance(node, ast.Attribute) and node.attr in _CHANGING
            if changing or not isinstance(node.ctx, ast.Load):
                found.add(node.value.id)
    return frozenset(found)


@cache
def _put_aside(name: str, loop: ast.For) -> str:
    """The one expression that a loop puts into a list, a set or a dict of a name; empty where it does otherwise."""
    found: list[str] = []
    named = 0
    for node in ast.walk(loop):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=own), attr="append" | "add" | "setdefault"), args=[what, *_]
            ):
                if own == name:
                    found.append(ast.dump(what))
            case ast.Subscript(value=ast.Name(id=own), slice=what, ctx=ast.Store()) if own == name:
                found.append(ast.dump(what))
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id=own)]) if own == name:
                named -= 1
            case ast.JoinedStr():
                named -= sum(isinstance(own, ast.Name) and own.id == name for own in ast.walk(node))
            case ast.Name(id=own) if own == name:
                named += 1
    return found[0] if named == len(found) and len(set(found)) == 1 else ""


@cache
def _yields(node: ast.AST) -> bool:
    """Whether an expression itself yields."""
    return any(isinstance(own, (ast.Yield, ast.YieldFrom)) for own in ast.walk(node))


@cache
def _skips(loop: ast.For) -> bool:
    """Whether a round of a loop may be left before its end."""
    return any(isinstance(own, (ast.Continue, ast.Break)) for own in ast.walk(loop))


class _Walk:
    """A walk with the values of all rows at once."""

    def __init__(self, base: Dim) -> None:
        self.base = base
        self.found = np.zeros(base.length, dtype=bool)

    def mark(self, dim: Dim, active: Mask) -> None:
        """Something may be yielded in these rows, or in parts of rows."""
        mask = active
        while dim is not self.base:
            mask = dim.gather(mask)
            assert dim.parent is not None
            dim = dim.parent
        self.found |= mask

    def call(self, function: object, arguments: list[Any], dim: Dim, active: Mask, depth: int) -> None:
        """Walk through a generator function."""
        body = _body(function) if isinstance(function, FunctionType) else None
        if body is None or len(body[0]) != len(arguments) or depth > _DEEPEST:
            self.mark(dim, active)
            return
        assert isinstance(function, FunctionType)
        frame = _Frame(self, Values(function.__globals__), depth)
        frame.run(body[1], dict(zip(body[0], arguments, strict=True)), dim, active)


class _Frame:
    """The statements of one function."""

    def __init__(self, walk: _Walk, values: Values, depth: int) -> None:
        self.walk = walk
        self.values = values
        self.depth = depth

    def run(self, statements: list[ast.stmt], scope: Scope, dim: Dim, active: Mask) -> Mask:
        """Walk through statements; return the rows that come to their end."""
        for statement in statements:
            if not np.any(active):
                return False
            try:
                active = self.statement(statement, scope, dim, active)
            except Unrelated:
                self.walk.mark(dim, active)
                self.forget([statement], scope)
        return active

    def statement(self, statement: ast.stmt, scope: Scope, dim: Dim, active: Mask) -> Mask:
        """Walk through a statement; return the rows that come to its end."""
        match statement:
            case ast.Expr(value=ast.Yield()):
                self.walk.mark(dim, active)
            case ast.Expr(value=ast.YieldFrom(value=value)) | ast.Return(value=ast.expr() as value):
                self.yield_from(value, scope, dim, active)
                return active if isinstance(statement, ast.Expr) else False
            case ast.If(test=told) | ast.For(iter=told) | ast.Assign(value=told) | ast.Expr(value=told) if _yields(
                told
            ):
                self.walk.mark(dim, active)
                self.forget([statement], scope)
            case ast.Expr(value=value):
                self.values.of(value, scope, dim)
                self.forget([statement], scope)
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                self.values.bind(target, self.values.of(value, scope, dim), scope)
            case ast.If():
                return self.branch(statement, scope, dim, active)
            case ast.For(orelse=[]):
                self.loop(statement, scope, dim, active)
            case ast.Return() | ast.Continue() | ast.Break():
                return False
            case ast.Pass():
                pass
            case _:
                self.walk.mark(dim, active)
                self.forget([statement], scope)
        return active

    def forget(self, statements: list[ast.stmt], scope: Scope) -> None:
        """Nothing is known any more of what statements may have changed."""
        for statement in statements:
            scope.update(dict.fromkeys(_touched(statement), UNKNOWN))

    def yield_from(self, value: ast.expr, scope: Scope, dim: Dim, active: Mask) -> None:
        """What another function yields, or a comprehension."""
        if isinstance(value, ast.Call) and not value.keywords:
            function = self.values.of(value.func, scope, dim)
            arguments = self.values.arguments(value.args, scope, dim)
            if isinstance(function, Bound):
                function, arguments = function.function, [function.owner, *arguments]
            self.walk.call(function, arguments, dim, active, self.depth + 1)
            return
        self.walk.mark(dim, active & truth(self.values.of(value, scope, dim), dim).yes)

    def branch(self, statement: ast.If, scope: Scope, dim: Dim, active: Mask) -> Mask:
        """Both ways of a condition, each with the rows that may take it."""
        test = truth(self.values.of(statement.test, scope, dim), dim)
        enter, pass_by = active & test.yes, active & test.no
        if not np.any(enter):
            return self.run(statement.orelse, scope, dim, active)
        if not np.any(pass_by):
            return self.run(statement.body, scope, dim, active)
        one, other = dict(scope), dict(scope)
        ended = self.run(statement.body, one, dim, enter)
        ended_other = self.run(statement.orelse, other, dim, pass_by)
        for name in {*one, *other}:
            if one.get(name, UNKNOWN) is other.get(name, UNKNOWN):
                scope[name] = one.get(name, UNKNOWN)
            elif ended is False:
                scope[name] = other.get(name, UNKNOWN)
            else:
                scope[name] = one.get(name, UNKNOWN) if ended_other is False else UNKNOWN
        return ended | ended_other

    def loop(self, statement: ast.For, scope: Scope, dim: Dim, active: Mask) -> None:
        """A loop: over a sequence that all rows share one round after the other, over parts all rounds at once."""
        over = self.values.sequence(self.values.of(statement.iter, scope, dim))
        if isinstance(over, Several):
            for item, there in over.items:
                own = scope if there.yes is True and there.no is False else dict(scope)
                self.values.bind(statement.target, item, own)
                self.run(statement.body, own, dim, active & there.yes)
                if own is not scope or _skips(statement):
                    self.forget(statement.body, scope)
            return
        empty = [name for name, value in scope.items() if isinstance(value, Gathered) and value.inner is None]
        self.forget([statement], scope)
        own = dict(scope)
        if isinstance(over, Ragged) and over.inner.parent is dim:
            for name in empty:
                what = _put_aside(name, statement)
                if what:
                    own[name] = Gathered(over.inner, what)
            self.values.bind(statement.target, over.item, own)
            inner = dim.full(active)[over.inner.owners]
            self.run(statement.body, own, over.inner, inner if over.keep is None else inner & over.keep)
        else:
            self.run(statement.body, own, dim, active)
