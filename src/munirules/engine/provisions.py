"""Provisions in force: who said what, from when, and whose word counts on a date.

A `Timeline` holds all that the chain municipality → union → prefecture → nation says of one provision class. For a date
it gives a `Section`: the provision object in force and where each field comes from.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import attrs

from munirules.engine.enactment import Citation, Enactment, EnactmentError, Version
from munirules.engine.jurisdiction import Jurisdiction, JurisdictionKind
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import Declaration
from munirules.models.fields import FieldError, Spec
from munirules.models.read import read_field

DAY = timedelta(days=1)
UNSET: Final = object()
REPEALED: Final = object()


class NotInForce(MunirulesError):
    """No version of the law covers the date; names the dates that are covered."""


@attrs.frozen(kw_only=True, eq=False)
class Link:
    """One jurisdiction of a chain, with its enactments and the days on which it counts (delegation)."""

    jurisdiction: Jurisdiction
    enactments: tuple[Enactment, ...] = ()
    since: date | None = None
    until: date | None = None

    def counts(self, on: date) -> bool:
        """Whether the link belongs to the chain on a date."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@attrs.frozen(eq=False)
class Entry:
    """What one version says of one field."""

    enactment: Enactment
    version: Version
    value: Any

    @property
    def key(self) -> tuple[date, date]:
        """By what it is told apart from another: since when, and from when it could be known."""
        return self.version.since, self.version.known_from

    def starts(self, started: date | None) -> date:
        """From when it applies to a contract that began on a day (None: by date alone)."""
        version = self.version
        if started is not None and version.continuing_since is not None and started < version.since:
            return version.continuing_since
        return version.since


@attrs.frozen(eq=False, slots=False)
class Section:
    """A provision as it stands for a while.

    Attributes:
        value: the provision object.
        origins: field name to the entry that gave it; absent for structural defaults.
    """

    value: Any
    origins: dict[str, Entry]

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """The versions that gave the fields, each once, in the order of the fields."""
        return tuple(dict.fromkeys(entry.enactment.cite(entry.version) for entry in self.origins.values()))


class Timeline:
    """All that a chain says of one provision class.

    Args:
        owner: the declaration of the class.
        chain: from the most local link to the nation.
        known: leave out what was promulgated after this date; None for nothing.

    Raises:
        EnactmentError: listing every fault of the data: unknown fields, bad values, who may not set what, two enactments
            that set one field, values beyond a national ceiling or floor.
    """

    def __init__(self, owner: Declaration, chain: Sequence[Link], known: date | None = None) -> None:
        self.owner = owner
        _ = owner.types  # resolving the annotations completes the specs
        self._links: list[tuple[Link, dict[str, list[Entry]]]] = []
        faults: list[str] = []
        for link in chain:
            entries = self._read(link, known, faults)
            if entries:
                self._links.append((link, entries))
        days = sorted(set(self._days()))
        self._starts = [day.toordinal() for day in days]
        self._renewals = sorted({e.version.since for e in self._entries() if e.version.continuing_since is not None})
        self._sections: dict[tuple[int, int], Section | str] = {}
        self._by_value: dict[int, Section] = {}
        self._covered: list[tuple[date, date | None]] | None = None
        self._limits(days, faults)
        if faults:
            raise EnactmentError("\n".join(dict.fromkeys(faults)))

    @property
    def starts(self) -> list[int]:
        """Ordinals of the days on which something changes, ascending."""
        return self._starts

    @property
    def renewals(self) -> list[date]:
        """Days by which a contract's beginning is told apart, for versions that reach contracts begun before them."""
        return self._renewals

    def at(self, on: date, started: date | None = None) -> Section:
        """Return the provision in force on a date.

        Args:
            on: the key date.
            started: when a continuing contract began; None for by date alone.

        Raises:
            NotInForce: when a field without a default has no value then.
        """
        key = (
            bisect_right(self._starts, on.toordinal()),
            -1 if started is None else bisect_right(self._renewals, started),
        )
        found = self._sections.get(key)
        if found is None:
            found = self._sections[key] = self._section(on, started)
            if isinstance(found, Section):
                self._by_value[id(found.value)] = found
        if isinstance(found, str):
            raise NotInForce(
                f"{self.owner.name} ({self.owner.title}) on {on}{_begun(started)}: {found}; {self._covered_text(started)}"
            )
        return found

    def section_of(self, value: object) -> Section | None:
        """The section that a provision object came from; None when it is not of this timeline."""
        return self._by_value.get(id(value))

    def covered(self, started: date | None = None) -> list[tuple[date, date | None]]:
        """The stretches of days on which every required field is in force.

        Args:
            started: when a continuing contract began; None for by date alone.
        """
        if started is not None:
            return self._stretches(started)
        if self._covered is None:
            self._covered = self._stretches(None)
        return list(self._covered)

    def _stretches(self, started: date | None) -> list[tuple[date, date | None]]:
        stretches: list[tuple[date, date | None]] = []
        days = [date.fromordinal(ordinal) for ordinal in self._starts]
        for index, first in enumerate(days):
            last = days[index + 1] - DAY if index + 1 < len(days) else None
            if isinstance(self._section(first, started), str):
                continue
            if stretches and stretches[-1][1] == first - DAY:
                stretches[-1] = (stretches[-1][0], last)
            else:
                stretches.append((first, last))
        return stretches

    def _covered_text(self, started: date | None) -> str:
        stretches = self.covered(started)
        if not stretches:
            return "no date is covered"
        return "covered: " + ", ".join(
            f"{first} to {last}" if last else f"{first} onwards" for first, last in stretches
        )

    def said(self) -> Iterator[tuple[Link, str, Entry]]:
        """Everything that is said of the class: by whom, of which field, in which version; the most local first."""
        for link, fields in self._links:
            for field, entries in fields.items():
                for entry in entries:
                    yield link, field, entry

    def _entries(self) -> Iterator[Entry]:
        for _, _, entry in self.said():
            yield entry

    def _days(self) -> Iterator[date]:
        for link, _ in self._links:
            if link.since:
                yield link.since
            if link.until:
                yield link.until + DAY
        for entry in self._entries():
            yield entry.version.since
            if entry.version.until:
                yield entry.version.until + DAY
            if entry.version.continuing_since:
                yield entry.version.continuing_since

    def _read(self, link: Link, known: date | None, faults: list[str]) -> dict[str, list[Entry]]:
        """Read what one jurisdiction says, field by field, in order of `since` and promulgation."""
        fields: dict[str, list[Entry]] = {}
        owners: dict[str, Enactment] = {}
        titles = {enactment.title: enactment for enactment in link.enactments}
        for enactment in link.enactments:
            if enactment.amends and enactment.amends not in titles:
                faults.append(
                    f"{enactment.file}: amends {enactment.amends!r}, which {link.jurisdiction.name} does not have"
                )
            spoken: set[str] = set()
            for version in enactment.versions:
                if known is not None and version.known_from > known:
                    continue
                for field, value in self._said(enactment, version, faults):
                    self._own(owners, field, enactment, version, titles, faults)
                    self._may_set(link, field, enactment, version, faults)
                    fields.setdefault(field, []).append(Entry(enactment, version, value))
                    spoken.add(field)
                if version.repeal:
                    for field in spoken:
                        fields[field].append(Entry(enactment, version, REPEALED))
        for field, entries in fields.items():
            entries.sort(key=lambda e: (*e.key, e.value is not REPEALED))
            faults.extend(_tie(field, *pair) for pair in pairwise(entries) if _tied(*pair, titles))
        return fields

    def _said(self, enactment: Enactment, version: Version, faults: list[str]) -> Iterator[tuple[str, Any]]:
        name = self.owner.name
        for field, raw in version.values.get(name, {}).items():
            where = enactment.where(version, name, field)
            if field not in self.owner.specs:
                known = ", ".join(self.owner.specs)
                faults.append(
                    f"{where}: {name} has no field {field!r}{did_you_mean(field, self.owner.specs)} (fields: {known})"
                )
                continue
            problems: list[str] = []
            value = read_field(self.owner, field, raw, f"{name}.{field}", problems)
            faults.extend(f"{where}: {problem}" for problem in problems)
            if not problems:
                yield field, value
        for field in sorted(version.unset.get(name, ())):
            if field in self.owner.specs:
                yield field, UNSET
            else:
                faults.append(f"{enactment.where(version, name, 'unset')}: {name} has no field {field!r} to unset")

    @staticmethod
    def _own(
        owners: dict[str, Enactment],
        field: str,
        enactment: Enactment,
        version: Version,
        titles: dict[str, Enactment],
        faults: list[str],
    ) -> None:
        first = owners.setdefault(field, enactment)
        if first is not enactment and _amended(first, titles) is not _amended(enactment, titles):
            faults.append(
                f"conflict: {field} is set by {first.title!r} ({first.file}, {first.plugin or 'no plugin'}) and by "
                f"{enactment.title!r} ({enactment.where(version)}, {enactment.plugin or 'no plugin'}); one enactment owns a "
                f"field unless the other says amends = {first.title!r}"
            )

    def _may_set(self, link: Link, field: str, enactment: Enactment, version: Version, faults: list[str]) -> None:
        spec = self.owner.specs[field]
        kind = link.jurisdiction.kind
        if kind == JurisdictionKind.NATION:
            return
        if (
            spec.by == "nation"
            or spec.national == "fixed"
            or (spec.by == "prefecture" and kind != JurisdictionKind.PREFECTURE)
        ):
            who = "the nation" if spec.by != "prefecture" else "a prefecture or the nation"
            faults.append(
                f"{enactment.where(version, self.owner.name, field)}: {self.owner.name}.{field} ({spec.label}) is set by {who}, "
                f"not by {link.jurisdiction.name}"
            )

    def _section(self, on: date, started: date | None) -> Section | str:
        values: dict[str, Any] = {}
        origins: dict[str, Entry] = {}
        for field, spec in self.owner.specs.items():
            found = self._spoken(field, spec, on, started)
            if isinstance(found, str):
                return found
            if found is not None:
                values[field], origins[field] = found.value, found
            elif field in self.owner.required:
                return f"{field} ({spec.label}) is not in force"
        try:
            return Section(self.owner.cls(**values), origins)
        except FieldError as error:
            return str(error)

    def _spoken(self, field: str, spec: Spec, on: date, started: date | None) -> Entry | str | None:
        """The entry that counts for a field; a text where its value has ended; None where nobody speaks."""
        for link, fields in self._links:
            if field not in fields or not link.counts(on):
                continue
            if link.jurisdiction.kind == JurisdictionKind.NATION and spec.national in ("ceiling", "floor", "reference"):
                continue
            entry = _last(fields[field], on, started)
            if entry is None or entry.value is UNSET:
                continue
            ended = entry.version.until is not None and entry.version.until < on
            if ended or entry.value is REPEALED:
                day = entry.version.until if ended else entry.version.since - DAY
                return f"{field} ({spec.label}) of {entry.enactment.title} ended on {day}"
            return entry
        return None

    def _limits(self, days: Sequence[date], faults: list[str]) -> None:
        """Check local values against what the nation sets as a ceiling or a floor, on every day of change."""
        for field, spec in self.owner.specs.items():
            if spec.national not in ("ceiling", "floor"):
                continue
            nation = [
                f[field] for link, f in self._links if link.jurisdiction.kind == JurisdictionKind.NATION and field in f
            ]
            local = [
                f[field] for link, f in self._links if link.jurisdiction.kind != JurisdictionKind.NATION and field in f
            ]
            for day in days:
                for limits in nation:
                    limit = _in_force(limits, day)
                    for entries in local:
                        own = _in_force(entries, day)
                        if limit is not None and own is not None and _beyond(own.value, limit.value, spec.national):
                            faults.append(
                                f"{own.enactment.where(own.version, self.owner.name, field)}: {field} ({spec.label}) = {own.value} "
                                f"is beyond the national {spec.national} {limit.value} "
                                f"({limit.enactment.citation_of(limit.version)}) on {day}"
                            )


def _begun(started: date | None) -> str:
    """Of which contracts something is said, where the day on which one began matters."""
    if started is None:
        return ""
    return " for a contract begun before" if started == date.min else f" for a contract begun on {started}"


def _amended(enactment: Enactment, titles: dict[str, Enactment]) -> Enactment:
    """The enactment that one amends in the end, through others that amend it; itself where it amends none."""
    for _ in titles:
        if enactment.amends not in titles:
            break
        enactment = titles[enactment.amends]
    return enactment


def _tied(first: Entry, second: Entry, titles: dict[str, Enactment]) -> bool:
    """Whether an enactment and one that amends it set a field since one day, so that neither is the later."""
    if first.key != second.key or first.enactment is second.enactment or first.value is REPEALED:
        return False
    return _amended(first.enactment, titles) is _amended(second.enactment, titles)


def _tie(field: str, first: Entry, second: Entry) -> str:
    told = " and by ".join(f"{e.enactment.title!r} ({e.enactment.where(e.version)})" for e in (first, second))
    return (
        f"conflict: {field} is set since {first.version.since} by {told}; of an enactment and the one that amends it, "
        "only one says a value for one day, or they differ in `promulgated`"
    )


def _last(entries: Sequence[Entry], on: date, started: date | None) -> Entry | None:
    """The last entry that has begun, passing over temporary ones that have ended."""
    for entry in reversed(entries):
        if entry.starts(started) > on:
            continue
        if entry.version.temporary and entry.version.until is not None and entry.version.until < on:
            continue
        return entry
    return None


def _in_force(entries: Sequence[Entry], on: date) -> Entry | None:
    entry = _last(entries, on, None)
    if entry is None or entry.value is UNSET or entry.value is REPEALED:
        return None
    return None if entry.version.until is not None and entry.version.until < on else entry


def _beyond(own: Any, limit: Any, kind: str) -> bool:
    return bool(own > limit if kind == "ceiling" else own < limit)
