"""Objects straight out of canonical columns, for rows that are right: they need not be read, only made.

They are made by their classes, which look at them once more; what they refuse is decided again from what was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from typing import Any, Final, get_args, get_origin

from munirules.engine.bag import facts_of, none_of
from munirules.models.declare import alternatives, declaration
from munirules.money import Rate
from munirules.tables.layout import Bound, Node

_PLAIN: Final = frozenset({"yen", "sen", "count", "quantity", "day", "flag", "code", "text", "reference"})


class Makers:
    """Makes the objects of a chunk, one by one.

    Args:
        bound: the chunk; little of it, since all values become Python's.
    """

    def __init__(self, bound: Bound) -> None:
        self._subject = _Maker(bound.subject)
        about: dict[type | None, list[_Maker]] = {None: []}
        for node in bound.facts.values():
            about.setdefault(node.about, []).append(_Maker(node))
        self._facts = about[None]
        self._about = [
            (self._subject.offsets[name], maker, about[maker.cls])
            for name, maker in self._subject.parts.items()
            if maker.cls in about
        ]

    def subject(self, index: int) -> Any:
        """The subject in a row."""
        return self._subject.make(index)

    def facts(self, index: int) -> Iterator[object]:
        """The facts given in a row, as `Rulebook.decide` takes them."""
        for maker in self._facts:
            yield from maker.given(index)
        for offsets, parts, makers in self._about:
            for own in range(offsets[index], offsets[index + 1]):
                found = [fact for maker in makers for fact in maker.given(own)]
                if found:
                    yield facts_of(parts.columns["id"][own], *found)


class _Maker:
    """Makes the objects of a node."""

    def __init__(self, node: Node) -> None:
        self.cls = node.cls
        self.there = None if node.there is None else node.there.to_pylist()
        self.columns = {name: _values(node.cls, name, column.to_pylist()) for name, column in node.columns.items()}
        self.records = {name: _Maker(record) for name, record in node.records.items()}
        self.parts = {name: _Maker(parts.items) for name, parts in node.parts.items()}
        self.offsets = {name: parts.offsets.tolist() for name, parts in node.parts.items()}

    def make(self, index: int) -> Any:
        """The object in a row."""
        values = {name: column[index] for name, column in self.columns.items()}
        for name, record in self.records.items():
            values[name] = record.make(index) if record.there is None or record.there[index] else None
        for name, maker in self.parts.items():
            offsets = self.offsets[name]
            values[name] = tuple([maker.make(own) for own in range(offsets[index], offsets[index + 1])])
        return self.cls(**values)

    def given(self, index: int) -> Iterator[object]:
        """The fact in a row, or that there is none; nothing where it is not given."""
        there = True if self.there is None else self.there[index]
        if there is not None:
            yield self.make(index) if there else none_of(self.cls)


def _values(cls: type, name: str, values: list[Any]) -> list[Any]:
    """Canonical values as those of a field."""
    turn = _turn(cls, name)
    if turn is None:
        return values
    if any(isinstance(value, list) for value in values):
        return [None if value is None else tuple(map(turn, value)) for value in values]
    return [None if value is None else turn(value) for value in values]


@cache
def _turn(cls: type, name: str) -> Callable[[Any], Any] | None:
    """What makes a value of a field out of a canonical one; None where it is one."""
    owner = declaration(cls)
    annotation, _ = alternatives(owner.types[name])
    many = get_origin(annotation) is tuple
    if many:
        annotation = alternatives(get_args(annotation)[0])[0]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return {int(member.value): member for member in annotation}.get  # a row without the fact may have none of them
    if annotation is Rate:
        return cache(Rate.parse)
    return (lambda value: value) if many else None


def can_make(bound: Bound) -> bool:
    """Whether all fields are of kinds whose canonical values say all."""
    return all(_simple(node) for node in (bound.subject, *bound.facts.values()))


def _simple(node: Node) -> bool:
    owner = declaration(node.cls)
    for name in node.columns:
        if owner.specs[name].kind in _PLAIN or _turn(node.cls, name) is not None:
            continue
        return False
    inner = (*node.records.values(), *(parts.items for parts in node.parts.values()))
    return all(_simple(own) for own in inner)
