"""Enactments: a law, ordinance or notice with its dated versions, read from TOML.

The loader is strict: an unknown key, a wrong type or a missing date is an error with file, line and key. Values of
provisions stay raw here; `provisions` reads them once it knows the classes. Loading data never runs code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.jurisdiction import JurisdictionCodeError, normalise_code
from munirules.engine.lines import Lines
from munirules.errors import MunirulesError, did_you_mean

if TYPE_CHECKING:
    from munirules.engine.decision import Replacement

KINDS = {
    "act": "法律",
    "cabinet_order": "政令",
    "ministerial_order": "省令",
    "ordinance": "条例",
    "bylaw": "規則",
    "management_regulation": "管理規程",
    "guideline": "要綱",
    "public_notice": "告示",
    "official_page": "公式ページ",
}

_TOP = {
    "title": str,
    "kind": str,
    "jurisdiction": str,
    "source": str,
    "read_on": date,
    "citation": str,
    "amends": str,
    "note": str,
    "reviewed_by": str,
    "reviewed_on": date,
    "version": list,
}
_REQUIRED = ("title", "kind", "jurisdiction", "source", "read_on", "version")
_VERSION = {
    "since": date,
    "until": date,
    "promulgated": date,
    "continuing_since": date,
    "citation": str,
    "source": str,
    "note": str,
    "temporary": bool,
    "repeal": bool,
    "unverified": str,
}


class EnactmentError(MunirulesError, ValueError):
    """An enactment that cannot be read, or contradicts another; names file, line and key."""


@attrs.frozen(kw_only=True)
class Citation:
    """What a step rests on.

    Attributes:
        text: title and article.
        source: address where it was read; empty for a rule's own citation.
        where: file and line of the data or rule.
        plugin: distribution and version that gave it.
        since: from when the version is in force.
        unverified: what of it could not be verified; empty where all was.
    """

    text: str
    source: str = ""
    where: str = ""
    plugin: str = ""
    since: date | None = None
    unverified: str = ""


@attrs.frozen(kw_only=True, eq=False)
class Version:
    """One dated version of an enactment (改正).

    Attributes:
        since: first day in force.
        until: last day in force; None while nothing ends it.
        promulgated: when it was promulgated (公布); `since` where not recorded.
        continuing_since: from when contracts begun before `since` follow it; None for `since`.
        temporary: when `until` passes, what stood before speaks again.
        repeal: every value that the enactment set ends here.
        citation: article or table.
        unverified: what could not be verified; decisions that use the version say so.
        values: provision name to field name to raw value.
        unset: provision name to fields whose values this version removes.
        line: line of the version's header.
    """

    since: date
    until: date | None = None
    promulgated: date | None = None
    continuing_since: date | None = None
    temporary: bool = False
    repeal: bool = False
    citation: str = ""
    source: str = ""
    note: str = ""
    unverified: str = ""
    values: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)
    unset: Mapping[str, frozenset[str]] = attrs.field(factory=dict)
    line: int = 0

    @property
    def known_from(self) -> date:
        """From when the version could be known."""
        return self.promulgated or self.since


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Enactment:
    """A law, cabinet order, ordinance, bylaw, guideline or public notice (法令・例規).

    Attributes:
        title: its title.
        kind: a key of `KINDS`.
        jurisdiction: six-digit code of the body that made it.
        source: address where it was read.
        read_on: when it was read.
        versions: in order of `since`, then promulgation.
        citation: article or table that holds for every version that names none.
        amends: title of the enactment of the same jurisdiction whose fields it also sets.
        replacements: rules that it puts in place of shared ones.
        file: where it stands.
        plugin: which distribution and version gave it.
    """

    title: str
    kind: str
    jurisdiction: str
    source: str
    read_on: date
    versions: tuple[Version, ...]
    citation: str = ""
    amends: str = ""
    note: str = ""
    reviewed_by: str = ""
    reviewed_on: date | None = None
    replacements: tuple[Replacement, ...] = ()
    file: str = ""
    plugin: str = ""
    _cited: dict[int, Citation] = attrs.field(factory=dict, init=False, repr=False)

    @cached_property
    def _lines(self) -> Lines:
        try:
            return Lines(Path(self.file).read_text(encoding="utf-8"))
        except OSError:
            return Lines("")

    def line(self, version: Version, *path: str | int) -> int:
        """The line of a key of one of the versions, as written in the file."""
        if not self.file:
            return 0
        found = self._lines
        for index in range(len(self.versions)):
            if found.of("version", index) == version.line:
                return found.of("version", index, *path)
        return version.line

    def where(self, version: Version, *path: str | int) -> str:
        """File and line of a version, or of a key of it."""
        return f"{self.file or self.title}:{self.line(version, *path)}"

    def citation_of(self, version: Version) -> str:
        """Title and article, as a clerk would cite it."""
        article = version.citation or self.citation
        return f"{self.title} {article}".strip()

    def cite(self, version: Version) -> Citation:
        """What a step cites that rests on a version."""
        if id(version) not in self._cited:
            self._cited[id(version)] = Citation(
                text=self.citation_of(version),
                source=version.source or self.source,
                where=self.where(version),
                plugin=self.plugin,
                since=version.since,
                unverified=version.unverified,
            )
        return self._cited[id(version)]


def load(path: Path, *, plugin: str = "") -> Enactment:
    """Read an enactment from a TOML file.

    Args:
        path: the file.
        plugin: which distribution and version it belongs to.

    Raises:
        EnactmentError: listing every fault with file, line and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EnactmentError(f"{path}: cannot be read: {error}") from None
    return parse(text, file=str(path), plugin=plugin)


def parse(text: str, *, file: str = "", plugin: str = "") -> Enactment:
    """Read an enactment from TOML text; `load` reads a file.

    Raises:
        EnactmentError: listing every fault with file, line and key.
    """
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{file}:{line[1] if line else len(text.splitlines())}"
        raise EnactmentError(f"{where}: malformed TOML: {error}") from None
    lines = Lines(text)
    faults: list[str] = []

    def fault(message: str, *path: str | int) -> None:
        faults.append(f"{file}:{lines.of(*path)}: {message}")

    sound = {key for key, value in raw.items() if _typed(key, value, _TOP, fault, key)}
    for key in _REQUIRED:
        if key not in raw:
            fault(f"{key!r} is missing; an enactment has {', '.join(_REQUIRED)}")
    if "kind" in sound and raw["kind"] not in KINDS:
        fault(
            f"kind {raw['kind']!r} is not known{did_you_mean(raw['kind'], KINDS)} (known: {', '.join(KINDS)})",
            "kind",
        )
    if "jurisdiction" in sound:
        _coded(raw["jurisdiction"], fault)
    tables = raw["version"] if "version" in sound else []
    if "version" in sound and not tables:
        fault("an enactment without a [[version]]", "version")
    versions = [_version(table, index, lines, fault) for index, table in enumerate(tables)]
    _unique(versions, fault)
    if faults:
        raise EnactmentError("\n".join(faults))
    top = {key: value for key, value in raw.items() if key != "version"}
    ordered = tuple(sorted((v for v in versions if v is not None), key=lambda v: (v.since, v.known_from)))
    return Enactment(**top, versions=ordered, file=file, plugin=plugin)


def _typed(key: str, value: object, known: Mapping[str, type], fault: Any, *path: str | int) -> bool:
    if key not in known:
        fault(f"unknown key {key!r}{did_you_mean(key, known)} (known: {', '.join(known)})", *path)
        return False
    expected = known[key]
    if type(value) is not expected:
        noun = {
            date: "a date such as 2026-04-01",
            str: "a text in quotes",
            bool: "true or false",
            list: "[[version]] tables",
        }
        fault(f"{key} = {value!r} is not allowed; write {noun[expected]}", *path)
        return False
    return True


def _coded(code: str, fault: Any) -> None:
    try:
        right = normalise_code(code)
    except JurisdictionCodeError as error:
        fault(f"jurisdiction {error}", "jurisdiction")
        return
    if code != right:
        fault(f"jurisdiction {code!r} is not six ASCII digits; write {right!r}", "jurisdiction")


def _version(table: object, index: int, lines: Lines, fault: Any) -> Version | None:
    if not isinstance(table, dict):
        fault("[[version]] is not a table", "version", index)
        return None
    head: dict[str, Any] = {}
    values: dict[str, dict[str, Any]] = {}
    unset: dict[str, frozenset[str]] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            own = dict(value)
            removed = own.pop("unset", [])
            if not isinstance(removed, list) or not all(isinstance(name, str) for name in removed):
                fault(
                    f'{key}.unset = {removed!r} is not allowed; write a list of field names, unset = ["rents"]',
                    "version",
                    index,
                    key,
                )
                removed = []
            both = sorted(set(removed) & set(own))
            if both:
                fault(f"{key}: {', '.join(both)} both set and unset in one version", "version", index, key)
            values[key], unset[key] = own, frozenset(removed)
        elif _typed(key, value, _VERSION, fault, "version", index, key):
            head[key] = value
    if "since" not in head:
        if "since" not in table:
            fault("a version without `since`, its first day in force", "version", index)
        return None
    made = Version(**head, values=values, unset=unset, line=lines.of("version", index))
    _dates(made, fault, index)
    if not values and not made.repeal:
        fault("a version that sets nothing; name a provision, or write repeal = true", "version", index)
    if values and made.repeal:
        fault("a repeal sets nothing", "version", index)
    return made


def _dates(made: Version, fault: Any, index: int) -> None:
    if made.until == date.max:
        fault(f"until {made.until} is no end; leave it out while nothing ends it", "version", index, "until")
    if made.until is not None and made.until < made.since:
        fault(f"until {made.until} is before since {made.since}", "version", index, "until")
    if made.continuing_since is not None and made.continuing_since < made.since:
        fault(
            f"continuing_since {made.continuing_since} is before since {made.since}",
            "version",
            index,
            "continuing_since",
        )
    if made.temporary and made.until is None:
        fault("temporary = true without `until`", "version", index, "temporary")


def _unique(versions: Sequence[Version | None], fault: Any) -> None:
    seen: dict[tuple[date, date], Version] = {}
    for index, version in enumerate(versions):
        if version is None:
            continue
        key = (version.since, version.known_from)
        if key in seen:
            fault(
                f"two versions since {version.since} promulgated {version.known_from} "
                f"(the other at line {seen[key].line}); a correction has its own `promulgated`",
                "version",
                index,
            )
        seen[key] = version
