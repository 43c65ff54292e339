"""使用水量の認定 (業務96): the volume that counts where a meter could not be read, or failed.

Law: the municipality's water supply ordinance (給水条例) and its standard of determination (使用水量の認定基準).
"""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import monotone
from munirules.law.water.meter_reading import SOURCES, UNKNOWN, MeterReading, volume_by
from munirules.models.declare import provision, result, row
from munirules.models.fields import choice, code, count, quantity, rows
from munirules.money import Rounding
from munirules.tape import applied

ANY = ""
"""In a row's `cause`: whatever it is."""


@row(title="認定の方法")
class DeemingRow:
    """A way to determine a volume.

    Attributes:
        cause: why there is no reading; empty for whatever.
        source: the same month of last year (`same_season`), the `last` reading, the `mean` of the last ones, or a daily
            estimate after the repair (`after_repair`).
        readings: how many readings the mean is of.
        least: how many there must be for it.
        least_days: how many days the meter must have run after the repair.
    """

    cause: str = code("事由", default=ANY)
    source: str = code("基礎とする水量", options=SOURCES)
    readings: int = count("平均する回数", unit="回", minimum=1, default=1)
    least: int = count("最少の回数", unit="回", minimum=1, default=1)
    least_days: int = count("最少の計量日数", unit="日", default=0)


@provision(title="使用水量の認定基準")
class DeemingRules:
    """How a municipality determines a volume.

    Attributes:
        ways: in order; the first for which there are figures counts.
        rounding: what happens to a fraction of a m³.
    """

    ways: tuple[DeemingRow, ...] = rows("認定の方法の順")
    rounding: Rounding = choice("水量の端数処理")


@result(title="認定した使用水量")
class DeemedUse:
    """The volume determined, and from what."""

    source: str = code("基礎とした水量", en="from")
    volume: int = quantity("認定した使用水量", en="volume", unit="m³")


deemed_use = Decision(
    "water.deemed_use",
    MeterReading,
    DeemedUse,
    title="使用水量の認定",
    on="検針日",
    authority="水道事業管理者（市町村長）",
)


@deemed_use.rule(title="認定の方法")
def chosen(reading: MeterReading, rules: DeemingRules, on: date) -> DeemingRow:
    """The first way for which there are figures."""
    for candidate in rules.ways:
        if candidate.cause != ANY and candidate.cause != reading.cause:
            continue
        if candidate.source == "after_repair" and reading.repaired_days < candidate.least_days:
            continue
        found = volume_by(reading, candidate.source, candidate.readings, candidate.least, rules.rounding, on)
        if found != UNKNOWN:
            applied("認定の方法の順", candidate, found)
            return candidate
    refuse("認定の基礎となる使用水量の記録がない")


@deemed_use.rule(title="基礎とした水量")
def source(chosen: DeemingRow) -> str:
    """From what the volume is determined."""
    return chosen.source


@deemed_use.rule(title="認定した使用水量")
def volume(reading: MeterReading, chosen: DeemingRow, rules: DeemingRules, on: date) -> int:
    """The volume determined."""
    return volume_by(reading, chosen.source, chosen.readings, chosen.least, rules.rounding, on)


deemed_use.holds(monotone("volume", by="PastReading.volume"))
