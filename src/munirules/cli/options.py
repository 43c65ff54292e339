"""What several commands share: dates, jurisdictions, facts, and how things are printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from munirules.errors import MunirulesError

if TYPE_CHECKING:
    from datetime import date

    from munirules.plugins.rulebook import Rulebook


def read_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Read a date of an option, of an era or ISO.

    Raises:
        BadParameter: when it is none.
    """
    if value is None:
        return None
    from munirules.calendar import parse_date

    try:
        return parse_date(value)
    except MunirulesError as error:
        raise click.BadParameter(str(error), ctx, param) from error


def read_named(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Read options NAME=VALUE; of `--key`, a value alone stands under the empty name.

    Raises:
        BadParameter: when there is no name, or it stands twice.
    """
    found: dict[str, str] = {}
    for value in values:
        name, given, rest = value.partition("=")
        if not given and param.name == "keys":
            name, rest = "", value
        elif not given or not name or not rest:
            raise click.BadParameter(f"{value!r}: write NAME=FILE, as members=members.csv", ctx, param)
        if name in found:
            raise click.BadParameter(f"{name or value!r} is given twice", ctx, param)
        found[name] = rest
    return found


def day_or_column(given: str | None) -> date | str | None:
    """What `--on` says: a date where it is one, else the name of a column.

    Raises:
        BadParameter: when it is meant as a date and is none.
    """
    if given is None:
        return None
    from munirules.calendar import parse_date

    try:
        return parse_date(given)
    except MunirulesError as error:
        if given[:1].isdigit():  # meant as a date
            raise click.BadParameter(str(error), param_hint="--on") from error
        return given


in_option = click.option(
    "--in", "place", required=True, metavar="CODE|NAME", help="The jurisdiction: a code or a name."
)
on_option = click.option(
    "--on", callback=read_day, metavar="DATE", help="The decision's date; required unless the facts say it."
)
known_option = click.option(
    "--known", callback=read_day, metavar="DATE", help="Answer as it would have been answered on this date."
)
enactments_option = click.option(
    "--enactments",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder of data (water.toml …) to add for the jurisdiction, as a plugin would.",
)
code_option = click.option(
    "--code", metavar="COLUMN", help="Column with the municipality's code; each row is decided by its rulebook."
)
table_option = click.option(
    "--table", "tables", metavar="NAME=FILE", multiple=True, callback=read_named, help="A further file: members=FILE."
)
key_option = click.option(
    "--key",
    "keys",
    metavar="[NAME=]COLUMN",
    multiple=True,
    callback=read_named,
    help="Column that names the row, and by which further files belong to it; of one of those as members=COLUMN.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def open_rulebook(place: str, enactments: Path | None = None) -> Rulebook:
    """Open a rulebook by what was written for `--in`."""
    from munirules.plugins.rulebook import Rulebook

    return Rulebook.of(place, enactments=enactments)


def load_facts(given: str) -> Any:
    """Read the JSON that `--facts` gives, itself or by the name of a file; `-` is stdin.

    Raises:
        DataError: for a file that cannot be read, or is no JSON.
    """
    from munirules.engine.request import parse_json
    from munirules.models.read import DataError

    if given == "-":
        return parse_json(sys.stdin.buffer.read(), "stdin")
    if given.lstrip().startswith(("{", "[")):
        return parse_json(given, "--facts")
    try:
        return parse_json(Path(given).read_bytes(), given)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = error.strerror if isinstance(error, OSError) else error
        raise DataError([f"--facts {given}: {reason}; write JSON, the name of a file, or - for stdin"]) from None


def echo_json(data: Any) -> None:
    """Print data as JSON, Japanese as it is."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def echo_table(headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print rows: a table on a terminal that has rich, else one line each, with tabs between."""
    if rows and sys.stdout.isatty():
        try:
            from rich.box import SIMPLE
            from rich.console import Console
            from rich.table import Table
            from rich.text import Text
        except ModuleNotFoundError:
            pass
        else:
            table = Table(box=SIMPLE)
            for number, header in enumerate(headers):
                table.add_column(header, no_wrap=number == 0, overflow="fold")
            for row in rows:
                table.add_row(*map(Text, row))
            Console().print(table)
            return
    for row in rows:
        click.echo("\t".join(row).rstrip("\t"))


def heading(text: str) -> str:
    """A line that stands above others."""
    return click.style(text, bold=True)
