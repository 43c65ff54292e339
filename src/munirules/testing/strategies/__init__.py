"""Hypothesis strategies from declarations: `questions(rulebook, decision)`, `objects(Class)`, `st.from_type(WaterUse)`.

Every class declared with `@facts`, `@row`, `@provision` or `@result`, national or a plugin's own, is registered with
Hypothesis as it is declared (`register`, by an entry point), so that `from_type` draws valid ones.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from munirules.testing.strategies.asking import NoQuestions, questions
    from munirules.testing.strategies.days import births, days_in, near
    from munirules.testing.strategies.families import households
    from munirules.testing.strategies.making import objects
    from munirules.testing.strategies.pools import Pool, pool_of

_HOMES = {
    "munirules.testing.strategies.days": ("births", "days_in", "near"),
    "munirules.testing.strategies.families": ("households",),
    "munirules.testing.strategies.making": ("objects",),
    "munirules.testing.strategies.pools": ("Pool", "pool_of"),
    "munirules.testing.strategies.asking": ("NoQuestions", "questions"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "NoQuestions",
    "Pool",
    "births",
    "days_in",
    "households",
    "near",
    "objects",
    "pool_of",
    "questions",
    "register",
]


def register() -> None:
    """Register every declared class with Hypothesis, those that are declared later too. Hypothesis calls it itself."""
    from hypothesis import strategies as st

    from munirules.models.declare import watch

    watch(lambda cls: st.register_type_strategy(cls, _of_type))


def _of_type(cls: type) -> Any:
    from munirules.testing.strategies.making import objects

    return objects(cls, ids=("1", "2", "3"))


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'munirules.testing.strategies' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
