"""A change of era is one row of data; what would print an era by hand is found beforehand."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

import munirules.calendar
from munirules.calendar import EraDate, EraTableError, age_on, deadline, fiscal_year, format_date, parse, rehearse

SOURCE = Path(munirules.calendar.__file__).parent


def digest(folder):
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.rglob("*.py")))).hexdigest()


def test_what_changes_where(mirai_row):
    found = rehearse([mirai_row])
    assert not found.collisions
    texts = {(change.what, change.day, change.as_of): (change.before, change.after) for change in found.changes}
    first, eve = date(2031, 5, 1), date(2031, 4, 30)
    assert texts["ja", first, None] == ("令和13年5月1日", "未来元年5月1日")
    assert texts["ja", eve, None] == ("令和13年4月30日", "令和13年4月30日")
    assert texts["jisx0301", date(2032, 1, 1), None] == ("R14.01.01", "X02.01.01")
    assert texts["code:nenkin", first, None] == ("9130501", "11010501")
    assert texts["code:kyuho", first, None] == ("5130501", None)
    assert texts["iso", first, None] == ("2031-05-01", "2031-05-01")
    assert texts["ja, public_document_2019", date(2031, 5, 31), date(2031, 4, 1)][1] == "令和13年5月31日"
    assert texts["ja, announced", date(2031, 5, 31), date(2031, 4, 1)][1] == "未来元年5月31日"
    assert texts["年度, national_2019", date(2031, 4, 1), first] == ("令和13年度", "未来元年度")
    assert texts["年度, first_day", date(2031, 4, 1), first] == ("令和13年度", "令和13年度")
    assert any("kyuho" in text for text in found.missing)
    assert any("longer than its 1 so far" in text for text in found.missing)
    assert any("㋿" in text for text in found.missing)


def test_collisions_are_shown_and_not_raised(mirai_row):
    found = rehearse([{**mirai_row, "letter": "m", "codes": {"default": "5"}}])
    assert found.after is None
    assert not found.ready
    assert [word for word, _ in found.collisions] == ["letter_collision", "code_collision"]
    with pytest.raises(EraTableError):
        found.answers(lambda table: table)


PLUGIN = {
    "water.toml": '# 令和8年条例第1号\ntitle = "令和　　年度分 水道料金"\nfrom = "令和14年度から"\nuntil = "令和13年4月30日まで"\n',
    "notice.html": "<p>納期限 令和{{ y }}年</p>\n<p>令和13年5月31日</p><p>R13.6.1</p>\n<p>令和元年に始まった</p>\n",
    "bill.py": (
        'text = f"令和{year - 2018}年度"\nletters = "MTSHR"\nnames = {"令": "令和", "平": "平成"}\n'
        'order = ["昭和", "平成", "令和"]\nyear = 2018 + n\nlimit = 2018\nday = "2018-04-01"\n'
    ),
    "picture.bin": "令和{y}年",
    "__pycache__/old.py": "令和{y}年",
}
EXPECTED = [
    ("bill.py", 1, "blank", "令和{year - 2018}年"),
    ("bill.py", 1, "offset", "- 2018"),
    ("bill.py", 2, "list", "SHR"),
    ("bill.py", 3, "name", "令和"),
    ("bill.py", 4, "list", '昭和", "平成", "令和'),
    ("bill.py", 4, "name", "令和"),
    ("bill.py", 5, "offset", "2018 +"),
    ("notice.html", 1, "blank", "令和{{ y }}年"),
    ("notice.html", 2, "past_end", "令和13年5月31日"),
    ("notice.html", 2, "past_end", "R13.6.1"),
    ("water.toml", 2, "blank", "令和　　年"),
    ("water.toml", 3, "past_end", "令和14年度"),
]


def test_texts_that_print_an_era_by_hand_are_found(tmp_path, mirai_row):
    for name, text in PLUGIN.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = rehearse([mirai_row], folders=[tmp_path])
    said = [(each.path.name, each.line, each.kind, each.text) for each in found.findings]
    assert sorted(said) == sorted(EXPECTED)
    assert all(f"{each.path}:{each.line}:" in str(each) for each in found.findings)
    assert not found.ready
    assert rehearse([mirai_row], folders=[tmp_path / "picture.bin"]).ready
    assert not rehearse([mirai_row], folders=[tmp_path / "bill.py"]).ready


def test_the_library_itself_is_ready_but_for_its_examples(mirai_row):
    """No module of the calendar counts years of an era or lists eras; eras stand in its data alone."""
    found = rehearse([mirai_row], folders=[SOURCE])
    inside = [
        each
        for each in found.findings
        if each.path.suffix == ".py" and each.kind in ("blank", "offset", "list", "name")
    ]
    assert inside == []


def test_no_answer_depends_on_the_name_of_an_era(mirai_row):
    before = digest(SOURCE)
    found = rehearse([mirai_row])
    texts = ["令和8年4月1日", "S60.8.15", "5130501", "2031-06-01", "令和13年5月1日"]

    def amounts(table):
        found = [parse(text, policy="normalise", table=table) for text in texts]
        days = [each.date for each in found if isinstance(each, EraDate)]
        assert len(days) == len(texts)
        ages = [age_on(day, date(2040, 4, 1), 1) for day in days]
        return days, ages, [fiscal_year(day) for day in days], [deadline(day, "local_tax_20-5").date for day in days]

    one, other = found.answers(amounts)
    assert one == other
    old, new = found.answers(lambda table: format_date(date(2031, 6, 1), table=table))
    assert (old, new) == ("令和13年6月1日", "未来元年6月1日")
    assert digest(SOURCE) == before


def test_several_eras_at_once(mirai_row):
    later = {
        **mirai_row,
        "name": "遥遠",
        "kana": "ようえん",
        "romaji": "Yoen",
        "letter": "Y",
        "one": "遥",
        "start": "2060-01-01",
    }
    later.pop("announced")
    later["codes"] = {}
    found = rehearse([later, mirai_row])
    assert found.after is not None
    assert {change.day.year for change in found.changes} >= {2031, 2032, 2060, 2061}
