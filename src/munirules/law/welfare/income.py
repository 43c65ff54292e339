"""The income (所得) that benefit law tests: what is added up, what is taken off, whom it is the income of.

The core fact `Income` holds the parts as the tax roll has them; each allowance's order says by its `Deductions` how much
each takes off. Months before the year's income is known stand on the year before (`income_year`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from munirules.calendar import law_year
from munirules.engine.decision import refuse
from munirules.models.declare import facts, provision, row
from munirules.models.fields import count, flag, reference, rows, yen
from munirules.models.household import Household
from munirules.models.income import Income, IncomeStatus, Spouse, Widowhood, dependants_of
from munirules.models.references import no_such_id
from munirules.models.resident import Resident

__all__ = ["Deductions", "MaintainedChildren", "Obligor", "Obligors", "dependants_of"]


@provision(title="所得から控除する額")
class Deductions:
    """What an allowance's order takes off the income, in yen; for persons, each."""

    social_insurance: int = yen("社会保険料相当額", by="nation")
    employment_pension: int = yen("給与所得・公的年金等に係る所得から控除する額", by="nation")
    disabled: int = yen("障害者控除", by="nation")
    specially_disabled: int = yen("特別障害者控除", by="nation")
    widow: int = yen("寡婦控除", by="nation")
    widower: int = yen("寡夫控除", by="nation")
    special_widow: int = yen("特別の寡婦に係る控除", by="nation")
    single_parent: int = yen("ひとり親控除", by="nation")
    working_student: int = yen("勤労学生控除", by="nation")
    spouse_special: bool = flag("配偶者特別控除額を控除する", by="nation")
    livestock: bool = flag("肉用牛の売却による免除額を控除する", by="nation")


@facts(title="生計を維持した児童", about=Resident)
class MaintainedChildren:
    """Children whom a recipient maintained at the end of a year though they are no 扶養親族 of the recipient; none for none.

    Attributes:
        year: the year of income.
        number: how many.
    """

    year: int = count("所得の年", en="year of income", unit="年", minimum=1950, maximum=9999)
    number: int = count("児童の数", en="children", unit="人")


@row(title="扶養義務者等")
class Obligor:
    """A member whose income counts beside the recipient's."""

    member: str = reference("世帯員", en="member")


@facts(title="配偶者及び扶養義務者")
class Obligors:
    """The recipient's spouse and relatives who must support one another (民法第877条第1項) and share the livelihood.

    Attributes:
        members: who they are; none for nobody.
    """

    members: tuple[Obligor, ...] = rows("扶養義務者等", en="obligors", default=())

    def invariants(self) -> Iterator[str]:
        """Nobody stands twice."""
        ids = [obligor.member for obligor in self.members]
        for index, own in enumerate(ids):
            if own in ids[:index]:
                yield f"members[{index}].member (世帯員): {own!r} stands twice"

    def invariants_with(self, household: Household) -> Iterator[str]:
        """Each is a member."""
        ids = [member.id for member in household.members]
        for index, obligor in enumerate(self.members):
            if obligor.member not in ids:
                yield f"members[{index}].member (世帯員): {no_such_id(obligor.member, ids)}"


def is_obligor(obligors: Obligors, member: str) -> bool:
    """Whether a member's income counts beside the recipient's."""
    for obligor in obligors.members:
        if obligor.member == member:
            return True
    return False


def income_year(on: date, first_month: int) -> int:
    """Return the year whose income counts for a month: the one before the benefit year's, which begins in a month."""
    return law_year(on, first_month) - 1


def tested_income(income: Income, off: Deductions, added: int, widowed: bool) -> int:
    """Return the income that limits are compared with, in yen; 0 where deductions take all.

    Args:
        income: what the tax roll has.
        off: what the allowance's order takes off.
        added: what the order counts as income beside, in yen (child support).
        widowed: whether the deductions for the widowed and for single parents are taken.

    The law refuses an income that nobody declared or that is not known: nothing can be found then.
    """
    paid = income.employment_income + income.pension_income
    total = total_income(income) + added - min(paid, off.employment_pension) - off.social_insurance
    total -= personal_deductions(income, off)
    if widowed:
        total -= widow_deduction(income.widowhood, off)
    return max(total, 0)


def total_income(income: Income) -> int:
    """Return what the tax roll has in all, in yen, before deductions; refuses where that is not known."""
    if income.status == IncomeStatus.UNDECLARED:
        refuse("所得が未申告のため、支給制限の判定ができない。住民税の申告が必要である")
    if income.status == IncomeStatus.UNKNOWN or income.comprehensive_income is None:
        refuse("総所得金額が不明のため、支給制限の判定ができない。課税した市町村への照会が必要である")
    return (
        income.comprehensive_income
        + income.retirement_income
        + income.forestry_income
        + income.land_business_income
        + income.long_term_gains
        + income.short_term_gains
        + income.futures_income
        + income.treaty_income
    )


def personal_deductions(income: Income, off: Deductions) -> int:
    """Return the deductions for disability and work, and those of the amount that the tax roll has."""
    total = (
        income.casualty_deduction
        + income.medical_deduction
        + income.mutual_aid_deduction
        + income.disabled * off.disabled
        + income.specially_disabled * off.specially_disabled
    )
    if income.working_student:
        total += off.working_student
    if off.spouse_special:
        total += income.spouse_special_deduction
    if off.livestock:
        total += income.livestock_exempt
    return total


def widow_deduction(widowhood: Widowhood, off: Deductions) -> int:
    """Return the deduction for the widowed and for single parents."""
    if widowhood == Widowhood.WIDOW:
        return off.widow
    if widowhood == Widowhood.WIDOWER:
        return off.widower
    if widowhood == Widowhood.SPECIAL_WIDOW:
        return off.special_widow
    if widowhood == Widowhood.SINGLE_PARENT:
        return off.single_parent
    return 0


def old_dependants(income: Income) -> int:
    """Return how many of the dependants are 老人扶養親族 or a spouse of the same livelihood of 70 or older."""
    return income.dependants_from_70 + (1 if income.spouse == Spouse.FROM_70 else 0)


def young_dependants(income: Income) -> int:
    """Return how many dependants are 特定扶養親族 or from 16 to 18 years old."""
    return income.dependants_16_to_18 + income.dependants_19_to_22


def old_for_obligor(income: Income) -> int:
    """Return how many 老人扶養親族 raise an obligor's limit: one fewer where all dependants are such."""
    old = income.dependants_from_70
    return old - 1 if old > 0 and old == dependants_of(income) else old
