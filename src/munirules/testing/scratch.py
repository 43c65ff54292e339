"""Rulebooks for a trial: with other plugins in place of the installed ones, with an amendment, or with changed enactments.

None of it touches what is installed, or a rulebook that is open.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.enactment import Enactment, load
from munirules.engine.rulebook import Rulebook, Sources
from munirules.errors import MunirulesError
from munirules.plugins.areas import AREAS
from munirules.plugins.folder import FolderPlugin
from munirules.plugins.jurisdictions import find
from munirules.plugins.rulebook import Chain, described
from munirules.plugins.rulebook import Rulebook as PluginRulebook

if TYPE_CHECKING:
    from munirules.checking.target import Target
    from munirules.engine.area import AreaContent
    from munirules.engine.decision import Decision
    from munirules.engine.jurisdiction import Jurisdiction
    from munirules.engine.outcome import Outcome
    from munirules.engine.provisions import Link

Edit = Callable[[str, "Link"], "Link"]
"""Area and link of a chain to the link that is to stand in its place."""


class AmendmentError(MunirulesError, ValueError):
    """An amendment that nothing in the rulebook would read, or of a body that has no say in it."""


class Pinned(Chain):
    """The chain of a jurisdiction in which given plugins stand in place of whatever is installed for theirs.

    Args:
        place: code or name of the jurisdiction.
        targets: the plugins.
    """

    def __init__(self, place: str, targets: Sequence[Target]) -> None:
        self.pinned = {target.code: (open_target(target), target.label or target.place) for target in targets}
        super().__init__(self._whose(place))

    def plugin(self, code: str) -> tuple[Any, str] | None:
        """The given plugin of a jurisdiction, else the installed one."""
        return self.pinned.get(code) or super().plugin(code)

    def _whose(self, place: str) -> Jurisdiction:
        for opened, _ in self.pinned.values():
            own = opened.profile.jurisdiction if isinstance(opened, FolderPlugin) else None
            if own is not None and place in (own.code, own.code[:5], own.name):
                return own
        return find(place, described())


def open_target(target: Target) -> Any:
    """Open a plugin that need not be installed: its folder, or its module with hook functions."""
    if target.root and target.root not in sys.path:
        sys.path.insert(0, target.root)
    if not target.folder:
        return import_module(target.module)
    folder, module = Path(target.folder), target.module
    if not module:  # a loose folder; its modules, if it has any, are imported under a name of their own
        package = ModuleType(f"munirules_loose_{target.code}")
        package.__path__ = [str(folder)]
        sys.modules[package.__name__] = package
        module = package.__name__
    return FolderPlugin(target.code, folder, module=module, label=target.label or folder.name)


class Altered:
    """The sources of a rulebook with some links of its chain changed.

    Args:
        sources: those of the rulebook as it is.
        edit: changes a link of an area's chain.
    """

    def __init__(self, sources: Sources, edit: Edit) -> None:
        self.sources = sources
        self.edit = edit

    @property
    def jurisdiction(self) -> Jurisdiction:
        """Whose rulebook it is."""
        return self.sources.jurisdiction

    def areas(self) -> Sequence[str]:
        """Names of the areas."""
        return self.sources.areas()

    def area(self, name: str) -> AreaContent:
        """What the chain gives for an area, changed."""
        content = self.sources.area(name)
        return attrs.evolve(content, chain=tuple(self.edit(name, link) for link in content.chain))

    def area_of(self, cls: type) -> str | None:
        """The area whose modules declare a class."""
        return self.sources.area_of(cls)

    def observers(self) -> Sequence[Callable[[Outcome[Any]], object]]:
        """None: a trial is nothing to be noted in a log."""
        return ()


def altered(sources: Sources, change: Callable[[Enactment], Enactment], *more: Enactment, area: str = "") -> Rulebook:
    """A rulebook in which every enactment is changed by a function, and further ones stand in an area.

    Args:
        sources: of the rulebook as it is (`Rulebook.of(…).chain`).
        change: gives the enactment that is to stand in place of one.
        more: enactments that are added to the links of their jurisdictions.
        area: the area that they belong to.
    """

    def edit(name: str, link: Link) -> Link:
        own = tuple(map(change, link.enactments))
        added = [each for each in more if name == area and each.jurisdiction == link.jurisdiction.code]
        return attrs.evolve(link, enactments=(*own, *added))

    return Rulebook(Altered(sources, edit))


def with_amendment(rulebook: PluginRulebook, file: Path, decision: Decision[Any, Any]) -> Rulebook:
    """A rulebook with one more enactment, as if it had been promulgated.

    Args:
        rulebook: as it is.
        file: the enactment (TOML), of the jurisdiction or of any body above it.
        decision: what will be asked; provisions that it rests on tell which area the amendment belongs to.

    Raises:
        EnactmentError: listing what is malformed.
        AmendmentError: when no body of the chain has that code, or nothing here reads what it sets.
        RulebookError: listing what of it does not fit (a field that another enactment owns: write `amends`).
    """
    made = load(file, plugin="amendment")
    area = file.stem if file.stem in AREAS else _home(rulebook, made, decision)
    links = rulebook.area(area).chain
    if made.jurisdiction not in {link.jurisdiction.code for link in links}:
        told = ", ".join(f"{link.jurisdiction.name} ({link.jurisdiction.code})" for link in links)
        raise AmendmentError(f"{file}: jurisdiction {made.jurisdiction} has no say in {area} here; these have: {told}")
    found = altered(rulebook.chain, lambda own: own, made, area=area)
    found.area(area)
    found.decision(decision.name)
    return found


def _home(rulebook: PluginRulebook, made: Enactment, decision: Decision[Any, Any]) -> str:
    """The area of the provisions that an enactment sets."""
    names = {name for version in made.versions for name in (*version.values, *version.unset)}
    for name in dict.fromkeys((decision.area, *AREAS)):
        if name in rulebook.chain.areas():
            area = rulebook.area(name)
            _ = area.decisions
            if names <= {cls.__name__ for cls in area.classes if rulebook.home(cls, name) == name}:
                return name
    raise AmendmentError(f"{made.file}: nothing here reads {', '.join(sorted(names)) or 'what it repeals'}")


def pinned(place: str, targets: Iterable[Target], enactments: Path | None = None) -> PluginRulebook:
    """Open a rulebook with given plugins in place of the installed ones.

    Args:
        place: code or name of the jurisdiction.
        targets: the plugins; none for what is installed.
        enactments: a folder of data to add, as for `Rulebook.of`.
    """
    given = list(targets)
    if not given:
        return PluginRulebook.of(place, enactments=enactments)
    if enactments is not None:
        raise AmendmentError(f"{enactments}: a folder of data is added to what is installed, not to another plugin")
    return PluginRulebook.over(Pinned(place, given))
