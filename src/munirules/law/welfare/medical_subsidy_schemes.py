"""Schemes of medical subsidies as data: who they are for, which incomes they test; and how a person is held against them. For rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.engine.decision import refuse
from munirules.law.welfare.income import income_year
from munirules.law.welfare.medical_subsidy_payment import NO_LIMIT, CopayRow, TaxClass, age_end
from munirules.models.choices import Choice
from munirules.models.conditions import Disability, PublicAssistance
from munirules.models.declare import facts, provision, row
from munirules.models.fields import choice, code, count, day, flag, rows, yen
from munirules.models.income import IncomeStatus
from munirules.models.resident import Resident


class Position(Choice):
    """What somebody is in a family of a single parent."""

    PARENT = 1, "配偶者のない父母", "parent without a spouse"
    CHILD = 2, "その児童", "their child"
    ORPHAN = 3, "父母のない児童", "child without parents"


@facts(title="ひとり親家庭等", about=Resident, found_by="市町村長")
class LoneFamily:
    """That a member belongs to a family of a single parent; none for who does not.

    Attributes:
        position: what the member is in it.
        youngest_born_on: of a parent: day of birth of the youngest child that the parent maintains.
        student: whether that child, or the member itself, goes to a senior high school or the like.
    """

    position: Position = choice("区分", en="position")
    youngest_born_on: date | None = day("末子の生年月日", en="youngest child born on", default=None)
    student: bool = flag("高等学校等に在学", en="goes to high school", default=False)

    def invariants(self) -> Iterator[str]:
        """A parent has a child."""
        if (self.position == Position.PARENT) != (self.youngest_born_on is not None):
            yield "youngest_born_on (末子の生年月日): given for a parent, and only for one"


class Side(Choice):
    """Whose income is tested."""

    SELF = 0, "本人・養育者", "the person, or the parent"
    OTHER = 1, "配偶者・扶養義務者", "spouse or relative who must support"


@row(title="判定する所得")
class CountedIncome:
    """One person's income as the office found it after the deductions that the scheme's law takes off.

    Attributes:
        side: whose it is.
        status: declared, undeclared or unknown.
        amount: income after deductions; None where the test does not need it.
        levy: 市町村民税所得割 for the test (before credits that it leaves out); None likewise.
        dependants: 扶養親族等の数.
        old: those of them who are 老人扶養親族 (or an old spouse) and raise the limit.
        young: those of them who are 特定扶養親族 or from 16 to 18 and raise the limit.
    """

    side: Side = choice("区分", en="side")
    status: IncomeStatus = choice("申告の状況", en="status", default=IncomeStatus.DECLARED)
    amount: int | None = yen("控除後の所得額", en="income after deductions", default=None)
    levy: int | None = yen("所得割額", en="income levy", default=None)
    dependants: int = count("扶養親族等の数", en="dependants", unit="人", default=0)
    old: int = count("加算対象の老人扶養親族", en="old dependants", unit="人", default=0)
    young: int = count("加算対象の特定扶養親族等", en="young dependants", unit="人", default=0)


@facts(title="医療費助成の所得", about=Resident, found_by="市町村長")
class SubsidyIncomes:
    """The incomes that count for a member's certificate; none where no test is made.

    Attributes:
        year: calendar year in which they were earned.
        incomes: each person's.
        tax_class: how the household is taxed, where own payments depend on it.
    """

    year: int = count("所得の年", en="year of income", unit="年", minimum=1950, maximum=9999)
    incomes: tuple[CountedIncome, ...] = rows("判定する所得", en="incomes", default=())
    tax_class: TaxClass = choice("課税区分", en="tax class", default=TaxClass.ANY)


class SubsidyKind(Choice):
    """乳幼児・子ども, 重度心身障害者, ひとり親."""

    CHILD = 1, "乳幼児・子ども", "children"
    SEVERE = 2, "重度心身障害者", "severely disabled"
    LONE_FAMILY = 3, "ひとり親家庭等", "single parents' families"


@row(title="助成の区分")
class Scheme:
    """One scheme of an ordinance; of several that fit, the first applies.

    Attributes:
        name: name.
        kind: kind.
        until_age: age to which children are aided; 0 where age does not matter.
        ends: when one is past it: with the March after it is attained (`school_year`), with the month in which it is
            attained (`attained_month`: the day before the birthday) or with that of the birthday (`birthday_month`).
        student_to_age: age to whose birthday's month a child who goes to high school is aided; 0 for no such rule.
        criteria: name of the rows of `MedicalCriteria.criteria` that say who is severely disabled.
        test: name of the income test; empty for none.
        payment: `none`, or the name of the rows that say what the person pays.
        month_cap: what a person pays in a month at most, whatever the institutions.
        care: `all`, or `inpatient` only.
        meals: whether the standard share of meals in hospital is aided too.
        not_on_assistance: whether who receives 生活保護 is left out.
        claim_days: days from the event within which a claim counts from it.
        on_time: from when such a claim counts: the `event`, or the first of its `event_month`.
        late: from when another counts: the `claim`, or the first of its `claim_month`.
    """

    name: str = code("名称")
    kind: SubsidyKind = choice("種別")
    until_age: int = count("年齢（以下）", unit="歳", default=0)
    ends: str = code("年齢の終期", options=("school_year", "attained_month", "birthday_month"), default="school_year")
    student_to_age: int = count("在学者の年齢", unit="歳", default=0)
    criteria: str = code("障害の程度の基準", default="")
    test: str = code("所得制限", default="")
    payment: str = code("一部負担金")
    month_cap: int = yen("月の負担限度額", default=NO_LIMIT)
    care: str = code("対象の診療", options=("all", "inpatient"), default="all")
    meals: bool = flag("食事療養標準負担額を含む", default=False)
    not_on_assistance: bool = flag("生活保護受給者を除く", default=False)
    claim_days: int = count("申請期間", unit="日", default=0)
    on_time: str = code("期間内の始期", options=("event", "event_month"), default="event")
    late: str = code("期間後の始期", options=("claim", "claim_month"), default="claim_month")


NO_SCHEME = Scheme(name="", kind=SubsidyKind.CHILD, payment="none")


@row(title="重度障害の基準")
class SevereCriterion:
    """Who is severely disabled; rows of one name are joined by "or", columns of a row by "and".

    Attributes:
        name: name of the list.
        physical_to: grade of the 身体障害者手帳 up to which; 0 where it does not matter.
        intellectual: grade of the 療育手帳; empty likewise.
        mental_to: grade of the 精神障害者保健福祉手帳 up to which; 0 likewise.
    """

    name: str = code("名称")
    physical_to: int = count("身体障害者手帳（級以上）", unit="級", default=0)
    intellectual: str = code("療育手帳の程度", default="")
    mental_to: int = count("精神障害者保健福祉手帳（級以上）", unit="級", default=0)


@row(title="所得制限")
class IncomeTest:
    """How incomes are compared with limits.

    Attributes:
        name: name.
        measure: `income` after deductions, or the `levy`.
        bound: whether the limit itself is out (`below`) or in (`up_to`).
        summed: whether the persons are added up; else each is compared.
        first_month: month from which last year's income counts; before it, that of the year before.
        step_self: what each dependant past the table adds; -1 where that was not read.
        step_other: likewise for a spouse or relative.
        old_self: what an old dependant adds.
        young_self: what a 特定扶養親族 or one from 16 to 18 adds.
        old_other: what an old dependant of a spouse or relative adds.
    """

    name: str = code("名称")
    measure: str = code("判定するもの", options=("income", "levy"), default="income")
    bound: str = code("判定", options=("below", "up_to"))
    summed: bool = flag("合算", default=False)
    first_month: int = count("前年の所得による最初の月", unit="月", minimum=1, maximum=12)
    step_self: int = yen("1人増すごと（本人）", minimum=-1, default=-1)
    step_other: int = yen("1人増すごと（扶養義務者等）", minimum=-1, default=-1)
    old_self: int = yen("老人扶養親族の加算（本人）", default=0)
    young_self: int = yen("特定扶養親族等の加算（本人）", default=0)
    old_other: int = yen("老人扶養親族の加算（扶養義務者等）", default=0)


@row(title="所得制限額")
class IncomeLimit:
    """A limit by number of dependants; rows of one test and side ascend."""

    test: str = code("所得制限の名称")
    side: Side = choice("区分")
    dependants: int = count("扶養親族等の数", unit="人")
    limit: int = yen("所得制限額")


@row(title="種別")
class NamedKind:
    """A kind of scheme in a list of kinds."""

    kind: SubsidyKind = choice("種別")


@provision(title="医療費助成の区分")
class MedicalSchemes:
    """The municipality's schemes.

    Attributes:
        schemes: its own; of several that fit, the first applies.
        adopted: kinds that follow the prefecture's base; they come before its own.
        not_recorded: kinds that it aids though nothing of how is recorded here; who may be of such a kind is not judged.
    """

    schemes: tuple[Scheme, ...] = rows("助成の区分")
    adopted: tuple[NamedKind, ...] = rows("県の基準による種別", default=())
    not_recorded: tuple[NamedKind, ...] = rows("収録していない種別", default=())


@provision(title="医療費助成の県の基準")
class MedicalBase:
    """What the prefecture subsidises. It counts only for a municipality that adopts it."""

    base_schemes: tuple[Scheme, ...] = rows("県の基準", by="prefecture", default=())


@provision(title="医療費助成の対象と所得制限")
class MedicalCriteria:
    """Lists that schemes refer to by name; those of the prefecture stand where the municipality has none of its own."""

    criteria: tuple[SevereCriterion, ...] = rows("重度障害の基準", default=())
    tests: tuple[IncomeTest, ...] = rows("所得制限", default=())
    limits: tuple[IncomeLimit, ...] = rows("所得制限額", default=())


@provision(title="医療費助成の一部負担金")
class MedicalCopays:
    """What the person pays, by scheme, care and tax class; the first row that fits applies."""

    copays: tuple[CopayRow, ...] = rows("一部負担金", default=())


def adopts(own: MedicalSchemes, kind: SubsidyKind) -> bool:
    """Whether a kind follows the prefecture's base."""
    for adopted in own.adopted:
        if adopted.kind == kind:
            return True
    return False


def check_recorded(
    own: MedicalSchemes, base: MedicalBase, disability: Disability | None, family: LoneFamily | None
) -> None:
    """Refuse where a person for whom nothing fits may be of a kind of which nothing is recorded."""
    for named in own.not_recorded:
        if concerns(named.kind, disability, family):
            refuse("この種別の医療費助成の定めは収録していないため、判定できない")
    for named in own.adopted:
        recorded = False
        for scheme in base.base_schemes:
            if scheme.kind == named.kind:
                recorded = True
        if not recorded and concerns(named.kind, disability, family):
            refuse("この種別が従う県の基準は、この日について収録していない")


def concerns(kind: SubsidyKind, disability: Disability | None, family: LoneFamily | None) -> bool:
    """Whether somebody may be of a kind at all."""
    if kind == SubsidyKind.SEVERE:
        return disability is not None
    return kind == SubsidyKind.CHILD or family is not None


def scheme_at(own: MedicalSchemes, base: MedicalBase, number: int) -> Scheme:
    """The scheme of a place among the base's and the municipality's."""
    if number < len(base.base_schemes):
        return base.base_schemes[number]
    return own.schemes[number - len(base.base_schemes)]


def assistance_on(assistance: PublicAssistance, on: date) -> bool:
    """Whether 生活保護 is received on a day."""
    return (assistance.since is None or assistance.since <= on) and (assistance.until is None or on <= assistance.until)


def born_of(member: Resident, family: LoneFamily | None) -> date:
    """Whose age counts: the youngest child's for a single parent, else one's own."""
    if family is not None and family.youngest_born_on is not None:
        return family.youngest_born_on
    return member.born_on


def last_day(scheme: Scheme, born_on: date, family: LoneFamily | None) -> date:
    """The last day that the age allows."""
    last = age_end(born_on, scheme.until_age, scheme.ends)
    if scheme.student_to_age > 0 and family is not None and family.student:
        return max(last, age_end(born_on, scheme.student_to_age, "birthday_month"))
    return last


def fits(
    scheme: Scheme,
    member: Resident,
    disability: Disability | None,
    family: LoneFamily | None,
    lists: MedicalCriteria,
    on: date,
) -> bool:
    """Whether a scheme is for somebody, income aside."""
    if scheme.kind == SubsidyKind.LONE_FAMILY:
        return family is not None and on <= last_day(scheme, born_of(member, family), family)
    if scheme.until_age > 0 and on > age_end(member.born_on, scheme.until_age, scheme.ends):
        return False
    if scheme.kind == SubsidyKind.CHILD:
        return True
    return disability is not None and severe(scheme.criteria, lists, disability, on)


def severe(name: str, lists: MedicalCriteria, disability: Disability, on: date) -> bool:
    """Whether certificates meet one row of a list."""
    physical = disability.physical_grade
    mental = disability.mental_grade
    if disability.mental_until is not None and disability.mental_until < on:
        mental = None
    for criterion in lists.criteria:
        if criterion.name != name:
            continue
        if criterion.physical_to > 0 and (physical is None or physical > criterion.physical_to):
            continue
        if criterion.intellectual != "" and disability.intellectual_grade != criterion.intellectual:
            continue
        if criterion.mental_to > 0 and (mental is None or mental > criterion.mental_to):
            continue
        return True
    return False


def passes(name: str, lists: MedicalCriteria, incomes: SubsidyIncomes | None, on: date) -> bool:
    """Whether every income is within its limit; refuses where an income is not known."""
    if incomes is None or len(incomes.incomes) == 0:
        refuse("所得制限の判定に必要な所得が示されていない")
    for test in lists.tests:
        if test.name != name:
            continue
        if incomes.year != income_year(on, test.first_month):
            refuse("所得の年が、診療月の判定に用いる年と異なる")
        total = 0
        within = True
        for income in incomes.incomes:
            total += measured(income, test)
            if not test.summed:
                within = within and inside(test, lists, income, measured(income, test))
        return inside(test, lists, incomes.incomes[0], total) if test.summed else within
    refuse("所得制限の定めが収録されていない")


def measured(income: CountedIncome, test: IncomeTest) -> int:
    """What of an income is compared."""
    amount = income.levy if test.measure == "levy" else income.amount
    if income.status != IncomeStatus.DECLARED:
        refuse("所得が未申告又は不明のため、所得制限の判定ができない")
    if amount is None:
        refuse("所得制限の判定に必要な所得額又は所得割額が示されていない")
    return amount


def inside(test: IncomeTest, lists: MedicalCriteria, income: CountedIncome, amount: int) -> bool:
    """Whether an amount is within the limit of a side; a side without a limit is not tested."""
    last = NO_LIMIT
    most = -1
    for candidate in lists.limits:
        if (
            candidate.test == test.name
            and candidate.side == income.side
            and most < candidate.dependants <= income.dependants
        ):
            last = candidate.limit
            most = candidate.dependants
    if most < 0:
        return True
    if income.side == Side.SELF:
        step = test.step_self
        last += income.old * test.old_self + income.young * test.young_self
    else:
        step = test.step_other
        last += income.old * test.old_other
    beyond = income.dependants - most
    if beyond > 0 and test.measure == "income":
        if step < 0:
            refuse("扶養親族等の数に応じた所得制限額が収録されていない")
        last += beyond * step
    return amount < last if test.bound == "below" else amount <= last
