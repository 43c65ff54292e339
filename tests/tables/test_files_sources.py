"""Parquet, Excel and DuckDB as inputs; every kind of output."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from munirules.tables.files import arrowfile, output
from munirules.tables.files.arrowfile import ExcelFile, ParquetFile, library, without_password
from munirules.tables.files.mapping import FileForm
from munirules.tables.files.opening import open_input
from munirules.tables.files.output import Output, check_output, partial_path, to_cp932
from munirules.tables.files.reading import Position, Reader
from munirules.tables.files.records import FileError

openpyxl: Any = import_module("openpyxl")  # it has no types


def rows_of(reader: Reader, *headers: str, start: Position | None = None) -> list[tuple[int, dict[str, object]]]:
    found: list[tuple[int, dict[str, object]]] = []
    for chunk in reader.chunks(dict.fromkeys(headers or reader.headers, "text"), start):
        part = chunk.parse()
        found += zip(part.lines.tolist(), part.batch.to_pylist(), strict=True)
    reader.close()
    return found


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrowfile, "ROWS", 7)


@pytest.mark.usefixtures("small_parts")
def test_parquet_in_parts_and_from_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    table = pa.table({"n": list(range(50)), "t": [f"水{n}" for n in range(50)], "x": [None] * 50})
    pyarrow.parquet.write_table(table, path, row_group_size=20)
    wanted = [(n + 1, {"t": f"水{n}", "n": n}) for n in range(50)]
    file = ParquetFile(path)
    assert (file.headers, file.size) == (("n", "t", "x"), 50)
    chunks = list(file.chunks({"t": "text", "n": "int"}))
    assert rows_of(file, "t", "n") == wanted
    assert len(chunks) > 7
    for chunk in chunks:
        assert rows_of(ParquetFile(path), "t", "n", start=chunk.after) == wanted[chunk.after.offset :]


@pytest.mark.usefixtures("small_parts")
def test_excel_as_a_csv_file_would_have_it(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    book = openpyxl.Workbook()
    sheet = book.create_sheet("検針表")
    sheet.append(["no", "volume", "day", None, "odd"])
    cells = [
        ("001", 13, datetime.fromisoformat("2023-05-01"), None, 1.5),
        (),
        (2, 13.0, date(2023, 5, 2), None, True),
    ]
    for row in cells:
        sheet.append(row)
    for number in range(20):
        sheet.append([f"{number:03d}", number])
    book.save(path)
    found = rows_of(ExcelFile(path, "検針表"), "no", "volume", "day", "odd")
    assert found[:3] == [
        (2, {"no": "001", "volume": "13", "day": "2023-05-01", "odd": "1.5"}),
        (4, {"no": "2", "volume": "13", "day": "2023-05-02", "odd": "true"}),
        (5, {"no": "000", "volume": "0", "day": None, "odd": None}),
    ]
    assert [line for line, _ in found] == [2, *range(4, 25)]
    place = next(ExcelFile(path, "検針表").chunks({"no": "text"})).after
    assert rows_of(ExcelFile(path, "検針表"), "no", "volume", "day", "odd", start=place) == found[6:]
    with pytest.raises(FileError, match=r"no sheet '検針票' — did you mean '検針表'\? \(sheets: Sheet, 検針表\)"):
        ExcelFile(path, "検針票")
    with pytest.raises(FileError, match="the sheet is empty"):
        ExcelFile(path)


def test_a_query_in_duckdb(tmp_path: Path) -> None:
    path = tmp_path / "city.db"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table bills as select range as n, 1.5::decimal(9,2) as a from range(3)")
    by_option = open_input(f"duckdb:{path}", FileForm(), "select * from bills order by n")
    assert rows_of(by_option) == [(n + 1, {"n": n, "a": Decimal("1.50")}) for n in range(3)]
    assert by_option.digest is None
    behind = open_input(f"duckdb:{path}?select n from bills where n > 1", FileForm())
    assert rows_of(behind) == [(1, {"n": 2})]
    in_memory = open_input("duckdb:", FileForm(), "select 1 as one")
    assert rows_of(in_memory) == [(1, {"one": 1})]


BAD = [
    ("duckdb:none/none.db", "select 1", "Cannot open"),
    ("duckdb:", "selec 1", "syntax error"),
    ("duckdb:", None, "no query"),
    ("duckdb:?select 1", "select 2", "two queries"),
    ("in.csv", "select 1", "a query goes with"),
    ("in.cvs", None, "not in .cvs — did you mean '.csv'?"),
    ("in", None, "not in nothing"),
    ("none.parquet", None, "No such file"),
    ("none.xlsx", None, "No such file"),
    ("postgresql://me:secret@host/db", None, "postgresql://me:***@host/db: no query"),
]


@pytest.mark.parametrize(("given", "query", "told"), BAD)
def test_what_cannot_be_opened_says_why(given: str, query: str | None, told: str) -> None:
    with pytest.raises(FileError) as caught:
        open_input(given, FileForm(), query)
    assert told in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["parquet", "xlsx"])
def test_files_that_are_not_what_they_are_called(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"in.{suffix}"
    path.write_text("no", encoding="utf-8")
    with pytest.raises(FileError, match=str(path)):
        open_input(str(path), FileForm())


def test_a_library_that_is_not_installed_is_named() -> None:
    with pytest.raises(FileError, match=r"a query needs nosuch .* install it: python -m pip install nosuch"):
        library("nosuch_library", "a query", "nosuch")


def test_passwords_are_not_shown() -> None:
    assert without_password("at postgresql://me:pw@h/d: no") == "at postgresql://me:***@h/d: no"
    assert without_password("at postgresql://me@h:5432/d: no") == "at postgresql://me@h:5432/d: no"


TABLE = pa.table(
    {
        "k": ["001", 'a,"b"\nc', None],
        "n": [1, None, 3],
        "a": [Decimal("1.50"), None, Decimal("2.00")],
        "d": [date(2023, 5, 10), None, None],
    }
)
BATCH = TABLE.to_batches()[0]


def write(path: Path, *, encoding: str = "utf-8", batch: pa.RecordBatch = BATCH) -> Path:
    made = Output(path, batch.schema, encoding=encoding)
    made.write(made.encode([batch.slice(0, 1)]))
    made.write(made.encode([batch.slice(1)]))
    assert not path.exists()
    made.finish()
    assert not partial_path(path).exists()
    return path


@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("tsv", "\t")])
@pytest.mark.parametrize(("encoding", "bom"), [("utf-8", b""), ("utf-8-sig", b"\xef\xbb\xbf")])
def test_csv_outputs(tmp_path: Path, suffix: str, delimiter: str, encoding: str, bom: bytes) -> None:
    data = write(tmp_path / f"out.{suffix}", encoding=encoding).read_bytes()
    lines = ['"k","n","a","d"', '"001",1,1.50,2023-05-10', '"a,""b""\nc",,,', ",3,2.00,", ""]
    cells = "\n".join(lines).replace('a,""', "\0").replace(",", delimiter).replace("\0", 'a,""')
    assert data == bom + cells.encode()


def test_cp932_outputs_lose_nothing(tmp_path: Path) -> None:
    batch = pa.record_batch({"水量": ["38m³", "～−—髙", "𠮷"]})
    data = write(tmp_path / "out.csv", encoding="cp932", batch=batch).read_bytes()
    assert data.decode("cp932") == '"水量"\n"38m&#179;"\n"～－―髙"\n"&#134071;"\n'
    assert to_cp932(b"x") == b"x"


def test_parquet_and_excel_outputs(tmp_path: Path) -> None:
    assert pyarrow.parquet.read_table(write(tmp_path / "out.parquet")).to_pylist() == TABLE.to_pylist()
    rows = list(openpyxl.load_workbook(write(tmp_path / "out.xlsx")).active.iter_rows(values_only=True))
    assert rows[0] == ("k", "n", "a", "d")
    assert rows[1][:3] == ("001", 1, 1.5)
    assert rows[3] == (None, 3, 2, None)


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "EXCEL_ROWS", 3)
    with pytest.raises(FileError, match="an Excel sheet holds 3 rows"):
        write(tmp_path / "out.xlsx")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_an_output_that_is_gone_on_with_is_the_same(tmp_path: Path, suffix: str) -> None:
    whole = write(tmp_path / f"whole.{suffix}").read_bytes()
    path = tmp_path / f"out.{suffix}"
    first = Output(path, BATCH.schema)
    first.write(first.encode([BATCH.slice(0, 1)]))
    length = first.length
    first.write(b"half of what comes then")
    first.close()
    again = Output(path, BATCH.schema, length=length)
    again.write(again.encode([BATCH.slice(1)]))
    again.finish()
    assert path.read_bytes() == whole
    with pytest.raises(FileError, match="less is left of the earlier run"):
        Output(path, BATCH.schema, length=length)


CANNOT = [
    ("out.cvs", "utf-8", "did you mean '.csv'?"),
    ("out.xlsm", "utf-8", "not in .xlsm"),
    ("out.csv", "utf8", "encoding 'utf8' is not known"),
    ("none/out.csv", "utf-8", "none: no such folder"),
]


@pytest.mark.parametrize(("path", "encoding", "told"), CANNOT)
def test_outputs_are_checked_before_anything_is_decided(path: str, encoding: str, told: str) -> None:
    with pytest.raises(FileError) as caught:
        check_output(Path(path), encoding)
    assert told in str(caught.value)
