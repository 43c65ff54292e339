"""Schemas of decisions: what is asked here, on a date, in whose rules, and what is answered."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from tests.fictional.household import (
    DECISIONS,
    Disability,
    Household,
    Income,
    Member,
    Schooling,
    allowance,
    levy,
    relief,
)
from tests.fictional.laws import LAWS

from munirules import Decision, Yen, facts, facts_of, provision, result
from munirules.cli.schema import schema as command
from munirules.engine.request import read_request
from munirules.engine.schema import schema_of
from munirules.models.fields import count, flag, yen
from munirules.models.read import DataError
from munirules.plugins.rulebook import Rulebook
from munirules.testing.kit import book, ordinance

ON = date(2026, 4, 1)
BOOK = book(*DECISIONS, city=LAWS["city"], nation=LAWS["nation"])
PERSON = {"id": "a", "born": "1980-04-01"}


def question(*, facts_of_a: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    person = PERSON if facts_of_a is None else {**PERSON, "facts": facts_of_a}
    return {"subject": {"members": [person], "moved_in": "2020-04-01"}, **more}


def fits(decision, data: object, **more) -> bool:
    return Draft202012Validator(schema_of(decision, BOOK, **more).input).is_valid(data)


@pytest.mark.parametrize("decision", DECISIONS, ids=str)
def test_schemas_are_schemas(decision):
    made = schema_of(decision, BOOK)
    for schema in (made.input, made.output):
        Draft202012Validator.check_schema(schema)
        json.dumps(schema)


def test_every_decision_of_the_nation_has_both():
    national = Rulebook.of("000000")
    for decision in national.decisions():
        made = schema_of(decision, national)
        Draft202012Validator.check_schema(made.input)
        Draft202012Validator.check_schema(made.output)


@pytest.mark.parametrize(
    ("data", "fit"),
    [
        (question(), True),
        (question(facts_of_a={"Income": {"amount": 1}, "Disability": None}), True),
        (question(facts_of_a={"Income": {"amount": 1}, "Disability": {"grade": 1}}, on="R8.4.1"), True),
        (question(facts_of_a={"Income": {"amount": -1}}), False),
        (question(facts_of_a={"Incmoe": {"amount": 1}}), False),
        (question(fatcs={}), False),
        (question(facts={"Income": {"amount": 1}}), False),
        ({"members": []}, False),
    ],
)
def test_facts_stand_inside_the_member_whom_they_are_about(data, fit):
    assert fits(levy, data) is fit
    if "subject" in data:
        try:
            read_request(BOOK, levy, data)
        except DataError:
            assert not fit
        else:
            assert fit


def test_only_what_may_be_none_may_be_null():
    assert fits(levy, question(facts_of_a={"Disability": None}))
    assert not fits(levy, question(facts_of_a={"Income": None}))


def test_what_is_provisional_is_named_beside_it():
    data = question(facts_of_a={"Income": {"amount": 1}})
    data["subject"]["members"][0]["provisional"] = ["Income"]
    assert fits(levy, data)
    data["subject"]["members"][0]["provisional"] = ["Outcome"]
    assert not fits(levy, data)


def test_other_decisions_results_may_be_given():
    assert fits(allowance, question(facts_of_a={"Levy": {"base": 0, "levied": 0}, "Card": {"discount": 0}}))
    assert fits(relief, question(facts={"Allowance": {"children": 1, "for_mothers": 0, "total": 0}}))


def test_a_finding_that_is_missing_is_an_answer():
    facts = schema_of(relief, BOOK).input["properties"]["facts"]
    assert facts["properties"]["Hardship"]["x-found-by"] == "架空市福祉審査会"
    assert facts["required"] == []
    assert fits(relief, question())


def test_a_decision_about_one_member():
    assert fits("welfare.card", {"subject": PERSON, "facts": {"Schooling": {"pupil": True}}})
    assert not fits("welfare.card", {"subject": PERSON})
    assert not fits("welfare.card", {"subject": PERSON, "facts": {}})


def test_the_answer_fits_its_schema():
    household = Household(members=(Member(id="a", born=date(1980, 4, 1)),), moved_in=date(2020, 4, 1))
    income = facts_of("a", Income(amount=2_000_000), Disability(grade=1))
    for decision, given in ((levy, (income,)), (allowance, (income, facts_of("a", Schooling(pupil=False))))):
        outcome = BOOK.decide(decision, household, *given, on=ON)
        answer = json.loads(outcome.explain(form="json"))["result"]
        Draft202012Validator(schema_of(decision, BOOK).output).validate(answer)


def test_the_answer_is_told_by_the_titles_of_its_rules():
    output = schema_of(levy, BOOK).output
    assert output["$defs"]["Levy"]["properties"]["levied"]["title"] == "賦課額"
    assert output["additionalProperties"] == {"$ref": "#/$defs/Levy"}


@facts(title="申請")
class Claim:
    """A claim."""

    months: int = count("月数")


@facts(title="確認")
class Proof:
    """A proof that is asked for since a date."""

    shown: bool = flag("提示")


@facts(title="同意")
class Consent:
    """Something that a town asks for."""

    given: bool = flag("同意")


@provision(title="支給額")
class GrantRates:
    """What is granted."""

    each: int = yen("月額")


@result(title="支給")
class Grant:
    """A grant."""

    total: Yen


grant = Decision("grants.one", Claim, Grant, title="支給", on="申請日", authority="架空市長")


@grant.rule("total", title="額", until=date(2025, 3, 31))
def total_before(claim: Claim, rates: GrantRates) -> Yen:
    return claim.months * rates.each


@grant.rule("total", title="額", since=date(2025, 4, 1))
def total_now(claim: Claim, rates: GrantRates, proof: Proof | None) -> Yen:
    return claim.months * (rates.each if proof is None else 2 * rates.each)


@grant.replaces("total", since=date(2026, 4, 1))
def total_here(claim: Claim, consent: Consent) -> Yen:
    return claim.months if consent.given else 0


class TestPlaceAndDate:
    law = ordinance("[[version]]\nsince = 2000-04-01\n[version.GrantRates]\neach = 1000\n")

    def asked(self, here, on: date | None = None) -> tuple[set[str], list[str]]:
        facts = schema_of(grant, here, on=on).input["properties"].get("facts", {"properties": {}, "required": []})
        return set(facts["properties"]), facts["required"]

    def test_on_a_date(self):
        plain = book(grant, city=(self.law,))
        assert self.asked(plain, date(2025, 3, 31)) == (set(), [])
        assert self.asked(plain, date(2025, 4, 1)) == ({"Proof"}, ["Proof"])
        assert self.asked(plain) == ({"Proof"}, [])

    def test_in_a_town_whose_rule_asks_for_more(self):
        here = book(grant, city=(self.law,), replaced=(total_here,))
        assert self.asked(here) == ({"Proof", "Consent"}, [])
        assert self.asked(here, date(2026, 4, 1)) == ({"Consent"}, ["Consent"])


def test_it_takes_no_time():
    schema_of(levy, BOOK)
    start = time.perf_counter()
    schema_of(levy, BOOK)
    assert time.perf_counter() - start < 0.05


class TestCommand:
    def run(self, *args: str) -> dict[str, Any]:
        found = CliRunner().invoke(command, args, catch_exceptions=False)
        assert found.exit_code == 0, found.output
        told: dict[str, Any] = json.loads(found.output)
        return told

    def test_both(self):
        told = self.run("water.supply")
        assert set(told) == {"input", "output"}
        Draft202012Validator.check_schema(told["input"])

    @pytest.mark.parametrize("part", ["input", "output"])
    def test_one(self, part):
        assert (
            self.run("water.supply", "--in", "白川町", "--on", "R8.4.1", f"--{part}")
            == self.run("water.supply", "--in", "白川町", "--on", "2026-04-01")[part]
        )
