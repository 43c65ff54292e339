"""Properties as what notices a fault: those of any decision, and those that authors declare, tried on the questions asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from munirules.testing.mutate.bench import Asked
from munirules.testing.properties import Broken, Check, Tried, declared_checks, free_checks

if TYPE_CHECKING:
    from munirules.engine.decision import Decision

MOST: Final = 12
"""Questions that properties are tried on for one mutant."""

_FREE: Final = frozenset({"total", "in_any_order", "within_bounds", "supplied"})
"""What a fault in a rule can break; a faulty rule still answers twice alike, with or without a trace."""


class Held:
    """Tries properties on questions; those that do not hold without a fault are left out.

    Args:
        most: on how many questions at most.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._checks: dict[str, list[Check]] = {}
        self._unfit: dict[int, set[str]] = {}

    def prepare(self, asked: Sequence[Asked]) -> None:
        """Find out what holds of each question as the rules stand; done before any fault is put in."""
        for one in asked:
            broken = {check.name for check in self._of(one.question.decision) if self._breaks(one, check)}
            if broken:
                self._unfit[id(one)] = broken

    def broken(self, asked: Sequence[Asked]) -> str:
        """The first property that does not hold now; empty where all hold."""
        fit = [one for one in asked if one.known is None]
        step = max(len(fit) // self.most, 1)
        for one in fit[::step][: self.most]:
            unfit = self._unfit.get(id(one), set())
            for check in self._of(one.question.decision):
                if check.name not in unfit and self._breaks(one, check):
                    return f"{one.decision}: {check.name}"
        return ""

    def _of(self, decision: Decision[Any, Any]) -> list[Check]:
        if decision.name not in self._checks:
            free = [check for check in free_checks() if check.name in _FREE]
            self._checks[decision.name] = [*free, *declared_checks(decision.properties)]
        return self._checks[decision.name]

    @staticmethod
    def _breaks(one: Asked, check: Check) -> bool:
        try:
            check.trial(Tried(one.rulebook, one.question))
        except Broken:
            return True
        return False
