"""`munirules new plugin`: a plugin of a municipality, written from the template in the folder `template` beside this.

The template lies inside the package because only what does comes with a wheel. A file ends in `.tmpl`, so that no tool
takes it for what it is not yet; `@NAME@` in it, and `PACKAGE` in its path, are filled in.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from munirules.errors import MunirulesError
from munirules.plugins.jurisdictions import all_jurisdictions, by_code, find
from munirules.plugins.rulebook import described

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

    from munirules.engine.jurisdiction import Jurisdiction

SUFFIX: Final = ".tmpl"
_DISTRIBUTION = re.compile(r"[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*")


class NewError(MunirulesError):
    """A plugin that cannot be written there, or under that name."""


@click.group("new")
def new() -> None:
    """Write something new from a template."""


@new.command("plugin")
@click.argument("jurisdiction", metavar="CODE|NAME")
@click.option("--to", "to", type=click.Path(path_type=Path), required=True, metavar="DIR", help="A folder to be made.")
@click.option("--distribution", metavar="NAME", help="Name of the distribution, such as munirules-gifu.")
def plugin(jurisdiction: str, to: Path, distribution: str | None) -> None:
    """Write a plugin for a municipality: an example tariff to be replaced, printed examples, tests.

    It passes its own tests in two commands, which are printed at the end.
    """
    body = find(jurisdiction, described())
    written = write_plugin(body, to, distribution or f"munirules-{slug_of(body)}")
    click.echo(f"{body}: {len(written)} files in {to}")
    for path in written:
        click.echo(f"  {path}")
    click.echo(f'\nNow its own tests:\n  python -m pip install -e "{to}[test]"\n  python -m pytest {to}')
    click.echo(f"Then replace the example in water.toml and cases.toml, and see:\n  munirules check {to}")


def slug_of(body: Jurisdiction) -> str:
    """A name for a jurisdiction in ASCII that no other has: `tajimi`, `shirakawa-cho`, `tokyo-fuchu-shi`."""
    names = _names(body)
    return next((name for name in names[:-1] if _taken()[name] <= 1), names[-1])


def _names(body: Jurisdiction) -> list[str]:
    """Ever longer names: without suffix, with it, with the prefecture, with the code."""
    whole = re.sub(r"[^a-z-]", "", body.romaji.lower().replace(" ", "-")).strip("-") or "jurisdiction"
    names = [whole.rpartition("-")[0] or whole, whole]
    if body.prefecture is not None and body.prefecture_name:
        names.append(f"{by_code(body.prefecture).romaji.lower().rpartition('-')[0]}-{whole}")
    return [*names, f"{whole}-{body.code}"]


@cache
def _taken() -> Counter[str]:
    """How many jurisdictions of the national table could go by a name."""
    bodies = [body for body in all_jurisdictions() if body.city is None]
    return Counter(name for body in bodies for name in dict.fromkeys(_names(body)))


def write_plugin(body: Jurisdiction, to: Path, distribution: str) -> list[Path]:
    """Write a plugin from the template.

    Args:
        body: for whom.
        to: a folder that is not there yet, or empty.
        distribution: name of the distribution; its package is the same with `_`.

    Returns:
        The files written, relative to the folder.

    Raises:
        NewError: when the folder holds something, or the name is none for a distribution.
    """
    if not _DISTRIBUTION.fullmatch(distribution):
        raise NewError(f"--distribution {distribution!r}: write small letters, digits and hyphens, as munirules-gifu")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise NewError(f"{to} is there already, and not an empty folder; a new plugin overwrites nothing")
    package = re.sub(r"[-.]", "_", distribution)
    filled = {
        "CODE": body.code,
        "NAME": body.name,
        "FULL_NAME": body.full_name,
        "DISTRIBUTION": distribution,
        "PACKAGE": package,
    }
    written = []
    for path, text in _template(files("munirules.cli").joinpath("template"), ()):
        own = Path(*(filled.get(part, part) for part in path)).with_suffix("")
        target = to / own
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_fill(text, filled), encoding="utf-8")
        except OSError as error:
            raise NewError(f"{target} cannot be written: {error.strerror}") from None
        written.append(own)
    return written


def _template(folder: Traversable, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The files of the template, each with its path."""
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _template(item, (*path, item.name))
        elif item.name.endswith(SUFFIX):
            yield (*path, item.name), item.read_text(encoding="utf-8")


def _fill(text: str, filled: dict[str, str]) -> str:
    return re.sub(r"@([A-Z_]+)@", lambda found: filled[found[1]], text)
