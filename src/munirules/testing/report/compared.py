"""From a comparison to its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from munirules.testing.blame import Blame
from munirules.testing.compare import Comparison, Group
from munirules.testing.figures import apart, told
from munirules.testing.question import Answer
from munirules.testing.report import model


def report_of(compared: Comparison, population: model.Population | None = None) -> model.Report:
    """The report of a comparison.

    Args:
        compared: the comparison.
        population: who gains and who loses, where a table was decided by both sides.
    """
    about, amount = compared.about, compared.amount
    return model.Report(
        kind="compare",
        decision=about.decision,
        title=about.title,
        code=about.code,
        place=about.place,
        before=compared.before,
        after=compared.after,
        seed=compared.seed,
        amount=f"{amount.label}（{amount.name}）" if amount is not None else "",
        unit=amount.unit if amount is not None else "",
        asked=compared.asked,
        same=compared.same,
        groups=tuple(_group(group, about.labels) for group in compared.groups),
        aside=tuple(model.Aside(why=why, count=count, example=example) for why, count, example in compared.aside),
        population=population,
    )


def _group(own: Group, labels: Mapping[str, str]) -> model.Group:
    found, yen = own.witness.blame, own.yen
    blames = [difference.blame for difference in own.differences]
    before, after = apart(found.before, found.after)
    return model.Group(
        key=own.key,
        decision=found.decision,
        rule=found.rule,
        title=found.title,
        cause=cause_of(found),
        count=len(own.differences),
        up=sum(value > 0 for value in yen),
        down=sum(value < 0 for value in yen),
        total=sum(yen),
        largest=own.largest,
        before=before if found.rule else "",
        after=after if found.rule else "",
        figures=figures_of([found, *blames]),
        inputs=tuple((name, told(before), told(after)) for name, (before, after) in found.inputs.items()),
        articles=found.articles,
        places=() if found.figures else found.where,
        witness=witness_of(own, labels),
        curve=own.curve,
        spread=spread_of(yen),
    )


def cause_of(found: Blame) -> str:
    """What differs: a key of the reports' words."""
    if found.refused:
        return f"refused_{found.refused}"
    return "rule_differs" if found.kind == "rule" else found.kind


def figures_of(blames: Iterable[Blame]) -> tuple[model.Figure, ...]:
    """The figures that are to blame, each once."""
    found: dict[str, model.Figure] = {}
    for blame in blames:
        for cell in blame.figures:
            found.setdefault(
                cell.path,
                model.Figure(
                    label=cell.label,
                    kind=cell.kind,
                    path=cell.path,
                    unit=cell.unit,
                    before=cell.before,
                    after=cell.after,
                    source_before=cell.source_before,
                    source_after=cell.source_after,
                ),
            )
    return tuple(found.values())


def witness_of(group: Group, labels: Mapping[str, str]) -> model.Witness:
    """The witness of a group: the question as each side is asked it, and the fields in which the answers differ.

    Args:
        group: the group.
        labels: field of the result to its label.
    """
    own, before, after = group.witness, group.request_before, group.request_after
    return model.Witness(
        question=before,
        other=after if after != before else None,
        before=str(own.before),
        after=str(own.after),
        fields=tuple(_fields(own.before, own.after, labels)),
    )


def _fields(before: Answer, after: Answer, labels: Mapping[str, str]) -> Iterable[tuple[str, str, Any, Any]]:
    one, other = flat(before.result), flat(after.result)
    if not one or not other:
        return
    for name in dict.fromkeys((*one, *other)):
        if one.get(name) != other.get(name):
            field = name.rpartition(".")[2]
            yield name, labels.get(field, field), one.get(name), other.get(name)


def flat(result: Any) -> dict[str, Any]:
    """Fields of a result by name, those of a member after its id."""
    if not isinstance(result, Mapping):
        return {}
    found: dict[str, Any] = {}
    for name, value in result.items():
        found.update(
            {f"{name}.{inner}": own for inner, own in value.items()} if isinstance(value, Mapping) else {name: value}
        )
    return found


def spread_of(yen: Iterable[float]) -> tuple[tuple[float, int], ...]:
    """Differences and how many have each, ascending."""
    return tuple(sorted(Counter(yen).items()))
