"""Mutants of enactments: each figure, date, word and row of each version, changed one by one, in memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from munirules.engine.enactment import Enactment, Version
from munirules.engine.provisions import Link
from munirules.models.declare import Declaration, alternatives, declaration, is_declared, item_spec, record_of
from munirules.models.fields import Spec
from munirules.models.read import read
from munirules.testing.faults.given import Said
from munirules.testing.faults.mutant import FIGURE, Mutant
from munirules.testing.faults.neighbours import neighbours
from munirules.testing.faults.places import RowLines
from munirules.testing.law_dates import chain_of

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook

DAY = timedelta(days=1)
Path_: TypeAlias = tuple[str | int, ...]
Change: TypeAlias = Callable[[Version], Version]


class Provided:
    """Provision classes that decisions of a rulebook ask for, by area and name, with the decisions that reach them."""

    def __init__(self, rulebook: Rulebook, decisions: Sequence[Decision[Any, Any]]) -> None:
        self.classes: dict[tuple[str, str], type] = {}
        self._reached: dict[tuple[str, str], dict[str, None]] = {}
        for decision in decisions:
            for own in chain_of(rulebook, decision):
                area = rulebook.area(own.area)
                for day in area.regimes(own, None).rule_days():
                    for _, need in area.wiring(own, day, None).needs("provision"):
                        key = (rulebook.home(need.cls, own.area), need.cls.__name__)
                        self.classes[key] = need.cls
                        self._reached.setdefault(key, {})[decision.name] = None

    def named(self, area: str, *provisions: str) -> tuple[type, ...]:
        """The classes of those names that decisions ask for."""
        return tuple(self.classes[area, name] for name in dict.fromkeys(provisions) if (area, name) in self.classes)

    def decisions(self, area: str, *provisions: str) -> tuple[str, ...]:
        """Names of the decisions that reach any of the provisions."""
        found = [name for provision in provisions for name in self._reached.get((area, provision), {})]
        return tuple(dict.fromkeys(found))


def data_mutants(rulebook: Rulebook, decisions: Sequence[Decision[Any, Any]], owner: str) -> Iterator[Mutant]:
    """Every mutant of the enactments of one jurisdiction, in order of file and line.

    Args:
        rulebook: one whose chain has them.
        decisions: the decisions that are asked.
        owner: six-digit code of the jurisdiction.
    """
    provided = Provided(rulebook, decisions)
    for area in dict.fromkeys(key[0] for key in provided.classes):
        for link in rulebook.area(area).chain:
            if link.jurisdiction.code == owner:
                for enactment in link.enactments:
                    yield from _Enacted(area, enactment, owner, provided).mutants()


class _Enacted:
    """One enactment."""

    def __init__(self, area: str, enactment: Enactment, owner: str, provided: Provided) -> None:
        self.area = area
        self.enactment = enactment
        self.owner = owner
        self.provided = provided
        self.home = home_of(enactment.file)
        self.rows = RowLines.of(enactment.file)

    def mutants(self) -> Iterator[Mutant]:
        for number, version in enumerate(self.enactment.versions):
            if not self.provided.named(self.area, *version.values, *version.unset):
                continue  # no decision asks for anything that it says
            yield from self._dates(number, version)
            for provision, fields in version.values.items():
                cls = self.provided.classes.get((self.area, provision))
                if cls is not None:
                    owner = declaration(cls)
                    for field, raw in fields.items():
                        yield from self._field(number, version, owner, field, raw)
            for provision, names in version.unset.items():
                for name in sorted(names) if self.provided.named(self.area, provision) else ():
                    left = {**version.unset, provision: names - {name}}
                    yield self._mutant(
                        number, version, "unset", (provision, name), name, "—", partial(_with, unset=left)
                    )

    def _dates(self, number: int, version: Version) -> Iterator[Mutant]:
        for name in ("since", "until", "promulgated", "continuing_since"):
            day: date | None = getattr(version, name)
            for shift in (-DAY, DAY) if day is not None else ():
                assert day is not None
                moved: dict[str, Any] = {name: day + shift}
                change = partial(_with, **moved)
                yield self._mutant(number, version, name, (), f"{day}", f"{day + shift}", change)
        if version.temporary:
            change = partial(_with, temporary=False)
            yield self._mutant(number, version, "temporary", (), "true", "false", change)

    def _field(self, number: int, version: Version, owner: Declaration, field: str, raw: Any) -> Iterator[Mutant]:
        spec, annotation = owner.specs[field], alternatives(owner.types[field])[0]
        for path, operator, after in _changes(spec, annotation, raw):
            before = _at(raw, path)
            changed = {**version.values[owner.name], field: _put(raw, path, operator, after)}
            change = partial(_with, values={**version.values, owner.name: changed})
            yield self._mutant(number, version, operator, (owner.name, field, *path), before, after, change)

    def _mutant(
        self, number: int, version: Version, operator: str, path: Path_, before: Any, after: Any, change: Change
    ) -> Mutant:
        names = (str(path[0]),) if path else (*version.values, *version.unset)
        title = _titled(path) or operator
        told = f"{operator}: " if path else ""
        return Mutant(
            id=f"{self.home}@{_key(version)} {title}: {told}{_told(before)} → {_told(after)}",
            kind=FIGURE,
            home=self.home,
            line=self.rows.line(self.enactment.line(version, *(path[:2] or (operator,))), path[2:]),
            operator=operator,
            before=f"{title} = {_told(before)}",
            after=_told(after),
            owner=self.owner,
            decisions=self.provided.decisions(self.area, *names),
            alive=partial(_alive, self.area, self.enactment.file, number, change),
            concerns=Said(self.enactment.file, number, str(path[0]), str(path[1])) if path else self.enactment.file,
            figure=f"{self.home}@{_key(version)} {title}",
            area=self.area,
            classes=self.provided.named(self.area, *names),
            row=self._row(version, path),
            beside=version.values.get(str(path[0]), {}) if path else {},
        )

    def _row(self, version: Version, path: Path_) -> object:
        """The row of a table that a path leads to, as rules see it."""
        cls = self.provided.classes.get((self.area, str(path[0]))) if len(path) > 2 else None
        record = record_of(alternatives(declaration(cls).types[str(path[1])])[0]) if cls is not None else None
        if record is None or not is_declared(record):
            return None
        return read(record, _at(version.values[str(path[0])], path[1:3]))


def _alive(area: str, file: str, number: int, change: Change, rulebook: Rulebook) -> AbstractContextManager[None]:
    """Let a rulebook answer as if a version said otherwise."""
    links = [_changed(link, file, number, change) for link in rulebook.area(area).chain]
    return rulebook.amended(area, links)


def _changed(link: Link, file: str, number: int, change: Change) -> Link:
    if not any(own.file == file for own in link.enactments):
        return link
    return attrs.evolve(
        link, enactments=tuple(_enacted(own, number, change) if own.file == file else own for own in link.enactments)
    )


def _enacted(enactment: Enactment, number: int, change: Change) -> Enactment:
    versions = list(enactment.versions)
    versions[number] = change(versions[number])
    return attrs.evolve(enactment, versions=tuple(versions))


def _with(version: Version, **changes: Any) -> Version:
    return attrs.evolve(version, **changes)


def _changes(spec: Spec, annotation: Any, raw: Any, others: Sequence[Any] = ()) -> Iterator[tuple[Path_, str, Any]]:
    """Every change of a value: where within it, the fault, and what stands there then."""
    record = record_of(annotation)
    if record is not None and isinstance(raw, list):
        for index, item in enumerate(raw):
            for path, operator, after in _item(record, item, raw):
                yield (index, *path), operator, after
            yield (index,), "row dropped", None
        yield from _swaps(record, raw)
    elif isinstance(annotation, type) and is_declared(annotation) and isinstance(raw, Mapping):
        yield from _item(annotation, raw, ())
    else:
        yield from (((), operator, after) for operator, after in neighbours(spec, annotation, raw, others))


def _item(record: type, item: Any, table: Sequence[Any]) -> Iterator[tuple[Path_, str, Any]]:
    if not is_declared(record):
        yield from _changes(item_spec(record), record, item, table)
        return
    owner = declaration(record)
    for column, raw in item.items():
        annotation = alternatives(owner.types[column])[0]
        others = [row[column] for row in table if column in row]
        for path, operator, after in _changes(owner.specs[column], annotation, raw, others):
            yield (column, *path), operator, after


def _swaps(record: type, raw: Sequence[Any]) -> Iterator[tuple[Path_, str, Any]]:
    """Figures of one column that two neighbouring rows have exchanged."""
    if not is_declared(record):
        return
    owner = declaration(record)
    for index, (row, following) in enumerate(pairwise(raw)):
        for column in row:
            kind = owner.specs[column].kind
            if (
                kind in {"yen", "sen", "count", "quantity", "rate", "day"}
                and following.get(column, row[column]) != row[column]
            ):
                yield (index, column), "swapped", following[column]


def _at(raw: Any, path: Path_) -> Any:
    for step in path:
        raw = raw[step]
    return raw


def _put(raw: Any, path: Path_, operator: str, after: Any) -> Any:
    """The value with one thing in it changed."""
    if not path:
        return after
    step = path[0]
    if isinstance(raw, Mapping):
        return {**raw, step: _put(raw[step], path[1:], operator, after)}
    assert isinstance(step, int)
    items = list(raw)
    if operator == "row dropped" and len(path) == 1:
        del items[step]
    elif operator == "swapped" and len(path) == 2:
        column = str(path[1])
        items[step], items[step + 1] = (
            {**items[step], column: items[step + 1][column]},
            {**items[step + 1], column: items[step][column]},
        )
    else:
        items[step] = _put(items[step], path[1:], operator, after)
    return items


def _key(version: Version) -> str:
    known = f" ({version.promulgated})" if version.promulgated else ""
    return f"{version.since}{known}"


def _titled(path: Path_) -> str:
    """A path as reports write it: `Tariff.bands[3].price`, rows from 1."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_told(own)}" for name, own in value.items()) + " }"
    if isinstance(value, bool):
        return str(value).lower()
    return "—" if value is None else str(value)


def home_of(file: str) -> str:
    """A file from its package on, as reports show it on every machine."""
    path = Path(file)
    roots = [Path(entry) for entry in sys.path if entry and path.is_relative_to(entry)]
    deepest = max(roots, key=lambda root: len(root.parts), default=None)
    return path.relative_to(deepest).as_posix() if deepest is not None else "/".join(path.parts[-3:])
