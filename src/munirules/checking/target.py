"""What `munirules check` is to check: an installed plugin, a folder of data, or a project that is not installed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from munirules.checking.folders import code_of
from munirules.engine.jurisdiction import normalise_code
from munirules.errors import MunirulesError, did_you_mean
from munirules.plugins.discovery import GROUP, Installed, PluginError, installed
from munirules.plugins.jurisdictions import find
from munirules.plugins.rulebook import described

if TYPE_CHECKING:
    from collections.abc import Iterator


class TargetError(MunirulesError):
    """Nothing that can be checked goes by that name."""


@attrs.frozen(kw_only=True)
class Target:
    """A plugin to check.

    Attributes:
        code: six-digit code of the jurisdiction.
        label: distribution and version; empty for a folder.
        folder: its folder; empty for a plugin that is a module.
        module: the module, or the prefix of the folder's modules; empty for a folder that belongs to no package.
        root: the entry of `sys.path` that the module is found under; empty where there is none.
    """

    code: str
    label: str = ""
    folder: str = ""
    module: str = ""
    root: str = ""

    @property
    def place(self) -> str:
        """Folder or module, for reading."""
        return self.folder or self.module


def targets(text: str) -> list[Target]:
    """Find what is meant: a folder, a project's folder, a distribution, a code or a name.

    Raises:
        TargetError: when nothing is.
        MunirulesError: when it is there and cannot be read.
    """
    path = Path(text)
    if path.is_dir():
        folder = path.resolve()
        return list(_project(folder)) or [_folder(folder)]
    if path.is_file():
        raise TargetError(f"{text} is a file; give the folder in which it stands")
    found = [plugin for plugin in installed() if text == plugin.distribution]
    return [_installed(plugin) for plugin in found] or [_installed(plugin) for plugin in _of_jurisdiction(text)]


def _of_jurisdiction(text: str) -> list[Installed]:
    codes = {plugin.code for plugin in installed()}
    if text not in codes:
        try:
            code = find(text, described()).code
        except MunirulesError as error:
            near = did_you_mean(text, {plugin.distribution for plugin in installed()})
            raise TargetError(f"{text!r} is no folder and no installed distribution{near}, and {error}") from None
    else:
        code = text
    found = [plugin for plugin in installed() if plugin.code == code]
    if not found:
        raise TargetError(f"no plugin is installed for {text!r} ({code}); `munirules plugins` lists those that are")
    return found


def _installed(plugin: Installed) -> Target:
    if not plugin.is_folder:
        return Target(code=plugin.code, label=plugin.label, module=plugin.module)
    folder = plugin.folder().resolve()
    depth = len(plugin.module.split("."))
    return Target(
        code=plugin.code,
        label=plugin.label,
        folder=str(folder),
        module=plugin.module,
        root=str(folder.parents[depth - 1]),
    )


def _folder(folder: Path) -> Target:
    """A folder of enactments: that of an installed plugin, or a loose one."""
    code = code_of(folder)
    for plugin in installed():
        if plugin.code != code or not plugin.is_folder:
            continue
        try:
            same = plugin.folder().samefile(folder)
        except PluginError:
            continue
        if same:
            return _installed(plugin)
    return Target(code=code, folder=str(folder))


def _project(folder: Path) -> Iterator[Target]:
    """The plugins of a project, by the entry points of its `pyproject.toml`."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return
    try:
        project: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TargetError(f"{file}: {error}") from None
    entries = project.get("entry-points", {}).get(GROUP, {})
    if not entries:
        raise TargetError(f'{file}: no plugin; write [project.entry-points.{GROUP}] with CODE = "package:folder"')
    root = folder / "src" if folder.joinpath("src").is_dir() else folder
    label = f"{project.get('name', folder.name)} {project.get('version', '')}".strip()
    for code, value in entries.items():
        module = value.replace(":", ".").replace("/", ".")
        inner = root.joinpath(*module.split(".")) if ":" in value else None
        if inner is not None and not inner.is_dir():
            raise TargetError(f"{file}: entry point {code} = {value!r}, but there is no folder {inner}")
        yield Target(code=normalise_code(code), label=label, folder=str(inner or ""), module=module, root=str(root))
