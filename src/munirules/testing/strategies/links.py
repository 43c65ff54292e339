"""Which fields of facts a decision's rules hold against which columns of its tables, read from their source.

`row.ground == use.relief` says that a relief is one of the grounds that a table names; `use.leak == "pipe"` names a code.
Rules and the helpers that they call are read for such comparisons, also through arguments and what a helper returns.
What is found only says where to look for values: a link too many or too few makes no question wrong.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import FunctionType
from typing import Any, Final, TypeAlias

Function: TypeAlias = Callable[..., Any]
_METHOD: Final = frozenset({"munirules.calendar", "munirules.money", "munirules.tape", "munirules.engine"})


class Links:
    """Names that stand for one another, and the codes and numbers that they are compared with.

    Attributes:
        codes: name to the texts that it is compared with.
    """

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}
        self._codes: dict[str, set[str]] = {}

    def root(self, name: str) -> str:
        """The name that stands for all that are linked with one."""
        while (parent := self._parents.get(name, name)) != name:
            name = parent
        return name

    def join(self, one: str, other: str) -> None:
        """Link two names."""
        first, second = sorted((self.root(one), self.root(other)))
        self._parents[second] = first

    def say(self, name: str, code: str) -> None:
        """Note a text that a name is compared with."""
        self._codes.setdefault(name, set()).add(code)

    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """The texts that the names linked with a root are compared with."""
        found: dict[str, set[str]] = {}
        for name, said in self._codes.items():
            found.setdefault(self.root(name), set()).update(said)
        return {name: tuple(sorted(said)) for name, said in found.items()}


def reached(functions: Iterable[Function]) -> list[Function]:
    """Functions and the helpers that they call, without those of calendar and money, which know no business."""
    found = list(dict.fromkeys(functions))
    seen = {fn.__code__ for fn in found}
    for fn in found:
        for name in fn.__code__.co_names:
            helper = fn.__globals__.get(name)
            if isinstance(helper, FunctionType) and helper.__code__ not in seen and not _method(helper.__module__):
                seen.add(helper.__code__)
                found.append(helper)
    return found


def _method(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in _METHOD)


def links_of(functions: list[Function]) -> Links:
    """Read functions for what they compare."""
    links = Links()
    for fn in functions:
        node = _parsed(fn)
        if node is not None:
            _Reader(links, fn).read(node)
    return links


def constants_of(functions: Iterable[Function]) -> tuple[int, ...]:
    """The whole numbers that functions write out, but for those that every program has."""
    found = {value for fn in functions for value in fn.__code__.co_consts if type(value) is int and abs(value) > 1}
    return tuple(sorted(found))


@cache
def _parsed(fn: Function) -> ast.FunctionDef | None:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(fn)))
    except (OSError, SyntaxError):
        return None
    return next((node for node in tree.body if isinstance(node, ast.FunctionDef)), None)


class _Reader:
    def __init__(self, links: Links, fn: Function) -> None:
        self.links = links
        self.names = fn.__globals__

    def read(self, function: ast.FunctionDef) -> None:
        for node in ast.walk(function):
            if isinstance(node, ast.Compare):
                self._compare(node)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                self._call(node, self.names.get(node.func.id))
            elif isinstance(node, ast.Return) and node.value is not None:
                self._join(function.name, node.value)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self._join(node.targets[0].id, node.value)

    def _compare(self, node: ast.Compare) -> None:
        terms = [node.left, *node.comparators]
        names = [name for term in terms for name in _names(term)]
        for name in names[1:]:
            self.links.join(names[0], name)
        for term in terms:
            code = self._text(term)
            if code is not None and names:
                self.links.say(names[0], code)

    def _call(self, node: ast.Call, called: object) -> None:
        if not callable(called) or not hasattr(called, "__annotations__"):
            return
        fields = getattr(called, "_fields", None) or [name for name in called.__annotations__ if name != "return"]
        for name, term in zip(fields, node.args, strict=False):
            self._join(name, term)

    def _join(self, name: str, term: ast.expr) -> None:
        for other in _names(term):
            self.links.join(name, other)

    def _text(self, term: ast.expr) -> str | None:
        value = term.value if isinstance(term, ast.Constant) else None
        if isinstance(term, ast.Name):
            value = self.names.get(term.id)
        return value if isinstance(value, str) else None


def _names(term: ast.expr) -> list[str]:
    """What a term is called: the last name of `use.relief`, a plain name, both of a conditional; nothing else."""
    if isinstance(term, ast.Attribute):
        return [] if term.attr.isupper() else [term.attr]
    if isinstance(term, ast.Name):
        return [] if term.id.isupper() else [term.id]
    return [*_names(term.body), *_names(term.orelse)] if isinstance(term, ast.IfExp) else []
