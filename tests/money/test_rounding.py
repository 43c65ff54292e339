"""The rounding kernel: exact, mirrored for reversals, and told on the tape."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from munirules.money import (
    MoneyError,
    Rate,
    Rounding,
    ceil_to,
    floor_to,
    half_up_to,
    of,
    prorate,
    quotient,
    round_to,
    to_sen,
    to_yen,
)
from munirules.tape import TAPE, Applied, Note, Rounded, applied

AMOUNTS = st.integers(-(10**18), 10**18)
DIVISORS = st.integers(1, 10**9)
UNITS = st.sampled_from([1, 10, 100, 1000, 10_000])
MODES = st.sampled_from(list(Rounding))
RATES = st.builds(Rate, st.integers(-(10**6), 10**6), st.integers(1, 10**6))


def exactly(num: int, den: int, mode: int, unit: int) -> int:
    """The rounding of the law in fractions: on the magnitude, then the sign again."""
    steps = abs(Fraction(num, den * unit))
    whole = steps.numerator // steps.denominator
    rest = steps - whole
    up = {Rounding.FLOOR: False, Rounding.CEILING: rest > 0, Rounding.HALF_UP: rest >= Fraction(1, 2)}[Rounding(mode)]
    return (1 if num >= 0 else -1) * (whole + up) * unit


@given(AMOUNTS, DIVISORS, MODES, UNITS)
def test_the_kernel_is_the_exact_fraction_rounded_on_its_magnitude(num, den, mode, unit):
    assert quotient(num, den, mode, unit) == exactly(num, den, mode, unit)


@given(AMOUNTS, DIVISORS, MODES, UNITS)
def test_a_reversal_is_the_mirror_of_what_it_reverses(num, den, mode, unit):
    assert quotient(-num, den, mode, unit) == -quotient(num, den, mode, unit)


@given(AMOUNTS, DIVISORS, MODES, UNITS)
def test_a_result_is_a_whole_number_of_units(num, den, mode, unit):
    result = quotient(num, den, mode, unit)
    assert type(result) is int
    assert result % unit == 0


@given(AMOUNTS, DIVISORS, UNITS)
def test_floor_and_ceiling_stand_on_either_side_one_unit_apart_at_most(num, den, unit):
    low, high = (abs(quotient(num, den, mode, unit)) for mode in (Rounding.FLOOR, Rounding.CEILING))
    exact = abs(Fraction(num, den))
    assert low <= exact <= high
    assert high - low == (0 if exact == low else unit)
    assert abs(quotient(num, den, Rounding.HALF_UP, unit)) in (low, high)


@given(AMOUNTS, DIVISORS, MODES, UNITS)
def test_rounding_twice_is_rounding_once(num, den, mode, unit):
    once = quotient(num, den, mode, unit)
    assert quotient(once, 1, mode, unit) == once


@given(AMOUNTS, AMOUNTS, DIVISORS, MODES, UNITS)
def test_more_never_becomes_less(one, other, den, mode, unit):
    low, high = sorted((one, other))
    assert quotient(low, den, mode, unit) <= quotient(high, den, mode, unit)


# What ordinances say, in figures.
@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (lambda: floor_to(1234, 10), 1230),
        (lambda: floor_to(-1234, 10), -1230),
        (lambda: ceil_to(1231, 10), 1240),
        (lambda: ceil_to(-1231, 10), -1240),
        (lambda: ceil_to(1230, 10), 1230),
        (lambda: half_up_to(1235, 10), 1240),
        (lambda: half_up_to(1234, 10), 1230),
        (lambda: half_up_to(-1235, 10), -1240),
        (lambda: round_to(1250, Rounding.HALF_UP, 100), 1300),
        (lambda: round_to(1250, Rounding.FLOOR, 1000), 1000),
        (lambda: of(12_345, Rate.parse("10%"), floor=1), 1234),
        (lambda: of(12_345, Rate.parse("10%"), ceiling=1), 1235),
        (lambda: of(12_345, Rate.parse("10%"), half_up=1), 1235),
        (lambda: of(-12_345, Rate.parse("10%"), half_up=1), -1235),
        (lambda: of(999_999, Rate.parse("7.75%"), floor=100), 77_400),
        (lambda: prorate(10_000, 7, 12, floor=1), 5833),
        (lambda: prorate(10_000, 7, 12, ceiling=10), 5840),
        (lambda: prorate(10_000, 0, 12, ceiling=10), 0),
        (lambda: to_yen(436_850, floor=1), 4368),
        (lambda: to_yen(436_850, floor=10), 4360),
        (lambda: to_yen(436_850, half_up=1), 4369),
        (lambda: to_yen(-436_850, floor=1), -4368),
        (lambda: to_sen(157), 15_700),
        # A float would lose the last yen of these.
        (lambda: of(20_000_001, Rate(1), floor=1), 20_000_001),
        (lambda: of(9_007_199_254_740_993, Rate(1), floor=1), 9_007_199_254_740_993),
    ],
)
def test_published_ways_to_round(answer, right):
    assert answer() == right


INEXACT = [1.5, 1.0, float("nan"), Decimal("1.5"), Decimal(1), Fraction(3, 2)]
TEN = Rate.parse("10%")


@pytest.mark.parametrize("bad", INEXACT, ids=repr)
@pytest.mark.parametrize(
    "call",
    [
        lambda bad: quotient(bad, 1, Rounding.FLOOR),
        lambda bad: quotient(1, bad, Rounding.FLOOR),
        lambda bad: quotient(1, 1, Rounding.FLOOR, bad),
        lambda bad: of(bad, TEN, floor=1),
        lambda bad: of(100, bad, floor=1),
        lambda bad: of(100, TEN, floor=bad),
        lambda bad: prorate(bad, 1, 2, floor=1),
        lambda bad: prorate(1, bad, 2, floor=1),
        lambda bad: prorate(1, 1, bad, floor=1),
        lambda bad: floor_to(bad, 10),
        lambda bad: ceil_to(10, bad),
        lambda bad: half_up_to(bad, 1),
        lambda bad: round_to(bad, Rounding.FLOOR, 1),
        lambda bad: to_yen(bad, floor=1),
        to_sen,
    ],
)
def test_what_is_not_whole_is_refused_everywhere(call, bad):
    with pytest.raises(MoneyError):
        call(bad)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: of(100, TEN), "say how the fraction is rounded"),
        (lambda: of(100, TEN, floor=1, ceiling=1), "say how the fraction is rounded"),
        (lambda: to_yen(100), "say how the fraction is rounded"),
        (lambda: prorate(100, 1, 0, floor=1), "both are 1 or more"),
        (lambda: prorate(100, 1, -12, floor=1), "both are 1 or more"),
        (lambda: floor_to(100, 0), "both are 1 or more"),
        (lambda: floor_to(100, -10), "both are 1 or more"),
        (lambda: round_to(100, 3, 10), "rounding 3 is not known"),
    ],
)
def test_a_rounding_that_is_not_said_or_not_known_is_refused(call, told):
    with pytest.raises(MoneyError, match=told):
        call()


def test_roundings_have_the_words_of_the_law():
    assert [mode.label for mode in Rounding] == ["切捨て", "切上げ", "四捨五入"]


def test_only_a_fraction_that_was_rounded_is_noted():
    notes: list[Note] = []
    token = TAPE.set(notes)
    try:
        of(1000, TEN, floor=1)
        of(1005, TEN, floor=1)
        applied("bands", "row", 5, 500)
    finally:
        TAPE.reset(token)
    of(1005, TEN, floor=1)
    applied("bands", "row")
    assert notes == [Rounded(1005, 10, "切捨て", 1, 100), Applied("bands", "row", 5, 500)]
