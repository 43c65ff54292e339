"""The trace: every step with what it was given, the rows and roundings applied, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from tests.fictional.household import (
    DECISIONS,
    Allowance,
    Disability,
    Household,
    Income,
    Levy,
    Member,
    Schooling,
    allowance,
    levy,
)
from tests.fictional.laws import DATA, LAWS
from tests.fictional.snippets import module as snippet

from munirules.engine.bag import facts_of, none_of
from munirules.engine.outcome import Outcome, TraceStep
from munirules.money import Currency
from munirules.tape import TAPE, Applied, Rounded
from munirules.testing.kit import TOWN, act, book, ordinance

ON = date(2024, 5, 1)
BOOK = book(*DECISIONS, **LAWS)
FAMILY = Household(
    members=(Member(id="haha", born=date(1985, 5, 1)), Member(id="ani", born=date(2015, 5, 1), mother="haha")),
    moved_in=date(2020, 1, 1),
)
FACTS = (facts_of("haha", Income(amount=2_000_000), none_of(Disability)), Schooling(pupil=True))


def told(steps: tuple[TraceStep, ...], within: str = "") -> Iterator[tuple[str, str, object]]:
    """Every step: whose it is, for which part, what it answered."""
    for step in steps:
        yield f"{within}{step.rule or step.decision}", step.part, step.value
        yield from told(step.steps, f"{within}{step.decision}/")


def test_every_step_stands_in_the_order_in_which_it_was_taken():
    outcome = BOOK.decide(allowance, FAMILY, *FACTS, on=ON)
    assert list(told(outcome.trace)) == [
        ("child", "haha", False),
        ("child", "ani", True),
        ("birth", "haha", date(1985, 5, 1)),
        ("birth", "ani", date(2015, 5, 1)),
        ("elders", "haha", 0),
        ("elders", "ani", 0),
        ("welfare.levy", "", None),
        ("welfare.levy/liable", "haha", True),
        ("welfare.levy/liable", "ani", False),
        ("welfare.levy/base", "haha", 1_700_000),
        ("welfare.levy/levied", "haha", 93_500),
        ("mothers_levy", "haha", 0),
        ("mothers_levy", "ani", 93_500),
        ("welfare.card", "haha", None),
        ("welfare.card/discount", "", 0),
        ("welfare.card", "ani", None),
        ("welfare.card/discount", "", 300),
        ("one", "haha", 0),
        ("one", "ani", 12_300),
        ("children", "", 1),
        ("for_mothers", "", 93_500),
        ("total", "", 12_300),
    ]


def step(outcome: Outcome[object], rule: str, part: str = "") -> TraceStep:
    return next(one for one in outcome.trace if (one.rule, one.part) == (rule, part))


def test_a_step_says_what_it_was_given_and_by_whom():
    outcome = BOOK.decide(levy, FAMILY, *FACTS, on=ON)
    base = step(outcome, "base", "haha")
    assert [(one.name, one.kind, one.value) for one in base.given[:2]] == [
        ("income", "fact", Income(amount=2_000_000)),
        ("disability", "fact", None),
    ]
    assert [(one.name, one.kind) for one in base.given[2:]] == [("rates", "provision")]
    liable = step(outcome, "liable", "haha")
    assert [(one.name, one.kind) for one in liable.given] == [("member", "part"), ("rates", "provision"), ("on", "on")]
    mothers = step(BOOK.decide(allowance, FAMILY, *FACTS, on=ON), "mothers_levy", "ani")
    assert [(one.name, one.kind) for one in mothers.given] == [
        ("mother", "place"), ("child", "rule"), ("levies", "decided"), ("me", "me"), ("member", "part"),
    ]  # fmt: skip


def test_a_step_cites_its_article_and_the_versions_its_provisions_come_from():
    outcome = BOOK.decide(levy, FAMILY, *FACTS, on=ON)
    cited = step(outcome, "levied", "haha").citations
    assert [(one.text, one.since, one.plugin) for one in cited] == [
        ("架空市条例第3条", None, ""),
        ("架空市賦課条例 第3条", date(2024, 4, 1), "munirules-city 1.0"),
        ("架空市賦課条例 第3条", date(2010, 4, 1), "munirules-city 1.0"),
        ("架空法 第2条", date(2022, 4, 1), "munirules-nation 1.0"),
    ]
    assert cited[0].where.partition("household.py:")[1]
    assert [one.where.removeprefix(f"{DATA}/") for one in cited[1:]] == [
        "city/welfare/levy.toml:16",
        "city/welfare/levy.toml:8",
        "nation/welfare/levy.toml:14",
    ]
    assert cited[1].source == "https://example.com/999997"
    assert set(outcome.citations) == {one for each in outcome.trace for one in each.citations}


def test_the_law_cited_is_that_of_the_date_and_of_what_was_known():
    before = BOOK.decide(levy, FAMILY, *FACTS, on=date(2024, 3, 31))
    unknown = BOOK.decide(levy, FAMILY, *FACTS, on=ON, known=date(2023, 12, 19))
    for outcome in (before, unknown):
        assert outcome.of("haha").levied == 85_000
        assert [one.since for one in step(outcome, "levied", "haha").citations[1:]] == [
            date(2010, 4, 1),
            date(2022, 4, 1),
        ]
    assert BOOK.decide(levy, FAMILY, *FACTS, on=ON, known=date(2023, 12, 20)).of("haha").levied == 93_500


def test_roundings_are_noted_with_the_step_that_made_them():
    odd = (facts_of("haha", Income(amount=2_000_010), none_of(Disability)), FACTS[1])
    traced = step(BOOK.decide(levy, FAMILY, *odd, on=ON), "levied", "haha")
    assert traced.value == 93_500
    # 1,700,010 at 5.5 % is 93,500.55: a fraction of a yen is dropped, and nothing below 100 is left
    assert traced.notes == (Rounded(1_700_010 * 11, 200, "切捨て", 1, 93_500),)
    inner = step(BOOK.decide(allowance, FAMILY, *odd, on=ON), "", "").steps
    assert [one.notes for one in inner if one.rule == "levied"] == [traced.notes]
    assert TAPE.get() is None


def test_a_step_says_what_it_counts_in():
    outcome = BOOK.decide(levy, FAMILY, *FACTS, on=ON)
    assert step(outcome, "levied", "haha").currency == Currency("円", 1)
    assert step(outcome, "liable", "haha").currency is None


def test_what_was_supplied_is_told_from_what_was_decided():
    each = [facts_of("haha", Levy(base=0, levied=7)), facts_of("ani", none_of(Levy))]
    outcome = BOOK.decide(allowance, FAMILY, *each, FACTS[1], on=ON)
    given = {one.name: one.kind for one in step(outcome, "mothers_levy", "ani").given}
    assert (given["levies"], outcome.result) == ("supplied", Allowance(children=1, for_mothers=7, total=12_300))
    assert "welfare.levy" not in [one.decision for one in outcome.trace]


def test_a_trace_is_made_once_and_deciding_makes_none(monkeypatch):
    outcome = BOOK.decide(levy, FAMILY, *FACTS, on=ON)
    assert outcome.trace is outcome.trace
    traced = BOOK.decide(levy, FAMILY, *FACTS, on=ON, trace=True)
    monkeypatch.setattr("munirules.engine.running.Case._record", lambda *_: pytest.fail("decided once more"))
    assert traced.trace == outcome.trace


REPLACED = """
@facts
class Use:
    number: int = count("数")

@provision
class Fees:
    one: int = sen("単価")

@result
class Fee:
    owed: Sen

fee = Decision("fees.fee", Use, Fee, title="手数料", on="申請日", authority="長", law="手数料条例")

@fee.rule(title="額")
def owed(use: Use) -> Sen:
    return use.number

@fee.replaces("owed")
def owed_here(use: Use, fees: Fees) -> Sen:
    applied("fees", fees, use.number, fees.one * use.number)
    return fees.one * use.number
""".replace("@facts\nclass Use", "from munirules.tape import applied\n\n@facts\nclass Use")
FEES = "[[version]]\nsince = 2020-04-01\nunverified = '第2項'\ncitation = '別表'\nsource = 'https://example.com/fees'\n[version.Fees]\none = 1.5\n"


def test_a_local_rule_is_told_with_whose_it_is_and_from_which_plugin(tmp_path):
    world = snippet(tmp_path, REPLACED)
    here = book(world.fee, city=[ordinance(FEES, title="手数料条例")], replaced=[world.owed_here])
    outcome = here.decide(world.fee, world.Use(number=3), on=ON)
    (one,) = outcome.trace
    assert (one.value, one.replaced, one.currency) == (450, "架空市", Currency("銭", 100))
    rule, data = one.citations
    assert (rule.text, rule.plugin, rule.source) == ("手数料条例", "munirules-city 1.0", "https://example.com/999997")
    assert rule.where.startswith(world.__file__)
    assert (data.text, data.source, data.unverified) == ("手数料条例 別表", "https://example.com/fees", "第2項")
    assert outcome.unverified == ("手数料条例 別表: 第2項",)
    assert one.notes == (Applied("fees", world.Fees(one=150), 3, 450),)


def test_a_rule_of_a_union_is_the_unions(tmp_path):
    from munirules.engine.area import AreaContent
    from munirules.engine.provisions import Link
    from munirules.engine.rulebook import Rulebook
    from munirules.testing.kit import CITY, UNION, Memory, enacted

    world = snippet(tmp_path, REPLACED)
    links = (
        Link(jurisdiction=CITY),
        Link(jurisdiction=UNION, enactments=enacted([ordinance(FEES, code=UNION.code)], "union", [world.owed_here])),
    )
    content = AreaContent(chain=links, decisions=(world.fee,))
    rulebook = Rulebook(Memory(jurisdiction=CITY, contents={"fees": content}))
    (one,) = rulebook.decide(world.fee, world.Use(number=3), on=ON).trace
    assert (one.replaced, one.citations[0].plugin) == ("架空広域連合", "munirules-union 1.0")


def test_the_trace_of_one_rulebook_is_not_anothers(tmp_path):
    world = snippet(tmp_path, REPLACED)
    here = book(world.fee, city=[ordinance(FEES)], replaced=[world.owed_here])
    there = book(world.fee, of=TOWN, nation=[act(FEES)])
    outcomes = [one.decide(world.fee, world.Use(number=3), on=ON) for one in (here, there)]
    assert [(one.trace[0].replaced, one.result.owed) for one in outcomes] == [("架空市", 450), ("", 3)]


REFUSING = """
from munirules.engine.decision import MemberDecision, refuse
from munirules.models.declare import facts, result
from munirules.models.fields import code, count, rows


@facts(title="人")
class Person:
    id: str = code("番号")
    age: int = count("年齢")


@facts(title="組")
class Group:
    people: tuple[Person, ...] = rows("人")


@result(title="入場")
class Entry:
    first: int = count("一")
    second: int = count("二")


entry = MemberDecision("fees.entry", Group, Entry, member=Person, title="入場", on="日", authority="市長")


@entry.rule(title="一")
def first(person: Person) -> int:
    if person.age > 100:
        refuse("一による")
    return person.age


@entry.rule(title="二")
def second(person: Person, first: int) -> int:
    if first == 0:
        refuse("二による")
    return first + 1
"""


@pytest.mark.parametrize("ages", [(0, 101), (101, 0), (5, 0), (5, 101), (7, 8)])
def test_a_traced_run_refuses_where_the_plain_one_does(tmp_path, ages):
    world = snippet(tmp_path, REFUSING)
    people = tuple(world.Person(id=f"{number}", age=age) for number, age in enumerate(ages))
    plain, traced = (
        book(world.entry).decide(world.entry, world.Group(people=people), on=ON, trace=trace) for trace in (False, True)
    )
    assert (plain.status, plain.reason, plain.answer) == (traced.status, traced.reason, traced.answer)
    assert [step.value for step in plain.trace] == [step.value for step in traced.trace]
    if plain.decided:
        assert [(step.rule, step.part) for step in traced.trace] == [
            *(("first", "0"), ("first", "1")),
            *(("second", "0"), ("second", "1")),
        ]
    else:
        assert traced.trace[-1].value == traced.reason
