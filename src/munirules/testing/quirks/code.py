"""A quirk that is a fault in a rule: one comparison, rounding or reference that stands otherwise in its text."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from munirules.testing.faults.mutant import Mutant
    from munirules.testing.quirks.edits import Place, Reached


@attrs.frozen(kw_only=True, eq=False)
class Faulty:
    """A rule with a single fault.

    Attributes:
        mutant: the fault.
    """

    mutant: Mutant

    @property
    def name(self) -> str:
        """What tells it apart; `--quirk` does not take it."""
        return self.mutant.id

    @property
    def title(self) -> str:
        """In words: where, and what stands there."""
        return f"{self.mutant.where}: {self.mutant.before} → {self.mutant.after}"

    @property
    def places(self) -> Sequence[Place]:
        """None: it is no figure."""
        return ()

    @property
    def compiled(self) -> bool:
        """It changes a function."""
        return False

    def alive(self, reached: Reached) -> AbstractContextManager[None]:
        """Let a rulebook answer with the fault."""
        return self.mutant.alive(reached.rulebook)
