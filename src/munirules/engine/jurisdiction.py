"""Jurisdictions (団体): the nation, a prefecture, a municipality, a union of them, by its six-digit code.

The code is the 全国地方公共団体コード of the Ministry of Internal Affairs and Communications: two digits for the
prefecture (JIS X 0401), three for the body (JIS X 0402), and a check digit. The ministry's list of codes:
https://www.soumu.go.jp/denshijiti/code.html. The national table of all of them, and the search in it, is
`munirules.plugins.jurisdictions`; what stands here is what every room of the house has to know of a body.
"""

from __future__ import annotations

import unicodedata
from enum import StrEnum

import attrs

from munirules.errors import MunirulesError

NATION_CODE = "000000"
"""Code of the nation. The ministry's list gives it none; this one is ours and carries no check digit."""

# fmt: off
PREFECTURE_NAMES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県", "群馬県",
    "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県", "山梨県", "長野県",
    "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県",
    "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県", "愛媛県", "高知県", "福岡県",
    "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県", "沖縄県",
)
# fmt: on
"""The prefectures in the order of their numbers 01 to 47 (JIS X 0401)."""

_LENGTH = 6


class JurisdictionCodeError(MunirulesError, ValueError):
    """What was written is no code of a jurisdiction: wrong length, wrong signs, or a wrong check digit."""


class JurisdictionKind(StrEnum):
    """What kind of body a jurisdiction is.

    Law: 地方自治法 第1条の3 (ordinary and special local public entities), 第252条の19 (指定都市), 第252条の20 (区),
    第281条 (特別区), 第284条 (一部事務組合, 広域連合).
    """

    NATION = "nation"
    PREFECTURE = "prefecture"
    DESIGNATED_CITY = "designated_city"
    CITY = "city"
    SPECIAL_WARD = "special_ward"
    TOWN = "town"
    VILLAGE = "village"
    WARD = "ward"
    UNION = "union"

    @property
    def label(self) -> str:
        """The Japanese term."""
        return _LABELS[self]

    @property
    def is_municipality(self) -> bool:
        """Whether such a body is a 市区町村: a city, special ward, town or village. A ward of a city is none."""
        return self in _MUNICIPALITIES


_LABELS = {
    JurisdictionKind.NATION: "国",
    JurisdictionKind.PREFECTURE: "都道府県",
    JurisdictionKind.DESIGNATED_CITY: "指定都市",
    JurisdictionKind.CITY: "市",
    JurisdictionKind.SPECIAL_WARD: "特別区",
    JurisdictionKind.TOWN: "町",
    JurisdictionKind.VILLAGE: "村",
    JurisdictionKind.WARD: "行政区",
    JurisdictionKind.UNION: "広域連合・一部事務組合",
}
_MUNICIPALITIES = frozenset(
    {
        JurisdictionKind.DESIGNATED_CITY,
        JurisdictionKind.CITY,
        JurisdictionKind.SPECIAL_WARD,
        JurisdictionKind.TOWN,
        JurisdictionKind.VILLAGE,
    }
)


def check_digit(code5: str) -> str:
    """Return the check digit (検査数字) that the first five digits of a code call for.

    The digits are weighted 6, 5, 4, 3, 2 and added; the remainder of the sum by 11 is taken from 11, and the last
    digit of that difference is the check digit (総務省「全国地方公共団体コード仕様」).

    Args:
        code5: five ASCII digits.

    Raises:
        JurisdictionCodeError: if it is anything but five ASCII digits.
    """
    if len(code5) != _LENGTH - 1 or not (code5.isascii() and code5.isdecimal()):
        raise JurisdictionCodeError(f"{code5!r}: a check digit is made from five digits, as in '21201'")
    a, b, c, d, e = map(int, code5)
    return str((11 - (6 * a + 5 * b + 4 * c + 3 * d + 2 * e) % 11) % 10)


def normalise_code(code: str) -> str:
    """Return a code of a jurisdiction as six ASCII digits.

    Five digits are completed by their check digit; of six the check digit is proven. Full-width digits and spaces
    around the code are accepted. `"000000"` (or `"00000"`) is the nation.

    Args:
        code: five or six digits, as text: a number has lost its leading zero.

    Raises:
        JurisdictionCodeError: for anything else; a wrong check digit is told with the right one.
    """
    if not isinstance(code, str):
        raise JurisdictionCodeError(
            f"{code!r}: a code is text, not {type(code).__name__}; as a number it loses its leading zero ('011002')"
        )
    digits = unicodedata.normalize("NFKC", code).strip()
    if len(digits) not in {5, 6} or not (digits.isascii() and digits.isdecimal()):
        raise JurisdictionCodeError(f"{code!r} is no code of a jurisdiction: it has five or six digits, as '212016'")
    first5, given = digits[:5], digits[5:]
    if first5 == NATION_CODE[:5]:
        if given in {"", NATION_CODE[5]}:
            return NATION_CODE
        raise JurisdictionCodeError(f"{code!r} is no code of a jurisdiction; the nation is {NATION_CODE!r}")
    right = check_digit(first5)
    if given not in {"", right}:
        raise JurisdictionCodeError(
            f"{code!r}: the check digit of {first5} is {right}, not {given}; "
            f"if {first5} is what you mean, write '{first5}{right}'"
        )
    return first5 + right


def _proven(_jurisdiction: object, _attribute: object, code: str) -> None:
    if normalise_code(code) != code:
        raise JurisdictionCodeError(f"{code!r}: a jurisdiction holds its code as six ASCII digits, as '212016'")


@attrs.frozen(kw_only=True, order=False)
class Jurisdiction:
    """A body that makes rules, or (a ward) a part of one (団体).

    Attributes:
        code: six digits, the check digit proven; `"000000"` is the nation.
        name: official name without the prefecture: 岐阜市; a ward's begins with its city: 大阪市北区.
        kana: the name in hiragana: ぎふし.
        romaji: the name in Hepburn without long vowels: Gifu-shi.
        kind: what kind of body it is.
        city: code of the designated city that a ward belongs to; of no other kind.
        county: the county (郡) of a town or village, as addresses write it before the name: 加茂郡.
    """

    code: str = attrs.field(validator=_proven)
    name: str
    kana: str
    romaji: str
    kind: JurisdictionKind = attrs.field(converter=JurisdictionKind)
    city: str | None = None
    county: str | None = None

    @property
    def prefecture(self) -> str | None:
        """Code of the prefecture that it lies in (a union: that numbers it); none of the nation and a prefecture."""
        if self.kind in {JurisdictionKind.NATION, JurisdictionKind.PREFECTURE}:
            return None
        first5 = f"{self.code[:2]}000"
        return first5 + check_digit(first5)

    @property
    def prefecture_name(self) -> str:
        """Name of the prefecture that it is or lies in: 岐阜県; empty of the nation."""
        number = int(self.code[:2])
        return PREFECTURE_NAMES[number - 1] if 1 <= number <= len(PREFECTURE_NAMES) else ""

    @property
    def full_name(self) -> str:
        """Name with its prefecture before it, said once: 岐阜県岐阜市, 岐阜県, 国."""
        prefix = self.prefecture_name
        return self.name if self.name.startswith(prefix) else prefix + self.name

    @property
    def is_municipality(self) -> bool:
        """Whether it is one of the 市区町村."""
        return self.kind.is_municipality

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"


NATION = Jurisdiction(code=NATION_CODE, name="国", kana="くに", romaji="Kuni", kind=JurisdictionKind.NATION)
"""The nation (国), whose laws stand behind every rulebook."""
