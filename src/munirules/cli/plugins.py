"""`munirules plugins`: what is installed, from metadata alone."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec

import click

from munirules.cli.options import echo_json, echo_table, json_option
from munirules.errors import MunirulesError
from munirules.plugins.delegation import load_profile
from munirules.plugins.discovery import Installed, installed
from munirules.plugins.folder import PROFILE
from munirules.plugins.jurisdictions import by_code

_HEADERS = ("code", "jurisdiction", "distribution", "version", "place", "state")


@click.command("plugins")
@json_option
def plugins(*, as_json: bool) -> None:
    """List the installed plugins.

    No plugin is imported or opened. One whose folder is missing, or whose jurisdiction has another too, is marked.
    """
    found = installed()
    times = Counter(plugin.code for plugin in found)
    rows = [(plugin, _name(plugin), _state(plugin, times)) for plugin in found]
    if as_json:
        echo_json(
            [
                {
                    "code": plugin.code,
                    "jurisdiction": name,
                    "distribution": plugin.distribution,
                    "version": plugin.version,
                    "value": plugin.value,
                    "state": state,
                }
                for plugin, name, state in rows
            ]
        )
        return
    echo_table(_HEADERS, [(p.code, name, p.distribution, p.version, p.value, state) for p, name, state in rows])


def _name(plugin: Installed) -> str:
    """The jurisdiction's name: of the national table, else of the plugin's own description."""
    try:
        return by_code(plugin.code).full_name
    except MunirulesError:
        pass
    try:
        profile = load_profile(plugin.folder() / PROFILE).jurisdiction if plugin.is_folder else None
    except MunirulesError:
        return ""
    return profile.full_name if profile is not None else ""


def _state(plugin: Installed, times: Counter[str]) -> str:
    found = [] if _there(plugin) else ["folder missing" if plugin.is_folder else "module missing"]
    if times[plugin.code] > 1:
        found.append("conflict: another plugin speaks for the same jurisdiction")
    return "; ".join(found) or "ok"


def _there(plugin: Installed) -> bool:
    """Whether the folder, or the package that the module is in, can be found."""
    try:
        if plugin.is_folder:
            plugin.folder()
            return True
        return find_spec(plugin.module.partition(".")[0]) is not None
    except (ImportError, ValueError, MunirulesError):
        return False
