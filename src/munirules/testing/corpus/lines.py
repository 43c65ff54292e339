"""Lines of a corpus: a question as `munirules decide` reads it, for whom, and the whole answer; one line of JSON each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import attrs

from munirules.checking.cases import Case, load_cases
from munirules.checking.folders import case_files
from munirules.engine.request import parse_json
from munirules.engine.rulebook import Rulebook
from munirules.errors import MunirulesError
from munirules.models.read import DataError, read_day
from munirules.plugins.discovery import plugin_of
from munirules.plugins.rulebook import Rulebook as PluginRulebook
from munirules.testing.question import FAILED, Answer, Question, answer_of, question_of

DECIDED: Final = "decided"
_KEYS: Final = ("in", "enactments", "decision", "request", "known", "answer")
_REQUIRED: Final = ("in", "decision", "request", "answer")


class CorpusError(MunirulesError, ValueError):
    """A corpus that cannot be read; names file and line."""


@attrs.frozen(kw_only=True)
class Line:
    """One case of a corpus.

    Attributes:
        code: six-digit code of the jurisdiction.
        decision: name of the decision.
        request: the question as plain data, its date in it.
        answer: the whole answer as plain data (`answer_data`).
        known: as it would have been answered on this date; empty for all that is known.
        enactments: a folder that is added for the jurisdiction, relative to the file; empty for none.
        file: where the line was read.
        number: its number there.
    """

    code: str
    decision: str
    request: Mapping[str, Any]
    answer: Mapping[str, Any]
    known: str = ""
    enactments: str = ""
    file: str = attrs.field(default="", eq=False)
    number: int = attrs.field(default=0, eq=False)

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What lines are sorted and told apart by: all but the answer."""
        request = json.dumps(self.request, ensure_ascii=False, sort_keys=True, default=str)
        return self.code, self.decision, str(self.request.get("on", "")), request, self.known

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.number}"

    def text(self) -> str:
        """The line as it is written."""
        data: dict[str, Any] = {"in": self.code}
        if self.enactments:
            data["enactments"] = self.enactments
        data |= {"decision": self.decision, "request": self.request}
        if self.known:
            data["known"] = self.known
        return json.dumps({**data, "answer": self.answer}, ensure_ascii=False, separators=(",", ":"))

    def __str__(self) -> str:
        known = f", known {self.known}" if self.known else ""
        return f"{self.decision} in {self.code}{known} {json.dumps(self.request, ensure_ascii=False, default=str)}"


class Books:
    """Rulebooks of lines, each opened once.

    Args:
        given: rulebooks that stand already, by code.
    """

    def __init__(self, given: Mapping[str, Rulebook] | None = None) -> None:
        self._open: dict[tuple[str, str], Rulebook] = {(code, ""): book for code, book in (given or {}).items()}

    def of(self, line: Line) -> Rulebook:
        """The rulebook that a line is answered by."""
        folder = str((Path(line.file).parent / line.enactments).resolve()) if line.enactments else ""
        return self.at(line.code, folder)

    def for_case(self, case: Case) -> Rulebook:
        """The rulebook of a published case: with the data beside it, where they are no installed plugin's."""
        folder = case.folder
        plugin = plugin_of(case.jurisdiction)
        if folder is None or (plugin is not None and plugin.is_folder and plugin.folder().samefile(folder)):
            return self.at(case.jurisdiction)
        return self.at(case.jurisdiction, str(folder.resolve()))

    def at(self, code: str, folder: str = "") -> Rulebook:
        """The rulebook of a jurisdiction, with a folder of enactments added where one is named."""
        key = (code, folder)
        if key not in self._open:
            self._open[key] = PluginRulebook.of(code, enactments=folder or None)
        return self._open[key]


def read_lines(file: str | Path) -> list[Line]:
    """Read a file of lines.

    Raises:
        CorpusError: naming the first line that is none.
    """
    path = Path(file)
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read: {error}") from None
    return [_line(text, path, number) for number, text in enumerate(texts, 1) if text.strip()]


def _line(text: str, path: Path, number: int) -> Line:
    where = f"{path}:{number}"
    try:
        data = parse_json(text, where)
    except DataError as error:
        raise CorpusError(str(error)) from None
    if not isinstance(data, dict) or set(data) - set(_KEYS) or set(_REQUIRED) - set(data):
        raise CorpusError(f"{where}: a line of a corpus has {', '.join(_REQUIRED)}, and may have known and enactments")
    return Line(
        code=data["in"],
        decision=data["decision"],
        request=plain(data["request"]),
        answer=plain(data["answer"]),
        known=data.get("known", ""),
        enactments=data.get("enactments", ""),
        file=str(path),
        number=number,
    )


def plain(data: Any) -> Any:
    """JSON as it was read, with numbers as `write` gives them: decimals are money, printed exactly."""
    if isinstance(data, Mapping):
        return {key: plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return data if data is None or isinstance(data, (str, bool, int)) else float(data)


def write_lines(lines: Iterable[Line]) -> str:
    """The text of a file: lines in their order, each question once."""
    unique = {line.key: line for line in lines}
    return "".join(f"{unique[key].text()}\n" for key in sorted(unique))


def answer_data(answer: Answer) -> dict[str, Any]:
    """An answer as a line keeps it: what a citizen is told, and of an error its kind."""
    found: dict[str, Any] = {}
    if answer.status == FAILED:
        return {"error": answer.error}
    if answer.status != DECIDED:
        found["status"] = answer.status
    if answer.reason:
        found["reason"] = answer.reason
    if answer.decided:
        found["result"] = answer.result
    return found


def ask(rulebook: Rulebook, question: Question, known: date | None = None) -> Answer:
    """The answer to a question, as it would have been given on a date where one is named."""
    if known is None:
        return question.answer(rulebook)
    try:
        outcome = rulebook.decide(question.decision, question.subject, *question.facts, on=question.on, known=known)
    except MunirulesError as error:
        return Answer(FAILED, error=type(error).__name__, message=str(error))
    return answer_of(outcome)


def question_in(rulebook: Rulebook, line: Line) -> Question:
    """The question of a line."""
    return question_of(rulebook, line.decision, line.request)


def known_of(line: Line) -> date | None:
    """The date on which a line was known."""
    return read_day(line.known) if line.known else None


def line_of(rulebook: Rulebook, question: Question, known: date | None = None, enactments: str = "") -> Line:
    """A question and the answer that a rulebook gives now, as a line."""
    return Line(
        code=rulebook.jurisdiction.code,
        decision=question.decision.name,
        request=question.as_request(),
        answer=answer_data(ask(rulebook, question, known)),
        known=known.isoformat() if known else "",
        enactments=enactments,
    )


def corpus_files(folders: Iterable[Path], keep: Callable[[Path], bool] | None = None) -> Iterator[Path]:
    """The files of corpora in folders, in order of name; a file stands for itself."""
    for folder in folders:
        found = [folder] if folder.is_file() else sorted(folder.rglob("*.jsonl"))
        yield from (path for path in found if keep is None or keep(path))


def cases_in(paths: Iterable[Path]) -> list[Case]:
    """The published cases of files and folders: a plugin's folder, one of such folders, or one of files of cases."""
    found: list[Case] = []
    for path in paths:
        if path.is_file() or case_files(path):
            found.extend(load_cases(path))
        else:
            inner = sorted(own for own in path.iterdir() if own.is_dir() or own.suffix == ".toml")
            found.extend(cases_in(inner))
    return found
