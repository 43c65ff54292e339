"""CSV files as municipal systems write them: UTF-8 with or without BOM, CP932; what is no text or no row is set aside.

Blocks of bytes are cut into records (`records`), checked and decoded whole, and parsed by Arrow; lines are looked at one
by one only in a block in which something is wrong. Blank lines are passed over.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from munirules.errors import did_you_mean
from munirules.tables.files.mapping import FileForm
from munirules.tables.files.reading import BadRow, Chunk, Part, Position, Wanted, digest_of, shown
from munirules.tables.files.records import BLOCK, Block, FileError, blocks

ENCODINGS: Final = ("utf-8", "cp932", "shift_jis", "euc_jp", "ascii")
"""Encodings in which a comma, a quote and a line end are bytes of their own."""
_TYPES: Final[Mapping[Wanted, pa.DataType]] = {"text": pa.string(), "int": pa.int64(), "day": pa.date32()}
FIRST: Final = 16
"""Of a part's bytes, what the first has."""
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# What Python's cp932 makes of bytes to which it gives no character.
_NO_CHARACTER: Final = {0x80: r"\x80", 0xF8F0: r"\xa0", 0xF8F1: r"\xfd", 0xF8F2: r"\xfe", 0xF8F3: r"\xff"}
_BASE_SIXTEEN: Final = (b"x", b"X")  # Arrow would read 0x10 as a whole number
_LINE_END: Final = re.compile(rb"\r\n|\r|\n|\Z")


class CsvFile:
    """A CSV file.

    Args:
        path: the file.
        form: encoding, delimiter and columns, where they are said; else UTF-8 or CP932 is found out, the delimiter is a
            comma (a tab in a `.tsv`), and the first line has the headers.

    Raises:
        FileError: when it cannot be opened, is in an encoding that is not known here, or has no headers.
    """

    block = BLOCK
    """Bytes of a part."""

    def __init__(self, path: Path, form: FileForm) -> None:
        self.name = path.name
        self._path = path
        self._delimiter = form.delimiter or ("\t" if path.suffix.lower() == ".tsv" else ",")
        if len(self._delimiter) != 1 or not self._delimiter.isascii() or self._delimiter in '"\r\n':
            raise FileError(f"delimiter {self._delimiter!r} is not one ASCII character")
        encoding = None if form.encoding is None else _known(form.encoding)
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}") from None
        self.size: int | None = path.stat().st_size
        self._start = Position(encoding=encoding)
        try:
            self.headers = self._head(form.columns)
        except FileError:
            self._file.close()
            raise

    @cached_property
    def digest(self) -> str | None:
        """A digest of the file."""
        return digest_of(self._path)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _head(self, columns: tuple[str, ...] | None) -> tuple[str, ...]:
        """Read the headers, unless they are given, and note where the rows begin."""
        start = self._file.read(len(codecs.BOM_UTF8))
        if start.startswith(_WIDE):
            raise FileError(f"{self.name} is in UTF-16; save it as CSV in UTF-8 or Shift_JIS (CP932)")
        if start == codecs.BOM_UTF8:
            self._start = Position(offset=len(start), encoding=self._start.encoding or "utf-8")
        if columns is not None:
            return columns
        first = next(blocks(self._file, self._delimiter, offset=self._start.offset, name=self.name), None)
        if first is None or not len(first.starts):
            raise FileError(f"{self.name} is empty; its first line has the headers")
        begin, end, line = int(first.starts[0]), int(first.ends[0]), int(first.lines[0])
        if first.broken and first.broken[0][0] < line:
            raise FileError(f"{self.name}: line {first.broken[0][0]}: a quote is not rightly closed in the headers")
        encoding = self._start.encoding or detect(first) or "utf-8"
        try:
            text = first.data[begin:end].decode(encoding)
        except UnicodeDecodeError as error:
            raise FileError(f"{self.name}: line {line}: the headers are not {encoding}: {error.reason}") from None
        after = _end_of_line(first.data, end)
        passed = len(_LINE_END.findall(first.data, 0, after)) - 1  # the pattern also finds the end of the slice
        self._start = Position(
            offset=self._start.offset + after,
            line=1 + passed,
            encoding=self._start.encoding or (None if first.data.isascii() else encoding),
        )
        row = next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter))
        return tuple(header.strip() or f"column {number}" for number, header in enumerate(row, 1))

    def chunks(self, wanted: Mapping[str, Wanted], start: Position | None = None) -> Iterator[Chunk]:
        """Read the file in blocks of some MiB."""
        at = start or self._start
        encoding = at.encoding
        first = 0 if start else self.block // FIRST  # others wait for it, since it makes all ready
        place = {"offset": at.offset, "line": at.line, "size": self.block, "first": first}
        for block in blocks(self._file, self._delimiter, name=self.name, **place):
            if encoding is None:
                encoding = detect(block)
            yield Chunk(
                after=Position(offset=block.next_offset, line=block.next_line, encoding=encoding),
                parse=partial(self._parse, block, encoding or "utf-8", wanted),
            )

    def _parse(self, block: Block, encoding: str, wanted: Mapping[str, Wanted]) -> Part:
        data, lines = block.data, block.lines

        def text(raw: bytes) -> str:
            return raw.decode(encoding, "backslashreplace").translate(_NO_CHARACTER)

        bad = [(line, text(raw), "a quote is opened and not rightly closed") for line, raw in block.broken]
        utf8 = _utf8(data, encoding)
        if utf8 is None or bad:
            unreadable = undecodable(block, encoding)
            readable = np.ones(len(lines), np.bool_)
            readable[unreadable] = False
            spans = list(zip(block.starts.tolist(), block.ends.tolist(), strict=True))
            bad += [(int(lines[i]), text(data[slice(*spans[i])]), f"its bytes are not {encoding}") for i in unreadable]
            data = b"".join(data[slice(*spans[i])] + b"\n" for i in np.flatnonzero(readable))
            lines = lines[readable]
            utf8 = data if encoding == "utf-8" else data.decode(encoding).encode()
        batch, ragged = self._arrow(utf8, len(lines), wanted)
        bad += [(int(lines[number]), raw, reason) for number, raw, reason in ragged]
        lines = np.delete(lines, [number for number, _, _ in ragged])
        rows = sorted(bad, key=lambda each: each[0])
        before = np.searchsorted(lines, [line for line, _, _ in rows]).tolist()
        bad_rows = [BadRow(line, shown(raw), reason, at) for (line, raw, reason), at in zip(rows, before, strict=True)]
        return Part(batch=batch, lines=lines, bad=tuple(bad_rows))

    def _arrow(
        self, data: bytes, count: int, wanted: Mapping[str, Wanted]
    ) -> tuple[pa.RecordBatch, list[tuple[int, str, str]]]:
        """Parse records; those with too few or too many values come back by number, with their text."""
        if not count:
            schema = pa.schema([(header, _TYPES[kind]) for header, kind in wanted.items()])
            return pa.RecordBatch.from_pylist([], schema), []
        types = {header: _TYPES[kind] for header, kind in wanted.items()}
        if any(letter in data and b"0" + letter in data for letter in _BASE_SIXTEEN):
            types = dict.fromkeys(types, pa.string())
        try:
            table, ragged = self._read(data, types)
        except pa.ArrowInvalid:  # somewhere is no whole number, or no date
            table, ragged = self._read(data, dict.fromkeys(types, pa.string()))
        if table.num_rows + len(ragged) != count:
            raise FileError(f"{self.name}: {table.num_rows} rows and {len(ragged)} others were read of {count} records")
        columns = [column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in table.columns]
        return pa.RecordBatch.from_arrays(columns, table.column_names), ragged

    def _read(self, data: bytes, types: Mapping[str, pa.DataType]) -> tuple[pa.Table, list[tuple[int, str, str]]]:
        ragged: list[tuple[int, str, str]] = []

        def set_aside(row: Any) -> str:
            count = f"{row.actual_columns} value{'' if row.actual_columns == 1 else 's'}"
            ragged.append((row.number - 1, row.text, f"has {count}; there are {row.expected_columns} columns"))
            return "skip"

        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, block_size=len(data) + 1, column_names=list(self.headers)
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=self._delimiter, newlines_in_values=b'"' in data, invalid_row_handler=set_aside
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=types,
                include_columns=list(types),
                null_values=[""],
                strings_can_be_null=False,
                check_utf8=False,  # done already
            ),
        )
        return table, ragged


def detect(block: Block) -> str | None:
    """Find out whether a block is UTF-8 or CP932: that in which fewer lines are no text; None where it is ASCII alone."""
    if block.data.isascii():
        return None
    wrong = len(undecodable(block, "utf-8"))
    return "utf-8" if not wrong or wrong <= len(undecodable(block, "cp932")) else "cp932"


def undecodable(block: Block, encoding: str) -> NDArray[np.int64]:
    """The records of a block whose bytes are no text in an encoding."""
    if block.data.isascii() or (encoding == "utf-8" and _is_utf8(block.data)):
        return np.zeros(0, np.int64)
    found: list[int] = []
    view, at = memoryview(block.data), 0
    while at < len(view):
        try:
            str(view[at:], encoding)
        except UnicodeDecodeError as error:
            wrong = at + error.start
            following = int(np.searchsorted(block.starts, wrong, "right"))
            if following and wrong <= block.ends[following - 1]:  # else it is on a line that is broken
                found.append(following - 1)
            at = int(block.starts[following]) if following < len(block.starts) else len(view)
        else:
            break
    if encoding == "cp932" and _has_no_character(block.data.decode(encoding, "ignore")):
        spans = zip(block.starts.tolist(), block.ends.tolist(), strict=True)
        texts = (block.data[start:end].decode(encoding, "ignore") for start, end in spans)
        found += [record for record, text in enumerate(texts) if _has_no_character(text)]
    return np.unique(np.array(found, np.int64))


def _has_no_character(text: str) -> bool:
    return any(chr(code) in text for code in _NO_CHARACTER)


def _utf8(data: bytes, encoding: str) -> bytes | None:
    """Bytes as UTF-8; None where some of them are no text."""
    if data.isascii():
        return data
    if encoding == "utf-8":
        return data if _is_utf8(data) else None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if encoding == "cp932" and _has_no_character(text) else text.encode()


def _is_utf8(data: bytes) -> bool:
    """Let Arrow check, which is ten times as fast as making a text of it."""
    whole = pa.StringArray.from_buffers(1, pa.py_buffer(np.array([0, len(data)], np.int32)), pa.py_buffer(data))
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = encoding
    name = "utf-8" if name == "utf-8-sig" else name
    if name not in ENCODINGS:
        near = did_you_mean(encoding, ENCODINGS)
        raise FileError(f"encoding {encoding!r} is not known here{near} (known: {', '.join(ENCODINGS)})")
    return name


def _end_of_line(data: bytes, end: int) -> int:
    found = _LINE_END.match(data, end)
    return found.end() if found is not None else end
