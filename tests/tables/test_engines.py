"""What another engine is given and what is made of its answers: it may leave rows, answer late, and never be missed."""

from datetime import date
from threading import Barrier, BrokenBarrierError

import numpy as np
import pyarrow as pa
import pytest
from tests.fictional.family import BOOK
from tests.fictional.household import levy

from munirules import Rulebook
from munirules.errors import MunirulesError
from munirules.law.water.supply import water_bill
from munirules.models.resident import Sex
from munirules.tables import Answers, TableError, decide_table
from munirules.tables import engines as choosing
from munirules.tables.convert import choices_of
from munirules.tables.engines import SMALL_TABLE
from munirules.tables.layout import Node

ON = date(2025, 6, 1)
TOWN = Rulebook.of("岐阜県白川町")


class Left:
    """An engine that takes some answers from generated Python, leaves every third row, and keeps what it was given."""

    def __init__(self, book, decision, sample, on, known=None):
        self.book, self.decision, self.on, self.known = book, decision, on, known
        self.given = [sample]

    def __call__(self, bound):
        from munirules.tables.building import Makers

        self.given.append(bound)
        makers, done = Makers(bound), np.zeros(bound.length, bool)
        offsets, items, answers = [0], [], []
        members = next((own for own in bound.subject.parts.values() if own.items.cls is self.decision.member), None)
        for row in range(bound.length):
            if not bound.suspect[row] and bound.rows[row] % 3:
                on = bound.on if isinstance(bound.on, date) else date.fromordinal(int(bound.on[row]))
                outcome = self.decide(makers.subject(row), tuple(makers.facts(row)), on)
                done[row] = outcome is not None and outcome.decided
                if done[row] and members is not None:
                    ids = members.items.columns["id"].to_pylist()
                    first, last = members.offsets[row : row + 2]
                    items.extend(first + ids[first:last].index(own) for own in outcome.members)
                    answers.extend(outcome.result)
            if members is None:
                answers.append(outcome.result if done[row] else None)
            offsets.append(len(items))
        fields = {name: self.column(name, answers) for name in self.decision.result.__annotations__}
        if members is None:
            return Answers(done=done, fields=fields)
        return Answers(done=done, fields=fields, offsets=np.array(offsets), items=np.array(items, dtype=np.int64))

    def decide(self, subject, facts, on):
        try:
            return self.book.decide(self.decision, subject, *facts, on=on, known=self.known)
        except MunirulesError:
            return None

    @staticmethod
    def column(name, answers):
        return pa.array([None if own is None else getattr(own, name) for own in answers], pa.int64())


@pytest.fixture
def made(monkeypatch):
    """The engines that are made, where `Left` stands for the kernel."""
    found = []

    class Kernel:
        @staticmethod
        def prepare(book, decision, sample, on, /, *, known=None):
            found.append(Left(book, decision, sample, on, known))
            return found[-1]

    monkeypatch.setattr(choosing, "import_module", lambda _: Kernel)
    return found


def bills(rows):
    use = ["家事用", "営業用", "船舶用", "家事用", "家事用"]
    return pa.table(
        {
            "key": [f"{row:04d}" for row in range(rows)],
            "use": [use[row % 5] for row in range(rows)],
            "meter_size": [13] * rows,
            "volume": [row if row % 7 else -row for row in range(rows)],
            "months": [1 + row % 2 for row in range(rows)],
        }
    )


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("chunk", [8, 1000])
def test_what_it_leaves_is_decided_in_python(made, threads, chunk):
    table = bills(100)
    found = decide_table(TOWN, water_bill, table, on=ON, engine="kernel", threads=threads, chunk=chunk)
    wanted = decide_table(TOWN, water_bill, table, on=ON, engine="python")
    assert found.results.equals(wanted.results)
    assert found.rejects.equals(wanted.rejects)
    assert found.counts == wanted.counts
    assert len(made) == 1
    assert 0 < found.engine.kernel < 100
    assert found.engine.kernel + found.engine.python == 100
    assert found.engine.why == ""


@pytest.mark.usefixtures("made")
def test_members_of_all_rows_come_in_order():
    rows = 40
    main = pa.table({"key": list(range(rows)), "moved_in": [date(2020, 1, 1)] * rows})
    owners = [row for row in range(rows) for _ in range(row % 4)]
    members = pa.table(
        {
            "key": owners,
            "id": [f"m{place}" for place in range(len(owners))],
            "born": [date(1970 + place % 45, 1, 1) for place in range(len(owners))],
            "Income.amount": [100_000 * place if place % 11 else None for place in range(len(owners))],
            "Disability.grade": [place % 5 if place % 5 in (1, 2, 3) else None for place in range(len(owners))],
            "provisional": ["Income" if place % 13 == 0 else None for place in range(len(owners))],
        }
    )
    shuffled = members.take(np.random.default_rng(0).permutation(len(owners)))
    for parts in (members, shuffled):
        for chunk in (7, 1000):
            options = {"on": ON, "tables": {"members": parts}, "chunk": chunk}
            found = decide_table(BOOK, levy, main, engine="kernel", **options)
            wanted = decide_table(BOOK, levy, main, engine="python", **options)
            assert found.results.equals(wanted.results)
            assert found.rejects.equals(wanted.rejects)
            assert found.counts == wanted.counts
            assert found.counts.provisional > 0
            assert found.counts.set_aside > 0


def test_each_municipality_has_its_own(made):
    table = bills(60).append_column("code", pa.array(["215066", "044041", "x", "215066", None, "044041"] * 10))
    found = decide_table(TOWN, water_bill, table, on=ON, engine="kernel", code="code", chunk=16)
    wanted = decide_table(TOWN, water_bill, table, on=ON, engine="python", code="code")
    assert found.results.equals(wanted.results)
    assert found.rejects.equals(wanted.rejects)
    assert {engine.book.jurisdiction.code for engine in made} == {"215066", "044041"}


def test_dates_in_a_column_come_as_day_numbers(made):
    days = [date(2019, 11, 10) if row % 2 else ON for row in range(30)]
    table = bills(30).append_column("at", pa.array(days))
    found = decide_table(TOWN, water_bill, table, on="at", engine="kernel")
    assert found.results.equals(decide_table(TOWN, water_bill, table, on="at", engine="python").results)
    assert made[0].on is None
    assert made[0].given[0].on.tolist() == [day.toordinal() for day in days]


def test_canonical_columns(made):
    table = pa.table(
        {
            "key": [1, 2, 3],
            "members": pa.array(
                [
                    [{"id": "a", "born_on": "S55.4.1", "sex": "female", "my_number": None}],
                    [],
                    [{"id": "b", "born_on": "昭和20年8月不詳", "sex": None, "my_number": "1"}],
                ],
            ),
            "purpose": [1, 0, 0],
            "Roles": [False, None, False],
            "Roles.holders": pa.array([[], None, []], pa.list_(pa.struct([("role", pa.string())]))),
        }
    )
    table = table.append_column("head", pa.nulls(3, pa.string()))
    found = decide_table(TOWN, "welfare.child_allowance", table, on=ON, engine="kernel")
    assert found.counts.set_aside == 3  # no roles in any of them
    (bound,) = made[0].given[:1]
    residents: Node = bound.subject.parts["members"].items
    assert bound.subject.columns["purpose"].to_pylist() == [1, 0, 0]
    assert bound.subject.columns["head"].to_pylist() == [None] * 3
    assert residents.columns["born_on"].to_pylist() == [date(1980, 4, 1), date(1970, 1, 1)]
    assert residents.columns["sex"].to_pylist() == [2, 0]
    assert choices_of(Sex)[2] == "female"
    assert bound.subject.parts["members"].offsets.tolist() == [0, 1, 1, 2]
    (roles,) = bound.facts.values()
    assert roles.there.to_pylist() == [False, None, False]
    assert bound.suspect.tolist() == [False, False, True]


# Which engine.


def test_small_tables_are_decided_in_python(made):
    assert decide_table(TOWN, water_bill, bills(10), on=ON).engine.kernel == 0
    assert not made
    large = pa.concat_tables([bills(100)] * (SMALL_TABLE // 100))
    assert decide_table(TOWN, water_bill, large, on=ON).engine.kernel > 0
    assert decide_table(TOWN, water_bill, large.to_reader(max_chunksize=100), on=ON, chunk=1000).engine.kernel > 0


def test_why_there_is_no_kernel(monkeypatch):
    class Kernel:
        @staticmethod
        def prepare(*_):
            return "rule 'total' cannot be compiled: it reads a clock"

    monkeypatch.setattr(choosing, "import_module", lambda _: Kernel)
    monkeypatch.setattr(choosing, "SMALL_TABLE", 0)
    found = decide_table(TOWN, water_bill, bills(10), on=ON)
    assert found.engine.why == "rule 'total' cannot be compiled: it reads a clock"
    assert str(found.engine) == "kernel 0 rows, python 10 rows (rule 'total' cannot be compiled: it reads a clock)"
    with pytest.raises(TableError, match="engine='kernel': rule 'total' cannot be compiled"):
        decide_table(TOWN, water_bill, bills(10), on=ON, engine="kernel")

    def missing(_):
        raise ImportError("No module named 'numba'")

    monkeypatch.setattr(choosing, "import_module", missing)
    assert "No module named 'numba'" in decide_table(TOWN, water_bill, bills(10), on=ON).engine.why


def test_chunks_are_decided_at_the_same_time(monkeypatch):
    meet, met = Barrier(2), []

    class Kernel:
        @staticmethod
        def prepare(book, decision, sample, on):
            def run(bound):
                if bound.rows[0]:  # the first chunk goes alone
                    try:
                        meet.wait(timeout=20)
                        met.append(int(bound.rows[0]))
                    except BrokenBarrierError:
                        pass
                return Left(book, decision, sample, on)(bound)

            return run

    monkeypatch.setattr(choosing, "import_module", lambda _: Kernel)
    found = decide_table(TOWN, water_bill, bills(30), on=ON, engine="kernel", chunk=10, threads=2)
    assert found.counts.rows == 30
    assert sorted(met) == [10, 20]


def test_an_error_of_an_engine_is_not_swallowed(monkeypatch):
    class Kernel:
        @staticmethod
        def prepare(*_):
            def run(bound):
                if bound.rows[0]:
                    raise RuntimeError("the kernel is broken")
                return Left(TOWN, water_bill, bound, ON)(bound)

            return run

    monkeypatch.setattr(choosing, "import_module", lambda _: Kernel)
    with pytest.raises(RuntimeError, match="the kernel is broken"):
        decide_table(TOWN, water_bill, bills(30), on=ON, engine="kernel", chunk=10, threads=2)
