"""A fictional city's plugin stands on the path of every test here, as if it were installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import munirules
from munirules.checking import cases
from munirules.cli.root import cli
from munirules.engine.jurisdiction import Jurisdiction
from munirules.plugins.discovery import installed
from munirules.plugins.jurisdictions import municipalities

FICTION = Path(__file__).parent / "fiction"
SOURCE = Path(munirules.__file__).parents[1]

Run = Callable[..., Result]
Process = Callable[..., "subprocess.CompletedProcess[str]"]
AddPlugin = Callable[..., Path]


@pytest.fixture(autouse=True)
def fiction(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", [str(FICTION), *sys.path])
    installed.cache_clear()
    cases._rulebook.cache_clear()
    yield
    installed.cache_clear()
    cases._rulebook.cache_clear()


@pytest.fixture
def free() -> list[Jurisdiction]:
    """Municipalities for which no plugin is installed here, whatever else is."""
    taken = {plugin.code for plugin in installed()}
    return [body for body in municipalities() if body.code not in taken]


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: str, given: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(cli, arguments, input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def process() -> Process:
    """Run a Python of its own, with the fictional city (and other paths) installed."""

    def start(*arguments: str, path: str = "", given: str = "") -> subprocess.CompletedProcess[str]:
        environment = dict(os.environ)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (path, str(FICTION), str(SOURCE))))
        return subprocess.run(
            [sys.executable, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            input=given,
            env=environment,
            check=False,
        )

    return start


@pytest.fixture
def add_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AddPlugin]:
    """Install one more plugin: its files, under a package of its own; returns where it is installed."""
    site = tmp_path / "site"
    packages = []

    def add(code: str, files: dict[str, str], *, name: str = "munirules-extra", value: str = "") -> Path:
        package = name.replace("-", "_")
        packages.append(package)
        info = site / f"{package}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        entry = f"[munirules]\n{code} = {value or f'{package}:data'}\n"
        (info / "entry_points.txt").write_text(entry, encoding="utf-8")
        for path, text in {f"{package}/__init__.py": "", **files}.items():
            target = site / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        if str(site) not in sys.path:
            monkeypatch.setattr(sys, "path", [str(site), *sys.path])
        installed.cache_clear()
        return site

    yield add
    for module in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[module]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], str]:
    """Do what `pip install -e` does: metadata of a project's distribution, and its `src` on the path."""

    def add(project: Path) -> str:
        data = tomllib.loads(project.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
        source = project / "src"
        info = source / f"{data['name'].replace('-', '_')}-{data['version']}.dist-info"
        info.mkdir()
        head = f"Metadata-Version: 2.4\nName: {data['name']}\nVersion: {data['version']}\n"
        info.joinpath("METADATA").write_text(head, encoding="utf-8")
        entries = [f"{code} = {value}" for code, value in data["entry-points"]["munirules"].items()]
        info.joinpath("entry_points.txt").write_text("\n".join(["[munirules]", *entries, ""]), encoding="utf-8")
        monkeypatch.setattr(sys, "path", [str(source), *sys.path])
        installed.cache_clear()
        return str(source)

    return add
