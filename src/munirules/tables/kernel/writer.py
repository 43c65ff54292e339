"""The text of a kernel: one function that decides one row, from the wiring of a decision and of those it rests on.

It follows the program of one case (`engine.program`) step by step; where that has lists, here are scratch columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias, cast

import attrs
from numba import types

from munirules.engine.parts import At
from munirules.engine.steps import Need, Step, Wiring
from munirules.models.declare import declaration
from munirules.tables.kernel import access
from munirules.tables.kernel.functions import compiled
from munirules.tables.kernel.lowering import day_of_number, number_or_none
from munirules.tables.kernel.types import (
    NotCompiled,
    Record,
    Reference,
    Rows,
    fields_of,
    item_of,
    width,
)

Kind: TypeAlias = Literal[
    "subject", "fact", "provision", "dated", "scratch", "places", "out", "concerned", "on", "status", "room"
]


@attrs.frozen
class Argument:
    """One thing that a call brings, and the slot at which it begins.

    Attributes:
        slot: where.
        kind: what it is.
        what: whose: a class, (decision, class) or an item.
    """

    slot: int
    kind: Kind
    what: Any = None


@attrs.frozen(kw_only=True, eq=False)
class Text:
    """A written kernel.

    Attributes:
        source: its text.
        names: what the text names.
        arguments: what a call brings, by slot.
        functions: the rules and helpers that it calls.
        details: what each name of it that is no rule was made of.
    """

    source: str
    names: dict[str, Any]
    arguments: tuple[Argument, ...]
    functions: tuple[Any, ...]
    details: dict[str, str]

    @property
    def width(self) -> int:
        """How many words a call brings."""
        last = self.arguments[-1]
        return last.slot + (5 if last.kind == "dated" else 1)


class Writer:
    """Writes a kernel.

    Args:
        wiring: of the decision.
        others: finds the wiring of another decision by its result class, for the date.
        given: fact and result classes that the table brings.
    """

    def __init__(self, wiring: Wiring, others: Callable[[type], Wiring | None], given: Sequence[type]) -> None:
        self.wiring = wiring
        self.others = others
        self.given = set(given)
        self.lines: list[str] = []
        self.arguments: list[Argument] = []
        self.slots: dict[Any, int] = {}
        self.next = 0
        self.names: dict[str, Any] = {
            "get": access.get,
            "put": access.put,
            "first_of": access.first_of,
            "day_of_number": day_of_number,
            "place_of": compiled(access.place_of),
            "section_of": compiled(access.section_of),
            "number_or_none": number_or_none,
        }
        self.functions: list[Any] = [compiled(access.place_of), compiled(access.section_of)]
        self.details: dict[str, str] = {}
        self.depth = 1

    def write(self) -> Text:
        """Write it.

        Raises:
            NotCompiled: saying which rule cannot be compiled and why.
        """
        self.slot("status"), self.slot("on")
        self.add(f"on = day_of_number(get(a, {self.slot('on')}, i))")
        subject = self.record(self.wiring.decision.subject)
        self.add(f"subject = {subject}(a, {self.slot('subject')}, i)")
        Body(self, self.wiring, "").write()
        source = "\n".join(
            [
                "def case(a, i):",
                *(line for line in self.lines),
                "",
                "def kernel(a, start, stop):",
                "    for i in range(start, stop):",
                "        if get(a, 0, i) == 0:",
                "            try:",
                "                case(a, i)",
                "                put(a, 0, i, 1)",
                "            except Exception:",
                "                put(a, 0, i, 2)",
                "",
            ]
        )
        return Text(
            source=source,
            names=self.names,
            arguments=tuple(self.arguments),
            functions=tuple(self.functions),
            details=self.details,
        )

    def add(self, line: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + line)

    def slot(self, kind: Kind, what: Any = None, words: int = 1) -> int:
        """The slot of what a call brings; a new one where it is not brought yet."""
        key = (kind, what)
        if key not in self.slots:
            self.slots[key] = self.next
            self.arguments.append(Argument(self.next, kind, what))
            self.next += words
        return self.slots[key]

    def fresh(self, kind: Kind, what: Any) -> int:
        """A slot for what stands for itself alone: a scratch table, a list of places."""
        return self.slot(kind, (len(self.arguments), what))

    def name(self, value: Any, hint: str) -> str:
        """A name in the text for a value."""
        for name, own in self.names.items():
            if own is value:
                return name
        name = f"{hint}_{len(self.names)}"
        self.names[name] = value
        return name

    def tool(self, make: Callable[..., Any], *args: Any, **options: Any) -> str:
        """The name of what a maker of `access` makes of arguments, which the kernel's digest is to know."""
        name = self.name(make(*args, **options), make.__name__)
        self.details[name] = f"{make.__name__}{args}{options}"
        return name

    def record(self, cls: type) -> str:
        """The name of the function that finds an object of a class."""
        return self.tool(access.record_at, cls)


@attrs.define
class Value:
    """Where the value of a rule that runs for parts stands."""

    slot: int
    item: Any


class Body:
    """Writes the steps of one wiring into a kernel; another decision's have a prefix of their own."""

    def __init__(self, out: Writer, wiring: Wiring, prefix: str) -> None:
        self.out = out
        self.wiring = wiring
        self.prefix = prefix
        self.ready: set[str] = set()
        self.values: dict[str, Value] = {}
        self.parts: dict[type, str] = {}
        self.member_of: dict[type, type] = {}
        self.here: set[str] = set()
        self.others: dict[type, Other] = {}
        self.places = -1

    # The whole.

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

    def local(self, name: str) -> str:
        """A name of this wiring's own."""
        return f"{self.prefix}{name}"

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

    def call(self, step: Step) -> str:
        """Call a rule."""
        rule = compiled(step.rule.fn)
        if rule not in self.out.functions:
            self.out.functions.append(rule)
        name = self.out.name(rule, f"R_{step.rule.name}")
        return f"{name}({', '.join(self.argument(step, need) for need in step.needs)})"

    # What an argument is.

    def prepare(self, step: Step, need: Need) -> None:
        """Write, before a loop, what the loop looks up but need not look up again."""
        if need.kind == "decided":
            self.decide(step, need)
        elif need.kind == "provision" and need.at is not None:
            if not self.by_part(need.at):
                self.dated(step, need)
        elif need.each:
            self.collected(step, need)

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
        self.others[need.cls] = body

    def decided(self, need: Need) -> str:
        """Another decision's result: the one, or that of the part of the loop."""
        dim = self.wiring.decided[need.cls]
        if need.cls in self.out.given:
            slot = self.out.slot("fact", need.cls)
            index = "i" if dim is None else f"{self.parts[dim]}_first + k"
            strict = dim is None and not all(o.optional for _, o in self.wiring.needs("decided") if o.cls is need.cls)
            find = self.out.tool(access.fact_at, need.cls, optional=not strict)
            return f"{find}(a, {slot}, {index})"
        other = self.others[need.cls]
        if dim is None:
            return f"{self.out.record(need.cls)}(a, {other.slot}, 0)"
        find = self.out.tool(access.fact_at, need.cls, optional=True)
        return f"{find}(a, {other.slot}, k)"

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
            slot, first = self.others[need.cls].slot, "0"
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

    # What becomes of it.

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
