"""Public holidays: the Cabinet Office's list, the words of the Act, and what is provisional."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import pytest
from tests.calendar.vectors import DATA

from munirules.calendar import HolidayKind, NotCoveredError, holiday_on, holidays_in, is_holiday
from munirules.calendar.builtin import read_data

LISTED = {
    int(line[:4]): line[6:].split()
    for line in (DATA / "holidays_1955_2027.txt").read_text(encoding="utf-8").splitlines()
    if line[0].isdigit()
}


def test_every_day_of_the_cabinet_office_and_no_other():
    assert sum(map(len, LISTED.values())) == 1067
    for year, days in LISTED.items():
        assert [f"{holiday.date:%m-%d}" for holiday in holidays_in(year)] == days


@pytest.mark.parametrize(
    ("day", "name", "kind"),
    [
        ("1948-09-23", "秋分の日", "national"),
        ("1959-04-10", "皇太子明仁親王の結婚の儀", "occasion"),
        ("1966-09-15", "敬老の日", "national"),
        ("1967-02-11", "建国記念の日", "national"),
        ("1973-04-30", "振替休日", "substitute"),
        ("1988-05-04", "国民の休日", "between"),
        ("1989-02-24", "昭和天皇の大喪の礼", "occasion"),
        ("1989-04-29", "みどりの日", "national"),
        ("1992-05-04", "振替休日", "substitute"),
        ("2007-04-29", "昭和の日", "national"),
        ("2008-05-06", "振替休日", "substitute"),
        ("2009-09-22", "国民の休日", "between"),
        ("2016-08-11", "山の日", "national"),
        ("2019-04-30", "国民の休日", "between"),
        ("2019-05-01", "天皇の即位の日", "occasion"),
        ("2019-05-02", "国民の休日", "between"),
        ("2019-10-14", "体育の日", "national"),
        ("2020-02-24", "振替休日", "substitute"),
        ("2020-07-23", "海の日", "national"),
        ("2020-07-24", "スポーツの日", "national"),
        ("2021-08-09", "振替休日", "substitute"),
        ("2026-05-06", "振替休日", "substitute"),
        ("2026-09-22", "国民の休日", "between"),
    ],
)
def test_names_and_reasons(day, name, kind):
    holiday = holiday_on(date.fromisoformat(day))
    assert holiday is not None
    assert (holiday.name, holiday.kind) == (name, HolidayKind(kind))
    assert "法律第" in holiday.act
    assert holiday.source.startswith("http")


def test_no_emperors_birthday_in_2019():
    assert "天皇誕生日" not in [holiday.name for holiday in holidays_in(2019)]
    assert not is_holiday(date(1948, 5, 3).replace(year=1949, month=5, day=4))


def test_the_act_came_into_force_on_1948_07_20():
    assert [holiday.date for holiday in holidays_in(1948)] == [date(1948, 9, 23), date(1948, 11, 3), date(1948, 11, 23)]
    assert holiday_on(date(1948, 7, 20)) is None
    assert len(holidays_in(2099)) > 15
    for ask in (lambda: holiday_on(date(1948, 7, 19)), lambda: holidays_in(1947), lambda: holiday_on(date(2100, 1, 1))):
        with pytest.raises(NotCoveredError, match="1948-07-20"):
            ask()


def test_equinoxes_not_yet_published_are_provisional():
    published = read_data("equinoxes")["published_through"]
    for year in range(1948, 2100):
        for holiday in holidays_in(year):
            depends = holiday.name in ("春分の日", "秋分の日")
            if year <= published or holiday.kind is HolidayKind.NATIONAL:
                assert holiday.provisional == (depends and year > published)
    between = holiday_on(date(2032, 9, 21))
    assert between is not None
    assert (between.name, between.provisional) == ("国民の休日", True)


# Meeus, Astronomical Algorithms (2nd ed.), table 27.C: amplitude, phase, speed.
PERIODIC = (
    (485, 324.96, 1934.136), (203, 337.23, 32964.467), (199, 342.08, 20.186), (182, 27.85, 445267.112),
    (156, 73.14, 45036.886), (136, 171.52, 22518.443), (77, 222.54, 65928.934), (74, 296.72, 3034.906),
    (70, 243.58, 9037.513), (58, 119.81, 33718.147), (52, 297.17, 150.678), (50, 21.02, 2281.226),
    (45, 247.54, 29929.562), (44, 325.15, 31555.956), (29, 60.93, 4443.417), (18, 155.12, 67555.328),
    (17, 288.79, 4562.452), (16, 198.04, 62894.029), (14, 199.76, 31436.921), (12, 95.39, 14577.848),
    (12, 287.11, 31931.756), (12, 320.81, 34777.259), (9, 227.73, 1222.114), (8, 15.45, 16859.074),
)  # fmt: skip
MEAN = {
    3: (2451623.80984, 365242.37404, 0.05169, -0.00411, -0.00057),
    9: (2451810.21715, 365242.01767, -0.11575, 0.00337, 0.00078),
}


def equinox(year, month):
    """Return the instant of an equinox in Japanese time, good to some minutes."""
    millennia = (year - 2000) / 1000
    mean = sum(factor * millennia**power for power, factor in enumerate(MEAN[month]))
    centuries = (mean - 2451545) / 36525
    angle = math.radians(35999.373 * centuries - 2.47)
    widening = 1 + 0.0334 * math.cos(angle) + 0.0007 * math.cos(2 * angle)
    wobble = sum(a * math.cos(math.radians(b + c * centuries)) for a, b, c in PERIODIC)
    days = mean + 0.00001 * wobble / widening - 2451545
    clock = 29 + (year - 1950) * 0.55  # seconds between dynamical and civil time, roughly
    return datetime.fromisoformat("2000-01-01T12:00:00") + timedelta(days=days, seconds=-clock, hours=9)


def test_equinoxes_are_where_the_sun_is():
    for year in range(1949, 2100):
        for month, name in ((3, "春分の日"), (9, "秋分の日")):
            (holiday,) = [each for each in holidays_in(year) if each.name == name]
            assert holiday.date == equinox(year, month).date()
