"""`munirules batch`: a whole file decided, row by row, into another file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from munirules.cli.options import (
    code_option,
    day_or_column,
    enactments_option,
    key_option,
    known_option,
    open_rulebook,
    table_option,
)
from munirules.engine.jurisdiction import NATION_CODE
from munirules.errors import MissingExtra

if TYPE_CHECKING:
    from munirules.tables.files.run import Progress
    from munirules.tables.files.summary import Summary

SET_ASIDE: Final = 3
"""Exit status when rows were set aside."""
INTERRUPTED: Final = 130


@click.command("batch")
@click.argument("decision", metavar="DECISION")
@click.argument("input_", metavar="INPUT")
@click.argument("output", metavar="OUTPUT", type=click.Path(path_type=Path))
@click.option("--in", "place", metavar="CODE|NAME", help="The jurisdiction; may be left out with --code.")
@click.option("--on", "moment", metavar="DATE|COLUMN", help="The decision's date, or the column in which it stands.")
@known_option
@enactments_option
@code_option
@table_option
@click.option("--members", metavar="FILE", help="The same as --table members=FILE.")
@key_option
@click.option("--keep", metavar="COLUMN", multiple=True, help='Put beside the result as it is; "*" for all others.')
@click.option("--drop", metavar="COLUMN", multiple=True, help='Pass over; "*" for all others.')
@click.option(
    "--map",
    "map_",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="From the headers, eras and codes of a legacy layout to fields (TOML).",
)
@click.option("--rejects", metavar="FILE", type=click.Path(path_type=Path), help="Write what is set aside, and why.")
@click.option("--explain-column", "explain", is_flag=True, help="Add a column with each row's explanation.")
@click.option(
    "--locale", type=click.Choice(["ja", "en"]), default="ja", show_default=True, help="Language of explanations."
)
@click.option("--encoding", metavar="NAME", help="Encoding of a CSV input: utf-8, cp932 …; found out where left out.")
@click.option("--delimiter", metavar="CHARACTER", help="What stands between the values of a CSV input.")
@click.option("--sheet", metavar="NAME", help="Sheet of an Excel input; the first where left out.")
@click.option("--query", metavar="SQL", help="The query, where INPUT is duckdb:FILE or postgresql://….")
@click.option(
    "--output-encoding",
    default="utf-8",
    show_default=True,
    metavar="NAME",
    help="Of CSV outputs: utf-8, utf-8-sig (with BOM), cp932.",
)
@click.option("--sort", is_flag=True, help="Sort the files by key first, on disk.")
@click.option("--resume", is_flag=True, help="Go on with a run that was killed.")
@click.option("--threads", type=click.IntRange(min=0), default=0, metavar="NUMBER", help="Parts at a time.")
@click.option("--quiet", is_flag=True, help="Print no summary and no progress.")
def batch(
    *,
    decision: str,
    input_: str,
    output: Path,
    place: str | None,
    known: date | None,
    enactments: Path | None,
    moment: str | None,
    tables: dict[str, str],
    members: str | None,
    explain: bool,
    locale: str,
    map_: Path | None,
    encoding: str | None,
    delimiter: str | None,
    sheet: str | None,
    output_encoding: str,
    quiet: bool,
    **given: Any,
) -> None:
    """Decide every row of a file, as `munirules batch water.supply bills.csv out.csv --in 白川町 --on 2026-06-10`.

    INPUT and OUTPUT are .csv, .tsv, .parquet or .xlsx; INPUT may also be duckdb:FILE or postgresql://user@host/database,
    with --query. Columns are named like fields (`munirules show DECISION` lists them), those of facts `Income.amount`, or
    as a map says.

    Exit status: 0 every row has its answer, 3 some were set aside (--rejects writes them), 2 bad input, nothing written.
    """
    try:
        from munirules.tables.files import run as running
        from munirules.tables.files.inputs import Order
        from munirules.tables.files.mapping import FileForm, read_map
    except ImportError as error:
        raise MissingExtra("munirules batch", "tables", error) from error
    if members is not None:
        if "members" in tables:
            raise click.UsageError("--members and --table members=… are the same; write one of them")
        tables = {**tables, "members": members}
    mapped = None if map_ is None else read_map(map_)
    if place is None and given["code"] is None and (mapped is None or mapped.main.code is None):
        raise click.UsageError("whose rules? write --in CODE|NAME, or --code COLUMN")
    book = open_rulebook(NATION_CODE if place is None else place, enactments)
    order = Order(
        book=book,
        decision=book.decision(decision),
        input=input_,
        output=output,
        on=day_or_column(moment),
        known=known,
        tables=tables,
        mapped=mapped,
        form=FileForm(encoding=encoding, delimiter=delimiter, sheet=sheet),
        explain=locale if explain else None,
        encoding=output_encoding,
        **given,
    )
    with _progress(quiet=quiet) as progress:
        try:
            summary = running.decide_file(order, progress)
        except KeyboardInterrupt:
            click.echo("interrupted; the same command with --resume goes on", err=True)
            raise SystemExit(INTERRUPTED) from None
    if not quiet:
        for line in summary.lines():
            click.echo(line, err=True)
        if order.rejects is not None and not summary.complete:
            click.echo(f"written to {order.rejects}", err=True)
    if not summary.complete:
        raise SystemExit(SET_ASIDE)


def on_terminal() -> bool:
    """Whether somebody may be looking."""
    return sys.stderr.isatty()


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress | None]:
    """A progress bar, on a terminal that has rich."""
    if quiet or not on_terminal():
        yield None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar
    except ModuleNotFoundError:
        yield None
        return
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def show(done: int, size: int | None, summary: Summary) -> None:
            told = f"{summary.rows:,} rows, {summary.set_aside:,} set aside"
            bar.update(task, completed=done, total=size, description=told)

        yield show
