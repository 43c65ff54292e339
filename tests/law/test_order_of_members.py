"""Every example about a household gives the same answers, member by member, in whatever order its members stand."""

from itertools import permutations
from pathlib import Path

import attrs
import pytest

from munirules import Rulebook
from munirules.checking import Case, load_cases, run_case

ROOT = Path(__file__).parents[2]
FILES = [*sorted(ROOT.glob("tests/law/*/data/*.toml")), *sorted(ROOT.glob("plugins/*/src/**/cases.toml"))]
FOLDERS = sorted({file.parents[1] for file in ROOT.glob("plugins/*/src/**/cases/*.toml")})
ALL = [case for where in (*FILES, *FOLDERS) for case in load_cases(where)]
CASES = [case for case in ALL if len(case.given.get("members", ())) > 1]


def orders(case: Case) -> list[tuple[object, ...]]:
    """Every other order of up to four members; of more, each turn and the reverse."""
    members = tuple(case.given["members"])
    if len(members) <= 4:
        return list(permutations(members))[1:]
    turns = [(*members[by:], *members[:by]) for by in range(1, len(members))]
    return [*turns, members[::-1]]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_order_of_members_changes_no_answer(case):
    book = Rulebook.of(case.jurisdiction)
    for order in orders(case):
        run_case(attrs.evolve(case, given={**case.given, "members": list(order)}), book).confirm()


def test_every_example_of_a_household_with_several_members_is_among_them():
    assert len(CASES) >= 85
    assert {case.decision for case in CASES} == {
        "welfare.child_allowance",
        "welfare.child_rearing_allowance",
        "welfare.special_child_rearing_allowance",
        "welfare.local_benefits",
    }
