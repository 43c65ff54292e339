"""One form for all the ways in which a name of a place is written."""

from __future__ import annotations

import re
import unicodedata

# Older or printed forms of characters that stand in names of municipalities, each before the form that it is compared
# as; the names of the table go through the same mill, whichever form they have. 嶋 is not among them: it tells 鹿嶋市
# from 鹿島市.
_OLDER = (
    "龍竜 瀧滝 澤沢 邊辺 邉辺 惠恵 檮梼 鰺鯵 竈釜 竃釜 鹽塩 籠篭 淵渕 﨑崎 嵜崎 櫻桜 條条 冨富 國国 濱浜 濵浜 "
    "廣広 會会 縣県 區区 當当 壽寿 眞真 與与 萬万 礪砺 榮栄 檜桧 關関 來来 豐豊 禮礼 寶宝 驒騨 曾曽 彌弥 靜静 "
    "澁渋 龜亀 莊荘 隱隠 壹壱 埜野 諫諌 藝芸 郞郎 德徳 增増 兒児 舘館 絲糸 檢検 峯峰 之の "
)
_SIGNS = {ord(pair[0]): pair[1] for pair in _OLDER.split()}
_SIGNS |= {ord(sign): chr(ord(sign) - 0x60) for sign in map(chr, range(ord("ァ"), ord("ヶ") + 1))}
_SIGNS |= {ord(sign): latin for sign, latin in zip("āīūēōâîûêô", "aiueoaiueo", strict=True)}
# Variation selectors tell two drawings of one character apart (葛󠄀城市); punctuation joins or breaks romaji.
_SIGNS |= dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *map(ord, "-'’‐‑–ʼ・.,、")], "")

_SPACE = re.compile(r"\s+")
# ヶ between two kanji, or after the last one of a beginning that was typed, is read "ga" and written ヶ, ケ or が.
_GA = re.compile(r"(?<=[一-鿿々])[ゖけが](?=[一-鿿]|$)")
_NASAL = re.compile(r"m(?=[bmp])")
_LONG = re.compile(r"o[uo]|uu")


def fold(text: str) -> str:
    """Bring a name into the form in which names are compared.

    No difference is made by full or half width, case, katakana or hiragana, spaces, hyphens and apostrophes; nor by
    ヶ/ケ/が between kanji, ノ/の/之, and the older form of a common character (檮/梼, 龍/竜); nor in romaji by macrons,
    by a long vowel written out (`Toukyou`, `Oosaka`), and by m before b, m and p (`Gumma`).
    """
    folded = _SPACE.sub("", unicodedata.normalize("NFKC", text)).lower().translate(_SIGNS)
    if folded.isascii():
        return _LONG.sub(lambda found: found[0][0], _NASAL.sub("n", folded))
    return _GA.sub("が", folded)
