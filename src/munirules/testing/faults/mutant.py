"""A mutant: one small fault put into a rule or an enactment, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


class Proof(StrEnum):
    """What is known of a mutant without asking anything."""

    REFUSED = "refused by the loader"
    EQUIVALENT = "equivalent"


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
        area: for a figure, the area that it stands in.
        classes: for a figure, the provision classes that it touches.
        row: for a figure in a row of a table, that row.
        beside: for a figure, what the same version says of the other fields of its provision.
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
    area: str = ""
    classes: tuple[type, ...] = ()
    row: object = attrs.field(default=None, repr=False)
    beside: Mapping[str, Any] = attrs.field(factory=dict, repr=False)

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.home}:{self.line}"

    def __str__(self) -> str:
        return f"{self.where}: {self.operator}: {self.before} → {self.after}"
