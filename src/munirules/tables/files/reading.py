"""What reading a file gives, whatever its format: parts of some tens of thousands of rows, and where the next begins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import attrs
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from munirules.models.fields import masked

Wanted = Literal["text", "int", "day"]
"""How a column is read where that is possible: text always is; `int` and `day` spare a step."""

SHOWN: Final = 200
ROWS: Final = 65_536
"""Rows of a part of a file that has no lines."""


@attrs.frozen(kw_only=True)
class Position:
    """Where a part of a file begins, so that a later run can begin there.

    Attributes:
        offset: bytes of a CSV file, rows of others, before it.
        line: number of its first line or row, from 1.
        encoding: the encoding, once it is known.
    """

    offset: int = 0
    line: int = 1
    encoding: str | None = None


@attrs.frozen
class BadRow:
    r"""A line that could not be read as a row.

    Attributes:
        line: its number in the file.
        value: the line, so that it can be shown: what cannot be printed as `\x..`, no long numbers,
            not more than `SHOWN` characters.
        reason: what is wrong with it.
        before: how many rows of its part stand before it.
    """

    line: int
    value: str
    reason: str
    before: int


@attrs.frozen(kw_only=True, eq=False)
class Part:
    """Rows of a file.

    Attributes:
        batch: the columns that were wanted, by header.
        lines: for each row its line (a row of a file without lines: its number), from 1.
        bad: what could not be read.
    """

    batch: pa.RecordBatch
    lines: NDArray[np.int64]
    bad: tuple[BadRow, ...] = ()


@attrs.frozen(kw_only=True, eq=False)
class Chunk:
    """A part that is still to be parsed, in any thread.

    Attributes:
        after: where the next one begins.
        parse: does it.
    """

    after: Position
    parse: Callable[[], Part]


class Reader(Protocol):
    """An open file or query."""

    @property
    def name(self) -> str:
        """What to call it in errors and rejects."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Names of its columns."""

    @property
    def size(self) -> int | None:
        """What `Position.offset` is at the end; None where that is not known."""

    @property
    def digest(self) -> str | None:
        """A digest of all that is read; None where it may be different the next time (a query)."""

    def chunks(self, wanted: Mapping[str, Wanted], start: Position | None = None) -> Iterator[Chunk]:
        """Read it in parts.

        Args:
            wanted: headers to read, and how.
            start: where to begin; None for the beginning.
        """

    def close(self) -> None:
        """Close it."""


def shown(value: Any) -> str:
    """A text of a file as an error may show it."""
    text = masked(str(value))
    if not text.isprintable():
        text = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def digest_of(path: Path) -> str:
    """A digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()
