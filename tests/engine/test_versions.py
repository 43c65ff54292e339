"""Dated rules and replacements: which version of a rule counts, here, on a date, as known on another."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fictional.snippets import module as snippet

from munirules.engine.area import RulebookError
from munirules.engine.decision import Decision, Rule, RuleError
from munirules.engine.provisions import NotInForce
from munirules.engine.rulebook import Rulebook
from munirules.engine.steps import rules_on, twins
from munirules.models.declare import facts, result
from munirules.money import Yen
from munirules.testing.kit import CITY, TOWN, UNION, book, ordinance

WORLD = """
@facts
class Use:
    number: int = count("数")

@facts(title="許可")
class Permit:
    number: int = count("数")

@provision
class LocalRates:
    extra: int = yen("加算")

@result
class Fee:
    owed: Yen
    base: Yen

fee = Decision("fees.fee", Use, Fee, title="手数料", on="申請日", authority="長")

@fee.rule("base", title="基本額", until=date(2019, 3, 31))
def base_of_old(use: Use) -> Yen:
    return 1

@fee.rule("base", title="基本額", since=date(2019, 4, 1))
def base_of_2019(use: Use) -> Yen:
    return 2

@fee.rule("base", title="基本額", since=date(2022, 4, 1), promulgated=date(2021, 12, 1))
def base_of_2022(use: Use) -> Yen:
    return 3

@fee.rule("base", title="基本額", since=date(2022, 4, 1), promulgated=date(2023, 6, 1))
def base_of_2022_corrected(use: Use) -> Yen:
    return 4

@fee.rule(title="額")
def owed(base: Yen, use: Use) -> Yen:
    return base * use.number

@fee.replaces("owed", law="架空市条例第7条", since=date(2020, 4, 1), until=date(2023, 3, 31))
def owed_here(base: Yen, use: Use, permit: Permit | None, local: LocalRates) -> Yen:
    return 100 * base + (0 if permit is None else permit.number) + local.extra

@fee.replaces("base", since=date(2021, 4, 1))
def base_of_the_union(use: Use) -> Yen:
    return 9
"""
LOCAL = "[[version]]\nsince = 2010-04-01\n[version.LocalRates]\nextra = 5\n"
DAYS = [date(2018, 4, 1), date(2019, 3, 31), date(2019, 4, 1), date(2022, 3, 31), date(2022, 4, 1), date(2030, 1, 1)]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return snippet(tmp_path_factory.mktemp("world"), WORLD)


def owed(rulebook: Rulebook, world, on: date, *facts: object, known: date | None = None) -> int:
    return rulebook.decide(world.fee, world.Use(number=10), *facts, on=on, known=known).result.owed


def test_each_date_has_the_version_in_force(world):
    assert [owed(book(world.fee), world, on) for on in DAYS] == [10, 10, 20, 20, 40, 40]


@pytest.mark.parametrize(
    ("known", "right"),
    [(date(2021, 11, 30), 20), (date(2021, 12, 1), 30), (date(2023, 5, 31), 30), (date(2023, 6, 1), 40), (None, 40)],
)
def test_a_date_is_answered_as_it_was_known(world, known, right):
    assert owed(book(world.fee), world, date(2022, 6, 1), known=known) == right


def test_a_rule_counts_as_known_from_its_first_day_where_no_promulgation_is_recorded(world):
    assert owed(book(world.fee), world, date(2020, 4, 1), known=date(2019, 4, 1)) == 20
    with pytest.raises(NotInForce, match=r"as known on 2019-03-31: promulgated later: base"):
        owed(book(world.fee), world, date(2020, 4, 1), known=date(2019, 3, 31))


def test_a_replacement_counts_here_between_its_days_and_never_elsewhere(world):
    before = world.fee.rules
    here = book(world.fee, city=[ordinance(LOCAL)], replaced=[world.owed_here])
    there = book(world.fee, of=TOWN)
    days = [date(2020, 3, 31), date(2020, 4, 1), date(2023, 3, 31), date(2023, 4, 1)]
    some, none = world.Permit(number=7), ()
    for _ in range(2):  # each after the other, in one process
        assert [owed(here, world, on, some) for on in days] == [20, 212, 412, 40]
        assert [owed(there, world, on, *none) for on in days] == [20, 20, 40, 40]
    assert world.fee.rules is before
    assert world.owed_here not in world.fee.rules


def test_a_replacement_may_ask_for_facts_and_law_of_its_own(world):
    here = book(world.fee, city=[ordinance(LOCAL)], replaced=[world.owed_here])
    there = book(world.fee, of=TOWN)
    on = date(2021, 4, 1)
    assert [(asked.fact.name, asked.rules, asked.optional) for asked in here.ask(world.fee, on=on)] == [
        ("Permit", ("fees.fee:owed",), True)
    ]
    assert there.ask(world.fee, on=on) == ()
    with pytest.raises(Exception, match=r"Permit \(許可\) is not given; asked by rule 'owed' \(額\) of fees\.fee"):
        owed(here, world, on)
    with pytest.raises(NotInForce, match=r"LocalRates .* on 2021-04-01: extra \(加算\) is not in force"):
        owed(book(world.fee, city=[ordinance(LOCAL.replace("2010", "2022"))], replaced=[world.owed_here]), world, on)


def test_a_replacement_is_told_in_the_trace(world):
    here = book(world.fee, city=[ordinance(LOCAL)], replaced=[world.owed_here])
    outcome = here.decide(world.fee, world.Use(number=1), world.Permit(number=0), on=date(2021, 4, 1))
    steps = {step.rule: step for step in outcome.trace}
    assert list(steps) == ["base", "owed"]
    assert (steps["owed"].replaced, steps["base"].replaced) == ("架空市", "")
    assert steps["owed"].title == "額"
    assert [cited.text for cited in steps["owed"].citations] == ["架空市条例第7条", "架空市条例"]


def test_the_most_local_replacement_counts(world):
    from munirules.engine.area import AreaContent
    from munirules.engine.provisions import Link
    from munirules.testing.kit import Memory, enacted

    union = enacted([ordinance(LOCAL, code=UNION.code)], "union", [world.base_of_the_union])
    city = enacted([ordinance(LOCAL)], "city", [world.owed_here])
    links = (
        Link(jurisdiction=CITY, enactments=city),
        Link(jurisdiction=UNION, enactments=union, since=date(2021, 7, 1), until=date(2022, 6, 30)),
    )
    both = Rulebook(Memory(jurisdiction=CITY, contents={"fees": AreaContent(chain=links, decisions=(world.fee,))}))
    permit = world.Permit(number=0)
    days = [date(2021, 6, 30), date(2021, 7, 1), date(2022, 6, 30), date(2022, 7, 1)]
    assert [owed(both, world, on, permit) for on in days] == [205, 905, 905, 405]


GAP = """
@facts
class Use:
    number: int = count("数")

@result
class Fee:
    owed: Yen

fee = Decision("fees.gap", Use, Fee, title="手数料", on="申請日", authority="長")

@fee.rule("owed", title="額", since=date(2010, 4, 1), until=date(2015, 3, 31))
def first(use: Use) -> Yen:
    return 1

@fee.rule("owed", title="額", since=date(2020, 4, 1), until=date(2021, 3, 31))
def second(use: Use) -> Yen:
    return 2
"""


def test_a_decision_that_the_law_interrupts_is_not_in_force_in_between(module):
    world = module(GAP)
    rulebook = book(world.fee)
    told = {}
    for on in (date(2010, 3, 31), date(2015, 3, 31), date(2015, 4, 1), date(2020, 4, 1), date(2021, 4, 1)):
        try:
            told[on.isoformat()] = owed(rulebook, world, on)
        except NotInForce as error:
            told[on.isoformat()] = re.sub(r" on [\d-]+;", ";", str(error))
    never = "fees.gap (手数料) has no rules; its first rules apply from 2010-04-01"
    assert told == {"2010-03-31": never, "2015-03-31": 1, "2015-04-01": never, "2020-04-01": 2, "2021-04-01": never}


def test_a_rule_that_nothing_ends_has_no_end(module):
    forever = '@fee.{}("owed", title="x", until=date.max)\ndef third(use: Use) -> Yen:\n    return 3\n'
    for made in ("rule", "replaces"):
        with pytest.raises(RuleError, match=r"fees\.gap: until=9999-12-31 is no end; leave it out"):
            module(GAP + forever.format(made))


def test_a_day_of_a_rule_is_a_date(module):
    text = '@fee.{}("owed", title="x", since="2020-04-01")\ndef third(use: Use) -> Yen:\n    return 3\n'
    for made in ("rule", "replaces"):
        with pytest.raises(RuleError, match=r"fees\.gap: since='2020-04-01' is a str; write a date"):
            module(GAP + text.format(made))


@pytest.mark.parametrize(
    "second",
    [
        '@fee.rule("owed", title="x", since=date(2010, 4, 1))',
        '@fee.rule("owed", title="x", since=date(2010, 4, 1), until=date(2012, 4, 1))',
        '@fee.rule("owed", title="x", since=date(2010, 4, 1), promulgated=date(2010, 4, 1))',
    ],
)
def test_two_versions_of_one_day_are_a_conflict(module, second):
    world = module(GAP + f"\n{second}\ndef third(use: Use) -> Yen:\n    return 3\n")
    with pytest.raises(RulebookError) as caught:
        book(world.fee).area("fees")
    assert re.fullmatch(
        r".*\.py:\d+: fees\.gap, rule 'owed': conflict: declared at .*\.py:\d+ for the same day; "
        r"give one of them since=… or promulgated=…",
        caught.value.faults[0],
    )


def test_two_replacements_of_one_day_are_a_conflict(module):
    twice = '@fee.replaces("owed")\ndef {}(use: Use) -> Yen:\n    return 5\n'
    world = module(GAP + twice.format("one") + twice.format("two"))
    with pytest.raises(RulebookError, match=r"rule 'owed': conflict: declared at"):
        book(world.fee, city=[ordinance(LOCAL)], replaced=[world.one, world.two]).area("fees")


# Against an oracle: all versions of one rule, on every day.


@facts
class Nothing:
    """Nothing."""


@result
class One:
    """One."""

    one: Yen


VERSIONS = st.lists(
    st.tuples(
        st.none() | st.integers(1, 20),
        st.none() | st.integers(1, 20),
        st.none() | st.integers(1, 20),
        st.sampled_from(["one", "two"]),
    ),
    max_size=6,
)


def day(number: int | None) -> date | None:
    return None if number is None else date(2020, 1, number)


@given(VERSIONS, VERSIONS, VERSIONS, st.none() | st.integers(1, 20))
def test_the_last_version_that_has_begun_counts_of_the_most_local_that_has_one(own, union, city, known):
    decision = Decision("fees.one", Nothing, One, title="x", on="x", authority="x")

    def made(versions):
        return [
            Rule("fees.one", name, owed, f"{name}{number}", day(since), day(until), day(promulgated))
            for number, (since, until, promulgated, name) in enumerate(versions)
        ]

    decision.rules, others = tuple(made(own)), [made(city), made(union)]
    if any(True for rules in (decision.rules, *others) for _ in twins(rules)):
        return
    for number in range(1, 21):
        on = date(2020, 1, number)
        right: dict[str, str] = {}
        for versions, rules in ((own, decision.rules), (union, others[1]), (city, others[0])):
            best: dict[str, tuple[int, int]] = {}
            for (since, until, promulgated, name), rule in zip(versions, rules, strict=True):
                begins = 0 if since is None else since
                learnt = promulgated if promulgated is not None else begins
                inside = begins <= number and (until is None or number <= until)
                if inside and (known is None or learnt <= known) and (begins, learnt) >= best.get(name, (-1, -1)):
                    best[name], right[name] = (begins, learnt), rule.title
        declared = {rule.name for rule in decision.rules}
        found = rules_on(decision, others, on, day(known))
        assert {name: rule.title for name, rule in found.items()} == {n: t for n, t in right.items() if n in declared}
