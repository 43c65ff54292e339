"""One household of 架空市 with all that is known of it."""

from __future__ import annotations

from datetime import date

from tests.fictional.household import DECISIONS, Disability, Household, Income, Member, Schooling
from tests.fictional.laws import LAWS

from munirules.engine.bag import facts_of, none_of
from munirules.testing.kit import book

ON = date(2024, 5, 1)
BOOK = book(*DECISIONS, **LAWS)
MOTHER = Member(id="haha", born=date(1985, 5, 1))
FATHER = Member(id="chichi", born=date(1984, 1, 1))
FIRST = Member(id="ani", born=date(2015, 5, 1), mother="haha")
SECOND = Member(id="imouto", born=date(2018, 5, 1), mother="haha")
FAMILY = Household(members=(MOTHER, FATHER, FIRST, SECOND), moved_in=date(2020, 1, 1))
INCOMES = (
    facts_of("haha", Income(amount=2_000_000), none_of(Disability)),
    facts_of("chichi", Income(amount=3_000_000), Disability(grade=2)),
)
SCHOOL = Schooling(pupil=True)
ALL = (*INCOMES, SCHOOL)
