"""Where a key stands in a TOML file: tomllib tells values, not lines, and an error must name the line."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_MULTILINE = ('"""', "'''")


class Lines:
    """Lines of the tables and keys of a TOML text.

    A path is a tuple: `("version", 0, "WaterTariff", "bands")`.
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str | int, ...], int] = {}
        self._scan(text)

    def of(self, *path: str | int) -> int:
        """Return the line of a path, or of the nearest table around it; 1 where nothing is known."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return 1

    def _scan(self, text: str) -> None:
        table: tuple[str | int, ...] = ()
        counts: dict[tuple[str | int, ...], int] = {}
        closing = ""
        depth = 0
        for number, line in enumerate(text.splitlines(), 1):
            if closing:
                closing = "" if closing in line else closing
                continue
            header = _HEADER.match(line) if depth == 0 else None
            if header:
                table = self._table(header[1], _parts(header[2]), counts)
                self._lines.setdefault(table, number)
                continue
            key = _KEY.match(line) if depth == 0 else None
            if key:
                path = (*table, *_parts(key[1]))
                for length in range(len(table) + 1, len(path) + 1):
                    self._lines.setdefault(path[:length], number)
            bare = _bare(line)
            depth = max(0, depth + sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}"))
            closing = next((mark for mark in _MULTILINE if line.count(mark) == 1), "")

    @staticmethod
    def _table(
        brackets: str, names: tuple[str, ...], counts: dict[tuple[str | int, ...], int]
    ) -> tuple[str | int, ...]:
        """Place a header: `[version.X]` belongs to the last `[[version]]`."""
        path: tuple[str | int, ...] = ()
        for position, name in enumerate(names):
            path = (*path, name)
            if brackets == "[[" and position == len(names) - 1:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        return path


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""", text))


def _bare(line: str) -> str:
    """A line without its strings and comment."""
    return re.sub(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*$', "", line)
