"""Land, buildings, depreciable assets and light vehicles as on the tax rolls."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest

from munirules import read, write
from munirules.calendar import parse
from munirules.models.building import Building, BuildingUse, Structure
from munirules.models.declare import InvariantError
from munirules.models.depreciable import AssetKind, DepreciableAsset
from munirules.models.land import Land, LandCategory, LandUse
from munirules.models.light_vehicle import Body, LightVehicle, VehicleClass, VehicleUse, roll_problems
from munirules.models.party import Share
from munirules.models.read import DataError

HALVES = (Share(party="p", num=1, den=2, represents=True), Share(party="q", num=1, den=2))
LAND: dict[str, Any] = {"id": "1", "category": LandCategory.BUILDING_SITE, "area": 16_528}
BUILDING: dict[str, Any] = {"id": "2", "use": BuildingUse.DWELLING, "structure": Structure.WOOD, "floor_area": 11_925}
ASSET: dict[str, Any] = {
    "id": "3",
    "kind": AssetKind.TOOLS,
    "acquired_year": 2024,
    "acquired_month": 4,
    "cost": 350_000,
    "service_life": 4,
}
VEHICLE: dict[str, Any] = {"id": "4", "vehicle_class": VehicleClass.FOUR_WHEELED, "body": Body.PASSENGERS}
KINDS: list[tuple[type, dict[str, Any]]] = [
    (Land, LAND),
    (Building, BUILDING),
    (DepreciableAsset, ASSET),
    (LightVehicle, VEHICLE),
]


@pytest.mark.parametrize(("cls", "fields"), KINDS)
def test_owners_and_shares(cls, fields):
    own = cls(**fields, owners=HALVES)
    assert read(cls, write(own)) == own
    with pytest.raises(InvariantError, match=re.escape("owners (持分): p 1/2 make 1/2; shares sum to one")):
        cls(**fields, owners=HALVES[:1])


@pytest.mark.parametrize(("cls", "fields"), KINDS[:3])
@pytest.mark.parametrize("values", [{"value": 5_000_000}, {"value_year": 2026}])
def test_a_value_has_its_year(cls, fields, values):
    with pytest.raises(InvariantError, match=re.escape("value (価格):")):
        cls(**fields, **values)
    assert cls(**fields, value=5_000_000, value_year=2026).value_year == 2026


def test_areas_are_whole_hundredths():
    whole = Land(**LAND, use=LandUse.RESIDENTIAL, residential_area=16_528, dwellings=1)
    assert whole.residential_area == whole.area
    with pytest.raises(DataError, match=r"area \(現況地積\): 165\.28 is a decimal number; allowed: .*1/100 m²"):
        read(Land, {"id": "1", "category": "building_site", "area": Decimal("165.28")})


@pytest.mark.parametrize(
    ("cls", "fields", "told"),
    [
        (Land, {**LAND, "residential_area": 20_000}, "residential_area (住宅用地の地積): 20000 is more than"),
        (Building, {**BUILDING, "dwelling_area": 20_000}, "dwelling_area (居住部分の床面積): 20000 is more than"),
        (DepreciableAsset, {**ASSET, "disposed_year": 2020}, "disposed_year (減少年): 2020 is before"),
        (LightVehicle, {**VEHICLE, "body": Body.NOT_STATED}, "body (用途): missing"),
        (
            LightVehicle,
            {**VEHICLE, "acquired_on": date(2026, 4, 1), "disposed_on": date(2026, 3, 31)},
            "disposed_on (廃車日): 2026-03-31 is before acquired_on",
        ),
        (
            LightVehicle,
            {**VEHICLE, "displacement": 658, "rated_power": 20_000},
            "rated_power (定格出力): 20000 W beside",
        ),
    ],
)
def test_what_cannot_be_together(cls, fields, told):
    with pytest.raises(InvariantError, match=re.escape(told)):
        cls(**fields)


def test_a_building_date_may_be_known_to_the_year():
    own = Building(**BUILDING, built_on=cast("date", parse("昭和20年")))
    assert read(Building, write(own)) == own


class TestAVehicleHasOneClass:
    def test_in_data(self):
        data = {"id": "4", "vehicle_class": ["moped_50", "minicar"]}
        with pytest.raises(DataError, match=r"vehicle_class \(種別\): .* are 2 values; write one of"):
            read(LightVehicle, data)

    def test_by_what_it_is_for(self):
        with pytest.raises(InvariantError, match="body \\(用途\\): 貨物用 is a class of vehicles on four wheels, but"):
            LightVehicle(id="4", vehicle_class=VehicleClass.MOPED_50, body=Body.GOODS)

    def test_in_a_roll(self):
        first = LightVehicle(**VEHICLE, chassis_number="AB1-1")
        other = LightVehicle(id="4", vehicle_class=VehicleClass.MOPED_50, use=VehicleUse.BUSINESS)
        (problem,) = roll_problems("vehicles", (first, other))
        assert problem.startswith("vehicles[1].id (車両の管理番号): '4' stands twice, first in vehicles[0]")
        assert problem.endswith("a vehicle has one class")
        same = LightVehicle(id="5", vehicle_class=VehicleClass.FOUR_WHEELED, body=Body.GOODS, chassis_number="AB1-1")
        (problem,) = roll_problems("vehicles", (first, same))
        assert problem == "vehicles[1].chassis_number (車台番号): 'AB1-1' stands twice, first in vehicles[0]"
        assert list(roll_problems("vehicles", (first, LightVehicle(id="6", vehicle_class=VehicleClass.MINICAR)))) == []
