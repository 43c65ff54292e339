"""A side of a comparison in a process of its own, with its own plugins and, if wanted, its own environment.

The process reads a question a line from stdin and writes an answer a line to stdout, as JSON. What a plugin prints goes
to stderr. `python -m munirules.testing.remote` is the process's end of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TextIO

from cattrs import Converter

from munirules.errors import MunirulesError
from munirules.testing.question import Answer
from munirules.testing.side import About, LocalSide, Request, Rules
from munirules.testing.witness import Change, Key, Step, Witness

if TYPE_CHECKING:
    from munirules.testing.environment import Home
    from munirules.testing.population import Files

_GRACE_SECONDS: Final = 5


class SideError(MunirulesError):
    """A side that could not be opened, or whose process ended; tells what it said."""


def converter() -> Converter:
    """What turns sides' data into JSON and back."""
    made = Converter()
    made.register_unstructure_hook(date, date.isoformat)
    made.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    made.register_unstructure_hook(Path, str)
    made.register_structure_hook(Path, lambda text, _: Path(text))
    made.register_structure_hook(Key, lambda data, _: Key(*data))
    return made


class RemoteSide:
    """A rule set in a process of its own.

    Args:
        rules: which; its plugins are opened there only.
        home: the interpreter.

    Raises:
        SideError: when it cannot be opened there, with the reason.
    """

    def __init__(self, rules: Rules, home: Home) -> None:
        self.rules = rules
        self.converter = converter()
        command = [home.python, "-B", "-P", "-X", "utf8", "-m", "munirules.testing.remote"]
        self.process = subprocess.Popen(  # noqa: S603 — an interpreter that the caller named
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=_environment(home)
        )
        try:
            self._call("open", self.converter.unstructure(rules))
        except SideError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):  # what was written to a process that is no more
            self.process.stdin.close()
        try:
            self.process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    @property
    def label(self) -> str:
        """What to call it."""
        return self.rules.label

    @cached_property
    def about(self) -> About:
        """What is asked, and of whom."""
        return self.converter.structure(self._call("about"), About)

    def draw(self, count: int, seed: int, *, published: bool = True) -> list[Request]:
        """Questions around the figures of this side's law."""
        return list(self._call("draw", count, seed, {"published": published}))

    def completed(self, requests: Sequence[Request], seed: int) -> list[Request]:
        """Questions with the facts that this side asks for beside those that they have."""
        return list(self._call("completed", list(requests), seed))

    def answers(self, requests: Sequence[Request]) -> list[Answer]:
        """Answers to questions."""
        return [Answer(**answer) for answer in self._call("answers", list(requests))]

    def witness(self, request: Request) -> Witness:
        """The answer to a question, with the steps that led to it."""
        found = self._call("witness", request)
        steps = self.converter.structure(found["steps"], tuple[Step, ...])

        def probe(key: Key, change: Change) -> Any:
            return self._call("probe", request, list(key), change)

        return Witness(Answer(**found["answer"]), lambda: steps, probe if steps else None)

    def asked(self, request: Request) -> Request:
        """The question as this side is asked it."""
        found: Request = self._call("asked", request)
        return found

    def decide_into(self, files: Files, into: Path, amount: str) -> None:
        """Decide a table, and write what came of each row to a file."""
        self._call("decide_into", self.converter.unstructure(files), str(into), amount)

    def requests_of(self, files: Files, lines: Sequence[int]) -> list[Request]:
        """The questions of some lines of a table."""
        return list(self._call("requests_of", self.converter.unstructure(files), list(lines)))

    def _call(self, name: str, *arguments: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"call": name, "arguments": arguments}, ensure_ascii=False) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise SideError(f"{self.rules.label}: its process ended with status {self.process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise SideError(f"{self.rules.label}: {answer['error']}")
        return answer["value"]


def _environment(home: Home) -> dict[str, str]:
    """The environment of a side's process: this one's, but another interpreter finds its modules by itself."""
    own = home.python == sys.executable
    return {name: value for name, value in os.environ.items() if own or name not in ("PYTHONPATH", "PYTHONHOME")}


class _Served:
    """The process's end: what a side asks, answered with plain data."""

    def __init__(self) -> None:
        self.converter = converter()
        self.side: LocalSide | None = None
        self.last: tuple[Request, Witness] | None = None

    @property
    def opened(self) -> LocalSide:
        """The side; it is opened first."""
        assert self.side is not None
        return self.side

    def open(self, rules: dict[str, Any]) -> None:
        self.side = LocalSide(self.converter.structure(rules, Rules))

    def about(self) -> Any:
        return self.converter.unstructure(self.opened.about)

    def draw(self, count: int, seed: int, more: dict[str, bool]) -> Any:
        return self.opened.draw(count, seed, **more)

    def completed(self, requests: Sequence[Request], seed: int) -> Any:
        return self.opened.completed(requests, seed)

    def answers(self, requests: Sequence[Request]) -> Any:
        return [_plain(answer) for answer in self.opened.answers(requests)]

    def witness(self, request: Request) -> Any:
        made = self.opened.witness(request)
        self.last = request, made
        return {"answer": _plain(made.answer), "steps": self.converter.unstructure(made.steps)}

    def probe(self, request: Request, key: Sequence[str], change: Change) -> Any:
        if self.last is None or self.last[0] != request:
            self.witness(request)
        assert self.last is not None
        probe = self.last[1].probe
        return None if probe is None else probe(Key(*key), change)

    def asked(self, request: Request) -> Any:
        return self.opened.asked(request)

    def decide_into(self, files: dict[str, Any], into: str, amount: str) -> None:
        self.opened.decide_into(self.files(files), Path(into), amount)

    def requests_of(self, files: dict[str, Any], lines: Sequence[int]) -> Any:
        return self.opened.requests_of(self.files(files), lines)

    def files(self, files: dict[str, Any]) -> Files:
        from munirules.testing.population import Files

        return self.converter.structure(files, Files)


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "result": answer.result,
        "reason": answer.reason,
        "error": answer.error,
        "message": answer.message,
    }


def serve(questions: TextIO, answers: TextIO) -> None:
    """Answer until nothing more is asked."""
    served = _Served()
    for line in questions:
        asked = json.loads(line)
        call: Callable[..., Any] = getattr(served, asked["call"])
        try:
            told: dict[str, Any] = {"value": call(*asked["arguments"])}
        except MunirulesError as error:
            told = {"error": str(error)}
        answers.write(json.dumps(told, ensure_ascii=False) + "\n")
        answers.flush()


def main() -> None:
    """The process: stdout is kept for answers, so that nothing a plugin prints can spoil them."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin, own)


if __name__ == "__main__":
    main()
