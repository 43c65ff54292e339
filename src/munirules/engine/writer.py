"""Straight-line Python written for a wiring: one function per decision and date regime.

The same writer writes the plain function and the traced one, in which every rule is called through a tape.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any

from munirules.engine import runtime
from munirules.engine.parts import At, SparseValues, Values
from munirules.engine.runtime import MISSING, Kept
from munirules.engine.steps import Need, Step, Wiring
from munirules.models.declare import declaration, is_declared


class Writer:
    """Writes the function of a wiring, line by line.

    What there is once for each part stands in a column: a list in the order of the parts, of all of them or, once `who=`
    has spared some, of those concerned. A loop goes along the columns that its rules ask for.

    Names in it: `v_RULE` a value (a column for a rule that runs for parts), `e_RULE` the same as `Each`, `pX` parts, `iX`
    their ids, `mX` their places, `CX` places of those concerned, `fX` facts, `dX` other decisions' results, `PX`
    provisions, `qPX` those of another date, `c…` parts, facts or results as `Each`; `s…` what a column of all has for
    those concerned, `x…` the item of a column.
    """

    def __init__(self, wiring: Wiring, *, tape: bool) -> None:
        self.wiring = wiring
        self.tape = tape
        self.lines: list[str] = []
        self.classes: dict[type, str] = {}
        self.provisions: dict[tuple[type, At | None], str] = {}
        self.deciders: dict[type, str] = {}
        self.ready: set[str] = set()
        self.dense: set[str] = set()  # columns of those concerned alone
        self.loop: dict[str, str] = {}  # of the loop that is being written: its items, and the columns they are of
        self.spares = False  # whether it leaves some parts out
        self.inside: set[str] = set()  # its rules
        self.refers = bool(wiring.needs("place"))
        self.eached = {need.rule for _, need in wiring.needs("rule") if need.each}
        self.steady = steady(wiring)
        self.names: dict[str, Any] = {
            "MISSING": MISSING,
            "Values": Values,
            "SparseValues": SparseValues,
            "RESULT": wiring.decision.result,
            "new": object.__new__,
            "compress": compress,
            **{
                name: getattr(runtime, name)
                for name in ("places", "reference", "gather", "supplied", "concerned", "ids_of")
            },
            **{f"R_{name}": step.rule.fn for name, step in wiring.steps.items()},
        }
        for cls in (*wiring.parts, *(need.cls for kind in ("fact", "decided") for _, need in wiring.needs(kind))):
            self.name(cls)  # now, so that both functions have the same names

    def write(self) -> str:
        """The text of the function."""
        wiring, who, member = self.wiring, self.wiring.decision.who, self.wiring.decision.member
        for part, source in wiring.parts.items():
            if source[0] == ".":
                self.part(part, f"subject{source}")
        steps = list(wiring.steps.values())
        self.facts(steps, members=False)
        for group in self.phase([step for step in steps if step.rule.name in wiring.early]):
            self.run(group, answers=False)
        if who:
            concerned = self.places(member, spares=True)
            self.add(f"{concerned} = list(compress(places(len(p{self.name(member)})), v_{who}))")
        groups = self.phase([step for step in steps if step.rule.name not in wiring.early])
        for group in groups[:-1]:
            self.run(group, answers=False)
        last = groups[-1] if groups else []
        joined = member is not None and bool(last) and last[0].dim is member
        if last:
            self.run(last, answers=joined)
        self.result(joined=joined)
        head = "def run(subject, bag, on, T):" if self.tape else "def run(subject, bag, on):"
        return "\n".join([head, *(f"    {line}" for line in self.lines), ""])

    def add(self, line: str) -> None:
        """Write a line."""
        self.lines.append(line)

    def name(self, cls: Any) -> str:
        """A short name for a class within the function; the class itself stands beside it with a K before."""
        if cls not in self.classes:
            self.classes[cls] = f"{len(self.classes)}_{cls.__name__}"
            self.names[f"K{self.classes[cls]}"] = cls
        return self.classes[cls]

    def once(self, name: str, expression: str) -> str:
        """A name for what is worked out once, before the rule that needs it first runs for any part."""
        if name not in self.ready:
            self.ready.add(name)
            self.add(f"{name} = {expression}")
        return name

    # Parts and columns

    def part(self, part: type, expression: str) -> None:
        """Take parts, and check that their ids tell them apart where nobody has done so."""
        name = self.name(part)
        self.add(f"p{name} = {expression}")
        checked = expression.startswith("subject") and hasattr(self.wiring.decision.subject, "invariants")
        if is_declared(part) and "id" in declaration(part).specs and (self.refers or not checked):
            self.add(f"i{name} = ids_of(p{name})")

    def spared(self, dim: type | None, rule: str) -> bool:
        """Whether a rule that runs for parts leaves some out."""
        decision = self.wiring.decision
        return bool(decision.who) and dim is decision.member and rule not in self.wiring.early

    def places(self, dim: type | None, *, spares: bool) -> str:
        """The column of the places of parts, or of those concerned."""
        name = self.name(dim)
        if not spares:
            return self.once(f"m{name}", f"places(len(p{name}))")
        self.dense.add(f"C{name}")
        return f"C{name}"

    def column(self, column: str, *, spares: bool) -> str:
        """A column as it stands, or of those concerned."""
        if not spares or column in self.dense:
            return column
        return self.once(f"s{column}", f"list(compress({column}, v_{self.wiring.decision.who}))")

    def item(self, column: str) -> str:
        """The item of a column in the loop that is being written."""
        column = self.column(column, spares=self.spares)
        self.loop[f"x{column}"] = column
        return f"x{column}"

    def each(self, column: str, dim: type | None, *, spares: bool) -> str:
        """The `Each` of a column."""
        if not spares:
            return f"Values({column})"
        return f"SparseValues.at_places({self.column(column, spares=True)}, {self.places(dim, spares=True)})"

    # Rules

    def phase(self, steps: Sequence[Step]) -> list[list[Step]]:
        """Fetch the facts of the parts that rules run for, and group the rules that can run in one loop."""
        self.facts(steps, members=True)
        groups: list[list[Step]] = []
        for step in steps:
            if groups and self.joins(step, groups[-1]):
                groups[-1].append(step)
            else:
                groups.append([step])
        return groups

    def joins(self, step: Step, together: Sequence[Step]) -> bool:
        """Whether a rule can run in one loop with those before it: for the same parts, asking for none of theirs as a whole.

        A traced run goes the same way, so that it refuses or fails where the plain one does; `trace` puts its steps in
        the order of the rules.
        """
        names = {other.rule.name for other in together}
        if step.dim is None or step.dim is not together[0].dim:
            return False
        return not any(
            need.kind == "decided"
            or (need.kind == "rule" and need.each and need.rule in names)
            or (need.at is not None and {need.at.key, need.at.started} & names)
            for need in step.needs
        )

    def run(self, steps: Sequence[Step], *, answers: bool) -> None:
        """Write rules that run for the same parts, or one that runs once.

        Args:
            steps: the rules.
            answers: make the answers for the parts in the same loop.
        """
        for step in steps:
            for need in step.needs:
                if need.kind == "decided":
                    self.decide(step, need)
        if steps[0].dim is not None:
            self.along(steps[0].dim, steps, spares=self.spared(steps[0].dim, steps[0].rule.name), answers=answers)
            return
        name, call = steps[0].rule.name, self.call(steps[0], "None")
        if name in self.steady and not self.tape:
            self.names[f"D_{name}"] = Kept()
            self.add(f"kept = D_{name}.last")
            self.add(f"if kept[0] != on: kept = D_{name}.last = (on, {call})")
            call = "kept[1]"
        self.add(f"v_{name} = {call}")
        for part, source in self.wiring.parts.items():
            if source == name:
                self.part(part, f"v_{name}")

    def along(self, dim: type, steps: Sequence[Step], *, spares: bool, answers: bool) -> None:
        """Write one loop along the columns of parts."""
        self.loop, self.spares, self.inside = {}, spares, {step.rule.name for step in steps}
        kept = self.kept(steps, answers=answers)
        columns, body = [], []
        place = self.item(self.places(dim, spares=spares)) if self.tape or not steps else ""
        for step in steps:
            name = step.rule.name
            body.append(f"    xv_{name} = {self.call(step, place)}")
            if name in kept:
                columns.append(f"v_{name}")
                body.append(f"    v_{name}.append(xv_{name})")
        if answers:
            columns.append("answers")
            body.extend(f"    {line}" for line in (*self.answer(), "answers.append(answer)"))
        for column in columns:
            self.add(f"{column} = []")
        items, over = ", ".join(self.loop), ", ".join(self.loop.values())
        self.add(f"for {items} in " + (f"zip({over}):" if len(self.loop) > 1 else f"{over}:"))
        self.lines.extend(body)
        self.dense.update(columns if spares else ())
        self.inside = set()
        for step in steps:
            if step.rule.name in self.eached:
                self.add(f"e_{step.rule.name} = {self.each(f'v_{step.rule.name}', dim, spares=spares)}")

    def kept(self, steps: Sequence[Step], *, answers: bool) -> set[str]:
        """Names of the rules whose values are asked for outside a loop of theirs."""
        others = [need for step in self.wiring.steps.values() if step not in steps for need in step.needs]
        names = {need.rule for need in others} | self.eached | {self.wiring.decision.who}
        names.update(key for need in others if need.at is not None for key in (need.at.key, need.at.started))
        return names if answers else names | set(declaration(self.wiring.decision.result).specs)

    def call(self, step: Step, place: str) -> str:
        """The call of a rule."""
        name, args = step.rule.name, [self.argument(step, need) for need in step.needs]
        if self.tape:
            return f"T.call({', '.join([repr(name), place, f'R_{name}', *args])})"
        return f"R_{name}({', '.join(args)})"

    def argument(self, step: Step, need: Need) -> str:
        """What a rule is given for one of its needs."""
        match need.kind:
            case "subject" | "on":
                return need.kind
            case "part":
                own = f"p{self.name(need.cls)}"
                return self.once(f"c{own}", f"Values({own})") if need.each else self.item(own)
            case "provision":
                name = self.provisions.setdefault((need.cls, need.at), f"P{len(self.provisions)}_{need.cls.__name__}")
                return name if need.at is None else self.dated(step, need.at, name)
            case "rule":
                return f"e_{need.rule}" if need.each else self.value(need.rule)
            case "me":
                return self.item(self.places(step.dim, spares=self.spares))
            case "place":
                part = self.name(step.dim)
                return f"reference(i{part}, {self.item(f'p{part}')}, {need.rule!r})"
            case "fact":
                return self.collected(step, need, f"f{self.name(need.cls)}", declaration(need.cls).about)
            case "decided":
                return self.collected(step, need, self.decided(need), self.wiring.decided[need.cls])

    def value(self, rule: str) -> str:
        """The value of a rule, or its item in the loop that is being written."""
        if self.wiring.steps[rule].dim is None:
            return f"v_{rule}"
        return f"xv_{rule}" if rule in self.inside else self.item(f"v_{rule}")

    def collected(self, step: Step, need: Need, variable: str, dim: type | None) -> str:
        """A fact or another decision's result: one, that of a part, or all parts'."""
        if dim is None:
            return variable
        if not need.each:
            return self.item(variable)
        spares = self.spared(dim, step.rule.name)
        made = self.each(variable, dim, spares=spares)
        if need.kind == "decided":
            made = f"concerned({variable}, {self.places(dim, spares=spares)})"
        return self.once(f"c{'C' if spares else ''}{variable}", made)

    def dated(self, step: Step, moment: At, name: str) -> str:
        """A provision as of another date; looked up once where the date is that of the whole subject."""
        keys = [self.key(step, key) for key in (moment.key, moment.started) if key]
        lookup = f"{name}({', '.join(keys)})"
        return lookup if any(key.startswith("x") for key in keys) else self.once(f"q{name}", lookup)

    def key(self, step: Step, key: str) -> str:
        """The expression for a key date: a rule's value, or a field of the subject or part."""
        if key == "on":
            return key
        if key in self.wiring.steps:
            return self.value(key)
        if key in declaration(self.wiring.decision.subject).specs:
            return f"subject.{key}"
        return f"{self.item(f'p{self.name(step.dim)}')}.{key}"

    # Facts and other decisions' results

    def facts(self, steps: Sequence[Step], *, members: bool) -> None:
        """Fetch facts: those of the subject at once, those of parts before the phase that needs them."""
        before = len(self.lines)
        optional = {need.cls for _, need in self.wiring.needs("fact") if need.optional}
        strict = {need.cls for _, need in self.wiring.needs("fact") if not need.optional}
        for step in steps:
            for need in step.needs:
                if need.kind != "fact" or (declaration(need.cls).about is not None) != members:
                    continue
                variable = f"f{self.name(need.cls)}"
                if variable in self.ready:
                    continue
                self.ready.add(variable)
                none_allowed = need.cls in optional - strict
                self.fetch(need.cls, variable, step, none_allowed=none_allowed)
        if len(self.lines) > before:
            self.lines.insert(before, "missing = []")
            self.add("if missing: absent(missing)")

    def fetch(self, cls: type, variable: str, step: Step, *, none_allowed: bool) -> None:
        """Fetch one fact, that of the subject or those of parts."""
        own, about = f"K{self.name(cls)}", declaration(cls).about
        if about is None:
            self.add(f"{variable} = bag.get({own}, MISSING)")
            bad = f"{variable} is MISSING" + ("" if none_allowed else f" or {variable} is None")
            self.add(f"if {bad}: missing.append(({own}, '', {variable}))")
            return
        spares = self.spared(about, step.rule.name)
        parts = self.column(f"p{self.name(about)}", spares=spares)
        self.add(f"{variable} = gather(bag, {own}, {parts}, {none_allowed}, missing)")
        if spares:
            self.dense.add(variable)

    def decided(self, need: Need) -> str:
        """The name of another decision's result."""
        return f"d{self.name(need.cls)}" + (f"_at_{need.at.key}" if need.at is not None else "")

    def decide(self, step: Step, need: Need) -> None:
        """Take another decision's result as supplied, or decide it."""
        variable = self.decided(need)
        if variable in self.ready:
            return
        self.ready.add(variable)
        own = self.name(need.cls)
        self.deciders[need.cls] = f"S{own}"
        dim = self.wiring.decided[need.cls]
        when = "on" if need.at is None else self.key(step, need.at.key)
        tape = ", T" if self.tape else ""
        key = f"K{own}" if need.at is None else f"(K{own}, {when})"
        taken = f"bag.get({key}, MISSING)" if dim is None else f"supplied(bag, {key}, p{self.name(dim)})"
        nothing = "MISSING" if dim is None else "None"
        self.add(f"{variable} = {taken}")
        self.add(f"if {variable} is {nothing}: {variable} = S{own}(subject, bag, {when}{tape})")
        if dim is None and not all(
            other.optional for _, other in self.wiring.needs("decided") if other.cls is need.cls
        ):
            self.add(f"if {variable} is None: absent([(K{own}, '', None)])")

    # The result

    def answer(self) -> list[str]:
        """Lines that make the result, or that of one part.

        A result has slots and makes no checks, so that they are set one by one: its frozen `__init__` takes twice as long.
        """
        result, member = self.wiring.decision.result, self.wiring.decision.member
        values = {}
        for name in declaration(result).specs:
            dim = self.wiring.steps[name].dim
            values[name] = self.value(name) if dim is None or dim is member else f"tuple(v_{name})"
        if hasattr(result, "__attrs_post_init__"):
            return [f"answer = RESULT({', '.join(f'{name}={value}' for name, value in values.items())})"]
        self.names.update({f"set_{name}": getattr(result, name).__set__ for name in values})
        return ["answer = new(RESULT)", *(f"set_{name}(answer, {value})" for name, value in values.items())]

    def result(self, *, joined: bool) -> None:
        """Write what the function returns; `joined`: the answers for parts are made."""
        member = self.wiring.decision.member
        if member is None:
            self.lines.extend(self.answer())
            self.add("return answer")
            return
        spares = self.spared(member, "")
        if not joined:
            self.along(member, (), spares=spares, answers=True)
        self.add(f"return tuple(answers), {self.places(member, spares=spares)}")


def steady(wiring: Wiring) -> set[str]:
    """Rules that rest on the date and the law alone, so that their value is kept while the date stays the same."""
    found: set[str] = set()
    for name, step in wiring.steps.items():
        if step.dim is None and all(
            need.kind == "on" or (need.kind == "provision" and need.at is None) or need.rule in found
            for need in step.needs
        ):
            found.add(name)
    return found
