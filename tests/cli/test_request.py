"""A question as plain data becomes subject and facts; every fault of it is told by its path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from munirules.engine.request import known_facts, parse_json, read_request
from munirules.models.read import DataError
from munirules.plugins.rulebook import Rulebook

RENT = "housing.monthly_rent"


@pytest.fixture
def book() -> Rulebook:
    return Rulebook.of("999997")


def tenancy(**facts: Any) -> dict[str, Any]:
    return {"floor_area": 57, "tenants": [{"id": "a", "born_on": "1980-04-01", "facts": facts}]}


def decided(book: Rulebook, data: object, on: date = date(2021, 4, 1)) -> Any:
    request = read_request(book, RENT, data)
    return book.decide(RENT, request.subject, *request.facts, on=on)


def problems(book: Rulebook, data: object, decision: str = RENT) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_request(book, decision, data)
    return caught.value.problems


def test_the_subject_alone_is_a_question(book: Rulebook) -> None:
    request = read_request(book, RENT, {"floor_area": 57, "tenants": []})
    assert request.subject.floor_area == 57
    assert request.facts == ()
    assert request.on is None


def test_facts_of_the_whole_and_of_a_part(book: Rulebook) -> None:
    data = {
        "on": "R3.4.1",
        "subject": tenancy(Income={"amount": 700000}, Disability=None),
        "facts": {"Excess": {"years": 2}},
    }
    assert read_request(book, RENT, data).on == date(2021, 4, 1)
    outcome = decided(book, data)
    assert outcome.result.total == 1250
    assert outcome.status == "decided"


def test_the_result_of_another_decision_is_a_fact(book: Rulebook) -> None:
    data = {"subject": tenancy(Counted={"counted": 1}), "facts": {"Excess": None}}
    assert decided(book, data).result.total == 0


@pytest.mark.parametrize(
    "data",
    [
        {"subject": tenancy(Counted={"counted": 1}), "facts": {"Excess": None}, "provisional": ["Excess"]},
        {
            "subject": {
                "floor_area": 57,
                "tenants": [
                    {
                        "id": "a",
                        "born_on": "1980-04-01",
                        "facts": {"Income": {"amount": 1}, "Disability": None},
                        "provisional": ["Income"],
                    }
                ],
            },
            "facts": {"Excess": None},
        },
    ],
)
def test_a_fact_may_be_provisional(book: Rulebook, data: dict[str, Any]) -> None:
    assert decided(book, data).status == "provisional"


def test_known_facts_reach_through_the_chain_of_decisions(book: Rulebook) -> None:
    known = known_facts(book, RENT)
    assert list(known) == ["Counted", "Disability", "Excess", "Income"]
    assert known["Excess"].places == {None}
    assert {place.__name__ for place in known["Income"].places if place} == {"Tenant"}
    assert list(known_facts(book, "housing.counted_income")) == ["Disability", "Income"]


def test_every_fault_is_told_at_once(book: Rulebook) -> None:
    found = problems(
        book,
        {
            "on": "2021-02-30",
            "subject": {
                "floor_are": 57,
                "floor_area": Decimal("57.5"),
                "tenants": [{"id": "a", "facts": {"Incom": {}}}],
            },
            "facts": {"Excess": {"years": -1}, "Tenant": {}},
            "provisonal": [],
        },
    )
    text = "\n".join(found)
    assert "provisonal: unknown — did you mean 'provisional'?" in text
    assert "on: 「2021-02-30」" in text
    assert "Tenancy.floor_are: unknown — did you mean 'floor_area'?" in text
    assert "57.5 is a decimal number; allowed: a whole number from 1 to 500 m²" in text
    assert "Tenancy.tenants[0].born_on (生年月日): missing" in text
    assert "Tenancy.tenants[0].facts.Incom: unknown fact — did you mean 'Income'?" in text
    assert "facts.Excess.years (年数): -1 is out of bounds" in text
    assert "facts.Tenant: unknown fact" in text
    assert len(found) == 8


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([], "[] is not an object; write Tenancy"),
        ({"subject": 3}, "Tenancy: 3 is not an object"),
        ({"floor_area": 57, "tenants": [], "on": "2021-04-01"}, 'the subject has its own key: {"subject": {…}, …}'),
        ({"subject": {"floor_area": 57, "tenants": 3}}, "3 is not a list"),
        ({"subject": tenancy(), "facts": []}, "facts: [] is not an object"),
        ({"subject": tenancy(), "provisional": "Excess"}, "is not a list; write the names of facts"),
        (
            {"subject": tenancy(), "provisional": ["Exces"], "facts": {"Excess": None}},
            "'Exces' is not among the facts given beside it — did you mean 'Excess'?",
        ),
        ({"subject": tenancy(), "facts": {"Income": {"amount": 1}}}, "Income is about Tenant, not about the whole"),
        ({"subject": tenancy(Excess={"years": 1})}, "Excess is about the whole, not about one Tenant"),
        ({"subject": tenancy(), "facts": {"Counted": {"counted": 1}}}, "Counted is about Tenant, not about the whole"),
        ({"subject": tenancy(), "on": 20210401}, "on: 20210401 is not a date"),
    ],
)
def test_faults(book: Rulebook, data: object, told: str) -> None:
    assert told in "\n".join(problems(book, data))


def test_json_keeps_decimals_exact() -> None:
    assert parse_json('{"price": 157.50, "n": 3}') == {"price": Decimal("157.50"), "n": 3}
    assert parse_json("﻿{}".encode()) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "here: line 1, column 2"),
        ('{"a": 1,\n "a": 2}', "here: 'a' stands twice in one object"),
        ('{"a": NaN}', "here: NaN is not a number"),
        ('{"a": 1e400}', "here: 1e400 has an exponent"),
        ('{"a": ' + "9" * 5000 + "}", "here: Exceeds the limit"),
        ("[" * 100_000, "here: "),
        (b"\xff", "here: byte 0: not UTF-8"),
    ],
)
def test_json_faults(text: str | bytes, told: str) -> None:
    with pytest.raises(DataError, match="here: ") as caught:
        parse_json(text, "here")
    assert told in str(caught.value)
