"""A whole file decided, part by part: read, converted, decided and encoded in several threads, written in order."""

from __future__ import annotations

import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import pyarrow as pa

from munirules.errors import MunirulesError
from munirules.tables.files.decide import Decided, Decider, Work, rejects_batch
from munirules.tables.files.households import joined
from munirules.tables.files.inputs import Input, Order, open_inputs
from munirules.tables.files.journal import Journal, Mark, ResumeError
from munirules.tables.files.opening import PARQUET
from munirules.tables.files.output import Output, check_output, flat, partial_path
from munirules.tables.files.parts import FIRST, PartFile
from munirules.tables.files.plan import Plan
from munirules.tables.files.reading import BadRow, Chunk, Part, Position, Reader, digest_of
from munirules.tables.files.records import FileError
from munirules.tables.files.sorting import SortedFile
from munirules.tables.files.summary import Summary
from munirules.tables.files.targets import MAIN
from munirules.tables.grounds import grounds_of

MARK_EVERY: Final = 2.0
"""Seconds between two marks in the journal: what a run that is killed loses at most."""

Progress = Callable[[int, "int | None", Summary], object]
"""Called after each part: how far the subjects' file is read (bytes or rows), of how much, and the counts so far."""


@attrs.frozen(kw_only=True, eq=False)
class Job:
    """A part on its way through the run.

    Attributes:
        decide: does all that can be done in any thread.
        after: where the subjects' file goes on.
        inputs: the same of all files, for the journal.
    """

    decide: Callable[[], Decided]
    after: Position
    inputs: Mapping[str, Any]


@attrs.frozen(kw_only=True, eq=False)
class Ready:
    """A part that is decided and encoded."""

    decided: Decided
    output: bytes | pa.Buffer
    rejects: bytes | pa.Buffer


def decide_file(order: Order, progress: Progress | None = None) -> Summary:
    """Decide every row of a file.

    The output takes its name when it is whole. A run that is interrupted leaves what it had done beside it, for one with
    `resume`; one that ends in an error of the library leaves nothing.

    Args:
        order: what is to be done.
        progress: called now and then.

    Raises:
        MunirulesError: for whatever concerns the whole file; nothing is written then.
    """
    for path in _outputs(order):
        check_output(path, order.encoding)
    if order.rejects is not None and order.rejects.resolve() == order.output.resolve():
        raise ResumeError(f"{order.output}: the rejects need a file of their own")
    with ExitStack() as stack:
        inputs = open_inputs(order)
        for each in inputs.values():
            stack.callback(each.reader.close)
        run = _Run(order, inputs, stack)
        try:
            return run.run(progress)
        except MunirulesError:
            run.give_up()
            raise


def _outputs(order: Order) -> list[Path]:
    return [order.output, *([] if order.rejects is None else [order.rejects])]


class _Run:
    """One run."""

    def __init__(self, order: Order, inputs: Mapping[str, Input], stack: ExitStack) -> None:
        self.order = order
        self.readers: dict[str, Reader] = {name: each.reader for name, each in inputs.items()}
        self.plans = {name: each.plan for name, each in inputs.items()}
        self.summary = Summary()
        self.written: dict[Path, Output] = {}
        self.bad: list[BadRow] = []
        queries = [each.name for each in self.readers.values() if each.digest is None] if order.resume else []
        if queries:
            raise ResumeError(f"{', '.join(queries)}: a query may answer otherwise the next time; run without --resume")
        self.journal = Journal(order.output, partial(_identity, order, dict(self.readers)), resume=order.resume)
        stack.callback(self.journal.close)
        if order.sort:
            self._sort(stack)
        self.last = self.journal.last
        if self.last is not None:
            self.summary = Summary(**self.last.told)
        names = {name: reader.name for name, reader in self.readers.items()}
        self.decider = Decider(order, self.plans[MAIN], names[MAIN], names)

    def run(self, progress: Progress | None) -> Summary:
        """Decide what is left to decide, and give the files their names."""
        if self.last is None or not self.last.whole:
            self._decide(progress)
        else:
            self._reopen(self.last)
        for path in reversed(_outputs(self.order)):  # the output last: once it is there, all is done
            if path in self.written:
                self.written[path].finish()
        self.journal.remove()
        return self.summary

    def give_up(self) -> None:
        """Leave nothing behind."""
        for output in self.written.values():
            output.remove()
        self.journal.remove()

    def _decide(self, progress: Progress | None) -> None:
        inputs: Mapping[str, Any] = {}
        marked = time.monotonic()
        for ready, job in self._all_ready():
            self._write(ready)
            inputs = job.inputs
            if time.monotonic() - marked >= MARK_EVERY:
                self._mark(inputs)
                marked = time.monotonic()
            if progress is not None:
                progress(job.after.offset, self.readers[MAIN].size, self.summary)
        if self.journal.begun:
            self._mark(inputs, whole=True)

    def _all_ready(self) -> Iterator[tuple[Ready, Job]]:
        """Parts in order; the first alone, since it gets kernels and outputs ready."""
        threads = self.order.threads or _processors()
        running: deque[tuple[Future[Ready], Job]] = deque()
        jobs = self._jobs()
        first = next(jobs)
        yield self._ready(first), first
        with ThreadPoolExecutor(threads) as pool:
            try:
                for job in jobs:
                    running.append((pool.submit(self._ready, job), job))
                    if len(running) > threads:
                        future, done = running.popleft()
                        yield future.result(), done
                while running:
                    future, done = running.popleft()
                    yield future.result(), done
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _jobs(self) -> Iterator[Job]:
        state = {} if self.last is None else self.last.inputs[MAIN]
        start = Position(**state["position"]) if state else None
        chunks = self._chunks(self.readers[MAIN], self.plans[MAIN], start)
        if len(self.readers) == 1:
            for chunk in chunks:
                yield Job(decide=partial(self._alone, chunk), after=chunk.after, inputs={MAIN: _state(chunk.after)})
            return
        tables = {
            name: PartFile(name, self.readers[name], self.plans[name], self.readers[MAIN].name, self._state_of(name))
            for name in self.order.tables
        }
        before = tuple(state["before"]) if state else FIRST
        for each in joined(chunks, self.plans[MAIN], self.readers[MAIN].name, tables, before):
            inputs = {MAIN: {**_state(each.after), "before": each.before}, **each.states}
            yield Job(decide=partial(self.decider, each.work), after=each.after, inputs=inputs)

    def _state_of(self, table: str) -> Mapping[str, Any] | None:
        return None if self.last is None else self.last.inputs[table]

    def _chunks(self, reader: Reader, plan: Plan, start: Position | None) -> Iterator[Chunk]:
        """The chunks of the subjects' file; before them an empty one, which tells the columns even where there are none."""
        headers = list(plan.wanted)
        empty = pa.RecordBatch.from_arrays([pa.array([], pa.string())] * len(headers), headers)
        bad = tuple(self.bad) if start is None else ()
        part = Part(batch=empty, lines=np.zeros(0, np.int64), bad=bad)
        found = reader.chunks(plan.wanted, start)
        first = next(found, None)
        if first is None or bad:
            yield Chunk(after=start or Position(), parse=lambda: part)
        if first is not None:
            yield first
            yield from found

    def _alone(self, chunk: Chunk) -> Decided:
        part = chunk.parse()
        return self.decider(Work(part=part, converted=self.plans[MAIN].convert(part.batch)))

    def _ready(self, job: Job) -> Ready:
        """Decide and encode a part."""
        decided = job.decide()
        output = self._encoded(self.order.output, decided.results)
        aside = [rejects_batch(decided.rejects)]
        rejects = b"" if self.order.rejects is None else self._encoded(self.order.rejects, aside)
        return Ready(decided=decided, output=output, rejects=rejects)

    def _encoded(self, path: Path, batches: Sequence[pa.RecordBatch]) -> bytes | pa.Buffer:
        if path.suffix.lower() not in PARQUET:
            batches = [flat(batch) for batch in batches]
        if path not in self.written:
            length = None
            if self.last is not None:
                length = self.last.output if path == self.order.output else self.last.rejects
            self.written[path] = Output(path, batches[0].schema, encoding=self.order.encoding, length=length)
        return self.written[path].encode(batches)

    def _write(self, ready: Ready) -> None:
        self.written[self.order.output].write(ready.output)
        if self.order.rejects is not None:
            self.written[self.order.rejects].write(ready.rejects)
        decided = ready.decided
        self.summary.add(decided.counts, decided.engine)
        for name, (rows, lost) in decided.tables.items():
            self.summary.add_table(name, rows, lost)
        self.summary.tell(decided.rejects)

    def _mark(self, inputs: Mapping[str, Any], *, whole: bool = False) -> None:
        for output in self.written.values():
            output.sync()
        rejects = 0 if self.order.rejects is None else self.written[self.order.rejects].length
        self.journal.mark(
            Mark(
                inputs=inputs,
                output=self.written[self.order.output].length,
                rejects=rejects,
                told=attrs.asdict(self.summary),
                whole=whole,
            )
        )

    def _reopen(self, mark: Mark) -> None:
        """Take up files that were whole, and of which some may have their names already."""
        for path in _outputs(self.order):
            if partial_path(path).exists():
                length = mark.output if path == self.order.output else mark.rejects
                self.written[path] = Output(path, pa.schema([]), encoding=self.order.encoding, length=length)

    def _sort(self, stack: ExitStack) -> None:
        """Put sorted files in the place of the inputs."""
        for name, reader in self.readers.items():
            plan = self.plans[name]
            if plan.key is None:
                raise ResumeError("--sort needs a key; write --key COLUMN")
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=self.order.output.parent, prefix=".sort-"))
            bad = self.bad.append if name == MAIN else partial(_whose, reader.name)
            self.readers[name] = SortedFile(reader, plan.key, plan.wanted, Path(folder), bad)
            stack.callback(self.readers[name].close)


def _whose(name: str, bad: BadRow) -> None:
    """A line of a further file that cannot be read leaves open whose it is, once the file is sorted."""
    raise FileError(
        f"{name}: line {bad.line}: {bad.reason}; once lines are sorted, nobody can tell whose it was, and that row could "
        "be decided without it: repair the line, or sort the file before and run without --sort"
    )


def _state(after: Position) -> dict[str, Any]:
    return {"position": attrs.asdict(after)}


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _identity(order: Order, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """All that the output depends on."""
    return {
        "decision": order.decision.name,
        "jurisdiction": order.book.jurisdiction.code,
        "rules": {name: attrs.asdict(own) for name, own in grounds_of(order.book, every=_has_codes(order)).items()},
        "inputs": {name: [reader.name, reader.digest] for name, reader in readers.items()},
        "on": str(order.on),
        "known": str(order.known),
        "map": None if order.mapped is None else digest_of(Path(order.mapped.path)),
        "options": {
            "code": order.code,
            "key": dict(order.keys),
            "keep": order.keep,
            "drop": order.drop,
            "form": attrs.asdict(order.form),
            "explain": order.explain,
            "encoding": order.encoding,
            "sort": order.sort,
            "rejects": None if order.rejects is None else str(order.rejects),
        },
    }


def _has_codes(order: Order) -> bool:
    return order.code is not None or (order.mapped is not None and order.mapped.main.code is not None)
