"""Kanji numerals as dates are written with them."""

from __future__ import annotations

_FIGURES = ("〇零○", "一壱壹弌", "二弐貳弍貮", "三参參弎", "四肆", "五伍", "六陸", "七漆柒", "八捌", "九玖")
DIGITS = {char: value for value, chars in enumerate(_FIGURES) for char in chars}
# Each counts its size so many times by itself: 卅 is three tens.
UNITS = {
    **dict.fromkeys("十拾", (10, 1)),
    **dict.fromkeys("廿卄", (10, 2)),
    **dict.fromkeys("卅丗", (10, 3)),
    "卌": (10, 4),
    **dict.fromkeys("百佰陌", (100, 1)),
    **dict.fromkeys("千仟阡", (1000, 1)),
}
KANJI_NUMERALS = frozenset((*DIGITS, *UNITS))
PLAIN_DIGITS = "〇一二三四五六七八九"
BEYOND_THOUSANDS = 10_000


def number(text: str) -> int | None:
    """Return the number that ASCII digits or kanji numerals write, or None where they write none.

    Reads 三十一, 卅一, 参拾壱, 百二十 and, figure by figure, 三一 and 二〇二三.
    """
    if text.isascii():
        return int(text) if text.isdigit() else None
    if all(char in DIGITS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = 0
    below = BEYOND_THOUSANDS
    figure: int | None = None
    for char in text:
        if char in UNITS:
            size, times = UNITS[char]
            if size >= below or (figure is not None and times > 1):
                return None
            total += size * (times if figure is None else figure)
            below, figure = size, None
        elif DIGITS.get(char) and figure is None:
            figure = DIGITS[char]
        else:
            return None
    return total + (figure or 0)


def in_kanji(value: int) -> str:
    """Return a number from 1 to 9999 as dates write it: 三十一, 百二十."""
    parts = []
    for size, char in ((1000, "千"), (100, "百"), (10, "十")):
        count, value = divmod(value, size)
        if count:
            parts.append(("" if count == 1 else PLAIN_DIGITS[count]) + char)
    if value:
        parts.append(PLAIN_DIGITS[value])
    return "".join(parts)


def figures_in_kanji(value: int) -> str:
    """Return a number figure by figure: 二〇二三."""
    return "".join(PLAIN_DIGITS[int(figure)] for figure in str(value))
