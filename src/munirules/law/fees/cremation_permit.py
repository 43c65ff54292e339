"""火葬許可 (業務11): whether a cremation is permitted, and from when it may be done.

Law: 墓地、埋葬等に関する法律 (昭和23年法律第48号) 第2条第1項 (死体, with 死胎 of four months or more), 第3条 (24 hours), 第5条 (permission);
感染症の予防及び感染症の患者に対する医療に関する法律 第30条 (earlier, after an infectious disease); 戸籍法 第86条 (notice of death). Months
of pregnancy are told by whole weeks (満週数). Figures stand in `cremation.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.calendar.rules import FirstDay, days_later, months_later
from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import never_below
from munirules.law.fees.clock import END_OF_DAY, clock_of, clock_problem, minutes_of
from munirules.models.choices import Choice
from munirules.models.declare import facts, provision, result
from munirules.models.fields import choice, count, day, flag, quantity


class Remains(Choice):
    """What is cremated."""

    BODY = 1, "遺体", "body"
    STILLBORN = 2, "死胎", "stillborn child"
    AFTERBIRTH = 3, "産じょく物", "afterbirth"
    BODY_PART = 4, "身体の一部", "part of a body"
    REBURIED = 5, "改葬による遺骨", "reburied bones"
    EXHUMED = 6, "一度埋葬した遺体", "body buried before"
    ANIMAL = 7, "小動物の死体", "small animal"


class Disease(Choice):
    """Of which kind of infectious disease somebody died (感染症法)."""

    NONE = 0, "なし", "none"
    CLASS_1 = 1, "一類感染症", "class I"
    CLASS_2 = 2, "二類感染症", "class II"
    CLASS_3 = 3, "三類感染症", "class III"
    NEW_INFLUENZA = 4, "新型インフルエンザ等感染症", "novel influenza or the like"
    OTHER = 5, "その他の感染症", "other"


@facts(title="火葬許可の申請")
class CremationRequest:
    """A death, stillbirth or reburial for which permission to cremate is asked.

    Attributes:
        remains: a body, a stillborn child, or bones of a grave.
        died_on: day of the death or stillbirth; of the opening of the grave for `REBURIED` and `EXHUMED`.
        died_at: time of it as hours and minutes, 1430 for 14:30.
        weeks: whole weeks of pregnancy (満週数), of a stillborn child.
        disease: infectious disease of which the person died, or is thought to have died.
        notice_accepted: this municipality accepted the notice of death or stillbirth (死亡届・死産届).
        lies_here: the bones lie in this municipality, of a reburial.
        known_on: day on which who must notify the death learned of it; None for that of the death.
        abroad: the person died abroad.
    """

    remains: Remains = choice("遺体等の種類", en="remains")
    died_on: date = day("死亡・死産の日", en="died on")
    died_at: int = quantity("死亡・死産の時刻", en="died at", unit="時分", maximum=END_OF_DAY)
    weeks: int | None = count("妊娠満週数", en="weeks of pregnancy", unit="週", maximum=45, default=None)
    disease: Disease = choice("感染症の類型", en="disease", default=Disease.NONE)
    notice_accepted: bool = flag("死亡届・死産届の受理", en="notice accepted here", default=False)
    lies_here: bool = flag("遺骨・遺体が当市町村にある", en="lies here", default=False)
    known_on: date | None = day("死亡の事実を知った日", en="death known on", default=None)
    abroad: bool = flag("国外での死亡", en="died abroad", default=False)

    def invariants(self) -> Iterator[str]:
        """What of a request cannot be together."""
        problem = clock_problem(self.died_at)
        if problem:
            yield f"died_at (死亡・死産の時刻): {problem}"
        if (self.remains == Remains.STILLBORN) != (self.weeks is not None):
            told = "missing" if self.weeks is None else f"{self.weeks}, but remains is {self.remains.label}"
            yield f"weeks (妊娠満週数): {told}; a stillborn child, and only that, has weeks of pregnancy"
        if self.known_on is not None and self.known_on < self.died_on:
            yield f"known_on (死亡の事実を知った日): {self.known_on} is before died_on (死亡・死産の日) {self.died_on}"

    def invariants_on(self, on: date) -> Iterator[str]:
        """What cannot be on a date: a death after it."""
        if self.died_on > on:
            yield f"died_on (死亡・死産の日): {self.died_on} is after {on}"


@provision(title="埋葬・火葬の時期")
class CremationLaw:
    """From when a body may be cremated, and which stillborn child is a body."""

    hours: int = count("死亡後の時間", unit="時間", by="nation", national="fixed")
    weeks_of_body: int = count("死体とする妊娠満週数", unit="週", by="nation", national="fixed")
    weeks_of_wait: int = count("時間の経過を要する妊娠満週数", unit="週", by="nation", national="fixed")


@provision(title="死亡届の期限")
class DeathNotice:
    """Until when a death is notified; the day on which it is known counts."""

    days: int = count("国内の期限", unit="日", by="nation", national="fixed")
    months_abroad: int = count("国外の期限", unit="月", by="nation", national="fixed")


@result(title="火葬許可")
class CremationPermit:
    """That cremation is permitted, and from when it may be done.

    Attributes:
        needed: permission is needed; not for what is no body in law (afterbirth, parts, animals, a child of under 12 weeks).
        waits: the hours after death count.
        earliest_on: first day.
        earliest_at: time of that day as hours and minutes.
        notify_by: last day of the notice of death; None where none is due.
    """

    needed: bool = flag("許可を要する", en="permission needed")
    waits: bool = flag("死亡後の時間の経過を要する", en="has to wait")
    earliest_on: date = day("火葬できる日", en="earliest day")
    earliest_at: int = quantity("火葬できる時刻", en="earliest time", unit="時分", maximum=END_OF_DAY)
    notify_by: date | None = day("死亡届の期限", en="notify by", default=None)


cremation_permit = Decision(
    "fees.cremation_permit",
    CremationRequest,
    CremationPermit,
    title="火葬許可",
    on="申請日",
    authority="市町村長",
    law="墓地、埋葬等に関する法律第5条",
)


@cremation_permit.rule(title="許可を要する", law="墓地、埋葬等に関する法律第2条第1項・第5条")
def needed(request: CremationRequest, law: CremationLaw) -> bool:
    """Whether permission is needed; refused where this mayor is not the one to give it."""
    if request.remains == Remains.REBURIED or request.remains == Remains.EXHUMED:
        if not request.lies_here:
            refuse("改葬の許可は、死体又は焼骨の現に存する地の市町村長が行う（墓地、埋葬等に関する法律第5条第2項）")
        return True
    if request.remains == Remains.BODY:
        if not request.notice_accepted:
            refuse("火葬の許可は、死亡届を受理した市町村長が行う（墓地、埋葬等に関する法律第5条第2項）")
        return True
    weeks = request.weeks
    if weeks is None or weeks < law.weeks_of_body:
        return False
    if not request.notice_accepted:
        refuse("火葬の許可は、死産届を受理した市町村長が行う（墓地、埋葬等に関する法律第5条第2項）")
    return True


@cremation_permit.rule(title="死亡後の時間の経過を要する", law="墓地、埋葬等に関する法律第3条・感染症法第30条")
def waits(request: CremationRequest, law: CremationLaw, needed: bool) -> bool:
    """Whether the hours after death count: not for an early stillbirth, after an infectious disease, or for bones."""
    if not needed or request.remains == Remains.REBURIED or request.remains == Remains.EXHUMED:
        return False
    weeks = request.weeks
    if weeks is not None and weeks < law.weeks_of_wait:
        return False
    return request.disease == Disease.NONE or request.disease == Disease.OTHER


@cremation_permit.rule(title="火葬できるまでの分", minor=True)
def minutes(request: CremationRequest, law: CremationLaw, waits: bool) -> int:
    """Minutes from the beginning of the day of death to the earliest time."""
    return minutes_of(request.died_at) + (minutes_of(law.hours * 100) if waits else 0)


@cremation_permit.rule(title="火葬できる日")
def earliest_on(request: CremationRequest, minutes: int) -> date:
    """First day on which it may be done."""
    days = minutes // minutes_of(END_OF_DAY)
    return days_later(request.died_on, days) if days > 0 else request.died_on


@cremation_permit.rule(title="火葬できる時刻")
def earliest_at(minutes: int) -> int:
    """Time of the first day from which it may be done."""
    return clock_of(minutes % minutes_of(END_OF_DAY))


@cremation_permit.rule(title="死亡届の期限", law="戸籍法第86条第1項・第43条第1項")
def notify_by(request: CremationRequest, notice: DeathNotice) -> date | None:
    """Last day of the notice of death; the day on which it is known counts."""
    if request.remains != Remains.BODY:
        return None
    known = request.died_on if request.known_on is None else request.known_on
    if request.abroad:
        return months_later(known, notice.months_abroad, FirstDay.COUNTED)
    return days_later(known, notice.days, FirstDay.COUNTED)


cremation_permit.holds(never_below("earliest_on", "died_on"), never_below("notify_by", "died_on"))
