"""A cattrs converter that knows every declared class, for front ends that structure their data with cattrs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from munirules.models.choices import Choice
from munirules.models.declare import is_declared
from munirules.models.read import read, read_day, read_member, write
from munirules.money import Rate

if TYPE_CHECKING:
    from cattrs import Converter


def converter() -> Converter:
    """Make a `cattrs.Converter` that structures and unstructures declared classes as `read` and `write` do.

    Declared classes, wherever they stand in a front end's own attrs classes or dataclasses, are read strictly, with
    paths and did-you-mean; so are era dates, `Choice` members by name, and rates. Each call makes a new one, so that
    hooks may be added to it.
    """
    from cattrs import Converter

    made = Converter(prefer_attrib_converters=True)
    made.register_structure_hook_func(is_declared, lambda data, cls: read(cls, data))
    made.register_unstructure_hook_func(is_declared, write)
    made.register_structure_hook_func(_is_choice, lambda data, cls: read_member(cls, data))
    made.register_unstructure_hook_func(_is_choice, write)
    made.register_structure_hook_func(lambda cls: cls is date, lambda data, _: read_day(data))
    made.register_unstructure_hook_func(lambda cls: cls is date, write)
    made.register_structure_hook_func(lambda cls: cls is Rate, _rate)
    made.register_unstructure_hook_func(lambda cls: cls is Rate, str)
    return made


def _is_choice(cls: Any) -> bool:
    return isinstance(cls, type) and issubclass(cls, Choice)


def _rate(data: Any, _: object) -> Rate:
    return Rate.parse(data)
