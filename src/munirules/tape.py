"""What helpers note while a decision is explained: roundings made, rows of a table applied.

Outside an explanation no tape runs, and a helper pays one look at a context variable.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple, TypeAlias


class Rounded(NamedTuple):
    """A fraction was rounded: `num / den` became `result`, a multiple of `unit`."""

    num: int
    den: int
    mode: str
    unit: int
    result: int


class Applied(NamedTuple):
    """A row of a table was applied."""

    table: str
    row: object
    quantity: int | None = None
    amount: int | None = None


Note: TypeAlias = Rounded | Applied

TAPE: ContextVar[list[Note] | None] = ContextVar("munirules_tape", default=None)


def applied(table: str, row: object, quantity: int | None = None, amount: int | None = None) -> None:
    """Note that a row of a table was applied (`amount` in sen); a helper that reads a table calls it."""
    tape = TAPE.get()
    if tape is not None:
        tape.append(Applied(table, row, quantity, amount))
