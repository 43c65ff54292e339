"""Printing: 元 only for the first year, never a year without its era, and the era that the document may know."""

from __future__ import annotations

import re
from datetime import date

import pytest

from munirules.calendar import (
    STYLES,
    EraError,
    EraTable,
    Switchover,
    era_table,
    format_date,
    format_fiscal_year,
    modern_era_table,
    parse,
    parse_fiscal_year,
)

DAY = date(2026, 4, 1)
FIRST = date(2019, 5, 1)
CODES = [f"code:{system.id}" for system in era_table().systems if system.text and era_table().latest.code(system.id)]
NAMES = [style.name for style in STYLES] + CODES


@pytest.mark.parametrize(
    ("style", "text", "first"),
    [
        ("ja", "令和8年4月1日", "令和元年5月1日"),
        ("ja_1", "令和8年4月1日", "令和1年5月1日"),
        ("ja_padded", "令和08年04月01日", "令和01年05月01日"),
        ("ja_spaced", "令和 8年 4月 1日", "令和元年 5月 1日"),
        ("ja_weekday", "令和8年4月1日（水）", "令和元年5月1日（水）"),
        ("ja_full", "令和８年４月１日", "令和元年５月１日"),
        ("kanji", "令和八年四月一日", "令和元年五月一日"),
        ("square", "㋿8年4月1日", "㋿元年5月1日"),
        ("both", "令和8(2026)年4月1日", "令和元(2019)年5月1日"),
        ("letter", "R8.4.1", "R1.5.1"),
        ("jisx0301", "R08.04.01", "R01.05.01"),
        ("letter_slash", "R8/4/1", "R1/5/1"),
        ("letter_hyphen", "R08-04-01", "R01-05-01"),
        ("compact", "R080401", "R010501"),
        ("one", "令8.4.1", "令1.5.1"),
        ("en", "April 1, Reiwa 8", "May 1, Reiwa 1"),
        ("en_short", "Reiwa 8.4.1", "Reiwa 1.5.1"),
        ("iso", "2026-04-01", "2019-05-01"),
        ("western", "2026年4月1日", "2019年5月1日"),
        ("western_kanji", "二〇二六年四月一日", "二〇一九年五月一日"),
        ("code:default", "5080401", "5010501"),
        ("code7:nenkin", "9080401", "9010501"),
    ],
)
def test_styles(style, text, first):
    assert format_date(DAY, style) == text
    assert format_date(FIRST, style) == first
    assert format_date(parse("令和8年4月1日"), style) == text


def test_every_style_is_shown_above():
    shown = {row[0] for row in test_styles.pytestmark[0].args[1]}
    assert {style.name for style in STYLES} <= shown


def test_first_year_sign_only_where_the_whole_year_is_one():
    for year in (3, 10, 11, 21, 31):
        assert "元" not in format_date(date(1988 + year, 4, 1))
    assert format_date(date(1989, 4, 1)) == "平成元年4月1日"
    assert format_date(date(1999, 4, 1), "kanji") == "平成十一年四月一日"


@pytest.mark.parametrize("style", NAMES)
def test_no_style_prints_a_year_without_its_era(style):
    text = format_date(DAY, style)
    assert re.search(r"令|R|㋿|2026|二〇二六|^[259]08", text)
    assert not re.match(r"0?[0-9]{1,2}[年./-]", text)


def test_the_square_is_printed_only_when_asked():
    for style in NAMES:
        assert ("㋿" in format_date(DAY, style)) == (style == "square")


def test_what_a_style_cannot_write_is_refused():
    leap = parse("明治3年閏10月5日")
    assert format_date(leap) == "明治3年閏10月5日"
    assert format_date(leap, "kanji") == "明治三年閏十月五日"
    for style in ("letter", "jisx0301", "code:default", "en"):
        with pytest.raises(EraError, match="leap month"):
            format_date(leap, style)
    for style, word in (("letter", "letter"), ("one", "one"), ("square", "square"), ("code:default", "code")):
        with pytest.raises(EraError, match=word):
            format_date(date(1857, 10, 21), style)
    with pytest.raises(EraError, match="no code in the system nohin"):
        format_date(date(1970, 1, 1), "code:nohin")
    with pytest.raises(EraError, match="did you mean 'letter'"):
        format_date(DAY, "lettre")
    with pytest.raises(EraError):
        format_date(DAY, "code:java")


def test_days_that_no_era_has():
    with pytest.raises(EraError, match="before 享和"):
        format_date(date(1750, 1, 1))
    with pytest.raises(EraError, match="before 明治"):
        format_date(date(1868, 1, 24), table=modern_era_table())
    assert format_date(date(2120, 1, 1)) == "令和102年1月1日"
    for style in ("compact", "code:default"):
        with pytest.raises(EraError, match="beyond"):
            format_date(date(2120, 1, 1), style)
    with pytest.raises(EraError, match="9999"):
        format_date(date(9999, 12, 31))
    assert format_date(date(9999, 12, 31), "iso") == "9999-12-31"
    bare = EraTable(modern_era_table().eras, modern_era_table().systems)
    with pytest.raises(EraError, match="lunisolar"):
        format_date(date(1870, 1, 1), table=bare)
    assert format_date(date(1873, 1, 1), table=bare) == "明治6年1月1日"


def test_both_calendars_at_their_border():
    assert format_date(date(1872, 12, 31)) == "明治5年12月2日"
    assert format_date(date(1873, 1, 1)) == "明治6年1月1日"
    assert format_date(date(1868, 1, 25)) == "明治元年1月1日"
    assert format_date(date(1868, 1, 24)) == "慶応3年12月30日"
    assert format_date(date(1872, 12, 31), "jisx0301") == "M05.12.02"
    assert format_date(date(1872, 12, 31), "western") == "1872年12月31日"


@pytest.mark.parametrize(
    ("text", "style", "printed"),
    [
        ("昭和20年8月不詳", "ja", "昭和20年8月"),
        ("昭和20年8月不詳", "letter", "S20.8"),
        ("昭和20年8月不詳", "code:default", "3200800"),
        ("昭和20年8月不詳", "en", "August, Showa 20"),
        ("S20", "ja", "昭和20年"),
        ("S20", "compact", "S200000"),
        ("S20", "en", "Showa 20"),
        ("2023年4月", "ja", "令和5年4月"),
        ("2019年", "ja", "2019年"),
        ("令和8年度", "ja_full", "令和８年度"),
        ("R8年度", "letter", "R8年度"),
        ("明治3年閏10月", "ja", "明治3年閏10月"),
        ("昭和20年春", "letter", "昭和20年春"),
        ("不詳", "ja", "不詳"),
    ],
)
def test_only_what_is_known_of_a_partial_date_is_printed(text, style, printed):
    assert format_date(parse(text), style) == printed


def test_partial_dates_that_a_style_cannot_write():
    for text, style in (
        ("昭和20年春", "code:default"),
        ("不詳", "compact"),
        ("令和8年度", "en"),
        ("明治3年閏10月", "letter"),
    ):
        with pytest.raises(EraError):
            format_date(parse(text), style)


def test_announced_is_not_effective():
    later = date(2019, 6, 1)
    assert format_date(later) == "令和元年6月1日"
    assert format_date(later, as_of=date(2019, 3, 31)) == "平成31年6月1日"
    assert format_date(later, as_of=date(2019, 4, 1)) == "平成31年6月1日"
    assert format_date(later, as_of=date(2019, 5, 1)) == "令和元年6月1日"
    assert format_date(later, as_of=date(2019, 4, 1), policy="announced") == "令和元年6月1日"
    assert format_date(later, as_of=date(2019, 3, 31), policy="announced") == "平成31年6月1日"
    assert format_date(date(2020, 4, 1), "jisx0301", as_of=date(2018, 1, 1)) == "H32.04.01"
    assert format_date(parse("令和元年6月1日"), as_of=date(2019, 4, 1)) == "平成31年6月1日"
    with pytest.raises(EraError, match="did you mean 'announced'"):
        format_date(later, as_of=later, policy="anounced")


def test_switching_is_dated_by_body_and_by_form():
    ours = Switchover(dated=(("令和", date(2019, 4, 15)),), forms=(("OCR納付書", "令和", date(2019, 10, 1)),))
    later = date(2019, 12, 1)
    assert format_date(later, as_of=date(2019, 4, 14), policy=ours) == "平成31年12月1日"
    assert format_date(later, as_of=date(2019, 4, 15), policy=ours) == "令和元年12月1日"
    assert format_date(later, as_of=date(2019, 9, 30), policy=ours, form="OCR納付書") == "平成31年12月1日"
    assert format_date(later, as_of=date(2019, 10, 1), policy=ours, form="OCR納付書") == "令和元年12月1日"
    assert format_date(later, as_of=date(2019, 9, 30), policy=ours, form="通知書") == "令和元年12月1日"
    with pytest.raises(EraError):
        Switchover("today")


def test_the_name_of_a_fiscal_year_is_a_policy():
    assert format_fiscal_year(2019) == "令和元年度"
    assert format_fiscal_year(2019, naming="first_day") == "平成31年度"
    assert format_fiscal_year(2019, as_of=date(2019, 4, 30)) == "平成31年度"
    assert format_fiscal_year(2019, as_of=date(2019, 5, 1)) == "令和元年度"
    assert format_fiscal_year(1988) == "昭和63年度"
    assert format_fiscal_year(1989) == "平成元年度"
    assert format_fiscal_year(2026, "letter") == "R8年度"
    assert format_fiscal_year(2026, "both") == "令和8(2026)年度"
    assert format_fiscal_year(2026, "western") == "2026年度"
    assert parse_fiscal_year("平成31年度") == parse_fiscal_year("令和元年度") == 2019
    with pytest.raises(EraError):
        format_fiscal_year(2019, naming="first_dya")


@pytest.mark.parametrize("year", range(1873, 2100))
def test_fiscal_years_come_back(year):
    for style in ("ja", "letter", "ja_full", "kanji", "both", "western"):
        for naming in ("national_2019", "first_day"):
            assert parse_fiscal_year(format_fiscal_year(year, style, naming=naming), policy="keep") == year
