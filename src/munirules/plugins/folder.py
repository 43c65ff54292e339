"""A plugin that is a folder: `water.toml` (or `water/*.toml`) holds enactments, `water.py` (or `water/*.py`) rules and decisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.area import LazyModule
from munirules.engine.decision import Decision, Replacement
from munirules.engine.enactment import Enactment, EnactmentError, load
from munirules.engine.jurisdiction import NATION_CODE
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import is_declared
from munirules.plugins.areas import AREAS
from munirules.plugins.delegation import Delegation, Profile, load_profile
from munirules.plugins.discovery import PluginError
from munirules.plugins.hookspecs import AreaItem, hookimpl

if TYPE_CHECKING:
    from munirules.calendar import ClosingDay

_DECISION = re.compile(r"""Decision\(\s*["']([\w.]+)["']""")
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)
PROFILE = "jurisdiction.toml"
CASES = "cases.toml"
SECOND_READING = "second_reading.toml"
PROPERTIES = "properties.toml"


class FolderPlugin:
    """A folder of enactments, as a pluggy plugin.

    Args:
        code: six-digit code of the jurisdiction that it speaks for.
        path: the folder.
        module: dotted prefix of its Python modules; empty for data only.
        label: distribution and version, for provenance.

    Raises:
        PluginError: when a file is named after no area, or code stands in a folder of data only.
    """

    def __init__(self, code: str, path: Path, *, module: str = "", label: str = "") -> None:
        self.code = code
        self.path = path
        self.module = module
        self.label = label
        self._read: dict[str, list[tuple[Path, Enactment]]] = {}
        self._look()
        profile = path / PROFILE
        self.profile = load_profile(profile) if profile.is_file() else Profile()
        described = self.profile.jurisdiction
        if code and described is not None and described.code != code:
            raise PluginError(f"{profile}: describes {described}, but the plugin speaks for {code!r} only")

    def _look(self) -> None:
        """Refuse files that would be passed over in silence."""
        if not self.path.is_dir():
            raise PluginError(f"{self.path}: no such folder")
        for file in sorted(self.path.glob("*.toml")):
            if file.name not in (PROFILE, CASES, PROPERTIES, SECOND_READING) and file.stem not in AREAS:
                raise PluginError(
                    f"{file}: named after no area{did_you_mean(file.stem, AREAS)}; files are AREA.toml ({', '.join(AREAS)}), "
                    f"{PROFILE}, {CASES}, {PROPERTIES} and {SECOND_READING}"
                )
        code = [file for area in self.areas for file in files(self.path, area, ".py")]
        if code and not self.module:
            raise PluginError(f"{code[0]}: a folder of enactments holds data only; code comes with an installed plugin")

    @cached_property
    def areas(self) -> list[str]:
        """Areas that the folder has files for."""
        stems = {entry.name.partition(".")[0] for entry in self.path.iterdir()}
        present = [area for area in AREAS if area in stems]
        return [area for area in present if files(self.path, area, ".toml") or files(self.path, area, ".py")]

    @property
    def is_extra(self) -> bool:
        """Whether the folder is data alone, added to what is installed."""
        return not self.module

    def has_code(self, area: str) -> bool:
        """Whether the folder brings rules for an area."""
        return bool(files(self.path, area, ".py"))

    def contents(self, area: str) -> list[AreaItem]:
        """The enactments of an area, with the replacements of the module beside each, its decisions and provision classes.

        Raises:
            EnactmentError: listing every fault of the files.
            PluginError: when a module cannot be imported.
        """
        paths = files(self.path, area, ".py")
        national = self.code == NATION_CODE
        modules = {} if national else {path.stem: self._import(path) for path in paths}
        lazy = [self._lazy(path) for path in paths] if national else []
        items = [item for module in modules.values() for item in _items(module)]
        replacements = {stem: list(_declared(module, Replacement)) for stem, module in modules.items()}
        enactments = [
            attrs.evolve(own, replacements=tuple(replacements.pop(path.stem))) if replacements.get(path.stem) else own
            for path, own in self.enactments(area)
        ]
        loose = [stem for stem, rules in replacements.items() if rules]
        if loose:
            raise EnactmentError(
                f"{self.path / area}: {loose[0]}.py replaces rules, but no {loose[0]}.toml beside it says by which enactment"
            )
        return [*enactments, *items, *lazy]

    def enactments(self, area: str) -> list[tuple[Path, Enactment]]:
        """The enactments of an area as their files give them; read once.

        Raises:
            EnactmentError: listing every fault of the files.
        """
        if area in self._read:
            return self._read[area]
        found: list[tuple[Path, Enactment]] = []
        faults: list[str] = []
        for path in files(self.path, area, ".toml"):
            try:
                enactment = load(path, plugin=self.label)
            except EnactmentError as error:
                faults.append(str(error))
                continue
            found.append((path, enactment))
            if enactment.jurisdiction != self.code:
                told = f"jurisdiction {enactment.jurisdiction!r}, but the plugin speaks for {self.code!r} only"
                faults.append(f"{path}: {told}")
        if faults:
            raise EnactmentError("\n".join(faults))
        self._read[area] = found
        return found

    def _lazy(self, path: Path) -> LazyModule:
        """A module of the nation: what it declares is read from its text, and it is imported at first use."""
        text = path.read_text(encoding="utf-8")
        return LazyModule(
            name=self._dotted(path),
            decisions=frozenset(_DECISION.findall(text)),
            classes=frozenset(_CLASS.findall(text)),
            load=lambda: _items(self._import(path)),
        )

    def _dotted(self, path: Path) -> str:
        return ".".join((self.module, *path.relative_to(self.path).with_suffix("").parts))

    def _import(self, path: Path) -> ModuleType:
        name = self._dotted(path)
        try:
            return import_module(name)
        except MunirulesError:
            raise
        except (Exception, SystemExit) as error:
            raise PluginError(
                f"plugin {self.code} ({self.label}): {name} cannot be imported: {type(error).__name__}: {error}"
            ) from error

    def area_of(self, module: str) -> str | None:
        """The area that a module of the folder belongs to."""
        if self.module and module.startswith(f"{self.module}."):
            return module[len(self.module) + 1 :].partition(".")[0]
        return None

    @hookimpl
    def munirules_jurisdiction(self) -> Sequence[Delegation]:
        """Delegations of `jurisdiction.toml`."""
        return self.profile.delegations

    @hookimpl
    def munirules_closing_days(self) -> Iterable[ClosingDay]:
        """Closing days of `jurisdiction.toml`."""
        return self.profile.closing_days


def files(folder: Path, area: str, ending: str) -> list[Path]:
    """An area's files in a folder: `AREA.ending`, then `AREA/*.ending`; private modules are nobody's rules."""
    single = folder / f"{area}{ending}"
    inside = sorted(folder.joinpath(area).glob(f"*{ending}"))
    return [path for path in ([single] if single.is_file() else []) + inside if not path.stem.startswith("_")]


def _declared(module: ModuleType, kind: type) -> Iterator[Any]:
    """Objects of a kind that a module declares itself, in the order of their names."""
    for name in sorted(vars(module)):
        value = vars(module)[name]
        if isinstance(value, kind) and _home(value) == module.__name__:
            yield value


def _items(module: ModuleType) -> list[Decision[Any, Any] | type]:
    """Decisions and provision classes that a module declares itself."""
    provisions = [own for own in vars(module).values() if _provision(own, module)]
    return [*_declared(module, Decision), *provisions]


def _provision(value: object, module: ModuleType) -> bool:
    return is_declared(value, "provision") and getattr(value, "__module__", "") == module.__name__


def _home(value: Any) -> str:
    return value.module if isinstance(value, Decision) else str(value.fn.__module__)


def _area_impl(area: str) -> Any:
    def contents(self: FolderPlugin) -> list[AreaItem]:
        return self.contents(area)

    contents.__name__ = f"munirules_{area}"
    contents.__doc__ = f"Contents of the area {area}."
    return hookimpl(contents)


for _area in AREAS:
    setattr(FolderPlugin, f"munirules_{_area}", _area_impl(_area))
