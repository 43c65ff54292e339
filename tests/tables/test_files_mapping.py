"""Maps: what a map may say, and how it is held against a file."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from munirules import Rulebook
from munirules.money import Rate
from munirules.tables.files import mapping
from munirules.tables.files.mapping import MapError, TableMap, read_map
from munirules.tables.files.plan import bind, plain_map
from munirules.tables.files.targets import input_targets, result_targets

BOOK = Rulebook.of("白川町")
WATER = BOOK.decision("water.supply")
TARGETS = input_targets(BOOK, WATER)[""]
RESULTS = result_targets(WATER)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "old.toml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def test_the_example_of_the_documentation_is_a_map(tmp_path: Path) -> None:
    example = (mapping.__doc__ or "").partition("::\n\n")[2].partition("\nA field is filled")[0]
    found = read_map(written(tmp_path, example))
    assert found.main.key == "水栓番号"
    assert found.main.form.encoding == "cp932"
    assert found.main.fields["previous_on"].headers == ("前回元号", "前回年月日")
    assert found.main.fields["previous_on"].width == (1, 6)
    assert found.main.fields["months"].value == 2
    assert found.main.results["base_charge"].factor == Rate(1, 100)
    assert found.main.keep == ("地区",)
    assert found.tables["members"].drop == ("*",)
    assert found.tables["members"].fields["born_on"].system == "juki"


def test_facts_may_be_written_with_and_without_quotes(tmp_path: Path) -> None:
    text = '[fields]\n"Income.amount" = "所得"\nDisability.grade = { from = "等級", none = ["0"] }\n'
    assert list(read_map(written(tmp_path, text)).main.fields) == ["Income.amount", "Disability.grade"]


WRONG = [
    ("kee = 1\n", "old.toml:1: kee: 'kee' is unknown — did you mean 'keep'?"),
    ("\nkey = 1\n", "old.toml:2: key: key = 1 is not a header"),
    ("keep = 'x'\n", "'x' is not a list of headers"),
    ("[fields]\nx = 3\n", "old.toml:2: fields.x: 3 is no source"),
    ("[fields]\nx = { from = 'a', value = 1 }\n", "says both from and value"),
    ("[fields]\nx = { codes = { a = 1 } }\n", "lacks from (a header) or value (a constant)"),
    ("[fields]\nx = { from = [] }\n", "neither a header nor a list of headers"),
    ("[fields]\nx = { from = 'a', sistem = 'juki' }\n", "'sistem' is unknown — did you mean 'system'?"),
    ("[fields]\nx = { from = 'a', system = 'nenkn' }\n", "did you mean 'nenkin'?"),
    ("[fields]\nx = { from = 'a', policy = 'lax' }\n", "policy = 'lax' is not known"),
    ("[fields]\nx = { from = 'a', unit = 'sem' }\n", "did you mean 'sen'?"),
    ("[fields]\nx = { from = 'a', unit = 'sen', factor = '1/2' }\n", "says both unit and factor"),
    ("[fields]\nx = { from = 'a', factor = '-1' }\n", "is not above zero"),
    ("[fields]\nx = { from = 'a', factor = 'x' }\n", "rate 'x' is not understood"),
    ("[fields]\nx = { from = ['a', 'b'], width = [1] }\n", "is not a whole number for each header"),
    ("[fields]\nx = { from = 'a', none = '0' }\n", "is not a list of texts"),
    ("[fields]\nx = { from = 'a', empty = 'none', default = 1 }\n", "says both empty and default"),
    ("[fields]\nx = { from = 'a', codes = { '1' = [1] } }\n", "old.toml:2: fields.x.codes.1: 1 = [1] is not one value"),
    ("[tables.members]\nkeep = 1\n", "old.toml:2: tables.members.keep"),
    ("[file]\nencodin = 'x'\n", "did you mean 'encoding'?"),
    ("[file]\ncolumns = 'x'\n", "'x' is not a list of headers"),
    ("x = [\n", "old.toml: "),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_what_is_wrong_is_told_with_file_line_and_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(MapError) as caught:
        read_map(written(tmp_path, text))
    assert told in str(caught.value)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(MapError) as caught:
        read_map(written(tmp_path, "kee = 1\n[fields]\nx = 3\ny = 4\n"))
    assert len(caught.value.problems) == 3


def test_a_map_that_is_no_file_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(MapError, match="No such file"):
        read_map(tmp_path / "none.toml")
    path = tmp_path / "old.toml"
    path.write_bytes("key = '水'".encode("cp932"))
    with pytest.raises(MapError, match="not UTF-8"):
        read_map(path)


def bound(tmp_path: Path, text: str, headers: list[str]):
    return bind(read_map(written(tmp_path, text)).main, headers, TARGETS, results=RESULTS, name="bills.csv")


BASE = "[fields]\nmeter_size = '口径'\nvolume = '水量'\nmonths = { value = 2 }\n"


def test_every_header_is_accounted_for(tmp_path: Path) -> None:
    with pytest.raises(MapError) as caught:
        bound(tmp_path, BASE, ["口径", "水量", "備考", "volume"])
    at = f"{tmp_path / 'old.toml'}:1: bills.csv: the column"
    field = "a field has this name; map it: volume = 'volume'"
    assert caught.value.problems == (
        f"{at} '備考' is neither mapped, kept nor dropped",
        f"{at} 'volume' is neither mapped, kept nor dropped — {field}",
    )
    assert bound(tmp_path, 'drop = "*"\n' + BASE, ["口径", "水量", "備考"]).keep == ()
    assert bound(tmp_path, 'keep = "*"\n' + BASE, ["口径", "水量", "備考"]).keep == ("備考",)
    kept = bound(tmp_path, 'keep = "*"\ndrop = ["備考"]\n' + BASE, ["口径", "水量", "備考", "地区"])
    assert kept.keep == ("地区",)


FITS = [
    ("[fields]\nmeter_siz = '口径'\n", ["口径"], "fields: 'meter_siz' is unknown — did you mean 'meter_size'?"),
    ("[fields]\n'口径' = '口径'\n", ["口径"], "口径 is the label of 'meter_size'"),
    ("[results]\ntotl = '請求額'\n", ["請求額"], "results: 'totl' is unknown — did you mean 'total'?"),
    (
        "[fields]\nvolume = '使用水量'\n",
        ["使用水量計"],
        "bills.csv has no column '使用水量' — did you mean '使用水量計'?",
    ),
    ("key = 'no'\n", ["nos"], "key: bills.csv has no column 'no'"),
    ("keep = ['a']\ndrop = ['a']\n", ["a"], "'a' is both kept and dropped"),
    ("", ["a", "a"], "the header 'a' stands twice"),
    ("", ["a"], "no column fills volume (使用水量), which is required"),
    ("[fields]\nuse = { from = 'a', unit = 'sen' }\n", ["a"], "use (用途): unit and factor are for numbers"),
    ("[fields]\nuse = { from = 'a', system = 'juki' }\n", ["a"], "use (用途): system and policy are for dates"),
    ("[fields]\nmonths = { value = 13 }\n", ["a"], "months (月数): 13 is out of bounds"),
    ("[fields]\nmonths = { from = 'a', codes = { '1' = 'x' } }\n", ["a"], "months (月数): 'x' is a str"),
    ("[fields]\nmonths = { from = 'a', empty = 'none' }\n", ["a"], "months (月数): may not be none"),
]


@pytest.mark.parametrize(("text", "headers", "told"), FITS)
def test_a_map_that_does_not_fit_says_where(tmp_path: Path, text: str, headers: list[str], told: str) -> None:
    with pytest.raises(MapError) as caught:
        bound(tmp_path, text, headers)
    assert told in str(caught.value)


def test_without_a_map_headers_are_names_of_fields() -> None:
    headers = ["no", "meter_size", "volume", "months", "note"]
    mapped = plain_map(headers, TARGETS, TableMap(key="no", drop=("note",)))
    plan = bind(mapped, headers, TARGETS)
    assert [each.target.name for each in plan.fields] == ["meter_size", "volume", "months"]
    assert plan.wanted == {"meter_size": "int", "volume": "int", "months": "int", "no": "text"}


def test_a_fact_of_which_a_column_is_there_needs_its_others() -> None:
    book = Rulebook.of("岐阜市")
    targets = input_targets(book, book.decision("welfare.child_allowance"))["members"]
    headers = ["id", "born_on", "Income.total_income"]
    with pytest.raises(MapError, match=r"no column fills Income\.year"):
        bind(plain_map(headers, targets, TableMap()), headers, targets)


def test_tables_of_a_decision_about_a_household() -> None:
    book = Rulebook.of("岐阜市")
    targets = input_targets(book, book.decision("welfare.child_allowance"))
    assert list(targets) == ["", "members", "Roles.holders", "Roles.parties"]
    assert "born_on" in targets["members"]
    assert targets["members"]["Income"].spec.kind == "flag"
    assert targets[""]["members"].spec.kind == "rows"
