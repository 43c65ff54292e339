"""Hypotheses about an old system: named quirks, and figures of the law that it may have otherwise.

Figures are tried next to what they are (one unit more or less, the next word, swapped with the next row), and fitted: a
figure is moved, and from how far that moves the amounts it is worked out where it would have to stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.models.declare import declaration
from munirules.models.fields import Spec
from munirules.money import Rate
from munirules.testing.faults.given import Said, figures_given
from munirules.testing.faults.neighbours import neighbours
from munirules.testing.quirks import Place, Quirk, Reached, Set, named_quirks
from munirules.testing.witness import labels_of

if TYPE_CHECKING:
    from munirules.testing.question import Question

_NUMBERS: Final = frozenset({"yen", "sen", "count", "quantity"})
_STEPS: Final = (Decimal(1), Decimal("0.5"), Decimal("0.1"), Decimal("0.01"))
"""Units that a fitted figure is rounded to, in the order in which they are tried."""

_RATE_STEPS: Final = (Decimal("0.001"), Decimal("0.0001"))


@attrs.frozen(kw_only=True)
class Figure:
    """A figure that answers rest on: its place, what is declared of it, and its value as data write it."""

    place: Place
    spec: Spec
    annotation: Any
    raw: Any
    since: str


def figures_of(reached: Reached, questions: Iterable[Question]) -> list[Figure]:
    """The figures that some questions were answered from.

    Args:
        reached: the law that the decision rests on.
        questions: the questions.
    """
    given: set[Said] = set()
    for question in questions:
        given |= figures_given(reached.rulebook, question) or frozenset()
    found = []
    for place, spec, annotation, raw in reached.figures():
        if Said(place.file, place.number, place.provision, place.field) in given:
            since = str(reached.enactment(place)[1].since)
            found.append(Figure(place=place, spec=spec, annotation=annotation, raw=raw, since=since))
    return found


def named() -> Iterator[Quirk]:
    """Every quirk that has a name."""
    yield from named_quirks().values()


def beside(reached: Reached, figures: Sequence[Figure]) -> Iterator[Quirk]:
    """Each figure at each value next to it, and swapped with that of the next row."""
    for figure in figures:
        for _, value in neighbours(figure.spec, figure.annotation, figure.raw):
            yield setting(reached, figure, value)
    yield from _swapped(reached, figures)


def _swapped(reached: Reached, figures: Sequence[Figure]) -> Iterator[Quirk]:
    """Two neighbouring rows whose figures in one column are exchanged."""
    by_place = {own.place: own for own in figures if own.place.row is not None}
    for place, own in by_place.items():
        assert place.row is not None
        other = by_place.get(attrs.evolve(place, row=place.row + 1))
        if other is None or other.raw == own.raw or own.spec.kind not in _NUMBERS | {"rate"}:
            continue
        name = f"{place.path}<->{other.place.path}@{own.since}"
        title = f"{label(reached, place)}と次の行が入れ替わる（{other.raw}、{own.raw}）"
        yield Set(name=name, title=title, places=(place, other.place), values=(other.raw, own.raw))


def setting(reached: Reached, figure: Figure, value: Any) -> Set:
    """The hypothesis that a figure is otherwise."""
    told = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    title = f"{label(reached, figure.place)}を{figure.raw}でなく{value}とする"
    name = f"{figure.place.path}@{figure.since}={told}"
    return Set(name=name, title=title, places=(figure.place,), values=(value,))


def label(reached: Reached, place: Place) -> str:
    """A figure in words."""
    cls = reached.classes[place.area, place.provision]
    labels, _ = labels_of(cls)
    field = labels.get(place.field, place.field)
    if place.row is None:
        return f"{declaration(cls).title}の{field}"
    column = labels.get(f"{place.field}.{place.column}", place.column)
    return f"{declaration(cls).title}の{field}{place.row + 1}行目の{column}"


def moved(reached: Reached, figure: Figure) -> tuple[Set, Decimal] | None:
    """A figure moved so far that the amounts tell, and by how much; None for what is no number."""
    value = number(figure)
    if value is None:
        return None
    if figure.spec.kind == "rate":
        by = Decimal("0.01")
        return setting(reached, figure, _rate(value + by)), by
    by = max(Decimal(1), (value / 10).to_integral_value())
    return setting(reached, figure, _plain(value + by)), by


def number(figure: Figure) -> Decimal | None:
    """A figure as a number; None where it is none."""
    if figure.spec.kind == "rate":
        rate = Rate.parse(figure.raw)
        return Decimal(rate.num) / Decimal(rate.den)
    if figure.spec.kind in _NUMBERS and isinstance(figure.raw, (int, Decimal)) and not isinstance(figure.raw, bool):
        return Decimal(figure.raw)
    return None


def fitted(
    reached: Reached, figure: Figure, by: Decimal, shifts: Mapping[int, Decimal], wanted: Mapping[int, Decimal]
) -> Iterator[Quirk]:
    """Where a figure would have to stand for a row to come out as the old system has it.

    Args:
        reached: the law.
        figure: the figure.
        by: how far it was moved.
        shifts: row to how far that moved its amount.
        wanted: row to how far its amount has to move.
    """
    value = number(figure)
    telling = max((row for row in shifts if shifts[row]), key=lambda row: abs(shifts[row]), default=None)
    if value is None or telling is None:
        return
    exact = value + by * wanted[telling] / shifts[telling]
    seen = {value}
    for step in _RATE_STEPS if figure.spec.kind == "rate" else _STEPS:
        near = (exact / step).to_integral_value(ROUND_HALF_UP) * step
        if near not in seen and near >= 0 and (figure.spec.kind in ("sen", "rate") or near == near.to_integral_value()):
            seen.add(near)
            yield setting(reached, figure, _rate(near) if figure.spec.kind == "rate" else _plain(near))


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value.normalize()


def _rate(value: Decimal) -> str:
    return f"{(value * 100).normalize():f}%"
