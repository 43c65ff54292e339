"""畜犬管理 (業務62): registration of dogs and the tags of their vaccination: until when, and at which fee.

Law: 狂犬病予防法 (昭和25年法律第247号) 第4条 (登録), 第5条第2項 (注射済票); 動物の愛護及び管理に関する法律 第39条の7 (microchips,
in municipalities that take part); fees by ordinance. The days stand in `dogs.toml`; when a dog is vaccinated says `dog_vaccination`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.calendar.rules import days_later
from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import monotone, never_above, never_below
from munirules.law.fees.taxation import FeeTaxation
from munirules.models.choices import Choice
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, day, flag, rows, yen
from munirules.money import Yen
from munirules.tape import applied


class DogMatter(Choice):
    """What is done for a dog."""

    REGISTRATION = 1, "登録（鑑札の交付）", "registration"
    TAG_REISSUE = 2, "鑑札の再交付", "reissue of the tag"
    VACCINATION_TAG = 3, "注射済票の交付", "vaccination tag"
    VACCINATION_TAG_REISSUE = 4, "注射済票の再交付", "reissue of the vaccination tag"
    TRANSFER = 5, "登録事項の変更（転入・譲渡）", "change of place or owner"
    DEATH = 6, "死亡の届出", "notice of death"


@facts(title="犬の登録等の申請")
class DogRequest:
    """What is asked for a dog.

    Attributes:
        matter: what is done.
        dogs: how many.
        chip: the microchip is in the national register in the owner's name.
        relief: ground on which no fee is taken, as the ordinance names it; empty for none.
    """

    matter: DogMatter = choice("手続", en="matter")
    dogs: int = count("頭数", en="dogs", unit="頭", minimum=1, default=1)
    chip: bool = flag("マイクロチップ情報の登録", en="registered microchip", default=False)
    relief: str = code("免除の事由", en="ground of exemption", default="")


@row(title="犬の手数料")
class DogFeeRow:
    """A fee for one dog."""

    matter: DogMatter = choice("手続")
    fee: Yen = yen("手数料（1頭）")


@row(title="手数料の免除")
class DogReliefRow:
    """A ground on which no fee is taken (補助犬, 生活保護 …)."""

    ground: str = code("事由")


@provision(title="犬の手数料表")
class DogFees:
    """The fees of an ordinance."""

    fees: tuple[DogFeeRow, ...] = rows("手数料表")
    reliefs: tuple[DogReliefRow, ...] = rows("免除の事由", default=())


@provision(title="マイクロチップ登録の特例")
class ChipParticipation:
    """Whether the municipality takes part, so that a registered chip counts as registration and tag."""

    takes_part: bool = flag("特例に参加", by="municipality")


@result(title="犬の登録等")
class DogFee:
    """What is given, and what it costs.

    Attributes:
        tag: a tag of metal is given; a registered chip counts as one where the municipality takes part.
        fee: the fee.
        taxable: whether it bears consumption tax.
    """

    tag: bool = flag("鑑札・注射済票を交付", en="tag given")
    fee: Yen = yen("手数料", en="fee")
    taxable: bool = flag("消費税の課税対象", en="bears consumption tax")


dog_fee = Decision(
    "fees.dogs",
    DogRequest,
    DogFee,
    title="犬の登録・注射済票",
    on="申請日",
    authority="市町村長",
    law="狂犬病予防法第4条・第5条",
)


@dog_fee.rule("chip_counts", title="マイクロチップを鑑札とみなす", until=date(2022, 5, 31), minor=True)
def chip_counts_not(request: DogRequest) -> bool:
    """Before microchips were registered nationally, none counted."""
    return False


@dog_fee.rule(
    title="マイクロチップを鑑札とみなす",
    since=date(2022, 6, 1),
    law="動物の愛護及び管理に関する法律第39条の7",
    minor=True,
)
def chip_counts(request: DogRequest, chips: ChipParticipation) -> bool:
    """Whether the dog's chip counts as its registration and tag here."""
    return request.chip and chips.takes_part


@dog_fee.rule(title="鑑札・注射済票を交付")
def tag(request: DogRequest, chip_counts: bool) -> bool:
    """Whether a tag is given; with a chip that counts there is none to give or to give again."""
    if request.matter == DogMatter.DEATH:
        return False
    if request.matter == DogMatter.TAG_REISSUE and chip_counts:
        refuse("マイクロチップが鑑札とみなされるため、鑑札を交付しない（動物の愛護及び管理に関する法律第39条の7）")
    of_vaccination = request.matter == DogMatter.VACCINATION_TAG or request.matter == DogMatter.VACCINATION_TAG_REISSUE
    return of_vaccination or not chip_counts


@dog_fee.rule(title="手数料")
def fee(request: DogRequest, tag: bool, table: DogFees) -> Yen:
    """The fee of all dogs: by the table, or none on a ground that the ordinance knows; a notice of death costs nothing."""
    if request.matter == DogMatter.DEATH:
        return 0
    if request.relief != "":
        for ground in table.reliefs:
            if ground.ground == request.relief:
                applied("免除の事由", ground)
                return 0
        refuse("免除の事由が条例・規則に定められていない")
    for candidate in table.fees:
        if candidate.matter == request.matter:
            applied("手数料表", candidate, request.dogs)
            return candidate.fee * request.dogs
    refuse("手数料表（収録分）にこの手続がない")


@dog_fee.rule(title="消費税の課税対象", law="消費税法第6条第1項")
def taxable(taxation: FeeTaxation) -> bool:
    """Whether the fee bears consumption tax."""
    return taxation.dogs


@facts(title="犬")
class Dog:
    """A dog and what happened to it.

    Attributes:
        born_on: day of birth.
        acquired_on: day on which its owner got it.
        registered: it is registered already, here or elsewhere.
        changed_on: day of its death, of a change of its place, or of its owner; None for none.
        vaccinated_on: day of its last vaccination; None where there was none, or it is not known.
    """

    born_on: date = day("生年月日", en="date of birth", partial=True)
    acquired_on: date = day("取得した日", en="acquired on")
    registered: bool = flag("登録済み", en="registered", default=False)
    changed_on: date | None = day("死亡・変更の日", en="changed on", default=None)
    vaccinated_on: date | None = day("前回の予防注射の日", en="last vaccinated on", default=None)

    def invariants_on(self, on: date) -> Iterator[str]:
        """What of a dog cannot be on a date: anything before its birth, or a birth or purchase to come."""
        born = self.born_on
        if not isinstance(born, date):  # known in part only; decided at both its ends
            return
        for field, label, given in (
            ("acquired_on", "取得した日", self.acquired_on),
            ("vaccinated_on", "前回の予防注射の日", self.vaccinated_on),
            ("changed_on", "死亡・変更の日", self.changed_on),
        ):
            if given is not None and given < born:
                yield f"{field} ({label}): {given} is before born_on (生年月日) {born}"
        if born > on:
            yield f"born_on (生年月日): {born} is after {on}"


@provision(title="犬の登録の期限")
class DogRegistrationDays:
    """Within how many days a dog is registered, and a change of it notified."""

    age_days: int = count("登録を要する生後日数", unit="日", by="nation", national="fixed")
    days: int = count("登録の期限", unit="日", by="nation", national="fixed")
    change_days: int = count("変更等の届出の期限", unit="日", by="nation", national="fixed")


@result(title="犬の登録の期限")
class DogDeadlines:
    """Until when a dog is registered, and a change notified; None where nothing is due."""

    register_by: date | None = day("登録の期限", en="register by", default=None)
    notify_by: date | None = day("変更等の届出の期限", en="notify by", default=None)


dog_deadlines = Decision(
    "fees.dog_registration",
    Dog,
    DogDeadlines,
    title="犬の登録の期限",
    on="判定日",
    authority="市町村長",
    law="狂犬病予防法第4条",
)


def grown_on(born_on: date, days: int) -> date:
    """Return the first day on which so many days of life have passed, that of birth counted: the 91st, of 90."""
    return days_later(born_on, days)


@dog_deadlines.rule(title="登録の期限", law="狂犬病予防法第4条第1項")
def register_by(dog: Dog, law: DogRegistrationDays) -> date | None:
    """Thirty days from the day on which it was acquired, or, where it was younger, on which ninety days had passed."""
    if dog.registered:
        return None
    return days_later(max(dog.acquired_on, grown_on(dog.born_on, law.age_days)), law.days)


@dog_deadlines.rule(title="変更等の届出の期限", law="狂犬病予防法第4条第4項・第5項")
def notify_by(dog: Dog, law: DogRegistrationDays) -> date | None:
    """Thirty days from a death, a change of place or of the owner."""
    return None if dog.changed_on is None else days_later(dog.changed_on, law.change_days)


dog_fee.holds(monotone("fee", by="dogs"), never_above("fee", 0, when={"matter": "death"}))
dog_deadlines.holds(never_below("register_by", "acquired_on"), never_below("notify_by", "changed_on"))
