"""検針 (業務96): whether the reading of a meter is plausible, and what to do where it is not.

Which differences are suspicious is the municipality's own setting (`ReadingCheck`); no law of the nation names a figure,
and none is shipped. What counts in place of a reading that fails is `munirules.law.water.deemed_use`, the figures of the
slip that stays at the door `munirules.law.water.meter_slip`.

Law: the municipality's water supply ordinance (給水条例), which has the meter read on a fixed day (定例日).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import IntEnum

from munirules.calendar.rules import days_between
from munirules.engine.decision import Decision
from munirules.engine.holds import monotone
from munirules.law.water.sewer_volume import SewerUse
from munirules.law.water.supply import WaterUse
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, day, flag, quantity, rows
from munirules.money import Rounding, quotient
from munirules.tape import applied

UNKNOWN = -1
"""A volume that there is none of."""

SOURCES = ("same_season", "last", "mean", "after_repair")


class ReadingFinding(IntEnum):
    """What a reading shows."""

    PLAUSIBLE = 0
    UNREADABLE = 1
    LOWER = 2
    UNCHANGED = 3
    HIGH = 4
    LOW = 5
    NOTHING_TO_COMPARE = 6

    @property
    def label(self) -> str:
        """The Japanese word."""
        return ("正常", "検針不能", "前回指針を下回る", "使用中で指針不変", "水量過大", "水量過少", "比較する水量なし")[
            self
        ]


class ReadingAction(IntEnum):
    """What is done."""

    BILL = 0
    READ_AGAIN = 1
    CHECK_LEAK = 2
    CHECK_METER = 3
    DEEM = 4
    ASK = 5

    @property
    def label(self) -> str:
        """The Japanese word."""
        return ("算定へ", "再検針", "漏水調査", "メーター点検", "使用水量の認定", "使用者への確認")[self]


@facts(title="過去の検針")
class PastReading:
    """A reading before this one.

    Attributes:
        read_on: when it was read.
        volume: m³ of its period.
        months: months of its period.
    """

    read_on: date = day("検針日", en="read on")
    volume: int = quantity("使用水量", en="volume", unit="m³")
    months: int = count("月数", en="months", minimum=1, maximum=12)


@facts(title="検針")
class MeterReading:
    """A meter read, or not, on its day.

    Attributes:
        digits: digits of the dial, by which it turns over.
        previous: what the dial showed at the reading before, or when this meter was set.
        current: what it shows; None where it could not be read.
        replaced_volume: m³ that the meter before showed, where it was exchanged in the period.
        previous_on: day of the reading before.
        months: months of the period.
        occupied: whether somebody uses the water.
        history: readings before, the newest first.
        cause: why it could not be read, as the municipality names it.
        repaired_volume: m³ that the meter showed on some days after its repair or exchange; with
        repaired_days: the number of those days.
        deemed_volume: m³ determined in place of a reading, for the slip.
        water: the use of water to be charged, for the slip.
        sewer: the use of sewerage to be charged, for the slip.
    """

    digits: int = count("指針の桁数", en="digits of the dial", unit="桁", minimum=3, maximum=9)
    previous: int = quantity("前回指針", en="previous dial", unit="m³")
    current: int | None = quantity("今回指針", en="dial", unit="m³", default=None)
    replaced_volume: int = quantity("旧メーター使用水量", en="volume of the meter before", unit="m³", default=0)
    previous_on: date = day("前回検針日", en="previous reading")
    months: int = count("月数", en="months", minimum=1, maximum=12)
    occupied: bool = flag("使用中", en="in use", default=True)
    history: tuple[PastReading, ...] = rows("過去の検針", en="readings before", default=())
    cause: str = code("検針不能の事由", en="why it could not be read", default="")
    repaired_volume: int | None = quantity("修理後の計量水量", en="volume after repair", unit="m³", default=None)
    repaired_days: int = count("修理後の計量日数", en="days after repair", unit="日", minimum=1, default=1)
    deemed_volume: int | None = quantity("認定水量", en="deemed volume", unit="m³", default=None)
    water: tuple[WaterUse, ...] = rows("水道の使用", en="use of water", default=())
    sewer: tuple[SewerUse, ...] = rows("下水道の使用", en="use of sewerage", default=())

    def invariants(self) -> Iterator[str]:
        """The dial has so many digits; readings before stand the newest first."""
        for field, label, shown in (("previous", "前回指針", self.previous), ("current", "今回指針", self.current)):
            if shown is not None and shown >= 10**self.digits:
                yield f"{field} ({label}): {shown} has more digits than the dial's {self.digits}"
        days = [self.previous_on, *(past.read_on for past in self.history)]
        if self.history and self.history[0].read_on > self.previous_on:
            yield f"history[0].read_on: {days[1]} is after the reading before ({self.previous_on})"
        for index in range(2, len(days)):
            if days[index] >= days[index - 1]:
                yield f"history[{index - 1}].read_on: {days[index]} does not lie before {days[index - 1]}; newest first"


@row(title="比較する水量")
class ComparedRow:
    """A volume to compare with: of the same month of last year, of the last reading, or the mean of the last ones."""

    source: str = code("比較する水量", options=("same_season", "last", "mean"))
    readings: int = count("平均する回数", unit="回", minimum=1, default=1)


@provision(title="検針の点検基準")
class ReadingCheck:
    """When a reading is suspicious, and what is done then. The municipality's setting throughout.

    Attributes:
        compared: what the volume is compared with; the first that there is counts.
        rounding: what happens to a fraction of a m³ of a mean, or of a volume of other months.
        high_percent: a volume above so much of the compared one is suspicious.
        low_percent: a volume below so much of it is.
        least_difference: m³ up to which a difference never is.
        unreadable_action: what is done where the meter could not be read.
        lower_action: where the dial shows less than before and did not turn over.
        unchanged_action: where it shows the same, though the water is used.
        high_action: where the volume is suspiciously high.
        low_action: where it is suspiciously low.
        nothing_action: where there is nothing to compare with.
    """

    compared: tuple[ComparedRow, ...] = rows("比較する水量の順")
    rounding: Rounding = choice("水量の端数処理")
    high_percent: int = count("過大とする割合（超）", unit="%", minimum=100)
    low_percent: int = count("過少とする割合（未満）", unit="%", maximum=100)
    least_difference: int = quantity("許容する差（以下）", unit="m³")
    unreadable_action: ReadingAction = choice("検針不能の場合")
    lower_action: ReadingAction = choice("指針が下回る場合")
    unchanged_action: ReadingAction = choice("指針が不変の場合")
    high_action: ReadingAction = choice("水量過大の場合")
    low_action: ReadingAction = choice("水量過少の場合")
    nothing_action: ReadingAction = choice("比較する水量がない場合")


@result(title="検針の点検")
class ReadingResult:
    """What a reading shows, and what is done.

    Attributes:
        volume: m³ of the period; None where the reading gives none.
        turned_over: whether the dial passed its last figure.
        compared_with: m³ that it was compared with; None where there was nothing.
        finding: what it shows.
        action: what is done.
    """

    volume: int | None = quantity("使用水量", en="volume", unit="m³")
    turned_over: bool = flag("指針の一巡", en="dial turned over")
    compared_with: int | None = quantity("比較した水量", en="compared with", unit="m³")
    finding: ReadingFinding = choice("点検結果", en="finding")
    action: ReadingAction = choice("処置", en="action")


meter_reading = Decision(
    "water.meter_reading",
    MeterReading,
    ReadingResult,
    title="検針の点検",
    on="検針日",
    authority="水道事業管理者（市町村長）",
)


@meter_reading.rule(title="比較する水量（ない場合は-1）")
def usual(reading: MeterReading, check: ReadingCheck, on: date) -> int:
    """The volume to compare with; `UNKNOWN` where there is none."""
    for candidate in check.compared:
        found = volume_by(reading, candidate.source, candidate.readings, candidate.readings, check.rounding, on)
        if found != UNKNOWN:
            applied("比較する水量の順", candidate)
            return found
    return UNKNOWN


@meter_reading.rule(title="指針の一巡")
def turned_over(reading: MeterReading, usual: int, check: ReadingCheck) -> bool:
    """Whether a dial that shows less than before passed its last figure: the volume would then not be too high."""
    if reading.current is None or reading.current >= reading.previous or usual == UNKNOWN:
        return False
    return not too_high(check, dial_volume(reading), usual)


@meter_reading.rule(title="使用水量")
def volume(reading: MeterReading, turned_over: bool) -> int | None:
    """The volume that the reading shows."""
    if reading.current is None or (reading.current < reading.previous and not turned_over):
        return None
    return dial_volume(reading)


@meter_reading.rule(title="点検結果")
def finding(reading: MeterReading, volume: int | None, usual: int, check: ReadingCheck) -> ReadingFinding:
    """What the reading shows, the gravest first."""
    if reading.current is None:
        return ReadingFinding.UNREADABLE
    if volume is None:
        return ReadingFinding.LOWER
    if volume == 0 and reading.occupied:
        return ReadingFinding.UNCHANGED
    if usual == UNKNOWN:
        return ReadingFinding.NOTHING_TO_COMPARE
    if too_high(check, volume, usual):
        return ReadingFinding.HIGH
    if volume * 100 < usual * check.low_percent and usual - volume > check.least_difference:
        return ReadingFinding.LOW
    return ReadingFinding.PLAUSIBLE


@meter_reading.rule(title="処置")
def action(finding: ReadingFinding, check: ReadingCheck) -> ReadingAction:
    """What the municipality does then."""
    if finding == ReadingFinding.UNREADABLE:
        return check.unreadable_action
    if finding == ReadingFinding.LOWER:
        return check.lower_action
    if finding == ReadingFinding.UNCHANGED:
        return check.unchanged_action
    if finding == ReadingFinding.HIGH:
        return check.high_action
    if finding == ReadingFinding.LOW:
        return check.low_action
    if finding == ReadingFinding.NOTHING_TO_COMPARE:
        return check.nothing_action
    return ReadingAction.BILL


@meter_reading.rule(title="比較した水量")
def compared_with(usual: int) -> int | None:
    """The volume that it was compared with."""
    return None if usual == UNKNOWN else usual


def dial_volume(reading: MeterReading) -> int:
    """Return the m³ between two readings of the dial, which turned over where it shows less, and of a meter exchanged."""
    if reading.current is None:
        return reading.replaced_volume
    shown = reading.current - reading.previous
    if shown < 0:
        shown += 10**reading.digits
    return shown + reading.replaced_volume


def too_high(check: ReadingCheck, volume: int, usual: int) -> bool:
    """Return whether a volume is suspiciously high against a usual one."""
    return volume * 100 > usual * check.high_percent and volume - usual > check.least_difference


def volume_by(reading: MeterReading, source: str, readings: int, least: int, rounding: int, on: date) -> int:
    """Return a volume for the period from what was read before, or after a repair; `UNKNOWN` where there is none.

    Args:
        reading: the reading, with those before it.
        source: one of `SOURCES`.
        readings: how many readings a mean is of; with
        least: how many there must be.
        rounding: what happens to a fraction of a m³.
        on: the day of the reading.
    """
    if source == "after_repair":
        if reading.repaired_volume is None:
            return UNKNOWN
        days = days_between(reading.previous_on, on) - 1
        return quotient(reading.repaired_volume * days, reading.repaired_days, rounding)
    if source == "same_season":
        for past in reading.history:
            if past.read_on.year == on.year - 1 and past.read_on.month == on.month:
                return quotient(past.volume * reading.months, past.months, rounding)
        return UNKNOWN
    taken = min(readings, len(reading.history)) if source == "mean" else min(1, len(reading.history))
    if taken == 0 or (source == "mean" and taken < least):
        return UNKNOWN
    total = 0
    months = 0
    for index in range(taken):
        total += reading.history[index].volume
        months += reading.history[index].months
    return quotient(total * reading.months, months, rounding)


meter_reading.holds(monotone("volume", by="replaced_volume"))
