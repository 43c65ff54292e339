"""Arguments wire rules together: what each rule of a decision needs, in which order, and what is wrong with it.

A wiring is structural: it knows rules and classes, no dates of provisions and no values. All faults of a decision are
gathered, each with decision, rule, file, line and a did-you-mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeAlias, cast, get_args, get_origin, get_type_hints

from munirules.engine import contract
from munirules.engine.annotations import compatible, shown
from munirules.engine.decision import Decision, Rule
from munirules.engine.parts import At, Each, Place
from munirules.engine.steps import Fault, Need, Step, Wiring, WiringError
from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import alternatives, declaration, is_declared, record_of

Decider: TypeAlias = Callable[[type], "Decision[Any, Any] | None"]


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


def fields_of(record: Any) -> Mapping[str, Any]:
    """Field names of a declared class or a NamedTuple, with their annotations."""
    return declaration(record).types if is_declared(record) else _hints_of(record)


@cache
def _hints_of(record: Any) -> Mapping[str, Any]:
    return get_type_hints(record, include_extras=True)


def _moment(annotation: Any) -> tuple[Any, At | None]:
    """Split `Annotated[X, at(…)]`, or that or None, into X (or None) and the other date."""
    inner, optional = alternatives(annotation)
    extras = get_args(inner)[1:] if get_origin(inner) is Annotated else ()
    moment = next((extra for extra in extras if isinstance(extra, At)), None)
    if moment is None:
        return annotation, None
    plain = get_args(inner)[0]
    return (plain | None if optional else plain), moment


def _gives_date(annotation: Any, *, optional: bool) -> bool:
    kinds = get_args(annotation) or (annotation,)
    return date in kinds and (optional or type(None) not in kinds)


def _refers(part: type, name: str) -> bool:
    """Whether a part class has a reference of a name to others of its kind, which their `id` tells apart."""
    specs = declaration(part).specs if is_declared(part) else {}
    return "id" in specs and name in specs and specs[name].kind == "reference"


class _Wirer:
    def __init__(self, decision: Decision[Any, Any], rules: Mapping[str, Rule], decider: Decider) -> None:
        self.decision = decision
        self.rules = rules
        self.decider = decider
        self._others: dict[type, Decision[Any, Any] | None] = {}
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
        except contract.ContractError as error:
            self._fault(rule, f"a helper that it calls: {error}")
        try:
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
        wanted, moment = _moment(annotation)
        inner, optional = alternatives(wanted)
        each = get_origin(inner) is Each
        if each:
            wanted = get_args(inner)[0]
            inner, optional = alternatives(wanted)
        found = self._providers(rule, name, inner, each=each, optional=optional, moment=moment)
        if moment is not None and len(found) == 1 and found[0].at is None:
            self._fault(rule, f"argument {name!r}: at(…) is for a provision or another decision's result")
        if len(found) == 1:
            self._match(rule, found[0], wanted)
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

    def _providers(
        self, rule: Rule, name: str, inner: Any, *, each: bool, optional: bool, moment: At | None
    ) -> list[Need]:
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
            found.append(Need(name=name, kind="subject", cls=inner, each=each))
        elif inner in self.parts:
            found.append(Need(name=name, kind="part", cls=inner, each=each))
        elif is_declared(inner, "provision"):
            found.append(Need(name=name, kind="provision", cls=inner, each=each, at=moment))
        elif is_declared(inner, "facts"):
            found.append(Need(name=name, kind="fact", cls=inner, each=each, optional=optional))
        elif is_declared(inner, "result") and self._answers(rule, inner, moment):
            found.append(Need(name=name, kind="decided", cls=inner, each=each, at=moment, optional=optional))
        return found

    def _answers(self, rule: Rule, result: type, moment: At | None) -> bool:
        """Whether a decision answers with a result class; one of an area that has faults does, and they are told here.

        A decision may ask for its own result of another date, which is then supplied.
        """
        if result is self.decision.result and moment is None:
            return False
        try:
            return self._decider(result) is not None
        except MunirulesError as error:
            self._fault(rule, f"{result.__name__} cannot be decided, since its area has faults:\n{error}")
            self._others[result] = None
            return True

    def _decider(self, result: type) -> Decision[Any, Any] | None:
        if result not in self._others:
            self._others[result] = self.decider(result)
        return self._others[result]

    def _match(self, rule: Rule, need: Need, wanted: Any) -> None:
        """The annotation of an argument must be what its provider gives."""
        if need.kind == "rule":
            given = self.hints[need.rule].get("return")
            if given is not None and not compatible(wanted, given):
                told = f"argument {need.name!r} is annotated {shown(wanted)}"
                self._fault(rule, f"{told}, but rule {need.rule!r} returns {shown(given)}")
        if need.at is not None:
            self._key(rule, need.at.key, optional=False)
            if need.at.started:
                self._key(rule, need.at.started, optional=True)
            if need.at.started and need.kind == "decided":
                self._fault(rule, f"argument {need.name!r}: started= is for provisions; a result has its date alone")

    def _key(self, rule: Rule, key: str, *, optional: bool) -> None:
        """The key of a date must be there and give one."""
        given: dict[str, Any] = {"on": date}
        for owner in (*self.parts, self.decision.subject):
            given.update(fields_of(owner))
        given.update({name: hints.get("return") for name, hints in self.hints.items()})
        if key not in given:
            self._fault(rule, f"at({key!r}): no rule or field of that name{did_you_mean(key, given)}")
        elif not _gives_date(given[key], optional=optional):
            self._fault(rule, f"at({key!r}): gives {shown(given[key])}; a key is a rule or field that gives a date")

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
        """The part class that a rule runs for, which every argument that is one part's agrees on."""
        dims: dict[type, str] = {}
        for need in needs:
            own = self._need_dim(need)
            if need.each and own is None:
                told = f"rule {need.rule!r}" if need.kind == "rule" else f"the {need.kind} {shown(need.cls)}"
                self._fault(rule, f"argument {need.name!r}: Each[…] of {told}, which runs once; take its value")
            if own is not None and own not in self.parts:
                subject = self.decision.subject.__name__
                self._fault(rule, f"runs for each {own.__name__}, which {subject} does not have as parts")
            elif own is not None and not need.each:
                dims[own] = need.name
            for key in (need.at.key, need.at.started) if need.at is not None else ():
                of_key = self.dims.get(key)
                if of_key is not None:
                    dims[of_key] = f"at({key!r})"
        if len(dims) > 1:
            told = " and ".join(f"{name!r} ({part.__name__})" for part, name in dims.items())
            self._fault(rule, f"two kinds of part in one rule: {told}; take one of them as Each[…]")
        dim = next(iter(dims), None)
        for need in needs:
            self._for_part(rule, need, dim)
        return dim

    def _need_dim(self, need: Need) -> type | None:
        """The part class that an argument is of; None for what there is once."""
        if need.kind == "part":
            return cast("type", need.cls)
        if need.kind == "rule":
            return self.dims.get(need.rule)
        if need.kind == "fact":
            return declaration(need.cls).about
        return self._decided_dim(need.cls) if need.kind == "decided" else None

    def _for_part(self, rule: Rule, need: Need, dim: type | None) -> None:
        """What makes sense for one part only, or for parts of the subject only."""
        if need.kind in ("me", "place") and dim is None:
            self._fault(
                rule, "asks for a Place but runs for no part; take the part, or a value of a rule that runs for it"
            )
        elif need.kind == "place" and dim is not None and not _refers(dim, need.rule):
            self._fault(rule, f"argument {need.name!r}: {dim.__name__} has no reference of that name and an `id`")
        own = self._need_dim(need)
        source = self.parts.get(own, "") if own is not None else ""
        if need.kind in ("fact", "decided") and source and (source[0] != "." or "id" not in fields_of(own)):
            told = f"argument {need.name!r}: {shown(need.cls)} is about each {shown(own)}"
            self._fault(rule, f"{told}; it can be about parts that stand in the subject and have an `id`")
        if need.kind == "part" and self.dims.get(source) is not None:
            self._fault(rule, f"argument {need.name!r}: rule {source!r} gives parts of parts; let it run once")
        for key in (need.at.key, need.at.started) if need.at is not None else ():
            once = key in ("", "on") or key in self.rules or key in fields_of(self.decision.subject)
            elsewhere = not once and any(key in fields_of(part) for part in self.parts)
            if elsewhere and (dim is None or key not in fields_of(dim)):
                self._fault(rule, f"at({key!r}): a field of a part, but the rule does not run for that part")
            elif need.kind == "decided" and (not once or self.dims.get(key) is not None):
                self._fault(rule, f"at({key!r}): a result is asked for one date, not for that of each part")

    def _decided_dim(self, cls: type) -> type | None:
        other = self._decider(cls)
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
        who, member = self.decision.who, self.decision.member
        if member is not None and self.parts.get(member, "")[:1] != ".":
            subject = self.decision.subject.__name__
            self._fault(None, f"answers for each {member.__name__}, which {subject} does not have as parts")
        if who and who not in self.rules:
            self._fault(None, f"who={who!r}: no rule of that name{did_you_mean(who, self.rules)}")
        elif who and (self.dims.get(who) is not member or self.hints[who].get("return") is not bool):
            self._fault(self.rules[who], "says whom the decision concerns: it runs for each member and returns bool")
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
