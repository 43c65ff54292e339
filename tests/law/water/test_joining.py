"""Joining fees: by size, the difference for a larger meter, nothing back for a smaller one, tax."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.law.water.sewer_town import town

from munirules.law.water.joining import Connection, joining_fee

FEES = """
[[version]]
since = 2010-04-01
[version.JoiningFees]
tax = "excluded"
rounding = "floor"
round_total = 1
fees = [{ to_size = 13, amount = 100005 }, { to_size = 20, amount = 150000 }, { to_size = 50, amount = 900000 }]
"""
BOOK = town(FEES)


def decide(on=date(2026, 6, 10), **wanted):
    return BOOK.decide(joining_fee, Connection(**wanted), on=on)


@pytest.mark.parametrize(
    ("wanted", "total"),
    [
        ({"meter_size": 13}, 110_005),
        ({"meter_size": 25}, 990_000),
        ({"meter_size": 13, "number": 3}, 330_016),
        ({"meter_size": 20, "former_size": 13}, 54_994),
        ({"meter_size": 13, "former_size": 20}, 0),
    ],
)
def test_what_is_due(wanted, total):
    assert decide(**wanted).result.total == total


def test_the_tax_is_that_of_the_day():
    assert decide(on=date(2019, 9, 30), meter_size=20).result.total == 162_000
    assert decide(on=date(2019, 10, 1), meter_size=20).result.total == 165_000
    included = town(FEES.replace("excluded", "included"))
    assert included.decide(joining_fee, Connection(meter_size=20), on=date(2019, 10, 1)).result.total == 150_000


def test_a_size_that_the_table_does_not_have_is_refused():
    assert "該当する口径がない" in decide(meter_size=75).reason


@given(st.integers(10, 50), st.integers(10, 50))
def test_nothing_is_ever_paid_back(size, former):
    assert decide(meter_size=size, former_size=former).result.total >= 0
