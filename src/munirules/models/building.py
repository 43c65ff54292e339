"""Buildings (家屋) as on the tax roll.

Law: 地方税法 (昭和25年法律第226号) 第381条第3項 (家屋課税台帳; https://office-tsukiji.com/2017-12-05-123924), which takes
the structure over from the register: 不動産登記規則 (平成17年法務省令第18号) 第114条 (構造による区分).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, code, count, day, quantity, rows, text, yen
from munirules.models.land import HUNDREDTHS
from munirules.models.party import Share, share_problems
from munirules.models.years import valued_problems


class Structure(Choice):
    """構造: of what a building is made.

    As 不動産登記規則第114条 groups it, but brick and concrete block together, and light steel frames, which are valued
    apart, by themselves.
    """

    WOOD = 1, "木造", "wood"
    BRICK = 2, "れんが造・コンクリートブロック造", "brick or concrete block"
    LIGHT_STEEL = 3, "軽量鉄骨造", "light steel frame"
    STEEL = 4, "鉄骨造", "steel frame"
    REINFORCED_CONCRETE = 5, "鉄筋コンクリート造", "reinforced concrete"
    STEEL_REINFORCED_CONCRETE = 6, "鉄骨鉄筋コンクリート造", "steel and reinforced concrete"
    PLASTERED = 7, "土蔵造", "plastered earth"
    STONE = 8, "石造", "stone"
    OTHER = 9, "その他", "other"


class BuildingUse(Choice):
    """用途の区分: what a building serves; a grouping of the library's own (`kind` has the registered 種類)."""

    DWELLING = 1, "専用住宅", "dwelling"
    APARTMENTS = 2, "共同住宅", "apartments"
    MIXED = 3, "併用住宅", "dwelling and other"
    OFFICE_OR_SHOP = 4, "事務所・店舗", "office or shop"
    FACTORY_OR_STORE = 5, "工場・倉庫", "factory or storehouse"
    ANNEX = 6, "附属家", "annex"
    OTHER = 9, "その他", "other"


@facts(title="家屋")
class Building:
    """One building, or one unit of it, as on the tax roll.

    Attributes:
        id: the number by which data refer to the building.
        location: 所在, in one line.
        building_number: 家屋番号.
        land: id of the parcel that it stands on.
        kind: 種類 as registered (居宅, 車庫 …).
        use: what it serves.
        structure: of what it is made.
        floors: number of storeys above ground.
        floor_area: floor area that is taxed, in hundredths of m².
        registered_floor_area: floor area as registered, in hundredths of m².
        dwelling_area: of the floor area, what is for dwelling, in hundredths of m².
        dwellings: number of dwellings in it.
        built_on: day on which it was finished; may be known only in part.
        owners: who owns it, with shares that sum to one; none where the owners are not known.
        value: 価格 (評価額).
        value_year: fiscal year of the value.
        exempt: ground of exemption as the municipality names it; empty for none.
        removed_on: day on which it was pulled down; None while it stands.
    """

    id: str = code("物件番号", en="id")
    location: str = text("所在", en="location", default="")
    building_number: str = text("家屋番号", en="building number", default="")
    land: str | None = code("敷地の物件番号", en="land", default=None)
    kind: str = code("種類", en="kind", default="")
    use: BuildingUse = choice("用途の区分", en="use")
    structure: Structure = choice("構造", en="structure")
    floors: int = count("地上階数", en="storeys", unit="階", minimum=1, default=1)
    floor_area: int = quantity("現況床面積", en="floor area", unit=HUNDREDTHS)
    registered_floor_area: int | None = quantity(
        "登記床面積", en="registered floor area", unit=HUNDREDTHS, default=None
    )
    dwelling_area: int = quantity("居住部分の床面積", en="floor area for dwelling", unit=HUNDREDTHS, default=0)
    dwellings: int = count("住居の戸数", en="dwellings", unit="戸", default=0)
    built_on: date | None = day("建築年月日", en="built", partial=True, default=None)
    owners: tuple[Share, ...] = rows("所有者と持分", en="owners", default=())
    value: int | None = yen("価格", en="value", default=None)
    value_year: int | None = count("価格の年度", en="fiscal year of the value", unit="年度", minimum=1950, default=None)
    exempt: str = code("非課税の事由", en="ground of exemption", default="")
    removed_on: date | None = day("滅失日", en="pulled down", partial=True, default=None)

    def invariants(self) -> Iterator[str]:
        """What of a building cannot be together."""
        yield from share_problems("owners", self.owners)
        yield from valued_problems(self.value, self.value_year)
        if self.dwelling_area > self.floor_area:
            yield (
                f"dwelling_area (居住部分の床面積): {self.dwelling_area} is more than "
                f"the floor area (現況床面積) {self.floor_area} {HUNDREDTHS}"
            )
