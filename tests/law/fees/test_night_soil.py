"""Night soil: by volume in steps, by household and head, additions, tax."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.fees.fees_town import ON, town

from munirules import Rulebook
from munirules.engine.outcome import Status
from munirules.law.fees.night_soil import NightSoil, night_soil
from munirules.models.fields import FieldError

VOLUMES = st.integers(1, 5000)


def charge(**given):
    return town().decide(night_soil, NightSoil(**given), on=ON)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"use": "従量", "volume": 180}, 1190),  # (1000 + 18 × 5) × 1.1 = 1199
        ({"use": "従量", "volume": 181}, 1310),  # (1000 + 100 + 19 × 5) × 1.1 = 1314.5
        ({"use": "従量", "volume": 198}, 1320),
        ({"use": "従量", "volume": 199}, 1430),
        ({"use": "従量", "volume": 180, "hose": 40}, 1190),
        ({"use": "従量", "volume": 180, "hose": 41}, 1300),
        ({"use": "従量", "volume": 180, "hose": 61}, 1520),
        ({"use": "人頭", "persons": 2, "months": 2}, 2020),
        ({"use": "人頭", "persons": 3, "months": 2, "tanks": 1}, 3080),
    ],
)
def test_charges(given, expected):
    result = charge(**given).result
    before = result.by_volume + result.by_head + result.additions
    assert result.total == before * 110 // 100 // 10 * 10
    assert result.total == expected
    assert result.consumption_tax == result.total * 10 // 110


@given(volume=VOLUMES, more=st.integers(0, 500))
def test_more_never_costs_less(volume, more):
    few = charge(use="従量", volume=volume).result
    many = charge(use="従量", volume=volume + more).result
    assert 0 <= few.consumption_tax < few.total <= many.total


@given(volume=VOLUMES)
def test_a_part_of_a_step_counts_as_a_whole(volume):
    result = charge(use="従量", volume=volume).result
    over = max(volume - 180, 0)
    assert result.by_volume == 1000 + (over + 17) // 18 * 100 + (volume + 9) // 10 * 5


@given(persons=st.integers(1, 20), months=st.integers(1, 12))
def test_more_heads_never_cost_less(persons, months):
    one = charge(use="人頭", persons=persons, months=months).result.total
    assert one <= charge(use="人頭", persons=persons + 1, months=months).result.total


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"use": "従量"}, "くみ取り量を要する"),
        ({"use": "人頭", "volume": 10}, "人数を要する"),
        ({"use": "工場", "volume": 10}, "該当する用途がない"),
    ],
)
def test_what_cannot_be_charged(given, told):
    outcome = charge(**given)
    assert outcome.status == Status.REFUSED
    assert told in outcome.reason


def test_a_union_speaks_for_its_village():
    outcome = Rulebook.of("白馬村").decide(night_soil, NightSoil(use="し尿", volume=401), on=ON)
    assert outcome.result.total == 2920 + 73 + 41 * 44
    assert any("白馬山麓事務組合" in citation.text for citation in outcome.citations)


def test_bad_input():
    with pytest.raises(FieldError, match="月数"):
        NightSoil(months=13)
    with pytest.raises(FieldError, match="くみ取り量"):
        NightSoil(volume=-1)
