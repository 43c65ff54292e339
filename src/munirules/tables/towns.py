"""Several municipalities in one table, told apart by the column of their codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from munirules.engine.rulebook import Rulebook, UnknownDecision
from munirules.errors import MunirulesError
from munirules.plugins.rulebook import Rulebook as PluginRulebook

if TYPE_CHECKING:
    from munirules.engine.decision import Decision


class Towns:
    """The rulebooks of a table's municipalities, each opened once.

    Args:
        decision: what is decided.
        opened: rulebooks that the caller has open already, by code.
    """

    def __init__(self, decision: Decision[Any, Any], opened: Mapping[str, Rulebook]) -> None:
        self.decision = decision
        self._books: dict[str, Rulebook | MunirulesError] = dict(opened)

    def of(self, code: str) -> Rulebook | MunirulesError:
        """The rulebook of a code; or why there is none, which its rows are told."""
        if code not in self._books:
            try:
                self._books[code] = self._open(code)
            except MunirulesError as error:
                self._books[code] = error
        return self._books[code]

    def _open(self, code: str) -> Rulebook:
        book = PluginRulebook.of(code)
        if book.area(self.decision.area).decision(self.decision.name) is not self.decision:
            raise UnknownDecision(f"{self.decision.name} is not a decision of {book.jurisdiction.name}")
        return book

    def all_of(self, codes: pa.Array) -> list[Rulebook]:
        """The rulebooks that are open, those of the codes that stand in a column among them, as far as there are any."""
        for code in codes.drop_null().unique().to_pylist():
            self.of(code)
        return [book for book in self._books.values() if isinstance(book, Rulebook)]
