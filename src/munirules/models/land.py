"""Land (土地) as on the tax roll.

Law: 地方税法 (昭和25年法律第226号) 第381条第1項 (土地課税台帳; https://office-tsukiji.com/2017-12-05-123924);
固定資産評価基準 第1章第1節一 (地目).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, code, count, day, quantity, rows, text, yen
from munirules.models.party import Share, share_problems
from munirules.models.years import valued_problems

HUNDREDTHS = "1/100 m²"


class LandCategory(Choice):
    """地目 of the valuation standard."""

    PADDY = 1, "田", "paddy field"
    FIELD = 2, "畑", "field"
    BUILDING_SITE = 3, "宅地", "building site"
    MINERAL_SPRING = 4, "鉱泉地", "mineral spring"
    POND = 5, "池沼", "pond"
    FOREST = 6, "山林", "forest"
    PASTURE = 7, "牧場", "pasture"
    WILD = 8, "原野", "wild land"
    MISCELLANEOUS = 9, "雑種地", "miscellaneous land"


class LandUse(Choice):
    """利用の区分: what a parcel serves; a grouping of the library's own."""

    NOT_STATED = 0, "記載なし", "not stated"
    RESIDENTIAL = 1, "住宅用地", "residential"
    MIXED = 2, "併用住宅用地", "residential and other"
    COMMERCIAL = 3, "商業地等（非住宅用地）", "not residential"
    FARMED = 4, "農用", "farmed"
    OTHER = 9, "その他", "other"


@facts(title="土地")
class Land:
    """One parcel (筆) as on the tax roll.

    Attributes:
        id: the number by which data refer to the parcel.
        location: 所在, in one line.
        lot_number: 地番.
        category: 地目 as found on the assessment date (現況); the tax goes by it.
        registered_category: 地目 as registered; None where it is not known.
        use: what it serves.
        area: area that is taxed, in hundredths of m².
        registered_area: area as registered, in hundredths of m².
        residential_area: of the area, what counts as 住宅用地, in hundredths of m².
        dwellings: number of dwellings (戸数) that stand on it.
        owners: who owns it, with shares that sum to one; none where the owners are not known.
        value: 価格 (評価額).
        value_year: fiscal year of the value.
        exempt: ground of exemption as the municipality names it; empty for none.
        since: day since which the entry stands.
    """

    id: str = code("物件番号", en="id")
    location: str = text("所在", en="location", default="")
    lot_number: str = text("地番", en="lot number", default="")
    category: LandCategory = choice("現況地目", en="category")
    registered_category: LandCategory | None = choice("登記地目", en="registered category", default=None)
    use: LandUse = choice("利用の区分", en="use", default=LandUse.NOT_STATED)
    area: int = quantity("現況地積", en="area", unit=HUNDREDTHS)
    registered_area: int | None = quantity("登記地積", en="registered area", unit=HUNDREDTHS, default=None)
    residential_area: int = quantity("住宅用地の地積", en="residential area", unit=HUNDREDTHS, default=0)
    dwellings: int = count("住居の戸数", en="dwellings", unit="戸", default=0)
    owners: tuple[Share, ...] = rows("所有者と持分", en="owners", default=())
    value: int | None = yen("価格", en="value", default=None)
    value_year: int | None = count("価格の年度", en="fiscal year of the value", unit="年度", minimum=1950, default=None)
    exempt: str = code("非課税の事由", en="ground of exemption", default="")
    since: date | None = day("登録日", en="since", default=None)

    def invariants(self) -> Iterator[str]:
        """What of a parcel cannot be together."""
        yield from share_problems("owners", self.owners)
        yield from valued_problems(self.value, self.value_year)
        if self.residential_area > self.area:
            yield (
                f"residential_area (住宅用地の地積): {self.residential_area} is more than "
                f"the area (現況地積) {self.area} {HUNDREDTHS}"
            )
