"""Sessions: `nox` runs what must pass before a change goes in; `nox -s NAME` one of them."""

from __future__ import annotations

import os
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "layers", "tests", "docs"]

PLUGINS = [path.parent for path in sorted(Path("plugins").glob("*/pyproject.toml"))]
PYTHONS = ["3.11", "3.12", "3.13"]


def _install(session: nox.Session, group: str, *, plugins: bool = True) -> None:
    """Install a dependency group and the library, with every plugin where they are needed, all editable."""
    groups = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), group)
    packages = [package for package in groups if not package.startswith("munirules")]
    extras = "[cli,cluster,tables]" if group in ("test", "types") else "[cli]"
    paths = [f".{extras}", *(PLUGINS if plugins else ())]
    session.install(*packages, *(part for path in paths for part in ("--editable", str(path))))


@nox.session
def lint(session: nox.Session) -> None:
    """Formatter and linter."""
    session.install("ruff>=0.14")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Mypy strict over the library, its tests and the plugins."""
    _install(session, "types")
    sources = [str(path / "src") for path in PLUGINS]
    session.env["MYPYPATH"] = os.pathsep.join(["src", *sources])
    session.run("mypy", "src", "tests", *sources)


@nox.session
def layers(session: nox.Session) -> None:
    """Imports point one way."""
    _install(session, "lint", plugins=False)
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """Tests of the core and of every plugin, and the examples in docs."""
    _install(session, "test")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session(python=PYTHONS)
def pythons(session: nox.Session) -> None:
    """The same tests on every supported Python that is on the machine."""
    _install(session, "test")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session
def properties(session: nox.Session) -> None:
    """What always holds of every decision of every plugin: `nox -s properties -- --munirules-examples 200`."""
    _install(session, "test")
    session.run("pytest", "--munirules", "-n", "2", "tests/testing/test_local_properties.py", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into `site/`."""
    _install(session, "docs", plugins=False)
    session.run("zensical", "build", "--clean", "--strict")


@nox.session
def bench(session: nox.Session) -> None:
    """Benchmarks beside their peers; `-- --write` keeps them in `benchmarks/RESULTS.md`, `-- tables …` and so on runs one."""
    session.install(".[cli,tables]", "polars>=1.30", *map(str, PLUGINS))
    commands = {
        "one": ["benchmarks/run.py"],
        "tables": ["-m", "benchmarks.tables.run"],
        "city": ["-m", "benchmarks.city"],
    }
    chosen = [name for name in session.posargs[:1] if name in commands]
    for name in chosen or ["one", "tables"]:
        session.run("python", *commands[name], *session.posargs[len(chosen) :])


@nox.session
def fuzz(session: nox.Session) -> None:
    """Look for texts that upset the calendar: `nox -s fuzz -- EXAMPLES`."""
    _install(session, "test", plugins=False)
    session.run(
        "pytest",
        "tests/calendar/test_properties.py",
        "tests/calendar/test_dates.py",
        "tests/calendar/crosscheck/fuzz_mutants.py",
        env={"MUNIRULES_EXAMPLES": session.posargs[0] if session.posargs else "100000"},
    )


@nox.session
def crosscheck(session: nox.Session) -> None:
    """Compare holidays and eras with other packages, in an environment of their own (holidays needs dateutil < 3)."""
    session.install("pytest", "attrs", "holidays", "jpholiday", "japanera", "jptime")
    session.install("PyICU", success_codes=[0, 1])  # needs ICU's headers; its test is left out without it
    session.run(
        *("python", "-m", "pytest", "-rs"),
        "tests/calendar/crosscheck/check_holidays.py",
        "tests/calendar/crosscheck/check_eras.py",
        env={"PYTHONPATH": "src"},
    )


@nox.session
def postgresql(session: nox.Session) -> None:
    """Queries of a PostgreSQL server that the tests start themselves (Debian: apt-get install postgresql)."""
    _install(session, "test")
    session.install("adbc-driver-postgresql>=1.0")
    session.run("pytest", "tests/tables/postgresql/check_postgresql.py", *session.posargs)


@nox.session
def million(session: nox.Session) -> None:
    """A million bills of an old system audited within a minute."""
    _install(session, "test")
    session.run("pytest", "tests/testing/check_million_bills.py", "--durations=3", *session.posargs)


@nox.session
def bench_calendar(session: nox.Session) -> None:
    """The calendar beside its peers, in one run."""
    session.install(".", "japanera", "jptime", "jpdatetime", "babel")
    session.run("python", "benchmarks/calendar/bench.py", "--check", *session.posargs)
