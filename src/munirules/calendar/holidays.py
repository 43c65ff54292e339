"""Public holidays from 1948-07-20 to 2099-12-31, from the Act on National Holidays as it stood in each year."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import attrs

from munirules.calendar.builtin import read_data
from munirules.calendar.errors import NotCoveredError

DAY = timedelta(days=1)
MONDAY, SUNDAY = 0, 6
MARCH, SEPTEMBER = 3, 9


class HolidayKind(StrEnum):
    """Why a day is a holiday."""

    NATIONAL = "national"  # 国民の祝日
    SUBSTITUTE = "substitute"  # 振替休日
    BETWEEN = "between"  # 国民の休日
    OCCASION = "occasion"  # 一度限りの休日


@attrs.frozen
class Holiday:
    """A day that the Act on National Holidays, or an act for one occasion, makes a holiday.

    Attributes:
        date: the day.
        name: 元日…; 振替休日 and 国民の休日 where the day is not a 国民の祝日 itself.
        kind: why it is a holiday.
        act: the act that makes it one.
        provisional: whether it depends on an equinox whose day has not been published yet.
        source: where the act was read.
    """

    date: date
    name: str
    kind: HolidayKind
    act: str
    provisional: bool = False
    source: str = ""


def holidays_in(year: int) -> tuple[Holiday, ...]:
    """Return the holidays of a year in order.

    Args:
        year: 1948 (from July 20) to 2099.

    Raises:
        NotCoveredError: the year is outside of that.
    """
    data = _data()
    first, last = data["first_day"], data["last_day"]
    if not first.year <= year <= last.year:
        raise NotCoveredError(f"holidays are known from {first} to {last}, not in {year}")
    return _holidays_in(year)


def holiday_on(day: date) -> Holiday | None:
    """Return the holiday that a day is, or None.

    Raises:
        NotCoveredError: the day is before 1948-07-20 or after 2099-12-31.
    """
    first = _data()["first_day"]
    if day < first:
        raise NotCoveredError(f"holidays are known from {first}, not on {day}")
    holidays_in(day.year)
    return _by_day(day.year).get(day)


def is_holiday(day: date) -> bool:
    """Return whether a day is a public holiday (休日 of the Act on National Holidays)."""
    return holiday_on(day) is not None


@cache
def _data() -> dict[str, Any]:
    return {**read_data("holidays"), "equinoxes": read_data("equinoxes")}


@cache
def _by_day(year: int) -> dict[date, Holiday]:
    return {holiday.date: holiday for holiday in _holidays_in(year)}


@cache
def _holidays_in(year: int) -> tuple[Holiday, ...]:
    # The rules of art. 3 look at the days around; no 国民の祝日 lies at the turn of the year but 元日.
    national = _national(year)
    found = {
        **_occasions(year, national=False),
        **_between(year, national),
        **_substitutes(year, national),
        **national,
    }
    first = _data()["first_day"]
    return tuple(found[day] for day in sorted(found) if day >= first)


def _national(year: int) -> dict[date, Holiday]:
    """Return the 国民の祝日, and the occasions that count as such."""
    data = _data()
    moved = {row["name"]: row for row in data["moved"] if row["year"] == year}
    found = _occasions(year, national=True)
    for rule in data["holiday"]:
        day = _day_of(rule, year)
        if not rule.get("since", date.min) <= day <= rule.get("until", date.max):
            continue
        row = moved.get(rule["name"], rule)
        found_day = row.get("to", day)
        provisional = "equinox" in rule and year > data["equinoxes"]["published_through"]
        act, source = row.get("act", data["act"]), row.get("source", data["source"])
        found[found_day] = Holiday(found_day, rule["name"], HolidayKind.NATIONAL, act, provisional, source)
    return found


def _day_of(rule: dict[str, Any], year: int) -> date:
    if "equinox" in rule:
        decade = _data()["equinoxes"][rule["equinox"]][str(year // 10 * 10)]
        return date(year, MARCH if rule["equinox"] == "spring" else SEPTEMBER, decade[year % 10])
    if "monday" in rule:
        first = date(year, rule["month"], 1)
        return first + timedelta((MONDAY - first.weekday()) % 7 + 7 * (rule["monday"] - 1))
    return date(year, rule["month"], rule["day"])


def _occasions(year: int, *, national: bool) -> dict[date, Holiday]:
    return {
        row["date"]: Holiday(row["date"], row["name"], HolidayKind.OCCASION, row["act"], source=row["source"])
        for row in _data()["occasion"]
        if row["date"].year == year and row.get("national", False) is national
    }


def _in_force(rules: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    return next((rule for rule in rules if rule["since"] <= day <= rule.get("until", date.max)), None)


def _substitutes(year: int, national: dict[date, Holiday]) -> dict[date, Holiday]:
    """Return the 振替休日: for a 国民の祝日 on a Sunday."""
    data = _data()
    found = {}
    for day, holiday in national.items():
        rule = _in_force(data["substitute"], day)
        if rule is None or day.weekday() != SUNDAY:
            continue
        other = day + DAY
        while rule["rule"] == "next_free_day" and other in national:
            other += DAY
        if other not in national and other.year == year:
            source = rule.get("source", data["source"])
            provisional = holiday.provisional
            found[other] = Holiday(other, "振替休日", HolidayKind.SUBSTITUTE, rule["act"], provisional, source)
    return found


def _between(year: int, national: dict[date, Holiday]) -> dict[date, Holiday]:
    """Return the 国民の休日: days between two 国民の祝日."""
    data = _data()
    substitutes = _substitutes(year, national)
    found = {}
    for day, before in national.items():
        middle, after = day + DAY, national.get(day + DAY + DAY)
        rule = _in_force(data["between"], middle)
        if after is None or rule is None or middle in national or middle in substitutes:
            continue
        if rule.get("not_sunday", False) and middle.weekday() == SUNDAY:
            continue
        provisional = before.provisional or after.provisional
        source = rule.get("source", data["source"])
        found[middle] = Holiday(middle, "国民の休日", HolidayKind.BETWEEN, rule["act"], provisional, source)
    return found
