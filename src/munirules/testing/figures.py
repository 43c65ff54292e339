"""Where two provisions differ, cell by cell, and which of the cells make a rule answer otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from munirules.testing.witness import Figures, Source


@attrs.frozen(kw_only=True)
class Cell:
    """A figure that two rule sets give differently.

    Attributes:
        argument: the rule's argument that it reached it by.
        provision: class of the provision.
        field: its field.
        row: number of the row, where the field is a table of as many rows on both sides; else None.
        column: the row's column; empty where rows were added or removed.
        label: the field and column in words, with the row that it stands in.
        kind: the same without the row.
        unit: printed unit.
        before: value on the one side; None where it has none.
        after: value on the other.
        source_before: who says the one.
        source_after: who says the other.
    """

    argument: str
    provision: str
    field: str
    row: int | None = None
    column: str = ""
    label: str = ""
    kind: str = ""
    unit: str = ""
    before: Any = None
    after: Any = None
    source_before: Source | None = None
    source_after: Source | None = None

    @property
    def branch(self) -> str:
        """The field and column, whatever the row: what differences are grouped by."""
        return f"{self.provision}.{self.field}" + (f".{self.column}" if self.column else "")

    @property
    def path(self) -> str:
        """Where it stands, row included; rows count from 1."""
        place = f"{self.provision}.{self.field}" + (f"[{self.row + 1}]" if self.row is not None else "")
        return place + (f".{self.column}" if self.column else "")

    def __str__(self) -> str:
        before, after = self.before, self.after
        if _rows(before) or _rows(after):  # rows came or went: those alone
            before = [row for row in self.before or () if row not in (self.after or ())]
            after = [row for row in self.after or () if row not in (self.before or ())]
        return f"{self.label} ({self.path}): {told(before, self.unit)} → {told(after, self.unit)}"


def differing(argument: str, provision: str, before: Figures, after: Figures) -> Iterator[Cell]:
    """Every cell in which two provisions of one class differ, in the order of the fields."""
    labels, units = {**before.labels, **after.labels}, {**before.units, **after.units}
    for field in dict.fromkeys((*before.values, *after.values)):
        old: Any = before.values.get(field)
        new: Any = after.values.get(field)
        if old == new:
            continue
        label = f"{before.title} {labels.get(field, field)}"
        whole = Cell(
            argument=argument,
            provision=provision,
            field=field,
            label=label,
            kind=label,
            unit=units.get(field, ""),
            before=old,
            after=new,
            source_before=before.sources.get(field),
            source_after=after.sources.get(field),
        )
        if not (_rows(old) and _rows(new) and len(old) == len(new)):
            yield whole
            continue
        for row, (one, other) in enumerate(zip(old, new, strict=True)):
            for column in dict.fromkeys((*one, *other)):
                if one.get(column) != other.get(column):
                    name = f"{field}.{column}"
                    told_column = labels.get(name, column)
                    place = _place(row, (before.rows.get(field), after.rows.get(field)))
                    yield attrs.evolve(
                        whole,
                        row=row,
                        column=column,
                        label=f"{label} {place} {told_column}",
                        kind=f"{label} {told_column}",
                        unit=units.get(name, ""),
                        before=one.get(column),
                        after=other.get(column),
                    )


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _place(row: int, names: Sequence[Sequence[str] | None]) -> str:
    """A row by its number, and by what it is called on both sides."""
    called = dict.fromkeys(own[row] for own in names if own is not None and own[row])
    return f"{row + 1}行目" + (f"（{' → '.join(called)}）" if called else "")


def swapped(figures: Mapping[str, Figures], cells: Sequence[Cell], *, to: str) -> dict[str, dict[str, Any]]:
    """The fields of a rule's provisions with some cells changed.

    Args:
        figures: argument to the provision it was given.
        cells: the cells to change.
        to: whose values they get: `before` or `after`.
    """
    changed: dict[str, dict[str, Any]] = {}
    for cell in cells:
        fields = changed.setdefault(cell.argument, {})
        value = getattr(cell, to)
        if cell.row is None:
            fields[cell.field] = value
            continue
        rows = fields.get(cell.field)
        if rows is None:
            rows = fields[cell.field] = [dict(row) for row in figures[cell.argument].values[cell.field]]
        rows[cell.row][cell.column] = value
    return changed


def that_matter(cells: Sequence[Cell], changes: Callable[[Sequence[Cell]], bool]) -> list[Cell]:
    """The cells whose change alone makes a rule answer otherwise; where only several together do, all of those.

    Args:
        cells: cells that differ.
        changes: whether changing some of them makes the rule answer otherwise.
    """
    if not cells or not changes(cells):
        return []
    if len(cells) == 1:
        return list(cells)
    middle = len(cells) // 2
    found = that_matter(cells[:middle], changes) + that_matter(cells[middle:], changes)
    return found or list(cells)


def apart(before: Any, after: Any) -> tuple[str, str]:
    """Two plain values for reading; of two records, only the fields in which they differ."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
        before, after = ({name: own.get(name) for name in names} for own in (before, after))
    return told(before), told(after)


def told(value: Any, unit: str = "") -> str:
    """A plain value for reading."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return f"{value:,}{unit}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} {told(own)}" for key, own in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(told(own) for own in value) + "]"
    return f"{value}{unit}"
