"""水道加入金 (業務59): what is paid once for a connection, by the size of its meter.

Law: 地方自治法 (昭和22年法律第67号) 第224条, 第228条, and the municipality's water supply ordinance (給水条例).
"""

from __future__ import annotations

from munirules.engine.decision import Decision, refuse
from munirules.engine.holds import figure, monotone, multiple_of
from munirules.law.tax.consumption import ConsumptionTax
from munirules.models.declare import facts, provision, result, row
from munirules.models.fields import choice, code, count, quantity, rows, yen
from munirules.money import SEN_PER_YEN, Rounding, Yen, quotient
from munirules.tape import applied


@facts(title="給水装置の申込み")
class Connection:
    """What is applied for.

    Attributes:
        meter_size: size of the meter in mm.
        former_size: with a change of size, the size before; None for a new connection.
        number: how many such connections.
    """

    meter_size: int = quantity("口径", en="meter size", unit="mm", minimum=10)
    former_size: int | None = quantity("変更前の口径", en="size before", unit="mm", minimum=10, default=None)
    number: int = count("件数", en="connections", minimum=1, default=1)


@row(title="加入金")
class JoiningRow:
    """The fee for a size."""

    to_size: int = quantity("口径（以下）", unit="mm")
    amount: int = yen("金額")


@provision(title="加入金表")
class JoiningFees:
    """The fees of a municipality. A larger meter pays the difference; a smaller one gets nothing back.

    Attributes:
        fees: fees by size.
        tax: `included` in the fees or `excluded`.
        rounding: what happens to a fraction when tax is added.
        round_total: yen to which the total is rounded.
    """

    fees: tuple[JoiningRow, ...] = rows("加入金表", ascending="to_size")
    tax: str = code("消費税", options=("included", "excluded"))
    rounding: Rounding = choice("端数処理")
    round_total: int = yen("端数単位", minimum=1)


@result(title="加入金")
class JoiningFee:
    """What is due."""

    fee: Yen = yen("口径の加入金", en="fee of the size")
    credited: Yen = yen("変更前の口径の加入金", en="fee of the size before")
    due: Yen = yen("差額", en="difference")
    total: Yen = yen("加入金", en="total")


joining_fee = Decision(
    "water.joining_fee",
    Connection,
    JoiningFee,
    title="水道加入金",
    on="申込日",
    authority="水道事業管理者（市町村長）",
    law="地方自治法第224条",
)


@joining_fee.rule(title="口径の加入金")
def fee(wanted: Connection, fees: JoiningFees) -> Yen:
    """The fee of the size applied for."""
    return fee_of(fees, wanted.meter_size)


@joining_fee.rule(title="変更前の口径の加入金")
def credited(wanted: Connection, fees: JoiningFees) -> Yen:
    """The fee of the size before; 0 for a new connection."""
    return 0 if wanted.former_size is None else fee_of(fees, wanted.former_size)


@joining_fee.rule(title="差額")
def due(wanted: Connection, fee: Yen, credited: Yen) -> Yen:
    """The difference, of all connections; nothing is paid back."""
    return max(fee - credited, 0) * wanted.number


@joining_fee.rule(title="加入金")
def total(due: Yen, fees: JoiningFees, tax: ConsumptionTax) -> Yen:
    """What is due with tax. A single service has the rate of its day; no transition of continuing supply reaches it."""
    if fees.tax == "included":
        return quotient(due, 1, fees.rounding, fees.round_total)
    rate = tax.current_rate
    return quotient(due * (rate.den + rate.num), rate.den, fees.rounding, fees.round_total)


def fee_of(fees: JoiningFees, size: int) -> Yen:
    """Return the fee of a size; the law refuses a size that the table does not have."""
    for candidate in fees.fees:
        if size <= candidate.to_size:
            applied("加入金表", candidate, 1, candidate.amount * SEN_PER_YEN)
            return candidate.amount
    refuse("加入金表に該当する口径がない")


joining_fee.holds(
    monotone("total", by="number"),
    monotone("total", by="meter_size"),
    monotone("total", by="former_size", falling=True),
    multiple_of("total", figure(JoiningFees, "round_total")),
)
