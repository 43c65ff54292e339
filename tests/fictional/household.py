"""架空市 子育て支援: a household with members, a levy on those of age, an allowance for the children, relief by a board.

Every way in which decisions rest on one another is here once: parts, references, `Each`, `who=`, facts about members,
a finding, another decision's result for the whole, for each member, and of a decision about one member.
"""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import Decision, MemberDecision, refuse
from munirules.engine.parts import NOBODY, Each, Place
from munirules.models.declare import facts, provision, result
from munirules.models.fields import code, count, day, flag, rate, reference, rows, yen
from munirules.money import Rate, Yen, floor_to, of


@facts(title="世帯員")
class Member:
    """One person of a household."""

    id: str = code("番号")
    born: date = day("生年月日")
    mother: str | None = reference("母", default=None)


@facts(title="世帯")
class Household:
    """Those who live together."""

    members: tuple[Member, ...] = rows("世帯員")
    moved_in: date = day("転入日")


@facts(title="所得", about=Member)
class Income:
    """The income of one member in a year."""

    amount: int = yen("所得額")


@facts(title="障害", about=Member)
class Disability:
    """The disability of one member; none is an answer."""

    grade: int = count("等級", minimum=1, maximum=3)


@facts(title="通学")
class Schooling:
    """Whether one goes to school; said of one member, or of all."""

    pupil: bool = flag("在学")


@facts(title="困窮の認定", found_by="架空市福祉審査会")
class Hardship:
    """How hard pressed a household is, which a board finds."""

    severe: bool = flag("著しい困窮")


@provision(title="賦課の率")
class LevyRates:
    """The levy ordinance."""

    rate: Rate = rate("率")
    exempt: int = yen("控除額")
    floor: int = yen("端数")
    age: int = count("賦課年齢", by="nation")


@provision(title="手当の額")
class AllowanceRates:
    """The allowance ordinance."""

    per_child: int = yen("児童一人の額")
    elder_bonus: int = yen("第一子加算")
    limit: int = yen("上限", national="ceiling")


@result(title="賦課")
class Levy:
    """What one member owes."""

    base: Yen
    levied: Yen


@result(title="会員証")
class Card:
    """What one member gets off."""

    discount: Yen


@result(title="手当")
class Allowance:
    """What the household gets."""

    children: int
    for_mothers: Yen
    total: Yen


@result(title="救済")
class Relief:
    """What is left to pay after relief."""

    relieved: Yen


levy = MemberDecision(
    "welfare.levy", Household, Levy, member=Member, who="liable", title="賦課", on="賦課期日", authority="架空市長"
)


@levy.rule(title="賦課の対象", law="架空法第2条")
def liable(member: Member, rates: LevyRates, on: date) -> bool:
    return on.year - member.born.year >= rates.age


@levy.rule(title="課税標準")
def base(income: Income, disability: Disability | None, rates: LevyRates) -> Yen:
    exempt = rates.exempt if disability is None else rates.exempt * (1 + disability.grade)
    return max(income.amount - exempt, 0)


@levy.rule(title="賦課額", law="架空市条例第3条")
def levied(base: Yen, rates: LevyRates) -> Yen:
    return floor_to(of(base, rates.rate, floor=1), rates.floor)


card = Decision("welfare.card", Member, Card, title="会員証", on="交付日", authority="架空市長")


@card.rule(title="割引額")
def discount(member: Member, schooling: Schooling, on: date) -> Yen:
    return 300 if schooling.pupil and on.year - member.born.year < 18 else 0


allowance = Decision("welfare.allowance", Household, Allowance, title="手当", on="支給月の初日", authority="架空市長")


@allowance.rule(title="児童")
def child(member: Member, on: date) -> bool:
    return on.year - member.born.year < 15


@allowance.rule(title="生年月日")
def birth(member: Member) -> date:
    return member.born


@allowance.rule(title="年長の児童の数")
def elders(child: Each[bool], birth: Each[date], me: Place, member: Member) -> int:
    found = 0
    for place in range(len(child)):
        there = Place(place)
        if child[there] and birth[there] < birth[me]:
            found += 1
    return found


@allowance.rule(title="母の賦課額")
def mothers_levy(mother: Place, child: Each[bool], levies: Each[Levy], me: Place, member: Member) -> Yen:
    return levies[mother].levied if child[me] and mother != NOBODY else 0


@allowance.rule(title="一人の額")
def one(child: bool, elders: int, amounts: AllowanceRates, card: Card) -> Yen:
    if not child:
        return 0
    return amounts.per_child + (amounts.elder_bonus if elders == 0 else 0) + card.discount


@allowance.rule(title="児童の数")
def children(child: Each[bool]) -> int:
    found = 0
    for own in child:
        found += 1 if own else 0
    return found


@allowance.rule(title="母の賦課額の計")
def for_mothers(mothers_levy: Each[Yen]) -> Yen:
    return sum(mothers_levy)


@allowance.rule(title="支給額", law="架空市条例第5条")
def total(household: Household, one: Each[Yen], amounts: AllowanceRates, on: date) -> Yen:
    if household.moved_in > on:
        refuse("転入前である（架空市条例第4条）")
    return min(sum(one), amounts.limit)


relief = Decision("welfare.relief", Household, Relief, title="救済", on="申請日", authority="架空市長")


@relief.rule(title="救済後の額")
def relieved(hardship: Hardship, allowance: Allowance) -> Yen:
    return allowance.for_mothers // 2 if hardship.severe else allowance.for_mothers


DECISIONS = (levy, card, allowance, relief)
