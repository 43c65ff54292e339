"""Checks of a plugin's data: sources, dates, and what is marked as unverified."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from munirules.checking.report import Finding, many
from munirules.engine.lines import Lines
from munirules.engine.provisions import Entry, NotInForce, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from munirules.checking.cases import Case
    from munirules.engine.enactment import Enactment
    from munirules.engine.rulebook import Rulebook

DAY = timedelta(days=1)
_SCHEMES = ("https://", "http://")
_PLACEHOLDERS = ("example.com", "example.org", "example.jp")


def sourced(enactments: Iterable[Enactment], cases: Iterable[Case]) -> tuple[str, tuple[Finding, ...]]:
    """Look at the addresses of enactments, versions and cases.

    Returns:
        A summary, and an error for every source that is no address, or still that of the template.
    """
    said: dict[str, str] = {}
    for enactment in enactments:
        said[f"{enactment.file}:{_lines(enactment).of('source')}"] = enactment.source
        said.update({enactment.where(v, "source"): v.source for v in enactment.versions if v.source})
    said.update({case.where: case.source for case in cases})
    findings = []
    for where, source in said.items():
        if not source.startswith(_SCHEMES):
            findings.append(Finding("error", f"{where}: source {source!r} is no address; write https://…"))
        elif any(holder in source for holder in _PLACEHOLDERS):
            findings.append(Finding("error", f"{where}: source {source!r} is still to be filled in"))
    return many(len(set(said.values())), "address", "addresses"), tuple(findings)


def _lines(enactment: Enactment) -> Lines:
    return Lines(Path(enactment.file).read_text(encoding="utf-8"))


def doubts(enactments: Iterable[Enactment]) -> Iterator[Finding]:
    """A warning for every version that says what of it could not be verified."""
    for enactment in enactments:
        for version in enactment.versions:
            if version.unverified:
                yield Finding("warning", f"{enactment.where(version, 'unverified')}: {version.unverified}")


def date_findings(rulebook: Rulebook, areas: Iterable[str], code: str) -> tuple[str, tuple[Finding, ...]]:
    """Look at every provision that the plugin speaks of, day of change by day of change.

    Returns:
        A summary, and errors for gaps between versions and for days that two versions claim; what begins late or ends
        for good is a warning.
    """
    findings: list[Finding] = []
    told = []
    for area in areas:
        names = {name for e in _own(rulebook, area, code) for v in e.versions for name in (*v.values, *v.unset)}
        for cls in _classes(rulebook, area):
            if cls.__name__ not in names:
                continue
            timeline = rulebook.timeline(cls, area, None)
            findings.extend(_overlaps(timeline, code))
            findings.extend(_gaps(timeline, code))
            spans = ", ".join(f"{first} to {last or ''}".strip() for first, last in timeline.covered())
            told.append(f"{cls.__name__} {spans or 'at no date'}")
    return "; ".join(told), tuple(dict.fromkeys(findings))


def _classes(rulebook: Rulebook, name: str) -> list[type]:
    """The provision classes of an area, in order of their names."""
    area = rulebook.area(name)
    decisions = area.decisions.values()
    found = {cls for cls in area.classes if rulebook.home(cls, name) == name}
    for decision in decisions:
        for day in area.regimes(decision, None).rule_days():
            found.update(need.cls for _, need in area.wiring(decision, day, None).needs("provision"))
    return sorted(found, key=lambda cls: cls.__name__)


def _own(rulebook: Rulebook, area: str, code: str) -> Iterator[Enactment]:
    for link in rulebook.area(area).chain:
        if link.jurisdiction.code == code:
            yield from link.enactments


def _overlaps(timeline: Timeline, code: str) -> Iterator[Finding]:
    """Days that one version claims by its `until` and a later one by its `since`."""
    for field, entries in _fields(timeline, code).items():
        for before, after in pairwise(entries):
            until = before.version.until
            correction = before.version.since == after.version.since
            if until is None or correction or after.version.temporary or after.version.since > until:
                continue
            yield Finding(
                "error",
                f"{_where(timeline, field, after)}: {timeline.owner.name}.{field} from {after.version.since}, but the "
                f"version at line {before.version.line} says until {until}: an overlap",
            )


def _fields(timeline: Timeline, code: str) -> dict[str, list[Entry]]:
    """What the plugin's jurisdiction says, by field, in order of its dates."""
    found: dict[str, list[Entry]] = {}
    for link, field, entry in timeline.said():
        if link.jurisdiction.code == code:
            found.setdefault(field, []).append(entry)
    return found


def _where(timeline: Timeline, field: str, entry: Entry) -> str:
    return entry.enactment.where(entry.version, timeline.owner.name, field)


def _gaps(timeline: Timeline, code: str) -> Iterator[Finding]:
    """Stretches of days, from the first that the plugin speaks of, on which the provision is not in force."""
    entries = [entry for own in _fields(timeline, code).values() for entry in own]
    first = min((entry.version.since for entry in entries), default=None)
    if first is None:
        return
    days = [date.fromordinal(start) for start in timeline.starts if date.fromordinal(start) >= first]
    reasons = [_reason(timeline, day) for day in days]
    for index, (day, reason) in enumerate(zip(days, reasons, strict=True)):
        if not reason or (index and reasons[index - 1] == reason):
            continue
        after = _next_covered(days, reasons, index)
        before = any(not earlier for earlier in reasons[:index])
        span = f"from {day}" + (f" to {after - DAY}" if after else " on")
        kind = "a gap" if before and after else "it begins later" if after else "it ends"
        last = max((entry for entry in entries if entry.version.since <= day), key=lambda e: e.version.since)
        message = f"{last.enactment.where(last.version)}: {timeline.owner.name} {span}: {kind}: {reason}"
        yield Finding("error" if before and after else "warning", message)


def _next_covered(days: Sequence[date], reasons: Sequence[str], index: int) -> date | None:
    """The next day on which it is in force, or the reason is another."""
    for day, reason in zip(days[index:], reasons[index:], strict=True):
        if not reason:
            return day
    return None


def _reason(timeline: Timeline, day: date) -> str:
    """Why a provision is not in force on a day; empty where it is."""
    try:
        timeline.at(day)
    except NotInForce as error:
        return str(error).partition(f" on {day}: ")[2].partition("; covered")[0].partition("; no date")[0]
    return ""
