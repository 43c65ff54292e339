"""Print then parse is the identity, for every day from 1873-01-01 to 2099-12-31 and every style."""

from __future__ import annotations

from datetime import date

import pytest

from munirules.calendar import STYLES, EraDate, era_table, format_date, parse
from munirules.calendar.errors import EraError

FIRST, LAST = date(1873, 1, 1).toordinal(), date(2099, 12, 31).toordinal()
DAYS = [date.fromordinal(number) for number in range(FIRST, LAST + 1)]
SYSTEMS = [system.id for system in era_table().systems if system.text]


@pytest.mark.parametrize("style", [style.name for style in STYLES])
def test_every_day_in_every_style(style):
    for day in DAYS:
        found = parse(format_date(day, style))
        assert isinstance(found, EraDate)
        assert found.date == day
        assert not found.marks


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_day_in_every_code_system(system):
    table = era_table()
    for day in DAYS:
        if table.era_on(day).code(system) is None:
            with pytest.raises(EraError):
                format_date(day, f"code:{system}")
        else:
            assert parse(format_date(day, f"code:{system}"), code_system=system) == day


def test_every_day_of_the_lunisolar_calendar():
    table = era_table()
    first = table.eras[0].start.toordinal()
    for number in range(first, FIRST):
        day = date.fromordinal(number)
        for style in ("ja", "kanji", "ja_full"):
            found = parse(format_date(day, style))
            assert isinstance(found, EraDate)
            assert found.date == day
            assert not found.marks
