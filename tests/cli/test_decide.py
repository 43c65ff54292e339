"""`munirules decide` and `munirules ask`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

RENT = "housing.monthly_rent"
CITY = Path(__file__).parent / "fiction" / "munirules_fictional" / "city"
QUESTION: dict[str, Any] = {
    "subject": {
        "floor_area": 57,
        "tenants": [
            {"id": "a", "born_on": "S55.4.1", "facts": {"Income": {"amount": 700000}, "Disability": {"grade": 1}}},
            {"id": "b", "born_on": "1985-01-01", "facts": {"Income": {"amount": 100000}, "Disability": None}},
        ],
    },
    "facts": {"Excess": None},
}
FACTS = json.dumps(QUESTION)
IN = ("--in", "999997", "--on", "2021-04-01")


def test_json_has_what_a_front_end_needs(run) -> None:
    result = run("decide", RENT, *IN, "--facts", FACTS, "--json")
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert {"status", "result", "trace", "jurisdiction", "on"} <= set(data)
    assert data["status"] == "decided"
    assert data["result"] == {"gross": 1254, "total": 1250}
    assert data["jurisdiction"] == {"code": "999997", "name": "架空市"}
    assert data["on"] == "2021-04-01"


def test_the_short_answer(run) -> None:
    result = run("decide", RENT, *IN, "--facts", FACTS)
    assert result.stdout.splitlines() == [
        "市営住宅の家賃 (housing.monthly_rent), 架空市 (999997), 2021-04-01: decided",
        "  unverified: 架空市営住宅条例 別表第1: 附則は未確認",
        "  gross (減額前の家賃): 1,254円",
        "  total (家賃): 1,250円",
    ]


def test_sen_are_printed_as_yen(run) -> None:
    result = run("decide", RENT, "--in", "架空市", "--on", "H31.4.30", "--facts", FACTS)
    assert "gross (減額前の家賃): 1,168.5円" in result.stdout


def test_members_are_told_apart(run) -> None:
    question = json.dumps({"subject": QUESTION["subject"]})
    result = run("decide", "housing.counted_income", *IN, "--facts", question)
    assert "  a: counted (控除後所得): 430,000円" in result.stdout
    assert "  b: counted (控除後所得): 100,000円" in result.stdout
    data = json.loads(run("decide", "housing.counted_income", *IN, "--facts", question, "--json").stdout)
    assert data["result"] == {"a": {"counted": 430000}, "b": {"counted": 100000}}


@pytest.mark.parametrize(("locale", "told"), [("ja", "計算の根拠"), ("en", "How it was worked out")])
def test_explain(run, locale: str, told: str) -> None:
    result = run("decide", RENT, *IN, "--facts", FACTS, "--explain", locale)
    assert told in result.stdout
    assert "条例第12条" in result.stdout


def test_diagram(run) -> None:
    assert run("decide", RENT, *IN, "--facts", FACTS, "--diagram").stdout.startswith("flowchart TD\n")


def test_facts_from_a_file_and_from_stdin(run, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(FACTS, encoding="utf-8")
    wanted = run("decide", RENT, *IN, "--facts", FACTS).stdout
    assert run("decide", RENT, *IN, "--facts", str(file)).stdout == wanted
    assert run("decide", RENT, *IN, "--facts", "-", given=FACTS).stdout == wanted


def test_the_date_is_said_in_the_facts_or_by_the_option_which_goes_before(run) -> None:
    dated = json.dumps({**QUESTION, "on": "平成31年4月1日"})
    assert "2019-04-01: decided" in run("decide", RENT, "--in", "999997", "--facts", dated).stdout
    assert "2021-04-01: decided" in run("decide", RENT, *IN, "--facts", dated).stdout


def test_no_date_is_assumed(run) -> None:
    result = run("decide", RENT, "--in", "999997", "--facts", FACTS)
    assert result.exit_code == 2
    assert "the decision's date is missing (月の初日)" in result.stderr


def test_as_known_on_a_date(run) -> None:
    arguments = ("decide", RENT, "--in", "999997", "--on", "2021-04-01", "--facts", FACTS)
    assert "1,168.5円" in run(*arguments, "--known", "2019-12-19").stdout
    assert "1,254円" in run(*arguments, "--known", "2019-12-20").stdout


def test_a_refusal_is_an_answer(run) -> None:
    refused = json.dumps({**QUESTION, "facts": {"Excess": {"years": 3}}})
    result = run("decide", RENT, *IN, "--facts", refused)
    assert result.exit_code == 0
    assert ": refused\n  収入超過が3年以上 (条例第20条)\n" in result.stdout
    assert json.loads(run("decide", RENT, *IN, "--facts", refused, "--json").stdout)["result"] is None


def test_a_finding_that_is_missing_is_an_answer(run) -> None:
    result = run("decide", RENT, *IN, "--facts", json.dumps({"subject": QUESTION["subject"]}))
    assert result.exit_code == 0
    assert ": needs_finding\n  収入超過の認定 (Excess): 市長" in result.stdout


def test_a_folder_of_data_is_added(run, tmp_path: Path) -> None:
    text = CITY.joinpath("housing.toml").read_text(encoding="utf-8")
    own = text.replace('title = "架空市営住宅条例"', 'title = "改正条例"\namends = "架空市営住宅条例"')
    own = own[: own.index("[[version]]")] + ("[[version]]\nsince = 2025-04-01\n[version.RentRates]\nper_square = 30\n")
    tmp_path.joinpath("housing.toml").write_text(own, encoding="utf-8")
    arguments = ("decide", RENT, "--in", "999997", "--on", "2025-04-01", "--facts", FACTS)
    assert "1,710円" in run(*arguments, "--enactments", str(tmp_path)).stdout
    assert "1,254円" in run(*arguments).stdout


BAD = [
    (("--in", "99998"), "--facts", FACTS, "no jurisdiction has the code"),
    (("--in", "架空町"), "--facts", FACTS, "did you mean 架空市 (999997)"),
    (("--in", "府中市"), "--facts", FACTS, "may be any of 2"),
    (("--in", "999997", "--on", "R8.13.1"), "--facts", FACTS, "there is no month 13"),
    (("--in", "999997", "--on", "1999-01-01"), "--facts", FACTS, "covered: 2015-04-01 onwards"),
    (IN, "--facts", '{"floor_area": 57.5, "tenants": []}', "57.5 is a decimal number"),
    (IN, "--facts", '{"floor_area": -1, "tenants": []}', "-1 is out of bounds"),
    (IN, "--facts", '{"floor_area": "57", "tenants": []}', "'57' is a str"),
    (IN, "--facts", '{"floor_area": 57', "--facts: line 1"),
    (IN, "--facts", "no/such/file.json", "no/such/file.json: No such file or directory"),
    (IN, "--facts", "[]", "is not an object"),
    (IN, "--facts", '{"subject": {"floor_area": 57, "tenants": []}, "facts": {"Exces": {}}}', "did you mean 'Excess'?"),
    ((*IN, "--enactments", "no/such/folder"), "--facts", FACTS, "no/such/folder: no such folder"),
    ((*IN, "--json", "--diagram"), "--facts", FACTS, "exclude each other"),
]


@pytest.mark.parametrize(("place", "option", "facts", "told"), BAD)
def test_bad_input_ends_with_status_2(run, place: tuple[str, ...], option: str, facts: str, told: str) -> None:
    on = () if "--on" in place else ("--on", "2021-04-01")
    result = run("decide", RENT, *place, *on, option, facts)
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("decision", "told"),
    [("housing.monthly_ren", "did you mean 'housing.monthly_rent'?"), ("housin.rent", "did you mean 'housing'?")],
)
def test_unknown_decisions(run, decision: str, told: str) -> None:
    result = run("decide", decision, *IN, "--facts", FACTS)
    assert result.exit_code == 2
    assert told in result.stderr


def test_malformed_data_names_file_line_and_key(run, tmp_path: Path) -> None:
    text = CITY.joinpath("housing.toml").read_text(encoding="utf-8").replace("per_square = 22", "per_squar = 22")
    tmp_path.joinpath("housing.toml").write_text(text, encoding="utf-8")
    result = run("decide", RENT, *IN, "--facts", FACTS, "--enactments", str(tmp_path))
    assert result.exit_code == 2
    assert f"{tmp_path / 'housing.toml'}:20: RentRates has no field 'per_squar' — did you mean" in result.stderr


@pytest.mark.parametrize("fault", ["RuntimeError", "SystemExit"])
def test_a_broken_plugin_breaks_its_own_jurisdiction_only(run, add_plugin, free, fault: str) -> None:
    code = free[0].code
    add_plugin(code, {"munirules_extra/data/housing.py": f"raise {fault}('broken')\n"})
    result = run("ask", RENT, "--in", code, "--on", "2021-04-01")
    assert result.exit_code == 2
    assert (
        f"plugin {code} (munirules-extra 1.0): munirules_extra.data.housing cannot be imported: {fault}: broken"
        in result.stderr
    )
    assert run("decide", RENT, *IN, "--facts", FACTS).exit_code == 0


def test_ask_lists_the_facts_needed(run) -> None:
    lines = run("ask", RENT, "--in", "999997", "--on", "R3.4.1").stdout
    assert "subject: Tenancy (入居世帯)" in lines
    assert "  Income (所得): about each Tenant; asked by housing.counted_income:counted" in lines
    assert "  Excess (収入超過の認定): found by 市長; may be none; asked by housing.monthly_rent:gross" in lines
    data = json.loads(run("ask", RENT, "--in", "999997", "--on", "R3.4.1", "--json").stdout)
    assert [fact["name"] for fact in data["facts"]] == ["Income", "Disability", "Excess"]
    area = next(field for field in data["subject"]["fields"] if field["name"] == "floor_area")
    assert (area["label"], area["unit"], area["minimum"], area["maximum"]) == ("床面積", "m²", 1, 500)


def test_ask_needs_a_date(run) -> None:
    assert run("ask", RENT, "--in", "999997").exit_code == 2
