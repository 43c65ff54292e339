"""Dates drawn around what matters: days on which law changes, and the days of the calendar on which rules go wrong."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from hypothesis import strategies as st

from munirules.testing.law_dates import DAY, Span

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

OPEN_YEARS: Final = 3
"""How far beyond its beginning a stretch of law without an end is looked at."""

_BEFORE_ERAS: Final = 60
"""How many days before the first change a stretch of law without a beginning is looked at."""


def notable(first: date, last: date) -> list[date]:
    """Days from `first` to `last` on which rules go wrong: Feb 29, April 1 and 2, January 1, ends of months, new eras.

    Args:
        first: the first day.
        last: the last day.
    """
    found = {day for year in range(first.year, last.year + 1) for day in _of_year(year)}
    found.update(day for day in _eras() if first <= day <= last)
    return sorted(day for day in found if first <= day <= last)


def _of_year(year: int) -> Iterator[date]:
    yield from (date(year, 1, 1), date(year, 4, 1), date(year, 4, 2))
    if isleap(year):
        yield date(year, 2, 29)
    yield from (date(year, month, monthrange(year, month)[1]) for month in range(1, 13))


@cache
def _eras() -> tuple[date, ...]:
    """The first day of each era since 明治, and the last of the one before."""
    from munirules.calendar import era_table

    starts = [era.start for era in era_table().eras if era.start.year >= 1868]
    return tuple(sorted({*starts, *(start - DAY for start in starts)}))


def around(days: Iterable[date], *offsets: int) -> list[date]:
    """Days, and those so many days after or before them; what lies outside of the calendar is left out."""
    found = set()
    for day in days:
        for offset in offsets or (-1, 0, 1):
            ordinal = day.toordinal() + offset
            if 1 <= ordinal <= date.max.toordinal():
                found.add(date.fromordinal(ordinal))
    return sorted(found)


def shift_years(day: date, years: int) -> date:
    """The same day of another year; Feb 29 becomes the day before."""
    year = min(max(day.year + years, 1), date.max.year)
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def days_in(spans: tuple[Span, ...]) -> SearchStrategy[date]:
    """Days of a decision: a stretch of its law is chosen, then its first or last day, one beside them, or a notable one.

    Shrinks towards the first day of the last stretch.

    Args:
        spans: the stretches, in order; at least one.
    """
    return st.sampled_from(spans[::-1]).flatmap(_in_span)


def _in_span(span: Span) -> SearchStrategy[date]:
    first, last = ends_of(span)
    edges = [day for day in (first, last, first + DAY, last - DAY) if first <= day <= last]
    return st.one_of(
        st.sampled_from(list(dict.fromkeys(edges))),
        st.sampled_from(notable(first, last) or edges),
        st.integers(0, (last - first).days).map(lambda days: first + timedelta(days=days)),
    )


def ends_of(span: Span) -> tuple[date, date]:
    """The first and last day of a stretch that are looked at: some years of one without end, or without beginning."""
    first, last = span.first, span.last
    if first == date.min:
        first = shift_years(last, -OPEN_YEARS) if last is not None else date(2000, 1, 1)
    if last is None:
        last = shift_years(first, OPEN_YEARS if span.first != date.min else 30)
    return first, last


def near(on: date, marked: Iterable[date] = ()) -> SearchStrategy[date]:
    """Days in the past of a day, or shortly after it: those marked and beside them, notable ones, and any.

    Args:
        on: the day; what is drawn shrinks towards it.
        marked: days that matter, on which law changes say.
    """
    return _near(on, tuple(marked))


@lru_cache(maxsize=256)
def _near(on: date, marked: tuple[date, ...]) -> SearchStrategy[date]:
    first, last = shift_years(on, -2), on + timedelta(days=62)
    chosen = [day for day in around(marked) if shift_years(on, -12) <= day <= last]
    return st.one_of(
        st.integers(-1, 62).map(lambda days: on - timedelta(days=days)),
        st.sampled_from(chosen or [on]),
        st.sampled_from(notable(first, last)),
        st.integers(0, (last - first).days).map(lambda days: last - timedelta(days=days)),
    )


def births(on: date, ages: Iterable[int] = (), *, youngest: int = 0, oldest: int = 100) -> SearchStrategy[date]:
    """Days of birth of persons who live on a day, at ages that matter: on the birthday, a day from it, on April 1 and 2.

    Args:
        on: the day.
        ages: ages at which something changes.
        youngest: least age in years.
        oldest: greatest age in years.
    """
    return _births(on, tuple(ages), youngest, oldest)


@lru_cache(maxsize=512)
def _births(on: date, ages: tuple[int, ...], youngest: int, oldest: int) -> SearchStrategy[date]:
    wanted = sorted({age for age in ages if youngest <= age <= oldest})
    years = st.sampled_from(wanted) if wanted else st.integers(youngest, oldest)
    turned = st.one_of(st.integers(youngest, oldest), years)

    @cache
    def of_age(age: int) -> SearchStrategy[date]:
        birthday = shift_years(on, -age)
        year = birthday.year
        special = [
            *around([birthday]),
            birthday.replace(day=1),
            *(date(year + more, 4, day) for more in (0, 1) for day in (1, 2)),
            date(year, 1, 1),
            *([date(year, 2, 29)] if isleap(year) else []),
        ]
        return st.one_of(
            st.sampled_from(special), st.integers(0, 364).map(lambda days: birthday - timedelta(days=days))
        )

    latest, earliest = shift_years(on, -youngest), shift_years(on, -oldest - 1) + DAY
    return turned.flatmap(of_age).map(lambda day: min(max(day, earliest), latest))
