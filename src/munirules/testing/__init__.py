"""What makes a change of rules safe: questions drawn from declarations, properties, comparisons, corpora, mutants.

What a tester or a plugin's author needs stands here, and is loaded at first use. Needs the extra `testing`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from munirules.testing.question import Answer, Question, QuestionError, answer_of, question_of

_HOMES = {
    "munirules.testing.question": ("Answer", "Question", "QuestionError", "answer_of", "question_of"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Question",
    "QuestionError",
    "answer_of",
    "question_of",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'munirules.testing' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
