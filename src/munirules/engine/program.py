"""A decision compiled for a date regime: the function that `writer` writes, with what it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeAlias

import attrs

from munirules.engine.generated import function
from munirules.engine.parts import At
from munirules.engine.runtime import MissingFact
from munirules.engine.steps import Wiring
from munirules.engine.writer import Writer
from munirules.models.declare import declaration

Provide: TypeAlias = Callable[[type, At | None], Any]
Decide: TypeAlias = Callable[[type], Callable[..., Any]]


@attrs.frozen(kw_only=True, eq=False)
class Program:
    """A decision compiled for one regime of dates.

    Attributes:
        wiring: what was compiled.
        run: `run(subject, bag, on)`; for member decisions it returns the answers and their places.
        source: the generated text of the plain function.
    """

    wiring: Wiring
    run: Callable[..., Any]
    source: str
    _names: dict[str, Any]
    _traced: list[Callable[..., Any]] = attrs.field(factory=list)

    @property
    def traced(self) -> Callable[..., Any]:
        """`traced(subject, bag, on, tape)`, generated at first use."""
        if not self._traced:
            source = Writer(self.wiring, tape=True).write()
            self._traced.append(function(source, "run", self.wiring.decision.name, self._names))
        return self._traced[0]


def compile_program(wiring: Wiring, provide: Provide, decide: Decide) -> Program:
    """Compile a wiring.

    Args:
        wiring: the wiring of a regime.
        provide: `provide(cls, at)` gives the provision object, or, with `at`, a function of the key date(s).
        decide: `decide(cls)` gives `fn(subject, bag, on)`, which answers with that result class.
    """
    writer = Writer(wiring, tape=False)
    source = writer.write()
    names = {**writer.names, "absent": _Absent(wiring)}
    names.update({name: provide(cls, moment) for (cls, moment), name in writer.provisions.items()})
    names.update({name: decide(cls) for cls, name in writer.deciders.items()})
    run = function(source, "run", wiring.decision.name, names)
    return Program(wiring=wiring, run=run, source=source, names=names)


class _Absent:
    """Raises `MissingFact` for what a program found missing, naming the rules that ask."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring

    def __call__(self, missing: Iterable[tuple[type, str, object]]) -> NoReturn:
        told, facts = [], []
        for cls, part, value in missing:
            owner = declaration(cls)
            needs = [*self.wiring.needs("fact"), *self.wiring.needs("decided")]
            asking = [step.rule for step, need in needs if need.cls is cls]
            by = ", ".join(f"{rule.name!r} ({rule.title})" for rule in asking)
            of = f" of {part!r}" if part else ""
            state = "is given as none, but" if value is None else "is not given;"
            told.append(f"{owner.name} ({owner.title}){of} {state} asked by rule {by} of {self.wiring.decision.name}")
            facts.append((owner, part))
        raise MissingFact("\n".join(told), facts)
