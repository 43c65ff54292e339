"""Values of another date: `at(…)` for provisions and results, and contracts that go on."""

from __future__ import annotations

from datetime import date

import pytest
from tests.fictional.snippets import module as snippet

from munirules import of_date
from munirules.engine.bag import FactError
from munirules.engine.provisions import NotInForce
from munirules.engine.runtime import MissingFact
from munirules.testing.kit import act, book, ordinance

WORLD = """
@facts
class Use:
    read_on: date = day("検針日")
    began: date | None = day("使用開始日", default=None)

@provision
class Tariff:
    price: int = yen("単価")

@provision
class Tax:
    rate: Rate = rate("税率", by="nation")

class Month(NamedTuple):
    first: date

@result
class Prices:
    today: Yen
    reading: Yen
    going: Yen
    months: tuple[Yen, ...]
    asked: Yen
    before: Yen

@result
class Bill:
    total: Yen

prices = Decision("water.prices", Use, Prices, title="単価", on="請求日", authority="管理者")
bill = Decision("water.bill", Use, Bill, title="料金", on="請求日", authority="管理者")

@bill.rule(title="計")
def total(tariff: Tariff, tax: Tax) -> Yen:
    return tariff.price + of(tariff.price, tax.rate, floor=1)

@prices.rule(title="請求日")
def today(tariff: Tariff) -> Yen:
    return tariff.price

@prices.rule(title="検針日")
def reading(tariff: Annotated[Tariff, at("read_on")]) -> Yen:
    return tariff.price

@prices.rule(title="継続")
def going(tariff: Annotated[Tariff, at("read_on", started="began")]) -> Yen:
    return tariff.price

@prices.rule(title="各月")
def of_months(use: Use) -> tuple[Month, ...]:
    return (Month(first=use.read_on), Month(first=use.read_on))

@prices.rule(title="各月の初日")
def first_day(month: Month) -> date:
    return month.first

@prices.rule(title="各月の単価")
def months(first_day: date, tariff: Annotated[Tariff, at("first_day")]) -> Yen:
    return tariff.price

@prices.rule(title="請求日の料金")
def asked(bill_: Bill) -> Yen:
    return bill_.total

@prices.rule(title="検針日の料金")
def before(bill_: Annotated[Bill, at("read_on")]) -> Yen:
    return bill_.total
"""
TARIFF = ordinance(
    "".join(
        f"[[version]]\nsince = {since}\n{more}[version.Tariff]\nprice = {price}\n"
        for since, price, more in (
            ("2015-04-01", 100, ""),
            ("2019-10-01", 200, "continuing_since = 2019-12-01\n"),
            ("2024-04-01", 300, ""),
        )
    )
)
TAX = act(
    "[[version]]\nsince = 2014-04-01\n[version.Tax]\nrate = '8%'\n[[version]]\nsince = 2019-10-01\n[version.Tax]\nrate = '10%'\n"
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return snippet(tmp_path_factory.mktemp("world"), WORLD)


@pytest.fixture(scope="module")
def rulebook(world):
    return book(world.prices, world.bill, city=[TARIFF], nation=[TAX])


def ask(rulebook, world, on: date, read_on: date, began: date | None = None):
    return rulebook.decide(world.prices, world.Use(read_on=read_on, began=began), on=on).result


def test_each_value_has_the_date_that_the_law_gives_it(rulebook, world):
    found = ask(rulebook, world, date(2024, 5, 1), date(2019, 9, 30))
    assert found == world.Prices(today=300, reading=100, going=100, months=(100, 100), asked=330, before=108)


@pytest.mark.parametrize(
    ("began", "read_on", "right"),
    [
        (date(2018, 1, 1), date(2019, 9, 30), 100),
        (date(2018, 1, 1), date(2019, 10, 1), 100),  # goes on under the former price
        (date(2018, 1, 1), date(2019, 11, 30), 100),
        (date(2018, 1, 1), date(2019, 12, 1), 200),
        (date(2019, 9, 30), date(2019, 11, 30), 100),
        (date(2019, 10, 1), date(2019, 11, 30), 200),  # began under the new one
        (None, date(2019, 11, 30), 100),  # not known: before any of them
        (date(2018, 1, 1), date(2024, 4, 1), 300),  # a later change that says nothing of contracts reaches all
    ],
)
def test_a_contract_that_goes_on_follows_later(rulebook, world, began, read_on, right):
    assert ask(rulebook, world, date(2024, 5, 1), read_on, began).going == right


def test_one_program_serves_every_such_date(rulebook, world):
    ask(rulebook, world, date(2024, 5, 1), date(2015, 4, 1))
    ask(rulebook, world, date(2025, 5, 1), date(2024, 4, 1))
    regimes = rulebook.area("water").regimes(world.prices, None)
    assert regimes.at(date(2024, 5, 1)) is regimes.at(date(2025, 5, 1))
    assert regimes.at(date(2024, 5, 1)) is not regimes.at(date(2024, 3, 31))


@pytest.mark.parametrize(
    ("on", "read_on", "told"),
    [
        (date(2024, 5, 1), date(2013, 1, 1), "Tariff (Tariff) on 2013-01-01: price (単価) is not in force; covered: 2015-04-01 onwards"),
        (date(2013, 1, 1), date(2024, 5, 1), "Tariff (Tariff) on 2013-01-01: price (単価) is not in force; covered: 2015-04-01 onwards"),
    ],
)  # fmt: skip
def test_a_date_that_is_not_covered_is_told(rulebook, world, on, read_on, told):
    with pytest.raises(NotInForce) as caught:
        ask(rulebook, world, on, read_on)
    assert str(caught.value) == told


def test_the_trace_cites_the_version_of_each_date(rulebook, world):
    outcome = rulebook.decide(world.prices, world.Use(read_on=date(2019, 9, 30)), on=date(2024, 5, 1))
    cited = {step.rule: [(one.text, one.since) for one in step.citations] for step in outcome.trace if step.rule}
    assert cited["today"] == [("架空市条例", date(2024, 4, 1))]
    assert cited["reading"] == cited["months"] == [("架空市条例", date(2015, 4, 1))]
    decided = [step for step in outcome.trace if step.decision == "water.bill"]
    assert [[(one.text, one.since) for one in step.steps[0].citations] for step in decided] == [
        [("架空市条例", date(2024, 4, 1)), ("架空法", date(2019, 10, 1))],
        [("架空市条例", date(2015, 4, 1)), ("架空法", date(2014, 4, 1))],
    ]


OF_DATE = """
@facts
class Use:
    last: date = day("x")
@result
class R:
    a: int
@result
class Q:
    b: int
r = Decision("tax.r", Use, R, title="x", on="x", authority="x")
q = Decision("tax.q", Use, Q, title="x", on="x", authority="x")
@r.rule(title="a")
def a(use: Use) -> int:
    return 1
@q.rule(title="b")
def b({argument}: Annotated[{kind}, at("last")]) -> int:
    return {argument}.{field} + 1
"""


def test_a_supplied_result_of_another_date_is_taken(module):
    w = module(OF_DATE.format(argument="rr", kind="R", field="a"))
    day, on = date(2020, 1, 1), date(2024, 1, 1)

    def answer(*facts):
        return book(w.r, w.q).decide(w.q, w.Use(last=day), *facts, on=on).result.b

    assert answer() == 2
    assert answer(of_date(day, w.R(a=5))) == 6
    assert answer(w.R(a=5)) == 2  # that of the decision's own date is another one
    assert answer(of_date(on, w.R(a=5))) == 2


def test_a_decision_may_rest_on_its_own_result_of_another_date(module):
    w = module(OF_DATE.format(argument="before", kind="Q", field="b"))
    day, on = date(2020, 1, 1), date(2024, 1, 1)
    asked = book(w.r, w.q)
    assert asked.decide(w.q, w.Use(last=day), of_date(day, w.Q(b=7)), on=on).result.b == 8
    with pytest.raises(
        MissingFact, match=r"Q of 2020-01-01 \(x\) is not given; supply it: of_date\(2020-01-01, Q\(…\)\)"
    ):
        asked.decide(w.q, w.Use(last=day), on=on)
    with pytest.raises(FactError, match="only a decision's result is of a date"):
        asked.decide(w.q, w.Use(last=day), of_date(day, w.Use(last=day)), on=on)
