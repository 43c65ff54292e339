"""The helpers of rules keep to what a compiler can take."""

from __future__ import annotations

import ast
import inspect
import textwrap
from datetime import date
from pathlib import Path

import pytest

from munirules.calendar import rules

ALLOWED = (
    ast.FunctionDef, ast.arguments, ast.arg, ast.Expr, ast.Constant, ast.Return, ast.Assign, ast.AugAssign, ast.If, ast.IfExp,
    ast.Name, ast.Load, ast.Store, ast.Attribute, ast.Call, ast.Compare, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Tuple,
    ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.USub, ast.Not, ast.And, ast.Or, ast.BitOr, ast.Subscript,
    ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq, ast.Raise,
)  # fmt: skip
KINDS = {"int", "bool", "date", "tuple[int, int, int]", *(choice.__name__ + " | int" for choice in rules.CHOICES)}
KNOWN_CALLS = {helper.__name__ for helper in rules.HELPERS} | {
    "make_date", "to_day_number", "from_day_number", "min", "max", "DateError",
}  # fmt: skip
DOC = Path(__file__).parents[2] / "docs" / "importer" / "calendar.md"


@pytest.mark.parametrize("helper", rules.HELPERS, ids=lambda helper: helper.__name__)
def test_a_helper_is_plain_arithmetic(helper):
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(helper))).body
    for node in ast.walk(function):
        assert isinstance(node, ALLOWED), ast.dump(node)
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            assert node.func.id in KNOWN_CALLS
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id[0].isupper()):
            assert node.attr in {"year", "month", "day"}
        if isinstance(node, ast.Constant):
            assert isinstance(node.value, int | str)


@pytest.mark.parametrize("helper", rules.HELPERS, ids=lambda helper: helper.__name__)
def test_a_helper_takes_and_gives_dates_and_whole_numbers(helper):
    signature = inspect.signature(helper)
    for parameter in signature.parameters.values():
        assert parameter.annotation in KINDS
        assert parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    assert signature.return_annotation in KINDS


def test_the_list_is_whole_and_documented():
    names = [helper.__name__ for helper in rules.HELPERS]
    assert names == sorted(names)
    assert {"age_on", "fiscal_year", "months_between", "school_grade", "add_months"} <= set(names)
    assert all(helper.__doc__ for helper in rules.HELPERS)
    page = DOC.read_text(encoding="utf-8")
    assert all(f"`{name}(" in page for name in names)


def test_helpers_know_no_era():
    assert not any("era" in inspect.signature(helper).parameters for helper in rules.HELPERS)
    assert rules.age_on(date(2011, 4, 1), date(2029, 3, 31), rules.Attained.DAY_BEFORE) == 18
    assert rules.age_on(date(2011, 4, 1), date(2029, 3, 31), 1) == 18
