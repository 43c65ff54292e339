"""From what a person writes to the one jurisdiction that it names."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

import attrs

from munirules.engine.jurisdiction import NATION, Jurisdiction, JurisdictionKind, normalise_code
from munirules.plugins.jurisdictions.errors import AmbiguousJurisdiction, UnknownJurisdiction, WardIsNoMunicipality
from munirules.plugins.jurisdictions.fold import fold
from munirules.plugins.jurisdictions.table import NORTHERN_VILLAGES, all_jurisdictions, by_code, rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The suffixes of names as romaji spells them after the last hyphen, and as kana writes them.
_SUFFIXES = {
    "to": "と",
    "fu": "ふ",
    "ken": "けん",
    "shi": "し",
    "ku": "く",
    "cho": "ちょう",
    "machi": "まち",
    "mura": "むら",
    "son": "そん",
}
_PARTS = re.compile(r"[\s,、]+")


@attrs.frozen
class _Index:
    """Jurisdictions by folded names: in full (岐阜市), after a county (加茂郡白川町), without suffix (岐阜)."""

    whole: dict[str, list[Jurisdiction]]
    after_county: dict[str, list[Jurisdiction]]
    stems: dict[str, list[Jurisdiction]]

    @classmethod
    def of(cls, jurisdictions: Iterable[Jurisdiction]) -> _Index:
        index = cls({}, {}, {})
        for one in jurisdictions:
            for name, kana, romaji in _names(one):
                written, latin = fold(name), fold(romaji)
                for key in {written, kana, latin} - {""}:
                    index.whole.setdefault(key, []).append(one)
                if one.county:
                    index.after_county.setdefault(fold(one.county) + written, []).append(one)
                suffix = romaji.rpartition("-")[2]
                if suffix in _SUFFIXES:
                    for key in {written[:-1], kana.removesuffix(_SUFFIXES[suffix]), latin.removesuffix(suffix)}:
                        index.stems.setdefault(key, []).append(one)
        return index


def _names(one: Jurisdiction) -> Iterator[tuple[str, str, str]]:
    """Name, kana and romaji; of a ward also without those of its city."""
    yield one.name, one.kana, one.romaji
    if one.city is not None:
        city = by_code(one.city)
        yield (
            one.name.removeprefix(city.name),
            one.kana.removeprefix(city.kana),
            one.romaji.removeprefix(city.romaji).lstrip(),
        )


@cache
def _national() -> _Index:
    return _Index.of(all_jurisdictions())


@cache
def _prefectures() -> _Index:
    return _Index.of(one for one in all_jurisdictions() if one.kind is JurisdictionKind.PREFECTURE)


def find(text: str, extra: Iterable[Jurisdiction] = ()) -> Jurisdiction:
    """Return the one jurisdiction that a text names; in doubt it refuses, it never guesses.

    These are tried in turn, and the first that fits anything decides:

    1. all digits: a code of five or six digits;
    2. the name in full, in kanji, kana or romaji: 岐阜市, 加茂郡白川町, ぎふし, Gifu-shi, 岐阜県;
    3. the name without its suffix: 岐阜, ぎふ, Gifu. A municipality goes before a prefecture (岐阜市, not 岐阜県), and
       a name that ends here before longer ones that begin so;
    4. the same within a prefecture: 岐阜県岐阜市, "Gifu-ken Gifu-shi", "Fuchu, Tokyo";
    5. the beginning of a name in full, again municipalities before prefectures.

    Spelling is compared as `fold` describes. A special ward whose name wards of designated cities share (北区) is
    ambiguous unless its prefecture is said.

    Args:
        text: a code or a name.
        extra: jurisdictions that the national table does not hold, such as unions that plugins bring.

    Raises:
        JurisdictionCodeError: a code with a wrong check digit, or of a wrong length.
        AmbiguousJurisdiction: several fit; it lists them with codes and full names.
        UnknownJurisdiction: nothing fits; it names what is near.
        WardIsNoMunicipality: a ward of a designated city fits; it names the city.
    """
    if not isinstance(text, str):
        normalise_code(text)  # which says that a code is text
    brought = [one for one in extra if one.code not in rows() and one != NATION]
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.isdecimal():
        code = normalise_code(text)
        return _only(text, [one for one in brought if one.code == code] or [by_code(text)])
    indexes = (_national(), _Index.of(brought)) if brought else (_national(),)
    for hits in _tiers(plain, indexes):
        if hits:
            return _only(text, hits)
    raise UnknownJurisdiction(_unknown(text, plain, indexes))


def municipalities(prefecture: str | None = None) -> tuple[Jurisdiction, ...]:
    """Return the municipalities (市区町村), of one prefecture or of the country, in the order of their codes.

    Args:
        prefecture: its code (210005) or name (岐阜県, 岐阜, Gifu).

    Raises:
        UnknownJurisdiction: if there is no such prefecture.
    """
    every = (one for one in all_jurisdictions() if one.is_municipality)
    if prefecture is None:
        return tuple(every)
    plain = unicodedata.normalize("NFKC", prefecture).strip()
    found = by_code(plain) if plain.isdecimal() else _prefecture(plain)
    if found is None or found.kind is not JurisdictionKind.PREFECTURE:
        raise UnknownJurisdiction(f"{prefecture!r} is no prefecture; write it as '岐阜県', 'Gifu' or '210005'")
    return tuple(one for one in every if one.prefecture == found.code)


def _tiers(plain: str, indexes: tuple[_Index, ...]) -> Iterator[list[Jurisdiction]]:
    """What fits, the strictest reading first."""
    query = fold(plain)
    if not query:
        return
    yield _whole(query, indexes, None)
    yield _stems(query, indexes, None)
    splits = list(_splits(plain))
    for look in (_whole, _stems, _beginning):
        for prefecture, rest in splits:
            yield look(rest, indexes, prefecture)
    yield _beginning(query, indexes, None)
    for prefecture, rest in splits:
        yield _wards(rest, indexes, prefecture)
    yield _wards(query, indexes, None)


def _whole(query: str, indexes: tuple[_Index, ...], prefecture: str | None) -> list[Jurisdiction]:
    found = (named.get(query, ()) for index in indexes for named in (index.whole, index.after_county))
    return _within(prefecture, (one for same in found for one in same))


def _called(query: str, indexes: tuple[_Index, ...], prefecture: str | None) -> list[Jurisdiction]:
    return _within(prefecture, (one for index in indexes for one in index.stems.get(query, ())))


def _stems(query: str, indexes: tuple[_Index, ...], prefecture: str | None) -> list[Jurisdiction]:
    found = _called(query, indexes, prefecture)
    if any(one.kind is JurisdictionKind.SPECIAL_WARD for one in found):
        # 港 is 港区, but of 東京都 or of 名古屋市?
        return [one for one in found if one.kind is not JurisdictionKind.PREFECTURE]
    return _nearest(found)


def _beginning(query: str, indexes: tuple[_Index, ...], prefecture: str | None) -> list[Jurisdiction]:
    named = [index.whole for index in indexes]
    if "郡" in query:
        # Only for who writes it: 鹿 is not to find every town of 鹿足郡.
        named += [index.after_county for index in indexes]
    begun = (same for names in named for key, same in names.items() if key.startswith(query))
    found = _within(prefecture, (one for same in begun for one in same))
    return _nearest([one for one in found if one.kind is not JurisdictionKind.NATION])


def _wards(query: str, indexes: tuple[_Index, ...], prefecture: str | None) -> list[Jurisdiction]:
    return [one for one in _called(query, indexes, prefecture) if one.kind is JurisdictionKind.WARD]


def _nearest(found: list[Jurisdiction]) -> list[Jurisdiction]:
    """Municipalities and unions, if there are any, else prefectures; no wards."""
    bodies = [one for one in found if one.kind is not JurisdictionKind.WARD]
    return [one for one in bodies if one.kind is not JurisdictionKind.PREFECTURE] or bodies


def _within(prefecture: str | None, found: Iterable[Jurisdiction]) -> list[Jurisdiction]:
    """Each once, and only those of the prefecture if one was said."""
    once = {one.code: one for one in found}.values()
    return [one for one in once if prefecture is None or one.prefecture == prefecture]


def _prefecture(text: str) -> Jurisdiction | None:
    query = fold(text)
    found = _prefectures().whole.get(query) or _prefectures().stems.get(query)
    return found[0] if found else None


def _splits(plain: str) -> Iterator[tuple[str, str]]:
    """Every reading of a text as a prefecture and a folded name in it: code of the prefecture, the rest."""
    parts = [part for part in _PARTS.split(plain) if part]
    if len(parts) > 1:
        for said, rest in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
            prefecture, name = _prefecture(said), fold(" ".join(rest))
            if prefecture is not None and name:
                yield prefecture.code, name
    query = fold(plain)
    if not query.isascii():
        # Romaji is only read in parts: a long vowel would be folded across the border (Kyoto-fu Uji-shi).
        for key, (one, *_) in _prefectures().whole.items():
            if query.startswith(key) and query != key:
                yield one.code, query.removeprefix(key)


def _only(text: str, found: list[Jurisdiction]) -> Jurisdiction:
    if len(found) > 1:
        raise AmbiguousJurisdiction(text, found)
    (one,) = found
    if one.city is not None:
        raise WardIsNoMunicipality(text, one, by_code(one.city))
    return one


def _unknown(text: str, plain: str, indexes: tuple[_Index, ...]) -> str:
    """Say that nothing fits, and what is near."""
    query = fold(plain)
    if not query:
        return f"{text!r} is empty; write a code, as '212016', or a name, as '岐阜市'"
    for code, name in NORTHERN_VILLAGES.items():
        if query.removeprefix("北海道") == fold(name):
            return f"{text!r} ({code}) lies in the Northern Territories and has no ordinances in force"
    plain_rows = [(key, one) for index in indexes for key, same in index.whole.items() for one in same if not one.city]
    for prefecture, name in [*_splits(plain), (None, query)]:
        keys: dict[str, list[Jurisdiction]] = {}
        for key, one in plain_rows:
            if prefecture in {None, one.prefecture}:
                keys.setdefault(key, []).append(one)
        near = dict.fromkeys(str(one) for key in get_close_matches(name, keys, n=3) for one in keys[key])
        if near:
            return f"no jurisdiction is called {text!r} — did you mean {', '.join(list(near)[:3])}?"
    return f"no jurisdiction is called {text!r}; write a code, as '212016', or a name, as '岐阜市'"
