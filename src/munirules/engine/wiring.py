"""Arguments wire rules together: what each rule of a decision needs, in which order, and what is wrong with it.

A wiring is structural: it knows rules and classes, no dates of provisions and no values. All faults of a decision are
gathered, each with decision, rule, file, line and a did-you-mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin, get_type_hints

import attrs

from munirules.engine import contract
from munirules.engine.annotations import compatible, shown
from munirules.engine.decision import Decision, Rule
from munirules.engine.parts import At, Each, Place
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import alternatives, declaration, is_declared, record_of

Decider: TypeAlias = Callable[[type], "Decision[Any, Any] | None"]
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


def wire(decision: Decision[Any, Any], rules: Mapping[str, Rule], decider: Decider) -> Wiring:
    """Wire the rules of a decision.

    Args:
        decision: the decision.
        rules: the rules in force, by name.
        decider: finds the decision that answers with a result class.

    Raises:
        WiringError: listing every fault.
    """
    return _Wirer(decision, rules, decider).wire()


class _Wirer:
    def __init__(self, decision: Decision[Any, Any], rules: Mapping[str, Rule], decider: Decider) -> None:
        self.decision = decision
        self.rules = rules
        self.decider = decider
        self.faults: list[Fault] = []
        self.hints = {name: self._hints(rule) for name, rule in rules.items()}
        self.parts: dict[type, str] = {}
        self.dims: dict[str, type | None] = {}

    def wire(self) -> Wiring:
        self._find_parts()
        needs = {name: self._needs(rule) for name, rule in self.rules.items()}
        order = self._order(needs)
        for name in order:
            self.dims[name] = self._dim(self.rules[name], needs[name])
        wanted, early = self._wanted(needs)
        if self.faults:
            raise WiringError(self.faults)
        steps = {
            name: Step(
                rule=self.rules[name], needs=needs[name], returns=self.hints[name].get("return"), dim=self.dims[name]
            )
            for name in order
            if name in wanted
        }
        unused = tuple(sorted(set(self.rules) - wanted))
        return Wiring(
            decision=self.decision,
            steps=steps,
            parts=self.parts,
            decided={
                need.cls: self._decided_dim(need.cls)
                for own in needs.values()
                for need in own
                if need.kind == "decided"
            },
            early=frozenset(early),
            unused=unused,
        )

    def _fault(self, rule: Rule | None, message: str) -> None:
        where = rule.where if rule else self.decision.where
        self.faults.append(Fault(self.decision.name, rule.name if rule else "(result)", where, message))

    def _hints(self, rule: Rule) -> dict[str, Any]:
        try:
            contract.check_helpers(rule.fn)
            return get_type_hints(rule.fn, include_extras=True)
        except contract.ContractError as error:
            self._fault(rule, f"a helper that it calls: {error}")
            return get_type_hints(rule.fn, include_extras=True)
        except (NameError, TypeError, AttributeError) as error:
            self._fault(rule, f"its annotations cannot be read: {error}; import the types at the top of the module")
            return {}

    def _find_parts(self) -> None:
        owner = declaration(self.decision.subject)
        for field, annotation in owner.types.items():
            record = record_of(annotation)
            if record is not None and is_declared(record):
                self._part(record, f".{field}", None)
        for name, rule in self.rules.items():
            record = record_of(self.hints[name].get("return"))
            if record is not None and (hasattr(record, "_fields") or is_declared(record, "row", "facts")):
                self._part(record, name, rule)

    def _part(self, record: type, source: str, rule: Rule | None) -> None:
        if record in self.parts:
            self._fault(
                rule, f"{record.__name__} has two providers: {self.parts[record]} and {source}; give each its class"
            )
        self.parts[record] = source

    def _needs(self, rule: Rule) -> tuple[Need, ...]:
        hints = self.hints[rule.name]
        found = []
        for name, annotation in hints.items():
            if name != "return":
                need = self._need(rule, name, annotation)
                if need is not None:
                    found.append(need)
        return tuple(found)

    def _need(self, rule: Rule, name: str, annotation: Any) -> Need | None:
        inner, optional = alternatives(annotation)
        moment: At | None = None
        if get_origin(inner) is Annotated:
            moment = next((extra for extra in get_args(inner)[1:] if isinstance(extra, At)), None)
            if moment is not None:
                inner = get_args(inner)[0]
        each = get_origin(inner) is Each
        if each:
            inner = get_args(inner)[0]
        found = self._providers(name, inner, each=each, optional=optional, moment=moment)
        if len(found) == 1:
            self._match(rule, found[0], inner)
            return found[0]
        if found:
            told = " and ".join(
                f"the {need.kind} {need.rule or getattr(need.cls, '__name__', need.name)}" for need in found
            )
            self._fault(rule, f"argument {name!r} has several providers: {told}; rename the argument")
            return None
        near = did_you_mean(name, [other for other in self.rules if other != rule.name])
        if isinstance(inner, type) and not near:
            near = did_you_mean(inner.__name__, [cls.__name__ for cls in (self.decision.subject, *self.parts)])
        self._fault(
            rule, f"nothing provides argument {name!r}: {shown(inner)}{near} (rules: {', '.join(sorted(self.rules))})"
        )
        return None

    def _providers(self, name: str, inner: Any, *, each: bool, optional: bool, moment: At | None) -> list[Need]:
        found: list[Need] = []
        if name in self.rules:
            found.append(Need(name=name, kind="rule", rule=name, each=each))
        if name == "on" and inner is date:
            found.append(Need(name=name, kind="on"))
        if inner is Place:
            if name == "me":
                found.append(Need(name=name, kind="me"))
            elif any(_refers(part, name) for part in self.parts):
                found.append(Need(name=name, kind="place", rule=name))
        if not isinstance(inner, type):
            return found
        if inner is self.decision.subject:
            found.append(Need(name=name, kind="subject", cls=inner))
        elif inner in self.parts:
            found.append(Need(name=name, kind="part", cls=inner, each=each))
        elif is_declared(inner, "provision"):
            found.append(Need(name=name, kind="provision", cls=inner, at=moment))
        elif is_declared(inner, "facts"):
            found.append(Need(name=name, kind="fact", cls=inner, each=each, optional=optional))
        elif is_declared(inner, "result") and inner is not self.decision.result and self.decider(inner) is not None:
            found.append(Need(name=name, kind="decided", cls=inner, each=each, at=moment, optional=optional))
        return found

    def _match(self, rule: Rule, need: Need, inner: Any) -> None:
        """The annotation of an argument must be what its provider gives."""
        if need.kind == "rule":
            given = self.hints[need.rule].get("return")
            if given is not None and not compatible(inner, given):
                self._fault(
                    rule,
                    f"argument {need.name!r} is annotated {shown(inner)}, but rule {need.rule!r} returns {shown(given)}",
                )
        if need.at is not None:
            for key in filter(None, (need.at.key, need.at.started)):
                self._key(rule, key)

    def _key(self, rule: Rule, key: str) -> None:
        fields = {*declaration(self.decision.subject).specs}
        for part in self.parts:
            fields |= set(getattr(part, "_fields", ())) | (set(declaration(part).specs) if is_declared(part) else set())
        if key != "on" and key not in self.rules and key not in fields:
            self._fault(rule, f"at({key!r}): no rule or field of that name{did_you_mean(key, {*self.rules, *fields})}")

    def depends(self, needs: Sequence[Need]) -> list[str]:
        """Names of the rules that must come before a rule with these needs."""
        names = []
        for need in needs:
            if need.kind == "rule":
                names.append(need.rule)
            if need.kind in ("part", "fact", "decided", "me", "place"):
                about = declaration(need.cls).about if need.kind == "fact" else need.cls
                names.extend(self.parts[part] for part in self.parts if part is about and self.parts[part][0] != ".")
            if need.at is not None:
                names.extend(key for key in (need.at.key, need.at.started) if key in self.rules)
        return names

    def _order(self, needs: Mapping[str, tuple[Need, ...]]) -> list[str]:
        order: list[str] = []
        state: dict[str, int] = {}

        def visit(name: str, path: tuple[str, ...]) -> None:
            if state.get(name) == 2:
                return
            if state.get(name) == 1:
                cycle = " → ".join((*path[path.index(name) :], name))
                self._fault(self.rules[name], f"a cycle of rules: {cycle}")
                return
            state[name] = 1
            for before in self.depends(needs.get(name, ())):
                visit(before, (*path, name))
            state[name] = 2
            order.append(name)

        for name in self.rules:
            visit(name, ())
        return order

    def _dim(self, rule: Rule, needs: Sequence[Need]) -> type | None:
        dims: dict[type, str] = {}
        for need in needs:
            if need.each:
                continue
            if need.kind == "part":
                dims[need.cls] = need.name
            elif need.kind == "rule":
                dim = self.dims.get(need.rule)
                if dim is not None:
                    dims[dim] = need.name
            elif need.kind == "fact":
                about = declaration(need.cls).about
                if about is not None:
                    dims[about] = need.name
            elif need.kind == "decided":
                dim = self._decided_dim(need.cls)
                if dim is not None:
                    dims[dim] = need.name
        if len(dims) > 1:
            told = " and ".join(f"{name!r} ({part.__name__})" for part, name in dims.items())
            self._fault(rule, f"two kinds of part in one rule: {told}; take one of them as Each[…]")
        dim = next(iter(dims), None)
        if dim is None and any(need.kind in ("me", "place") for need in needs):
            self._fault(
                rule, "asks for a Place but runs for no part; take the part, or a value of a rule that runs for it"
            )
        if dim is not None and dim not in self.parts:
            self._fault(
                rule, f"runs for each {dim.__name__}, which {self.decision.subject.__name__} does not have as parts"
            )
        for need in needs:
            if need.each and need.kind == "rule" and self.dims.get(need.rule) is None:
                self._fault(
                    rule, f"argument {need.name!r}: Each[…] of rule {need.rule!r}, which runs once; take its value"
                )
        return dim

    def _decided_dim(self, cls: type) -> type | None:
        other = self.decider(cls)
        if other is None:
            return None
        if other.subject is self.decision.subject:
            return other.member
        return other.subject if other.subject in self.parts else None

    def _wanted(self, needs: Mapping[str, tuple[Need, ...]]) -> tuple[set[str], set[str]]:
        """Rules that the result rests on, and those that `who=` rests on."""
        owner = declaration(self.decision.result)
        roots = []
        for field, annotation in owner.types.items():
            if field not in self.rules:
                near = did_you_mean(field, self.rules)
                self._fault(None, f"result {owner.name}.{field} has no rule of that name{near}")
                continue
            roots.append(field)
            self._match_result(field, annotation)
        who = self.decision.who
        if who and who not in self.rules:
            self._fault(None, f"who={who!r}: no rule of that name{did_you_mean(who, self.rules)}")
        early = self._closure([who], needs) if who in self.rules else set()
        return self._closure(roots, needs) | early, early

    def _match_result(self, field: str, annotation: Any) -> None:
        given, dim = self.hints[field].get("return"), self.dims.get(field)
        if dim is not None and dim is not self.decision.member:
            wanted, _ = alternatives(annotation)
            args = get_args(wanted)
            if get_origin(wanted) is not tuple or len(args) != 2:
                self._fault(
                    self.rules[field],
                    f"runs for each {dim.__name__}, so the result's field must be tuple[…, ...] or sum it up",
                )
                return
            annotation = args[0]
        if given is not None and not compatible(annotation, given):
            owner = self.decision.result.__name__
            self._fault(self.rules[field], f"returns {shown(given)}, but {owner}.{field} is {shown(annotation)}")

    def _closure(self, roots: Sequence[str], needs: Mapping[str, tuple[Need, ...]]) -> set[str]:
        seen: set[str] = set()
        stack = list(roots)
        while stack:
            name = stack.pop()
            if name in self.rules and name not in seen:
                seen.add(name)
                stack.extend(self.depends(needs[name]))
        return seen
