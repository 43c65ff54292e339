"""所得の計算 and 所得制限限度額 of 特別児童扶養手当, 特別障害者手当 and the like: what their one order says of all. For rules.

Law: 特別児童扶養手当等の支給に関する法律施行令 (昭和50年政令第207号) 第2条, 第5条, 第7条, 第8条, 第12条.
"""

from __future__ import annotations

from munirules.law.welfare.income import (
    Deductions,
    dependants_of,
    old_dependants,
    old_for_obligor,
    young_dependants,
)
from munirules.models.declare import provision, result
from munirules.models.fields import code, count, flag, yen
from munirules.models.income import Income
from munirules.money import Yen


@provision(title="特別児童扶養手当等の所得の計算")
class SpecialChildDeductions(Deductions):
    """What 施行令第5条 takes off; of the income of a person with a severe disability all but the 80,000 yen (第8条, 第12条)."""


@provision(title="受給者の所得制限限度額")
class RecipientLimits:
    """The recipient's limit, and by what dependants raise it."""

    own: int = yen("受給者の限度額（扶養親族等0人）", by="nation")
    own_dependant: int = yen("扶養親族等1人の加算", by="nation")
    own_old: int = yen("同一生計配偶者（70歳以上）・老人扶養親族1人の加算", by="nation")
    own_young: int = yen("特定扶養親族等1人の加算", by="nation")


@provision(title="配偶者・扶養義務者の所得制限限度額")
class ObligorLimits:
    """The limit of others, and by what dependants raise it: the first by another amount than the rest."""

    other: int = yen("扶養義務者等の限度額（扶養親族等0人）", by="nation")
    other_first: int = yen("1人目の扶養親族等の加算", by="nation")
    other_further: int = yen("2人目以降の扶養親族等1人の加算", by="nation")
    other_old: int = yen("老人扶養親族1人の加算", by="nation")


@result(title="所得判定")
class IncomeTest:
    """What one person's income leaves.

    Attributes:
        member: whose.
        year: year of the income.
        income: income after deductions.
        limit: the limit.
        stopped: whether it stops the allowance.
    """

    member: str = code("所得を見る者", en="whose")
    year: int = count("所得の年", en="year of income", unit="年")
    income: Yen = yen("控除後の所得", en="income after deductions")
    limit: Yen = yen("限度額", en="limit")
    stopped: bool = flag("支給停止", en="stopped")


def limit_of(own: bool, taxed: Income, children: int, recipient: RecipientLimits, obligor: ObligorLimits) -> int:
    """Return the limit of the recipient, or of a spouse or supporter, with the person's dependants, in yen.

    Args:
        own: whether it is the recipient's own.
        taxed: what the tax roll has of the person.
        children: children whom a recipient maintained who are no 扶養親族.
        recipient: the order's limits of recipients.
        obligor: those of others; of dependants who are all 老人扶養親族 all but one raise it.
    """
    number = dependants_of(taxed)
    if own:
        old, young = old_dependants(taxed), young_dependants(taxed)
        raised = (number + children) * recipient.own_dependant + old * recipient.own_old + young * recipient.own_young
        return recipient.own + raised
    raised = (obligor.other_first if number > 0 else 0) + max(number - 1, 0) * obligor.other_further
    return obligor.other + raised + old_for_obligor(taxed) * obligor.other_old
