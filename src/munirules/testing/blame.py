"""The first rule that differs: why two rule sets answer one question differently.

From the fields of the result that differ, the steps are followed back through the arguments that differ; of the steps
so reached, the first in order of evaluation is to blame. It is asked again with the figures of the other side, one cell
at a time, so that the figures named are those that make the difference, not all that changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import zip_longest
from typing import Any, Final, Literal, TypeAlias

import attrs

from munirules.testing.figures import Cell, apart, differing, swapped, that_matter, told
from munirules.testing.question import FAILED, Answer
from munirules.testing.witness import Figures, Input, Key, Probe, Step, Witness

Kind: TypeAlias = Literal["figure", "rule", "replaced", "input", "structure", "finding", "error", "status"]

WORDS: Final[dict[Kind, str]] = {
    "figure": "a figure of the law differs",
    "rule": "the rule itself differs",
    "replaced": "a rule of the jurisdiction's own stands in its place",
    "input": "what it was given differs",
    "structure": "the rule stands on one side only",
    "finding": "a finding is asked for on one side only",
    "error": "an error on one side only",
    "status": "only the status differs",
}
_FAILED_RULE = re.compile(r"(\S+:\d+): (\S+), rule '(\w+)'")


@attrs.frozen(kw_only=True)
class Blame:
    """The first rule that differs.

    Attributes:
        kind: what of it differs.
        decision: name of the decision that it is of.
        rule: its name; empty where no rule is known.
        title: its Japanese title.
        part: id or number of the part for which it differs; empty for the whole.
        before: what it answered on the one side (the reason where it refused); None where it did not run.
        after: what it answered on the other.
        refused: side on which the law refuses and the other does not: `before`, `after` or empty.
        figures: cells of the law that make it differ.
        inputs: argument to its values on both sides, where they differ and no earlier rule gave them.
        law: citations of the rule on either side.
        where: file and line of the rule on both sides; one where they are the same.
        message: what else there is to say.
    """

    kind: Kind
    decision: str
    rule: str = ""
    title: str = ""
    part: str = ""
    before: Any = None
    after: Any = None
    refused: str = ""
    figures: tuple[Cell, ...] = ()
    inputs: dict[str, tuple[Any, Any]] = attrs.field(factory=dict)
    law: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    message: str = ""

    @property
    def branch(self) -> str:
        """What of the rule differs, in a word that is the same for all cases of one cause."""
        if self.kind == "figure":
            return ", ".join(sorted({cell.branch for cell in self.figures}))
        if self.kind == "input":
            return ", ".join(sorted(self.inputs))
        return self.message if self.kind in ("structure", "finding", "error") else self.kind

    @property
    def key(self) -> str:
        """The rule and branch: equal for differences that have one cause."""
        refused = f" (refused {self.refused})" if self.refused else ""
        return f"{self.decision}:{self.rule or '-'}: {self.branch}{refused}"

    @property
    def articles(self) -> tuple[str, ...]:
        """Titles and articles that say the differing figures, or the rule, each once."""
        said = [source for cell in self.figures for source in (cell.source_before, cell.source_after)]
        return tuple(dict.fromkeys([*(source.text for source in said if source is not None), *self.law]))

    @property
    def places(self) -> tuple[str, ...]:
        """Files and lines of the differing figures, or of the rule, each once."""
        said = [source for cell in self.figures for source in (cell.source_before, cell.source_after)]
        return tuple(dict.fromkeys(source.where for source in said if source is not None)) or self.where

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """What is to blame, for reading."""
        rule = f", rule {self.rule} ({self.title})" if self.rule else ""
        part = f" [{self.part}]" if self.part else ""
        yield f"{self.decision}{rule}{part}: {self.message or WORDS[self.kind]}"
        if self.rule and (self.before is not None or self.after is not None):
            yield f"  answers {' → '.join(apart(self.before, self.after))}"
        for cell in self.figures:
            yield f"  {cell}"
            for side, source in (("before", cell.source_before), ("after", cell.source_after)):
                if source is not None:
                    yield f"    {side}: {source.text}, {source.where}"
        for name, (before, after) in self.inputs.items():
            yield f"  {name}: {told(before)} → {told(after)}"
        if not self.figures:
            for place in self.where:
                yield f"  {place}"


def blame(before: Witness, after: Witness) -> Blame | None:
    """Find the first rule that differs between two answers to one question.

    Args:
        before: the answer of one rule set.
        after: that of the other.

    Returns:
        None where the answers are equal.
    """
    if before.answer == after.answer:
        return None
    whole = _unfinished(before.answer, after.answer)
    return whole if whole is not None else _Blamer(before, after).find()


def _unfinished(before: Answer, after: Answer) -> Blame | None:
    """The blame where one side came to no answer and left no steps."""
    sides = (("before", before), ("after", after))
    for kind, status in (("error", FAILED), ("finding", "needs_finding")):
        for side, answer in sides:
            if answer.status != status:
                continue
            found = _FAILED_RULE.search(answer.message)
            texts = [own.message or own.reason or own.status for _, own in sides]
            told_error = f"{answer.error or answer.reason} {side}"
            return Blame(
                kind="error" if kind == "error" else "finding",
                decision=found[2] if found else _decision(before, after),
                rule=found[3] if found else "",
                before=texts[0],
                after=texts[1],
                where=(found[1],) if found else (),
                message=told_error,
            )
    return None


def _decision(*answers: Answer) -> str:
    return next((answer.outcome.decision.name for answer in answers if answer.outcome is not None), "the decision")


class _Blamer:
    """Follows differing results back to the first rule that differs."""

    def __init__(self, before: Witness, after: Witness) -> None:
        self.before = before
        self.after = after
        self.old = {step.key: step for step in before.steps}
        self.new = {step.key: step for step in after.steps}
        self.order = _merged(list(self.old), list(self.new))
        self.paths = [{key.path for key in steps} for steps in (self.old, self.new)]

    def find(self) -> Blame:
        reached = self.reached()
        key = next((key for key in self.order if key in reached), None)
        if key is None:
            decision = next((step.decision for step in self.before.steps), "")
            status = f"{self.before.answer.status} → {self.after.answer.status}"
            return Blame(kind="status", decision=decision, message=status)
        old, new = self.old.get(key), self.new.get(key)
        if old is None or new is None:
            return self.one_sided(key, old, new)
        return self.judged(old, new)

    def reached(self) -> set[Key]:
        """Steps that differ and that the difference of the result came through."""
        found: set[Key] = set()
        waiting = list(self.roots())
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting.extend(self.givers(key))
        return found

    def roots(self) -> Iterator[Key]:
        """Steps that gave the differing fields of the result, and those that refused."""
        refusing = [
            own.steps[-1].key for own in (self.before, self.after) if own.answer.status == "refused" and own.steps
        ]
        if refusing:  # what would have come after a refusal stands on one side only, and says nothing
            yield from refusing
            return
        for name in differing_fields(self.before.answer.result, self.after.answer.result):
            yield from self.named("", name)

    def named(self, path: str, rule: str) -> Iterator[Key]:
        """Steps of a rule, for whatever part, that differ."""
        for key in self.order:
            if key.path == path and key.rule == rule and self.differs(key):
                yield key

    def differs(self, key: Key) -> bool:
        old, new = self.old.get(key), self.new.get(key)
        return old is None or new is None or old.value != new.value

    def givers(self, key: Key) -> Iterator[Key]:
        """Steps that gave a step the arguments in which its two sides differ, or that said that it runs at all."""
        old, new = self.old.get(key), self.new.get(key)
        one_sided = new if old is None else old if new is None else None
        if one_sided is not None and one_sided.who:
            yield from (own for own in self.named(key.path, one_sided.who) if own.part == key.part)
        olds, news = (step.inputs if step is not None else {} for step in (old, new))
        for name in dict.fromkeys((*olds, *news)):
            both = olds.get(name), news.get(name)
            if both[0] != both[1]:
                for own in filter(None, both):
                    yield from self.giver(key, name, own, both)

    def giver(self, key: Key, name: str, own: Input, both: Sequence[Input | None]) -> Iterator[Key]:
        if own.kind == "rule":
            yield from self.named(key.path, name)
        elif own.kind == "part":
            for other in self.order:
                steps = (self.old.get(other), self.new.get(other))
                if other.path == key.path and any(step is not None and step.makes == own.of for step in steps):
                    yield from self.named(key.path, other.rule)
        elif own.kind == "decided":
            fields = differing_fields(*(one.value if one is not None else None for one in both))
            for other in self.order:
                step = self.old.get(other) or self.new.get(other)
                inside = other.path.startswith(f"{key.path}/") and "/" not in other.path[len(key.path) + 1 :]
                if step is not None and inside and step.answers == own.of and other.rule in fields:
                    yield from self.named(other.path, other.rule)

    def one_sided(self, key: Key, old: Step | None, new: Step | None) -> Blame:
        own = old if old is not None else new
        assert own is not None, key
        side = "before" if old is not None else "after"
        if key.path not in self.paths[0] or key.path not in self.paths[1]:
            return Blame(kind="structure", decision=own.decision, message=f"it is decided only {side}")
        return Blame(
            kind="structure",
            decision=own.decision,
            rule=key.rule,
            title=own.title,
            part=key.part,
            before=old.value if old is not None else None,
            after=new.value if new is not None else None,
            law=(own.law,) if own.law else (),
            where=(own.where,) if own.where else (),
            message=f"the rule runs only {side}",
        )

    def judged(self, old: Step, new: Step) -> Blame:
        """Say what of a rule that ran on both sides differs."""
        cells = list(cells_of(old, new))
        figures = self.that_matter(old, new, cells)
        inputs = {
            name: (_plain(old.inputs.get(name)), _plain(new.inputs.get(name)))
            for name in dict.fromkeys((*old.inputs, *new.inputs))
            if old.inputs.get(name) != new.inputs.get(name) and _figured(old, new, name) is None
        }
        other_rule = old.text != new.text or old.replaced != new.replaced
        kind: Kind = "input" if inputs else "rule"
        if other_rule and not self.explained(old, new, figures):
            kind = "replaced" if old.replaced != new.replaced else "rule"
        elif figures:
            kind = "figure"
        return Blame(
            kind=kind,
            decision=old.decision,
            rule=old.key.rule,
            title=new.title or old.title,
            part=old.key.part,
            before=old.value,
            after=new.value,
            refused=self.refused(old.key),
            figures=tuple(figures),
            inputs=inputs,
            law=tuple(dict.fromkeys(step.law for step in (old, new) if step.law)),
            where=tuple(dict.fromkeys(step.where for step in (old, new) if step.where)),
        )

    def refused(self, key: Key) -> str:
        """The side on which alone a step is the one that refuses."""
        sides = [
            side
            for side, witness in (("before", self.before), ("after", self.after))
            if witness.answer.status == "refused" and witness.steps[-1].key == key
        ]
        return sides[0] if len(sides) == 1 else ""

    def that_matter(self, old: Step, new: Step, cells: list[Cell]) -> list[Cell]:
        """The cells that make the rule answer otherwise, tried on the one side, else on the other."""
        if not cells:
            return []
        for witness, step, to in ((self.before, old, "after"), (self.after, new, "before")):
            if witness.probe is None:
                return cells
            found = that_matter(cells, partial(_answers_otherwise, witness.probe, step, to))
            if found:
                return found
        return []

    def explained(self, old: Step, new: Step, figures: list[Cell]) -> bool:
        """Whether the figures alone make the one side's rule answer as the other's does."""
        if not figures or self.before.probe is None:
            return False
        return bool(self.before.probe(old.key, swapped(_figures(old), figures, to="after")) == new.value)


def _answers_otherwise(probe: Probe, step: Step, to: str, cells: Sequence[Cell]) -> bool:
    """Whether a rule answers otherwise with some cells as the other side has them."""
    return bool(probe(step.key, swapped(_figures(step), cells, to=to)) != step.value)


def cells_of(old: Step, new: Step) -> Iterator[Cell]:
    """Every cell in which the provisions differ that a rule was given on two sides."""
    for name in old.inputs:
        pair = _figured(old, new, name)
        if pair is not None:
            yield from differing(name, old.inputs[name].of, *pair)


def differing_fields(before: Any, after: Any) -> list[str]:
    """Names of the fields in which two results differ; where results are by member or in a list, those of any."""
    found: dict[str, None] = {}
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        one = before if isinstance(before, Mapping) else {}
        other = after if isinstance(after, Mapping) else {}
        for name in dict.fromkeys((*one, *other)):
            if one.get(name) != other.get(name):
                found[name] = None
                found.update(dict.fromkeys(differing_fields(one.get(name), other.get(name))))
    elif isinstance(before, list) or isinstance(after, list):
        for pair in zip_longest(before or (), after or ()):
            found.update(dict.fromkeys(differing_fields(*pair)))
    return list(found)


def _figured(old: Step, new: Step, name: str) -> tuple[Figures, Figures] | None:
    """The figures that an argument had on both sides; None where it is no provision on both."""
    one, other = old.inputs.get(name), new.inputs.get(name)
    if one is None or other is None or one.figures is None or other.figures is None:
        return None
    return one.figures, other.figures


def _figures(step: Step) -> dict[str, Figures]:
    return {name: own.figures for name, own in step.inputs.items() if own.figures is not None}


def _plain(own: Input | None) -> Any:
    return own.value if own is not None else None


def _merged(one: list[Key], other: list[Key]) -> list[Key]:
    """Keys of both sides in order of evaluation: what stands on one side only keeps its place among its neighbours."""
    places = {key: number for number, key in enumerate(one)}
    before: dict[int, list[Key]] = {}
    last = -1
    for key in other:
        if key in places:
            last = max(last, places[key])
        else:
            before.setdefault(last, []).append(key)
    found = list(before.get(-1, ()))
    for number, key in enumerate(one):
        found.append(key)
        found.extend(before.get(number, ()))
    return found
