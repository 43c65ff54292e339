"""One era, one system of era codes, and how a row of data becomes one of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from munirules.calendar.errors import EraTableError
from munirules.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

GREGORIAN_FROM = date(1873, 1, 1)
"""明治6年1月1日, the first day of the Gregorian calendar in Japan (明治5年太政官布告第337号)."""


@attrs.frozen(kw_only=True)
class Era:
    """An era (元号): one row of data.

    Attributes:
        name: 令和.
        kana: its reading, れいわ.
        romaji: Reiwa.
        start: its first day. It ends on the day before the next era starts.
        announced: the day on which the change was made public. Where that is not before `start`, the days from
            `start` to `announced` are validly written in the era before as well.
        letter: R; none for the eras before 明治.
        one: its one-kanji form, 令.
        square: its one-character form ㋿, read always and printed only when asked.
        aliases: other spellings that are read (慶應).
        codes: pairs of a code system and the era's code in it.
        gregorian_from: from this day the era is counted by the Gregorian calendar; before it, by the lunisolar one.
        year_one: the year of that calendar which was the era's first.
        legal: the act that set it.
        source: where that was read.
        origin: the file or plugin that the row came from.
    """

    name: str
    kana: str
    romaji: str
    start: date
    announced: date
    letter: str | None = None
    one: str | None = None
    square: str | None = None
    aliases: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    gregorian_from: date = GREGORIAN_FROM
    year_one: int = attrs.field(default=attrs.Factory(lambda self: self.start.year, takes_self=True))
    legal: str = ""
    source: str = ""
    origin: str = "munirules"

    def code(self, system: str) -> str | None:
        """Return the era's code in a system, or None where it has none there."""
        return dict(self.codes).get(system)

    def __str__(self) -> str:
        return self.name


@attrs.frozen(kw_only=True)
class CodeSystem:
    """A named system of era codes; the codes themselves stand with the eras.

    Attributes:
        id: its name in this library.
        title: its name in Japanese.
        used_by: who writes it.
        width: digits of the code so far; a later era may need more.
        gregorian: the code before a year of the Gregorian calendar.
        unknown: the code of a date that is not known.
        other: the code of an era that the system does not name.
        text: whether dates are written with it.
        status: `checked`, or how the table is known.
        source: where it was read.
    """

    id: str
    title: str = ""
    used_by: str = ""
    width: int = 1
    gregorian: str | None = None
    unknown: str | None = None
    other: str | None = None
    text: bool = True
    status: str = ""
    source: str = ""

    def reserved(self) -> dict[str, str]:
        """Return the codes that mean something else than an era, and what."""
        kinds = {
            self.gregorian: "a Gregorian date (YYYYMMDD)",
            self.unknown: "an unknown date",
            self.other: "another era",
        }
        return {code: meaning for code, meaning in kinds.items() if code is not None}


ERA_KEYS = tuple(field.name for field in attrs.fields(Era) if field.name != "origin")
REQUIRED_ERA_KEYS = ("name", "kana", "romaji", "start")


def era_from_row(row: Mapping[str, Any], *, origin: str) -> Era:
    """Make an era from a row of TOML or of a plugin.

    `announced` may be left out; then the era counts as announced on the day before it starts.

    Args:
        row: keys as in `Era`; `codes` is a table of code system to code.
        origin: the file or plugin, for errors.

    Raises:
        EraTableError: a key is unknown, missing or of a wrong kind.
    """
    problems = [
        ("unknown_key", f"a row of {origin} has the unknown key {key!r}{did_you_mean(str(key), ERA_KEYS)}")
        for key in row
        if key not in ERA_KEYS
    ]
    problems += [("missing_key", f"a row of {origin} lacks {key!r}") for key in REQUIRED_ERA_KEYS if key not in row]
    if problems:
        raise EraTableError(problems)
    values: dict[str, Any] = dict(row)
    for key in ("start", "announced", "gregorian_from"):
        if key in values:
            values[key] = _day(values[key], key, origin)
    values.setdefault("announced", date.fromordinal(values["start"].toordinal() - 1))
    codes = values.get("codes", {})
    if not hasattr(codes, "items"):
        raise EraTableError([("bad_code", f"{origin}: codes is a table of code system to code, not {codes!r}")])
    values["codes"] = tuple(sorted((str(system), str(code)) for system, code in codes.items()))
    values["aliases"] = tuple(values.get("aliases", ()))
    texts = ("name", "kana", "romaji", "letter", "one", "square", "legal", "source")
    wrong = [key for key in texts if key in values and values[key] is not None and not isinstance(values[key], str)]
    if wrong:
        raise EraTableError([("bad_text", f"{origin}: {', '.join(wrong)} is text between quotes")])
    return Era(**values, origin=origin)


def _day(value: object, key: str, origin: str) -> date:
    """Return a day of TOML or an ISO text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        message = f"{origin}: {key} is a day such as 2019-05-01, not {value!r}"
        raise EraTableError([("bad_day", message)]) from None
