"""What commands that report share: where a report goes, its form and its language."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from munirules.testing.report import Report

F = TypeVar("F", bound=Callable[..., Any])


def report_options(command: F) -> F:
    """Add the options `--report`, `--form` and `--lang` to a command."""
    for option in (
        click.option(
            "--lang", "locale", type=click.Choice(["ja", "en"]), default="ja", show_default=True, help="Of the report."
        ),
        click.option(
            "--form", type=click.Choice(["text", "markdown", "json", "html"]), default="text", help="What is printed."
        ),
        click.option(
            "--report",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="Write the report to a file too: *.html, *.md, *.json or *.txt.",
        ),
    ):
        command = option(command)
    return command


def tell(report: Report, file: Path | None, form: str, locale: str) -> None:
    """Print a report, and write it where that is wanted.

    Args:
        report: the report.
        file: where to write it, in the form that its ending says; None for nowhere.
        form: what is printed.
        locale: `ja` or `en`.
    """
    from munirules.testing.report import form_of, rendered

    if file is not None:
        file.write_text(rendered(report, form_of(file), locale), encoding="utf-8")
    if form == "text" and sys.stdout.isatty() and _richly(rendered(report, "markdown", locale)):
        return
    click.echo(rendered(report, form, locale), nl=False)


def _richly(markdown: str) -> bool:
    """Print Markdown on a terminal; whether rich is there to do it."""
    try:
        from rich.console import Console
        from rich.markdown import Markdown
    except ModuleNotFoundError:
        return False
    Console().print(Markdown(markdown))
    return True
