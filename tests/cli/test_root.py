"""The command as a whole: lazy, quiet about its own errors, there without click only to say so."""

from __future__ import annotations

import json

import pytest
from click import Command, Context

from munirules.cli.root import COMMANDS, cli


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_imports_and_tells_its_help(run, name: str) -> None:
    assert isinstance(cli.get_command(Context(cli), name), Command)
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")


def test_help_imports_no_command_and_no_engine(process) -> None:
    code = (
        "import sys; from munirules.cli.root import cli; cli.main(['--help'], standalone_mode=False)\n"
        "loaded = [m for m in sys.modules if m.startswith('munirules.')]\n"
        "print(sorted(set(loaded) - {'munirules.cli', 'munirules.cli.root', 'munirules.errors'}))"
    )
    lines = process("-c", code).stdout.splitlines()
    assert lines[-1] == "[]"
    for name, (_, text) in COMMANDS.items():
        assert f"  {name:<7}  {text}" in lines


def test_python_dash_m(process) -> None:
    done = process("-m", "munirules", "list", "--in", "999997", "--json")
    assert done.returncode == 0
    assert "housing.monthly_rent" in {decision["name"] for decision in json.loads(done.stdout)}
    assert process("-m", "munirules", "--version").stdout.startswith("munirules, version ")


def test_an_error_has_no_traceback(process) -> None:
    done = process(
        "-m", "munirules", "decide", "housing.monthly_rent", "--in", "架空町", "--on", "R8.4.1", "--facts", "{}"
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("Error: no jurisdiction is called '架空町'")
    assert "Traceback" not in done.stderr


def test_without_click_it_says_what_to_install(process) -> None:
    done = process("-c", "import sys; sys.modules['click'] = None; from munirules.cli import main; main()")
    assert done.returncode == 2
    assert done.stderr == 'munirules: the command needs click; install it with: pip install "munirules[cli]"\n'


def test_pipes_get_utf8_whatever_the_locale(process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("LC_ALL", "C")
    done = process("-m", "munirules", "show", "housing.monthly_rent", "--in", "999997")
    assert done.returncode == 0
    assert "市営住宅の家賃" in done.stdout


@pytest.mark.parametrize("arguments", [("nothing",), ("decide",), ("new", "nothing"), ("plugins", "--nothing")])
def test_wrong_usage_ends_with_status_2(run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
