"""What a person pays of a month's care under a medical subsidy: a fee a day, a first visit, a share, caps. For rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, NamedTuple

from munirules.calendar.civil import make_date
from munirules.calendar.rules import Attained, attained_on, birthday_in, days_in_month, first_march_31
from munirules.engine.decision import refuse
from munirules.law.welfare.months import month_of
from munirules.models.choices import Choice
from munirules.models.declare import facts, row
from munirules.models.fields import choice, code, count, day, flag, rate, rows, yen
from munirules.models.resident import Resident
from munirules.money import SEN_PER_YEN, Rate, Rounding, Yen, quotient
from munirules.tape import applied

NO_LIMIT = 2**53
"""A cap that nothing reaches."""


class TaxClass(Choice):
    """How a household is taxed, where own payments differ by it."""

    ANY = 0, "区分なし", "no matter"
    TAXED = 1, "課税", "taxed"
    UNTAXED = 2, "非課税", "untaxed"
    LOW = 3, "低所得", "low income"


class Care(Choice):
    """Kinds of care that own payments tell apart."""

    ANY = 0, "全て", "any"
    OUTPATIENT = 1, "通院", "outpatient"
    DENTAL = 2, "歯科", "dental"
    INPATIENT = 3, "入院", "inpatient"
    PHARMACY = 4, "調剤", "pharmacy"


@row(title="受診")
class CareItem:
    """What one institution charged for a day, or for a stay.

    Attributes:
        institution: which one.
        care: kind.
        on: day, or first day of the stay in the month.
        days: days of the stay in the month.
        share: what insurance leaves to the person, in yen.
        cost: what the care cost in all, where a share of it is paid; 0 where it does not matter.
        meals: standard share of meals in hospital.
        first_visit: whether it was a first visit (初診).
        in_kind: whether the certificate was shown, so that only the own payment was paid at the counter (現物給付).
    """

    institution: str = code("医療機関", en="institution")
    care: Care = choice("診療の種類", en="care")
    on: date = day("受診日", en="day")
    days: int = count("日数", en="days", unit="日", minimum=1, default=1)
    share: int = yen("自己負担額", en="share")
    cost: int = yen("医療費総額", en="cost", default=0)
    meals: int = yen("食事療養標準負担額", en="meals", default=0)
    first_visit: bool = flag("初診", en="first visit", default=False)
    in_kind: bool = flag("現物給付", en="certificate shown", default=True)


@facts(title="月の受診", about=Resident)
class MedicalMonth:
    """A member's care in a month; none where only eligibility is asked.

    Attributes:
        items: by institution, kind and day.
        other_benefits: what other law pays for it (高額療養費, 付加給付, 災害共済給付).
    """

    items: tuple[CareItem, ...] = rows("受診", en="items")
    other_benefits: int = yen("他の給付", en="other benefits", default=0)

    def invariants(self) -> Iterator[str]:
        """One row for an institution, kind and day."""
        seen: list[tuple[str, Care, date]] = []
        for index, item in enumerate(self.items):
            key = (item.institution, item.care, item.on)
            if key in seen:
                yield f"items[{index}]: a second {item.care.label} at {item.institution!r} on {item.on}; add them up"
            seen.append(key)


@row(title="一部負担金")
class CopayRow:
    """What is paid for a kind of care.

    Attributes:
        name: name by which a scheme refers to it.
        care: kind of care.
        tax_class: for whom.
        per: `none`; `day`: the amount for each day; `first_visit`: the amount for a first visit; `rate`: a share of
            the cost; `share`: all that insurance leaves. Never more than insurance leaves.
        amount: yen.
        days: days a month at one institution for which it is paid; 0 for all.
        rate: share of the cost.
        unit: yen to which a share of the cost is rounded down.
        month_cap: what is paid so in a month at most.
        cap_by: for each `institution`, or for the `person`.
    """

    name: str = code("名称")
    care: Care = choice("診療の種類", default=Care.ANY)
    tax_class: TaxClass = choice("課税区分", default=TaxClass.ANY)
    per: str = code("単位", options=("none", "day", "first_visit", "rate", "share"))
    amount: int = yen("額", default=0)
    days: int = count("月の日数", unit="日", default=0)
    rate: Rate | None = rate("割合", default=None)
    unit: int = yen("端数単位", default=0)
    month_cap: int = yen("月の上限", default=NO_LIMIT)
    cap_by: str = code("上限の単位", options=("institution", "person"), default="institution")


class MonthTotals(NamedTuple):
    """Sums of a month, in yen.

    Attributes:
        share: what insurance leaves of the care that is aided.
        own: what the person pays in the end.
        counter: what was paid at the counters.
        other: what other benefits pay.
    """

    share: Annotated[Yen, "保険の自己負担額"]
    own: Annotated[Yen, "本人の負担額"]
    counter: Annotated[Yen, "窓口で支払った額"]
    other: Annotated[Yen, "他の給付の額"]


def age_end(born_on: date, age: int, ends: str) -> date:
    """Return the last day on which somebody is not past an age.

    Args:
        born_on: day of birth.
        age: the age.
        ends: `school_year`: the first March 31 on or after the day on which the age is attained; `attained_month`: the
            last day of the month of that day; `birthday_month`: the last day of the month of the birthday.
    """
    if ends == "school_year":
        return first_march_31(attained_on(born_on, age, Attained.DAY_BEFORE))
    reached = birthday_in(born_on, born_on.year + age)
    if ends == "attained_month":
        reached = attained_on(born_on, age, Attained.DAY_BEFORE)
    return make_date(reached.year, reached.month, days_in_month(reached.year, reached.month))


def month_totals(
    month: MedicalMonth,
    copays: tuple[CopayRow, ...],
    payment: str,
    month_cap: int,
    inpatient_only: bool,
    meals: bool,
    tax_class: TaxClass,
    first: date,
    last: date | None,
    on: date,
) -> MonthTotals:
    """Return the sums of a month.

    Args:
        month: the care.
        copays: what is paid.
        payment: the name of the rows that apply; `none` where nothing is paid.
        month_cap: what the person pays in the month at most.
        inpatient_only: whether only stays are aided.
        meals: whether meals are aided.
        tax_class: how the household is taxed.
        first: first day aided.
        last: last day aided; None for no end.
        on: a day of the month.
    """
    share = 0
    own = 0
    counter = 0
    for number in range(len(month.items)):
        item = month.items[number]
        if month_of(item.on) != month_of(on):
            refuse("診療月と異なる月の受診が含まれる")
        if not aided(item, inpatient_only, first, last):
            continue
        paid = 0
        if payment != "none":
            paid = paid_for(month.items, number, copays, payment, inpatient_only, tax_class, first, last)
        whole = item.share + (item.meals if meals else 0)
        share += whole
        own += paid
        counter += paid if item.in_kind else whole
    return MonthTotals(share, min(own, month_cap), counter, month.other_benefits)


def aided(item: CareItem, inpatient_only: bool, first: date, last: date | None) -> bool:
    """Whether a visit lies in the days and the care that are aided."""
    if item.on < first or (last is not None and item.on > last):
        return False
    return not inpatient_only or item.care == Care.INPATIENT


def paid_for(
    items: tuple[CareItem, ...],
    number: int,
    copays: tuple[CopayRow, ...],
    payment: str,
    inpatient_only: bool,
    tax_class: TaxClass,
    first: date,
    last: date | None,
) -> Yen:
    """Return what is paid of one visit: what the cap leaves of it after the visits before, by day."""
    item = items[number]
    copay = copay_for(copays, payment, item.care, tax_class)
    counted = [
        one
        for one in range(len(items))
        if aided(items[one], inpatient_only, first, last)
        and copay_for(copays, payment, items[one].care, tax_class) == copay
    ]
    before = 0
    for one in counted:
        if earlier(items, one, number) and (copay.cap_by == "person" or items[one].institution == item.institution):
            before += uncapped(copay, items[one], days_before(items, counted, one))
    own = uncapped(copay, item, days_before(items, counted, number))
    applied("一部負担金", copay, 1, own * SEN_PER_YEN)
    return min(before + own, copay.month_cap) - min(before, copay.month_cap)


def earlier(items: tuple[CareItem, ...], one: int, other: int) -> bool:
    """Whether a visit comes before another, by day, and on one day as they stand."""
    return items[one].on < items[other].on or (items[one].on == items[other].on and one < other)


def days_before(items: tuple[CareItem, ...], counted: list[int], number: int) -> int:
    """Return the days at the institution of a visit before it, of the visits that one row counts."""
    days = 0
    for one in counted:
        if items[one].institution == items[number].institution and earlier(items, one, number):
            days += items[one].days
    return days


def uncapped(copay: CopayRow, item: CareItem, days_before: int) -> Yen:
    """Return what is paid of a visit before caps."""
    if copay.per == "none" or (copay.per == "first_visit" and not item.first_visit):
        return 0
    if copay.per == "share":
        return item.share
    if copay.per == "rate":
        share = copay.rate
        if share is None or copay.unit == 0:
            refuse("一部負担金の割合又は端数処理が定められていない")
        if item.cost == 0 and item.share > 0:
            refuse("一部負担金の算定に必要な医療費の総額が示されていない")
        return min(item.share, quotient(item.cost * share.num, share.den, Rounding.FLOOR, copay.unit))
    if copay.per == "first_visit":
        return min(item.share, copay.amount)
    days = item.days if copay.days == 0 else min(item.days, max(copay.days - days_before, 0))
    return min(item.share, copay.amount * days)


def copay_for(copays: tuple[CopayRow, ...], payment: str, care: Care, tax_class: TaxClass) -> CopayRow:
    """Return the first row for a kind of care and a class; refuses where none fits."""
    needed = False
    for candidate in copays:
        if candidate.name != payment or (candidate.care != Care.ANY and candidate.care != care):
            continue
        if candidate.tax_class == TaxClass.ANY or candidate.tax_class == tax_class:
            return candidate
        needed = True
    if needed:
        refuse("一部負担金は課税区分により異なる。課税区分が示されていないか、定めがない")
    refuse("この診療の一部負担金が定められていない")
