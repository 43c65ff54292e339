"""What a wiring is made of: the rules chosen for a date, what each of them needs, and the faults that are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

import attrs

from munirules.engine.decision import Decision, Rule
from munirules.engine.parts import At
from munirules.errors import MunirulesError

NeedKind: TypeAlias = Literal["subject", "part", "fact", "provision", "rule", "decided", "on", "me", "place"]


@attrs.frozen
class Fault:
    """One thing wrong with the wiring of a decision."""

    decision: str
    rule: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.decision}, rule {self.rule!r}: {self.message}"


class WiringError(MunirulesError):
    """Rules that cannot be wired. `faults` lists every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


@attrs.frozen(kw_only=True)
class Need:
    """What one argument of a rule asks for.

    Attributes:
        name: the argument's name.
        kind: who provides it.
        cls: the class asked for (subject, part, fact, provision, decided).
        rule: name of the sibling rule, or of the reference field for a place.
        each: whether all parts' values are collected.
        optional: whether a fact may be given as none.
        at: another date for a provision or result.
    """

    name: str
    kind: NeedKind
    cls: Any = None
    rule: str = ""
    each: bool = False
    optional: bool = False
    at: At | None = None


@attrs.frozen(kw_only=True, eq=False)
class Step:
    """A rule in its place: what it needs, and the part class it runs for (None: once)."""

    rule: Rule
    needs: tuple[Need, ...]
    returns: Any
    dim: type | None = None


@attrs.frozen(kw_only=True, eq=False)
class Wiring:
    """The rules of a decision, in an order in which each finds what it needs.

    Attributes:
        decision: the decision.
        steps: rules by name, in order of evaluation.
        parts: part class to the subject's field (`"."` before it) or the rule that gives the parts.
        decided: result class of another decision to the part class it answers for (None: once).
        early: names of the rules that `who=` rests on; they run for every member.
        unused: rules that nothing in the result rests on.
    """

    decision: Decision[Any, Any]
    steps: Mapping[str, Step]
    parts: Mapping[type, str]
    decided: Mapping[type, type | None]
    early: frozenset[str]
    unused: tuple[str, ...]

    def needs(self, kind: NeedKind) -> list[tuple[Step, Need]]:
        """All needs of one kind, with the rule that has them."""
        return [(step, need) for step in self.steps.values() for need in step.needs if need.kind == kind]


def rules_on(
    decision: Decision[Any, Any], replaced: Sequence[Sequence[Rule]], on: date, known: date | None
) -> dict[str, Rule]:
    """Choose the version of every rule that is in force on a date: the most local replacement, else the decision's own.

    Of several versions of one maker, the last that has begun counts, as among the versions of an enactment.

    Args:
        decision: the decision.
        replaced: replacements for it by jurisdiction, the most local first.
        on: the date.
        known: leave out what was promulgated after this date.
    """
    chosen: dict[str, Rule] = {}
    for versions in (decision.rules, *reversed(replaced)):
        last = sorted((rule for rule in versions if rule.in_force(on, known)), key=lambda rule: rule.key)
        chosen.update({rule.name: rule for rule in last})
    return {rule.name: chosen[rule.name] for rule in decision.rules if rule.name in chosen}


def twins(rules: Sequence[Rule]) -> Iterator[Fault]:
    """Find versions of one rule that begin on one day, so that none of them is the last."""
    seen: dict[tuple[str, date, date], Rule] = {}
    for rule in rules:
        first = seen.setdefault((rule.name, *rule.key), rule)
        if first is not rule:
            yield Fault(
                rule.decision,
                rule.name,
                rule.where,
                f"conflict: declared at {first.where} for the same day; give one of them since=… or promulgated=…",
            )
