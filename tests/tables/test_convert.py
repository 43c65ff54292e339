"""Columns of every Arrow type: what stands in them is read as plain data would be, or the row is set aside."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fictional.shapes import Everything

from munirules.models.declare import declaration
from munirules.models.read import read_field
from munirules.models.resident import Resident
from munirules.tables.convert import Reader, canonical_type, canonical_value, plain_value
from munirules.tables.frames import TableError
from munirules.tables.plan import Field, unfit
from munirules.tables.planner import Naming, plan_tables

TEXTS = (
    "",
    "1",
    " 12 ",
    "１２",
    "+3",
    "-4",
    "0x10",
    "1.5",
    "1e3",
    "12.345",
    "true",
    "TRUE",
    "false",
    "home",
    "HOME",
    "trade",
)
DATES = ("R8.4.1", "令和8年4月1日", "2026-04-01", "2026-02-30", "昭和20年8月不詳", "平成31年5月1日", "0001-01-01")
RATES = ("7.75%", "１／３", "31/400", "0.0775", "7.75%%")


def field_of(name, cls=Everything):
    """The field of a column, as binding finds it."""
    from munirules.engine.decision import Decision
    from munirules.models.declare import result
    from munirules.money import Yen

    @result
    class Nothing:
        total: Yen

    own = Decision("x.y", cls, Nothing, title="", on="", authority="")
    owner = declaration(cls)
    types = {key: pa.null() for key in owner.types if key not in ("bands", "people", "members", "band")}
    return plan_tables(own, {}, pa.schema(list(types.items())), {}, Naming()).shape.fields[name]


FIELDS = {
    name: field_of(name)
    for name in (
        *("amount", "debt", "fee", "months", "volume", "share", "since", "own", "use", "size", "note", "plain"),
        *("plain_sens", "plain_days", "maybe"),
    )
}
FIELDS["born_on"] = field_of("born_on", Resident)


def alone(field: Field, raw):
    """What reading plain data makes of one value: the canonical one, or that it cannot be."""
    if raw is None:
        return None, False
    problems: list[str] = []
    value = read_field(field.owner, field.name, plain_value(raw, field), "", problems)
    if problems:
        return None, True
    if field.many:
        return [canonical_value(own, field) for own in value], False
    made = canonical_value(value, field, raw if isinstance(raw, str) else None)
    return (None, True) if canonical_type(field) == pa.date32() and type(made) is not date else (made, False)


def agree(field: Field, column: pa.Array):
    """A column is read as each of its values would be."""
    values, bad = Reader(field).read(column)
    marked = np.zeros(len(column), bool) if bad is None else bad
    wanted_type = pa.list_(canonical_type(field)) if field.many else canonical_type(field)
    plain = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
    assert plain.type == wanted_type
    for raw, value, wrong in zip(column.to_pylist(), plain.to_pylist(), marked.tolist(), strict=True):
        wanted, refused = alone(field, raw)
        assert wrong == refused, (field.name, raw)
        if not refused:
            assert value == wanted, (field.name, raw)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
)
def test_texts_are_read_as_plain_data(name, kind):
    field = FIELDS[name]
    texts = [*TEXTS, *DATES, *RATES, None, "home", "13", "20", "RED"]
    if field.many:
        rows = [[text] for text in texts if text is not None] + [["1", "2"], [], None]
        agree(field, pa.array(rows, pa.list_(pa.string())))
        return
    plain = pa.array(texts, pa.string())
    agree(field, plain.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else plain.cast(kind))


@pytest.mark.parametrize("name", ["amount", "debt", "months", "use", "fee", "plain"])
@pytest.mark.parametrize("kind", [pa.int8(), pa.uint8(), pa.int64(), pa.uint64(), pa.int32()])
def test_whole_numbers_of_any_width(name, kind):
    numbers = [0, 1, 2, 12, 13, 100, None] + ([] if pa.types.is_unsigned_integer(kind) else [-1])
    numbers += [2**62, -(2**62)] if kind == pa.int64() and name != "fee" else []
    agree(FIELDS[name], pa.array(numbers, kind))


@pytest.mark.parametrize("name", ["amount", "debt", "plain"])
def test_whole_numbers_that_64_bits_with_a_sign_do_not_hold(name):
    values, bad = Reader(FIELDS[name]).read(pa.array([5, 2**63, 2**63 - 1, None], pa.uint64()))
    assert bad.tolist() == [False, True, False, False]
    assert values.to_pylist() == [5, None, 2**63 - 1, None]


def test_an_amount_in_sen_that_64_bits_do_not_hold():
    values, bad = Reader(FIELDS["fee"]).read(pa.array([2**62, -(2**62), 5]))
    assert bad.tolist() == [True, True, False]
    assert values.to_pylist() == [None, None, 500]
    values, bad = Reader(FIELDS["fee"]).read(pa.array([Decimal("99999999999999999999.99"), Decimal("1.50")]))
    assert bad.tolist() == [True, False]
    assert values.to_pylist() == [None, 150]


@pytest.mark.parametrize("name", ["amount", "months", "debt"])
def test_numbers_that_an_empty_cell_made_floats(name):
    agree(FIELDS[name], pa.array([1.0, 2.5, -3.0, None, float("inf"), float("nan"), 2.0**53, 1e300]))


@pytest.mark.parametrize("name", ["amount", "months", "fee", "debt"])
@pytest.mark.parametrize(
    "kind",
    [pa.decimal128(12, 0), pa.decimal128(12, 2), pa.decimal128(12, 3), pa.decimal256(30, 3), pa.decimal128(38, 2)],
)
def test_decimals(name, kind):
    numbers = [Decimal(1), Decimal(12), Decimal(-5), None]
    numbers += [Decimal("1.5"), Decimal("10.25")] if kind.scale else []
    numbers += [Decimal("1.125")] if kind.scale > 2 else []
    agree(FIELDS[name], pa.array(numbers, kind))


@pytest.mark.parametrize("name", ["since", "maybe", "born_on"])
def test_dates_and_times(name):
    days = [date(2026, 4, 1), date(1, 1, 1), date(9999, 12, 31), None]
    agree(FIELDS[name], pa.array(days, pa.date32()))
    agree(FIELDS[name], pa.array(days, pa.date64()))
    moments = [
        datetime.fromisoformat(own) for own in ("2026-04-01", "2026-04-01T12:00", "1969-12-31", "1969-12-31T23:59")
    ]
    for unit in ("s", "ms", "us", "ns"):
        agree(FIELDS[name], pa.array([*moments, None], pa.timestamp(unit)))


def test_days_that_python_does_not_know():
    column = pa.array([0, 3_000_000, -800_000, None], pa.int32()).cast(pa.date32())
    values, bad = Reader(FIELDS["since"]).read(column)
    assert bad.tolist() == [False, True, True, False]
    assert values.to_pylist()[0] == date(1970, 1, 1)


def test_a_date_known_in_part_goes_to_python():
    values, bad = Reader(FIELDS["born_on"]).read(pa.array(["昭和20年8月不詳", "S20.8.1"]))
    assert bad.tolist() == [True, False]
    assert values.to_pylist() == [None, date(1945, 8, 1)]


def test_flags():
    agree(FIELDS["own"], pa.array([True, False, None]))
    agree(FIELDS["own"], pa.array(["true", "False", "1", "yes", None]))


def test_columns_without_a_value():
    for field in FIELDS.values():
        values, bad = Reader(field).read(pa.nulls(3) if not field.many else pa.nulls(3, pa.list_(pa.null())))
        assert bad is None
        assert values.null_count == 3


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))))
def test_bounds_are_those_of_the_declaration(numbers):
    agree(FIELDS["months"], pa.array(numbers, pa.int64()))
    agree(FIELDS["use"], pa.array(numbers, pa.int64()))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(-(10**6), 10**6).map(str))))
def test_any_text(texts):
    for name in ("amount", "since", "share", "use", "size", "own", "fee"):
        agree(FIELDS[name], pa.array(texts, pa.string()))


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        (pa.float64(), "fee", "money is never a float"),
        (pa.float32(), "amount", "allowed: whole yen"),
        (pa.int64(), "size", "a code is a text, in which a zero in front counts"),
        (pa.int64(), "since", "allowed: a date"),
        (pa.int64(), "own", "allowed: true or false"),
        (pa.timestamp("us", "Asia/Tokyo"), "since", "a date has no time zone"),
        (pa.bool_(), "amount", "allowed: whole yen"),
        (pa.binary(), "note", "allowed: a text"),
        (pa.float64(), "share", "allowed: a rate"),
    ],
)
def test_types_that_no_value_could_be_read_from(kind, name, told):
    assert told in unfit(kind, FIELDS[name].spec)


def test_a_list_is_a_list():
    with pytest.raises(TableError, match="holds lists of"):
        _plan({"plain_sens": pa.int64()})


def _plan(types):
    from munirules.engine.decision import Decision
    from munirules.models.declare import result
    from munirules.money import Yen

    @result
    class Nothing:
        total: Yen

    own = Decision("x.y", Everything, Nothing, title="", on="", authority="")
    return plan_tables(own, {}, pa.schema(list(types.items())), {}, Naming())
