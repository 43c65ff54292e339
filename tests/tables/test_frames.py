"""Whatever offers Arrow columns is a table: pyarrow, polars, pandas, DuckDB, streams and lone batches."""

from datetime import date

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from munirules import Rulebook
from munirules.tables import decide_batches, decide_table
from munirules.tables.frames import chunks, stream_of

ON = date(2025, 6, 1)
BOOK = Rulebook.of("岐阜県白川町")
BILLS = {
    "key": ["a", "b", "c", "d"],
    "use": ["家事用", "家事用", "営業用", "家事用"],
    "meter_size": [13, 20, 13, 13],
    "volume": [10, 20, 30, -1],
    "months": [1, 2, 2, 2],
    "days": [None, 20, None, None],
    "previous_on": [date(2025, 5, 1), date(2025, 4, 1), None, None],
}
ARROW = pa.table(BILLS)
CHILDREN = {"key": [1, 1], "id": ["p", "c"], "born_on": [date(1985, 1, 1), date(2020, 1, 1)]}
CLAIMS = {"ChildAllowanceClaim.claimed_on": [None, date(2020, 1, 10)]}
HOLDERS = {"key": [1], "role": ["recipient"], "capacity": ["parent"], "member": ["p"]}


def duck(frame, name):
    connection = duckdb.connect()
    connection.register(name, frame)
    return connection.sql(f"SELECT * FROM {name}")


FRAMES = {
    "pyarrow": pa.table,
    "record batch": pa.RecordBatch.from_pydict,
    "reader": lambda data: pa.table(data).to_reader(max_chunksize=1),
    "polars": pl.DataFrame,
    "pandas": pd.DataFrame,
    "pandas with an index": lambda data: pd.DataFrame(data, index=[f"row {n}" for n in range(len(data["key"]))]),
    "pandas of Arrow": lambda data: pa.table(data).to_pandas(types_mapper=pd.ArrowDtype),
    "duckdb": lambda data: duck(pa.table(data), "data"),
    "categories": lambda data: pl.DataFrame(data).with_columns(pl.col(pl.String).cast(pl.Categorical)),
}


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_each_frame_is_decided_alike(make):
    wanted = decide_table(BOOK, "water.supply", ARROW, on=ON)
    found = decide_table(BOOK, "water.supply", make(BILLS), on=ON)
    assert found.results.drop_columns("key").equals(wanted.results.drop_columns("key"))
    assert [str(key) for key in found.results.column("key").to_pylist()] == ["a", "b", "c"]
    assert [own["reason"] for own in found.rejects.to_pylist()] == [own["reason"] for own in wanted.rejects.to_pylist()]
    assert found.counts == wanted.counts


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_so_are_tables_of_parts(make):
    tables = {"members": make({**CHILDREN, **CLAIMS}), "Roles.holders": make(HOLDERS)}
    found = decide_table(BOOK, "welfare.child_allowance", make({"key": [1]}), on=ON, tables=tables)
    assert [(own["member"], own["recipient"], own["amount"]) for own in found.results.to_pylist()] == [
        ("c", "p", 10_000)
    ]


@pytest.mark.parametrize(
    "turn", [pl.from_arrow, lambda table: table.to_pandas(), duckdb.from_arrow], ids=["polars", "pandas", "duckdb"]
)
def test_results_go_back_into_each(turn):
    results = decide_table(BOOK, "water.supply", ARROW, on=ON).results
    frame = turn(results)
    totals = frame.fetchall() if hasattr(frame, "fetchall") else list(frame["total"])
    assert len(totals) == 3
    assert sum(own[10] for own in totals) == 11_102 if isinstance(totals[0], tuple) else sum(totals) == 11_102


def test_a_stream_is_read_no_further_than_it_is_asked_for():
    read = []

    def batches():
        for number in range(100):
            read.append(number)
            yield from ARROW.to_batches()

    reader = pa.RecordBatchReader.from_batches(ARROW.schema, batches())
    steps = iter(decide_batches(BOOK, "water.supply", reader, on=ON, chunk=4, engine="python"))
    next(steps)
    assert len(read) < 10


@pytest.mark.parametrize("rows", [1, 2, 3, 5, 100])
def test_chunks_have_so_many_rows_whatever_the_batches(rows):
    table = pa.table({"a": list(range(17)), "b": pa.array(["x", "y"] * 8 + ["z"]).dictionary_encode()})
    pieces = list(chunks(table.to_reader(max_chunksize=3), rows))
    assert [piece.num_rows for piece in pieces[:-1]] == [rows] * (len(pieces) - 1)
    assert all(column.num_chunks == 1 for piece in pieces for column in piece.columns)
    assert pa.concat_tables(pieces).to_pylist() == table.to_pylist()


def test_lists_of_structs_of_polars():
    claims = [None, date(2020, 1, 10)]
    people = [
        {"id": own, "born_on": born, "ChildAllowanceClaim.claimed_on": claimed}
        for own, born, claimed in zip(CHILDREN["id"], CHILDREN["born_on"], claims, strict=True)
    ]
    frame = pl.DataFrame(
        {"members": [people], "Roles.holders": [[{"role": "recipient", "member": "p"}]], "note": ["x"]}
    )
    outcome = decide_table(BOOK, "welfare.child_allowance", frame, on=ON, keep=["note"])
    assert [(own["note"], own["member"], own["amount"]) for own in outcome.results.to_pylist()] == [("x", "c", 10_000)]


def test_columns_that_cannot_be_taken_as_arrow():
    class Broken:
        def __arrow_c_stream__(self, requested_schema=None):
            raise pa.ArrowInvalid("no such column")

    with pytest.raises(ValueError, match="bills: its columns cannot be taken as Arrow: no such column"):
        stream_of(Broken(), "bills")
