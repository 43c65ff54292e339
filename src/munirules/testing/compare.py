"""Compare two rule sets: which questions they answer differently, which rule is to blame, how many yen it moves.

Differences are grouped by rule and branch (`Blame.key`); each group has one witness, shrunk to what matters. One seed
gives one comparison.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from munirules.errors import MunirulesError, did_you_mean
from munirules.testing.blame import Blame, blame
from munirules.testing.curve import Curve, curve_of
from munirules.testing.question import FAILED, Answer
from munirules.testing.shrink import shrunk
from munirules.testing.side import UNFIT, About, Quantity, Request, Side

CASES: Final = 500
"""Questions that are drawn where nobody says how many."""


class CompareError(MunirulesError):
    """Two sides that cannot be compared, or a field that is no amount."""


@attrs.frozen(kw_only=True, eq=False)
class Difference:
    """A question that two rule sets answer differently.

    Attributes:
        request: the question.
        before: the answer of the one.
        after: that of the other.
        blame: the first rule that differs.
        yen: by how much the amount is greater after; None where one side has no amount.
    """

    request: Request
    before: Answer
    after: Answer
    blame: Blame
    yen: float | None


@attrs.frozen(kw_only=True, eq=False)
class Group:
    """Differences with one cause.

    Attributes:
        key: rule and branch.
        differences: all of them, in the order found.
        witness: the shortest question that shows it.
        request_before: the witness as the one side is asked it (date and years of its own).
        request_after: as the other is.
        curve: amounts of both sides over a number of the witness; None where none moves them.
    """

    key: str
    differences: tuple[Difference, ...]
    witness: Difference
    request_before: Request
    request_after: Request
    curve: Curve | None

    @property
    def yen(self) -> list[float]:
        """How many yen each difference moves, where both sides have an amount."""
        return [found.yen for found in self.differences if found.yen is not None]

    @property
    def largest(self) -> float:
        """The greatest of them, up or down; 0 where there is none."""
        return max(self.yen, key=abs, default=0)


@attrs.frozen(kw_only=True, eq=False)
class Comparison:
    """Two rule sets compared.

    Attributes:
        about: what was asked, and of whom.
        before: label of the one side.
        after: label of the other.
        seed: where chance began.
        amount: the field of the result that is counted in yen; None where there is none.
        asked: how many questions were asked.
        same: how many were answered alike.
        aside: why others were set aside, with how many and one of them.
        groups: the differences, the most frequent first.
    """

    about: About
    before: str
    after: str
    seed: int
    amount: Quantity | None
    asked: int
    same: int
    aside: tuple[tuple[str, int, Request], ...]
    groups: tuple[Group, ...]

    @property
    def different(self) -> int:
        """How many were answered differently."""
        return sum(len(group.differences) for group in self.groups)


def compare(
    before: Side,
    after: Side,
    *,
    cases: int = CASES,
    seed: int = 0,
    amount: str = "",
    more: Iterable[Request] = (),
    published: bool = True,
) -> Comparison:
    """Compare two rule sets.

    Args:
        before: the one.
        after: the other.
        cases: how many questions are drawn, half of them around the figures of each side.
        seed: where chance begins.
        amount: field of the result that is counted in yen; the last amount in whole yen where it is empty.
        more: questions to ask beside those.
        published: whether the published examples of both sides are asked too.

    Raises:
        CompareError: when the sides are about different decisions or bodies, or the result has no such amount.
    """
    about = after.about
    if (before.about.decision, before.about.code) != (about.decision, about.code):
        raise CompareError(f"{before.label} is about {before.about.place}, {after.label} about {about.place}")
    return _Comparer(before, after, chosen_amount(about, amount)).compare(cases, seed, more, published=published)


def chosen_amount(about: About, name: str) -> Quantity | None:
    """The amount of a result that is counted.

    Raises:
        CompareError: when there is none of that name.
    """
    names = {own.name: own for own in about.amounts}
    if name and name not in names:
        raise CompareError(
            f"{about.decision}: no amount {name!r}{did_you_mean(name, names)} (amounts: {', '.join(names) or 'none'})"
        )
    if name:
        return names[name]
    whole = [own for own in about.amounts if own.kind == "yen"]
    return next(iter(reversed(whole or about.amounts)), None)


def amount_of(answer: Answer, amount: Quantity | None) -> float | None:
    """The amount of an answer in yen, of all members together; None where there is no result."""
    if amount is None or answer.result is None:
        return None
    result: Any = answer.result
    results = [result] if amount.name in result else [own for own in result.values() if isinstance(own, Mapping)]
    return sum(_sum(own.get(amount.name)) for own in results)


def _sum(value: Any) -> float:
    if isinstance(value, (list, tuple)):
        return sum(map(_sum, value))
    return value if isinstance(value, (int, float)) else 0


class _Comparer:
    def __init__(self, before: Side, after: Side, amount: Quantity | None) -> None:
        self.before = before
        self.after = after
        self.amount = amount

    def compare(self, cases: int, seed: int, more: Iterable[Request], *, published: bool) -> Comparison:
        requests = list(self.questions(cases, seed, more, published=published))
        for side in (self.after, self.before):
            requests = self.complete(requests, side, seed)
        pairs = zip(requests, self.before.answers(requests), self.after.answers(requests), strict=True)
        same = 0
        aside: Counter[str] = Counter()
        examples: dict[str, Request] = {}
        found: dict[str, list[Difference]] = {}
        for request, one, other in pairs:
            unfit = why_unfit(one, other, self.before.label, self.after.label)
            if unfit:
                aside[unfit] += 1
                examples.setdefault(unfit, request)
            elif one == other:
                same += 1
            else:
                difference = self.difference(request)
                found.setdefault(difference.blame.key, []).append(difference)
        ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        return Comparison(
            about=self.after.about,
            before=self.before.label,
            after=self.after.label,
            seed=seed,
            amount=self.amount,
            asked=len(requests),
            same=same,
            aside=tuple((why, count, examples[why]) for why, count in aside.most_common()),
            groups=tuple(self.group(key, differences) for key, differences in ordered),
        )

    def questions(self, cases: int, seed: int, more: Iterable[Request], *, published: bool) -> Iterator[Request]:
        """Every question once: given ones, published examples, and those drawn around either side's figures."""
        seen: set[str] = set()
        for side, count in ((None, 0), (self.before, cases - cases // 2), (self.after, cases // 2)):
            for request in more if side is None else side.draw(count, seed, published=published):
                text = json.dumps(request, ensure_ascii=False, sort_keys=True, default=str)
                if text not in seen:
                    seen.add(text)
                    yield request

    @staticmethod
    def complete(requests: Sequence[Request], side: Side, seed: int) -> list[Request]:
        """Questions of which those that lack facts on a side are given them."""
        answers = side.answers(requests)
        places = [place for place, answer in enumerate(answers) if answer.error == "MissingFact"]
        found = list(requests)
        for place, made in zip(places, side.completed([requests[place] for place in places], seed), strict=True):
            found[place] = made
        return found

    def difference(self, request: Request) -> Difference:
        one, other = self.before.witness(request), self.after.witness(request)
        found = blame(one, other)
        assert found is not None, request
        amounts = amount_of(one.answer, self.amount), amount_of(other.answer, self.amount)
        yen = amounts[1] - amounts[0] if amounts[0] is not None and amounts[1] is not None else None
        return Difference(request=request, before=one.answer, after=other.answer, blame=found, yen=yen)

    def group(self, key: str, differences: Sequence[Difference]) -> Group:
        first = min(differences, key=lambda own: len(json.dumps(own.request, ensure_ascii=False)))
        witness = self.difference(shrunk(first.request, lambda tried: self.shows(tried, key)))
        return Group(
            key=key,
            differences=tuple(differences),
            witness=witness,
            request_before=self.before.asked(witness.request),
            request_after=self.after.asked(witness.request),
            curve=self.curve(witness, differences),
        )

    def shows(self, request: Request, key: str) -> bool:
        """Whether a question shows a difference of one group."""
        (one,), (other,) = self.before.answers([request]), self.after.answers([request])
        if one == other or why_unfit(one, other, "", ""):
            return False
        return self.difference(request).blame.key == key

    def curve(self, witness: Difference, differences: Sequence[Difference]) -> Curve | None:
        """How the amounts of both sides go over the number of the witness that moves their difference most."""

        def amounts(requests: Sequence[Request]) -> tuple[list[float | None], list[float | None]]:
            sides = (self.before.answers(requests), self.after.answers(requests))
            one, other = ([amount_of(answer, self.amount) for answer in answers] for answers in sides)
            return one, other

        if self.amount is None:
            return None
        labels = {own.name: (own.label, own.unit) for own in self.after.about.numbers}
        return curve_of(witness.request, [own.request for own in differences], amounts, labels)


def why_unfit(one: Answer, other: Answer, before: str, after: str) -> str:
    """Why two answers to a question say nothing about rules; empty where they do."""
    for label, answer in ((before, one), (after, other)):
        if answer.error in UNFIT:
            return f"{label}: {answer.error}"
    if one.status == other.status == FAILED and one.error == other.error:
        return f"neither side answers: {one.error}"
    return ""
