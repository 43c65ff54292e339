"""Where one version of a plugin lives while it is compared: a wheel, a project, a folder of data, or a virtual environment."""

from __future__ import annotations

import configparser
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from munirules.checking.target import Target, targets
from munirules.engine.jurisdiction import normalise_code
from munirules.errors import MunirulesError
from munirules.plugins.discovery import GROUP

if TYPE_CHECKING:
    from collections.abc import Iterator


class VersionError(MunirulesError):
    """A version of a plugin that cannot be opened beside another; says what would do."""


@attrs.frozen(kw_only=True)
class Home:
    """Where one version of a plugin lives.

    Attributes:
        label: what to call it.
        python: the interpreter that runs it.
        targets: the plugins that stand in place of the installed ones; none where the interpreter's own do.
    """

    label: str
    python: str = sys.executable
    targets: tuple[Target, ...] = ()


def home_of(path: Path, scratch: Path) -> Home:
    """Prepare a version of a plugin.

    Args:
        path: a wheel, the folder of a project, a folder of data, or that of a virtual environment with the library and
            plugins installed.
        scratch: a folder for what has to be unpacked.

    Raises:
        VersionError: when it is none of them, or a wheel that holds no plugin.
        TargetError: when a folder holds no plugin.
    """
    if path.suffix == ".whl" and path.is_file():
        return _wheel(path, scratch)
    if not path.is_dir():
        raise VersionError(
            f"{path}: neither a date nor a version of a plugin; give a wheel, the folder of a project or of data, "
            "or that of a virtual environment"
        )
    for python in (path / "bin" / "python", path / "Scripts" / "python.exe"):
        if path.joinpath("pyvenv.cfg").is_file() and python.is_file():
            return Home(label=path.name, python=str(python.absolute()))
    found = tuple(targets(str(path)))
    labels = dict.fromkeys(target.label or path.name for target in found)
    return Home(label=", ".join(labels), targets=found)


def _wheel(path: Path, scratch: Path) -> Home:
    """Unpack a wheel, which is all that installing one of pure Python means, apart from scripts, which are not run."""
    root = scratch / path.stem
    try:
        with zipfile.ZipFile(path) as wheel:
            wheel.extractall(root)
    except (OSError, zipfile.BadZipFile) as error:
        raise VersionError(f"{path}: cannot be unpacked: {error}") from None
    found = tuple(_entries(root))
    if not found:
        raise VersionError(f"{path}: holds no plugin; its entry points have no group [{GROUP}]")
    return Home(label=found[0].label, targets=found)


def _entries(root: Path) -> Iterator[Target]:
    """The plugins of an unpacked wheel."""
    for info in root.glob("*.dist-info"):
        entries = configparser.ConfigParser(delimiters="=")
        entries.read_string(_text(info / "entry_points.txt"))
        head = HeaderParser().parsestr(_text(info / "METADATA"))
        label = f"{head['Name']} {head['Version']}"
        for code, value in entries.items(GROUP) if entries.has_section(GROUP) else ():
            module = value.replace(":", ".").replace("/", ".")
            folder = str(root.joinpath(*module.split("."))) if ":" in value else ""
            yield Target(code=normalise_code(code), label=label, folder=folder, module=module, root=str(root))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
