"""Merging against an oracle that goes through it day by day: random laws over the whole chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.oracle import DAYS, Link, Version, counts, day

from munirules.engine.decision import Decision
from munirules.engine.parts import at
from munirules.engine.provisions import NotInForce, Timeline
from munirules.engine.rulebook import Rulebook
from munirules.models.declare import declaration, facts, provision, result
from munirules.models.fields import day as day_field
from munirules.models.fields import yen
from munirules.money import Yen
from munirules.testing.kit import PREFECTURE, UNION, act, book, chain, ordinance


@provision
class Sums:
    """Three sums."""

    base: int = yen("基本額")
    guide: int = yen("目安", national="reference")
    extra: int = yen("加算", minimum=None, default=-1)


@facts
class Contract:
    """When it is looked at, and since when it goes on."""

    read_on: date = day_field("検針日")
    began: date | None = day_field("開始日", default=None)


@result
class Found:
    """What is found."""

    base: Yen
    guide: Yen
    extra: Yen
    then: Yen
    going: Yen


found = Decision("fees.found", Contract, Found, title="額", on="基準日", authority="長")


@found.rule(title="基本額")
def base(sums: Sums) -> Yen:
    return sums.base


@found.rule(title="目安")
def guide(sums: Sums) -> Yen:
    return sums.guide


@found.rule(title="加算")
def extra(sums: Sums) -> Yen:
    return sums.extra


@found.rule(title="検針日の基本額")
def then(sums: Annotated[Sums, at("read_on")]) -> Yen:
    return sums.base


@found.rule(title="継続する契約の基本額")
def going(sums: Annotated[Sums, at("read_on", started="began")]) -> Yen:
    return sums.base


NUMBERS = st.integers(0, DAYS)


@st.composite
def versions(draw: st.DrawFn) -> Version:
    since = draw(NUMBERS)
    until = draw(st.none() | st.integers(since, DAYS + 5))
    promulgated = draw(st.none() | NUMBERS)
    if draw(st.integers(0, 7)) == 0:
        return Version(since=since, promulgated=promulgated, repeal=True)
    fields = draw(st.lists(st.sampled_from(["base", "guide", "extra"]), min_size=1, unique=True))
    return Version(
        since=since,
        promulgated=promulgated,
        until=until,
        continuing=draw(st.none() | st.integers(since, DAYS)),
        temporary=until is not None and draw(st.booleans()),
        values={field: draw(st.sampled_from([None, 1, 2, 3, 4, 5, 6, 7])) for field in fields},
    )


ENACTED = st.lists(versions(), max_size=5, unique_by=lambda version: version.key)


@st.composite
def chains(draw: st.DrawFn) -> list[Link]:
    """City, union (for some days), prefecture, nation."""
    first, last = sorted((draw(NUMBERS), draw(NUMBERS)))
    return [
        Link(versions=draw(ENACTED)),
        Link(
            versions=draw(ENACTED),
            since=first if draw(st.booleans()) else None,
            until=last if draw(st.booleans()) else None,
        ),
        Link(versions=draw(ENACTED)),
        Link(versions=draw(ENACTED), nation=True),
    ]


def laws(links: Sequence[Link]) -> dict[str, object]:
    """The chain as the engine gets it: TOML."""
    city, union, prefecture, nation = links
    written = {
        "city": [ordinance("".join(v.toml() for v in city.versions))] if city.versions else [],
        "union": [ordinance("".join(v.toml() for v in union.versions), code=UNION.code)] if union.versions else [],
        "prefecture": [ordinance("".join(v.toml() for v in prefecture.versions), code=PREFECTURE.code)] if prefecture.versions else [],
        "nation": [act("".join(v.toml() for v in nation.versions))] if nation.versions else [],
    }  # fmt: skip
    since, until = (None if end is None else day(end) for end in (union.since, union.until))
    return {**written, "delegated": (since, until)}


def timeline(links: Sequence[Link], known: int | None = None) -> Timeline:
    return Timeline(declaration(Sums), chain(**laws(links)), None if known is None else day(known))


def at_(own: Timeline, on: int, started: int | None = None) -> dict[str, int] | None:
    try:
        value = own.at(day(on), None if started is None else day(started)).value
    except NotInForce:
        return None
    return {field: getattr(value, field) for field in ("base", "guide", "extra")}


@given(chains())
def test_every_day_is_as_the_oracle_says(links):
    own = timeline(links)
    assert [at_(own, on) for on in range(-1, DAYS + 8)] == [counts(links, on) for on in range(-1, DAYS + 8)]


@given(chains(), NUMBERS)
def test_every_day_as_it_was_known_on_another(links, known):
    own = timeline(links, known)
    assert [at_(own, on) for on in range(-1, DAYS + 8)] == [counts(links, on, known) for on in range(-1, DAYS + 8)]


@given(chains(), st.lists(NUMBERS, min_size=1, max_size=5))
def test_every_day_for_contracts_that_began_before(links, begun):
    own = timeline(links)
    for started in begun:
        told = [at_(own, on, started) for on in range(-1, DAYS + 8)]
        assert told == [counts(links, on, None, started) for on in range(-1, DAYS + 8)]


@given(chains())
def test_the_days_covered_are_those_that_are_in_force(links):
    own = timeline(links)
    covered = own.covered()
    for on in range(-1, DAYS + 8):
        inside = any(first <= day(on) and (last is None or day(on) <= last) for first, last in covered)
        assert inside == (at_(own, on) is not None)
    assert all(last is not None and last < first for (_, last), (first, _) in pairwise(covered))


def decided(rulebook: Rulebook, contract: Contract, on: int, known: int | None) -> Found | None:
    try:
        return rulebook.decide(found, contract, on=day(on), known=None if known is None else day(known)).result
    except NotInForce:
        return None


@settings(max_examples=60)
@given(
    chains(), st.lists(st.tuples(NUMBERS, NUMBERS, st.none() | NUMBERS, st.none() | NUMBERS), min_size=5, max_size=15)
)
def test_decisions_follow_whatever_days_are_asked_for_in_whatever_order(links, asked):
    rulebook = book(found, **laws(links))
    for on, read_on, began, known in asked:
        contract = Contract(read_on=day(read_on), began=None if began is None else day(began))
        here, there = counts(links, on, known), counts(links, read_on, known)
        going = counts(links, read_on, known, began if began is not None else -(10**6))
        right = None
        if here is not None and there is not None and going is not None:
            right = Found(**here, then=there["base"], going=going["base"])
        assert decided(rulebook, contract, on, known) == right
