import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from munirules import Rulebook, facts_of, none_of, of_date, provisional
from munirules.checking.cases import load_cases
from munirules.engine.request import parse_json
from munirules.law.water.supply import WaterBill, WaterUse, water_bill
from munirules.law.welfare.child_allowance import ChildAllowanceClaim, child_allowance
from munirules.models.conditions import Disability
from munirules.models.household import Household
from munirules.models.resident import Resident
from munirules.plugins.discovery import installed
from munirules.testing import Question, QuestionError, question_of

book = cache(Rulebook.of)
SHIRAKAWA = "215066"
DAY = date(2026, 6, 10)


def printed(question):
    """The question as the command line reads it back from its own text."""
    return parse_json(json.dumps(question.as_request(), ensure_ascii=False))


def published():
    for plugin in installed():
        if plugin.code != "000000" and plugin.is_folder:
            for case in load_cases(plugin.folder()):
                data = {"on": case.on, "subject": case.given, "facts": case.facts, "provisional": case.provisional}
                yield plugin.code, case.decision, data


def test_published_cases_survive_being_written_and_read():
    seen = 0
    for code, decision, data in published():
        question = question_of(book(code), decision, data)
        again = question_of(book(code), decision, printed(question))
        assert again == question
        assert again.as_request() == question.as_request()
        assert again.answer(book(code)) == question.answer(book(code))
        seen += 1
    assert seen > 300


def test_a_request_says_only_what_is_not_at_its_default():
    question = Question(water_bill, WaterUse(meter_size=20, volume=0, months=1), (), DAY)
    assert question.as_request() == {"on": "2026-06-10", "subject": {"meter_size": 20, "volume": 0, "months": 1}}


def test_facts_of_a_member_stand_inside_the_member():
    child = Resident(id="2", born_on=date(2020, 4, 1))
    family = Household(members=(Resident(id="1", born_on=date(1990, 1, 1)), child))
    claim = ChildAllowanceClaim(claimed_on=date(2020, 4, 10))
    facts = (facts_of("1", none_of(Disability)), facts_of("2", provisional(claim)))
    request = Question(child_allowance, family, facts, DAY).as_request()
    first, second = request["subject"]["members"]
    assert first == {"id": "1", "born_on": "1990-01-01", "facts": {"Disability": None}}
    assert second["facts"] == {"ChildAllowanceClaim": {"claimed_on": "2020-04-10"}}
    assert second["provisional"] == ["ChildAllowanceClaim"]


def test_what_plain_data_cannot_say_is_told():
    use = WaterUse(use="家事用", meter_size=20, volume=3, months=1)
    bill = water_result(use)
    with pytest.raises(QuestionError, match="a result of 2025-04-01 cannot be said"):
        Question(water_bill, use, (of_date(date(2025, 4, 1), bill),), DAY).as_request()
    with pytest.raises(QuestionError, match="facts of 'x': nobody has that id"):
        Question(water_bill, use, (facts_of("x", none_of(Disability)),), DAY).as_request()
    with pytest.raises(QuestionError, match=r'has no date .*write "on" beside "subject"'):
        question_of(book(SHIRAKAWA), "water.supply", {"subject": {"meter_size": 20, "volume": 3, "months": 1}})


def water_result(use):
    return book(SHIRAKAWA).decide(water_bill, use, on=DAY).result


def test_an_answer_is_plain_and_comparable():
    question = Question(water_bill, WaterUse(use="家事用", meter_size=13, volume=20, months=2), (), DAY)
    answer = question.answer(book(SHIRAKAWA))
    assert answer.status == "decided"
    assert answer.decided
    assert answer.result["total"] == answer.outcome.result.total
    assert answer == question.answer(book(SHIRAKAWA), trace=True)
    assert isinstance(answer.outcome.result, WaterBill)
    assert str(answer).startswith('decided: {"')


def test_an_error_is_an_answer_too():
    early = Question(
        water_bill, WaterUse(use="家事用", meter_size=13, volume=20, months=2), (), date(1950, 1, 1)
    ).answer(book(SHIRAKAWA))
    assert (early.status, early.error, early.decided) == ("failed", "NotInForce", False)
    assert "ConsumptionTax" in early.message
    assert str(early).startswith("failed (NotInForce): ")


def test_the_command_line_asks_the_same(tmp_path):
    import shlex
    import subprocess
    import sys

    question = Question(water_bill, WaterUse(use="家事用", meter_size=13, volume=20, months=2), (), DAY)
    words = shlex.split(question.command(SHIRAKAWA))
    done = subprocess.run(
        [Path(sys.executable).with_name(words[0]), *words[1:], "--json"], capture_output=True, check=True, cwd=tmp_path
    )
    assert json.loads(done.stdout)["result"] == question.answer(book(SHIRAKAWA)).result
