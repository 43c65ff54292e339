"""Every declared class: JSON → object → JSON is the identity, its schema fits it, and secrets stay hidden."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.fictional.shapes import Bill, Everything
from tests.models.generic import declared_classes, objects

from munirules import read, write
from munirules.engine.request import parse_json
from munirules.models.converter import converter
from munirules.models.declare import declaration
from munirules.models.forms import columns_of, form_fields
from munirules.models.schema import class_schema

CLASSES = [Everything, Bill, *declared_classes()]
NAMES = [f"{cls.__module__.removeprefix('munirules.')}.{cls.__name__}" for cls in CLASSES]
each_class = pytest.mark.parametrize("cls", CLASSES, ids=NAMES)
thorough = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@each_class
@thorough
@given(st.data())
def test_round_trip(cls, data):
    value = data.draw(objects(cls))
    plain = write(value)
    text = json.dumps(plain, ensure_ascii=False)
    again = read(cls, parse_json(text))
    assert again == value
    assert write(again) == plain


@each_class
@thorough
@given(st.data())
def test_what_is_written_fits_the_schema(cls, data):
    validator = Draft202012Validator(class_schema(cls))
    validator.validate(write(data.draw(objects(cls))))


@each_class
@thorough
@given(st.data())
def test_cattrs_does_the_same(cls, data):
    value = data.draw(objects(cls))
    own = converter()
    assert own.structure(parse_json(json.dumps(own.unstructure(value))), cls) == value


@each_class
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_repr_shows_no_secret(cls, data):
    told = repr(data.draw(objects(cls)))
    assert "123456789018" not in told
    assert "12345678901" not in told


@each_class
def test_a_form_and_a_table_have_every_field(cls):
    assert [field["name"] for field in form_fields(cls)] == list(declaration(cls).types)
    names = [column.name for column in columns_of(cls)]
    assert len(set(names)) == len(names)
    json.dumps(form_fields(cls))


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if cls.__module__.startswith("munirules.models.")])
def test_our_own_fields_have_labels_and_words(cls):
    for field in form_fields(cls):
        assert field["label"], field
        assert field["en"], field
        assert field["help"], field
