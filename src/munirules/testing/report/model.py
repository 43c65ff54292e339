"""What a report says, as data: of a comparison of two rule sets, or of an audit of an old system."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import attrs

from munirules.testing.curve import Curve
from munirules.testing.witness import Source

Kind: TypeAlias = Literal["compare", "audit"]


@attrs.frozen(kw_only=True)
class Figure:
    """A figure of the law that is to blame: `label` with the row that it stands in, `kind` without."""

    label: str
    kind: str
    path: str
    unit: str
    before: Any
    after: Any
    source_before: Source | None = None
    source_after: Source | None = None


@attrs.frozen(kw_only=True)
class Proposal:
    """What would explain a group of an audit: a quirk of the old system, or a figure that it has otherwise.

    Attributes:
        name: by which `--quirk` takes it.
        title: in words.
        explained: rows of the group that come out as the old system has them.
        tried: rows of the group that were tried.
        upset: rows that are right as they are, and would come out otherwise.
        right: how many such rows were tried.
        article: title and article of the figure; empty for a quirk.
        where: its file and line.
    """

    name: str
    title: str
    explained: int
    tried: int
    upset: int
    right: int
    article: str = ""
    where: str = ""


@attrs.frozen(kw_only=True)
class Witness:
    """One question that shows the differences of a group.

    Attributes:
        question: as `munirules decide --facts` reads it.
        other: the same as the other side is asked it; None where it is the same.
        row: line of the file that it stands in; 0 where it stands in none.
        before: the answer of the one side (the old system).
        after: that of the other (the rules).
        fields: result field, its label, and its two values, where they differ.
    """

    question: Any
    other: Any = None
    row: int = 0
    before: str = ""
    after: str = ""
    fields: tuple[tuple[str, str, Any, Any], ...] = ()


@attrs.frozen(kw_only=True)
class Dots:
    """Differences of rows over the quantity that they go with most: its label and unit, and quantity and difference of each."""

    label: str
    unit: str
    points: tuple[tuple[float, float], ...]


@attrs.frozen(kw_only=True)
class Group:
    """Differences with one cause.

    Attributes:
        key: rule and branch.
        decision: the decision that the rule is of.
        rule: its name.
        title: its Japanese title.
        cause: a key of the reports' words that says what of it differs; else a sentence.
        count: how many differences.
        up: how many in which the amount is greater after.
        down: how many in which it is less.
        total: sum of the differences, in yen.
        largest: the greatest of them, up or down.
        before: what the rule answers in the witness on the one side.
        after: on the other.
        figures: figures of the law that make it differ.
        inputs: what else it was given differently: name, values.
        articles: titles and articles that are to blame.
        places: files and lines.
        shared: what the rows of the group have in common, one a line (audits).
        proposals: what would explain them, the best first (audits).
        known: reason, where the ledger of known differences has it (audits).
        witness: one question.
        curve: amounts of both sides over a number of the witness.
        spread: difference in yen to how many have it, ascending.
        dots: differences of some rows over a quantity (audits).
    """

    key: str
    decision: str
    rule: str
    title: str
    cause: str
    count: int
    up: int = 0
    down: int = 0
    total: float = 0
    largest: float = 0
    before: str = ""
    after: str = ""
    figures: tuple[Figure, ...] = ()
    inputs: tuple[tuple[str, str, str], ...] = ()
    articles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    known: str = ""
    witness: Witness | None = None
    curve: Curve | None = None
    spread: tuple[tuple[float, int], ...] = ()
    dots: Dots | None = None


@attrs.frozen(kw_only=True)
class Population:
    """Who of a table gains and who loses.

    Attributes:
        rows: rows of the table.
        same: rows with the same amount.
        up: rows with a greater amount after.
        down: rows with a smaller one.
        undecided: rows for which one side, or both, has no amount.
        differing: rows that differ in amount or status.
        looked_at: of how many of those the cause was looked for.
        up_yen: by how many yen together.
        down_yen: by how many yen together, below zero.
        largest: the greatest difference up, and down.
        spread: difference in yen to how many rows have it, ascending.
        before_yen: all amounts of the one side together.
        after_yen: those of the other.
    """

    rows: int
    same: int
    up: int
    down: int
    undecided: int
    differing: int
    looked_at: int
    up_yen: float
    down_yen: float
    largest: tuple[float, float]
    spread: tuple[tuple[float, int], ...]
    before_yen: float
    after_yen: float


@attrs.frozen(kw_only=True)
class Aside:
    """Questions or rows that were set aside: why, how many, and one of them."""

    why: str
    count: int
    example: Any = None


@attrs.frozen(kw_only=True)
class Report:
    """A report.

    Attributes:
        kind: of a comparison or an audit.
        decision: name of the decision.
        title: its Japanese title.
        code: code of the jurisdiction.
        place: its full name.
        before: label of the one side (the old system).
        after: label of the other (the rules).
        seed: where chance began.
        amount: label of the amount that is counted; empty where there is none.
        unit: its unit.
        asked: questions or rows.
        same: those answered alike.
        groups: those answered differently.
        aside: those set aside.
        population: who gains and loses, where there is a table.
        notes: what else there is to say, one a line.
        failures: why the run fails, one a line; none where it does not.
    """

    kind: Kind
    decision: str
    title: str
    code: str
    place: str
    before: str
    after: str
    seed: int
    amount: str
    unit: str
    asked: int
    same: int
    groups: tuple[Group, ...] = ()
    aside: tuple[Aside, ...] = ()
    population: Population | None = None
    notes: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def different(self) -> int:
        """How many were answered differently."""
        return sum(group.count for group in self.groups)

    @property
    def set_aside(self) -> int:
        """How many were set aside."""
        return sum(own.count for own in self.aside)
