"""A question taken apart, so that one thing of it can be changed and the rest stays: what a search works on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import attrs

from munirules.engine.bag import FactsOf, NoneOf, OfDate, Provisional, facts_of, none_of, provisional
from munirules.errors import MunirulesError
from munirules.models.declare import alternatives, declaration, is_declared, record_of
from munirules.models.fields import Spec
from munirules.testing.question import Question

ON = "on"


@attrs.define(eq=False)
class Node:
    """An object of a declared class, open to change.

    Attributes:
        cls: the class.
        values: its fields; records within are nodes, and several of them a list.
    """

    cls: type
    values: dict[str, Any]

    def made(self) -> Any:
        """The object.

        Raises:
            MunirulesError: where its fields cannot be so.
        """
        return self.cls(**{name: _made(value) for name, value in self.values.items()})


@attrs.define(eq=False)
class Given:
    """A fact of a draft: its node, None where it is given as none, and whether it is final."""

    node: Node | None
    final: bool = True


class Slot(NamedTuple):
    """A field that can be changed: of which node, by which name, and what its declaration says."""

    node: Node
    name: str
    spec: Spec
    annotation: Any
    optional: bool

    @property
    def value(self) -> Any:
        """What stands there."""
        return self.node.values[self.name]

    def put(self, value: Any) -> None:
        """Write another value."""
        self.node.values[self.name] = value


@attrs.define(eq=False)
class Draft:
    """A question, open to change.

    Attributes:
        question: what it was made from.
        on: the decision's date.
        subject: the subject.
        facts: facts by class and part id (empty for the whole).
    """

    question: Question
    on: date
    subject: Node
    facts: dict[tuple[type, str], Given]

    def copy(self) -> Draft:
        """Another one, which can be changed apart from this."""
        facts = {key: Given(_copied(own.node), own.final) for key, own in self.facts.items()}
        return Draft(self.question, self.on, _copied(self.subject), facts)

    def made(self) -> Question | None:
        """The question; None where it is none: fields that cannot be so, facts of a part that is not there."""
        try:
            subject = self.subject.made()
            ids = {part.values["id"] for part in self.parts()}
            facts = []
            for (cls, part), given in self.facts.items():
                if part and part not in ids:
                    continue
                fact = none_of(cls) if given.node is None else given.node.made()
                if not given.final:
                    fact = provisional(fact)
                facts.append(facts_of(part, fact) if part else fact)
        except (MunirulesError, ArithmeticError, ValueError):
            return None
        return Question(self.question.decision, subject, tuple(facts), self.on)

    def parts(self) -> Iterator[Node]:
        """The parts of the subject that have ids."""
        for value in self.subject.values.values():
            if isinstance(value, list):
                yield from (own for own in value if isinstance(own, Node) and "id" in own.values)

    def nodes(self) -> Iterator[Node]:
        """Every object of the question, those within others included."""
        yield from _within(self.subject)
        for given in self.facts.values():
            if given.node is not None:
                yield from _within(given.node)

    def slots(self) -> list[Slot]:
        """Every field of every object that a rule may look at."""
        found = []
        for node in self.nodes():
            owner = declaration(node.cls)
            for name, annotation in owner.types.items():
                spec = owner.specs[name]
                inner, optional = alternatives(annotation)
                if spec.kind != "text" and not (name == "id" and spec.kind == "code"):
                    found.append(Slot(node, name, spec, inner, optional))
        return found


def draft_of(question: Question) -> Draft:
    """Take a question apart."""
    facts: dict[tuple[type, str], Given] = {}
    for fact in question.facts:
        part, inner = (fact.part, fact.facts) if isinstance(fact, FactsOf) else ("", (fact,))
        for own in inner:
            final = not isinstance(own, Provisional)
            bare = own.fact if isinstance(own, Provisional) else own
            if isinstance(bare, NoneOf):
                facts[bare.cls, part] = Given(None, final)
            elif not isinstance(bare, OfDate):
                facts[type(bare), part] = Given(_opened(bare), final)
    return Draft(question, question.on, _opened(question.subject), facts)


def rows_of(node: Node) -> Iterator[tuple[str, type, list[Any]]]:
    """The fields of a node that hold records of a declared class: name, class, records."""
    for name, annotation in declaration(node.cls).types.items():
        record = record_of(alternatives(annotation)[0])
        if record is not None and is_declared(record) and isinstance(node.values.get(name), list):
            yield name, record, node.values[name]


def _opened(value: Any) -> Any:
    if is_declared(type(value)):
        return Node(type(value), {name: _opened(getattr(value, name)) for name in declaration(type(value)).specs})
    if type(value) is tuple:
        return [_opened(item) for item in value]
    return value


def _made(value: Any) -> Any:
    if isinstance(value, Node):
        return value.made()
    return tuple(map(_made, value)) if isinstance(value, list) else value


def _copied(value: Any) -> Any:
    if isinstance(value, Node):
        return Node(value.cls, {name: _copied(own) for name, own in value.values.items()})
    return list(map(_copied, value)) if isinstance(value, list) else value


def _within(node: Node) -> Iterator[Node]:
    yield node
    for value in node.values.values():
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, Node):
                yield from _within(item)
