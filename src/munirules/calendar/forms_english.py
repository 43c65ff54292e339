"""Dates in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from munirules.calendar.forms import Form

if TYPE_CHECKING:
    import re

    from munirules.calendar.dates import EraDate, PartialDate
    from munirules.calendar.resolve import Reader

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_MONTH = r"(?P<month>" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in MONTH_NAMES) + r"|Sept)\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?: (?P<head>[A-Za-z]+) \ ? (?P<year>[0-9]{1,3}) | (?P<western>[0-9]{4}) )"


def month_number(name: str) -> int:
    """Return the number of a month from the first three letters of its name."""
    return next(at for at, each in enumerate(MONTH_NAMES, start=1) if each[:3].lower() == name[:3].lower())


def _english(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    parts = match.groupdict()
    day = int(parts["day"]) if parts.get("day") else None
    month = month_number(parts["month"])
    if parts.get("western"):
        return reader.assemble(None, int(parts["western"]), month, day)
    return reader.assemble(reader.era(parts["head"]), int(parts["year"]), month, day)


ENGLISH_FORMS: tuple[Form, ...] = (
    Form(
        name="english_month_first",
        title="英語（月・日・年）",
        pattern=rf"{_MONTH} \ ? (?: {_DAY} (?:, \ ? | \ ) | ,? \ ? ) {_YEAR}",
        read=_english,
        examples=("April 1, Reiwa 8", "Apr. 1, Reiwa 8", "April 1, 2026", "April Reiwa 8"),
        spaced=True,
    ),
    Form(
        name="english_day_first",
        title="英語（日・月・年）",
        pattern=rf"{_DAY} \ {_MONTH} ,? \ {_YEAR}",
        read=_english,
        examples=("1 April Reiwa 8", "1st April 2026"),
        spaced=True,
    ),
    Form(
        name="english_year_first",
        title="英語（年・月・日）",
        pattern=rf"{_YEAR} ,? \ {_MONTH} \ {_DAY}",
        read=_english,
        examples=("Shōwa 64, January 7", "Reiwa 8 April 1", "2026 April 1"),
        spaced=True,
    ),
)
