"""The contract for rules, checked on their syntax when they are declared.

A rule is pure, total on valid facts and exact, and written so that one source runs as Python and compiled. The page
"The contract for rules" in the documentation says the same in words; `FORBIDDEN` and `FORBIDDEN_CALLS` are its tables.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import FunctionType
from typing import Any, TypeAlias

from munirules.errors import MunirulesError


class ContractError(MunirulesError, TypeError):
    """A rule that breaks the contract; shows each line and how to write it."""


FORBIDDEN: dict[type[ast.AST], tuple[str, str]] = {
    ast.Dict: ("a dict", "rows of a table in a provision, or a NamedTuple"),
    ast.DictComp: ("a dict", "rows of a table in a provision, or a NamedTuple"),
    ast.Set: ("a set", "comparisons with == joined by `or`"),
    ast.SetComp: ("a set", "a list"),
    ast.GeneratorExp: ("a generator expression", "a list comprehension or a for loop"),
    ast.Lambda: ("a lambda", "a named function"),
    ast.Yield: ("yield", "a tuple that is returned"),
    ast.YieldFrom: ("yield", "a tuple that is returned"),
    ast.Await: ("await", "facts that the caller gives"),
    ast.AsyncFor: ("async", "a plain for loop"),
    ast.AsyncWith: ("async", "facts that the caller gives"),
    ast.With: ("with", "facts that the caller gives"),
    ast.TryStar: ("try", "a condition; rules are total on valid facts"),
    ast.Try: ("try", "a condition; rules are total on valid facts"),
    ast.Raise: ("raise", 'refuse("the reason of the law")'),
    ast.Global: ("global", "an argument"),
    ast.Nonlocal: ("nonlocal", "an argument"),
    ast.Import: ("import inside a rule", "an import at the top of the module"),
    ast.ImportFrom: ("import inside a rule", "an import at the top of the module"),
    ast.NamedExpr: ("a walrus", "an assignment of its own"),
    ast.While: ("while", "a for loop over a table or a range"),
    ast.Match: ("match", "if and elif"),
    ast.JoinedStr: ("text building", "codes compared with =="),
    ast.ClassDef: ("a class", "a class at the top of the module"),
    ast.AsyncFunctionDef: ("an async function", "a plain function"),
    ast.Delete: ("del", "names that are not reused"),
    ast.Starred: ("unpacking with *", "arguments written out"),
    ast.Assert: ("assert", "bounds in the declaration of the fact"),
}

FORBIDDEN_CALLS: dict[str, str] = {
    "any": "a for loop",
    "all": "a for loop",
    "reversed": "a for loop over range(len(x) - 1, -1, -1)",
    "next": "a for loop",
    "iter": "a for loop",
    "map": "a list comprehension",
    "filter": "a list comprehension with if",
    "zip": "Each values looked up by Place",
    "round": "floor_to, ceil_to or half_up_to",
    "float": "whole yen, sen, or a Rate",
    "complex": "whole yen, sen, or a Rate",
    "divmod": "// and %",
    "dict": "a NamedTuple",
    "set": "a list",
    "frozenset": "a list",
    "date": "a day field of a fact or a provision",
    "datetime": "a day field of a fact or a provision",
    "Decimal": "whole yen, sen, or a Rate",
    "Fraction": "a Rate",
    "open": "facts that the caller gives",
    "print": "the trace, which shows every step",
    "input": "facts that the caller gives",
    "getattr": "the field's name",
    "hasattr": "a field that tells the cases apart",
    "setattr": "a value that is returned",
    "delattr": "a value that is returned",
    "globals": "an argument",
    "locals": "an argument",
    "vars": "an argument",
    "isinstance": "a field that tells the cases apart",
    "type": "a field that tells the cases apart",
    "eval": "plain code",
    "exec": "plain code",
    "compile": "plain code",
    "__import__": "an import at the top of the module",
    "str": "codes compared with ==",
    "hash": "codes compared with ==",
    "id": "codes compared with ==",
}

METHODS = frozenset({"append"})
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def check(fn: Callable[..., Any]) -> None:
    """Check a function against the contract.

    Args:
        fn: a rule, or a helper that a rule calls.

    Raises:
        ContractError: listing every line that breaks it, with the way to write it.
    """
    node = _node(fn)
    if node is None:
        return
    problems = sorted({*_signature(node), *(p for child in node.body for p in _body(child))})
    if problems:
        file, lines = fn.__code__.co_filename, linecache.getlines(fn.__code__.co_filename)
        shown = [
            f'  File "{file}", line {line}\n    {lines[line - 1].strip() if line <= len(lines) else ""}\n'
            f"    {what} is outside the contract for rules; write {instead}"
            for line, what, instead in problems
        ]
        raise ContractError(f"rule {fn.__name__!r} breaks the contract:\n" + "\n".join(shown))


def source_known(fn: Callable[..., Any]) -> bool:
    """Whether the source of a function could be read, so that `check` could look at it."""
    return _node(fn) is not None


@lru_cache(maxsize=32)
def _functions(file: str, lines: tuple[str, ...]) -> dict[tuple[str, int], Function]:
    """Every function of a file by its name and first line (that of its first decorator)."""
    del file
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        return {}
    return {
        (node.name, min([node.lineno, *(d.lineno for d in node.decorator_list)])): node
        for node in _statements(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement within a node: expressions, most of a file, hold no function that has a name."""
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        for child in getattr(node, field, ()):
            yield child
            yield from _statements(child)


def _node(fn: Callable[..., Any]) -> Function | None:
    code = fn.__code__
    lines = linecache.getlines(code.co_filename)
    return _functions(code.co_filename, tuple(lines)).get((code.co_name, code.co_firstlineno)) if lines else None


Problem: TypeAlias = tuple[int, str, str]


def _signature(node: Function) -> list[Problem]:
    problems: list[Problem] = []
    if isinstance(node, ast.AsyncFunctionDef):
        problems.append((node.lineno, *FORBIDDEN[ast.AsyncFunctionDef]))
    args = node.args
    if args.vararg or args.kwarg:
        problems.append((node.lineno, "* or ** in the arguments", "each argument with its name and type"))
    if args.kwonlyargs:
        problems.append((node.lineno, "an argument by name only", "plain arguments; the engine gives them in order"))
    if args.defaults or any(args.kw_defaults):
        problems.append((node.lineno, "a default in the arguments", "`X | None` where the law gives absence a meaning"))
    problems.extend(
        (arg.lineno, f"argument {arg.arg!r} without a type", f"{arg.arg}: ITS_TYPE")
        for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs)
        if arg.annotation is None
    )
    if node.returns is None:
        problems.append((node.lineno, "a rule without a return type", "-> Yen, -> Sen, -> int, -> bool, …"))
    return problems


_LOOKED_AT: frozenset[type[ast.AST]] = frozenset(
    {*FORBIDDEN, ast.FunctionDef, ast.Constant, ast.BinOp, ast.AugAssign, ast.Subscript, ast.Compare, ast.Call}
)


def _body(tree: ast.AST) -> list[Problem]:
    problems: list[Problem] = []
    for node in ast.walk(tree):
        kind = type(node)
        if kind not in _LOOKED_AT:  # names, most of all
            continue
        line = getattr(node, "lineno", 0)
        if kind in FORBIDDEN:
            problems.append((line, *FORBIDDEN[kind]))
        elif isinstance(node, ast.FunctionDef):
            problems.append((line, "a function inside a rule", "a function at the top of the module"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, (float, complex, bytes)):
            problems.append((line, f"{node.value!r} ({type(node.value).__name__})", "whole yen, sen, or a Rate"))
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            problems.append((line, "/ (a float)", "of(…), prorate(…), or // where both are whole"))
        elif isinstance(node, ast.Subscript) and _negative(node.slice):
            problems.append((line, "an index from the end", "a Place, or x[len(x) - 1]"))
        elif isinstance(node, ast.Compare):
            problems.extend(_comparison(node))
        elif isinstance(node, ast.Call):
            problems.extend(_call(node))
    return problems


def _negative(index: ast.expr | None) -> bool:
    if isinstance(index, ast.Slice):
        return _negative(index.lower) or _negative(index.upper)
    return isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub)


def _comparison(node: ast.Compare) -> list[Problem]:
    return [
        (node.lineno, "`is` with another thing than None", "==")
        for op, right in zip(node.ops, node.comparators, strict=True)
        if isinstance(op, (ast.Is, ast.IsNot)) and not (isinstance(right, ast.Constant) and right.value is None)
    ]


def _call(node: ast.Call) -> list[Problem]:
    if isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
        return [(node.lineno, f"{node.func.id}(…)", FORBIDDEN_CALLS[node.func.id])]
    if isinstance(node.func, ast.Attribute) and node.func.attr not in METHODS:
        return [(node.lineno, f".{node.func.attr}(…)", "a helper imported by name, or a field")]
    return []


_checked: set[object] = set()


def check_helpers(fn: Callable[..., Any]) -> None:
    """Check the functions of its own module that a rule calls, and those that they call.

    Raises:
        ContractError: naming the helper and its lines.
    """
    reached: set[object] = set()
    callers: list[Callable[..., Any]] = [fn]
    while callers:
        caller = callers.pop()
        for name in caller.__code__.co_names:
            helper = caller.__globals__.get(name)
            if not isinstance(helper, FunctionType) or helper.__module__ != fn.__module__:
                continue
            if helper.__code__ not in reached | _checked:
                check(helper)
                reached.add(helper.__code__)
                callers.append(helper)
    _checked.update(reached)  # only now, so that a fault is told each time
