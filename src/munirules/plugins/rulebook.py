"""`Rulebook.of`: from a name or code to the rulebook of a jurisdiction, with the plugins installed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

from munirules.engine.area import AreaContent, LazyModule
from munirules.engine.decision import Decision
from munirules.engine.enactment import Enactment
from munirules.engine.jurisdiction import NATION_CODE, Jurisdiction, JurisdictionKind
from munirules.engine.outcome import Outcome
from munirules.engine.provisions import Link
from munirules.engine.rulebook import Rulebook as EngineRulebook
from munirules.errors import MunirulesError
from munirules.models.declare import is_declared
from munirules.plugins.areas import AREAS
from munirules.plugins.delegation import Delegation, load_profile
from munirules.plugins.discovery import Installed, PluginError, installed, plugin_of
from munirules.plugins.folder import PROFILE, FolderPlugin
from munirules.plugins.hookspecs import PROJECT, AreaHooks, Hooks
from munirules.plugins.jurisdictions import UnknownJurisdiction, by_code, find
from munirules.plugins.jurisdictions.table import rows

if TYPE_CHECKING:
    from munirules.calendar import ClosingDays, EraTable


class Rulebook(EngineRulebook):
    """All that is in force for one jurisdiction; `Rulebook.of("岐阜市")` opens it.

    Attributes:
        chain: the plugins of its jurisdiction, unions, prefecture and nation.
    """

    chain: Chain

    @classmethod
    def of(cls, jurisdiction: str | Jurisdiction, *, enactments: str | Path | None = None) -> Rulebook:
        """Open the rulebook of a jurisdiction.

        The jurisdiction's own files are read at once, and rules of its own and the folder of `enactments` are checked
        wholly. What else the chain says is checked when an area, or a module of the nation, is first used, before its
        first answer; `check()` does all of it at once.

        Args:
            jurisdiction: a five- or six-digit code, a name (岐阜市, 岐阜県岐阜市, "Gifu"), or an unambiguous prefix.
            enactments: a folder of data (`water.toml` …) to add for it, as a plugin would.

        Raises:
            UnknownJurisdiction: with a did-you-mean.
            AmbiguousJurisdiction: listing those that share the name.
            PluginError: naming a plugin that cannot be opened.
            EnactmentError: listing what of the jurisdiction's own data is malformed.
            RulebookError: listing every fault of a plugin's own rules and of the folder's data.
        """
        extra = FolderPlugin("", Path(enactments)) if enactments is not None else None
        if isinstance(jurisdiction, str):
            own = extra.profile.jurisdiction if extra is not None else None
            jurisdiction = _find(jurisdiction, own)
        elif not isinstance(jurisdiction, Jurisdiction):
            raise UnknownJurisdiction(f"{jurisdiction!r} is no text; write a code, as '212016', or a name, as '岐阜市'")
        if extra is not None:
            extra.code = jurisdiction.code
        return cls.over(Chain(jurisdiction, extra))

    @classmethod
    def over(cls, sources: Chain) -> Rulebook:
        """Open the rulebook of a chain of plugins, as `of` does with the one that is installed."""
        made = cls(sources)
        made.chain = sources
        sources.read_own()
        for area in sources.local_areas():
            made.area(area)
        return made

    def closing_days(self) -> ClosingDays:
        """The closing days of the jurisdiction: those of nearly every ordinance, with its own beside them."""
        from munirules.calendar import STANDARD

        own = self.chain.answers("munirules_closing_days", own=True)
        return STANDARD.with_days(*own)

    def eras(self) -> EraTable:
        """The eras, with those that plugins of the chain add.

        Raises:
            EraTableError: when one collides with another, naming both.
        """
        from munirules.calendar import era_table

        return era_table().with_eras(self.chain.answers("munirules_eras"), origin="munirules_eras")


def _find(text: str, own: Jurisdiction | None) -> Jurisdiction:
    if own is not None and text in (own.code, own.code[:5], own.name, own.kana, own.romaji):
        return own
    own_plugins = [p for p in installed() if p.is_folder and p.code == text]
    if own_plugins:
        profile = _open(own_plugins[0])
        if isinstance(profile, FolderPlugin) and profile.profile.jurisdiction is not None:
            return profile.profile.jurisdiction
    return find(text, described())


def described() -> Iterator[Jurisdiction]:
    """Jurisdictions that plugins describe, since no national table lists them: unions; one that cannot be read is none."""
    for plugin in installed():
        if plugin.is_folder and plugin.code not in rows() and plugin.code != NATION_CODE:
            with suppress(MunirulesError):
                body = load_profile(plugin.folder() / PROFILE).jurisdiction
                if body is not None:
                    yield body


def _open(plugin: Installed) -> Any:
    """Open a plugin: a folder's data, or a module with hook functions.

    Raises:
        PluginError: naming the plugin.
    """
    if plugin.is_folder:
        return FolderPlugin(plugin.code, plugin.folder(), module=plugin.module, label=plugin.label)
    try:
        return import_module(plugin.module)
    except (Exception, SystemExit) as error:
        raise PluginError(
            f"plugin {plugin.code} ({plugin.label}) cannot be imported: {type(error).__name__}: {error}"
        ) from error


class _Manager(pluggy.PluginManager):
    """No hook has a name in double underscores, as half of an object's names are; pluggy takes long to look at each."""

    def parse_hookimpl_opts(self, plugin: Any, name: str) -> pluggy.HookimplOpts | None:
        return None if name.startswith("__") else super().parse_hookimpl_opts(plugin, name)


class Chain:
    """The plugins of a jurisdiction's chain under one plugin manager: the sources of a rulebook."""

    def __init__(self, jurisdiction: Jurisdiction, extra: FolderPlugin | None = None) -> None:
        self.jurisdiction = jurisdiction
        self.manager = _Manager(PROJECT)
        self.manager.add_hookspecs(Hooks)
        self.manager.add_hookspecs(AreaHooks)
        self._owners: dict[str, Jurisdiction] = {}
        self._labels: dict[str, str] = {}
        self._own: list[FolderPlugin] = []
        self._register(by_code(NATION_CODE))
        if jurisdiction.prefecture is not None and jurisdiction.prefecture_name:  # a fictional one has none of ours
            self._register(by_code(jurisdiction.prefecture))
        if jurisdiction.code != NATION_CODE:
            self._register(jurisdiction, own=True)
        if extra is not None:
            self._add(extra, f"{extra.path}", jurisdiction, str(extra.path))
            self._own.append(extra)
        self.delegations = self._delegations()
        for delegation in self.delegations:
            self._register_union(delegation)

    def plugin(self, code: str) -> tuple[Any, str] | None:
        """The plugin of a jurisdiction, opened, and its distribution and version; None where there is none."""
        found = plugin_of(code)
        return None if found is None else (_open(found), found.label)

    def _register(self, jurisdiction: Jurisdiction, *, own: bool = False) -> None:
        found = self.plugin(jurisdiction.code)
        if found is None:
            return
        opened, label = found
        self._add(opened, jurisdiction.code, jurisdiction, label)
        if own and isinstance(opened, FolderPlugin):
            self._own.append(opened)

    def _add(self, opened: Any, name: str, jurisdiction: Jurisdiction, label: str) -> None:
        try:
            self.manager.register(opened, name=name)
            self.manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            raise PluginError(f"plugin {name} ({label}): {error}") from error
        self._owners[name] = jurisdiction
        self._labels[name] = label

    def answers(self, hook: str, *, own: bool = False) -> list[Any]:
        """What the plugins answer to a hook, one after the other; only the jurisdiction's own where `own`."""
        return [
            item
            for name, given in self._ask(hook)
            if not own or self._owners[name].code == self.jurisdiction.code
            for item in given
        ]

    def _delegations(self) -> tuple[Delegation, ...]:
        found: list[Delegation] = []
        for name, given in self._ask("munirules_jurisdiction"):
            if self._owners[name].code == self.jurisdiction.code:
                found.extend(given)
        return tuple(found)

    def _register_union(self, delegation: Delegation) -> None:
        found = self.plugin(delegation.to)
        if found is None:
            raise PluginError(
                f"{self.jurisdiction.name} delegates {delegation.area} to {delegation.to}, whose plugin is not installed"
            )
        if delegation.to in self._owners:
            return
        opened, label = found
        profile = opened.profile.jurisdiction if isinstance(opened, FolderPlugin) else None
        if profile is None:
            raise PluginError(f"plugin {delegation.to} ({label}): jurisdiction.toml does not describe the union")
        self._add(opened, delegation.to, profile, label)

    def _ask(self, hook: str, **arguments: Any) -> list[tuple[str, Any]]:
        """Call a hook's implementations one by one, so that each answer keeps its plugin."""
        caller = getattr(self.manager.hook, hook)
        found = []
        for impl in caller.get_hookimpls():
            try:
                found.append((impl.plugin_name, list(impl.function(**arguments))))
            except MunirulesError:
                raise
            except Exception as error:
                label = self._labels[impl.plugin_name]
                raise PluginError(
                    f"plugin {impl.plugin_name} ({label}): {hook}: {type(error).__name__}: {error}"
                ) from error
        return found

    def folders(self) -> list[Path]:
        """The folders that speak for the jurisdiction itself."""
        return [plugin.path for plugin in self._own]

    # What a rulebook asks.

    def areas(self) -> Sequence[str]:
        """Areas that some plugin of the chain has."""
        folders = [p for _, p in self.manager.list_name_plugin() if isinstance(p, FolderPlugin)]
        modules = [p for _, p in self.manager.list_name_plugin() if not isinstance(p, FolderPlugin)]
        return [
            area
            for area in AREAS
            if any(area in folder.areas for folder in folders) or any(hasattr(m, f"munirules_{area}") for m in modules)
        ]

    def read_own(self) -> None:
        """Read the jurisdiction's own enactments, so that what is malformed is told at once.

        Raises:
            EnactmentError: listing every fault of the files of an area.
        """
        for plugin in self._own:
            for area in plugin.areas:
                plugin.enactments(area)

    def local_areas(self) -> list[str]:
        """Areas opened at once: those for which the jurisdiction brings rules of its own, or the added folder speaks."""
        own = {area for plugin in self._own for area in plugin.areas if plugin.is_extra or plugin.has_code(area)}
        return [area for area in AREAS if area in own]

    def area(self, name: str) -> AreaContent:
        """Ask the area's hook and put the answers in the order of the chain."""
        enactments: dict[str, list[Enactment]] = {}
        decisions: list[Decision[Any, Any]] = []
        provisions: list[type] = []
        modules: list[LazyModule] = []
        for plugin, given in self._ask(f"munirules_{name}"):
            for item in given if isinstance(given, Iterable) else (given,):
                if isinstance(item, Decision):
                    decisions.append(item)
                elif isinstance(item, Enactment):
                    self._local(plugin, item)
                    enactments.setdefault(self._owners[plugin].code, []).append(item)
                elif isinstance(item, LazyModule):
                    modules.append(item)
                elif is_declared(item, "provision"):
                    provisions.append(item)
                else:
                    raise PluginError(
                        f"plugin {plugin} ({self._labels[plugin]}): munirules_{name} returned {item!r}; "
                        "it returns enactments, decisions and provision classes"
                    )
        return AreaContent(
            chain=self._links(name, enactments),
            decisions=tuple(decisions),
            provisions=tuple(provisions),
            modules=tuple(modules),
        )

    def _local(self, plugin: str, enactment: Enactment) -> None:
        """A plugin speaks for its own jurisdiction only."""
        own = self._owners[plugin].code
        if enactment.jurisdiction != own:
            raise PluginError(
                f"plugin {plugin} ({self._labels[plugin]}): {enactment.title} is of {enactment.jurisdiction}, "
                f"but the plugin speaks for {own} only"
            )

    def _links(self, area: str, enactments: dict[str, list[Enactment]]) -> tuple[Link, ...]:
        def link(jurisdiction: Jurisdiction, since: date | None = None, until: date | None = None) -> Link:
            own = sorted(enactments.get(jurisdiction.code, ()), key=lambda e: (e.title, e.file))
            return Link(jurisdiction=jurisdiction, enactments=tuple(own), since=since, until=until)

        links = [link(self.jurisdiction)]
        links.extend(link(self._owners[d.to], d.since, d.until) for d in self.delegations if d.area == area)
        others = [owner for owner in dict.fromkeys(self._owners.values()) if owner.code != self.jurisdiction.code]
        for kind in (JurisdictionKind.PREFECTURE, JurisdictionKind.NATION):
            links.extend(link(owner) for owner in others if owner.kind == kind)
        return tuple(links)

    def area_of(self, cls: type) -> str | None:
        """The area whose modules declare a class."""
        for _, plugin in self.manager.list_name_plugin():
            area = plugin.area_of(cls.__module__) if isinstance(plugin, FolderPlugin) else None
            if area is not None:
                return area
        return None

    def observers(self) -> Sequence[Callable[[Outcome[Any]], object]]:
        """Implementations of `munirules_decided`."""
        return [self._observer(impl) for impl in self.manager.hook.munirules_decided.get_hookimpls()]

    def _observer(self, impl: pluggy.HookImpl) -> Callable[[Outcome[Any]], object]:
        """An implementation of `munirules_decided`; where it fails, the error names its plugin."""

        def observe(outcome: Outcome[Any]) -> object:
            try:
                return impl.function(*([outcome] if impl.argnames else []))
            except Exception as error:
                told = f"plugin {impl.plugin_name} ({self._labels[impl.plugin_name]}): munirules_decided"
                raise PluginError(f"{told}: {type(error).__name__}: {error}") from error

        return observe
