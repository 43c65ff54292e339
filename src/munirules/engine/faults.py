"""What is wrong with an area: data that nobody would read, values out of place, rules that cannot be wired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from munirules.engine.decision import Decision, Rule
from munirules.engine.enactment import EnactmentError
from munirules.engine.jurisdiction import JurisdictionKind
from munirules.engine.provisions import Link
from munirules.engine.steps import Fault, WiringError, twins
from munirules.errors import MunirulesError, did_you_mean

if TYPE_CHECKING:
    from munirules.engine.area import Area


def of_area(
    area: Area, decisions: Sequence[Decision[Any, Any]], classes: Sequence[type], waiting: set[str]
) -> Iterator[str]:
    """Find the faults of an area.

    Args:
        area: the area.
        decisions: its decisions that are to be checked.
        classes: provision classes that are to be checked.
        waiting: names of classes in modules that are not imported yet.
    """
    yield from _unknown(area, waiting)
    yield from _foreign(area)
    for cls in classes:
        try:
            area.library.timeline(cls, area.name, None)
        except EnactmentError as error:
            yield from str(error).splitlines()
        except MunirulesError as error:  # that of another area, whose provision it is
            yield from getattr(error, "faults", (str(error),))
    for decision in decisions:
        yield from _wiring(area, decision)
    yield from map(str, _cycles(area, decisions))


def named(chain: Iterable[Link], *, local: bool = False) -> dict[str, str]:
    """Names of the provisions that enactments set, each with the first place; of bodies below the nation where `local`."""
    found: dict[str, str] = {}
    for link in chain:
        if local and link.jurisdiction.kind == JurisdictionKind.NATION:
            continue
        for enactment in link.enactments:
            for version in enactment.versions:
                for name in (*version.values, *version.unset):
                    if name not in found:
                        found[name] = enactment.where(version, name) if not local else ""
    return found


def replacements(chain: Iterable[Link]) -> Iterator[Rule]:
    """Rules that enactments put in place of shared ones."""
    for link in chain:
        for enactment in link.enactments:
            yield from enactment.replacements


def _unknown(area: Area, waiting: set[str]) -> Iterator[str]:
    """Provisions that data set and nobody would read: unknown ones, those of another area, two of one name."""
    known: dict[str, type] = {}
    homes: dict[str, str] = {}
    for cls in area.classes:
        name, home = cls.__name__, area.library.home(cls, area.name)
        homes.setdefault(name, home)
        if home == area.name and known.setdefault(name, cls) is not cls:
            yield f"provision {name} is declared in {known[name].__module__} and in {cls.__module__}; rename one"
    for link in area.chain:
        for enactment in link.enactments:
            for version in enactment.versions:
                for name in dict.fromkeys((*version.values, *version.unset)):
                    if name in known or (name in waiting and name not in homes):
                        continue
                    where = enactment.where(version, name)
                    if name in homes:
                        yield f"{where}: {name} belongs to area {homes[name]!r}; write it in {homes[name]}.toml"
                    else:
                        near, told = did_you_mean(name, {*known, *waiting}), ", ".join(sorted(known))
                        yield f"{where}: no provision {name!r} in area {area.name!r}{near} (provisions: {told})"


def _foreign(area: Area) -> Iterator[str]:
    """Replacements of rules that the area does not have, so that nobody would ask for them."""
    for rule in replacements(area.chain):
        if rule.decision not in area.names:
            near = did_you_mean(rule.decision, area.names)
            yield f"{rule.where}: replaces a rule of {rule.decision!r}, which is not of area {area.name!r}{near}"


def _wiring(area: Area, decision: Decision[Any, Any]) -> Iterator[str]:
    if not decision.rules:
        yield f"{decision.name}: a decision without rules"
    for rules in (decision.rules, *area.replaced(decision)):
        yield from map(str, twins(rules))
    for day in area.regimes(decision, None).rule_days():
        try:
            area.wiring(decision, day, None)
        except WiringError as error:
            yield from map(str, error.faults)
        except MunirulesError as error:  # that of a decision it rests on, imported just now
            yield from getattr(error, "faults", (str(error),))


def _cycles(area: Area, decisions: Iterable[Decision[Any, Any]]) -> Iterator[Fault]:
    """Decisions that need one another's results, so that none could be decided first."""
    found: set[frozenset[str]] = set()
    for start in decisions:
        paths: list[tuple[Decision[Any, Any], ...]] = [(start,)]
        seen = {start}
        while paths:
            path = paths.pop()
            for rule, other in area.rests_on(path[-1]):
                members = frozenset(decision.name for decision in path)
                if other is start and members not in found:
                    found.add(members)
                    told = " → ".join(decision.name for decision in (*path, start))
                    yield Fault(path[-1].name, rule.name, rule.where, f"a cycle of decisions: {told}")
                if other not in seen:
                    seen.add(other)
                    paths.append((*path, other))
