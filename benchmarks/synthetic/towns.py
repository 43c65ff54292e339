"""In which town, and at which date, a decision can be asked: where all that it is wired to is in force."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from benchmarks.synthetic.plausible import in_force

from munirules import Rulebook
from munirules.plugins import installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from munirules.engine.decision import Decision

FIRST_TOWNS = ("212016", "215066")  # 岐阜市, 白川町
NATION, PREFECTURE = "000000", "000"
YEARS_BACK = 8

book_of = cache(Rulebook.of)


def towns() -> list[str]:
    """Codes of the municipalities that have a plugin here."""
    codes = [found.code for found in installed() if found.code != NATION and found.code[2:5] != PREFECTURE]
    return [*FIRST_TOWNS, *(code for code in dict.fromkeys(codes) if code not in FIRST_TOWNS)]


def homes_of(name: str, on: date) -> Iterator[tuple[Rulebook, Decision[Any, Any], date]]:
    """The towns in which a decision is in force on a day, or on the same day of the latest past year in which it is."""
    for day in _years(on):
        found = False
        for code in towns():
            book = book_of(code)
            decision = next((own for own in book.decisions() if own.name == name), None)
            if decision is not None and in_force(book, decision, day):
                found = True
                yield book, decision, day
        if found:
            return


def decision_names() -> list[str]:
    """Every decision of the towns, a town's own included."""
    return list(dict.fromkeys(decision.name for code in towns() for decision in book_of(code).decisions()))


def _years(on: date) -> Iterator[date]:
    for back in range(YEARS_BACK):
        yield date(on.year - back, on.month, on.day)
