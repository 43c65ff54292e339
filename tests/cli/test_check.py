"""`munirules check`: every kind of fault is found, and told with its place."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from munirules.checking.process import check
from munirules.checking.target import Target, targets
from munirules.plugins.discovery import installed

CITY = Path(__file__).parent / "fiction" / "munirules_fictional" / "city"
RATES = """\
title = "架空市営住宅条例"
kind = "ordinance"
jurisdiction = "999997"
source = "https://city.kaku.lg.jp/reiki/housing.html"
read_on = 2026-11-20
"""


def checks(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (plugin,) = report["plugins"]
    return {one["name"]: one for one in plugin["checks"]}


@pytest.fixture
def loose(run, tmp_path: Path):
    """Check a loose folder of the city with some of its files changed; returns exit status and checks by name."""
    folder = tmp_path / "loose"
    folder.mkdir()
    for file in CITY.glob("*.*"):
        folder.joinpath(file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")

    def examine(**files: str | None) -> tuple[int, dict[str, dict[str, Any]]]:
        for name, text in files.items():
            target = folder / name.replace("__", ".")
            if text is None:
                target.unlink()
            else:
                target.write_text(text, encoding="utf-8")
        result = run("check", str(folder), "--json", "--examples", "3")
        return result.exit_code, checks(json.loads(result.stdout))

    return examine


def told(one: dict[str, Any], level: str = "error") -> str:
    return "\n".join(finding["message"] for finding in one["findings"] if finding["level"] == level)


def city(name: str) -> str:
    return CITY.joinpath(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["999997", "架空市", "munirules-fictional", str(CITY)])
def test_a_sound_plugin_by_code_name_distribution_and_folder(run, name: str) -> None:
    result = run("check", name)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "架空市 (999997): munirules-fictional 1.0"
    marks = {line.split()[1]: line.split()[0] for line in lines if line.startswith(("  ok", "  warn", "  FAIL"))}
    assert marks == {
        "schema": "ok",
        "sources": "ok",
        "imports": "ok",
        "globals": "ok",
        "wiring": "ok",
        "dates": "ok",
        "cases": "ok",
        "properties": "ok",
        "columns": "ok",
        "unverified": "warn",
    }
    assert "  ok    cases       2 of 3 right, 1 misprint" in lines
    assert "          warning: housing.toml:18: 附則は未確認" in lines
    assert "          note: cases.toml:16: assumed: nobody earns too much" in lines
    assert lines[-1] == "passed: 0 errors, 1 warning"


def test_a_loose_folder_with_code_is_checked_in_place_of_the_installed_plugin(loose) -> None:
    status, found = loose()
    assert status == 0
    assert found["cases"]["summary"] == "2 of 3 right, 1 misprint"
    assert found["imports"]["summary"].startswith("1 module, ")
    assert "munirules_checked" not in sys.modules  # another process did it


def test_columns(loose) -> None:
    rules = city("housing.py").replace("- 270000, 0)", "- 270000 * len(holidays_in(2026)), 0)")
    rules = rules.replace(
        "from munirules.money", "from munirules.calendar.holidays import holidays_in\nfrom munirules.money"
    )
    _, found = loose(housing__py=rules)
    assert found["columns"]["summary"] == "2 decisions"
    notes = told(found["columns"], "note")
    assert "housing.counted_income runs in Python: rule 'counted': the helper _data has no compiled form" in notes


def test_schema(loose) -> None:
    status, found = loose(housing__toml=city("housing.toml").replace('kind = "ordinance"', 'knd = "ordinance"'))
    assert status == 1
    assert "housing.toml:2: unknown key 'knd' — did you mean 'kind'?" in told(found["schema"])
    assert found["wiring"]["skipped"] == "its files have faults"
    assert found["cases"]["state"] == "skipped"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("huosing__toml", RATES, "huosing.toml: named after no area — did you mean 'housing'?"),
        ("jurisdiction__toml", 'code = "999997"\nname = "架空市"\n', "'kind' is missing beside name"),
        ("jurisdiction__toml", 'code = "999997"\n', "999997: no jurisdiction of the national table; describe it"),
    ],
)
def test_files(loose, name: str, text: str, message: str) -> None:
    status, found = loose(**{name: text})
    assert status == 1
    assert message in told(found["schema"])


def test_sources(loose) -> None:
    own = city("housing.toml").replace("https://city.kaku.lg.jp/reiki/housing.html", "条例集")
    cases = city("cases.toml").replace("city.kaku.lg.jp", "example.com")
    status, found = loose(housing__toml=own, cases__toml=cases)
    assert status == 1
    assert "housing.toml:4: source '条例集' is no address" in told(found["sources"])
    assert told(found["sources"]).count("is still to be filled in") == 3


def test_wiring(loose) -> None:
    own = (
        city("housing.toml")
        .replace("per_square = 22", "per_squar = 22")
        .replace("round_total = 10", "round_total = 1.5")
    )
    rules = city("housing.py").replace("gross: Sen, household_income", "gros: Sen, household_income")
    status, found = loose(housing__toml=own, housing__py=rules.replace("to_yen(gross", "to_yen(gros"))
    assert status == 1
    message = told(found["wiring"])
    assert "housing.toml:20: RentRates has no field 'per_squar' — did you mean 'per_square'?" in message
    assert "housing.toml:12: RentRates.round_total (端数単位): 1.5 is a decimal number" in message
    assert "rule 'total': nothing provides argument 'gros'" in message
    assert found["dates"]["skipped"] == "it cannot be wired"


def test_a_rule_outside_the_contract_cannot_be_imported(loose) -> None:
    rules = city("housing.py").replace("return tenancy.floor_area * rates.per_square", "return tenancy.floor_area / 2")
    status, found = loose(housing__py=rules)
    assert status == 1
    assert "munirules_checked.housing cannot be imported: ContractError: rule 'gross' breaks the contract" in told(
        found["imports"]
    )


def rates(*versions: str) -> str:
    return RATES + "".join(f"[[version]]\n{version}\n" for version in versions)


FULL = "[version.RentRates]\nper_square = 20\nround_total = 10\nexempt_below = 0"


@pytest.mark.parametrize(
    ("text", "level", "message"),
    [
        (
            rates(f"since = 2015-04-01\nuntil = 2018-03-31\n{FULL}", f"since = 2018-05-01\n{FULL}"),
            "error",
            "housing.toml:6: RentRates from 2018-04-01 to 2018-04-30: a gap: per_square (1m²当たり) of 架空市営住宅条例 ended on 2018-03-31",
        ),
        (
            rates(
                f"since = 2015-04-01\nuntil = 2018-03-31\n{FULL}",
                "since = 2018-03-01\n[version.RentRates]\nround_total = 1",
                f"since = 2018-04-01\n{FULL}",
            ),
            "error",
            "housing.toml:16: RentRates.round_total from 2018-03-01, but the version at line 6 says until 2018-03-31: an overlap",
        ),
        (
            rates(f"since = 2015-04-01\nuntil = 2018-03-31\n{FULL}"),
            "warning",
            "housing.toml:6: RentRates from 2018-04-01 on: it ends: per_square (1m²当たり) of 架空市営住宅条例 ended on 2018-03-31",
        ),
        (
            rates("since = 2010-04-01\n[version.RentRates]\nround_total = 10", f"since = 2015-04-01\n{FULL}"),
            "warning",
            "housing.toml:6: RentRates from 2010-04-01 to 2015-03-31: it begins later: per_square (1m²当たり) is not in force",
        ),
    ],
)
def test_dates(loose, text: str, level: str, message: str) -> None:
    status, found = loose(housing__toml=text, cases__toml=None)
    assert message in told(found["dates"], level)
    assert status == (level == "error")
    assert "no cases; write printed examples (計算例)" in told(found["cases"], "warning")


def test_a_temporary_version_and_a_correction_are_no_overlap(loose) -> None:
    text = rates(
        f"since = 2015-04-01\nuntil = 2030-03-31\n{FULL}",
        "since = 2018-03-01\nuntil = 2018-03-31\ntemporary = true\n[version.RentRates]\nround_total = 1",
        f"since = 2030-04-01\n{FULL}",
        f"since = 2030-04-01\npromulgated = 2031-01-01\n{FULL}",
    )
    status, found = loose(housing__toml=text, cases__toml=None)
    assert status == 0, found["dates"]
    assert found["dates"]["findings"] == []


def test_cases(loose) -> None:
    status, found = loose(cases__toml=city("cases.toml").replace("gross = 1254,", "gross = 1255,"))
    assert status == 1
    assert found["cases"]["summary"] == "1 of 3 right, 1 misprint, 1 wrong"
    assert "two tenants: wrong: gross is 1254, printed 1255\n    printed: 57m²" in told(found["cases"])
    status, found = loose(cases__toml=city("cases.toml").replace("[[case]]", "[[cas]]"))
    assert status == 1
    assert "unknown key 'cas' — did you mean 'case'?" in told(found["cases"])


NASTY = """
import decimal, os, sys, time, warnings
from munirules import money
from munirules.law.water.supply import water_bill
decimal.getcontext().prec = 5
os.environ["NASTY"] = "1"
warnings.simplefilter("ignore")
sys.modules["json"] = os
money.floor_to = None
water_bill.rules = water_bill.rules[:-1]
water_bill.title = "x"
money.Rate.parse = None
time.sleep(0.3)
print("hello")
"""


def test_what_importing_changes_for_others(loose) -> None:
    status, found = loose(housing__py=city("housing.py") + NASTY, water__py="")
    assert status == 1
    message = told(found["globals"])
    for line in (
        "os.environ['NASTY']: nothing became 1",
        "warnings.filters: ",
        "the decimal context: ",
        "module json was replaced",
        "munirules.money.floor_to was replaced",
        "munirules.money.Rate.parse was ",
        "the rules of the shared decision water.supply were changed",
        "the shared decision's water.supply.title was changed",
    ):
        assert line in message
    assert "munirules_checked.housing takes 0.3" in told(found["imports"], "warning")
    assert told(found["output"], "warning").endswith("printed:\nhello")


def test_other_packages_that_it_imports_are_noted(loose) -> None:
    _, found = loose(housing__py=city("housing.py") + "\nimport hypothesis\n")
    assert "hypothesis" in told(found["imports"], "note")
    assert found["globals"]["state"] == "passed", found["globals"]


def test_a_plugin_that_ends_or_hangs_its_process(loose, tmp_path: Path) -> None:
    status, found = loose(housing__py="import os\nos._exit(7)\n")
    assert status == 1
    assert "the check itself ended with status 7" in told(found["process"])
    loose_folder = tmp_path / "loose"
    loose_folder.joinpath("housing.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    report = check(Target(code="999997", folder=str(loose_folder)), timeout=2)
    assert "did not end within 2 s" in report.checks[0].findings[0].message
    assert not report.passed


def test_a_module_plugin(run, add_plugin, free, monkeypatch: pytest.MonkeyPatch) -> None:
    code = free[0].code
    hooks = (
        "from munirules.engine.enactment import parse\nfrom munirules.plugins import hookimpl\n"
        "@hookimpl\ndef munirules_water():\n    return [parse(TEXT, file='inside')]\nTEXT = '''\n"
        + WATER.replace("212041", code)
        + "'''\n"
    )
    site = add_plugin(code, {"munirules_extra/hooks.py": hooks}, value="munirules_extra.hooks")
    monkeypatch.setenv("PYTHONPATH", f"{site}")
    result = run("check", code)
    assert result.exit_code == 0, result.stdout
    assert "ok    wiring      areas: " in result.stdout
    assert "-     dates       not checked: the plugin is a module" in result.stdout


WATER = """\
title = "架空の給水条例"
kind = "ordinance"
jurisdiction = "212041"
source = "https://www.city.tajimi.lg.jp/reiki"
read_on = 2026-11-20
[[version]]
since = 2019-10-01
[version.WaterTariff]
table_months = 1
"""


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("{free}", "no plugin is installed for '{free}' ({free})"),
        ("munirules-fictiona", "did you mean 'munirules-fictional'?"),
        ("{tmp}", "no file says for whom it speaks"),
        (str(CITY / "housing.toml"), "is a file; give the folder in which it stands"),
    ],
)
def test_unknown_targets_end_with_status_2(run, free, tmp_path: Path, name: str, told: str) -> None:
    result = run("check", name.format(tmp=tmp_path, free=free[0].code))
    assert result.exit_code == 2
    assert told.format(free=free[0].code) in result.stderr


def test_a_folder_speaks_with_one_voice(run, tmp_path: Path) -> None:
    tmp_path.joinpath("water.toml").write_text(WATER, encoding="utf-8")
    tmp_path.joinpath("housing.toml").write_text(RATES, encoding="utf-8")
    result = run("check", str(tmp_path))
    assert result.exit_code == 2
    assert (
        "one folder speaks for one jurisdiction, but water.toml says '212041', housing.toml says '999997'"
        in result.stderr
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[project]\nname = 'x'\n", "no plugin; write [project.entry-points.munirules]"),
        ("[project", "pyproject.toml: "),
        ('[project.entry-points.munirules]\n212041 = "nothing:here"\n', "but there is no folder"),
    ],
)
def test_projects(run, tmp_path: Path, text: str, told: str) -> None:
    tmp_path.joinpath("pyproject.toml").write_text(text, encoding="utf-8")
    result = run("check", str(tmp_path))
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_distribution_of_many(add_plugin) -> None:
    site = add_plugin("212016", {"munirules_extra/data/water.toml": ""})
    info = site / "munirules_extra-1.0.dist-info" / "entry_points.txt"
    info.write_text("[munirules]\n212016 = munirules_extra:data\n212024 = munirules_extra:data\n", encoding="utf-8")
    installed.cache_clear()
    assert [target.code for target in targets("munirules-extra")] == ["212016", "212024"]
