"""Columns of a file turned into columns of fields: exact, or set aside with the reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from munirules import Rulebook
from munirules.calendar import parse
from munirules.money import Rate
from munirules.tables.files.convert import convert, text_of
from munirules.tables.files.mapping import Source, TableMap
from munirules.tables.files.plan import bind, plain_map
from munirules.tables.files.targets import input_targets, result_targets
from munirules.tables.files.texts import TextError, number

BOOK = Rulebook.of("白川町")
WATER = BOOK.decision("water.supply")
TARGETS = input_targets(BOOK, WATER)[""]
RESULTS = result_targets(WATER)
CHILD = Rulebook.of("岐阜市")
MEMBERS = input_targets(CHILD, CHILD.decision("welfare.child_allowance"))["members"]


def converted(column: object, source: Source | None = None, field: str = "volume", targets=None, **more: object):
    """One column converted, the rest of what the class requires left out."""
    targets = TARGETS if targets is None else targets
    columns = {"a": column, **more}
    batch = pa.record_batch(
        {name: pa.array(values) if isinstance(values, list) else values for name, values in columns.items()}
    )
    source = source or Source(headers=("a",))
    only = {field: targets[field]}
    return convert(bind(TableMap(fields={field: source}, drop=("*",)), list(columns), only), batch)


def values(
    column: object, source: Source | None = None, field: str = "volume", targets=None, **more: object
) -> list[object]:
    found = converted(column, source, field, targets, **more)
    assert found.problems == ()
    return found.fields.column(0).to_pylist()


def reasons(
    column: object, source: Source | None = None, field: str = "volume", targets=None
) -> list[tuple[int, str, str]]:
    return [(each.row, each.value, each.reason) for each in converted(column, source, field, targets).problems]


def test_whole_numbers() -> None:
    texts = ["13", " 25 ", "1,234", "０１２", "-5", "△1,000", "▲7", "+3", "4.0"]
    assert values(texts) == [13, 25, 1234, 12, -5, -1000, -7, 3, 4]
    assert values(["1", "2"]) == [1, 2]
    assert values([1, 2]) == [1, 2]
    assert values([1.0, 2.0]) == [1, 2]
    assert values(pa.array([1, 2], pa.uint64())) == [1, 2]
    assert values([Decimal("3.00")]) == [3]


BAD_NUMBERS = ["12a", "0x10", "1e3", "1,23", "1_0", "1.5", "9" * 19, "-", "NaN", "十三", "True"]


@pytest.mark.parametrize("text", BAD_NUMBERS)
def test_what_is_no_whole_number_is_set_aside_with_its_text(text: str) -> None:
    found = converted(["1", text, "2"])
    assert [(each.row, each.field, each.value) for each in found.problems] == [(1, "volume", text)]
    assert found.problems[0].reason.startswith("volume (使用水量, a): is ")
    assert found.fields.column(0).to_pylist() == [1, 2]
    assert found.rows.tolist() == [0, 2]


def test_a_column_with_one_bad_text_is_read_like_one_without() -> None:
    assert converted(["007", "x", "1,000"]).fields.column(0).to_pylist() == [7, 1000]
    assert converted(["007", "8", "10"]).fields.column(0).to_pylist() == [7, 8, 10]


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.integers(-(10**20), 10**20).map(str), st.text("0123456789,.-+△x ", max_size=8)), min_size=1)
)
def test_columns_are_read_as_texts_one_by_one(texts: list[str]) -> None:
    found = converted(texts)
    wanted = {}
    for row, text in enumerate(texts):
        try:
            value = number(text) if text.strip() else None
        except TextError:
            continue
        if value is None or (value.denominator == 1 and abs(value) < 2**63):
            wanted[row] = value
    assert dict(zip(found.rows.tolist(), found.fields.column(0).to_pylist(), strict=True)) == wanted
    assert {each.row for each in found.problems} == set(range(len(texts))) - set(wanted)


def test_units_and_factors_are_exact() -> None:
    thousands = Source(headers=("a",), factor=Rate(1000))
    assert values(["12", "1,500"], thousands) == [12000, 1500000]
    tenths = Source(headers=("a",), factor=Rate(1, 10))
    assert values(["120", "30.0"], tenths) == [12, 3]
    assert reasons(["125"], tenths) == [(0, "125", "volume (使用水量, a): times 1/10 is not whole")]


def test_amounts_in_sen() -> None:
    plan = TableMap(
        results={"base_charge": Source(headers=("a",)), "meter_rent": Source(headers=("b",), factor=Rate(1, 100))},
        drop=("*",),
    )
    batch = pa.record_batch({"a": ["1,234.5", "7", "0.005"], "b": ["12345", "1", "1"]})
    found = convert(bind(plan, ["a", "b"], {}, results=RESULTS), batch)
    assert found.results.to_pylist() == [
        {"base_charge": Decimal("1234.50"), "meter_rent": Decimal("123.45")},
        {"base_charge": Decimal("7.00"), "meter_rent": Decimal("0.01")},
    ]
    assert [each.reason for each in found.problems] == ["base_charge (基本料金, a): times 100 is not whole"]


def test_dates_of_every_kind() -> None:
    wanted = [date(2023, 5, 10), date(2023, 5, 9)]
    assert values(["2023-05-10", "2023-05-09"], field="previous_on") == wanted
    assert values(["R5.5.10", "令和5年5月9日"], field="previous_on") == wanted
    assert values(["20230510", "2023/05/09"], field="previous_on") == wanted
    assert values(pa.array(wanted, pa.date32()).cast(pa.timestamp("us")), field="previous_on") == wanted
    assert values(pa.array(wanted, pa.date64()), field="previous_on") == wanted
    by_code = Source(headers=("a",), system="default")
    assert values(["5050510", "5050509"], by_code, "previous_on") == wanted
    assert (
        values(["5", "5"], Source(headers=("a", "b"), width=(1, 6), system="default"), "previous_on", b=[50510, 50509])
        == wanted
    )


def test_dates_outside_their_era() -> None:
    said = Source(headers=("a",), system="default", policy="normalise")
    assert values(["4310501"], said, "previous_on") == [date(2019, 5, 1)]
    assert "is not in 平成" in reasons(["4310501"], Source(headers=("a",), system="default"), "previous_on")[0][2]


BAD_DATES = ["2023-02-29", "9999-12-31", "5050510", "令和5年5月", "x", "2023-05-10 12:00"]


@pytest.mark.parametrize("text", BAD_DATES)
def test_what_is_no_whole_date_is_set_aside(text: str) -> None:
    found = converted(["2023-05-10", text], field="previous_on")
    assert [each.row for each in found.problems] == [1]
    assert found.fields.column(0).to_pylist() == [date(2023, 5, 10)]


def test_a_day_with_a_time_is_no_date() -> None:
    assert [
        each.row
        for each in converted(pa.array(["2023-05-10T12:00"]).cast(pa.timestamp("us")), field="previous_on").problems
    ] == [0]


def test_a_date_that_is_known_in_part_stays_what_it_is() -> None:
    source = Source(headers=("a",), system="default")
    column = values(["3200800", "3200815"], source, "born_on", MEMBERS)
    assert parse(str(column[0])).earliest == date(1945, 8, 1)
    assert parse(str(column[0])).latest == date(1945, 8, 31)
    assert column[1] == "1945-08-15"
    assert values(["昭和20年8月不詳"], field="born_on", targets=MEMBERS) == ["昭和20年8月不詳"]


def test_codes() -> None:
    source = Source(headers=("a",), codes={"1": "家事用", "2": "営業用"}, default="家事用")
    assert values(["2", "", "1"], source, "use") == ["営業用", "家事用", "家事用"]
    assert reasons(["2", "9"], source, "use") == [(1, "9", "use (用途, a): is not among the codes of the map (1, 2)")]
    assert values([1, 2], source, "use") == ["家事用", "営業用"]
    assert values([1.0, 2.0], source, "use") == ["家事用", "営業用"]
    assert values(pa.array(["1", "2"]).dictionary_encode(), source, "use") == ["家事用", "営業用"]
    sexes = Source(headers=("a",), codes={"1": "male", "2": "female"})
    assert values(["1", "2"], sexes, "sex", MEMBERS) == ["male", "female"]


def test_flags() -> None:
    assert values(["true", "FALSE", "1", "０"], field="protected", targets=MEMBERS) == [True, False, True, False]
    assert values([True, False], field="protected", targets=MEMBERS) == [True, False]
    assert "neither true, false, 1 nor 0" in reasons(["有"], field="protected", targets=MEMBERS)[0][2]


def test_empty_cells() -> None:
    assert values(["", "3"], field="dwellings") == [1, 3]
    assert values(["", "3"], field="days") == [None, 3]
    assert values(["", " 家事用　"], field="use") == ["一般用", "家事用"]
    assert values(["999", "3"], Source(headers=("a",), none=("999",)), "days") == [None, 3]
    assert values(["", "3"], Source(headers=("a",), default=5), "days") == [5, 3]
    assert reasons(["", "3"], Source(headers=("a",), empty="missing"), "days") == [
        (0, "", "days (使用日数, a): is missing")
    ]
    assert values([None, 3], field="days") == [None, 3]


def test_constants_stand_in_every_row() -> None:
    assert values(["x", "y"], Source(value=2), "months") == [2, 2]
    assert values(["x"], Source(value=date(2023, 5, 10)), "previous_on") == [date(2023, 5, 10)]


def test_joined_texts() -> None:
    source = Source(headers=("a", "b"), join="-")
    assert values(["x", "", ""], source, "area", b=["1", "2", ""]) == ["x-1", "-2", ""]


def test_a_fact_of_which_nothing_stands_in_a_row_is_given_as_none() -> None:
    headers = ["id", "born_on", "Income.year", "Income.status", "Income.total_income", "Income.spouse"]
    batch = pa.record_batch(
        {
            "id": ["a", "b"],
            "born_on": ["S55.4.1", "S56.4.1"],
            "Income.year": ["2025", ""],
            "Income.status": ["", ""],
            "Income.total_income": ["5", ""],
            "Income.spouse": ["", ""],
        }
    )
    found = convert(bind(plain_map(headers, MEMBERS, TableMap()), headers, MEMBERS), batch).fields.to_pylist()
    assert found[0]["Income.status"] is not None
    assert all(value is None for name, value in found[1].items() if name.startswith("Income."))


def test_secret_values_are_never_shown() -> None:
    source = Source(headers=("a",), empty="missing")
    assert [value for _, value, _ in reasons([""], source, "my_number", MEMBERS)] == ["***"]
    assert [value for _, value, _ in reasons(["１２３４５６７８９０１２x", "1"], field="volume")] == ["***x"]


def test_everything_wrong_in_a_row_is_told() -> None:
    headers = ["meter_size", "volume", "months"]
    batch = pa.record_batch({"meter_size": ["x", "13"], "volume": ["y", "1"], "months": ["1", "1"]})
    found = convert(bind(plain_map(headers, TARGETS, TableMap()), headers, TARGETS), batch)
    assert [(each.row, each.field) for each in found.problems] == [(0, "meter_size"), (0, "volume")]
    assert found.rows.tolist() == [1]


def test_texts_of_other_types() -> None:
    assert text_of(pa.array([1.5, 2.0, -3.10])).to_pylist() == ["1.5", "2", "-3.1"]
    assert text_of(pa.array([Decimal("1.50"), Decimal("2.00")])).to_pylist() == ["1.5", "2"]
    assert text_of(pa.array([date(2023, 5, 10)])).to_pylist() == ["2023-05-10"]
    assert text_of(pa.array([True, None])).to_pylist() == ["true", None]
    assert text_of(pa.array(np.array([7], np.int8))).to_pylist() == ["7"]
