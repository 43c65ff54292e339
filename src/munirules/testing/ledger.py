"""The ledger of known differences (既知の差異): what an old system is known to do otherwise, why, and until when.

A TOML file::

    decision = "water.supply"
    jurisdiction = "215066"

    [[known]]
    name = "農業用の旧料金"
    reason = "旧システムは令和5年4月の改定を農業施設用に反映していない。差額は精算する"
    article = "給水条例別表第1"
    expires = 2027-03-31
    quirk = "previous-version"        # the rows come out as the old system has them, with this quirk
    differs = "total"                 # the first field that differs
    difference = { from = 1 }         # rules less old system, in yen
    rows = 2947                       # how many are expected; or bounds: rows = [2900, 3000]
    yen = [-200000, 0]                # what they come to together, likewise
    [known.when]                      # fields of the question, as columns of tables name them
    use = "農業施設用"
    on = { from = 2023-04-01 }

An audit fails when a known difference grows, shrinks, vanishes or expires, and when there is a new one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs

from munirules.engine.lines import Lines
from munirules.errors import MunirulesError, did_you_mean
from munirules.testing.toml import value_of

_TOP: Final = ("decision", "jurisdiction", "known")
_KNOWN: Final = ("name", "reason", "article", "expires", "quirk", "differs", "difference", "rows", "yen", "when")
_RANGE: Final = ("from", "to")


class LedgerError(MunirulesError, ValueError):
    """A ledger that cannot be read; names file, line and key."""


@attrs.frozen
class Range:
    """Least and greatest value, both included; None for none."""

    low: Any = None
    high: Any = None

    def __contains__(self, value: Any) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:,}" if isinstance(self.low, int) else str(self.low)
        return f"{'' if self.low is None else self.low} – {'' if self.high is None else self.high}".strip()


@attrs.frozen(kw_only=True)
class Known:
    """One known difference.

    Attributes:
        name: what to call it.
        reason: why it is there.
        article: title and article of the law that the rules go by.
        expires: last day on which it is accepted; None for no end.
        quirk: name of the quirk that explains its rows; empty for none.
        differs: first field of the result that differs; empty for any.
        difference: rules less old system, in yen; None for any.
        rows: how many rows are expected; None for any number above none.
        yen: what they come to together; None for anything.
        when: field of the question to a value, several values, or a range.
        where: file and line.
    """

    name: str
    reason: str
    article: str = ""
    expires: date | None = None
    quirk: str = ""
    differs: str = ""
    difference: Range | None = None
    rows: Range | None = None
    yen: Range | None = None
    when: Mapping[str, Any] = attrs.field(factory=dict)
    where: str = ""

    def failures(self, rows: int, yen: float, today: date) -> Iterator[str]:
        """What of it is no longer as the ledger says.

        Args:
            rows: how many rows it has now.
            yen: what they come to together.
            today: the day on which that is asked.
        """
        told = f"{self.where}: {self.name}"
        if self.expires is not None and self.expires < today:
            yield f"{told}: expired on {self.expires}"
        if rows == 0:
            yield f"{told}: vanished; take it out of the ledger"
        elif self.rows is not None and rows not in self.rows:
            grew = self.rows.high is not None and rows > self.rows.high
            yield f"{told}: {'grew' if grew else 'shrank'} to {rows:,} rows; expected: {self.rows}"
        if rows and self.yen is not None and yen not in self.yen:
            yield f"{told}: comes to {yen:,.0f} yen; expected: {self.yen}"


@attrs.frozen(kw_only=True)
class Ledger:
    """A ledger: the decision and body that it is about, and the known differences."""

    decision: str
    jurisdiction: str
    known: tuple[Known, ...]


def read_ledger(path: Path) -> Ledger:
    """Read a ledger.

    Raises:
        LedgerError: naming all that is wrong with it, with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LedgerError(f"{path}: {error}") from None
    reader = _Reader(path, Lines(text))
    found = reader.ledger(data)
    if reader.faults:
        raise LedgerError("\n".join(reader.faults))
    return found


class _Reader:
    def __init__(self, path: Path, lines: Lines) -> None:
        self.path = path
        self.lines = lines
        self.faults: list[str] = []

    def fault(self, message: str, *at: str | int) -> None:
        self.faults.append(f"{self.path}:{self.lines.of(*at)}: {message}")

    def ledger(self, data: Mapping[str, Any]) -> Ledger:
        self.keys(data, _TOP)
        for key in ("decision", "jurisdiction"):
            if not isinstance(data.get(key), str):
                self.fault(f"{key} is missing; write {key} = a text")
        tables = data.get("known", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.fault("known differences are [[known]] tables", "known")
            tables = []
        known = tuple(self.known(table, index) for index, table in enumerate(tables))
        names = [own.name for own in known]
        for index, name in enumerate(names):
            if name in names[:index]:
                self.fault(f"{name!r} stands twice", "known", index)
        return Ledger(decision=str(data.get("decision")), jurisdiction=str(data.get("jurisdiction")), known=known)

    def known(self, table: Mapping[str, Any], index: int) -> Known:
        at: tuple[str | int, ...] = ("known", index)
        self.keys(table, _KNOWN, *at)
        for key in ("name", "reason"):
            if not isinstance(table.get(key), str) or not table[key].strip():
                self.fault(f"{key} is missing; a known difference says what it is and why it is accepted", *at)
        if not any(key in table for key in ("quirk", "differs", "difference", "when")):
            self.fault("says of no rows; write quirk, differs, difference or when", *at)
        expires = table.get("expires")
        if expires is not None and type(expires) is not date:
            self.fault(f"expires = {expires!r} is no date; write 2027-03-31", *at, "expires")
        when = table.get("when", {})
        if not isinstance(when, dict):
            self.fault("when is a table of field = value", *at, "when")
            when = {}
        return Known(
            name=str(table.get("name")),
            reason=str(table.get("reason")),
            article=str(table.get("article", "")),
            expires=expires,
            quirk=str(table.get("quirk", "")),
            differs=str(table.get("differs", "")),
            difference=self.range(table.get("difference"), *at, "difference"),
            rows=self.bounds(table.get("rows"), *at, "rows"),
            yen=self.bounds(table.get("yen"), *at, "yen"),
            when={name: self.wanted(value, *at, "when", name) for name, value in when.items()},
            where=f"{self.path}:{self.lines.of(*at)}",
        )

    def wanted(self, value: Any, *at: str | int) -> Any:
        return self.range(value, *at) if isinstance(value, dict) else value

    def range(self, value: Any, *at: str | int) -> Range | None:
        if value is None:
            return None
        if not isinstance(value, dict):
            return Range(value, value)
        self.keys(value, _RANGE, *at)
        return Range(value.get("from"), value.get("to"))

    def bounds(self, value: Any, *at: str | int) -> Range | None:
        if value is None:
            return None
        low, high = value if isinstance(value, list) and len(value) == 2 else (value, value)
        if type(low) is not int or type(high) is not int or low > high:
            self.fault(f"{value!r} is not allowed; write a whole number, or two: [least, greatest]", *at)
            return None
        return Range(low, high)

    def keys(self, table: Mapping[str, Any], known: Iterable[str], *at: str | int) -> None:
        names = tuple(known)
        for key in table:
            if key not in names:
                self.fault(f"unknown key {key!r}{did_you_mean(key, names)} (known: {', '.join(names)})", *at, key)


def written(ledger: Ledger) -> str:
    """A ledger as TOML."""
    lines = [f"decision = {_toml(ledger.decision)}", f"jurisdiction = {_toml(ledger.jurisdiction)}"]
    for own in ledger.known:
        lines += ["", "[[known]]", f"name = {_toml(own.name)}", f"reason = {_toml(own.reason)}"]
        for key in ("article", "expires", "quirk", "differs", "difference", "rows", "yen"):
            value = getattr(own, key)
            if value not in ("", None):
                lines.append(f"{key} = {_bounded(value) if key in ('rows', 'yen') else _toml(value)}")
        if own.when:
            lines.append("[known.when]")
            lines += [f"{_key(name)} = {_toml(value)}" for name, value in own.when.items()]
    return "\n".join([*lines, ""])


def _bounded(value: Range) -> str:
    return _toml(value.low) if value.low == value.high else f"[{value.low}, {value.high}]"


def _key(name: str) -> str:
    return name if name.replace("_", "").isalnum() and name.isascii() else _toml(name)


def _toml(value: Any) -> str:
    if isinstance(value, Range):
        ends = zip(_RANGE, (value.low, value.high), strict=True)
        return value_of({name: end for name, end in ends if end is not None})
    return value_of(list(value) if isinstance(value, tuple) else value)
