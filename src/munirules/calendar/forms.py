"""The forms of a date that are read: a pattern, what its parts mean, and examples. docs are made from this table.

Patterns know no era by name: the word where an era stands is looked up in the table that the caller uses.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import attrs

from munirules.calendar.kanji import KANJI_NUMERALS, number
from munirules.calendar.resolve import LAST, SEASONS, THIRDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from munirules.calendar.dates import EraDate, PartialDate
    from munirules.calendar.era import Era
    from munirules.calendar.resolve import Part, Reader

    Read = Callable[[Reader, re.Match[str]], EraDate | PartialDate]


@attrs.frozen(kw_only=True)
class Form:
    """One way of writing a date.

    Attributes:
        name: a short name in English.
        title: what it is, in Japanese.
        pattern: a regular expression for the whole text; in it ERA, NUM and UNKNOWN stand for the patterns below.
        read: makes the date of a match.
        examples: texts of this form; a code system after a `|`.
        spaced: whether the spaces of the text mean something (English).
    """

    name: str
    title: str
    pattern: str
    read: Read
    examples: tuple[str, ...]
    spaced: bool = False

    @property
    def compiled(self) -> Callable[[str], re.Match[str] | None]:
        """The pattern, ready for a whole text."""
        return _compiled(self.pattern)


@cache
def _compiled(pattern: str) -> Callable[[str], re.Match[str] | None]:
    for word, meaning in WORDS.items():
        pattern = pattern.replace(word, meaning)
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE).fullmatch


_NUMERALS = "".join(sorted(KANJI_NUMERALS))
WORDS = {
    # The shortest word will do: what follows it must be a year.
    "ERA": rf"(?:[A-Za-z]{{1,12}}|(?![{_NUMERALS}])[^\x00-\x7f年月日・、。「」（）]{{1,8}}?)",
    "NUM": rf"(?:[0-9]{{1,4}}|[{_NUMERALS}]{{1,7}})",
    "UNKNOWN": r"(?:不詳|不明|未詳)",
}
UNKNOWN_WORDS = ("不詳", "不明", "未詳")
GREGORIAN = "西暦"
FIRST = "元"
# Codes that importers of municipal systems use for a season or a third of a month (A1 to A4, A1 to A3).
MONTH_CODES = {f"A{at}": season for at, season in enumerate(SEASONS, start=1)}
DAY_CODES = {"A1": "上旬", "A2": "中旬", "A3": "下旬"}
NOT_KNOWN = ("00", "99", *UNKNOWN_WORDS)


def whole_number(reader: Reader, text: str) -> int:
    """Return the number a part writes.

    Raises:
        DateError: its kanji numerals write none.
    """
    value = number(text)
    if value is None:
        raise reader.refuse("not_a_date", "these kanji numerals are no number", part=text)
    return value


def year_of(reader: Reader, text: str | None) -> int | None:
    """Return a year: 元 is 1; None where it is not known."""
    if text is None or text in UNKNOWN_WORDS:
        return None
    return 1 if text == FIRST else whole_number(reader, text)


def month_of(reader: Reader, text: str | None) -> Part:
    """Return a month, a season, or None where it is not known."""
    if text is None or text in NOT_KNOWN:
        return None
    if text in SEASONS:
        return text
    if text.upper() in MONTH_CODES:
        return MONTH_CODES[text.upper()]
    return 1 if text == "正" else whole_number(reader, text)


def day_of(reader: Reader, text: str | None) -> Part:
    """Return a day, a third of a month, the last day, or None where it is not known."""
    if text is None or text in NOT_KNOWN:
        return None
    if text in THIRDS:
        return text
    if text in {LAST, "晦", "朔"}:
        return 1 if text == "朔" else LAST
    if text.upper() in DAY_CODES:
        return DAY_CODES[text.upper()]
    return whole_number(reader, text)


def head_of(reader: Reader, match: re.Match[str]) -> tuple[Era | None, int | None]:
    """Return the era and the year of a match; no era for the Gregorian calendar.

    Raises:
        DateError: the era is not known, or there is none and the year has not four figures.
    """
    word, year_text = match["head"], match["year"]
    year = year_of(reader, year_text)
    if word and word != GREGORIAN:
        return reader.era(word), year
    if year is None or len(year_text) == 4 or (not year_text.isascii() and year >= 1000):
        return None, year or None
    message = "a year without its era; a Gregorian year has four figures"
    era = reader.table.latest
    accepted = f"{era.name}{year_text}年…, {era.letter or era.name}{year_text}…, 2026年…"
    raise reader.refuse("no_era", message, part=year_text, accepted=accepted)


def both_of(reader: Reader, match: re.Match[str]) -> tuple[Era | None, int | None]:
    """Return the era and the year of a match that may give the Gregorian year beside them.

    Raises:
        DateError: the two years are not the same.
    """
    parts = match.groupdict()
    era: Era | None
    if parts.get("western_1"):
        era, year, western = reader.era(parts["head_1"]), year_of(reader, parts["year_1"]), parts["western_1"]
    else:
        (era, year), western = head_of(reader, match), parts["western"] or parts.get("western_2")
    if western and era is not None and year and era.year_one + year - 1 != int(western):
        message = f"{era.name}{year}年 is {era.year_one + year - 1}, not {western}"
        raise reader.refuse("contradiction", message, part=western, accepted=str(era.year_one + year - 1))
    return era, year


def _units(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    era, year = both_of(reader, match)
    month = month_of(reader, match["season"] or match["month"])
    day = day_of(reader, match["third"] or match["day"])
    return reader.assemble(era, year, month, day, leap=bool(match["leap"]))


def _figures(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    era, year = head_of(reader, match)
    month, day = month_of(reader, match["month"]), day_of(reader, match["day"])
    return reader.assemble(era, year, month, day, leap=bool(match.groupdict().get("leap")))


def _year(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    return reader.assemble(reader.era(match["head"]), year_of(reader, match["year"]))


def _fiscal_year(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    if match["fy"]:
        return reader.fiscal_year(None, int(match["fy"]))
    era, year = both_of(reader, match)
    if not year:
        return reader.assemble(era, year)
    return reader.fiscal_year(era, year)


def _era_only(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    return reader.assemble(reader.era(match["head"]), None)


def _unknown(reader: Reader, _match: re.Match[str]) -> EraDate | PartialDate:
    return reader.assemble(None, None)


_UNITS = r"""
    (?: (?P<head>西暦|ERA)? (?P<year>元|NUM|UNKNOWN) (?:\((?P<western>[0-9]{4})\))? 年
        (?:\((?P<western_2>[0-9]{4})年?\))?
      | (?P<western_1>[0-9]{4})年? \((?P<head_1>ERA)(?P<year_1>元|NUM)年?\) 年? )
    (?: (?P<season>[春夏秋冬]) UNKNOWN?
      | (?:月日|月)? UNKNOWN (?: 月? (?:日? UNKNOWN)? 日? )?
      | (?P<leap>閏|うるう)? (?P<month>正|NUM|A[1-4]|UNKNOWN) 月
        (?: (?P<day>NUM|末|朔|晦|A[1-3]) 日 | (?P<third>[上中下初]旬) | 日? UNKNOWN 日? | 分 )?
    )?
"""

FORMS: tuple[Form, ...] = (
    Form(
        name="units",
        title="元号・年・月・日（漢数字・大字・元年・閏月・西暦も）",
        pattern=_UNITS,
        read=_units,
        examples=(
            "令和8年4月1日",
            "令和元年5月1日",
            "令和 8年 4月 1日",
            "令和８年４月１日",
            "㍻31年4月30日",
            "昭和二十年八月十五日",
            "昭和卅一年十月卅一日",
            "大正参年拾壱月弐拾日",
            "R8年4月1日",
            "れいわ8年4月1日",
            "明治5年12月2日",
            "明治3年閏10月5日",
            "2026年4月1日",
            "西暦2026年4月1日",
            "二〇二六年四月一日",
            "令和8年4月末日",
            "令和8年4月",
            "令和8年",
            "2026年4月",
            "昭和20年8月不詳",
            "昭和20年8月不詳日",
            "昭和20年月日不詳",
            "昭和20年8月上旬",
            "昭和20年春",
            "不明年8月15日",
            "令和8(2026)年4月1日",
            "2026(令和8)年4月1日",
            "2026年(令和8年)4月1日",
            "令和8年(2026年)4月1日",
            "明治三年閏十月朔日",
            "令和8年4月分",
        ),
    ),
    Form(
        name="separated",
        title="区切りのある数字（. / - ・ , 空白）",
        pattern=r"""(?P<head>西暦|ERA)? [.\-]? (?P<year>元|[0-9]{1,4})
            (?P<by>[./\-・,、\ ]) (?P<leap>閏)? (?P<month>[0-9]{1,2}|A[1-4]) (?: (?P=by) (?P<day>[0-9]{1,2}|A[1-3]) )?""",
        read=_figures,
        examples=(
            "R8.4.1",
            "R08.04.01",
            "R8/4/1",
            "S64-01-07",
            "S.64.1.7",
            "令8.4.1",
            "令元.5.1",
            "R 8. 4. 1",
            "Ｒ８．４．１",
            "Reiwa 8.4.1",
            "2026-04-01",
            "2026/4/1",
            "2026.4.1",
            "2026-04",
            "R8.4",
            "1945-08-00",
            "S20.08.99",
            "1945/A1/00",
        ),
    ),
    Form(
        name="compact",
        title="元号と6桁（年月日2桁ずつ）",
        pattern=r"(?P<head>ERA) (?P<year>[0-9]{2}) (?P<month>[0-9]{2}|A[1-4]) (?P<day>[0-9]{2}|A[1-3])",
        read=_figures,
        examples=("R080401", "令080401", "令和080401", "S200800"),
    ),
    Form(
        name="year",
        title="元号と年だけ",
        pattern=r"(?P<head>ERA) (?P<year>元|[0-9]{1,3})",
        read=_year,
        examples=("R8", "令和8", "Reiwa 8"),
    ),
    Form(
        name="fiscal_year",
        title="年度（4月から翌年3月）",
        pattern=r"(?: (?P<head>西暦|ERA)? (?P<year>元|NUM) (?:\((?P<western>[0-9]{4})\))? 年?度 | FY(?P<fy>[0-9]{4}) )",
        read=_fiscal_year,
        examples=("令和8年度", "令和元年度", "令和8(2026)年度", "R8年度", "2026年度", "FY2026"),
    ),
    Form(
        name="unknown",
        title="不詳",
        pattern=r"""(?: (?:生?年月日)? UNKNOWN | UNKNOWN年UNKNOWN月UNKNOWN日 | UNKNOWN(?:生?年月日)
            | 年UNKNOWN月UNKNOWN日UNKNOWN )""",
        read=_unknown,
        examples=("不詳", "年月日不詳", "不明年不明月不明日"),
    ),
    Form(
        name="era_only",
        title="元号だけが分かる",
        pattern=r"(?P<head>ERA) (?:年月日)? UNKNOWN",
        read=_era_only,
        examples=("昭和不詳", "昭和年月日不詳"),
    ),
)
