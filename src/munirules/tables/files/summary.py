"""What a run tells: counts that add up, and why rows were set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from munirules.tables.files.parts import Reject

EXAMPLES: Final = 3
STATUSES: Final = ("decided", "provisional", "needs_finding", "refused", "set_aside")


@attrs.define(kw_only=True)
class Summary:
    """How the rows of a run came out.

    Attributes:
        rows: rows of the subjects' file, those that could not be read among them; the sum of the next five.
        decided: with a result.
        provisional: with a result of which a fact is not final.
        needs_finding: somebody has to find something first.
        refused: the law refuses.
        set_aside: not decided; the rejects say why.
        tables: of each further file, its rows and how many of them belong to no subject or could not be read.
        why: per field, rule or kind of broken line, how often it set something aside, and the first few.
        engine: rows by the engine that decided them.
    """

    rows: int = 0
    decided: int = 0
    provisional: int = 0
    needs_finding: int = 0
    refused: int = 0
    set_aside: int = 0
    tables: dict[str, list[int]] = attrs.field(factory=dict)
    why: dict[str, list[Any]] = attrs.field(factory=dict)
    engine: dict[str, int] = attrs.field(factory=dict)

    @property
    def complete(self) -> bool:
        """Whether nothing was set aside."""
        return not self.set_aside and not any(lost for _, lost in self.tables.values())

    def add(self, counts: Mapping[str, int], engine: Mapping[str, int]) -> None:
        """Count the rows of a part."""
        for name in ("rows", *STATUSES):
            setattr(self, name, getattr(self, name) + counts.get(name, 0))
        for name, number in engine.items():
            self.engine[name] = self.engine.get(name, 0) + number

    def add_table(self, name: str, rows: int, lost: int) -> None:
        """Count the rows of a further file."""
        before = self.tables.get(name, [0, 0])
        self.tables[name] = [before[0] + rows, before[1] + lost]

    def tell(self, rejects: Iterable[Reject]) -> None:
        """Remember why rows were set aside."""
        for reject in rejects:
            kind = reject.field or reject.reason
            entry = self.why.setdefault(f"{reject.file}: {kind}", [0, []])
            entry[0] += 1
            if len(entry[1]) < EXAMPLES:
                at = "" if reject.line is None else f"line {reject.line}: "
                entry[1].append(f"{at}{reject.reason}" + (f" (found: {reject.value})" if reject.value else ""))

    def lines(self) -> Iterator[str]:
        """Print it: counts first, then why rows were set aside, the most frequent first."""
        counts = [f"{getattr(self, name):,} {name.replace('_', ' ')}" for name in STATUSES if getattr(self, name)]
        yield f"{self.rows:,} rows: {', '.join(counts) or 'none'}"
        for name, (rows, lost) in self.tables.items():
            yield f"{name}: {rows:,} rows, {lost:,} set aside"
        for kind, (number, examples) in sorted(self.why.items(), key=lambda item: -item[1][0]):
            yield f"{number:,} set aside: {kind}"
            yield from (f"  {example}" for example in examples)
            if number > len(examples):
                yield f"  … and {number - len(examples):,} more"
