"""Properties that hold of any decision, for free: each looks at one question, and says what is wrong.

What a valid question may come to is a result, a refusal of the law with its reason, or findings that somebody has still
to make; nothing else. And whatever it comes to, it does so again, in whatever order and beside whatever else.
"""

from __future__ import annotations

import json
from datetime import date
from re import search
from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from munirules.engine.bag import FactsOf, Provisional
from munirules.engine.outcome import Status
from munirules.engine.request import parse_json
from munirules.errors import MunirulesError
from munirules.models.declare import declaration, is_declared, record_of, verify
from munirules.models.fields import FieldError
from munirules.testing.law_dates import uncovered
from munirules.testing.properties.clock import Watch
from munirules.testing.question import FAILED, Answer, question_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from munirules.engine.rulebook import Rulebook
    from munirules.testing.properties.tried import Tried

_FORMS: Final = (("ja", "text"), ("en", "text"), ("ja", "markdown"), ("en", "json"), ("ja", "mermaid"))
_DAY: Final = r" on (\d{4}-\d{2}-\d{2})"


def total(tried: Tried) -> None:
    """It comes to a result, a refusal with its reason, or findings still to be made; provisional where a fact is."""
    answer, question = tried.answer, tried.question
    if answer.status == FAILED and not _not_in_force(tried, answer):
        tried.fail("total", f"{answer.error}: {answer.message}")
    if answer.status in (Status.REFUSED, Status.NEEDS_FINDING) and not answer.reason:
        tried.fail("total", f"is {answer.status} without a reason")
    unsure = any(
        isinstance(fact, Provisional)
        for given in question.facts
        for fact in (given.facts if isinstance(given, FactsOf) else (given,))
    )
    if answer.decided and (answer.status == Status.PROVISIONAL) != unsure:
        tried.fail("total", f"is {answer.status}, but {'a' if unsure else 'no'} fact is provisional")


def _not_in_force(tried: Tried, answer: Answer) -> bool:
    """Whether the law asked for is indeed not in force: on another day that a fact names, or for an old contract."""
    if answer.error != "NotInForce":
        return False
    question = tried.question
    named = search(_DAY, answer.message)
    if named is not None and date.fromisoformat(named.group(1)) != question.on:
        return True
    return bool(uncovered(tried.rulebook, question.decision, question.on, continuing=True))


def repeatable(tried: Tried) -> None:
    """Asked again it answers the same."""
    _same(tried, "same answer twice", tried.question.answer(tried.rulebook), "asked again")


def explained(tried: Tried) -> None:
    """Recording the trace changes nothing, and what came out can be explained in every form."""
    _same(tried, "explained", tried.explained, "with its trace")
    outcome = tried.explained.outcome
    if outcome is None:
        return
    locale, form = _FORMS[tried.question.on.toordinal() % len(_FORMS)]
    if not outcome.explain(locale, form=form):
        tried.fail("explained", f"the explanation as {form} in {locale} is empty")


def as_data(tried: Tried) -> None:
    """Written as JSON and read again, as `munirules decide` does, it is the same question."""
    data = parse_json(json.dumps(tried.question.as_request(), ensure_ascii=False))
    again = question_of(tried.rulebook, tried.question.decision, data)
    if (again.subject, again.on) != (tried.question.subject, tried.question.on):
        tried.fail("as data", f"is read again as {again}", again)
    _same(tried, "as data", again.answer(tried.rulebook), "written as JSON and read again")


def in_any_order(tried: Tried) -> None:
    """Neither the order of members, parcels or connections matters, nor that of facts."""
    question, subject = tried.question, tried.question.subject
    several = {name: parts for name in _with_ids(type(subject)) if len(parts := getattr(subject, name)) > 1}
    others = [attrs.evolve(question, facts=tuple(reversed(question.facts)))] if len(question.facts) > 1 else []
    for turn in (_reversed, _rotated) if several else ():
        changed: Any = attrs.evolve(cast("Any", subject), **{name: turn(parts) for name, parts in several.items()})
        others.append(attrs.evolve(question, subject=changed))
    for other in others:
        answer = other.answer(tried.rulebook)
        if any(_not_in_force(tried, each) for each in (answer, tried.answer)):
            continue  # of several members or connections another may come first
        if _unordered(answer) != _unordered(tried.answer):
            tried.fail("in any order", f"answers {tried.answer}; in another order {answer}", other)


def _reversed(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    return parts[::-1]


def _rotated(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*parts[1:], parts[0])


def _with_ids(cls: type) -> list[str]:
    """Fields of a subject that hold parts told apart by their ids."""
    found = []
    for name, annotation in declaration(cls).types.items():
        record = record_of(annotation)
        if record is not None and is_declared(record) and "id" in declaration(record).specs:
            found.append(name)
    return found


def _unordered(answer: Answer) -> tuple[Any, ...]:
    """An answer without the order of its lists, and without words: of several reasons another may come first."""
    return answer.status, answer.error, _sorted(answer.result)


def _sorted(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _sorted(value) for key, value in data.items()}
    if isinstance(data, list):
        return sorted((_sorted(item) for item in data), key=lambda item: json.dumps(item, sort_keys=True))
    return data


def no_clock(tried: Tried) -> None:
    """Nothing asks the clock, chance or the environment."""
    _ = tried.answer  # what is compiled or read at first use is done
    with Watch() as watch:
        tried.question.answer(tried.rulebook)
    if watch.seen:
        tried.fail("no clock", f"calls {', '.join(dict.fromkeys(watch.seen))}")


def within_bounds(tried: Tried) -> None:
    """Every field of the result keeps to what its class declares."""
    for member, result in tried.results().items():
        try:
            verify(result)
        except FieldError as error:
            tried.fail("within bounds", f"{member}: {error}" if member else f"{error}")


def supplied(tried: Tried) -> None:
    """What another decision answers may be given in place of being decided on the way."""
    question, book = tried.question, tried.rulebook
    wiring = book.area(question.decision.area).wiring(question.decision, question.on, None)
    given: list[object] = []
    for cls, dim in wiring.decided.items():
        other = book.decider(cls)
        if other is None or dim is not None or other.subject is not question.decision.subject:
            continue
        try:
            outcome = book.decide(other, question.subject, *question.facts, on=question.on)
        except MunirulesError:
            return
        if not outcome.decided:
            return
        given.append(outcome.answer)
    if given and tried.answer.status != Status.PROVISIONAL:
        answer = attrs.evolve(question, facts=(*question.facts, *given)).answer(book)
        _same(tried, "supplied", answer, f"with {', '.join(type(one).__name__ for one in given)} given")


def beside(other: Rulebook) -> Callable[[Tried], None]:
    """A property: a rulebook that was made in other company answers the same.

    Args:
        other: the rulebook of the same jurisdiction, made without any other plugin.
    """

    def alone(tried: Tried) -> None:
        """It answers the same whether or not other plugins are installed."""
        _same(tried, "beside other plugins", tried.question.answer(other), "without other plugins")

    return alone


def _same(tried: Tried, name: str, answer: Answer, how: str) -> None:
    if answer != tried.answer:
        tried.fail(name, f"answers {tried.answer}; {how} {answer}")
