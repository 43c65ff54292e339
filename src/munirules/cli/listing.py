"""`munirules list`: every decision known, by area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from munirules.cli.options import echo_json, echo_table, heading, json_option, open_rulebook
from munirules.engine.jurisdiction import NATION_CODE
from munirules.engine.rulebook import UnknownDecision
from munirules.errors import MunirulesError
from munirules.plugins.areas import AREAS

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.plugins.rulebook import Rulebook

_HEADERS = ("decision", "title", "date", "authority")


@click.command("list")
@click.option("--in", "place", default=NATION_CODE, metavar="CODE|NAME", help="Add decisions of this jurisdiction.")
@json_option
def list_decisions(place: str, *, as_json: bool) -> None:
    """List every decision known: name, title, what its date means, who decides."""
    found = _decisions(open_rulebook(place))
    if as_json:
        echo_json([_data(decision) for own in found.values() for decision in own])
        return
    for area, own in found.items():
        click.echo(heading(f"{area} ({AREAS[area]})"))
        echo_table(_HEADERS, [(f"  {d.name}", d.title, d.on, d.authority) for d in own])


def _decisions(rulebook: Rulebook) -> dict[str, list[Decision[Any, Any]]]:
    """Decisions by area; an area that cannot be opened is told on stderr, and the others are listed."""
    found: dict[str, list[Decision[Any, Any]]] = {}
    for area in AREAS:
        try:
            own = sorted(rulebook.area(area).decisions.values(), key=lambda decision: decision.name)
        except UnknownDecision:
            continue
        except MunirulesError as error:
            click.echo(f"Warning: area {area} ({AREAS[area]}) cannot be opened: {error}", err=True)
            continue
        if own:
            found[area] = own
    return found


def _data(decision: Decision[Any, Any]) -> dict[str, Any]:
    return {
        "name": decision.name,
        "title": decision.title,
        "area": decision.area,
        "area_title": AREAS[decision.area],
        "on": decision.on,
        "authority": decision.authority,
        "role": decision.role,
        "law": decision.law,
    }
