"""Mutants of rules and helpers: each node of their syntax changed one by one, and the dates between which a rule applies."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from munirules.engine.decision import Replacement, Rule
from munirules.testing.faults.mutant import RULE, Mutant
from munirules.testing.faults.operators import Fault, Scope, faults
from munirules.testing.functions import Function, functions_of, rules_of, running
from munirules.testing.law_dates import chain_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

DAY = timedelta(days=1)
_WORDS = frozenset({"refuse", "applied"})
"""Helpers whose texts explain; a fault in a text is no fault of a rule."""


class Block(NamedTuple):
    """Where in a function: its key, and the line of the first statement of the block."""

    function: str
    line: int


class Spot(NamedTuple):
    """A node of a function: the way to it from the function's own node, and its block."""

    node: ast.AST
    way: tuple[tuple[str, int | None], ...]
    block: int


def code_mutants(
    rulebook: Rulebook, decisions: Sequence[Decision[Any, Any]], owner: str, package: str
) -> Iterator[Mutant]:
    """Every mutant of the rules and helpers of one package, in order of function and line.

    Args:
        rulebook: one in which they run.
        decisions: the decisions that are asked.
        owner: code of the jurisdiction whose rules they are.
        package: prefix of their modules' names.
    """
    functions: dict[str, Function] = {}
    reached: dict[str, dict[str, None]] = {}
    for decision in decisions:
        for key, function in functions_of(rulebook, decision).items():
            if function.fn.__module__.startswith(package):
                functions[key] = function
                reached.setdefault(key, {})[decision.name] = None
    for key in sorted(functions):
        yield from _Mutated(functions[key], owner, tuple(reached[key])).mutants()
    rules: dict[Rule, dict[str, None]] = {}
    for decision in decisions:
        for rule in rules_of(rulebook, decision):
            if rule.fn.__module__.startswith(package):
                rules.setdefault(rule, {})[decision.name] = None
    for rule in sorted(rules, key=lambda own: own.where):
        yield from _dated(rule, owner, tuple(rules[rule]))


class _Mutated:
    """One function."""

    def __init__(self, function: Function, owner: str, decisions: tuple[str, ...]) -> None:
        self.function = function
        self.owner = owner
        self.decisions = decisions
        self.scope = Scope(function.fn)

    def mutants(self) -> Iterator[Mutant]:
        seen: dict[str, int] = {}
        for spot in _spots(self.function.node):
            for fault in faults(spot.node, self.scope, inner=len(spot.way) > 1):
                before, after = _text(spot.node), _text(fault.made)
                if before == after:
                    continue
                name = f"{self.function.key}: {fault.operator}: {before} → {after}"
                seen[name] = seen.get(name, 0) + 1
                yield Mutant(
                    id=name if seen[name] == 1 else f"{name} #{seen[name]}",
                    kind=RULE,
                    home=self.function.file,
                    line=getattr(spot.node, "lineno", self.function.node.lineno),
                    operator=fault.operator,
                    before=before,
                    after=after,
                    owner=self.owner,
                    decisions=self.decisions,
                    alive=partial(_alive, self.function, spot, fault),
                    concerns=Block(self.function.key, spot.block),
                )


def _alive(function: Function, spot: Spot, fault: Fault, rulebook: Rulebook) -> AbstractContextManager[None]:
    """Let a function run with a fault, in every rulebook."""
    del rulebook
    node = copy.deepcopy(function.node)
    owner: Any = node
    for name, index in spot.way[:-1]:
        owner = getattr(owner, name) if index is None else getattr(owner, name)[index]
    name, index = spot.way[-1]
    made = copy.deepcopy(fault.made) if fault.made is not None else ast.Pass()
    if index is None:
        setattr(owner, name, made)
    else:
        getattr(owner, name)[index] = made
    return running({function.fn: function.compiled(node)})


def _spots(function: ast.FunctionDef) -> Iterator[Spot]:
    """Every node that may be wrong: those of the body, docstring and explaining texts left out."""
    first = function.body[0].lineno
    for index, statement in enumerate(function.body):
        words = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not words:
            yield from _within(statement, (("body", index),), first)


def _within(node: ast.AST, way: tuple[tuple[str, int | None], ...], block: int) -> Iterator[Spot]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _WORDS:
        return
    yield Spot(node, way, block)
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            inner = block
            if name in {"body", "orelse"} and value and isinstance(value[0], ast.stmt):
                inner = value[0].lineno
            for index, item in enumerate(value):
                if isinstance(item, ast.AST):
                    yield from _within(item, (*way, (name, index)), inner)
        elif isinstance(value, ast.AST) and not _skipped(node, name):
            yield from _within(value, (*way, (name, None)), block)


def _skipped(node: ast.AST, field: str) -> bool:
    """What is no value: types of annotated assignments, names of functions that are called."""
    return (isinstance(node, ast.AnnAssign) and field == "annotation") or (
        isinstance(node, ast.Call) and field == "func"
    )


def _text(node: ast.AST | None) -> str:
    """A node in one line; of a statement with others within it, its head."""
    if node is None:
        return "—"
    if isinstance(node, ast.comprehension):
        return ast.unparse(node).strip()
    lines = ast.unparse(node).splitlines()
    return lines[0] if len(lines) == 1 or isinstance(node, ast.stmt) else " ".join(line.strip() for line in lines)


def _dated(rule: Rule, owner: str, decisions: tuple[str, ...]) -> Iterator[Mutant]:
    """A rule's first and last day a day earlier and later."""
    for name in ("since", "until"):
        day: date | None = getattr(rule, name)
        for shift in (-DAY, DAY) if day is not None else ():
            assert day is not None
            module = rule.fn.__module__
            yield Mutant(
                id=f"{module}.{rule.fn.__name__}: {name}: {day} → {day + shift}",
                kind=RULE,
                home=module.replace(".", "/") + ".py",
                line=rule.fn.__code__.co_firstlineno,
                operator=name,
                before=f"{rule.name}: {name} = {day}",
                after=f"{day + shift}",
                owner=owner,
                decisions=decisions,
                alive=partial(_redated, rule, _moved(rule, name, day + shift)),
            )


def _moved(rule: Rule, name: str, day: date) -> Rule:
    return attrs.evolve(rule, since=day) if name == "since" else attrs.evolve(rule, until=day)


@contextmanager
def _redated(rule: Rule, other: Rule, rulebook: Rulebook) -> Iterator[None]:
    """Let a rulebook answer as if a rule applied between other days."""
    area = rulebook.area(rule.decision.partition(".")[0])
    decision = area.decision(rule.decision)
    assert decision is not None
    before = decision.rules
    chain = area.chain
    if isinstance(rule, Replacement):
        chain = tuple(
            attrs.evolve(link, enactments=tuple(_replacing(own, rule, other) for own in link.enactments))
            for link in chain
        )
    else:
        decision.rules = tuple(other if own is rule else own for own in before)
    try:
        with rulebook.amended(area.name, chain):
            yield
    finally:
        decision.rules = before


def _replacing(enactment: Any, rule: Rule, other: Rule) -> Any:
    if rule not in enactment.replacements:
        return enactment
    return attrs.evolve(enactment, replacements=tuple(other if own is rule else own for own in enactment.replacements))


def packages_of(rulebook: Rulebook, decisions: Sequence[Decision[Any, Any]]) -> set[str]:
    """Top-level packages of all rules and helpers that decisions run."""
    found: set[str] = set()
    for decision in decisions:
        for own in chain_of(rulebook, decision):
            found.update(function.fn.__module__.partition(".")[0] for function in functions_of(rulebook, own).values())
    return found
