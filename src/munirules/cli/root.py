"""The root command: sub-commands are imported when they are used, and an error of the library ends with status 2."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import click

from munirules.errors import MunirulesError

COMMANDS: Final = {
    "ask": ("munirules.cli.decide:ask", "List the facts that a decision needs, here and on a date."),
    "batch": ("munirules.cli.batch:batch", "Decide every row of a file, into another file."),
    "audit": ("munirules.cli.audit:audit", "Hold an old system's answers against the rules, and explain them."),
    "check": ("munirules.cli.check:check", "Check a plugin as a reviewer would, in a process of its own."),
    "cluster": ("munirules.cli.cluster:cluster", "Decide every row of a Parquet dataset, on a cluster (dask)."),
    "compare": ("munirules.cli.compare:compare", "Compare two rule sets: what differs, and which rule is to blame."),
    "decide": ("munirules.cli.decide:decide", "Decide one question, and explain it if wanted."),
    "era": ("munirules.cli.era:era", "Read, print and convert dates of the Japanese eras."),
    "list": ("munirules.cli.listing:list_decisions", "List every decision known, by area."),
    "mutate": ("munirules.cli.mutate:mutate", "Change figures and rules one by one, and see what notices it."),
    "new": ("munirules.cli.new:new", "Write a new plugin from the template."),
    "plugins": ("munirules.cli.plugins:plugins", "List the installed plugins; opens none of them."),
    "record": ("munirules.cli.record:record", "Choose few cases that visit everything, with their answers."),
    "replay": ("munirules.cli.replay:replay", "Ask recorded cases again, and tell what is answered otherwise."),
    "schema": ("munirules.cli.schema:schema", "Print the JSON Schema of a decision's question and result."),
    "show": ("munirules.cli.show:show", "Show a decision: facts, result, provisions, rules, versions."),
}


class Failed(click.ClickException):
    """An error of the library, told without a traceback."""

    exit_code = 2


class Root(click.Group):
    """A group that knows the names of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, importing none of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of the library becomes a message."""
        try:
            return super().invoke(ctx)
        except MunirulesError as error:
            raise Failed(str(error)) from error


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="munirules")
def cli() -> None:
    """Business rules of Japanese municipalities: exact, dated, cited, explained.

    A jurisdiction is written as its code (215066, 21506) or its name (白川町, 岐阜県白川町, "Gifu"); a date as
    2026-04-01, R8.4.1 or 令和8年4月1日. An error is told on stderr with exit status 2.
    """
