"""Tables of parts: joined by key in whatever order they stand, with nothing lost that belongs to nobody."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fictional.family import BOOK
from tests.fictional.household import levy
from tests.tables.compare import Asked, check

from munirules.tables import TableError, decide_batches, decide_table
from munirules.testing.kit import book

ON = date(2025, 6, 1)
BORN = date(1980, 1, 1)


def households(keys):
    return pa.table({"key": keys, "moved_in": pa.array([date(2020, 1, 1)] * len(keys))})


def members(keys, incomes, ids=None):
    number = len(incomes)
    return pa.table(
        {
            "key": keys,
            "id": pa.array(ids or [f"m{place}" for place in range(number)], pa.string()),
            "born": pa.array([BORN] * number, pa.date32()),
            "Income.amount": pa.array(incomes, pa.int64()),
            "Disability": pa.array([False] * number, pa.bool_()),
        }
    )


def told(outcome):
    """Per household its members, and what they owe."""
    return [(own["key"], own["member"], own["base"]) for own in outcome.results.to_pylist()]


def decide(main, parts, **options):
    return decide_table(BOOK, levy, main, on=ON, tables={"members": parts}, **options)


ORDERS = {
    "in order": [0, 1, 2, 3, 4],
    "households mixed": [4, 2, 0, 3, 1],
    "households apart": [0, 3, 1, 4, 2],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("kind", [pa.int32(), pa.string(), pa.dictionary(pa.int8(), pa.string())])
def test_rows_find_their_household_in_any_order(order, kind):
    keys, incomes = [1, 1, 2, 2, 2], [1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000]
    parts = members(pa.array(keys).cast(pa.string()) if kind != pa.int32() else keys, incomes).take(order)
    main = households(pa.array([1, 2], pa.int64()))
    if kind != pa.int32():
        main = main.set_column(0, "key", main["key"].cast(pa.string()))
        parts = (
            parts.set_column(0, "key", parts["key"].combine_chunks().dictionary_encode())
            if kind != pa.string()
            else parts
        )
    outcome = decide(main, parts)
    assert {(str(key), member, base) for key, member, base in told(outcome)} == {
        ("1", "m0", 700_000),
        ("1", "m1", 1_700_000),
        ("2", "m2", 2_700_000),
        ("2", "m3", 3_700_000),
        ("2", "m4", 4_700_000),
    }
    assert outcome.parts["members"].rows == outcome.parts["members"].joined == 5


def test_members_keep_the_order_in_which_they_stand():
    outcome = decide(households([7]), members([7, 7, 7], [1, 2, 3], ids=["c", "a", "b"]))
    assert [member for _, member, _ in told(outcome)] == ["c", "a", "b"]


def test_rows_that_belong_to_nobody_are_set_aside():
    outcome = decide(households([1, 2]), members([9, 1, None, 2, 9], [1, 2, 3, 4, 5]))
    found = outcome.rejects.to_pylist()
    assert [(own["row"], own["part"], own["part_row"], own["key"], own["field_or_rule"]) for own in found] == [
        (None, "members", 0, "9", "key"),
        (None, "members", 4, "9", "key"),
        (None, "members", 2, None, "key"),
    ]
    assert found[0]["reason"] == "no row of the table has this key"
    assert found[2]["reason"] == "the key is empty"
    counts = outcome.parts["members"]
    assert (counts.rows, counts.joined, counts.set_aside) == (5, 2, 3)
    assert (outcome.counts.rows, outcome.counts.decided, outcome.counts.set_aside) == (2, 2, 0)


def test_two_rows_of_one_key_are_both_set_aside_with_its_parts():
    outcome = decide(households([1, 2, 1, None]), members([1, 2, 1], [1, 2, 3]))
    found = [
        (own["row"], own["part"], own["part_row"], own["reason"].partition(",")[0])
        for own in outcome.rejects.to_pylist()
    ]
    assert found == [
        (3, "", None, "the key is empty"),
        (0, "", None, "another row has this key too"),
        (2, "", None, "another row has this key too"),
        (None, "members", 0, "several rows of the table have this key; it is not known whose this is"),
        (None, "members", 2, "several rows of the table have this key; it is not known whose this is"),
    ]
    assert (outcome.counts.decided, outcome.counts.set_aside) == (1, 3)


def test_of_a_stream_a_key_that_comes_again_is_found_when_it_comes():
    table = households([1, 2, 3, 1])
    batches = decide_batches(
        *(BOOK, levy, table.to_reader(max_chunksize=2)),
        on=ON,
        tables={"members": members([1, 2, 3], [1, 2, 3])},
        chunk=2,
    )
    found = [(results.column("row").to_pylist(), rejects.column("row").to_pylist()) for results, rejects in batches]
    assert found == [([0, 1], []), ([2], [3])]
    assert (batches.counts.rows, batches.counts.decided, batches.counts.set_aside) == (4, 3, 1)
    assert batches.parts["members"].joined == 3


def test_a_household_without_members_is_decided_and_answers_for_nobody():
    outcome = decide(households([1, 2]), members([2], [1_000_000]))
    assert [key for key, _, _ in told(outcome)] == [2]
    assert outcome.counts.decided == 2
    empty = decide(households([1, 2]), members([], []).cast(members([1], [1]).schema))
    assert (empty.results.num_rows, empty.counts.decided) == (0, 2)


def test_one_id_twice_in_a_household_is_told():
    outcome = decide(households([1, 2]), members([1, 1, 2], [1, 2, 3], ids=["a", "a", "a"]))
    (found,) = outcome.rejects.to_pylist()
    assert found["row"] == 0
    assert "twice" in found["reason"]


def test_a_wrong_value_in_a_part_names_table_row_and_column():
    parts = members([2, 1, 1], [1, -5, 3])
    (found,) = decide(households([1, 2]), parts).rejects.to_pylist()
    assert (found["row"], found["key"], found["part"], found["part_row"]) == (0, "1", "members", 1)
    assert (found["field_or_rule"], found["value"]) == ("Income.amount", "-5")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 12), max_size=12),
    st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=30),
    st.booleans(),
    st.integers(1, 5),
)
def test_every_row_is_joined_or_set_aside(keys, owners, text, chunk):
    kind = pa.string() if text else pa.int64()
    main = households(pa.array(keys, pa.int64()).cast(kind))
    parts = members(pa.array(owners, pa.int64()).cast(kind), [100_000 * number for number in range(len(owners))])
    outcome = decide(main, parts, chunk=chunk)
    once = {key for key in keys if keys.count(key) == 1}
    with_parts = set(filter(lambda key: key is not None, owners))
    aside = [row for row, key in enumerate(keys) if key not in once and key in with_parts]
    wanted = [
        (str(key), f"m{number}") for key in keys if key in once for number, owner in enumerate(owners) if owner == key
    ]
    assert [(str(key), member) for key, member, _ in told(outcome)] == wanted
    rejects = outcome.rejects.to_pylist()
    assert sorted(own["row"] for own in rejects if own["row"] is not None) == aside
    lost = [number for number, owner in enumerate(owners) if owner not in once]
    assert sorted(own["part_row"] for own in rejects if own["row"] is None) == lost
    counts = outcome.parts["members"]
    assert (counts.joined, counts.set_aside) == (len(owners) - len(lost), len(lost))


# How a caller may hand them over.


def test_parts_may_stand_in_a_column_of_lists():
    people = pa.struct(
        [("id", pa.string()), ("born", pa.date32()), ("Income.amount", pa.int64()), ("Disability", pa.bool_())]
    )
    rows = [
        [{"id": "a", "born": BORN, "Income.amount": 1_000_000, "Disability": False}],
        [],
        None,
        [{"id": "b", "born": BORN, "Income.amount": 2_000_000}, None],
        [{"id": "c", "born": BORN, "Income.amount": 3_000_000, "Disability": False}],
    ]
    for kind in (pa.list_(people), pa.large_list(people)):
        table = households([1, 2, 3, 4, 5]).append_column("members", pa.array(rows, kind))
        outcome = decide_table(BOOK, levy, table, on=ON)
        assert told(outcome) == [(1, "a", 700_000), (5, "c", 2_700_000)]
        assert [(own["row"], own["reason"]) for own in outcome.rejects.to_pylist()] == [
            (2, "Household.members (世帯員): missing; allowed: a tuple (in data a list) of rows"),
            (3, "Household.members[1]: None is not an object with fields; it has id, born, mother"),
        ]


def test_the_key_may_have_another_name_in_each_table():
    main = households([1, 2]).rename_columns(["number", "moved_in"])
    parts = members([1, 2], [1_000_000, 2_000_000])
    parts = parts.rename_columns(["household", *parts.column_names[1:]])
    outcome = decide(main, parts, key={"": "number", "members": "household"})
    assert outcome.results.column("number").to_pylist() == [1, 2]


def test_parts_of_parts_stand_in_a_table_with_the_id_of_the_part(module):
    w = module("""
@facts
class Line:
    amount: int = yen("額")

@facts
class Claim:
    id: str = code("番号")
    lines: tuple[Line, ...] = rows("明細")

@facts
class File:
    claims: tuple[Claim, ...] = rows("請求")

@result
class Sum:
    amounts: tuple[int, ...]

d = Decision("x.y", File, Sum, title="計", on="日", authority="架空市長")

@d.rule(title="計")
def amounts(claim: Claim) -> int:
    total = 0
    for line in claim.lines:
        total += line.amount
    return total
""")
    own = book(w.d)
    main = pa.table({"key": ["x", "y"]})
    claims = pa.table({"key": ["y", "x", "x"], "id": ["1", "1", "2"]})
    lines = pa.table(
        {"key": ["x", "y", "x", "x", "z", "x"], "part": ["2", "1", "1", "2", "1", "3"], "amount": [1, 2, 4, 8, 16, 32]}
    )
    outcome = decide_table(own, w.d, main, on=ON, tables={"claims": claims, "claims.lines": lines})
    assert outcome.results.column("amounts").to_pylist() == [[4, 9], [2]]
    found = outcome.rejects.to_pylist()
    assert [(own["part"], own["part_row"], own["key"], own["field_or_rule"]) for own in found] == [
        ("claims.lines", 5, "3", "part"),
        ("claims.lines", 4, "z", "key"),
    ]
    counts = outcome.parts["claims.lines"]
    assert (counts.rows, counts.joined, counts.set_aside) == (6, 4, 2)
    asked = [
        Asked(w.File(claims=(w.Claim(id="1", lines=(w.Line(amount=4),)), w.Claim(id="2", lines=()))), (), ON),
        Asked(w.File(claims=()), (), ON),
    ]
    for nested in (False, True):
        assert check(own, w.d, asked, nested=nested).results.column("amounts").to_pylist() == [[4, 0], []]


def test_what_a_caller_gets_wrong_with_tables_of_parts():
    def wrong(main, tables, **options):
        with pytest.raises(TableError) as caught:
            decide_table(BOOK, levy, main, on=ON, tables=tables, **options)
        return str(caught.value)

    main, parts = households([1]), members([1], [1])
    assert "tables['member']: unknown — did you mean 'members'? (known: members)" in wrong(main, {"member": parts})
    assert "Household.members (世帯員) is missing; give tables={'members': …}" in wrong(main, {})
    assert "the table has no column 'key', by which rows of members belong to its rows" in wrong(
        main.drop_columns("key"), {"members": parts}
    )
    assert "tables['members']: no column 'key', which says to which row of the table a Member belongs" in wrong(
        main, {"members": parts.drop_columns("key")}
    )
    assert "tables['members']: column 'id' is a field, so it cannot also say to which row" in wrong(
        main.append_column("id", pa.array(["a"])), {"members": parts.drop_columns("key")}, key="id"
    )
    assert "the keys 'key' are int64, those of the table string; cast one of them" in wrong(
        households(["1"]), {"members": parts}
    )
    assert "keys are whole numbers or texts" in wrong(households([date(2020, 1, 1)]), {"members": parts})
    assert "tables['members'] is a list, no table; pyarrow.Table.from_pylist(rows)" in wrong(main, {"members": []})
    listed = main.append_column("members", pa.array([[1]]))
    assert "column 'members' is list<item: int64>; the Member rows of an object stand as a list of structs" in wrong(
        listed.rename_columns(["key", "moved_in", "members"]), {}
    ).replace("list<element", "list<item")
    assert "tables['members']: unknown column 'note'" in wrong(
        main, {"members": parts.append_column("note", pa.array(["x"]))}
    )
    outcome = decide(main, parts.append_column("note", pa.array(["x"])), ignore=["members.note"])
    assert outcome.counts.decided == 1
