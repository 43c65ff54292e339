"""Recording: few cases that visit every branch and notice every fault, the same from one seed, stable when redone."""

import pytest
from tests.testing.corpus_city import CODE, WATER, book
from tests.testing.fee_rules import broken, hall
from tests.testing.hall import TEXT, hall_book

from munirules.testing.corpus.cover import covering
from munirules.testing.corpus.everything import Scribe, Wish
from munirules.testing.corpus.lines import Books, CorpusError, Line, question_in, read_lines, write_lines
from munirules.testing.corpus.record import Recorder
from munirules.testing.faults.code import code_mutants
from munirules.testing.faults.data import data_mutants
from munirules.testing.kit import book as made_book
from munirules.testing.kit import ordinance


def recorded(seed=0, rulebook=None, standing=(), **more):
    rulebook = rulebook or hall_book()
    mutants = [
        *data_mutants(rulebook, [hall], "999997"),
        *code_mutants(rulebook, [hall], "999997", "tests.testing.fee_rules"),
    ]
    recorder = Recorder(rulebook, hall, mutants=mutants, seed=seed, effort=100, **more)
    return recorder.record(standing)


@pytest.fixture(scope="module")
def recording():
    return recorded()


def test_every_branch_is_visited(recording):
    assert recording.branches[0] == recording.branches[1] > 15
    assert recording.unvisited == ()
    assert recording.defects == ()


def test_every_figure_is_told_from_its_neighbours(recording):
    unnoticed = [own.id for own in recording.unnoticed if own.kind == "figure"]
    assert unnoticed == ["city.toml@2020-04-01 since: 2020-04-01 → 2020-03-31"]  # a rule begins on that day too


def test_faults_of_rules_are_noticed_but_for_those_that_are_none(recording):
    harmless = {
        "tests.testing.fee_rules.base: constant: 0 → 1",  # a price that is always set: the table begins at no hours
        "tests.testing.fee_rules.base: constant: 0 → -1",
        "tests.testing.fee_rules.base: constant: 0 → 1 #2",
        "tests.testing.fee_rules.base: constant: 0 → -1 #2",
        "tests.testing.fee_rules.total: constant: 541 → 542",  # no sum of prices is 1084 or 1085
    }
    assert {own.id for own in recording.unnoticed if own.kind == "rule"} <= harmless
    assert recording.faults[1] > 60


def test_the_cases_are_few_and_each_is_needed(recording):
    assert len(recording.lines) < 25
    assert [line.key for line in recording.lines] == sorted(line.key for line in recording.lines)


def test_one_seed_gives_one_corpus(recording):
    assert write_lines(recorded().lines) == write_lines(recording.lines)


def test_what_stands_stays_when_a_figure_changes(recording):
    rulebook = made_book(hall, city=[ordinance(TEXT.replace("333", "334"))])
    standing = [(question_in(rulebook, line), None) for line in recording.lines]
    again = recorded(rulebook=rulebook, standing=standing)
    before, after = ({line.key for line in own} for own in (recording.lines, again.lines))
    assert before <= after
    changed = [line for line in again.lines if line.key in before and line not in recording.lines]
    assert 0 < len(changed) < len(recording.lines)


def test_a_branch_that_the_law_never_leads_to_is_told():
    rulebook = made_book(
        hall, city=[ordinance(TEXT.replace("most = 5000", "most = 90").replace("least = 300", "least = 1"))]
    )
    told = recorded(rulebook=rulebook).unvisited
    assert [line for line in told if "base // HALF > 541: never true" in line]


def test_a_rule_that_fails_at_a_valid_question_is_a_defect():
    made = Recorder(made_book(broken, city=[ordinance(TEXT)]), broken, seed=0, effort=100).record()
    assert len(made.defects) == 1
    assert "ZeroDivisionError" in made.defects[0]
    assert made.lines  # what it does not fail at is recorded all the same


def test_the_least_that_covers_everything_is_chosen_and_what_stands_stays():
    sets = [{1, 2}, {3}, {1, 2, 3}, {4}, {2, 4}]
    assert covering(sets, [1] * 5) == [2, 3]
    assert covering(sets, [1, 1, 1, 9, 1]) == [2, 4]
    assert covering(sets, [1] * 5, kept=[0, 1]) == [0, 1, 3]
    assert covering([], []) == []


def test_a_city_of_data_is_recorded_decision_by_decision(tmp_path):
    book(tmp_path)
    scribe = Scribe(Books())
    made = scribe.record(
        Wish(code=CODE, folder=tmp_path, enactments="city", owner=CODE, decisions=("water.supply",), effort=100)
    )
    assert {line.decision for line in made.lines} >= {"water.supply"}
    assert {line.enactments for line in made.lines} == {"city"}
    left = {own.id.partition("@")[2] for own in made.unnoticed}
    assert left <= {
        "2019-10-01 WaterTariff.charges[1].included: figure: 5 → 4",  # the bands begin above 5 anyway
        "2019-10-01 WaterTariff.bands[1].above: figure: 5 → 4",
        "2024-04-01 WaterTariff.bands[1].above: figure: 5 → 4",
        "2019-10-01 WaterTariff.split: code: odd_first → odd_last",
        "2019-10-01 WaterTariff.split: code: odd_first → scaled",
        "2019-10-01 WaterTariff.round_month: figure: 0 → 1",
        "2019-10-01 WaterTariff.round_tax: figure: 0 → 1",
    }


def test_lines_are_written_and_read_back(tmp_path, recording):
    file = tmp_path / "hall.jsonl"
    file.write_text(write_lines([*recording.lines, *recording.lines]), encoding="utf-8")
    assert read_lines(file) == list(recording.lines)
    assert read_lines(file)[0].where == f"{file}:1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "line 1, column 2"),
        ("[]", "a line of a corpus has in, decision, request, answer"),
        ('{"in":"1","decision":"a.b","request":{}}', "a line of a corpus has"),
        ('{"in":"1","decision":"a.b","request":{},"answer":{},"more":1}', "a line of a corpus has"),
    ],
)
def test_what_is_no_line_is_told_with_its_place(tmp_path, text, told):
    file = tmp_path / "bad.jsonl"
    file.write_text(f"\n{text}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=told) as caught:
        read_lines(file)
    assert f"{file}:2" in str(caught.value)


def test_a_line_is_what_decide_reads():
    line = Line(code="999997", decision="fees.hall", request={"on": "2026-04-01", "subject": {"hours": 3}}, answer={})
    assert line.text() == (
        '{"in":"999997","decision":"fees.hall","request":{"on":"2026-04-01","subject":{"hours":3}},"answer":{}}'
    )


def test_the_versions_of_a_figure_are_all_told_from_their_neighbours(tmp_path):
    rulebook = book(tmp_path)
    mutants = [
        own for own in data_mutants(rulebook, [rulebook.decision("water.supply")], CODE) if "price" in own.before
    ]
    left = (
        Recorder(rulebook, rulebook.decision("water.supply"), mutants=mutants, branches=lambda _: False)
        .record()
        .unnoticed
    )
    assert len(mutants) == 14
    assert WATER.count("price") == 4
    assert left == ()
