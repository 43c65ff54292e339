"""Lines of CSV by compiled loops are those that Arrow writes."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from munirules.tables.files.rendering import render

SEN = pa.decimal128(20, 2)
WHOLE = st.integers(-(2**63), 2**63 - 1) | st.integers(-100, 100)
KINDS = {
    pa.int64(): WHOLE,
    SEN: (st.integers(-(10**18), 10**18) | st.integers(-300, 300)).map(lambda sen: Decimal(sen) / 100),
    pa.string(): st.text('a",\n漢 ', max_size=5),
    pa.date32(): st.dates(),
    pa.bool_(): st.booleans(),
    pa.null(): st.none(),
}


@st.composite
def batches(draw: st.DrawFn) -> pa.RecordBatch:
    rows = draw(st.integers(0, 6))
    kinds = draw(st.lists(st.sampled_from(list(KINDS)), min_size=1, max_size=5))
    values = [draw(st.lists(KINDS[kind] | st.none(), min_size=rows, max_size=rows)) for kind in kinds]
    columns = [pa.array(column, kind) for column, kind in zip(values, kinds, strict=True)]
    batch = pa.RecordBatch.from_arrays(columns, [str(number) for number in range(len(kinds))])
    return batch.slice(draw(st.integers(0, rows)))


def by_arrow(batch: pa.RecordBatch, delimiter: str = ",") -> bytes:
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(batch, sink, pyarrow.csv.WriteOptions(include_header=False, delimiter=delimiter))
    return bytes(sink.getvalue())


@settings(deadline=None, max_examples=300)
@given(batches(), st.sampled_from([",", "\t"]))
def test_the_same_bytes_as_arrow(batch: pa.RecordBatch, delimiter: str) -> None:
    lines = render(batch, delimiter)
    assert lines is not None
    assert lines.tobytes() == by_arrow(batch, delimiter)


@pytest.mark.parametrize(
    "column",
    [
        pa.array([Decimal(2**70)], pa.decimal128(30, 2)),
        pa.array([Decimal("1.5")], pa.decimal128(9, 1)),
        pa.array([1.5]),
        pa.array([[1]]),
    ],
)
def test_what_arrow_had_better_write(column: pa.Array) -> None:
    assert render(pa.record_batch({"n": [1], "a": column}), ",") is None


def test_a_large_amount_where_there_is_none() -> None:
    column = pa.array([None, Decimal("0.05"), Decimal("-12.30")], SEN)
    lines = render(pa.record_batch({"a": column}), ",")
    assert lines is not None
    assert lines.tobytes() == b"\n0.05\n-12.30\n"
