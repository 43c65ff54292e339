import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from munirules import Rulebook
from munirules.errors import MunirulesError
from munirules.law.water.supply import WaterUse
from munirules.models.declare import declaration
from munirules.models.household import Household, Purpose
from munirules.models.income import Income
from munirules.models.land import Land
from munirules.models.resident import HEAD
from munirules.testing import NoQuestions, objects, question_of, questions
from munirules.testing.law_dates import Span, spans
from munirules.testing.properties.examination import drawn
from munirules.testing.shrink import shrunk
from munirules.testing.strategies import Pool, births, households, near, pool_of
from munirules.testing.strategies.days import notable
from munirules.testing.strategies.links import links_of, reached

book = cache(Rulebook.of)
SHIRAKAWA, GIFU = "215066", "212016"
ON = date(2026, 4, 1)


def gathered(strategy, examples=100, seed=0):
    found = []
    drawn(found.append, strategy, examples, seed)
    return found


class TestObjects:
    @pytest.mark.parametrize("cls", [WaterUse, Income, Household, Land], ids=lambda cls: cls.__name__)
    def test_hypothesis_knows_every_declared_class(self, cls):
        made = gathered(st.from_type(cls), 30)
        assert all(type(one) is cls for one in made)
        assert len(set(made)) > 5

    def test_a_class_is_registered_by_the_entry_point_alone(self, tmp_path):
        code = (
            "from hypothesis import strategies as st\n"
            "from munirules.law.water.supply import WaterUse\n"
            "print(WaterUse in st._internal.types._global_type_lookup)\n"
            "import sys; print('numba' in sys.modules)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, cwd=tmp_path)
        assert done.stdout == "True\nFalse\n"

    def test_every_subject_and_fact_of_the_nation_and_of_plugins_can_be_drawn(self):
        classes = set()
        for code in (GIFU, "212172"):
            for decision in book(code).decisions():
                classes.add(decision.subject)
                days = spans(book(code), decision)
                asked = book(code).ask(decision, on=days[-1].first) if days else ()
                classes.update(one.fact.cls for one in asked)
        assert len(classes) > 40
        for cls in sorted(classes, key=lambda cls: cls.__qualname__):
            assert gathered(objects(cls, ids=("1", "2")), 3), cls

    def test_what_the_invariants_tell_is_mended_and_little_is_thrown_away(self):
        tried = Counter()

        def count(one):
            tried[one.status.name] += 1

        drawn(count, objects(Income), 200, 0)
        assert sum(tried.values()) == 200
        assert set(tried) == {"DECLARED", "UNDECLARED", "UNKNOWN"}

    def test_fields_may_be_given(self):
        made = gathered(objects(WaterUse, given={"volume": st.just(7), "months": st.just(2)}), 20)
        assert {(one.volume, one.months) for one in made} == {(7, 2)}


class TestHouseholds:
    def test_households_are_such_as_could_be(self):
        seen = Counter()
        for family in gathered(households(Pool(ON, numbers={"歳": (3, 15, 18, 22)})), 200):
            by_id = {member.id: member for member in family.members}
            assert len(by_id) == len(family.members)
            assert [one.id for one in family.members if one.relationship == HEAD] == [family.head]
            for member in family.members:
                assert member.born_on <= ON
                for parent in filter(None, (member.mother, member.father)):
                    assert by_id[parent].born_on.year + 15 <= member.born_on.year
                seen["left"] += member.moved_out_on is not None
                seen["died"] += member.died_on is not None
            children = [one.born_on for one in family.members if one.relationship == "子"]
            seen["twins"] += len(set(children)) < len(children)
            seen["couple"] += any(one.spouse for one in family.members)
            seen["three children"] += len(children) > 2
        assert min(seen[name] for name in ("left", "died", "twins", "couple", "three children")) > 5

    def test_children_have_the_ages_at_which_something_changes(self):
        made = gathered(births(ON, (3,), oldest=10), 300)
        assert {date(2023, 4, 1), date(2023, 3, 31), date(2023, 4, 2)} <= set(made)
        assert all(date(2015, 4, 1) <= born <= ON for born in made)

    def test_the_simplest_household_is_one_adult(self):
        simplest = find(households(Pool(ON)), lambda family: True, settings=settings(database=None))
        assert [member.id for member in simplest.members] == ["1"]


class TestDays:
    def test_days_on_which_rules_go_wrong(self):
        found = notable(date(2019, 1, 1), date(2020, 12, 31))
        wanted = [(2019, 4, 30), (2019, 5, 1), (2020, 2, 29), (2020, 4, 1), (2020, 4, 2), (2020, 1, 1), (2019, 2, 28)]
        assert {date(*day) for day in wanted} <= set(found)

    def test_days_near_a_day(self):
        made = gathered(near(ON, [date(2025, 10, 1)]), 300)
        assert {date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 2), ON} <= set(made)

    def test_stretches_of_law_begin_and_end_where_the_data_say(self):
        told = [str(span) for span in spans(book(SHIRAKAWA), book(SHIRAKAWA).decision("water.supply"))]
        assert told == ["2019-10-01 to 2019-10-31", "2019-11-01 to 2023-03-31", "2023-04-01 onwards"]
        assert date(2020, 1, 1) in Span(date(2019, 11, 1), None)
        assert date(2019, 1, 1) not in Span(date(2019, 11, 1), None)


class TestQuestions:
    def test_every_version_is_visited_at_its_ends_and_thresholds_on_both_sides(self):
        made = gathered(questions(book(SHIRAKAWA), "water.supply"), 250)
        days = {one.on for one in made}
        for first in (date(2019, 11, 1), date(2023, 4, 1)):
            assert {first, first - timedelta(days=1)} <= days
        volumes = {one.subject.volume for one in made}
        assert {9, 10, 11, 50, 51, 100} <= volumes
        uses = Counter(one.subject.use for one in made)
        assert len([use for use in uses if uses[use] > 5]) >= 6  # every use that the table names, not the default alone

    def test_facts_are_those_that_the_rules_ask_for(self):
        statuses = Counter()
        for question in gathered(questions(book(GIFU), "welfare.child_allowance.income"), 80):
            answer = question.answer(book(GIFU))
            statuses[answer.status] += 1
            assert answer.error == "", answer
            asked = {type(fact).__name__ for fact in question.facts}
            assert asked <= {"Roles", "FactsOf", "Provisional"}
        assert statuses["decided"] > 30
        assert statuses["provisional"] > 0

    def test_findings_are_at_times_left_to_be_found(self):
        made = gathered(questions(book(GIFU), "welfare.evacuation_support"), 80)
        statuses = Counter(question.answer(book(GIFU)).status for question in made)
        assert statuses["needs_finding"] > 0
        assert statuses["decided"] > 30

    def test_most_questions_are_granted_even_where_most_answers_would_be_refusals(self):
        made = gathered(questions(book(GIFU), "fees.cremation_permit"), 60)
        statuses = Counter(question.answer(book(GIFU)).status for question in made)
        assert statuses["decided"] > statuses["refused"] > 0

    def test_what_is_drawn_can_be_said_in_json(self):
        for question in gathered(questions(book(GIFU), "welfare.medical_subsidy"), 40):
            again = question_of(book(GIFU), question.decision, question.as_request())
            assert again == question

    def test_date_subject_and_facts_may_be_given(self):
        family = Household(members=(), purpose=Purpose.SAME_LIVELIHOOD)
        made = gathered(
            questions(book(GIFU), "welfare.child_allowance.income", ON, subject=st.just(family)),
            5,
        )
        assert {(question.on, question.subject) for question in made} == {(ON, family)}

    def test_one_seed_gives_one_list_of_questions(self):
        lists = [gathered(questions(book(SHIRAKAWA), "water.supply"), 20, seed) for seed in (5, 5, 6)]
        assert lists[0] == lists[1] != lists[2]

    def test_law_that_is_in_force_at_no_date_is_told(self):
        with pytest.raises(NoQuestions, match=r"water\.sewer is in force at no date in 岐阜県白川町: SewerTariff"):
            questions(book(SHIRAKAWA), "water.sewer")

    def test_hypothesis_shrinks_to_a_question_that_a_clerk_can_read(self):
        here = book(SHIRAKAWA)

        def above_base(question):
            answer = question.answer(here)
            return answer.decided and answer.result["volume_charge"] > 0

        strategy = questions(here, "water.supply", ON)
        shown = find(strategy, above_base, settings=settings(database=None, derandomize=True))
        assert shown.as_request() == {
            "on": "2026-04-01",
            "subject": {"use": "家事用", "meter_size": 10, "volume": 11, "months": 1},
        }

    def test_a_household_that_shows_something_is_cut_down_to_what_shows_it(self):
        here = book(GIFU)

        def third(request):
            try:
                answer = question_of(here, "welfare.child_allowance", request).answer(here)
            except MunirulesError:
                return False
            return answer.decided and any(own["order"] == 3 for own in answer.result.values())

        made = gathered(questions(here, "welfare.child_allowance", ON), 150)
        first = next(question.as_request() for question in made if third(question.as_request()))
        short = shrunk(first, third)
        members = short["subject"]["members"]
        assert 3 <= len(members) <= 4
        assert sum("ChildAllowanceClaim" in member.get("facts", {}) for member in members) >= 3
        assert all(set(member) <= {"id", "born_on", "facts"} for member in members)

    @given(st.data())
    @settings(max_examples=10)
    def test_questions_are_a_strategy_as_any(self, data):
        question = data.draw(questions(book(SHIRAKAWA), "water.supply"))
        assert question.answer(book(SHIRAKAWA)).status in ("decided", "refused", "failed")


class TestLinks:
    def test_rules_say_which_field_goes_with_which_column(self):
        decision = book(SHIRAKAWA).decision("water.supply")
        links = links_of(reached(rule.fn for rule in decision.rules))
        assert links.root("relief") == links.root("ground")
        assert links.root("leak") == links.root("kind")
        assert links.root("use") != links.root("relief")

    def test_a_pool_holds_what_the_law_of_the_day_names(self):
        decision = book(SHIRAKAWA).decision("water.supply")
        pool = pool_of(book(SHIRAKAWA), decision, ON)
        assert "家事用" in pool.linked("use")
        assert {10, 15, 50} <= set(pool.numbers["m³"])
        assert {"use": "農業施設用"} in pool.aligned(WaterUse)
        assert date(2023, 4, 1) in pool.days
        assert pool is not pool_of(book(SHIRAKAWA), decision, date(2020, 1, 1))
        assert declaration(WaterUse).specs["volume"].unit == "m³"
