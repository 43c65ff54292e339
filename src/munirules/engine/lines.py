"""Where a key stands in a TOML file: tomllib tells values, not lines, and an error must name the line."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


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
        for number, whole in enumerate(text.split("\n"), 1):
            line, inside = whole, bool(closing)
            if closing:
                end = _CLOSES[closing].match(line)
                if end is None:
                    continue
                line = line[end.end() :]
            line, closing = _open(line)
            if inside:
                depth = _depth(depth, line)
                continue
            header = _HEADER.match(line) if depth == 0 else None
            if header:
                table = self._table(header[1], _parts(header[2]), counts)
                for length in range(1, len(table) + 1):
                    self._lines.setdefault(table[:length], number)
                continue
            key = _KEY.match(line) if depth == 0 else None
            if key:
                path = (*table, *_parts(key[1]))
                for length in range(len(table) + 1, len(path) + 1):
                    self._lines.setdefault(path[:length], number)
            depth = _depth(depth, line)

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


# A comment; a text in three marks that ends on its line, or (opens) goes on; a text in one mark.
_TEXTS = re.compile(
    r"""\#.*$
    | \"{3}(?:\\.|[^\\])*?\"{3} | '{3}.*?'{3} | (?P<opens>\"{3}|'{3}).*$
    | "(?:\\.|[^"\\])*" | '[^']*'""",
    re.VERBOSE,
)
_CLOSES = {'"""': re.compile(r'(?:\\.|[^\\])*?"""'), "'''": re.compile(r".*?'''")}


def _open(line: str) -> tuple[str, str]:
    """A line up to where a text of several lines begins, and the marks that will close it (empty: none begins)."""
    begins = next((found for found in _TEXTS.finditer(line) if found["opens"]), None)
    return (line[: begins.start()], begins["opens"]) if begins else (line, "")


def _depth(depth: int, line: str) -> int:
    """How many brackets are open after a line; those in texts and comments are none."""
    bare = _TEXTS.sub("", line)
    return max(0, depth + sum(map(bare.count, "[{")) - sum(map(bare.count, "]}")))
