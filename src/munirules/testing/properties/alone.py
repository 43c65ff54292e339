"""A rulebook made as if no other plugin were installed: those of its own chain only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from munirules.plugins import discovery
from munirules.plugins import rulebook as rulebooks
from munirules.plugins.rulebook import Rulebook

if TYPE_CHECKING:
    from munirules.plugins.discovery import Installed


def rulebook_alone(rulebook: Rulebook) -> Rulebook:
    """The same rulebook, in a world in which no plugin is installed but those of its chain.

    Args:
        rulebook: a rulebook of installed plugins.
    """
    codes = {name for name, _ in rulebook.chain.manager.list_name_plugin()}
    with _only(tuple(plugin for plugin in discovery.installed() if plugin.code in codes)):
        made = Rulebook.of(rulebook.jurisdiction.code)
        made.check()
    return made


@contextmanager
def _only(plugins: tuple[Installed, ...]) -> Iterator[None]:
    def installed() -> Any:
        return plugins

    with patch.object(discovery, "installed", installed), patch.object(rulebooks, "installed", installed):
        yield
