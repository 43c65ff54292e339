"""飛騨市の入園・入学準備品購入支援クーポン: by the school that is entered, more for a single parent's child; no order, no age."""

from __future__ import annotations

from datetime import date

from munirules import Decision, Yen, facts, provision, result, row
from munirules.engine.holds import figure, monotone, never_above
from munirules.models.choices import Choice
from munirules.models.fields import choice, day, flag, rows, yen


class Stage(Choice):
    """What the child enters next."""

    NURSERY = 1, "満3歳児（入園）", "nursery"
    ELEMENTARY = 2, "年長児（小学校入学）", "elementary school"
    JUNIOR_HIGH = 3, "小学6年生（中学校入学）", "junior high school"
    HIGH_SCHOOL = 4, "中学3年生（高校等入学）", "senior high school"


@facts(title="クーポンの申請")
class CouponClaim:
    """A claim for one child."""

    stage: Stage = choice("区分", en="stage")
    lone_parent: bool = flag("ひとり親世帯", en="single parent")
    arrears: bool = flag("滞納", en="arrears")
    claimed_on: date = day("申請日", en="claimed on")


@row(title="クーポンの額")
class CouponRate:
    """Amounts for a stage."""

    stage: Stage = choice("区分")
    amount: int = yen("額")
    lone_parent: int = yen("ひとり親世帯の額")


@provision(title="クーポンの額")
class CouponRates:
    """Amounts of a year, and the last day to claim."""

    coupons: tuple[CouponRate, ...] = rows("クーポンの額")
    claim_until: date = day("申請期限")


@result(title="クーポン")
class Coupon:
    """What is given."""

    amount: Yen = yen("クーポンの額", en="amount")


coupon = Decision(
    "welfare.hida_coupon", CouponClaim, Coupon, title="入園・入学準備クーポン", on="基準日", authority="飛騨市長"
)


@coupon.rule(title="クーポンの額")
def amount(claim: CouponClaim, rates: CouponRates) -> Yen:
    """The amount of the stage; nothing with arrears or after the last day."""
    if claim.arrears or claim.claimed_on > rates.claim_until:
        return 0
    for rate in rates.coupons:
        if rate.stage == claim.stage:
            return rate.lone_parent if claim.lone_parent else rate.amount
    return 0


coupon.holds(
    monotone("amount", by="lone_parent"),
    never_above("amount", figure(CouponRates, "coupons.lone_parent")),
    never_above("amount", 0, when={"arrears": True}),
)
