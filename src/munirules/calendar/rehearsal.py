"""改元 rehearsal: what a new era would change, and where a text would go on printing the old one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import attrs

from munirules.calendar.builtin import era_table
from munirules.calendar.errors import CalendarError, EraTableError
from munirules.calendar.fiscal import fiscal_year
from munirules.calendar.fiscal_names import NAMING, format_fiscal_year
from munirules.calendar.printing import format_date
from munirules.calendar.scan import Finding, scan
from munirules.calendar.styles import STYLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from typing import TypeVar

    from munirules.calendar.era import Era
    from munirules.calendar.table import EraTable

    Answer = TypeVar("Answer")


@attrs.frozen
class Change:
    """One text before and after; None where it cannot be printed.

    Attributes:
        what: the style, or the naming of the fiscal year.
        day: the day that is printed; the first day of a fiscal year.
        as_of: the date of the document, where it matters.
        before: the text by the table of today.
        after: the text by the table with the new era.
    """

    what: str
    day: date
    as_of: date | None
    before: str | None
    after: str | None

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


@attrs.frozen
class Rehearsal:
    """What a new era would change.

    Attributes:
        before: the table of today.
        after: the table with the new era; None where it is refused.
        collisions: why it is refused; empty otherwise.
        missing: what the new row leaves out, and what cannot be printed or read for it.
        changes: texts before and after, in every style, around the change.
        findings: places that write an era by hand.
    """

    before: EraTable
    after: EraTable | None
    collisions: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the era is accepted and nothing writes an era by hand."""
        return self.after is not None and not self.findings

    def answers(self, question: Callable[[EraTable], Answer]) -> tuple[Answer, Answer]:
        """Ask something of both tables: the way to show that no amount depends on the name of an era.

        Args:
            question: takes a table and returns what is to be compared, such as the result of a decision whose facts
                were read with that table.

        Raises:
            EraTableError: the new era is refused.
        """
        if self.after is None:
            raise EraTableError(self.collisions)
        return question(self.before), question(self.after)


def rehearse(
    future_eras: Iterable[Era | Mapping[str, Any]],
    *,
    folders: Iterable[Path | str] = (),
    table: EraTable | None = None,
    origin: str = "the rehearsal",
) -> Rehearsal:
    """Rehearse a change of era.

    Args:
        future_eras: the rows of the new era (or of several).
        folders: folders of texts, data and programs to look through, such as those of installed plugins.
        table: the table of today; that of the library if not given.
        origin: where the rows came from, for errors.
    """
    before = era_table() if table is None else table
    try:
        after = before.with_eras(future_eras, origin=origin)
    except EraTableError as error:
        return Rehearsal(before, None, error.problems)
    new = after.eras[len(before.eras) :]
    changes = tuple(change for era in new for change in _changes(before, after, era))
    missing = tuple(text for era in new for text in _missing(after, era))
    return Rehearsal(before, after, (), missing, changes, tuple(scan(folders, before, after)))


def _changes(before: EraTable, after: EraTable, era: Era) -> list[Change]:
    eve = era.start - timedelta(1)
    days = (eve, era.start, era.start.replace(month=12, day=31), date(era.start.year + 1, 1, 1))
    styles = [style.name for style in STYLES] + [f"code:{system.id}" for system in after.systems if system.text]
    changes = [
        Change(
            style, day, None, _try(format_date, day, style, table=before), _try(format_date, day, style, table=after)
        )
        for style in styles
        for day in days
    ]
    # A document from between announcement and change, for a day after it.
    between = max(min(era.announced, eve), before.latest.start)
    later = era.start + timedelta(30)
    for policy in ("public_document_2019", "announced"):
        old = _try(format_date, later, table=before, as_of=between, policy=policy)
        new = _try(format_date, later, table=after, as_of=between, policy=policy)
        changes.append(Change(f"ja, {policy}", later, between, old, new))
    year = fiscal_year(era.start)
    for naming in NAMING:
        for as_of in (eve, era.start):
            old = _try(format_fiscal_year, year, naming=naming, as_of=as_of, table=before)
            new = _try(format_fiscal_year, year, naming=naming, as_of=as_of, table=after)
            changes.append(Change(f"年度, {naming}", date(year, 4, 1), as_of, old, new))
    return changes


def _try(printer: Callable[..., str], *args: object, **options: object) -> str | None:
    try:
        return printer(*args, **options)
    except CalendarError:
        return None


def _missing(after: EraTable, era: Era) -> list[str]:
    """Return what the row of an era leaves out."""
    fields = {"letter": "a letter (R)", "one": "a one-kanji form (令)", "square": "a one-character form (㋿)"}
    missing = [f"{era.name} has no {name}" for field, name in fields.items() if getattr(era, field) is None]
    before = after.eras[after.eras.index(era) - 1]
    missing += [
        f"{era.name} has no code in the system {system.id} ({system.title}); {before.name} has"
        for system in after.systems
        if before.code(system.id) is not None and era.code(system.id) is None
    ]
    for system_id, code in era.codes:
        width = after.system(system_id).width
        if after.system(system_id).text and len(code) > width:
            missing.append(f"the code {code} of {era.name} in the system {system_id} is longer than its {width} so far")
    return missing
