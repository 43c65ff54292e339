"""An old system's answers held against the rules: what differs is explained, blamed, and known or new."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from tests.fictional.household import DECISIONS, levy
from tests.fictional.laws import LAWS
from tests.testing import bills

from munirules import Rulebook
from munirules.cli.root import cli
from munirules.law.water.supply import WaterUse
from munirules.plugins.discovery import plugin_of
from munirules.tables.files.mapping import read_map
from munirules.testing.audit.condition import telling
from munirules.testing.audit.draft import drafted
from munirules.testing.audit.legacy import LegacyError, read_legacy
from munirules.testing.audit.run import AuditError, audit
from munirules.testing.kit import book
from munirules.testing.ledger import LedgerError, read_ledger, written
from munirules.testing.report import rendered
from munirules.testing.report.audited import report_of

SHIRAKAWA, HIGASHI = "215066", "215074"
ROWS = 20_000


def run(*arguments: str):
    result = CliRunner().invoke(cli, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def town():
    rulebook = Rulebook.of(SHIRAKAWA)
    return rulebook, rulebook.decision("water.supply")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """20,000 bills of an old system with two quirks, in CP932, with eras and its own codes; three lines are broken."""
    path = tmp_path_factory.mktemp("legacy") / "bills.csv"
    planted = bills.write(path, ROWS)
    path.with_suffix(".toml").write_text(bills.MAP, encoding="utf-8")
    return path, planted


@pytest.fixture(scope="module")
def found(town, file):
    path, _ = file
    legacy = read_legacy(*town, str(path), read_map(path.with_suffix(".toml")))
    return audit(*town, legacy, seed=1, today=date(2026, 4, 1))


def test_two_planted_quirks_are_found_and_each_explains_its_rows_to_the_last(found, file, town):
    _, planted = file
    groups = {group.key: group for group in found.groups}
    assert set(groups) == {"previous-version", "tax-each-month"}
    assert int(groups["previous-version"].rows.sum()) == planted["farm"]
    different = int(found.base.different.sum())
    assert int(groups["tax-each-month"].rows.sum()) == different - planted["farm"]
    for group in groups.values():
        assert group.tried.upset == 0
        assert group.tried.right > 100


def test_the_quirk_of_one_use_is_told_by_that_use_and_by_the_day_of_the_revision(found):
    (group,) = (group for group in found.groups if group.key == "previous-version")
    told = {(own.column, own.value, own.low) for own in group.conditions}
    assert ("use", "農業施設用", None) in told
    assert ("#on", None, date(2023, 4, 10)) in told


def test_each_is_blamed_on_the_rule_article_and_figures(found):
    blames = {group.key: group.blame for group in found.groups}
    late = blames["previous-version"]
    assert (late.rule, [cell.branch for cell in late.figures]) == ("charged_by", ["WaterTariff.charges.base"])
    assert late.figures[0].before > late.figures[0].after
    monthly = blames["tax-each-month"]
    assert (monthly.rule, monthly.part) == ("span_charge", "1")
    assert {cell.path for cell in monthly.figures} == {"WaterTariff.tax_each_month", "WaterTariff.round_month"}
    assert monthly.articles == ("白川町水道料金（水道事業給水条例による料金の公表）",)


def test_a_witness_of_the_file_shows_it_again(found, town):
    rulebook, _ = town
    for group in found.groups:
        own = group.witness
        answer = own.question.answer(rulebook)
        assert answer.result["total"] != own.old["total"]
        assert own.line > 1


def test_unreadable_rows_are_set_aside_with_line_and_reason_and_counts_add_up(found, town):
    assert [(own.line, own.field) for own in found.aside] == [(4, "meter_size"), (6, "on"), (8, "")]
    assert "not among the codes" in found.aside[0].reason
    assert found.aside[1].value == "59" + found.aside[1].value[2:]
    assert "10 values" in found.aside[2].reason
    report = report_of(found, *town)
    assert report.asked == ROWS == report.same + report.different + report.set_aside
    assert report.set_aside == 3


def test_two_runs_with_one_seed_give_one_report(file, town, found):
    path, _ = file
    legacy = read_legacy(*town, str(path), read_map(path.with_suffix(".toml")))
    again = audit(*town, legacy, seed=1, today=date(2026, 4, 1))
    for form in ("text", "markdown", "json", "html"):
        assert rendered(report_of(again, *town), form) == rendered(report_of(found, *town), form)


def test_a_quirk_that_is_tested_leaves_only_what_it_does_not_explain(file, town):
    path, planted = file
    legacy = read_legacy(*town, str(path), read_map(path.with_suffix(".toml")))
    tested = audit(*town, legacy, quirks=["tax-each-month"], seed=1, today=date(2026, 4, 1))
    assert [group.key for group in tested.groups] == ["previous-version"]
    assert report_of(tested, *town).after.endswith(" + tax-each-month")
    assert 0 < int(tested.base.different.sum()) <= planted["farm"]


def test_a_drafted_ledger_makes_the_audit_pass_until_something_changes(file, town, found, tmp_path):
    path, planted = file
    ledger = tmp_path / "known.toml"
    ledger.write_text(written(drafted(found, *town)), encoding="utf-8")
    arguments = ("audit", "water.supply", str(path), "--map", str(path.with_suffix(".toml")), "--in", SHIRAKAWA)
    arguments = (*arguments, "--as-of", "2026-04-01", "--ledger", str(ledger), "--form", "json")

    passed = run(*arguments)
    assert passed.exit_code == 0
    assert json.loads(passed.stdout)["passed"] is True

    text = ledger.read_text(encoding="utf-8")
    ledger.write_text(text.replace(f"rows = {planted['farm']}", f"rows = {planted['farm'] - 1}"), encoding="utf-8")
    grown = run(*arguments)
    assert grown.exit_code == 1
    assert "grew to" in json.loads(grown.stdout)["failures"][0]

    ledger.write_text(text.replace("[known.when]", "expires = 2026-03-31\n[known.when]", 1), encoding="utf-8")
    expired = run(*arguments)
    assert (expired.exit_code, "expired on 2026-03-31" in expired.stdout) == (1, True)

    head, *entries = text.split("[[known]]")
    ledger.write_text(head + "[[known]]" + entries[0], encoding="utf-8")
    new = run(*arguments)
    assert new.exit_code == 1
    assert [own["key"] for own in json.loads(new.stdout)["groups"] if not own["known"]] != []

    gone = entries[0].replace("農業施設用", "浴場営業用")
    ledger.write_text(
        "[[known]]".join([head, gone, *entries]).replace(gone, gone.replace('name = "', 'name = "x ')), encoding="utf-8"
    )
    assert "vanished" in run(*arguments).stdout


def test_a_ledger_of_another_body_or_of_fields_that_are_not_there_is_refused(file, town, found, tmp_path):
    path, _ = file
    legacy = read_legacy(*town, str(path), read_map(path.with_suffix(".toml")))
    ledger = tmp_path / "known.toml"
    text = 'decision = "water.supply"\njurisdiction = "{}"\n[[known]]\nname = "x"\nreason = "y"\n[known.when]\n{} = 1\n'
    ledger.write_text(text.format("212016", "volume"), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"is about water\.supply of 212016"):
        audit(*town, legacy, ledger=read_ledger(ledger))
    ledger.write_text(text.format(SHIRAKAWA, "volme"), encoding="utf-8")
    with pytest.raises(LedgerError, match="did you mean 'volume'"):
        audit(*town, legacy, ledger=read_ledger(ledger))
    with pytest.raises(AuditError, match="no amount 'totl'"):
        audit(*town, legacy, amount="totl")


def test_what_cannot_be_read_at_all_is_told(town, tmp_path):
    path, mapped = tmp_path / "x.csv", tmp_path / "x.toml"
    path.write_text("use,meter_size,volume,months\n家事用,13,1,1\n", encoding="utf-8")
    fields = '[fields]\nuse = "use"\nmeter_size = "meter_size"\nvolume = "volume"\nmonths = "months"\n'
    mapped.write_text(fields, encoding="utf-8")
    with pytest.raises(LegacyError, match="names no answer of the old system"):
        read_legacy(*town, str(path), read_map(mapped), on=date(2024, 4, 1))
    mapped.write_text(f'{fields}[results]\ntotal = "volume"\n', encoding="utf-8")
    with pytest.raises(LegacyError, match="neither the map nor --on says the decision's date"):
        read_legacy(*town, str(path), read_map(mapped))


# Planted faults in a copy of a plugin.

FAULTS = {
    "threshold": ("{ above = 20, price = 145 }", "{ above = 21, price = 145 }"),
    "order": (
        "{ above = 30, price = 136 },\n    { above = 40, price = 127 }",
        "{ above = 30, price = 127 },\n    { above = 40, price = 136 }",
    ),
    "price": ("{ above = 10, price = 154 }", "{ above = 10, price = 154.5 }"),
}


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """A file of right answers of 東白川村, each twice: of all volumes up to 80 m³."""
    rulebook = Rulebook.of(HIGASHI)
    path = tmp_path_factory.mktemp("village") / "right.csv"
    lines = ["volume,size,total"]
    for volume in range(81):
        for size in (13, 25, 40):
            bill = rulebook.decide(
                "water.supply", WaterUse(meter_size=size, volume=volume, months=1), on=date(2024, 5, 1)
            ).result
            lines += [f"{volume},{size},{bill.total}"] * 2
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    mapped = '[fields]\nvolume = "volume"\nmeter_size = "size"\nmonths = { value = 1 }\n[results]\ntotal = "total"\n'
    path.with_suffix(".toml").write_text(mapped, encoding="utf-8")
    return path


@pytest.fixture
def faulty(tmp_path):
    """A copy of the plugin with faults planted."""

    def plant(*names: str) -> Path:
        copy = tmp_path / "munirules-gifu"
        folder = copy / "src" / "munirules_gifu" / "higashishirakawa"
        plugin = plugin_of(HIGASHI)
        assert plugin is not None
        shutil.copytree(plugin.folder(), folder)
        entry = '[project]\nname = "munirules-gifu"\nversion = "0.2"\n[project.entry-points.munirules]\n'
        copy.joinpath("pyproject.toml").write_text(f'{entry}{HIGASHI} = "munirules_gifu:higashishirakawa"\n')
        water = folder / "water.toml"
        text = water.read_text(encoding="utf-8")
        for name in names:
            old, new = FAULTS[name]
            assert text.count(old) == 1
            text = text.replace(old, new)
        water.write_text(text, encoding="utf-8")
        return copy

    return plant


@pytest.mark.parametrize(
    ("name", "explains", "cells"),
    [
        ("threshold", "WaterTariff.bands[2].above@2019-10-01=20", {"WaterTariff.bands[2].above": (20, 21)}),
        ("price", "WaterTariff.bands[1].price@2019-10-01=154", {"WaterTariff.bands[1].price": (154, 154.5)}),
        (
            "order",
            "WaterTariff.bands[3].price<->WaterTariff.bands[4].price@2019-10-01",
            {"WaterTariff.bands[3].price": (136, 127)},
        ),
    ],
)
def test_a_fault_planted_in_a_copy_of_a_plugin_is_named(name, explains, cells, faulty, village):
    result = run(
        *("audit", "water.supply", str(village), "--map", str(village.with_suffix(".toml")), "--in", HIGASHI),
        *("--on", "2024-05-01", "--plugin", str(faulty(name)), "--form", "json"),
    )
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["asked"] == 486 == report["same"] + report["different"]
    (group,) = report["groups"]
    assert (group["rule"], group["title"]) == ("span_charge", "各月の料金")
    assert group["articles"] == ["東白川村簡易水道料金（料金表の公表）"]
    assert group["proposals"][0]["name"] == explains
    assert group["proposals"][0]["explained"] == group["count"]
    found = {own["path"]: (own["before"], own["after"]) for own in group["figures"]}
    assert found.items() >= cells.items()
    assert group["figures"][0]["source_after"]["where"].startswith("munirules_gifu/higashishirakawa/water.toml:")


def test_two_faults_in_one_table_are_told_apart(faulty, village):
    result = run(
        *("audit", "water.supply", str(village), "--map", str(village.with_suffix(".toml")), "--in", HIGASHI),
        *("--on", "2024-05-01", "--plugin", str(faulty("threshold", "order")), "--form", "json"),
    )
    report = json.loads(result.stdout)
    names = {own["proposals"][0]["name"] for own in report["groups"] if own["proposals"]}
    assert names == {
        "WaterTariff.bands[2].above@2019-10-01=20",
        "WaterTariff.bands[2].above@2019-10-01=20 + WaterTariff.bands[3].price<->WaterTariff.bands[4].price@2019-10-01",
    }
    assert sum(own["count"] for own in report["groups"]) == report["different"]


# Members.


@pytest.fixture
def families(tmp_path):
    """Households with members' incomes and what an old system levied of each: it thinks that the levy begins at 20."""
    rulebook = book(*DECISIONS, **LAWS)
    draw = np.random.default_rng(3)
    main, members = ["key,moved_in"], ["key,id,born,income,levied"]
    for number in range(60):
        main.append(f"{number:03d},2020-01-01")
        for index in range(3):
            born = 1980 if index == 0 else 2004 + int(draw.integers(0, 6))
            income = int(draw.integers(0, 40)) * 100_000
            due = max(income - 300_000, 0) * 55 // 1000 // 100 * 100 if 2024 - born >= 20 else 0
            members.append(f"{number:03d},{'abc'[index]},{born}-05-01,{income},{due or ''}")
    tmp_path.joinpath("main.csv").write_text("\n".join([*main, ""]), encoding="utf-8")
    tmp_path.joinpath("members.csv").write_text("\n".join([*members, ""]), encoding="utf-8")
    tmp_path.joinpath("map.toml").write_text(
        'key = "key"\n[fields]\nmoved_in = "moved_in"\n[tables.members]\nkey = "key"\n[tables.members.fields]\n'
        'id = "id"\nborn = "born"\n"Income.amount" = "income"\nDisability = { value = false }\n'
        '[tables.members.results]\nlevied = "levied"\n',
        encoding="utf-8",
    )

    def read():
        mapped = read_map(tmp_path / "map.toml")
        tables = {"members": str(tmp_path / "members.csv")}
        return rulebook, read_legacy(
            rulebook, levy, str(tmp_path / "main.csv"), mapped, tables=tables, on=date(2024, 5, 1)
        )

    return read, tmp_path


def test_a_decision_about_members_is_audited_member_by_member(families):
    read, _ = families
    rulebook, legacy = read()
    found = audit(rulebook, levy, legacy, seed=0, today=date(2026, 4, 1))
    report = report_of(found, rulebook, levy)
    (group,) = report.groups
    assert group.proposals[0].name in ("previous-version", "LevyRates.age@2022-04-01=20", "LevyRates.age@2022-04-01=19")
    assert group.count == int(found.base.different.sum()) > 5
    assert group.down == 0
    assert group.rule == "liable"
    assert report.asked == 60 == report.same + report.different


def test_a_household_of_which_a_member_cannot_be_read_is_set_aside(families):
    read, folder = families
    members = folder / "members.csv"
    lines = members.read_text(encoding="utf-8").splitlines()
    lines[5] = lines[5].replace("-05-01", "-15-01")
    members.write_text("\n".join([*lines, ""]), encoding="utf-8")
    _, legacy = read()
    assert [(own.file, own.line) for own in legacy.aside] == [("main.csv", 3)]
    assert "members.csv: line 6" in legacy.aside[0].reason


def test_what_tells_rows_apart_is_a_value_or_a_limit():
    table = pa.table({"use": ["a", "b"] * 50, "volume": list(range(100)), "on": [date(2024, 1, 1)] * 100})
    ones = np.array([own >= 30 and own % 2 == 0 for own in range(100)])
    first, second = telling(table, ones, ~ones)
    assert {(first.column, first.value, first.low), (second.column, second.value, second.low)} == {
        ("use", "a", None),
        ("volume", None, 30),
    }
    assert ((first.rows(table) & second.rows(table)) == ones).all()
    assert telling(table, ones, np.zeros(100, dtype=bool)) == []


def test_the_command_writes_reports_rejects_and_ledger(file, tmp_path):
    path, _ = file
    page, rejects, ledger = (tmp_path / name for name in ("report.html", "rejects.csv", "known.toml"))
    command = [
        sys.executable,
        "-m",
        "munirules",
        "audit",
        "water.supply",
        str(path),
        "--map",
        str(path.with_suffix(".toml")),
    ]
    command += [
        "--in",
        SHIRAKAWA,
        "--report",
        str(page),
        "--rejects",
        str(rejects),
        "--write-ledger",
        str(ledger),
        "--lang",
        "en",
    ]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ran.returncode == 1, ran.stderr
    assert "rows 20,000 = same" in ran.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(rejects.read_text(encoding="utf-8-sig").splitlines()) == 4
    assert len(read_ledger(ledger).known) == 2
