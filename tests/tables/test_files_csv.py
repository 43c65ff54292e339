"""CSV files: records, encodings, and what is no text or no row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from munirules.tables.files import records
from munirules.tables.files.csvfile import CsvFile
from munirules.tables.files.mapping import FileForm
from munirules.tables.files.reading import Position
from munirules.tables.files.records import FileError, blocks

Found = tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]


def split(data: bytes, size: int = records.BLOCK) -> Found:
    """All records with their lines, and all broken lines."""
    whole: list[tuple[int, bytes]] = []
    broken: list[tuple[int, bytes]] = []
    for block in blocks(io.BufferedReader(io.BytesIO(data)), ",", size=size):
        spans = zip(block.lines.tolist(), block.starts.tolist(), block.ends.tolist(), strict=True)
        whole += [(line, block.data[start:end]) for line, start, end in spans]
        broken += block.broken
    return whole, broken


RECORDS: list[tuple[bytes, Found]] = [
    (b'a,b\n1,2\n\n"x\ny",3\nz,4', ([(1, b"a,b"), (2, b"1,2"), (4, b'"x\ny",3'), (6, b"z,4")], [])),
    (b"a\r\nb\r\n\r\nc", ([(1, b"a"), (2, b"b"), (4, b"c")], [])),
    (b"a\rb\rc\r", ([(1, b"a"), (2, b"b"), (3, b"c")], [])),
    (b'5" pipe,1\n"c""d",2\n', ([(1, b'5" pipe,1'), (2, b'"c""d",2')], [])),
    (b'a,1\n"e"f,3\ng,4\n', ([(1, b"a,1"), (3, b"g,4")], [(2, b'"e"f,3')])),
    (b'"abc,12\n"def",13\nx,1\n', ([(2, b'"def",13'), (3, b"x,1")], [(1, b'"abc,12')])),
    (b'a,1\n"open,2\nb,3\n', ([(1, b"a,1"), (3, b"b,3")], [(2, b'"open,2')])),
    (b'a,1\r\n"open,2\r\nb,3\r\n', ([(1, b"a,1"), (3, b"b,3")], [(2, b'"open,2')])),
    (b"a,1\n\x1a", ([(1, b"a,1")], [])),
    (b"", ([], [])),
]


@pytest.mark.parametrize(("data", "found"), RECORDS)
@pytest.mark.parametrize("size", [records.BLOCK, 1, 2, 3, 7])
def test_records_and_lines_whatever_the_size_of_blocks(data: bytes, found: Found, size: int) -> None:
    assert split(data, size) == found


@settings(deadline=None)
@given(
    st.lists(st.lists(st.text('ab",\n漢 ', max_size=4), min_size=2, max_size=3), min_size=1, max_size=8),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from([records.BLOCK, 1, 5, 17]),
)
def test_what_csv_writes_is_read_record_by_record(rows: list[list[str]], end: str, quoting: int, size: int) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    whole, broken = split(text.getvalue().encode(), size)
    assert broken == []
    assert [next(csv.reader(io.StringIO(record.decode(), newline=""))) for _, record in whole] == rows


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", '"', ",", "\n", "\r"]), max_size=40).map("".join), st.sampled_from([1, 3, 8]))
def test_nothing_is_lost_of_a_file_without_sense(text: str, size: int) -> None:
    data = text.encode()
    whole, broken = split(data)
    assert split(data, size) == (whole, broken)
    every = b"".join(record for _, record in sorted(whole + broken))
    assert every.translate(None, b"\r\n") == data.translate(None, b"\r\n")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode().split(b"\n")
    assert all(lines[line - 1] == record for line, record in broken)
    assert all(record.startswith(lines[line - 1]) for line, record in whole)


def test_a_quote_that_is_never_closed_swallows_one_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST", 100)
    lines = [b"x%d,1" % number for number in range(200)]
    lines[50] = b'"open,1'
    whole, broken = split(b"\n".join(lines), 300)
    assert broken == [(51, b'"open,1')]
    assert [line for line, _ in whole] == [number for number in range(1, 201) if number != 51]


def test_bytes_without_lines_are_no_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LONGEST", 100)
    with pytest.raises(FileError, match="line 1 has more than 100 bytes"):
        split(b"x" * 1000, 50)


def read(tmp_path: Path, data: bytes, wanted=None, form: FileForm | None = None, size: int = 0):
    """Rows with their lines, and bad lines."""
    path = tmp_path / "in.csv"
    path.write_bytes(data)
    file = CsvFile(path, form or FileForm())
    file.block = size or file.block
    rows: list[tuple[int, dict[str, object]]] = []
    bad: list[tuple[int, str, str]] = []
    for chunk in file.chunks(wanted or dict.fromkeys(file.headers, "text")):
        part = chunk.parse()
        rows += zip(part.lines.tolist(), part.batch.to_pylist(), strict=True)
        bad += [(each.line, each.value, each.reason) for each in part.bad]
    file.close()
    return rows, bad


TABLE = "鍵,数\n水,1\n道,2\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_are_found_out(tmp_path: Path, encoding: str, end: str) -> None:
    rows, bad = read(tmp_path, TABLE.replace("\n", end).encode(encoding))
    assert rows == [(2, {"鍵": "水", "数": "1"}), (3, {"鍵": "道", "数": "2"})]
    assert bad == []


def test_the_encoding_is_found_out_where_the_first_character_stands_that_is_not_ascii(tmp_path: Path) -> None:
    data = b"k,v\n" + b"a,1\n" * 50 + "水,2\n".encode("cp932")
    for size in (16, 0):
        rows, bad = read(tmp_path, data, size=size)
        assert rows[-1] == (52, {"k": "水", "v": "2"})
        assert bad == []


@pytest.mark.parametrize("encoding", ["euc_jp", "Shift_JIS"])
def test_an_encoding_that_is_said(tmp_path: Path, encoding: str) -> None:
    rows, _ = read(tmp_path, TABLE.encode(encoding), form=FileForm(encoding=encoding))
    assert rows[0] == (2, {"鍵": "水", "数": "1"})


def test_lines_that_are_no_text_are_set_aside_and_shown_safely(tmp_path: Path) -> None:
    good, bad = "水,1\n".encode(), b"\xff\xfe,2\n"
    rows, aside = read(tmp_path, "鍵,数\n".encode() + good + bad + good + b"x\x81,3\n")
    assert [line for line, _ in rows] == [2, 4]
    assert aside == [(3, r"\xff\xfe,2", "its bytes are not utf-8"), (5, r"x\x81,3", "its bytes are not utf-8")]


@pytest.mark.parametrize("byte", [b"\x80", b"\xa0", b"\xfd", b"\xff", b"\x81"])
def test_bytes_to_which_cp932_gives_no_character(tmp_path: Path, byte: bytes) -> None:
    data = "鍵,数\r\n水,1\r\n".encode("cp932") + b"x" + byte + b",2\r\n" + "道,3\r\n".encode("cp932")
    rows, aside = read(tmp_path, data)
    assert [line for line, _ in rows] == [2, 4]
    assert aside == [(3, rf"x\x{byte.hex()},2", "its bytes are not cp932")]


def test_characters_of_the_user_are_kept(tmp_path: Path) -> None:
    rows, aside = read(tmp_path, "鍵,数\r\n水".encode("cp932") + b"\xf0\x40,1\r\n")
    assert rows == [(2, {"鍵": "水\ue000", "数": "1"})]
    assert aside == []


def test_ragged_lines_are_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows, aside = read(tmp_path, b'k,v\na,1\nb\nc,3,4\n"d\ne",5\n\n"f,6\ng,7\n')
    assert rows == [(2, {"k": "a", "v": "1"}), (5, {"k": "d\ne", "v": "5"}), (9, {"k": "g", "v": "7"})]
    assert aside == [
        (3, "b", "has 1 value; there are 2 columns"),
        (4, "c,3,4", "has 3 values; there are 2 columns"),
        (8, '"f,6', "a quote is opened and not rightly closed"),
    ]


def test_lines_are_counted_over_all_blocks(tmp_path: Path) -> None:
    data = "鍵,数\n".encode() + b"".join(b'"a\n%d",%d\n' % (n, n) if n % 3 else b"b,%d\n" % n for n in range(100))
    wanted, _ = read(tmp_path, data)
    assert read(tmp_path, data, size=40) == (wanted, [])
    line = 2
    for number, (found, row) in enumerate(wanted):
        assert (found, row["数"]) == (line, str(number))
        line += 2 if number % 3 else 1


@settings(deadline=None)
@given(st.binary(max_size=60))
def test_every_line_of_any_bytes_is_a_row_or_set_aside(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    rows, aside = read(folder, b"k,v\n" + data)
    again = read(folder, b"k,v\n" + data, size=7)
    assert [line for line, _ in again[0]] == [line for line, _ in rows]
    whole, broken = split(b"k,v\n" + data)
    assert sorted([line for line, _ in rows] + [line for line, _, _ in aside]) == sorted(
        [line for line, _ in whole if line > 1] + [line for line, _ in broken]
    )


def test_figures_and_dates_are_read_at_once_and_odd_ones_left_as_text(tmp_path: Path) -> None:
    wanted = {"n": "int", "d": "day"}
    rows, _ = read(tmp_path, b"n,d\n007,2023-05-10\n,\n", wanted)
    assert [(row["n"], str(row["d"])) for _, row in rows] == [(7, "2023-05-10"), (None, "None")]
    for odd in (b"0x10", b"+1", b"1.0"):
        rows, _ = read(tmp_path, b"n,d\n007,2023-05-10\n" + odd + b",\n", wanted)
        assert [row["n"] for _, row in rows] == ["007", odd.decode()]


def test_a_file_without_headers(tmp_path: Path) -> None:
    form = FileForm(columns=("k", "v"), delimiter="\t")
    rows, _ = read(tmp_path, "水\t1\n道\t2\n".encode("cp932"), form=form)
    assert rows == [(1, {"k": "水", "v": "1"}), (2, {"k": "道", "v": "2"})]


def test_headers_are_trimmed_and_nameless_ones_named(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, b' k ,,"v"\n1,2,3\n')
    assert rows == [(2, {"k": "1", "column 2": "2", "v": "3"})]


def test_reading_goes_on_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("鍵,数\n".encode("cp932") + b"".join(b"\x90\x85,%d\n" % n for n in range(50)))
    file = CsvFile(path, FileForm())
    file.block = 64
    chunks = list(file.chunks({"数": "text"}))
    assert len(chunks) > 3
    place = chunks[1].after
    assert place.encoding == "cp932"
    rest = [
        row for chunk in file.chunks({"数": "text"}, Position(**vars_of(place))) for row in chunk.parse().lines.tolist()
    ]
    assert rest == [row for chunk in chunks[2:] for row in chunk.parse().lines.tolist()]
    file.close()


def vars_of(place: Position) -> dict[str, object]:
    return {"offset": place.offset, "line": place.line, "encoding": place.encoding}


WRONG = [
    (b"", None, "is empty"),
    (b"\xff\xfek\x00", None, "is in UTF-16"),
    (b"\xff,\xfd\n1,2\n", None, "the headers are not"),
    (b'"k,v\n1,2\n', None, "line 1: a quote is not rightly closed in the headers"),
    (b"k,v\n", FileForm(encoding="utf16"), "encoding 'utf16' is not known here — did you mean 'utf-8'?"),
    (b"k,v\n", FileForm(encoding="nope"), "encoding 'nope' is not known here"),
    (b"k,v\n", FileForm(delimiter=",,"), "delimiter ',,' is not one ASCII character"),
    (b"k,v\n", FileForm(delimiter='"'), "is not one ASCII character"),
]


@pytest.mark.parametrize(("data", "form", "told"), WRONG)
def test_files_that_cannot_be_read_at_all(tmp_path: Path, data: bytes, form: FileForm | None, told: str) -> None:
    with pytest.raises(FileError) as caught:
        read(tmp_path, data, form=form)
    assert told in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="No such file"):
        CsvFile(tmp_path / "none.csv", FileForm())
