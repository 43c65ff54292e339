"""`munirules audit`: an old system's answers held against the rules."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from munirules.cli.options import enactments_option, in_option, known_option, read_day
from munirules.cli.reports import report_options, tell
from munirules.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from munirules.testing.audit.legacy import Unread


@click.command("audit")
@click.argument("decision", metavar="DECISION")
@click.argument("legacy", metavar="LEGACY")
@in_option
@click.option(
    "--map", "mapped", required=True, type=click.Path(path_type=Path), metavar="FILE", help="What its columns are."
)
@click.option("--table", "tables", multiple=True, metavar="NAME=FILE", help="A further file, as members=members.csv.")
@click.option("--on", callback=read_day, metavar="DATE", help="The decision's date, where no column has it.")
@known_option
@enactments_option
@click.option(
    "--plugin", type=click.Path(path_type=Path), metavar="PLUGIN", help="A version of the plugin: wheel or folder."
)
@click.option(
    "--quirk", "quirks", multiple=True, metavar="NAME", help="What the old system is thought to do otherwise."
)
@click.option("--ledger", type=click.Path(path_type=Path), metavar="FILE", help="Known differences.")
@click.option(
    "--write-ledger", type=click.Path(path_type=Path), metavar="FILE", help="Draft a ledger of what is found."
)
@click.option("--as-of", "today", callback=read_day, metavar="DATE", help="The day by which known differences expire.")
@click.option(
    "--amount", default="", metavar="FIELD", help="The amount to count; by default the last one in whole yen."
)
@click.option("--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Write the rows set aside as CSV.")
@click.option("--seed", default=0, show_default=True, metavar="N", help="One seed gives one report.")
@report_options
def audit(
    *,
    decision: str,
    legacy: str,
    place: str,
    mapped: Path,
    tables: tuple[str, ...],
    on: date | None,
    known: date | None,
    enactments: Path | None,
    plugin: Path | None,
    quirks: tuple[str, ...],
    ledger: Path | None,
    write_ledger: Path | None,
    today: date | None,
    amount: str,
    rejects: Path | None,
    seed: int,
    report: Path | None,
    form: str,
    locale: str,
) -> None:
    """Hold the answers of an old system against the rules.

    LEGACY has its questions and answers (CSV in UTF-8 or CP932, Parquet, Excel); the map says what the columns are, in
    which codes and eras, and under [results] which are the old system's answers. Every row is decided again. Differences
    are grouped by what would explain them: a habit of the old system (`--quirk` tests one), a figure that it has
    otherwise, or else by what the rows have in common; each with the rule and article, and one row as witness.

    A row that cannot be read is set aside with its line and reason. The exit status is 0 where no row differs, or where
    all that differ are in the ledger and are as it says; else 1.
    """
    try:
        from munirules.tables.files.mapping import read_map
        from munirules.testing.audit.draft import drafted
        from munirules.testing.audit.legacy import read_legacy
        from munirules.testing.audit.run import audit as audited
    except ModuleNotFoundError as error:
        raise MissingExtra("munirules audit", "tables,testing", error) from error
    from munirules.testing.environment import home_of
    from munirules.testing.ledger import read_ledger, written
    from munirules.testing.report.audited import report_of
    from munirules.testing.scratch import pinned

    with TemporaryDirectory(prefix="munirules-audit-") as scratch:
        targets = home_of(plugin, Path(scratch)).targets if plugin is not None else ()
        book = pinned(place, targets, enactments)
        own = book.decision(decision)
        read = read_legacy(book, own, legacy, read_map(mapped), tables=_named(tables), on=on)
        found = audited(
            book,
            own,
            read,
            quirks=quirks,
            ledger=read_ledger(ledger) if ledger is not None else None,
            today=today,
            amount=amount,
            known=known,
            seed=seed,
            roots=[target.root or target.folder for target in targets],
        )
        if write_ledger is not None:
            write_ledger.write_text(written(drafted(found, book, own)), encoding="utf-8")
        made = report_of(found, book, own)
    if rejects is not None:
        _write_rejects(rejects, found.aside)
    tell(made, report, form, locale)
    click.get_current_context().exit(1 if found.failures else 0)


def _named(tables: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in tables:
        name, mark, file = text.partition("=")
        if not mark or not name or not file:
            raise click.BadParameter(f"{text!r}: write NAME=FILE, as members=members.csv")
        found[name] = file
    return found


def _write_rejects(path: Path, rows: Iterable[Unread]) -> None:
    """The rows set aside, as CSV in UTF-8 with a mark that Excel knows it by."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "line", "field", "value", "reason"))
        writer.writerows((own.file, own.line, own.field, own.value, own.reason) for own in rows)
