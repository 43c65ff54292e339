"""`munirules schema`: what a decision is asked with and what it answers, as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from munirules.cli.options import echo_json, enactments_option, open_rulebook, read_day
from munirules.engine.schema import schema_of

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

NATION = "000000"


@click.command("schema")
@click.argument("decision", metavar="DECISION")
@click.option(
    "--in", "place", default=NATION, metavar="CODE|NAME", help="The jurisdiction, whose own rules may ask for more."
)
@click.option("--on", callback=read_day, metavar="DATE", help="The decision's date; all dates where it is not given.")
@click.option("--input", "part", flag_value="input", help="Print the schema of the question alone.")
@click.option("--output", "part", flag_value="output", help="Print the schema of the result alone.")
@enactments_option
def schema(decision: str, place: str, on: date | None, part: str | None, enactments: Path | None) -> None:
    """Print the JSON Schema (2020-12) of a decision's question and of its result.

    Prints {"input": …, "output": …}; with --input or --output that one schema alone.
    """
    made = schema_of(decision, open_rulebook(place, enactments), on=on)
    schemas = {"input": made.input, "output": made.output}
    echo_json(schemas if part is None else schemas[part])
