"""`munirules replay`: whether recorded cases are still answered as they were."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from munirules.testing.corpus.lines import Line
    from munirules.testing.side import Side
    from munirules.testing.witness import Witness


@click.command("replay")
@click.argument("files", metavar="FILE|DIR…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--before",
    type=click.Path(exists=True, path_type=Path),
    metavar="PLUGIN",
    help="An earlier version of the plugin (wheel, project, data), to blame figures by.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def replay(files: tuple[Path, ...], before: Path | None, *, as_json: bool) -> None:
    """Ask the cases of a corpus again, and tell what is answered otherwise.

    Of each change is told what of the answer differs and the first rule that gives another value, with its figures and
    articles. With --before, the steps of both versions are compared, so that the rule and the figures that make the
    difference are named even where no field of the answer shows them. The exit status is 0 where nothing changed, else 1.
    """
    from munirules.testing.corpus.lines import Books, corpus_files, read_lines
    from munirules.testing.corpus.replay import replay as replayed

    lines = [line for file in corpus_files(files) for line in read_lines(file)]
    with ExitStack() as stack:
        earlier = None
        if before is not None:
            scratch = Path(stack.enter_context(TemporaryDirectory(prefix="munirules-replay-")))
            earlier = _Earlier(stack, scratch, before)
        found = replayed(lines, Books(), earlier)
    if as_json:
        click.echo(json.dumps(found.data(), ensure_ascii=False, indent=1))
    else:
        click.echo(str(found))
    click.get_current_context().exit(1 if found.changes else 0)


class _Earlier:
    """Answers cases by an earlier version of a plugin, in a process of its own for each decision."""

    def __init__(self, stack: ExitStack, scratch: Path, plugin: Path) -> None:
        self.stack = stack
        self.scratch = scratch
        self.plugin = plugin
        self._sides: dict[tuple[str, str], Side] = {}

    def __call__(self, line: Line) -> Witness | None:
        """The witness of a case; none where it is asked as known before, or with a folder of its own."""
        if line.known or line.enactments:
            return None
        key = (line.code, line.decision)
        if key not in self._sides:
            self._sides[key] = self._opened(line)
        return self._sides[key].witness(line.request)

    def _opened(self, line: Line) -> Side:
        from munirules.testing.environment import home_of
        from munirules.testing.remote import RemoteSide
        from munirules.testing.side import Rules

        folder = self.scratch / str(len(self._sides))
        folder.mkdir()
        home = home_of(self.plugin, folder)
        rules = Rules(label=str(self.plugin), place=line.code, decision=line.decision, targets=home.targets)
        return self.stack.enter_context(RemoteSide(rules, home))
