"""Reading plain data: strict, with the path of each fault, all of them at once; and writing it back."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fictional.shapes import EVERYTHING, Band, Bill, Everything, Line, Person, Use

from munirules.models.declare import DeclarationError
from munirules.models.fields import FieldError, sen_of
from munirules.models.read import DataError, read, write
from munirules.money import Rate


def problems(data: object, cls: type = Everything) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(cls, data)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_data_become_an_object():
    read_ = read(
        Everything,
        {
            **EVERYTHING,
            "fee": Decimal("157.5"),
            "since": "令和8年4月1日",
            "use": "Trade",
            "bands": [
                {"use": "home", "above": 0, "price": "120"},
                {"use": "home", "above": 10, "price": Decimal("157.50")},
            ],
            "people": [{"id": "a"}, {"id": "b", "parent": "a"}, {"id": "c", "parent": None}],
            "plain_sens": [1, Decimal("1.25")],
            "plain_days": ["R8.4.1", date(2026, 4, 2)],
            "band": {"use": "trade", "above": 1, "price": 1},
        },
    )
    assert (read_.fee, read_.since, read_.use, read_.share) == (15_750, date(2026, 4, 1), Use.TRADE, Rate(31, 400))
    assert [band.price for band in read_.bands] == [12_000, 15_750]
    assert [person.parent for person in read_.people] == [None, "a", None]
    assert (read_.plain_sens, read_.plain_days) == ((100, 125), (date(2026, 4, 1), date(2026, 4, 2)))
    assert read_.band == Band(use=Use.TRADE, above=1, price=100)
    assert (read_.debt, read_.note, read_.maybe) == (0, "", None)


# One fault each: what is changed in right data, and what is told.
FAULTS = [
    ({"amuont": 5}, r"Everything\.amuont: unknown — did you mean 'amount'\? \(known: amount, debt, .*\)"),
    ({"xyzzy": 5}, r"Everything\.xyzzy: unknown \(known: .*\)"),
    ({"amount": ...}, r"Everything\.amount \(金額\): missing; allowed: whole yen of 0 or more 円"),
    ({"since": ...}, r"Everything\.since \(始期\): missing; allowed: a date such as .*"),
    ({"amount": 12.5}, r"Everything\.amount \(金額\): 12\.5 is a float; allowed: whole yen of 0 or more 円"),
    ({"amount": 12.0}, r"Everything\.amount .*12\.0 is a float.*"),
    ({"amount": Decimal("12.5")}, r"Everything\.amount .*12\.5 is a decimal number.*"),
    ({"amount": "1200"}, r"Everything\.amount .*'1200' is a str.*"),
    ({"amount": True}, r"Everything\.amount .*True is a bool.*"),
    ({"amount": None}, r"Everything\.amount .*None is a NoneType.*"),
    ({"amount": -1}, r"Everything\.amount .*-1 is out of bounds.*"),
    ({"volume": -38}, r"Everything\.volume \(水量\): -38 is out of bounds; allowed: a whole number of 0 or more m³"),
    ({"months": 13}, r"Everything\.months .*13 is out of bounds; allowed: a whole number from 1 to 12"),
    ({"fee": 157.5}, r"Everything\.fee \(料金\): 157\.5 is a float; write yen with at most two decimals"),
    ({"fee": Decimal("1.234")}, r"Everything\.fee .*1\.234 has more than two decimals; money goes down to the sen"),
    ({"fee": "12 yen"}, r"Everything\.fee .*'12 yen' is not a number.*"),
    ({"fee": "NaN"}, r"Everything\.fee .*NaN is not a number.*"),
    ({"fee": "Infinity"}, r"Everything\.fee .*Infinity is not a number.*"),
    ({"fee": True}, r"Everything\.fee .*True is a bool.*"),
    ({"fee": -1}, r"Everything\.fee .*-100 is out of bounds.*"),
    ({"share": 0.0775}, r"Everything\.share \(割合\): rate 0\.0775: a float is not exact; write '7\.75%'.*"),
    ({"share": "a lot"}, r"Everything\.share .*rate 'a lot' is not understood.*"),
    ({"since": "2026-02-30"}, r"Everything\.since .*"),
    ({"since": "someday"}, r"Everything\.since .*someday.*"),
    ({"since": datetime(2026, 4, 1, 9, tzinfo=UTC)}, r"Everything\.since .*2026-04-01T09:00:00\+00:00 has a time; write the date alone"),
    ({"since": 20260401}, r"Everything\.since .*20260401 is not a date; write 2026-04-01, R8\.4\.1 or 令和8年4月1日"),
    ({"own": 1}, r"Everything\.own \(自己所有\): 1 is a int; allowed: true or false"),
    ({"own": "true"}, r"Everything\.own .*'true' is a str.*"),
    ({"use": "hone"}, r"Everything\.use \(用途\): 'hone' is not known; allowed: home, trade — did you mean 'home'\?"),
    ({"use": 1}, r"Everything\.use .*1 is not known; allowed: home, trade"),
    ({"size": "14"}, r"Everything\.size \(口径\): '14' is not known; allowed: one of 13, 20"),
    ({"size": 13}, r"Everything\.size .*13 is a int.*"),
    ({"bands": {"use": "home"}}, r"Everything\.bands \(料金表\): \{'use': 'home'\} is not a list.*"),
    ({"bands": [1]}, r"Everything\.bands\[0\]: 1 is not an object with fields; it has use, above, price"),
    ({"bands": [{"use": "home", "above": 0}]}, r"Everything\.bands\[0\]\.price \(単価\): missing.*"),
    ({"bands": [{"use": "home", "above": 0, "price": 1, "prize": 2}]}, r"Everything\.bands\[0\]\.prize: unknown — did you mean 'price'\?.*"),
    ({"people": [{"id": "a"}, {"id": 2}]}, r"Everything\.people\[1\]\.id \(番号\): 2 is a int.*"),
    ({"plain_sens": [1, 1.5]}, r"Everything\.plain_sens\[1\]: 1\.5 is a float.*"),
    ({"plain_days": ["today"]}, r"Everything\.plain_days\[0\].*today.*"),
    ({"plain_sens": 1}, r"Everything\.plain_sens .*1 is not a list.*"),
    ({"plain": 1.5}, r"Everything\.plain .*1\.5 is a float.*"),
    ({"band": 3}, r"Everything\.band: 3 is not an object with fields; it has use, above, price"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), FAULTS, ids=[str(change) for change, _ in FAULTS])
def test_a_fault_is_told_with_its_path(change, told):
    data = {name: value for name, value in {**EVERYTHING, **change}.items() if value is not ...}
    found = problems(data)
    assert len(found) == 1

    assert re.fullmatch(told, found[0], re.DOTALL), found[0]


def test_all_faults_are_told_at_once():
    found = problems({"amuont": 1, "fee": 1.5, "months": 0, "bands": [{"use": "x"}, {"abov": 1}], "use": "home"})
    paths = [line.split(":")[0].split(" ")[0] for line in found]
    assert paths == [
        "Everything.amuont",
        "Everything.amount",
        "Everything.volume",
        "Everything.share",
        "Everything.since",
        "Everything.own",
        "Everything.size",
        "Everything.fee",
        "Everything.months",
        "Everything.bands[0].above",
        "Everything.bands[0].price",
        "Everything.bands[0].use",
        "Everything.bands[1].abov",
        "Everything.bands[1].use",
        "Everything.bands[1].above",
        "Everything.bands[1].price",
    ]


def test_a_path_may_have_another_name():
    with pytest.raises(DataError, match=r"^facts\.json\.id \(番号\): missing"):
        read(Person, {}, "facts.json")


@pytest.mark.parametrize("data", [None, 5, "text", [], [("id", "a")]], ids=repr)
def test_what_is_no_object_is_told(data):
    assert problems(data, Person) == [f"Person: {data!r} is not an object with fields; it has id, parent"]


def test_only_declared_classes_are_read():
    with pytest.raises(DeclarationError, match="int is not declared"):
        read(int, 5)


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ([("home", 0), ("home", 10), ("trade", 0), ("trade", 5)], None),
        ([("home", 0), ("trade", 0), ("home", 10)], None),
        ([("home", 10), ("home", 0)], "Everything.bands[1].above: 0 does not ascend after 10 in <Use.HOME: 1>"),
        (
            [("home", 0), ("trade", 0), ("home", 0)],
            "Everything.bands[2].above: 0 does not ascend after 0 in <Use.HOME: 1>",
        ),
    ],
)
def test_rows_ascend_within_their_table(tables, told):
    data = {**EVERYTHING, "bands": [{"use": use, "above": above, "price": 1} for use, above in tables]}
    if told is None:
        assert len(read(Everything, data).bands) == len(tables)
    else:
        assert problems(data) == [told]


# Writing.

DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
BANDS = st.builds(Band, use=st.sampled_from(Use), above=st.integers(0, 10**6), price=st.integers(0, 10**9))
EVERY = st.builds(
    Everything,
    amount=st.integers(0, 10**15),
    debt=st.integers(-(10**15), 10**15),
    fee=st.integers(0, 10**12),
    months=st.integers(1, 12),
    volume=st.integers(0, 10**9),
    share=st.builds(Rate, st.integers(-1000, 1000), st.integers(1, 1000)),
    since=DAYS,
    own=st.booleans(),
    use=st.sampled_from(Use),
    size=st.sampled_from(["13", "20"]),
    note=st.text(max_size=20),
    bands=st.lists(BANDS, max_size=1).map(tuple),
    people=st.lists(st.builds(Person, id=st.text(min_size=1, max_size=3)), max_size=3).map(tuple),
    plain=st.integers(-(10**12), 10**12),
    plain_sens=st.lists(st.integers(-(10**9), 10**9), max_size=3).map(tuple),
    plain_days=st.lists(DAYS, max_size=2).map(tuple),
    maybe=st.none() | DAYS,
    band=st.none() | BANDS,
)
LINES = st.builds(
    Line,
    st.sampled_from(Use),
    st.integers(-(10**9), 10**9),
    st.lists(DAYS, max_size=2).map(tuple),
    st.none() | st.text(max_size=5),
)
BILLS = st.builds(
    Bill,
    total=st.integers(-(10**12), 10**12),
    part=st.integers(-(10**12), 10**12),
    sens=st.lists(st.integers(-(10**9), 10**9), max_size=3).map(tuple),
    lines=st.lists(LINES, max_size=3).map(tuple),
    whole=st.booleans(),
)


@given(EVERY | BILLS)
def test_what_is_written_reads_as_the_same_object(value):
    wire = json.dumps(write(value), ensure_ascii=False, allow_nan=False)
    assert read(type(value), json.loads(wire, parse_float=Decimal)) == value


def test_money_is_written_in_yen():
    bill = Bill(total=12, part=157_50, sens=(100, 150), lines=(Line(Use.HOME, 2_50, (), None),), whole=True)
    assert write(bill) == {
        "total": 12,
        "part": 157.5,
        "sens": [1, 1.5],
        "lines": [{"use": "home", "amount": 2.5, "days": [], "note": None}],
        "whole": True,
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"use": "home", "amount": 1, "days": []}, "is not an object with the fields use, amount, days, note"),
        ({"use": "home", "amount": 1, "days": [], "note": None, "more": 1}, "is not an object with the fields"),
        ({"use": "home", "amount": 1.5, "days": [], "note": None}, "Bill.lines[0].amount: 1.5 is a float"),
        ({"use": "hom", "amount": 1, "days": [], "note": None}, "Bill.lines[0].use: 'hom' is not known"),
        (["home", 1, [], None], "is not an object with the fields"),
    ],
)  # fmt: skip
def test_records_of_rules_are_read_strictly(line, told):
    found = problems({"total": 1, "part": 1, "sens": [], "lines": [line], "whole": False}, Bill)
    assert len(found) == 1
    assert told in found[0]


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_sen_are_exact(amount):
    assert sen_of(amount) == int(amount * 100)


@pytest.mark.parametrize("amount", ["0.001", "1e-3", "NaN", "sNaN", "Infinity"])
def test_sen_go_no_further(amount):
    with pytest.raises(FieldError):
        sen_of(Decimal(amount))
