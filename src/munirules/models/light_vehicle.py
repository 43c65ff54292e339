"""Light vehicles (軽自動車等) as on the tax roll.

Law: 地方税法 (昭和25年法律第226号) 第463条の15 (種別割の税率; https://www.zeiken.co.jp/hourei/HHCHI000000/463-15.html). Its
第3項 lets an ordinance tell small special vehicles for farming from others. Mopeds to 125 cc of limited power count like
those to 50 cc since 2025-04-01 (https://town.matsuda.kanagawa.jp/soshiki/5/shinkijungentsuki.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, code, day, quantity, rows, text
from munirules.models.party import Share, share_problems


class VehicleClass(Choice):
    """種別: a vehicle has one."""

    MOPED_50 = 11, "原動機付自転車（50cc以下）", "moped to 50 cc"
    MOPED_LIMITED = 12, "原動機付自転車（125cc以下・出力制限）", "moped to 125 cc of limited power"
    MOPED_SPECIFIED_SMALL = 13, "特定小型原動機付自転車", "specified small moped"
    MOPED_90 = 14, "原動機付自転車（50cc超90cc以下）", "moped above 50 to 90 cc"
    MOPED_125 = 15, "原動機付自転車（90cc超125cc以下）", "moped above 90 to 125 cc"
    MINICAR = 16, "ミニカー", "minicar"
    MOTORCYCLE = 21, "軽自動車（二輪）", "light motorcycle"
    THREE_WHEELED = 22, "軽自動車（三輪）", "three-wheeled light vehicle"
    FOUR_WHEELED = 23, "軽自動車（四輪以上）", "four-wheeled light vehicle"
    SNOW = 24, "専ら雪上を走行するもの", "snow vehicle"
    FARM = 31, "小型特殊自動車（農耕作業用）", "small special vehicle for farming"
    SMALL_SPECIAL = 32, "小型特殊自動車（その他）", "small special vehicle"
    LARGE_MOTORCYCLE = 41, "二輪の小型自動車", "large motorcycle"


class Body(Choice):
    """用途: for passengers or for goods."""

    NOT_STATED = 0, "区分なし", "not stated"
    PASSENGERS = 1, "乗用", "passengers"
    GOODS = 2, "貨物用", "goods"


class VehicleUse(Choice):
    """自家用・営業用の別."""

    PRIVATE = 1, "自家用", "private"
    BUSINESS = 2, "営業用", "business"


@facts(title="軽自動車等")
class LightVehicle:
    """One vehicle as on the tax roll.

    Attributes:
        id: the number by which data refer to the vehicle.
        plate: 標識番号 or 車両番号.
        chassis_number: 車台番号.
        vehicle_class: the one class that it has.
        body: for passengers or goods; of vehicles on four wheels only.
        use: private or business.
        displacement: 総排気量 in cc; None for an electric motor.
        rated_power: 定格出力 in W; None for a combustion engine.
        first_inspected_on: 初度検査年月; may be known only to the month.
        based_at: 主たる定置場, in one line.
        owners: who owns it, with shares that sum to one; none where the owners are not known.
        user: id of the user, where another than the owner (所有権留保).
        acquired_on: day of acquisition.
        disposed_on: day on which it was given up; None while it is held.
        exempt: ground of exemption as the municipality names it; empty for none.
    """

    id: str = code("車両の管理番号", en="id")
    plate: str = text("車両番号（標識番号）", en="plate", default="")
    chassis_number: str = text("車台番号", en="chassis number", default="")
    vehicle_class: VehicleClass = choice("種別", en="class")
    body: Body = choice("用途", en="body", default=Body.NOT_STATED)
    use: VehicleUse = choice("自家用・営業用の別", en="use", default=VehicleUse.PRIVATE)
    displacement: int | None = quantity("総排気量", en="displacement", unit="cc", minimum=1, default=None)
    rated_power: int | None = quantity("定格出力", en="rated power", unit="W", minimum=1, default=None)
    first_inspected_on: date | None = day("初度検査年月", en="first inspected", partial=True, default=None)
    based_at: str = text("主たる定置場", en="based at", default="")
    owners: tuple[Share, ...] = rows("所有者と持分", en="owners", default=())
    user: str | None = code("使用者", en="user", default=None)
    acquired_on: date | None = day("取得日", en="acquired", default=None)
    disposed_on: date | None = day("廃車日", en="given up", default=None)
    exempt: str = code("非課税の事由", en="ground of exemption", default="")

    def invariants(self) -> Iterator[str]:
        """What of a vehicle cannot be together."""
        yield from share_problems("owners", self.owners)
        four = self.vehicle_class == VehicleClass.FOUR_WHEELED
        if four and self.body == Body.NOT_STATED:
            yield "body (用途): missing; a vehicle on four wheels is for passengers or for goods"
        if self.body != Body.NOT_STATED and not four:
            yield (
                f"body (用途): {self.body.label} is a class of vehicles on four wheels, but vehicle_class (種別) is "
                f"{self.vehicle_class.label}; a vehicle has one class"
            )
        if self.displacement is not None and self.rated_power is not None:
            yield (
                f"rated_power (定格出力): {self.rated_power} W beside a displacement (総排気量) of "
                f"{self.displacement} cc; a vehicle is classed by one of them"
            )
        if self.acquired_on and self.disposed_on and self.disposed_on < self.acquired_on:
            yield f"disposed_on (廃車日): {self.disposed_on} is before acquired_on (取得日) {self.acquired_on}"


def roll_problems(field: str, vehicles: Sequence[LightVehicle]) -> Iterator[str]:
    """Yield what is wrong with the vehicles of a roll: one that stands twice, and so perhaps with two classes.

    Args:
        field: name of the field that holds them.
        vehicles: the vehicles.
    """
    seen: dict[tuple[str, str], int] = {}
    for index, vehicle in enumerate(vehicles):
        for name, label, value in (
            ("id", "車両の管理番号", vehicle.id),
            ("chassis_number", "車台番号", vehicle.chassis_number),
        ):
            if not value:
                continue
            first = seen.setdefault((name, value), index)
            if first == index:
                continue
            before, now = vehicles[first].vehicle_class, vehicle.vehicle_class
            told = f" as {before.label} and as {now.label}; a vehicle has one class" if before != now else ""
            yield f"{field}[{index}].{name} ({label}): {value!r} stands twice, first in {field}[{first}]{told}"
            break
