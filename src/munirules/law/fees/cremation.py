"""火葬料 (業務11): what a crematorium takes, by what is cremated, age, and whether who counts lives in its area.

Law: 地方自治法 第225条・第228条第1項 (使用料条例). 火葬料 bear no consumption tax; rooms and the cremation of animals do, and the amounts
of an ordinance hold it.
"""

from __future__ import annotations

from collections.abc import Iterator

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import monotone, never_above, parts_sum
from munirules.law.fees.cremation_permit import Remains
from munirules.law.fees.taxation import FeeTaxation, tax_within
from munirules.law.tax.consumption import ConsumptionTax
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, flag, quantity, rows, yen
from munirules.money import Rounding, Yen, quotient
from munirules.tape import applied

BY_SHARE = -1
"""In a row's `outside`: the inside amount times `outside_percent`."""

ANY_AGE = 999
ANY_DEGREE = 99


@facts(title="火葬場の使用")
class CremationUse:
    """What is cremated at a crematorium, and who of it lives where.

    Attributes:
        remains: what is cremated.
        age: age at death, of a body.
        grams: weight of a small animal.
        deceased_in: six-digit code of the municipality in which the deceased was registered (the mother, of a stillborn
            child; the owner, of an animal); empty for none or abroad.
        registered_before_facility: code of the municipality before moving into a facility (住所地特例); empty for none.
        applicant_in: code of the municipality in which the applicant is registered.
        applicant_degree: degree of kinship of the applicant to the deceased, 0 for the spouse; None for none.
        mortuary_hours: hours in the mortuary (霊安室); 0 for not used.
        waiting_rooms: waiting rooms beyond what the cremation includes.
        relief: ground on which the fee is not taken, as the ordinance names it; empty for none.
    """

    remains: Remains = choice("遺体等の種類", en="remains")
    age: int | None = count("死亡時の年齢", en="age at death", unit="歳", maximum=150, default=None)
    grams: int | None = quantity("小動物の重さ", en="weight of an animal", unit="g", minimum=1, default=None)
    deceased_in: str = code("死亡者の住所の市町村", en="municipality of the deceased", default="")
    registered_before_facility: str = code("施設入所前の市町村", en="municipality before the facility", default="")
    applicant_in: str = code("申請者の住所の市町村", en="municipality of the applicant", default="")
    applicant_degree: int | None = count("申請者の親等", en="degree of the applicant", unit="親等", default=None)
    mortuary_hours: int = quantity("霊安室の使用時間", en="hours in the mortuary", unit="時間", default=0)
    waiting_rooms: int = count("待合室の追加", en="extra waiting rooms", unit="室", default=0)
    relief: str = code("免除の事由", en="ground of exemption", default="")

    def invariants(self) -> Iterator[str]:
        """What of a use cannot be together."""
        aged = self.remains in (Remains.BODY, Remains.EXHUMED)
        if aged != (self.age is not None):
            told = "missing" if self.age is None else f"{self.age}, but remains is {self.remains.label}"
            yield f"age (死亡時の年齢): {told}; a body, and only that, has an age"
        if (self.remains == Remains.ANIMAL) != (self.grams is not None):
            told = "missing" if self.grams is None else f"{self.grams}, but remains is {self.remains.label}"
            yield f"grams (小動物の重さ): {told}; a small animal, and only that, has a weight"


@row(title="管内の市町村")
class MemberRow:
    """A municipality of the crematorium's area."""

    code: str = code("団体コード")


@row(title="火葬料")
class CremationRow:
    """What the cremation of something costs; the first row that fits the age counts."""

    remains: Remains = choice("遺体等の種類")
    under_age: int = count("年齢（未満）", unit="歳", default=ANY_AGE)
    inside: Yen = yen("管内")
    outside: int = yen("管外", minimum=BY_SHARE, default=BY_SHARE)


@row(title="小動物の火葬料")
class AnimalRow:
    """What an animal above so many grams costs, and what each step beyond that adds; a part of a step counts as a whole."""

    above: int = quantity("重さ（超）", unit="g")
    inside: Yen = yen("管内")
    step: int = quantity("加算の単位", unit="g", default=0)
    inside_step: Yen = yen("管内の加算額", default=0)
    outside: int = yen("管外", minimum=BY_SHARE, default=BY_SHARE)
    outside_step: int = yen("管外の加算額", minimum=BY_SHARE, default=BY_SHARE)


@row(title="霊安室の使用料")
class MortuaryRow:
    """The mortuary: the first hours, then each step of hours begun."""

    hours: int = count("当初の時間", unit="時間", minimum=1)
    inside: Yen = yen("管内")
    outside: int = yen("管外", minimum=BY_SHARE, default=BY_SHARE)
    step: int = count("加算の時間", unit="時間", minimum=1)
    inside_step: Yen = yen("管内の加算額")
    outside_step: int = yen("管外の加算額", minimum=BY_SHARE, default=BY_SHARE)


@row(title="火葬料の免除")
class CremationReliefRow:
    """A ground on which the fee is not taken."""

    ground: str = code("事由")


@provision(title="火葬場の区域")
class CremationArea:
    """Who counts as of the area.

    Attributes:
        members: its municipalities.
        basis: whose address counts: that of the deceased, the applicant, or either.
        applicant_within: where the applicant's counts, up to which degree of kinship.
        before_facility: for who lived in a facility elsewhere, the address before counts too (住所地特例).
    """

    members: tuple[MemberRow, ...] = rows("管内の市町村")
    basis: str = code("住所の基準", options=("deceased", "applicant", "either"))
    applicant_within: int = count("申請者の親等（以内）", unit="親等", default=ANY_DEGREE)
    before_facility: bool = flag("住所地特例", default=False)


@provision(title="火葬場使用料表")
class CremationFees:
    """What a crematorium takes. `outside_percent` says what outside costs where a row names no amount of its own."""

    fees: tuple[CremationRow, ...] = rows("火葬料表")
    outside_percent: int = count("管外の割合", unit="%", default=100)
    animals: tuple[AnimalRow, ...] = rows("小動物の火葬料表", ascending="above", default=())
    mortuary: tuple[MortuaryRow, ...] = rows("霊安室の使用料表", default=())
    waiting_room: int = yen("待合室の追加（1室・管内）", minimum=BY_SHARE, default=BY_SHARE)
    reliefs: tuple[CremationReliefRow, ...] = rows("免除の事由", default=())


@result(title="火葬料")
class CremationFee:
    """The fee of a cremation and of rooms."""

    inside: bool = flag("管内", en="of the area")
    cremation: Yen = yen("火葬料", en="cremation")
    rooms: Yen = yen("霊安室・待合室の使用料", en="rooms")
    total: Yen = yen("合計", en="total")
    consumption_tax: Yen = yen("うち消費税等", en="consumption tax")


cremation_fee = Decision(
    "fees.cremation",
    CremationUse,
    CremationFee,
    title="火葬料",
    on="使用日",
    authority="火葬場の管理者（市町村長・組合の管理者）",
    law="地方自治法第225条・第228条第1項",
)


def is_member(area: CremationArea, municipality: str) -> bool:
    """Whether a municipality belongs to the area."""
    for member in area.members:
        if member.code == municipality:
            return True
    return False


def amount_of(inside: bool, own: Yen, outside: int, percent: int) -> Yen:
    """Return what counts: the inside amount, an own amount for outside, or its share of the inside one, floored."""
    if inside:
        return own
    return quotient(own * percent, 100, Rounding.FLOOR) if outside == BY_SHARE else outside


@cremation_fee.rule(title="管内")
def inside(use: CremationUse, area: CremationArea) -> bool:
    """Whether who counts lives in the area."""
    deceased = is_member(area, use.deceased_in)
    if area.before_facility and is_member(area, use.registered_before_facility):
        deceased = True
    degree = use.applicant_degree
    near = area.applicant_within == ANY_DEGREE or (degree is not None and degree <= area.applicant_within)
    applicant = near and is_member(area, use.applicant_in)
    if area.basis == "deceased":
        return deceased
    if area.basis == "applicant":
        return applicant
    return deceased or applicant


@cremation_fee.rule(title="免除", minor=True)
def relieved(use: CremationUse, table: CremationFees) -> bool:
    """Whether the cremation costs nothing, on a ground that the ordinance knows."""
    if use.relief == "":
        return False
    for candidate in table.reliefs:
        if candidate.ground == use.relief:
            applied("免除の事由", candidate)
            return True
    refuse("免除の事由が条例・規則に定められていない")


@cremation_fee.rule(title="火葬料")
def cremation(use: CremationUse, table: CremationFees, inside: bool, relieved: bool) -> Yen:
    """What the cremation costs."""
    if relieved:
        return 0
    percent = table.outside_percent
    grams = use.grams
    if grams is not None:
        for index in range(len(table.animals) - 1, -1, -1):
            animal = table.animals[index]
            if grams > animal.above:
                over = quotient(grams - animal.above, animal.step, Rounding.CEILING) if animal.step > 0 else 0
                applied("小動物の火葬料表", animal, over)
                more = amount_of(inside, animal.inside_step, animal.outside_step, percent)
                return amount_of(inside, animal.inside, animal.outside, percent) + over * more
        refuse("小動物の火葬を行わない")
    age = 0 if use.age is None else use.age
    for candidate in table.fees:
        if candidate.remains == use.remains and age < candidate.under_age:
            applied("火葬料表", candidate)
            return amount_of(inside, candidate.inside, candidate.outside, percent)
    refuse("火葬料表に該当する区分がない")


@cremation_fee.rule(title="霊安室・待合室の使用料")
def rooms(use: CremationUse, table: CremationFees, inside: bool) -> Yen:
    """What mortuary and extra waiting rooms cost."""
    percent = table.outside_percent
    total = 0
    if use.mortuary_hours > 0:
        if len(table.mortuary) == 0:
            refuse("霊安室の使用料が定められていない")
        mortuary = table.mortuary[0]
        over = quotient(max(use.mortuary_hours - mortuary.hours, 0), mortuary.step, Rounding.CEILING)
        applied("霊安室の使用料表", mortuary, over)
        more = amount_of(inside, mortuary.inside_step, mortuary.outside_step, percent)
        total += amount_of(inside, mortuary.inside, mortuary.outside, percent) + over * more
    if use.waiting_rooms > 0:
        if table.waiting_room == BY_SHARE:
            refuse("待合室の追加の使用料が定められていない")
        total += amount_of(inside, table.waiting_room, BY_SHARE, percent) * use.waiting_rooms
    return total


@cremation_fee.rule(title="合計")
def total(cremation: Yen, rooms: Yen) -> Yen:
    """Cremation and rooms together."""
    return cremation + rooms


@cremation_fee.rule(title="うち消費税等", law="消費税法第6条第1項")
def consumption_tax(use: CremationUse, cremation: Yen, rooms: Yen, tax: ConsumptionTax, taxation: FeeTaxation) -> Yen:
    """The tax that the amounts hold: of rooms and animals, not of people."""
    taxed = rooms if taxation.crematorium_rooms else 0
    animal = use.remains == Remains.ANIMAL
    if (animal and taxation.animal_cremation) or (not animal and taxation.cremation):
        taxed += cremation
    return tax_within(taxed, tax)


cremation_fee.holds(
    parts_sum("total", ["cremation", "rooms"]),
    monotone("total", by="mortuary_hours"),
    monotone("total", by="waiting_rooms"),
    monotone("cremation", by="grams"),
    monotone("cremation", by="age"),
    never_above("consumption_tax", "total"),
)
