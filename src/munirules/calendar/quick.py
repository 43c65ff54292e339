"""The common forms, read at once: whole dates that need no policy, no mark and no explanation.

A text is split into its year (令和8, R08, 2026) and its month and day (年4月1日, .04.01); each part is worked out when it
is first met and kept, of which there are some thousands at most. Everything else, and everything that is wrong, is left
to the full grammar, so that one place decides; a property test holds the two to the same answers.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from munirules.calendar.clean import FULL_WIDTH
from munirules.calendar.collisions import spellings
from munirules.calendar.dates import EraDate, Mark
from munirules.calendar.forms_code import DEFAULT_SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable

    from munirules.calendar.era import Era
    from munirules.calendar.table import EraTable

    # An era from where it needs no mark: the year before its first, its first and its last day.
    Span = tuple[int, date, date, Era]
    # A year: of the Gregorian calendar, of the era, the first and last day of the era, and the era.
    Year = tuple[int, int, date, date, Era]

_half = {form.format(number): number for number in range(1, 100) for form in ("{}", "{:02}")}
NUMBERS = {**_half, **{text.translate(FULL_WIDTH): number for text, number in _half.items()}, "元": 1}
CODE_LENGTH = 7
ISO_LENGTH = 10
LEAP_YEAR = 2000
LAST_YEAR = 9998  # 9999 stands for no date
ASSUMED = (Mark.ASSUMED_CODE_SYSTEM,)
NO_MARKS: tuple[Mark, ...] = ()

_F = "[0-9０-９]"
_split = re.compile(r"([^年./\-．／－]{2,13})([/\-．／－].{3,5})").fullmatch
_split_compact = re.compile(r"([^0-9]{1,10}[0-9]{2})([0-9]{4})").fullmatch
_year_of_era = re.compile(rf"([^0-9０-９元]{{1,10}})(元|{_F}{{1,2}})").fullmatch
_after_year = re.compile(rf"({_F}{{1,2}})月({_F}{{1,2}})日").fullmatch
_after_dot = re.compile(rf"({_F}{{1,2}})\.({_F}{{1,2}})").fullmatch
_after_other = re.compile(rf"年({_F}{{1,2}})月({_F}{{1,2}})日|([./\-．／－])({_F}{{1,2}})\3({_F}{{1,2}})").fullmatch
_figures_alone = re.compile(r"([0-9]{2})([0-9]{2})").fullmatch


class _Rests(dict[str, tuple[int, int]]):
    """The month and day that the rest of a text writes, by the pattern of what may stand there."""

    def __init__(self, pattern: Callable[[str], re.Match[str] | None]) -> None:
        super().__init__()
        self._pattern = pattern

    def __missing__(self, text: str) -> tuple[int, int]:
        match = self._pattern(text)
        if match is None:
            raise KeyError(text)
        month, day = (NUMBERS[part] for part in match.groups() if part and part in NUMBERS)
        date(LEAP_YEAR, month, day)
        self[text] = found = (month, day)
        return found


class _Years(dict[str, "Year"]):
    """The year that the beginning of a text writes."""

    def __init__(self, spans: dict[str, Span]) -> None:
        super().__init__()
        self._spans = spans

    def __missing__(self, text: str) -> Year:
        match = _year_of_era(text)
        if match is None:
            raise KeyError(text)
        before, first, last, era = self._spans[match[1]]
        year = NUMBERS[match[2]]
        self[text] = found = (before + year, year, first, last, era)
        return found


_after_year_rests = _Rests(_after_year)
_after_dot_rests = _Rests(_after_dot)
_other_rests = _Rests(_after_other)
_figure_rests = _Rests(_figures_alone)


class QuickReader:
    """Reads the common forms by one regular expression and two small tables."""

    __slots__ = ("_codes", "_starts", "_years")

    def __init__(self, table: EraTable) -> None:
        spans: dict[str, Span] = {}
        by_name: dict[str, Span] = {}
        for era in table.eras:
            last = table.ends[era.name]
            if last >= era.gregorian_from:
                by_name[era.name] = (era.year_one - 1, max(era.start, era.gregorian_from), last, era)
                for word in spellings(era):
                    for cased in (word, word.upper(), word.title()):
                        for spelling in (cased, cased.translate(FULL_WIDTH), f"{cased} "):
                            spans[spelling] = by_name[era.name]
        self._years = _Years(spans)
        self._starts = tuple(reversed(by_name.values()))
        self._codes = {
            system: {code: by_name[era.name] for code, era in codes.items() if era.name in by_name}
            for system, codes in table.codes.items()
            if table.system(system).text
        }

    def read(self, text: str, code_system: str | None) -> EraDate | None:
        """Return the date of a text in a common form, or None where the full grammar must look."""
        try:
            if text < ":":  # the first character is a figure, or nothing that begins a date
                return self._figures(text, code_system)
            head, by, rest = text.partition("年")
            if by:
                month, day = _after_year_rests[rest]
            else:
                head, by, rest = text.partition(".")
                if by:
                    month, day = _after_dot_rests[rest]
                else:
                    match = _split(text)
                    rests = _other_rests
                    if match is None:
                        match = _split_compact(text)
                        rests = _figure_rests
                    if match is None:
                        return None
                    head, rest = match.groups()
                    month, day = rests[rest]
            western, year, first, last, era = self._years[head]
            found = date(western, month, day)
            if code_system is not None and code_system not in self._codes:
                return None
        except (TypeError, ValueError, LookupError):
            return None
        return EraDate(found, era, year, NO_MARKS, text) if first <= found <= last else None

    def _figures(self, text: str, code_system: str | None) -> EraDate | None:
        if len(text) == CODE_LENGTH:
            codes = self._codes[DEFAULT_SYSTEM if code_system is None else code_system]
            before, first, last, era = codes[text[0]]
            year = NUMBERS[text[1:3]]
            month, day = _figure_rests[text[3:]]
            found = date(before + year, month, day)
            if first <= found <= last:
                return EraDate(found, era, year, ASSUMED if code_system is None else NO_MARKS, text)
            return None
        if code_system is not None and code_system not in self._codes:
            return None
        if text[4] == "-" and len(text) == ISO_LENGTH:
            found = date.fromisoformat(text)
        else:
            western, rest = text[:4], text[4:]
            alone = "0" <= rest[0] <= "9"
            if not western.isascii() or (alone and code_system is not None):
                return None
            month, day = (_figure_rests if alone else _other_rests)[rest]
            found = date(int(western), month, day)
        if found.year > LAST_YEAR:
            return None
        for before, first, _last, era in self._starts:
            if found >= first:
                return EraDate(found, era, found.year - before, NO_MARKS, text)
        return None
