"""Deciding for a household of 架空市: parts, places, who is concerned, chains of decisions, facts in three states."""

from __future__ import annotations

import random
from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fictional.family import ALL, BOOK, FAMILY, FATHER, FIRST, INCOMES, MOTHER, ON, SCHOOL, SECOND
from tests.fictional.household import (
    Allowance,
    Card,
    Disability,
    Hardship,
    Household,
    Income,
    Levy,
    Member,
    Relief,
    Schooling,
    allowance,
    card,
    levy,
    relief,
)

from munirules.engine.bag import FactError, facts_of, none_of, provisional
from munirules.engine.outcome import NotDecided, Status
from munirules.engine.runtime import MissingFact, UnknownPart
from munirules.errors import MunirulesError


def test_members_are_levied_who_are_of_age():
    outcome = BOOK.decide(levy, FAMILY, *INCOMES, on=ON)
    assert outcome.status is Status.DECIDED
    assert outcome.members == ("haha", "chichi")
    # 2,000,000 − 300,000 at 5.5 %; 3,000,000 − 900,000 at 5.5 %
    assert outcome.result == (Levy(base=1_700_000, levied=93_500), Levy(base=2_100_000, levied=115_500))
    assert outcome.of("chichi") == outcome.result[1]


def test_the_law_of_the_date_counts():
    young = attrs.evolve(FAMILY, members=(Member(id="a", born=date(2003, 1, 1)),))
    income = facts_of("a", Income(amount=1_300_000), none_of(Disability))
    before, after, later = BOOK.decide_each(
        levy, young, income, on=[date(2022, 3, 31), date(2022, 4, 1), date(2024, 4, 1)]
    )
    assert before.members == ()  # of age at 20
    assert before.result == ()
    assert [outcome.of("a").levied for outcome in (after, later)] == [50_000, 55_000]


def test_an_answer_is_asked_for_by_id():
    outcome = BOOK.decide(levy, FAMILY, *INCOMES, on=ON)
    with pytest.raises(
        MunirulesError, match=r"welfare\.levy answers for haha, chichi, not for 'chich' — did you mean 'chichi'\?"
    ):
        outcome.of("chich")
    with pytest.raises(MunirulesError, match="not for 'ani'"):
        outcome.of("ani")


def test_decisions_chain_for_members_for_one_member_and_for_the_whole():
    outcome = BOOK.decide(allowance, FAMILY, *ALL, on=ON)
    # each child 10,000 and 300 off; the elder 2,000 more; the mother's levy once for each child
    assert outcome.result == Allowance(children=2, for_mothers=187_000, total=22_600)
    relieved = BOOK.decide(relief, FAMILY, *ALL, Hardship(severe=True), on=ON)
    assert relieved.result == Relief(relieved=93_500)


# Order makes no difference: places are made by the engine, and nobody is no one.


@st.composite
def households(draw: st.DrawFn) -> tuple[Household, list[object]]:
    """Grown-ups and children, with their facts; some children have a mother here, some have not."""
    grown = [
        Member(id=f"g{n}", born=date(1980 + draw(st.integers(0, 9)), 1, 1 + n)) for n in range(draw(st.integers(0, 3)))
    ]
    mothers = st.none() | st.sampled_from([one.id for one in grown]) if grown else st.none()
    young = [
        Member(id=f"c{n}", born=date(2012 + draw(st.integers(0, 8)), 1, 1 + n), mother=draw(mothers))
        for n in range(draw(st.integers(0, 4)))
    ]
    told: list[object] = [Schooling(pupil=draw(st.booleans()))]
    for one in grown:
        disability = draw(st.none() | st.builds(Disability, grade=st.integers(1, 3)))
        income = Income(amount=draw(st.integers(0, 10**7)))
        told.append(facts_of(one.id, income, none_of(Disability) if disability is None else disability))
    return Household(members=(*grown, *young), moved_in=date(2020, 1, 1)), told


@given(households(), st.randoms(use_true_random=False))
def test_answers_do_not_hang_on_the_order_of_members_or_facts(told, chance: random.Random):
    household, given_facts = told
    members, other_facts = list(household.members), list(given_facts)
    chance.shuffle(members)
    chance.shuffle(other_facts)
    shuffled = attrs.evolve(household, members=tuple(members))
    one, other = BOOK.decide(levy, household, *given_facts, on=ON), BOOK.decide(levy, shuffled, *other_facts, on=ON)
    assert {name: one.of(name) for name in one.members} == {name: other.of(name) for name in other.members}
    totals = [
        BOOK.decide(allowance, *asked, on=ON).result for asked in ((household, *given_facts), (shuffled, *other_facts))
    ]
    assert totals[0] == totals[1]


@given(households())
def test_an_answer_that_is_traced_is_the_same(told):
    household, given_facts = told
    for decision in (levy, allowance):
        plain = BOOK.decide(decision, household, *given_facts, on=ON)
        traced = BOOK.decide(decision, household, *given_facts, on=ON, trace=True)
        assert (traced.result, traced.members) == (plain.result, plain.members)
        assert traced.trace == plain.trace


@given(households())
def test_a_household_is_as_a_clerk_would_reckon_it(told):
    household, given_facts = told
    pupil = next(fact.pupil for fact in given_facts if isinstance(fact, Schooling))
    children = sorted((one for one in household.members if ON.year - one.born.year < 15), key=lambda one: one.born)
    sum_ = sum(10_000 + (2_000 if place == 0 else 0) + (300 if pupil else 0) for place, _ in enumerate(children))
    outcome = BOOK.decide(allowance, household, *given_facts, on=ON)
    assert (outcome.result.children, outcome.result.total) == (len(children), min(sum_, 50_000))
    levies = BOOK.decide(levy, household, *given_facts, on=ON)
    assert outcome.result.for_mothers == sum(levies.of(one.mother).levied for one in children if one.mother)


# Facts: given, given as none, not given.

STATES = [
    ("not given", (facts_of("haha", Income(amount=1)), facts_of("chichi", Income(amount=1), none_of(Disability))), "Disability (障害) of 'haha' is not given; asked by rule 'base' (課税標準) of welfare.levy"),
    ("given as none", (facts_of("haha", none_of(Income), none_of(Disability)), INCOMES[1]), "Income (所得) of 'haha' is given as none, but asked by rule 'base' (課税標準) of welfare.levy"),
    ("nothing given", (), "\n".join(f"{fact} of {who!r} is not given; asked by rule 'base' (課税標準) of welfare.levy" for fact in ("Income (所得)", "Disability (障害)") for who in ("haha", "chichi"))),
]  # fmt: skip


@pytest.mark.parametrize(("given_facts", "told"), [state[1:] for state in STATES], ids=[state[0] for state in STATES])
def test_what_is_missing_is_told_with_who_asks(given_facts, told):
    with pytest.raises(MissingFact) as caught:
        BOOK.decide(levy, FAMILY, *given_facts, on=ON)
    assert str(caught.value) == told
    assert len(caught.value.facts) == told.count("\n") + 1


def test_whom_a_decision_does_not_concern_is_spared_its_questions():
    children = attrs.evolve(FAMILY, members=(attrs.evolve(FIRST, mother=None), attrs.evolve(SECOND, mother=None)))
    assert BOOK.decide(levy, children, on=ON).result == ()


def test_a_fact_for_all_may_be_overruled_for_one():
    everyone = BOOK.decide(allowance, FAMILY, *INCOMES, SCHOOL, on=ON).result.total
    for told in (
        (facts_of("ani", Schooling(pupil=False)), SCHOOL),
        (SCHOOL, facts_of("ani", Schooling(pupil=False))),
    ):
        assert BOOK.decide(allowance, FAMILY, *INCOMES, *told, on=ON).result.total == everyone - 300


def test_what_is_missing_of_a_decision_about_one_is_told_with_that_one():
    told = [facts_of(name, SCHOOL) for name in ("haha", "chichi", "ani")]
    with pytest.raises(MissingFact) as caught:
        BOOK.decide(allowance, FAMILY, *INCOMES, *told, on=ON)
    assert (
        str(caught.value)
        == "Schooling (通学) is not given; asked by rule 'discount' (割引額) of welfare.card (for 'imouto')"
    )
    assert [(fact.name, part) for fact, part in caught.value.facts] == [("Schooling", "imouto")]


@pytest.mark.parametrize(
    ("told", "error", "message"),
    [
        ((Income(amount=1),), FactError, r"Income is about one Member; give it as facts_of\(ID, Income\(…\)\)"),
        ((none_of(Income),), FactError, r"Income is about one Member"),
        ((SCHOOL, SCHOOL), FactError, r"Schooling is given twice"),
        ((SCHOOL, none_of(Schooling)), FactError, r"Schooling is given twice"),
        ((INCOMES[0], facts_of("haha", Income(amount=5))), FactError, r"Income of 'haha' is given twice"),
        ((facts_of("hah", Income(amount=1)),), UnknownPart, r"facts of 'hah': nobody has that id — did you mean 'haha'\? \(ids: haha, chichi, ani, imouto\)"),
        ((5,), FactError, r"5 is not a fact of welfare\.levy"),
        (({"Income": {"amount": 5}},), FactError, r"is not a fact of welfare\.levy: it is no object of a class declared with @facts"),
        ((none_of(int),), FactError, r"is not a fact"),
        ((provisional(facts_of("haha")),), FactError, r"is not a fact"),
        ((Income,), FactError, r"is not a fact"),
    ],
)  # fmt: skip
def test_what_is_no_fact_here_is_told(told, error, message):
    with pytest.raises(error, match=message):
        BOOK.decide(levy, FAMILY, *told, on=ON)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ((MOTHER, attrs.evolve(FATHER, id="haha")), r"Member\.id: 'haha' stands twice; ids tell parts apart"),
        ((MOTHER, attrs.evolve(FIRST, mother="hahaa")), r"Member 'ani': mother is 'hahaa', which no part has — did you mean 'haha'\? \(ids: haha, ani\)"),
    ],
)  # fmt: skip
def test_ids_are_found_and_told_apart(members, message):
    with pytest.raises(UnknownPart, match=message):
        BOOK.decide(allowance, attrs.evolve(FAMILY, members=members), *INCOMES[:1], SCHOOL, on=ON)


def test_what_is_needed_can_be_asked():
    asked = [(one.fact.name, one.rules, one.optional) for one in BOOK.ask(relief, on=ON)]
    assert asked == [
        ("Hardship", ("welfare.relief:relieved",), False),
        ("Income", ("welfare.levy:base",), False),
        ("Schooling", ("welfare.card:discount",), False),
        ("Disability", ("welfare.levy:base",), True),
    ]
    assert BOOK.ask("welfare.relief", on=ON)[0].fact.found_by == "架空市福祉審査会"


# Results of other decisions: supplied by the caller, or decided.


def test_a_supplied_result_is_taken_and_its_facts_are_not_asked_for():
    allowed = Allowance(children=0, for_mothers=1_000, total=0)
    assert BOOK.decide(relief, FAMILY, allowed, Hardship(severe=True), on=ON).result == Relief(relieved=500)


def test_results_for_members_are_supplied_for_all_or_for_none():
    each = [facts_of(name, Levy(base=0, levied=amount)) for name, amount in (("haha", 1_000), ("chichi", 9))]
    spared = [facts_of(name, none_of(Levy)) for name in ("ani", "imouto")]
    outcome = BOOK.decide(allowance, FAMILY, *each, *spared, SCHOOL, on=ON)
    assert outcome.result.for_mothers == 2_000
    with pytest.raises(
        MissingFact, match=r"Levy is supplied for some and not for ani, imouto; supply it for all or for none"
    ):
        BOOK.decide(allowance, FAMILY, *each, SCHOOL, on=ON)


def test_results_about_one_member_are_supplied_for_each():
    cards = [facts_of(member.id, Card(discount=500)) for member in FAMILY.members]
    assert BOOK.decide(allowance, FAMILY, *INCOMES, *cards, on=ON).result.total == 23_000
    assert BOOK.decide(card, FIRST, SCHOOL, on=ON).result == Card(discount=300)


def test_a_supplied_result_may_not_be_none_where_the_rule_needs_one():
    with pytest.raises(
        MissingFact,
        match=r"Allowance \(手当\) is given as none, but asked by rule 'relieved' \(救済後の額\) of welfare\.relief",
    ):
        BOOK.decide(relief, FAMILY, none_of(Allowance), Hardship(severe=True), on=ON)


# Statuses.


def test_a_finding_that_is_missing_is_waited_for():
    outcome = BOOK.decide(relief, FAMILY, *ALL, on=ON)
    assert (outcome.status, outcome.decided, outcome.trace) == (Status.NEEDS_FINDING, False, ())
    assert outcome.reason == "困窮の認定 (Hardship): 架空市福祉審査会"
    assert [fact.name for fact in outcome.needed] == ["Hardship"]
    with pytest.raises(
        NotDecided, match=r"welfare\.relief is needs_finding: 困窮の認定 \(Hardship\): 架空市福祉審査会"
    ):
        _ = outcome.result


def test_a_finding_is_not_waited_for_where_facts_are_missing_too():
    with pytest.raises(MissingFact, match="Schooling"):
        BOOK.decide(relief, FAMILY, *INCOMES, Hardship(severe=True), on=ON)


@pytest.mark.parametrize(
    "told",
    [
        (provisional(SCHOOL), *INCOMES),
        (SCHOOL, INCOMES[0], facts_of("chichi", Income(amount=5), provisional(Disability(grade=1)))),
        (SCHOOL, INCOMES[0], facts_of("chichi", Income(amount=5), provisional(none_of(Disability)))),
    ],
)
def test_a_fact_that_is_not_final_makes_the_answer_provisional(told):
    outcome = BOOK.decide(allowance, FAMILY, *told, on=ON)
    assert (outcome.status, outcome.decided) == (Status.PROVISIONAL, True)
    assert outcome.result.children == 2


def test_the_law_refuses_with_its_reason_and_shows_how_it_came_to_it():
    late = attrs.evolve(FAMILY, moved_in=date(2024, 6, 1))
    for trace in (False, True):
        outcome = BOOK.decide(allowance, late, *ALL, on=ON, trace=trace)
        assert (outcome.status, outcome.decided, outcome.reason) == (
            Status.REFUSED,
            False,
            "転入前である（架空市条例第4条）",
        )
        last = outcome.trace[-1]
        assert (last.rule, last.value) == ("total", "転入前である（架空市条例第4条）")
        assert "架空市条例第5条" in [cited.text for cited in last.citations]
        with pytest.raises(NotDecided, match="転入前である"):
            _ = outcome.result
        with pytest.raises(NotDecided, match="転入前である"):
            outcome.of("haha")


def test_a_refusal_of_a_decision_on_the_way_refuses_the_whole():
    late = attrs.evolve(FAMILY, moved_in=date(2024, 6, 1))
    outcome = BOOK.decide(relief, late, *ALL, Hardship(severe=False), on=ON)
    assert (outcome.status, outcome.reason) == (Status.REFUSED, "転入前である（架空市条例第4条）")
    assert outcome.trace[-1].steps[-1].rule == "total"
