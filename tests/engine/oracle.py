"""What counts on a day, said once more in the plainest way: look at every version, on every day, for every field.

It shares nothing with the engine but the meaning. Days are numbers from `DAY_0`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import attrs

DAY_0 = date(2020, 1, 1)
DAYS = 40

Silent = Literal["silent"]
Ended = Literal["ended"]


def day(number: int) -> date:
    return DAY_0 + timedelta(days=number)


@attrs.frozen(kw_only=True)
class Version:
    """A version of an enactment; `unset` fields stand in `values` as None."""

    since: int
    promulgated: int | None = None
    until: int | None = None
    continuing: int | None = None
    temporary: bool = False
    repeal: bool = False
    values: dict[str, int | None] = attrs.field(factory=dict)

    @property
    def key(self) -> tuple[int, int]:
        return self.since, self.since if self.promulgated is None else self.promulgated

    def begins(self, started: int | None) -> int:
        if started is not None and self.continuing is not None and started < self.since:
            return self.continuing
        return self.since

    def toml(self) -> str:
        """The version as an author writes it."""
        lines = ["[[version]]", f"since = {day(self.since)}"]
        for name, value in (
            ("promulgated", self.promulgated),
            ("until", self.until),
            ("continuing_since", self.continuing),
        ):
            if value is not None:
                lines.append(f"{name} = {day(value)}")
        lines += [f"{flag} = true" for flag in ("temporary", "repeal") if getattr(self, flag)]
        if self.values:
            lines.append("[version.Sums]")
            lines += [f"{field} = {value}" for field, value in self.values.items() if value is not None]
            lines.append(f"unset = {[field for field, value in self.values.items() if value is None]}")
        return "\n".join(lines) + "\n"


@attrs.frozen(kw_only=True)
class Link:
    """A jurisdiction with the versions of its one enactment, and the days on which it belongs to the chain."""

    nation: bool = False
    versions: Sequence[Version] = ()
    since: int | None = None
    until: int | None = None


def says(link: Link, field: str, on: int, known: int | None, started: int | None) -> int | Silent | Ended:
    """What a jurisdiction says of a field on a day."""
    last: Version | None = None
    spoke = False
    for version in sorted(link.versions, key=lambda own: own.key):
        if known is not None and version.key[1] > known:
            continue
        mentions = field in version.values or (version.repeal and spoke)
        spoke = spoke or field in version.values
        over = version.until is not None and version.until < on
        if mentions and version.begins(started) <= on and not (version.temporary and over):
            last = version
    if last is None:
        return "silent"
    if last.repeal:
        return "ended"
    value = last.values[field]
    if value is None:
        return "silent"
    return "ended" if last.until is not None and last.until < on else value


def counts(
    chain: Sequence[Link], on: int, known: int | None = None, started: int | None = None
) -> dict[str, int] | None:
    """The fields of `Sums` on a day, or None where it is not in force. `guide` is a reference, `extra` has a default."""
    found = {}
    for field in ("base", "guide", "extra"):
        value: int | Silent | Ended = "silent"
        for link in chain:
            outside = (link.since is not None and on < link.since) or (link.until is not None and link.until < on)
            if value != "silent" or outside or (link.nation and field == "guide"):
                continue
            value = says(link, field, on, known, started)
        if value == "silent" and field == "extra":
            value = -1
        if not isinstance(value, int):
            return None
        found[field] = value
    return found
