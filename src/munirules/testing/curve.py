"""How the amounts of two rule sets go over one number of a question, all else being as in a witness."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs

from munirules.models.years import YEAR_FIELDS
from munirules.testing.shrink import Path, at, leaves, put

POINTS: Final = 121
"""Values of the number at which both sides are asked."""

_LEAST_REACH: Final = 60

Amounts: TypeAlias = Callable[[Sequence[Mapping[str, Any]]], tuple[list[float | None], list[float | None]]]


@attrs.frozen(kw_only=True)
class Curve:
    """Amounts over a number.

    Attributes:
        field: where the number stands in the question.
        label: its label.
        unit: its unit.
        at: its values, ascending.
        before: the one side's amounts in yen; None where it has none.
        after: the other's.
    """

    field: str
    label: str
    unit: str
    at: tuple[int, ...]
    before: tuple[float | None, ...]
    after: tuple[float | None, ...]


def curve_of(
    witness: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
    amounts: Amounts,
    labels: Mapping[str, tuple[str, str]],
) -> Curve | None:
    """Draw the amounts over the number of a witness whose difference changes most often; None where none moves them.

    Args:
        witness: the question.
        others: questions that differ likewise; they tell how far the number is looked at.
        amounts: the amounts of both sides for each question.
        labels: label and unit of the subject's fields.
    """
    best: tuple[int, Curve] | None = None
    for path in leaves(witness, ()):
        value = at(witness, path)
        if type(value) is not int or path[-1] in YEAR_FIELDS:
            continue
        values = _values(value, [own for other in others if (own := _number(other, path)) is not None])
        one, other = amounts([put(witness, path, number) for number in values])
        steps = _steps(one, other)
        if steps and (best is None or steps > best[0]):
            label, unit = labels.get(str(path[-1]), (str(path[-1]), ""))
            field = ".".join(map(str, path))
            best = (
                steps,
                Curve(field=field, label=label, unit=unit, at=tuple(values), before=tuple(one), after=tuple(other)),
            )
    return best[1] if best is not None else None


def _values(value: int, others: Sequence[int]) -> list[int]:
    """Values from nothing to well beyond where most of the differences are."""
    ordered = sorted(others) or [value]
    reach = max(2 * value, ordered[len(ordered) * 3 // 4] * 5 // 4, _LEAST_REACH)
    return sorted({round(reach * point / (POINTS - 1)) for point in range(POINTS)})


def _number(request: Mapping[str, Any], path: Path) -> int | None:
    try:
        found = at(request, path)
    except (KeyError, IndexError, TypeError):
        return None
    return found if type(found) is int else None


def _steps(before: Sequence[float | None], after: Sequence[float | None]) -> int:
    """How many different differences there are; 0 where the amounts do not differ, or never move."""
    pairs = [(one, other) for one, other in zip(before, after, strict=True) if one is not None and other is not None]
    apart = {other - one for one, other in pairs}
    return len({*pairs}) + len(apart) if apart - {0} and len(set(pairs)) > 1 else 0
