"""43 m³ of two months are 21 and 22 (https://www.city.narashino.lg.jp/kigyoukyoku/ryoukin/shiyoryo.html)."""

from datetime import date

from munirules import Rulebook
from munirules.law.water.sewer import sewer_bill
from munirules.law.water.sewer_volume import SewerUse

ON = date(2024, 6, 10)


def test_the_odd_cubic_metre_is_of_the_second_month() -> None:
    book = Rulebook.of("千葉県習志野市")
    outcome = book.decide(sewer_bill, SewerUse(tap_volume=43, months=2), on=ON)
    spans = next(step.value for step in outcome.trace if step.rule == "spans")
    assert [span.volume for span in spans] == [21, 22]
    months = [book.decide(sewer_bill, SewerUse(tap_volume=v, months=1), on=ON).result.total for v in (21, 22)]
    assert outcome.result.total == sum(months)
