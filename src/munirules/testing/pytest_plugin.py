"""The pytest plugin: `pytest --munirules` tries the properties and cases of installed plugins; fixtures for their own tests.

Loaded by pytest itself (entry point `pytest11`). Nothing of the library is imported before it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr

    from munirules.checking.cases import Case
    from munirules.engine.decision import Decision
    from munirules.engine.outcome import Outcome
    from munirules.plugins.rulebook import Rulebook
    from munirules.testing.properties import Examination

MARKER = "munirules(place, on=None): whose rulebook the fixtures `rulebook` and `decide` are of, and the date of `on`"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the command line, and the two of the ini file that fixtures go by."""
    group = parser.getgroup("munirules", "rules of municipalities")
    group.addoption(
        "--munirules",
        nargs="?",
        const="",
        default=None,
        metavar="DECISION",
        help="try the properties of decisions and the printed cases, of all installed plugins, or of one decision "
        "(or area) alone",
    )
    group.addoption(
        "--munirules-in",
        action="append",
        default=[],
        metavar="CODE|NAME",
        help="of this jurisdiction only; may be given several times",
    )
    group.addoption(
        "--munirules-examples", type=int, default=40, metavar="N", help="questions for each decision (default: 40)"
    )
    group.addoption(
        "--munirules-kernel", action="store_true", help="decide the questions by the compiled engine of tables too"
    )
    group.addoption(
        "--munirules-seed", type=int, default=0, metavar="N", help="another seed draws other questions (default: 0)"
    )
    parser.addini("munirules_in", "code or name of the jurisdiction whose rulebook the fixtures are of", default="")
    parser.addini("munirules_on", "the date of the fixture `on`", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add an item for each decision and property, and one for each printed case."""
    wanted = config.getoption("--munirules")
    if wanted is None:
        return
    for place in config.getoption("--munirules-in") or list(_installed()):
        name = f"munirules {place}"
        whose = Jurisdiction.from_parent(session, name=name, nodeid=name, place=place)
        items.extend(whose.items(wanted, config))


def _installed() -> Iterator[str]:
    from munirules.engine.jurisdiction import NATION_CODE
    from munirules.plugins.discovery import installed

    yield from dict.fromkeys(plugin.code for plugin in installed() if plugin.code != NATION_CODE)


@cache
def open_rulebook(place: str) -> Rulebook:
    """The rulebook of a jurisdiction, opened once."""
    from munirules.plugins.rulebook import Rulebook

    return Rulebook.of(place)


class Jurisdiction(pytest.Collector):
    """One jurisdiction: parent of its decisions' properties and of its cases."""

    def __init__(self, *, place: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.place = place

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        """Its items are added as a whole, by `items`."""
        return []

    def items(self, wanted: str, config: pytest.Config) -> Iterator[pytest.Item]:
        """The items, of all decisions in which the jurisdiction has a say, or of the one wanted."""
        from munirules.checking.cases import load_cases
        from munirules.testing.properties.plugin import checks_of, decisions_of

        book = open_rulebook(self.place)
        code = book.jurisdiction.code
        for decision in decisions_of(book, code):
            if _named(decision.name, wanted):
                examination = Examined(book, decision, config)
                for name in (*(check.name for check in checks_of(book, decision)), *examination.further):
                    yield PropertyItem.from_parent(self, name=f"{decision.name}::{name}", examined=examination)
        for folder in book.chain.folders():
            for case in load_cases(folder):
                if _named(case.decision, wanted):
                    yield CaseItem.from_parent(self, name=f"{case.decision}::{case}", case=case)


def _named(decision: str, wanted: str) -> bool:
    return decision == wanted or decision.startswith(f"{wanted}." if wanted else "")


class Examined:
    """The properties of one decision, tried once for all the items that tell of them."""

    def __init__(self, book: Rulebook, decision: Decision[Any, Any], config: pytest.Config) -> None:
        self.book = book
        self.decision = decision
        self.examples: int = config.getoption("--munirules-examples")
        self.seed: int = config.getoption("--munirules-seed")
        self.engines = ("python", "kernel") if config.getoption("--munirules-kernel") else ("python",)
        self._found: list[Examination] = []

    @property
    def further(self) -> list[str]:
        """Names of what is tried beside the properties of single questions."""
        from munirules.testing.properties.columns import available

        return ["not_in_force", *(f"columns_{engine}" for engine in self.engines if available(engine))]

    @property
    def found(self) -> Examination:
        """What came out."""
        if not self._found:
            from munirules.testing.properties import examine
            from munirules.testing.properties.plugin import checks_of

            checks = checks_of(self.book, self.decision)
            found = examine(
                self.book, self.decision, checks, examples=self.examples, engines=self.engines, seed=self.seed
            )
            self._found.append(found)
        return self._found[0]


class PropertyItem(pytest.Item):
    """One property of one decision."""

    def __init__(self, *, examined: Examined, **rest: Any) -> None:
        super().__init__(**rest)
        self.examined = examined

    def runtest(self) -> None:
        """Fail where the property was broken."""
        wanted = self.name.rpartition("::")[2]
        for failure in self.examined.found.failures:
            if failure.check == wanted:
                raise AssertionError(f"{failure}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """The question that shows it; no traceback, since the fault is in the rules."""
        if isinstance(excinfo.value, AssertionError):
            return f"{self.examined.decision.name} in {self.examined.book.jurisdiction.full_name}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int | None, str]:
        """Where the decision is declared, and what is tried."""
        where, _, line = self.examined.decision.where.rpartition(":")
        return where, int(line) - 1, f"{self.parent and self.parent.name}: {self.name}"


class CaseItem(pytest.Item):
    """One printed case."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case

    def runtest(self) -> None:
        """Decide it, and compare with what was printed."""
        from munirules.checking.cases import run_case

        run_case(self.case).confirm()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """What differs, and how the answer came about."""
        return f"{excinfo.value}" if isinstance(excinfo.value, AssertionError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int | None, str]:
        """Where the case stands."""
        return self.case.file, self.case.line - 1, f"{self.parent and self.parent.name}: {self.name}"


def _marked(request: pytest.FixtureRequest, index: int, name: str) -> Any:
    """What the nearest marker `munirules` says, by position or name."""
    marker = request.node.get_closest_marker("munirules")
    if marker is None:
        return None
    return marker.kwargs.get(name, marker.args[index] if len(marker.args) > index else None)


@pytest.fixture
def rulebook(request: pytest.FixtureRequest) -> Rulebook:
    """The rulebook of a jurisdiction: that of the marker `munirules`, else the one of the ini file (`munirules_in`)."""
    place = _marked(request, 0, "place") or request.config.getini("munirules_in")
    if not place:
        pytest.fail(
            "no jurisdiction: mark the test with @pytest.mark.munirules('CODE'), or write munirules_in = CODE into the "
            "pytest section of pyproject.toml",
            pytrace=False,
        )
    return open_rulebook(place)


@pytest.fixture
def on(request: pytest.FixtureRequest) -> date:
    """The date of the decisions: that of the marker `munirules`, else the one of the ini file (`munirules_on`)."""
    day = _marked(request, 1, "on") or request.config.getini("munirules_on")
    if not day:
        pytest.fail(
            "no date: mark the test with @pytest.mark.munirules('CODE', on='2026-04-01'), or write munirules_on = DATE "
            "into the pytest section of pyproject.toml",
            pytrace=False,
        )
    if isinstance(day, date):
        return day
    from munirules.calendar import parse_date

    return parse_date(day)


@pytest.fixture
def decide(request: pytest.FixtureRequest, rulebook: Rulebook) -> Callable[..., Outcome[Any]]:
    """Decide a question: `decide("water.supply", {"meter_size": 13, …})`, or with objects as `Rulebook.decide` takes them.

    The date is `on=…`, else that of the fixture `on`. Facts stand beside a subject of plain data as
    `{"subject": {…}, "facts": {…}}`.
    """

    def ask(decision: Decision[Any, Any] | str, subject: Any, *facts: object, on: date | None = None) -> Outcome[Any]:
        day: date = on if on is not None else request.getfixturevalue("on")
        if not isinstance(subject, dict):
            return rulebook.decide(decision, subject, *facts, on=day)
        from munirules.engine.request import read_request

        read = read_request(rulebook, decision, subject)
        return rulebook.decide(decision, read.subject, *read.facts, *facts, on=read.on or day)

    return ask
