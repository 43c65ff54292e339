"""`munirules cluster`: a partitioned Parquet dataset decided by the workers of a dask cluster."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from munirules.cli.batch import INTERRUPTED, SET_ASIDE
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

_FOLDER = click.Path(path_type=Path)


@click.command("cluster")
@click.argument("decision", metavar="DECISION")
@click.argument("dataset", metavar="DATASET", type=_FOLDER)
@click.argument("output", metavar="OUTPUT", type=_FOLDER)
@click.option("--in", "place", metavar="CODE|NAME", help="The jurisdiction; may be left out with --code.")
@click.option(
    "--on", "moment", required=True, metavar="DATE|COLUMN", help="The date, or the column in which it stands."
)
@known_option
@enactments_option
@code_option
@table_option
@key_option
@click.option("--keep", metavar="COLUMN", multiple=True, help="Put beside the result as it is.")
@click.option("--ignore", metavar="COLUMN", multiple=True, help="Pass over; of a dataset of parts as members.COLUMN.")
@click.option(
    "--cluster",
    "address",
    default="local",
    show_default=True,
    metavar="ADDRESS",
    help="The scheduler (tcp://host:8786), or local:4 for four processes here.",
)
@click.option("--repartition", is_flag=True, help="Bring rows together by key where households are split.")
@click.option("--explain-column", "explain", is_flag=True, help="Add a column with each row's explanation.")
@click.option(
    "--locale", type=click.Choice(["ja", "en"]), default="ja", show_default=True, help="Language of explanations."
)
@click.option("--quiet", is_flag=True, help="Print no summary and no progress.")
def cluster(
    *,
    decision: str,
    dataset: Path,
    output: Path,
    place: str | None,
    moment: str,
    code: str | None,
    known: date | None,
    enactments: Path | None,
    tables: dict[str, str],
    keys: dict[str, str],
    address: str,
    explain: bool,
    locale: Literal["ja", "en"],
    quiet: bool,
    **given: Any,
) -> None:
    """Decide every row of a dataset, as `munirules cluster water.supply bills/ out/ --in 白川町 --on 2026-06-10`.

    DATASET is a folder of Parquet files, each of them a partition; OUTPUT a folder in which results/ and rejects/ are
    written. Every worker has to see both. The same command goes on with a run that was cut off.

    Exit status: 0 every row has its answer, 3 some were set aside (rejects/ tells them), 2 bad input.
    """
    from munirules.tables import decide_dataset

    if place is None and code is None:
        raise click.UsageError("whose rules? write --in CODE|NAME, or --code COLUMN")
    on = day_or_column(moment)
    assert on is not None
    shown = not quiet and sys.stderr.isatty()

    def show(done: int, total: int) -> None:
        if shown:
            click.echo(f"\r{done} of {total} partitions" + ("\n" if done == total else ""), nl=False, err=True)

    try:
        outcome = decide_dataset(
            open_rulebook(NATION_CODE if place is None else place, enactments),
            decision,
            dataset,
            output,
            on=on,
            client=address,
            tables=tables,
            code=code or "",
            key={name: keys.get(name, keys.get("", "key")) for name in ("", *tables)},
            known=known,
            explain=locale if explain else None,
            progress=show,
            **given,
        )
    except KeyboardInterrupt:
        click.echo("interrupted; the same command goes on", err=True)
        raise SystemExit(INTERRUPTED) from None
    if not quiet:
        click.echo(f"{outcome.counts}; {outcome.partitions} partitions, {outcome.found} of an earlier run", err=True)
    if outcome.counts.set_aside:
        raise SystemExit(SET_ASIDE)
