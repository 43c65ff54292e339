"""Romaji of place names, and the form in which names are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from munirules.plugins.jurisdictions import all_jurisdictions, by_code, fold, hepburn


@pytest.mark.parametrize(
    ("kana", "romaji"),
    [
        ("", ""),
        ("ぎふ", "gifu"),
        ("おおさか", "osaka"),
        ("とうきょう", "tokyo"),
        ("ちゅうおう", "chuo"),
        ("きゅうしゅう", "kyushu"),
        ("にいがた", "niigata"),
        ("せいろう", "seiro"),
        ("ぐんま", "gunma"),
        ("なんば", "nanba"),
        ("しんおんせん", "shin'onsen"),
        ("さんようおのだ", "san'yoonoda"),
        ("べっぷ", "beppu"),
        ("くっちゃん", "kutchan"),
        ("いっしき", "isshiki"),
        ("まなづる", "manazuru"),
        ("おぢか", "ojika"),
        ("じょうえつ", "joetsu"),
        ("ひゅうが", "hyuga"),
        ("おおおか", "ooka"),
        ("とうおん", "toon"),
        ("とようら", "toyora"),
        ("とよ'うら", "toyoura"),
        ("そ'お", "soo"),
        ("まつ'うら", "matsuura"),
        ("ぎふ 1", "gifu 1"),
    ],
)
def test_hepburn(kana, romaji):
    assert hepburn(kana) == romaji


@given(st.text(alphabet=[chr(sign) for sign in range(ord("ぁ"), ord("ん") + 1)]))
def test_hepburn_takes_any_hiragana(kana):
    assert isinstance(hepburn(kana), str)


# Municipalities whose romaji kana alone does not tell, and some that are often spelt wrong.
@pytest.mark.parametrize(
    ("code", "romaji"),
    [
        ("01560", "Takinoue-cho"),
        ("01571", "Toyoura-cho"),
        ("01642", "Hiroo-cho"),
        ("07301", "Koori-machi"),
        ("12218", "Katsuura-shi"),
        ("28209", "Toyooka-shi"),
        ("42208", "Matsuura-shi"),
        ("46217", "Soo-shi"),
        ("40204", "Nogata-shi"),
        ("21201", "Gifu-shi"),
        ("21604", "Shirakawa-mura"),
        ("01000", "Hokkaido"),
        ("13000", "Tokyo-to"),
        ("26000", "Kyoto-fu"),
        ("10000", "Gunma-ken"),
        ("27127", "Osaka-shi Kita-ku"),
        ("24202", "Yokkaichi-shi"),
        ("01400", "Kutchan-cho"),
        ("28586", "Shin'onsen-cho"),
    ],
)
def test_romaji_of_the_table(code, romaji):
    assert by_code(code).romaji == romaji


@pytest.mark.parametrize(
    ("written", "alike"),
    [
        ("ギフシ", "ぎふし"),
        ("ｷﾞﾌｼ", "ぎふし"),
        ("ＧＩＦＵ－ｓｈｉ", "gifushi"),
        ("Kōchi", "kochi"),
        ("Ko\u0304chi", "kochi"),
        ("Kouchi", "kochi"),
        ("Ôita", "oita"),
        ("Gumma", "gunma"),
        ("Shin’onsen", "shinonsen"),
        ("鎌ケ谷", "鎌が谷"),
        ("鎌ヶ谷", "鎌が谷"),
        ("霞ｹ浦", "霞が浦"),
        ("上ノ国", "上の国"),
        ("檮原", "梼原"),
        ("鹽竈", "塩釜"),
        ("龍ケ崎", "竜が崎"),
        ("葛\U000e0100城", "葛城"),
        ("岐阜県　岐阜市", "岐阜県岐阜市"),
    ],
)
def test_fold(written, alike):
    assert fold(written) == alike


@pytest.mark.parametrize(
    ("one", "other"),
    [("鹿嶋市", "鹿島市"), ("つがる", "つける"), ("おの", "おおの"), ("はま", "かま"), ("Hama", "Hana")],
)
def test_fold_keeps_apart(one, other):
    assert fold(one) != fold(other)


def test_a_folded_name_stays_as_it_is():
    for one in all_jurisdictions():
        for written in (one.name, one.romaji):
            assert fold(fold(written)) == fold(written)


def test_no_two_names_of_municipalities_become_one():
    names = {one.name for one in all_jurisdictions()}
    assert len({fold(name) for name in names}) == len(names)
