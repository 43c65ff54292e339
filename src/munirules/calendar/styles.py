"""The styles in which dates are printed: for each, the part of the year, the part of the month and day, their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from munirules.calendar.clean import FULL_WIDTH
from munirules.calendar.errors import EraError
from munirules.calendar.forms_english import MONTH_NAMES
from munirules.calendar.kanji import figures_in_kanji, in_kanji
from munirules.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from munirules.calendar.era import Era
    from munirules.calendar.table import EraTable

FIRST = "元"


@attrs.frozen(kw_only=True)
class Style:
    """A way of printing a date. None of them can print a year without its era.

    Attributes:
        name: what a caller asks for.
        title: what it is, in Japanese.
        year: the text of the year, from the era, its year, and the year of the Gregorian calendar.
        month: the text of the month (leap months have their own, see `leap`).
        day: the text of the day.
        day_first: whether the month and day stand before the year.
        leap: whether a leap month can be written in it.
        weekday: whether the day of the week follows.
        fiscal: whether fiscal years (年度) are written in it.
        figures: whether unknown parts are written as 00.
        gregorian: whether it is written without an era.
    """

    name: str
    title: str
    year: Callable[[Era, int, int], str]
    month: Callable[[int], str]
    day: Callable[[int], str]
    day_first: bool = False
    leap: bool = False
    weekday: bool = False
    fiscal: bool = False
    figures: bool = False
    gregorian: bool = False


def needed(era: Era, field: str) -> str:
    """Return a field of an era that a style is made of.

    Raises:
        EraError: the era has none (the eras before 明治 have no letter).
    """
    value: str | None = getattr(era, field)
    if value is None:
        raise EraError(f"{era.name} has no {field}, so it cannot be printed in this style")
    return value


def _first(year: int) -> str:
    return FIRST if year == 1 else str(year)


def _wide(text: str) -> str:
    return text.translate(FULL_WIDTH)


def _month(month: int) -> str:
    return f"{month}月"


def _day(day: int) -> str:
    return f"{day}日"


def _two(number: int) -> str:
    return f"{number:02}"


STYLES: tuple[Style, ...] = (
    Style(
        name="ja", title="元年とする", fiscal=True, leap=True,
        year=lambda era, year, _: f"{era.name}{_first(year)}年", month=_month, day=_day,
    ),
    Style(
        name="ja_1", title="元年としない", fiscal=True, leap=True,
        year=lambda era, year, _: f"{era.name}{year}年", month=_month, day=_day,
    ),
    Style(
        name="ja_padded", title="2桁に揃える（0）", fiscal=True, leap=True,
        year=lambda era, year, _: f"{era.name}{year:02}年", month=lambda month: f"{month:02}月",
        day=lambda day: f"{day:02}日",
    ),
    Style(
        name="ja_spaced", title="2桁に揃える（空白）", fiscal=True, leap=True,
        year=lambda era, year, _: f"{era.name}{year:2}年" if year > 1 else f"{era.name}{FIRST}年",
        month=lambda month: f"{month:2}月", day=lambda day: f"{day:2}日",
    ),
    Style(
        name="ja_weekday", title="曜日を付ける", leap=True, weekday=True,
        year=lambda era, year, _: f"{era.name}{_first(year)}年", month=_month, day=_day,
    ),
    Style(
        name="ja_full", title="全角", fiscal=True, leap=True,
        year=lambda era, year, _: _wide(f"{era.name}{_first(year)}年"),
        month=lambda month: _wide(f"{month}月"), day=lambda day: _wide(f"{day}日"),
    ),
    Style(
        name="kanji", title="漢数字", fiscal=True, leap=True,
        year=lambda era, year, _: f"{era.name}{FIRST if year == 1 else in_kanji(year)}年",
        month=lambda month: f"{in_kanji(month)}月", day=lambda day: f"{in_kanji(day)}日",
    ),
    Style(
        name="square", title="合字の元号", fiscal=True, leap=True,
        year=lambda era, year, _: f"{needed(era, 'square')}{_first(year)}年",
        month=_month, day=_day,
    ),
    Style(
        name="both", title="西暦を添える", fiscal=True, leap=True,
        year=lambda era, year, western: f"{era.name}{_first(year)}({western})年",
        month=_month, day=_day,
    ),
    Style(
        name="letter", title="英字", fiscal=True,
        year=lambda era, year, _: f"{needed(era, 'letter')}{year}.", month=lambda month: f"{month}.", day=str,
    ),
    Style(
        name="jisx0301", title="JIS X 0301",
        year=lambda era, year, _: f"{needed(era, 'letter')}{year:02}.", month=lambda month: f"{month:02}.", day=_two,
    ),
    Style(
        name="letter_slash", title="英字（斜線）",
        year=lambda era, year, _: f"{needed(era, 'letter')}{year}/", month=lambda month: f"{month}/", day=str,
    ),
    Style(
        name="letter_hyphen", title="英字（ハイフン）",
        year=lambda era, year, _: f"{needed(era, 'letter')}{year:02}-", month=lambda month: f"{month:02}-", day=_two,
    ),
    Style(
        name="compact", title="英字と6桁", figures=True,
        year=lambda era, year, _: f"{needed(era, 'letter')}{year:02}", month=_two, day=_two,
    ),
    Style(
        name="one", title="元号の一字",
        year=lambda era, year, _: f"{needed(era, 'one')}{year}.", month=lambda month: f"{month}.", day=str,
    ),
    Style(
        name="en", title="英語", day_first=True,
        year=lambda era, year, _: f", {era.romaji} {year}",
        month=lambda month: f"{MONTH_NAMES[month - 1]} ", day=str,
    ),
    Style(
        name="en_short", title="英語（数字）",
        year=lambda era, year, _: f"{era.romaji} {year}.", month=lambda month: f"{month}.", day=str,
    ),
    Style(
        name="iso", title="西暦 ISO 8601", gregorian=True,
        year=lambda _era, _year, western: f"{western:04}-", month=lambda month: f"{month:02}-", day=_two,
    ),
    Style(
        name="western", title="西暦", gregorian=True, fiscal=True,
        year=lambda _era, _year, western: f"{western}年", month=_month, day=_day,
    ),
    Style(
        name="western_kanji", title="西暦（漢数字）", gregorian=True, fiscal=True,
        year=lambda _era, _year, western: f"{figures_in_kanji(western)}年",
        month=lambda month: f"{in_kanji(month)}月", day=lambda day: f"{in_kanji(day)}日",
    ),
)  # fmt: skip
"""The styles; beside them `code:SYSTEM` (5080401) for each code system, also called `code7:SYSTEM`."""

BY_NAME = {style.name: style for style in STYLES}
CODE_PREFIXES = ("code:", "code7:")


def code_style(name: str, system: str) -> Style:
    """Return the style of a code system: the era's code and YYMMDD."""

    def year(era: Era, year: int, _western: int) -> str:
        code = era.code(system)
        if code is None:
            raise EraError(f"{era.name} has no code in the system {system}")
        return f"{code}{year:02}"

    return Style(name=name, title=f"元号コード {system}", year=year, month=_two, day=_two, figures=True)


def find_style(name: str, table: EraTable) -> Style:
    """Return a style by its name.

    Raises:
        EraError: there is none of that name.
    """
    if name in BY_NAME:
        return BY_NAME[name]
    for prefix in CODE_PREFIXES:
        if name.startswith(prefix):
            system = table.system(name.removeprefix(prefix))
            if system.text:
                return code_style(name, system.id)
    known = [*BY_NAME, *(f"code:{system.id}" for system in table.systems if system.text)]
    raise EraError(f"{name!r} is no style{did_you_mean(name, known)}; there are {', '.join(known)}")
