"""Faults of rules: each node of their syntax changed alone, in memory, and taken back."""

import ast
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.testing import fee_rules
from tests.testing.fee_rules import HallUse, between, hall
from tests.testing.hall import hall_book

from munirules.engine.steps import WiringError
from munirules.testing.faults.code import Block, code_mutants
from munirules.testing.faults.operators import OTHER, Scope, faults
from munirules.testing.functions import reached

ON = date(2026, 4, 1)
HOME = "tests.testing.fee_rules"


@pytest.fixture
def rulebook():
    return hall_book()


@pytest.fixture
def mutants(rulebook):
    return {own.id.removeprefix(f"{HOME}."): own for own in code_mutants(rulebook, [hall], "999997", f"{HOME}")}


def told(text, scope=None):
    """The faults of an expression's outermost node, as text."""
    node = ast.parse(text, mode="eval").body
    return [ast.unparse(fault.made) for fault in faults(node, scope or Scope(between), inner=False)]


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("a < b", ["a <= b"]),
        ("a >= b", ["a > b"]),
        ("a == b", ["a != b"]),
        ("a is None", ["a is not None"]),
        ("a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("a and b", ["a or b", "a", "b"]),
        ("a or b or c", ["a and b and c", "b or c", "a or c", "a or b"]),
        ("not a", ["a"]),
        ("a + b", ["a - b"]),
        ("a * b", ["a // b"]),
        ("a // b", ["a * b", "-(-a // b)"]),
        ("3", ["4", "2"]),
        ("True", ["False"]),
        ("'code'", [repr(OTHER)]),
        ("min(a, b)", ["max(a, b)"]),
        ("x if a < b else y", ["x if not a < b else y"]),
        ("x if a == b else y", []),
        ("name", []),
    ],
)
def test_a_node_becomes_what_might_have_been_written(text, others):
    assert told(text) == others


def test_names_mean_what_they_mean_in_the_module():
    scope = Scope(fee_rules.total)
    assert told("HALF", scope) == ["HALF + 1", "HALF - 1"]
    assert told("floor_to(a, 10)", scope) == ["floor_to(10, a)"]  # the module knows no other way to round
    assert told("of(base, rate, floor=1)", scope) == ["of(base, rate, ceiling=1)", "of(base, rate, half_up=1)"]
    assert told("use.hours", scope) == ["use.persons"]
    assert told("fees.least", Scope(fee_rules.base)) == ["fees.most"]
    assert told("between(total, a, b)", Scope(fee_rules.base)) == ["between(a, total, b)", "between(total, b, a)"]


def test_a_mutant_lives_while_it_is_in_and_leaves_nothing_behind(rulebook, mutants):
    def bill(hours):
        return rulebook.decide(hall, HallUse(hours=hours), on=ON).result.total

    before = {hours: bill(hours) for hours in (1, 4, 12)}
    assert before == {1: 300, 4: 3 * 250 + 333, 12: (3 * 250 + 9 * 333) // 10 * 10}
    with mutants["base: comparison: hour >= fee.above → hour > fee.above"].alive(rulebook):
        assert bill(4) == 3 * 250  # the first hour is free, the fourth as the third
    with mutants["between: min/max: max(low, min(amount, high)) → min(low, min(amount, high))"].alive(rulebook):
        assert bill(4) == 300
    assert {hours: bill(hours) for hours in (1, 4, 12)} == before


def test_a_rule_that_begins_a_day_later_is_missing_where_another_asks_for_it(rulebook, mutants):
    first = date(2020, 4, 1)
    later = mutants["base: since: 2020-04-01 → 2020-04-02"]
    with later.alive(rulebook), pytest.raises(WiringError, match="nothing provides argument 'base'"):
        rulebook.decide(hall, HallUse(hours=1), on=first)
    assert rulebook.decide(hall, HallUse(hours=1), on=first).result.total == 300


def test_every_mutant_compiles_and_has_a_name_of_its_own(rulebook, mutants):
    assert len(mutants) == len(list(code_mutants(rulebook, [hall], "999997", HOME)))
    for own in mutants.values():
        with own.alive(rulebook):
            pass
    kinds = Counter(own.operator for own in mutants.values())
    assert {
        "comparison",
        "condition dropped",
        "and/or",
        "constant",
        "arithmetic",
        "rounding",
        "min/max",
        "since",
        "code",
    } <= set(kinds)


def test_words_that_explain_are_no_part_of_a_rule(mutants):
    assert not [name for name in mutants if "演奏会" in name and "statement dropped" not in name]
    assert [name for name in mutants if "statement dropped: refuse" in name]


def test_a_mutant_says_in_which_block_it_stands(mutants):
    lines = {
        text.strip(): number
        for number, text in enumerate(Path(fee_rules.__file__).read_text(encoding="utf-8").splitlines(), 1)
    }
    inner = mutants["base: comparison: hour >= fee.above → hour > fee.above"]
    assert inner.concerns == Block(f"{HOME}.base", lines["if hour >= fee.above:"])
    assert mutants["base: arithmetic: total += price → total -= price"].concerns == Block(
        f"{HOME}.base", lines["price = 0"]
    )
    assert inner.decisions == ("fees.hall",)


def test_helpers_are_reached_and_what_counts_for_all_is_not():
    assert sorted(key.rpartition(".")[2] for key in reached([fee_rules.base, fee_rules.total])) == [
        "base",
        "between",
        "total",
    ]
