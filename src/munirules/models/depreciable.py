"""Depreciable assets (償却資産) as on the tax roll.

Law: 地方税法 (昭和25年法律第226号) 第381条 (固定資産課税台帳の登録事項), 第383条 (申告). The kinds are those of the return:
http://www3.city.nanao.lg.jp/zeimu/kurashi/hoken/zekin/shisanshurui.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, code, count, quantity, rows, text, yen
from munirules.models.party import Share, share_problems
from munirules.models.years import valued_problems


class AssetKind(Choice):
    """資産の種類 of the yearly return."""

    STRUCTURE = 1, "構築物", "structure"
    MACHINERY = 2, "機械及び装置", "machinery"
    SHIP = 3, "船舶", "ship"
    AIRCRAFT = 4, "航空機", "aircraft"
    VEHICLE = 5, "車両及び運搬具", "vehicle"
    TOOLS = 6, "工具・器具及び備品", "tools, instruments and furniture"


@facts(title="償却資産")
class DepreciableAsset:
    """One line of the roll: assets of one kind bought together.

    Attributes:
        id: the number by which data refer to the asset.
        name: 資産の名称.
        kind: which of the six kinds.
        location: where it stands, in one line.
        pieces: how many.
        acquired_year: calendar year in which it was acquired.
        acquired_month: month.
        cost: 取得価額, of all together.
        service_life: 耐用年数.
        owners: who owns it, with shares that sum to one; none where the owners are not known.
        value: 価格 (評価額).
        value_year: fiscal year of the value.
        special_measure: 課税標準の特例 as the municipality names it; empty for none.
        disposed_year: calendar year in which it was given up; None while it is held.
    """

    id: str = code("資産番号", en="id")
    name: str = text("資産の名称", en="name", default="")
    kind: AssetKind = choice("資産の種類", en="kind")
    location: str = text("所在", en="location", default="")
    pieces: int = count("数量", en="pieces", minimum=1, default=1)
    acquired_year: int = count("取得年", en="year acquired", unit="年", minimum=1868, maximum=9999)
    acquired_month: int = count("取得月", en="month acquired", unit="月", minimum=1, maximum=12)
    cost: int = yen("取得価額", en="cost")
    service_life: int = quantity("耐用年数", en="service life", unit="年", minimum=2, maximum=100)
    owners: tuple[Share, ...] = rows("所有者と持分", en="owners", default=())
    value: int | None = yen("価格", en="value", default=None)
    value_year: int | None = count("価格の年度", en="fiscal year of the value", unit="年度", minimum=1950, default=None)
    special_measure: str = code("課税標準の特例", en="special measure", default="")
    disposed_year: int | None = count("減少年", en="year given up", unit="年", minimum=1868, default=None)

    def invariants(self) -> Iterator[str]:
        """What of an asset cannot be together."""
        yield from share_problems("owners", self.owners)
        yield from valued_problems(self.value, self.value_year)
        if self.disposed_year is not None and self.disposed_year < self.acquired_year:
            yield (
                f"disposed_year (減少年): {self.disposed_year} is before the year acquired (取得年) "
                f"{self.acquired_year}"
            )
