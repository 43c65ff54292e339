"""Medical subsidies: who is aided, what is paid, what a silent municipality does not inherit."""

from datetime import date

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.law.welfare.local_cases import cases_of

from munirules import Rulebook, Status, facts_of, none_of
from munirules.checking import run_case
from munirules.engine.provisions import NotInForce
from munirules.law.welfare.medical_subsidy import SubsidyClaim, medical_subsidy
from munirules.law.welfare.medical_subsidy_payment import (
    NO_LIMIT,
    Care,
    CareItem,
    CopayRow,
    MedicalMonth,
    TaxClass,
    age_end,
    month_totals,
)
from munirules.law.welfare.medical_subsidy_schemes import CountedIncome, LoneFamily, Position, Side, SubsidyIncomes
from munirules.models.conditions import Disability, PublicAssistance
from munirules.models.household import Household
from munirules.models.income import IncomeStatus
from munirules.models.resident import Resident

CASES = cases_of("medical_subsidy")
FACTS = (Disability, LoneFamily, PublicAssistance, SubsidyIncomes, MedicalMonth)


def test_published_figures_and_both_sides_of_each_limit_come_out(scored):
    results = [run_case(case) for case in CASES]
    scored("medical subsidies", results)
    assert len(results) >= 60


def decide(town, on, born, *facts, claim=None, **person):
    known = {type(fact) for fact in facts}
    claim = claim or SubsidyClaim(claimed_on=date(2021, 1, 1))
    given = (claim, *facts, *(none_of(cls) for cls in FACTS if cls not in known))
    household = Household(members=(Resident(id="a", born_on=born, **person),))
    return Rulebook.of(town).decide(medical_subsidy, household, facts_of("a", *given), on=on)


def care(*rows, **more):
    return MedicalMonth(items=tuple(CareItem(**row) for row in rows), **more)


def visit(day, share, *, institution="A", care=Care.OUTPATIENT, month=6, **more):
    return {"institution": institution, "care": care, "on": date(2025, month, day), "share": share, **more}


def income(amount=None, *, year=2024, **more):
    return SubsidyIncomes(year=year, incomes=(CountedIncome(side=Side.SELF, amount=amount, **more),))


def test_a_silent_municipality_inherits_nothing_from_its_prefecture():
    with pytest.raises(NotInForce, match="schemes"):
        decide("関市", date(2025, 6, 1), date(2020, 1, 1))


@pytest.mark.parametrize("town", ["富加町", "岐阜市"])
def test_an_income_test_whose_limits_could_not_be_read_is_refused(town):
    disabled, adult = Disability(physical_grade=1), date(1980, 1, 1)
    before = decide(town, date(2026, 9, 30), adult, disabled, income(0, year=2024))
    assert before.of("a").scheme == "重度心身障害者"
    after = decide(town, date(2026, 10, 1), adult, disabled, income(0, year=2025))
    assert after.status == Status.REFUSED
    assert "所得制限の定めが収録されていない" in after.reason
    child = decide(town, date(2026, 10, 1), date(2020, 1, 1))
    assert child.of("a").scheme == "子ども"


def test_only_adopted_kinds_follow_the_base_and_unrecorded_ones_are_not_judged():
    disabled = Disability(mental_grade=2)
    adult = date(1980, 1, 1)
    rich = income(4_596_000, year=2023)
    assert (
        decide("富加町", date(2025, 6, 1), adult, disabled, income(4_595_999, year=2023)).of("a").scheme
        == "重度心身障害者"
    )
    assert decide("富加町", date(2025, 6, 1), adult, disabled, rich).of("a").reason == "所得制限"
    outcome = decide("瑞浪市", date(2025, 6, 1), adult, disabled)
    assert outcome.status == Status.REFUSED
    assert "収録していない" in outcome.reason
    assert decide("瑞浪市", date(2025, 6, 1), adult).of("a").reason == "対象外"


def test_limits_that_were_raised_in_november_2024():
    lone = LoneFamily(position=Position.PARENT, youngest_born_on=date(2015, 6, 1))
    before = decide("岐阜市", date(2024, 10, 31), date(1985, 5, 5), lone, income(1_920_000, year=2022))
    after = decide("岐阜市", date(2024, 11, 1), date(1985, 5, 5), lone, income(2_079_999, year=2023))
    assert (before.of("a").reason, after.of("a").reason) == ("所得制限", "")


def test_an_income_of_the_wrong_year_undeclared_or_missing_is_refused():
    disabled = Disability(physical_grade=3)
    for given_income in (income(0, year=2024), income(year=2023, status=IncomeStatus.UNDECLARED), income(year=2023)):
        assert decide("富加町", date(2025, 9, 30), date(1980, 1, 1), disabled, given_income).status == Status.REFUSED
    assert decide("富加町", date(2025, 10, 1), date(1980, 1, 1), disabled, income(0, year=2024)).of("a").reason == ""
    assert "所得が示されていない" in decide("富加町", date(2025, 6, 1), date(1980, 1, 1), disabled).reason


def test_certificates_that_have_ended_or_are_too_low():
    for disability in (Disability(physical_grade=4), Disability(mental_grade=1, mental_until=date(2025, 5, 31))):
        assert (
            decide("富加町", date(2025, 6, 1), date(1980, 1, 1), disability, income(0, year=2023)).of("a").reason
            == "対象外"
        )


def test_a_late_claim_counts_from_its_month_and_one_in_time_from_the_event():
    born = date(2025, 5, 20)
    month = care(visit(1, 500), visit(20, 700), high := visit(25, 900, in_kind=False))
    for claimed, first in ((date(2025, 6, 19), born), (date(2025, 6, 20), date(2025, 6, 1))):
        claim = SubsidyClaim(claimed_on=claimed, event_on=born)
        answer = decide("岐阜市", date(2025, 6, 20), born, month, claim=claim).of("a")
        assert (answer.covered_from, answer.own_payment, answer.subsidy, answer.refund) == (first, 0, 2100, 900)
    assert high["share"] == 900
    issued = SubsidyClaim(claimed_on=date(2025, 6, 5), event_on=date(2025, 5, 20))
    severe = decide(
        "岐阜市", date(2025, 6, 5), date(1980, 1, 1), Disability(physical_grade=1), income(0, year=2023), claim=issued
    )
    assert severe.of("a").covered_from == date(2025, 5, 1)


def test_care_after_the_end_is_not_aided():
    month = care(visit(5, 500), visit(20, 700))
    answer = decide("岐阜市", date(2025, 6, 5), date(2015, 1, 1), month, moved_out_on=date(2025, 6, 20)).of("a")
    assert (answer.covered_until, answer.subsidy) == (date(2025, 6, 19), 500)
    assert "異なる月" in decide("岐阜市", date(2025, 6, 5), date(2015, 1, 1), care(visit(5, 500, month=7))).reason


def test_assistance_leaves_a_child_of_gifu_city_out():
    answer = decide("岐阜市", date(2025, 6, 5), date(2015, 1, 1), PublicAssistance(since=date(2025, 1, 1))).of("a")
    assert (answer.scheme, answer.reason) == ("", "生活保護")


def test_other_benefits_come_first():
    month = care(visit(5, 90_000, in_kind=False), other_benefits=20_000)
    answer = decide("岐阜市", date(2025, 6, 5), date(2015, 1, 1), month).of("a")
    assert (answer.subsidy, answer.refund) == (70_000, 70_000)


def test_meals_are_aided_in_shirakawa_and_not_in_gifu():
    month = care(visit(5, 1000, care=Care.INPATIENT, days=3, meals=4410))
    assert decide("白川町", date(2025, 6, 5), date(2008, 1, 1), month).of("a").subsidy == 5410
    assert decide("岐阜市", date(2025, 6, 5), date(2015, 1, 1), month).of("a").subsidy == 1000


def test_only_stays_are_aided_of_those_in_high_school_in_minokamo():
    month = care(visit(5, 1000), visit(6, 3000, care=Care.INPATIENT, in_kind=False))
    answer = decide("美濃加茂市", date(2025, 6, 5), date(2008, 1, 1), month).of("a")
    assert (answer.share, answer.subsidy, answer.refund) == (3000, 3000, 3000)


def test_a_child_of_a_single_parent_in_high_school_is_aided_through_the_nineteenth_birthday_in_kakamigahara():
    child = LoneFamily(position=Position.CHILD, student=True)
    assert decide("各務原市", date(2024, 9, 30), date(2005, 9, 2), child, income(0, year=2022)).of(
        "a"
    ).covered_until == date(2024, 9, 30)
    assert (
        decide(
            "各務原市", date(2024, 9, 30), date(2005, 9, 2), LoneFamily(position=Position.CHILD), income(0, year=2022)
        )
        .of("a")
        .scheme
        == ""
    )


def test_per_day_twice_a_month_and_less_where_the_share_is_less():
    month = care(visit(2, 300), visit(3, 900), visit(4, 900), visit(4, 2000, care=Care.PHARMACY))
    answer = decide("忠岡町", date(2025, 6, 5), date(2015, 1, 1), month).of("a")
    assert (answer.own_payment, answer.share, answer.subsidy) == (800, 4100, 3300)
    five = care(*(visit(day, 600, institution=name) for name in "ABC" for day in (2, 3)))
    capped = decide("忠岡町", date(2025, 6, 5), date(2015, 1, 1), five).of("a")
    assert (capped.own_payment, capped.refund, capped.subsidy) == (2500, 500, 1100)


@pytest.mark.parametrize(("tax_class", "paid"), [(TaxClass.ANY, 1200 + 2400), (TaxClass.LOW, 800 + 1600)])
def test_share_with_cap_and_levy_in_kamikawa(tax_class, paid):
    month = care(
        visit(1, 700), visit(2, 700), visit(3, 700), visit(10, 30_000, care=Care.INPATIENT, days=5, cost=100_000)
    )
    tested = SubsidyIncomes(
        year=2023,
        tax_class=tax_class,
        incomes=(CountedIncome(side=Side.SELF, levy=134_999), CountedIncome(side=Side.OTHER, levy=100_000)),
    )
    answer = decide("神河町", date(2025, 6, 5), date(1980, 1, 1), Disability(physical_grade=2), tested, month).of("a")
    assert answer.own_payment == paid
    over = SubsidyIncomes(
        year=2023, incomes=(CountedIncome(side=Side.SELF, levy=135_000), CountedIncome(side=Side.OTHER, levy=100_000))
    )
    assert (
        decide("神河町", date(2025, 6, 5), date(1980, 1, 1), Disability(physical_grade=2), over).of("a").reason
        == "所得制限"
    )


@pytest.mark.parametrize(
    ("born", "paid"),
    [
        (date(2022, 7, 2), 600 + 3500),
        (date(2022, 6, 2), 0),
        (date(2018, 4, 2), 1200 + 3500),
        (date(2013, 4, 1), 1600 + 3500),
    ],
)
def test_by_age_class_and_institution_in_dazaifu(born, paid):
    on = date(2025, 6, 5) if born != date(2022, 7, 2) else date(2025, 8, 5)
    month = on.month
    items = care(
        visit(1, 500, month=month),
        visit(2, 5000, month=month),
        visit(3, 40_000, care=Care.INPATIENT, days=9, month=month),
    )
    assert decide("太宰府市", on, born, items).of("a").own_payment == paid


def test_ends_of_ages():
    assert age_end(date(2010, 4, 1), 15, "school_year") == date(2025, 3, 31)
    assert age_end(date(2010, 4, 2), 15, "school_year") == date(2026, 3, 31)
    assert age_end(date(2022, 6, 1), 3, "attained_month") == date(2025, 5, 31)
    assert age_end(date(2022, 6, 1), 3, "birthday_month") == date(2025, 6, 30)


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(0, 20_000), st.sampled_from("ABC")),
        max_size=8,
        unique_by=lambda row: (row[0], row[2]),
    ),
    st.randoms(),
)
def test_the_order_of_visits_changes_nothing_and_the_sums_agree(visits, random):
    rows = [visit(day, share, institution=name) for day, share, name in visits]
    answers = []
    for _ in range(2):
        answers.append(decide("忠岡町", date(2025, 6, 5), date(2015, 1, 1), care(*rows)).of("a"))
        random.shuffle(rows)
    assert answers[0] == answers[1]
    assert answers[0].own_payment + answers[0].subsidy == answers[0].share
    assert answers[0].own_payment <= 2500


def test_a_cap_for_the_person_counts_all_institutions_and_a_first_visit_is_paid_once():
    def paid(copay, *rows):
        totals = month_totals(
            care(*rows), (copay,), "x", NO_LIMIT, False, False, TaxClass.ANY, date(2025, 6, 1), None, date(2025, 6, 1)
        )
        return totals.own

    a, b = visit(2, 700, institution="A"), visit(3, 700, institution="B")
    capped = CopayRow(name="x", per="share", month_cap=1000)
    assert paid(capped, a, b) == 1400
    assert paid(evolve(capped, cap_by="person"), a, b) == paid(evolve(capped, cap_by="person"), b, a) == 1000
    twice = CopayRow(name="x", per="day", amount=500, days=1, month_cap=800, cap_by="person")
    assert paid(twice, a, visit(4, 700, institution="A"), b) == 800
    first = CopayRow(name="x", per="first_visit", amount=580)
    assert paid(first, {**a, "first_visit": True}, b) == 580
