"""Which engine decides: compiled code where that pays and can be, generated Python otherwise; never without saying why."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from munirules.tables.frames import TableError
from munirules.tables.layout import Bound, Engine, Prepare

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

Choice: TypeAlias = Literal["auto", "kernel", "python"]
CHOICES: Final = ("auto", "kernel", "python")
KERNEL: Final = "munirules.tables.kernel"

SMALL_TABLE: Final = 5_000
"""Rows below which generated Python has answered before a kernel would be compiled: it decides some 10,000 in a second,
and a kernel of a dozen rules is compiled in one or two."""


class Engines:
    """The engines of one call, one for each rulebook, made ready with its first chunk.

    Args:
        choice: what the caller wants.
        decision: what is decided.
        on: the date; None where each row has its own.
        known: as known on this date.
        rows: rows of the table, where that is known.
    """

    def __init__(
        self, choice: Choice, decision: Decision[Any, Any], on: date | None, known: date | None, rows: int | None
    ) -> None:
        if choice not in CHOICES:
            raise TableError([f"engine={choice!r}: there are {', '.join(CHOICES)}"])
        self.choice = choice
        self.decision = decision
        self.on = on
        self.known = known
        self.small = rows is not None and rows < SMALL_TABLE
        self.why = ""
        self._made: dict[int, Engine | None] = {}
        self._lock = Lock()

    def of(self, book: Rulebook, sample: Bound) -> Engine | None:
        """The compiled engine of a rulebook; None where rows are decided in Python.

        Args:
            book: for whom.
            sample: rows with the columns that all have.

        Raises:
            TableError: when the caller wants the kernel, and there can be none.
        """
        with self._lock:
            if id(book) not in self._made:
                made = self._prepare(book, sample)
                if isinstance(made, str):
                    if self.choice == "kernel":
                        raise TableError([f"engine='kernel': {made}"])
                    self.why = made
                self._made[id(book)] = None if isinstance(made, str) else made
            return self._made[id(book)]

    @property
    def compiled(self) -> bool:
        """Whether any rulebook has a compiled engine."""
        return any(made is not None for made in self._made.values())

    def _prepare(self, book: Rulebook, sample: Bound) -> Engine | str:
        if self.choice == "python":
            return "the caller wants generated Python"
        if book.observed:
            return "an observer (munirules_decided) is to see every outcome"
        if self.small and self.choice == "auto":
            return f"the table has fewer than {SMALL_TABLE} rows, which generated Python decides sooner"
        try:
            prepare = cast("Prepare", import_module(KERNEL).prepare)
        except (ImportError, AttributeError) as error:
            return f"there is no compiled engine here ({error})"
        if self.known is None:
            return prepare(book, self.decision, sample, self.on)
        return prepare(book, self.decision, sample, self.on, known=self.known)
