"""Checks a plugin in a process of its own, and reads what that found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import attrs

from munirules.checking.inspection import EXAMPLES
from munirules.checking.report import Check, Finding, Report

if TYPE_CHECKING:
    from munirules.checking.target import Target

TIMEOUT_SECONDS = 600


def check(target: Target, *, timeout: float = TIMEOUT_SECONDS, examples: int = EXAMPLES) -> Report:
    """Check a plugin; its code runs in another interpreter only.

    Args:
        target: what to check.
        examples: questions that the properties of each decision are tried on; 0 for none.
        timeout: seconds after which the process is ended, and the check has failed.
    """
    with TemporaryDirectory(prefix="munirules-check-") as scratch:
        file = Path(scratch, "report.json")
        command = [sys.executable, "-B", "-P", "-X", "utf8", "-m", "munirules.checking.child"]
        command += [json.dumps(attrs.asdict(target)), str(file), str(examples)]
        try:
            ran = subprocess.run(  # noqa: S603 — this interpreter, and a plugin that is to be run
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired:
            return _died(target, f"the check did not end within {timeout:g} s")
        said = (ran.stdout + ran.stderr).decode("utf-8", "replace").strip()
        if not file.is_file():
            return _died(target, f"the check itself ended with status {ran.returncode}:\n{said}".strip())
        report = Report.of(json.loads(file.read_text(encoding="utf-8")))
    return _printed(report, said) if said else report


def _died(target: Target, message: str) -> Report:
    """The report of a check that did not come to its end."""
    check = Check("process", "the check comes to its end", "", (Finding("error", message),))
    label = target.label or target.place
    return Report(code=target.code, jurisdiction="", plugin=label, place=target.place, checks=(check,))


def _printed(report: Report, said: str) -> Report:
    """Add what the plugin printed, which a library should not."""
    finding = Finding("warning", f"importing or running the plugin printed:\n{said}")
    return attrs.evolve(report, checks=(*report.checks, Check("output", "the plugin prints nothing", "", (finding,))))
