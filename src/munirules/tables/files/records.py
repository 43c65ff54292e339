"""Where the records of a CSV file begin and end, found in its bytes, a large block at a time.

Works on UTF-8, CP932, EUC-JP and other encodings in which the bytes of a comma, a quote and a line end stand for nothing
else. Quoted values may hold commas and line ends. A line on which a quote opens and is not rightly closed is set aside
by itself, so that it cannot swallow the lines after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import BufferedReader
from typing import Final

import attrs
import numpy as np
from numpy.typing import NDArray

from munirules.errors import MunirulesError

BLOCK: Final = 1 << 22
LONGEST: Final = 1 << 20
"""Bytes of the longest record; a quoted value that is longer counts as one that is not closed."""
END_OF_FILE: Final = b"\x1a"
"""Stands behind the last line of files of old systems."""
_LF, _CR, _QUOTE = 10, 13, 34

Offsets = NDArray[np.int64]


class FileError(MunirulesError, ValueError):
    """A file that cannot be read at all, or is not what it should be."""


@attrs.frozen(kw_only=True, eq=False)
class Block:
    """Complete records of a file.

    Attributes:
        data: their bytes.
        offset: where in the file the bytes begin.
        starts: where each record begins in `data`; blank ones, and those that are broken, are not among them.
        ends: where it ends, without its line end.
        lines: the line of the file on which it begins, from 1.
        broken: line and bytes of each line on which a quote is not closed.
        next_line: the line after the block.
    """

    data: bytes
    offset: int
    starts: Offsets
    ends: Offsets
    lines: Offsets
    broken: tuple[tuple[int, bytes], ...]
    next_line: int

    @property
    def next_offset(self) -> int:
        """Where the next block begins in the file."""
        return self.offset + len(self.data)


def blocks(
    file: BufferedReader,
    delimiter: str,
    *,
    offset: int = 0,
    line: int = 1,
    size: int = BLOCK,
    first: int = 0,
    name: str = "the file",
) -> Iterator[Block]:
    """Read a file in blocks of complete records.

    Args:
        file: open for reading bytes.
        delimiter: what stands between values, one ASCII character.
        offset: where to begin: the beginning of a record.
        line: the number of that line.
        size: bytes to read at once.
        first: bytes of the first block; 0 for as many as of the others.
        name: what to call the file in errors.

    Raises:
        FileError: for bytes without a line end as far as the eye reaches.
    """
    file.seek(offset)
    held, window = b"", first or size
    while True:  # where a block ends depends on where it begins alone, so that a run can go on from there
        while len(held) < window and file.peek(1):
            held += file.read(window - len(held))
        last = len(held) <= window and not file.peek(1)
        if last:
            held = held.rstrip(END_OF_FILE)
        if not held:
            return
        data = held if len(held) <= window else held[:window]
        block = _split(data, delimiter, offset, line, last=last)
        if block.data:
            yield block
            held, window = held[len(block.data) :], size
            offset, line = block.next_offset, block.next_line
        elif window > LONGEST + size:
            raise FileError(f"{name}: line {line} has more than {LONGEST:,} bytes; this is no CSV file")
        else:
            window += size


def _split(data: bytes, delimiter: str, offset: int, line: int, *, last: bool) -> Block:
    """Cut complete records from the front of some bytes; to the last byte where the file ends there."""
    array = np.frombuffer(data, np.uint8)
    breaks = _breaks(data, array, last=last)
    outer, passed = breaks, np.arange(1, len(breaks) + 1)
    if b'"' in data:
        quotes = np.flatnonzero(array == _QUOTE)
        outside = np.searchsorted(quotes, breaks) % 2 == 0
        outer, passed = breaks[outside], passed[outside]
        open_for = len(data) - (int(outer[-1]) + 1 if len(outer) else 0)  # more bytes may close it
        closed = len(quotes) % 2 == 0 if last else open_for <= LONGEST
        if not closed or not _well_quoted(array, quotes, ord(delimiter)):
            return _walked(data, breaks, delimiter, offset, line, last=last)
    if last and (not len(outer) or outer[-1] != len(data) - 1):
        outer, passed = np.append(outer, len(data)), np.append(passed, 0)
    starts = np.concatenate((np.zeros(1, np.int64), outer[:-1] + 1))[: len(outer)]
    ends = outer - ((outer > starts) & (array[np.maximum(outer - 1, 0)] == _CR))
    lines = line + np.concatenate((np.zeros(1, np.int64), passed[:-1]))[: len(outer)]
    length = min(int(outer[-1]) + 1, len(data)) if len(outer) else 0
    next_line = line + int(np.searchsorted(breaks, length))
    return _block(data[:length], offset, starts, ends, lines, (), next_line)


def _block(
    data: bytes,
    offset: int,
    starts: Offsets,
    ends: Offsets,
    lines: Offsets,
    broken: Sequence[tuple[int, bytes]],
    next_line: int,
) -> Block:
    there = ends > starts
    if not there.all():
        starts, ends, lines = starts[there], ends[there], lines[there]
    return Block(
        data=data,
        offset=offset,
        starts=starts,
        ends=ends,
        lines=lines,
        broken=tuple(broken),
        next_line=next_line,
    )


def _breaks(data: bytes, array: NDArray[np.uint8], *, last: bool) -> Offsets:
    """Where lines end: at a line feed, or at a carriage return that none follows."""
    feeds = array == _LF
    returns = data.count(b"\r")
    if returns and returns != data.count(b"\r\n"):
        alone = array == _CR
        alone[:-1] &= ~feeds[1:]
        if not last:
            alone[-1] = False  # the line feed may come next
        feeds |= alone
    return np.flatnonzero(feeds)


def _well_quoted(array: NDArray[np.uint8], quotes: Offsets, delimiter: int) -> bool:
    """Whether each quote opens a value, closes one, or is doubled, so that counting them tells what is inside."""
    opening, closing = quotes[::2], quotes[1::2]
    inner = np.diff(quotes) == 1
    before = array[np.maximum(opening - 1, 0)]
    opens = (before == delimiter) | (before == _LF) | (before == _CR) | (opening == 0)
    opens[1:] |= inner[1::2][: len(opens) - 1]
    after = array[np.minimum(closing + 1, len(array) - 1)]
    closes = (after == delimiter) | (after == _LF) | (after == _CR) | (closing == len(array) - 1)
    closes |= after == _QUOTE
    return bool(opens.all() and closes.all())


@cache
def _record(delimiter: str) -> re.Pattern[bytes]:
    """One record that is rightly quoted, with its line end; a quote within a value that has none around it is text."""
    comma = re.escape(delimiter.encode("ascii"))
    value = rb'(?:"(?:[^"]++|"")*+"|[^"%b\r\n][^%b\r\n]*+|)' % (comma, comma)
    return re.compile(rb"%b(?:%b%b)*+(\r\n|\r|\n|\Z)" % (value, comma, value))


def _walked(data: bytes, breaks: Offsets, delimiter: str, offset: int, line: int, *, last: bool) -> Block:
    """Cut records one by one, where quotes are not what they should be."""
    match = _record(delimiter).match
    starts: list[int] = []
    ends: list[int] = []
    broken: list[tuple[int, bytes]] = []
    at = 0
    while at < len(data):
        found = match(data, at)
        more = not last and len(data) - at <= LONGEST
        if found is None:
            if more:  # what is not read yet may close it
                break
            number = int(np.searchsorted(breaks, at))
            end = int(breaks[number]) if number < len(breaks) else len(data)
            broken.append((line + number, data[at:end].rstrip(b"\r\n")))
            at = end + 1
            continue
        if more and found.end() == len(data) and found[1] != b"\n" and found[1] != b"\r\n":
            break
        starts.append(at)
        ends.append(found.start(1))
        at = found.end()
    begins = np.array(starts, np.int64)
    lines = line + np.searchsorted(breaks, begins)
    next_line = line + int(np.searchsorted(breaks, at))
    return _block(data[:at], offset, begins, np.array(ends, np.int64), lines, broken, next_line)
