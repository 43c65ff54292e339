"""What a person writes, and the jurisdiction that is found."""

import pickle
from typing import Any

import pytest

from munirules.engine.jurisdiction import Jurisdiction, JurisdictionCodeError
from munirules.errors import MunirulesError
from munirules.plugins.jurisdictions import (
    AmbiguousJurisdiction,
    JurisdictionLookupError,
    UnknownJurisdiction,
    WardIsNoMunicipality,
    by_code,
    find,
    municipalities,
)

FOUND = {
    "岐阜県岐阜市": """
        212016 21201 ２１２０１６ 岐阜市 岐阜 岐阜県岐阜市 岐阜県岐阜 ぎふし ギフシ ｷﾞﾌｼ ぎふ ぎふけんぎふし Gifu gifu GIFU
        Gifu-shi gifushi ＧＩＦＵ Gif gifu-s
    """,
    "岐阜県": "210005 21000 岐阜県 ぎふけん Gifu-ken gifuken",
    "岐阜県白川町": "岐阜県白川町 加茂郡白川町 岐阜県加茂郡白川町 しらかわちょう Shirakawa-cho",
    "岐阜県白川村": "白川村 大野郡白川村 Shirakawa-mura",
    "東京都府中市": "東京都府中市 東京都府中 とうきょうとふちゅうし",
    "東京都": "東京 東京都 Tokyo Toukyou Tōkyō tokyo-to",
    "北海道": "北海道 ほっかいどう Hokkaido hokka",
    "愛知県": "愛知 Aichi あいち Aich",
    "大阪府大阪市": "大阪 Osaka Oosaka 大阪市 大阪府大阪市",
    "京都府京都市": "京都 Kyoto",
    "千葉県鎌ケ谷市": "鎌ケ谷市 鎌ヶ谷市 鎌が谷市 鎌ヶ谷",
    "宮城県塩竈市": "塩竈市 塩釜市 鹽竈市",
    "茨城県龍ケ崎市": "龍ケ崎市 竜ヶ崎市 竜が崎",
    "茨城県鹿嶋市": "鹿嶋市 鹿嶋",
    "佐賀県鹿島市": "鹿島市 鹿島",
    "福岡県須恵町": "須恵町 須惠町",
    "高知県梼原町": "梼原町 檮原町",
    "青森県六ヶ所村": "六ヶ所村 六ケ所村 六が所村",
    "北海道上ノ国町": "上ノ国町 上の国町",
    "北海道ニセコ町": "ニセコ町 にせこ町 ﾆｾｺ町 Niseko",
    "東京都三宅村": "三宅村 三宅島三宅村 東京都三宅島三宅村",
    "東京都千代田区": "千代田区 東京都千代田区 Chiyoda-ku",
    "東京都港区": "東京都港区 東京都港",
    "福岡県みやこ町": "福岡県京都郡みやこ町 みやこ町",
    "国": "000000 国",
}


@pytest.mark.parametrize(("full_name", "written"), FOUND.items())
def test_found(full_name, written):
    for text in written.split():
        assert find(text).full_name == full_name, text


@pytest.mark.parametrize(
    ("text", "full_name"),
    [
        ("岐阜県 岐阜市", "岐阜県岐阜市"),
        ("　岐阜　市　", "岐阜県岐阜市"),
        ("Gifu-ken Gifu-shi", "岐阜県岐阜市"),
        ("岐阜県 -", "岐阜県"),
        ("Fuchu, Tokyo", "東京都府中市"),
        ("Fuchu-shi, Hiroshima-ken", "広島県府中市"),
        ("広島 府中町", "広島県府中町"),
        ("Kyoto-fu Uji-shi", "京都府宇治市"),
        ("Shin'onsen-cho", "兵庫県新温泉町"),
        ("San'yo-Onoda", "山口県山陽小野田市"),
        ("Date, Hokkaido", "北海道伊達市"),
        ("Minato-ku, Tokyo", "東京都港区"),
    ],
)
def test_found_in_parts(text, full_name):
    assert find(text).full_name == full_name


@pytest.mark.parametrize(
    ("text", "full_names"),
    [
        ("府中市", ["東京都府中市", "広島県府中市"]),
        ("府中", ["東京都府中市", "広島県府中市", "広島県府中町"]),
        ("Fuchu, Hiroshima", ["広島県府中市", "広島県府中町"]),
        ("伊達市", ["北海道伊達市", "福島県伊達市"]),
        ("川崎町", ["宮城県川崎町", "福岡県川崎町"]),
        ("川崎", ["宮城県川崎町", "神奈川県川崎市", "福岡県川崎町"]),
        ("白川", ["岐阜県白川町", "岐阜県白川村"]),
        ("岐阜県白川", ["岐阜県白川町", "岐阜県白川村"]),
        ("福島", ["北海道福島町", "福島県福島市"]),
        ("ほくとし", ["北海道北斗市", "山梨県北杜市"]),
        ("北海道えさしちょう", ["北海道江差町", "北海道枝幸町"]),
        ("Minato-ku", ["東京都港区", "愛知県名古屋市港区", "大阪府大阪市港区"]),
        ("港", ["東京都港区", "愛知県名古屋市港区", "大阪府大阪市港区"]),
        ("大阪府北区", ["大阪府大阪市北区", "大阪府堺市北区"]),
    ],
)
def test_ambiguous(text, full_names):
    with pytest.raises(AmbiguousJurisdiction) as refused:
        find(text)
    assert [one.full_name for one in refused.value.candidates] == full_names
    for one in refused.value.candidates:
        assert f"{one.full_name} ({one.code})" in str(refused.value)


def test_many_candidates_are_cut():
    with pytest.raises(AmbiguousJurisdiction, match=r"and \d+ more; write the code"):
        find("山")


@pytest.mark.parametrize("text", ["大阪市北区", "大阪府大阪市北区", "271276", "27127", "Osaka-shi Kita-ku", "大阪市北"])
def test_a_ward_names_its_city(text):
    with pytest.raises(WardIsNoMunicipality, match=r"大阪府大阪市北区 \(271276\).*'大阪市' or '271004'"):
        find(text)


@pytest.mark.parametrize("text", ["中京区", "中京", "京都府中京", "Nakagyo-ku"])
def test_a_bare_ward_names_its_city(text):
    with pytest.raises(WardIsNoMunicipality) as refused:
        find(text)
    assert refused.value.city.full_name == "京都府京都市"


def test_wards_stand_back_behind_longer_names_of_municipalities():
    with pytest.raises(AmbiguousJurisdiction) as refused:
        find("兵庫県西")
    assert [one.name for one in refused.value.candidates] == ["西宮市", "西脇市"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("岐皐市", "did you mean 岐阜県岐阜市"),
        ("Giffu", "did you mean 岐阜県岐阜市"),
        ("岐阜県名古屋市", "did you mean 愛知県名古屋市"),
        ("愛知県名古谷市", "did you mean 愛知県名古屋市"),
        ("色丹村", "Northern Territories"),
        ("北海道色丹村", "Northern Territories"),
        ("016951", "色丹村 in the Northern Territories"),
        ("11002", "it is 北海道札幌市"),
        ("999997", "merged municipality, or of a union"),
        ("12345", "no jurisdiction has the code 123455"),
        ("", "empty"),
        (" - ", "empty"),
        ("八丈島", "did you mean 東京都八丈町"),
        ("xyz", "write a code, as '212016'"),
    ],
)
def test_unknown(text, hint):
    with pytest.raises(UnknownJurisdiction) as refused:
        find(text)
    assert hint in str(refused.value)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize("text", ["212010", "２１２０１０", "2120", "2120166"])
def test_a_wrong_code(text):
    with pytest.raises(JurisdictionCodeError) as refused:
        find(text)
    assert repr(text) in str(refused.value)


def test_a_number_is_no_code():
    number: Any = 212016
    with pytest.raises(JurisdictionCodeError, match="a code is text, not int"):
        find(number)


@pytest.mark.parametrize("text", ["府中市", "大阪市北区", "岐皐市", "212010"])
def test_errors_travel_between_processes(text):
    with pytest.raises(MunirulesError) as refused:
        find(text)
    again = pickle.loads(pickle.dumps(refused.value))
    assert type(again) is refused.type
    assert str(again) == str(refused.value)
    assert vars(again) == vars(refused.value)


def test_errors_are_lookup_errors_of_the_library():
    assert issubclass(JurisdictionLookupError, MunirulesError)
    assert issubclass(JurisdictionLookupError, LookupError)


UNION = Jurisdiction(
    code="219991",
    name="岐阜県後期高齢者医療広域連合",
    kana="ぎふけんこうきこうれいしゃいりょうこういきれんごう",
    romaji="Gifu-ken Koki Koreisha Iryo Koiki Rengo",
    kind="union",
)


@pytest.mark.parametrize(
    "text",
    [
        "219991",
        "21999",
        "２１９９９１",
        "岐阜県後期高齢者医療広域連合",
        "岐阜県後期",
        "Gifu-ken Kouki Koureisha",
        UNION.kana,
    ],
)
def test_a_plugin_brings_more(text):
    assert find(text, extra=[UNION]) is UNION
    with pytest.raises(UnknownJurisdiction):
        find(text)


def test_what_plugins_bring_stands_beside_the_table():
    assert find("岐阜", extra=[UNION]).name == "岐阜市"
    assert find("岐阜県", extra=iter([UNION])).name == "岐阜県"
    again = Jurisdiction(code="212016", name="岐阜市", kana="ぎふし", romaji="Gifu-shi", kind="city")
    assert find("岐阜市", extra=[again]) is by_code("212016")
    mute = Jurisdiction(code="219991", name="架空広域連合", kana="", romaji="", kind="union")
    assert find("架空広域", extra=[mute]) is mute
    assert find("岐阜", extra=[mute]).name == "岐阜市"
    fiction = Jurisdiction(code="999997", name="岐阜市", kana="ぎふし", romaji="Gifu-shi", kind="city")
    with pytest.raises(AmbiguousJurisdiction, match="999997"):
        find("岐阜市", extra=[fiction])


@pytest.mark.parametrize("text", ["210005", "21000", "岐阜県", "岐阜", "Gifu", "ぎふけん", "gifu-ken"])
def test_municipalities_of_a_prefecture(text):
    found = municipalities(text)
    assert len(found) == 42
    assert found[0].name == "岐阜市"
    assert {one.prefecture for one in found} == {"210005"}


@pytest.mark.parametrize("text", ["岐阜市", "212016", "000000", "", "北区", "Atlantis"])
def test_municipalities_of_no_prefecture(text):
    with pytest.raises(UnknownJurisdiction, match="no prefecture"):
        municipalities(text)


def test_by_code_knows_wards():
    assert by_code("27127").name == "大阪市北区"
    assert by_code("27127").city == "271004"
