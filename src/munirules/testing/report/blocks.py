"""A report as blocks: headings, tables, texts, plots. Each form of a report writes the same blocks in its own way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import attrs

from munirules.testing.figures import told
from munirules.testing.report import svg
from munirules.testing.report.model import Aside, Figure, Group, Population, Report, Witness
from munirules.testing.report.words import WORDS, number, signed


@attrs.frozen
class Heading:
    """A heading; `anchor` is where it can be jumped to."""

    text: str
    level: int
    anchor: str = ""


@attrs.frozen
class Text:
    """A paragraph; `kind` says whether it is good or bad news, or a remark."""

    text: str
    kind: str = ""


@attrs.frozen
class Facts:
    """Names with their values."""

    pairs: tuple[tuple[str, str], ...]


@attrs.frozen
class Tally:
    """Numbers that add up: the first is the sum of the others."""

    counts: tuple[tuple[str, int, str], ...]


@attrs.frozen
class Table:
    """A table; columns named in `numbers` stand to the right, cells of `links` jump to the anchors given."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    links: tuple[str, ...] = ()


@attrs.frozen
class Code:
    """A text to copy."""

    text: str


@attrs.frozen
class Plot:
    """A plot with what it shows; forms without pictures leave it out, since a table says the same."""

    svg: str
    caption: str


Block: TypeAlias = Heading | Text | Facts | Tally | Table | Code | Plot


def blocks_of(report: Report, locale: str) -> Iterator[Block]:
    """The blocks of a report.

    Args:
        report: the report.
        locale: `ja` or `en`.
    """
    return _Writer(report, locale).blocks()


class _Writer:
    def __init__(self, report: Report, locale: str) -> None:
        self.report = report
        self.words = WORDS[locale]
        audit = report.kind == "audit"
        self.sides = (self.words["old" if audit else "before"], self.words["new" if audit else "after"])
        self.unit = report.unit

    def blocks(self) -> Iterator[Block]:
        report, words = self.report, self.words
        yield Heading(f"{words[report.kind]}: {report.title} — {report.place}", 1)
        facts = [
            (self.sides[0], report.before),
            (self.sides[1], report.after),
            *([(words["amount"], report.amount)] if report.amount else []),
            (words["seed"], str(report.seed)),
        ]
        yield Facts((("", f"{report.decision} ({report.code})"), *facts))
        whole = words["rows" if report.kind == "audit" else "asked"]
        yield Tally(
            (
                (whole, report.asked, ""),
                (words["same"], report.same, "good"),
                (words["different"], report.different, "bad" if report.different else ""),
                (words["aside"], report.set_aside, ""),
            )
        )
        if report.failures:
            yield Heading(words["failures"], 2)
            for failure in report.failures:
                yield Text(failure, "bad")
        for note in report.notes:
            yield Text(note, "note")
        if report.population is not None:
            yield from self.population(report.population)
        yield from self.summary()
        for index, group in enumerate(report.groups, 1):
            yield from self.group(index, group)
        if report.aside:
            yield from self.aside(report.aside)
        yield Text(words["generated"], "note")

    def yen(self, value: float) -> str:
        return signed(value, self.unit)

    def population(self, own: Population) -> Iterator[Block]:
        words = self.words
        yield Heading(words["population"], 2)
        rows = (
            (words["gain"], number(own.up), self.yen(own.up_yen), self.yen(own.largest[0])),
            (words["lose"], number(own.down), self.yen(own.down_yen), self.yen(own.largest[1])),
            (words["unchanged"], number(own.same), "", ""),
            *([(words["undecided"], number(own.undecided), "", "")] if own.undecided else []),
            (words["net"], number(own.rows), self.yen(own.after_yen - own.before_yen), ""),
        )
        yield Table(("", words["people"], words["sum"], words["largest"]), rows, frozenset({1, 2, 3}))
        sums = ((words["before_sum"], own.before_yen), (words["after_sum"], own.after_yen))
        yield Facts(tuple((name, f"{number(value)}{self.unit}") for name, value in sums))
        yield Text(words["looked_at"].format(of=number(own.differing), at=number(own.looked_at)), "note")
        drawn = svg.histogram(own.spread, self.unit, words["histogram"], words["difference"])
        if drawn:
            yield Plot(drawn, words["histogram"])

    def summary(self) -> Iterator[Block]:
        words, groups = self.words, self.report.groups
        yield Heading(words["summary"], 2)
        if not groups:
            yield Text(words["none"], "good")
            return
        money = bool(self.report.amount)
        rows = []
        for index, group in enumerate(groups, 1):
            amounts = (
                (number(group.up), number(group.down), self.yen(group.total), self.yen(group.largest)) if money else ()
            )
            rows.append((str(index), self.named(group), self.cause(group), number(group.count), *amounts))
        heads = (words["up"], words["down"], words["total"], words["largest"]) if money else ()
        yield Table(
            ("", words["rule"], words["cause"], words["count"], *heads),
            tuple(rows),
            frozenset(range(3, 8)),
            tuple(f"group-{index}" for index in range(1, len(groups) + 1)),
        )
        if money and any(group.total for group in groups):
            items = [(f"{index}. {self.named(group)}", group.total) for index, group in enumerate(groups[:12], 1)]
            yield Plot(svg.bars(items, self.unit, words["bars"]), words["bars"])

    def named(self, group: Group) -> str:
        return f"{group.title}（{group.rule}）" if group.rule else group.decision

    def cause(self, group: Group) -> str:
        if group.known:
            return f"{self.words['known']}: {group.known}"
        if group.proposals:
            best = group.proposals[0]
            return f"{best.title}（{best.name}）"
        if len(group.figures) == 1:
            (own,) = group.figures
            return f"{own.label}: {_change(own)}"
        if group.figures:
            kinds = Counter(own.kind for own in group.figures)
            return "、".join(f"{kind}{self.words['places_of'].format(count=count)}" for kind, count in kinds.items())
        return self.words.get(group.cause, group.cause)

    def group(self, index: int, group: Group) -> Iterator[Block]:
        words = self.words
        yield Heading(f"{index}. {self.named(group)}: {self.cause(group)}", 3, f"group-{index}")
        facts = [("", group.key), (words["count"], number(group.count))]
        if self.report.amount:
            facts += [
                (words["total"], self.yen(group.total)),
                (words["largest"], self.yen(group.largest)),
                (f"{words['up']} / {words['down']}", f"{number(group.up)} / {number(group.down)}"),
            ]
        if group.before or group.after:
            facts.append((words["answers"], f"{group.before} → {group.after}"))
        facts += [(words["articles"], article) for article in group.articles]
        facts += [(words["places"], place) for place in group.places]
        facts += [(words["shared"], own) for own in group.shared]
        yield Facts(tuple(facts))
        if group.figures:
            yield self.figures(group.figures)
        if group.inputs:
            yield Table((words["inputs"], *self.sides), group.inputs)
        if group.proposals:
            yield self.proposals(group)
        if group.witness is not None:
            yield from self.witness(group.witness)
        yield from self.plots(group)

    def figures(self, figures: Sequence[Figure]) -> Table:
        rows = []
        for own in figures:
            before, after = told(own.before, own.unit), told(own.after, own.unit)
            rows.append((f"{own.label} {own.path}", before, after, _sources(own)))
        return Table((self.words["figures"], *self.sides, self.words["articles"]), tuple(rows), frozenset({1, 2}))

    def proposals(self, group: Group) -> Table:
        words = self.words
        rows = tuple(
            (
                own.title,
                own.name,
                f"{number(own.explained)} / {number(own.tried)}",
                f"{number(own.upset)} / {number(own.right)}",
                f"{own.article}（{own.where}）" if own.article else "",
            )
            for own in group.proposals
        )
        heads = (words["proposals"], "--quirk", words["explained"], words["upset"], words["articles"])
        return Table(heads, rows, frozenset({2, 3}))

    def witness(self, own: Witness) -> Iterator[Block]:
        words = self.words
        where = f" ({words['row'].format(row=own.row)})" if own.row else ""
        yield Heading(f"{words['witness']}{where}", 4)
        if own.fields:
            rows = tuple(
                (f"{label}（{name}）", told(before, ""), told(after, "")) for name, label, before, after in own.fields
            )
            yield Table((words["field"], *self.sides), rows, frozenset({1, 2}))
        elif own.before or own.after:
            yield Facts(((self.sides[0], own.before), (self.sides[1], own.after)))
        for question in (own.question, own.other):
            if question is not None:
                yield Code(_command(self.report, question))

    def plots(self, group: Group) -> Iterator[Block]:
        words, curve = self.words, group.curve
        if curve is not None:
            axis = f"{curve.label} ({curve.unit})" if curve.unit else curve.label
            names = (self.sides[0], self.sides[1], f"{words['difference']} ({self.unit})")
            drawn = svg.steps(curve.at, curve.before, curve.after, names, axis, self.unit)
            yield Plot(drawn, words["curve"].format(label=curve.label))
        if group.dots is not None:
            dots = group.dots
            axis = f"{dots.label} ({dots.unit})" if dots.unit else dots.label
            title = words["dots"].format(label=dots.label)
            yield Plot(svg.scatter(dots.points, title, axis, words["difference"], self.unit), title)
        if curve is None and len(group.spread) > 1:
            drawn = svg.histogram(group.spread, self.unit, words["histogram"], words["difference"])
            if drawn:
                yield Plot(drawn, words["histogram"])

    def aside(self, aside: Sequence[Aside]) -> Iterator[Block]:
        words = self.words
        yield Heading(words["aside"], 2)
        rows = tuple((own.why, number(own.count), _plain(own.example)) for own in aside)
        yield Table((words["why"], words["count"], words["example"]), rows, frozenset({1}))


def _change(own: Figure) -> str:
    return f"{told(own.before, own.unit)} → {told(own.after, own.unit)}"


def _sources(own: Figure) -> str:
    """Who says a figure on both sides; what they have in common stands once."""
    sources = [source for source in (own.source_before, own.source_after) if source is not None]
    if len({source.text for source in sources}) == 1:
        return f"{sources[0].text} {' → '.join(dict.fromkeys(source.where for source in sources))}"
    return " → ".join(f"{source.text} {source.where}" for source in sources)


def _plain(data: Any) -> str:
    if data is None or isinstance(data, str):
        return data or ""
    return json.dumps(data, ensure_ascii=False, default=str)


def _command(report: Report, question: Any) -> str:
    return f"munirules decide {report.decision} --in {report.code} --facts '{_plain(question)}'"
