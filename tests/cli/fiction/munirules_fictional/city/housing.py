"""Rents of the fictional city's houses: two decisions, the second of which rests on the first."""

from __future__ import annotations

from datetime import date

from munirules import Decision, Each, MemberDecision, Sen, Yen, facts, provision, refuse, result
from munirules.models.fields import code, count, day, quantity, rows, sen, yen
from munirules.money import to_yen


@facts(title="世帯員")
class Tenant:
    """A member of the household."""

    id: str = code("番号")
    born_on: date = day("生年月日", en="born on")


@facts(title="入居世帯")
class Tenancy:
    """A household in a municipal house."""

    tenants: tuple[Tenant, ...] = rows("世帯員")
    floor_area: int = quantity("床面積", unit="m²", minimum=1, maximum=500)


@facts(title="所得", about=Tenant)
class Income:
    """The income of a member."""

    amount: int = yen("所得額")


@facts(title="障害", about=Tenant)
class Disability:
    """A member's disability."""

    grade: int = count("等級", minimum=1, maximum=6)


@facts(title="収入超過の認定", found_by="市長")
class Excess:
    """Whether the household earns too much for a municipal house."""

    years: int = count("年数")


@provision(title="家賃の率")
class RentRates:
    """What a square metre costs."""

    per_square: int = sen("1m²当たり")
    round_total: int = yen("端数単位")
    exempt_below: int = yen("免除の所得限度")


@result(title="控除後所得")
class Counted:
    """The income of a member that counts."""

    counted: Yen


@result(title="家賃")
class Rent:
    """The rent of a month."""

    gross: Sen
    total: Yen


counted_income = MemberDecision(
    "housing.counted_income", Tenancy, Counted, member=Tenant, title="控除後所得", on="基準日", authority="架空市長"
)
monthly_rent = Decision(
    "housing.monthly_rent",
    Tenancy,
    Rent,
    title="市営住宅の家賃",
    on="月の初日",
    authority="架空市長",
    law="公営住宅法第16条",
)


@counted_income.rule(title="控除後所得")
def counted(tenant: Tenant, income: Income, disability: Disability | None) -> Yen:
    """Income less a deduction for disability."""
    return income.amount if disability is None else max(income.amount - 270000, 0)


@monthly_rent.rule(title="世帯の所得")
def household_income(results: Each[Counted]) -> Yen:
    """The members together."""
    return sum([one.counted for one in results])


@monthly_rent.rule(title="減額前の家賃", law="条例第12条")
def gross(tenancy: Tenancy, rates: RentRates, excess: Excess | None) -> Sen:
    """Area times price; the law has nobody stay who earned too much for three years."""
    if excess is not None and excess.years >= 3:
        refuse("収入超過が3年以上 (条例第20条)")
    return tenancy.floor_area * rates.per_square


@monthly_rent.rule(title="家賃")
def total(gross: Sen, household_income: Yen, rates: RentRates) -> Yen:
    """The rent in yen; nothing below the limit."""
    if household_income < rates.exempt_below:
        return 0
    return to_yen(gross, floor=rates.round_total)
