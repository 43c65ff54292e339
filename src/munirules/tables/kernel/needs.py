"""What a rule is given, in the text of a kernel: facts, provisions, values of other rules and results of other decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import attrs
from numba import types

from munirules.models.declare import declaration
from munirules.tables.kernel import access
from munirules.tables.kernel.types import NotCompiled, Record, Reference, Rows, item_of

if TYPE_CHECKING:
    from munirules.engine.parts import At
    from munirules.engine.steps import Need, Step, Wiring
    from munirules.tables.kernel.writer import Writer


@attrs.define
class Value:
    """Where the value of a rule that runs for parts stands."""

    slot: int
    item: Any


class Needs:
    """Writes what the rules of one wiring are given; another decision's names have a prefix of their own.

    Args:
        out: the kernel.
        wiring: the wiring.
        prefix: before each of its names.
    """

    def __init__(self, out: Writer, wiring: Wiring, prefix: str) -> None:
        self.out = out
        self.wiring = wiring
        self.prefix = prefix
        self.ready: set[str] = set()
        self.values: dict[str, Value] = {}
        self.parts: dict[type, str] = {}
        self.member_of: dict[type, type] = {}
        self.here: set[str] = set()
        self.others: dict[type, int] = {}
        self.places = -1

    # Names and loops.

    def local(self, name: str) -> str:
        """A name of this wiring's own."""
        return f"{self.prefix}{name}"

    def spares(self, dim: type | None, rule: str) -> bool:
        """Whether a rule leaves some parts out."""
        decision = self.wiring.decision
        return bool(decision.who) and dim is decision.member and rule not in self.wiring.early

    def loop(self, dim: type, *, spares: bool) -> None:
        """Begin a loop over parts; `k` is the place."""
        name = self.parts[dim]
        if spares:
            self.out.add(f"for j in range({name}_c):")
            self.out.depth += 1
            self.out.add(f"k = get(a, {self.places}, j)")
        else:
            self.out.add(f"for k in range({name}_n):")
            self.out.depth += 1

    def item(self, step: Step) -> Any:
        """How the value of a rule that runs for parts lies in scratch columns."""
        try:
            item = item_of(step.returns)
        except NotCompiled as error:
            raise NotCompiled(f"rule {step.rule.name!r} ({step.rule.where}): {error}") from None
        if isinstance(item, Record):
            return Reference(item)
        if isinstance(item, Rows):
            raise NotCompiled(f"rule {step.rule.name!r} ({step.rule.where}): gives several values for each part")
        return item

    # What an argument is.

    def once(self, name: str, expression: str) -> str:
        """A name for what is worked out once."""
        own = self.local(name)
        if own not in self.ready:
            self.ready.add(own)
            self.out.add(f"{own} = {expression}")
        return own

    def argument(self, step: Step, need: Need) -> str:
        """The expression for one argument of a rule."""
        match need.kind:
            case "subject" | "on":
                return need.kind
            case "part":
                return self.collected(step, need) if need.each else f"{self.parts[need.cls]}[k]"
            case "provision":
                return self.provision(need.cls) if need.at is None else self.dated(step, need)
            case "rule":
                if need.each:
                    return self.collected(step, need)
                return self.value(need.rule)
            case "me":
                return "k"
            case "place":
                name = self.parts[cast("type", step.dim)]
                return f"place_of({name}, {name}[k].{need.rule})"
            case "fact":
                return self.collected(step, need) if need.each else self.fact(need.cls)
            case "decided":
                return self.collected(step, need) if need.each else self.decided(need)

    def value(self, rule: str) -> str:
        """The value of a rule: once, or for the part of the loop."""
        if self.wiring.steps[rule].dim is None:
            return self.local(f"v_{rule}")
        if rule in self.here:
            return self.local(f"x_{rule}")
        value = self.values[rule]
        return f"{self.out.tool(access.take, value.item)}(a, {value.slot}, k)"

    def provision(self, cls: type) -> str:
        """A provision as it is in force."""
        slot = self.out.slot("provision", (self.wiring.decision, cls))
        return f"{self.out.record(cls)}(a, {slot}, 0)"

    def by_part(self, moment: At) -> bool:
        """Whether the key of another date is that of each part."""
        own = declaration(self.wiring.decision.subject).specs
        for key in filter(None, (moment.key, moment.started)):
            rule = self.wiring.steps.get(key)
            if rule is not None and rule.dim is not None:
                return True
            if rule is None and key != "on" and key not in own:
                return True
        return False

    def key(self, step: Step, key: str) -> str:
        """The expression for a key date."""
        if key == "on":
            return "on"
        if key in self.wiring.steps:
            return self.value(key)
        if key in declaration(self.wiring.decision.subject).specs:
            return f"subject.{key}"
        return f"{self.parts[cast('type', step.dim)]}[k].{key}"

    def dated(self, step: Step, need: Need) -> str:
        """A provision as of another date."""
        moment = cast("At", need.at)
        what = (self.wiring.decision, need.cls, bool(moment.started))
        slot = self.out.slot("dated", what, words=5)
        table = self.out.slot("provision", what)
        day = f"number_or_none({self.key(step, moment.key)})"
        started = f"number_or_none({self.key(step, moment.started)})" if moment.started else "None"
        found = f"{self.out.record(need.cls)}(a, {table}, section_of(a, {slot}, {day}, {started}))"
        if self.by_part(moment):
            return found
        return self.once(f"q_{need.cls.__name__}_{moment.key}_{moment.started}", found)

    def none_allowed(self, cls: type) -> bool:
        """Whether a fact may be given as none: every rule that asks must allow it."""
        needs = [need for _, need in self.wiring.needs("fact") if need.cls is cls]
        return all(need.optional for need in needs)

    def fact(self, cls: type) -> str:
        """A fact about the whole, or about the part of the loop."""
        self.brought(cls)
        about = declaration(cls).about
        index = "i" if about is None else f"{self.parts[about]}_first + k"
        find = self.out.tool(access.fact_at, cls, optional=self.none_allowed(cls))
        expression = f"{find}(a, {self.out.slot('fact', cls)}, {index})"
        return self.once(f"f_{cls.__name__}", expression) if about is None and self.out.depth == 1 else expression

    def brought(self, cls: type) -> None:
        """Make sure that a table brings a fact."""
        if cls not in self.out.given:
            raise NotCompiled(f"{cls.__name__} is not given")

    def collected(self, step: Step, need: Need) -> str:
        """All parts' values as one: of a rule, a fact, the parts themselves, another decision's results."""
        dim = self.dim_of(need)
        if dim is None:
            return self.argument(step, attrs.evolve(need, each=False))
        name = self.parts[dim]
        spares = self.spares(dim, step.rule.name)
        places, number = (str(self.places), f"{name}_c") if spares else ("-1", "0")
        if need.kind == "part":
            return name
        if need.kind == "rule":
            value = self.values[need.rule]
            sparse = self.spares(dim, need.rule)
            places, number = (str(self.places), f"{name}_c") if sparse else ("-1", "0")
            several = self.out.tool(access.rows_at, value.item)
            return self.once(f"e_{need.rule}", f"{several}(a, {value.slot}, 0, {name}_n, {places}, {number})")
        if need.kind == "fact":
            self.brought(need.cls)
            slot = self.out.slot("fact", need.cls)
            optional = self.none_allowed(need.cls)
            item = types.Optional(Record(need.cls)) if optional else Record(need.cls)
            several = self.out.tool(access.rows_at, item, 0 if optional else 1)
            ready = f"each_{need.cls.__name__}{'_c' if spares else ''}"
            if self.local(ready) not in self.ready:
                check = self.out.tool(access.fact_at, need.cls, optional=optional)
                self.loop(dim, spares=spares)
                self.out.add(f"{check}(a, {slot}, {name}_first + k)")
                self.out.depth -= 1
            return self.once(ready, f"{several}(a, {slot}, {name}_first, {name}_n, {places}, {number})")
        return self.decided_each(step, need, dim)

    def dim_of(self, need: Need) -> type | None:
        """The part class that what is collected belongs to."""
        if need.kind == "part":
            return cast("type", need.cls)
        if need.kind == "rule":
            return self.wiring.steps[need.rule].dim
        if need.kind == "fact":
            return declaration(need.cls).about
        return self.wiring.decided[need.cls]

    # Other decisions.

    def decided(self, need: Need) -> str:
        """Another decision's result: the one, or that of the part of the loop."""
        dim = self.wiring.decided[need.cls]
        if need.cls in self.out.given:
            slot = self.out.slot("fact", need.cls)
            index = "i" if dim is None else f"{self.parts[dim]}_first + k"
            strict = dim is None and not all(o.optional for _, o in self.wiring.needs("decided") if o.cls is need.cls)
            find = self.out.tool(access.fact_at, need.cls, optional=not strict)
            return f"{find}(a, {slot}, {index})"
        slot = self.others[need.cls]
        if dim is None:
            return f"{self.out.record(need.cls)}(a, {slot}, 0)"
        find = self.out.tool(access.fact_at, need.cls, optional=True)
        return f"{find}(a, {slot}, k)"

    def decided_each(self, step: Step, need: Need, dim: type) -> str:
        """The results of those whom the other decision concerned, among those whom this rule runs for."""
        name = self.parts[dim]
        own = f"c_{need.cls.__name__}_{'c' if self.spares(dim, step.rule.name) else 'n'}"
        if self.local(own) in self.ready:
            return self.local(own)
        places = self.out.fresh("places", need.cls)
        if need.cls in self.out.given:
            slot, first = self.out.slot("fact", need.cls), f"{name}_first"
        else:
            slot, first = self.others[need.cls], "0"
        count = self.local(f"{own}_number")
        there = self.out.tool(access.take, types.int64)
        self.out.add(f"{count} = 0")
        self.loop(dim, spares=self.spares(dim, step.rule.name))
        self.out.add(f"there = {there}(a, {slot}, {first} + k)")
        self.out.add("if there < 0:")
        self.out.add("    raise KeyError")
        self.out.add("if there == 1:")
        self.out.add(f"    put(a, {places}, {count}, k)")
        self.out.add(f"    {count} += 1")
        self.out.depth -= 1
        several = self.out.tool(access.rows_at, Record(need.cls), 1)
        return self.once(own, f"{several}(a, {slot}, {first}, {name}_n, {places}, {count})")
