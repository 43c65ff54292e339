"""Eras beside ICU, Java and Python packages, in an environment of their own.

    pytest tests/calendar/crosscheck/check_eras.py

Compared from 1873-01-01, where all of them count by the Gregorian calendar. Before it each has a beginning of 明治 of
its own, and none knows the lunisolar calendar.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from munirules.calendar import era_table, format_date

FIRST, LAST = date(1873, 1, 1).toordinal(), date(2099, 12, 31).toordinal()
DAYS = [date.fromordinal(number) for number in range(FIRST, LAST + 1)]
TABLE = era_table()
ICU_MEIJI = 232  # the number of 明治 in ICU; the later eras follow
JAVA = """
import java.time.LocalDate;
import java.time.chrono.JapaneseDate;
import java.time.temporal.ChronoField;

public class Eras {
    public static void main(String[] arguments) {
        StringBuilder out = new StringBuilder();
        LocalDate last = LocalDate.of(2099, 12, 31);
        for (LocalDate day = LocalDate.of(1873, 1, 1); !day.isAfter(last); day = day.plusDays(1)) {
            JapaneseDate found = JapaneseDate.from(day);
            out.append(found.getEra().getValue()).append(' ').append(found.get(ChronoField.YEAR_OF_ERA)).append('\\n');
        }
        System.out.print(out);
    }
}
"""


def era_and_year(day):
    era = TABLE.era_on(day)
    return era, day.year - era.year_one + 1


@pytest.mark.skipif(shutil.which("java") is None, reason="no Java on this machine")
def test_java(tmp_path: Path):
    source = tmp_path / "Eras.java"
    source.write_text(JAVA, encoding="utf-8")
    done = subprocess.run(["java", str(source)], capture_output=True, check=True, text=True)
    lines = done.stdout.splitlines()
    assert len(lines) == len(DAYS)
    for day, line in zip(DAYS, lines, strict=True):
        era, year = era_and_year(day)
        assert line == f"{era.code('java')} {year}"


def test_icu():
    icu = pytest.importorskip("icu")
    calendar = icu.Calendar.createInstance(icu.TimeZone.createTimeZone("UTC"), icu.Locale("ja_JP@calendar=japanese"))
    eras = [era for era in TABLE.eras if era.letter]
    for day in DAYS:
        calendar.setTime((day.toordinal() - date(1970, 1, 1).toordinal()) * 86400.0)
        era, year = era_and_year(day)
        found = (calendar.get(icu.UCalendarDateFields.ERA), calendar.get(icu.UCalendarDateFields.YEAR))
        assert found == (ICU_MEIJI + eras.index(era), year)


def test_jptime():
    jptime = pytest.importorskip("jptime")
    for day in DAYS:
        assert jptime.from_str(format_date(day, "code:default")).to_date() == day
        assert jptime.from_str(format_date(day, "letter")).to_date() == day


def test_japanera():
    japanera = pytest.importorskip("japanera")
    for day in DAYS:
        assert japanera.EraDate.from_date(day).strftime("%-h%-y.%m.%d") == format_date(day, "jisx0301")
