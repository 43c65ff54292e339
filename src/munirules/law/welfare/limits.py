"""所得制限限度額 of 特別児童扶養手当, 特別障害者手当 and the like: the shape that the orders share. For rules."""

from __future__ import annotations

from munirules.law.welfare.income import dependants_of, old_dependants, old_for_obligor, young_dependants
from munirules.models.declare import provision
from munirules.models.fields import yen
from munirules.models.income import Income


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


def recipient_limit(limits: RecipientLimits, income: Income, number: int) -> int:
    """Return a recipient's limit with so many dependants and children maintained, in yen."""
    old = old_dependants(income) * limits.own_old
    return limits.own + number * limits.own_dependant + old + young_dependants(income) * limits.own_young


def obligor_limit(limits: ObligorLimits, income: Income) -> int:
    """Return the limit of a spouse or of somebody who must support, in yen; old dependants count but one where all are old."""
    number = dependants_of(income)
    raised = (limits.other_first if number > 0 else 0) + max(number - 1, 0) * limits.other_further
    return limits.other + raised + old_for_obligor(income) * limits.other_old
