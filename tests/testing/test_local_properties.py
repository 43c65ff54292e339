"""`properties.toml`: what holds in one municipality alone."""

import pytest

from munirules import Rulebook
from munirules.checking.declared import load_properties, properties_of
from munirules.engine.holds import MultipleOf, PropertyError
from munirules.plugins.discovery import installed
from munirules.testing import examine
from munirules.testing.properties import declared_checks

HEAD = '[[property]]\ndecision = "water.supply"\n'


def written(tmp_path, text):
    tmp_path.joinpath("properties.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_without_the_file_says_nothing(tmp_path):
    assert load_properties(tmp_path) == ()


def test_a_property_is_read_with_its_line(tmp_path):
    folder = written(tmp_path, f'# 見本\n{HEAD}holds = "multiple_of"\nfield = "total"\nunit = 10\nbecause = "条例"\n')
    (found,) = load_properties(folder)
    assert (found.decision, found.declared) == ("water.supply", MultipleOf(field="total", unit=10, because="条例"))
    assert found.where == f"{folder / 'properties.toml'}:2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[property]]\nholds = "multiple_of"\n', r":1: a property without its decision"),
        (f'{HEAD}holds = "multiple"\n', r":1: holds = 'multiple' — did you mean 'multiple_of'"),
        (f'{HEAD}holds = "multiple_of"\nfeild = "total"\nunit = 1\n', r"has no 'feild' — did you mean 'field'"),
        (f'{HEAD}holds = "multiple_of"\nfield = "total"\n', r"multiple_of without unit"),
        ("[other]\nx = 1\n", r":1: unknown key 'other'; the file holds \[\[property\]\] tables"),
        ("property = 3\n", r":1: the file holds \[\[property\]\] tables"),
        ("[[property\n", r"cannot be read"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path, text, message):
    with pytest.raises(PropertyError, match=message):
        load_properties(written(tmp_path, text))


def test_what_the_decision_does_not_have_is_told_with_file_and_line(tmp_path):
    here = Rulebook.of(
        "白川町", enactments=written(tmp_path, f'{HEAD}holds = "multiple_of"\nfield = "sum"\nunit = 1\n')
    )
    with pytest.raises(PropertyError, match=r"properties\.toml:1: water\.supply: multiple_of: nothing is called 'sum'"):
        properties_of(here, here.decision("water.supply"))


def test_they_hold_beside_those_of_the_decision_and_are_tried(tmp_path):
    here = Rulebook.of(
        "白川町", enactments=written(tmp_path, f'{HEAD}holds = "never_above"\nfield = "total"\nmost = 5\n')
    )
    decision = here.decision("water.supply")
    found = properties_of(here, decision)
    assert len(found) == len(decision.properties) + 3  # two of the installed plugin, and this one
    failures = examine(here, decision, declared_checks(found), examples=20).failures
    assert [failure.check for failure in failures] == ["never_above_total"]


@pytest.mark.parametrize(
    "code", [plugin.code for plugin in installed() if plugin.is_folder and load_properties(plugin.folder())]
)
def test_what_plugins_say_holds_and_speaks_of_something(code):
    here = Rulebook.of(code)
    (plugin,) = [plugin for plugin in installed() if plugin.code == code]
    said = load_properties(plugin.folder())
    for name in {local.decision for local in said}:
        own = [local.declared for local in said if local.decision == name]
        found = examine(here, name, declared_checks(own), examples=60, edges=2)
        assert found.passed, "\n".join(map(str, found.failures))
        assert found.idle == ()


def test_several_plugins_say_something():
    saying = [plugin.code for plugin in installed() if plugin.is_folder and load_properties(plugin.folder())]
    assert len(saying) >= 5
