"""架空市の手数料: ordinances of a city that does not exist, for the tests of fees."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from munirules import Rulebook

ON = date(2026, 6, 10)
CITY = "999997"
OTHER = "999962"

PROFILE = """
code = "999997"
name = "架空市"
kana = "かくうし"
romaji = "Kaku-shi"
kind = "city"
"""

HEAD = """title = "架空市手数料条例"
kind = "ordinance"
jurisdiction = "999997"
source = "https://example.com/999997"
read_on = 2026-11-20
"""

FEES = """
[[version]]
since = 2000-04-01
[version.CertificateFees]
fees = [
    { kind = "resident_record", fee = 300, per = "person", included = 5, step = 5 },
    { kind = "record_items", fee = 200, per = "item" },
    { kind = "removed_record", fee = 300 },
    { kind = "supplement", fee = 300, per = "sheet" },
    { kind = "record_view", fee = 1000, per = "hour" },
    { kind = "identity", fee = 300 },
    { kind = "unmarried", fee = 300 },
    { kind = "seal", fee = 300 },
    { kind = "income", fee = 300, per = "year" },
    { kind = "tax_paid", fee = 300, per = "tax_item" },
    { kind = "valuation", fee = 300, per = "parcel", included = 5, step = 1, more = 50 },
    { kind = "charge", fee = 200, per = "land_and_building", included = 5, step = 5 },
    { kind = "inspection_tax_paid", fee = 0 },
    { kind = "other", name = "在学証明", fee = 250 },
]
free = [
    { ground = "生活保護" },
    { ground = "年金", kind = "record_items" },
]
[version.KioskHolders]
minimum_age = 15
[version.KioskHours]
hours = [
    { kind = "resident_record", opens = 630, closes = 2300 },
    { kind = "seal", opens = 630, closes = 2300 },
    { kind = "income", opens = 630, closes = 2300 },
    { kind = "register", days = "weekdays", opens = 900, closes = 1700 },
]
closed = [{ from_month = 12, from_day = 29, to_month = 1, to_day = 3 }]
maintenance = [{ on = 2026-06-17 }, { on = 2026-06-18, until = 1200 }]
[version.KioskFees]
fees = [
    { kind = "resident_record", less = 50 },
    { kind = "seal", fee = 150 },
    { kind = "income", less = 400 },
    { kind = "register", less = 50 },
    { kind = "disaster_damage", less = 50 },
]
[version.DogFees]
fees = [
    { matter = "registration", fee = 3000 },
    { matter = "tag_reissue", fee = 1600 },
    { matter = "vaccination_tag", fee = 550 },
]
reliefs = [{ ground = "補助犬" }]
[version.NightSoilTariff]
tax = "excluded"
round_total = 10
volumes = [
    { use = "従量", part = "収集", base = 1000, included = 180, step = 18, price = 100 },
    { use = "従量", part = "処分", step = 10, price = 5 },
]
heads = [{ use = "人頭", household = 480, person = 220, tank = 260 }]
hoses = [{ above = 40, price = 100 }, { above = 60, price = 300 }]
[version.CremationArea]
basis = "either"
applicant_within = 1
before_facility = true
members = [{ code = "999997" }, { code = "999962" }]
[version.CremationFees]
outside_percent = 350
fees = [
    { remains = "body", under_age = 12, inside = 3333 },
    { remains = "body", inside = 5000, outside = 68000 },
    { remains = "stillborn", inside = 1000 },
]
animals = [
    { above = 0, inside = 2000 },
    { above = 10000, inside = 4000, step = 5000, inside_step = 2000 },
]
mortuary = [{ hours = 24, inside = 3300, step = 24, inside_step = 4400 }]
waiting_room = 1100
reliefs = [{ ground = "生活扶助" }]

[[version]]
since = 2026-04-01
until = 2026-06-30
temporary = true
[version.KioskFees]
fees = [{ kind = "resident_record", fee = 10 }]

[[version]]
since = 2024-04-01
[version.ChipParticipation]
takes_part = true
"""


@cache
def town(fees: str = FEES) -> Rulebook:
    """The rulebook of the city."""
    folder = Path(mkdtemp())
    folder.joinpath("jurisdiction.toml").write_text(PROFILE, encoding="utf-8")
    folder.joinpath("fees.toml").write_text(HEAD + fees, encoding="utf-8")
    return Rulebook.of(CITY, enactments=folder)
