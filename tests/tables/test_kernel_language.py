"""What a rule may be written in means compiled what it means in Python: numbers, dates, loops; what fails there fails here."""

import random
from datetime import date
from functools import cache
from types import FunctionType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.tables.kernel_calls import callable_of

from munirules import money
from munirules.calendar import civil
from munirules.calendar.age import age_on
from munirules.calendar.fiscal import fiscal_year
from munirules.calendar.months import add_months
from munirules.errors import MunirulesError
from munirules.tables.kernel.counterparts import ANNOTATED
from munirules.tables.kernel.rewriting import Refused
from munirules.tables.kernel.types import code_of, short_text

LEAST, MOST = -(2**63) + 1, 2**63 - 1
words = st.integers(LEAST, MOST)
small = st.integers(-10_000, 10_000)
days = st.dates()


once = cache(callable_of)
FAILS = (ArithmeticError, ValueError, MunirulesError)


def same(compiled, fn, *args):
    """Both answer alike, or both fail; what leaves 64 bits fails compiled."""
    given = [arg.toordinal() if isinstance(arg, date) else arg for arg in args]
    try:
        wanted = fn(*args)
    except FAILS:
        with pytest.raises((*FAILS, Refused)):
            compiled(*given)
        return
    wanted = wanted.toordinal() if isinstance(wanted, date) else wanted
    try:
        found = compiled(*given)
    except OverflowError:
        return  # a step on the way, or the answer, is beyond 64 bits: the row is decided again in Python
    assert found == wanted


@pytest.mark.parametrize(
    "operation", ["a + b", "a - b", "a * b", "a // b", "a % b", "-a + b", "max(a, b)", "min(a, b)"]
)
def test_whole_numbers(operation):
    space = {}
    exec(f"def rule(a: int, b: int) -> int:\n    return {operation}", space)
    compiled = callable_of(space["rule"])

    @settings(deadline=None)
    @given(st.one_of(words, small), st.one_of(words, small))
    @example(MOST, 1)
    @example(LEAST, -1)
    @example(7, -2)
    @example(-7, 2)
    @example(3, 0)
    def check(a, b):
        same(compiled, space["rule"], a, b)

    check()


def year_of(day: date) -> int:
    return day.year


def month_of(day: date) -> int:
    return day.month


def day_of(day: date) -> int:
    return day.day


@pytest.mark.parametrize("part", [year_of, month_of, day_of])
def test_dates_are_taken_apart(part):
    compiled = callable_of(part)
    for number in range(1, date.max.toordinal() + 1, 487):
        assert compiled(number) == part(date.fromordinal(number))
    for year in (1, 4, 100, 1600, 1900, 2000, 2024, 9999):
        for day in (date(year, 1, 1), date(year, 2, 28), date(year, 3, 1), date(year, 12, 31)):
            assert compiled(day.toordinal()) == part(day)


def before_school(born: date, on: date) -> int:
    return age_on(born, on, 1) * 10_000 + fiscal_year(on)


@settings(deadline=None)
@given(days, days)
def test_calendar_helpers_are_compiled_as_they_stand(born, on):
    same(once(before_school), before_school, born, on)


COUNTED = {
    money.quotient: st.tuples(words, st.integers(-2, 10**6), st.integers(-1, 3), st.integers(-1, 1000)),
    money.floor_to: st.tuples(words, st.integers(0, 1000)),
    money.ceil_to: st.tuples(words, st.integers(0, 1000)),
    money.half_up_to: st.tuples(words, st.integers(0, 1000)),
    money.to_sen: st.tuples(words),
    civil.make_date: st.tuples(st.integers(-1, 10_001), st.integers(-1, 14), st.integers(-1, 33)),
    civil.from_day_number: st.tuples(st.integers(-5, date.max.toordinal() + 5)),
    civil.to_day_number: st.tuples(days),
}


@pytest.mark.parametrize("fn", COUNTED, ids=lambda fn: fn.__name__)
def test_counterparts_answer_as_what_they_stand_for(fn):
    compiled = callable_of(ANNOTATED[fn])

    @settings(deadline=None, max_examples=300)
    @given(COUNTED[fn])
    def check(args):
        same(compiled, fn, *args)

    check()


def prorated(amount: int, part: int, whole: int, floor: int, ceiling: int, half_up: int) -> int:
    return money.prorate(amount, part, whole, floor=floor, ceiling=ceiling, half_up=half_up)


def test_a_proportion_answers_as_what_it_stands_for():
    compiled = callable_of(ANNOTATED[money.prorate])
    units = st.sampled_from([0, 0, 1, 10, 1000])

    @settings(deadline=None, max_examples=300)
    @given(small, small, st.integers(-1, 400), units, units, units)
    def check(amount, part, whole, floor, ceiling, half_up):
        same(compiled, prorated, amount, part, whole, floor, ceiling, half_up)

    check()


def test_the_others_are_tested_with_the_decisions_that_use_them():
    assert set(ANNOTATED) - set(COUNTED) == {money.prorate, money.of, money.to_yen}


@given(st.text(max_size=7))
def test_a_short_text_is_its_own_code(text):
    if len(text.encode()) <= 7:
        assert short_text(code_of(text)) == text
    else:
        assert code_of(text) < 0


def later(day: date, number: int) -> date:
    return add_months(day, number, 1)


@settings(deadline=None)
@given(st.dates(date(1, 1, 1), date(9000, 1, 1)), st.integers(-2000, 2000))
def test_months_are_counted_alike(day, number):
    same(once(later), later, day, number)


class Bodies:
    """Random bodies of rules within the contract."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = ["a", "b", "c"]
        self.lines = []

    def number(self, depth=2):
        pick = self.random.random()
        if depth == 0 or pick < 0.3:
            return self.random.choice([*self.names, str(self.random.randint(-5, 12))])
        if pick < 0.8:
            operator = self.random.choice(["+", "-", "*", "//", "%"])
            return f"({self.number(depth - 1)} {operator} {self.number(depth - 1)})"
        if pick < 0.9:
            return f"({self.number(depth - 1)} if {self.truth(depth - 1)} else {self.number(depth - 1)})"
        return f"{self.random.choice(['min', 'max'])}({self.number(depth - 1)}, {self.number(depth - 1)})"

    def truth(self, depth=2):
        pick = self.random.random()
        if depth == 0 or pick < 0.6:
            sign = self.random.choice(["<", "<=", ">", ">=", "==", "!="])
            return f"{self.number(0)} {sign} {self.number(0)}"
        if pick < 0.9:
            return f"({self.truth(depth - 1)} {self.random.choice(['and', 'or'])} {self.truth(depth - 1)})"
        return f"(not {self.truth(depth - 1)})"

    def block(self, indent, depth):
        pad = "    " * indent
        for _ in range(self.random.randint(1, 3)):
            pick = self.random.random()
            name = self.random.choice(self.names)
            if depth == 0 or pick < 0.45:
                sign = self.random.choice(["=", "=", "+=", "-="])
                self.lines.append(f"{pad}{name} {sign} {self.number()}")
            elif pick < 0.7:
                self.lines.append(f"{pad}if {self.truth()}:")
                self.block(indent + 1, depth - 1)
                if self.random.random() < 0.6:
                    self.lines.append(f"{pad}else:")
                    self.block(indent + 1, depth - 1)
            elif pick < 0.9:
                self.lines.append(f"{pad}for k in range({self.random.randint(0, 4)}):")
                self.lines.append(f"{pad}    {name} += k")
                self.block(indent + 1, depth - 1)
                if self.random.random() < 0.3:
                    self.lines.append(f"{pad}    if {self.truth()}:")
                    self.lines.append(f"{pad}        {self.random.choice(['break', 'continue'])}")
            else:
                self.lines.append(f"{pad}if {self.truth()}:")
                self.lines.append(f"{pad}    return {self.number()}")

    def source(self):
        self.block(1, 2)
        return "\n".join(["def rule(a: int, b: int, c: int) -> int:", *self.lines, f"    return {self.number()}"])


@pytest.mark.parametrize("seed", range(25))
def test_random_bodies_answer_alike(seed):
    bodies = Bodies(seed)
    space = {}
    source = bodies.source()
    exec(source, space)
    rule: FunctionType = space["rule"]
    compiled = callable_of(rule)
    for _ in range(60):
        args = [
            bodies.random.choice([bodies.random.randint(-9, 9), bodies.random.randint(-(10**9), 10**9)]) for _ in "abc"
        ]
        same(compiled, rule, *args)
