"""What the city's offices are asked about beside households: meters, sewers, dogs, certificates, land, cremations.

How often each comes to pass for a thousand residents, and how single fields are drawn; the rest follows declarations.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from benchmarks.synthetic.columns import days, flags, numbered, whole, words
from benchmarks.synthetic.plausible import EPOCH

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.synthetic.plausible import Draw, Way, Ways
    from numpy.typing import NDArray

    Places = NDArray[np.int64]

CODED = {
    "use": ("WaterUse.use", "SewerUse.use", "NightSoil.use"),
    "district": ("BenefitedLand.district",),
    "kind": ("CertificateRequest.kind", "KioskUse.kind"),
    "benefit": ("BenefitClaim.benefit",),
}
"""By the name of a field of provisions' rows, the fields of subjects that have the same codes."""

PER_THOUSAND = {
    "WaterUse": 480,
    "SewerUse": 330,
    "MeterReading": 480,
    "PastUse": 40,
    "Connection": 6,
    "BenefitedLand": 8,
    "CertificateRequest": 600,
    "KioskUse": 250,
    "CremationUse": 12,
    "CremationRequest": 12,
    "Dog": 50,
    "DogRequest": 45,
    "NightSoil": 20,
    "Impairments": 4,
    "Assessment": 4,
    "MentalCertificate": 11,
    "AllowanceMonths": 90,
}
"""Subjects of a class for a thousand residents in a year, or billing period: about what a city of this country has."""

USUALLY = 20
MEAN_VOLUME = 20
DIGITS = 5
TWO_MONTHS = 61
SIZES = (13, 20, 25, 40)
SIZE_SHARES = (0.62, 0.3, 0.06, 0.02)
MONTHS_PAID = 2
SEVERAL = {
    "MeterReading": {"history": 3, "water": 1, "sewer": 1},
    "BenefitedLand": {"parcels": 3},
    "AllowanceMonths": {"months": 3},
    "Impairments": {"impairments": 1},
}
"""What subjects have several of, and at most how many of each."""


def number(low: int, high: int) -> Way:
    """Whole numbers from `low` to before `high`."""
    return lambda draw, places: whole(draw.integers(low, high, len(places)))


def mostly(value: int, high: int) -> Way:
    """One number mostly, some up to before `high`."""
    return lambda draw, places: whole(
        np.where(draw.random(len(places)) < 1 / USUALLY, draw.integers(value, high, len(places)), value)
    )


def usually(share: float) -> Way:
    """True for a share of them."""
    return lambda draw, places: flags(draw.random(len(places)) < share)


def volumes(draw: Draw, places: Places) -> pa.Array:
    """m³ of a reading."""
    return whole(draw.gamma(2.0, MEAN_VOLUME / 2, len(places)))


def sizes(draw: Draw, places: Places) -> pa.Array:
    """Sizes of meters."""
    return whole(draw.choice(SIZES, len(places), p=SIZE_SHARES))


def chosen(options: Sequence[str]) -> Way:
    """One of some words, the first most often."""
    weights = 1 / np.arange(1, len(options) + 1) ** 2
    return lambda draw, places: words(draw.choice(len(options), len(places), p=weights / weights.sum()), options)


def ago(least: int, most: int, on: date) -> Way:
    """Days before a date."""
    return lambda draw, places: days(on.toordinal() - EPOCH - draw.integers(least, most, len(places)))


def lists_of_volumes(draw: Draw, places: Places) -> pa.Array:
    """A year of monthly volumes of each."""
    ends = np.arange(0, 12 * len(places) + 1, 12, dtype=np.int32)
    values = draw.gamma(2.0, MEAN_VOLUME / 2, ends[-1]).astype(np.int64)
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(values))


def months_of(year: int) -> Way:
    """Months of a year, from the first on."""
    first = np.array([date(year, month, 1).toordinal() - EPOCH for month in range(1, 13)])
    return lambda _draw, places: days(first[places % 12])


def ways(codes: Mapping[str, tuple[str, ...]], on: date, town: str) -> Ways:
    """How fields are drawn in a town, by `Class.field`."""
    found: dict[str, Way] = {
        "WaterUse.meter_size": sizes,
        "WaterUse.volume": volumes,
        "WaterUse.months": number(1, 3),
        "SewerUse.kind": chosen(("household", "business")),
        "SewerUse.tap_volume": volumes,
        "SewerUse.months": number(1, 3),
        "SewerUse.persons": number(1, 6),
        "MeterReading.digits": mostly(DIGITS, DIGITS + 1),
        "MeterReading.previous": number(0, 5000),
        "MeterReading.current": number(5000, 5060),
        "MeterReading.previous_on": ago(TWO_MONTHS, TWO_MONTHS + 1, on),
        "MeterReading.months": mostly(MONTHS_PAID, MONTHS_PAID + 1),
        "PastReading.read_on": lambda _draw, places: days(on.toordinal() - EPOCH - TWO_MONTHS * (places + 1)),
        "PastReading.months": mostly(MONTHS_PAID, MONTHS_PAID + 1),
        "PastReading.volume": volumes,
        "PastUse.volumes": lists_of_volumes,
        "Connection.meter_size": sizes,
        "Connection.number": mostly(1, 10),
        "Parcel.id": lambda _draw, places: numbered(places + 1),
        "Parcel.area": number(60, 400),
        "BenefitedLand.units": mostly(1, 6),
        "CertificateRequest.copies": mostly(1, 4),
        "Dog.born_on": ago(800, 5000, on),
        "Dog.acquired_on": ago(40, 400, on),
        "Dog.registered": usually(0.8),
        "Dog.vaccinated_on": ago(30, 700, on),
        "DogRequest.dogs": mostly(1, 3),
        "KioskUse.born_on": ago(15 * 366, 90 * 366, on),
        "KioskUse.clock": lambda draw, places: whole(
            draw.integers(6, 23, len(places)) * 100 + draw.integers(0, 60, len(places))
        ),
        "CremationUse.remains": chosen(("body",)),
        "CremationRequest.remains": chosen(("body",)),
        "Applicant.relation": chosen(("self", "spouse", "descendant")),
        "Applicant.photo_documents": mostly(1, 3),
        "CremationUse.age": number(0, 105),
        "CremationUse.deceased_in": chosen((town,)),
        "CremationUse.applicant_in": chosen((town,)),
        "CremationRequest.died_on": ago(0, 4, on),
        "CremationRequest.died_at": lambda draw, places: whole(draw.integers(0, 24, len(places)) * 100),
        "CremationRequest.notice_accepted": usually(0.97),
        "NightSoil.volume": number(100, 1500),
        "NightSoil.persons": number(1, 6),
        "Assessment.after_months": number(12, 61),
        "AllowanceMonth.amount": lambda draw, places: whole(draw.integers(1, 5, len(places)) * 5000),
        "AllowanceMonth.month": months_of(on.year),
        "SubsidyIncomes.year": lambda _draw, places: whole(np.full(len(places), on.year - 1)),
        "CareItem.institution": lambda _draw, places: words(places, tuple(f"{at:07d}" for at in range(4))),
        "CareItem.on": ago(0, 1, on.replace(day=1)),
    }
    for name, fields in CODED.items():
        if codes.get(name):
            found |= dict.fromkeys(fields, chosen(codes[name]))
    return found


def of_one_meter(readings: pa.Table, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The uses of water and sewer that readings are billed as, with the volume and the months of their reading."""
    volume = pc.subtract(readings["current"], readings["previous"])
    found = {}
    for name, field in (("water", "volume"), ("sewer", "tap_volume")):
        table = tables[name]
        rows = pc.index_in(table["key"], value_set=readings["key"].combine_chunks())
        for column, values in ((field, volume), ("months", readings["months"])):
            table = table.set_column(table.column_names.index(column), column, values.take(rows))
        found[name] = table
    return found
