"""The fictional city of the wheel: law written down in a test, and what a plugin's own tests are made of."""

from datetime import date

import pytest
from tests.fictional.snippets import module as snippet

from munirules.engine.provisions import NotInForce
from munirules.testing import examine, questions
from munirules.testing.kit import CITY, PREFECTURE, TOWN, UNION, act, book, chain, ordinance
from munirules.testing.properties.examination import drawn

ON = date(2024, 5, 1)
FEES = """
@facts(title="申請")
class Copies:
    number: int = count("通数", minimum=1, maximum=9)

@provision(title="手数料")
class Fee:
    one: int = yen("一通の額")

@result(title="手数料")
class Paid:
    total: Yen = yen("額")

fee = Decision("fees.copy", Copies, Paid, title="手数料", on="申請日", authority="市長")

@fee.rule(title="額")
def total(copies: Copies, fees: Fee) -> Yen:
    return copies.number * fees.one
"""


def law(one, since="2020-04-01"):
    return f"[[version]]\nsince = {since}\n[version.Fee]\none = {one}\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return snippet(tmp_path_factory.mktemp("kit"), FEES)


def paid(world, rulebook, on=ON):
    return rulebook.decide(world.fee, world.Copies(number=2), on=on).result.total


def test_the_most_local_that_speaks_counts(world):
    nation = [act(law(100))]
    assert paid(world, book(world.fee, nation=nation)) == 200
    assert paid(world, book(world.fee, nation=nation, prefecture=[ordinance(law(200), code=PREFECTURE.code)])) == 400
    union = [ordinance(law(300), code=UNION.code)]
    assert paid(world, book(world.fee, nation=nation, union=union)) == 600
    assert paid(world, book(world.fee, nation=nation, union=union, delegated=(date(2025, 1, 1), None))) == 200
    assert paid(world, book(world.fee, nation=nation, city=[ordinance(law(400))])) == 800
    assert paid(world, book(world.fee, of=TOWN, nation=nation, city=[ordinance(law(5), code=TOWN.code)])) == 10


def test_what_nobody_says_is_not_in_force(world):
    with pytest.raises(NotInForce, match="Fee"):
        paid(world, book(world.fee))
    with pytest.raises(NotInForce, match="2020-04-01 onwards"):
        paid(world, book(world.fee, city=[ordinance(law(1))]), on=date(2019, 1, 1))


def test_the_chain_is_told_from_the_city_upwards():
    told = [
        link.jurisdiction.name for link in chain(city=[ordinance(law(1))], union=[ordinance(law(2), code=UNION.code)])
    ]
    assert told == ["架空市", "架空広域連合", "架空県", "国"]
    assert CITY.code == "999997"


def test_questions_are_drawn_and_properties_tried_of_it(world):
    here = book(world.fee, city=[ordinance(law(150))])
    seen = set()
    drawn(lambda question: seen.add(question.subject.number), questions(here, world.fee), 60, 0)
    assert seen == set(range(1, 10))
    assert examine(here, world.fee, examples=10).passed
