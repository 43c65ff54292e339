"""Faults of enactments: each figure, date, word and row changed alone, in memory, and taken back."""

from datetime import date
from decimal import Decimal

import pytest
from tests.testing.corpus_city import WATER, book

from munirules.law.water.supply import WaterUse
from munirules.models.fields import Spec
from munirules.money import Rounding
from munirules.testing.faults.data import data_mutants
from munirules.testing.faults.mutant import Proof
from munirules.testing.faults.neighbours import OTHER, neighbours
from munirules.testing.faults.places import RowLines
from munirules.testing.faults.proof import proven

ON = date(2024, 6, 10)


@pytest.fixture
def rulebook(tmp_path):
    return book(tmp_path)


@pytest.fixture
def mutants(rulebook):
    return {
        own.id.partition("@")[2]: own for own in data_mutants(rulebook, [rulebook.decision("water.supply")], "999997")
    }


def total(rulebook, volume, on=ON, **more):
    return rulebook.decide("water.supply", WaterUse(meter_size=13, volume=volume, months=1, **more), on=on).result.total


@pytest.mark.parametrize(
    ("kind", "raw", "near"),
    [
        ("yen", 120, [121, 119]),
        ("sen", Decimal("157.5"), [Decimal("157.6"), Decimal("157.4")]),
        ("count", 0, [1]),
        ("rate", "7.75%", ["7.76%", "7.74%"]),
        ("rate", "0.05", ["0.06", "0.04"]),
        ("rate", "1/3", ["1/4", "2/3", "0/3"]),
        ("day", date(2024, 2, 29), [date(2024, 2, 28), date(2024, 3, 1)]),
        ("flag", True, [False]),
        ("text", "words", []),
    ],
)
def test_a_figure_is_mistaken_for_its_neighbours(kind, raw, near):
    spec = Spec(kind=kind, label="", minimum=0 if kind in {"yen", "sen", "count"} else None)
    assert [value for _, value in neighbours(spec, None, raw)] == near


def test_a_word_is_mistaken_for_another_of_its_list_or_of_its_column():
    assert [value for _, value in neighbours(Spec(kind="code", label="", options=("a", "b", "c")), str, "a")] == [
        "c",
        "b",
    ]
    assert [value for _, value in neighbours(Spec(kind="code", label=""), str, "a", ["a", "z"])] == [OTHER, "z"]
    assert [value for _, value in neighbours(Spec(kind="choice", label=""), Rounding, "floor")] == [
        "half_up",
        "ceiling",
    ]


def test_a_mutant_lives_while_it_is_in_and_leaves_nothing_behind(rulebook, mutants):
    before = total(rulebook, 21)
    assert before == (1000 + 15 * 130 + 170) * 110 // 100
    with mutants["2024-04-01 WaterTariff.bands[2].price: figure: 170 → 171"].alive(rulebook):
        assert total(rulebook, 21) == (1000 + 15 * 130 + 171) * 110 // 100
    with mutants["2024-04-01 WaterTariff.bands[2].above: figure: 20 → 21"].alive(rulebook):
        assert total(rulebook, 21) == (1000 + 16 * 130) * 110 // 100
    assert total(rulebook, 21) == before


def test_rows_are_dropped_and_their_figures_exchanged(rulebook, mutants):
    dropped = mutants["2024-04-01 WaterTariff.bands[2]: row dropped: { above = 20, price = 170 } → —"]
    with dropped.alive(rulebook):
        assert total(rulebook, 30) == (1000 + 25 * 130) * 110 // 100
    with mutants["2024-04-01 WaterTariff.bands[1].price: swapped: 130 → 170"].alive(rulebook):
        assert total(rulebook, 21) == (1000 + 15 * 170 + 130) * 110 // 100


def test_a_version_begins_a_day_earlier_or_later(rulebook, mutants):
    last = date(2024, 3, 31)
    with mutants["2024-04-01 since: 2024-04-01 → 2024-03-31"].alive(rulebook):
        assert total(rulebook, 6, on=last) == 1130 * 110 // 100
    assert total(rulebook, 6, on=last) == 1120 * 110 // 100


def test_a_mutant_says_file_line_and_who_reaches_it(mutants):
    own = mutants["2024-04-01 WaterTariff.bands[2].price: figure: 170 → 171"]
    assert (own.line, own.owner, own.decisions) == (
        WATER.splitlines().index("    { above = 20, price = 170 },") + 1,
        "999997",
        ("water.supply",),
    )
    assert own.home.endswith("water.toml")
    assert str(own) == f"{own.home}:{own.line}: figure: WaterTariff.bands[2].price = 170 → 171"


def test_a_table_out_of_order_is_refused_before_anything_is_asked(rulebook, mutants):
    assert proven(mutants["2024-04-01 WaterTariff.bands[1].above: swapped: 5 → 20"], rulebook) is Proof.REFUSED


def test_a_version_that_says_the_same_again_may_begin_on_any_day(tmp_path):
    again = WATER + "\n[[version]]\nsince = 2025-04-01\n[version.WaterTariff]\nround_total = 1\n"
    rulebook = book(tmp_path, again)
    mutants = list(data_mutants(rulebook, [rulebook.decision("water.supply")], "999997"))
    proofs = {own.after: proven(own, rulebook) for own in mutants if own.operator == "since" and "2025" in own.before}
    assert proofs == {"2025-03-31": Proof.EQUIVALENT, "2025-04-02": Proof.EQUIVALENT}
    assert {proven(own, rulebook) for own in mutants if own.operator == "since" and "2024" in own.before} == {None}


def test_what_no_decision_asks_for_is_not_mutated(rulebook):
    assert list(data_mutants(rulebook, [rulebook.decision("water.joining_fee")], "999997")) == []


def test_rows_on_lines_of_their_own_and_on_one_line_are_found():
    text = 'a = [\n  { x = "}", y = 1 },  # {\n  { x = 2 },\n]\nb = [{ x = 1 }, { x = 2 }]\n'
    lines = RowLines(text)
    assert [lines.line(1, (row,)) for row in range(2)] == [2, 3]
    assert lines.line(5, (1, "x")) == 5
    assert lines.line(5, ()) == 5
