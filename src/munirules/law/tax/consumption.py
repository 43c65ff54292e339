"""消費税及び地方消費税: the rate on what a municipality supplies, with the transition of continuing supply.

Law: 消費税法 (昭和63年法律第108号) 第29条, 地方税法 第72条の83; for continuing supply 平成24年法律第68号 附則第5条第2項 and
第16条第1項. The figures stand in `consumption.toml`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, NamedTuple

from munirules.calendar import Overflow, add_months
from munirules.models.declare import provision
from munirules.models.fields import day, rate
from munirules.money import Rate


@provision(title="消費税率")
class ConsumptionTax:
    """The rate of consumption and local consumption tax together.

    For supply that goes on since before `changed_on`, what is first fixed from then to `transition_until` bears the
    former rate; what is first fixed later bears it in the share of the months up to that day.
    """

    current_rate: Rate = rate("税率", by="nation")
    former_rate: Rate = rate("改正前の税率", by="nation")
    changed_on: date = day("改正日", by="nation")
    transition_until: date = day("経過措置の終期", by="nation")


class FormerShare(NamedTuple):
    """How much of a charge bears the former rate: `months` of `of_months`; none where `months` is 0."""

    months: Annotated[int, "旧税率の月数"]
    of_months: Annotated[int, "全体の月数"]


def months_begun(first: date, last: date) -> int:
    """Count months by the calendar from the day after `first` to `last`; a part of a month counts as one."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    if add_months(first, whole, Overflow.LAST_DAY) < last:
        whole += 1
    return max(whole, 1)


def former_share(tax: ConsumptionTax, started_on: date | None, previous_on: date, fixed_on: date) -> FormerShare:
    """Return the share of a charge for continuing supply that bears the former rate.

    Args:
        tax: the rate in force when the charge is fixed.
        started_on: when the supply began; None for before any change.
        previous_on: when the charge was fixed before (the previous reading).
        fixed_on: when it is fixed now (the reading).
    """
    if started_on is not None and started_on >= tax.changed_on:
        return FormerShare(0, 1)
    if previous_on >= tax.changed_on:
        return FormerShare(0, 1)
    if fixed_on <= tax.transition_until:
        return FormerShare(1, 1)
    return FormerShare(months_begun(previous_on, tax.transition_until), months_begun(previous_on, fixed_on))
