"""Probes: what a question visits, without changing what it is answered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.testing.fee_rules import FREE, HallUse, hall
from tests.testing.hall import hall_book

from munirules.testing.functions import functions_of
from munirules.testing.probes import BELOW, EQUAL, FALSE, HIGH_REST, LOW_REST, RUN, TRUE, Probes, told

ON = date(2026, 4, 1)
BOOK = hall_book()
FUNCTIONS = functions_of(BOOK, hall)


def visited(*uses):
    """What uses visit, as text of the place and outcome."""
    probes = Probes(FUNCTIONS.values())
    with probes.installed():
        for use in uses:
            BOOK.decide(hall, use, on=ON)
        seen = probes.take()
    return {(probes.sites[visit.place].text, visit.outcome) for visit in seen}, probes


def test_true_and_false_of_each_condition_are_told_apart():
    seen, _ = visited(HallUse(hours=13, purpose="concert"))
    assert ("use.hours > 12", TRUE) in seen
    assert ("use.purpose != 'concert'", FALSE) in seen
    assert ("use.purpose == FREE", FALSE) in seen
    assert ("use.hours > 12", FALSE) not in seen


def test_a_condition_that_is_not_reached_is_not_visited():
    seen, _ = visited(HallUse(hours=2))
    assert ("use.hours > 12", FALSE) in seen
    assert not {outcome for text, outcome in seen if text == "use.purpose != 'concert'"}


def test_edges_of_comparisons_and_rests_of_roundings_are_told():
    seen, _ = visited(HallUse(hours=12))
    assert ("use.hours > 12", EQUAL) in seen
    seen, _ = visited(HallUse(hours=1, persons=49))
    assert ("use.persons >= 50", BELOW) in seen
    seen, _ = visited(HallUse(hours=4, persons=50), HallUse(hours=5, persons=51))
    rests = {outcome for text, outcome in seen if text.startswith("of(base")}
    assert rests == {HIGH_REST, LOW_REST}


def test_blocks_that_run_are_told_by_their_first_line():
    seen, probes = visited(HallUse(hours=1, purpose=FREE))
    place = probes.blocks[
        "tests.testing.fee_rules.total", FUNCTIONS["tests.testing.fee_rules.total"].node.body[1].body[0].lineno
    ]
    assert ("return", RUN) in seen
    assert probes.sites[place].text == "return"


def test_what_is_missing_is_told_with_file_and_line():
    _, probes = visited()
    words = list(told(probes, sorted(probes.wanted)).values())
    assert "tests/testing/fee_rules.py:57: use.hours > 12: never true" in words
    assert len(words) == len(probes.wanted)


def test_probes_are_gone_afterwards():
    codes = [own.fn.__code__ for own in FUNCTIONS.values()]
    with pytest.raises(RuntimeError), Probes(FUNCTIONS.values()).installed():
        raise RuntimeError
    assert [own.fn.__code__ for own in FUNCTIONS.values()] == codes
    assert "__munirules_probe__" not in FUNCTIONS["tests.testing.fee_rules.base"].fn.__globals__


@given(
    st.builds(
        HallUse,
        hours=st.integers(1, 24),
        persons=st.integers(0, 200),
        purpose=st.sampled_from(["meeting", "concert", FREE]),
    )
)
def test_probes_change_no_answer(use):
    plain = BOOK.decide(hall, use, on=ON)
    with Probes(FUNCTIONS.values()).installed():
        probed = BOOK.decide(hall, use, on=ON)
    assert (probed.status, probed.answer, probed.reason) == (plain.status, plain.answer, plain.reason)
