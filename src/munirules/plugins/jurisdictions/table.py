"""The national table: read once, at first need."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from munirules.engine.jurisdiction import NATION, Jurisdiction, JurisdictionKind, normalise_code
from munirules.plugins.jurisdictions.errors import UnknownJurisdiction

if TYPE_CHECKING:
    from collections.abc import Mapping

NORTHERN_VILLAGES = {
    "016951": "色丹村",
    "016969": "泊村",
    "016977": "留夜別村",
    "016985": "留別村",
    "016993": "紗那村",
    "017001": "蘂取村",
}
"""The six villages of the Northern Territories (北方領土): the ministry's list has codes for them, but there is no
village office and no ordinance in force, so they are not among the municipalities here."""


@cache
def rows() -> dict[str, tuple[str, ...]]:
    """Read kind, name, kana, romaji, county and the city of a ward, by code and in the order of the codes.

    Records are made of them only when asked for: reading takes a millisecond or two, all records some more.
    """
    read = {}
    designated, ward = str(JurisdictionKind.DESIGNATED_CITY), str(JurisdictionKind.WARD)
    city = ""
    for line in Path(__file__).with_name("japan.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, kind, name, kana, romaji, *county = line.split("\t")
        if kind == designated:
            city = code
        # In the order of the codes a designated city is followed by its wards.
        read[code] = kind, name, kana, romaji, *(county or [""]), city if kind == ward else ""
    return read


@cache
def _record(code: str) -> Jurisdiction:
    if code == NATION.code:
        return NATION
    kind, name, kana, romaji, county, city = rows()[code]
    return Jurisdiction(
        code=code,
        kind=JurisdictionKind(kind),
        name=name,
        kana=kana,
        romaji=romaji,
        county=county or None,
        city=city or None,
    )


def by_code(code: str) -> Jurisdiction:
    """Return the jurisdiction that a code of five or six digits names, a ward of a designated city included.

    Args:
        code: as `normalise_code` reads it.

    Raises:
        JurisdictionCodeError: if it is no code, or its check digit is wrong.
        UnknownJurisdiction: if the table has no such code.
    """
    six = normalise_code(code)
    try:
        return _record(six)
    except KeyError:
        raise UnknownJurisdiction(f"{code!r}: no jurisdiction has the code {six}{_hint(code, six)}") from None


def _hint(code: str, six: str) -> str:
    """Why a well-formed code may be missing from the table."""
    if six in NORTHERN_VILLAGES:
        return f": it is that of {NORTHERN_VILLAGES[six]} in the Northern Territories, which has no ordinances in force"
    lost_zero = f"0{code.strip()}"
    if lost_zero in rows():
        return f"; if it lost its leading zero, it is {_record(lost_zero)}"
    return "; it may be the code of a merged municipality, or of a union that no installed plugin brings"


@cache
def all_jurisdictions() -> tuple[Jurisdiction, ...]:
    """Return the nation, the 47 prefectures, the 1,741 municipalities and the 171 wards of the designated cities."""
    return (NATION, *map(_record, rows()))


@cache
def twins() -> Mapping[str, tuple[Jurisdiction, ...]]:
    """Return the municipalities that share a name with another, by that name: 府中市 in 東京都 and in 広島県."""
    named: dict[str, tuple[Jurisdiction, ...]] = {}
    for one in all_jurisdictions():
        if one.is_municipality:
            named[one.name] = (*named.get(one.name, ()), one)
    return MappingProxyType({name: same for name, same in named.items() if len(same) > 1})
