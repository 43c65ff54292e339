"""Widths, look-alikes and spaces: the same text in its plain characters."""

from __future__ import annotations

import re
import unicodedata

FULL_WIDTH = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
"""ASCII to full width, for `str.translate`."""

HYPHENS = "‐‑‒–—―−ー－ｰ﹣"
LEFT_BY_COPYING = "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # zero width
MACRONS = str.maketrans("āēīōūĀĒĪŌŪ", "aeiouAEIOU")
# Blocks whose characters are other forms of plain ones. Every other character stays as it is and is refused where
# it does not belong: a blanket NFKC would read 令和2²年 as 令和22年.
COMPATIBLE_BLOCKS = (
    range(0x2E80, 0x2FE0),  # radicals: ⽉ ⽇
    range(0x32C0, 0x32CC),  # ㋀ to ㋋, months
    range(0x33E0, 0x33FF),  # ㏠ to ㏾, days
    range(0xF900, 0xFB00),  # compatibility ideographs, among them U+F9A8 for 令
    range(0xFF01, 0xFFF0),  # full and half width
)
VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


class _PlainCharacters(dict[int, str]):
    """The plain form of a character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = char.translate(MACRONS)
        if char in HYPHENS:
            plain = "-"
        elif char in LEFT_BY_COPYING or any(code in block for block in VARIATION_SELECTORS):
            plain = ""
        elif char.isspace():
            plain = " "
        elif any(code in block for block in COMPATIBLE_BLOCKS):
            plain = unicodedata.normalize("NFKC", char)
        self[code] = plain
        return plain


_plain_characters = _PlainCharacters()
# A space between two figures parts them (R 5 4 1); any other only sets the text wide (令和 ５年 ４月).
_idle_space = re.compile(r"(?<![0-9]) +| +(?![0-9])").sub
_spaces = re.compile(r"\s+").sub


def plain(text: str) -> str:
    """Return a text in plain characters, one space between words and none around."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_plain_characters)
    return _spaces(" ", text).strip()


def closed_up(text: str) -> str:
    """Return a plain text without the spaces that do not part two figures."""
    return _idle_space("", text) if " " in text else text
