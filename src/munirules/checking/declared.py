"""What holds in one municipality alone, as data beside its cases: `properties.toml` of a plugin's folder.

::

    [[property]]
    decision = "water.supply"
    holds = "multiple_of"
    field = "total"
    unit = 10
    because = "給水条例第30条"

`holds` is one of `munirules.engine.holds`, and what stands beside it are its arguments by name. A figure of a provision
is written `"WaterTariff.round_total"`. Properties that hold everywhere stand in code, beside the decision.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.engine.holds import MAKERS, Property, PropertyError, check_property
from munirules.engine.lines import Lines
from munirules.errors import did_you_mean
from munirules.plugins.folder import PROPERTIES, FolderPlugin

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

_OWN: Final = ("decision", "holds")


@attrs.frozen(kw_only=True)
class LocalProperty:
    """A property that a plugin declares.

    Attributes:
        decision: name of the decision.
        declared: the property.
        where: file and line.
    """

    decision: str
    declared: Property
    where: str


def load_properties(folder: str | Path) -> tuple[LocalProperty, ...]:
    """Read the properties of a plugin's folder; none where it has no such file.

    Args:
        folder: the folder.

    Raises:
        PropertyError: listing every fault with file and line.
    """
    file = Path(folder, PROPERTIES)
    if not file.is_file():
        return ()
    try:
        text = file.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PropertyError(f"{file}: cannot be read: {error}") from None
    lines, found = Lines(text), []
    told = "the file holds [[property]] tables"
    faults = [f"{file}:{lines.of(key)}: unknown key {key!r}; {told}" for key in raw if key != "property"]
    tables = raw.get("property", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise PropertyError(f"{file}:{lines.of('property')}: {told}")
    for index, table in enumerate(tables):
        where = f"{file}:{lines.of('property', index)}"
        try:
            found.append(LocalProperty(decision=_decision(table), declared=_declared(table), where=where))
        except PropertyError as error:
            faults.append(f"{where}: {error}")
    if faults:
        raise PropertyError("\n".join(faults))
    return tuple(found)


def _decision(table: Mapping[str, Any]) -> str:
    name = table.get("decision")
    if not isinstance(name, str):
        raise PropertyError('a property without its decision; write decision = "water.supply"')
    return name


def _declared(table: Mapping[str, Any]) -> Property:
    kind = table.get("holds")
    maker = MAKERS.get(kind) if isinstance(kind, str) else None
    if maker is None:
        raise PropertyError(f"holds = {kind!r}{did_you_mean(f'{kind}', MAKERS)}; one of {', '.join(MAKERS)}")
    wanted = inspect.signature(maker).parameters
    given = {key: value for key, value in table.items() if key not in _OWN}
    for key in given.keys() - wanted.keys():
        raise PropertyError(f"{kind} has no {key!r}{did_you_mean(key, wanted)} (it has {', '.join(wanted)})")
    missing = [name for name, one in wanted.items() if one.default is one.empty and name not in given]
    if missing:
        raise PropertyError(f"{kind} without {', '.join(missing)}")
    return maker(**given)


def properties_of(rulebook: Rulebook, decision: Decision[Any, Any]) -> tuple[Property, ...]:
    """What holds of a decision here: what its author declares, and what the plugins of the chain add.

    Args:
        rulebook: for whom.
        decision: the decision.

    Raises:
        PropertyError: when a plugin's file has faults, or speaks of what the decision does not have.
    """
    found = list(decision.properties)
    for local in _local(rulebook):
        if local.decision == decision.name:
            try:
                check_property(decision, local.declared)
            except PropertyError as error:
                raise PropertyError(f"{local.where}: {error}") from None
            found.append(local.declared)
    return tuple(found)


def _local(rulebook: Rulebook) -> Iterator[LocalProperty]:
    manager = getattr(rulebook.sources, "manager", None)  # law written down in a test has none
    for _, plugin in manager.list_name_plugin() if manager is not None else ():
        if isinstance(plugin, FolderPlugin):
            yield from load_properties(plugin.path)
