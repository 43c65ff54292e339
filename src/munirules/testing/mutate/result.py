"""What came of a mutant."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import attrs

from munirules.testing.faults.mutant import Mutant


class Verdict(StrEnum):
    """What came of a mutant: by what it was noticed first, or why it was not."""

    CASE = "case"
    PROPERTY = "property"
    CORPUS = "corpus"
    LOADER = "loader"
    EQUIVALENT = "equivalent"
    ACKNOWLEDGED = "acknowledged"
    SURVIVED = "survived"
    NOT_RUN = "not run"


@attrs.frozen(kw_only=True)
class Notice:
    """Who noticed a mutant; empty for nobody.

    Attributes:
        case: file and line of a published case.
        property: a property that no longer held.
        corpus: file and line of a recorded case.
        loader: whether the data are refused.
        equivalent: whether no provision changes on any day.
    """

    case: str = ""
    property: str = ""
    corpus: str = ""
    loader: bool = False
    equivalent: bool = False

    def data(self) -> dict[str, Any]:
        """What a journal keeps: what is there."""
        return {name: value for name, value in attrs.asdict(self).items() if value}


@attrs.frozen(kw_only=True, eq=False)
class Result:
    """A mutant and what came of it.

    Attributes:
        mutant: the mutant.
        notice: who noticed it; None where it was not run.
        reason: why it need not be noticed, where that is acknowledged.
    """

    mutant: Mutant
    notice: Notice | None
    reason: str = ""

    @property
    def verdict(self) -> Verdict:
        """By what it was noticed first, or why it was not."""
        notice = self.notice
        if notice is None:
            return Verdict.NOT_RUN
        for verdict, by in (
            (Verdict.LOADER, notice.loader),
            (Verdict.EQUIVALENT, notice.equivalent),
            (Verdict.CASE, notice.case),
            (Verdict.PROPERTY, notice.property),
            (Verdict.CORPUS, notice.corpus),
            (Verdict.ACKNOWLEDGED, self.reason),
        ):
            if by:
                return verdict
        return Verdict.SURVIVED

    @property
    def killed(self) -> bool:
        """Whether it was noticed."""
        return self.verdict in (Verdict.CASE, Verdict.PROPERTY, Verdict.CORPUS, Verdict.LOADER)

    @property
    def counts(self) -> bool:
        """Whether it counts in a score: it ran, and it is a fault that can matter."""
        return self.verdict not in (Verdict.EQUIVALENT, Verdict.ACKNOWLEDGED, Verdict.NOT_RUN)
