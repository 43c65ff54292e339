"""Hepburn romanisation of the kana of place names."""

from __future__ import annotations

import re

BREAK = "'"
"""Between two vowels of two words, which are then no long vowel: とよ'うら is Toyoura, not Toyora."""

_ROWS = {
    "あいうえお": "a i u e o",
    "かきくけこがぎぐげご": "ka ki ku ke ko ga gi gu ge go",
    "さしすせそざじずぜぞ": "sa shi su se so za ji zu ze zo",
    "たちつてとだぢづでど": "ta chi tsu te to da ji zu de do",
    "なにぬねのまみむめも": "na ni nu ne no ma mi mu me mo",
    "はひふへほばびぶべぼぱぴぷぺぽ": "ha hi fu he ho ba bi bu be bo pa pi pu pe po",
    "やゆよらりるれろわをん": "ya yu yo ra ri ru re ro wa o n",
}
_SYLLABLES = {sign: latin for row, latins in _ROWS.items() for sign, latin in zip(row, latins.split(), strict=True)}
_PALATAL = {"し": "sh", "ち": "ch", "じ": "j", "ぢ": "j"}
_SYLLABLES |= {
    first + glide: _PALATAL.get(first, _SYLLABLES[first][0] + "y") + vowel
    for first in "きぎしじちぢにひびぴみり"
    for glide, vowel in (("ゃ", "a"), ("ゅ", "u"), ("ょ", "o"))
}
_SOUND = re.compile(".[ゃゅょ]|.", re.DOTALL)
_LENGTHENS = {"o": ("う", "お"), "u": ("う",)}


def hepburn(kana: str) -> str:
    """Spell hiragana in Hepburn as road signs and atlases print a place name: おおさか is `osaka`.

    - Long o and u (おう, おお, うう) lose their second vowel, except across `BREAK`; other vowels stay (`niigata`).
    - ん is always n (ぐんま is `gunma`), with an apostrophe before a vowel or y (しんおんせん is `shin'onsen`).
    - っ doubles the consonant after it; before ch it is t (くっちゃん is `kutchan`).
    - What is not hiragana stands as it is.

    Args:
        kana: hiragana; a `BREAK` stands where two words meet in two vowels.

    Returns:
        Lower-case romaji.
    """
    latin = previous = ""
    doubled = False
    lengthening: tuple[str, ...] = ()
    for sound in _SOUND.findall(kana):
        if sound in lengthening or sound == BREAK:
            lengthening = ()
            continue
        if sound == "っ":
            doubled = True
            continue
        syllable = _SYLLABLES.get(sound, sound)
        if doubled:
            syllable = ("t" if syllable.startswith("ch") else syllable[0]) + syllable
        elif previous == "ん" and syllable[0] in "aiueoy":
            syllable = "'" + syllable
        latin += syllable
        previous = sound
        doubled = False
        lengthening = _LENGTHENS.get(syllable[-1], ())
    return latin
