"""Sessions: `nox` runs what must pass before a change goes in; `nox -s NAME` one of them."""

from __future__ import annotations

import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "layers", "tests", "docs"]

PLUGINS = [path.parent for path in sorted(Path("plugins").glob("*/pyproject.toml"))]
PYTHONS = ["3.11", "3.12", "3.13"]


def _group(session: nox.Session, name: str) -> None:
    """Install a dependency group, the library and every plugin, all editable."""
    groups = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), name)
    packages = [package for package in groups if not package.startswith("munirules")]
    editable = [part for path in (".[cli]", *PLUGINS) for part in ("--editable", str(path))]
    session.install(*packages, *editable)


@nox.session
def lint(session: nox.Session) -> None:
    """Formatter and linter."""
    session.install("ruff>=0.14")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Mypy strict over the library, its tests and the plugins."""
    _group(session, "types")
    session.run("mypy")


@nox.session
def layers(session: nox.Session) -> None:
    """Imports point one way."""
    _group(session, "lint")
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """Tests of the core and of every plugin, and the examples in docs."""
    _group(session, "test")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session(python=PYTHONS)
def pythons(session: nox.Session) -> None:
    """The same tests on every supported Python that is on the machine."""
    _group(session, "test")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into `site/`."""
    _group(session, "docs")
    session.run("zensical", "build", "--clean", "--strict")


@nox.session
def bench(session: nox.Session) -> None:
    """Benchmarks beside their peers, into `benchmarks/RESULTS.md`."""
    session.install(".[cli]", *map(str, PLUGINS))
    session.run(sys.executable if session.virtualenv is None else "python", "benchmarks/run.py", *session.posargs)
