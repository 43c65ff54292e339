"""Declaring classes: what a declaration says, and that a wrong value never comes in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from tests.fictional.shapes import EVERYTHING, Band, Bill, Colour, Everything, Person, Rates, Use
from tests.fictional.snippets import module

from munirules.models.declare import DeclarationError, declaration, facts, is_declared, provision, result, row
from munirules.models.fields import FieldError, choice, code, flag, rows, text, yen
from munirules.models.read import read
from munirules.money import Rate

SOUND = read(Everything, EVERYTHING)
RIGHT = {name: getattr(SOUND, name) for name in declaration(Everything).specs}
HOME = Band(use=Use.HOME, above=0, price=100)


def test_a_declaration_says_what_was_written_once():
    own = declaration(Everything)
    assert (own.name, own.kind, own.title, own.about, own.found_by) == ("Everything", "facts", "すべて", None, "")
    assert own.required == {"amount", "fee", "months", "volume", "share", "since", "own", "use", "size"}
    _ = own.types
    assert {name: spec.kind for name, spec in own.specs.items()} == {
        "amount": "yen", "debt": "yen", "fee": "sen", "months": "count", "volume": "quantity", "share": "rate",
        "since": "day", "own": "flag", "use": "choice", "size": "code", "note": "text", "bands": "rows",
        "people": "rows", "plain": "yen", "plain_sens": "rows", "plain_days": "rows", "maybe": "day", "band": "plain",
    }  # fmt: skip
    assert own.specs["volume"].unit == "m³"
    assert own.specs["months"].allowed == "a whole number from 1 to 12"
    assert declaration(Rates).specs["rate"].by == "nation"
    assert declaration(Rates).specs["limit"].national == "ceiling"


def test_a_title_is_the_first_line_of_the_docstring_where_none_is_given():
    assert declaration(Person).title == "One of several. A second line"
    assert declaration(Bill).kind == "result"


def test_objects_are_frozen_and_take_names_only():
    person: Any = Person(id="a")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        person.id = "b"
    anything: Any = Person
    with pytest.raises(TypeError):
        anything("a")


def test_equal_values_are_equal_objects_and_hash_alike():
    assert Person(id="a") == Person(id="a")
    assert len({Person(id="a"), Person(id="a"), Person(id="b")}) == 2


MOMENT = datetime(2026, 4, 1, tzinfo=UTC)

# Each of these is wrong for the field named.
WRONG: dict[str, list[Any]] = {
    "amount": [1.5, True, "1200", Decimal(1200), Fraction(1200), None, -1],
    "debt": [-1.5, None],
    "fee": [1.5, Decimal("1.5"), "157.5", -1, None],
    "months": [0, 13, 1.0, True, "2"],
    "volume": [-1, 38.0],
    "share": [0.0775, "7.75%", 1, None],
    "since": ["2026-04-01", MOMENT, 20260401, None],
    "own": [1, 0, "true", None],
    "use": [1, "home", Colour.RED, None],
    "size": ["14", 13, None],
    "note": [1, None],
    "bands": [[HOME], (1,), (HOME, None), HOME, None, (Person(id="a"),)],
    "people": [(HOME,), ("a",)],
    "plain": [0.0, True, "0", None],
    "plain_sens": [(1.5,), (True,), [1], ("1",)],
    "plain_days": [("2026-04-01",), (MOMENT,)],
    "maybe": ["2026-04-01", MOMENT, 0],
    "band": [Person(id="a"), 1],
}


@pytest.mark.parametrize(
    ("field", "bad"), [(field, bad) for field, values in WRONG.items() for bad in values], ids=repr
)
def test_a_wrong_value_is_refused_by_name(field, bad):
    with pytest.raises(FieldError, match=rf"Everything\.{field}\b"):
        Everything(**{**RIGHT, field: bad})


@pytest.mark.parametrize(
    ("field", "good"),
    [
        ("amount", 0),
        ("debt", -5),
        ("months", 12),
        ("bands", (HOME,)),
        ("people", (Person(id="a", parent="b"),)),
        ("plain_sens", (1, 2)),
        ("plain_days", (date(2026, 4, 1),)),
        ("maybe", date(2026, 4, 1)),
        ("maybe", None),
        ("band", HOME),
        ("band", None),
        ("share", Rate(1, 3)),
    ],
)
def test_a_right_value_is_kept_as_it_is(field, good):
    assert getattr(Everything(**{**RIGHT, field: good}), field) == good


def test_a_value_told_wrong_is_told_with_what_is_right():
    with pytest.raises(
        FieldError, match=r"Everything\.months \(月数\): 13 is out of bounds; allowed: a whole number from 1 to 12"
    ):
        Everything(**{**RIGHT, "months": 13})
    with pytest.raises(FieldError, match=r"Everything\.size \(口径\): '14' is not known; allowed: one of 13, 20"):
        Everything(**{**RIGHT, "size": "14"})


@pytest.mark.parametrize("kind", [facts, provision, row, result])
def test_each_kind_is_told_apart(kind):
    @kind
    class Own:
        """Own."""

        amount: int = yen("額")

    assert is_declared(Own, kind.__name__)
    assert not any(
        is_declared(Own, other) for other in ("facts", "provision", "row", "result") if other != kind.__name__
    )


@pytest.mark.parametrize(
    "other", [int, "text", None, type("Undeclared", (Person,), {})], ids=lambda other: type(other).__name__
)
def test_what_is_not_declared_is_not(other):
    assert not is_declared(other)


def test_a_subclass_of_a_declared_class_is_not_declared_by_it():
    class Own(Person):
        pass

    with pytest.raises(DeclarationError, match="Own is not declared; put @facts"):
        declaration(Own)


def test_a_field_without_a_type_is_refused_rather_than_lost(tmp_path):
    with pytest.raises(DeclarationError, match=r"Lost.*lack a type annotation: amount"):
        module(
            tmp_path,
            """
            @facts
            class Lost:
                kept: int = yen("額")
                amount = yen("額")
            """,
        )


@pytest.mark.parametrize("kind", [rows, flag, text, code, choice])
@pytest.mark.parametrize("national", ["ceiling", "floor"])
def test_only_what_has_an_order_has_a_limit(kind, national):
    with pytest.raises(FieldError, match=f"上限: a national {national} is for amounts, numbers, rates and dates"):
        kind("上限", national=national)


def test_a_type_that_cannot_be_found_is_told_with_its_class(tmp_path):
    found = module(
        tmp_path,
        """
        @facts
        class Own:
            other: Elsewhere
        """,
    )
    with pytest.raises(DeclarationError, match=r"Own: .*'Elsewhere' is not defined; import the types at the top"):
        _ = declaration(found.Own).types


def test_none_is_allowed_however_it_is_written(tmp_path):
    text = """
    from typing import Optional, Union

    @facts
    class Own:
        one: int | None = yen("一")
        two: Optional[int] = yen("二")
        three: None|Yen = yen("三")
    """
    made = module(tmp_path, text).Own(one=None, two=None, three=None)
    assert (made.one, made.two, made.three) == (None, None, None)


def test_none_is_allowed_where_annotations_are_objects(tmp_path):
    text = """
    @facts
    class Own:
        one: Yen | None
        two: int | None = None
    """
    made = module(tmp_path, text, preamble="from munirules import Yen, facts\n").Own(one=None)
    assert (made.one, made.two) == (None, None)
