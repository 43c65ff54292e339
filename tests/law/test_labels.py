"""What rules of law make is labelled in Japanese, so that an explanation names it."""

import importlib
import pkgutil
from typing import get_type_hints

import munirules.law
from munirules.engine.annotations import label_of


def records() -> list[type]:
    """Every NamedTuple that a module of the law declares."""
    found = []
    for info in pkgutil.walk_packages(munirules.law.__path__, "munirules.law."):
        for name, made in vars(importlib.import_module(info.name)).items():
            if isinstance(made, type) and hasattr(made, "_fields") and made.__module__ == info.name:
                assert name == made.__name__
                found.append(made)
    return found


def test_every_field_of_what_a_rule_makes_has_a_japanese_label():
    found = records()
    assert len(found) >= 10
    unlabelled = {
        f"{record.__module__}.{record.__name__}.{field}"
        for record in found
        for field, hint in get_type_hints(record, include_extras=True).items()
        if not label_of(hint)
    }
    assert not unlabelled
