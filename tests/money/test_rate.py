"""Rates: exact, of many spellings, never a float."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from munirules.money import MoneyError, Rate

RATES = st.builds(Rate, st.integers(-(10**6), 10**6), st.integers(1, 10**6))


@pytest.mark.parametrize(
    "text",
    [
        "7.75%",
        "0.0775",
        "31/400",
        "77.5‰",
        "+7.75%",
        " 7.75% ",
        "07.750%",
        "７．７５％",
        "３１/４００",
        Decimal("0.0775"),
    ],
)
def test_one_rate_of_many_spellings(text):
    assert Rate.parse(text) == Rate(31, 400)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Rate(1, 10), "10%"),
        (Rate(31, 400), "7.75%"),
        (Rate(1), "100%"),
        (Rate(0), "0%"),
        (Rate(-1, 20), "-5%"),
        (Rate(1, 3), "1/3"),
        (Rate(1, 100_000), "1/100000"),
        (Rate(-31, 400), "-7.75%"),
    ],
)
def test_a_rate_prints_as_a_percentage_where_that_is_exact(rate, text):
    assert str(rate) == text


@given(RATES)
def test_what_is_printed_reads_as_the_same_rate(rate):
    assert Rate.parse(str(rate)) == rate


@given(st.integers(-(10**9), 10**9), st.integers(0, 8))
def test_a_decimal_reads_exactly(digits, places):
    number = Decimal(digits).scaleb(-places)
    assert Rate.parse(format(number, "f")) == Rate.parse(number) == Rate(digits, 10**places)


@given(RATES, RATES)
def test_rates_are_ordered_and_equal_as_fractions_are(one, other):
    left, right = Fraction(one.num, one.den), Fraction(other.num, other.den)
    assert (one < other, one <= other, one == other) == (left < right, left <= right, left == right)
    assert one != other or hash(one) == hash(other)


@given(RATES)
def test_a_rate_is_reduced(rate):
    assert (rate.num, rate.den) == Fraction(rate.num, rate.den).as_integer_ratio()


@pytest.mark.parametrize(
    "bad",
    [
        0.0775,
        1.0,
        True,
        None,
        "",
        "seven",
        "7.75 percent",
        "7,75%",  # a decimal comma is not a point, and no thousands stand in a rate
        "1,000",
        "1/0",
        "1/-2",
        "1.5/2",
        "1e-2",
        ".5",
        "5.",
        "NaN",
        "inf",
        Decimal("NaN"),
        Decimal("Infinity"),
        "５/",
        "--5%",
    ],
)
def test_what_is_no_exact_rate_is_refused(bad):
    with pytest.raises(MoneyError, match="rate"):
        Rate.parse(bad)


@pytest.mark.parametrize("parts", [(0.1,), (1, 2.0), (True, 2), (1, 0), (1, -2), ("1", 2), (Decimal(1), 2)])
def test_parts_of_a_rate_are_whole_and_the_denominator_positive(parts):
    with pytest.raises(MoneyError, match="Rate"):
        Rate(*parts)


@pytest.mark.parametrize("other", [1, 1.0, "100%", None])
def test_a_rate_is_compared_with_rates_only(other):
    assert Rate(1) != other
    with pytest.raises(TypeError):
        assert Rate(1) < other
