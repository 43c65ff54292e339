"""Distributions that exist for one test: written to a folder that stands on `sys.path`, found as installed ones are."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from textwrap import dedent

import pytest

from munirules.plugins import discovery

_find = metadata.distributions


class Site:
    """A folder like site-packages, and the only one in which plugins are looked for.

    Attributes:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.packages: set[str] = set()

    def add(
        self, name: str, plugins: Mapping[str, str], files: Mapping[str, str] | None = None, *, version: str = "1.0"
    ) -> None:
        """Install a distribution: its entry points, code to value, and its files, path to text."""
        info = self.path / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: no\n", "utf-8"
        )
        points = "".join(f"{code} = {value}\n" for code, value in plugins.items())
        (info / "entry_points.txt").write_text(f"[console_scripts]\nx = y:z\n\n[munirules]\n{points}", "utf-8")
        for path, text in (files or {}).items():
            file = self.path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
            self.packages.add(path.partition("/")[0].removesuffix(".py"))
        discovery.installed.cache_clear()
        importlib.invalidate_caches()

    def imported(self) -> set[str]:
        """Modules of the installed packages that have been imported."""
        return {name for name in sys.modules if name.partition(".")[0] in self.packages}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """No plugin is installed but those that the test adds; the nation's own is not there either."""
    own = Site(tmp_path / "site")
    own.path.mkdir()
    monkeypatch.syspath_prepend(str(own.path))
    monkeypatch.setattr(metadata, "distributions", lambda: _find(path=[str(own.path)]))
    discovery.installed.cache_clear()
    yield own
    for name in own.imported():
        del sys.modules[name]
    discovery.installed.cache_clear()
