"""Laws of amendment: what may not change when a law is amended, and what the amended text must come to.

- **not retroactive**: before an amendment is in force every answer is as it was;
- **frame**: what does not rest on the provisions that it touches is as it was, on every date;
- **locality**: other jurisdictions do not notice it;
- **round trip**: base and amendments together are the consolidated text.

`amended` makes the rulebook as it is with an amendment, in memory; `amendments` draws amendments of real enactments, so
that the laws are tried on all of it. Each law says what is wrong, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from munirules.engine.enactment import Enactment, Version, parse
from munirules.engine.provisions import NotInForce, Timeline
from munirules.errors import MunirulesError
from munirules.models.declare import declaration
from munirules.testing.law_dates import chain_of, spans
from munirules.testing.properties.examination import drawn
from munirules.testing.scratch import AmendmentError, altered
from munirules.testing.strategies.asking import questions
from munirules.testing.toml import written

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from munirules.engine.decision import Decision
    from munirules.engine.rulebook import Rulebook
    from munirules.testing.question import Question

_YEARS_AHEAD: Final = 900


def amended(rulebook: Rulebook, area: str, *enactments: Enactment) -> Rulebook:
    """The rulebook as it is with further enactments.

    Args:
        rulebook: the rulebook before.
        area: the area that they are of.
        enactments: the enactments; one that amends none stands in place of the one of its title.

    Raises:
        RulebookError: when they do not fit the rest.
        AmendmentError: when nobody in the rulebook's chain could have made them.
    """
    codes = {link.jurisdiction.code for link in rulebook.area(area).chain}
    for added in enactments:
        if added.jurisdiction not in codes:
            raise AmendmentError(f"{added.title} is of {added.jurisdiction}, who has no say in {rulebook.jurisdiction}")
    whole = {(own.jurisdiction, own.title): own for own in enactments if not own.amends}
    more = [own for own in enactments if own.amends]
    made = altered(rulebook.sources, lambda own: whole.get((own.jurisdiction, own.title), own), *more, area=area)
    made.check(area)
    return made


def consolidated(base: Enactment, *amendments: Enactment) -> Enactment:
    """The text of an enactment with its amendments worked in, as it would be published (溶け込み), read again.

    Args:
        base: the enactment.
        amendments: enactments that amend it.

    Raises:
        EnactmentError: when two of them say something since one day, promulgated on one day.
    """
    versions = [*base.versions, *(version for one in amendments for version in one.versions)]
    whole = attrs.evolve(base, versions=tuple(sorted(versions, key=lambda v: (v.since, v.known_from))))
    return attrs.evolve(parse(written(whole)), replacements=base.replacements, plugin=base.plugin)


# The laws


def not_retroactive(before: Rulebook, after: Rulebook, question: Question, commencement: date) -> str:
    """Before an amendment is in force the answer is as it was.

    Args:
        before: the rulebook without the amendment.
        after: the rulebook with it.
        question: a question of any date.
        commencement: the first day on which any of it is in force.

    Returns:
        What is wrong; empty where nothing is.
    """
    if question.on >= commencement:
        return ""
    return _changed(before, after, question, f"though the amendment is in force from {commencement} only")


def outside_frame(before: Rulebook, after: Rulebook, question: Question, touched: frozenset[str]) -> str:
    """What does not rest on the provisions that an amendment touches is as it was.

    Args:
        before: the rulebook without the amendment.
        after: the rulebook with it.
        question: a question of any date.
        touched: names of the provisions that it touches.

    Returns:
        What is wrong; empty where nothing is.
    """
    fields = resting_on(before, question.decision, touched)
    if not fields:
        return _changed(before, after, question, f"though nothing of it rests on {', '.join(sorted(touched))}")
    first, second = question.answer(before), question.answer(after)
    if not (first.decided and second.decided):
        return ""  # a touched rule may refuse now
    by_member = question.decision.member is not None
    pairs = [(first.result, second.result)]
    if by_member:
        pairs = [(first.result[member], second.result[member]) for member in first.result.keys() & second.result.keys()]
    for old, new in pairs:
        for name in old.keys() - fields:
            if old[name] != new[name]:
                return f"{name} was {old[name]} and is {new[name]}, though it does not rest on {', '.join(touched)}"
    return ""


def elsewhere(before: Rulebook, after: Rulebook, question: Question) -> str:
    """A rulebook of another jurisdiction, made and asked after the amendment, answers as before.

    Args:
        before: the other jurisdiction's rulebook, made before.
        after: the same, made after.
        question: a question to it.

    Returns:
        What is wrong; empty where nothing is.
    """
    return _changed(before, after, question, "though the amendment is another jurisdiction's")


def timelines_differ(first: Rulebook, second: Rulebook, area: str) -> str:
    """Where two rulebooks say different things of a provision of an area, on whatever date; empty where nowhere."""
    for cls in first.area(area).classes:
        if first.home(cls, area) != area:
            continue
        one, other = (book.timeline(cls, area, None) for book in (first, second))
        for day in sorted({*_days(one), *_days(other)}):
            for started in (None, date.min):
                old, new = _value(one, day, started), _value(other, day, started)
                if old != new:
                    begun = "" if started is None else ", for contracts begun before"
                    return f"{cls.__name__} on {day}{begun}: {old} or {new}"
    return ""


def _days(timeline: Timeline) -> Iterator[date]:
    for start in timeline.starts:
        yield date.fromordinal(start)
        if start > 1:
            yield date.fromordinal(start - 1)


def _value(timeline: Timeline, day: date, started: date | None) -> Any:
    try:
        return timeline.at(day, started).value
    except NotInForce:
        return None


def _changed(before: Rulebook, after: Rulebook, question: Question, why: str) -> str:
    first, second = question.answer(before), question.answer(after)
    return "" if first == second else f"{question}: was {first}, and is {second}, {why}"


def resting_on(rulebook: Rulebook, decision: Decision[Any, Any], touched: frozenset[str]) -> frozenset[str]:
    """The fields of a decision's result that rest on provisions of some names at any date, by the wiring."""
    area = rulebook.area(decision.area)
    found: set[str] = set()
    for day in area.regimes(decision, None).rule_days():
        wiring = area.wiring(decision, day, None)
        reached: set[str] = set()
        for name, step in wiring.steps.items():  # in order, so that what a rule rests on came before it
            for need in step.needs:
                hit = need.kind == "provision" and need.cls.__name__ in touched
                if need.kind == "decided":
                    other = rulebook.decider(need.cls)
                    hit = other is not None and other is not decision and _rests(rulebook, other, touched)
                keys = {need.at.key, need.at.started} if need.at is not None else set()
                source = wiring.parts.get(need.cls, "") if need.kind == "part" else ""
                if hit or need.rule in reached or keys & reached or source in reached:
                    reached.add(name)
        who = decision.who
        fields = set(declaration(decision.result).specs)
        found |= fields if who in reached else fields & reached
    return frozenset(found)


def _rests(rulebook: Rulebook, decision: Decision[Any, Any], touched: frozenset[str]) -> bool:
    return any(
        resting_on(rulebook, own, touched) for own in chain_of(rulebook, decision) if own is not decision
    ) or bool(resting_on(rulebook, decision, touched))


def broken_laws(
    rulebook: Rulebook, area: str, *enactments: Enactment, examples: int = 40, seed: int = 0
) -> tuple[str, ...]:
    """Try the laws on amendments: every decision of the area is asked questions around the day from which they are in force.

    Args:
        rulebook: the rulebook before.
        area: the area that they are of.
        enactments: the amendments; each says which enactment it amends.
        examples: questions for each decision.
        seed: the same seed gives the same questions.

    Returns:
        What is wrong, the first thing of each decision and law; none where the laws hold.

    Raises:
        RulebookError: when the amendments do not fit the rest.
    """
    after = amended(rulebook, area, *enactments)
    found = [_round_trip(rulebook, after, area, enactments)]
    versions = [version for one in enactments for version in one.versions]
    touched = frozenset(name for version in versions for name in (*version.values, *version.unset))
    commencement = min(version.since for version in versions)
    for decision in rulebook.area(area).decisions.values():
        if not spans(rulebook, decision):
            continue
        retroactive: list[str] = []
        outside: list[str] = []

        def trial(question: Question, first: list[str] = retroactive, second: list[str] = outside) -> None:
            first.append(not_retroactive(rulebook, after, question, commencement))
            second.append(outside_frame(rulebook, after, question, touched))

        drawn(trial, around_commencement(rulebook, decision, commencement), examples, seed)
        found.extend(next(filter(None, told), "") for told in (retroactive, outside))
    return tuple(filter(None, found))


def around_commencement(rulebook: Rulebook, decision: Decision[Any, Any], day: date) -> SearchStrategy[Question]:
    """Questions of the days around one, and of any other."""
    near = [day + timedelta(days=days) for days in (-1, 0, 1, -31, 31)]
    covered = [one for one in near if any(one in span for span in spans(rulebook, decision))]
    anywhere = questions(rulebook, decision)
    return questions(rulebook, decision, st.sampled_from(covered)) | anywhere if covered else anywhere


def _round_trip(rulebook: Rulebook, after: Rulebook, area: str, enactments: Sequence[Enactment]) -> str:
    """What differs between a rulebook with amendments and one with the consolidated texts."""
    wholes = []
    for base in (own for link in rulebook.area(area).chain for own in link.enactments):
        own = [one for one in enactments if (one.amends, one.jurisdiction) == (base.title, base.jurisdiction)]
        if own:
            wholes.append(consolidated(base, *own))
    return timelines_differ(after, amended(rulebook, area, *wholes), area)


# Amendments drawn


def amendments(rulebook: Rulebook, area: str, *, code: str | None = None) -> SearchStrategy[Enactment]:
    """Amendments that could be: one figure, code or row of a table of a real enactment is another from some day on.

    Args:
        rulebook: a rulebook.
        area: an area in which it has enactments.
        code: of whose enactments; of the rulebook's own jurisdiction by default.

    Raises:
        AmendmentError: when there is no enactment to amend.
    """
    whose = code or rulebook.jurisdiction.code
    bases = [own for link in rulebook.area(area).chain if link.jurisdiction.code == whose for own in link.enactments]
    bases = [base for base in bases if any(version.values for version in base.versions)]
    if not bases:
        raise AmendmentError(f"{whose} has no enactment with figures in area {area!r}")
    return _amendments(rulebook, area, bases)


@st.composite
def _amendments(draw: DrawFn, rulebook: Rulebook, area: str, bases: list[Enactment]) -> Enactment:
    base = draw(st.sampled_from(bases))
    said = [version for version in base.versions if version.values]
    version = draw(st.sampled_from(said[::-1]))
    name = draw(st.sampled_from(sorted(version.values)))
    field = draw(st.sampled_from(sorted(version.values[name]) or [""]))
    if not field:
        reject()
    since = draw(_commencement(base))
    made = Version(
        since=since,
        promulgated=draw(st.none() | st.integers(1, 200).map(lambda days: since - timedelta(days=days))),
        citation="一部改正",
        values={name: {field: draw(_other(version.values[name][field]))}},
    )
    added = attrs.evolve(
        base, title=f"{base.title}の一部を改正する条例", amends=base.title, versions=(made,), replacements=()
    )
    try:
        amended(rulebook, area, added)
    except MunirulesError:  # a table that does not ascend, a value out of bounds: no amendment that could be
        reject()
    return added


def _commencement(base: Enactment) -> SearchStrategy[date]:
    """A day on which no version of the enactment begins: after the last, at the end of a month, or between two."""
    taken = {version.since for version in base.versions}
    first, last = min(taken), max(taken)
    ahead = st.integers(1, _YEARS_AHEAD).map(lambda days: last + timedelta(days=days))
    between = st.integers(0, (last - first).days + _YEARS_AHEAD).map(lambda days: first + timedelta(days=days))
    return st.one_of(ahead, between).filter(lambda day: day not in taken)


def _other(raw: Any) -> SearchStrategy[Any]:
    """Another value like one: a figure more or less, another date, one cell of a table, a row fewer."""
    if isinstance(raw, bool):
        return st.just(not raw)
    if isinstance(raw, int):
        return st.integers(-3, 12).filter(bool).map(lambda more: max(raw + more, 0))
    if isinstance(raw, date):
        return st.integers(1, 400).map(lambda days: raw + timedelta(days=days))
    if isinstance(raw, list) and raw and all(isinstance(row, Mapping) for row in raw):
        return st.integers(0, len(raw) - 1).flatmap(lambda index: _other_table(raw, index))
    return st.just(raw)


def _other_table(rows: list[Mapping[str, Any]], index: int) -> SearchStrategy[list[Mapping[str, Any]]]:
    row, fewer = rows[index], [*rows[:index], *rows[index + 1 :]]

    def with_cell(key: str) -> SearchStrategy[list[Mapping[str, Any]]]:
        return _other(row[key]).map(lambda value: [*rows[:index], {**row, key: value}, *rows[index + 1 :]])

    figures = [key for key, value in row.items() if isinstance(value, int) and not isinstance(value, bool)]
    made = [*map(with_cell, figures), *([st.just(fewer)] if fewer else [])]
    return st.one_of(*made) if made else st.just(rows)
