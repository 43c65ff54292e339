"""The checks of a plugin. They import and run its code, so `munirules.checking.child` makes them in its own process."""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from munirules.checking.cases import CaseError, CaseResult, Verdict, load_cases, run_case, score
from munirules.checking.data import date_findings, doubts, sourced
from munirules.checking.declared import load_properties
from munirules.checking.folders import case_files, code_files, enactment_files
from munirules.checking.report import Check, Finding, Report, many
from munirules.checking.second_reading import second_reading
from munirules.checking.snapshot import Snapshot
from munirules.engine.area import RulebookError
from munirules.engine.enactment import Enactment, load
from munirules.engine.jurisdiction import NATION, Jurisdiction
from munirules.errors import MunirulesError
from munirules.plugins.areas import AREAS
from munirules.plugins.folder import PROFILE, FolderPlugin
from munirules.plugins.jurisdictions import by_code
from munirules.plugins.rulebook import Chain, Rulebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from munirules.checking.target import Target
    from munirules.engine.decision import Decision

SLOW_SECONDS = 0.25
"""An import that takes longer is a warning: it is paid whenever the jurisdiction is opened."""

STEPS = ("schema", "sources", "imports", "wiring", "dates", "cases", "properties", "columns", "unverified")

EXAMPLES = 40
"""Questions that the properties of each decision are tried on."""

_LOOSE = "munirules_checked"
"""Package that the modules of a loose folder are imported under."""


class _Checked(Chain):
    """The chain of a jurisdiction with the checked folder in place of whatever is installed for it."""

    def _register(self, jurisdiction: Jurisdiction, *, own: bool = False) -> None:
        if jurisdiction.code != self.jurisdiction.code:
            super()._register(jurisdiction, own=own)


class Inspection:
    """Checks one plugin.

    Args:
        target: the plugin.
        examples: questions that the properties of each decision are tried on; 0 for none.
    """

    def __init__(self, target: Target, examples: int = EXAMPLES) -> None:
        self.target = target
        self.examples = examples
        self.folder = Path(target.folder) if target.folder else None
        self.module = target.module
        self.plugin: FolderPlugin | None = None
        self.enactments: list[Enactment] = []
        self.rulebook: Rulebook | None = None
        self.broken = ""
        if target.root and target.root not in sys.path:
            sys.path.insert(0, target.root)
        if self.folder is not None and not self.module:
            package = ModuleType(_LOOSE)
            package.__path__ = [str(self.folder)]
            sys.modules[_LOOSE] = package
            self.module = _LOOSE

    def report(self) -> Report:
        """Make every check, in an order in which each may rest on those before."""
        made: list[Check] = []
        for name in STEPS:
            step: Callable[[], Check | tuple[Check, ...]] = getattr(self, name)
            try:
                found = step()
            except Exception as error:  # noqa: BLE001 — a plugin may have broken anything; the other checks go on
                failed = Finding("error", f"the check could not be made: {type(error).__name__}: {error}")
                found = Check(name, "the check can be made", "", (failed,))
                self.broken = self.broken or f"{name} could not be checked"
            made.extend(found if isinstance(found, tuple) else (found,))
        name = self.jurisdiction.full_name if self.jurisdiction is not None else ""
        label = self.target.label or self.target.place
        return Report(
            code=self.target.code, jurisdiction=name, plugin=label, place=self.target.place, checks=tuple(made)
        )

    @property
    def jurisdiction(self) -> Jurisdiction | None:
        """The body that the plugin speaks for."""
        described = self.plugin.profile.jurisdiction if self.plugin is not None else None
        if described is not None:
            return described
        try:
            return by_code(self.target.code)
        except MunirulesError:
            return None

    def schema(self) -> Check:
        """Every file is known by name and reads without a fault."""
        title = "every file is known by name and reads without a fault"
        if self.folder is None:
            return Check("schema", title, skipped="the plugin is a module; its hooks are asked under wiring")
        faults: list[str] = []
        label = self.target.label
        try:
            self.plugin = FolderPlugin(self.target.code, self.folder, module=self.module, label=label)
        except MunirulesError as error:
            faults.extend(str(error).splitlines())
        files = enactment_files(self.folder)
        for path in files:
            try:
                enactment = load(path, plugin=label)
            except MunirulesError as error:
                faults.extend(str(error).splitlines())
                continue
            self.enactments.append(enactment)
            if enactment.jurisdiction != self.target.code:
                faults.append(
                    f"{path}: jurisdiction {enactment.jurisdiction!r}, but the plugin's is {self.target.code!r}"
                )
        if not files and not code_files(self.folder) and not (self.folder / PROFILE).is_file():
            faults.append(f"{self.folder}: nothing in it; files of enactments are AREA.toml ({', '.join(AREAS)})")
        if self.plugin is not None and self.jurisdiction is None:
            faults.append(
                f"{self.target.code}: no jurisdiction of the national table; describe it in jurisdiction.toml"
            )
        if faults:
            self.broken = "its files have faults"
        versions = sum(len(enactment.versions) for enactment in self.enactments)
        return Check("schema", title, f"{many(len(files), 'file')}, {many(versions, 'version')}", _errors(faults))

    def sources(self) -> Check:
        """Every enactment, version and case says where it was read; what was read twice is the same both times."""
        if self.folder is None:
            return Check("sources", "every figure has its source", skipped="the plugin is a module")
        summary, findings = sourced(self.enactments, self._cases()[0])
        read = second_reading(self.folder, self.enactments)
        if read.figures:
            summary += f", {many(len(read.figures), 'figure')} read twice"
        return Check("sources", "every figure has its source", summary, (*findings, *_errors(list(read.faults))))

    def imports(self) -> tuple[Check, Check]:
        """Import the plugin's modules, each timed, and compare what the process shares before and after."""
        title, shared = "its modules import, and fast", "importing changes nothing that others share"
        names = self._module_names()
        if not names:
            return Check("imports", title, "data only"), Check("globals", shared, "data only")
        national = list(_national(self.plugin.areas if self.plugin is not None else list(AREAS)))
        before = Snapshot.take(national)
        findings: list[Finding] = []
        total = 0.0
        for name in names:
            started = time.perf_counter()
            try:
                importlib.import_module(name)
            except (Exception, SystemExit) as error:  # noqa: BLE001 — whatever a plugin raises is a finding
                findings.append(Finding("error", f"{name} cannot be imported: {type(error).__name__}: {error}"))
                self.broken = self.broken or "its modules cannot be imported"
            spent = time.perf_counter() - started
            total += spent
            if spent > SLOW_SECONDS:
                findings.append(
                    Finding("warning", f"{name} takes {spent:.2f} s to import; wanted: at most {SLOW_SECONDS} s")
                )
        after = Snapshot.take(national)
        brought = before.imported(after, self.module)
        notes = (Finding("note", f"also imports: {', '.join(brought)}"),) if brought else ()
        imports = Check("imports", title, f"{many(len(names), 'module')}, {total * 1000:.0f} ms", (*findings, *notes))
        changes = before.changes(after)
        return imports, Check("globals", shared, "nothing changed" if not changes else "", _errors(changes))

    def _module_names(self) -> list[str]:
        if self.folder is None:
            return [self.module]
        inner = [path.relative_to(self.folder).with_suffix("") for path in code_files(self.folder)]
        return [".".join((self.module, *path.parts)) for path in inner]

    def wiring(self) -> Check:
        """A rulebook with the plugin can be made, and every area that it speaks about is sound."""
        title = "its rules and figures fit the decisions that they are for"
        if self.broken:
            return Check("wiring", title, skipped=self.broken)
        faults: list[str] = []
        opened: list[str] = []
        try:
            self.rulebook = self._open()
            for area in self._areas():
                try:
                    self.rulebook.area(area)
                    opened.append(area)
                except RulebookError as error:
                    faults.extend(error.faults)
        except MunirulesError as error:
            faults.extend(str(error).splitlines())
        if faults:
            self.broken = "it cannot be wired"
            self.rulebook = None
        return Check("wiring", title, f"areas: {', '.join(opened) or 'none'}", _errors(faults))

    def _areas(self) -> list[str]:
        """The areas that the plugin speaks about: those of its files, or of its hooks."""
        if self.plugin is not None:
            return self.plugin.areas
        module = sys.modules.get(self.module)
        return [area for area in AREAS if hasattr(module, f"munirules_{area}")]

    def _open(self) -> Rulebook:
        if self.plugin is None:
            return Rulebook.of(self.target.code)
        assert self.jurisdiction is not None
        return Rulebook(_Checked(self.jurisdiction, self.plugin))

    def dates(self) -> Check:
        """No day is left out between the versions of a field, and none is claimed twice."""
        title = "no gap and no overlap between versions"
        if self.rulebook is None or self.plugin is None:
            return Check("dates", title, skipped=self.broken or "the plugin is a module")
        return Check("dates", title, *date_findings(self.rulebook, self.plugin.areas, self.target.code))

    def cases(self) -> Check:
        """Its printed examples come out as printed."""
        title = "its printed examples come out as printed"
        if self.folder is None:
            return Check("cases", title, skipped="the plugin is a module")
        if self.rulebook is None:
            return Check("cases", title, skipped=self.broken)
        cases, faults = self._cases()
        if faults:
            return Check("cases", title, "cannot be read", _errors(faults))
        results = [run_case(case, self.rulebook) for case in cases]
        if not results:
            none = Finding("warning", f"no cases; write printed examples (計算例) into {self.folder / 'cases.toml'}")
            return Check("cases", title, "none", (none,))
        return Check("cases", title, score(results), tuple(_case_findings(results)))

    def _cases(self) -> tuple[list[Any], list[str]]:
        if self.folder is None or not case_files(self.folder):
            return [], []
        try:
            return list(load_cases(self.folder)), []
        except CaseError as error:
            return [], str(error).splitlines()

    def properties(self) -> Check:
        """What always holds of its decisions does so, on questions drawn from what its law makes matter."""
        title = "what always holds of its decisions does so"
        if self.rulebook is None or not self.examples:
            return Check("properties", title, skipped=self.broken or "no examples were asked for")
        faults: list[str] = []
        for local in load_properties(self.folder) if self.folder is not None else ():
            try:
                self.rulebook.decision(local.decision)
            except MunirulesError as error:
                faults.append(f"{local.where}: {error}")
        if faults:
            return Check("properties", title, "cannot be tried", _errors(faults))
        try:
            testing = importlib.import_module("munirules.testing.properties.plugin")
        except ModuleNotFoundError as error:
            return Check("properties", title, skipped=f"{error.name} is not installed: munirules[testing] has it")
        made = testing.examine_plugin(self.rulebook, self.target.code, examples=self.examples)
        summary = f"{many(len(made), 'decision')}, {many(sum(one.asked for one in made), 'question')}"
        told = [f"{one.decision}: {failure}" for one in made for failure in one.failures]
        return Check("properties", title, summary, _errors(told))

    def columns(self) -> Check:
        """Decisions with rules of its own can be compiled over columns; one that cannot runs in Python, which is slower."""
        title = "its rules can be compiled over columns"
        if self.rulebook is None:
            return Check("columns", title, skipped=self.broken)
        own = list(self._own_decisions())
        if not own:
            return Check("columns", title, "data only")
        try:
            kernel = importlib.import_module("munirules.tables.kernel.obstacles")
        except ImportError as error:
            return Check("columns", title, skipped=f"{error.name} is not installed: munirules[tables] has it")
        told = [f"{one.name} runs in Python: {why}" for one in own for why in kernel.obstacles(self.rulebook, one)]
        return Check("columns", title, many(len(own), "decision"), tuple(Finding("note", line) for line in told))

    def _own_decisions(self) -> Iterator[Decision[Any, Any]]:
        """Decisions that the plugin brings, or of which it replaces a rule."""
        assert self.rulebook is not None
        for area in self._areas():
            opened = self.rulebook.area(area)
            for decision in opened.decisions.values():
                modules = [rule.fn.__module__ for made in opened.replaced(decision) for rule in made]
                if any(name.startswith(self.module) for name in (decision.module, *modules)):
                    yield decision

    def unverified(self) -> Check:
        """What is marked as not verified."""
        findings = tuple(doubts(self.enactments))
        return Check("unverified", "nothing is marked as unverified", f"{len(findings) or 'none'}", findings)


def _errors(faults: list[str]) -> tuple[Finding, ...]:
    return tuple(Finding("error", fault) for fault in dict.fromkeys(faults))


def _case_findings(results: list[CaseResult]) -> Iterator[Finding]:
    for result in results:
        if not result.passed:
            yield Finding("error", str(result))
        elif result.verdict is Verdict.MISPRINT:
            yield Finding("note", str(result))
        if result.case.assumed:
            yield Finding("note", f"{result.case.where}: assumed: {'; '.join(result.case.assumed)}")


def _national(areas: list[str]) -> Iterator[Decision[Any, Any]]:
    """The nation's decisions of some areas, imported before the plugin so that its own time is its own."""
    rulebook = Rulebook(Chain(NATION))
    for area in areas:
        try:
            yield from rulebook.area(area).decisions.values()
        except MunirulesError:  # the nation has no such area, or its fault is told under wiring
            continue
