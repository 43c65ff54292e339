"""The commands of the pages on the command and on a first plugin print what the pages say."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def commands(page: str) -> list[tuple[str, str]]:
    """Every command of a page with the output that it shows."""
    found = []
    for block in BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
        for part in block.removeprefix("$ ").split("\n$ "):
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def shows(wanted: str, got: str) -> bool:
    """Whether the output is as shown; a line `...` stands for any number of lines, within a line for anything."""
    lines = [re.escape(line).replace(re.escape("..."), ".*") + "\n" for line in wanted.splitlines()]
    return re.fullmatch("".join("(?:.*\n)*?" if line == ".*\n" else line for line in lines), got) is not None


@pytest.mark.parametrize(("command", "output"), commands("importer/command.md"))
def test_the_command(run, monkeypatch: pytest.MonkeyPatch, command: str, output: str) -> None:
    monkeypatch.chdir(ROOT)
    name, *arguments = shlex.split(command)
    assert name == "munirules"
    result = run(*arguments)
    assert result.exit_code == (2 if output.startswith("Error: ") else 0)
    assert shows(output, result.stdout + result.stderr), result.output


def test_a_first_plugin(run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, install) -> None:
    monkeypatch.chdir(tmp_path)
    for command, output in commands("author/first-plugin.md"):
        name, *arguments = shlex.split(command)
        if name == "python":  # what these do is tested by test_new
            if "pip" in arguments:
                install(tmp_path / "munirules-taketomi")
            continue
        result = run(*arguments)
        assert result.exit_code == (1 if "failed: " in output else 0), result.output
        assert shows(output, result.stdout), result.output
