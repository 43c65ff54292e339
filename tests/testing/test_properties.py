"""What holds of every decision does; each planted fault is found, by the property that is for it."""

from __future__ import annotations

import sys
from datetime import date
from functools import cache

import attrs
import pytest
from tests.fictional.snippets import module as snippet

from munirules import Rulebook
from munirules.engine.holds import (
    PropertyError,
    equals,
    figure,
    monotone,
    months_sum,
    multiple_of,
    never_above,
    never_below,
    no_jump,
    parts_sum,
    zero_below,
)
from munirules.testing import Answer, examine, question_of, questions
from munirules.testing.kit import book as city
from munirules.testing.kit import ordinance
from munirules.testing.law_dates import spans
from munirules.testing.properties import Tried, declared_checks, free_checks
from munirules.testing.properties.alone import rulebook_alone
from munirules.testing.properties.columns import differing
from munirules.testing.properties.examination import drawn
from munirules.testing.properties.plugin import checks_of, decisions_of, examine_plugin

book = cache(Rulebook.of)
GIFU, SHIRAKAWA, HIDA, MIDORI = "212016", "215066", "212172", "102121"


class TestEveryDecision:
    @pytest.mark.parametrize("area", ["welfare", "fees", "water"])
    def test_no_property_fails_in_gifu(self, area):
        """Every decision that is in force in a city, national ones and its own."""
        for decision in book(GIFU).area(area).decisions.values():
            checks = checks_of(book(GIFU), decision)
            if not spans(book(GIFU), decision):
                continue
            found = examine(book(GIFU), decision, checks, examples=4, edges=1)
            assert found.passed, "\n".join(map(str, found.failures))
            assert found.visited == found.stretches

    @pytest.mark.parametrize("code", [SHIRAKAWA, MIDORI, HIDA])
    def test_no_property_fails_where_a_plugin_has_a_say(self, code):
        made = examine_plugin(book(code), code, examples=20)
        assert made
        for found in made:
            assert found.passed, "\n".join(map(str, found.failures))

    def test_every_decision_of_the_nation_says_what_holds_of_it(self):
        assert [decision.name for decision in book(GIFU).decisions() if not decision.properties] == []

    def test_a_rulebook_without_other_plugins_answers_the_same(self):
        alone = rulebook_alone(book(SHIRAKAWA))
        assert alone is not book(SHIRAKAWA)
        found = examine(book(SHIRAKAWA), "water.supply", free_checks(alone), examples=15)
        assert "alone" in found.checks
        assert found.passed

    def test_two_runs_with_one_seed_give_one_report(self):
        first, second = (examine(book(SHIRAKAWA), "water.supply", examples=15, seed=3) for _ in range(2))
        assert first == second
        assert str(first) == str(second)


USE = """
@facts(title="使用")
class Use:
    number: int = count("数", maximum=50)

@result(title="料金")
class Charge:
    amount: Yen = yen("額", en="amount")

charge = Decision("fees.charge", Use, Charge, title="料金", on="日", authority="市長")
"""
GROUP = """
@facts(title="人")
class Person:
    id: str = code("番号")
    age: int = count("年齢", maximum=99)

@facts(title="組")
class Group:
    people: tuple[Person, ...] = rows("人")

@result(title="料金")
class Charge:
    amount: Yen = yen("額", en="amount")

charge = Decision("fees.charge", Group, Charge, title="料金", on="日", authority="市長")
"""
FAULTS = {
    "total": (
        USE,
        """
        @charge.rule(title="額")
        def amount(use: Use) -> Yen:
            return 100 // (use.number - 7)
        """,
        "RuleFailed",
    ),
    "same_twice": (
        USE,
        """
        from helpers_of_a_fault import counted

        @charge.rule(title="額")
        def amount(use: Use) -> Yen:
            return counted() % 7
        """,
        "asked again",
    ),
    "explained": (
        USE,
        """
        from helpers_of_a_fault import watched

        @charge.rule(title="額")
        def amount(use: Use) -> Yen:
            return watched(use.number)
        """,
        "with its trace",
    ),
    "in_any_order": (
        GROUP,
        """
        @charge.rule(title="額")
        def amount(group: Group) -> Yen:
            return group.people[0].age if len(group.people) > 0 else 0
        """,
        "in another order",
    ),
    "no_clock": (
        USE,
        """
        from helpers_of_a_fault import this_year

        @charge.rule(title="額")
        def amount(use: Use) -> Yen:
            return use.number + this_year() - this_year()
        """,
        "today in this_year",
    ),
    "within_bounds": (
        USE,
        """
        @charge.rule(title="額")
        def amount(use: Use) -> Yen:
            return use.number - 20
        """,
        "amount",
    ),
}
HELPERS = """
from datetime import date
from itertools import count as numbers
from munirules.tape import TAPE

_numbers = numbers()

def counted() -> int:
    return next(_numbers)

def watched(number: int) -> int:
    return number if TAPE.get(None) is None else number + 1

def this_year() -> int:
    return date.today().year
"""


@pytest.fixture
def world(tmp_path):
    made = snippet(tmp_path, HELPERS)
    sys.modules["helpers_of_a_fault"] = made
    yield lambda text: snippet(tmp_path, text)
    del sys.modules["helpers_of_a_fault"]


def dedented(head, rule):
    return head + "\n" + "\n".join(line[8:] for line in rule.splitlines())


class TestPlantedFaults:
    @pytest.mark.parametrize("name", FAULTS)
    def test_each_is_found_by_the_property_that_is_for_it(self, world, name):
        head, rule, told = FAULTS[name]
        own = world(dedented(head, rule))
        here = city(own.charge)
        found = examine(here, own.charge, free_checks(), examples=60)
        broken = {failure.check: failure for failure in found.failures}
        assert name in broken, found
        assert told in broken[name].told
        assert broken[name].commands[0].startswith("munirules decide fees.charge --in 999997 --facts '{")

    def test_the_question_that_shows_it_is_the_simplest(self, world):
        head, rule, _ = FAULTS["total"]
        own = world(dedented(head, rule))
        (failure,) = examine(city(own.charge), own.charge, free_checks()[:1], examples=80).failures
        assert '"subject": {"number": 7}' in failure.commands[0]
        head, rule, _ = FAULTS["in_any_order"]
        own = world(dedented(head, rule))
        checks = [check for check in free_checks() if check.name == "in_any_order"]
        (failure,) = examine(city(own.charge), own.charge, checks, examples=80).failures
        assert failure.commands[0].count('"id"') == 2
        assert len(failure.commands) == 2

    def test_law_that_answers_before_it_is_in_force(self, world):
        text = """
        @provision(title="額")
        class Rate:
            each: int = yen("額")

        @charge.rule(title="額", since=date(2020, 4, 1))
        def amount(use: Use, rate: Rate) -> Yen:
            return use.number * rate.each
        """
        own = world(dedented(USE, text))
        law = "[[version]]\nsince = {}-04-01\n[version.Rate]\neach = 10"
        sound = examine(city(own.charge, city=[ordinance(law.format(2020))]), own.charge, examples=10)
        assert sound.passed
        assert "not_in_force" in sound.checks
        later = examine(city(own.charge, city=[ordinance(law.format(2022))]), own.charge, examples=10)
        assert later.passed
        assert (later.visited, later.stretches) == (1, 1)

    def test_a_question_that_lacks_a_fact_is_no_simpler_one(self, world):
        text = """
        @facts(title="届出")
        class Notice:
            days: int = count("日数", maximum=30)

        @charge.rule(title="額")
        def amount(use: Use, notice: Notice) -> Yen:
            return 100 // (notice.days - 3)
        """
        own = world(dedented(USE, text))
        (failure,) = examine(city(own.charge), own.charge, free_checks()[:1], examples=120).failures
        assert '"facts": {"Notice": {"days": 3}}' in failure.commands[0]


METERED = """
@facts(title="使用")
class Use:
    volume: int = quantity("水量", unit="m³", maximum=200)
    months: int = count("月数", minimum=1, maximum=6)
    days: int = count("日数", maximum=31, default=0)
    free: bool = flag("免除", default=False)

@row(title="段階")
class Step:
    above: int = quantity("水量（超）", unit="m³")
    price: int = yen("単価")

@provision(title="料金表")
class Tariff:
    base: int = yen("基本料金")
    steps: tuple[Step, ...] = rows("段階", ascending="above")
    unit: int = yen("端数")

@facts(title="申請")
class Claim:
    income: int = yen("所得")

@result(title="料金")
class Charge:
    base: Yen = yen("基本料金")
    used: Yen = yen("従量料金")
    total: Yen = yen("計")
    relief: Yen = yen("減免額")

charge = Decision("fees.charge", Use, Charge, title="料金", on="日", authority="市長")

@result(title="料金")
class Plain:
    sum: Yen = yen("計")

plain = Decision("fees.plain", Use, Plain, title="料金", on="日", authority="市長")

@charge.rule(title="基本料金")
def base(use: Use, tariff: Tariff) -> Yen:
    return 0 if use.free else tariff.base * use.months

@charge.rule(title="従量料金")
def used(use: Use, tariff: Tariff) -> Yen:
    if use.free:
        return 0
    total = 0
    for step in tariff.steps:
        total += max(use.volume - step.above, 0) * step.price
    return total

@charge.rule(title="減免額")
def relief(claim: Claim, base: Yen) -> Yen:
    return base if claim.income < 1000 else 0

@charge.rule(title="計")
def total(base: Yen, used: Yen, relief: Yen, tariff: Tariff) -> Yen:
    return floor_to(base + used - relief, tariff.unit)

@plain.rule(title="計")
def sum(use: Use, tariff: Tariff) -> Yen:
    if use.free:
        return 0
    total = tariff.base * use.months
    for step in tariff.steps:
        total += max(use.volume - step.above, 0) * step.price
    return total
"""
TARIFF = """
[[version]]
since = 2020-04-01
[version.Tariff]
base = 500
unit = 10
steps = [ { above = 10, price = 40 }, { above = 50, price = 35 } ]
"""


@pytest.fixture(scope="module")
def metered(tmp_path_factory):
    own = snippet(tmp_path_factory.mktemp("metered"), METERED)
    return own, city(own.charge, own.plain, city=[ordinance(TARIFF)])


def tried(metered, declared, decision="charge", examples=80):
    own, here = metered
    return examine(here, getattr(own, decision), declared_checks([declared]), examples=examples)


class TestDeclared:
    @pytest.mark.parametrize(
        "declare",
        [
            lambda own: monotone("total", by="volume"),
            lambda own: monotone("total", by="Claim.income"),
            lambda own: never_below("total", "used", when={"Claim.income": 1001}),
            lambda own: never_above("relief", "base"),
            lambda own: multiple_of("total", figure(own.Tariff, "unit")),
            lambda own: multiple_of("total", "Tariff.unit"),
            lambda own: parts_sum("base", ["relief", "base"], less=["relief"]),
            lambda own: zero_below("used", by="volume", under=11),
            lambda own: zero_below("total", by="base", under=1, when={"free": True}),
            lambda own: no_jump("used", by="volume", at_most=75),
            lambda own: no_jump(
                "used", by="volume", at_most=figure(own.Tariff, "steps.price"), cliffs=(51,), when=below
            ),
            lambda own: months_sum("base", months="months", shared=["volume"]),
            lambda own: equals("fees.plain", [("used", "sum")], when={"free": True}),
            lambda own: never_above("used", 0, when=lambda use: use.volume <= 10),
        ],
    )
    def test_what_holds(self, metered, declare):
        found = tried(metered, declare(metered[0]))
        assert found.passed, "\n".join(map(str, found.failures))
        assert found.idle == ()

    @pytest.mark.parametrize(
        ("declare", "told"),
        [
            (lambda own: monotone("total", by="volume", falling=True), " gives total ("),
            (lambda own: monotone("relief", by="Claim.income"), " gives relief (500円), 1000 gives relief (0円)"),
            (lambda own: never_below("total", 400), "is below 400"),
            (lambda own: never_above("relief", "used"), "relief (500円) is above used (0円)"),
            (
                lambda own: multiple_of("used", figure(own.Tariff, "unit")),
                "円) is no multiple of Tariff.unit (10円)",
            ),
            (lambda own: parts_sum("total", ["base", "used"], less=["relief"]), "total ("),
            (
                lambda own: zero_below("used", by="volume", under=12),
                "volume (11) is below 12, but used (40円) is not 0",
            ),
            (lambda own: no_jump("used", by="volume", at_most=40), "volume 50 gives used (1,600円), 51 gives"),
            (lambda own: months_sum("used", months="months"), "but its months used"),
            (lambda own: equals("fees.plain", [("total", "sum")]), "but sum of fees.plain is"),
        ],
    )
    def test_what_does_not(self, metered, declare, told):
        (failure,) = tried(metered, declare(metered[0]), examples=200).failures
        assert told in failure.told
        own, here = metered
        request = failure.commands[0].partition("--facts ")[2].strip("'")
        import json

        assert question_of(here, own.charge, json.loads(request)).answer(here).decided

    def test_cliffs_are_passed_over(self, metered):
        found = tried(metered, monotone("relief", by="Claim.income", cliffs=(1000,)))
        assert found.passed

    def test_what_speaks_of_nothing_is_told(self, metered):
        found = tried(metered, never_above("total", "Nobody.amount"))
        assert found.passed
        assert found.idle == ("never_above_total",)

    def test_names_tell_properties_of_one_kind_apart(self):
        names = [check.name for check in declared_checks([never_below("total", 0), never_below("total", 1)])]
        assert names == ["never_below_total", "never_below_total_2"]

    @pytest.mark.parametrize(
        ("declared", "message"),
        [
            (never_below("totl", 0), r"nothing is called 'totl' — did you mean 'total'"),
            (monotone("total", by="volum"), r"Use has no field 'volum' — did you mean 'volume'"),
            (multiple_of("total", figure(int, "unit")), r"int is no provision"),
        ],
    )
    def test_what_is_not_there_is_told_when_it_is_declared(self, metered, declared, message):
        with pytest.raises(PropertyError, match=message):
            metered[0].charge.holds(declared)

    @pytest.mark.parametrize(
        ("field", "message"),
        [
            ("unti", "no such field — did you mean 'unit'"),
            ("steps", "a column of a table is written TABLE.COLUMN"),
            ("unit.price", "a column of a table is written TABLE.COLUMN"),
            ("steps.pric", "no such column — did you mean 'price'"),
        ],
    )
    def test_figures_that_are_not_there_are_told(self, metered, field, message):
        with pytest.raises(PropertyError, match=message):
            metered[0].charge.holds(multiple_of("total", figure(metered[0].Tariff, field)))

    def test_they_read_as_a_sentence(self, metered):
        own = metered[0]
        told = [
            monotone("total", by="volume", cliffs=[10]),
            no_jump("total", by="volume", at_most=5, cliffs=[3]),
            parts_sum("total", ["base", "used"], less=["relief"]),
            months_sum("total", shared=["volume"]),
            equals(own.plain, ["total", ("used", "sum")]),
            zero_below("total", by="volume", under=1),
            multiple_of("total", figure(own.Tariff, "unit")),
        ]
        assert list(map(str, told)) == [
            "total never falls when volume grows, but for the steps at 10",
            "one more of volume changes total by at most 5, but for the steps at 3",
            "total = base + used - relief",
            "total of several months is the sum of theirs, volume shared out",
            "total, used as sum as fees.plain answers",
            "total is 0 while volume is below 1",
            "total is a multiple of Tariff.unit",
        ]


def below(use):
    return use.volume < 50


class TestPluginsSay:
    def test_decisions_in_which_a_plugin_has_a_say(self):
        assert [one.name for one in decisions_of(book(HIDA), HIDA)] == ["welfare.hida_coupon"]
        names = {one.name for one in decisions_of(book(SHIRAKAWA), SHIRAKAWA)}
        assert {"water.supply", "water.supply.settlement", "fees.certificates"} <= names
        assert "welfare.child_allowance" not in names

    def test_on_a_date_that_is_given(self):
        question = question_of(
            book(SHIRAKAWA),
            "water.supply",
            {"on": "2026-04-01", "subject": {"use": "家事用", "meter_size": 13, "volume": 11, "months": 1}},
        )
        assert question.on == date(2026, 4, 1)


class TestColumns:
    def test_a_row_that_is_answered_otherwise_is_told(self):
        asked = []
        drawn(
            lambda question: asked.append(Tried(book(SHIRAKAWA), question)),
            questions(book(SHIRAKAWA), "water.supply"),
            20,
            0,
        )
        decision = asked[0].question.decision
        assert list(differing(book(SHIRAKAWA), decision, asked, engine="python")) == []
        decided = next(tried for tried in asked if tried.answer.decided)
        refused = next(tried for tried in asked if tried.answer.status == "refused")
        vars(refused)["answer"] = attrs.evolve(refused.answer, reason="別の理由")
        vars(decided)["answer"] = Answer("failed", error="RuleFailed")
        told = dict(differing(book(SHIRAKAWA), decision, asked, engine="python"))
        assert set(told) == {decided, refused}
        assert "別の理由" in told[refused]
        assert told[decided].startswith("answers failed (RuleFailed)")

    def test_members_and_their_fields_are_compared(self):
        asked = []
        drawn(
            lambda question: asked.append(Tried(book(GIFU), question)), questions(book(GIFU), "fees.cremation"), 20, 0
        )
        decided = next(tried for tried in asked if tried.answer.decided)
        result = decided.answer.outcome.result
        vars(decided)["results"] = lambda: {"": attrs.evolve(result, total=result.total + 1)}
        ((tried, told),) = differing(book(GIFU), decided.question.decision, asked, engine="python")
        assert tried is decided
        assert told == f"total is {result.total + 1}; in a table {result.total}"

    def test_it_is_one_of_the_properties(self):
        found = examine(book(SHIRAKAWA), "water.supply", [], examples=5, edges=1)
        assert found.checks == ("not_in_force", "columns_python")
        assert examine(book(SHIRAKAWA), "water.supply", [], examples=5, edges=1, engines=()).checks == ("not_in_force",)
