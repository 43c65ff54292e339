"""On which line of a TOML file a row of a table stands: errors and reports of the rest go by the line of the field."""

from __future__ import annotations

import re
from pathlib import Path

_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*$')


class RowLines:
    """Lines of the rows of tables that are written as lists of inline tables."""

    @classmethod
    def of(cls, file: str) -> RowLines:
        """Those of a file; of an enactment that stands in none, nothing is known."""
        path = Path(file)
        return cls(path.read_text(encoding="utf-8") if path.is_file() else "")

    def __init__(self, text: str) -> None:
        self._lines = [_TEXT.sub("", line) for line in text.splitlines()]

    def line(self, field: int, path: tuple[str | int, ...]) -> int:
        """The line of a row.

        Args:
            field: line of the field.
            path: where within the field; its first step is the number of the row.
        """
        if not path or not isinstance(path[0], int):
            return field
        depth, row = 0, -1
        for number in range(field - 1, len(self._lines)):
            for sign in self._lines[number]:
                if sign == "{":
                    row += depth == 0
                    if depth == 0 and row == path[0]:
                        return number + 1
                    depth += 1
                depth -= sign == "}"
        return field
