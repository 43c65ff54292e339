"""Replaying a corpus: which recorded answers changed, and the first rule that gives another one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from munirules.errors import MunirulesError
from munirules.testing.blame import blame
from munirules.testing.corpus.lines import Books, Line, answer_data, ask, known_of, question_in
from munirules.testing.question import FAILED, Answer
from munirules.testing.witness import Step, Witness, failed_witness, witness_of

if TYPE_CHECKING:
    from munirules.engine.rulebook import Rulebook

Before = Callable[[Line], "Witness | None"]
"""The witness of a line as another version of the rules answers it; None where it cannot be asked."""


@attrs.frozen(kw_only=True, eq=False)
class Change:
    """A recorded case that is answered otherwise.

    Attributes:
        line: the case as it was recorded.
        now: the answer now, as lines keep it.
        differences: what of the answer differs, one a line.
        blame: the first rule that differs, with its figures and articles, one a line.
    """

    line: Line
    now: Mapping[str, Any]
    differences: tuple[str, ...]
    blame: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            (f"{self.line.where}: {self.line}", *(f"    {text}" for text in (*self.differences, *self.blame)))
        )


@attrs.frozen(kw_only=True, eq=False)
class Replay:
    """What came of replaying.

    Attributes:
        asked: how many cases were asked.
        changes: those that are answered otherwise, in order.
    """

    asked: int
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        same = self.asked - len(self.changes)
        return "\n".join([*map(str, self.changes), f"{same:,} of {self.asked:,} cases are answered as recorded"])

    def data(self) -> dict[str, Any]:
        """The replay as plain data."""
        changes = [
            {
                "file": change.line.file,
                "line": change.line.number,
                "in": change.line.code,
                "decision": change.line.decision,
                "request": change.line.request,
                "recorded": change.line.answer,
                "now": change.now,
                "differences": list(change.differences),
                "blame": list(change.blame),
            }
            for change in self.changes
        ]
        return {"asked": self.asked, "changed": len(changes), "changes": changes}


def replay(lines: Iterable[Line], books: Books, before: Before | None = None) -> Replay:
    """Ask the cases of a corpus again.

    Args:
        lines: the cases.
        books: where rulebooks come from.
        before: answers a case by an earlier version of the rules, so that figures are blamed too.
    """
    asked = 0
    changes = []
    for line in lines:
        asked += 1
        found = _asked(line, books, before)
        if found is not None:
            changes.append(found)
    return Replay(asked=asked, changes=tuple(changes))


def _asked(line: Line, books: Books, before: Before | None) -> Change | None:
    """Ask a case; None where it is answered as recorded."""
    try:
        rulebook = books.of(line)
        question = question_in(rulebook, line)
    except MunirulesError as error:
        told = str(error).splitlines()[0]
        now = {"error": type(error).__name__}
        return Change(line=line, now=now, differences=(f"cannot be asked any more: {told}",), blame=())
    answer = ask(rulebook, question, known_of(line))
    now = answer_data(answer)
    if now == line.answer:
        return None
    changed = list(_differences(line.answer, now))
    if answer.status == FAILED:
        changed.append(answer.message.splitlines()[0])
    witness = witness_of(rulebook, answer.outcome) if answer.outcome is not None else failed_witness(answer)
    return Change(
        line=line, now=now, differences=tuple(changed), blame=tuple(_blamed(line, answer, witness, before, rulebook))
    )


def _differences(before: Any, now: Any, path: str = "") -> Iterator[str]:
    """What differs between two plain values, by path."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for key in dict.fromkeys((*before, *now)):
            inner = f"{path}.{key}" if path else str(key)
            if key not in before or key not in now:
                yield f"{inner}: {_told(before.get(key))} → {_told(now.get(key))}"
            else:
                yield from _differences(before[key], now[key], inner)
    elif before != now:
        yield f"{path}: {_told(before)} → {_told(now)}"


def _told(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _blamed(line: Line, answer: Answer, witness: Witness, before: Before | None, rulebook: Rulebook) -> Iterator[str]:
    """The first rule that differs: by both versions where the earlier one is there, else among those in the answer."""
    del rulebook
    earlier = before(line) if before is not None else None
    if earlier is not None:
        found = blame(earlier, witness)
        if found is not None:
            yield from found.lines()
            return
        yield "the earlier version answers as this one does"
    fields = set(_fields(line.answer.get("result"), answer.result))
    step = next((own for own in witness.steps if own.key.rule in fields and own.decision == line.decision), None)
    if step is None and answer.status == "refused" and witness.steps:
        step = witness.steps[-1]
    if step is not None:
        yield from _step(step)


def _fields(before: Any, now: Any) -> Iterator[str]:
    """Fields of a result, or of a member's, that differ."""
    if not isinstance(before, Mapping) or not isinstance(now, Mapping):
        yield from (now if isinstance(now, Mapping) else ())
        return
    for key in dict.fromkeys((*before, *now)):
        one, other = before.get(key), now.get(key)
        if isinstance(one, Mapping) or isinstance(other, Mapping):
            yield from _fields(one, other)
        elif one != other:
            yield key


def _step(step: Step) -> Iterator[str]:
    part = f" [{step.key.part}]" if step.key.part else ""
    yield f"first rule of the answer that differs: {step.key.rule} ({step.title}){part}, {step.where}"
    if step.law:
        yield f"  {step.law}"
    sources = [
        own for given in step.inputs.values() if given.figures is not None for own in given.figures.sources.values()
    ]
    for text in dict.fromkeys(f"{own.text}, {own.where}" for own in sources):
        yield f"  rests on {text}"
