"""Objects of any declared class, drawn from its declaration alone, and all classes that are declared."""

from __future__ import annotations

import importlib
import pkgutil
import typing
from datetime import date
from enum import Enum
from typing import Any

import attrs
from hypothesis import assume
from hypothesis import strategies as st

import munirules
from munirules.calendar import parse
from munirules.errors import MunirulesError
from munirules.models.declare import alternatives, declaration, is_declared, item_spec
from munirules.models.fields import Spec
from munirules.models.household import Household, RoleHolder, Roles
from munirules.models.income import Income, IncomeStatus
from munirules.models.light_vehicle import Body, LightVehicle, VehicleClass
from munirules.models.party import Party, PartyKind, Share
from munirules.models.resident import Resident
from munirules.money import Rate

PARTIAL = ("昭和20年8月不詳", "昭和20年", "不詳", "令和元年5月", "昭和20年8月頃", "昭和20年8月1日から8月15日までの間")
LARGEST = 10**12
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DATES = st.dates(date(1868, 10, 23), date(2199, 12, 31))
IDS = ("a", "b", "c", "山", "5")


def declared_classes() -> list[type]:
    """Every class that a module of the library declares."""
    found: dict[type, None] = {}
    for module in pkgutil.walk_packages(munirules.__path__, "munirules."):
        if ".cli" not in module.name and not module.name.endswith("__main__"):
            for value in vars(importlib.import_module(module.name)).values():
                if is_declared(value):
                    found[value] = None
    return sorted(found, key=lambda cls: (cls.__module__, cls.__name__))


def objects(cls: type) -> st.SearchStrategy[Any]:
    """Objects of a declared class."""
    return _objects(cls)


@st.composite
def _objects(draw: st.DrawFn, cls: type) -> Any:
    owner = declaration(cls)
    attributes: Any = attrs.fields_dict(cls)
    values = {}
    for name, annotation in owner.types.items():
        if attributes[name].default is attrs.NOTHING or draw(st.booleans()):
            values[name] = draw(of_field(owner.specs[name], annotation))
    if cls in MENDED:
        MENDED[cls](draw, values)
    try:
        return cls(**values)
    except MunirulesError:
        if cls in MENDED:
            raise
        return assume(condition=False)  # invariants of a business that are not mended here


def of_field(spec: Spec, annotation: Any) -> st.SearchStrategy[Any]:
    """Values of a field."""
    inner, optional = alternatives(annotation)
    found = _of(spec, inner)
    return st.none() | found if optional else found


def _of(spec: Spec, annotation: Any) -> st.SearchStrategy[Any]:
    if typing.get_origin(annotation) is tuple:
        return _tuples(spec, annotation)
    if is_declared(annotation):
        return objects(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    if hasattr(annotation, "_fields"):
        hints = typing.get_type_hints(annotation, include_extras=True)
        return st.builds(annotation, **{name: of_field(item_spec(hint), hint) for name, hint in hints.items()})
    if spec.kind in ("yen", "sen", "count", "quantity"):
        low = -LARGEST if spec.minimum is None else spec.minimum
        return st.integers(low, LARGEST if spec.maximum is None else spec.maximum)
    if spec.kind == "rate":
        return st.builds(Rate, st.integers(-LARGEST, LARGEST), st.integers(1, 10**6))
    if spec.kind == "day":
        return DATES | st.sampled_from(PARTIAL).map(parse) if spec.partial else DATES
    if spec.kind == "flag":
        return st.booleans()
    if spec.options:
        return st.sampled_from(spec.options)
    return TEXTS


def _tuples(spec: Spec, annotation: Any) -> st.SearchStrategy[Any]:
    inner, *rest = typing.get_args(annotation)
    if rest != [Ellipsis]:
        return st.tuples(*(of_field(item_spec(each), each) for each in (inner, *rest)))
    items = st.lists(of_field(item_spec(inner), inner), max_size=3)
    if not spec.ascending:
        return items.map(tuple)

    def ascending(rows: list[Any]) -> tuple[Any, ...]:
        table = {
            (getattr(row, spec.within) if spec.within else None, getattr(row, spec.ascending)): row for row in rows
        }
        return tuple(sorted(table.values(), key=lambda row: getattr(row, spec.ascending)))

    return items.map(ascending)


Values = dict[str, Any]


def _mend_resident(draw: st.DrawFn, values: Values) -> None:
    values["id"] = draw(st.sampled_from(IDS))
    values.update(dict.fromkeys(("mother", "father", "spouse")))
    values["my_number"] = draw(st.sampled_from((None, "123456789018")))
    values["resident_code"] = draw(st.sampled_from((None, "12345678901")))
    if draw(st.booleans()):
        values["nationality"] = draw(st.sampled_from(("KOR", "XXA", "BRA")))
    else:
        for name in ("nationality", "foreign_class", "residence_status"):
            values.pop(name, None)


def _mend_household(draw: st.DrawFn, values: Values) -> None:
    members = {member.id: member for member in values["members"]}
    ids = list(members)
    for name in ids:
        others = [None, *(other for other in ids if other != name)]
        related = {field: draw(st.sampled_from(others)) for field in ("mother", "father", "spouse")}
        members[name] = attrs.evolve(members[name], relationship="", **related)
    values["members"] = tuple(members.values())
    values["head"] = draw(st.sampled_from([None, *ids]))
    values["deemed_head"] = None


def _mend_holder(draw: st.DrawFn, values: Values) -> None:
    kept, dropped = draw(st.permutations(("member", "party")))
    values[kept], values[dropped] = draw(st.sampled_from(IDS)), None
    values["since"] = values["until"] = None


def _mend_roles(draw: st.DrawFn, values: Values) -> None:
    parties = {party.id: party for party in values.get("parties", ())}
    values["parties"] = tuple(parties.values())
    values["holders"] = tuple(h for h in values["holders"] if h.party is None or h.party in parties)


def _mend_party(draw: st.DrawFn, values: Values) -> None:
    values["id"] = draw(st.sampled_from(IDS))
    person = draw(st.booleans())
    values["kind"] = PartyKind.PERSON if person else PartyKind.CORPORATION
    values["my_number"] = "123456789018" if person else None
    values["corporate_number"] = None if person else "7010705000725"


def _mend_income(draw: st.DrawFn, values: Values) -> None:
    if draw(st.booleans()):
        values["status"], values["total_income"] = IncomeStatus.DECLARED, draw(st.integers(0, LARGEST))
        values["self_disabled"] = values["self_specially_disabled"] = False
    else:
        values.clear()
        values |= {"year": 2025, "status": draw(st.sampled_from((IncomeStatus.UNDECLARED, IncomeStatus.UNKNOWN)))}


def _mend_owned(draw: st.DrawFn, values: Values) -> None:
    whole = draw(st.integers(1, 5))
    names = draw(st.sampled_from(((), ("p",), tuple("pqrst"[:whole]))))
    values["owners"] = tuple(Share(party=name, den=len(names)) for name in names)
    if values.get("value") is None:
        values.pop("value", None)
        values.pop("value_year", None)
    else:
        values["value_year"] = 2026
    for small, large in (("residential_area", "area"), ("dwelling_area", "floor_area")):
        if small in values:
            values[small] = min(values[small], values[large])
    values.pop("disposed_year", None)


def _mend_vehicle(draw: st.DrawFn, values: Values) -> None:
    _mend_owned(draw, values)
    for name in ("value", "value_year", "rated_power", "disposed_on"):
        values.pop(name, None)
    four = values["vehicle_class"] == VehicleClass.FOUR_WHEELED
    values["body"] = draw(st.sampled_from((Body.PASSENGERS, Body.GOODS))) if four else Body.NOT_STATED


def _mend_disability(draw: st.DrawFn, values: Values) -> None:
    values["physical_grade"] = draw(st.integers(1, 7))
    values["mental_until"] = None


def _mended() -> dict[type, typing.Callable[[st.DrawFn, Values], None]]:
    from munirules.models.building import Building
    from munirules.models.conditions import Disability
    from munirules.models.depreciable import DepreciableAsset
    from munirules.models.land import Land

    return {
        Resident: _mend_resident,
        Household: _mend_household,
        RoleHolder: _mend_holder,
        Roles: _mend_roles,
        Party: _mend_party,
        Income: _mend_income,
        Land: _mend_owned,
        Building: _mend_owned,
        DepreciableAsset: _mend_owned,
        LightVehicle: _mend_vehicle,
        Disability: _mend_disability,
    }


MENDED = _mended()
