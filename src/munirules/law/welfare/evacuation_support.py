"""避難行動要支援者 (業務28): who stands on the roll of those who need help to evacuate, by which criterion, and who may see it.

Each municipality says in its disaster plan (地域防災計画) whom the roll lists; the criteria are rows, joined by "or".

Law: 災害対策基本法 (昭和36年法律第223号) 第49条の10 (名簿), 第49条の11 (提供には本人の同意; 条例に特別の定めがある場合を除く).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.calendar.rules import Attained, age_on
from munirules.engine.decision import MemberDecision, refuse
from munirules.engine.holds import never_above
from munirules.models.choices import Choice
from munirules.models.conditions import CareLevel, CareNeed, Disability
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, flag, rows
from munirules.models.household import Household
from munirules.models.resident import Resident
from munirules.tape import applied


class Consent(Choice):
    """Whether the person agrees that the roll is given to those who help."""

    NOT_STATED = 0, "未回答", "not stated"
    AGREED = 1, "同意", "agreed"
    REFUSED = 2, "拒否", "refused"


@row(title="障害の部位別等級")
class PartGrade:
    """One impairment of a 身体障害者手帳 with its own grade."""

    part: str = code("障害の部位", en="part")
    grade: int = count("等級", en="grade", unit="級", minimum=1, maximum=7)


@facts(title="避難行動要支援者の状況", about=Resident, found_by="市町村長")
class EvacuationState:
    """What else of a member the criteria ask for; none for a member who is not asked about.

    Attributes:
        at_home: whether the person lives at home, not in a facility or, for long, in a hospital.
        cannot_alone: whether the person, with the family alone, could not evacuate.
        intractable: whether the person has a certificate for an intractable disease (指定難病).
        supported_intractable: whether the municipality, besides, gives such a person support for living.
        requested: whether the person asked to be listed (手上げ).
        recognised: whether mayor or neighbourhood found that help is needed.
        consent: whether the roll may be given.
        only_heart_kidney: whether the 身体障害 is of heart or kidney only.
        parts: grades of the 身体障害者手帳 by what is impaired.
    """

    at_home: bool = flag("在宅", en="at home")
    cannot_alone: bool = flag("自力避難困難", en="cannot evacuate alone", default=False)
    intractable: bool = flag("指定難病", en="intractable disease", default=False)
    supported_intractable: bool = flag("生活支援を受けている難病患者", en="supported with it", default=False)
    requested: bool = flag("登録の希望", en="asked to be listed", default=False)
    recognised: bool = flag("支援が必要と認められた", en="recognised", default=False)
    consent: Consent = choice("情報提供の同意", en="consent", default=Consent.NOT_STATED)
    only_heart_kidney: bool = flag("心臓・じん臓機能障害のみ", en="heart or kidney only", default=False)
    parts: tuple[PartGrade, ...] = rows("部位別等級", en="parts", default=())

    def invariants(self) -> Iterator[str]:
        """Who is supported with a disease has it."""
        if self.supported_intractable and not self.intractable:
            yield "intractable (指定難病): false, but supported_intractable is true"


class LivingWith(Choice):
    """With whom a person lives."""

    ANY = 0, "問わない", "no matter"
    ALONE = 1, "単身", "alone"
    ALL_AGED = 2, "高齢者のみ（単身を含む）", "with aged persons only, or alone"


@row(title="要件")
class Criterion:
    """One criterion: its columns are joined by "and"; a column left out does not matter.

    Attributes:
        name: what to call it in the result.
        care_from: level of care from which.
        care_to: level of care to which.
        age_from: age from which.
        living: with whom the person lives.
        living_age: age from which members count as aged.
        physical_to: grade (総合等級) of the 身体障害者手帳 up to which; of the `part`, where one is named.
        physical_class: 第1種 or 第2種.
        part: what is impaired.
        but_heart_kidney: leaves out whose heart or kidney alone is impaired.
        intellectual: grade of the 療育手帳; `any` for all.
        mental_to: grade of the 精神障害者保健福祉手帳 up to which.
        intractable: needs an intractable disease.
        supported: and support for living with it.
        cannot_alone: needs that the person could not evacuate alone.
        requested: needs that the person asked for it.
        recognised: needs that the municipality or neighbourhood found so.
    """

    name: str = code("名称")
    care_from: CareLevel = choice("要介護状態区分（以上）", default=CareLevel.NOT_ELIGIBLE)
    care_to: CareLevel = choice("要介護状態区分（以下）", default=CareLevel.CARE_5)
    age_from: int = count("年齢（以上）", unit="歳", default=0)
    living: LivingWith = choice("世帯", default=LivingWith.ANY)
    living_age: int = count("高齢者の年齢", unit="歳", default=0)
    physical_to: int = count("身体障害者手帳（級以上）", unit="級", default=0)
    physical_class: int = count("身体障害者手帳の種別", unit="種", default=0)
    part: str = code("障害の部位", default="")
    but_heart_kidney: bool = flag("心臓・じん臓機能障害のみを除く", default=False)
    intellectual: str = code("療育手帳の程度", default="")
    mental_to: int = count("精神障害者保健福祉手帳（級以上）", unit="級", default=0)
    intractable: bool = flag("指定難病", default=False)
    supported: bool = flag("生活支援を受けている難病患者", default=False)
    cannot_alone: bool = flag("自力避難困難", default=False)
    requested: bool = flag("登録の希望", default=False)
    recognised: bool = flag("支援が必要と認められた", default=False)


@provision(title="避難行動要支援者の要件")
class EvacuationCriteria:
    """Whom the roll lists.

    Attributes:
        criteria: the rows, joined by "or". The nation's are an example for the municipalities, and count for nobody.
        at_home_only: whether only persons who live at home are listed.
        sharing: whether the roll is given beforehand with `consent`, or `unless_refused` (by an ordinance).
    """

    criteria: tuple[Criterion, ...] = rows("要件", national="reference")
    at_home_only: bool = flag("在宅の者に限る", national="reference")
    sharing: str = code("平常時の提供", options=("consent", "unless_refused"), default="consent")


@result(title="避難行動要支援者")
class EvacuationSupport:
    """Whether a member is listed, and why.

    Attributes:
        listed: whether the roll lists the person.
        criteria: names of the criteria that are met.
        shared: whether the roll may be given beforehand to those who help.
    """

    listed: bool = flag("名簿への登載", en="listed")
    criteria: tuple[str, ...]
    shared: bool = flag("平常時の情報提供", en="shared")


evacuation_support = MemberDecision(
    "welfare.evacuation_support",
    Household,
    EvacuationSupport,
    member=Resident,
    who="concerned",
    title="避難行動要支援者名簿",
    on="名簿の基準日",
    authority="市町村長",
    law="災害対策基本法第49条の10",
)


@evacuation_support.rule(title="判定する者", minor=True)
def concerned(state: EvacuationState | None) -> bool:
    """Whether a member is asked about."""
    return state is not None


@evacuation_support.rule(title="要件ごとの該当", minor=True)
def met(
    member: Resident,
    state: EvacuationState | None,
    care: CareNeed | None,
    disability: Disability | None,
    household: Household,
    roll: EvacuationCriteria,
    on: date,
) -> tuple[int, ...]:
    """The places of the criteria that are met."""
    found: list[int] = []
    if state is None or (roll.at_home_only and not state.at_home) or not present(member, on):
        return tuple(found)
    unknown = False
    for number in range(len(roll.criteria)):
        criterion = roll.criteria[number]
        if not (
            by_person(criterion, member, state, care, on)
            and by_household(criterion, member, household, on)
            and by_mind(criterion, disability, on)
        ):
            continue
        if criterion.physical_to > 0 or criterion.physical_class > 0:
            if disability is None or disability.physical_grade is None:
                continue
            if (criterion.part != "" and len(state.parts) == 0) or (
                criterion.physical_class > 0 and disability.physical_class is None
            ):
                unknown = True
                continue
            if not by_body(criterion, disability, state):
                continue
        applied("要件", criterion)
        found.append(number)
    if unknown and len(found) == 0:
        refuse("身体障害者手帳の種別又は部位別の等級が示されていないため、要件の判定ができない")
    return tuple(found)


@evacuation_support.rule(title="名簿への登載", law="災害対策基本法第49条の10")
def listed(met: tuple[int, ...]) -> bool:
    """Whether any criterion is met."""
    return len(met) > 0


@evacuation_support.rule(title="該当する要件")
def criteria(met: tuple[int, ...], roll: EvacuationCriteria) -> tuple[str, ...]:
    """Which they are."""
    return tuple([roll.criteria[number].name for number in met])


@evacuation_support.rule(title="平常時の情報提供", law="災害対策基本法第49条の11")
def shared(listed: bool, state: EvacuationState | None, roll: EvacuationCriteria) -> bool:
    """Whether the roll may be given before a disaster; in one, consent is not asked (第49条の11第3項)."""
    if not listed or state is None:
        return False
    return state.consent == Consent.AGREED or (roll.sharing == "unless_refused" and state.consent != Consent.REFUSED)


def by_person(criterion: Criterion, member: Resident, state: EvacuationState, care: CareNeed | None, on: date) -> bool:
    """Whether age, need of care, disease and what was asked or found meet a criterion."""
    if age_on(member.born_on, on, Attained.DAY_BEFORE) < criterion.age_from:
        return False
    if criterion.care_from != CareLevel.NOT_ELIGIBLE and (
        care is None
        or not criterion.care_from <= care.level <= criterion.care_to
        or (care.since is not None and care.since > on)
        or (care.until is not None and care.until < on)
    ):
        return False
    return (
        (not criterion.intractable or state.intractable)
        and (not criterion.supported or state.supported_intractable)
        and (not criterion.cannot_alone or state.cannot_alone)
        and (not criterion.requested or state.requested)
        and (not criterion.recognised or state.recognised)
    )


def by_household(criterion: Criterion, member: Resident, household: Household, on: date) -> bool:
    """Whether the other members meet a criterion."""
    if criterion.living == LivingWith.ANY:
        return True
    for other in household.members:
        if not present(other, on):
            continue
        if other.id != member.id and criterion.living == LivingWith.ALONE:
            return False
        if (
            criterion.living == LivingWith.ALL_AGED
            and age_on(other.born_on, on, Attained.DAY_BEFORE) < criterion.living_age
        ):
            return False
    return True


def by_mind(criterion: Criterion, disability: Disability | None, on: date) -> bool:
    """Whether 療育手帳 and 精神障害者保健福祉手帳 meet a criterion."""
    if criterion.intellectual == "" and criterion.mental_to == 0:
        return True
    if disability is None:
        return False
    grade = disability.intellectual_grade
    if criterion.intellectual != "" and (
        grade == "" or (criterion.intellectual != "any" and grade != criterion.intellectual)
    ):
        return False
    mental = disability.mental_grade
    expired = disability.mental_until is not None and disability.mental_until < on
    return criterion.mental_to == 0 or (mental is not None and not expired and mental <= criterion.mental_to)


def by_body(criterion: Criterion, disability: Disability, state: EvacuationState) -> bool:
    """Whether the 身体障害者手帳 meets a criterion."""
    if criterion.but_heart_kidney and state.only_heart_kidney:
        return False
    if criterion.physical_class > 0 and disability.physical_class != criterion.physical_class:
        return False
    if criterion.part != "":
        for own in state.parts:
            if own.part == criterion.part and own.grade <= criterion.physical_to:
                return True
        return False
    grade = disability.physical_grade
    return criterion.physical_to == 0 or (grade is not None and grade <= criterion.physical_to)


def present(member: Resident, on: date) -> bool:
    """Whether a member is a resident on a day and lives."""
    return (
        (member.moved_in_on is None or member.moved_in_on <= on)
        and (member.moved_out_on is None or on < member.moved_out_on)
        and (member.died_on is None or on <= member.died_on)
    )


evacuation_support.holds(never_above("shared", "listed"))
