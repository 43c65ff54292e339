"""Faults that a hand makes in a rule: each takes one node of its syntax and gives what might have been written instead."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from types import FunctionType
from typing import Any, Final, NamedTuple, get_type_hints

from munirules.errors import MunirulesError
from munirules.models.declare import declaration, is_declared

OTHER: Final = "※"
"""A code that no rule knows."""

_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_ROUNDED: Final = {"floor_to": ("ceil_to", "half_up_to"), "ceil_to": ("floor_to",), "half_up_to": ("floor_to",)}
_MODES: Final = {"floor": ("ceiling", "half_up"), "ceiling": ("floor",), "half_up": ("floor",)}
_EXTREMES: Final = {"min": "max", "max": "min"}
_NEGATED: Final = frozenset({ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn})


class Fault(NamedTuple):
    """What might have been written instead of a node.

    Attributes:
        operator: which kind of fault.
        made: the other node; None for nothing at all.
    """

    operator: str
    made: ast.AST | None


class Scope:
    """What names mean within a function: its module's globals and the classes of its arguments."""

    def __init__(self, fn: FunctionType) -> None:
        self.fn = fn
        self.space: Mapping[str, Any] = fn.__globals__
        try:
            self.hints = get_type_hints(fn)
        except (NameError, TypeError, AttributeError):
            self.hints = {}

    def constant(self, name: str) -> int | None:
        """The number that a name of the module stands for."""
        value = self.space.get(name)
        return int(value) if isinstance(value, int) and not isinstance(value, (bool, Enum)) else None

    def twins(self, owner: str, field: str) -> list[str]:
        """Fields of the class of an argument that are of the same kind as one: the next after it, round the end."""
        cls = self.hints.get(owner)
        if not is_declared(cls) or cls is None:
            return []
        try:
            types = declaration(cls).types
        except MunirulesError:
            return []
        if field not in types:
            return []
        specs = declaration(cls).specs
        same = [name for name in types if specs[name].kind == specs[field].kind and types[name] == types[field]]
        after = same[(same.index(field) + 1) % len(same)]
        return [after] if after != field else []

    def same_type(self, function: str) -> list[tuple[int, int]]:
        """Pairs of neighbouring arguments of a helper that are of one type, so that they can be mistaken."""
        helper = self.space.get(function)
        if not isinstance(helper, FunctionType):
            return []
        code = helper.__code__
        names = code.co_varnames[: code.co_argcount]
        texts = [str(helper.__annotations__.get(name)) for name in names]
        return [(first, first + 1) for first in range(len(texts) - 1) if texts[first] == texts[first + 1] != "None"]


def faults(node: ast.AST, scope: Scope, *, inner: bool) -> Iterator[Fault]:
    """Every fault of one node, apart from those of the nodes within it.

    Args:
        node: the node.
        scope: what names mean there.
        inner: whether it stands within another statement: what follows a return that is left out is then run.
    """
    kinds: dict[type, Callable[[Any, Scope], Iterator[Fault]]] = {
        ast.Compare: _compared,
        ast.BoolOp: _joined,
        ast.UnaryOp: _unary,
        ast.BinOp: _calculated,
        ast.AugAssign: _added,
        ast.Constant: _constant,
        ast.Name: _named,
        ast.Attribute: _attribute,
        ast.Call: _called,
        ast.If: _branched,
        ast.IfExp: _branched,
        ast.comprehension: _filtered,
        ast.Return: _returned,
        ast.Break: _left,
        ast.Continue: _left,
        ast.Expr: _done,
    }
    handler = kinds.get(type(node))
    if handler is not None:
        yield from handler(node, scope)
    if inner and isinstance(node, ast.Return):
        yield Fault("statement dropped", None)


def _compared(node: ast.Compare, _: Scope) -> Iterator[Fault]:
    for index, op in enumerate(node.ops):
        other = _COMPARISONS[type(op)]()
        ops = [*node.ops[:index], other, *node.ops[index + 1 :]]
        yield Fault("comparison", ast.Compare(node.left, ops, node.comparators))


def _joined(node: ast.BoolOp, _: Scope) -> Iterator[Fault]:
    yield Fault("and/or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))
    if len(node.values) > 2:
        for index in range(len(node.values)):
            yield Fault("condition dropped", ast.BoolOp(node.op, [*node.values[:index], *node.values[index + 1 :]]))
    else:
        yield from (Fault("condition dropped", value) for value in node.values)


def _unary(node: ast.UnaryOp, _: Scope) -> Iterator[Fault]:
    yield Fault("negation" if isinstance(node.op, ast.Not) else "sign", node.operand)


def _calculated(node: ast.BinOp, _: Scope) -> Iterator[Fault]:
    other = _ARITHMETIC.get(type(node.op))
    if other is not None:
        yield Fault("arithmetic", ast.BinOp(node.left, other(), node.right))
    if isinstance(node.op, ast.FloorDiv):
        raised = ast.UnaryOp(ast.USub(), ast.BinOp(ast.UnaryOp(ast.USub(), node.left), node.op, node.right))
        yield Fault("rounding", raised)


def _added(node: ast.AugAssign, _: Scope) -> Iterator[Fault]:
    other = _ARITHMETIC.get(type(node.op))
    if other is not None:
        yield Fault("arithmetic", ast.AugAssign(node.target, other(), node.value))
    yield Fault("statement dropped", None)


def _constant(node: ast.Constant, _: Scope) -> Iterator[Fault]:
    value = node.value
    if isinstance(value, bool):
        yield Fault("constant", ast.Constant(not value))
    elif isinstance(value, int):
        yield from (Fault("constant", ast.Constant(near)) for near in (value + 1, value - 1))
    elif isinstance(value, str):
        yield Fault("code", ast.Constant(OTHER))


def _named(node: ast.Name, scope: Scope) -> Iterator[Fault]:
    if isinstance(node.ctx, ast.Load) and node.id.isupper() and scope.constant(node.id) is not None:
        yield from (
            Fault("constant", ast.BinOp(ast.Name(node.id, ast.Load()), op, ast.Constant(1)))
            for op in (ast.Add(), ast.Sub())
        )


def _attribute(node: ast.Attribute, scope: Scope) -> Iterator[Fault]:
    if not isinstance(node.value, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    owner = scope.space.get(node.value.id)
    if isinstance(owner, type) and issubclass(owner, Enum):
        names = list(owner.__members__)
        at = names.index(node.attr) if node.attr in names else -1
        if at >= 0 and len(names) > 1:
            operator = "rounding" if owner.__name__ == "Rounding" else "choice"
            yield Fault(operator, ast.Attribute(node.value, names[(at + 1) % len(names)], node.ctx))
        return
    for twin in scope.twins(node.value.id, node.attr):
        yield Fault("reference", ast.Attribute(node.value, twin, node.ctx))


def _called(node: ast.Call, scope: Scope) -> Iterator[Fault]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in _EXTREMES:
        yield Fault("min/max", ast.Call(ast.Name(_EXTREMES[name], ast.Load()), node.args, node.keywords))
    for other in _ROUNDED.get(name, ()):
        if other in scope.space or other == "half_up_to":
            yield from _rounded_by(node, other, scope)
    for index, keyword in enumerate(node.keywords):
        for mode in _MODES.get(keyword.arg or "", ()):
            named = [*node.keywords[:index], ast.keyword(mode, keyword.value), *node.keywords[index + 1 :]]
            yield Fault("rounding", ast.Call(node.func, node.args, named))
    for first, second in scope.same_type(name):
        if second < len(node.args) and ast.dump(node.args[first]) != ast.dump(node.args[second]):
            args = list(node.args)
            args[first], args[second] = args[second], args[first]
            yield Fault("arguments swapped", ast.Call(node.func, args, node.keywords))


def _rounded_by(node: ast.Call, other: str, scope: Scope) -> Iterator[Fault]:
    if other in scope.space:
        yield Fault("rounding", ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords))


def _branched(node: ast.If | ast.IfExp, _: Scope) -> Iterator[Fault]:
    if isinstance(node.test, ast.Compare) and len(node.test.ops) == 1 and type(node.test.ops[0]) in _NEGATED:
        return  # the comparison's own fault is this one
    if isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not):
        return
    made = ast.UnaryOp(ast.Not(), node.test)
    if isinstance(node, ast.If):
        yield Fault("condition negated", ast.If(made, node.body, node.orelse))
    else:
        yield Fault("condition negated", ast.IfExp(made, node.body, node.orelse))


def _filtered(node: ast.comprehension, _: Scope) -> Iterator[Fault]:
    for index in range(len(node.ifs)):
        left = [*node.ifs[:index], *node.ifs[index + 1 :]]
        yield Fault("condition dropped", ast.comprehension(node.target, node.iter, left, node.is_async))


def _returned(node: ast.Return, scope: Scope) -> Iterator[Fault]:
    if node.value is None or isinstance(node.value, ast.Constant):
        return
    returns = scope.hints.get("return")
    if returns is bool:
        yield Fault("result", ast.Return(ast.UnaryOp(ast.Not(), node.value)))
    elif returns is int:
        yield Fault("result", ast.Return(ast.BinOp(node.value, ast.Add(), ast.Constant(1))))
    elif returns is str:
        yield Fault("result", ast.Return(ast.Constant(OTHER)))
    elif getattr(returns, "__origin__", None) is tuple:
        yield Fault("result", ast.Return(ast.Subscript(node.value, ast.Slice(ast.Constant(1)), ast.Load())))


def _left(node: ast.Break | ast.Continue, _: Scope) -> Iterator[Fault]:
    yield Fault("statement dropped", None)
    yield Fault("break/continue", ast.Continue() if isinstance(node, ast.Break) else ast.Break())


def _done(node: ast.Expr, _: Scope) -> Iterator[Fault]:
    """A call for its effect (a row appended): left out; that which only explains (`applied`) is no step of a result."""
    call = node.value
    explains = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "applied"
    if isinstance(call, ast.Call) and not explains:
        yield Fault("statement dropped", None)
