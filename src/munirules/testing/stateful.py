"""What has a history, tried as a state machine: assessed, corrected, recalculated; moved in, moved out; declared twice.

::

    TestWaterBill = history(Rulebook.of("白川町"), water_bill, amount="total").TestCase

A case file holds what was declared, and what was booked for it. Whatever happens to it in whatever order, the sum of what
was booked is what an assessment of today's facts alone would come to; what is taken back is as if it had never been.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from munirules.engine.bag import FactError, FactsOf
from munirules.models.declare import evolve
from munirules.models.household import Household
from munirules.models.resident import MovedIn, MovedOut, Resident
from munirules.testing.question import Answer, Question
from munirules.testing.strategies.asking import completions, questions, variations
from munirules.testing.strategies.days import births, near

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook


class History(RuleBasedStateMachine):
    """A case file of one decision. `history` makes the machine of a decision.

    Attributes:
        rulebook: for whom.
        decision: the decision.
        amount: the field of the result that is booked; of a member decision, of all members together.
    """

    rulebook: ClassVar[Rulebook]
    decision: ClassVar[Decision[Any, Any]]
    amount: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.question: Question | None = None
        self.answer: Answer | None = None
        self.booked: list[int] = []
        self.before: list[tuple[Question, Answer]] = []

    @property
    def asked(self) -> Question:
        """The question as it stands."""
        assert self.question is not None
        return self.question

    @initialize(data=st.data())
    def assess(self, data: st.DataObject) -> None:
        """The first assessment (賦課・決定): its amount is booked (調定)."""
        self.question = data.draw(questions(self.rulebook, self.decision))
        self.answer = self.question.answer(self.rulebook)
        self.booked.append(amount_of(self.answer, self.amount))

    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        """A fact or a field of the subject is corrected (更正): the difference is booked."""
        self._becomes(data.draw(variations(self.rulebook, self.asked)))

    @rule()
    def recalculate(self) -> None:
        """Recalculated (再計算) without a change, nothing is booked."""
        again = self.asked.answer(self.rulebook, trace=True)
        assert again == self.answer, self.told(f"recalculated it is {again}")

    @precondition(lambda self: self.before)
    @rule()
    def take_back(self) -> None:
        """A correction is taken back (取消): all is as it was before, in amount and in reasons."""
        question, answer = self.before[-1]
        self._becomes(question)
        assert self.answer == answer, self.told(f"taken back it should be {answer}")

    @precondition(lambda self: self.question is not None and self.question.facts)
    @rule(data=st.data())
    def declare_twice(self, data: st.DataObject) -> None:
        """What is declared twice (二重の届出) is refused, and changes nothing."""
        fact = data.draw(st.sampled_from(self.asked.facts))
        twice = attrs.evolve(self.asked, facts=(*self.asked.facts, fact)).answer(self.rulebook)
        assert twice.error == FactError.__name__, self.told(f"a fact given twice is answered by {twice}")
        assert self.asked.answer(self.rulebook) == self.answer, self.told("a fact given twice changed the answer")

    @invariant()
    def books_balance(self) -> None:
        """What was booked sums to what an assessment of today's facts comes to."""
        if self.question is not None:
            fresh = amount_of(self.question.answer(self.rulebook), self.amount)
            assert sum(self.booked) == fresh, self.told(f"booked are {self.booked}, and due is {fresh}")

    def _becomes(self, question: Question) -> None:
        assert self.question is not None
        assert self.answer is not None
        self.before.append((self.question, self.answer))
        answer = question.answer(self.rulebook)
        self.booked.append(amount_of(answer, self.amount) - amount_of(self.answer, self.amount))
        self.question, self.answer = question, answer

    def told(self, what: str) -> str:
        """What is wrong, with the command line that asks the question."""
        return f"{what}; it was {self.answer}\n{self.asked.command(self.rulebook.jurisdiction.code)}"


class HouseholdHistory(History):
    """A case file of a household: its members come and go."""

    @rule(data=st.data())
    def move_in(self, data: st.DataObject) -> None:
        """Somebody moves in (転入), and out again the same day by a cancellation (転入取消): all is as before."""
        household = self._household()
        members = household.members
        day = data.draw(near(self.asked.on).filter(lambda day: day <= self.asked.on))
        born = data.draw(births(self.asked.on))
        comer = Resident(
            id=str(1 + max((int(one.id) for one in members if one.id.isdigit()), default=0)),
            born_on=min(born, day),
            relationship="縁故者",
            moved_in_on=day,
            moved_in_by=MovedIn.MOVE,
        )
        was = self.answer
        before = self.asked
        larger = attrs.evolve(before, subject=evolve(household, members=(*members, comer)))
        self._becomes(data.draw(completions(self.rulebook, larger)))
        there = self.asked
        kept = tuple(one for one in there.facts if not isinstance(one, FactsOf) or one.part != comer.id)
        left = attrs.evolve(there, subject=household, facts=kept)
        if kept == before.facts:
            assert left.answer(self.rulebook) == was, self.told("a cancelled move in leaves something behind")

    @rule(data=st.data())
    def move_out(self, data: st.DataObject) -> None:
        """A member moves out (転出), and takes it back (転出取消): all is as before."""
        household = self._household()
        member = data.draw(st.sampled_from(household.members))
        day = data.draw(near(self.asked.on).filter(lambda day: day >= member.born_on))
        gone = evolve(member, moved_out_on=day, moved_out_by=MovedOut.MOVE)
        was, before = self.answer, self.asked
        smaller = attrs.evolve(before, subject=_with(household, gone))
        self._becomes(data.draw(completions(self.rulebook, smaller)))
        back = attrs.evolve(before, subject=_with(household, member))
        assert back.answer(self.rulebook) == was, self.told("a move out that was taken back leaves something behind")

    def _household(self) -> Household:
        household = self.asked.subject
        assert isinstance(household, Household)
        return household


def _with(household: Household, member: Resident) -> Household:
    """The household with a member as given in place of the one of that id."""
    return evolve(household, members=tuple(member if one.id == member.id else one for one in household.members))


def history(rulebook: Rulebook, decision: Decision[Any, Any] | str, *, amount: str) -> type[History]:
    """The state machine of a decision; its `TestCase` is a test, as of any Hypothesis machine.

    Args:
        rulebook: for whom.
        decision: the decision, or its name.
        amount: the field of the result that is booked.
    """
    own = rulebook.decision(decision) if isinstance(decision, str) else decision
    base: type[History] = HouseholdHistory if own.subject is Household else History
    return type(
        f"History_{own.name.replace('.', '_')}", (base,), {"rulebook": rulebook, "decision": own, "amount": amount}
    )


def amount_of(answer: Answer, field: str) -> int:
    """What an answer books: nothing where nothing is decided; of a member decision the members together."""
    if not answer.decided:
        return 0
    rows: list[Mapping[str, Any]] = list(answer.result.values()) if _by_member(answer) else [answer.result]
    return sum(row[field] for row in rows)


def _by_member(answer: Answer) -> bool:
    return answer.outcome is not None and answer.outcome.decision.member is not None
