"""Reading: forms, policies, marks, and errors that say what is wrong."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from munirules.calendar import (
    DateError,
    EraDate,
    EraTable,
    Mark,
    PartialDate,
    Precision,
    era_table,
    modern_era_table,
    parse,
    parse_date,
)
from munirules.calendar.reading import ALL_FORMS, read

EXAMPLES = [(form, example) for form in ALL_FORMS for example in form.examples]


def problem(text, **options):
    with pytest.raises(DateError) as caught:
        parse(text, **options)
    assert text in str(caught.value)
    return caught.value


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_each_example_of_a_form_is_read_alike_by_both_readers(form, example):
    text, _, system = example.partition("|")
    found = parse(text, code_system=system or None)
    slowly = read(text, code_system=system or None, table=era_table())
    assert found.as_dict() == slowly.as_dict()
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    [
        "R8.4.1", "r8.4.1", "R08.04.01", "Ｒ８．４．１", "R8/4/1", "R8-4-1", "R 8.4.1", "R８．４．１", "R8・4・1", "R8,4,1", "R 8 4 1", "R080401",
        "令8.4.1", "令和8.4.1", "令和8年4月1日", "令和八年四月一日", "令和８年４月１日", "　令和　８年　４月　１日　", "令和08年04月01日",
        "㋿8年4月1日", "令和8年4月1日（水）", "令和8年4月1日(水曜日)", "令和8年4月1日水曜日", "れいわ8年4月1日", "レイワ8年4月1日", "ﾚｲﾜ8年4月1日",
        "Reiwa 8.4.1", "reiwa 8-04-01", "April 1, Reiwa 8", "Apr 1 Reiwa 8", "1 April, Reiwa 8", "Reiwa 8, April 1",
        "5080401", "5-080401", "5-08.04.01", "2026-04-01", "2026/04/01", "2026.4.1", "2026年4月1日", "西暦2026年4月1日", "20260401",
        "令和⼋年四⽉⼀⽇", "令和8年4月1日\u200b", "\ufeff令和8年4月1日", "令\ufe00和8年4月1日", "\uf9a8和8年4月1日", "令和8(2026)年4月1日", "推定令和8年4月1日",
        "平成38年4月1日", "H38.4.1", "昭和101年4月1日", "R.8.4.1", "令和8年(2026年)4月1日", "2026年(令和8年)4月1日",
        "令和8年4月1日生", "令和八年四月一日生まれ", "令和8年四月朔日", "2026-04-01 (Wed)", "令和8年4月1日(推定)", "5 08 04 01", "2026 April 1",
    ],
)  # fmt: skip
def test_many_ways_to_write_one_day(text):
    assert parse(text, policy="keep") == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("square", "name"), [("㍾", "明治"), ("㍽", "大正"), ("㍼", "昭和"), ("㍻", "平成"), ("㋿", "令和")]
)
def test_squares_are_read(square, name):
    assert parse(f"{square}10年1月1日").era.name == name  # type: ignore[union-attr]


def test_first_year_is_one_and_never_zero():
    assert parse("令和元年5月1日") == parse("令和1年5月1日") == parse("R01.05.01") == date(2019, 5, 1)
    for text in ("令和0年5月1日", "R0.5.1", "R00.05.01", "5000501", "令和〇年5月1日", "S000000", "令和0年度"):
        assert problem(text).reason == "year_zero"


@pytest.mark.parametrize(
    ("text", "reason", "part"),
    [
        ("令和8年4月31日", "no_such_day", "31日"),
        ("R8.13.1", "no_such_day", "13月"),
        ("R7.2.29", "no_such_day", "29日"),
        ("令和8年閏4月1日", "no_such_day", "閏4月"),
        ("明治5年12月3日", "no_such_day", "3日"),
        ("明治3年閏9月1日", "no_such_day", "閏9月"),
        ("明治2年2月31日", "no_such_day", "31日"),
        ("明治5年12月中旬", "no_such_day", "中旬"),
        ("光文元年12月25日", "unknown_era", "光文"),
        ("令例8年4月1日", "unknown_era", "令例"),
        ("Q5.4.1", "unknown_era", "Q"),
        ("8.4.1", "no_era", "8"),
        ("元年5月7日", "no_era", "元"),
        ("1年5月7日", "no_era", "1"),
        ("31年5月分", "no_era", "31"),
        ("26-04-01", "no_era", "26"),
        ("西暦26年4月1日", "no_era", "26"),
        ("080401", "no_era", ""),
        ("50804", "no_era", ""),
        ("9080401", "unknown_code", "9"),
        ("平成32年4月1日", "out_of_era", "平成"),
        ("令和元年4月30日", "out_of_era", "令和"),
        ("昭和64年1月8日", "out_of_era", "昭和"),
        ("令和2026年4月1日", "out_of_range", "2026年"),
        ("1700-01-01", "out_of_range", ""),
        ("令和8年4月1日(月)", "weekday", "月"),
        ("令和8(2025)年4月1日", "contradiction", "2025"),
        ("2025年(令和8年)4月1日", "contradiction", "2025"),
        ("2026-04-01 (Thu)", "weekday", "Thu"),
        ("令和8年4月10日から1日までの間", "contradiction", ""),
        ("令和8年4月(水)", "contradiction", ""),
        ("2026-04-01T00:00:00", "time_of_day", ""),
        ("2026/04/01 0:00", "time_of_day", ""),
        ("令和8年4月1日午後3時", "time_of_day", ""),
        ("", "not_a_date", ""),
        ("　", "not_a_date", ""),
        ("令和", "not_a_date", ""),
        ("令和　年　月　日", "not_a_date", ""),
        ("令和8年4月1日頃頃", "not_a_date", ""),
        ("令和2²年4月1日", "not_a_date", ""),
        ("令和①年4月1日", "not_a_date", ""),
        ("令和8年4.1", "not_a_date", ""),
        ("R8.4/1", "not_a_date", "/1"),
        ("平成3元年4月1日", "not_a_date", "元年4月1日"),
        ("令和8年4月1日から", "not_a_date", "から"),
        ("4/1/2026x", "not_a_date", ""),
        ("令和十十年4月1日", "not_a_date", "十十"),
        ("㋻8年4月1日", "unknown_era", "㋻"),
        ("4/1/2026", "not_a_date", ""),
        ("April 31, Reiwa 8", "no_such_day", "31日"),
        ("May12026", "unknown_era", "May"),
        ("R8.4.1" * 20, "not_a_date", ""),
    ],
)  # fmt: skip
def test_errors_quote_the_text_and_the_part(text, reason, part):
    with pytest.raises(DateError) as caught:
        parse(text)
    error = caught.value
    assert error.reason == reason
    assert part in error.part
    assert error.text == text
    assert not text or text[:40] in str(error)


def test_errors_say_what_is_accepted():
    assert "令和(R)" in str(problem("Q5.4.1"))
    assert "1 to 30" in str(problem("R8.4.31"))
    assert "5 令和" in str(problem("9080401"))
    assert "did you mean" in str(problem("令例8年4月1日"))
    assert "太政官" in era_table().era("明治").legal


def test_wrong_options_are_errors():
    assert problem("R8.4.1", policy="lenient").reason == "unknown_policy"
    for text in ("R8.4.1", "5080401", "2026-04-01", "不詳"):
        with pytest.raises(DateError) as caught:
            parse(text, code_system="nenki")
        assert caught.value.reason == "unknown_code_system"
        assert "nenkin" in str(caught.value)
    for value in (5, None, b"R8.4.1", ["R8.4.1"]):
        with pytest.raises(DateError):
            parse(value)  # type: ignore[arg-type]


def test_policies():
    kept, normalised = parse("平成32年4月1日", policy="keep"), parse("平成32年4月1日", policy="normalise")
    assert (str(kept), str(normalised)) == ("平成32年4月1日", "令和2年4月1日")
    assert kept == normalised == date(2020, 4, 1)
    assert kept.marks == normalised.marks == (Mark.AFTER_ERA_END,)
    before = parse("令和元年1月1日", policy="normalise")
    assert (str(before), before.marks) == ("平成31年1月1日", (Mark.BEFORE_ERA_START,))


@pytest.mark.parametrize("text", ["明治45年7月30日", "大正15年12月25日", "慶応4年9月8日", "M45.7.30", "2151225"])
def test_overlap_days_are_valid_in_the_older_era(text):
    found = parse(text)
    assert Mark.OVERLAP_DAY in found.marks
    assert isinstance(found, EraDate)
    normalised = parse(text, policy="normalise")
    assert isinstance(normalised, EraDate)
    assert found == normalised
    assert found.era != normalised.era


def test_no_overlap_after_showa():
    assert problem("昭和64年1月8日").reason == "out_of_era"
    assert problem("平成31年5月1日").reason == "out_of_era"
    assert problem("慶応4年9月9日").reason == "out_of_era"


def test_figures_without_a_system_are_marked():
    assert parse("5080401").marks == (Mark.ASSUMED_CODE_SYSTEM,)
    assert parse("5080401", code_system="default").marks == ()
    assert parse("3450729") == date(1970, 7, 29)
    assert problem("3450729", code_system="nenkin").reason == "out_of_era"
    assert parse("3010729", code_system="kyuho", policy="normalise") == parse("明治元年7月29日")


def test_codes_of_other_meaning():
    assert parse("920260401", code_system="juki") == date(2026, 4, 1)
    assert parse("0000000", code_system="mynumber_form").precision is Precision.UNKNOWN
    assert parse("Z040907", code_system="koseki") == date(1868, 10, 22)
    assert parse("50804", code_system="default").precision is Precision.MONTH
    assert parse("02310430", code_system="saiken_joto") == date(2019, 4, 30)
    for text, system in (
        ("9080401", "juki"),
        ("9080401", "kyuho"),
        ("20260401", "nenkin"),
        ("0010101", "mynumber_form"),
    ):
        assert problem(text, code_system=system).reason == "unknown_code"
    assert problem("3080401", code_system="java").reason == "unknown_code_system"


def test_a_two_digit_code_does_not_change_what_was_read_before(mirai):
    for text in ("9080401", "1450729", "5640107"):
        assert parse(text, code_system="nenkin") == parse(text, code_system="nenkin", table=mirai)
    assert parse("11010501", code_system="nenkin", table=mirai) == date(2031, 5, 1)
    assert problem("11010501", code_system="nenkin").reason == "unknown_code"


PARTIAL = [
    ("昭和20年8月不詳", "1945-08-01", "1945-08-31", "month"),
    ("昭和20年8月日不詳", "1945-08-01", "1945-08-31", "month"),
    ("昭和20年8月不明日", "1945-08-01", "1945-08-31", "month"),
    ("昭和20年不詳", "1945-01-01", "1945-12-31", "year"),
    ("昭和20年不詳月不詳日", "1945-01-01", "1945-12-31", "year"),
    ("昭和20年月日不詳", "1945-01-01", "1945-12-31", "year"),
    ("昭和20年不明月15日", "1945-01-01", "1945-12-31", "year"),
    ("S20.00.00", "1945-01-01", "1945-12-31", "year"),
    ("S209999", "1945-01-01", "1945-12-31", "year"),
    ("3200800", "1945-08-01", "1945-08-31", "month"),
    ("3209999", "1945-01-01", "1945-12-31", "year"),
    ("19450000", "1945-01-01", "1945-12-31", "year"),
    ("1945-08-99", "1945-08-01", "1945-08-31", "month"),
    ("昭和20年春", "1945-03-01", "1945-05-31", "season"),
    ("昭和20年夏", "1945-06-01", "1945-08-31", "season"),
    ("1945-A3-00", "1945-09-01", "1945-11-30", "season"),
    ("昭和20年冬", "1945-01-01", "1945-12-31", "season"),
    ("昭和20年8月上旬", "1945-08-01", "1945-08-10", "third"),
    ("1945年8月A2日", "1945-08-11", "1945-08-20", "third"),
    ("昭和20年2月下旬", "1945-02-21", "1945-02-28", "third"),
    ("令和元年", "2019-05-01", "2019-12-31", "year"),
    ("平成31年", "2019-01-01", "2019-04-30", "year"),
    ("昭和64年1月", "1989-01-01", "1989-01-07", "month"),
    ("明治45年7月下旬", "1912-07-21", "1912-07-29", "third"),
    ("明治5年", "1872-02-09", "1872-12-31", "year"),
    ("明治3年閏10月", "1870-11-23", "1870-12-21", "month"),
    ("明治5年12月", "1872-12-30", "1872-12-31", "month"),
    ("昭和不詳", "1926-12-25", "1989-01-07", "era"),
    ("令和不詳", "2019-05-01", None, "era"),
    ("令和8年度", "2026-04-01", "2027-03-31", "fiscal_year"),
    ("令和5年4月1日頃から10日頃までの間", "2023-04-01", "2023-04-10", "range"),
    ("令和5年4月1日頃から同月10日頃までの間", "2023-04-01", "2023-04-10", "range"),
    ("令和5年4月1日から同年5月3日までの間", "2023-04-01", "2023-05-03", "range"),
    ("令和8年5月分", "2026-05-01", "2026-05-31", "month"),
    ("令和4年12月30日から令和5年1月2日までの間", "2022-12-30", "2023-01-02", "range"),
    ("2023年4月1日から5月3日までの間", "2023-04-01", "2023-05-03", "range"),
    ("令和5年4月から6月までの間", "2023-04-01", "2023-06-30", "range"),
    ("昭和20年8月頃", None, None, "about"),
    ("不詳", None, None, "unknown"),
    ("不詳年8月15日", None, None, "unknown"),
    ("99999999", None, None, "unknown"),
    ("9999-12-31", None, None, "unknown"),
    ("0000-00-00", None, None, "unknown"),
]


@pytest.mark.parametrize(("text", "earliest", "latest", "precision"), PARTIAL, ids=[row[0] for row in PARTIAL])
def test_unknown_parts_are_an_interval(text, earliest, latest, precision):
    found = parse(text)
    assert isinstance(found, PartialDate)
    said = found.as_dict()
    assert (said["earliest"], said["latest"], said["precision"]) == (earliest, latest, precision)
    assert said["iso"] is None
    assert str(found) == text


def test_marks_of_partial_dates():
    assert parse("昭和20年春").marks == (Mark.SEASON_BY_CONVENTION,)
    assert parse("推定令和5年4月1日頃から10日頃までの間").marks == (Mark.APPROXIMATE, Mark.ESTIMATED)
    assert parse("9999-12-31").marks == (Mark.SENTINEL,)
    assert parse("平成32年", policy="keep").marks == (Mark.AFTER_ERA_END,)
    assert problem("平成32年").reason == "out_of_era"
    assert problem("平成32年度").reason == "out_of_era"


def test_parse_date_takes_nothing_that_is_assumed():
    for text in ("2026-04-01", "令和8年4月1日", "R8.4.1", "令和８年４月１日", " R 8. 4. 1 "):
        assert parse_date(text) == date(2026, 4, 1)
    assert parse_date(date(2026, 4, 1)) == date(2026, 4, 1)
    assert parse_date("大正15年12月25日") == date(1926, 12, 25)
    for text in (
        "5080401",
        "令和8年4月",
        "推定令和8年4月1日",
        "不詳",
        "9999-12-31",
        "2026-02-30",
        "平成32年4月1日",
        "x",
        "",
    ):
        with pytest.raises(DateError):
            parse_date(text)
    for value in (datetime.fromisoformat("2026-04-01T09:00:00"), 20260401, None):
        with pytest.raises(DateError):
            parse_date(value)  # type: ignore[arg-type]


def test_meiji_1_to_5_are_never_gregorian():
    table = modern_era_table()
    bare = EraTable(table.eras, table.systems)
    for text in ("明治5年12月2日", "M5.12.2", "明治元年", "1051202", "明治3年閏10月5日"):
        assert parse(text).earliest is not None
        with pytest.raises(DateError) as caught:
            parse(text, table=bare)
        assert caught.value.reason == "lunisolar"
        assert "lunisolar" in str(caught.value)
    assert parse("明治6年1月1日", table=bare) == date(1873, 1, 1)
    with pytest.raises(DateError):
        parse("1872-12-31", table=bare)


def test_without_the_early_pack_its_eras_are_not_known():
    with pytest.raises(DateError) as caught:
        parse("安政4年9月4日", table=modern_era_table())
    assert caught.value.reason == "unknown_era"
    assert parse("明治元年1月1日", table=modern_era_table()) == date(1868, 1, 25)
