"""What came of a dataset: the counts of all partitions, put together, and where results and rejects are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow.dataset as ds

from munirules.tables.cluster.order import Order
from munirules.tables.cluster.output import MANIFEST, REJECTS, RESULTS, read_json
from munirules.tables.frames import TableError
from munirules.tables.outcome import Counts, EngineUse, PartCounts, as_plain


@attrs.frozen(kw_only=True, eq=False)
class DatasetOutcome:
    """What came of a dataset.

    Attributes:
        output: the folder with all of it.
        counts: how many rows came out how.
        parts: the same for each table of parts, by name.
        engine: which engine decided them.
        partitions: how many partitions there are.
        found: how many of them an earlier call had finished.
        repartitioned: whether rows were brought together by key.
    """

    output: Path
    counts: Counts
    parts: Mapping[str, PartCounts]
    engine: EngineUse
    partitions: int
    found: int
    repartitioned: bool

    @property
    def results(self) -> ds.Dataset:
        """The results, as `decide_table` gives them; `row` counts through the dataset's files in order of their names."""
        return ds.dataset(self.output / RESULTS, format="parquet")

    @property
    def rejects(self) -> ds.Dataset:
        """What is wrong with the rows set aside, as `decide_table` tells it; rows count likewise."""
        return ds.dataset(self.output / REJECTS, format="parquet")

    def __repr__(self) -> str:
        return f"<DatasetOutcome {self.counts}; {self.partitions} partitions in {self.output}>"


def manifest_of(order: Order, digest: str, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The manifest of a run, of what its partitions tell.

    Raises:
        TableError: when they do not tell of every row of the dataset once.
    """
    counts, engine = Counts(), EngineUse()
    tables = {name: PartCounts() for name in order.sources if name}
    for part in parts:
        _add(counts, part["counts"])
        _add(engine, part["engine"])
        for name, own in part["tables"].items():
            _add(tables[name], own)
    engine.why = "; ".join(sorted({part["engine"]["why"] for part in parts} - {""}))
    told = {"": counts.rows, **{name: own.rows for name, own in tables.items()}}
    for name, files in order.sources.items():
        rows = sum(file.rows for file in files)
        if told[name] != rows:
            raise TableError([f"{name or 'the dataset'} has {rows} rows, but {told[name]} came out"])
    return {
        "digest": digest,
        "decision": order.decision,
        "jurisdiction": order.jurisdiction,
        "on": order.on,
        "known": order.known or None,
        "grounds": {name: attrs.asdict(each) for name, each in order.grounds.items()},
        "repartitioned": order.buckets > 0,
        "counts": as_plain(counts),
        "tables": {name: as_plain(own) for name, own in tables.items()},
        "engine": as_plain(engine),
        "parts": list(parts),
    }


def _add(total: Counts | PartCounts | EngineUse, told: Mapping[str, Any]) -> None:
    for name, number in told.items():
        if isinstance(number, int):
            setattr(total, name, getattr(total, name) + number)


def outcome_of(folder: Path, found: int) -> DatasetOutcome:
    """What the manifest of a folder tells.

    Args:
        folder: the folder.
        found: how many partitions were finished before the call.
    """
    manifest = read_json(folder / MANIFEST)
    return DatasetOutcome(
        output=folder,
        counts=Counts(**manifest["counts"]),
        parts={name: PartCounts(**own) for name, own in manifest["tables"].items()},
        engine=EngineUse(**manifest["engine"]),
        partitions=len(manifest["parts"]),
        found=found,
        repartitioned=manifest["repartitioned"],
    )
