"""The page on whole files: its files, its commands, and what they print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.cli.test_docs import ROOT, commands, shows

from munirules.cli.batch import SET_ASIDE

PAGE = "importer/batch.md"
FILES = re.compile(r"`([\w.]+)`:\n\n```\w+\n(.*?)```", re.DOTALL)


def test_the_page_does_what_it_shows(run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    files = FILES.findall((ROOT / "docs" / PAGE).read_text(encoding="utf-8"))
    assert [name for name, _ in files] == [
        "bills.csv",
        "old.csv",
        "old.toml",
        "households.csv",
        "members.csv",
        "holders.csv",
    ]
    for name, content in files:
        Path(name).write_text(content, encoding="utf-8")
    told = commands(PAGE)
    assert len(told) == 7
    for command, output in told:
        name, *arguments = shlex.split(command)
        if name == "cat":
            assert Path(arguments[0]).read_text(encoding="utf-8").splitlines() == output.splitlines()
            continue
        result = run(*arguments)
        assert result.exit_code == (2 if output.startswith("Error: ") else SET_ASIDE)
        assert shows(output, result.stdout + result.stderr), result.stderr
