"""Quirks: how an old system may have counted otherwise than the law says, each by name.

They are hypotheses: a quirk is alive only while one is tested, and never touches what is installed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs

from munirules.engine.jurisdiction import JurisdictionKind
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.read import read_field
from munirules.testing.functions import running
from munirules.testing.quirks.edits import Edit, Place, Reached, put
from munirules.testing.quirks.helpers import HELPERS

if TYPE_CHECKING:
    from munirules.engine.enactment import Enactment, Version
    from munirules.models.declare import Declaration

UNLIMITED: Final = 10**12
"""What stands for no limit: more than any amount."""

_KEYS: Final = ("title", "fields", "columns", "unlimited", "versions", "helper")
_PATH: Final = r"(\w+\.\w+(?:\[\d+\]\.\w+)?)"
_SINCE: Final = r"(?:@(\d{4}-\d{2}-\d{2}))?"
_LITERAL: Final = re.compile(f"{_PATH}{_SINCE}=(.+)")
_EXCHANGED: Final = re.compile(f"{_PATH}<->{_PATH}{_SINCE}")
_NUMBERS: Final = frozenset({"yen", "sen", "count", "quantity"})


class QuirkError(MunirulesError, ValueError):
    """A quirk of no known name, or one that says nothing here."""


class Quirk(Protocol):
    """A hypothesis about an old system."""

    @property
    def name(self) -> str:
        """By which `--quirk` takes it."""

    @property
    def title(self) -> str:
        """In words."""

    @property
    def places(self) -> Sequence[Place]:
        """The figures that it sets otherwise, where they are few."""

    @property
    def compiled(self) -> bool:
        """Whether compiled kernels know of it, since it changes figures and no functions."""

    def alive(self, reached: Reached) -> AbstractContextManager[None]:
        """Let a rulebook answer as the old system would."""


@attrs.frozen(kw_only=True)
class Named:
    """A quirk of `quirks.toml`.

    Attributes:
        name: its name.
        title: in words.
        fields: field to what it says.
        columns: column to by how much it is moved.
        unlimited: words of labels of figures that do not limit.
        versions: `previous`, or empty.
        helper: name of a helper; empty for none.
    """

    name: str
    title: str
    fields: Mapping[str, Any] = attrs.field(factory=dict)
    columns: Mapping[str, int] = attrs.field(factory=dict)
    unlimited: tuple[str, ...] = ()
    versions: str = ""
    helper: str = ""

    @property
    def places(self) -> Sequence[Place]:
        """None: it is about whatever has such fields."""
        return ()

    @property
    def compiled(self) -> bool:
        """Whether it changes figures and no functions."""
        return not self.helper

    @contextmanager
    def alive(self, reached: Reached) -> Iterator[None]:
        """Let a rulebook answer as the old system would."""
        with ExitStack() as stack:
            if self.helper:
                stands_for, own = HELPERS[self.helper]
                stack.enter_context(running({stands_for: own.__code__}))
            else:
                stack.enter_context(reached.edited((area, self.edit(reached, area)) for area in reached.areas))
            yield

    def edit(self, reached: Reached, area: str) -> Edit:
        """The change of the versions of an area."""
        owners = {owner.name: owner for owner in reached.owners(area)}
        if self.versions:
            return partial(_without_last, _last_local(reached, area))
        own = {
            name: {field: value for field, value in self.fields.items() if field in owner.specs}
            for name, owner in owners.items()
        }
        homes = {name: _homes(reached, area, owners[name], fields) for name, fields in own.items() if fields}
        return partial(self._version, owners, own, homes)

    def _version(
        self,
        owners: Mapping[str, Declaration],
        fields: Mapping[str, Mapping[str, Any]],
        homes: Mapping[str, frozenset[int]],
        enactment: Enactment,
        version: Version,
    ) -> Mapping[str, Mapping[str, Any]]:
        del enactment
        values: dict[str, Any] = dict(version.values)
        for provision, said in version.values.items():
            owner = owners.get(provision)
            if owner is not None:
                values[provision] = {name: self._moved(owner, name, raw) for name, raw in said.items()}
                if id(version) in homes.get(provision, ()):
                    values[provision].update(fields[provision])
        return values

    def _moved(self, owner: Declaration, field: str, raw: Any) -> Any:
        """A field with its columns moved, and what limits without limit."""
        spec = owner.specs.get(field)
        if spec is None:
            return raw
        if spec.kind in _NUMBERS and any(word in spec.label for word in self.unlimited):
            return UNLIMITED
        if not self.columns or not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            return raw
        return [
            {
                name: value + self.columns[name] if name in self.columns and value else value
                for name, value in row.items()
            }
            for row in raw
        ]


@attrs.frozen(kw_only=True)
class Set:
    """A figure that the old system has otherwise.

    Attributes:
        name: `PROVISION.field[row].column@SINCE=VALUE`.
        title: in words.
        places: the figures that it has otherwise: one, in each version that sets it, or two that are exchanged.
        values: what the old system has in each.
    """

    name: str
    title: str
    places: tuple[Place, ...]
    values: tuple[Any, ...]

    @property
    def compiled(self) -> bool:
        """It changes figures only."""
        return True

    def alive(self, reached: Reached) -> AbstractContextManager[None]:
        """Let a rulebook answer as the old system would."""
        return reached.edited(map(put, self.places, self.values))


@attrs.frozen(kw_only=True)
class Both:
    """Several quirks at once."""

    quirks: tuple[Quirk, ...]

    @property
    def name(self) -> str:
        """Their names."""
        return " + ".join(quirk.name for quirk in self.quirks)

    @property
    def title(self) -> str:
        """Their titles."""
        return "、".join(quirk.title for quirk in self.quirks)

    @property
    def places(self) -> Sequence[Place]:
        """Their figures."""
        return [place for quirk in self.quirks for place in quirk.places]

    @property
    def compiled(self) -> bool:
        """Whether none changes functions."""
        return all(quirk.compiled for quirk in self.quirks)

    @contextmanager
    def alive(self, reached: Reached) -> Iterator[None]:
        """Let a rulebook answer as the old system would."""
        with ExitStack() as stack:
            for quirk in self.quirks:
                stack.enter_context(quirk.alive(reached))
            yield


@cache
def named_quirks() -> dict[str, Named]:
    """The quirks of `quirks.toml`, by name."""
    return read_quirks(Path(__file__).with_name("quirks.toml"))


def read_quirks(path: Path) -> dict[str, Named]:
    """Read quirks from a file.

    Raises:
        QuirkError: naming what is wrong with it.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise QuirkError(f"{path}: {error}") from None
    found = {}
    for name, table in data.items():
        unknown = [key for key in table if key not in _KEYS] if isinstance(table, dict) else ["no table"]
        if unknown or "title" not in table:
            raise QuirkError(f"{path}: {name}: {', '.join(unknown) or 'without a title'} (keys: {', '.join(_KEYS)})")
        helper = table.get("helper", "")
        if helper and helper not in HELPERS:
            raise QuirkError(f"{path}: {name}: no helper {helper!r}{did_you_mean(helper, HELPERS)}")
        found[name] = Named(name=name, **{**table, "unlimited": tuple(table.get("unlimited", ()))})
    return found


def quirk_of(text: str, reached: Reached) -> Quirk:
    """The quirk that a text names.

    One of `quirks.toml`; a figure, as `WaterTariff.bands[1].price=158`; two that are exchanged, with `<->` between them;
    or several of these with ` + ` between them. After a figure may stand from when the version is in force,
    `@2023-04-01`; else every version that sets it counts.

    Raises:
        QuirkError: when there is none, or the figure is none that the decision rests on.
    """
    if " + " in text:
        return Both(quirks=tuple(quirk_of(one, reached) for one in text.split(" + ")))
    known = named_quirks()
    if text in known:
        return known[text]
    exchanged = _EXCHANGED.fullmatch(text)
    if exchanged is not None:
        return _exchanged(text, exchanged[1], exchanged[2], exchanged[3], reached)
    literal = _LITERAL.fullmatch(text)
    if literal is None:
        raise QuirkError(
            f"no quirk {text!r}{did_you_mean(text, known)} (known: {', '.join(known)}; or a figure, PROVISION.field=VALUE)"
        )
    wanted, since, value = literal.groups()
    places = tuple(place for place, _ in _figures(text, wanted, since, reached))
    return Set(name=text, title=f"{wanted} = {value}", places=places, values=(_read(value),) * len(places))


def _exchanged(text: str, one: str, other: str, since: str | None, reached: Reached) -> Set:
    """Two figures that stand in each other's place, in each version that sets them."""
    firsts, seconds = (_figures(text, wanted, since, reached) for wanted in (one, other))
    pairs = [
        (place, raw, there, own)
        for place, raw in firsts
        for there, own in seconds
        if (place.file, place.number) == (there.file, there.number)
    ]
    places = tuple(each for place, _, there, _ in pairs for each in (place, there))
    values = tuple(each for _, raw, _, own in pairs for each in (own, raw))
    return Set(name=text, title=f"{one} ↔ {other}", places=places, values=values)


def _figures(text: str, wanted: str, since: str | None, reached: Reached) -> list[tuple[Place, Any]]:
    """A figure in each version that sets it, and what stands there."""
    found = [(place, raw) for place, _, _, raw in reached.figures() if place.path == wanted]
    if since:
        found = [(place, raw) for place, raw in found if str(reached.enactment(place)[1].since) == since]
    if not found:
        names = {place.path for place, *_ in reached.figures()}
        raise QuirkError(f"{text}: no figure {wanted!r} here{did_you_mean(wanted, names)}")
    return found


def _read(text: str) -> Any:
    """A value as TOML writes it; what is none of its kinds is a text."""
    try:
        return tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        return text


def _homes(reached: Reached, area: str, owner: Declaration, fields: Mapping[str, Any]) -> frozenset[int]:
    """The versions in which a provision's fields are set otherwise: where one is set, and where the most local body speaks.

    A version in which they cannot stand together with what else is in force is left as it is.
    """
    versions = [(link, version) for link, _, _, version in reached.versions(area) if owner.name in version.values]
    local = {id(version) for link, version in versions if link is versions[0][0]}
    if any(owner.specs[name].by == "nation" for name in fields):
        local = set()
    return frozenset(
        id(version)
        for _, version in versions
        if (id(version) in local or any(name in version.values[owner.name] for name in fields))
        and _may_stand(reached, area, owner, version, fields)
    )


def _may_stand(reached: Reached, area: str, owner: Declaration, version: Version, fields: Mapping[str, Any]) -> bool:
    """Whether a provision may have other fields on the first day of a version."""
    problems: list[str] = []
    values = {name: read_field(owner, name, raw, name, problems) for name, raw in fields.items()}
    try:
        attrs.evolve(reached.rulebook.timeline(owner.cls, area, None).at(version.since).value, **values)
    except MunirulesError:
        return False
    return not problems


def _last_local(reached: Reached, area: str) -> frozenset[int]:
    """The last version of each enactment of bodies below the nation that has an earlier one."""
    last: dict[str, tuple[int, Version]] = {}
    for link, enactment, number, version in reached.versions(area):
        if link.jurisdiction.kind != JurisdictionKind.NATION:
            last[enactment.file] = number, version
    return frozenset(id(version) for number, version in last.values() if number > 0)


def _without_last(last: frozenset[int], enactment: Enactment, version: Version) -> Mapping[str, Mapping[str, Any]]:
    del enactment
    return {} if id(version) in last else version.values
