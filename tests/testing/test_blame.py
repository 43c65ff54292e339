"""Blame: the first rule that differs, through nested decisions, with the figures that make it differ and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs
import pytest
from tests.fictional.household import (
    DECISIONS,
    Disability,
    Hardship,
    Household,
    Income,
    Member,
    Schooling,
    allowance,
    levy,
    relief,
)
from tests.fictional.laws import LAWS

from munirules import Rulebook
from munirules.engine.bag import facts_of, none_of
from munirules.engine.decision import Decision
from munirules.engine.enactment import parse
from munirules.errors import MunirulesError
from munirules.law.water.supply import WaterUse
from munirules.models.declare import facts, provision, result
from munirules.models.declare import row as declared_row
from munirules.models.fields import code, count, rows, yen
from munirules.money import Yen
from munirules.testing.blame import blame
from munirules.testing.kit import book
from munirules.testing.question import FAILED, Answer
from munirules.testing.witness import Witness, failed_witness, witness_of

ON = date(2024, 5, 1)
BOOK = book(*DECISIONS, **LAWS)
FAMILY = Household(
    members=(Member(id="haha", born=date(1985, 5, 1)), Member(id="ani", born=date(2015, 5, 1), mother="haha")),
    moved_in=date(2020, 1, 1),
)
FACTS = (facts_of("haha", Income(amount=2_000_000), none_of(Disability)), Schooling(pupil=True))


def amended(file: str, old: str, new: str, *, maker: str = "city"):
    """The city's rulebook with one text of one of its files written otherwise."""
    changed = [
        parse(Path(own.file).read_text(encoding="utf-8").replace(old, new), file=own.file, plugin=own.plugin)
        if own.file.endswith(file)
        else own
        for own in LAWS[maker]
    ]
    return book(*DECISIONS, **{**LAWS, maker: changed})


def asked(rulebook, decision=allowance, subject=FAMILY, given=FACTS, on=ON) -> Witness:
    try:
        return witness_of(rulebook, rulebook.decide(decision, subject, *given, on=on))
    except MunirulesError as error:
        return failed_witness(Answer(FAILED, error=type(error).__name__, message=str(error)))


def test_equal_answers_have_nothing_to_blame():
    assert blame(asked(BOOK), asked(BOOK)) is None


def test_a_figure_is_blamed_with_both_values_article_file_and_line():
    found = blame(asked(BOOK), asked(amended("allowance.toml", "per_child = 10_000", "per_child = 10_001")))
    assert (found.kind, found.decision, found.rule, found.part) == ("figure", "welfare.allowance", "one", "ani")
    assert (found.before, found.after) == (12_300, 12_301)
    (cell,) = found.figures
    assert (cell.path, cell.before, cell.after) == ("AllowanceRates.per_child", 10_000, 10_001)
    assert found.articles == ("架空市手当条例 第5条",)
    assert found.places[0].endswith("tests/fictional/data/city/welfare/allowance.toml:12")
    assert found.key == "welfare.allowance:one: AllowanceRates.per_child"
    told = str(found)
    assert "rule one (一人の額) [ani]: a figure of the law differs" in told
    assert "児童一人の額 (AllowanceRates.per_child): 10,000円 → 10,001円" in told


def test_a_figure_that_differs_and_does_not_matter_is_not_blamed():
    found = blame(
        asked(BOOK),
        asked(amended("allowance.toml", "elder_bonus = 2_000\nlimit = 50_000", "elder_bonus = 2_500\nlimit = 49_000")),
    )
    assert [cell.path for cell in found.figures] == ["AllowanceRates.elder_bonus"]


def test_a_rule_of_another_decision_that_was_decided_on_the_way_is_blamed_there():
    found = blame(asked(BOOK), asked(amended("levy.toml", "5.5%", "5.6%")))
    assert (found.decision, found.rule, found.part) == ("welfare.levy", "levied", "haha")
    assert [cell.path for cell in found.figures] == ["LevyRates.rate"]
    assert found.law == ("架空市条例第3条",)
    assert found.figures[0].source_after.since == "2024-04-01"


def test_the_earliest_of_several_causes_is_blamed():
    both = amended("levy.toml", "exempt = 300_000\nfloor = 100", "exempt = 310_000\nfloor = 1000")
    found = blame(asked(BOOK, levy), asked(both, levy))
    assert (found.rule, [cell.path for cell in found.figures]) == ("base", ["LevyRates.exempt"])


def test_the_date_is_blamed_where_nothing_else_differs():
    old = Household(members=(Member(id="ani", born=date(2009, 6, 1)),), moved_in=date(2020, 1, 1))
    given = (Schooling(pupil=False),)
    found = blame(asked(BOOK, subject=old, given=given), asked(BOOK, subject=old, given=given, on=date(2024, 4, 1)))
    assert found is None
    found = blame(
        asked(BOOK, subject=old, given=given, on=date(2023, 12, 31)),
        asked(BOOK, subject=old, given=given, on=date(2024, 4, 1)),
    )
    assert (found.kind, found.rule, found.inputs) == ("input", "child", {"on": ("2023-12-31", "2024-04-01")})


def test_a_member_who_is_concerned_on_one_side_only_is_blamed_on_the_rule_that_says_so():
    found = blame(asked(BOOK, levy), asked(amended("levy.toml", "age = 18", "age = 40", maker="nation"), levy))
    assert (found.rule, found.part, found.before, found.after) == ("liable", "haha", True, False)
    assert [cell.path for cell in found.figures] == ["LevyRates.age"]
    assert found.law == ("架空法第2条",)


def test_a_refusal_on_one_side_is_blamed_on_the_rule_that_refuses():
    late = attrs.evolve(FAMILY, moved_in=date(2024, 4, 15))
    found = blame(asked(BOOK, subject=late, on=date(2024, 4, 1)), asked(BOOK, subject=late))
    assert (found.rule, found.refused) == ("total", "before")
    assert found.before == "転入前である（架空市条例第4条）"
    assert found.key.endswith("(refused before)")


def test_a_missing_finding_and_an_error_are_told_as_such():
    given = (*FACTS, Hardship(severe=True))
    found = blame(asked(BOOK, relief), asked(BOOK, relief, given=given))
    assert (found.kind, found.message) == ("finding", "困窮の認定 (Hardship): 架空市福祉審査会 before")
    found = blame(asked(BOOK, on=date(2009, 5, 1)), asked(BOOK))
    assert (found.kind, found.message) == ("error", "NotInForce before")
    assert "AllowanceRates" in found.before


@facts(title="駐車")
class Parking:
    """A car that is parked."""

    hours: int = count("時間")
    kind: str = code("車種", default="普通")


@declared_row(title="料金")
class Hourly:
    """A price by hours."""

    above: int = count("時間（超）")
    price: int = yen("単価")


@provision(title="駐車料金")
class ParkingRates:
    """The prices."""

    table: tuple[Hourly, ...] = rows("料金表", ascending="above")
    most: int = yen("上限額")


@result(title="駐車料金")
class ParkingFee:
    """The fee."""

    fee: Yen


def parking(*, other: bool = False, failing: bool = False, more: bool = False):
    """A decision of its own each time, of which a rule may be written otherwise."""
    made = Decision("fees.parking", Parking, ParkingFee, title="駐車料金", on="出庫日", authority="架空市長")
    if more:

        @made.rule(title="端数の時間")
        def counted(car: Parking) -> int:
            return car.hours + 1

        @made.rule("hourly", title="時間料金")
        def hourly_more(counted: int, rates: ParkingRates) -> Yen:
            return rates.table[0].price * counted

    elif failing:

        @made.rule("hourly", title="時間料金")
        def hourly_failing(car: Parking, rates: ParkingRates) -> Yen:
            return rates.table[car.hours].price

    elif other:

        @made.rule("hourly", title="時間料金")
        def hourly_other(car: Parking, rates: ParkingRates) -> Yen:
            return rates.table[0].price * max(car.hours, 1)

    else:

        @made.rule(title="時間料金")
        def hourly(car: Parking, rates: ParkingRates) -> Yen:
            return rates.table[0].price * car.hours

    @made.rule(title="料金")
    def fee(hourly: Yen, rates: ParkingRates) -> Yen:
        return min(hourly, rates.most)

    return made


PRICES = """
title = "架空市駐車場条例"
kind = "ordinance"
jurisdiction = "999997"
source = "https://example.com/999997"
read_on = 2026-11-20
[[version]]
since = 2020-04-01
[version.ParkingRates]
most = 1000
table = [{ above = 0, price = 100 }, { above = 2, price = 50 }, { above = 9, price = 10 }]
"""


def parked(car: Parking, prices: str = PRICES, **how: bool) -> Witness:
    own = parking(**how)
    return asked(book(own, city=[prices]), own, car, ())


def test_a_rule_written_otherwise_is_told_apart_from_its_figures():
    found = blame(parked(Parking(hours=0)), parked(Parking(hours=0), other=True))
    assert (found.kind, found.rule, found.before, found.after) == ("rule", "hourly", 0, 100)
    assert len(found.where) == 2
    assert found.key == "fees.parking:hourly: rule"


def test_a_rule_that_stands_on_one_side_only_is_structure():
    found = blame(parked(Parking(hours=1)), parked(Parking(hours=1), more=True))
    assert (found.kind, found.rule, found.message) == ("structure", "counted", "the rule runs only after")


def test_a_rule_that_fails_is_named_with_its_place():
    found = blame(parked(Parking(hours=4)), parked(Parking(hours=4), failing=True))
    assert (found.kind, found.decision, found.rule) == ("error", "fees.parking", "hourly")
    assert found.where[0].startswith(__file__)


def test_only_the_cells_that_matter_are_named_even_of_a_table():
    changed = (
        PRICES.replace("price = 100", "price = 101")
        .replace("price = 50", "price = 51")
        .replace("above = 9", "above = 8")
    )
    found = blame(parked(Parking(hours=1)), parked(Parking(hours=1), changed))
    (cell,) = found.figures
    assert (cell.path, cell.branch) == ("ParkingRates.table[1].price", "ParkingRates.table.price")
    assert cell.label == "駐車料金 料金表 1行目（時間（超） 0） 単価"


def test_rows_that_came_are_told_without_those_that_stayed():
    changed = PRICES.replace(
        "table = [{ above = 0, price = 100 }", "table = [{ above = 0, price = 90 }, { above = 1, price = 100 }"
    )
    found = blame(parked(Parking(hours=1)), parked(Parking(hours=1), changed))
    (cell,) = found.figures
    assert cell.path == "ParkingRates.table"
    assert str(cell).endswith("[{above 0, price 100}] → [{above 0, price 90}, {above 1, price 100}]")


def test_a_witness_without_a_way_to_ask_again_blames_all_that_differs():
    changed = PRICES.replace("price = 100", "price = 101").replace("most = 1000", "most = 900")
    old, new = parked(Parking(hours=1)), parked(Parking(hours=1), changed)
    assert [cell.path for cell in blame(old, new).figures] == ["ParkingRates.table[1].price"]
    bare = Witness(old.answer, lambda: old.steps), Witness(new.answer, lambda: new.steps)
    assert [cell.path for cell in blame(*bare).figures] == ["ParkingRates.table[1].price", "ParkingRates.most"]


@pytest.mark.parametrize("volume", [0, 15])
def test_a_revision_of_a_real_tariff_is_blamed_on_the_base(volume):
    town = Rulebook.of("215066")
    use = WaterUse(use="家事用", meter_size=13, volume=volume, months=1)
    before, after = (asked(town, "water.supply", use, (), date(year, 5, 10)) for year in (2022, 2023))
    found = blame(before, after)
    assert found.key == "water.supply:charged_by: WaterTariff.charges.base"
    assert [(cell.before, cell.after) for cell in found.figures] == [(1780, 1619)]
