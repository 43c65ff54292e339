"""The steps of a wiring in the text of a kernel, one rule after the other, and what becomes of their values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from numba import types

from munirules.engine.steps import Need, Step, Wiring
from munirules.tables.kernel import access
from munirules.tables.kernel.functions import compiled
from munirules.tables.kernel.needs import Needs, Value
from munirules.tables.kernel.types import NotCompiled, Record, Rows, fields_of, width
from munirules.tables.kernel.writer import Text, Writer


def written(wiring: Wiring, others: Callable[[type], Wiring | None], given: Sequence[type]) -> Text:
    """Write the kernel of a decision.

    Args:
        wiring: of the decision.
        others: finds the wiring of another decision by its result class, for the date.
        given: fact and result classes that the table brings.

    Raises:
        NotCompiled: saying which rule cannot be compiled and why.
    """
    out = Writer(others, given)
    out.begin(wiring.decision.subject)
    Body(out, wiring, "").write()
    return out.text()


class Body(Needs):
    """Writes the steps of one wiring into a kernel."""

    def write(self) -> None:
        """Write the steps, and what becomes of them."""
        decision, wiring = self.wiring.decision, self.wiring
        for part, source in wiring.parts.items():
            if source[0] == ".":
                self.part(part, f"subject{source}")
        early = [step for step in wiring.steps.values() if step.rule.name in wiring.early]
        late = [step for step in wiring.steps.values() if step.rule.name not in wiring.early]
        self.phase(early)
        if decision.who:
            self.concern(decision.who, cast("type", decision.member))
        self.phase(late)
        self.result()

    def part(self, part: type, expression: str) -> None:
        """Name the parts of a class, how many they are, and where they begin among all."""
        name = self.local(f"p{len(self.parts)}")
        self.parts[part] = name
        self.out.add(f"{name} = {expression}")
        self.out.add(f"{name}_n = len({name})")
        if expression.startswith("subject"):
            self.out.add(f"{name}_first = first_of({name})")
        else:
            self.out.add(f"if {name}_n > get(a, {self.out.slot('room')}, 0):")
            self.out.add("    raise KeyError")

    def concern(self, who: str, member: type) -> None:
        """List the places of the members whom the decision concerns."""
        places = self.out.fresh("places", member)
        name = self.parts[member]
        self.out.add(f"{name}_c = 0")
        self.out.add(f"for k in range({name}_n):")
        value = self.values[who]
        take = self.out.tool(access.take, value.item)
        self.out.add(f"    if {take}(a, {value.slot}, k):")
        self.out.add(f"        put(a, {places}, {name}_c, k)")
        self.out.add(f"        {name}_c += 1")
        self.ready.add(f"who {places}")
        self.places = places

    def phase(self, steps: Sequence[Step]) -> None:
        """Write steps, those that can share a loop in one."""
        together: list[Step] = []
        for step in steps:
            if together and not self.joins(step, together):
                self.run(together)
                together = []
            together.append(step)
        if together:
            self.run(together)

    def joins(self, step: Step, together: Sequence[Step]) -> bool:
        """Whether a step runs for the same parts as those before it and asks for none of theirs as a whole."""
        names = {other.rule.name for other in together}
        if step.dim is None or step.dim is not together[0].dim:
            return False
        if self.spares(step.dim, step.rule.name) != self.spares(step.dim, together[0].rule.name):
            return False
        return not any(
            need.kind == "decided"
            or (need.kind == "rule" and need.each and need.rule in names)
            or (need.at is not None and {need.at.key, need.at.started} & names)
            for need in step.needs
        )

    def run(self, steps: Sequence[Step]) -> None:
        """Write steps that run once, or for the same parts in one loop."""
        dim = steps[0].dim
        for step in steps:
            for need in step.needs:
                self.prepare(step, need)
        if dim is None:
            for step in steps:
                name = step.rule.name
                self.out.add(f"{self.local('v_' + name)} = {self.call(step)}")
                for part, source in self.wiring.parts.items():
                    if source == name:
                        self.part(part, self.local("v_" + name))
            return
        for step in steps:
            item = self.item(step)
            self.values[step.rule.name] = Value(self.out.fresh("scratch", item), item)
        self.here = set()
        self.loop(dim, spares=self.spares(dim, steps[0].rule.name))
        for step in steps:
            name, value = step.rule.name, self.values[step.rule.name]
            own = self.local("x_" + name)
            self.out.add(f"{own} = {self.call(step)}")
            keep = self.out.tool(access.keep, value.item)
            self.out.add(f"{keep}(a, {value.slot}, k, {own})")
            self.here.add(name)
        self.out.depth -= 1
        self.here = set()

    def call(self, step: Step) -> str:
        """Call a rule."""
        rule = compiled(step.rule.fn)
        if rule not in self.out.functions:
            self.out.functions.append(rule)
        name = self.out.name(rule, f"R_{step.rule.name}")
        return f"{name}({', '.join(self.argument(step, need) for need in step.needs)})"

    def prepare(self, step: Step, need: Need) -> None:
        """Write, before a loop, what the loop looks up but need not look up again."""
        if need.kind == "decided":
            self.decide(step, need)
        elif need.kind == "provision" and need.at is not None:
            if not self.by_part(need.at):
                self.dated(step, need)
        elif need.each:
            self.collected(step, need)

    def decide(self, step: Step, need: Need) -> None:
        """Another decision's result: brought by the table, or decided before the rule that asks first."""
        name = self.local(f"d_{need.cls.__name__}")
        if name in self.ready:
            return
        self.ready.add(name)
        if need.at is not None:
            raise NotCompiled(
                f"rule {step.rule.name!r} ({step.rule.where}): asks for {need.cls.__name__} of another date"
            )
        if need.cls in self.out.given:
            return
        other = self.out.others(need.cls)
        if other is None or other.decision.subject is not self.wiring.decision.subject:
            raise NotCompiled(
                f"rule {step.rule.name!r} ({step.rule.where}): {need.cls.__name__} is decided about each part by itself"
            )
        body = Other(self.out, other, f"{name}_")
        depth = self.out.depth
        body.write()
        self.out.depth = depth
        self.others[need.cls] = body.slot

    def result(self) -> None:
        """Write the answers into the columns of the outcome."""
        decision, steps = self.wiring.decision, self.wiring.steps
        fields = fields_of(cast("Any", decision.result))
        slot = self.out.slot("out", decision.result)
        if decision.member is None:
            for name, (offset, item) in fields.items():
                if isinstance(item, Rows):
                    self.several(name, steps[name], item, offset, slot)
                    continue
                keep = self.out.tool(access.keep, item, offset)
                self.out.add(f"{keep}(a, {slot}, i, {self.local('v_' + name)})")
            return
        member = self.parts[decision.member]
        concerned = self.out.slot("concerned")
        if any(isinstance(item, Rows) for _, item in fields.values()):
            raise NotCompiled(f"{decision.result.__name__} has several values in one field")
        self.loop(decision.member, spares=bool(decision.who))
        for name, (offset, item) in fields.items():
            keep = self.out.tool(access.keep, item, offset)
            self.out.add(f"{keep}(a, {slot}, {member}_first + k, {self.value(name)})")
        self.out.add(f"put(a, {concerned}, {member}_first + k, 1)")
        self.out.depth -= 1

    def several(self, name: str, step: Step, item: Rows, offset: int, slot: int) -> None:
        """A field of the result with a value for each part of the subject: a column beside the parts."""
        decision = self.wiring.decision
        dim = step.dim
        if dim is None or self.wiring.parts[dim][0] != "." or width(item.item) != 1:
            raise NotCompiled(f"{decision.result.__name__}.{name} has as many values as a rule makes")
        del offset, slot
        own = self.out.slot("out", (decision.result, name, dim))
        keep = self.out.tool(access.keep, item.item)
        parts = self.parts[dim]
        self.loop(dim, spares=False)
        self.out.add(f"{keep}(a, {own}, {parts}_first + k, {self.value(name)})")
        self.out.depth -= 1


class Other(Body):
    """Another decision's steps; its results stand in scratch columns, those of members by place, each with whether it is there."""

    slot: int

    def result(self) -> None:
        """Write the results into scratch columns that lie as a table of facts does."""
        decision = self.wiring.decision
        fields = fields_of(cast("Any", decision.result))
        if any(isinstance(item, Rows) for _, item in fields.values()):
            raise NotCompiled(f"{decision.result.__name__} has several values in one field")
        if decision.member is None:
            self.slot = self.out.fresh("scratch", Record(decision.result))
            for name, (offset, item) in fields.items():
                keep = self.out.tool(access.keep, item, offset)
                self.out.add(f"{keep}(a, {self.slot}, 0, {self.local('v_' + name)})")
            return
        self.slot = self.out.fresh("scratch", types.Optional(Record(decision.result)))
        member = self.parts[decision.member]
        there = self.out.tool(access.keep, types.int64)
        self.out.add(f"for k in range({member}_n):")
        self.out.add(f"    {there}(a, {self.slot}, k, 0)")
        self.loop(decision.member, spares=bool(decision.who))
        self.out.add(f"{there}(a, {self.slot}, k, 1)")
        for name, (offset, item) in fields.items():
            keep = self.out.tool(access.keep, item, offset + 1)
            self.out.add(f"{keep}(a, {self.slot}, k, {self.value(name)})")
        self.out.depth -= 1
