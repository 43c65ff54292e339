"""`munirules decide` and `munirules ask`: the questions themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from munirules.cli.describe import fact_data, fields_data
from munirules.cli.options import (
    echo_json,
    enactments_option,
    heading,
    in_option,
    json_option,
    known_option,
    load_facts,
    on_option,
    open_rulebook,
    read_day,
)
from munirules.engine.explain import WORDS
from munirules.engine.request import read_request
from munirules.models.declare import declaration
from munirules.models.read import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from munirules.engine.outcome import Outcome


@click.command("decide")
@click.argument("decision", metavar="DECISION")
@in_option
@on_option
@known_option
@click.option("--facts", "given", required=True, metavar="JSON|FILE|-", help="The subject, or subject and facts.")
@enactments_option
@json_option
@click.option("--explain", "locale", type=click.Choice(list(WORDS)), help="Explain every step, in Japanese or English.")
@click.option("--diagram", is_flag=True, help="Print the steps as a Mermaid diagram.")
def decide(
    *,
    decision: str,
    place: str,
    on: date | None,
    known: date | None,
    given: str,
    enactments: Path | None,
    locale: str | None,
    as_json: bool,
    diagram: bool,
) -> None:
    """Decide one question, as `munirules decide water.supply --in 白川町 --on 2026-06-10 --facts facts.json`.

    The facts are the subject itself, as {"volume": 38}, or
    {"on": "2026-06-10", "subject": {…}, "facts": {"NAME": {…}, "NAME": null}, "provisional": ["NAME"]}.
    Facts about a member stand inside it. `munirules ask` lists what a decision needs.
    """
    if as_json + diagram + (locale is not None) > 1:
        raise click.UsageError("--json, --explain and --diagram exclude each other")
    rulebook = open_rulebook(place, enactments)
    own = rulebook.decision(decision)
    request = read_request(rulebook, own, load_facts(given))
    day = on or request.on
    if day is None:
        raise click.UsageError(
            f'the decision\'s date is missing ({own.on}); write --on 2026-06-10, or "on" beside "subject" in the facts'
        )
    outcome = rulebook.decide(own, request.subject, *request.facts, on=day, known=known)
    if as_json:
        click.echo(outcome.explain(form="json"))
    elif diagram:
        click.echo(outcome.explain(form="mermaid"))
    elif locale is not None:
        click.echo(outcome.explain(locale))
    else:
        for line in _short(outcome):
            click.echo(line)


def _short(outcome: Outcome[Any]) -> Iterator[str]:
    """The answer alone, one field a line."""
    decision = outcome.decision
    place = f"{outcome.jurisdiction.full_name} ({outcome.jurisdiction.code})"
    yield heading(f"{decision.title} ({decision.name}), {place}, {outcome.on}: {outcome.status}")
    if outcome.reason:
        yield f"  {outcome.reason}"
    for note in outcome.unverified if outcome.decided else ():
        yield f"  unverified: {note}"
    if not outcome.decided:
        return
    titles = {rule.name: rule.title for rule in decision.rules}
    answers: Any = outcome.result
    labelled = [("", answers)] if decision.member is None else zip(outcome.members, answers, strict=True)
    for member, answer in labelled:
        owner = declaration(type(answer))
        prefix = f"{member}: " if member else ""
        for name in owner.types:
            spec = owner.specs[name]
            value = write(getattr(answer, name), spec)
            yield f"  {prefix}{name} ({titles.get(name, spec.label)}): {_told(value, spec.unit)}"


def _told(value: Any, unit: str) -> str:
    if value is None:
        return "none"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:,}{unit}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@click.command("ask")
@click.argument("decision", metavar="DECISION")
@in_option
@click.option("--on", callback=read_day, required=True, metavar="DATE", help="The decision's date.")
@known_option
@enactments_option
@json_option
def ask(decision: str, place: str, on: date, known: date | None, enactments: Path | None, *, as_json: bool) -> None:
    """List the facts that a decision needs, here and on a date."""
    rulebook = open_rulebook(place, enactments)
    own = rulebook.decision(decision)
    asked = rulebook.ask(own, on=on, known=known)
    subject = declaration(own.subject)
    facts = [fact_data(one.fact.cls, optional=one.optional, rules=one.rules) for one in asked]
    if as_json:
        data = {"name": subject.name, "title": subject.title, "fields": fields_data(own.subject)}
        echo_json({"decision": own.name, "on": on.isoformat(), "subject": data, "facts": facts})
        return
    click.echo(heading(f"subject: {subject.name} ({subject.title})"))
    for line in field_lines(fields_data(own.subject)):
        click.echo(line)
    click.echo(heading("facts:" if facts else "facts: none"))
    for fact in facts:
        for line in fact_lines(fact):
            click.echo(line)


def field_lines(fields: list[dict[str, Any]], pad: str = "  ") -> Iterator[str]:
    """Fields of a class, one a line; those of its rows below it."""
    for field in fields:
        english = f" / {field['en']}" if field["en"] else ""
        yield f"{pad}{field['name']} ({field['label']}{english}): {field_rule(field)}"
        yield from field_lines(field["rows"], pad + "    ")


def field_rule(field: dict[str, Any]) -> str:
    """What a field allows, and what it is where it is left out."""
    allowed = f"one of {', '.join(field['options'])}" if field["kind"] == "choice" else field["allowed"]
    if field["required"]:
        return str(allowed)
    default = field["default"]
    return f"{allowed}; optional" if default in (None, "", []) else f"{allowed}; default {default}"


def fact_lines(fact: dict[str, Any]) -> Iterator[str]:
    """A fact with its fields, and who asks for it."""
    notes = [
        f"about each {fact['about']}" if fact["about"] else "",
        f"found by {fact['found_by']}" if fact["found_by"] else "",
        "may be none" if fact["optional"] else "",
        f"asked by {', '.join(fact['rules'])}" if fact["rules"] else "",
    ]
    yield f"  {fact['name']} ({fact['title']}): " + "; ".join(note for note in notes if note)
    yield from field_lines(fact["fields"], "    ")
