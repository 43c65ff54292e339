"""JSON Schema (2020-12) of what a decision is asked with and of what it answers, for one jurisdiction.

The input is the shape that `munirules.engine.request` reads; the output is `result` of an outcome printed as JSON.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from munirules.engine.request import KnownFact, known_facts
from munirules.models.declare import alternatives, declaration, is_declared, record_of
from munirules.models.schema import DIALECT, Definitions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook
    from munirules.engine.steps import Wiring

_DAY: dict[str, Any] = {"type": "string", "minLength": 1}


@attrs.frozen(kw_only=True)
class Schemas:
    """The two schemas of a decision, each complete in itself.

    Attributes:
        input: of the question: `subject`, `facts`, `provisional`, `on`. Facts about a part stand inside it.
        output: of the result; for a decision about members, of an object with an answer for each id.
    """

    input: dict[str, Any]
    output: dict[str, Any]


def schema_of(decision: Decision[Any, Any] | str, rulebook: Rulebook, *, on: date | None = None) -> Schemas:
    """Make the schemas of a decision's input and output.

    Args:
        decision: the decision, or its name.
        rulebook: for whom; a plugin's own rules may ask for more.
        on: the decision's date; None for what is asked at any date, then only facts asked at every date are required.

    Raises:
        UnknownDecision: with a did-you-mean.
        NotInForce: when no rules apply on the date.
    """
    own = rulebook.decision(decision) if isinstance(decision, str) else decision
    return Schemas(input=_Input(rulebook, own, on).schema(), output=_output(own))


class _Input:
    def __init__(self, rulebook: Rulebook, decision: Decision[Any, Any], on: date | None) -> None:
        self.decision = decision
        self.classes = Definitions()
        self.known = known_facts(rulebook, decision)
        self.nullable: set[type] = set()
        asked: set[type] = set()
        required: list[set[type]] = []
        seen: set[str] = set()
        for wiring in _wirings(rulebook, decision, on, seen):
            optional = {need.cls for _, need in wiring.needs("fact") if need.optional}
            strict = {need.cls for _, need in wiring.needs("fact") if not need.optional}
            self.nullable |= optional - strict
            self.nullable |= {need.cls for _, need in wiring.needs("decided") if need.optional}
            asked |= optional | strict | set(wiring.decided)
            if wiring.decision is decision:
                required.append(optional | strict)
        self.asked = asked
        self.required = set.intersection(*required) if required else set()

    def schema(self) -> dict[str, Any]:
        decision = self.decision
        facts = self.facts(None)
        properties: dict[str, Any] = {
            "subject": self.subject(),
            "on": {**_DAY, "title": "基準日", "description": decision.on, "x-kind": "day"},
        }
        required = ["subject"]
        if facts is not None:
            properties["facts"], properties["provisional"] = facts, self.provisional(facts)
            if facts["required"]:
                required.append("facts")
        return {
            "$schema": DIALECT,
            "title": decision.title,
            "description": f"{decision.name}: question",
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
            "$defs": self.classes.definitions,
        }

    def subject(self) -> dict[str, Any]:
        """The subject; its parts may carry facts of their own."""
        owner = declaration(self.decision.subject)
        schema = self.classes.record(owner.cls)
        for name, annotation in owner.types.items():
            record = record_of(alternatives(annotation)[0])
            facts = self.facts(record) if record is not None and is_declared(record) else None
            if record is None or facts is None:
                continue
            part = self.classes.record(record)
            beside = {"facts": facts, "provisional": self.provisional(facts)}
            part["properties"] |= {key: value for key, value in beside.items() if key not in part["properties"]}
            self.classes.definitions[f"{owner.name}.{record.__name__}"] = part
            schema["properties"][name]["items"] = {"$ref": f"#/$defs/{owner.name}.{record.__name__}"}
        return schema

    def facts(self, part: type | None) -> dict[str, Any] | None:
        """The facts about one part, or about the whole; None where there are none."""
        found = {name: fact for name, fact in self.known.items() if fact.cls in self.asked and part in fact.places}
        if not found:
            return None
        return {
            "type": "object",
            "title": "事実",
            "properties": {name: self.fact(fact) for name, fact in found.items()},
            "required": [name for name, fact in found.items() if part is None and self.must_be_given(fact.cls)],
            "additionalProperties": False,
        }

    def must_be_given(self, cls: type) -> bool:
        """Whether no answer comes without a fact. A finding that is missing is an answer: who must find it."""
        return cls in self.required and is_declared(cls, "facts") and not declaration(cls).found_by

    def fact(self, fact: KnownFact) -> dict[str, Any]:
        owner = declaration(fact.cls)
        said: dict[str, Any] = {"title": owner.title}
        if owner.found_by:
            said["x-found-by"] = owner.found_by
        if fact.cls in self.nullable:
            return {**said, "anyOf": [self.classes.reference(fact.cls), {"type": "null"}]}
        return {**said, **self.classes.reference(fact.cls)}

    @staticmethod
    def provisional(facts: dict[str, Any]) -> dict[str, Any]:
        """Names of the facts beside it that are not final."""
        return {"type": "array", "items": {"enum": list(facts["properties"])}, "uniqueItems": True}


def _wirings(rulebook: Rulebook, decision: Decision[Any, Any], on: date | None, seen: set[str]) -> Iterator[Wiring]:
    """The wirings of a decision and of those that it rests on, on a date or at all dates."""
    if decision.name in seen:
        return
    seen.add(decision.name)
    area = rulebook.area(decision.area)
    for day in [on] if on is not None else area.regimes(decision, None).rule_days():
        wiring = area.wiring(decision, day, None)
        yield wiring
        for cls in wiring.decided:
            other = rulebook.decider(cls)
            if other is not None:
                yield from _wirings(rulebook, other, on, seen)


def _output(decision: Decision[Any, Any]) -> dict[str, Any]:
    classes = Definitions()
    reference = classes.reference(decision.result)
    titles = {rule.name: rule.title for rule in decision.rules}
    for name, field in classes.definitions[decision.result.__name__]["properties"].items():
        field["title"] = titles.get(name) or field["title"]
    body = reference if decision.member is None else {"type": "object", "additionalProperties": reference}
    return {
        "$schema": DIALECT,
        "title": decision.title,
        "description": f"{decision.name}: result",
        **body,
        "$defs": classes.definitions,
    }
