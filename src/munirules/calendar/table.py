"""The table of eras: an immutable value. Everything that knows an era gets it from one of these."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from munirules.calendar.collisions import problems_of, spellings
from munirules.calendar.era import CodeSystem, Era, era_from_row
from munirules.calendar.errors import DateError, EraError, EraTableError
from munirules.calendar.switchover import switchover
from munirules.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from munirules.calendar.lunisolar import LunarTable
    from munirules.calendar.switchover import Switchover


@attrs.frozen(slots=False, repr=False)
class EraTable:
    """The eras in order, the code systems, and the lunisolar years that are known.

    Making one checks it; rows that collide are refused, and each problem names both rows.

    Raises:
        EraTableError: at construction.
    """

    eras: tuple[Era, ...]
    systems: tuple[CodeSystem, ...] = ()
    lunisolar: LunarTable | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        problems = problems_of(self.eras, self.systems)
        if not self.eras:
            problems = [("empty", "there is no era in it")]
        if problems:
            raise EraTableError(problems)

    def __repr__(self) -> str:
        return f"EraTable({'、'.join(era.name for era in self.eras)})"

    @cached_property
    def tokens(self) -> dict[str, Era]:
        """Every spelling that is read as an era, in lower case."""
        return {word: era for era in self.eras for word in spellings(era)}

    @cached_property
    def ends(self) -> dict[str, date]:
        """The last day of each era by its name; `date.max` for the one that has not ended."""
        pairs = pairwise(self.eras)
        ends = {era.name: date.fromordinal(after.start.toordinal() - 1) for era, after in pairs}
        return {**ends, self.eras[-1].name: date.max}

    @cached_property
    def overlaps(self) -> dict[str, date]:
        """The last day that is validly written in each era: its end, or the day on which the next was announced."""
        pairs = pairwise(self.eras)
        late = {era.name: after.announced for era, after in pairs if after.announced >= after.start}
        return {**self.ends, **late}

    @cached_property
    def made(self) -> dict[str, Any]:
        """What was worked out from this table and is kept with it: readers and printers."""
        return {}

    @cached_property
    def _starts(self) -> tuple[tuple[date, Era], ...]:
        return tuple((era.start, era) for era in reversed(self.eras))

    @property
    def latest(self) -> Era:
        """The era that has not ended."""
        return self.eras[-1]

    def era_on(self, day: date) -> Era:
        """Return the era in force on a day.

        Raises:
            EraError: the day is before the first era of the table.
        """
        for start, era in self._starts:
            if day >= start:
                return era
        first = self.eras[0]
        raise EraError(f"{day} is before {first.name} ({first.start}), the first era that the table knows")

    def find(self, word: str) -> Era | None:
        """Return the era that a spelling means (令和, 令, R, Reiwa, れいわ, ㋿), or None."""
        return self.tokens.get(word.lower())

    def era(self, word: str) -> Era:
        """Return the era that a spelling means.

        Raises:
            EraError: none does; the message lists what is known.
        """
        found = self.find(word)
        if found is None:
            raise EraError(
                f"「{word}」 is no era that is known{did_you_mean(word, self.tokens)}; known: {self.names()}"
            )
        return found

    def names(self) -> str:
        """Return the names of the eras that have a letter, each with it, for messages."""
        return "、".join(f"{era.name}({era.letter})" for era in self.eras if era.letter)

    def system(self, name: str) -> CodeSystem:
        """Return a code system by its name.

        Raises:
            DateError: there is none of that name.
        """
        for system in self.systems:
            if system.id == name:
                return system
        known = [system.id for system in self.systems]
        message = f"{name!r} is no code system{did_you_mean(name, known)}"
        raise DateError("unknown_code_system", message, part=name, accepted=", ".join(known))

    @cached_property
    def codes(self) -> dict[str, dict[str, Era]]:
        """For each code system, the era of each code."""
        return {
            system.id: {code: era for era in self.eras for name, code in era.codes if name == system.id}
            for system in self.systems
        }

    def with_eras(self, rows: Iterable[Era | Mapping[str, Any]], *, origin: str = "the caller") -> EraTable:
        """Return a table with further eras.

        Args:
            rows: eras, or rows as TOML and the hook `munirules_eras` give them, in any order.
            origin: where rows came from, for errors.

        Raises:
            EraTableError: a row is not well formed, or collides with another.
        """
        further = [row if isinstance(row, Era) else era_from_row(row, origin=origin) for row in rows]
        eras = (*self.eras, *sorted(further, key=lambda era: (era.start, era.name)))
        return EraTable(eras, self.systems, self.lunisolar)

    @cached_property
    def _known_on(self) -> dict[int, EraTable]:
        return {len(self.eras): self}

    def as_of(self, day: date, policy: str | Switchover = "public_document_2019", *, form: str = "") -> EraTable:
        """Return the table as a document of that day would use it: without the eras not yet taken up.

        The last era that is left has no end in it, so that 2031-06-01 is still 令和13年6月1日 in a document that is
        older than the change.

        Args:
            day: the document's own date.
            policy: `public_document_2019` (from the first day of the era), `announced` (from its announcement), or
                a `Switchover` with dates of one's own.
            form: the form, where the switchover dates forms apart.
        """
        rule = switchover(policy)
        later = (at for at, era in enumerate(self.eras) if rule.taken_up(era, form) > day)
        count = max(next(later, len(self.eras)), 1)
        if count not in self._known_on:
            self._known_on[count] = EraTable(self.eras[:count], self.systems, self.lunisolar)
        return self._known_on[count]
