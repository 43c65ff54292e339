"""`munirules record`: a small set of cases that visits every branch and every figure, with their answers."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from munirules.cli.options import enactments_option

if TYPE_CHECKING:
    from munirules.testing.corpus.everything import Recorded, Wish
    from munirules.testing.corpus.lines import Line
    from munirules.testing.corpus.record import Recording


@click.command("record")
@click.argument("decision", metavar="DECISION", required=False)
@click.option("--all", "every", is_flag=True, help="Every decision, for what the jurisdiction itself says.")
@click.option("--in", "code", required=True, metavar="CODE", help="The jurisdiction, by its code.")
@click.option(
    "--of",
    "owner",
    default="",
    metavar="CODE",
    help="With --all: whose figures and rules are visited; the jurisdiction's own by default.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The corpus; cases that stand in it stay.",
)
@enactments_option
@click.option("--fresh", is_flag=True, help="Forget what stands in it.")
@click.option(
    "--cases",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE|DIR",
    help="Published cases to begin with, beside those of the plugin.",
)
@click.option(
    "--heard",
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE",
    help="Questions that tests ask (pytest -p munirules.testing.corpus.heard --heard FILE).",
)
@click.option("--no-rules", is_flag=True, help="Let faults of rules be; visit branches and figures alone.")
@click.option("--effort", default=1000, show_default=True, metavar="N", help="How long branches are looked for.")
@click.option("--seed", default=0, show_default=True, metavar="N", help="One seed gives one corpus.")
def record(
    *,
    decision: str | None,
    every: bool,
    code: str,
    owner: str,
    enactments: Path | None,
    out: Path | None,
    fresh: bool,
    cases: tuple[Path, ...],
    heard: Path | None,
    no_rules: bool,
    effort: int,
    seed: int,
) -> None:
    """Choose few cases that visit everything, and write them down with their answers.

    Every branch of the decision's rules and helpers is visited where the law in force here leads to it, every figure of
    every version is told from its neighbours, and every small fault of a rule is noticed. What could not be visited is
    told on stderr. The file has one case a line, in an order that stays: read the diff as you would read code, and
    keep the file with the tests. `munirules replay` asks its cases again.
    """
    from munirules.testing.corpus.everything import Scribe, Wish
    from munirules.testing.corpus.heard import heard as read_heard
    from munirules.testing.corpus.lines import Books, cases_in, read_lines, write_lines

    if every == (decision is not None):
        raise click.UsageError("name a DECISION, or write --all")
    standing = read_lines(out) if out is not None and out.exists() and not fresh else []
    scribe = Scribe(
        Books(),
        standing=standing,
        heard=read_heard(heard) if heard is not None else None,
        cases=cases_in(cases),
        tell=_told,
    )
    wish = Wish(
        code=code,
        folder=enactments,
        enactments=_named(enactments, out),
        owner=owner,
        decisions=(decision,) if decision is not None else (),
        rules=not no_rules,
        chain=not every,
        seed=seed,
        effort=effort,
    )
    made = scribe.record(wish)
    kept = [line for line in standing if not _redone(line, made, wish)]
    text = write_lines([*kept, *made.lines])
    if out is not None:
        out.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
    _left(made)


def _named(enactments: Path | None, out: Path | None) -> str:
    """How cases name a folder: from the file that they stand in."""
    if enactments is None:
        return ""
    return os.path.relpath(enactments.resolve(), (out.parent if out is not None else Path()).resolve())


def _redone(line: Line, made: Recorded, wish: Wish) -> bool:
    """Whether a line that stands was up for choice again."""
    return (line.code, line.enactments) == (wish.code, wish.enactments) and line.decision in made.recordings


def _told(name: str, recording: Recording) -> None:
    branches, faults = recording.branches, recording.faults
    told = f"{len(recording.lines)} cases; {branches[1]} of {branches[0]} branches, {faults[1]} of {faults[0]} faults"
    click.echo(f"{name}: {told}", err=True)


def _left(made: Recorded) -> None:
    """Tell what no case visits, and why."""
    sections = {
        "branches that no case visits: the law in force here, or the facts that can be given, never lead there": [
            line for recording in made.recordings.values() for line in recording.unvisited
        ],
        "faults that no case notices: nothing that was tried tells them from the law": list(map(str, made.unnoticed)),
        "faults that could not be asked about: no date of a decision that reaches them is covered here": list(
            map(str, made.unasked)
        ),
        "rules that fail at a valid question": [line for own in made.recordings.values() for line in own.defects],
    }
    for title, lines in sections.items():
        if lines:
            click.echo(f"\n{title}:", err=True)
            for line in lines:
                click.echo(f"  {line}", err=True)
    if any(recording.defects for recording in made.recordings.values()):
        sys.exit(1)
