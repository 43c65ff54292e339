"""Codes of jurisdictions, their check digit, and the record that holds them."""

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from munirules.engine.jurisdiction import (
    NATION,
    PREFECTURE_NAMES,
    Jurisdiction,
    JurisdictionCodeError,
    JurisdictionKind,
    check_digit,
    normalise_code,
)
from munirules.errors import MunirulesError

FIVE_DIGITS = st.from_regex(r"\A[0-9]{5}\Z").filter(lambda code: code != "00000")


@pytest.mark.parametrize(
    ("code5", "digit"),
    [
        ("01100", "2"),  # 札幌市: 5 + 4 = 9, 11 - 9 = 2
        ("21201", "6"),  # 岐阜市
        ("01000", "6"),  # 北海道
        ("13101", "6"),  # 千代田区
        ("01222", "0"),  # 三笠市: remainder 1, difference 10
        ("02445", "7"),  # 南部町
        ("01233", "5"),  # 伊達市
        ("02208", "0"),  # むつ市: remainder 1, difference 10
        ("01213", "1"),  # 苫小牧市: the difference ends in 1
    ],
)
def test_check_digit(code5, digit):
    assert check_digit(code5) == digit


@pytest.mark.parametrize("wrong", ["", "2120", "212016", "2120a", "２１２０１", "-1201", "²1201"])
def test_check_digit_wants_five_digits(wrong):
    with pytest.raises(JurisdictionCodeError, match="five digits"):
        check_digit(wrong)


@pytest.mark.parametrize(
    "written", ["21201", "212016", "２１２０１６", "２１２０１", " 212016\n", "\u3000２１２０１\u3000"]
)
def test_normalise_code(written):
    assert normalise_code(written) == "212016"


@pytest.mark.parametrize("written", ["000000", "00000", "０００００"])
def test_the_nation_carries_no_check_digit(written):
    assert normalise_code(written) == "000000"


def test_a_wrong_check_digit_is_told_with_the_right_one():
    with pytest.raises(JurisdictionCodeError, match=r"check digit of 21201 is 6, not 0.*'212016'"):
        normalise_code("212010")
    with pytest.raises(JurisdictionCodeError, match="the nation is '000000'"):
        normalise_code("000001")


@pytest.mark.parametrize("written", ["", "1", "2120", "2120166", "岐阜市", "21-201", "2120 16", "+21201", "２１２０①a"])
def test_what_is_no_code(written):
    with pytest.raises(JurisdictionCodeError, match="five or six digits"):
        normalise_code(written)


def test_a_number_is_no_code():
    number: Any = 11002
    with pytest.raises(JurisdictionCodeError, match="leading zero"):
        normalise_code(number)


@given(FIVE_DIGITS)
def test_of_ten_sixth_digits_one_is_right(code5):
    right = [digit for digit in "0123456789" if _accepted(code5 + digit)]
    assert right == [check_digit(code5)]
    assert normalise_code(code5) == code5 + right[0]


def _accepted(code):
    try:
        return normalise_code(code) == code
    except JurisdictionCodeError:
        return False


@given(st.text(max_size=8))
def test_any_text_is_a_code_or_a_clear_error(text):
    try:
        code = normalise_code(text)
    except MunirulesError:
        return
    assert normalise_code(code) == code
    assert len(code) == 6


def gifu(**other):
    return Jurisdiction(
        **{"code": "212016", "name": "岐阜市", "kana": "ぎふし", "romaji": "Gifu-shi", "kind": "city", **other}
    )


def test_a_jurisdiction_says_where_it_lies():
    assert gifu().kind is JurisdictionKind.CITY
    assert gifu().prefecture == "210005"
    assert gifu().prefecture_name == "岐阜県"
    assert gifu().full_name == "岐阜県岐阜市"
    assert str(gifu()) == "岐阜県岐阜市 (212016)"
    assert gifu().is_municipality


def test_a_union_may_carry_the_name_of_its_prefecture():
    union = gifu(code="219991", name="岐阜県後期高齢者医療広域連合", kind="union")
    assert union.full_name == "岐阜県後期高齢者医療広域連合"
    assert union.prefecture == "210005"
    assert not union.is_municipality


def test_the_nation():
    assert NATION.code == "000000"
    assert NATION.prefecture is None
    assert NATION.prefecture_name == ""
    assert NATION.full_name == "国"


@pytest.mark.parametrize("wrong", ["21201", "212010", "２１２０１６", "", "000001", "岐阜市"])
def test_a_jurisdiction_holds_no_wrong_code(wrong):
    with pytest.raises(JurisdictionCodeError):
        gifu(code=wrong)


def test_a_jurisdiction_cannot_be_changed():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        gifu().name = "大垣市"
    assert gifu() == gifu()
    assert len({gifu(), gifu()}) == 1


def test_kinds_have_labels():
    assert [kind.label for kind in JurisdictionKind] == [
        "国", "都道府県", "指定都市", "市", "特別区", "町", "村", "行政区", "広域連合・一部事務組合",
    ]  # fmt: skip
    assert [kind for kind in JurisdictionKind if kind.is_municipality] == [
        "designated_city", "city", "special_ward", "town", "village",
    ]  # fmt: skip


def test_there_are_47_prefectures():
    assert len(set(PREFECTURE_NAMES)) == 47
