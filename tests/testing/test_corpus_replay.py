"""Replaying: what is answered otherwise is told, with the first rule that differs, its figures and articles."""

import json

import pytest
from click.testing import CliRunner
from tests.testing.corpus_city import CODE, WATER, folder

from munirules.cli.root import cli
from munirules.testing.corpus.heard import asked, heard
from munirules.testing.corpus.lines import Books, Line, ask, cases_in, line_of, question_in, read_lines, write_lines
from munirules.testing.corpus.replay import replay

REQUEST = {"on": "2024-06-10", "subject": {"meter_size": 13, "volume": 21, "months": 1}}


@pytest.fixture
def corpus(tmp_path):
    """A city's folder and a corpus of two cases beside it."""
    place = tmp_path / "city"
    place.mkdir()
    books = Books()
    rulebook = books.at(CODE, str(folder(place)))
    lines = []
    for request in (REQUEST, {"on": "2019-09-30", "subject": REQUEST["subject"]}):
        blank = Line(code=CODE, decision="water.supply", request=request, answer={})
        lines.append(line_of(rulebook, question_in(rulebook, blank), enactments="city"))
    file = tmp_path / "city.jsonl"
    file.write_text(write_lines(lines), encoding="utf-8")
    return file


def change(corpus, before, after):
    """Let the city's ordinance say something else."""
    folder(corpus.parent / "city", WATER.replace(before, after))


def test_nothing_is_told_while_nothing_changed(corpus):
    found = replay(read_lines(corpus), Books())
    assert (found.asked, found.changes) == (2, ())
    assert str(found) == "2 of 2 cases are answered as recorded"


def test_a_case_whose_law_was_not_in_force_is_recorded_as_that(corpus):
    assert read_lines(corpus)[0].answer == {"error": "NotInForce"}


def test_a_changed_figure_is_told_with_the_rule_and_the_article(corpus):
    change(corpus, "{ above = 20, price = 170 }", "{ above = 20, price = 171 }")
    found = replay(read_lines(corpus), Books())
    (changed,) = found.changes
    assert changed.differences == (
        "result.volume_charge: 2120 → 2121",
        "result.subtotal: 3120 → 3121",
        "result.total: 3432 → 3433",
    )
    assert changed.blame[0].startswith("first rule of the answer that differs: volume_charge (従量料金)")
    assert str(found).splitlines()[0] == f"{corpus}:2: {changed.line}"
    assert str(found).endswith("1 of 2 cases are answered as recorded")


def test_a_case_that_is_refused_now_says_why(corpus):
    change(corpus, "{ to_size = 13, base = 1000, included = 5 },", "{ to_size = 12, base = 1000, included = 5 },")
    change(corpus, "to_size = 13, base = 1000", 'use = "家事用", base = 1000')
    (changed,) = replay(read_lines(corpus), Books()).changes
    assert changed.now.get("status", "decided") in {"refused", "decided"}
    assert changed.blame


def test_a_case_that_cannot_be_asked_any_more_is_told(tmp_path, corpus):
    line = read_lines(corpus)[1]
    gone = Line(
        code=line.code,
        decision="water.gone",
        request=line.request,
        answer=line.answer,
        enactments="city",
        file=str(corpus),
        number=9,
    )
    (changed,) = replay([gone], Books()).changes
    assert changed.differences[0].startswith("cannot be asked any more: no decision 'water.gone'")


def test_an_answer_of_a_date_on_which_less_was_known_is_recorded_apart(corpus):
    books = Books()
    rulebook = books.at(CODE, str(corpus.parent / "city"))
    question = question_in(rulebook, read_lines(corpus)[1])
    now, before = (line_of(rulebook, question, known) for known in (None, question.on.replace(year=2024, month=3)))
    assert (now.known, before.known) == ("", "2024-03-10")
    assert now.answer != before.answer
    assert (
        ask(rulebook, question, question.on.replace(year=2024, month=3)).result["total"]
        == (1000 + 15 * 120 + 157.5) * 110 // 100
    )


def test_the_command_ends_with_1_where_something_changed(corpus):
    run = CliRunner()
    same = run.invoke(cli, ["replay", str(corpus)])
    assert (same.exit_code, same.output) == (0, "2 of 2 cases are answered as recorded\n")
    change(corpus, "base = 1000", "base = 1001")
    differs = run.invoke(cli, ["replay", str(corpus.parent), "--json"])
    data = json.loads(differs.output)
    assert (differs.exit_code, data["asked"], data["changed"]) == (1, 2, 1)
    assert data["changes"][0]["differences"][0] == "result.base_charge: 1000 → 1001"


def test_what_a_city_says_is_recorded_by_the_command_and_replays(tmp_path):
    place = tmp_path / "city"
    place.mkdir()
    folder(place)
    out = tmp_path / "city.jsonl"
    arguments = ["record", "water.supply", "--in", CODE, "--enactments", str(place), "--out", str(out)]
    made = CliRunner().invoke(cli, [*arguments, "--no-rules", "--effort", "60"])
    assert made.exit_code == 0, made.output
    assert "water.supply:" in made.output
    assert len(read_lines(out)) > 5
    assert CliRunner().invoke(cli, ["replay", str(out)]).exit_code == 0
    text = out.read_text(encoding="utf-8")
    change(out, "price = 170", "price = 171")
    again = CliRunner().invoke(cli, [*arguments, "--no-rules", "--effort", "60"])
    assert again.exit_code == 0, again.output
    before, after = text.splitlines(), out.read_text(encoding="utf-8").splitlines()
    told = {line.partition('"answer"')[0] for line in after}
    assert all(line.partition('"answer"')[0] in told for line in before)
    assert 0 < len(set(before) - set(after)) < len(before)


def test_questions_that_tests_ask_are_written_down(pytester_like, tmp_path):
    file = tmp_path / "heard.jsonl"
    pytester_like(
        """
        from datetime import date
        from munirules.testing.kit import book, ordinance
        from tests.testing.hall import hall_book
        from tests.testing.fee_rules import HallUse, hall

        def test_it():
            hall_book().decide(hall, HallUse(hours=3), on=date(2026, 4, 1))
            hall_book().decide("fees.hall", HallUse(hours=4), on=date(2026, 4, 1))
        """,
        "--heard",
        str(file),
    )
    requests = heard(file)
    assert {own["subject"]["hours"] for own in requests["fees.hall"]} == {3, 4}
    from tests.testing.fee_rules import hall
    from tests.testing.hall import hall_book

    assert len(list(asked(hall_book(), hall, [*requests["fees.hall"], {"subject": {"gone": 1}}]))) == 2


@pytest.fixture
def pytester_like(tmp_path):
    """Runs a test file in a process of its own, with the plugin that listens."""
    import subprocess
    import sys
    import textwrap
    from pathlib import Path

    root = Path(__file__).parents[2]

    def run(text, *arguments):
        file = tmp_path / "test_heard_questions.py"
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "munirules.testing.corpus.heard",
        ]
        found = subprocess.run([*command, *arguments, str(file)], cwd=root, check=False, capture_output=True, text=True)
        assert found.returncode == 0, found.stdout + found.stderr

    return run


def test_cases_are_found_in_folders_of_folders(tmp_path):
    text = 'source = "https://city.kaku.lg.jp"\ndecision = "water.supply"\njurisdiction = "999997"\n[[case]]\non = 2024-06-10\ngiven = { meter_size = 13, volume = 1, months = 1 }\nexpect = { total = 1100 }\n'
    (tmp_path / "loose").mkdir()
    (tmp_path / "loose" / "supply.toml").write_text(text, encoding="utf-8")
    (tmp_path / "town").mkdir()
    (folder(tmp_path / "town") / "cases.toml").write_text(text, encoding="utf-8")
    found = cases_in([tmp_path])
    assert [case.folder for case in found] == [None, tmp_path / "town"]
