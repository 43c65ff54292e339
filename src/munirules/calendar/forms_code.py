"""Dates written in figures alone: by an era code of a named system, or as YYYYMMDD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from munirules.calendar.dates import Mark
from munirules.calendar.forms import Form, day_of, month_of

if TYPE_CHECKING:
    import re

    from munirules.calendar.dates import EraDate, PartialDate
    from munirules.calendar.resolve import Reader

DEFAULT_SYSTEM = "default"
MONTH_DIGITS = 4  # YYMM after the code
DAY_DIGITS = 6  # YYMMDD
GREGORIAN_DIGITS = 8
ALL_UNKNOWN = ("0" * 7, "0" * 8, "9" * 7, "9" * 8)


def _plain_eight(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    """Read YYYYMMDD where no code system is named, else by the system."""
    text = match[0]
    if text in ALL_UNKNOWN:
        return reader.assemble(None, None, marks=(Mark.SENTINEL,) if text[0] == "9" else ())
    if reader.system is not None:
        return by_code(reader, text, reader.system)
    year = int(match["year"])
    return reader.assemble(None, year or None, month_of(reader, match["month"]), day_of(reader, match["day"]))


def _figures(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    text = match[0]
    if text in ALL_UNKNOWN:
        return reader.assemble(None, None, marks=(Mark.SENTINEL,) if text[0] == "9" else ())
    if reader.system is not None:
        return by_code(reader, text, reader.system)
    if len(text) == DAY_DIGITS + 1:
        return by_code(reader, text, DEFAULT_SYSTEM, marks=(Mark.ASSUMED_CODE_SYSTEM,))
    message = f"{len(text)} figures without an era are no date"
    accepted = "7 figures (era code, YYMMDD), 8 figures (YYYYMMDD), R080401; 5 figures (code, YYMM) with a code system"
    raise reader.refuse("no_era", message, accepted=accepted)


def _parted(reader: Reader, match: re.Match[str]) -> EraDate | PartialDate:
    """Read a code that is set off from the date: 4-010108, 5-08.04.01."""
    figures = match["code"] + match["yy"] + match["mm"] + match["dd"]
    if reader.system is not None:
        return by_code(reader, figures, reader.system)
    return by_code(reader, figures, DEFAULT_SYSTEM, marks=(Mark.ASSUMED_CODE_SYSTEM,))


def by_code(reader: Reader, text: str, system_name: str, marks: tuple[Mark, ...] = ()) -> EraDate | PartialDate:
    """Read an era code and YYMMDD (or YYMM) by a code system.

    Raises:
        DateError: the code is not one of the system, or what follows it is no date.
    """
    system = reader.table.system(system_name)
    if not system.text:
        raise reader.refuse("unknown_code_system", f"{system.id} is an index of eras; dates are not written with it")
    codes = reader.table.codes[system.id]
    meanings = {**dict.fromkeys(codes, "era"), **system.reserved()}
    for code in sorted(meanings, key=len, reverse=True):
        rest = text.removeprefix(code)
        if rest == text:
            continue
        if code in codes and len(rest) in {DAY_DIGITS, MONTH_DIGITS}:
            month, day = month_of(reader, rest[2:4]), day_of(reader, rest[4:6] or None)
            return reader.assemble(codes[code], int(rest[:2]), month, day, marks=marks)
        if code == system.gregorian and len(rest) == GREGORIAN_DIGITS:
            month, day = month_of(reader, rest[4:6]), day_of(reader, rest[6:8])
            return reader.assemble(None, int(rest[:4]) or None, month, day, marks=marks)
        if code == system.unknown and not rest.strip("0"):
            return reader.assemble(None, None, marks=marks)
    known = ", ".join(f"{code} {era.name}" for code, era in codes.items())
    known += "".join(f", {code} {meaning}" for code, meaning in system.reserved().items())
    code = text[: max(len(text) - DAY_DIGITS, 1)]
    message = f"「{code}」 before YYMMDD is no era code of the system {system.id} ({system.title})"
    raise reader.refuse("unknown_code", message, part=code, accepted=known)


def is_letter_code(reader: Reader, text: str) -> bool:
    """Return whether a text begins with a code of the named system that is a letter (戸籍: Z is 慶応)."""
    code, figures = text[:1], text[1:]
    if reader.system is None or code.isdigit() or not (figures.isascii() and figures.isdigit()):
        return False
    return code in reader.table.codes[reader.table.system(reader.system).id]


CODE_FORMS: tuple[Form, ...] = (
    Form(
        name="eight_figures",
        title="西暦8桁",
        pattern=r"(?P<year>[0-9]{4}) (?P<month>[0-9]{2}|A[1-4]) (?P<day>[0-9]{2}|A[1-3])",
        read=_plain_eight,
        examples=("20260401", "19450800", "1945A100", "00000000", "02310430|saiken_joto"),
    ),
    Form(
        name="code",
        title="元号コードと年月日（体系の指定がない7桁は標準コードとみなし、印を付ける）",
        pattern=r"[0-9]{1,20}",
        read=_figures,
        examples=(
            "5080401",
            "5080401|default",
            "9080401|nenkin",
            "1640107|kyuho",
            "0000000",
            "50804|default",
            "920260401|juki",
        ),
    ),
    Form(
        name="parted_code",
        title="元号コードを離して書いたもの",
        pattern=r"""(?P<code>[0-9]{1,2}) (?:-|\.|\ )
            (?P<yy>[0-9]{2}) (?P<by>[./\-\ ]?) (?P<mm>[0-9]{2}) (?P=by) (?P<dd>[0-9]{2})""",
        read=_parted,
        examples=("4-010108", "5-08.04.01", "5 08 04 01"),
    ),
)
