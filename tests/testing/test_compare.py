"""Two rule sets compared: dates, amendments, versions of a plugin in processes of their own; differences with one cause."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from munirules.cli.root import cli
from munirules.engine.request import parse_json
from munirules.plugins.discovery import plugin_of
from munirules.testing.compare import CompareError, compare
from munirules.testing.environment import Home, VersionError, home_of
from munirules.testing.remote import RemoteSide, SideError
from munirules.testing.report import FORMS, rendered
from munirules.testing.report.compared import report_of
from munirules.testing.scratch import AmendmentError
from munirules.testing.side import LocalSide, Rules

SHIRAKAWA, HIGASHI, GIFU = "215066", "215074", "212016"
OLD, NEW = date(2022, 5, 10), date(2024, 5, 10)

RATES = (  # a tenth of a point more, one m³ later, two bands the other way round
    ('rate = "0.5%"', 'rate = "0.6%"'),
    ("{ above = 20, price = 145 }", "{ above = 21, price = 145 }"),
    (
        "{ above = 30, price = 136 },\n    { above = 40, price = 127 }",
        "{ above = 30, price = 127 },\n    { above = 40, price = 136 }",
    ),
)


def run(*arguments: str):
    result = CliRunner().invoke(cli, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def side(place=SHIRAKAWA, decision="water.supply", **more):
    label = str(more.get("on", "")) or "rules"
    return LocalSide(Rules(label=label, place=place, decision=decision, **more))


@pytest.fixture(scope="module")
def revised():
    return compare(side(on=OLD), side(on=NEW), cases=120, seed=3)


def test_the_law_of_two_dates_differs_by_what_was_revised(revised):
    first = revised.groups[0]
    assert first.key == "water.supply:charged_by: WaterTariff.charges.base"
    assert revised.asked == revised.same + revised.different + sum(count for _, count, _ in revised.aside)
    assert revised.amount.name == "total"
    assert len(first.yen) > 10
    assert first.largest in first.yen
    assert all(len(group.differences) <= len(first.differences) for group in revised.groups)


def test_a_witness_is_short_and_decide_shows_it_again(revised):
    witness = revised.groups[0].witness
    assert set(witness.request["subject"]) == {"use", "meter_size", "volume", "months"}
    assert witness.request["subject"]["volume"] == 0
    answers = []
    for request in (revised.groups[0].request_before, revised.groups[0].request_after):
        told = run(
            "decide", "water.supply", "--in", SHIRAKAWA, "--facts", json.dumps(request, ensure_ascii=False), "--json"
        )
        answers.append(json.loads(told.stdout)["result"])
    assert answers == [witness.before.result, witness.after.result]
    assert [request["on"] for request in (revised.groups[0].request_before, revised.groups[0].request_after)] == [
        "2022-05-10",
        "2024-05-10",
    ]


def test_a_curve_shows_both_amounts_over_a_number_of_the_witness(revised):
    curve = revised.groups[0].curve
    assert (curve.label, curve.unit) == ("使用水量", "m³")
    assert len(curve.at) == len(curve.before) == len(curve.after)
    assert curve.before[0] != curve.after[-1]


def test_two_runs_with_one_seed_give_one_report(revised):
    again = compare(side(on=OLD), side(on=NEW), cases=120, seed=3)
    for form in FORMS:
        assert rendered(report_of(again), form) == rendered(report_of(revised), form)
    other = compare(side(on=OLD), side(on=NEW), cases=20, seed=4)
    assert other.groups[0].differences[-1].request != revised.groups[0].differences[-1].request


def test_equal_rule_sets_differ_in_nothing_and_the_command_says_so():
    result = run(
        *("compare", "water.supply", "--in", SHIRAKAWA, "--before", "2024-05-10", "--after", "2024-06-10"),
        *("--cases", "30", "--form", "json"),
    )
    report = json.loads(result.stdout)
    assert [own["key"] for own in report["groups"] if "WaterTariff" in own["key"]] == []
    same = compare(side(on=NEW), side(on=NEW), cases=30)
    assert (same.different, same.groups) == (0, ())
    assert (
        run(
            "compare", "water.supply", "--in", SHIRAKAWA, "--before", str(NEW), "--after", str(NEW), "--cases", "20"
        ).exit_code
        == 0
    )


def test_households_are_completed_with_the_facts_that_the_other_law_asks_for():
    found = compare(
        side(GIFU, "welfare.child_allowance", on=date(2024, 9, 10)),
        side(GIFU, "welfare.child_allowance", on=date(2024, 10, 10)),
        cases=40,
        seed=2,
    )
    assert found.groups[0].key == "welfare.child_allowance.income:-: it is decided only before"
    aside = {why.partition(": ")[2]: count for why, count, _ in found.aside}
    assert aside.get("MissingFact", 0) < found.asked // 5


def test_facts_of_a_year_are_given_for_the_year_that_each_side_needs():
    sides = [side(GIFU, "welfare.child_allowance", on=date(year, 7, 10)) for year in (2022, 2023)]
    request = {
        "on": "2022-07-10",
        "subject": {
            "members": [
                {
                    "id": "1",
                    "born_on": "1985-01-01",
                    "facts": {
                        "Income": {
                            "year": 2021,
                            "total_income": 3_000_000,
                            "aggregate_income": 3_000_000,
                            "comprehensive_income": 3_000_000,
                        },
                        "MaintainedChildren": {"year": 2021, "number": 0},
                    },
                },
                {
                    "id": "2",
                    "born_on": "2015-01-01",
                    "mother": "1",
                    "facts": {"ChildAllowanceClaim": {"claimed_on": "2015-01-10"}},
                },
            ]
        },
        "facts": {"Roles": {"holders": [{"role": "recipient", "member": "1"}]}},
    }
    assert [own.answers([request])[0].status for own in sides] == ["decided", "decided"]
    years = [own.asked(request)["subject"]["members"][0]["facts"]["Income"]["year"] for own in sides]
    assert years == [2021, 2022]


AMENDMENT = """\
title = "白川町水道事業給水条例の一部を改正する条例（案）"
kind = "ordinance"
jurisdiction = "{code}"
amends = "白川町水道料金（水道事業給水条例による料金の公表）"
source = "https://example.com/draft"
read_on = 2026-11-20
citation = "第2条"

[[version]]
since = 2027-04-01
[version.{provision}]
round_total = 10
"""


def draft(tmp_path, code=SHIRAKAWA, provision="WaterTariff") -> Path:
    path = tmp_path / "draft.toml"
    path.write_text(AMENDMENT.format(code=code, provision=provision), encoding="utf-8")
    return path


def test_an_amendment_is_blamed_with_its_own_article_and_changes_nothing_before(tmp_path):
    file = draft(tmp_path)
    result = run(
        *("compare", "water.supply", "--in", SHIRAKAWA, "--before", "2027-05-10", "--amendment", str(file)),
        *("--cases", "60", "--form", "json"),
    )
    assert result.exit_code == 1
    (group,) = json.loads(result.stdout)["groups"]
    assert group["key"] == "water.supply:total: WaterTariff.round_total"
    assert group["down"] == group["count"]
    source = group["figures"][0]["source_after"]
    assert source["text"] == "白川町水道事業給水条例の一部を改正する条例（案） 第2条"
    assert source["where"].endswith("draft.toml:12")
    before = side(on=date(2027, 3, 31))
    assert compare(before, side(on=date(2027, 3, 31), amendment=file), cases=40).groups == ()


def test_an_amendment_of_another_body_or_of_nothing_is_refused(tmp_path):
    with pytest.raises(AmendmentError, match="has no say in water here"):
        side(amendment=draft(tmp_path, code=HIGASHI))
    with pytest.raises(AmendmentError, match="nothing here reads WaterTarif"):
        side(amendment=draft(tmp_path, provision="WaterTarif"))


# Versions of a plugin.


def folder_of(code: str) -> Path:
    """The folder of an installed plugin."""
    plugin = plugin_of(code)
    assert plugin is not None
    return plugin.folder()


def copied(folder: Path, *places: str, faults=()) -> Path:
    """A project with some municipalities of the plugin of Gifu, as another version of it."""
    package = folder / "src" / "munirules_gifu"
    entries = []
    package.mkdir(parents=True)
    package.joinpath("__init__.py").write_text('"""Municipalities of Gifu."""\n', encoding="utf-8")
    for code in places:
        source = folder_of(code)
        shutil.copytree(source, package / source.name)
        entries.append(f'{code} = "munirules_gifu:{source.name}"')
    for old, new in faults:
        (file,) = [path for path in package.rglob("*.toml") if old in path.read_text(encoding="utf-8")]
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    head = '[project]\nname = "munirules-gifu"\nversion = "9.9"\n[project.entry-points.munirules]\n'
    folder.joinpath("pyproject.toml").write_text(head + "\n".join([*entries, ""]), encoding="utf-8")
    return folder


def wheel(project: Path, folder: Path) -> Path:
    """What `pip wheel` would make of the project."""
    path = folder / "munirules_gifu-9.9-py3-none-any.whl"
    entries = (
        project.joinpath("pyproject.toml").read_text(encoding="utf-8").partition("munirules]\n")[2].replace('"', "")
    )
    with zipfile.ZipFile(path, "w") as made:
        for file in (project / "src").rglob("*.*"):
            made.write(file, file.relative_to(project / "src"))
        info = "munirules_gifu-9.9.dist-info"
        made.writestr(f"{info}/METADATA", "Metadata-Version: 2.4\nName: munirules-gifu\nVersion: 9.9\n")
        made.writestr(f"{info}/entry_points.txt", f"[munirules]\n{entries}")
    return path


TARUI = "213616"


@pytest.mark.parametrize("kind", ["project", "wheel", "folder"])
def test_a_threshold_and_an_order_planted_in_another_version_are_found(kind, tmp_path):
    project = copied(tmp_path / "other", HIGASHI, faults=RATES[1:])
    other = {
        "project": project,
        "wheel": wheel(project, tmp_path),
        "folder": project / "src" / "munirules_gifu" / "higashishirakawa",
    }[kind]
    result = run(
        *("compare", "water.supply", "--in", HIGASHI, "--before", "2024-05-10", "--after", f"{other},on=2024-05-10"),
        *("--cases", "150", "--seed", "1", "--form", "json"),
    )
    report = json.loads(result.stdout)
    assert {own["rule"] for own in report["groups"]} == {"span_charge"}
    found = {cell["path"]: (cell["before"], cell["after"]) for own in report["groups"] for cell in own["figures"]}
    assert found == {
        "WaterTariff.bands[2].above": (20, 21),
        "WaterTariff.bands[3].price": (136, 127),
        "WaterTariff.bands[4].price": (127, 136),
    }
    where = report["groups"][0]["figures"][0]["source_after"]["where"]
    assert where == ("water.toml:23" if kind == "folder" else "munirules_gifu/higashishirakawa/water.toml:23")
    assert report["groups"][0]["articles"] == ["東白川村簡易水道料金（料金表の公表）"]


def test_a_rate_off_by_a_tenth_of_a_point_is_found(tmp_path):
    project = copied(tmp_path / "other", TARUI, faults=RATES[:1])
    result = run(
        *("compare", "water.contribution_plan", "--in", TARUI, "--before", "2024-05-10"),
        *("--after", f"{project},on=2024-05-10", "--cases", "120", "--form", "json"),
    )
    (group,) = json.loads(result.stdout)["groups"]
    assert (group["rule"], group["cause"]) == ("reward", "figure")
    assert [(own["path"], own["before"], own["after"]) for own in group["figures"]] == [
        ("ContributionTerms.rewards[1].rate", "0.5%", "0.6%")
    ]
    assert group["articles"] == ["垂井町下水道事業受益者負担金（公表）"]


def test_a_side_in_another_process_answers_as_one_in_this_process():
    local = side(on=NEW)
    with RemoteSide(local.rules, Home(label="here", python=sys.executable)) as remote:
        assert remote.about == local.about
        requests = local.draw(20, 4)
        assert [dict(own) for own in remote.draw(20, 4)] == [dict(own) for own in requests]
        assert remote.answers(requests) == local.answers(requests)
        here, there = local.witness(requests[0]), remote.witness(requests[0])
        assert there.answer == here.answer
        assert json.loads(json.dumps([str(own) for own in there.steps])) == [str(own) for own in here.steps]
        step = next(own for own in here.steps if own.key.rule == "total")
        change = {"tariff": {"round_total": 100}}
        assert there.probe(step.key, change) == here.probe(step.key, change)
        assert there.probe(step.key, {"tariff": {"tax": "none"}}).startswith("ValueError: ")


def test_what_a_plugin_prints_spoils_nothing(tmp_path):
    project = copied(tmp_path / "other", SHIRAKAWA)
    package = project / "src" / "munirules_gifu" / "shirakawa"
    (package / "water.py").write_text('"""Prints."""\nprint("hello from a plugin")\n', encoding="utf-8")
    rules = Rules(
        label="other", place=SHIRAKAWA, decision="water.supply", targets=home_of(project, tmp_path).targets, on=NEW
    )
    with RemoteSide(rules, home_of(project, tmp_path)) as remote:
        assert remote.about.place == "岐阜県白川町"


def test_sides_that_cannot_be_opened_say_why(tmp_path):
    with pytest.raises(VersionError, match="neither a date nor a version of a plugin"):
        home_of(tmp_path / "nothing.whl", tmp_path)
    empty = tmp_path / "empty.whl"
    with zipfile.ZipFile(empty, "w") as made:
        made.writestr("x-1.dist-info/METADATA", "Name: x\nVersion: 1\n")
    with pytest.raises(VersionError, match="holds no plugin"):
        home_of(empty, tmp_path)
    empty.write_bytes(b"no zip")
    with pytest.raises(VersionError, match="cannot be unpacked"):
        home_of(empty, tmp_path)
    project = copied(tmp_path / "other", SHIRAKAWA, faults=[("round_total = 1\n", "round_totl = 1\n")])
    home = home_of(project, tmp_path)
    with pytest.raises(SideError, match="did you mean 'round_total'"):
        RemoteSide(Rules(label="other", place=SHIRAKAWA, decision="water.supply", targets=home.targets), home)
    with pytest.raises(SideError, match="its process ended"):
        RemoteSide(side().rules, Home(label="x", python="/bin/false"))


def test_a_virtual_environment_is_a_version_too(tmp_path):
    home = home_of(Path(sys.prefix), tmp_path)
    assert home.targets == ()
    rules = Rules(label="venv", place=SHIRAKAWA, decision="water.supply", on=NEW)
    with RemoteSide(rules, home) as remote:
        assert remote.answers(side(on=NEW).published()[:1])[0].status == "decided"


def test_sides_of_different_bodies_are_not_compared():
    with pytest.raises(CompareError, match="is about"):
        compare(side(on=NEW), side(HIGASHI, on=NEW), cases=1)
    with pytest.raises(CompareError, match="did you mean 'total'"):
        compare(side(on=NEW), side(on=NEW), cases=1, amount="totl")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--before", "2024-05-10"), "the other side is missing"),
        (("--before", "2024-05-10,on=2024-05-11", "--after", "2024-05-10"), "says two dates"),
        (("--before", "2024-05-10,since=2024-05-11", "--after", "2024-05-10"), "on=DATE or known=DATE"),
        (("--before", "2024-05-10", "--after", "nowhere"), "neither a date nor a version of a plugin"),
        (
            ("--before", "2024-05-10", "--after", "2024-05-11", "--table", "members=x.csv"),
            "the file of the subjects is missing",
        ),
    ],
)
def test_what_is_wrong_with_the_command_is_told(arguments, told):
    result = run("compare", "water.supply", "--in", SHIRAKAWA, *arguments)
    assert result.exit_code == 2
    assert told in result.output


def test_as_known_on_a_day_a_later_law_is_not_there():
    assert (
        compare(side(on=NEW), side(on=NEW, known=date(2023, 1, 1)), cases=30)
        .groups[0]
        .key.startswith("water.supply:charged_by")
    )


# Tables.

TABLE = (
    "use,meter_size,volume,months\n家事用,13,15,1\n家事用,20,25,2\n農業施設用,13,55,1\n営業用,75,9,1\n家事用,13,0,1\n"
)


def test_over_a_table_winners_and_losers_add_up(tmp_path):
    table = tmp_path / "bills.csv"
    table.write_text(TABLE, encoding="utf-8")
    result = run(
        *("compare", "water.supply", "--in", SHIRAKAWA, "--before", "2022-05-10", "--after", "2024-05-10"),
        *("--table", str(table), "--form", "json", "--report", str(tmp_path / "r.html")),
    )
    own = json.loads(result.stdout)["population"]
    assert own["rows"] == 5 == own["up"] + own["down"] + own["same"] + own["undecided"]
    assert (own["undecided"], own["differing"], own["looked_at"]) == (1, 5, 5)  # 75mm has no rent in the later table
    assert own["after_yen"] - own["before_yen"] == own["up_yen"] + own["down_yen"]
    assert sum(count for _, count in own["spread"]) == 4
    assert "増える人・減る人" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_table_is_decided_by_each_version_in_its_own_process(tmp_path):
    table = tmp_path / "bills.csv"
    rows = [f"{volume},13,1,2024-05-10" for volume in range(15, 45)]
    table.write_text("\n".join(["volume,meter_size,months,on", *rows, ""]), encoding="utf-8")
    project = copied(tmp_path / "other", HIGASHI, faults=RATES[1:2])
    result = run(
        *(
            "compare",
            "water.supply",
            "--in",
            HIGASHI,
            "--before",
            str(folder_of(HIGASHI)),
            "--after",
            str(project),
        ),
        *("--table", str(table), "--form", "json"),
    )
    report = json.loads(result.stdout)
    assert report["population"]["up"] == 24 == report["population"]["differing"]  # 21 m³ and more
    (group,) = report["groups"]
    assert group["count"] == 24
    assert group["witness"]["question"]["subject"]["volume"] == 21


def test_a_process_that_serves_answers_a_line_each():
    lines = [
        {"call": "open", "arguments": [{"label": "x", "place": SHIRAKAWA, "decision": "water.supply"}]},
        {"call": "about", "arguments": []},
        {"call": "open", "arguments": [{"label": "x", "place": SHIRAKAWA, "decision": "water.suply"}]},
    ]
    ran = subprocess.run(
        [sys.executable, "-m", "munirules.testing.remote"],
        input="".join(f"{json.dumps(line)}\n" for line in lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    first, second, third = map(parse_json, ran.stdout.splitlines())
    assert first == {"value": None}
    assert second["value"]["place"] == "岐阜県白川町"
    assert "did you mean 'water.supply'" in third["error"]
