"""`munirules list`, `munirules show` and `munirules plugins`."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path

import pytest

from munirules.plugins.jurisdictions import municipalities

RENT = "housing.monthly_rent"


def test_list_by_area(run) -> None:
    lines = run("list", "--in", "999997").stdout.splitlines()
    start = lines.index("housing (住宅)")
    assert lines[start + 1 : start + 3] == [
        "  housing.counted_income\t控除後所得\t基準日\t架空市長",
        "  housing.monthly_rent\t市営住宅の家賃\t月の初日\t架空市長",
    ]


def test_list_knows_the_nations_decisions_alone_unless_asked(run) -> None:
    names = {decision["name"] for decision in json.loads(run("list", "--json").stdout)}
    assert RENT not in names
    assert "water.supply" in names


def test_list_as_json(run) -> None:
    found = {decision["name"]: decision for decision in json.loads(run("list", "--in", "999997", "--json").stdout)}
    assert found[RENT] == {
        "name": RENT,
        "title": "市営住宅の家賃",
        "area": "housing",
        "area_title": "住宅",
        "on": "月の初日",
        "authority": "架空市長",
        "role": "decides",
        "law": "公営住宅法第16条",
    }


def test_a_broken_plugin_does_not_break_list_plugins_or_help(run, add_plugin, free) -> None:
    add_plugin(free[0].code, {"munirules_extra/data/housing.py": "raise RuntimeError\n"})
    add_plugin(free[1].code, {}, name="munirules-gone", value="munirules_gone:nowhere")
    assert "munirules_extra" in run("plugins").stdout
    for arguments in (("--help",), ("list",), ("plugins",)):
        assert run(*arguments).exit_code == 0


def test_an_area_that_cannot_be_opened_is_told_and_the_others_listed(run, add_plugin) -> None:
    files = {
        "munirules_extra/data/housing.toml": "title = 3\n",
        "munirules_extra/data/jurisdiction.toml": (
            'code = "999989"\nname = "虚構市"\nkana = "きょこうし"\nromaji = "Kyoko-shi"\nkind = "city"\n'
        ),
    }
    add_plugin("999989", files)
    result = run("list", "--in", "999989")
    assert result.exit_code == 2  # its own data are looked at when its rulebook is opened
    assert "housing.toml:1: title = 3 is not allowed" in result.stderr
    assert run("list").exit_code == 0


def test_show(run) -> None:
    text = run("show", RENT, "--in", "999997").stdout
    for line in (
        "市営住宅の家賃 (housing.monthly_rent), 架空市 (999997)",
        "  date: 月の初日",
        "  authority: 架空市長; the municipality decides",
        "  floor_area (床面積): a whole number from 1 to 500 m²",
        "      born_on (生年月日 / born on): a date such as 2026-04-01, R8.4.1 or 令和8年4月1日",
        "  Excess (収入超過の認定): found by 市長; asked by gross",
        "  Counted: 控除後所得 (housing.counted_income)",
        "result: Rent (家賃)",
        "  gross (減額前の家賃): 条例第12条",
        "provision: RentRates (家賃の率)",
        "  in force: 2015-04-01 onwards",
        "  version 2020-04-01 to (promulgated 2019-12-20): 架空市営住宅条例 別表第1: per_square; unverified: 附則は未確認",
    ):
        assert line in text.splitlines()
    assert "  per_square (1m²当たり): " in text
    assert "; set by the municipality" in text


def test_show_as_json(run) -> None:
    data = json.loads(run("show", RENT, "--in", "999997", "--json").stdout)
    rates = data["provisions"][0]
    assert rates["covered"] == [["2015-04-01", None]]
    assert [version["fields"] for version in rates["versions"]] == [
        ["per_square", "round_total", "exempt_below"],
        ["per_square"],
    ]
    assert {fact["name"]: fact["about"] for fact in data["facts"]} == {
        "Disability": "Tenant",
        "Excess": "",
        "Income": "Tenant",
    }
    assert run("show", "housing.counted_income", "--in", "999997").stdout.count("for each Tenant") == 1


def test_show_without_a_place_shows_the_nations(run) -> None:
    text = run("show", "water.supply").stdout
    assert "  in force: at no date here" in text
    assert "provision: ConsumptionTax (消費税率)" in text
    assert "set by the nation" in text


def test_plugins(run, add_plugin, free) -> None:
    first, second, third, fourth, *_ = free
    add_plugin(first.code, {"munirules_extra/data/water.toml": ""})
    add_plugin(first.code, {"munirules_twin/data/water.toml": ""}, name="munirules-twin")
    add_plugin(second.code, {}, name="munirules-gone", value="munirules_gone:nowhere")
    add_plugin(third.code, {}, name="munirules-module", value="munirules_module.hooks")
    add_plugin(fourth.code, {}, name="munirules-absent", value="not_there.hooks")
    rows = [line.split("\t") for line in run("plugins").stdout.splitlines()]
    states = {row[2]: (row[0], row[1], row[5]) for row in rows}
    conflict = "conflict: another plugin speaks for the same jurisdiction"
    assert states["munirules"] == ("000000", "国", "ok")
    assert states["munirules-fictional"] == ("999997", "架空市", "ok")
    assert states["munirules-extra"] == (first.code, first.full_name, conflict)
    assert states["munirules-twin"] == (first.code, first.full_name, conflict)
    assert states["munirules-gone"] == (second.code, second.full_name, "folder missing")
    assert states["munirules-module"] == (third.code, third.full_name, "ok")
    assert states["munirules-absent"] == (fourth.code, fourth.full_name, "module missing")
    found = {plugin["distribution"]: plugin for plugin in json.loads(run("plugins", "--json").stdout)}
    assert found["munirules-gone"]["value"] == "munirules_gone:nowhere"
    assert found["munirules-gone"]["state"] == "folder missing"


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugin for each of the 1,741 municipalities, whose package must not be imported."""
    site = tmp_path_factory.mktemp("everybody")
    for body in municipalities():
        package = f"munirules_m{body.code}"
        info = site / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: munirules-m{body.code}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[munirules]\n{body.code} = {package}:data\n")
        (site / package / "data").mkdir(parents=True)
        (site / package / "__init__.py").write_text("raise RuntimeError('imported')\n")
    shutil.rmtree(site / "munirules_m212016" / "data")
    return site


def test_1741_plugins_are_listed_in_no_time_and_none_is_imported(process, everybody: Path) -> None:
    started = time.perf_counter()
    done = process("-m", "munirules", "plugins", path=str(everybody))
    spent = time.perf_counter() - started
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    own = [row for row in rows if re.fullmatch(r"munirules-m\d{6}", row[2])]
    assert done.returncode == 0
    assert len(own) == 1741
    assert [row[2] for row in own if "folder missing" in row[5]] == ["munirules-m212016"]
    assert spent < 3  # wanted: 0.6 s; a machine under load is given time
