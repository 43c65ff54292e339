"""`decide_table`: what comes back, what is set aside and why, and what a call is refused for."""

import json
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from tests.fictional.family import BOOK
from tests.fictional.household import DECISIONS, levy, relief
from tests.fictional.laws import LAWS
from tests.tables.compare import Asked, check

from munirules import Rulebook, none_of, of_date, provisional
from munirules.engine.area import AreaContent
from munirules.engine.provisions import NotInForce
from munirules.engine.rulebook import Rulebook as EngineRulebook
from munirules.engine.rulebook import UnknownDecision
from munirules.law.water.supply import water_bill
from munirules.tables import TableError, decide_batches, decide_table, requests_in, tables_from
from munirules.testing.kit import Memory, book, chain

ON = date(2025, 6, 1)
TOWN = Rulebook.of("岐阜県白川町")
BILLS = {
    "key": ["a", "b", "c", "d"],
    "use": ["家事用", "家事用", "営業用", "船舶用"],
    "meter_size": [13, 20, 13, 13],
    "volume": [10, 20, 30, 40],
    "months": [1, 2, 2, 2],
}


def bills(**columns):
    return pa.table({**BILLS, **columns})


def wrong(*args, **options):
    """What a call is refused for."""
    with pytest.raises(TableError) as caught:
        decide_table(*args, **options)
    return str(caught.value)


def test_results_stand_beside_their_keys_in_order():
    outcome = TOWN.decide_table("water.supply", bills(), on=ON)
    assert outcome.results.column_names == [
        *("row", "key", "days_used", "billed_volume", "base_charge", "volume_charge", "meter_rent", "relief"),
        *("subtotal", "consumption_tax", "total", "status", "reason"),
    ]
    assert outcome.results.column("total").to_pylist() == [1854, 3812, 5436, None]
    assert outcome.results.column("key").to_pylist() == ["a", "b", "c", "d"]
    assert outcome.results.column("status").to_pylist() == ["decided", "decided", "decided", "refused"]
    assert outcome.results.column("reason").to_pylist()[2:] == [None, "料金表に該当する区域・用途・口径がない"]
    assert outcome.results.column("base_charge").to_pylist()[0] == Decimal("1619.00")
    assert outcome.rejects.num_rows == 0
    assert str(outcome.counts) == "4 rows: 3 decided, 1 refused"


def test_metadata_say_what_decided():
    outcome = TOWN.decide_table("water.supply", bills(), on=ON)
    told = json.loads(outcome.results.schema.metadata[b"munirules"])
    assert told["decision"] == "water.supply"
    assert told["jurisdiction"] == "215066"
    assert told["on"] == "2025-06-01"
    assert told["counts"]["rows"] == 4
    assert told["engine"] == {"kernel": 0, "python": 4, "why": outcome.engine.why}
    assert "fewer than" in outcome.engine.why


def test_a_row_that_is_wrong_is_set_aside_with_everything_that_is_wrong_with_it():
    outcome = TOWN.decide_table("water.supply", bills(volume=[10, -1, 30, 40], months=[1, 13, 2, None]), on=ON)
    assert outcome.results.column("row").to_pylist() == [0, 2]
    assert outcome.counts.set_aside == 2
    found = outcome.rejects.to_pylist()
    assert [(own["row"], own["key"], own["field_or_rule"], own["value"], own["error"]) for own in found] == [
        (1, "b", "volume", "-1", "DataError"),
        (1, "b", "months", "13", "DataError"),
        (3, "d", "months", None, "DataError"),
    ]
    assert found[0]["reason"] == (
        "WaterUse.volume (使用水量): -1 is out of bounds; allowed: a whole number of 0 or more m³"
    )
    assert found[2]["reason"] == "WaterUse.months (月数): missing; allowed: a whole number from 1 to 12"


def test_invariants_hold_for_rows():
    started, stopped = [date(2025, 5, 20), None, None, None], [date(2025, 5, 1), None, None, None]
    outcome = TOWN.decide_table("water.supply", bills(started_on=started, stopped_on=stopped), on=ON)
    (found,) = outcome.rejects.to_pylist()
    assert (found["row"], found["field_or_rule"], found["value"]) == (0, "stopped_on", "2025-05-01")
    assert found["reason"] == "WaterUse.stopped_on (使用中止日): before started_on (使用開始日)"


def test_a_rule_that_fails_is_named(module):
    made = module("""
@facts
class Q:
    a: int = count("数")

@result
class R:
    half: int

d = Decision("x.y", Q, R, title="割る", on="日", authority="架空市長")

@d.rule(title="割る")
def half(q: Q) -> int:
    return 100 // q.a
""")
    outcome = decide_table(book(made.d), made.d, pa.table({"a": [5, 0]}), on=ON)
    assert outcome.results.column("half").to_pylist() == [20]
    (found,) = outcome.rejects.to_pylist()
    assert (found["row"], found["field_or_rule"], found["error"]) == (1, "half", "RuleFailed")
    assert "ZeroDivisionError" in found["reason"]


def test_an_amount_that_64_bits_do_not_hold_is_set_aside(module):
    made = module("""
@facts
class Q:
    a: int = count("数")

@result
class R:
    power: int

d = Decision("x.y", Q, R, title="掛ける", on="日", authority="架空市長")

@d.rule(title="掛ける")
def power(q: Q) -> int:
    return q.a * q.a * q.a
""")
    outcome = decide_table(book(made.d), made.d, pa.table({"a": [5, 2**31]}), on=ON)
    assert outcome.results.column("power").to_pylist() == [125]
    (found,) = outcome.rejects.to_pylist()
    assert found["error"] == "TooLarge"
    assert "does not fit into 64 bits" in found["reason"]


# What stands beside.


def test_columns_are_kept_beside_the_result():
    table = bills(note=["x", None, "y", "z"])
    assert "ignore=['note'] passes it over" in wrong(TOWN, water_bill, table, on=ON)
    outcome = decide_table(TOWN, water_bill, table, on=ON, keep=["note", "volume"])
    assert outcome.results.column("note").to_pylist() == ["x", None, "y", "z"]
    assert outcome.results.column("volume").to_pylist() == [10, 20, 30, 40]
    assert "note" not in decide_table(TOWN, water_bill, table, on=ON, ignore=["note"]).results.column_names


def test_a_field_whose_name_is_taken_is_called_by_its_class():
    outcome = decide_table(TOWN, water_bill, bills(total=[1, 2, 3, 4]), on=ON, keep=["total"])
    assert outcome.results.column("total").to_pylist() == [1, 2, 3, 4]
    assert outcome.results.column("WaterBill.total").to_pylist() == [1854, 3812, 5436, None]


def test_no_key_is_needed_where_there_are_no_parts():
    outcome = decide_table(TOWN, water_bill, bills().drop_columns("key"), on=ON)
    assert outcome.results.column_names[:2] == ["row", "days_used"]


# The date.


def test_the_date_may_stand_in_a_column():
    days = ["R7.6.1", "令和元年11月10日", None, "2025-02-30"]
    outcome = decide_table(TOWN, water_bill, bills(read_on=days), on="read_on")
    alone = TOWN.decide_table(water_bill, bills(), on=date(2019, 11, 10)).results.column("total").to_pylist()
    assert outcome.results.column("total").to_pylist() == [1854, alone[1]]
    found = outcome.rejects.to_pylist()
    assert [(own["row"], own["field_or_rule"], own["value"], own["error"]) for own in found] == [
        (2, "read_on", None, "OnError"),
        (3, "read_on", "2025-02-30", "OnError"),
    ]


def test_a_date_is_a_date_or_a_column():
    assert "is a datetime.date" in wrong(TOWN, water_bill, bills(), on=datetime.fromisoformat("2025-06-01"))
    assert "no column 'read_onn' — did you mean 'read_on'?" in wrong(
        TOWN, water_bill, bills(read_on=[ON] * 4), on="read_onn"
    )
    assert "column 'volume' is int64; allowed: a date" in wrong(TOWN, water_bill, bills(), on="volume")


def test_no_law_for_a_date_is_told_once_and_in_a_column_for_each_row():
    with pytest.raises(NotInForce):
        decide_table(TOWN, water_bill, bills(), on=date(1950, 1, 1))
    outcome = decide_table(TOWN, water_bill, bills(at=[ON, date(1950, 1, 1), ON, ON]), on="at")
    assert [own["error"] for own in outcome.rejects.to_pylist()] == ["NotInForce"]


def test_what_was_known_on_a_date():
    asked = [Asked(relief_subject(), (), ON)]
    outcome = check(BOOK, levy, asked, known=date(2024, 1, 1))
    assert json.loads(outcome.results.schema.metadata[b"munirules"])["known"] == "2024-01-01"


def relief_subject():
    from tests.fictional.household import Household

    return Household(members=(), moved_in=date(2020, 1, 1))


# Several municipalities.


def test_municipalities_are_told_apart_by_their_code():
    codes = ["215066", "210000", "215066", None]
    outcome = decide_table(TOWN, water_bill, bills(code=codes), on=ON, code="code")
    assert outcome.results.column("row").to_pylist() == [0, 2]
    found = outcome.rejects.to_pylist()
    assert [(own["row"], own["field_or_rule"], own["value"]) for own in found] == [
        (1, "code", "210000"),
        (3, "code", None),
    ]
    assert found[1]["reason"] == "the code is empty"


def test_each_row_is_decided_by_the_rulebook_of_its_code():
    towns = ["215066", "044041", "212199", "215066", "044041", "212199"]  # 白川町, 七ヶ浜町, 郡上市
    table = pa.table(
        {
            "code": towns,
            "use": ["家事用", "一般用", "一般用", "家事用", "一般用", "一般用"],
            "meter_size": [13] * 6,
            "volume": [10, 20, 30, 40, 50, -1],
            "months": [2] * 6,
        }
    )
    outcome = decide_table(TOWN, water_bill, table, on=ON, code="code")
    alone = {}
    for code in set(towns):
        found = decide_table(Rulebook.of(code), water_bill, table.drop_columns("code"), on=ON)
        alone.update({(code, row["row"]): row for row in found.results.to_pylist()})
    wanted = [alone[code, row] for row, code in enumerate(towns) if (code, row) in alone]
    assert outcome.results.drop_columns("code").to_pylist() == wanted
    assert [own["row"] for own in outcome.rejects.to_pylist()] == [5]
    assert [own["code"] for own in outcome.results.to_pylist()] == [code for row, code in enumerate(towns) if row != 5]


def test_codes_are_texts_and_of_decisions_that_are_there():
    assert "codes are texts, in which a zero in front counts" in wrong(
        TOWN, water_bill, bills(code=[215066] * 4), on=ON, code="code"
    )
    outcome = decide_table(TOWN, water_bill, bills(code=["215066", "999999", "x", "215066"]), on=ON, code="code")
    assert [own["error"] for own in outcome.rejects.to_pylist()] == ["JurisdictionCodeError", "UnknownJurisdiction"]


def test_a_rulebook_that_is_open_need_not_be_opened():
    table = pa.table(
        {
            "code": ["1", "2"],
            "key": [1, 2],
            "members": pa.array([[], []], pa.list_(pa.struct([("id", pa.string()), ("born", pa.date32())]))),
            "moved_in": [date(2020, 1, 1)] * 2,
        }
    )
    outcome = decide_table(BOOK, levy, table, on=ON, code="code", rulebooks={"1": BOOK, "2": BOOK})
    assert outcome.counts.decided == 2


# Facts.


FAMILY = {
    "key": pa.array([1, 2, 3]),
    "moved_in": pa.array([date(2020, 1, 1)] * 3),
    "Hardship.severe": pa.array([True, None, False]),
}
PASSED_OVER = ("Hardship.severe", "members.Schooling.pupil")
MEMBERS = {
    "key": [1, 1, 2, 3],
    "id": ["a", "b", "a", "c"],
    "born": [date(1980, 1, 1), date(2020, 1, 1), date(1990, 1, 1), date(1950, 1, 1)],
    "mother": [None, "a", None, None],
    "Income.amount": [3_000_000, None, 2_000_000, None],
    "Disability.grade": [None, None, 2, 1],
    "Schooling.pupil": [False, True, False, None],
}


def family(**columns):
    return pa.table({**FAMILY, **columns})


def members(**columns):
    return {"members": pa.table({**MEMBERS, **columns})}


def test_an_empty_cell_of_a_required_field_gives_the_fact_as_none():
    outcome = decide_table(BOOK, levy, family(), on=ON, tables=members(), ignore=PASSED_OVER)
    told = {(own["row"], own["member"]): own["base"] for own in outcome.results.to_pylist()}
    assert told == {
        (0, "a"): 2_700_000,
        (1, "a"): 1_100_000,
    }  # less 控除額, threefold with a disability of the second grade
    (found,) = outcome.rejects.to_pylist()
    assert (found["row"], found["part"], found["part_row"], found["field_or_rule"]) == (2, "members", 3, "Income")
    assert "is given as none, but asked by rule 'base'" in found["reason"]


def test_a_column_of_the_fact_says_outright_whether_it_is_given():
    said = {"Hardship": pa.array([True, None, False])}
    outcome = decide_table(BOOK, relief, family(**said), on=ON, tables=members(), engine="python")
    told = [(own["row"], own["status"]) for own in outcome.results.to_pylist()]
    assert told == [(0, "decided"), (1, "needs_finding"), (2, "needs_finding")]
    assert outcome.results.column("reason").to_pylist()[1] == "困窮の認定 (Hardship): 架空市福祉審査会"
    assert (outcome.counts.needs_finding, outcome.counts.set_aside) == (2, 0)


def test_a_finding_without_a_column_is_still_to_be_made():
    table = family().drop_columns("Hardship.severe")
    outcome = decide_table(BOOK, relief, table, on=ON, tables=members(**{"Income.amount": [1, 1, 1, 1]}))
    assert outcome.counts.needs_finding == 3


def test_a_fact_in_no_column_is_an_error_of_the_call():
    table = pa.table({"moved_in": [ON], "key": [1]})
    tables = {"members": pa.table({"key": [1], "id": ["a"], "born": [date(1980, 1, 1)]})}
    told = wrong(BOOK, levy, table, on=ON, tables=tables)
    assert "Income (所得) is in no column: add to tables['members'] the columns Income.amount" in told
    assert "Disability (障害) is in no column" in told


def test_a_fact_about_the_whole_in_no_column_is_told_before_any_row(module):
    made = module("""
@facts
class Q:
    a: int = count("数")

@facts(title="事実")
class Known:
    b: int = count("別の数")

@result
class R:
    sum: int

d = Decision("x.y", Q, R, title="足す", on="日", authority="架空市長")

@d.rule("sum", title="足す")
def added(q: Q, known: Known | None) -> int:
    return q.a + (0 if known is None else known.b)
""")
    own = book(made.d)
    told = wrong(own, made.d, pa.table({"a": pa.array([], pa.int64())}), on=ON)
    assert told == (
        "Known (事実) is in no column: add to the table the columns Known.b (a column Known of false: there is none); "
        "rule 'sum' (足す) of x.y asks for it"
    )
    outcome = decide_table(own, made.d, pa.table({"a": [1, 2], "Known.b": [5, None]}), on=ON)
    assert outcome.results.column("sum").to_pylist() == [6, 2]
    outcome = decide_table(own, made.d, pa.table({"a": [1, 2], "Known": [False, False]}), on=ON)
    assert outcome.results.column("sum").to_pylist() == [1, 2]


def test_facts_that_are_not_final_make_the_result_provisional():
    named = pa.array([["Income"], [], ["Income", "Disability"], []], pa.list_(pa.string()))
    outcome = decide_table(
        BOOK,
        levy,
        family(),
        on=ON,
        tables=members(provisional=named, **{"Income.amount": [1, 2, 3, 4]}),
        ignore=PASSED_OVER,
    )
    assert outcome.results.column("status").to_pylist() == ["provisional", "provisional", "decided"]
    assert (outcome.counts.provisional, outcome.counts.decided) == (2, 1)
    texts = ["Income, Disability", None, "Hardship", ""]
    outcome = decide_table(
        BOOK,
        levy,
        family(),
        on=ON,
        tables=members(provisional=texts, **{"Income.amount": [1, 2, 3, 4]}),
        ignore=PASSED_OVER,
    )
    (found,) = outcome.rejects.to_pylist()
    assert found["row"] == 1
    assert "Hardship' is not among the facts given beside it" in found["reason"]


def test_a_result_of_another_decision_is_supplied_like_a_fact():
    table = family()
    supplied = {"Card.discount": [0, 500, 0, 0], "Income.amount": [1, 1, 1, 1]}
    own = decide_table(
        BOOK,
        "welfare.allowance",
        table,
        on=ON,
        tables=members(**supplied),
        ignore=PASSED_OVER,
    )
    decided = decide_table(
        BOOK,
        "welfare.allowance",
        table,
        on=ON,
        tables=members(**{"Income.amount": [1, 1, 1, 1], "Schooling.pupil": [False] * 4}),
        ignore=PASSED_OVER,
    )
    difference = own.results.column("total").to_pylist()[0] - decided.results.column("total").to_pylist()[0]
    assert difference == 500


def test_a_result_of_another_date(module):
    made = module("""
@facts
class Q:
    last: date = day("前回")

@result
class R:
    a: int

d = Decision("x.y", Q, R, title="続き", on="日", authority="架空市長")

@d.rule(title="数")
def before(q: Q) -> date:
    return q.last

@d.rule(title="続き")
def a(earlier: Annotated[R, at("before")]) -> int:
    return earlier.a + 1
""")
    own, last = book(made.d), date(2024, 1, 1)
    asked = [Asked(made.Q(last=last), (of_date(last, made.R(a=number)),), ON) for number in (3, 4)]
    assert check(own, made.d, asked).results.column("a").to_pylist() == [4, 5]
    assert check(own, made.d, asked, nested=True).results.column("a").to_pylist() == [4, 5]


def test_observers_see_every_outcome():
    seen = []
    content = AreaContent(chain=chain(**LAWS), decisions=DECISIONS)
    own = EngineRulebook(Memory(jurisdiction=BOOK.jurisdiction, contents={"welfare": content}, watchers=[seen.append]))
    outcome = decide_table(
        own, levy, family(), on=ON, tables=members(**{"Income.amount": [1, 2, 3, 4]}), ignore=PASSED_OVER
    )
    assert len(seen) == 3
    assert "observer" in outcome.engine.why


# What is never shown.


def test_secret_values_are_never_shown():
    table = pa.table({"key": [1], "id": ["1"], "head": ["a"]})
    tables = {
        "members": pa.table(
            {
                "key": [1],
                "id": ["a"],
                "born_on": ["1980-04-01"],
                "my_number": ["123456789012"],
                "name": ["123456789012"],
            }
        ),
        "Roles.holders": pa.table({"key": [1], "role": ["recipient"], "member": ["a"], "capacity": ["parent"]}),
    }
    tables["members"] = tables["members"].append_column("ChildAllowanceClaim", pa.array([False]))
    outcome = decide_table(TOWN, "welfare.child_allowance", table, on=ON, tables=tables)
    (found,) = outcome.rejects.to_pylist()
    assert found["field_or_rule"] == "my_number"
    assert found["value"] == "***"
    assert "123456789012" not in json.dumps(outcome.rejects.to_pylist(), ensure_ascii=False)


def test_numbers_that_look_secret_are_masked_wherever_they_stand():
    outcome = decide_table(TOWN, water_bill, bills(months=["1", "123456789012", "2", "2"]), on=ON)
    (found,) = outcome.rejects.to_pylist()
    assert (found["field_or_rule"], found["value"]) == ("months", "***")


# What a caller gets wrong.


def test_unknown_columns_are_told_with_what_may_be_meant():
    told = wrong(TOWN, water_bill, bills(volum=[1] * 4), on=ON)
    assert "unknown column 'volum' — did you mean 'volume'?; keep=['volum'] puts it beside the result" in told
    told = wrong(BOOK, levy, family(**{"Incom.amount": [1] * 3}), on=ON, tables=members())
    assert "welfare.levy asks for no fact 'Incom' — did you mean 'Income'?" in told
    told = wrong(BOOK, levy, family(**{"Income.amount": [1] * 3}), on=ON, tables=members())
    assert "Income is about Member; it stands in the table of those" in told


def test_everything_wrong_with_the_columns_is_told_together():
    told = wrong(TOWN, water_bill, pa.table({"key": [1], "meter_size": ["x"], "volum": [1.5], "use": [3]}), on=ON)
    assert told.splitlines() == [
        "column 'use' (WaterUse.use, 用途) is int64; a code is a text, in which a zero in front counts; cast it to string (with its zeros)",
        "WaterUse.volume (使用水量) is missing; add the column 'volume' (a whole number of 0 or more m³)",
        "WaterUse.months (月数) is missing; add the column 'months' (a whole number from 1 to 12)",
        "unknown column 'volum' — did you mean 'volume'?; keep=['volum'] puts it beside the result; ignore=['volum'] passes it over",
    ]


def test_a_column_that_stands_twice():
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["volume", "volume"])
    assert wrong(TOWN, water_bill, table, on=ON) == "the table: column 'volume' stands twice"
    told = wrong(BOOK, levy, family(), on=ON, tables={"members": table}, ignore=PASSED_OVER)
    assert told == "tables['members']: column 'volume' stands twice"


@pytest.mark.parametrize("frame", [[{"volume": 1}], {"volume": [1]}, "bills.csv", None, 5])
def test_what_is_no_table(frame):
    told = wrong(TOWN, water_bill, frame, on=ON)
    assert told.startswith(f"the table is a {type(frame).__name__}, no table")
    assert "a polars or pandas DataFrame" in told


def test_what_is_no_decision():
    with pytest.raises(UnknownDecision, match=r"did you mean 'water\.supply'\?"):
        decide_table(TOWN, "water.suply", bills(), on=ON)
    assert "is no decision; give one, or its name" in wrong(TOWN, 5, bills(), on=ON)
    with pytest.raises(UnknownDecision):
        decide_table(TOWN, levy, bills(), on=ON)
    assert "there are auto, kernel, python" in wrong(TOWN, water_bill, bills(), on=ON, engine="numba")


# Sizes.


@pytest.mark.parametrize("rows", [0, 1])
def test_tables_of_no_row_and_of_one(rows):
    outcome = decide_table(TOWN, water_bill, bills().slice(0, rows), on=ON)
    assert outcome.results.num_rows == rows
    assert outcome.results.schema.names == decide_table(TOWN, water_bill, bills(), on=ON).results.schema.names
    assert outcome.counts.rows == outcome.counts.decided == rows


def test_rows_come_in_order_and_chunks_make_no_difference():
    table = pa.concat_tables([bills(volume=[volume, -1, volume + 1, 5]) for volume in range(50)])
    whole = decide_table(TOWN, water_bill, table, on=ON)
    for chunk in (1, 7, 64, 1000):
        pieces = decide_table(TOWN, water_bill, table, on=ON, chunk=chunk)
        assert pieces.results.equals(whole.results)
        assert pieces.rejects.equals(whole.rejects)
        assert pieces.counts == whole.counts


def test_batches_come_one_by_one_and_count_as_they_come():
    reader = pa.RecordBatchReader.from_batches(
        bills().schema, (batch for _ in range(5) for batch in bills().to_batches())
    )
    batches = decide_batches(TOWN, water_bill, reader, on=ON, chunk=8)
    seen = []
    for results, rejects in batches:
        assert results.schema == batches.schema
        assert rejects.schema == batches.rejects_schema
        seen.append((results.num_rows, batches.counts.rows))
    assert [rows for rows, _ in seen] == [8, 8, 4]
    assert batches.counts.rows == 20
    assert batches.metadata["counts"]["refused"] == 5


def test_no_fact_is_given_where_none_is_asked():
    assert decide_table(
        BOOK, "welfare.card", pa.table({"id": ["a"], "born": [date(2015, 1, 1)], "Schooling.pupil": [True]}), on=ON
    ).results.to_pylist() == [{"row": 0, "discount": 300, "status": "decided", "reason": None}]


def test_questions_with_every_state_of_a_fact():
    from tests.fictional.family import FAMILY as SUBJECT
    from tests.fictional.family import INCOMES, SCHOOL
    from tests.fictional.household import Hardship, allowance

    asked = [
        Asked(SUBJECT, (*INCOMES, SCHOOL, Hardship(severe=True)), ON),
        Asked(SUBJECT, (*INCOMES, SCHOOL, provisional(Hardship(severe=False))), ON),
        Asked(SUBJECT, (*INCOMES, SCHOOL), ON),
        Asked(SUBJECT, (*INCOMES, SCHOOL, none_of(Hardship)), ON),
        Asked(SUBJECT, (*INCOMES, SCHOOL, Hardship(severe=True)), date(2019, 1, 1)),
    ]
    for nested in (False, True):
        outcome = check(BOOK, relief, asked, nested=nested)
        assert outcome.counts.decided == 1
        check(BOOK, allowance, [asked[0], asked[2]], nested=nested)
        with pytest.raises(TableError, match="asks for Hardship, so no table can say"):
            tables_from(BOOK, allowance, asked, nested=nested)


def test_an_option_that_is_none():
    with pytest.raises(TypeError, match=r"no option 'keeep' — did you mean 'keep'\? \(options: tables, key"):
        decide_table(TOWN, water_bill, bills(), on=ON, keeep=["note"])


def test_rows_are_questions_as_plain_data():
    table = family(moved_in=["R2.1.1", None, "2020-01-01"], key=[1, None, 3])
    found = list(requests_in(BOOK, levy, table, on=ON, tables=members(), ignore=PASSED_OVER))
    assert found == [
        (
            0,
            {
                "subject": {
                    "members": [
                        {
                            "id": "a",
                            "born": date(1980, 1, 1),
                            "mother": None,
                            "facts": {"Income": {"amount": 3_000_000}, "Disability": None},
                        },
                        {
                            "id": "b",
                            "born": date(2020, 1, 1),
                            "mother": "a",
                            "facts": {"Income": None, "Disability": None},
                        },
                    ],
                    "moved_in": "R2.1.1",
                }
            },
        ),
        (
            2,
            {
                "subject": {
                    "members": [
                        {
                            "id": "c",
                            "born": date(1950, 1, 1),
                            "mother": None,
                            "facts": {"Income": None, "Disability": {"grade": 1}},
                        }
                    ],
                    "moved_in": "2020-01-01",
                }
            },
        ),
    ]
