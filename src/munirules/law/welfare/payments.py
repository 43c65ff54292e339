"""手当の支払: which months a payment month pays, and their sum. One decision for each allowance.

Law: 児童手当法 第8条第4項, 児童扶養手当法 第7条第3項, 特別児童扶養手当等の支給に関する法律 第5条の2, 第19条の2 and 第26条の5. All are
worded alike: the payment months pay what is due up to the month before; what should have been paid before, and the last
months of a right that has ended, are paid in other months too. So each month is paid once, also where the payment months
change. The amounts of the months come from the decisions of the allowances (`decide_each`).
"""

from __future__ import annotations

from datetime import date

from munirules.engine.decision import Decision
from munirules.engine.holds import parts_sum
from munirules.engine.parts import Each
from munirules.law.welfare.months import month_of
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import count, day, flag, rows, yen
from munirules.money import Yen


@facts(title="手当の月")
class AllowanceMonth:
    """One month of an allowance.

    Attributes:
        month: any day of the month.
        amount: yen for the month.
        paid: whether it has been paid.
    """

    month: date = day("対象月", en="month")
    amount: int = yen("支給月額", en="amount")
    paid: bool = flag("支払済", en="paid", default=False)


@facts(title="手当の月の一覧")
class AllowanceMonths:
    """The months of one recipient's allowance, paid or not.

    Attributes:
        months: the months; of each year those that matter, in any order.
        ended: whether the right has ended.
        advance: whether the recipient asked to be paid in November what is due in December (特別児童扶養手当).
    """

    months: tuple[AllowanceMonth, ...] = rows("対象月", en="months")
    ended: bool = flag("支給事由の消滅", en="ended", default=False)
    advance: bool = flag("十二月期の前月払の請求", en="December's payment in November", default=True)


@row(title="支払期月")
class PaymentMonth:
    """A payment month.

    Attributes:
        month: 1 to 12.
        on_request: whether only who asked is paid then; the payment is that of the month after, and pays this month too.
    """

    month: int = count("支払期月", minimum=1, maximum=12)
    on_request: bool = flag("請求による前月払", default=False)


@provision(title="支払期月")
class PaymentMonths:
    """The payment months of an allowance."""

    months: tuple[PaymentMonth, ...] = rows("支払期月", ascending="month", by="nation")


@provision(title="児童手当の支払期月")
class ChildAllowancePaymentMonths(PaymentMonths):
    """The payment months of 児童手当."""


@provision(title="児童扶養手当の支払期月")
class ChildRearingPaymentMonths(PaymentMonths):
    """The payment months of 児童扶養手当."""


@provision(title="特別児童扶養手当の支払期月")
class SpecialChildRearingPaymentMonths(PaymentMonths):
    """The payment months of 特別児童扶養手当."""


@provision(title="障害児福祉手当・特別障害者手当の支払期月")
class DisabilityPaymentMonths(PaymentMonths):
    """The payment months of 特別障害者手当, 障害児福祉手当 and 経過的福祉手当."""


@result(title="手当の支払")
class Payment:
    """What is paid in the month of the date.

    Attributes:
        amounts: yen of each month given, in its order; 0 for one that is not paid now.
        months: how many months are paid.
        total: yen.
    """

    amounts: tuple[Yen, ...] = rows("支払う月の額", en="amounts")
    months: int = count("支払う月数", en="months")
    total: Yen = yen("支払額", en="total")


@result(title="児童手当の支払")
class ChildAllowancePayment(Payment):
    """What 児童手当 pays."""


@result(title="児童扶養手当の支払")
class ChildRearingPayment(Payment):
    """What 児童扶養手当 pays."""


@result(title="特別児童扶養手当の支払")
class SpecialChildRearingPayment(Payment):
    """What 特別児童扶養手当 pays."""


@result(title="障害者の手当の支払")
class DisabilityPayment(Payment):
    """What 特別障害者手当, 障害児福祉手当 or 経過的福祉手当 pays."""


child_allowance_payment = Decision(
    "welfare.child_allowance.payment",
    AllowanceMonths,
    ChildAllowancePayment,
    title="児童手当の支払",
    on="支払日",
    authority="市町村長（公務員は所属庁の長）",
    law="児童手当法第8条第4項",
)
child_rearing_payment = Decision(
    "welfare.child_rearing_allowance.payment",
    AllowanceMonths,
    ChildRearingPayment,
    title="児童扶養手当の支払",
    on="支払日",
    authority="都道府県知事・市長・福祉事務所を管理する町村長",
    law="児童扶養手当法第7条第3項",
)
special_child_rearing_payment = Decision(
    "welfare.special_child_rearing_allowance.payment",
    AllowanceMonths,
    SpecialChildRearingPayment,
    title="特別児童扶養手当の支払",
    on="支払日",
    authority="都道府県知事・指定都市の長",
    role="forwards",
    law="特別児童扶養手当等の支給に関する法律第5条の2",
)
disability_payment = Decision(
    "welfare.disability_allowances.payment",
    AllowanceMonths,
    DisabilityPayment,
    title="特別障害者手当等の支払",
    on="支払日",
    authority="都道府県知事・市長・福祉事務所を管理する町村長",
    law="特別児童扶養手当等の支給に関する法律第19条の2・第26条の5",
)


@child_allowance_payment.rule(title="支払う月", law="児童手当法第8条第4項")
def due(month: AllowanceMonth, of: AllowanceMonths, terms: ChildAllowancePaymentMonths, on: date) -> bool:
    """Whether a month is paid now."""
    return is_due(month, of, terms.months, on)


@child_rearing_payment.rule("due", title="支払う月", law="児童扶養手当法第7条第3項")
def child_rearing_due(month: AllowanceMonth, of: AllowanceMonths, terms: ChildRearingPaymentMonths, on: date) -> bool:
    """Whether a month is paid now."""
    return is_due(month, of, terms.months, on)


@special_child_rearing_payment.rule("due", title="支払う月", law="特別児童扶養手当等の支給に関する法律第5条の2")
def special_child_rearing_due(
    month: AllowanceMonth, of: AllowanceMonths, terms: SpecialChildRearingPaymentMonths, on: date
) -> bool:
    """Whether a month is paid now."""
    return is_due(month, of, terms.months, on)


@disability_payment.rule("due", title="支払う月", law="特別児童扶養手当等の支給に関する法律第19条の2")
def disability_due(month: AllowanceMonth, of: AllowanceMonths, terms: DisabilityPaymentMonths, on: date) -> bool:
    """Whether a month is paid now."""
    return is_due(month, of, terms.months, on)


@child_allowance_payment.rule(title="支払う月の額")
@child_rearing_payment.rule(title="支払う月の額")
@special_child_rearing_payment.rule(title="支払う月の額")
@disability_payment.rule(title="支払う月の額")
def amounts(month: AllowanceMonth, due: bool) -> Yen:
    """The month's amount, where it is paid now."""
    return month.amount if due else 0


@child_allowance_payment.rule(title="支払う月数")
@child_rearing_payment.rule(title="支払う月数")
@special_child_rearing_payment.rule(title="支払う月数")
@disability_payment.rule(title="支払う月数")
def months(due: Each[bool]) -> int:
    """How many months are paid."""
    return sum([1 if own else 0 for own in due])


@child_allowance_payment.rule(title="支払額")
@child_rearing_payment.rule(title="支払額")
@special_child_rearing_payment.rule(title="支払額")
@disability_payment.rule(title="支払額")
def total(amounts: Each[Yen]) -> Yen:
    """All months that are paid now."""
    return sum(amounts)


def is_due(own: AllowanceMonth, of: AllowanceMonths, terms: tuple[PaymentMonth, ...], on: date) -> bool:
    """Whether a month is paid on a day.

    In a payment month, every unpaid month before it; in another one, what an earlier payment month should have paid, and
    all months before it once the right has ended.
    """
    now = month_of(on)
    month = month_of(own.month)
    if own.paid or month > now:
        return False
    for term in terms:
        if term.month == on.month and (of.advance or not term.on_request):
            return month < now or term.on_request
    if month == now:
        return False
    if of.ended:
        return True
    for back in range(1, now - month):
        for term in terms:
            if term.month == (now - back) % 12 + 1 and (of.advance or not term.on_request):
                return True
    return False


child_allowance_payment.holds(parts_sum("total", ["amounts"]))
child_rearing_payment.holds(parts_sum("total", ["amounts"]))
special_child_rearing_payment.holds(parts_sum("total", ["amounts"]))
disability_payment.holds(parts_sum("total", ["amounts"]))
