"""The report of a run of mutants: scores, survivors with file and line, as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from munirules.testing.mutate.result import Result, Verdict
from munirules.testing.mutate.score import Score, scores


@attrs.frozen(kw_only=True, eq=False)
class Report:
    """What came of a run.

    Attributes:
        target: what was mutated.
        seed: where chance began.
        asked: how many published cases and recorded cases were asked.
        results: every mutant, in order.
        stale: questions that are not answered rightly without any fault, and acknowledgements that nothing needs.
        labels: code of a jurisdiction to what it is called.
    """

    target: str
    seed: int
    asked: Mapping[str, int]
    results: Sequence[Result]
    stale: Sequence[str] = ()
    labels: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def survivors(self) -> list[Result]:
        """The mutants that nothing noticed, in order."""
        return [own for own in self.results if own.verdict is Verdict.SURVIVED]

    @property
    def complete(self) -> bool:
        """Whether all of them ran."""
        return all(own.verdict is not Verdict.NOT_RUN for own in self.results)

    def scores(self) -> dict[str, list[Score]]:
        """Scores in all and by group."""
        return scores(self.results)

    def rendered(self, form: str) -> str:
        """The report in a form: `text`, `markdown` or `json`."""
        forms: dict[str, Callable[[Report], str]] = {"text": _text, "markdown": _markdown, "json": _json}
        return forms[form](self)


_GROUPS: Final = {"files": "rules by file", "decisions": "by decision", "jurisdictions": "figures by jurisdiction"}


def _text(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    asked = ", ".join(f"{number:,} {kind} questions" for kind, number in report.asked.items())
    yield f"{report.target}: {len(report.results):,} mutants; {asked}; seed {report.seed}"
    for one in report.scores()["all"]:
        yield f"{one.name}: {_scored(one)}"
        if one.figures:
            yield f"  {_confirmed(one)}"
    for group, title in _GROUPS.items():
        own = report.scores()[group]
        if len(own) > 1:
            yield ""
            yield f"{title}:"
            for one in own:
                told = f"; {_confirmed(one)}" if group == "jurisdictions" else ""
                yield f"  {report.labels.get(one.name, one.name)}: {_scored(one)}{told}"
    if report.survivors:
        yield ""
        yield "survivors:"
        yield from (f"  {own.mutant}" for own in report.survivors)
    acknowledged = [own for own in report.results if own.verdict is Verdict.ACKNOWLEDGED]
    if acknowledged:
        yield ""
        yield "acknowledged, so that they do not count:"
        for reason in dict.fromkeys(own.reason for own in acknowledged):
            same = [own for own in acknowledged if own.reason == reason]
            yield f"  {len(same)}: {reason} (first: {same[0].mutant})"
    if report.stale:
        yield ""
        yield "out of date:"
        yield from (f"  {line}" for line in report.stale)


def _scored(one: Score) -> str:
    named = (Verdict.CASE, Verdict.PROPERTY, Verdict.CORPUS, Verdict.LOADER)
    by = ", ".join(f"{own.value} {one.verdicts[own]}" for own in named if one.verdicts[own])
    apart = (Verdict.EQUIVALENT, Verdict.ACKNOWLEDGED, Verdict.NOT_RUN)
    left = "".join(f", {own.value} {one.verdicts[own]}" for own in apart if one.verdicts[own])
    told = f"{one.killed:,} of {one.counted:,} noticed ({_share(one.killed, one.counted)}): {by or 'by nothing'}"
    return f"{told}; without the corpus {_share(one.without_corpus, one.counted)}{left}"


def _confirmed(one: Score) -> str:
    told = f"of {one.figures:,} figures published examples confirm {one.confirmed:,} ({_share(one.confirmed, one.figures)})"
    return f"{told}, touch {one.touched:,}; {one.recorded:,} of {one.counted:,} changes change a recorded case or are refused"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "—"


def _markdown(report: Report) -> str:
    return "\n".join(_markdown_lines(report)) + "\n"


def _markdown_lines(report: Report) -> Iterator[str]:
    yield f"# Mutants of {report.target}"
    yield ""
    asked = ", ".join(f"{number:,} {kind} questions" for kind, number in report.asked.items())
    yield f"{len(report.results):,} mutants; {asked}; seed {report.seed}."
    for group, title in {"all": "in all", **_GROUPS}.items():
        own = report.scores()[group]
        if not own:
            continue
        yield ""
        yield f"## {title[0].upper()}{title[1:]}"
        yield ""
        yield "| | mutants | count | noticed | case | property | corpus | loader | without corpus | figures | confirmed |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        yield from (_row(report, one) for one in own)
    if report.survivors:
        yield ""
        yield "## Survivors"
        yield ""
        yield from (
            f"- `{own.mutant.where}` {own.mutant.operator}: `{own.mutant.before}` → `{own.mutant.after}`"
            for own in report.survivors
        )
    reasons = dict.fromkeys(own.reason for own in report.results if own.verdict is Verdict.ACKNOWLEDGED)
    if reasons:
        yield ""
        yield "## Acknowledged"
        yield ""
        for reason in reasons:
            same = [own for own in report.results if own.verdict is Verdict.ACKNOWLEDGED and own.reason == reason]
            yield f"- {len(same)}: {reason}"


def _row(report: Report, one: Score) -> str:
    cells = [
        report.labels.get(one.name, one.name),
        f"{one.total:,}",
        f"{one.counted:,}",
        f"{_share(one.killed, one.counted)}",
        *(str(one.verdicts[own]) for own in (Verdict.CASE, Verdict.PROPERTY, Verdict.CORPUS, Verdict.LOADER)),
        _share(one.without_corpus, one.counted),
        f"{one.figures:,}" if one.figures else "",
        f"{one.confirmed:,}" if one.figures else "",
    ]
    return f"| {' | '.join(cells)} |"


def _json(report: Report) -> str:
    data: dict[str, Any] = {
        "target": report.target,
        "seed": report.seed,
        "asked": dict(report.asked),
        "scores": {name: [one.data() for one in own] for name, own in report.scores().items()},
        "mutants": [
            {
                "id": own.mutant.id,
                "where": own.mutant.where,
                "kind": own.mutant.kind,
                "operator": own.mutant.operator,
                "before": own.mutant.before,
                "after": own.mutant.after,
                "verdict": own.verdict.value,
                **({"reason": own.reason} if own.verdict is Verdict.ACKNOWLEDGED else {}),
                **(own.notice.data() if own.notice is not None else {}),
            }
            for own in report.results
        ],
        "stale": list(report.stale),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
