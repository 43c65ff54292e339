"""The functions that a decision runs: its rules and their helpers, each with its syntax, and a way to run another text of one.

A function object stands in many places: in rules, in compiled programs, in the modules that import it. So another text
of it (with probes, or with a fault) is put into the object itself, as its code, and taken out again.
"""

from __future__ import annotations
import __future__

import ast
import copy
import linecache
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.runtime import forget_kept
from munirules.errors import MunirulesError
from munirules.testing.law_dates import chain_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision, Rule
    from munirules.engine.rulebook import Rulebook

_LAW = "munirules.law."


class SourceError(MunirulesError):
    """A function whose text cannot be read, or is no longer what runs."""


@attrs.frozen(eq=False)
class Function:
    """A rule or a helper.

    Attributes:
        fn: the function.
        node: its syntax.
        file: its file, from the package on, as reports show it.
    """

    fn: Any
    node: ast.FunctionDef
    file: str

    @property
    def key(self) -> str:
        """Module and name, by which it is told apart."""
        return f"{self.fn.__module__}.{self.fn.__name__}"

    def compiled(self, node: ast.FunctionDef) -> CodeType:
        """The code of another text of the function."""
        bare = copy.copy(node)
        bare.decorator_list = []
        module = ast.fix_missing_locations(ast.Module([bare], []))
        flags = __future__.annotations.compiler_flag
        whole = compile(module, self.fn.__code__.co_filename, "exec", flags=flags, dont_inherit=True)
        name = self.fn.__name__
        return next(code for code in whole.co_consts if isinstance(code, CodeType) and code.co_name == name)


@contextmanager
def running(codes: Mapping[FunctionType, CodeType]) -> Iterator[None]:
    """Let functions run other code for a while."""
    before = {fn: fn.__code__ for fn in codes}
    try:
        for fn, code in codes.items():
            fn.__code__ = code
        forget_kept()
        yield
    finally:
        for fn, code in before.items():
            fn.__code__ = code
        forget_kept()


def rules_of(rulebook: Rulebook, decision: Decision[Any, Any]) -> list[Rule]:
    """Every rule of a decision at whatever date, replacements of the chain and decisions that it rests on included."""
    found: dict[Rule, None] = {}
    for own in chain_of(rulebook, decision):
        for rules in (own.rules, *rulebook.area(own.area).replaced(own)):
            found.update(dict.fromkeys(rules))
    return list(found)


def functions_of(rulebook: Rulebook, decision: Decision[Any, Any]) -> dict[str, Function]:
    """The functions of a decision by key, in order of their keys: rules and, from them, helpers of law and plugins.

    What counts and rounds for all of them (money, the calendar, the engine) is no rule of law and is not among them.

    Raises:
        SourceError: for one whose text cannot be read.
    """
    return reached(rule.fn for rule in rules_of(rulebook, decision))


def reached(fns: Iterable[Any]) -> dict[str, Function]:
    """The functions themselves, and the helpers that they call by name, by key."""
    found: dict[FunctionType, None] = {}
    waiting = list(fns)
    while waiting:
        fn = waiting.pop()
        if fn in found:
            continue
        found[fn] = None
        for name in sorted(_names(fn.__code__)):
            helper = fn.__globals__.get(name)
            if isinstance(helper, FunctionType) and _of_law(helper.__module__, fn.__module__):
                waiting.append(helper)
    made = [_function(fn) for fn in found]
    return {one.key: one for one in sorted(made, key=lambda one: one.key)}


def _of_law(module: str, caller: str) -> bool:
    """Whether a module holds rules of law: the nation's, or the package of whoever calls it."""
    return module.startswith(_LAW) or (module.partition(".")[0] == caller.partition(".")[0] != "munirules")


def _names(code: CodeType) -> set[str]:
    """Names that code looks up, that of comprehensions within it included."""
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*map(_names, inner))


def _function(fn: FunctionType) -> Function:
    code = fn.__code__
    lines = linecache.getlines(code.co_filename)
    node = _nodes(code.co_filename, tuple(lines)).get((code.co_name, code.co_firstlineno))
    if node is None:
        raise SourceError(f"{code.co_filename}:{code.co_firstlineno}: the text of {fn.__name__!r} cannot be read")
    return Function(fn, node, fn.__module__.replace(".", "/") + ".py")


@lru_cache(maxsize=256)
def _nodes(file: str, lines: tuple[str, ...]) -> dict[tuple[str, int], ast.FunctionDef]:
    """Every function of a file by its name and first line, that of its first decorator."""
    del file
    tree = ast.parse("".join(lines))
    return {
        (node.name, min([node.lineno, *(own.lineno for own in node.decorator_list)])): node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
