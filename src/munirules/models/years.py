"""Facts of a year: they carry the year that they are of, and a decision says which it needs.

A fact of a calendar year (所得) has a field `year`, one of a fiscal year (年度, from April) a field `fiscal_year`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from munirules.errors import InputError
from munirules.models.declare import declaration

T = TypeVar("T")
YEAR_FIELDS = ("year", "fiscal_year")


class WrongYear(InputError, ValueError):
    """A fact of another year than the one that a decision needs.

    Attributes:
        cls: its class.
        wanted: the year that is needed.
    """

    def __init__(self, message: str, cls: type, wanted: int) -> None:
        super().__init__(message)
        self.cls = cls
        self.wanted = wanted


def year_field(cls: type) -> str:
    """Name of the field that carries the year of a fact class; empty where its facts are of no year."""
    specs = declaration(cls).specs
    return next((name for name in YEAR_FIELDS if name in specs), "")


def year_problem(fact: Any, wanted: int) -> str:
    """Return what is wrong with the year of a fact, or an empty text.

    Args:
        fact: an object of a fact class with a year.
        wanted: the year that is needed.
    """
    owner = declaration(type(fact))
    field = year_field(owner.cls)
    if not field:
        return f"{owner.name}: no fact of a year; it has none of the fields {', '.join(YEAR_FIELDS)}"
    found = getattr(fact, field)
    if found == wanted:
        return ""
    spec = owner.specs[field]
    return f"{owner.name}.{field} ({spec.label}): {found}, but {wanted} is needed"


def of_year(fact: T, wanted: int, whose: str = "") -> T:
    """Return a fact of a year, having checked that it is of the year wanted. For rules.

    Args:
        fact: an object of a fact class with a field `year` or `fiscal_year`.
        wanted: the year that is needed.
        whose: id of the member whom it is about, for the error.

    Raises:
        WrongYear: naming the member, the field, the year found and the year needed.
    """
    if getattr(fact, "year", None) == wanted:
        return fact
    problem = year_problem(fact, wanted)
    if problem:
        raise WrongYear(f"{whose!r}: {problem}" if whose else problem, type(fact), wanted)
    return fact


def valued_problems(value: int | None, year: int | None) -> Iterator[str]:
    """Yield what is wrong with a value of a tax roll and its year: one of them alone."""
    if (value is None) != (year is None):
        told = "given without its year" if year is None else "missing, but its year is given"
        yield f"value (価格): {told}; write value and value_year (価格の年度)"
