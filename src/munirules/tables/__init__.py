"""Decisions over columns: whole tables in, whole tables out, with nothing lost. Needs the extra `tables`.

What an importer needs stands here, and is loaded at first use::

    outcome = book.decide_table(water_bill, bills, on=date(2026, 6, 10))
    outcome.results, outcome.rejects, outcome.counts
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from munirules.errors import MissingExtra

if TYPE_CHECKING:
    from munirules.tables.cluster.client import ClusterError
    from munirules.tables.cluster.dataset import Split
    from munirules.tables.cluster.outcome import DatasetOutcome
    from munirules.tables.cluster.run import decide_dataset
    from munirules.tables.frames import TableError
    from munirules.tables.grounds import WorkerDiffers
    from munirules.tables.layout import Answers, Bound, Engine, Node, Parts, Prepare
    from munirules.tables.outcome import Counts, EngineUse, PartCounts, TableOutcome
    from munirules.tables.questions import Tables, tables_from
    from munirules.tables.run import Options
    from munirules.tables.table import Batches, decide_batches, decide_table, requests_in

_HOMES = {
    "munirules.tables.cluster.client": ("ClusterError",),
    "munirules.tables.cluster.dataset": ("Split",),
    "munirules.tables.cluster.outcome": ("DatasetOutcome",),
    "munirules.tables.cluster.run": ("decide_dataset",),
    "munirules.tables.frames": ("TableError",),
    "munirules.tables.grounds": ("WorkerDiffers",),
    "munirules.tables.layout": ("Answers", "Bound", "Engine", "Node", "Parts", "Prepare"),
    "munirules.tables.outcome": ("Counts", "EngineUse", "PartCounts", "TableOutcome"),
    "munirules.tables.questions": ("Tables", "tables_from"),
    "munirules.tables.run": ("Options",),
    "munirules.tables.table": ("Batches", "decide_batches", "decide_table", "requests_in"),
}
_CLUSTER = "munirules.tables.cluster"
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answers",
    "Batches",
    "Bound",
    "ClusterError",
    "Counts",
    "DatasetOutcome",
    "Engine",
    "EngineUse",
    "Node",
    "Options",
    "PartCounts",
    "Parts",
    "Prepare",
    "Split",
    "TableError",
    "TableOutcome",
    "Tables",
    "WorkerDiffers",
    "decide_batches",
    "decide_dataset",
    "decide_table",
    "requests_in",
    "tables_from",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'munirules.tables' has no attribute {name!r}")
    try:
        value = getattr(import_module(_HOME_OF[name]), name)
    except ImportError as error:
        if not _HOME_OF[name].startswith(_CLUSTER):
            raise  # told by `Rulebook.decide_table`
        raise MissingExtra(f"munirules.tables.{name}", "cluster", error) from error
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
