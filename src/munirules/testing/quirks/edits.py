"""Figures of the law set otherwise for a while, in memory: what a hypothesis about an old system says.

A `Place` is a figure of one version of one enactment; `edited` lets a rulebook answer as if it stood otherwise there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.enactment import Enactment, Version
from munirules.models.declare import Declaration, alternatives, declaration, is_declared, record_of
from munirules.models.fields import Spec
from munirules.testing.law_dates import chain_of
from munirules.testing.witness import near

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.provisions import Link
    from munirules.engine.rulebook import Rulebook

Values = Mapping[str, Mapping[str, Any]]
Edit = Callable[[Enactment, Version], Values]
"""Enactment and version to the values that the version has instead (`version.values`, changed)."""


@attrs.frozen(kw_only=True)
class Place:
    """Where a figure stands.

    Attributes:
        area: the area of the enactment.
        file: its file.
        number: number of the version in it.
        provision: class of the provision.
        field: the field.
        row: number of the row from 0; None for the whole field.
        column: column of the row; empty for the whole row or field.
    """

    area: str
    file: str
    number: int
    provision: str
    field: str
    row: int | None = None
    column: str = ""

    @property
    def path(self) -> str:
        """The figure as a hypothesis names it, rows from 1."""
        row = f"[{self.row + 1}]" if self.row is not None else ""
        return f"{self.provision}.{self.field}{row}" + (f".{self.column}" if self.column else "")


class Reached:
    """The law that a decision rests on: provision classes by area and name, and the enactments that set them.

    Args:
        rulebook: for whom.
        decision: what is asked.
        roots: folders that names of files are told from.
    """

    def __init__(self, rulebook: Rulebook, decision: Decision[Any, Any], roots: Sequence[str] = ()) -> None:
        self.rulebook = rulebook
        self.roots = (*roots, str(Path.cwd()))
        self.classes: dict[tuple[str, str], type] = {}
        for own in chain_of(rulebook, decision):
            area = rulebook.area(own.area)
            for day in area.regimes(own, None).rule_days():
                for _, need in area.wiring(own, day, None).needs("provision"):
                    self.classes[rulebook.home(need.cls, own.area), need.cls.__name__] = need.cls

    @property
    def areas(self) -> list[str]:
        """Areas with provisions that the decision asks for."""
        return list(dict.fromkeys(area for area, _ in self.classes))

    def owners(self, area: str) -> Iterator[Declaration]:
        """Declarations of the provision classes of an area."""
        for (home, _), cls in self.classes.items():
            if home == area:
                owner = declaration(cls)
                _ = owner.types
                yield owner

    def versions(self, area: str) -> Iterator[tuple[Link, Enactment, int, Version]]:
        """Every version of every enactment of an area, the most local first."""
        for link in self.rulebook.area(area).chain:
            for enactment in link.enactments:
                for number, version in enumerate(enactment.versions):
                    yield link, enactment, number, version

    def figures(self) -> Iterator[tuple[Place, Spec, Any, Any]]:
        """Every figure: its place, what is declared of it, its annotation, its value as data write it."""
        for area in self.areas:
            owners = {owner.name: owner for owner in self.owners(area)}
            for _, enactment, number, version in self.versions(area):
                for provision, fields in version.values.items():
                    owner = owners.get(provision)
                    for field, raw in fields.items() if owner is not None else ():
                        assert owner is not None
                        place = Place(area=area, file=enactment.file, number=number, provision=provision, field=field)
                        yield from _cells(place, owner, raw)

    def enactment(self, place: Place) -> tuple[Enactment, Version]:
        """The enactment and version of a place."""
        return next(
            (enactment, version)
            for _, enactment, number, version in self.versions(place.area)
            if enactment.file == place.file and number == place.number
        )

    def source(self, place: Place) -> tuple[str, str]:
        """Title and article of a figure, and its file and line."""
        enactment, version = self.enactment(place)
        where = enactment.where(version, place.provision, place.field)
        return enactment.citation_of(version), near(where, self.roots)

    @contextmanager
    def edited(self, edits: Iterable[tuple[str, Edit]]) -> Iterator[None]:
        """Let the rulebook answer from changed enactments for a while.

        Args:
            edits: area, and the change of its versions.
        """
        with ExitStack() as stack:
            for area, edit in edits:
                links = [_changed(link, edit) for link in self.rulebook.area(area).chain]
                stack.enter_context(self.rulebook.amended(area, links))
            yield


def put(place: Place, value: Any) -> tuple[str, Edit]:
    """The edit that sets one figure otherwise.

    Args:
        place: the figure, a row, or a whole field.
        value: what it says, as data write it.
    """

    def edit(enactment: Enactment, version: Version) -> Values:
        if enactment.file != place.file or enactment.versions[place.number] is not version:
            return version.values
        fields = version.values.get(place.provision, {})
        if place.field not in fields:  # another change took it away
            return version.values
        return {**version.values, place.provision: {**fields, place.field: placed(fields[place.field], place, value)}}

    return place.area, edit


def placed(raw: Any, place: Place, value: Any) -> Any:
    """A field's value with one of its figures, or rows, set otherwise."""
    if place.row is None:
        return value
    rows = list(raw)
    rows[place.row] = {**rows[place.row], place.column: value} if place.column else value
    return rows


def _cells(place: Place, owner: Declaration, raw: Any) -> Iterator[tuple[Place, Spec, Any, Any]]:
    annotation = alternatives(owner.types[place.field])[0]
    record = record_of(annotation)
    if record is None or not isinstance(raw, Sequence) or isinstance(raw, str):
        yield place, owner.specs[place.field], annotation, raw
        return
    if not is_declared(record):
        return
    inner = declaration(record)
    for row, item in enumerate(raw):
        for column, value in item.items():
            kind = alternatives(inner.types[column])[0]
            yield attrs.evolve(place, row=row, column=column), inner.specs[column], kind, value


def _changed(link: Link, edit: Edit) -> Link:
    return attrs.evolve(link, enactments=tuple(_enacted(own, edit) for own in link.enactments))


def _enacted(enactment: Enactment, edit: Edit) -> Enactment:
    versions = []
    for version in enactment.versions:
        values = edit(enactment, version)
        versions.append(version if values is version.values else attrs.evolve(version, values=values))
    return attrs.evolve(enactment, versions=tuple(versions))
