"""Case files of real decisions balance whatever happens to them; one whose books do not is found."""

from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from munirules import Rulebook
from munirules.testing.question import Answer
from munirules.testing.stateful import History, HouseholdHistory, amount_of, history

book = cache(Rulebook.of)
GIFU, SHIRAKAWA, HIDA = "212016", "215066", "212172"
few = settings(
    max_examples=6,
    stateful_step_count=8,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(
    ("code", "decision", "amount"),
    [
        (SHIRAKAWA, "water.supply", "total"),
        (GIFU, "welfare.child_allowance", "amount"),
        (GIFU, "welfare.medical_subsidy", "subsidy"),
        (GIFU, "fees.cremation", "total"),
        (HIDA, "welfare.hida_coupon", "amount"),
    ],
)
def test_a_case_file_balances(code, decision, amount):
    run_state_machine_as_test(history(book(code), decision, amount=amount), settings=few)


def test_a_household_has_a_history_of_members():
    machine = history(book(GIFU), "welfare.child_allowance", amount="amount")
    assert issubclass(machine, HouseholdHistory)
    assert machine.__name__ == "History_welfare_child_allowance"
    assert not issubclass(history(book(SHIRAKAWA), "water.supply", amount="total"), HouseholdHistory)


class Forgetful(History):
    """Books the new amount, not the difference."""

    rulebook = book(SHIRAKAWA)
    decision = book(SHIRAKAWA).decision("water.supply")
    amount = "total"

    def _becomes(self, question):
        super()._becomes(question)
        self.booked[-1] = amount_of(self.answer, self.amount)


def test_books_that_do_not_balance_are_found():
    with pytest.raises(AssertionError, match=r"munirules decide water\.supply --in 215066"):
        run_state_machine_as_test(Forgetful, settings=settings(few, phases=[Phase.generate]))


def test_what_is_not_decided_books_nothing():
    assert amount_of(Answer("refused", reason="…"), "total") == 0
    assert amount_of(Answer("decided", {"total": 5}), "total") == 5
