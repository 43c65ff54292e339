"""Running mutants: each put in alone, in processes that are forked after everything is loaded; what is done is kept."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.errors import MunirulesError
from munirules.testing.faults.mutant import FIGURE, Mutant, Proof
from munirules.testing.faults.proof import proven
from munirules.testing.mutate.bench import CASE, CORPUS, Asked, Bench
from munirules.testing.mutate.result import Notice

if TYPE_CHECKING:
    from munirules.engine.rulebook import Rulebook

LIMIT: Final = 10.0
"""Seconds after which a mutant is taken not to end, and so to be noticed by who asks."""

Broken = Callable[[Sequence[Asked]], str]
"""The property that does not hold for questions under the fault that is in; empty where all hold."""


Groups = Sequence[tuple["Rulebook", Sequence[Asked]]]


class JournalError(MunirulesError):
    """A journal of other mutants or other questions."""


class _Endless(BaseException):
    """A mutant took too long."""


@attrs.frozen(eq=False)
class Task:
    """A mutant, and a rulebook whose chain has it."""

    mutant: Mutant
    rulebook: Rulebook


@attrs.define(eq=False)
class Runner:
    """Puts mutants in, one by one, and asks.

    Args:
        bench: what is asked; prepared.
        broken: tells the property that is broken; None for no properties.
    """

    bench: Bench
    broken: Broken | None = None

    def run(self, task: Task) -> Notice:
        """What notices a mutant."""
        mutant = task.mutant
        if mutant.kind == FIGURE:
            proof = proven(mutant, task.rulebook)
            if proof is not None:
                return Notice(loader=proof is Proof.REFUSED, equivalent=proof is Proof.EQUIVALENT)
        groups = self.bench.meeting(mutant)
        notice = Notice(case=self._first(mutant, groups, CASE), corpus=self._first(mutant, groups, CORPUS))
        if self.broken is not None and not notice.case:
            notice = attrs.evolve(notice, property=self._property(mutant, groups, self.broken))
        return notice

    def _first(self, mutant: Mutant, groups: Groups, kind: str) -> str:
        """The first question of a kind that notices; the first of all where the mutant does not end."""
        for rulebook, asked in groups:
            own = [one for one in asked if one.kind == kind]
            found = self._under(mutant, rulebook, partial(_noticing, own)) if own else ""
            if found is None or found:
                return found or own[0].name
        return ""

    def _property(self, mutant: Mutant, groups: Groups, broken: Broken) -> str:
        for rulebook, asked in groups:
            found = self._under(mutant, rulebook, partial(broken, asked))
            if found is None or found:
                return found or f"{asked[0].decision}: total"
        return ""

    @staticmethod
    def _under(mutant: Mutant, rulebook: Rulebook, look: Callable[[], str]) -> str | None:
        """What is seen under a mutant; None where it does not end."""
        try:
            with mutant.alive(rulebook), _limited(LIMIT):
                return look()
        except (_Endless, RecursionError, MemoryError):
            return None


def _noticing(asked: Sequence[Asked]) -> str:
    """The name of the first question that is answered wrongly now; empty where none is."""
    return next((one.name for one in asked if one.notices()), "")


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Stop what takes longer."""

    def stop(_number: int, _frame: object) -> None:
        raise _Endless

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


_shared: list[tuple[Runner, Sequence[Task]]] = []
"""What forked processes find: set before they are forked."""


def _one(number: int) -> tuple[int, Notice]:
    runner, tasks = _shared[0]
    return number, runner.run(tasks[number])


def run(
    runner: Runner,
    tasks: Sequence[Task],
    *,
    jobs: int = 1,
    seconds: float | None = None,
    journal: Journal | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> dict[str, Notice]:
    """Run mutants.

    Args:
        runner: who asks.
        tasks: the mutants.
        jobs: in how many processes.
        seconds: when to stop; None for when all is done.
        journal: what is done already, and where it is kept.
        progress: told after each, how many are done of how many.

    Returns:
        Who noticed each mutant, by its id; those that were not run are not among them.
    """
    done = dict(journal.done) if journal is not None else {}
    left = [number for number, task in enumerate(tasks) if task.mutant.id not in done]
    end = None if seconds is None else time.monotonic() + seconds
    for number, notice in _results(runner, tasks, left, jobs):
        done[tasks[number].mutant.id] = notice
        if journal is not None:
            journal.add(tasks[number].mutant.id, notice)
        if progress is not None:
            progress(len(done), len(tasks))
        if end is not None and time.monotonic() > end:
            break
    wanted = {task.mutant.id for task in tasks}
    return {name: notice for name, notice in done.items() if name in wanted}


def _results(runner: Runner, tasks: Sequence[Task], left: Sequence[int], jobs: int) -> Iterator[tuple[int, Notice]]:
    if jobs <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        for number in left:
            yield number, runner.run(tasks[number])
        return
    _shared[:] = [(runner, tasks)]
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(_one, left, chunksize=8)


class Journal:
    """What is done, one line of JSON each; an interrupted run goes on from it.

    Args:
        path: the file.
        digest: of the mutants and questions; a journal of others is refused.

    Raises:
        JournalError: when the file is of other mutants or questions, or is none.
    """

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path
        self.done: dict[str, Notice] = {}
        if path.exists():
            self._read(digest)
        else:
            path.write_text(json.dumps({"digest": digest}) + "\n", encoding="utf-8")

    def _read(self, digest: str) -> None:
        lines = self.path.read_text(encoding="utf-8").splitlines()
        whole = [line for line in lines if line.endswith("}")]  # the last may be half written
        try:
            if json.loads(whole[0])["digest"] != digest:
                told = "is of other rules, figures or questions"
                raise JournalError(f"{self.path}: {told}; name another file, or delete it to begin anew")
            for line in whole[1:]:
                data: dict[str, Any] = json.loads(line)
                name = data.pop("id")
                self.done[name] = Notice(**data)
        except (json.JSONDecodeError, IndexError, KeyError, TypeError) as error:
            raise JournalError(f"{self.path}: is no journal of mutants: {error}") from None
        if len(whole) < len(lines):
            self.path.write_text("".join(f"{line}\n" for line in whole), encoding="utf-8")

    def add(self, name: str, notice: Notice) -> None:
        """Keep what came of a mutant."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"id": name, **notice.data()}, ensure_ascii=False) + "\n")


def digest_of(tasks: Sequence[Task], bench: Bench, texts: Mapping[str, str], seed: int) -> str:
    """What tells one run from another: mutants, questions, the texts that are mutated, the seed."""
    whole = hashlib.sha256(f"{seed}".encode())
    for part in (*(task.mutant.id for task in tasks), *(f"{own.name} {own.question}" for own in bench.asked)):
        whole.update(part.encode())
    for name in sorted(texts):
        whole.update(f"{name}\n{texts[name]}".encode())
    return whole.hexdigest()
