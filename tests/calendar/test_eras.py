"""The table of eras: facts, boundaries, further eras, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from munirules.calendar import (
    DateError,
    EraError,
    EraTable,
    EraTableError,
    NotCoveredError,
    era_from_row,
    era_table,
    load_eras,
    modern_era_table,
    parse,
)
from munirules.calendar.builtin import read_data
from munirules.calendar.lunisolar import LunarDay, LunarMonth, LunarTable

FACTS = [
    ("明治", "めいじ", "Meiji", "M", "明", "㍾", "1868-01-25", "1912-07-29", "1868-10-23"),
    ("大正", "たいしょう", "Taisho", "T", "大", "㍽", "1912-07-30", "1926-12-24", "1912-07-30"),
    ("昭和", "しょうわ", "Showa", "S", "昭", "㍼", "1926-12-25", "1989-01-07", "1926-12-25"),
    ("平成", "へいせい", "Heisei", "H", "平", "㍻", "1989-01-08", "2019-04-30", "1989-01-07"),
    ("令和", "れいわ", "Reiwa", "R", "令", "㋿", "2019-05-01", "9999-12-31", "2019-04-01"),
]


@pytest.mark.parametrize("fact", FACTS, ids=[fact[0] for fact in FACTS])
def test_facts(fact):
    name, kana, romaji, letter, one, square, start, end, announced = fact
    table = era_table()
    era = table.era(name)
    assert (era.kana, era.romaji, era.letter, era.one, era.square) == (kana, romaji, letter, one, square)
    assert (str(era.start), str(table.ends[name]), str(era.announced)) == (start, end, announced)
    assert era.legal
    assert era.source.startswith("http")
    for word in (name, kana, romaji, romaji.upper(), letter, letter.lower(), one, square):
        assert table.find(word) is era
    assert table.era_on(era.start) is era
    assert table.era_on(era.start - timedelta(1)) is not era


def test_each_day_has_one_era_and_no_day_is_left_out():
    table = era_table()
    for before, after in zip(table.eras, table.eras[1:], strict=False):
        assert table.ends[before.name] + timedelta(1) == after.start
    assert (table.ends["昭和"] - date(1989, 1, 1)).days + 1 == 7


def test_early_eras_begin_on_their_lunisolar_days():
    days = [(1801, 2, 5), (1804, 2, 11), (1818, 4, 22), (1830, 12, 10), (1844, 12, 2), (1848, 2, 28), (1854, 11, 27)]
    days += [(1860, 3, 18), (1861, 2, 19), (1864, 2, 20), (1865, 4, 7), (1868, 1, 1)]
    table = era_table()
    assert table.lunisolar is not None
    found = [table.lunisolar.from_civil(era.start) for era in table.eras if era.start < date(1873, 1, 1)]
    assert [(day.year, day.month, day.day) for day in found] == days
    assert not any(day.leap for day in found)


def test_unknown_eras():
    with pytest.raises(EraError, match="known: 明治"):
        era_table().era("光文")


def test_a_further_era_is_one_row(mirai, mirai_row):
    assert mirai.latest.name == "未来"
    assert mirai.ends["令和"] == date(2031, 4, 30)
    assert era_table().latest.name == "令和"
    assert mirai.with_eras([]) == mirai
    assert len(mirai.eras) == len(era_table().eras) + 1
    later = {
        **mirai_row,
        "name": "遥遠",
        "kana": "ようえん",
        "romaji": "Yoen",
        "letter": "Y",
        "one": "遥",
        "start": "2060-01-01",
    }
    del later["announced"], later["codes"]
    both = era_table().with_eras([later, mirai_row])
    assert [era.name for era in both.eras[-2:]] == ["未来", "遥遠"]
    assert both == era_table().with_eras([mirai_row, later])
    assert both.latest.announced == date(2059, 12, 31)


@pytest.mark.parametrize(
    ("patch", "word", "named"),
    [
        ({"letter": "R"}, "letter_collision", "令和"),
        ({"letter": "h"}, "letter_collision", "平成"),
        ({"one": "昭"}, "one_collision", "昭和"),
        ({"romaji": "REIWA"}, "romaji_collision", "令和"),
        ({"kana": "しょうわ"}, "kana_collision", "昭和"),
        ({"name": "安政"}, "name_collision", "安政"),
        ({"aliases": ["令"]}, "name_collision", "令和"),
        ({"square": "㋿"}, "square_collision", "令和"),
        ({"codes": {"default": "5"}}, "code_collision", "令和"),
        ({"codes": {"juki": "9"}}, "code_collision", "Gregorian"),
        ({"codes": {"koseki": "Z"}}, "code_collision", "慶応"),
        ({"codes": {"nenki": "11"}}, "unknown_code_system", "nenkin"),
        ({"codes": {"nenkin": "一"}}, "bad_code", "一"),
        ({"codes": "6"}, "bad_code", "6"),
        ({"start": "2019-05-01"}, "start_not_after_previous", "令和"),
        ({"start": "2010-01-01"}, "start_not_after_previous", "令和"),
        ({"start": "soon"}, "bad_day", "soon"),
        ({"letter": "XX"}, "bad_letter", "XX"),
        ({"letter": "8"}, "bad_letter", "8"),
        ({"one": "未来"}, "bad_one", "未来"),
        ({"romaji": "Mirai 2"}, "bad_romaji", "Mirai 2"),
        ({"name": "Mirai"}, "bad_name", "Mirai"),
        ({"name": 5}, "bad_text", "name"),
        ({"name": "令元"}, "name_collision", "令和"),
        ({"name": "三和"}, "reserved", "三和"),
        ({"one": "元"}, "reserved", "元"),
        ({"strat": "2031-05-01"}, "unknown_key", "start"),
    ],
)
def test_what_is_refused_names_both(patch, word, named, mirai_row):
    with pytest.raises(EraTableError) as caught:
        era_table().with_eras([{**mirai_row, **patch}], origin="plugin 999997")
    assert word in [reason for reason, _ in caught.value.problems]
    assert named in str(caught.value)
    assert "plugin 999997" in str(caught.value)


def test_two_plugins_that_collide_are_both_named(mirai_row):
    first = era_from_row(mirai_row, origin="plugin one")
    second = era_from_row({**mirai_row, "start": "2040-01-01"}, origin="plugin two")
    with pytest.raises(EraTableError) as caught:
        era_table().with_eras([first, second])
    assert caught.value.reason == "name_collision"
    assert "plugin one" in str(caught.value)
    assert "plugin two" in str(caught.value)


def test_rows_of_a_file(tmp_path, mirai_row):
    place = tmp_path / "mirai.toml"
    place.write_text(
        '[[era]]\nname = "未来"\nkana = "みらい"\nromaji = "Mirai"\nstart = 2031-05-01\n', encoding="utf-8"
    )
    (era,) = load_eras(place)
    assert era.announced == date(2031, 4, 30)
    assert str(place) in era.origin
    for text, word in (("[[era]\n", "unreadable"), ("era = 5\n", "no_rows"), ("[[eras]]\n", "no_rows")):
        place.write_text(text, encoding="utf-8")
        with pytest.raises(EraTableError) as caught:
            load_eras(place)
        assert caught.value.reason == word
        assert str(place) in str(caught.value)
    place.write_text('[[era]]\nname = "未来"\n', encoding="utf-8")
    with pytest.raises(EraTableError, match="lacks 'kana'"):
        load_eras(place)
    with pytest.raises(EraTableError, match="unreadable"):
        load_eras(tmp_path / "none.toml")


def test_an_empty_table_is_none():
    with pytest.raises(EraTableError):
        EraTable(())


def test_the_table_is_immutable():
    with pytest.raises(AttributeError):
        era_table().eras = ()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        era_table().latest.name = "x"  # type: ignore[misc]


def test_lunisolar_years():
    table = era_table().lunisolar
    assert table is not None
    lengths = {year: table.year(year)[1] - table.year(year)[0] for year in range(1801, 1872)}
    assert all(days in (352, 353, 354, 382, 383, 384) for days in (each.days for each in lengths.values()))
    assert table.last_day == date(1872, 12, 31)
    assert table.first_day == date(1801, 2, 13)
    assert table.month(1872, 12).days == 2
    assert table.from_civil(date(1872, 12, 31)) == LunarDay(1872, 12, False, 2)
    leap_months = {row["year"]: row["leap"] for row in read_data("lunisolar_meiji")["years"] if "leap" in row}
    assert leap_months == {1868: 4, 1870: 10}
    with pytest.raises(NotCoveredError, match="gap"):
        LunarTable([LunarMonth(1868, 1, False, 1, 30), LunarMonth(1868, 2, False, 40, 29)])


def test_a_year_beyond_the_table():
    table = era_table().lunisolar
    assert table is not None
    with pytest.raises(DateError, match="1801 to 1872"):
        table.month(1873, 1)
    with pytest.raises(NotCoveredError):
        table.from_civil(date(1801, 2, 12))
    early = EraTable(era_table().eras, era_table().systems, modern_era_table().lunisolar)
    with pytest.raises(DateError, match="1868 to 1872") as caught:
        parse("安政4年9月4日", table=early)
    assert caught.value.reason == "out_of_range"
