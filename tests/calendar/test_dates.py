"""The two types of date: ordered and comparable without lies."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from munirules.calendar import EraDate, PartialDate, Precision, UncertainOrderError, era_table, parse
from munirules.calendar.resolve import in_force

DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))


@st.composite
def partial_dates(draw):
    first, last = sorted(draw(st.lists(DAYS, min_size=2, max_size=2)))
    if last - first > timedelta(1000):
        last = first + timedelta(draw(st.integers(0, 1000)))
    earliest = draw(st.sampled_from((first, first, first, None)))
    latest = draw(st.sampled_from((last, last, last, None)))
    return PartialDate(earliest, latest, Precision.RANGE)


@st.composite
def dates_and_a_day_each_may_be(draw):
    kind = draw(st.sampled_from(("partial", "partial", "era", "date")))
    if kind == "partial":
        found = draw(partial_dates())
        return found, draw(st.dates(found.earliest or date(1873, 1, 1), found.latest or date(2099, 12, 31)))
    day = draw(DAYS)
    return (in_force(era_table(), day) if kind == "era" else day), day


@given(dates_and_a_day_each_may_be(), dates_and_a_day_each_may_be())
def test_no_comparison_lies(one, other):
    (first, first_day), (second, second_day) = one, other
    for compare in ("__lt__", "__le__", "__gt__", "__ge__"):
        if not isinstance(first, EraDate | PartialDate):
            continue
        try:
            said = getattr(first, compare)(second)
        except UncertainOrderError:
            assert isinstance(first, PartialDate) or isinstance(second, PartialDate)
            continue
        assert said is getattr(first_day, compare)(second_day)


@given(DAYS, DAYS)
def test_era_dates_are_ordered_as_their_days(one, other):
    first, second = in_force(era_table(), one), in_force(era_table(), other)
    assert (first < second, first <= second, first == second) == (one < other, one <= other, one == other)
    assert (first < other, other < first, first == other) == (one < other, other < one, one == other)
    assert (hash(first) == hash(second)) or one != other
    assert sorted([first, second]) == sorted([one, other])


def test_the_same_day_in_two_eras_is_one_day():
    kept, named = parse("平成31年5月1日", policy="keep"), parse("令和元年5月1日")
    assert kept == named
    assert len({kept, named, date(2019, 5, 1)}) == 1
    assert not kept < named
    assert kept != datetime.fromisoformat("2019-05-01T00:00:00")
    assert kept != "2019-05-01"


def test_partial_dates_answer_only_what_is_certain():
    august, winter, showa = parse("昭和20年8月"), parse("昭和20年冬"), parse("昭和不詳")
    assert august < parse("昭和20年9月")
    assert august < date(1945, 9, 1)
    assert date(1945, 7, 31) < august
    assert august <= date(1945, 8, 31)
    assert not august < date(1945, 8, 1)
    assert parse("令和元年5月1日") > showa
    for question in (
        lambda: august < winter,
        lambda: august < date(1945, 8, 15),
        lambda: august <= august,  # noqa: PLR0124 - two records of one month
        lambda: parse("不詳") < date(2026, 1, 1),
        lambda: sorted([august, winter]),
    ):
        with pytest.raises(UncertainOrderError, match="depends on what is not known"):
            question()
    with pytest.raises(TypeError):
        assert august < 5
    records = [parse("不詳"), parse("昭和20年9月1日"), august, winter]
    in_order = ["不詳", "昭和20年冬", "昭和20年8月", "昭和20年9月1日"]
    assert [each.text for each in sorted(records, key=lambda each: each.sort_key)] == in_order


def test_equality_of_partial_dates_is_of_what_is_known():
    assert parse("昭和20年8月不詳") == parse("S20.8") == parse("1945-08-00")
    assert len({parse("昭和20年8月不詳"), parse("S20.8")}) == 1
    assert parse("昭和20年8月") != parse("昭和20年9月")
    assert parse("昭和20年8月") != date(1945, 8, 1)
    august, september = parse("昭和20年8月"), parse("昭和20年9月1日")
    assert isinstance(august, PartialDate)
    assert isinstance(september, EraDate)
    assert august.may_be(date(1945, 8, 15))
    assert not august.may_be(september)


def test_dates_are_immutable_and_travel():
    whole, part = parse("令和8年4月1日"), parse("昭和20年春")
    for found in (whole, part):
        attribute = "year"
        with pytest.raises(AttributeError):
            setattr(found, attribute, 9)
        for copied in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
            assert copied == found
            assert copied.as_dict() == found.as_dict()
    assert repr(whole) == "<EraDate 令和8年4月1日 = 2026-04-01>"
    assert repr(part) == "<PartialDate '昭和20年春' season 1945-03-01 to 1945-05-31 (season_by_convention)>"
    with pytest.raises(ValueError, match="after latest"):
        PartialDate(date(2026, 2, 1), date(2026, 1, 1), Precision.RANGE)
    assert str(PartialDate(date(2026, 1, 1), None, Precision.RANGE)) == "2026-01-01/"
