"""`munirules era …`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.calendar.vectors import cases

from munirules.cli.era import era, plugin_folders
from munirules.plugins.discovery import installed


@pytest.fixture
def eras_file(tmp_path):
    path = tmp_path / "mirai.toml"
    path.write_text(
        '[[era]]\nname = "未来"\nkana = "みらい"\nromaji = "Mirai"\nletter = "X"\none = "未"\nstart = 2031-05-01\n'
        'announced = 2031-04-01\ncodes = { default = "6", nenkin = "11" }\n',
        encoding="utf-8",
    )
    return str(path)


def run(*arguments, lines=(), code=0):
    result = CliRunner().invoke(era, [*arguments], input="".join(f"{line}\n" for line in lines))
    assert result.exit_code == code, result.output
    return result


def test_parse_answers_a_line_each():
    lines = ["令和8年4月1日", "平成32年4月1日", "", "昭和20年8月不詳", "5080401"]
    result = run("parse", lines=lines)
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert [len(row) for row in rows] == [6] * 5
    assert rows[0] == ["2026-04-01", "2026-04-01", "2026-04-01", "day", "", ""]
    assert rows[1][:5] == [""] * 5
    assert rows[1][5].startswith("out_of_era: 「平成32年4月1日」")
    assert rows[2][5].startswith("not_a_date: ")
    assert rows[3] == ["", "1945-08-01", "1945-08-31", "month", "", ""]
    assert rows[4][4] == "assumed_code_system"


def test_parse_in_json_agrees_with_the_vectors():
    vectors = [case for case in cases("forms") if "code_system" not in case]
    for policy, key in (("strict", "strict"), ("normalise", "lenient")):
        result = run("parse", "--policy", policy, "--json", lines=[case["text"] for case in vectors])
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        assert len(answers) == len(vectors)
        for case, said in zip(vectors, answers, strict=True):
            assert (said["error"] is None) == (case[key] == "ok")
            assert {"iso", "earliest", "latest", "precision", "marks", "error"} <= set(said)
            if said["error"] is None:
                assert said["iso"] == case.get("iso")


def test_parse_by_code_system_and_with_a_future_era(eras_file):
    assert run("parse", "--code-system", "nenkin", lines=["9080401"]).stdout.startswith("2026-04-01")
    result = run(
        "parse", "--eras", eras_file, "--code-system", "nenkin", lines=["11010501", "X1.5.1", "未来元年5月1日"]
    )
    assert [line[:10] for line in result.stdout.splitlines()] == ["2031-05-01"] * 3
    assert "did you mean 'nenkin'" in run("parse", "--code-system", "nenki", code=1).output


def test_print(eras_file):
    assert (
        run("print", "--style", "jisx0301", lines=["2026-04-01", "令和元年5月1日"]).stdout == "R08.04.01\nR01.05.01\n"
    )
    assert run("print", lines=["2031-05-01"]).stdout == "令和13年5月1日\n"
    assert run("print", "--eras", eras_file, lines=["2031-05-01"]).stdout == "未来元年5月1日\n"
    as_of = run("print", "--eras", eras_file, "--as-of", "2031-04-30", lines=["2031-06-01"])
    assert as_of.stdout == "令和13年6月1日\n"
    announced = run("print", "--eras", eras_file, "--as-of", "R13.4.30", "--switch", "announced", lines=["2031-06-01"])
    assert announced.stdout == "未来元年6月1日\n"
    failed = run("print", "--style", "letter", lines=["2026-04-01", "x", "1857-10-21"], code=1)
    assert failed.stdout == "R8.4.1\n\n\n"
    assert "安政 has no letter" in failed.stderr
    (said,) = run("print", "--json", lines=["R8.4.1"]).stdout.splitlines()
    assert json.loads(said) == {"input": "R8.4.1", "text": "令和8年4月1日", "error": None}


def test_age():
    assert run("age", "2011-04-01", "--on", "2029-03-31").stdout.splitlines()[0].startswith("18\t")
    said = json.loads(run("age", "昭和20年", "--on", "R8.4.1", "--json").stdout)
    assert said["attained_day_before"] == {"lowest": 80, "highest": 81}
    assert "80–81" in run("age", "昭和20年", "--on", "R8.4.1").stdout
    assert "?–?" in run("age", "不詳", "--on", "R8.4.1").stdout
    assert run("age", "昭和20年13月", "--on", "R8.4.1", code=1).output
    assert run("age", "R8.4.1", "--on", "R8.4.31", code=2).output


def test_holidays():
    lines = run("holidays", "2028").stdout.splitlines()
    assert lines[0].startswith("2028-01-01\t元日\t昭和23年法律第178号")
    assert any("春分の日（暦要項の公表前）" in line for line in lines)
    assert json.loads(run("holidays", "2026", "--json").stdout.splitlines()[0])["kind"] == "national"
    assert run("holidays", "令和8年").stdout == run("holidays", "R8").stdout == run("holidays", "2026").stdout
    assert "1948-07-20" in run("holidays", "1900", code=1).output
    assert "is no year" in run("holidays", "R8.4.1", code=2).output
    assert run("holidays", "thisyear", code=2).output


def test_deadline():
    assert run("deadline", "2025-12-31", "--law", "local_tax_20-5").stdout.startswith("2026-01-05\t地方税法20条の5")
    assert run("deadline", "R8.6.30", "--law", "local_tax_20-5").stdout == "2026-06-30\tそのまま\n"
    hiroshima = run("deadline", "2026-08-06", "--law", "local_gov_4-2", "--closed", "08-06", "--json")
    assert json.loads(hiroshima.stdout)["date"] == "2026-08-07"
    assert run("deadline", "2026-05-31", "--law", "local_tax_20-5", "--act", "x", code=1).output
    assert run("deadline", "2026-05-31", "--law", "local_tax_20-5", "--closed", "0806", code=2).output
    assert run("deadline", "2026-10-10", "--law", "payment_by_city", "--direction", "forward").stdout.startswith(
        "2026-10-13"
    )


def test_every_command_knows_the_eras_of_a_file(eras_file):
    assert run("age", "X1.5.1", "--on", "X10.4.30", "--eras", eras_file).stdout.splitlines()[0].startswith("9\t")
    deadline = run("deadline", "X1.8.31", "--law", "local_tax_20-5", "--eras", eras_file)
    assert deadline.stdout.startswith("2031-09-01")
    assert run("holidays", "未来2年", "--eras", eras_file).stdout.startswith("2032-01-01\t元日")
    as_of = run("print", "--eras", eras_file, "--as-of", "X1.5.1", lines=["2031-06-01"])
    assert as_of.stdout == "未来元年6月1日\n"
    assert "no era that is known" in run("deadline", "X1.8.31", "--law", "local_tax_20-5", code=2).output


def test_eras(eras_file):
    lines = run("eras").stdout.splitlines()
    assert lines[-1].startswith("令和\tR\t2019-05-01\t-\t")
    assert run("eras", "--eras", eras_file).stdout.splitlines()[-1].startswith("未来\tX\t2031-05-01")
    assert json.loads(run("eras", "--json").stdout.splitlines()[-2])["end"] == "2019-04-30"


def test_rehearse(eras_file, tmp_path):
    text = tmp_path / "notice.html"
    text.write_text("令和{{ y }}年\n", encoding="utf-8")
    result = run("rehearse", "--eras", eras_file, "--folder", str(text), "--no-plugins")
    assert "令和13年5月1日\t未来元年5月1日" in result.stdout
    assert f"by hand\t{text}:1:1: blank" in result.stdout
    assert "1 places write an era by hand, in 1 folders" in result.stdout
    said = json.loads(run("rehearse", "--eras", eras_file, "--no-plugins", "--json").stdout)
    assert said["accepted"]
    assert said["findings"] == []
    assert run("rehearse", "--eras", eras_file).stdout
    Path(eras_file).write_text(
        '[[era]]\nname = "令和"\nkana = "x"\nromaji = "X"\nstart = 2031-05-01\n', encoding="utf-8"
    )
    assert "name_collision" in run("rehearse", "--eras", eras_file, "--no-plugins", code=1).stdout
    for command in ("parse", "eras", "print"):
        assert "name '令和'" in run(command, "--eras", eras_file, code=1).output
    Path(eras_file).write_text("[[era]\n", encoding="utf-8")
    assert "unreadable" in run("rehearse", "--eras", eras_file, code=1).output


def test_folders_of_plugins_are_found_without_importing_them(tmp_path, monkeypatch, capsys):
    package = tmp_path / "munirules_somewhere"
    (package / "town").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n", encoding="utf-8")
    info = tmp_path / "munirules_somewhere-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: munirules-somewhere\nVersion: 1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(
        "[munirules]\n999997 = munirules_somewhere:town\n999996 = nowhere:x\n999995 = munirules_somewhere.hooks\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    installed.cache_clear()
    try:
        found = plugin_folders()
    finally:
        installed.cache_clear()
    assert {package, package / "town"} <= set(found)
    assert "999996 (munirules-somewhere 1): no folder 'nowhere:x'" in capsys.readouterr().err
