"""`munirules batch`: files in, files out, and nothing lost."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from munirules.cli import batch as command
from munirules.tables.files.csvfile import CsvFile

RENT = "housing.monthly_rent"
IN = ("--in", "999997", "--on", "2021-04-01")
HOUSES = """key,floor_area,Excess
001,57,false
002,40,false
003,30,
004,600,false
005,abc,false
006,50,false,x
007,20,false
"""
TENANTS = """key,id,born_on,Income.amount,Disability.grade
001,a,S55.4.1,700000,1
001,b,1985-01-01,100000,
002,a,H2.1.1,3000000,
003,a,H2.1.1,1,
004,a,H2.1.1,1,
005,a,H2.1.1,1,
007,a,H2.13.1,900000,
008,a,H2.1.1,900000,
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with the households of a fictional city."""
    monkeypatch.chdir(tmp_path)
    Path("houses.csv").write_text(HOUSES, encoding="utf-8")
    Path("tenants.csv").write_text(TENANTS, encoding="utf-8")
    return tmp_path


def rows(path: str | Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    with Path(path).open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def decided(files, run):
    """The households decided, with the options given; returns what came out and the run."""

    def start(*options: str, **more: Any):
        return run("batch", RENT, "houses.csv", "out.csv", *IN, "--table", "tenants=tenants.csv", *options, **more)

    return start


def test_households_and_their_members(decided) -> None:
    result = decided("--rejects", "rejects.csv")
    assert result.exit_code == command.SET_ASIDE
    assert [(row["key"], row["gross"], row["total"], row["status"]) for row in rows("out.csv")] == [
        ("001", "1254.00", "1250", "decided"),
        ("002", "880.00", "880", "decided"),
        ("003", "", "", "needs_finding"),
    ]
    assert rows("out.csv")[2]["reason"].startswith("収入超過の認定 (Excess): 市長")
    found = [(row["file"], row["line"], row["key"], row["field_or_rule"], row["value"]) for row in rows("rejects.csv")]
    assert found == [
        ("houses.csv", "5", "004", "floor_area", "600"),
        ("houses.csv", "6", "005", "floor_area", "abc"),
        ("houses.csv", "7", "", "", "006,50,false,x"),
        ("houses.csv", "8", "007", "", ""),
        ("tenants.csv", "8", "007", "born_on", "H2.13.1"),
        ("tenants.csv", "9", "008", "key", "008"),
    ]
    reasons = [row["reason"] for row in rows("rejects.csv")]
    assert "600 is out of bounds; allowed: a whole number from 1 to 500 m²" in reasons[0]
    assert reasons[1] == "floor_area (床面積): is not a number"
    assert reasons[2] == "has 4 values; there are 3 columns"
    assert reasons[3] == "a row of tenants with this key could not be read"
    assert "there is no month 13" in reasons[4]
    assert reasons[5] == "no row that could be read has this key in houses.csv"


def test_the_summary_adds_up(decided) -> None:
    told = decided().stderr.splitlines()
    assert told[0] == "7 rows: 2 decided, 1 needs finding, 4 set aside"
    assert told[1] == "tenants.csv: 8 rows, 2 set aside"
    assert "1 set aside: houses.csv: has 4 values; there are 3 columns" in told
    assert "  line 7: has 4 values; there are 3 columns (found: 006,50,false,x)" in told


def test_a_clean_file_ends_with_status_0(files, run) -> None:
    Path("houses.csv").write_text("floor_area,Excess\n57,false\n", encoding="utf-8")
    Path("tenants.csv").write_text("key,id,born_on,Income.amount,Disability.grade\n", encoding="utf-8")
    result = run("batch", "water.deemed_use", "--help")
    assert result.exit_code == 0
    Path("houses.csv").write_text("key,floor_area,Excess\n1,57,false\n", encoding="utf-8")
    result = run("batch", RENT, "houses.csv", "out.csv", *IN, "--table", "tenants=tenants.csv")
    assert result.exit_code == 0
    assert result.stderr == "1 rows: 1 decided\ntenants.csv: 0 rows, 0 set aside\n"
    assert [row["total"] for row in rows("out.csv")] == ["0"]


def test_answers_are_those_of_one_case_at_a_time(decided, run) -> None:
    decided()
    members = [
        {"id": "a", "born_on": "S55.4.1", "facts": {"Income": {"amount": 700000}, "Disability": {"grade": 1}}},
        {"id": "b", "born_on": "1985-01-01", "facts": {"Income": {"amount": 100000}, "Disability": None}},
    ]
    facts = json.dumps({"subject": {"floor_area": 57, "tenants": members}, "facts": {"Excess": None}})
    alone = json.loads(run("decide", RENT, *IN, "--facts", facts, "--json").stdout)["result"]
    row = rows("out.csv")[0]
    assert {"gross": Decimal(row["gross"]), "total": int(row["total"])} == alone


def test_answers_for_each_member(files, run) -> None:
    Path("houses.csv").write_text("key,floor_area\n001,57\n002,40\n", encoding="utf-8")
    Path("tenants.csv").write_text("\n".join(TENANTS.splitlines()[:4]), encoding="utf-8")
    result = run("batch", "housing.counted_income", "houses.csv", "out.csv", *IN, "--table", "tenants=tenants.csv")
    assert result.exit_code == 0, result.stderr
    assert [(row["key"], row["member"], row["counted"]) for row in rows("out.csv")] == [
        ("001", "a", "430000"),
        ("001", "b", "100000"),
        ("002", "a", "3000000"),
    ]


@pytest.mark.parametrize("size", [20, 45, 70])
def test_the_size_of_parts_changes_nothing(decided, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    decided("--rejects", "rejects.csv")
    wanted = Path("out.csv").read_bytes(), rows("rejects.csv")
    monkeypatch.setattr(CsvFile, "block", size)
    result = decided("--rejects", "rejects.csv", "--threads", "3")
    assert result.stderr.splitlines()[:2] == [
        "7 rows: 2 decided, 1 needs finding, 4 set aside",
        "tenants.csv: 8 rows, 2 set aside",
    ]
    assert Path("out.csv").read_bytes() == wanted[0]
    assert sorted(map(str, rows("rejects.csv"))) == sorted(map(str, wanted[1]))


@pytest.mark.parametrize("size", [20, 45, 1 << 20])
def test_a_member_that_cannot_be_read_at_all_spoils_whoever_it_may_belong_to(decided, monkeypatch, size: int) -> None:
    monkeypatch.setattr(CsvFile, "block", size)
    Path("houses.csv").write_text(
        "key,floor_area,Excess\n" + "".join(f"{n:03d},57,false\n" for n in range(1, 8)), encoding="utf-8"
    )
    lines = [f"{n:03d},a,S55.4.1,700000," for n in range(1, 8)]
    lines[3] = "004,a"
    Path("tenants.csv").write_text("\n".join([TENANTS.splitlines()[0], *lines]), encoding="utf-8")
    decided("--rejects", "rejects.csv")
    assert [row["key"] for row in rows("out.csv")] == ["001", "002", "006", "007"]
    found = [(row["line"], row["key"], row["reason"]) for row in rows("rejects.csv") if row["file"] == "houses.csv"]
    assert found == [
        (str(n + 1), f"{n:03d}", "line 5 of tenants could not be read, and may belong here") for n in (3, 4, 5)
    ]


@pytest.mark.parametrize("size", [20, 1 << 20])
def test_a_key_that_stands_twice_is_set_aside(decided, monkeypatch, size: int) -> None:
    monkeypatch.setattr(CsvFile, "block", size)
    Path("houses.csv").write_text(
        "key,floor_area,Excess\n001,57,false\n002,40,false\n002,41,false\n003,9,false\n", encoding="utf-8"
    )
    Path("tenants.csv").write_text("\n".join(TENANTS.splitlines()[:5]), encoding="utf-8")
    decided("--rejects", "rejects.csv")
    assert [row["key"] for row in rows("out.csv")] == ["001", "003"]
    assert [(row["line"], row["key"]) for row in rows("rejects.csv")] == [("3", "002"), ("4", "002")]
    assert "another row has this key too" in rows("rejects.csv")[0]["reason"]


def shuffled(path: str) -> None:
    head, *lines = Path(path).read_text(encoding="utf-8").splitlines()
    Path(path).write_text("\n".join([head, *reversed(lines)]), encoding="utf-8")


@pytest.mark.parametrize("name", ["houses.csv", "tenants.csv"])
def test_files_that_are_not_sorted_are_told_what_to_do(decided, name: str) -> None:
    shuffled(name)
    result = decided()
    assert result.exit_code == 2
    assert f"Error: {name}: line " in result.stderr
    assert "does not come after" in result.stderr
    assert "run with --sort" in result.stderr
    assert not list(Path().glob("*out*"))
    assert not list(Path().glob(".*"))


def test_sorting_on_disk_gives_the_same_with_the_lines_of_the_files(decided) -> None:
    decided("--rejects", "rejects.csv")
    wanted = Path("out.csv").read_bytes()
    keys = [(row["key"], row["reason"]) for row in rows("rejects.csv")]
    shuffled("houses.csv")
    shuffled("tenants.csv")
    result = decided("--rejects", "rejects.csv", "--sort")
    assert result.exit_code == command.SET_ASIDE, result.stderr
    assert Path("out.csv").read_bytes() == wanted
    assert sorted((row["key"], row["reason"]) for row in rows("rejects.csv")) == sorted(keys)
    text = Path("houses.csv").read_text(encoding="utf-8").splitlines()
    for row in rows("rejects.csv"):
        if row["file"] == "houses.csv" and row["key"]:
            assert text[int(row["line"]) - 1].startswith(row["key"])
    assert sorted(path.name for path in Path().iterdir()) == ["houses.csv", "out.csv", "rejects.csv", "tenants.csv"]


def test_sorting_refuses_a_member_that_could_be_anybodys(decided) -> None:
    Path("tenants.csv").write_text(TENANTS + "009,a\n", encoding="utf-8")
    result = decided("--sort")
    assert result.exit_code == 2
    assert (
        "tenants.csv: line 10: has 2 values; there are 5 columns; once lines are sorted, nobody can tell"
        in result.stderr
    )


MAP = """
title = "旧住宅システム"
key = "世帯番号"
on = { from = ["元号", "年月日"], width = [1, 6], system = "default" }
keep = ["団地"]
drop = ["備考"]
[file]
encoding = "cp932"
[fields]
floor_area = { from = "面積", factor = "1/10" }
Excess.years = { from = "超過年数", none = ["0"] }
[tables.tenants]
key = "世帯"
[tables.tenants.fields]
id = "番号"
born_on = { from = "生年月日", system = "default" }
Income.amount = { from = "所得千円", unit = "thousand_yen" }
Disability.grade = { from = "等級", codes = { "A" = 1, "B" = 3 }, none = ["-"] }
"""
OLD_HOUSES = "世帯番号,元号,年月日,団地,備考,面積,超過年数\r\n001,5,30401,桜,x,570,0\r\n002,5,030401,梅,,401,0\r\n003,5,030401,松,,400,3\r\n"
OLD_TENANTS = '世帯,番号,生年月日,所得千円,等級\r\n001,a,3550401,700,A\r\n003,a,4020101,"3,000",-\r\n'


def test_a_legacy_layout_with_its_map(files, run) -> None:
    Path("old.csv").write_bytes(OLD_HOUSES.encode("cp932"))
    Path("people.csv").write_bytes(OLD_TENANTS.encode("cp932"))
    Path("map.toml").write_text(MAP, encoding="utf-8")
    result = run(
        "batch",
        RENT,
        "old.csv",
        "out.csv",
        "--in",
        "999997",
        "--map",
        "map.toml",
        "--table",
        "tenants=people.csv",
        "--output-encoding",
        "cp932",
        "--rejects",
        "rejects.csv",
    )
    assert result.exit_code == command.SET_ASIDE, result.stderr
    assert [list(row.values()) for row in rows("out.csv", "cp932")] == [
        ["001", "桜", "1254.00", "0", "decided", ""],
        ["003", "松", "", "", "refused", "収入超過が3年以上 (条例第20条)"],
    ]
    assert [list(row.values())[1:5] for row in rows("rejects.csv", "cp932")] == [["3", "002", "floor_area", "401"]]


def test_a_map_that_does_not_fit_is_told_with_its_lines(files, run) -> None:
    Path("old.csv").write_bytes(OLD_HOUSES.replace("面積", "床面積").encode("cp932"))
    Path("people.csv").write_bytes(OLD_TENANTS.encode("cp932"))
    Path("map.toml").write_text(MAP.replace("Disability.grade", "Disability.grad"), encoding="utf-8")
    result = run(
        "batch", RENT, "old.csv", "out.csv", "--in", "999997", "--map", "map.toml", "--table", "tenants=people.csv"
    )
    assert result.exit_code == 2
    assert "map.toml:10: floor_area: old.csv has no column '面積' — did you mean '床面積'?" in result.stderr
    assert "map.toml:18: fields: 'Disability.grad' is unknown — did you mean 'Disability.grade'?" in result.stderr


def test_the_date_stands_in_a_column(files, run) -> None:
    Path("houses.csv").write_text(
        "no,月,floor_area,Excess\n1,H31.4.1,57,false\n2,R3.4.1,57,false\n3,R3.13.1,57,false\n4,,57,false\n5,H10.1.1,57,false\n",
        encoding="utf-8",
    )
    Path("tenants.csv").write_text(
        "no,id,born_on,Income.amount,Disability.grade\n" + "".join(f"{n},a,S55.4.1,900000,\n" for n in range(1, 6)),
        encoding="utf-8",
    )
    result = run(
        "batch",
        RENT,
        "houses.csv",
        "out.csv",
        "--in",
        "999997",
        "--on",
        "月",
        "--key",
        "no",
        "--table",
        "tenants=tenants.csv",
        "--rejects",
        "rejects.csv",
    )
    assert result.exit_code == command.SET_ASIDE, result.stderr
    assert [(row["no"], row["gross"]) for row in rows("out.csv")] == [("1", "1168.50"), ("2", "1254.00")]
    assert [(row["line"], row["field_or_rule"]) for row in rows("rejects.csv")] == [("4", "on"), ("5", "月"), ("6", "")]
    assert "covered: 2015-04-01 onwards" in rows("rejects.csv")[2]["reason"]


def test_municipalities_are_told_apart_by_a_column(files, run) -> None:
    Path("houses.csv").write_text(
        "code,key,floor_area,Excess\n999997,1,57,false\n215066,2,57,false\n123,3,57,false\n", encoding="utf-8"
    )
    Path("tenants.csv").write_text(
        "key,id,born_on,Income.amount,Disability.grade\n1,a,S55.4.1,900000,\n", encoding="utf-8"
    )
    result = run(
        "batch",
        RENT,
        "houses.csv",
        "out.csv",
        "--in",
        "999997",
        "--code",
        "code",
        "--on",
        "2021-04-01",
        "--table",
        "tenants=tenants.csv",
        "--rejects",
        "rejects.csv",
    )
    assert result.exit_code == command.SET_ASIDE, result.stderr
    assert [row["key"] for row in rows("out.csv")] == ["1"]
    assert [(row["line"], row["field_or_rule"], row["value"]) for row in rows("rejects.csv")][-1] == (
        "4",
        "code",
        "123",
    )


def test_explanations_in_a_column(files, run) -> None:
    Path("houses.csv").write_text("key,floor_area,Excess\n001,57,false\n", encoding="utf-8")
    Path("tenants.csv").write_text("\n".join(TENANTS.splitlines()[:3]), encoding="utf-8")
    for options, told in (((), "計算の根拠"), (("--locale", "en"), "How it was worked out")):
        run("batch", RENT, "houses.csv", "out.csv", *IN, "--table", "tenants=tenants.csv", "--explain-column", *options)
        assert told in rows("out.csv")[0]["explanation"]
        assert "条例第12条" in rows("out.csv")[0]["explanation"]


def test_other_formats_in_and_out(decided, files, run) -> None:
    decided("--rejects", "rejects.csv")
    wanted = [{name: value or None for name, value in row.items()} for row in rows("out.csv")]
    good = [line.split(",") for line in HOUSES.splitlines() if line.count(",") == 2]
    pyarrow.parquet.write_table(
        pa.table(dict(zip(good[0], map(list, zip(*good[1:], strict=True)), strict=True))), "houses.parquet"
    )
    result = run(
        "batch",
        RENT,
        "houses.parquet",
        "out.parquet",
        *IN,
        "--table",
        "tenants=tenants.csv",
        "--rejects",
        "rejects.xlsx",
    )
    assert result.exit_code == command.SET_ASIDE, result.stderr
    assert [
        {name: None if value is None else str(value) for name, value in row.items()}
        for row in pyarrow.parquet.read_table("out.parquet").to_pylist()
    ] == wanted
    assert Path("rejects.xlsx").stat().st_size > 0
    query = "select * from read_parquet('houses.parquet') where key <= '002' order by key"
    result = run("batch", RENT, "duckdb:", "out.csv", *IN, "--query", query, "--table", "tenants=tenants.csv")
    assert [row["key"] for row in rows("out.csv")] == ["001", "002"]


def test_lists_of_structs_in_parquet(files, run) -> None:
    tenants = [[{"id": "a", "born_on": "S55.4.1", "Income.amount": 700000, "Disability.grade": None}]]
    pyarrow.parquet.write_table(pa.table({"floor_area": [57], "Excess": [False], "tenants": tenants}), "in.parquet")
    result = run("batch", RENT, "in.parquet", "out.csv", *IN)
    assert result.exit_code == 0, result.stderr
    assert [(row["line"], row["total"]) for row in rows("out.csv")] == [("1", "1250")]


BAD = [
    (("houses.csv", "out.csv"), "the decision's date is missing (月の初日)"),
    (("none.csv", "out.csv", "--on", "R3.4.1"), "none.csv: No such file"),
    (("houses.csv", "out.cvs", "--on", "R3.4.1"), "did you mean '.csv'?"),
    (("houses.csv", "out.csv", "--on", "2021-13-01"), "there is no month 13"),
    (("houses.csv", "out.csv", "--on", "日"), "on: houses.csv has no column '日'"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--table", "tenant=x.csv"), "did you mean 'tenants'?"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--table", "tenants"), "write NAME=FILE"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--members", "a", "--table", "members=b"), "write one of them"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--keep", "x"), "keep: houses.csv has no column 'x'"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--rejects", "out.csv"), "the rejects need a file of their own"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--encoding", "utf16"), "encoding 'utf16' is not known here"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--map", "none.toml"), "none.toml: No such file"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--query", "select 1"), "a query goes with"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--resume"), "no earlier run to go on with"),
    (("houses.csv", "out.csv", "--on", "R3.4.1", "--sort", "--key", "nokey"), "key: houses.csv has no column 'nokey'"),
    (("houses.csv", "out.csv", "--on", "R3.4.1"), "tenants (世帯員) is missing"),
]


@pytest.mark.parametrize(("arguments", "told"), BAD)
def test_bad_input_ends_with_status_2_and_leaves_nothing(files, run, arguments: tuple[str, ...], told: str) -> None:
    before = sorted(path.name for path in files.iterdir())
    result = run("batch", RENT, *arguments, "--in", "999997")
    assert result.exit_code == 2
    assert told in result.stderr
    assert sorted(path.name for path in files.iterdir()) == before


def test_an_empty_file_gives_an_empty_file(files, run) -> None:
    Path("houses.csv").write_text("key,floor_area,Excess\n", encoding="utf-8")
    result = run(
        "batch", RENT, "houses.csv", "out.csv", *IN, "--table", "tenants=tenants.csv", "--rejects", "rejects.csv"
    )
    assert result.exit_code == command.SET_ASIDE
    assert Path("out.csv").read_text(encoding="utf-8") == '"key","gross","total","status","reason"\n'
    assert next(row["reason"] for row in rows("rejects.csv")).startswith("no row that could be read has this key")
    assert len(rows("rejects.csv")) == 8


def test_kept_columns_are_as_they_were(files, run) -> None:
    Path("houses.csv").write_text("key,floor_area,Excess,地区, total \n1,57,false, 桜 ,7\n", encoding="utf-8")
    Path("tenants.csv").write_text(
        "key,id,born_on,Income.amount,Disability.grade\n1,a,S55.4.1,900000,\n", encoding="utf-8"
    )
    result = run("batch", RENT, "houses.csv", "out.csv", *IN, "--table", "tenants=tenants.csv", "--keep", "*")
    assert result.exit_code == 0, result.stderr
    assert rows("out.csv") == [
        {
            "key": "1",
            "地区": " 桜 ",
            "total": "7",
            "gross": "1254.00",
            "Rent.total": "1250",
            "status": "decided",
            "reason": "",
        }
    ]


def test_no_summary_where_none_is_wanted(decided) -> None:
    result = decided("--quiet")
    assert (result.exit_code, result.stderr) == (command.SET_ASIDE, "")


def test_progress_on_a_terminal_only(decided, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CsvFile, "block", 20)
    assert "━" not in decided().stderr
    monkeypatch.setattr(command, "on_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "━" in decided().stderr
    assert "━" not in decided("--quiet").stderr
