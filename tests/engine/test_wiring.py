"""Wiring: every fault is found when a rulebook is made, with decision, rule, file, line and the way to write it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from munirules.engine.area import RulebookError
from munirules.engine.wiring import wire
from munirules.testing.kit import book

WORLD = """
@facts
class Member:
    id: str = code("番号")
    mother: str | None = reference("母", default=None)
    uncle: str = code("伯父", default="")
    joined: date = day("加入日")
    left: date | None = day("脱退日", default=None)

@facts
class Use:
    members: tuple[Member, ...] = rows("世帯員")
    volume: int = quantity("水量", unit="m³")
    read_on: date = day("検針日")
    began: date | None = day("開始日", default=None)

@facts(about=Member)
class Income:
    amount: int = yen("所得")

@facts
class Place_:
    number: int = count("番号")

@facts(about=Place_)
class Stray:
    number: int = count("番号")

@provision
class Tariff:
    base: int = sen("基本料金")

class Month(NamedTuple):
    volume: int

class Day(NamedTuple):
    hours: int

@result
class Bill:
    total: Yen

@result
class Levy:
    levied: Yen

@result
class Far:
    distance: int

@result
class Unanswered:
    total: Yen

bill = Decision("water.bill", Use, Bill, title="料金", on="検針日", authority="長")
levy = MemberDecision("water.levy", Use, Levy, member=Member, title="賦課", on="賦課期日", authority="長")
far = Decision("water.far", Place_, Far, title="遠い", on="日", authority="長")

@levy.rule(title="賦課額")
def levied(member: Member) -> Yen:
    return 1

@far.rule(title="距離")
def distance(here: Place_) -> int:
    return here.number

def rule(decision=bill, **more):
    return decision.rule(title="x", **more)

"""
TOTAL = "@rule()\ndef total(use: Use) -> Yen:\n    return 1\n\n"
MONTHS = "@rule()\ndef months(use: Use) -> tuple[Month, ...]:\n    return ()\n\n"
DAYS = "@rule()\ndef days(use: Use) -> tuple[Day, ...]:\n    return ()\n\n"
OF_MONTH = "@rule()\ndef of_month(month: Month) -> Sen:\n    return 1\n\n"
OF_DAY = "@rule()\ndef of_day(one: Day) -> Sen:\n    return 1\n\n"


def rules(*heads: str, returns: str = "return 1") -> str:
    return "".join(f"@rule()\ndef {head}:\n    {returns}\n\n" for head in heads)


# What is wrong: its rules, and what is told of which rule.
FAULTS = {
    "no provider": (
        rules("total(usage: int) -> Yen"),
        {"total": r"nothing provides argument 'usage': int \(rules: total\)"},
    ),
    "no provider, and something near": (
        rules("total(chrage: Sen) -> Yen", "charge(use: Use) -> Sen"),
        {"total": r"nothing provides argument 'chrage': Sen — did you mean 'charge'\? \(rules: charge, total\)"},
    ),
    "a class that nobody gives": (
        rules("total(uses: Uses) -> Yen") + "class Uses: pass\n",
        {"total": r"nothing provides argument 'uses': Uses — did you mean 'Use'\?"},
    ),
    "two providers": (
        MONTHS + rules("total(months: Month) -> Yen"),
        {"total": r"argument 'months' has several providers: the rule months and the part Month; rename the argument"},
    ),
    "two rules that give one class of parts": (
        MONTHS + rules("others(use: Use) -> tuple[Month, ...]") + TOTAL,
        {"others": r"Month has two providers: months and others; give each its class"},
    ),
    "a cycle": (
        rules("total(one: int) -> Yen", "one(two: int) -> int", "two(one: int) -> int"),
        {"one": r"a cycle of rules: one → two → one"},
    ),
    "a rule that needs itself": (
        rules("total(total: int) -> Yen"),
        {"total": r"a cycle of rules: total → total"},
    ),
    "two kinds of part": (
        MONTHS
        + DAYS
        + OF_MONTH
        + OF_DAY
        + rules("both(of_month: Sen, of_day: Sen) -> Yen", "total(both: Each[Yen]) -> Yen"),
        {
            "both": r"two kinds of part in one rule: 'of_month' \(Month\) and 'of_day' \(Day\); take one of them as Each\[…\]"
        },
    ),
    "a part and a fact about another": (
        MONTHS + rules("both(month: Month, income: Income) -> Yen", "total(both: Each[Yen]) -> Yen"),
        {"both": r"two kinds of part in one rule: 'month' \(Month\) and 'income' \(Member\)"},
    ),
    "Each of a rule that runs once": (
        rules("one(use: Use) -> Sen", "total(one: Each[Sen]) -> Yen"),
        {"total": r"argument 'one': Each\[…\] of rule 'one', which runs once; take its value"},
    ),
    "Each of a fact that is given once": (
        rules("total(here: Each[Place_]) -> Yen"),
        {"total": r"argument 'here': Each\[…\] of the fact Place_, which runs once; take its value"},
    ),
    "Each of the subject": (
        rules("total(use: Each[Use]) -> Yen"),
        {"total": r"argument 'use': Each\[…\] of the subject Use, which runs once"},
    ),
    "a value of each part where one is wanted": (
        MONTHS + OF_MONTH + rules("total(of_month: Sen) -> Yen"),
        {"total": r"runs for each Month, so the result's field must be tuple\[…, \.\.\.\] or sum it up"},
    ),
    "yen for sen": (
        rules("charge(use: Use) -> Sen", "total(charge: Yen) -> Yen"),
        {"total": r"argument 'charge' is annotated Yen, but rule 'charge' returns Sen"},
    ),
    "sen for yen in the result": (
        rules("total(use: Use) -> Sen"),
        {"total": r"returns Sen, but Bill\.total is Yen"},
    ),
    "Each of yen for Each of sen": (
        MONTHS + OF_MONTH + rules("total(of_month: Each[Yen]) -> Yen"),
        {"total": r"argument 'of_month' is annotated Yen, but rule 'of_month' returns Sen"},
    ),
    "a flag for a number": (
        rules("flag(use: Use) -> bool", "total(flag: int) -> Yen"),
        {"total": r"argument 'flag' is annotated int, but rule 'flag' returns bool"},
    ),
    "what may be none for what may not": (
        rules("one(use: Use) -> int | None", "total(one: int) -> Yen"),
        {"total": r"argument 'one' is annotated int, but rule 'one' returns int \| None"},
    ),
    "other parts": (
        MONTHS + rules("total(months: tuple[Day, ...]) -> Yen"),
        {
            "total": r"argument 'months' is annotated tuple\[Day, \.\.\.\], but rule 'months' returns tuple\[Month, \.\.\.\]"
        },
    ),
    "no rule for the result": (
        rules("totl(use: Use) -> Yen"),
        {"(result)": r"result Bill\.total has no rule of that name — did you mean 'totl'\?"},
    ),
    "a place without a part": (
        rules("total(use: Use, me: Place) -> Yen"),
        {"total": r"asks for a Place but runs for no part; take the part, or a value of a rule that runs for it"},
    ),
    "a place that is no reference": (
        rules("of(member: Member, uncle: Place) -> Yen", "total(of: Each[Yen]) -> Yen"),
        {"of": r"nothing provides argument 'uncle': Place"},
    ),
    "a reference of another part": (
        MONTHS + rules("of(month: Month, mother: Place) -> Sen", "total(of: Each[Sen]) -> Yen"),
        {"of": r"argument 'mother': Month has no reference of that name and an `id`"},
    ),
    "facts about what is no part": (
        rules("total(stray: Stray) -> Yen"),
        {"total": r"runs for each Place_, which Use does not have as parts"},
    ),
    "all facts about what is no part": (
        rules("total(strays: Each[Stray]) -> Yen"),
        {"total": r"runs for each Place_, which Use does not have as parts"},
    ),
    "parts of parts": (
        MONTHS
        + rules("days(month: Month) -> tuple[Day, ...]", "of_day(one: Day) -> Sen", "total(of_day: Each[Sen]) -> Yen"),
        {"of_day": r"argument 'one': rule 'days' gives parts of parts; let it run once"},
    ),
    "an unknown date": (
        rules('total(tariff: Annotated[Tariff, at("raed_on")]) -> Yen'),
        {"total": r"at\('raed_on'\): no rule or field of that name — did you mean 'read_on'\?"},
    ),
    "an unknown start": (
        rules('total(tariff: Annotated[Tariff, at("read_on", started="bgan")]) -> Yen'),
        {"total": r"at\('bgan'\): no rule or field of that name — did you mean 'began'\?"},
    ),
    "a date that is none": (
        rules('total(tariff: Annotated[Tariff, at("volume")]) -> Yen'),
        {"total": r"at\('volume'\): gives int; a key is a rule or field that gives a date"},
    ),
    "a date that may be none": (
        rules('total(tariff: Annotated[Tariff, at("began")]) -> Yen'),
        {"total": r"at\('began'\): gives date \| None; a key is a rule or field that gives a date"},
    ),
    "a date of each part for what runs once": (
        rules('total(tariff: Annotated[Tariff, at("joined")]) -> Yen'),
        {"total": r"at\('joined'\): a field of a part, but the rule does not run for that part"},
    ),
    "a date of one part for another": (
        MONTHS
        + rules('of(month: Month, tariff: Annotated[Tariff, at("joined")]) -> Sen', "total(of: Each[Sen]) -> Yen"),
        {"of": r"at\('joined'\): a field of a part, but the rule does not run for that part"},
    ),
    "a date that runs for another part": (
        MONTHS
        + rules("day_of(month: Month) -> date", returns="return date.min")
        + rules('of(member: Member, tariff: Annotated[Tariff, at("day_of")]) -> Sen', "total(of: Each[Sen]) -> Yen"),
        {"of": r"two kinds of part in one rule: 'member' \(Member\) and \"at\('day_of'\)\" \(Month\)"},
    ),
    "another date of a rule": (
        rules("one(use: Use) -> int", 'total(one: Annotated[int, at("read_on")]) -> Yen'),
        {"total": r"argument 'one': at\(…\) is for a provision or another decision's result"},
    ),
    "a result for the date of each part": (
        rules('of(member: Member, levy: Annotated[Levy, at("joined")]) -> Yen', "total(of: Each[Yen]) -> Yen"),
        {"of": r"at\('joined'\): a result is asked for one date, not for that of each part"},
    ),
    "a result with a start": (
        rules('of(levy: Annotated[Levy, at("read_on", started="began")]) -> Yen', "total(of: Each[Yen]) -> Yen"),
        {"of": r"argument 'levy': started= is for provisions; a result has its date alone"},
    ),
    "a result that no decision gives": (
        rules("total(other: Unanswered) -> Yen"),
        {"total": r"nothing provides argument 'other': Unanswered"},
    ),
    "a type that is nowhere": (
        rules("total(use: Nowhere) -> Yen"),
        {"total": r"its annotations cannot be read: name 'Nowhere' is not defined; import the types at the top"},
    ),
}


def faulted(module, text: str, *, also: tuple[str, ...] = ()) -> tuple[list[str], str]:
    """What is told of a rulebook with these rules, and the text of the module."""
    found = module(WORLD + text)
    decisions = [found.bill, found.levy, found.far, *(getattr(found, name) for name in also)]
    with pytest.raises(RulebookError) as caught:
        book(*decisions, city=()).area("water")
    assert str(caught.value) == "\n".join(caught.value.faults)
    return list(caught.value.faults), Path(found.__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_decision_rule_file_and_line(module, case):
    text, expected = FAULTS[case]
    told, source = faulted(module, text)
    assert len(told) == len(expected)
    for fault, (rule, message) in zip(told, expected.items(), strict=True):
        found = re.fullmatch(r"(.*\.py):(\d+): water\.bill, rule '(.*?)': (.*)", fault, re.DOTALL)
        assert found, fault
        assert found[3] == rule
        assert re.match(message, found[4]), found[4]
        line = source.splitlines()[int(found[2]) - 1 :]
        assert line[0] == "@rule()"
        assert rule == "(result)" or line[1].startswith(f"def {rule}(")


def test_all_faults_of_all_decisions_are_told_at_once(module):
    cases = ["yen for sen", "two kinds of part", "a result for the date of each part"]
    text, expected = "", 0
    for number, case in enumerate(cases):
        one = FAULTS[case][0].replace("total", f"total{number}").replace("rule()", f"rule(d{number})")
        text += f"@result\nclass B{number}:\n    total{number}: Yen\n\n"
        text += f'd{number} = Decision("water.d{number}", Use, B{number}, title="x", on="x", authority="x")\n\n'
        text, expected = text + one, expected + len(FAULTS[case][1])
    told, _ = faulted(module, TOTAL + text, also=("d0", "d1", "d2"))
    assert [re.search(r"water\.(\w+), rule", fault)[1] for fault in told] == ["d0", "d1", "d2"]
    assert len(told) == expected


MEMBERS = {
    "no part": (
        'm = MemberDecision("water.m", Place_, Levy2, member=Member, title="x", on="x", authority="x")',
        "levied2(here: Place_) -> Yen",
        r"rule '\(result\)': answers for each Member, which Place_ does not have as parts",
    ),
    "no rule says whom": (
        'm = MemberDecision("water.m", Use, Levy2, member=Member, who="liabel", title="x", on="x", authority="x")',
        "liable(member: Member) -> bool",
        r"rule '\(result\)': who='liabel': no rule of that name — did you mean 'liable'\?",
    ),
    "whom is said once": (
        'm = MemberDecision("water.m", Use, Levy2, member=Member, who="liable", title="x", on="x", authority="x")',
        "liable(use: Use) -> bool",
        r"rule 'liable': says whom the decision concerns: it runs for each member and returns bool",
    ),
    "whom is a number": (
        'm = MemberDecision("water.m", Use, Levy2, member=Member, who="liable", title="x", on="x", authority="x")',
        "liable(member: Member) -> int",
        r"rule 'liable': says whom the decision concerns: it runs for each member and returns bool",
    ),
}


@pytest.mark.parametrize("case", MEMBERS)
def test_faults_of_a_decision_for_members_are_told(module, case):
    made, head, message = MEMBERS[case]
    levied = "" if "levied2" in head else "@rule(m)\ndef levied2(use: Use) -> Yen:\n    return 1\n\n"
    text = TOTAL + f"@result\nclass Levy2:\n    levied2: Yen\n\n{made}\n\n{levied}@rule(m)\ndef {head}:\n    return 1\n"
    told, _ = faulted(module, text, also=("m",))
    assert any(re.search(message, fault) for fault in told), told


SOUND = {
    "a value that may be none": rules("one(use: Use) -> int | None", "total(one: int | None) -> Yen"),
    "a value that is never none": rules("one(use: Use) -> int", "total(one: int | None) -> Yen"),
    "a whole tuple of parts": MONTHS + rules("total(months: tuple[Month, ...]) -> Yen"),
    "Each of what may be none": MONTHS + rules("of(month: Month) -> int | None", "total(of: Each[int | None]) -> Yen"),
    "a plain int for money": rules("charge(use: Use) -> Sen", "total(charge: int) -> Yen"),
    "a key that may be none for a start": rules('total(t: Annotated[Tariff, at("read_on", started="began")]) -> Yen'),
    "the date itself": rules('total(t: Annotated[Tariff, at("on")], on: date) -> Yen'),
    "parts of parts that nobody takes": MONTHS + rules("days(month: Month) -> tuple[Day, ...]") + TOTAL,
    "rules that nobody needs": TOTAL + rules("spare(use: Use) -> int"),
    "a result that may be none": rules("total(far: Far | None) -> Yen"),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_is_sound_is_wired(module, case):
    found = module(WORLD + SOUND[case])
    assert set(book(found.bill, found.levy, found.far, city=()).area("water").decisions) == {
        "water.bill",
        "water.levy",
        "water.far",
    }


def test_a_wiring_says_what_is_never_asked_for(module):
    found = module(WORLD + SOUND["rules that nobody needs"])
    wiring = wire(found.bill, {rule.name: rule for rule in found.bill.rules}, lambda cls: None)
    assert (tuple(wiring.steps), wiring.unused) == (("total",), ("spare",))


def test_rules_run_in_an_order_in_which_each_finds_what_it_needs(module):
    text = rules("total(c: int, a: int) -> Yen", "c(b: int) -> int", "b(a: int) -> int", "a(use: Use) -> int")
    found = module(WORLD + text)
    wiring = wire(found.bill, {rule.name: rule for rule in found.bill.rules}, lambda cls: None)
    assert list(wiring.steps) == ["a", "b", "c", "total"]
