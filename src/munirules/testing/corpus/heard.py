"""A pytest plugin that writes down which questions the tests ask: what a recording may begin with.

``pytest -p munirules.testing.corpus.heard --heard FILE`` writes one line of JSON for each: the decision and the question
as plain data. Those of a test that gives a mere figment of a decision are of no use to anybody, and harmless.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from munirules.engine.decision import Decision
from munirules.engine.request import parse_json
from munirules.engine.rulebook import Rulebook
from munirules.errors import MunirulesError
from munirules.testing.corpus.lines import plain
from munirules.testing.question import Question, question_of

_heard: set[str] = set()
_patch = pytest.MonkeyPatch()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the file."""
    parser.addoption("--heard", metavar="FILE", help="Write the questions that tests ask to a file.")


def pytest_configure(config: pytest.Config) -> None:
    """Listen, where a file is named."""
    if not config.getoption("--heard"):
        return
    decide = Rulebook.decide

    def listening(self: Rulebook, decision: Any, subject: Any, /, *facts: object, **named: Any) -> Any:
        _hear(self, decision, subject, facts, named.get("on"))
        return decide(self, decision, subject, *facts, **named)

    _patch.setattr(Rulebook, "decide", listening)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write what was heard, in order."""
    file = config.getoption("--heard")
    if file:
        _patch.undo()
        Path(file).write_text("".join(f"{line}\n" for line in sorted(_heard)), encoding="utf-8")


def _hear(rulebook: Rulebook, decision: Any, subject: Any, facts: tuple[object, ...], on: Any) -> None:
    """Write a question down; one that is none is asked to see it refused."""
    try:
        own = decision if isinstance(decision, Decision) else rulebook.decision(decision)
        request = Question(own, subject, facts, on).as_request()
        _heard.add(json.dumps({"decision": own.name, "request": request}, ensure_ascii=False, sort_keys=True))
    except (MunirulesError, AttributeError, TypeError, KeyError):
        return


def heard(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Questions that were written down, by decision."""
    found: dict[str, list[dict[str, Any]]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        data = parse_json(line, f"{file}:{number}")
        found.setdefault(data["decision"], []).append(plain(data["request"]))
    return found


def asked(
    rulebook: Rulebook, decision: Decision[Any, Any], requests: Iterable[Mapping[str, Any]]
) -> Iterator[Question]:
    """The questions among some that a rulebook can be asked."""
    for request in requests:
        try:
            yield question_of(rulebook, decision, request)
        except MunirulesError:
            continue
