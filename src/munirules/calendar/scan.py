"""Finding where a text or a program writes an era by hand, and so would not follow a change of era."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from munirules.calendar.errors import CalendarError
from munirules.calendar.reading import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from munirules.calendar.era import Era
    from munirules.calendar.table import EraTable

DATA_SUFFIXES = frozenset((".toml", ".json", ".yaml", ".yml", ".csv", ".tsv", ".ini", ".po"))
TEXT_SUFFIXES = frozenset((".html", ".htm", ".j2", ".jinja", ".md", ".txt", ".xml", ".rst", ".svg", ".tex"))
CODE_SUFFIXES = frozenset((".py", ".js", ".ts", ".sql", ".java", ".cs", ".vb", ".bas"))
SUFFIXES = DATA_SUFFIXES | TEXT_SUFFIXES | CODE_SUFFIXES
SKIPPED = frozenset(("__pycache__", ".git", ".venv", "node_modules"))
LARGEST = 5_000_000


@attrs.frozen
class Finding:
    """A place that writes an era by hand.

    Attributes:
        path: the file.
        line: its line, from 1.
        column: where in the line, from 1.
        text: what stands there.
        kind: `past_end` (a date or year that the new era takes over), `blank` (an era with a blank or a placeholder
            for the year), `name` (the era's name alone in a program), `offset` (arithmetic that turns a Gregorian
            year into one of the era), `list` (the eras or their letters, listed).
        why: the same in words.
    """

    path: Path
    line: int
    column: int
    text: str
    kind: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.kind}: 「{self.text}」 {self.why}"


_NUMBER = r"(?:元|[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_BLANK = r"(?:[ 　＿_○◯〇●◎…・]*|\{+[^{}\n]{0,40}\}+|%[-0-9]*[ds]|\$\{?\w+\}?|<[^<>]{1,40}>)"


class Scanner:
    """Looks for the last era of a table, which is the one that texts and programs write by hand."""

    def __init__(self, before: EraTable, after: EraTable) -> None:
        self.before = before
        self.after = after
        self.era = before.latest
        new = next((era for era in after.eras if era.start > self.era.start), None)
        self.next: Era | None = new
        names = "|".join(re.escape(word) for word in (self.era.name, self.era.square) if word)
        letter = self.era.letter or self.era.name
        # A date or a year: read by the reader itself.
        self._dated = re.compile(
            rf"(?:{names}){_NUMBER}年度?(?:{_NUMBER}月(?:{_NUMBER}日)?)?"
            rf"|(?<![A-Za-z0-9]){letter}[0-9]{{1,2}}[./\-][0-9]{{1,2}}[./\-][0-9]{{1,2}}(?![0-9])"
        )
        self._blank = re.compile(rf"(?:{names}){_BLANK}年")
        self._name = re.compile(rf"(?<=[\"'`])(?:{names})(?=[\"'`])")
        year = self.era.year_one - 1
        self._offset = re.compile(rf"[-+]\s*{year}(?![0-9-])|(?<![0-9-]){year}\s*[-+](?=\s*[A-Za-z_(])")
        lettered = [era for era in before.eras if era.letter and era.one][-3:]
        marks = r"[^\w\n]{0,6}"
        orders = [
            marks.join(words)
            for field in ("letter", "one", "name")
            for words in permutations(str(getattr(era, field)) for era in lettered)
        ]
        self._list = re.compile("|".join(orders))

    def line(self, path: Path, number: int, line: str) -> Iterator[Finding]:
        """Find what one line writes by hand."""
        for match in self._dated.finditer(line):
            if self._is_taken_over(match[0]):
                name = self.next.name if self.next else ""
                yield Finding(path, number, match.start() + 1, match[0], "past_end", f"would be a year of {name}")
        for match in self._blank.finditer(line):
            yield Finding(path, number, match.start() + 1, match[0], "blank", "the year is filled in, the era is not")
        if path.suffix in CODE_SUFFIXES:
            for match in self._name.finditer(line):
                yield Finding(path, number, match.start() + 1, match[0], "name", "names the era by itself")
            for match in self._offset.finditer(line):
                why = f"counts years of {self.era.name} by itself"
                yield Finding(path, number, match.start() + 1, match[0], "offset", why)
        if path.suffix not in TEXT_SUFFIXES:
            for match in self._list.finditer(line):
                yield Finding(path, number, match.start() + 1, match[0], "list", "lists the eras; a new one is missing")

    def _is_taken_over(self, text: str) -> bool:
        if self.next is None:
            return False
        try:
            found = parse(text, policy="keep", table=self.before)
        except CalendarError:
            return False
        return found.latest is not None and found.latest >= self.next.start


def scan(folders: Iterable[Path | str], before: EraTable, after: EraTable) -> list[Finding]:
    """Return every place under some folders that writes an era by hand.

    Args:
        folders: folders, or single files.
        before: the table of today.
        after: the table with the new era.
    """
    scanner = Scanner(before, after)
    findings: list[Finding] = []
    for path in _files(folders):
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            findings += scanner.line(path, number, line)
    return findings


def _files(folders: Iterable[Path | str]) -> Iterator[Path]:
    for folder in folders:
        root = Path(folder)
        paths = [root] if root.is_file() else sorted(root.rglob("*"))
        for path in paths:
            inside = path.parts[len(root.parts) :]
            if path.suffix in SUFFIXES and path.is_file() and not SKIPPED.intersection(inside) and _is_small(path):
                yield path


def _is_small(path: Path) -> bool:
    return path.stat().st_size <= LARGEST
