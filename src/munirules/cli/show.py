"""`munirules show`: everything about one decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from munirules.cli.decide import fact_lines, field_lines, field_rule
from munirules.cli.describe import describe
from munirules.cli.options import echo_json, enactments_option, heading, json_option, open_rulebook
from munirules.engine.jurisdiction import NATION_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WHO = {"nation": "the nation", "prefecture": "the prefecture", "municipality": "the municipality"}


@click.command("show")
@click.argument("decision", metavar="DECISION")
@click.option("--in", "place", default=NATION_CODE, metavar="CODE|NAME", help="As it stands for this jurisdiction.")
@enactments_option
@json_option
def show(decision: str, place: str, enactments: Path | None, *, as_json: bool) -> None:
    """Show a decision: what it asks and answers, on which provisions and rules it rests, and their versions."""
    rulebook = open_rulebook(place, enactments)
    data = describe(rulebook, rulebook.decision(decision))
    if as_json:
        echo_json(data)
        return
    for line in _lines(data):
        click.echo(line)


def _lines(data: dict[str, Any]) -> Iterator[str]:
    place = data["jurisdiction"]
    yield heading(f"{data['title']} ({data['name']}), {place['name']} ({place['code']})")
    yield f"  date: {data['on']}"
    yield f"  authority: {data['authority']}; the municipality {data['role']}"
    if data["law"]:
        yield f"  law: {data['law']}"
    subject, result = data["subject"], data["result"]
    yield heading(f"subject: {subject['name']} ({subject['title']})")
    yield from field_lines(subject["fields"])
    if data["facts"]:
        yield heading("facts")
        for fact in data["facts"]:
            yield from fact_lines(fact)
    if data["results"]:
        yield heading("results of other decisions (given as facts, or decided first)")
        for other in data["results"]:
            yield f"  {other['name']}: {other['title']} ({other['decision']})"
    each = f", for each {result['for_each']}" if result["for_each"] else ""
    yield heading(f"result: {result['name']} ({result['title']}){each}")
    for field in result["fields"]:
        unit = f": {field['unit']}" if field["unit"] else ""
        yield f"  {field['name']} ({field['label']}){unit}"
    yield heading("rules")
    for rule in data["rules"]:
        yield f"  {rule['name']} ({rule['title']}){_rule_notes(rule)}"
    for provision in data["provisions"]:
        yield from _provision(provision)


def _rule_notes(rule: dict[str, Any]) -> str:
    notes = [
        rule["law"],
        _span(rule) if rule["since"] or rule["until"] else "",
        "replaces the shared rule" if rule["replaces"] else "",
    ]
    told = "; ".join(note for note in notes if note)
    return f": {told}" if told else ""


def _provision(provision: dict[str, Any]) -> Iterator[str]:
    yield heading(f"provision: {provision['name']} ({provision['title']})")
    for field in provision["fields"]:
        kind = "" if field["national"] == "standard" else f"; a national value is a {field['national']}"
        yield f"  {field['name']} ({field['label']}): {field_rule(field)}; set by {_WHO[field['by']]}{kind}"
        yield from field_lines(field["rows"], "      ")
    if any(field["required"] for field in provision["fields"]):
        stretches = [f"{first} to {last}" if last else f"{first} onwards" for first, last in provision["covered"]]
        yield f"  in force: {', '.join(stretches) or 'at no date here'}"
    else:
        yield "  in force: always; what nobody sets has its default"
    for version in provision["versions"]:
        unverified = f"; unverified: {version['unverified']}" if version["unverified"] else ""
        yield f"  version {_span(version)}: {version['citation']}: {', '.join(version['fields'])}{unverified}"
        yield f"      {version['source']}"


def _span(dated: dict[str, Any]) -> str:
    promulgated = f" (promulgated {dated['promulgated']})" if dated["promulgated"] else ""
    return f"{dated['since'] or ''} to {dated['until'] or ''}".strip() + promulgated
