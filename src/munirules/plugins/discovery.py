"""Which plugins are installed: read from entry points, importing none of them.

A plugin's entry point stands in the group `munirules`; its name is a six-digit code, its value `package:folder` (a folder
of data) or `package.module` (a module with hook functions).
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import attrs

from munirules.errors import MunirulesError

GROUP: Final = "munirules"
_HEADER = re.compile(r"^(Name|Version): *(.+)$", re.MULTILINE)


class PluginError(MunirulesError):
    """A plugin that cannot be found, imported or read; names the plugin."""


@attrs.frozen(kw_only=True)
class Installed:
    """An installed plugin, not opened.

    Attributes:
        code: six-digit code of its jurisdiction; `000000` is the nation's.
        value: the entry point's value.
        distribution: name of the distribution.
        version: its version.
    """

    code: str
    value: str
    distribution: str
    version: str

    @property
    def label(self) -> str:
        """Distribution and version, as provenance prints them."""
        return f"{self.distribution} {self.version}".strip()

    @property
    def module(self) -> str:
        """The module, or the prefix of a folder's modules."""
        return self.value.replace(":", ".").replace("/", ".")

    @property
    def is_folder(self) -> bool:
        """Whether the plugin is a folder of data."""
        return ":" in self.value

    def folder(self) -> Path:
        """The folder of a data plugin, found without importing its package.

        Raises:
            PluginError: when package or folder is not there.
        """
        package, _, inner = self.value.partition(":")
        top, *rest = package.split(".")
        tail = os.path.join(top, *rest, *inner.replace(".", "/").split("/"))  # noqa: PTH118 — 1,741 of them
        for entry in sys.path:
            if os.path.isdir(os.path.join(entry, tail)):  # noqa: PTH112, PTH118 — ten times as fast as a search for a spec
                return Path(entry, tail)
        try:
            spec = find_spec(top)
        except (ImportError, ValueError) as error:
            raise PluginError(f"plugin {self.code} ({self.label}): {self.value!r}: {error}") from None
        for root in (spec.submodule_search_locations or ()) if spec else ():
            path = Path(root).joinpath(*rest, *inner.replace(".", "/").split("/"))
            if path.is_dir():
                return path
        raise PluginError(
            f"plugin {self.code} ({self.label}): no folder {self.value!r}; an entry point is CODE = 'package:folder'"
        )


@lru_cache(maxsize=1)
def installed() -> tuple[Installed, ...]:
    """Every installed plugin, in order of code, then distribution. Read once per process."""
    return tuple(sorted(_read(metadata.distributions()), key=lambda p: (p.code, p.distribution)))


def _read(distributions: Iterable[metadata.Distribution]) -> Iterable[Installed]:
    seen: set[tuple[str, str, str]] = set()
    for distribution in distributions:
        text = _text(distribution, "entry_points.txt")
        if f"[{GROUP}]" not in text:
            continue
        head = dict(_HEADER.findall(_text(distribution, "METADATA").partition("\n\n")[0]))
        section = ""
        for raw in text.splitlines():
            line = raw.strip()
            if line.startswith("["):
                section = line.strip("[]")
            elif section == GROUP and "=" in line and not line.startswith(("#", ";")):
                name, _, value = line.partition("=")
                key = (name.strip(), value.strip(), head.get("Name", ""))
                if key not in seen:  # a path that stands twice in sys.path
                    seen.add(key)
                    yield Installed(code=key[0], value=key[1], distribution=key[2], version=head.get("Version", ""))


def _text(distribution: metadata.Distribution, name: str) -> str:
    """A file of a distribution's metadata; one that is missing or is no text says nothing, and stops nobody else."""
    try:
        return distribution.read_text(name) or ""
    except UnicodeDecodeError:
        return ""


def plugin_of(code: str) -> Installed | None:
    """The installed plugin of a jurisdiction; None where there is none.

    Raises:
        PluginError: when two distributions speak for one jurisdiction.
    """
    found = [plugin for plugin in installed() if plugin.code == code]
    if len(found) > 1:
        told = " and ".join(f"{plugin.label} ({plugin.value})" for plugin in found)
        raise PluginError(f"conflict: {code} has several plugins: {told}; uninstall all but one")
    return found[0] if found else None
