"""Places, Each, and what becomes of a rule that fails: the absent can index nothing, and the rule is named."""

from __future__ import annotations

import re
from datetime import date

import pytest

from munirules.engine.parts import NOBODY, Place, PlaceError, SparseValues, Values
from munirules.engine.program import Program
from munirules.engine.running import RuleFailed
from munirules.testing.kit import book, ordinance

ON = date(2024, 4, 1)


def test_nobody_indexes_nothing():
    for sequence in ((1, 2, 3), [1, 2, 3], "abc", Values((1, 2, 3)), SparseValues.at_places((1, 2), (0, 2))):
        with pytest.raises(IndexError):
            sequence[NOBODY]
    assert repr(NOBODY) == "NOBODY"
    assert Place(0) != NOBODY


@pytest.mark.parametrize("place", [Place(3), Place(-1), -1, 3])
def test_a_place_outside_is_told(place):
    with pytest.raises(PlaceError, match=r"is not among these 3 values; compare with NOBODY before indexing"):
        Values((1, 2, 3))[place]


def test_values_of_some_are_looked_up_by_their_places_among_all():
    some = SparseValues.at_places(("a", "b"), (1, 3))
    assert (some[Place(1)], some[Place(3)], list(some), len(some)) == ("a", "b", ["a", "b"], 2)
    for place in (Place(0), Place(2), Place(4), NOBODY):
        with pytest.raises(PlaceError):
            some[place]


FAMILY = """
@facts
class Member:
    id: str = code("番号")
    age: int = count("年齢")
    mother: str | None = reference("母", default=None)

@facts
class Family:
    members: tuple[Member, ...] = rows("世帯員")

@facts(about=Member)
class Income:
    amount: int = yen("所得")

class Step(NamedTuple):
    age: int

@result
class Answer:
    each: tuple[int, ...]
    total: int

@result
class Own:
    id: str
    older: int
    oldest: int

answer = Decision("welfare.answer", Family, Answer, title="答", on="日", authority="長")
own = MemberDecision(
    "welfare.own", Family, Own, member=Member, who="grown", title="各人の答", on="日", authority="長"
)

def family(*ages):
    return Family(members=tuple(Member(id=f"m{n}", age=age) for n, age in enumerate(ages)))

@own.rule(title="成人")
def grown(member: Member) -> bool:
    return member.age >= 18

@own.rule(title="番号")
def id(member: Member) -> str:
    return member.id

@own.rule(title="年齢")
def age(member: Member, income: Income) -> int:
    return member.age + income.amount * 0

@own.rule(title="年上の数")
def older(age: Each[int], me: Place, income: Income) -> int:
    found = 0
    for one in age:
        found += 1 if one > age[me] else 0
    return found

@own.rule(title="最年長")
def oldest(age: Each[int]) -> int:
    return max([one for one in age])
"""
TOTAL = """
@answer.rule(title="各人")
def each(member: Member) -> int:
    return member.age

@answer.rule(title="計")
def total(each: Each[int]) -> int:
    return sum(each)
"""


def test_a_result_field_of_parts_is_a_tuple_in_their_order(module):
    world = module(FAMILY + TOTAL)
    found = book(world.answer).decide(world.answer, world.family(40, 3, 38), on=ON).result
    assert (found.each, found.total) == ((40, 3, 38), 81)
    assert book(world.answer).decide(world.answer, world.family(), on=ON).result == world.Answer(each=(), total=0)


def test_each_is_of_those_whom_a_decision_concerns(module):
    from munirules.engine.bag import facts_of

    world = module(FAMILY + TOTAL)
    incomes = [facts_of(name, world.Income(amount=1)) for name in ("m1", "m3")]
    outcome = book(world.own).decide(world.own, world.family(3, 40, 10, 50), *incomes, on=ON)
    assert outcome.members == ("m1", "m3")
    assert outcome.result == (world.Own(id="m1", older=1, oldest=50), world.Own(id="m3", older=0, oldest=50))


def test_each_of_another_decisions_results_is_of_those_it_concerned(module):
    from munirules.engine.bag import facts_of

    text = """
@answer.rule(title="各人")
def each(owns: Each[Own], member: Member, me: Place) -> int:
    return owns[me].older if member.age >= 18 else -1

@answer.rule(title="計")
def total(owns: Each[Own]) -> int:
    return len(owns)
"""
    world = module(FAMILY + text)
    incomes = [facts_of(name, world.Income(amount=1)) for name in ("m1", "m3")]
    found = book(world.answer, world.own).decide(world.answer, world.family(3, 40, 10, 50), *incomes, on=ON).result
    assert (found.each, found.total) == ((-1, 1, -1, 0), 2)


def test_a_rule_of_a_part_may_follow_one_that_rests_on_another_decision(module):
    from munirules.engine.bag import facts_of

    text = """
@answer.rule(title="各人")
def each(own: Own | None, member: Member) -> int:
    return own.older if own is not None else -1

@answer.rule(title="倍")
def twice(member: Member, each: int) -> int:
    return 2 * each

@answer.rule(title="計")
def total(twice: Each[int]) -> int:
    return sum(twice)
"""
    world = module(FAMILY + text)
    incomes = [facts_of(name, world.Income(amount=1)) for name in ("m1", "m3")]
    found = book(world.answer, world.own).decide(world.answer, world.family(3, 40, 10, 50), *incomes, on=ON).result
    assert (found.each, found.total) == ((-1, 1, -1, 0), -2)


def test_answers_for_members_may_hold_what_is_once_and_what_is_of_other_parts(module):
    text = """
@result
class Mixed:
    age: int
    count: int
    steps: tuple[int, ...]

mixed = MemberDecision("welfare.mixed", Family, Mixed, member=Member, title="x", on="x", authority="x")

@mixed.rule(title="年齢")
def age(member: Member) -> int:
    return member.age

@mixed.rule(title="数")
def count(age: Each[int]) -> int:
    return len(age)

@mixed.rule(title="段")
def stairs(count: int) -> tuple[Step, ...]:
    return (Step(age=1), Step(age=2))

@mixed.rule(title="各段")
def steps(step: Step) -> int:
    return step.age * 10
"""
    world = module(FAMILY + text)
    found = book(world.mixed).decide(world.mixed, world.family(3, 40), on=ON).result
    assert found == (world.Mixed(age=3, count=2, steps=(10, 20)), world.Mixed(age=40, count=2, steps=(10, 20)))


# What goes wrong inside a rule, and what is told of it.
FAILURES = {
    "an absent member read as the last": (
        "def each(member: Member, family_: Family, mother: Place) -> int:\n    return family_.members[mother].age",
        r"IndexError: .*; given member=Member\(id='m0', age=3.*\), family_=Family\(.*, mother=NOBODY",
    ),
    "an absent member's value": (
        "def each(ages: Each[int], member: Member, mother: Place) -> int:\n    return ages[mother]",
        r"PlaceError: NOBODY is not among these 2 values; .*; given ages=Each\(\[3, 40\]\), .*mother=NOBODY",
    ),
    "a division by nothing": (
        "def each(member: Member) -> int:\n    return member.age // (member.age - 3)",
        r"ZeroDivisionError: .*; given member=Member\(id='m0', age=3",
    ),
    "a rounding that is not said": (
        "def each(member: Member) -> int:\n    return of(member.age, Rate(1, 3))",
        r"MoneyError: say how the fraction is rounded.*; given member=Member\(id='m0'",
    ),
    "a missing field": (
        "def each(member: Member) -> int:\n    return member.agee",
        r"AttributeError: .*agee.*; given member=Member\(id='m0'",
    ),
}
AGES = '@answer.rule(title="年齢")\ndef ages(member: Member) -> int:\n    return member.age\n\n'


@pytest.mark.parametrize("case", FAILURES)
@pytest.mark.parametrize("trace", [False, True])
def test_a_rule_that_fails_is_named_with_what_it_was_given(module, case, trace):
    rule, told = FAILURES[case]
    total = TOTAL[TOTAL.index('@answer.rule(title="計")') :]
    world = module(FAMILY + AGES + f'@answer.rule(title="各人")\n{rule}\n\n' + total)
    with pytest.raises(RuleFailed) as caught:
        book(world.answer).decide(world.answer, world.family(3, 40), on=ON, trace=trace)
    assert re.match(rf".*\.py:\d+: welfare\.answer, rule 'each': {told}", str(caught.value)), str(caught.value)
    assert caught.value.__cause__ is not None


def test_a_rule_that_fails_on_the_way_is_the_one_that_is_named(module):
    text = """
@result
class Outer:
    sum: int

outer = Decision("welfare.outer", Family, Outer, title="x", on="x", authority="x")

@outer.rule(title="先")
def before(family_: Family) -> int:
    return 5

@outer.rule(title="計")
def sum(before: int, answer_: Answer) -> int:
    return before + answer_.total
"""
    broken = TOTAL.replace("return sum(each)", "return len(each) // 0").replace("sum(", "len(")
    world = module(FAMILY + broken + text)
    with pytest.raises(
        RuleFailed, match=r"welfare\.answer, rule 'total': ZeroDivisionError: .*; given each=Each\(\[3\]\)"
    ):
        book(world.outer, world.answer).decide(world.outer, world.family(3), on=ON)


# The program itself.


def program(world, decision) -> Program:
    return (
        book(decision, city=[ordinance("[[version]]\nsince = 2020-04-01\nrepeal = true\n")])
        .area("welfare")
        .regimes(decision, None)
        .at(ON)
    )


def test_a_decision_is_straight_lines_with_one_loop_for_rules_that_run_for_the_same_parts(module):
    world = module(FAMILY + TOTAL)
    source = program(world, world.answer).source
    assert source.startswith("def run(subject, bag, on):\n")
    assert re.findall(r"^\s*(?:for|while|if) .*", source, re.MULTILINE) == ["    for xp0_Member in p0_Member:"]
    assert "xv_each = R_each(xp0_Member)" in source


def test_what_is_the_same_for_all_parts_is_worked_out_once(module):
    world = module(FAMILY + TOTAL)
    inside = [line for line in program(world, world.own).source.splitlines() if line.startswith("        ")]
    assert any("= R_" in line for line in inside)
    assert not any("Values" in line or "places(" in line for line in inside)


def test_a_rule_that_rests_on_the_date_alone_runs_once_while_the_date_stays_the_same(module):
    text = """
@answer.rule(title="日")
def day(on: date) -> int:
    return on.day

@answer.rule(title="各人")
def each(member: Member, day: int) -> int:
    return member.age * day

@answer.rule(title="計")
def total(day: int) -> int:
    return day + 1
"""
    world = module(FAMILY + text)
    rules = book(world.answer)
    names = rules.area("welfare").regimes(world.answer, None).at(ON).run.__globals__
    rule, asked = names["R_day"], []
    names["R_day"] = lambda on: asked.append(on) or rule(on)
    days = [date(2024, 4, day) for day in (2, 2, 3, 2)]
    found = [outcome.result for outcome in rules.decide_each(world.answer, world.family(10), on=days)]
    assert [(one.each, one.total) for one in found] == [((20,), 3), ((20,), 3), ((30,), 4), ((20,), 3)]
    assert asked == [days[0], days[2], days[3]]
    assert [step.rule for step in rules.decide(world.answer, world.family(10), on=days[0]).trace] == [
        "day",
        "each",
        "total",
    ]


def test_a_program_is_kept_while_the_law_stays_the_same(module):
    world = module(FAMILY + TOTAL)
    regimes = book(world.answer).area("welfare").regimes(world.answer, None)
    assert regimes.at(ON) is regimes.at(date(1900, 1, 1)) is regimes.at(date(9999, 12, 31))
