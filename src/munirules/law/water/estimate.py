"""使用水量の推定 (業務59): the volume by which a month is billed that no meter reader comes in (冬期, 隔月検針の毎月請求).

What the reading then shows is settled by `water.supply.settlement` in `munirules.law.water.supply`.

Law: 水道法 (昭和32年法律第177号) 第14条 and the water supply ordinance (給水条例) of the municipality.
"""

from __future__ import annotations

from collections.abc import Iterator

from munirules.engine.decision import Decision
from munirules.engine.holds import never_above
from munirules.models.declare import facts, provision, result
from munirules.models.fields import choice, quantity, rate, rows
from munirules.money import Rate, Rounding, quotient


@facts(title="推定の基礎")
class PastUse:
    """Volumes of the months that an estimate goes by."""

    volumes: tuple[int, ...] = rows("各月の使用水量")

    def invariants(self) -> Iterator[str]:
        """An estimate goes by one month at least."""
        if not self.volumes:
            yield "volumes (各月の使用水量): empty; an estimate goes by one month or more"


@provision(title="使用水量の推定")
class WaterEstimate:
    """How the volume of a month that is not read is estimated: a share of the mean of past months."""

    share: Rate = rate("平均に乗じる割合")
    rounding: Rounding = choice("端数処理")


@result(title="推定水量")
class EstimatedVolume:
    """The volume by which a month that is not read is billed."""

    volume: int = quantity("推定水量", en="estimated volume", unit="m³")


water_estimate = Decision(
    "water.supply.estimate",
    PastUse,
    EstimatedVolume,
    title="使用水量の推定",
    on="請求の基準日",
    authority="水道事業管理者（市町村長）",
    law="水道法第14条",
)


@water_estimate.rule(title="推定水量")
def volume(past: PastUse, method: WaterEstimate) -> int:
    """The share of the mean of past months, rounded to whole m³."""
    together = 0
    for own in past.volumes:
        together += own
    return quotient(together * method.share.num, len(past.volumes) * method.share.den, method.rounding)


water_estimate.holds(never_above("volume", "volumes"))
