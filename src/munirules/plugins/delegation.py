"""`jurisdiction.toml`: which areas a jurisdiction delegates to a union, and what a body is that no national table lists."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.enactment import EnactmentError
from munirules.engine.jurisdiction import Jurisdiction, JurisdictionCodeError, JurisdictionKind, normalise_code
from munirules.errors import MunirulesError, did_you_mean
from munirules.plugins.areas import AREAS

if TYPE_CHECKING:
    from munirules.calendar import ClosingDay


@attrs.frozen(kw_only=True)
class Delegation:
    """An area that a union handles for a jurisdiction.

    Attributes:
        area: a key of `AREAS`.
        to: six-digit code of the union.
        since: first day; None for as long as data go back.
        until: last day.
        law: the union's agreement (規約) or ordinance.
    """

    area: str
    to: str
    since: date | None = None
    until: date | None = None
    law: str = ""


@attrs.frozen(kw_only=True)
class Profile:
    """What `jurisdiction.toml` says.

    Attributes:
        jurisdiction: the body itself, where the file describes one that the national table does not list.
        delegations: what it delegates.
        closing_days: days of every year on which it is closed beyond Saturdays, Sundays, holidays and the turn of the year.
    """

    jurisdiction: Jurisdiction | None = None
    delegations: tuple[Delegation, ...] = ()
    closing_days: tuple[ClosingDay, ...] = ()


_KEYS: Mapping[str, type] = {
    "code": str,
    "name": str,
    "kana": str,
    "romaji": str,
    "kind": str,
    "delegates": list,
    "closing_days": list,
    "source": str,
}
_DELEGATES: Mapping[str, type] = {"area": str, "to": str, "since": date, "until": date, "law": str}
_CLOSING: Mapping[str, type] = {"month": int, "day": int, "reason": str, "since": date, "until": date}
_NOUNS = {int: "a whole number", str: "a text in quotes", date: "a date such as 2026-04-01", list: "a list"}


def load_profile(path: Path) -> Profile:
    """Read `jurisdiction.toml`.

    Raises:
        EnactmentError: naming file and key.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EnactmentError(f"{path}: {error}") from None
    _known(path, raw, _KEYS)
    delegations = tuple(_delegation(path, row) for row in raw.get("delegates", []))
    days = tuple(_closing_day(path, row) for row in raw.get("closing_days", []))
    return Profile(jurisdiction=_jurisdiction(path, raw), delegations=delegations, closing_days=days)


def _closing_day(path: Path, row: Any) -> ClosingDay:
    from munirules.calendar import ClosingDay

    _known(path, row, _CLOSING)
    for key in ("month", "day"):
        if key not in row:
            raise EnactmentError(f"{path}: [[closing_days]] without {key!r}")
    try:
        return ClosingDay(**row)
    except MunirulesError as error:
        raise EnactmentError(f"{path}: closing_days: {error}") from None


def _known(path: Path, raw: Any, known: Mapping[str, type]) -> None:
    if not isinstance(raw, Mapping):
        raise EnactmentError(f"{path}: {raw!r} is no table; write one with {', '.join(known)}")
    for key, value in raw.items():
        if key not in known:
            raise EnactmentError(f"{path}: unknown key {key!r}{did_you_mean(key, known)} (known: {', '.join(known)})")
        if type(value) is not known[key] or value == date.max:
            raise EnactmentError(f"{path}: {key} = {value!r} is not allowed; write {_NOUNS[known[key]]}")


def _jurisdiction(path: Path, raw: Mapping[str, Any]) -> Jurisdiction | None:
    if "name" not in raw:
        return None
    try:
        return Jurisdiction(
            code=normalise_code(raw["code"]),
            name=raw["name"],
            kana=raw.get("kana", ""),
            romaji=raw.get("romaji", ""),
            kind=JurisdictionKind(raw["kind"]),
        )
    except KeyError as error:
        raise EnactmentError(
            f"{path}: {error.args[0]!r} is missing beside name; write code, name, kana, romaji, kind"
        ) from None
    except (ValueError, JurisdictionCodeError) as error:
        raise EnactmentError(f"{path}: {error}; kinds: {', '.join(JurisdictionKind)}") from None


def _delegation(path: Path, row: Mapping[str, Any]) -> Delegation:
    _known(path, row, _DELEGATES)
    for key in ("area", "to"):
        if key not in row:
            raise EnactmentError(f"{path}: [[delegates]] without {key!r}")
    if row["area"] not in AREAS:
        raise EnactmentError(
            f"{path}: area {row['area']!r} is not known{did_you_mean(row['area'], AREAS)} ({', '.join(AREAS)})"
        )
    try:
        return Delegation(**{**row, "to": normalise_code(row["to"])})
    except JurisdictionCodeError as error:
        raise EnactmentError(f"{path}: [[delegates]] to = {error}") from None
