"""JSON Schema, form fields and columns of single classes."""

from __future__ import annotations

import json
from datetime import date

import pytest
from jsonschema import Draft202012Validator
from tests.fictional.shapes import EVERYTHING, Band, Bill, Everything, Person
from tests.fictional.snippets import module

from munirules import facts, read, write
from munirules.models.declare import DeclarationError
from munirules.models.fields import code, count, day, quantity, rows, sen, text, yen
from munirules.models.forms import attribute_docs, columns_of, form_fields, tables_of
from munirules.models.household import Household
from munirules.models.land import Land
from munirules.models.party import Share
from munirules.models.resident import Resident, Sex
from munirules.models.schema import DIALECT, class_schema


@facts(title="地点")
class Spot:
    """A spot.

    Attributes:
        name: what it is
            called here.
        height: above the sea.
    """

    name: str = text("名", en="name")
    height: int | None = quantity("高さ", unit="cm", minimum=-10, default=None)


@facts(title="配管")
class Pipe:
    """A pipe."""

    start: Spot
    end: Spot | None = None
    price: int = sen("単価", minimum=50, maximum=10_050, default=150)
    cities: tuple[str, ...] = rows("市", default=())
    laid_on: date | None = day("敷設日", partial=True, default=None)
    pair: tuple[int, str] = rows("対", default=(1, "a"))


def fits(cls: type, data: object) -> bool:
    return Draft202012Validator(class_schema(cls)).is_valid(data)


@pytest.mark.parametrize("cls", [Everything, Bill, Household, Land, Pipe, Band])
def test_schemas_are_schemas(cls):
    schema = class_schema(cls)
    assert schema["$schema"] == DIALECT
    Draft202012Validator.check_schema(schema)
    json.dumps(schema)


@pytest.mark.parametrize(
    ("change", "fit"),
    [
        ({}, True),
        ({"amount": -1}, False),
        ({"amount": "1200"}, False),
        ({"amount": None}, False),
        ({"months": 13}, False),
        ({"debt": -1}, True),
        ({"fee": 157.5}, True),
        ({"share": 7.75}, False),
        ({"since": "R8.4.1"}, True),
        ({"since": 20260401}, False),
        ({"own": 1}, False),
        ({"use": "trade"}, True),
        ({"use": "garden"}, False),
        ({"size": "14"}, False),
        ({"people": [{"id": "a"}, {"id": "b", "parent": "a"}]}, True),
        ({"people": [{"id": "a", "parents": "b"}]}, False),
        ({"people": {"id": "a"}}, False),
        ({"plain_sens": [1, 1.5]}, True),
        ({"maybe": None}, True),
        ({"band": None}, True),
        ({"band": {"use": "home", "above": 0, "price": 10}}, True),
        ({"band": {"use": "home", "above": 0}}, False),
        ({"amuont": 1}, False),
    ],
)
def test_what_fits_is_what_is_read(change, fit):
    data = {**EVERYTHING, **change}
    assert fits(Everything, data) is fit
    if 7.75 not in data.values() and 157.5 not in data.values() and "plain_sens" not in change:
        try:
            read(Everything, data)
        except ValueError:
            assert not fit
        else:
            assert fit


def test_a_missing_field_does_not_fit():
    assert not fits(Everything, {key: value for key, value in EVERYTHING.items() if key != "amount"})


def test_a_field_carries_what_was_declared():
    fields = class_schema(Pipe)["$defs"]["Pipe"]["properties"]
    assert fields["price"] == {
        "title": "単価",
        "type": "number",
        "minimum": 0.5,
        "maximum": 100.5,
        "x-kind": "sen",
        "x-unit": "円",
        "default": 1.5,
    }
    spot = class_schema(Pipe)["$defs"]["Spot"]
    assert spot["title"] == "地点"
    assert spot["required"] == ["name"]
    assert spot["properties"]["name"]["description"] == "what it is called here."
    assert spot["properties"]["height"]["type"] == ["integer", "null"]
    assert class_schema(Resident)["$defs"]["Resident"]["properties"]["my_number"]["x-secret"] is True
    words = class_schema(Resident)["$defs"]["Resident"]["properties"]["sex"]["x-choices"]
    assert words["female"] == {"ja": "女", "en": "female"}


@pytest.mark.parametrize(
    ("value", "fit"),
    [
        ("昭和20年8月不詳", True),
        ({"earliest": "1945-08-01", "latest": None, "precision": "range"}, True),
        ({"earliest": "1945-08-01", "latest": None, "precision": "so so"}, False),
        ({"earliest": "S20.8", "latest": None, "precision": "range"}, False),
        (None, True),
        (1945, False),
    ],
)
def test_a_date_that_may_be_known_in_part(value, fit):
    assert fits(Pipe, {"start": {"name": "a"}, "laid_on": value}) is fit


TWINS = """
    @facts
    class Spot:
        number: int = count("数")

    First = Spot

    @facts
    class Spot:
        depth: int = count("深さ")

    @result
    class Both:
        one: First
        other: Spot
"""


def test_two_classes_of_one_name_stand_apart(tmp_path):
    schema = class_schema(module(tmp_path, TWINS).Both)
    assert set(schema["$defs"]) == {"Both", "Spot", "Spot2"}
    assert schema["$defs"]["Both"]["properties"]["other"]["$ref"] == "#/$defs/Spot2"


def test_only_declared_classes_have_one():
    with pytest.raises(DeclarationError):
        class_schema(int)


class TestForms:
    def test_a_field(self):
        (name, height) = form_fields(Spot)
        assert name == {
            "name": "name",
            "label": "名",
            "en": "name",
            "help": "what it is called here.",
            "kind": "text",
            "unit": "",
            "minimum": None,
            "maximum": None,
            "options": [],
            "choices": [],
            "allowed": "a text",
            "required": True,
            "optional": False,
            "default": None,
            "partial": False,
            "secret": False,
            "many": False,
            "rows": [],
        }
        assert (height["unit"], height["minimum"], height["optional"], height["required"]) == ("cm", -10, True, False)

    def test_amounts_in_yen_and_sen_have_bounds_in_yen(self):
        price = next(field for field in form_fields(Pipe) if field["name"] == "price")
        assert (price["minimum"], price["maximum"], price["default"]) == (0.5, 100.5, 1.5)

    def test_choices_have_words(self):
        sex = next(field for field in form_fields(Resident) if field["name"] == "sex")
        assert sex["options"] == ["not_stated", "male", "female"]
        assert sex["choices"][1] == {"value": "male", "label": Sex.MALE.label, "en": Sex.MALE.en}
        size = next(field for field in form_fields(Everything) if field["name"] == "size")
        assert size["choices"] == [{"value": "13", "label": "13", "en": ""}, {"value": "20", "label": "20", "en": ""}]

    def test_records_and_rows_have_fields(self):
        start, end, _, cities, *_ = form_fields(Pipe)
        assert [field["name"] for field in start["rows"]] == ["name", "height"]
        assert (start["many"], end["optional"], cities["many"], cities["rows"]) == (False, True, True, [])
        (members,) = [field for field in form_fields(Household) if field["name"] == "members"]
        assert members["many"]
        assert [field["name"] for field in members["rows"]][:2] == ["id", "born_on"]

    def test_identifiers_are_marked(self):
        marked = [field["name"] for field in form_fields(Resident) if field["secret"]]
        assert marked == ["my_number", "resident_code"]

    def test_help_comes_from_the_docstring_and_from_that_of_a_base(self):
        class Child(Spot):
            """A child.

            Attributes:
                height: of the child.

            Something else: no attribute.
            """

        assert attribute_docs(Child) == {"name": "what it is called here.", "height": "of the child."}


class TestColumns:
    def test_records_stand_flat_and_parts_apart(self):
        assert [column.name for column in columns_of(Pipe)] == [
            "start_name",
            "start_height",
            "end_name",
            "end_height",
            "price",
            "laid_on",
        ]
        end = columns_of(Pipe)[2]
        assert (end.path, end.label, end.optional) == (("end", "name"), "名", True)
        assert columns_of(Pipe)[4].unit == "銭"

    def test_tables(self):
        tables = tables_of(Household)
        assert list(tables) == ["", "members"]
        assert [column.name for column in tables[""]] == [
            "purpose",
            "head",
            "deemed_head",
            "id",
            "address",
            "postal_code",
        ]
        assert tables["members"] == columns_of(Resident)
        assert list(tables_of(Everything)) == ["", "bands", "people"]
        assert tables_of(Land)["owners"] == columns_of(Share)

    def test_values_are_found_by_their_paths(self):
        pipe = Pipe(start=Spot(name="a", height=3))
        for column in columns_of(Pipe)[:2]:
            value: object = pipe
            for step in column.path:
                value = getattr(value, step)
            assert value == {"start_name": "a", "start_height": 3}[column.name]


def test_everything_written_fits_once_more():
    people = (Person(id="a"), Person(id="b", parent="a"))
    whole = read(Everything, {**EVERYTHING, "people": [write(person) for person in people]})
    assert fits(Everything, write(whole))


@facts(title="単位")
class Plain:
    """Without a word on its fields."""

    number: int = count("数")
    letters: str = code("字")
    money: int = yen("額", default=0)


def test_a_class_without_docs():
    assert {field["help"] for field in form_fields(Plain)} == {""}
    assert "description" not in class_schema(Plain)["$defs"]["Plain"]["properties"]["number"]
