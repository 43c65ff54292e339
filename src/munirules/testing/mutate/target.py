"""What is mutated: the rules and figures of a decision, of a plugin, or of everything installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.jurisdiction import NATION_CODE
from munirules.errors import MunirulesError, did_you_mean
from munirules.plugins.discovery import Installed, installed
from munirules.testing.corpus.lines import Books
from munirules.testing.faults.code import code_mutants
from munirules.testing.faults.data import data_mutants
from munirules.testing.functions import functions_of
from munirules.testing.mutate.run import Task

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

ALL = "all"


class TargetError(MunirulesError, LookupError):
    """What is to be mutated is neither a plugin nor a decision."""


@attrs.frozen(kw_only=True)
class Target:
    """What is mutated.

    Attributes:
        codes: jurisdictions in whose rulebooks it is looked for.
        decision: name of the decision; empty for all.
        chain: whether what the chain above a jurisdiction says is mutated too.
    """

    codes: tuple[str, ...]
    decision: str = ""
    chain: bool = False


def target_of(name: str, code: str = "") -> Target:
    """Find what a name means.

    Args:
        name: a decision's name, a plugin's code or distribution, or `all`.
        code: for a decision, in whose rulebook; all that are installed where it is empty.

    Raises:
        TargetError: with a did-you-mean.
    """
    plugins = [plugin for plugin in installed() if plugin.is_folder]
    codes = tuple(dict.fromkeys(plugin.code for plugin in plugins))
    if name == ALL:
        return Target(codes=codes)
    own = tuple(plugin.code for plugin in plugins if name in (plugin.code, plugin.code[:5], plugin.distribution))
    if own:
        return Target(codes=own)
    if "." in name:
        return Target(codes=(code,) if code else codes, decision=name, chain=True)
    known = sorted({*codes, *(plugin.distribution for plugin in plugins), ALL})
    raise TargetError(
        f"no plugin or decision {name!r}{did_you_mean(name, known)}; write a code, a distribution or AREA.BUSINESS"
    )


def tasks_of(target: Target, books: Books, *, rules: bool = True, figures: bool = True) -> list[Task]:
    """Every mutant of a target, each once.

    Args:
        target: what is mutated.
        books: where rulebooks come from.
        rules: whether rules are.
        figures: whether figures are.
    """
    found: dict[str, Task] = {}
    for code in target.codes:
        rulebook = books.at(code)
        decisions = _decisions(rulebook, target)
        owners = _owners(rulebook, decisions, target) if target.chain else [code]
        if rules:
            for owner, package in _packages(rulebook, decisions, owners):
                for mutant in code_mutants(rulebook, decisions, owner, package):
                    found.setdefault(mutant.id, Task(mutant, rulebook))
        for owner in owners if figures else ():
            for mutant in data_mutants(rulebook, decisions, owner):
                found.setdefault(mutant.id, Task(mutant, rulebook))
    return list(found.values())


def _decisions(rulebook: Rulebook, target: Target) -> list[Decision[Any, Any]]:
    """The decisions of a target that a rulebook has."""
    if not target.decision:
        return list(rulebook.decisions())
    try:
        return [rulebook.decision(target.decision)]
    except MunirulesError:
        if len(target.codes) == 1:
            raise
        return []


def _owners(rulebook: Rulebook, decisions: Sequence[Decision[Any, Any]], target: Target) -> list[str]:
    """The bodies whose texts are mutated: the jurisdiction, and those above it."""
    del target
    links = [link for decision in decisions for link in rulebook.area(decision.area).chain]
    return list(dict.fromkeys([rulebook.jurisdiction.code, *(link.jurisdiction.code for link in links), NATION_CODE]))


def _packages(
    rulebook: Rulebook, decisions: Sequence[Decision[Any, Any]], owners: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Prefixes of the modules of rules, with whose they are."""
    modules = {own.fn.__module__ for decision in decisions for own in functions_of(rulebook, decision).values()}
    by_code = {plugin.code: plugin for plugin in installed() if plugin.is_folder}
    for code in owners:
        prefix = _prefix(by_code.get(code))
        if prefix and any(module.startswith(prefix) for module in modules):
            yield code, prefix


def _prefix(plugin: Installed | None) -> str:
    return f"{plugin.module}." if plugin is not None else ""


def plugin_folders(codes: Iterable[str]) -> Iterator[Path]:
    """The folders of plugins, whose cases are asked."""
    for plugin in installed():
        if plugin.is_folder and plugin.code in codes:
            yield plugin.folder()
