"""`munirules check`: a plugin, as a reviewer would look at it."""

from __future__ import annotations

import click

from munirules.checking.inspection import EXAMPLES
from munirules.checking.process import check as check_target
from munirules.checking.target import targets
from munirules.cli.options import echo_json, heading, json_option

_COLOURS = {"ok": "green", "warn": "yellow", "FAIL": "red"}


@click.command("check")
@click.argument("plugin", metavar="PLUGIN|DIR")
@json_option
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=EXAMPLES,
    show_default=True,
    help="Questions that the properties of each decision are tried on; 0 for none.",
)
@click.pass_context
def check(ctx: click.Context, plugin: str, *, as_json: bool, examples: int) -> None:
    """Check a plugin in a process of its own: an installed one by code, name or distribution, or a folder.

    Checked are: the schema of its files, sources, import time, what importing changes for others, wiring, gaps and
    overlaps of dates, its printed examples, what always holds of its decisions (with munirules[testing]), whether its
    rules can be compiled over columns (with munirules[tables]), and what is marked as unverified. The exit status is 0 where no check failed, else 1.
    """
    reports = [check_target(target, examples=examples) for target in targets(plugin)]
    if as_json:
        passed = all(report.passed for report in reports)
        echo_json({"passed": passed, "plugins": [report.data() for report in reports]})
    else:
        for report in reports:
            first, *rest = report.lines()
            click.echo(heading(first))
            for line in rest:
                click.echo(_coloured(line))
    ctx.exit(0 if all(report.passed for report in reports) else 1)


def _coloured(line: str) -> str:
    mark = line.split(maxsplit=1)[0] if line.strip() else ""
    return line.replace(mark, click.style(mark, fg=_COLOURS[mark]), 1) if mark in _COLOURS else line
