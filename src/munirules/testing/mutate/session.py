"""A run of mutants from what a command line says: the target, the questions, the run, the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import attrs

from munirules.checking.cases import load_cases
from munirules.engine.jurisdiction import NATION_CODE
from munirules.plugins.discovery import installed
from munirules.plugins.jurisdictions.table import rows
from munirules.testing.corpus.lines import Books, Line, cases_in, corpus_files, read_lines
from munirules.testing.faults.mutant import RULE
from munirules.testing.functions import functions_of
from munirules.testing.mutate.acknowledged import Acknowledged
from munirules.testing.mutate.bench import CASE, CORPUS, Bench
from munirules.testing.mutate.held import Held
from munirules.testing.mutate.report import Report
from munirules.testing.mutate.result import Result
from munirules.testing.mutate.run import Journal, Runner, Task, digest_of, run
from munirules.testing.mutate.target import Target, plugin_folders, target_of, tasks_of


@attrs.frozen(kw_only=True)
class Order:
    """What is wanted of a run.

    Attributes:
        name: a decision, a plugin's code or distribution, or `all`.
        code: for a decision, in whose rulebook.
        corpus: files or folders of recorded cases.
        cases: further files or folders of published cases.
        acknowledged: files of mutants that need not be noticed.
        rules: whether rules are mutated.
        figures: whether figures are.
        properties: on how many questions properties are tried for each mutant; 0 for none.
        jobs: in how many processes.
        minutes: when to stop; None for when all is done.
        resume: the journal.
        seed: in which order mutants run, so that a run that is stopped says something of all.
    """

    name: str
    code: str = ""
    corpus: tuple[Path, ...] = ()
    cases: tuple[Path, ...] = ()
    acknowledged: tuple[Path, ...] = ()
    rules: bool = True
    figures: bool = True
    properties: int = 12
    jobs: int = 1
    minutes: float | None = None
    resume: Path | None = None
    seed: int = 0


def carried_out(order: Order, progress: Callable[[int, int], object] | None = None) -> Report:
    """Do what is wanted.

    Args:
        order: what is wanted.
        progress: told how many mutants are done, of how many.

    Raises:
        TargetError: when there is nothing of that name.
        CorpusError: for a corpus that cannot be read.
        JournalError: for a journal of another run.
    """
    books = Books()
    target = target_of(order.name, order.code)
    tasks = tasks_of(target, books, rules=order.rules, figures=order.figures)
    bench = _bench(order, target, tasks, books)
    held = Held(order.properties) if order.properties else None
    if held is not None:
        held.prepare(bench.asked)
    shuffled = list(tasks)
    Random(order.seed).shuffle(shuffled)  # noqa: S311 — an order, no secret
    journal = None
    if order.resume is not None:
        journal = Journal(order.resume, digest_of(tasks, bench, _texts(tasks), order.seed))
    notices = run(
        Runner(bench, None if held is None else held.broken),
        shuffled,
        jobs=order.jobs,
        seconds=None if order.minutes is None else order.minutes * 60,
        journal=journal,
        progress=progress,
    )
    known = Acknowledged.read(order.acknowledged)
    results = []
    for task in tasks:
        result = Result(mutant=task.mutant, notice=notices.get(task.mutant.id))
        if result.notice is not None and not result.killed:
            result = attrs.evolve(result, reason=known.reason(task.mutant))
        results.append(result)
    unused = known.unused if target.codes == tuple(_codes()) and order.rules and order.figures else []
    asked = {kind: sum(own.kind == kind for own in bench.asked) for kind in (CASE, CORPUS)}
    return Report(
        target=order.name if not order.code else f"{order.name} in {order.code}",
        seed=order.seed,
        asked=asked,
        results=results,
        stale=[*bench.stale, *unused],
        labels=_labels(),
    )


def _bench(order: Order, target: Target, tasks: Sequence[Task], books: Books) -> Bench:
    """The questions that can matter for a target: those of the jurisdictions in whose chains it stands."""
    codes = _asked_codes(target)
    decisions = {name for task in tasks for name in task.mutant.decisions}
    bench = Bench()
    printed = [case for folder in plugin_folders(codes) for case in load_cases(folder)]
    bench.add_cases([*printed, *cases_in(order.cases)], books, decisions)
    lines = [line for file in corpus_files(order.corpus) for line in read_lines(file)]
    bench.add_lines(_matter(lines, codes, decisions), books)
    bench.prepare()
    return bench


def _asked_codes(target: Target) -> set[str]:
    """Jurisdictions whose questions are asked: those of the target, and those for whom these speak too."""
    every = set(_codes())
    if NATION_CODE in target.codes or target.decision:
        return every if not target.decision or len(target.codes) > 1 else set(target.codes)
    prefectures = {code[:2] for code in target.codes if code[2:5] == "000"}
    unions = {code[:2] for code in target.codes if code not in rows()}
    return set(target.codes) | {code for code in every if code[:2] in prefectures | unions}


def _matter(lines: Iterable[Line], codes: set[str], decisions: set[str]) -> list[Line]:
    return [line for line in lines if line.decision in decisions and (line.code in codes or line.enactments)]


def _codes() -> list[str]:
    return list(dict.fromkeys(plugin.code for plugin in installed() if plugin.is_folder))


def _labels() -> dict[str, str]:
    return {plugin.code: f"{plugin.code} ({plugin.distribution})" for plugin in installed()}


def _texts(tasks: Sequence[Task]) -> dict[str, str]:
    """The texts that are mutated, by name."""
    found: dict[str, str] = {}
    seen: set[tuple[int, str]] = set()
    for task in tasks:
        mutant: Any = task.mutant
        if mutant.kind != RULE:
            file = mutant.concerns if isinstance(mutant.concerns, str) else mutant.concerns.file
            if file not in found:
                found[file] = Path(file).read_text(encoding="utf-8")
            continue
        for name in mutant.decisions:
            if (id(task.rulebook), name) not in seen:
                seen.add((id(task.rulebook), name))
                for key, own in functions_of(task.rulebook, task.rulebook.decision(name)).items():
                    found.setdefault(key, repr(own.fn.__code__.co_code))
    return found
