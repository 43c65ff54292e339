"""What makes rows of eras impossible together. Found when a table is made, not when a citizen waits."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from munirules.calendar.kanji import KANJI_NUMERALS
from munirules.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from munirules.calendar.era import CodeSystem, Era

Problem = tuple[str, str]

# Words of a date that no era may be called.
RESERVED = frozenset(("元", "年", "月", "日", "閏", "正", "不詳", "不明", "西暦", "推定", "年度", "ad", "bc", "fy"))
UNIQUE = ("name", "kana", "romaji", "letter", "one", "square")


def problems_of(eras: Sequence[Era], systems: Sequence[CodeSystem]) -> list[Problem]:
    """Return every reason why these eras cannot stand together, each naming both rows."""
    return [*_order(eras), *_forms(eras), *_spellings(eras), *_codes(eras, systems)]


def _called(era: Era) -> str:
    return f"{era.name} ({era.origin})"


def _order(eras: Sequence[Era]) -> Iterator[Problem]:
    for before, after in pairwise(eras):
        if after.start <= before.start:
            yield (
                "start_not_after_previous",
                f"{_called(after)} starts on {after.start}, which is not after {_called(before)} ({before.start})",
            )


def _forms(eras: Sequence[Era]) -> Iterator[Problem]:
    for era in eras:
        if era.letter is not None and not (era.letter.isascii() and len(era.letter) == 1 and era.letter.isalpha()):
            yield "bad_letter", f"the letter of {_called(era)} is one letter A to Z, not {era.letter!r}"
        for key in ("one", "square"):
            value = getattr(era, key)
            if value is not None and len(value) != 1:
                yield f"bad_{key}", f"{key} of {_called(era)} is one character, not {value!r}"
        if not (era.romaji.isascii() and era.romaji.isalpha()):
            yield "bad_romaji", f"the romaji of {_called(era)} is letters A to Z, not {era.romaji!r}"
        if not era.name or any(not _may_name(char) for char in era.name):
            yield "bad_name", f"the name of {_called(era)} is kanji, not {era.name!r}"
        for word in spellings(era):
            if word in RESERVED or word[0] in KANJI_NUMERALS:
                yield "reserved", f"{word!r} of {_called(era)} would be read as a part of a date"


def _may_name(char: str) -> bool:
    return unicodedata.category(char) == "Lo" and not char.isascii()


def spellings(era: Era) -> dict[str, str]:
    """Return every spelling that is read as the era, in lower case, and which field it comes from."""
    words: dict[str, str] = {}
    for key in UNIQUE:
        value = getattr(era, key)
        if value:
            words.setdefault(value.lower(), key)
    words.setdefault(katakana(era.kana), "kana")
    for alias in era.aliases:
        words.setdefault(alias.lower(), "name")
    return words


def katakana(kana: str) -> str:
    """Return hiragana as katakana."""
    return "".join(chr(ord(char) + 0x60) if "ぁ" <= char <= "ゖ" else char for char in kana)


def _spellings(eras: Sequence[Era]) -> Iterator[Problem]:
    taken: dict[str, Era] = {}
    told: set[tuple[str, str]] = set()
    for era in eras:
        for word, key in spellings(era).items():
            other = taken.setdefault(word, era)
            if other is not era and (era.name, key) not in told:
                told.add((era.name, key))
                yield f"{key}_collision", f"{key} {word!r} of {_called(era)} is already that of {_called(other)}"
    # 令 and 令元 could not both be read: 令元.5.1 would have two meanings.
    for word, era in taken.items():
        for length in range(1, len(word)):
            shorter = taken.get(word[:length])
            if shorter is not None and shorter is not era and set(word[length:]) <= set(KANJI_NUMERALS) | {"元"}:
                yield (
                    "name_collision",
                    f"{word!r} of {_called(era)} reads as a year of {_called(shorter)} ({word[:length]!r})",
                )


def _codes(eras: Sequence[Era], systems: Sequence[CodeSystem]) -> Iterator[Problem]:
    known = {system.id: system for system in systems}
    taken: dict[tuple[str, str], str] = {}
    for system in systems:
        for code, meaning in system.reserved().items():
            taken[system.id, code] = f"{meaning} in that system"
    for era in eras:
        for system_id, code in era.codes:
            if system_id not in known:
                hint = did_you_mean(system_id, known)
                yield "unknown_code_system", f"{_called(era)} has a code in the unknown system {system_id!r}{hint}"
                continue
            if known[system_id].text and not (code.isascii() and code.isalnum()):
                yield "bad_code", f"the code of {_called(era)} in {system_id} is digits, not {code!r}"
            other = taken.setdefault((system_id, code), _called(era))
            if other != _called(era):
                yield (
                    "code_collision",
                    f"code {code!r} of {_called(era)} in the system {system_id} is already that of {other}",
                )
