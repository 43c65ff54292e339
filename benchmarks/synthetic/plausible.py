"""Objects of any declared class as columns, drawn within the bounds that its declaration states.

For what the city has no data of: a number between its bounds, a day not long ago, a code that the town's own provisions
name in a field of that name. `ways` says of single fields how they are drawn instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, get_origin

import attrs
import numpy as np
import pyarrow as pa
from benchmarks.synthetic.columns import Columns, days, flags, whole, words

from munirules.engine.provisions import NotInForce
from munirules.models.declare import alternatives, declaration, is_declared, record_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from munirules import Rulebook
    from munirules.engine.decision import Decision
    from munirules.models.fields import Spec

    Draw = np.random.Generator
    There = NDArray[np.bool_]
    Way = Callable[[Draw, NDArray[np.int64]], pa.Array]
    Ways = Mapping[str, Way]

EPOCH = date(1970, 1, 1).toordinal()
LONG_AGO = 1000
USUAL = 20
HUNDREDS = 600
MOST_PARTS = 3
MONEY = ("yen", "sen")
IN_TABLES_ONLY = ("ANY", "ALL")


@attrs.frozen(kw_only=True)
class Parts:
    """What objects have several of: for each part the place of the object that it belongs to, and its columns."""

    owners: NDArray[np.int64]
    columns: Columns


@attrs.frozen(kw_only=True)
class Plausible:
    """Draws columns of declared classes.

    Attributes:
        draw: the source of chance.
        on: the decision's date, before which days lie.
        codes: what the town's provisions name, by the name of the field; see `codes_in_force`.
        ways: how single fields are drawn, by `Class.field`, given the place of each object: its row, or of a part that
            among the parts of one owner. A field that is named here is drawn though it has a default.
    """

    draw: np.random.Generator
    on: date
    codes: Mapping[str, tuple[str, ...]]
    ways: Ways

    def columns(
        self,
        cls: type,
        rows: int,
        *,
        there: There | None = None,
        prefix: str = "",
        places: NDArray[np.int64] | None = None,
    ) -> Columns:
        """Columns of a class: of what it requires, and of what `ways` names.

        Args:
            cls: the class.
            rows: how many objects.
            there: where there is one at all.
            prefix: what stands before the names.
            places: the place of each object; its row where none is said.
        """
        owner = declaration(cls)
        found: Columns = {}
        places = np.arange(rows) if places is None else places
        for name, annotation in owner.types.items():
            inner, _ = alternatives(annotation)
            way = self.ways.get(f"{cls.__name__}.{name}")
            if way is not None:
                column = way(self.draw, places)
                found[prefix + name] = column if there is None else masked(column, there)
            elif is_declared(inner):
                if name in owner.required:
                    found |= self.columns(inner, rows, there=there, prefix=f"{prefix}{name}_", places=places)
            elif name in owner.required and get_origin(inner) is not tuple:
                found[prefix + name] = self.values(name, owner.specs[name], inner, rows, there)
        return found

    def parts(self, cls: type, field: str, rows: int, most: int = MOST_PARTS) -> Parts:
        """What objects of a class have several of in a field: from one to `most` each."""
        record = record_of(alternatives(declaration(cls).types[field])[0])
        numbers = self.draw.integers(1, most + 1, rows)
        owners = np.repeat(np.arange(rows), numbers)
        places = np.arange(len(owners)) - np.repeat(np.cumsum(numbers) - numbers, numbers)
        columns = {} if record is None else self.columns(record, len(owners), places=places)
        return Parts(owners=owners, columns=columns)

    def values(self, name: str, spec: Spec, annotation: Any, rows: int, there: There | None) -> pa.Array:
        """One column by its declaration."""
        least, most = spec.minimum or 0, spec.maximum
        if spec.kind == "day":
            return days(self.on.toordinal() - EPOCH - self.draw.integers(0, LONG_AGO, rows), there)
        if spec.kind == "flag":
            return flags(self.draw.random(rows) < 1 / USUAL, there)
        if spec.kind == "choice":
            names = [member.name.lower() for member in annotation if member.name not in IN_TABLES_ONLY]
            return words(self.draw.integers(0, len(names), rows), names, there)
        if spec.kind in MONEY:
            return whole(np.minimum(least + self.draw.integers(0, HUNDREDS, rows) * 100, most or 2**40), there)
        if spec.kind in ("count", "quantity"):
            return whole(np.clip(least + self.draw.poisson(USUAL / 5, rows), least, most), there)
        options = self.codes.get(name) or spec.options
        names = [str(option) for option in options] or [f"{name}{number}" for number in range(USUAL)]
        return words(self.draw.integers(0, len(names), rows), names, there)


def masked(column: pa.Array, there: There) -> pa.Array:
    """A column with nulls where there is nothing."""
    return column.take(pa.array(np.arange(len(column)), mask=~there))


def provisions_of(book: Rulebook, decision: Decision[Any, Any], on: date) -> dict[type, str]:
    """The provisions that a decision and those that it rests on are wired to on a date, and their areas."""
    wiring = book.area(decision.area).wiring(decision, on, None)
    found = dict.fromkeys((need.cls for _, need in wiring.needs("provision")), decision.area)
    for _, need in wiring.needs("decided"):
        other = book.decider(need.cls)
        if other is not None and other is not decision:
            found |= provisions_of(book, other, on)
    return found


def in_force(book: Rulebook, decision: Decision[Any, Any], on: date) -> bool:
    """Whether all that a decision is wired to is in force on a date."""
    try:
        for cls, area in provisions_of(book, decision, on).items():
            book.timeline(cls, area, None).at(on)
    except NotInForce:
        return False
    return True


def codes_in_force(book: Rulebook, decision: Decision[Any, Any], on: date) -> dict[str, tuple[str, ...]]:
    """The codes and choices that the rows of a decision's provisions name on a date, by the name of their fields."""
    found: dict[str, dict[str, None]] = {}
    for cls, area in provisions_of(book, decision, on).items():
        value = book.timeline(cls, area, None).at(on).value
        for name, annotation in declaration(cls).types.items():
            record = record_of(alternatives(annotation)[0])
            if record is None or not is_declared(record):
                continue
            specs = declaration(record).specs
            for row in getattr(value, name):
                for field, spec in specs.items():
                    code = getattr(row, field)
                    if spec.kind == "choice" and code.name not in IN_TABLES_ONLY:
                        found.setdefault(field, {})[code.name.lower()] = None
                    elif spec.kind == "code" and code:
                        found.setdefault(field, {})[code] = None
    return {name: tuple(codes) for name, codes in found.items()}
