"""What is worth trying in a question: figures, names and dates of the law in force, and what is next to them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, Any

import attrs

from munirules.calendar.months import Overflow, add_months
from munirules.engine.provisions import NotInForce
from munirules.models.declare import declaration, is_declared
from munirules.models.fields import Spec
from munirules.money import SEN_PER_YEN, Rate
from munirules.testing.functions import Function
from munirules.testing.law_dates import chain_of, changes
from munirules.testing.strategies.links import links_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.provisions import Timeline
    from munirules.engine.rulebook import Rulebook

DAY = timedelta(days=1)
_ADULT, _OLD = 18, 100
_EARLY, _LATE = date(1900, 1, 1), date(2100, 1, 1)


@attrs.frozen(eq=False)
class Reach:
    """What a decision can reach in the law: classes of provisions with their timelines, and the days on which something changes.

    Attributes:
        timelines: by provision class.
        days: first days of versions of provisions and of rules, ascending.
    """

    timelines: dict[type, Timeline]
    days: tuple[date, ...]

    @classmethod
    def of(cls, rulebook: Rulebook, decision: Decision[Any, Any]) -> Reach:
        """All that a decision, and those that it rests on, may ask for at any date."""
        timelines: dict[type, Timeline] = {}
        for own in chain_of(rulebook, decision):
            area = rulebook.area(own.area)
            for day in area.regimes(own, None).rule_days():
                for _, need in area.wiring(own, day, None).needs("provision"):
                    timelines.setdefault(need.cls, rulebook.timeline(need.cls, own.area, None))
        return cls(timelines, tuple(changes(rulebook, decision)))

    def around(self, on: date | None = None) -> list[date]:
        """The days of change and the day before and after each; with a day, the last change at or before it."""
        own = self.days if on is None else [day for day in self.days if day <= on][-1:]
        return sorted({day + shift for day in own for shift in (-DAY, timedelta(0), DAY)})

    def provisions(self, on: date) -> Iterator[Any]:
        """The provision objects in force on a day."""
        for timeline in self.timelines.values():
            try:
                yield timeline.at(on).value
            except NotInForce:
                continue


class Values:
    """Values to try, by kind of field.

    Attributes:
        rows: rows of tables of the law.
        links: which fields rules hold against which columns of tables.
    """

    def __init__(self, reach: Reach, functions: Iterable[Function]) -> None:
        functions = list(functions)
        self.rows: list[Any] = []
        self.links = links_of([function.fn for function in functions])
        self.days = list(reach.around())
        self._numbers: dict[str, set[int]] = {"": {0, 1}}
        self._names: dict[str, set[str]] = {"": set()}
        self._rates: set[Rate] = {Rate(0), Rate(1)}
        for on in reach.days:
            for own in reach.provisions(on):
                self._learn(own)
        for function in functions:
            self._read(function)
        self.days = sorted({*self.days})
        self._codes = self.links.codes()

    def _learn(self, own: Any) -> None:
        owner = declaration(type(own))
        for name in owner.types:
            value, spec = getattr(own, name), owner.specs[name]
            if isinstance(value, tuple):
                for item in value:
                    if is_declared(type(item)):
                        if item not in self.rows:
                            self.rows.append(item)
                            self._learn(item)
                    else:
                        self._value(name, spec, item)
            else:
                self._value(name, spec, value)

    def _value(self, name: str, spec: Spec, value: Any) -> None:
        if isinstance(value, (bool, Enum)) or value is None:
            return
        if isinstance(value, int):
            whole = value // SEN_PER_YEN if spec.kind == "sen" else value
            self._numbers.setdefault(spec.unit, set()).update((whole - 1, whole, whole + 1))
        elif isinstance(value, str):
            self._names.setdefault(name, set()).add(value)
            self._names[""].add(value)
        elif isinstance(value, date):
            self.days.extend((value - DAY, value, value + DAY))
        elif isinstance(value, Rate):
            self._rates.add(value)

    def _read(self, function: Function) -> None:
        """Constants that a rule compares with, its own and those of its module by name."""
        for node in ast.walk(function.node):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(node, ast.Name):
                value = function.fn.__globals__.get(node.id)
            if type(value) is int:
                self._numbers[""].update((value - 1, value, value + 1))
            elif isinstance(value, str) and len(value) <= 30 and "\n" not in value:
                self._names[""].add(value)

    def numbers(self, unit: str) -> list[int]:
        """Numbers of a unit, and those without one."""
        return sorted(self._numbers.get(unit, set()) | self._numbers[""])

    def names(self, name: str) -> list[str]:
        """Texts that a field of that name is held against, or all where none are known."""
        if not name:
            return sorted(self._names[""])
        root = self.links.root(name)
        found = {
            text
            for column, texts in self._names.items()
            if column and self.links.root(column) == root
            for text in texts
        }
        return sorted(found.union(self._codes.get(root, ())) or self._names[""])

    def alike(self, field: str, column: str) -> bool:
        """Whether a field is held against a column."""
        return field == column or self.links.root(field) == self.links.root(column)

    def pick(self, rng: Random, name: str, spec: Spec, annotation: Any, on: date) -> Any:
        """A value for a field, as its declaration allows it."""
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return rng.choice(list(annotation))
        if spec.kind in {"yen", "sen", "count", "quantity"}:
            return _bounded(spec, self._number(rng, spec))
        if spec.kind == "flag":
            return rng.random() < 0.5
        if spec.kind == "day":
            return self.day(rng, on)
        if spec.kind == "rate":
            return rng.choice(sorted(self._rates))
        if spec.kind in {"code", "reference"}:
            if spec.options:
                return rng.choice(spec.options)
            names = self.names(name if rng.random() < 0.7 else "")
            return rng.choice(names) if names else ""
        return ""

    def _number(self, rng: Random, spec: Spec) -> int:
        way = rng.random()
        if way < 0.5:
            return rng.choice(self.numbers(spec.unit))
        if spec.kind == "count" and spec.maximum is None and way < 0.9:
            return rng.randrange(8)
        return int(10 ** rng.uniform(0, 7)) if spec.kind in {"yen", "sen"} else int(10 ** rng.uniform(0, 3))

    def day(self, rng: Random, on: date) -> date:
        """A day: one of the law's, near the decision's, or a birthday of some age, and the day before and after."""
        way = rng.random()
        if way < 0.25 and self.days:
            found = rng.choice(self.days)
        elif way < 0.5:
            found = add_months(on, -rng.randrange(-2, 24), Overflow.LAST_DAY)
        elif way < 0.9:
            found = add_months(on, -12 * rng.randrange(_ADULT + 6), Overflow.LAST_DAY)
        else:
            found = add_months(on, -12 * rng.randrange(_OLD), Overflow.LAST_DAY)
        if rng.random() < 0.3:
            found = rng.choice((date(found.year, 4, 1), date(found.year, 4, 2), found.replace(day=1)))
        return min(max(found + rng.choice((-DAY, DAY, timedelta(0), timedelta(0))), _EARLY), _LATE)


def _bounded(spec: Spec, number: int) -> int:
    if spec.minimum is not None:
        number = max(number, spec.minimum)
    return number if spec.maximum is None else min(number, spec.maximum)
