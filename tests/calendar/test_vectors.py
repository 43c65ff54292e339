"""Every shared vector of dates: all right, none silently wrong."""

from __future__ import annotations

from datetime import date

import pytest
from tests.calendar.vectors import cases, day

from munirules.calendar import (
    DateError,
    EraDate,
    EraTableError,
    deadline,
    era_table,
    fiscal_year,
    format_date,
    format_fiscal_year,
    holiday_on,
    parse,
    parse_fiscal_year,
)
from munirules.calendar.closing_days import STANDARD, ClosingDay
from munirules.calendar.fiscal import fiscal_year_first_day, fiscal_year_last_day

FUTURE = cases("future_era")


def of_group(group):
    return [case for case in FUTURE if case["group"] == group]


@pytest.mark.parametrize("policy", ["strict", "normalise", "keep"])
@pytest.mark.parametrize("case", cases("forms"), ids=lambda case: case["text"] or "empty")
def test_forms(case, policy):
    wanted = case["strict" if policy == "strict" else "lenient"]
    if wanted == "error":
        with pytest.raises(DateError) as caught:
            parse(case["text"], policy=policy, code_system=case.get("code_system"))
        assert case["text"] in str(caught.value)
        return
    found = parse(case["text"], policy=policy, code_system=case.get("code_system"))
    assert found.text == case["text"]
    if "iso" in case:
        assert isinstance(found, EraDate)
        assert found.iso == case["iso"]
    else:
        assert found.iso is None
        assert found.precision == case["precision"]
        assert found.as_dict()["earliest"] == case["earliest"]
        assert found.as_dict()["latest"] == case["latest"]
    marks = set(found.marks) - {"assumed_code_system", "estimated"}
    if case["kind"] == "lunisolar":
        marks.discard("overlap_day")  # 慶応4年, which the change of era made 明治元年 in arrears
    assert marks == ({case["mark"]} if "mark" in case else set())


@pytest.mark.parametrize("case", cases("codes"), ids=lambda case: f"{case['code_system']}-{case['text']}")
def test_codes(case):
    if "error" in case:
        with pytest.raises(DateError) as caught:
            parse(case["text"], code_system=case["code_system"])
        assert caught.value.reason == case["error"]
    else:
        assert parse(case["text"], code_system=case["code_system"]).iso == case["iso"]


@pytest.mark.parametrize("case", cases("code_systems"), ids=lambda case: case["id"])
def test_code_systems_hold_every_code(case):
    table = era_table()
    system = table.system(case["id"])
    assert {era.name: code for code, era in table.codes[system.id].items()} == case["map"]
    assert (system.gregorian, system.unknown, system.other) == tuple(map(case.get, ("gregorian", "unknown", "other")))
    assert system.width == case.get("width", 1)


@pytest.mark.parametrize("case", cases("lunisolar"), ids=lambda case: case["text"])
def test_lunisolar(case):
    found = parse(case["text"])
    assert isinstance(found, EraDate)
    assert found.iso == case["iso"]
    written = (found.era.name, found.year, found.month, found.leap_month, found.day)
    assert written == (case["name"], case["year"], case["month"], case["leap"], case["day"])
    assert format_date(day(case["iso"])) == case["text"]


@pytest.mark.parametrize("case", cases("fiscal_years"), ids=str)
def test_fiscal_years(case):
    if "day" in case:
        assert fiscal_year(day(case["day"])) == case["year"]
    else:
        year = parse_fiscal_year(case["text"])
        assert fiscal_year_first_day(year) == day(case["start"])
        assert fiscal_year_last_day(year) == day(case["end"])


@pytest.mark.parametrize("case", cases("styles"), ids=lambda case: case["text"])
def test_styles(case):
    assert format_date(day(case["day"]), case["style"]) == case["text"]


@pytest.mark.parametrize("case", cases("deadlines"), ids=lambda case: f"{case['law']}-{case['day']}")
def test_deadlines(case):
    closed = [ClosingDay(month=int(text[:2]), day=int(text[3:])) for text in case.get("closed", [])]
    found = deadline(day(case["day"]), case["law"], closing_days=STANDARD.with_days(*closed))
    assert found.date == day(case["moved_to"])
    assert (found.moved_by is None) == (case["moved_to"] == case["day"])


@pytest.mark.parametrize("case", cases("not_holidays"), ids=lambda case: case["day"])
def test_days_that_are_no_holidays(case):
    assert holiday_on(day(case["day"])) is None


@pytest.mark.parametrize("case", of_group("format") + of_group("clock_independence"), ids=str)
def test_future_era_is_printed(case, mirai):
    table = era_table() if case["table"] == "reiwa_only" else mirai
    assert format_date(day(case["input"]), table=table) == case["expected_text"]
    if "expected_short" in case:
        assert format_date(day(case["input"]), "jisx0301", table=table) == case["expected_short"]


@pytest.mark.parametrize("case", of_group("parse"), ids=lambda case: case["input"])
def test_future_era_is_read(case, mirai):
    table = era_table() if case["table"] == "reiwa_only" else mirai
    if "expected_error" in case:
        with pytest.raises(DateError) as caught:
            parse(case["input"], code_system=case.get("code_system"), table=table)
        assert caught.value.reason == case["expected_error"]
    else:
        assert parse(case["input"], table=table).iso == case["expected_iso"]


@pytest.mark.parametrize("case", of_group("normalise"), ids=lambda case: case["input"])
def test_future_era_is_kept(case, mirai):
    assert format_date(parse(case["input"], policy=case["policy"], table=mirai), table=mirai) == case["expected_text"]


@pytest.mark.parametrize("case", of_group("as_of"), ids=lambda case: case["as_of"])
def test_future_era_by_the_date_of_the_document(case, mirai):
    text = format_date(day(case["input"]), table=mirai, as_of=day(case["as_of"]), policy=case["policy"])
    assert text == case["expected_text"]


@pytest.mark.parametrize("case", of_group("fiscal_year"), ids=lambda case: case["policy"])
def test_future_fiscal_year(case, mirai):
    text = format_fiscal_year(case["fiscal_year"], naming=case["policy"], as_of=day(case["as_of"]), table=mirai)
    assert text == case["expected_text"]


@pytest.mark.parametrize("case", of_group("load"), ids=lambda case: case["expected"])
def test_collisions_are_refused_at_load(case, mirai_row):
    with pytest.raises(EraTableError) as caught:
        era_table().with_eras([{**mirai_row, **case["patch"]}], origin="a test")
    assert case["expected"] in [word for word, _ in caught.value.problems]


@pytest.mark.parametrize("case", of_group("same_day"), ids=lambda case: case["input"])
def test_the_day_of_an_announcement_is_written_in_both_eras(case, mirai_row):
    table = era_table().with_eras([{**mirai_row, "announced": case["announced"]}])
    for policy in ("strict", "normalise", "keep"):
        found = parse(case["input"], policy=policy, table=table)
        assert found.iso == case["lenient"]
        assert case["flag"] in found.marks


def test_a_day_of_the_era_is_a_day_like_any_other():
    assert parse("R8.4.1") == date(2026, 4, 1)
