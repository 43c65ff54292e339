"""An answer with the steps that led to it, as plain data: what can be compared across processes and versions.

Steps stand in order of evaluation, those of another decision before the rule that asked for its result. Each says what
it was given, down to the figures of the law with file and line; a rule can be asked again with other figures.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

import attrs

from munirules.engine.decision import Refusal
from munirules.errors import MunirulesError
from munirules.models.declare import alternatives, declaration, is_declared, record_of
from munirules.models.read import read_field, write, yen_of
from munirules.money import SEN_PER_YEN
from munirules.tape import Rounded
from munirules.testing.question import Answer, answer_of, exact

if TYPE_CHECKING:
    from datetime import date

    from munirules.engine.outcome import Given, Outcome, TraceStep
    from munirules.engine.rulebook import Rulebook
    from munirules.money import Currency
    from munirules.tape import Note

Change: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Argument to field to another plain value: the figures that a rule is asked again with."""

Probe: TypeAlias = "Callable[[Key, Change], Any]"
"""Asks a rule again with other figures."""

_BROKEN: Final = (MunirulesError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a rule may raise that is asked with figures that no law has."""

_NAMING: Final = frozenset({"code", "count", "quantity", "choice", "day"})
_kept: WeakKeyDictionary[Rulebook, dict[int, tuple[Any, Figures]]] = WeakKeyDictionary()


class Key(NamedTuple):
    """Where a step stands: within which decisions, by which rule, for which part."""

    path: str
    rule: str
    part: str


@attrs.frozen(kw_only=True)
class Source:
    """Who says a figure: title and article, file and line, plugin."""

    text: str
    where: str
    plugin: str = ""
    since: str = ""


@attrs.frozen(kw_only=True)
class Figures:
    """A provision as a rule was given it.

    Attributes:
        title: its Japanese title.
        values: field to plain value.
        labels: field, or `field.column` of its rows, to label.
        units: likewise to unit.
        rows: field to what each of its rows is called, by its codes and limits.
        sources: field to who says it; none for structural defaults.
    """

    title: str
    values: dict[str, Any]
    labels: dict[str, str]
    units: dict[str, str]
    rows: dict[str, list[str]]
    sources: dict[str, Source]


@attrs.frozen(kw_only=True)
class Input:
    """One argument of a rule: who provided it, the class asked for, and its plain value (a provision has figures)."""

    kind: str
    of: str = ""
    value: Any = None
    figures: Figures | None = None


@attrs.frozen(kw_only=True)
class Step:
    """One rule that was applied.

    Attributes:
        key: where it stands.
        decision: name of the decision that the rule is of.
        title: Japanese title.
        value: what it answered; the reason where it refused.
        inputs: its arguments.
        makes: class of the parts that it answered with; empty for other values.
        answers: for a step of another decision, the name of that decision's result class.
        law: citation of the rule.
        where: file and line of the rule.
        text: the rule's source.
        replaced: whose rule it is, where a plugin replaced the shared one.
        who: the rule that says which members the decision concerns, and so for whom others run.
        applied: rows of tables that were applied, and how it was rounded, in words.
    """

    key: Key
    decision: str
    title: str
    value: Any
    inputs: dict[str, Input]
    makes: str = ""
    answers: str = ""
    law: str = ""
    where: str = ""
    text: str = ""
    replaced: str = ""
    who: str = ""
    applied: tuple[str, ...] = ()


class Witness:
    """An answer and what it came from.

    Args:
        answer: the answer.
        steps: gives the steps; asked once.
        probe: asks a rule again with other figures: the step's key and the change; gives the plain value.
    """

    def __init__(self, answer: Answer, steps: Callable[[], tuple[Step, ...]], probe: Probe | None = None) -> None:
        self.answer = answer
        self._told = steps
        self.probe = probe

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step, in order of evaluation; none where an error was raised."""
        return self._told()


def witness_of(rulebook: Rulebook, outcome: Outcome[Any], roots: Sequence[str] = ()) -> Witness:
    """The witness of an outcome.

    Args:
        rulebook: that decided it; it knows where figures come from.
        outcome: the outcome.
        roots: folders that names of files are told from, where they stand in one; the working directory is one.
    """
    told = _Told(rulebook, outcome, (*roots, str(Path.cwd())))
    return Witness(answer_of(outcome), told.steps, told.probe)


def failed_witness(answer: Answer) -> Witness:
    """The witness of an answer that is an error, which leaves no steps."""
    return Witness(answer, tuple)


class _Told:
    """Tells the trace of an outcome, and asks its rules again."""

    def __init__(self, rulebook: Rulebook, outcome: Outcome[Any], roots: Sequence[str]) -> None:
        self.rulebook = rulebook
        self.outcome = outcome
        self.roots = roots

    @cached_property
    def live(self) -> dict[Key, tuple[TraceStep, str]]:
        """Each step of the trace by its key, with the result class that its decision answers with."""
        return dict(_flat(self.outcome.trace, "", ""))

    def steps(self) -> tuple[Step, ...]:
        return tuple(self.told(key, step, answers) for key, (step, answers) in self.live.items())

    def told(self, key: Key, step: TraceStep, answers: str) -> Step:
        rule = step.made_by
        value = step.value
        parts = value if isinstance(value, tuple) and value and not hasattr(value, "_asdict") else ()
        return Step(
            key=key,
            decision=step.decision,
            title=step.title,
            value=plain(value, step.currency),
            inputs={given.name: self.input(given, step) for given in step.given},
            makes=type(parts[0]).__name__ if parts else "",
            answers=answers,
            law=rule.law if rule is not None else "",
            where=near(rule.where, self.roots) if rule is not None else "",
            text=_source(rule.fn) if rule is not None else "",
            replaced=step.replaced,
            who=self.rulebook.decision(step.decision).who,
            applied=tuple(dict.fromkeys(map(_noted, step.notes))),
        )

    def input(self, given: Given, step: TraceStep) -> Input:
        of = given.cls.__name__ if given.cls is not None else ""
        if given.kind == "provision" and is_declared(type(given.value), "provision"):
            return Input(kind=given.kind, of=of, figures=self.figures(given.value, step.decision.partition(".")[0]))
        return Input(kind=given.kind, of=of, value=plain(given.value, given.currency))

    def figures(self, value: Any, area: str) -> Figures:
        kept = _kept.setdefault(self.rulebook, {})
        if (
            id(value) not in kept
        ):  # a rulebook keeps one object for each stretch of dates; kept here, its id stays its own
            kept[id(value)] = value, figures(self.rulebook, value, area, self.outcome.known, self.roots)
        return kept[id(value)][1]

    def probe(self, key: Key, change: Change) -> Any:
        """Ask a rule again with other figures; what it refuses or raises is told as text."""
        step, _ = self.live[key]
        assert step.made_by is not None, key
        try:
            args = [_changed(given.value, change.get(given.name, {})) for given in step.given]
            return plain(step.made_by.fn(*args), step.currency)
        except Refusal as refusal:
            return refusal.reason
        except _BROKEN as error:
            return f"{type(error).__name__}: {error}"


def _flat(steps: tuple[TraceStep, ...], path: str, answers: str) -> Iterator[tuple[Key, tuple[TraceStep, str]]]:
    """Every rule's step with its key; those of another decision stand where it was decided."""
    seen: dict[str, int] = {}
    for step in steps:
        if step.rule:
            yield Key(path, step.rule, step.part), (step, answers)
            continue
        name = f"{step.decision}:{step.part}" if step.part else step.decision
        seen[name] = seen.get(name, 0) + 1  # one decision on several dates
        inner = f"{path}/{name}" + (f"#{seen[name]}" if seen[name] > 1 else "")
        yield from _flat(step.steps, inner, step.answers)


def figures(rulebook: Rulebook, value: Any, area: str, known: date | None, roots: Sequence[str] = ()) -> Figures:
    """A provision object as plain data, each field with who says it.

    Args:
        rulebook: whose law it is.
        value: an object that the rulebook's timelines gave.
        area: of the decision that asks.
        known: as known on this date.
        roots: folders that names of files are told from.
    """
    owner = declaration(type(value))
    section = rulebook.timeline(owner.cls, area, known).section_of(value)
    sources = {}
    for field, entry in (section.origins if section is not None else {}).items():
        cited = entry.enactment.cite(entry.version)
        where = near(entry.enactment.where(entry.version, owner.name, field), roots)
        sources[field] = Source(text=cited.text, where=where, plugin=cited.plugin, since=str(entry.version.since))
    labels, units = labels_of(owner.cls)
    tables = {name: own for name in owner.specs if isinstance(own := getattr(value, name), tuple)}
    rows = {name: [row_name(row) for row in own] for name, own in tables.items()}
    return Figures(title=owner.title, values=write(value), labels=labels, units=units, rows=rows, sources=sources)


def row_name(row: Any) -> str:
    """What a row of a table is called: its codes and limits that are not at their default."""
    if not is_declared(type(row)):
        return ""
    owner = declaration(type(row))
    defaults = {attribute.name: attribute.default for attribute in attrs.fields(owner.cls)}
    own = {name: (spec, getattr(row, name)) for name, spec in owner.specs.items() if spec.kind in _NAMING}
    return "、".join(f"{spec.label} {write(value)}" for name, (spec, value) in own.items() if value != defaults[name])


def _noted(note: Note) -> str:
    """A row that was applied, or a rounding, in words that are the same whatever the amounts."""
    if isinstance(note, Rounded):
        return f"端数処理 {note.mode} {note.unit}"
    name = row_name(note.row)
    return f"{note.table}（{name}）" if name else note.table


def near(where: str, roots: Sequence[str]) -> str:
    """A file and line, told from the folder that it stands in where that is one of some."""
    return next((where[len(root) + 1 :] for root in roots if root and where.startswith(f"{root}{os.sep}")), where)


@lru_cache(maxsize=256)
def labels_of(cls: type) -> tuple[dict[str, str], dict[str, str]]:
    """Labels and units of a declared class's fields, and of the columns of its rows (`bands.price`)."""
    owner = declaration(cls)
    labels, units = {}, {}
    for name, annotation in owner.types.items():
        labels[name], units[name] = owner.specs[name].label, owner.specs[name].unit
        record = record_of(alternatives(annotation)[0])
        if record is not None and is_declared(record):
            inner = declaration(record)
            _ = inner.types
            labels.update({f"{name}.{column}": spec.label for column, spec in inner.specs.items()})
            units.update({f"{name}.{column}": spec.unit for column, spec in inner.specs.items()})
    return labels, units


def plain(value: Any, currency: Currency | None) -> Any:
    """A value of a rule as plain data; amounts in yen."""
    if currency is not None and currency.per_yen == SEN_PER_YEN:
        if isinstance(value, int):
            return yen_of(value)
        if isinstance(value, tuple) and not hasattr(value, "_asdict"):
            return [plain(item, currency) for item in value]
    return write(value, hide=True)


def _changed(value: Any, fields: Mapping[str, Any]) -> Any:
    """A provision with some fields read anew from plain data."""
    if not fields:
        return value
    owner = declaration(type(value))
    problems: list[str] = []
    read = {name: read_field(owner, name, exact(raw), name, problems) for name, raw in fields.items()}
    if problems:
        raise ValueError("; ".join(problems))
    return attrs.evolve(value, **read)


@lru_cache(maxsize=1024)
def _source(fn: Callable[..., Any]) -> str:
    """The text of a function without its decorators; its byte code where there is no text."""
    try:
        text = inspect.getsource(fn)
    except (OSError, TypeError):
        return fn.__code__.co_code.hex()
    return text[max(text.find("def "), 0) :].strip()
