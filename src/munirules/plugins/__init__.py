"""Plugins: the hooks, the installed plugins, and the rulebook that is made of them."""

from munirules.plugins.areas import AREAS
from munirules.plugins.delegation import Delegation
from munirules.plugins.discovery import Installed, PluginError, installed
from munirules.plugins.hookspecs import hookimpl

__all__ = ["AREAS", "Delegation", "Installed", "PluginError", "hookimpl", "installed"]
