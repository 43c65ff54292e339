"""What must hold for any input: errors of one's own only, order kept, nothing from clock, zone or locale."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import munirules.calendar
from munirules.calendar import (
    STYLES,
    CalendarError,
    DateError,
    EraDate,
    PartialDate,
    Policy,
    era_table,
    format_date,
    parse,
    parse_date,
    parse_fiscal_year,
)
from munirules.calendar.reading import ALL_FORMS, read

# The fuzzing session asks for many more.
EXAMPLES = int(os.environ.get("MUNIRULES_EXAMPLES", "1500"))
SYSTEMS = [None, *(system.id for system in era_table().systems)]
DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))
PIECES = st.sampled_from(
    [
        "令和",
        "平成",
        "昭和",
        "大正",
        "明治",
        "慶応",
        "R",
        "H",
        "S",
        "令",
        "平",
        "㋿",
        "㍻",
        "れいわ",
        "Reiwa",
        "西暦",
        "元",
        "年",
        "月",
        "日",
        "閏",
        "度",
        "不詳",
        "不明",
        "春",
        "冬",
        "上旬",
        "末",
        "推定",
        "頃",
        "から",
        "まで",
        "の間",
        "(",
        ")",
        "（",
        "）",
        "土",
        "曜",
        ".",
        "/",
        "-",
        "・",
        ",",
        "0",
        "00",
        "1",
        "01",
        "4",
        "04",
        "8",
        "13",
        "20",
        "29",
        "30",
        "31",
        "32",
        "64",
        "99",
        "2026",
        "9999",
        "０",
        "８",
        "一",
        "十",
        "廿",
        "卅",
        "〇",
        "百",
        "千",
        "²",
        "½",
        "①",
        "A1",
        "A4",
        "April",
        "May",
        "1st",
        "T",
        ":",
        "\u200b",
        "\u3000",
        "︀",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(PIECES, max_size=12).map("".join),
    st.lists(PIECES, max_size=12).map(" ".join),
    st.text("0123456789", max_size=10),
    st.text("0123456789./-RHSTM令和年月日元", max_size=14),
)


def answer(reader, text, **options):
    try:
        return reader(text, **options).as_dict()
    except DateError as error:
        return error.reason


@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXTS, st.sampled_from(Policy), st.sampled_from(SYSTEMS))
@example("推定" * 3000, Policy.STRICT, None)
@example("から" * 3000 + "まで", Policy.STRICT, None)
@example("(" * 3000, Policy.STRICT, None)
@example("Z²²²²²²", Policy.STRICT, "koseki")
@example("令和" + "9" * 3000 + "年", Policy.KEEP, None)
@example("\ud800令和8年4月1日", Policy.STRICT, None)
def test_arbitrary_text_is_read_or_refused_and_nothing_else(text, policy, system):
    try:
        found = parse(text, policy=policy, code_system=system)
    except DateError as error:
        refused = error
        found = None
    if found is None:
        assert refused.reason
        assert refused.text == text
        assert str(refused)
        return
    assert isinstance(found, EraDate | PartialDate)
    assert found.text == text
    if found.earliest and found.latest:
        assert found.earliest <= found.latest


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(TEXTS, st.sampled_from(Policy), st.sampled_from(SYSTEMS))
def test_the_quick_reader_and_the_grammar_agree(text, policy, system):
    options = {"policy": policy, "code_system": system}
    assert answer(parse, text, **options) == answer(read, text, table=era_table(), **options)


@settings(max_examples=EXAMPLES // 5, deadline=None)
@given(TEXTS)
def test_the_other_readers_raise_their_own_error_only(text):
    for reader in (parse_date, parse_fiscal_year):
        with suppress(DateError):
            reader(text)


@given(TEXTS, st.sampled_from([style.name for style in STYLES]))
def test_what_was_read_can_be_printed_or_is_refused(text, style):
    try:
        found = parse(text, policy="keep")
        printed = format_date(found, style)
    except CalendarError:
        return
    if isinstance(found, EraDate) and style != "square":
        assert parse(printed, policy="keep") == found


@given(DAYS, DAYS, st.sampled_from([style.name for style in STYLES]))
def test_order_is_kept(one, other, style):
    first, second = parse(format_date(one, style)), parse(format_date(other, style))
    assert (first < second, first == second, first > second) == (one < other, one == other, one > other)


@given(DAYS, st.integers(1, 2000))
def test_a_strict_reading_means_what_a_lenient_one_means(day, shift):
    text = format_date(day)
    assert parse(text) == parse(text, policy="normalise") == parse(text, policy="keep")
    later = day + timedelta(shift)
    era = era_table().era_on(day)
    written = f"{era.name}{later.year - era.year_one + 1}年{later.month}月{later.day}日"
    if later.year - era.year_one + 1 > 199:
        with pytest.raises(DateError, match="no era has lasted"):
            parse(written, policy="keep")
        return
    kept = parse(written, policy="keep")
    assert kept == parse(written, policy="normalise") == later
    assert bool(kept.marks) == (later > era_table().ends[era.name])


SAMPLES = [example.partition("|")[0] for form in ALL_FORMS for example in form.examples]
PROGRAM = """
import sys
from datetime import date
from munirules.calendar import *
from munirules.calendar.reading import ALL_FORMS
for form in ALL_FORMS:
    for example in form.examples:
        text, _, system = example.partition("|")
        print(ascii(parse(text, code_system=system or None).as_dict()))
for style in STYLES:
    print(ascii(format_date(date(2019, 5, 1), style.name)))
print(deadline(date(2026, 12, 31), "local_tax_20-5").date, holidays_in(2026)[-1].date)
print(age_on(date(2000, 2, 29), date(2026, 2, 28), 1), format_fiscal_year(2019).encode())
"""


def test_nothing_depends_on_time_zone_locale_or_environment():
    source = str(Path(munirules.calendar.__file__).parents[2])
    outputs = set()
    for zone, locale in (
        ("UTC", "C"),
        ("Asia/Tokyo", "ja_JP.UTF-8"),
        ("Pacific/Kiritimati", "tr_TR.UTF-8"),
        ("America/Adak", "POSIX"),
    ):
        environment = {
            **os.environ,
            "TZ": zone,
            "LC_ALL": locale,
            "LANG": locale,
            "PYTHONPATH": source,
            "PYTHONHASHSEED": str(len(zone)),
        }
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1


@pytest.mark.parametrize("clock", [0, 1_556_636_399, 1_556_636_400, 1_935_500_000, 4_102_444_800])
def test_nothing_depends_on_the_clock(monkeypatch, clock, mirai):
    for name in ("time", "localtime", "gmtime", "time_ns", "monotonic"):
        monkeypatch.setattr(time, name, lambda *_: pytest.fail("the clock was read") if clock else 0)
    assert format_date(date(2031, 5, 1), table=mirai) == "未来元年5月1日"
    assert parse("令和元年5月1日") == date(2019, 5, 1)


def test_no_module_reads_a_clock_a_zone_or_a_locale():
    words = ("today(", "now(", "import time", "import locale", "tzinfo", "localtime", "strftime", "zoneinfo", "environ")
    folder = Path(munirules.calendar.__file__).parent
    found = [
        (path.name, word) for path in folder.glob("*.py") for word in words if word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_importing_is_light():
    source = str(Path(munirules.calendar.__file__).parents[2])
    program = (
        "import sys, time, attrs; start = time.perf_counter(); import munirules.calendar; took = time.perf_counter() - start;"
        "heavy = [name for name in ('dateutil', 'babel', 'cattrs', 'tomllib', 'click') if name in sys.modules];"
        "print(took, *heavy)"
    )
    best = 1.0
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": source},
            capture_output=True,
            check=True,
            text=True,
        )
        took, *heavy = done.stdout.split()
        assert heavy == []
        best = min(best, float(took))
    assert best < 0.02


def test_every_public_name_is_there():
    for name in munirules.calendar.__all__:
        assert getattr(munirules.calendar, name) is not None
    assert dir(munirules.calendar) == sorted(munirules.calendar.__all__)
    with pytest.raises(AttributeError):
        munirules.calendar.nothing  # noqa: B018
