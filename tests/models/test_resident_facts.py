"""Facts about residents: an income is of a year, and not to know it is another thing than to have none."""

from __future__ import annotations

import re
from typing import Any

import pytest

from munirules import read, write
from munirules.models.conditions import CareLevel, CareNeed, Disability, PublicAssistance
from munirules.models.declare import InvariantError, declaration, facts
from munirules.models.fields import count, yen
from munirules.models.income import Income, IncomeStatus, Spouse, dependants_of
from munirules.models.resident import Resident
from munirules.models.years import WrongYear, of_year, year_field, year_problem


@facts(title="課税")
class Levy:
    """A levy of a fiscal year."""

    fiscal_year: int = count("年度")
    amount: int = yen("税額")


def test_they_are_about_residents_and_say_who_finds():
    for cls in (Income, Disability, CareNeed, PublicAssistance):
        assert declaration(cls).about is Resident
    assert [declaration(cls).found_by != "" for cls in (Income, Disability, CareNeed, PublicAssistance)] == [
        False,
        True,
        True,
        True,
    ]


class TestIncome:
    def test_one_of_its_totals_is_enough(self):
        for total in ("total_income", "aggregate_income", "comprehensive_income"):
            fields: dict[str, Any] = {total: 0}
            assert getattr(Income(year=2025, **fields), total) == 0

    @pytest.mark.parametrize("status", [IncomeStatus.UNDECLARED, IncomeStatus.UNKNOWN])
    def test_unknown_is_a_value_of_its_own(self, status):
        unknown = Income(year=2025, status=status)
        assert unknown.total_income is None
        assert unknown != Income(year=2025, total_income=0)
        assert read(Income, write(unknown)) == unknown

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({}, "total_income (合計所得金額): missing"),
            (
                {"status": IncomeStatus.UNDECLARED, "total_income": 0},
                "total_income: 0, but status (申告の状況) is 未申告",
            ),
            (
                {"status": IncomeStatus.UNKNOWN, "pension_income": 1},
                "pension_income: 1, but status (申告の状況) is 不明",
            ),
            ({"total_income": 0, "self_disabled": True}, "disabled (障害者控除の人数): 0, but self_disabled is true"),
            ({"total_income": 0, "self_specially_disabled": True}, "specially_disabled (特別障害者控除の人数): 0"),
        ],
    )
    def test_what_cannot_be_together(self, fields, told):
        with pytest.raises(InvariantError, match=re.escape(told)):
            Income(year=2025, **fields)

    def test_dependants_are_counted(self):
        own = Income(
            year=2025,
            total_income=0,
            spouse=Spouse.FROM_70,
            dependants_under_16=1,
            dependants_16_to_18=2,
            dependants_19_to_22=3,
            dependants_23_to_29=4,
            dependants_30_to_69=5,
            dependants_from_70=6,
        )
        assert dependants_of(own) == 22
        assert dependants_of(Income(year=2025, total_income=0)) == 0


class TestYears:
    def test_the_field_that_carries_it(self):
        assert [year_field(cls) for cls in (Income, Levy, Disability)] == ["year", "fiscal_year", ""]

    def test_the_right_one(self):
        income, levy = Income(year=2025, total_income=0), Levy(fiscal_year=2026, amount=0)
        assert of_year(income, 2025) is income
        assert of_year(levy, 2026) is levy

    def test_another(self):
        with pytest.raises(WrongYear, match=re.escape("'a': Income.year (所得の年): 2024, but 2025 is needed")):
            of_year(Income(year=2024, total_income=0), 2025, "a")
        with pytest.raises(WrongYear, match=re.escape("Levy.fiscal_year (年度): 2024, but 2025 is needed")):
            of_year(Levy(fiscal_year=2024, amount=0), 2025)

    def test_none(self):
        assert "no fact of a year" in year_problem(Disability(mental_grade=1), 2025)


class TestConditions:
    def test_what_may_be(self):
        for own in (
            Disability(physical_grade=1, physical_class=1, intellectual_grade="A1", mental_grade=3),
            CareNeed(level=CareLevel.CARE_3),
            PublicAssistance(),
        ):
            assert read(type(own), write(own)) == own

    @pytest.mark.parametrize(
        "fields", [{}, {"physical_class": 1, "mental_grade": 1}, {"mental_until": "2026-03-31", "physical_grade": 1}]
    )
    def test_what_cannot(self, fields):
        with pytest.raises(Exception, match="_grade \\("):
            read(Disability, fields)
