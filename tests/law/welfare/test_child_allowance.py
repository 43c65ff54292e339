"""児童手当: ages and order, claims and their first month, moves, recipients, income before 2024-10."""

from datetime import date

import attrs
import pytest
from tests.law.welfare.households import PARENT, TO_PARENT, claims, earns, family, institution

from munirules import MunirulesError, Rulebook, Status, facts_of, none_of
from munirules.calendar import parse
from munirules.engine.partial import AmbiguousDate
from munirules.engine.provisions import NotInForce
from munirules.law.welfare.child_allowance import ChildAllowanceClaim, child_allowance, claim_due
from munirules.law.welfare.child_allowance_facility import child_allowance_facility
from munirules.law.welfare.child_allowance_income import Entitlement, child_allowance_income
from munirules.law.welfare.income import MaintainedChildren
from munirules.models.household import Capacity, Household, Role, RoleHolder, Roles
from munirules.models.income import Income, IncomeStatus, Spouse, Widowhood
from munirules.models.party import Party, PartyKind
from munirules.models.resident import Resident
from munirules.models.years import WrongYear


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.of("岐阜市")


def paid(book, household, *facts, on, roles=TO_PARENT, given=None):
    """Amounts by child of a month."""
    outcome = book.decide(
        child_allowance, household, roles, *(claims(household) if given is None else given), *facts, on=on
    )
    return {member: outcome.of(member).amount for member in outcome.members}


# Ages and order.


def test_a_child_of_22_stops_counting_after_march_31(book):
    household = family(date(2003, 6, 1), date(2010, 6, 1), date(2015, 6, 1))  # 22 on 2025-05-31
    assert paid(book, household, on=date(2026, 3, 31)) == {"c1": 0, "c2": 10_000, "c3": 30_000}
    assert paid(book, household, on=date(2026, 4, 30)) == {"c2": 10_000, "c3": 10_000}


def test_born_on_april_1_belongs_to_the_year_before(book):
    assert paid(book, family(date(2007, 4, 1)), on=date(2025, 4, 1)) == {"c1": 0}  # attained 18 on 2025-03-31
    assert paid(book, family(date(2007, 4, 1)), on=date(2025, 3, 1)) == {"c1": 10_000}
    assert paid(book, family(date(2007, 4, 2)), on=date(2026, 3, 31)) == {"c1": 10_000}


@pytest.mark.parametrize("day", [1, 2, 15, 28])
def test_the_rate_falls_in_the_month_after_the_third_birthday_also_when_born_on_the_first(book, day):
    household = family(date(2023, 5, day))
    assert paid(book, household, on=date(2026, 5, 1)) == {"c1": 15_000}
    assert paid(book, household, on=date(2026, 5, 31)) == {"c1": 15_000}
    assert paid(book, household, on=date(2026, 6, 1)) == {"c1": 10_000}


def test_the_third_birthday_of_a_child_born_on_february_29(book):
    household = family(date(2024, 2, 29))
    given = [facts_of("c1", ChildAllowanceClaim(claimed_on=date(2024, 3, 5), event_on=date(2024, 2, 29)))]
    assert paid(book, household, on=date(2027, 2, 28), given=given) == {"c1": 15_000}
    assert paid(book, household, on=date(2027, 3, 1), given=given) == {"c1": 10_000}


@pytest.mark.parametrize(("number", "total"), [(1, 10_000), (2, 20_000), (3, 50_000), (6, 140_000), (7, 170_000)])
def test_every_child_is_paid_however_many_there_are(book, number, total):
    household = family(*[date(2010 + index, 6, 1) for index in range(number)])
    assert sum(paid(book, household, on=date(2025, 1, 31)).values()) == total


def test_seven_children_before_the_reform(book):
    household = family(*[date(2011 + index, 6, 1) for index in range(7)])  # 13, 12, 11 … 7 years
    amounts = paid(book, household, earns(3_000_000, 2023), on=date(2024, 9, 30))
    assert amounts == {"c1": 10_000, "c2": 10_000} | {f"c{number}": 15_000 for number in range(3, 8)}


def test_a_third_child_in_junior_high_school_has_no_more_than_the_first_before_the_reform(book):
    household = family(date(2007, 6, 1), date(2009, 6, 1), date(2010, 6, 1), date(2012, 6, 1))
    amounts = paid(book, household, earns(3_000_000, 2023), on=date(2024, 9, 30))
    assert amounts == {"c1": 0, "c2": 10_000, "c3": 10_000, "c4": 15_000}


def test_twins_rank_as_said_whatever_their_place(book):
    household = family(date(2012, 6, 1), date(2015, 6, 1), date(2015, 6, 1))
    given = [
        *claims(household)[:1],
        facts_of("c2", ChildAllowanceClaim(claimed_on=date(2015, 6, 5), birth_order=2)),
        facts_of("c3", ChildAllowanceClaim(claimed_on=date(2015, 6, 5), birth_order=1)),
    ]
    for members in (household.members, household.members[::-1]):
        turned = attrs.evolve(household, members=members)
        assert paid(book, turned, on=date(2025, 1, 31), given=given) == {"c1": 10_000, "c2": 30_000, "c3": 10_000}


def test_an_older_child_counts_only_where_it_is_claimed_for(book):
    household = family(date(2004, 6, 1), date(2010, 6, 1), date(2015, 6, 1))
    given = [facts_of("c1", none_of(ChildAllowanceClaim)), *claims(household)[1:]]
    assert paid(book, household, on=date(2025, 1, 31), given=given) == {"c1": 0, "c2": 10_000, "c3": 10_000}


# Claims, months, moves.


def test_a_new_born_is_paid_from_the_month_after_birth_and_the_unborn_is_an_error(book):
    household = family(date(2026, 5, 20))
    given = [facts_of("c1", ChildAllowanceClaim(claimed_on=date(2026, 6, 4), event_on=date(2026, 5, 20)))]
    assert paid(book, household, on=date(2026, 5, 31), given=given) == {"c1": 0}
    assert paid(book, household, on=date(2026, 6, 30), given=given) == {"c1": 15_000}
    with pytest.raises(MunirulesError, match=r"born_on .*2026-05-20 is after 2026-05-19"):
        paid(book, household, on=date(2026, 5, 19), given=given)


@pytest.mark.parametrize(
    ("claimed_on", "first"),
    [(date(2025, 5, 15), 5), (date(2025, 5, 16), 6), (date(2025, 4, 30), 5), (date(2025, 7, 1), 8)],
)
def test_fifteen_days_are_counted_from_the_day_after(book, claimed_on, first):
    household = family(date(2025, 4, 30))
    given = [facts_of("c1", ChildAllowanceClaim(claimed_on=claimed_on, event_on=date(2025, 4, 30)))]
    months = [month for month in range(4, 13) if paid(book, household, on=date(2025, month, 30), given=given)["c1"]]
    assert months == list(range(first, 13))


def test_a_last_day_on_which_the_office_is_closed_is_put_off(book):
    assert claim_due(date(2022, 12, 14), 15) == date(2023, 1, 4)  # 12-29 to 01-03 the office is closed
    assert claim_due(date(2025, 4, 30), 15) == date(2025, 5, 15)
    household = family(date(2022, 12, 14))
    claim = ChildAllowanceClaim(claimed_on=date(2023, 1, 4), event_on=date(2022, 12, 14), due=date(2023, 1, 4))
    income = earns(1_000_000, 2021)
    assert paid(book, household, income, on=date(2023, 1, 31), given=[facts_of("c1", claim)]) == {"c1": 15_000}
    late = attrs.evolve(claim, due=None)
    assert paid(book, household, income, on=date(2023, 1, 31), given=[facts_of("c1", late)]) == {"c1": 0}


def test_what_could_not_be_helped_runs_from_its_end(book):
    household = family(date(2025, 1, 10))
    claim = ChildAllowanceClaim(claimed_on=date(2025, 4, 14), event_on=date(2025, 1, 20), able_on=date(2025, 3, 31))
    assert paid(book, household, on=date(2025, 2, 28), given=[facts_of("c1", claim)]) == {"c1": 15_000}
    late = attrs.evolve(claim, claimed_on=date(2025, 4, 16))
    assert paid(book, household, on=date(2025, 4, 30), given=[facts_of("c1", late)]) == {"c1": 0}


def test_a_claim_by_the_reform_counts_from_its_month(book):
    household = family(date(2008, 6, 1))
    claim = ChildAllowanceClaim(claimed_on=date(2025, 3, 31), reform=True)
    assert paid(book, household, on=date(2024, 10, 31), given=[facts_of("c1", claim)]) == {"c1": 10_000}
    plain = attrs.evolve(claim, reform=False)
    assert paid(book, household, on=date(2025, 3, 31), given=[facts_of("c1", plain)]) == {"c1": 0}
    assert paid(book, household, on=date(2025, 4, 30), given=[facts_of("c1", plain)]) == {"c1": 10_000}


def test_who_moves_is_paid_here_through_that_month_and_there_from_the_next(book):
    gone = attrs.evolve(PARENT, moved_out_on=date(2025, 6, 20))
    assert paid(book, family(date(2015, 6, 1), parent=gone), on=date(2025, 6, 30)) == {"c1": 10_000}
    assert paid(book, family(date(2015, 6, 1), parent=gone), on=date(2025, 7, 31)) == {"c1": 0}
    there = [facts_of("c1", ChildAllowanceClaim(claimed_on=date(2025, 7, 5), event_on=date(2025, 6, 20)))]
    months = [paid(book, family(date(2015, 6, 1)), on=date(2025, month, 28), given=there)["c1"] for month in (6, 7)]
    assert months == [0, 10_000]


def test_the_month_of_a_death_is_paid_and_a_right_ends_with_its_month(book):
    household = family(date(2015, 6, 1), date(2017, 6, 1))
    dead = attrs.evolve(household.members[1], died_on=date(2025, 6, 2))
    household = attrs.evolve(household, members=(PARENT, dead, household.members[2]))
    assert paid(book, household, on=date(2025, 6, 30)) == {"c1": 10_000, "c2": 10_000}
    assert paid(book, household, on=date(2025, 7, 31)) == {"c1": 0, "c2": 10_000}
    ended = claims(household, ended_on=date(2025, 6, 2))
    assert paid(book, household, on=date(2025, 7, 31), given=ended) == {"c1": 0, "c2": 0}


# Recipients.


def test_another_recipient_counts_from_the_month_after_the_role_changed(book):
    other = Resident(id="q", born_on=date(1982, 3, 3))
    household = family(date(2015, 6, 1))
    household = attrs.evolve(household, members=(*household.members, other))
    roles = Roles(
        holders=(
            RoleHolder(role=Role.RECIPIENT, capacity=Capacity.PARENT, member="p", until=date(2025, 5, 9)),
            RoleHolder(role=Role.RECIPIENT, capacity=Capacity.PARENT, member="q", since=date(2025, 5, 10)),
        )
    )
    recipients = [
        book.decide(child_allowance, household, roles, *claims(family(date(2015, 6, 1))), on=date(2025, month, 31))
        .of("c1")
        .recipient
        for month in (5, 7)
    ]
    assert recipients == ["p", "q"]


def test_children_of_two_recipients_are_counted_apart(book):
    household = family(date(2010, 6, 1), date(2012, 6, 1), date(2015, 6, 1), date(2018, 6, 1))
    other = Resident(id="q", born_on=date(1982, 3, 3))
    household = attrs.evolve(household, members=(*household.members, other))
    holders = (*TO_PARENT.holders, RoleHolder(role=Role.RECIPIENT, capacity=Capacity.PARENT, member="q", about="c4"))
    given = claims(attrs.evolve(household, members=household.members[:-1]))
    amounts = paid(book, household, on=date(2025, 1, 31), roles=Roles(holders=holders), given=given)
    assert amounts == {"c1": 10_000, "c2": 10_000, "c3": 30_000, "c4": 10_000}


@pytest.mark.parametrize(
    ("capacity", "kind"),
    [
        (Capacity.FACILITY, PartyKind.CORPORATION),
        (Capacity.FOSTER_PARENT, PartyKind.PERSON),
        (Capacity.FAMILY_HOME, PartyKind.PERSON),
        (Capacity.SELF_RELIANCE_HOME, PartyKind.CORPORATION),
        (Capacity.GUARDIAN, PartyKind.CORPORATION),
    ],
)
def test_institutions_are_paid_by_a_decision_of_their_own_without_third_children(book, capacity, kind):
    household = family(date(2007, 6, 1), date(2012, 6, 1), date(2014, 6, 1), date(2016, 6, 1), date(2023, 6, 1))
    roles = institution(capacity, kind)
    for on, amounts in (
        (date(2024, 9, 30), {"c2": 10_000, "c3": 10_000, "c4": 10_000, "c5": 15_000}),
        (date(2024, 10, 31), {"c1": 10_000, "c2": 10_000, "c3": 10_000, "c4": 10_000, "c5": 15_000}),
    ):
        outcome = book.decide(child_allowance_facility, household, roles, *claims(household), on=on)
        assert {child: outcome.of(child).amount for child in outcome.members} == amounts
        assert {child.recipient for child in outcome.result} == {"home"}
        assert outcome.unverified == ()
        assert book.decide(child_allowance, household, roles, *claims(household), on=on).members == ()


def test_a_child_in_a_facility_does_not_count_at_home(book):
    household = family(date(2010, 6, 1), date(2012, 6, 1), date(2015, 6, 1))
    roles = Roles(
        holders=(
            *TO_PARENT.holders,
            RoleHolder(role=Role.RECIPIENT, capacity=Capacity.FACILITY, party="home", about="c1"),
        ),
        parties=(Party(id="home", kind=PartyKind.CORPORATION),),
    )
    assert paid(book, household, on=date(2025, 1, 31), roles=roles, given=claims(household)) == {
        "c2": 10_000,
        "c3": 10_000,
    }


@pytest.mark.parametrize("capacity", [Capacity.GUARDIAN, Capacity.NAMED_BY_PARENTS, Capacity.KEEPER])
def test_a_person_who_is_no_parent_is_paid_like_one(book, capacity):
    roles = Roles(holders=(RoleHolder(role=Role.RECIPIENT, capacity=capacity, member="p"),))
    assert paid(book, family(date(2015, 6, 1)), on=date(2025, 1, 31), roles=roles) == {"c1": 10_000}


def test_a_young_parent_is_no_child_of_the_question(book):
    mother = Resident(id="p", born_on=date(2006, 5, 5))
    assert paid(book, family(date(2024, 11, 1), parent=mother), on=date(2025, 1, 31)) == {"c1": 15_000}


def test_roles_without_a_recipient_are_refused(book):
    roles = Roles(holders=(RoleHolder(role=Role.AGENT, member="p"),))
    outcome = book.decide(
        child_allowance, family(date(2015, 6, 1)), roles, *claims(family(date(2015, 6, 1))), on=date(2025, 1, 31)
    )
    assert outcome.status == Status.REFUSED
    assert "受給者" in outcome.reason


# Income before the reform.


def entitled(book, amount, on, year, **parts):
    outcome = book.decide(
        child_allowance_income, family(date(2015, 6, 1)), TO_PARENT, earns(amount, year, **parts), on=on
    )
    return outcome.of("p")


@pytest.mark.parametrize(
    ("amount", "entitlement"),
    [(6_299_999, "FULL"), (6_300_000, "SPECIAL"), (8_659_999, "SPECIAL"), (8_660_000, "NONE"), (20_000_001, "NONE")],
)
def test_the_limit_and_the_ceiling_are_reached_to_the_yen(book, amount, entitlement):
    found = entitled(book, amount, date(2022, 6, 30), 2021)
    assert found.entitlement.name == entitlement
    assert found.income == amount - 80_000


def test_an_income_of_20_000_001_stays_so(book):
    assert entitled(book, 20_000_001, date(2022, 6, 30), 2021).income == 19_920_001


@pytest.mark.parametrize(
    ("on", "each"),
    [(date(2012, 5, 31), 10_000), (date(2012, 6, 30), 5_000), (date(2022, 5, 31), 5_000), (date(2022, 6, 30), 0)],
)
def test_what_a_high_income_leaves_changed_twice(book, on, each):
    household = family(date(2008, 6, 1))
    income = [earns(20_000_001, on.year - (1 if on.month >= 6 else 2))] if on >= date(2012, 6, 1) else []
    assert paid(book, household, *income, on=on) == {"c1": each}


def test_the_special_payment_is_for_each_child_to_the_end_of_junior_high_school(book):
    household = family(date(2006, 6, 1), date(2010, 6, 1), date(2014, 6, 1), date(2021, 6, 1))
    amounts = paid(book, household, earns(7_000_000, 2021), on=date(2022, 9, 30))
    assert amounts == {"c1": 0, "c2": 5_000, "c3": 5_000, "c4": 5_000}


def test_dependants_raise_limit_and_ceiling(book):
    found = entitled(
        book, 7_000_000, date(2022, 6, 30), 2021, dependants_under_16=2, dependants_from_70=1, spouse=Spouse.UNDER_70
    )
    assert found.limit == 6_220_000 + 3 * 380_000 + 440_000
    children = facts_of("p", Income(year=2021, comprehensive_income=0), MaintainedChildren(year=2021, number=2))
    outcome = book.decide(child_allowance_income, family(date(2015, 6, 1)), TO_PARENT, children, on=date(2022, 6, 30))
    assert outcome.of("p").limit == 6_220_000 + 760_000


def test_deductions_are_those_of_the_order(book):
    parts = {
        "employment_income": 60_000,
        "medical_deduction": 12_345,
        "disabled": 1,
        "specially_disabled": 1,
        "working_student": True,
        "widowhood": Widowhood.SINGLE_PARENT,
        "spouse_special_deduction": 380_000,
    }
    later = entitled(book, 5_000_000, date(2023, 6, 30), 2022, **parts)
    assert later.income == 5_000_000 - 80_000 - 60_000 - 12_345 - 270_000 - 400_000 - 270_000 - 350_000
    earlier = entitled(book, 5_000_000, date(2020, 6, 30), 2019, **parts)
    assert earlier.income == 5_000_000 - 80_000 - 12_345 - 270_000 - 400_000 - 270_000


def test_months_before_june_stand_on_the_year_before_the_last(book):
    assert entitled(book, 0, date(2023, 5, 31), 2021).year == 2021
    assert entitled(book, 0, date(2023, 6, 30), 2022).entitlement is Entitlement.FULL
    for on, wrong in ((date(2023, 5, 31), 2022), (date(2023, 6, 30), 2021)):
        with pytest.raises(MunirulesError, match=rf"'p'.*Income.year .*{wrong}, but {4043 - wrong} is needed"):
            entitled(book, 0, on, wrong)


def test_a_months_income_is_not_a_years(book):
    days = [date(2022, month, 28) for month in range(6, 13)] + [date(2023, month, 28) for month in range(1, 6)]
    for amount, entitlement in ((6_299_999, Entitlement.FULL), (6_300_000, Entitlement.SPECIAL)):
        outcomes = book.decide_each(
            child_allowance_income, family(date(2015, 6, 1)), TO_PARENT, earns(amount, 2021), on=days
        )
        assert {outcome.of("p").income for outcome in outcomes} == {amount - 80_000}
        assert {outcome.of("p").entitlement for outcome in outcomes} == {entitlement}


def test_an_income_that_nobody_declared_or_knows_is_no_income_of_nothing(book):
    for status in (IncomeStatus.UNDECLARED, IncomeStatus.UNKNOWN):
        unknown = facts_of("p", Income(year=2022, status=status), none_of(MaintainedChildren))
        outcome = book.decide(
            child_allowance,
            family(date(2015, 6, 1)),
            TO_PARENT,
            *claims(family(date(2015, 6, 1))),
            unknown,
            on=date(2023, 6, 30),
        )
        assert outcome.status == Status.REFUSED


def test_a_recipient_outside_the_household_has_no_income_here(book):
    roles = Roles(
        holders=(RoleHolder(role=Role.RECIPIENT, capacity=Capacity.PARENT, party="home"),),
        parties=(Party(id="home"),),
    )
    household = family(date(2015, 6, 1))
    outcome = book.decide(child_allowance, household, roles, *claims(household), on=date(2023, 6, 30))
    assert outcome.status == Status.REFUSED
    assert paid(book, household, on=date(2025, 6, 30), roles=roles, given=claims(household)) == {"c1": 10_000}


# Dates and errors.


def test_nothing_is_decided_before_the_act_of_2012(book):
    with pytest.raises(NotInForce):
        paid(book, family(date(2005, 6, 1)), on=date(2012, 3, 31))


def test_an_unknown_municipality_is_an_error():
    with pytest.raises(MunirulesError, match="岐阜"):
        Rulebook.of("岐阜士")


def test_the_explanation_names_law_rows_and_recipient(book):
    household = family(date(2015, 6, 1))
    outcome = book.decide(child_allowance, household, TO_PARENT, *claims(household), on=date(2025, 1, 31))
    told = outcome.explain()
    assert "児童手当法第6条第1項" in told
    assert "10,000円" in told
    assert outcome.unverified == ()


def test_facts_of_a_household_with_two_heads_never_get_here():
    with pytest.raises(MunirulesError, match="members"):
        Household(
            members=(
                Resident(id="a", born_on=date(1980, 1, 1), relationship="世帯主"),
                Resident(id="b", born_on=date(1980, 1, 1), relationship="世帯主"),
            ),
            head="a",
        )


# Days and years of which a part is known, or which are wrong.


def born_partly(book, text, on):
    """The amount of a child whose day of birth is known in part."""
    parent, child = family(date(2020, 1, 1)).members
    household = Household(members=(parent, attrs.evolve(child, born_on=parse(text))))
    claim = facts_of("c1", ChildAllowanceClaim(claimed_on=date(2024, 1, 5)))
    return paid(book, household, on=on, given=[claim])


def test_a_birth_date_known_in_part_is_decided_at_both_ends(book):
    assert born_partly(book, "令和5年5月不詳", date(2026, 5, 31)) == {"c1": 15_000}
    assert born_partly(book, "令和5年5月不詳", date(2026, 6, 30)) == {"c1": 10_000}
    assert born_partly(book, "令和5年不詳", date(2026, 1, 31)) == {"c1": 15_000}
    with pytest.raises(AmbiguousDate, match=r"amount=1[05]000.* or .*amount=1[05]000"):
        born_partly(book, "令和5年不詳", date(2026, 6, 30))


def test_an_income_of_another_year_is_an_error_that_names_member_and_field(book):
    household = family(date(2015, 6, 1))
    with pytest.raises(WrongYear, match=r"'p': Income\.year \(所得の年\): 2020, but 2021 is needed"):
        paid(book, household, earns(1_000_000, 2020), on=date(2023, 5, 31), given=claims(household))
