"""身体障害者手帳 (業務49): the grade of several impairments together, and when the grade is looked at again.

Law: 身体障害者福祉法 (昭和24年法律第283号) 第15条; its 施行規則 別表第5号 備考; 身体障害認定基準 (平成15年障発第0110001号, 合計指数) and
平成12年障第276号 (再認定). The prefecture, designated or core city decides on the opinion of a designated doctor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.calendar import Overflow, add_months
from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import monotone, never_above, never_below
from munirules.models.choices import Choice
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, count, day, rows
from munirules.tape import applied


class BodyPart(Choice):
    """What is impaired."""

    OTHER = 0, "内部障害等", "internal organ or other"
    VISION = 1, "視覚", "vision"
    HEARING = 2, "聴覚", "hearing"
    BALANCE = 3, "平衡機能", "balance"
    SPEECH = 4, "音声・言語・そしゃく", "voice, speech or chewing"
    RIGHT_ARM = 5, "右上肢", "right arm"
    LEFT_ARM = 6, "左上肢", "left arm"
    RIGHT_LEG = 7, "右下肢", "right leg"
    LEFT_LEG = 8, "左下肢", "left leg"
    TRUNK = 9, "体幹", "trunk"


@facts(title="障害")
class Impairment:
    """One impairment with its own grade.

    Attributes:
        part: what is impaired.
        grade: its grade by the table, 1 to 7.
        loss_grade: of an arm or leg with several impairments, the grade that losing it above the impaired place has; the
            indexes of the limb are summed up to that of this grade. None where the limb has one impairment.
    """

    part: BodyPart = choice("部位", en="part")
    grade: int = count("個別の等級", en="grade", unit="級", minimum=1, maximum=7)
    loss_grade: int | None = count(
        "その部位から欠いた場合の等級", en="grade of loss", unit="級", minimum=1, maximum=7, default=None
    )

    def invariants(self) -> Iterator[str]:
        """Only an arm or a leg can be lost."""
        if self.loss_grade is not None and self.part not in LIMBS:
            yield f"loss_grade (その部位から欠いた場合の等級): given, but part is {self.part.label}; only an arm or a leg has one"


@facts(title="障害の一覧", found_by="都道府県知事・指定都市・中核市の長（指定医の診断書・意見書による）")
class Impairments:
    """All impairments of a person.

    Attributes:
        impairments: one or several.
    """

    impairments: tuple[Impairment, ...] = rows("障害", en="impairments")

    def invariants(self) -> Iterator[str]:
        """Several impairments of one limb say what its loss would be."""
        if not self.impairments:
            yield "impairments (障害): none; give one at least"
        for limb in LIMBS:
            own = [each for each in self.impairments if each.part == limb]
            if len(own) > 1 and all(each.loss_grade is None for each in own):
                yield f"impairments (障害): {len(own)} of {limb.label}, and none says loss_grade, up to which they are summed"


LIMBS = (BodyPart.RIGHT_ARM, BodyPart.LEFT_ARM, BodyPart.RIGHT_LEG, BodyPart.LEFT_LEG)
LEGS = (BodyPart.RIGHT_LEG, BodyPart.LEFT_LEG)


@row(title="指数")
class IndexRow:
    """The index of a grade, in halves, and from which sum the grade is given (0 for never)."""

    grade: int = count("等級", unit="級")
    index: int = count("指数の2倍")
    least_sum: int = count("合計指数の2倍（以上）", default=0)


@provision(title="合計指数")
class CombinedIndex:
    """Indexes by grade, and the sums of each grade. They are in halves, as grade 7 has 0.5."""

    table: tuple[IndexRow, ...] = rows("指数表", ascending="grade", by="nation")


@provision(title="再認定の時期")
class ReassessmentTerms:
    """Within which time after the assessment another is ordered."""

    from_years: int = count("再認定の時期（以後）", unit="年", by="nation")
    to_years: int = count("再認定の時期（以内）", unit="年", by="nation")


@result(title="障害等級")
class CombinedGrade:
    """The grade of all impairments together.

    Attributes:
        index: the sum of indexes, in halves.
        grade: 1 to 6; 0 where no certificate is given.
    """

    index: int = count("合計指数の2倍", en="sum of indexes, in halves")
    grade: int = count("等級", en="grade", unit="級")


@facts(title="再認定を要する認定", found_by="都道府県知事・指定都市・中核市の長（指定医の意見による）")
class Assessment:
    """An assessment after which another is needed, since the impairment is expected to change.

    Attributes:
        assessed_on: day of the assessment, or of the last one.
        after_months: after how many months the next is needed, as who decides found.
    """

    assessed_on: date = day("障害認定日", en="assessed on")
    after_months: int = count("再認定までの月数", en="months to the next", unit="月", minimum=1)


@result(title="再認定の時期")
class Reassessment:
    """When the next assessment is due, and within which days it may be ordered."""

    earliest: date = day("時期の始め", en="not before")
    due_on: date = day("再認定日", en="due on")
    latest: date = day("時期の終わり", en="not after")


AUTHORITY = "都道府県知事・指定都市・中核市の長（他の市町村長は経由）"

combined_grade = Decision(
    "welfare.disability_certificate",
    Impairments,
    CombinedGrade,
    title="身体障害者手帳の等級",
    on="障害認定日",
    authority=AUTHORITY,
    role="forwards",
    law="身体障害者福祉法第15条第4項、施行規則別表第5号",
)
reassessment = Decision(
    "welfare.disability_certificate.reassessment",
    Assessment,
    Reassessment,
    title="身体障害者手帳の再認定",
    on="障害認定日",
    authority=AUTHORITY,
    role="forwards",
    law="平成12年障第276号",
)


@combined_grade.rule(title="合計指数（2倍）", law="身体障害認定基準 第2の3")
def index(person: Impairments, by: CombinedIndex) -> int:
    """The sum of indexes, in halves.

    The impairments of one limb count up to the index of its loss; of voice, speech and chewing only the gravest counts; trunk
    and legs are not summed, the graver of the two counts.
    """
    total = 0
    legs = 0
    for limb in LIMBS:
        own = limb_index(person, limb, by)
        if limb == BodyPart.RIGHT_LEG or limb == BodyPart.LEFT_LEG:
            legs += own
        else:
            total += own
    speech = 0
    trunk = 0
    for each in person.impairments:
        own = index_of(by, each.grade)
        if each.part == BodyPart.SPEECH:
            speech = max(speech, own)
        elif each.part == BodyPart.TRUNK:
            trunk = max(trunk, own)
        elif each.part < BodyPart.RIGHT_ARM:
            total += own
    return total + speech + max(trunk, legs)


@combined_grade.rule(title="等級", law="身体障害者福祉法施行規則別表第5号備考")
def grade(index: int, by: CombinedIndex) -> int:
    """The highest grade whose sum is reached; 0 for a single impairment of grade 7, which gives no certificate."""
    for step in by.table:
        if step.least_sum > 0 and index >= step.least_sum:
            applied("指数表", step)
            return step.grade
    return 0


@reassessment.rule(title="時期の始め", law="平成12年障第276号")
def earliest(found: Assessment, terms: ReassessmentTerms) -> date:
    """The first day on which another assessment may be ordered for."""
    return add_months(found.assessed_on, terms.from_years * 12, Overflow.LAST_DAY)


@reassessment.rule(title="時期の終わり", law="平成12年障第276号")
def latest(found: Assessment, terms: ReassessmentTerms) -> date:
    """The last one."""
    return add_months(found.assessed_on, terms.to_years * 12, Overflow.LAST_DAY)


@reassessment.rule(title="再認定日", law="平成12年障第276号")
def due_on(found: Assessment, terms: ReassessmentTerms) -> date:
    """The day so many months later; the notice allows one to five years."""
    if found.after_months < terms.from_years * 12 or found.after_months > terms.to_years * 12:
        refuse("再認定の時期は、障害認定日又は再認定を実施した日から1年以上5年以内とする（平成12年障第276号）")
    return add_months(found.assessed_on, found.after_months, Overflow.LAST_DAY)


def index_of(by: CombinedIndex, grade: int) -> int:
    """Return the index of a grade, in halves."""
    for step in by.table:
        if step.grade == grade:
            return step.index
    return 0


def limb_index(person: Impairments, limb: BodyPart, by: CombinedIndex) -> int:
    """Return the index of one limb, in halves: the sum of its impairments, up to that of its loss."""
    total = 0
    most = 0
    for each in person.impairments:
        if each.part == limb:
            total += index_of(by, each.grade)
            if each.loss_grade is not None:
                most = max(most, index_of(by, each.loss_grade))
    return min(total, most) if most > 0 else total


combined_grade.holds(
    monotone("index", by="Impairment.grade", falling=True),
    monotone("grade", by="Impairment.grade", cliffs=(7,), because="7級の障害1つのみでは手帳の対象とならない（等級0）"),
)
reassessment.holds(never_below("due_on", "earliest"), never_above("due_on", "latest"))
