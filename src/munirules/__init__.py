"""The business rules of Japanese municipalities: exact, dated, cited, explained, testable.

What an importer needs stands here, and is loaded at first use::

    from datetime import date
    from munirules import Rulebook
    from munirules.law.water.supply import WaterUse, water_bill

    book = Rulebook.of("岐阜県白川町")
    outcome = book.decide(water_bill, WaterUse(...), on=date(2026, 4, 1))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from munirules.engine.bag import facts_of, none_of, of_date, provisional
    from munirules.engine.decision import Decision, MemberDecision, Replacement, refuse
    from munirules.engine.enactment import Enactment
    from munirules.engine.jurisdiction import Jurisdiction
    from munirules.engine.outcome import Outcome, Status
    from munirules.engine.parts import NOBODY, Each, Place, at
    from munirules.errors import MunirulesError
    from munirules.models.declare import evolve, facts, provision, result, row
    from munirules.models.read import read, write
    from munirules.money import Rate, Rounding, Sen, Yen
    from munirules.plugins.rulebook import Rulebook

_HOMES = {
    "munirules.engine.bag": ("facts_of", "none_of", "of_date", "provisional"),
    "munirules.engine.decision": ("Decision", "MemberDecision", "Replacement", "refuse"),
    "munirules.engine.enactment": ("Enactment",),
    "munirules.engine.jurisdiction": ("Jurisdiction",),
    "munirules.engine.outcome": ("Outcome", "Status"),
    "munirules.engine.parts": ("NOBODY", "Each", "Place", "at"),
    "munirules.errors": ("MunirulesError",),
    "munirules.models.declare": ("evolve", "facts", "provision", "result", "row"),
    "munirules.models.read": ("read", "write"),
    "munirules.money": ("Rate", "Rounding", "Sen", "Yen"),
    "munirules.plugins.rulebook": ("Rulebook",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "NOBODY",
    "Decision",
    "Each",
    "Enactment",
    "Jurisdiction",
    "MemberDecision",
    "MunirulesError",
    "Outcome",
    "Place",
    "Rate",
    "Replacement",
    "Rounding",
    "Rulebook",
    "Sen",
    "Status",
    "Yen",
    "at",
    "evolve",
    "facts",
    "facts_of",
    "none_of",
    "of_date",
    "provision",
    "provisional",
    "read",
    "refuse",
    "result",
    "row",
    "write",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'munirules' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
