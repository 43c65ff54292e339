"""Running mutants: what notices each, in one process or several, to the end or not, told the same each time."""

import json
from contextlib import nullcontext
from datetime import date

import attrs
import pytest
from click.testing import CliRunner
from tests.testing.fee_rules import HallUse, hall
from tests.testing.hall import hall_book

from munirules.checking import Case
from munirules.cli.root import cli
from munirules.testing.corpus.lines import Books, line_of
from munirules.testing.faults.code import code_mutants
from munirules.testing.faults.data import data_mutants
from munirules.testing.faults.mutant import FIGURE, RULE
from munirules.testing.mutate.acknowledged import Acknowledged, AcknowledgedError
from munirules.testing.mutate.bench import Bench
from munirules.testing.mutate.held import Held
from munirules.testing.mutate.report import Report
from munirules.testing.mutate.result import Notice, Result, Verdict
from munirules.testing.mutate.run import Journal, JournalError, Runner, Task, digest_of, run
from munirules.testing.mutate.score import score
from munirules.testing.mutate.target import TargetError, target_of
from munirules.testing.question import Question

ON = date(2026, 4, 1)


def case(hours, expect):
    """A published example of the hall."""
    return Case(
        decision="fees.hall",
        on=ON,
        source="https://city.kaku.lg.jp",
        given={"hours": hours},
        expect=expect,
        jurisdiction="999997",
        file="cases.toml",
    )


@pytest.fixture
def books():
    return Books({"999997": hall_book()})


@pytest.fixture
def bench(books):
    """One published case, whose amount is printed to ten yen, and three recorded ones."""
    made = Bench()
    made.add_cases([case(5, {"total": 1410})], books, {"fees.hall"})
    uses = [HallUse(hours=1), HallUse(hours=13), HallUse(hours=4, persons=51)]
    made.add_lines([line_of(books.at("999997"), Question(hall, use, (), ON)) for use in uses], books)
    made.prepare()
    return made


@pytest.fixture
def tasks(books):
    rulebook = books.at("999997")
    rules = code_mutants(rulebook, [hall], "999997", "tests.testing.fee_rules")
    return [Task(mutant, rulebook) for mutant in (*data_mutants(rulebook, [hall], "999997"), *rules)]


def named(tasks, *parts):
    """The first mutant whose id has all of some parts."""
    return next(task for task in tasks if all(part in task.mutant.id for part in parts))


def noticed(bench, tasks, *parts):
    return Runner(bench).run(named(tasks, *parts))


def results(tasks, notices):
    return [Result(mutant=task.mutant, notice=notices.get(task.mutant.id)) for task in tasks]


def test_a_published_case_notices_what_its_printed_amount_shows(bench, tasks):
    assert noticed(bench, tasks, "fees[2].above: figure: 3 → 4").case == "cases.toml:0"


def test_a_recorded_case_notices_what_no_printed_amount_shows(bench, tasks):
    notice = noticed(bench, tasks, "fees[1].price: figure: 250 → 251")
    assert (notice.case, bool(notice.corpus)) == ("", True)


def test_what_no_question_comes_near_survives(bench, tasks):
    assert noticed(bench, tasks, "use.persons >= 50 → use.persons > 50") == Notice()
    assert noticed(bench, tasks, "HallFees.most: figure: 5000 → 5001") == Notice()


def test_only_questions_that_a_mutant_can_matter_for_are_asked(bench, tasks):
    refusing = named(tasks, "statement dropped: refuse").mutant
    assert [one.question.subject.hours for _, group in bench.meeting(refusing) for one in group] == [13]
    assert bench.meeting(attrs.evolve(refusing, concerns=None, decisions=("fees.other",))) == []


def test_what_the_loader_refuses_needs_no_question(bench, tasks):
    assert noticed(bench, tasks, "fees[1].above: swapped") == Notice(loader=True)


def never(_):
    while True:
        pass


def test_a_mutant_that_does_not_end_is_noticed_by_who_asks(bench, tasks, monkeypatch):
    monkeypatch.setattr("munirules.testing.mutate.run.LIMIT", 0.1)
    task = named(tasks, "use.persons >= 50 → use.persons > 50")
    endless = attrs.evolve(task.mutant, alive=lambda _: nullcontext())
    bench.asked[0].right = never
    assert Runner(bench).run(Task(endless, task.rulebook)).case == "cases.toml:0"


def test_a_property_notices_what_no_case_does(books, tasks):
    bench = Bench()
    bench.add_lines([line_of(books.at("999997"), Question(hall, HallUse(hours=4, persons=150), (), ON))], books)
    bench.prepare()
    bench.asked[0].right = lambda _: True  # as an example that prints something else
    held = Held()
    held.prepare(bench.asked)
    negative = named(tasks, "fee_rules.total: arithmetic: base + more → base - more #2")
    assert Runner(bench).run(negative) == Notice()
    assert Runner(bench, held.broken).run(negative) == Notice(property="fees.hall: within_bounds")


def test_several_processes_find_what_one_does(bench, tasks):
    one, two = run(Runner(bench), tasks), run(Runner(bench), tasks, jobs=2)
    assert one == two
    assert len(one) == len(tasks) > 80


def test_a_run_is_resumed_where_it_stopped(bench, tasks, tmp_path):
    file = tmp_path / "journal.jsonl"
    digest = digest_of(tasks, bench, {"a": "b"}, 0)
    assert len(run(Runner(bench), tasks, seconds=0, journal=Journal(file, digest))) == 1
    with file.open("a", encoding="utf-8") as half:
        half.write('{"id": "half wri')
    told = []
    whole = run(Runner(bench), tasks, journal=Journal(file, digest), progress=lambda done, of: told.append((done, of)))
    assert whole == run(Runner(bench), tasks)
    assert told[0] == (2, len(tasks))
    assert len(Journal(file, digest).done) == len(tasks)
    with pytest.raises(JournalError, match="is of other rules, figures or questions"):
        Journal(file, digest_of(tasks, bench, {"a": "c"}, 0))
    file.write_text("no journal\n", encoding="utf-8")
    with pytest.raises(JournalError, match="is no journal"):
        Journal(file, digest)


def test_a_case_that_is_not_right_as_the_rules_stand_is_not_asked(books):
    bench = Bench()
    bench.add_cases([case(4, {"total": 1}), case(4, {"gone": 1}), case(40, {"total": 1})], books, {"fees.hall"})
    assert bench.asked == []
    assert len(bench.stale) == 3


def test_what_need_not_be_noticed_is_acknowledged_with_a_reason(tasks, tmp_path):
    file = tmp_path / "equivalent.toml"
    entry = '[[mutant]]\nid = "*HallFees.fees[1].above: figure: *"\nreason = "{0}"\nwith = {{ least = {1} }}\n'
    file.write_text(entry.format("another version", 299) + entry.format("the first band", 300), encoding="utf-8")
    known = Acknowledged.read([file])
    reasons = {known.reason(task.mutant) for task in tasks if "HallFees.fees[1].above: figure" in task.mutant.id}
    assert reasons == {"the first band"}
    assert known.unused == [f"{file}, mutant 1: *HallFees.fees[1].above: figure: *"]
    file.write_text("[[mutant]]\nid = 'x'\n", encoding="utf-8")
    with pytest.raises(AcknowledgedError, match="mutant 1: lacks its id or reason"):
        Acknowledged.read([file])


def test_a_score_counts_what_ran_and_can_matter(bench, tasks):
    whole = results(tasks, run(Runner(bench), tasks))
    rules = score("rules", [own for own in whole if own.mutant.kind == RULE])
    assert rules.killed + rules.verdicts[Verdict.SURVIVED] == rules.counted == rules.total
    figures = score("figures", [own for own in whole if own.mutant.kind == FIGURE])
    assert 0 < figures.touched < figures.figures
    assert figures.confirmed <= figures.touched
    assert score("none", results(tasks, {})).counted == 0


def test_a_figure_is_confirmed_where_an_example_tells_it_from_both_its_neighbours(tasks):
    both = [task for task in tasks if task.mutant.figure.endswith("fees[1].price") and task.mutant.operator == "figure"]
    first, second = (task.mutant.id for task in both)
    printed, recorded = Notice(case="cases.toml:1"), Notice(corpus="a.jsonl:1")
    confirmed = score("", results(both, {first: printed, second: printed}))
    touched = score("", results(both, {first: printed, second: recorded}))
    assert [(own.confirmed, own.touched, own.figures) for own in (confirmed, touched)] == [(1, 1, 1), (0, 1, 1)]


def test_the_report_lists_survivors_in_every_form_and_is_the_same_each_time(bench, tasks):
    def report(jobs):
        found = results(tasks, run(Runner(bench), tasks, jobs=jobs))
        return Report(target="fees.hall", seed=0, asked={"case": 1, "corpus": 3}, results=found, stale=["an old case"])

    one, two = report(1), report(2)
    lines = one.rendered("text").splitlines()
    assert lines[0] == f"fees.hall: {len(tasks)} mutants; 1 case questions, 3 corpus questions; seed 0"
    assert [line for line in lines if line.endswith("comparison: use.persons >= 50 → use.persons > 50")]
    assert lines[-1] == "  an old case"
    assert "| rules |" in one.rendered("markdown")
    assert "## Survivors" in one.rendered("markdown")
    assert len(json.loads(one.rendered("json"))["mutants"]) == len(tasks)
    assert [one.rendered(form) == two.rendered(form) for form in ("text", "markdown", "json")] == [True] * 3


def test_a_target_is_a_plugin_a_decision_or_everything():
    assert target_of("000000").codes == target_of("munirules").codes == ("000000",)
    assert target_of("water.supply").decision == "water.supply"
    assert len(target_of("all").codes) > 50
    with pytest.raises(TargetError, match="did you mean 'munirules-gifu'"):
        target_of("munirules-gifo")


def test_the_command_mutates_a_decision_and_ends_with_1_where_something_survives(tmp_path):
    decision = "welfare.disability_certificate.reassessment"
    report = tmp_path / "report.md"
    arguments = ["mutate", decision, "--in", "000000", "--corpus", str(tmp_path), "--form", "json"]
    found = CliRunner().invoke(cli, [*arguments, "--report", str(report), "--properties", "2"])
    data = json.loads(found.output)
    assert found.exit_code == 1
    assert data["asked"] == {"case": 0, "corpus": 0}
    assert {own["verdict"] for own in data["mutants"]} <= {"survived", "equivalent", "loader"}
    assert report.read_text(encoding="utf-8").startswith(f"# Mutants of {decision} in 000000\n")
