"""The command `munirules`. Its own libraries (click, rich) come with the extra `munirules[cli]`."""

from __future__ import annotations

import sys
from io import TextIOWrapper

__all__ = ["main"]

_MISSING = 'munirules: the command needs {name}; install it with: pip install "munirules[cli]"'


def main() -> None:
    """Run the command; what a shell or `python -m munirules` starts."""
    _write_utf8()
    try:
        from munirules.cli.root import cli
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print(_MISSING.format(name=error.name), file=sys.stderr)  # noqa: T201 — there is no click to print with
        raise SystemExit(2) from None
    cli(prog_name="munirules")


def _write_utf8() -> None:
    """Write UTF-8 into files and pipes, whatever the locale; a terminal keeps its encoding and fails on no sign."""
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, TextIOWrapper):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")
