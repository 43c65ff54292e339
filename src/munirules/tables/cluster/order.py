"""What a run is, as plain data: workers read it from the run's folder, and open the rulebook themselves."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.plugins.rulebook import Rulebook
from munirules.tables.cluster.dataset import Source, sources_of, unpacked
from munirules.tables.cluster.output import RUN, Output, digest_of, read_json
from munirules.tables.frames import TableError
from munirules.tables.grounds import Ground, compare, grounds_of

if TYPE_CHECKING:
    import pyarrow as pa

    from munirules.engine.decision import Decision

FORMAT: Final = 1


@attrs.frozen(kw_only=True)
class Order:
    """What a run is to do.

    Attributes:
        roots: the folder of each table's dataset; the main table has the empty name.
        decision: name of the decision.
        jurisdiction: code of whose rulebook decides.
        enactments: a folder of data that is added to it; empty where there is none.
        on: the date, or the name of the column that holds it.
        dated: whether `on` is a date.
        known: decide as it would have been decided on this date; empty where all is known.
        options: further arguments of `decide_table`.
        local: codes of municipalities in the dataset that ask for facts of their own.
        grounds: what the rules rest on.
        sources: the files of each table.
        schemas: the columns of each table.
        parts: for each partition, which files of each table it is made of; empty where rows are brought together by key.
        buckets: how many partitions are made by key then.
    """

    roots: Mapping[str, str]
    decision: str
    jurisdiction: str
    enactments: str
    on: str
    dated: bool
    known: str
    options: Mapping[str, Any]
    local: list[str]
    grounds: Mapping[str, Ground]
    sources: Mapping[str, list[Source]]
    schemas: Mapping[str, str]
    parts: list[dict[str, list[int]]] = attrs.field(factory=list)
    buckets: int = 0

    @property
    def plain(self) -> dict[str, Any]:
        """The order as JSON has it, with its digest; where the dataset lies is no part of that."""
        told = attrs.asdict(self)
        told["sources"] = {
            table: {each.path: {"rows": each.rows, "digest": each.digest} for each in files}
            for table, files in self.sources.items()
        }
        own = {"format": FORMAT, **{name: value for name, value in told.items() if name != "roots"}}
        return {**own, "roots": told["roots"], "digest": digest_of(own)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Order:
        """What `plain` gave."""
        told = {name: value for name, value in plain.items() if name not in ("format", "digest")}
        told["grounds"] = {name: Ground(**each) for name, each in plain["grounds"].items()}
        told["sources"] = {
            table: sources_of(list(files), list(files.values())) for table, files in plain["sources"].items()
        }
        return cls(**told)

    @property
    def number(self) -> int:
        """How many partitions there are."""
        return self.buckets or len(self.parts)

    @property
    def arguments(self) -> dict[str, Any]:
        """What `decide_batches` is given beside the tables."""
        on = date.fromisoformat(self.on) if self.dated else self.on
        return {"on": on, "known": date.fromisoformat(self.known) if self.known else None, **self.options}

    def schema(self, table: str) -> pa.Schema:
        """The columns of a table."""
        return unpacked(self.schemas[table])

    def open(self) -> Rulebook:
        """Open the rulebook."""
        return Rulebook.of(self.jurisdiction, enactments=self.enactments or None)


def part_digest(run: str, number: int) -> str:
    """The digest of a partition: of its run, and of which it is."""
    return digest_of([run, number])


@attrs.frozen(kw_only=True, eq=False)
class Opened:
    """A run as a worker has it.

    Attributes:
        order: what is to be done.
        digest: of the order.
        output: the folder of the run.
        book: the rulebook.
        decision: the decision.
        local: rulebooks of the municipalities that `order.local` names.
    """

    order: Order
    digest: str
    output: Output
    book: Rulebook
    decision: Decision[Any, Any]
    local: Mapping[str, Rulebook]


_opened: dict[tuple[str, str], Opened] = {}
_lock = RLock()
_MOST: Final = 4


def opened(folder: str, digest: str, worker: str) -> Opened:
    """Open a run in this process, once; its rulebook rests on the same as the caller's, or nothing is decided.

    Args:
        folder: the folder of the run.
        digest: of the run that is meant.
        worker: what to call this process.

    Raises:
        WorkerDiffers: naming both sides' versions.
        TableError: when this machine does not see the folder, or another run stands in it.
    """
    with _lock:
        if (folder, digest) not in _opened:
            plain = read_json(Path(folder, RUN))
            if plain is None or plain["digest"] != digest:
                there = "sees no run there" if plain is None else "sees another run there"
                raise TableError([f"{folder}: {worker} {there}; every worker has to see the same folders"])
            order = Order.of(plain)
            book = order.open()
            compare(order.grounds, grounds_of(book, every=bool(order.options["code"])), worker)
            while len(_opened) >= _MOST:
                _opened.pop(next(iter(_opened)))
            _opened[folder, digest] = Opened(
                order=order,
                digest=digest,
                output=Output(Path(folder)),
                book=book,
                decision=book.decision(order.decision),
                local={code: Rulebook.of(code) for code in order.local},
            )
        return _opened[folder, digest]


def this_process() -> str:
    """What to call this process: the worker's address, where it is one."""
    from distributed import get_worker

    try:
        return f"worker {get_worker().address}"
    except ValueError:
        return f"process {os.getpid()}"
