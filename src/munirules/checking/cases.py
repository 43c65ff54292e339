"""Cases (計算例): what a municipality printed, as data beside its enactments, run against the rules.

`cases.toml` (or `cases/*.toml`) of a plugin's folder holds them::

    source = "https://…"            # for every case of the file that names none
    decision = "water.supply"

    [[case]]
    on = 2026-06-10
    printed = "一般用 20mm 38m³ … 6,754円"
    given = { meter_size = 20, volume = 38, months = 2 }
    expect = { total = 6754 }

Amounts are compared exactly. A case whose page contradicts its own rates is kept: `misprint` says why it is not obeyed,
and `recomputed` may say what the printed rates give. What the page does not say, and the case takes for
granted, stands in `assumed`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.checking.folders import FolderError, case_files, code_of, enactment_files
from munirules.engine.jurisdiction import normalise_code
from munirules.engine.lines import Lines
from munirules.engine.outcome import Outcome, Status
from munirules.engine.request import read_request
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import declaration
from munirules.models.read import read_field, write
from munirules.plugins.discovery import PluginError, plugin_of
from munirules.plugins.rulebook import Rulebook as PluginRulebook

if TYPE_CHECKING:
    from munirules.engine.rulebook import Rulebook


class CaseError(MunirulesError, ValueError):
    """A file of cases that cannot be read; names file, line and key."""


class Verdict(StrEnum):
    """How a case came out."""

    RIGHT = "right"
    WRONG = "wrong"
    MISPRINT = "misprint"
    FAILED = "failed"


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """One printed example.

    Attributes:
        decision: name of the decision.
        on: its date.
        source: address where it was printed.
        given: the subject as plain data, facts of parts inside them.
        facts: facts by class name; None for none, which a file writes as `false`.
        provisional: names of facts that are not final.
        expect: result field to what was printed; of a member decision, member id to such a table.
        refused: words of the reason where the law refuses.
        known: as it would have been answered on this date.
        printed: the text as printed.
        misprint: why what was printed is not obeyed; empty where it is.
        recomputed: with a misprint, what the printed rates give.
        assumed: what the source does not say.
        name: what to call it.
        note: anything else.
        jurisdiction: six-digit code of the body that printed it.
        folder: where its enactments stand; None for those of the installed plugin.
        file: where it stands.
        line: line of its header.
    """

    decision: str
    on: date
    source: str
    given: Mapping[str, Any]
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    provisional: tuple[str, ...] = ()
    expect: Mapping[str, Any] = attrs.field(factory=dict)
    refused: str = ""
    known: date | None = None
    printed: str = ""
    misprint: str = ""
    recomputed: Mapping[str, Any] = attrs.field(factory=dict)
    assumed: tuple[str, ...] = ()
    name: str = ""
    note: str = ""
    jurisdiction: str = ""
    folder: Path | None = None
    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"

    def __str__(self) -> str:
        return self.name or f"{self.decision} {self.on} line {self.line}"


@attrs.frozen(kw_only=True, eq=False)
class CaseResult:
    """What came out of a case.

    Attributes:
        case: the case.
        verdict: right, wrong, a misprint that is rightly not obeyed, or failed (it could not be decided).
        differences: what differs from what was printed, one a line.
        outcome: the outcome, where it came so far.
    """

    case: Case
    verdict: Verdict
    differences: tuple[str, ...] = ()
    outcome: Outcome[Any] | None = None

    @property
    def passed(self) -> bool:
        """Whether the case is right, or a misprint that is rightly not obeyed."""
        return self.verdict in (Verdict.RIGHT, Verdict.MISPRINT)

    def confirm(self) -> None:
        """Do nothing where the case passed; for tests.

        Raises:
            AssertionError: telling every difference, and how the answer came about.
        """
        if not self.passed:
            steps = f"\n\n{self.outcome.explain()}" if self.outcome is not None and self.outcome.decided else ""
            raise AssertionError(f"{self}{steps}")

    def __str__(self) -> str:
        case = self.case
        told = "; ".join(self.differences)
        why = f" ({case.misprint})" if self.verdict is Verdict.MISPRINT else ""
        printed = f"\n    printed: {case.printed}" if case.printed and not self.passed else ""
        return f"{case.where}: {case}: {self.verdict}{why}{told and ': ' + told}{printed}"


_TYPES: Final[dict[str, tuple[tuple[type, ...], str]]] = {
    "decision": ((str,), "a text in quotes"),
    "source": ((str,), "a text in quotes"),
    "jurisdiction": ((str,), "a code in quotes"),
    "on": ((date, str), "a date such as 2026-04-01"),
    "known": ((date, str), "a date such as 2026-04-01"),
    "given": ((dict,), "a table { field = value }"),
    "facts": ((dict,), "a table { NAME = { field = value } }"),
    "expect": ((dict,), "a table { field = value }"),
    "recomputed": ((dict,), "a table { field = value }"),
    "provisional": ((list,), "a list of names"),
    "assumed": ((list,), "a list of texts"),
    "refused": ((str,), "a text in quotes"),
    "printed": ((str,), "a text in quotes"),
    "misprint": ((str,), "a text in quotes"),
    "name": ((str,), "a text in quotes"),
    "note": ((str,), "a text in quotes"),
}
_FILE_KEYS: Final = ("decision", "source", "jurisdiction", "on", "assumed")
_REQUIRED: Final = ("decision", "source", "on", "given")


def load_cases(folder: str | Path) -> tuple[Case, ...]:
    """Read the cases of a plugin's folder, or of one file.

    Args:
        folder: a folder with `cases.toml` or `cases/*.toml`, or such a file.

    Raises:
        CaseError: listing every fault with file, line and key.
    """
    path = Path(folder)
    if not path.exists():
        raise CaseError(f"{path}: no such folder or file")
    faults: list[str] = []
    found: list[Case] = []
    for file in case_files(path) if path.is_dir() else [path]:
        found.extend(_File(file, path if path.is_dir() else None, faults).cases())
    if faults:
        raise CaseError("\n".join(faults))
    return tuple(found)


class _File:
    """One file of cases."""

    def __init__(self, file: Path, folder: Path | None, faults: list[str]) -> None:
        self.file = file
        self.folder = folder if folder is not None and enactment_files(folder) else None
        self.faults = faults
        self.lines = Lines("")

    def fault(self, message: str, *path: str | int) -> None:
        self.faults.append(f"{self.file}:{self.lines.of(*path)}: {message}")

    def cases(self) -> list[Case]:
        try:
            text = self.file.read_text(encoding="utf-8")
            raw = tomllib.loads(text, parse_float=Decimal)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self.faults.append(f"{self.file}: cannot be read: {error}")
            return []
        self.lines = Lines(text)
        tables = raw.pop("case", [])
        known = (*_FILE_KEYS, "case")
        shared = {key: value for key, value in raw.items() if self._typed(key, value, known, key)}
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.fault("cases are [[case]] tables", "case")
            return []
        found = [self._case(index, table, shared) for index, table in enumerate(tables)]
        return [case for case in found if case is not None]

    def _typed(self, key: str, value: object, known: Collection[str], *path: str | int) -> bool:
        if key not in known:
            self.fault(f"unknown key {key!r}{did_you_mean(key, known)} (known: {', '.join(known)})", *path)
            return False
        kind, noun = _TYPES[key]
        right = type(value) in kind and value != ""
        if key in ("provisional", "assumed"):
            right = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not right:
            self.fault(f"{key} = {value!r} is not allowed; write {noun}", *path)
        return right

    def _case(self, index: int, table: Mapping[str, Any], shared: Mapping[str, Any]) -> Case | None:
        before = len(self.faults)
        own = {key: value for key, value in table.items() if self._typed(key, value, _TYPES, "case", index, key)}
        values = {**shared, **own}
        values["assumed"] = (*shared.get("assumed", ()), *own.get("assumed", ()))
        values["provisional"] = tuple(own.get("provisional", ()))
        values["facts"] = _given_as_none(own.get("facts", {}))
        values["given"] = _nones_within(own.get("given", {}))
        for key in _REQUIRED:
            if key not in values and key not in table:
                self.fault(
                    f"a case without {key!r}; it has {', '.join(_REQUIRED)} and expect or refused", "case", index
                )
        if ("expect" in table) == ("refused" in table):
            self.fault("a case has either `expect` or `refused`", "case", index)
        if "recomputed" in table and "misprint" not in table:
            self.fault(
                "`recomputed` without `misprint`, the reason why the printed result is not obeyed", "case", index
            )
        for key in ("on", "known"):
            if isinstance(values.get(key), str):
                values[key] = self._day(values[key], index, key)
        values["jurisdiction"] = self._code(values.get("jurisdiction", ""), index)
        if len(self.faults) > before:
            return None
        return Case(**values, folder=self.folder, file=str(self.file), line=self.lines.of("case", index))

    def _day(self, text: str, index: int, key: str) -> date | None:
        from munirules.calendar import parse_date

        try:
            return parse_date(text)
        except MunirulesError as error:
            self.fault(f"{key}: {error}", "case", index, key)
            return None

    def _code(self, text: str, index: int) -> str:
        try:
            if text:
                return normalise_code(text)
            return code_of(self.folder) if self.folder is not None else ""
        except FolderError:
            return ""  # told by who opens the folder
        except MunirulesError as error:
            self.fault(f"jurisdiction: {error}", "case", index, "jurisdiction")
            return ""


def _given_as_none(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts in which `false` stands for a fact that there is none of, since TOML has no null."""
    return {name: None if fact is False else fact for name, fact in facts.items()}


def _nones_within(given: Any) -> Any:
    """The same for the facts that stand inside the parts of a subject."""
    if isinstance(given, list):
        return [_nones_within(part) for part in given]
    if not isinstance(given, Mapping):
        return given
    return {key: _given_as_none(own) if key == "facts" else _nones_within(own) for key, own in given.items()}


def run_case(case: Case, rulebook: Rulebook | None = None) -> CaseResult:
    """Decide a case and compare.

    Args:
        case: the case.
        rulebook: for whom; that of the case's own folder or plugin where it is None.
    """
    try:
        book = rulebook if rulebook is not None else _rulebook(case.jurisdiction, case.folder)
        data = {"subject": case.given, "facts": case.facts, "provisional": list(case.provisional)}
        request = read_request(book, case.decision, data)
        outcome = book.decide(case.decision, request.subject, *request.facts, on=case.on, known=case.known)
        return judge(case, outcome)
    except MunirulesError as error:
        return CaseResult(case=case, verdict=Verdict.FAILED, differences=(str(error),))


def judge(case: Case, outcome: Outcome[Any]) -> CaseResult:
    """Compare an outcome with what was printed.

    Raises:
        CaseError: for an expected field or member that the result does not have.
    """
    differences = _compare(case.expect, case.refused, outcome)
    if case.misprint:
        return _misprinted(case, outcome, differences)
    verdict = Verdict.WRONG if differences else Verdict.RIGHT
    return CaseResult(case=case, verdict=verdict, differences=tuple(differences), outcome=outcome)


@lru_cache(maxsize=32)
def _rulebook(code: str, folder: Path | None) -> PluginRulebook:
    """The rulebook of a case: with the folder's data, unless an installed plugin is that folder."""
    if not code:
        raise CaseError("the case does not say whose it is; write jurisdiction = 'CODE', or give a rulebook")
    if folder is None:
        return PluginRulebook.of(code)
    try:
        plugin = plugin_of(code)
        own = plugin is not None and plugin.is_folder and plugin.folder().samefile(folder)
    except PluginError:
        own = False
    return PluginRulebook.of(code) if own else PluginRulebook.of(code, enactments=folder)


def _misprinted(case: Case, outcome: Outcome[Any], differences: list[str]) -> CaseResult:
    """A misprint is right to differ; one that does not, or differs otherwise than recomputed, is wrong."""
    wrong = ["is marked as a misprint, but comes out as printed"] if not differences else []
    if case.recomputed:
        wrong.extend(_compare(case.recomputed, "", outcome))
    verdict = Verdict.WRONG if wrong else Verdict.MISPRINT
    return CaseResult(case=case, verdict=verdict, differences=tuple(wrong or differences), outcome=outcome)


def _compare(expect: Mapping[str, Any], refused: str, outcome: Outcome[Any]) -> list[str]:
    """What of an outcome differs from what was printed.

    Raises:
        CaseError: for an expected field or member that the result does not have.
    """
    if refused:
        if outcome.status != Status.REFUSED:
            return [f"is {outcome.status}, not refused"]
        return [] if refused in outcome.reason else [f"is refused because {outcome.reason!r}, not {refused!r}"]
    if not outcome.decided:
        return [f"is {outcome.status}: {outcome.reason}"]
    if not outcome.members:
        return _fields(expect, outcome.result, "")
    found = []
    for member, fields in expect.items():
        if not isinstance(fields, Mapping):
            raise CaseError(f"expect.{member}: the result is by member; write expect.ID = {{ field = value }}")
        found.extend(_fields(fields, outcome.of(member), f"{member}."))
    return found


def _fields(expect: Mapping[str, Any], answer: Any, prefix: str) -> list[str]:
    owner = declaration(type(answer))
    found = []
    for name, raw in expect.items():
        if name not in owner.types:
            hint = f"{did_you_mean(name, owner.types)} (fields: {', '.join(owner.types)})"
            raise CaseError(f"expect.{prefix}{name}: {owner.name} has no such field{hint}")
        value = getattr(answer, name)
        problems: list[str] = []
        wanted = read_field(owner, name, raw, f"expect.{prefix}{name}", problems)
        plain = write(value, owner.specs[name])
        same = raw == plain if isinstance(raw, (list, dict)) else not problems and wanted == value
        if not same:
            found.append(f"{prefix}{name} is {plain}, printed {_shown(raw)}" + "".join(f" ({p})" for p in problems))
    return found


def _shown(raw: object) -> str:
    return f"{raw}" if isinstance(raw, (int, Decimal, str, date)) else repr(raw)


def score(results: Iterable[CaseResult]) -> str:
    """Say how many cases came out right: `11 of 12 right, 1 misprint`."""
    verdicts = [result.verdict for result in results]
    others = [verdict for verdict in (Verdict.MISPRINT, Verdict.WRONG, Verdict.FAILED) if verdict in verdicts]
    right = f"{verdicts.count(Verdict.RIGHT)} of {len(verdicts)} right"
    return ", ".join([right, *(f"{verdicts.count(verdict)} {verdict}" for verdict in others)])
