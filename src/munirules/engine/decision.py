"""Decisions and their rules: what a business module declares.

A `Decision` is one question about one subject. Its rules are plain functions whose arguments say what they need;
`wiring` connects them, `program` turns them into straight-line code.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import FunctionType
from typing import Any, Generic, NoReturn, TypeVar, cast

import attrs

from munirules.engine import contract
from munirules.engine.holds import Property, check_property
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import declaration, is_declared

S = TypeVar("S")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])


class RuleError(MunirulesError):
    """A rule declared where or how it cannot be."""


class Refusal(MunirulesError):
    """The law refuses: raised by `refuse`, turned into an outcome with status `refused`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def refuse(reason: str) -> NoReturn:
    """Refuse with the law's reason. For rules; the outcome's status becomes `refused`.

    Args:
        reason: the reason, with its article, in the words that a clerk would show.
    """
    raise Refusal(reason)


@attrs.frozen(eq=False)
class Rule:
    """One step of a decision.

    Attributes:
        decision: name of the decision.
        name: the rule's name; several dated versions share it.
        fn: the plain function.
        title: Japanese title.
        since: first day on which it applies; None for always.
        until: last day on which it applies; None for no end.
        promulgated: when the law that made it was promulgated; None where not recorded.
        law: citation.
        minor: a step of method that an explanation in words leaves out; the trace has it.
    """

    decision: str
    name: str
    fn: Callable[..., Any]
    title: str
    since: date | None = None
    until: date | None = None
    promulgated: date | None = None
    law: str = ""
    minor: bool = False

    @property
    def where(self) -> str:
        """File and line of the function."""
        code = self.fn.__code__
        return f"{code.co_filename}:{code.co_firstlineno}"

    @property
    def key(self) -> tuple[date, date]:
        """By what a version is told apart from another: since when, and from when it could be known."""
        since = self.since or date.min
        return since, self.promulgated or since

    def in_force(self, on: date, known: date | None = None) -> bool:
        """Whether the rule applies on a date, as known on another."""
        if known is not None and (self.promulgated or self.since or known) > known:
            return False
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@attrs.frozen(eq=False)
class Replacement(Rule):
    """A rule of a plugin that takes the place of a rule of a shared decision, in the plugin's jurisdiction only."""


def _sound(decision: str, name: str, fn: object, **days: date | None) -> None:
    """Refuse as a rule what is no plain function, a name that is no name, a day that is no date, an end that is none."""
    for key, day in days.items():
        if day is not None and type(day) is not date:
            raise RuleError(f"{decision}: {key}={day!r} is a {type(day).__name__}; write a date, as date(2026, 4, 1)")
    until = days["until"]
    if until == date.max:
        raise RuleError(f"{decision}: until={until} is no end; leave it out while nothing ends the rule")
    if not isinstance(fn, FunctionType) or fn.__name__ == "<lambda>":
        raise RuleError(f"{decision}: rule {fn!r} is a {type(fn).__name__}; a rule is a plain function with a name")
    if not (name or fn.__name__).isidentifier():
        raise RuleError(
            f"{decision}: rule name {name or fn.__name__!r} is no identifier, so that no argument could ask for it"
        )


class Decision(Generic[S, R]):
    """One question about one subject (決定).

    Args:
        name: `area.business`, as `water.supply`; a second decision of a business adds a word.
        subject: class of the subject, declared with `@facts`.
        result: class of the answer, declared with `@result`; each field is the value of the rule of that name.
        title: Japanese title.
        on: what the decision's date means (検針日, 賦課期日 …).
        authority: who decides by law.
        role: what the municipality does: `decides`, `forwards` or `keeps`.
        law: citation of the ground.
    """

    def __init__(
        self,
        name: str,
        subject: type[S],
        result: type[R],
        *,
        title: str,
        on: str,
        authority: str,
        role: str = "decides",
        law: str = "",
    ) -> None:
        if "." not in name:
            raise RuleError(f"decision {name!r}: a name is AREA.BUSINESS, as in 'water.supply'")
        if not is_declared(subject, "facts"):
            raise RuleError(f"decision {name!r}: the subject {subject!r} is not declared with @facts")
        if not is_declared(result, "result"):
            raise RuleError(f"decision {name!r}: the result {result!r} is not declared with @result")
        self.name = name
        self.subject = subject
        self.result = result
        self.title = title
        self.on = on
        self.authority = authority
        self.role = role
        self.law = law
        self.rules: tuple[Rule, ...] = ()
        self.properties: tuple[Property, ...] = ()

    @property
    def module(self) -> str:
        """The module that declares the decision's rules; no other may add one."""
        return self.rules[0].fn.__module__ if self.rules else ""

    @property
    def where(self) -> str:
        """File and line of the decision's first rule."""
        return self.rules[0].where if self.rules else self.name

    @property
    def area(self) -> str:
        """The area of the city hall, the name's first word."""
        return self.name.partition(".")[0]

    @property
    def member(self) -> type | None:
        """The part class that answers are given for; None for one answer."""
        return None

    @property
    def who(self) -> str:
        """The rule that says which members a decision concerns; empty for all."""
        return ""

    def rule(
        self,
        name: str = "",
        *,
        title: str,
        since: date | None = None,
        until: date | None = None,
        promulgated: date | None = None,
        law: str = "",
        minor: bool = False,
    ) -> Callable[[F], F]:
        """Declare a rule; the function itself stays as it is.

        Args:
            name: the rule's name; the function's own where it is empty. Dated versions share a name.
            title: Japanese title.
            since: first day on which this version applies.
            until: last day.
            promulgated: when it was promulgated.
            law: citation.
            minor: a step of method that an explanation in words leaves out; the trace has it.

        Raises:
            ContractError: when the function breaks the contract for rules.
            RuleError: when a module other than the decision's own declares it (a plugin replaces instead).
        """

        def declare(fn: F) -> F:
            function: Callable[..., Any] = fn
            _sound(self.name, name, function, since=since, until=until, promulgated=promulgated)
            if self.module not in ("", function.__module__):
                raise RuleError(
                    f"{function.__module__}.{function.__name__}: {self.name!r} belongs to {self.module}; "
                    f"use @….replaces({name or function.__name__!r}) and hand the replacement to your enactment"
                )
            contract.check(function)
            made = Rule(self.name, name or function.__name__, function, title, since, until, promulgated, law, minor)
            self.rules = (*self.rules, made)
            return fn

        return declare

    def replaces(
        self,
        name: str,
        *,
        title: str = "",
        since: date | None = None,
        until: date | None = None,
        promulgated: date | None = None,
        law: str = "",
    ) -> Callable[[Callable[..., Any]], Replacement]:
        """Declare that a function takes the place of a rule in a plugin's jurisdiction.

        The shared decision is not touched; the replacement works through the enactment that carries it.

        Args:
            name: the rule to replace.
            title: Japanese title; that of the replaced rule where it is empty.
            since: first day on which it applies.
            until: last day.
            promulgated: when it was promulgated.
            law: the local article.

        Raises:
            RuleError: when no rule has that name.
            ContractError: when the function breaks the contract for rules.
        """
        names = {rule.name for rule in self.rules}
        if name not in names:
            raise RuleError(
                f"{self.name} has no rule {name!r}{did_you_mean(name, names)} (rules: {', '.join(sorted(names))})"
            )

        def declare(fn: Callable[..., Any]) -> Replacement:
            _sound(self.name, name, fn, since=since, until=until, promulgated=promulgated)
            contract.check(fn)
            replaced = next(rule for rule in self.rules if rule.name == name)
            return Replacement(
                self.name, name, fn, title or replaced.title, since, until, promulgated, law, replaced.minor
            )

        return declare

    def holds(self, *properties: Property) -> None:
        """Declare what always holds of the answers, below the rules: `munirules check` and `pytest --munirules` try it.

        Args:
            properties: as `monotone("total", by="volume")` of `munirules.engine.holds` makes them.

        Raises:
            PropertyError: when one speaks of what the decision does not have.
        """
        for declared in properties:
            check_property(self, declared)
        self.properties = (*self.properties, *properties)

    def __repr__(self) -> str:
        return f"<Decision {self.name} {self.title}>"


class MemberDecision(Decision[S, tuple[R, ...]]):
    """A decision that answers for each member: its result is a tuple, `outcome.of(id)` gives one.

    Args:
        name: as for `Decision`.
        subject: class of the subject.
        result: class of one member's answer.
        member: the part class of the subject that is answered for; it has a field `id`.
        who: name of a rule that says (bool) whom the decision concerns; the others are spared.
        title: Japanese title.
        on: what the decision's date means.
        authority: who decides by law.
        role: what the municipality does.
        law: citation of the ground.
    """

    def __init__(
        self,
        name: str,
        subject: type[S],
        result: type[R],
        *,
        member: type,
        title: str,
        on: str,
        authority: str,
        who: str = "",
        role: str = "decides",
        law: str = "",
    ) -> None:
        super().__init__(
            name, subject, cast("Any", result), title=title, on=on, authority=authority, role=role, law=law
        )
        if "id" not in declaration(member).specs:
            raise RuleError(f"decision {name!r}: {member.__name__} needs a field `id`, by which answers are told apart")
        self._member = member
        self._who = who

    @property
    def member(self) -> type | None:
        """The part class that answers are given for."""
        return self._member

    @property
    def who(self) -> str:
        """The rule that says whom the decision concerns."""
        return self._who
