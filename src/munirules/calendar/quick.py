"""The common forms, read at once: whole dates that need no policy, no mark and no explanation.

Everything else, and everything that is wrong, is left to the full grammar, so that one place decides; a property
test holds the two to the same answers.
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
    from munirules.calendar.era import Era
    from munirules.calendar.table import EraTable

_half = {form.format(number): number for number in range(1, 100) for form in ("{}", "{:02}")}
NUMBERS = {**_half, **{text.translate(FULL_WIDTH): number for text, number in _half.items()}}
YEARS = {**NUMBERS, "元": 1}
CODE_LENGTH = 7
LAST_YEAR = 9998  # 9999 stands for no date
ASSUMED = (Mark.ASSUMED_CODE_SYSTEM,)
NO_MARKS: tuple[Mark, ...] = ()

_F = "[0-9０-９]"
_DAY = rf"(?:年({_F}{{1,2}})月({_F}{{1,2}})日|(?P<by>[./\-．／－])({_F}{{1,2}})(?P=by)({_F}{{1,2}}))"
_era_date = re.compile(rf"([^0-9０-９元]{{1,10}})(元|{_F}{{1,2}}){_DAY}").fullmatch
_gregorian_date = re.compile(rf"([0-9]{{4}}){_DAY}").fullmatch
_compact_date = re.compile(r"([^0-9０-９元]{1,10})([0-9]{2})([0-9]{2})([0-9]{2})").fullmatch


class QuickReader:
    """Reads the common forms by one or two regular expressions and small tables."""

    __slots__ = ("_codes", "_spans", "_starts")

    def __init__(self, table: EraTable) -> None:
        # For each spelling: the year before year one, the first and the last day that need no mark, and the era.
        self._spans: dict[str, tuple[int, date, date, Era]] = {}
        by_name = {}
        for era in table.eras:
            last = table.ends[era.name]
            if last >= era.gregorian_from:
                by_name[era.name] = (era.year_one - 1, max(era.start, era.gregorian_from), last, era)
                for word in spellings(era):
                    for cased in (word, word.upper(), word.title()):
                        for spelling in (cased, cased.translate(FULL_WIDTH), f"{cased} "):
                            self._spans[spelling] = by_name[era.name]
        self._starts = tuple(reversed(by_name.values()))
        self._codes = {
            system: {code: by_name[era.name] for code, era in codes.items() if era.name in by_name}
            for system, codes in table.codes.items()
            if table.system(system).text
        }

    def read(self, text: str, code_system: str | None) -> EraDate | None:
        """Return the date of a text in a common form, or None where the full grammar must look."""
        try:
            match = _era_date(text)
            if match:
                word, year_text, month, day, by, other_month, other_day = match.groups()
                if by:
                    month, day = other_month, other_day
            elif text[0] <= "9":
                return self._figures(text, code_system)
            else:
                match = _compact_date(text)
                if match is None:
                    return None
                word, year_text, month, day = match.groups()
            before, first, last, era = self._spans[word]
            year = YEARS[year_text]
            found = date(before + year, NUMBERS[month], NUMBERS[day])
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
            found = date(before + year, NUMBERS[text[3:5]], NUMBERS[text[5:]])
            if first <= found <= last:
                return EraDate(found, era, year, ASSUMED if code_system is None else NO_MARKS, text)
            return None
        match = _gregorian_date(text)
        if match is None or (code_system is not None and code_system not in self._codes):
            return None
        western, month, day, by, other_month, other_day = match.groups()
        if by:
            month, day = other_month, other_day
        number = int(western)
        found = date(number, NUMBERS[month], NUMBERS[day])
        for before, first, _last, era in self._starts:
            if found >= first:
                return EraDate(found, era, number - before, NO_MARKS, text) if number <= LAST_YEAR else None
        return None
