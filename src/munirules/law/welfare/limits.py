"""所得の計算 and 所得制限限度額 of 特別児童扶養手当, 特別障害者手当 and the like: what their one order says of all. For rules.

Law: 特別児童扶養手当等の支給に関する法律施行令 (昭和50年政令第207号) 第2条, 第5条, 第7条, 第8条, 第12条.
"""

from __future__ import annotations

from munirules.law.welfare.income import Deductions
from munirules.models.declare import provision
from munirules.models.fields import yen


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


def recipient_limit(limits: RecipientLimits, number: int, old: int, young: int) -> int:
    """Return a recipient's limit in yen.

    Args:
        limits: the order's.
        number: 扶養親族等, and children maintained who are none.
        old: of them, 老人扶養親族 and a spouse of 70 or older.
        young: of them, 特定扶養親族 and dependants from 16 to 18.
    """
    return limits.own + number * limits.own_dependant + old * limits.own_old + young * limits.own_young


def obligor_limit(limits: ObligorLimits, number: int, old: int) -> int:
    """Return the limit of a spouse or of somebody who must support, in yen.

    Args:
        limits: the order's.
        number: 扶養親族等.
        old: of them, 老人扶養親族; where all are such, all but one.
    """
    raised = (limits.other_first if number > 0 else 0) + max(number - 1, 0) * limits.other_further
    return limits.other + raised + old * limits.other_old
