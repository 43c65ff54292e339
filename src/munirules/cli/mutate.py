"""`munirules mutate`: what would be noticed if a figure or a rule were wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

CORPUS: Final = Path("tests/corpus")
"""Where recorded cases stand in a project, and the mutants that need not be noticed beside them."""

EQUIVALENT: Final = "equivalent.toml"


@click.command("mutate")
@click.argument("target", metavar="PLUGIN|DECISION|all")
@click.option(
    "--in",
    "code",
    default="",
    metavar="CODE",
    help="For a decision: the jurisdiction; all that are installed by default.",
)
@click.option(
    "--corpus",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE|DIR",
    help=f"Recorded cases; {CORPUS} where it stands.",
)
@click.option(
    "--cases",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE|DIR",
    help="Published cases beside those of the plugins.",
)
@click.option(
    "--acknowledged",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE",
    help=f"Mutants that need not be noticed; {CORPUS / EQUIVALENT} where it stands.",
)
@click.option("--rules", "only", flag_value="rules", help="Rules alone.")
@click.option("--figures", "only", flag_value="figures", help="Figures alone.")
@click.option(
    "--properties",
    default=12,
    show_default=True,
    metavar="N",
    help="Questions on which properties are tried for each mutant; 0 for none.",
)
@click.option("--jobs", default=1, show_default=True, metavar="N", help="Processes.")
@click.option("--minutes", type=float, metavar="N", help="When to stop; what was not run is told.")
@click.option(
    "--resume",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A journal: what stands in it is not run again.",
)
@click.option("--seed", default=0, show_default=True, metavar="N", help="In which order mutants run.")
@click.option("--form", type=click.Choice(["text", "markdown", "json"]), default="text", help="What is printed.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the report to a file too: *.md, *.json or *.txt.",
)
def mutate(
    *,
    target: str,
    code: str,
    corpus: tuple[Path, ...],
    cases: tuple[Path, ...],
    acknowledged: tuple[Path, ...],
    only: str | None,
    properties: int,
    jobs: int,
    minutes: float | None,
    resume: Path | None,
    seed: int,
    form: str,
    report: Path | None,
) -> None:
    """Change every figure and every rule one by one, and see what notices it.

    A target is a plugin (its code, or the name of its distribution), a decision, or all that is installed; 000000 is the
    nation. Figures become one unit of their last digit more or less, days a day earlier or later, rows are dropped or
    exchanged; in rules `<` becomes `<=`, `and` becomes `or`, floor becomes ceiling, and so on. Each mutant is put to the
    published cases, to properties and to the recorded cases that it can matter for. The exit status is 0 where all that
    count were noticed, else 1.
    """
    from munirules.testing.mutate.session import Order, carried_out

    standing = (CORPUS,) if CORPUS.is_dir() else ()
    known = (CORPUS / EQUIVALENT,) if (CORPUS / EQUIVALENT).is_file() else ()
    order = Order(
        name=target,
        code=code,
        corpus=corpus or standing,
        cases=cases,
        acknowledged=acknowledged or known,
        rules=only != "figures",
        figures=only != "rules",
        properties=properties,
        jobs=jobs,
        minutes=minutes,
        resume=resume,
        seed=seed,
    )
    made = carried_out(order, _progress if sys.stderr.isatty() else None)
    if report is not None:
        forms = {".md": "markdown", ".json": "json"}
        report.write_text(made.rendered(forms.get(report.suffix, "text")), encoding="utf-8")
    click.echo(made.rendered(form), nl=False)
    sys.exit(1 if made.survivors else 0)


def _progress(done: int, of: int) -> None:
    click.echo(f"\r{done:,} of {of:,} mutants", nl=done == of, err=True)
