"""What makes a change of rules safe: questions drawn from declarations, properties, comparisons, corpora, mutants.

What a tester or a plugin's author needs stands here, and is loaded at first use. Needs the extra `testing`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from munirules.testing.properties.examination import Examination, Failure, examine
    from munirules.testing.question import Answer, Question, QuestionError, answer_of, question_of
    from munirules.testing.strategies.asking import NoQuestions, questions
    from munirules.testing.strategies.making import objects

_HOMES = {
    "munirules.testing.properties.examination": ("Examination", "Failure", "examine"),
    "munirules.testing.strategies.asking": ("NoQuestions", "questions"),
    "munirules.testing.strategies.making": ("objects",),
    "munirules.testing.question": ("Answer", "Question", "QuestionError", "answer_of", "question_of"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Examination",
    "Failure",
    "NoQuestions",
    "Question",
    "QuestionError",
    "answer_of",
    "examine",
    "objects",
    "question_of",
    "questions",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'munirules.testing' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
