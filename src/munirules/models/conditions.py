"""Facts about a resident that several businesses ask for, each found by a board or office outside of the decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.models.choices import Choice
from munirules.models.declare import facts
from munirules.models.fields import choice, code, count, day, flag
from munirules.models.resident import Resident


@facts(title="障害者手帳", about=Resident, found_by="都道府県知事（指定都市・中核市等の長）")
class Disability:
    """Certificates of disability that a person holds; `none_of(Disability)` for somebody who holds none.

    Attributes:
        physical_grade: grade (1 to 7) of the 身体障害者手帳; None without one. Grade 7 alone gives none.
        physical_class: 旅客運賃減額の第1種 or 第2種; None where it is not known.
        physical_parts: what is impaired as the certificate names it (視覚, 聴覚, 上肢, 下肢, 体幹, 内部 …), one after
            another with a comma.
        intellectual_grade: grade of the 療育手帳 as the prefecture names it (A, A1, B1 …); empty without one.
        mental_grade: grade (1 to 3) of the 精神障害者保健福祉手帳; None without one.
        mental_until: last day on which that one is valid.
        since: day since which the grades are as given.
    """

    physical_grade: int | None = count(
        "身体障害者手帳の等級", en="physical grade", unit="級", minimum=1, maximum=7, default=None
    )
    physical_class: int | None = count(
        "身体障害者手帳の種別", en="physical class", unit="種", minimum=1, maximum=2, default=None
    )
    physical_parts: str = code("障害の部位", en="what is impaired", default="")
    intellectual_grade: str = code("療育手帳の程度", en="intellectual grade", default="")
    mental_grade: int | None = count(
        "精神障害者保健福祉手帳の等級", en="mental grade", unit="級", minimum=1, maximum=3, default=None
    )
    mental_until: date | None = day(
        "精神障害者保健福祉手帳の有効期限", en="mental certificate valid until", default=None
    )
    since: date | None = day("等級の認定日", en="since", default=None)

    def invariants(self) -> Iterator[str]:
        """What of certificates cannot be together."""
        if self.physical_grade is None and not self.intellectual_grade and self.mental_grade is None:
            yield "physical_grade (身体障害者手帳の等級): no certificate at all; give the fact as none"
        if self.physical_class is not None and self.physical_grade is None:
            yield "physical_grade (身体障害者手帳の等級): missing, but physical_class is given"
        if self.mental_until is not None and self.mental_grade is None:
            yield "mental_grade (精神障害者保健福祉手帳の等級): missing, but mental_until is given"


class CareLevel(Choice):
    """要介護状態区分等."""

    NOT_ELIGIBLE = 0, "非該当", "not eligible"
    SUPPORT_1 = 11, "要支援1", "support 1"
    SUPPORT_2 = 12, "要支援2", "support 2"
    CARE_1 = 21, "要介護1", "care 1"
    CARE_2 = 22, "要介護2", "care 2"
    CARE_3 = 23, "要介護3", "care 3"
    CARE_4 = 24, "要介護4", "care 4"
    CARE_5 = 25, "要介護5", "care 5"


@facts(title="要介護認定", about=Resident, found_by="市町村（介護認定審査会の審査判定による）")
class CareNeed:
    """What care a person needs (要介護認定); `none_of(CareNeed)` for somebody who never asked.

    Attributes:
        level: the level found.
        since: first day of validity.
        until: last day of validity.
    """

    level: CareLevel = choice("要介護状態区分", en="level")
    since: date | None = day("認定有効期間の始期", en="valid from", default=None)
    until: date | None = day("認定有効期間の終期", en="valid until", default=None)


@facts(title="生活保護", about=Resident, found_by="福祉事務所長")
class PublicAssistance:
    """That a person receives 生活保護; `none_of(PublicAssistance)` for somebody who does not.

    Attributes:
        since: first day.
        until: last day; None while it goes on.
        suspended: whether it is suspended (保護停止中).
    """

    since: date | None = day("保護開始日", en="since", default=None)
    until: date | None = day("保護廃止日", en="until", default=None)
    suspended: bool = flag("保護停止中", en="suspended", default=False)
