"""What matters to a decision on a day: every figure, date and code of the law that it rests on, ready to draw from.

Thresholds are where rules go wrong. A pool knows the numbers of the provisions by their unit, the codes by what the
rules compare them with, the rows of tables whose columns go together, and the days on which law changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

import attrs

from munirules.engine.provisions import NotInForce
from munirules.models.declare import declaration, is_declared, record_of
from munirules.models.fields import Spec
from munirules.money import SEN_PER_YEN
from munirules.testing.law_dates import chain_of, changes, spans
from munirules.testing.strategies.links import Links, constants_of, links_of, reached

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

YEN: Final = "円"
AGE: Final = "歳"
_UNLIMITED: Final = 99_999
"""Tables write it for "no upper end"; it is no threshold."""

T = TypeVar("T")
Row = Mapping[str, object]


@attrs.frozen
class Pool:
    """What matters on a day.

    Attributes:
        on: the day.
        numbers: unit to the numbers that provisions count in it; amounts are in yen.
        said: name of a column to the values that tables have in it: codes, choices, numbers.
        rows: the rows of tables, column to value.
        days: days on which law begins, changes or ends, and those that provisions name.
        constants: numbers that the rules themselves write out (months of a year, an age).
        links: which names stand for one another in the rules; None where no rules are known.
    """

    on: date
    numbers: Mapping[str, tuple[int, ...]] = attrs.field(factory=dict)
    said: Mapping[str, tuple[Any, ...]] = attrs.field(factory=dict)
    rows: tuple[Row, ...] = ()
    days: tuple[date, ...] = ()
    constants: tuple[int, ...] = ()
    links: Links | None = attrs.field(default=None, eq=False)
    _kept: dict[Any, Any] = attrs.field(factory=dict, eq=False, repr=False)

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """What was made of the pool for a key: made once, and shared with the pools of other days of the same law."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def linked(self, name: str) -> tuple[Any, ...]:
        """Values that tables and rules hold against a field, those of its own name first."""
        return self.kept(("linked", name), lambda: self._linked(name))

    def aligned(self, cls: type) -> tuple[Row, ...]:
        """For each row of a table that has columns for fields of a class, a code among them: those fields and values."""
        return self.kept(("aligned", cls), lambda: tuple(self._align(declaration(cls).specs)))

    def _linked(self, name: str) -> tuple[Any, ...]:
        links = self.links
        if links is None:
            return self.said.get(name, ())
        root = links.root(name)
        near = [value for other, values in self.said.items() if links.root(other) == root for value in values]
        return tuple(dict.fromkeys([*self.said.get(name, ()), *near, *links.codes().get(root, ())]))

    def _align(self, specs: Mapping[str, Spec]) -> Iterator[Row]:
        """Fields of a class that a table's columns are for: of one name, or `to_size` for `meter_size` by the rules."""
        seen: set[tuple[tuple[str, object], ...]] = set()
        for row in self.rows:
            found: dict[str, object] = {}
            for column, value in row.items():
                field = self._field(column, specs)
                if field and _may_hold(specs[field], value):
                    found.setdefault(field, value)
            key = tuple(sorted(found.items(), key=lambda item: item[0]))
            if any(isinstance(value, (str, Enum)) for value in found.values()) and key not in seen:
                seen.add(key)
                yield found

    def _field(self, column: str, specs: Mapping[str, Spec]) -> str:
        if column in specs:
            return column
        if self.links is None:
            return ""
        root = self.links.root(column)
        near = [name for name in specs if self.links.root(name) == root]
        return near[0] if len(near) == 1 else ""


def _may_hold(spec: Spec, value: object) -> bool:
    if isinstance(value, Enum):
        return spec.kind == "choice"
    if isinstance(value, str):
        return spec.kind == "code" and value != "" and (not spec.options or value in spec.options)
    return spec.kind in ("count", "quantity") and isinstance(value, int) and value < _UNLIMITED


_pools: WeakKeyDictionary[Rulebook, dict[tuple[str, date], Pool]] = WeakKeyDictionary()
_links: WeakKeyDictionary[Rulebook, dict[str, tuple[Links, tuple[int, ...]]]] = WeakKeyDictionary()


def pool_of(rulebook: Rulebook, decision: Decision[Any, Any], on: date) -> Pool:
    """Gather what matters to a decision on a day; kept for the stretch of days on which its law stays as it is.

    Args:
        rulebook: for whom.
        decision: the decision.
        on: its date.
    """
    cache = _pools.setdefault(rulebook, {})
    first = next((span.first for span in spans(rulebook, decision) if on in span), on)
    key = (decision.name, first)
    if key not in cache:
        cache[key] = _gather(rulebook, decision, first)
    found = cache[key]
    return found if found.on == on else attrs.evolve(found, on=on)


def _gather(rulebook: Rulebook, decision: Decision[Any, Any], on: date) -> Pool:
    numbers: dict[str, dict[int, None]] = {}
    said: dict[str, dict[Any, None]] = {}
    rows: list[Row] = []
    days: dict[date, None] = dict.fromkeys(changes(rulebook, decision))
    for provision in _provisions(rulebook, decision, on):
        for spec, name, value in _values(provision, rows):
            if isinstance(value, date):
                days[value] = None
            elif isinstance(value, (Enum, str)):
                said.setdefault(name, {})[value] = None
            elif isinstance(value, int) and not isinstance(value, bool) and value != _UNLIMITED:
                number = value // SEN_PER_YEN if spec.kind == "sen" else value
                numbers.setdefault(spec.unit, {})[number] = None
                said.setdefault(name, {})[number] = None
    return Pool(
        on=on,
        numbers={unit: tuple(sorted(found)) for unit, found in numbers.items()},
        said={name: tuple(found) for name, found in said.items()},
        rows=tuple(rows),
        days=tuple(sorted(days)),
        constants=_read(rulebook, decision)[1],
        links=_read(rulebook, decision)[0],
    )


def _read(rulebook: Rulebook, decision: Decision[Any, Any]) -> tuple[Links, tuple[int, ...]]:
    """What the rules compare, and the numbers that they write out."""
    cache = _links.setdefault(rulebook, {})
    if decision.name not in cache:
        rules = [
            rule
            for own in chain_of(rulebook, decision)
            for rule in (*own.rules, *(r for rules in rulebook.area(own.area).replaced(own) for r in rules))
        ]
        functions = reached(rule.fn for rule in rules)
        cache[decision.name] = links_of(functions), constants_of(functions)
    return cache[decision.name]


def _provisions(rulebook: Rulebook, decision: Decision[Any, Any], on: date) -> Iterator[Any]:
    """The provisions that the decision and those it rests on ask for on a day, each once."""
    seen: set[type] = set()
    for own in chain_of(rulebook, decision):
        try:
            wiring = rulebook.area(own.area).wiring(own, on, None)
        except NotInForce:
            continue
        for _, need in wiring.needs("provision"):
            if need.cls not in seen:
                seen.add(need.cls)
                try:
                    yield rulebook.timeline(need.cls, own.area, None).at(on).value
                except NotInForce:
                    continue


def _values(provision: Any, rows: list[Row]) -> Iterator[tuple[Spec, str, Any]]:
    """Every value of a provision and of the rows of its tables, with its field; the rows are added to `rows`."""
    owner = declaration(type(provision))
    for name, annotation in owner.types.items():
        value = getattr(provision, name)
        if record_of(annotation) is not None and isinstance(value, tuple):
            for item in value:
                if is_declared(type(item)):
                    found = list(_values(item, rows))
                    rows.append({column: cell for _, column, cell in found if cell is not None})
                    yield from found
        elif is_declared(type(value)):
            yield from _values(value, rows)
        elif value is not None:
            yield owner.specs[name], name, value
