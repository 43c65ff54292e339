"""Reading a date: `parse` for what a record contains, `parse_date` for what a fact or a command must be."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from typing import TYPE_CHECKING

from munirules.calendar.builtin import era_table
from munirules.calendar.clean import closed_up, plain
from munirules.calendar.dates import EraDate, Mark, PartialDate, Precision
from munirules.calendar.errors import DateError
from munirules.calendar.forms import FORMS
from munirules.calendar.forms_code import CODE_FORMS, by_code, is_letter_code
from munirules.calendar.forms_english import ENGLISH_FORMS
from munirules.calendar.quick import QuickReader
from munirules.calendar.resolve import Policy, Reader
from munirules.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from munirules.calendar.table import EraTable

    Quick = Callable[[str, str | None], EraDate | None]

ALL_FORMS = (*CODE_FORMS, *ENGLISH_FORMS, *FORMS)
ACCEPTED = "令和8年4月1日, R8.4.1, 令8.4.1, 5080401, 2026-04-01, April 1, Reiwa 8, 昭和20年8月不詳 and their variants"
WEEKDAYS = "月火水木金土日"
ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ISO_LENGTH = len("2026-04-01")
NO_DATE = "9999"
LONGEST = 80
# Names and members: their hashes differ.
POLICIES = frozenset((*Policy, *(policy.value for policy in Policy)))

_weekday = re.compile(
    rf"(.+?)(?:\(([{WEEKDAYS}])(?:曜日?)?\)|([{WEEKDAYS}])曜日?|\(([A-Z][a-z]{{2}})[a-z]*\))"
).fullmatch
_estimated = re.compile(r"(.+?)\(?推定\)?|推定(.+)").fullmatch
_born = re.compile(r"(.+日)生(?:まれ)?").fullmatch
_about = re.compile(r"(.+?)(?:頃|ごろ|ころ)").fullmatch
_range = re.compile(r"(.+?)(頃?)から(.+?)(頃?)まで(?:の間)?").fullmatch
_rest_of_date = re.compile(
    r"(?:同[年月])?(?:(?P<leap>閏)?(?P<month>[^年月日]{1,4})月)?(?:(?P<day>[^年月日]{1,4})日)?"
).fullmatch
_time = re.compile(r".*(?:[0-9]:[0-9]|[0-9]時|午前|午後|[0-9]T[0-9]).*").fullmatch
_first_word = re.compile(r"[^0-9\s./\-年月日元]+").match


def parse(
    text: str,
    *,
    policy: Policy | str = "strict",
    code_system: str | None = None,
    table: EraTable | None = None,
) -> EraDate | PartialDate:
    """Read a date as municipal records write it.

    Args:
        text: 令和8年4月1日, R8.4.1, 5080401, 2026-04-01, 昭和20年8月不詳…; the full list is in the documentation.
        policy: what to do with a date outside the era in which it is written: `strict` refuses it, `normalise`
            reads it as a date of the era in force, `keep` reads it and keeps the era as written. Both mark it.
        code_system: the system of era codes that figures are written in. Without one, seven figures are read by the
            default system and marked.
        table: the eras to know; those of the library if not given.

    Returns:
        an `EraDate`, or a `PartialDate` where a part is not known.

    Raises:
        DateError: the text is no date; the error quotes it and says which part is wrong and what is accepted.
    """
    if policy in POLICIES:
        quick = _quick_reader() if table is None else _quick_reader_of(table)
        found = quick(text, code_system)
        if found is not None:
            return found
    return read(text, policy=policy, code_system=code_system, table=era_table() if table is None else table)


@cache
def _quick_reader() -> Quick:
    """Return what reads the common forms by the library's table."""
    return _quick_reader_of(era_table())


def _quick_reader_of(table: EraTable) -> Quick:
    """Return what reads the common forms by a table; made once for each table."""
    quick: Quick | None = table.made.get("quick")
    if quick is None:
        quick = table.made["quick"] = QuickReader(table).read
    return quick


def parse_date(text: str | dt.date, *, table: EraTable | None = None) -> dt.date:
    """Read a whole date of which nothing is assumed: for facts in JSON or TOML, and for the command line.

    Args:
        text: 2026-04-01, 令和8年4月1日, R8.4.1…, or a date, as TOML gives it.
        table: the eras to know; those of the library if not given.

    Raises:
        DateError: it is no date, or only a part of one, or a code system would have to be assumed.
    """
    if isinstance(text, dt.date):
        if isinstance(text, dt.datetime):
            raise DateError("time_of_day", "a day is wanted, without a time of day", text=str(text), accepted=ACCEPTED)
        return text
    try:
        if len(text) == ISO_LENGTH and text[4] == text[7] == "-" and not text.startswith(NO_DATE):
            return dt.date.fromisoformat(text)
    except (ValueError, TypeError):
        pass  # the full grammar says what is wrong
    found = parse(text, table=table)
    if isinstance(found, PartialDate):
        between = f"{found.earliest or 'open'} to {found.latest or 'open'}"
        message = f"a whole date is wanted; this is known only to the {found.precision.value} ({between})"
        raise DateError("not_whole", message, text=text, accepted="a day such as 2026-04-01 or 令和8年4月1日")
    for mark in found.marks:
        if mark is not Mark.OVERLAP_DAY:
            message = f"a date that needs no assumption is wanted; this one is {mark.value}"
            raise DateError("not_whole", message, text=text, accepted="a day such as 2026-04-01 or 令和8年4月1日")
    return found.date


def read(
    text: str, *, policy: Policy | str = Policy.STRICT, code_system: str | None = None, table: EraTable
) -> EraDate | PartialDate:
    """Read a date by the full grammar; `parse` answers common forms sooner and otherwise asks this."""
    if not isinstance(text, str):
        raise DateError(
            "not_a_date", f"a text is wanted, not {type(text).__name__}", text=repr(text), accepted=ACCEPTED
        )
    try:
        chosen = Policy(policy)
    except ValueError:
        names = [each.value for each in Policy]
        message = f"{policy!r} is no policy{did_you_mean(str(policy), names)}"
        raise DateError("unknown_policy", message, text=text, accepted=", ".join(names)) from None
    if code_system is not None:
        table.system(code_system)
    reader = Reader(table, chosen, code_system, text)
    words = plain(text)
    if len(words) > LONGEST:
        raise reader.refuse("not_a_date", f"{len(words)} characters are too many for a date", accepted=ACCEPTED)
    estimated = _estimated(words)
    if estimated:
        return _read(reader, (estimated[1] or estimated[2]).strip()).marked(Mark.ESTIMATED)
    return _read(reader, words)


def _read(reader: Reader, words: str) -> EraDate | PartialDate:
    """Read a plain text: what stands around a date, and the date."""
    text = closed_up(words)
    between = _range(text)
    if between:
        return _interval(reader, between)
    about = _about(text)
    if about:
        base = _read_date(reader, about[1])
        marks = (*base.marks, Mark.APPROXIMATE)
        return PartialDate(
            None, None, Precision.ABOUT, reader.text, marks, base.era, base.year, base.month, base.leap_month
        )
    named = _weekday(text)
    if named:
        return _with_weekday(reader, named[1], named[2] or named[3] or named[4])
    born = _born(text)
    return _read_date(reader, born[1] if born else words)


def _read_date(reader: Reader, words: str) -> EraDate | PartialDate:
    """Read a plain text that is a date and nothing else, by the first form that it has."""
    text = closed_up(words)
    if is_letter_code(reader, text) and reader.system is not None:
        return by_code(reader, text, reader.system)
    for form in ALL_FORMS:
        match = form.compiled(words if form.spaced else text)
        if match:
            return form.read(reader, match)
    raise _no_form(reader, text)


def _with_weekday(reader: Reader, text: str, name: str) -> EraDate | PartialDate:
    found = _read_date(reader, text)
    if isinstance(found, PartialDate):
        raise reader.refuse("contradiction", "a weekday with a date that is not whole", part=f"{name}曜日")
    day = found.date.weekday()
    actual = ENGLISH_WEEKDAYS[day] if name.isascii() else WEEKDAYS[day]
    if actual != name:
        raise reader.refuse("weekday", f"{found.date} is a {actual}, not a {name}", part=name, accepted=actual)
    return found


def _interval(reader: Reader, match: re.Match[str]) -> PartialDate:
    """Read 〜から〜まで(の間); the end may leave out what it shares with the beginning."""
    first = _read_date(reader, match[1])
    rest = _rest_of_date(match[3])
    if rest and (rest["month"] or rest["day"]):
        ending = match[3].removeprefix("同年").removeprefix("同月")
        if not rest["month"]:
            ending = f"{'閏' if first.leap_month else ''}{first.month}月{ending}"
        head = first.era.name if first.era and not _is_western(match[1]) else ""
        year = first.year if head or not isinstance(first, EraDate) else first.date.year
        last = _read_date(reader, f"{head}{year}年{ending}")
    else:
        last = _read_date(reader, match[3])
    if first.earliest is None or last.latest is None:
        raise reader.refuse("not_a_date", "an interval needs a beginning and an end that are known")
    if first.earliest > last.latest:
        raise reader.refuse("contradiction", f"the interval ends ({last.latest}) before it begins ({first.earliest})")
    marks = [*first.marks, *(mark for mark in last.marks if mark not in first.marks)]
    if (match[2] or match[4]) and Mark.APPROXIMATE not in marks:
        marks.append(Mark.APPROXIMATE)
    return PartialDate(first.earliest, last.latest, Precision.RANGE, reader.text, tuple(marks), first.era)


def _is_western(text: str) -> bool:
    return text.startswith("西暦") or text[:4].isdigit()


def _no_form(reader: Reader, text: str) -> DateError:
    """Return the error for a text that has no known form, as exact as can be said."""
    if not text:
        return reader.refuse("not_a_date", "the text is empty", accepted=ACCEPTED)
    if _time(text):
        return reader.refuse("time_of_day", "a day is wanted, without a time of day", accepted=ACCEPTED)
    word = _first_word(text)
    if word and not reader.table.find(word[0]) and len(word[0]) < len(text) and text[len(word[0])] in "0123456789元":
        message = f"「{word[0]}」 is no era that is known{did_you_mean(word[0], reader.table.tokens)}"
        return reader.refuse("unknown_era", message, part=word[0], accepted=reader.table.names())
    start = _longest_date(text)
    if start:
        message = f"a date that begins with 「{start}」 does not go on like this"
        return reader.refuse("not_a_date", message, part=text[len(start) :], accepted=ACCEPTED)
    return reader.refuse("not_a_date", "this is not written as a date", accepted=ACCEPTED)


def _longest_date(text: str) -> str:
    """Return the longest beginning of a text that has a form of a date by itself; it ends at no half of a number."""
    for end in range(len(text) - 1, 0, -1):
        start = text[:end]
        if text[end - 1].isdigit() and text[end].isdigit():
            continue
        if any(form.compiled(start) for form in ALL_FORMS if not form.spaced):
            return start
    return ""
