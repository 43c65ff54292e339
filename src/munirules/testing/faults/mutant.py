"""A mutant: one small fault put into a rule or an enactment, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

if TYPE_CHECKING:
    from munirules.engine.rulebook import Rulebook

RULE: Final = "rule"
FIGURE: Final = "figure"

Alive: TypeAlias = "Callable[[Rulebook], AbstractContextManager[None]]"
"""Puts a mutant into a rulebook for a while."""


class Verdict(StrEnum):
    """What came of a mutant."""

    CASE = "case"
    CORPUS = "corpus"
    PROPERTY = "property"
    LOADER = "loader"
    EQUIVALENT = "equivalent"
    ACKNOWLEDGED = "acknowledged"
    SURVIVED = "survived"
    NOT_RUN = "not run"

    @property
    def killed(self) -> bool:
        """Whether the fault was noticed."""
        return self in (Verdict.CASE, Verdict.CORPUS, Verdict.PROPERTY, Verdict.LOADER)

    @property
    def counts(self) -> bool:
        """Whether it counts in a score: it ran, and it was a fault."""
        return self not in (Verdict.EQUIVALENT, Verdict.ACKNOWLEDGED, Verdict.NOT_RUN)


@attrs.frozen(kw_only=True, eq=False)
class Mutant:
    """One fault.

    Attributes:
        id: what tells it apart, the same while the text around it stays.
        kind: `rule` or `figure`.
        home: the module of a rule, the file of a figure, from the package on.
        line: its line there.
        operator: which kind of fault.
        before: what stood there.
        after: what stands there now.
        owner: code of the jurisdiction whose text it is.
        decisions: names of the decisions that reach it.
        alive: puts it into a rulebook.
        concerns: what a question has to meet for it to matter: the block that it stands in, the figure that was given;
            for the days of a version its file, for those of a rule None, and then any question may meet it.
        figure: for a figure, what of it is changed: where it stands.
        classes: for a figure, the provision classes that it touches.
    """

    id: str
    kind: str
    home: str
    line: int
    operator: str
    before: str
    after: str
    owner: str
    decisions: tuple[str, ...]
    alive: Alive = attrs.field(repr=False)
    concerns: Any = attrs.field(default=None, repr=False)
    figure: str = ""
    classes: tuple[type, ...] = ()

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.home}:{self.line}"

    def __str__(self) -> str:
        return f"{self.where}: {self.operator}: {self.before} → {self.after}"
