"""Straight-line Python generated from a wiring: one function per decision and date regime.

The same generator writes the plain function and the traced one, in which every rule is called through a tape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn, TypeAlias

import attrs

from munirules.engine import runtime
from munirules.engine.parts import At, SparseValues, Values
from munirules.engine.runtime import MISSING, MissingFact
from munirules.engine.steps import Need, Step, Wiring
from munirules.models.declare import declaration, is_declared

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
            self._traced.append(_compile(_Writer(self.wiring, tape=True).write(), self._names, self.wiring))
        return self._traced[0]


def compile_program(wiring: Wiring, provide: Provide, decide: Decide) -> Program:
    """Compile a wiring.

    Args:
        wiring: the wiring of a regime.
        provide: `provide(cls, at)` gives the provision object, or, with `at`, a function of the key date(s).
        decide: `decide(cls)` gives `fn(subject, bag, on)`, which answers with that result class.
    """
    writer = _Writer(wiring, tape=False)
    source = writer.write()
    names = dict(writer.names)
    names.update({name: provide(cls, moment) for (cls, moment), name in writer.provisions.items()})
    names.update({name: decide(cls) for cls, name in writer.deciders.items()})
    return Program(wiring=wiring, run=_compile(source, names, wiring), source=source, names=names)


def _compile(source: str, names: dict[str, Any], wiring: Wiring) -> Callable[..., Any]:
    space = dict(names)
    exec(compile(source, f"<munirules {wiring.decision.name}>", "exec"), space)  # noqa: S102 — made by this module alone
    made: Callable[..., Any] = space["run"]
    return made


class _Writer:
    """Writes the function of a wiring, line by line.

    Names in it: `v_RULE` a value (a list by place for a rule that runs for parts, a dict where `who=` spares some),
    `e_RULE` the same as `Each`, `pX` parts, `nX` how many, `iX` their ids, `mX` their places, `CX` whom it concerns,
    `fX` facts, `dX` other decisions' results, `PX` provisions, `qPX` those of another date, `c…` parts, facts or
    results as `Each`.
    """

    def __init__(self, wiring: Wiring, *, tape: bool) -> None:
        self.wiring = wiring
        self.tape = tape
        self.lines: list[str] = []
        self.classes: dict[type, str] = {}
        self.provisions: dict[tuple[type, At | None], str] = {}
        self.deciders: dict[type, str] = {}
        self.ready: set[str] = set()
        self.refers = bool(wiring.needs("place"))
        self.eached = {need.rule for _, need in wiring.needs("rule") if need.each}
        self.names: dict[str, Any] = {
            "MISSING": MISSING,
            "Values": Values,
            "SparseValues": SparseValues,
            "RESULT": wiring.decision.result,
            "absent": _Absent(wiring),
            **{
                name: getattr(runtime, name)
                for name in ("places", "reference", "gather", "supplied", "concerned", "ids_of")
            },
            **{f"R_{name}": step.rule.fn for name, step in wiring.steps.items()},
        }

    def write(self) -> str:
        wiring, who = self.wiring, self.wiring.decision.who
        for part, source in wiring.parts.items():
            if source[0] == ".":
                self.part(part, f"subject{source}")
        self.facts(list(wiring.steps.values()), members=False)
        self.phase([step for step in wiring.steps.values() if step.rule.name in wiring.early])
        if who:
            member = self.name(wiring.decision.member)
            self.add(f"C{member} = [k for k in range(n{member}) if v_{who}[k]]")
        self.phase([step for step in wiring.steps.values() if step.rule.name not in wiring.early])
        self.result()
        head = "def run(subject, bag, on, T):" if self.tape else "def run(subject, bag, on):"
        return "\n".join([head, *(f"    {line}" for line in self.lines), ""])

    def add(self, line: str) -> None:
        self.lines.append(line)

    def name(self, cls: Any) -> str:
        """A short name for a class within the function; the class itself stands beside it with a K before."""
        if cls not in self.classes:
            self.classes[cls] = f"{len(self.classes)}_{cls.__name__}"
            self.names[f"K{self.classes[cls]}"] = cls
        return self.classes[cls]

    def part(self, part: type, expression: str) -> None:
        name = self.name(part)
        self.add(f"p{name} = {expression}")
        self.add(f"n{name} = len(p{name})")
        checked = expression.startswith("subject") and hasattr(self.wiring.decision.subject, "invariants")
        if is_declared(part) and "id" in declaration(part).specs and (self.refers or not checked):
            self.add(f"i{name} = ids_of(p{name})")

    def over(self, dim: type | None, rule: str) -> tuple[str, bool]:
        """Over which indexes a rule runs, and whether that leaves some parts out."""
        decision = self.wiring.decision
        spares = bool(decision.who) and dim is decision.member and rule not in self.wiring.early
        return (f"C{self.name(dim)}" if spares else f"range(n{self.name(dim)})"), spares

    def phase(self, steps: Sequence[Step]) -> None:
        self.facts(steps, members=True)
        together: list[Step] = []
        for step in steps:
            if not self.joins(step, together):
                self.run_together(together)
                together = []
            together.append(step)
        self.run_together(together)

    def joins(self, step: Step, together: Sequence[Step]) -> bool:
        """Whether a rule can run in one loop with those before it: for the same parts, asking for none of theirs as a whole."""
        if not together:
            return True
        names = {other.rule.name for other in together}
        if (
            step.dim is None
            or step.dim is not together[0].dim
            or any(self.wiring.parts.get(p) in names for p in self.wiring.parts)
        ):
            return False
        return not any(
            need.kind == "decided"
            or (need.kind == "rule" and need.each and need.rule in names)
            or (need.at is not None and {need.at.key, need.at.started} & names)
            for need in step.needs
        )

    def run_together(self, steps: Sequence[Step]) -> None:
        """Write one loop for rules that run for the same parts; a single one is a comprehension.

        A trace keeps to the order of the rules, one for all parts before the next.
        """
        if len(steps) < 2 or steps[0].dim is None or self.tape:
            for step in steps:
                self.step(step)
            return
        over, spares = self.over(steps[0].dim, steps[0].rule.name)
        body = []
        for step in steps:
            name = step.rule.name
            args = [self.argument(step, need) for need in step.needs]
            call = self.call(name, "k", args)
            body.append(f"    v_{name}[k] = {call}" if spares else f"    v_{name}.append({call})")
        for step in steps:
            self.add(f"v_{step.rule.name} = " + ("{}" if spares else "[]"))
        self.add(f"for k in {over}:")
        self.lines.extend(body)
        for step in steps:
            if step.rule.name in self.eached:
                self.add(f"e_{step.rule.name} = {self.each(f'v_{step.rule.name}', over, spares=spares)}")

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
        own, about = f"K{self.name(cls)}", declaration(cls).about
        if about is None:
            self.add(f"{variable} = bag.get({own}, MISSING)")
            bad = f"{variable} is MISSING" + ("" if none_allowed else f" or {variable} is None")
            self.add(f"if {bad}: missing.append(({own}, '', {variable}))")
        else:
            over, _ = self.over(about, step.rule.name)
            self.add(f"{variable} = gather(bag, {own}, p{self.name(about)}, {over}, {none_allowed}, missing)")

    def step(self, step: Step) -> None:
        name = step.rule.name
        for need in step.needs:
            if need.kind == "decided":
                self.decide(step, need)
        args = [self.argument(step, need) for need in step.needs]
        if step.dim is None:
            self.add(f"v_{name} = {self.call(name, 'None', args)}")
        else:
            over, spares = self.over(step.dim, name)
            call = self.call(name, "k", args)
            self.add(f"v_{name} = " + (f"{{k: {call} for k in {over}}}" if spares else f"[{call} for k in {over}]"))
            if name in self.eached:
                self.add(f"e_{name} = {self.each(f'v_{name}', over, spares=spares)}")
        for part, source in self.wiring.parts.items():
            if source == name:
                self.part(part, f"v_{name}")

    @staticmethod
    def each(values: str, over: str, *, spares: bool) -> str:
        return f"SparseValues.at_places([{values}[k] for k in {over}], {over})" if spares else f"Values({values})"

    def call(self, name: str, place: str, args: Sequence[str]) -> str:
        if self.tape:
            return f"T.call({', '.join([repr(name), place, f'R_{name}', *args])})"
        return f"R_{name}({', '.join(args)})"

    def argument(self, step: Step, need: Need) -> str:
        match need.kind:
            case "subject" | "on":
                return need.kind
            case "part":
                own = f"p{self.name(need.cls)}"
                return self.once(f"c{own}", f"Values({own})") if need.each else f"{own}[k]"
            case "provision":
                name = self.provisions.setdefault((need.cls, need.at), f"P{len(self.provisions)}_{need.cls.__name__}")
                return name if need.at is None else self.dated(step, need.at, name)
            case "rule":
                return f"e_{need.rule}" if need.each else self.value(need.rule)
            case "me":
                part = self.name(step.dim)
                return self.once(f"m{part}", f"places(n{part})") + "[k]"
            case "place":
                part = self.name(step.dim)
                return f"reference(i{part}, p{part}[k], {need.rule!r})"
            case "fact":
                return self.collected(step, need, f"f{self.name(need.cls)}", declaration(need.cls).about)
            case "decided":
                return self.collected(step, need, self.decided(need), self.wiring.decided[need.cls])

    def dated(self, step: Step, moment: At, name: str) -> str:
        """A provision as of another date; looked up once where the date is that of the whole subject."""
        keys = [self.key(step, key) for key in (moment.key, moment.started) if key]
        lookup = f"{name}({', '.join(keys)})"
        return lookup if any("[k]" in key for key in keys) else self.once(f"q{name}", lookup)

    def once(self, name: str, expression: str) -> str:
        """A name for what is worked out once, before the rule that needs it first runs for any part."""
        if name not in self.ready:
            self.ready.add(name)
            self.add(f"{name} = {expression}")
        return name

    def value(self, rule: str) -> str:
        return f"v_{rule}" if self.wiring.steps[rule].dim is None else f"v_{rule}[k]"

    def collected(self, step: Step, need: Need, variable: str, dim: type | None) -> str:
        """A fact or another decision's result: one, that of a part, or all parts'."""
        if dim is None:
            return variable
        if need.each:
            over, spares = self.over(dim, step.rule.name)
            made = (
                f"concerned({variable}, {over})" if need.kind == "decided" else self.each(variable, over, spares=spares)
            )
            return self.once(f"c{'C' if spares else ''}{variable}", made)
        return f"{variable}[k]"

    def key(self, step: Step, key: str) -> str:
        """The expression for a key date: a rule's value, or a field of the subject or part."""
        if key == "on":
            return key
        if key in self.wiring.steps:
            return self.value(key)
        if key in declaration(self.wiring.decision.subject).specs:
            return f"subject.{key}"
        return f"p{self.name(step.dim)}[k].{key}"

    def decided(self, need: Need) -> str:
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

    def result(self) -> None:
        decision, steps = self.wiring.decision, self.wiring.steps
        fields = declaration(decision.result).specs
        if decision.member is None:
            made = [f"{name}=" + (f"v_{name}" if steps[name].dim is None else f"tuple(v_{name})") for name in fields]
            self.add(f"return RESULT({', '.join(made)})")
            return
        own = {name: "[k]" for name in fields if steps[name].dim is decision.member}
        once = {name for name in fields if steps[name].dim is None}
        made = [f"{n}=v_{n}{own.get(n, '')}" if n in own or n in once else f"{n}=tuple(v_{n})" for n in fields]
        over, _ = self.over(decision.member, "")
        self.add(f"return tuple([RESULT({', '.join(made)}) for k in {over}]), {over}")


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
