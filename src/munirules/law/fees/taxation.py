"""消費税の課否: which fees and charges of a municipality bear consumption tax.

Law: 消費税法 (昭和63年法律第108号) 第6条第1項 and its table of what is not taxed: fees for what is done by law or ordinance
(registration, certification, issue and inspection of public documents), and 火葬料. What is let or carried away for pay is
taxed. The flags stand in `taxation.toml`.
"""

from __future__ import annotations

from munirules.law.tax.consumption import ConsumptionTax
from munirules.models.declare import provision
from munirules.models.fields import flag
from munirules.money import Rounding, Yen, quotient


@provision(title="手数料の消費税の課否")
class FeeTaxation:
    """Whether consumption tax lies on a kind of fee."""

    certificates: bool = flag("証明等の手数料に課税", by="nation", national="fixed")
    dogs: bool = flag("犬の登録等の手数料に課税", by="nation", national="fixed")
    cremation: bool = flag("火葬料に課税", by="nation", national="fixed")
    animal_cremation: bool = flag("動物の火葬料に課税", by="nation", national="fixed")
    crematorium_rooms: bool = flag("霊安室・待合室の使用料に課税", by="nation", national="fixed")
    night_soil: bool = flag("し尿のくみ取りの料金に課税", by="nation", national="fixed")


def tax_within(amount: Yen, tax: ConsumptionTax) -> Yen:
    """Return the consumption tax that an amount holds, in yen, for the line of a bill; floored."""
    rate = tax.current_rate
    return quotient(amount * rate.num, rate.den + rate.num, Rounding.FLOOR)


def with_tax(amount: Yen, tax: ConsumptionTax, rounding: int, unit: int) -> Yen:
    """Add consumption tax to an amount in yen, and round once to `unit` yen as the ordinance says."""
    rate = tax.current_rate
    return quotient(amount * (rate.den + rate.num), rate.den, rounding, unit)
