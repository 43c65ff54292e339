"""What a check found: one `Report` a plugin, with its checks and their findings, as text and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Level: TypeAlias = Literal["error", "warning", "note"]
State: TypeAlias = Literal["passed", "warned", "failed", "skipped"]
MARKS: Mapping[str, str] = {"passed": "ok", "warned": "warn", "failed": "FAIL", "skipped": "-"}


@attrs.frozen
class Finding:
    """One thing that a check found: an `error` fails the plugin, a `warning` does not, a `note` is for reading."""

    level: Level
    message: str


@attrs.frozen
class Check:
    """One check.

    Attributes:
        name: `schema`, `sources`, `imports`, `globals`, `wiring`, `dates`, `cases`, `properties`,
            `columns` or `unverified`.
        title: what is checked.
        summary: what came out, in a few words.
        findings: what was found.
        skipped: why it was not made; empty where it was.
    """

    name: str
    title: str
    summary: str = ""
    findings: tuple[Finding, ...] = ()
    skipped: str = ""

    @property
    def state(self) -> State:
        """How the check came out."""
        if self.skipped:
            return "skipped"
        levels = {finding.level for finding in self.findings}
        return "failed" if "error" in levels else "warned" if "warning" in levels else "passed"


@attrs.frozen(kw_only=True)
class Report:
    """What checking one plugin found.

    Attributes:
        code: six-digit code of its jurisdiction.
        jurisdiction: the name.
        plugin: distribution and version, or the folder.
        place: its folder or module.
        checks: the checks, in the order in which they were made.
    """

    code: str
    jurisdiction: str
    plugin: str
    place: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.state != "failed" for check in self.checks)

    def count(self, level: Level) -> int:
        """How many findings of a level there are."""
        return sum(finding.level == level for check in self.checks for finding in check.findings)

    def lines(self) -> Iterator[str]:
        """The report as text."""
        yield f"{self.jurisdiction or '?'} ({self.code or '?'}): {self.plugin}"
        if self.place not in self.plugin:
            yield f"  {self.place}"
        for check in self.checks:
            told = f"not checked: {check.skipped}" if check.skipped else check.summary
            yield f"  {MARKS[check.state]:<5} {check.name:<11} {told or check.title}"
            for finding in check.findings:
                first, *more = finding.message.replace(f"{self.place}/", "").splitlines() or [""]
                yield f"          {finding.level}: {first}"
                yield from (f"            {line}" for line in more)
        told = f"{many(self.count('error'), 'error')}, {many(self.count('warning'), 'warning')}"
        yield f"{'passed' if self.passed else 'failed'}: {told}"

    def data(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "code": self.code,
            "jurisdiction": self.jurisdiction,
            "plugin": self.plugin,
            "place": self.place,
            "passed": self.passed,
            "checks": [{**attrs.asdict(check), "state": check.state} for check in self.checks],
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Report:
        """Read what `data` wrote."""
        checks = tuple(
            Check(
                name=raw["name"],
                title=raw["title"],
                summary=raw["summary"],
                findings=tuple(Finding(one["level"], one["message"]) for one in raw["findings"]),
                skipped=raw["skipped"],
            )
            for raw in data["checks"]
        )
        return cls(
            code=data["code"],
            jurisdiction=data["jurisdiction"],
            plugin=data["plugin"],
            place=data["place"],
            checks=checks,
        )


def many(number: int, noun: str, plural: str = "") -> str:
    """Count things in words: `1 file`, `2 files`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
