"""Values of one field, from what it declares and from what matters: bounds, units, options, enums, thresholds ± 1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from munirules.models.declare import alternatives
from munirules.models.fields import Spec
from munirules.models.years import YEAR_FIELDS
from munirules.money import SEN_PER_YEN, Rate
from munirules.testing.strategies.days import births, near
from munirules.testing.strategies.pools import AGE, YEN, Pool

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

HIGHEST: Final = {"yen": 100_000_000, "sen": 10_000_000, "quantity": 5_000, "count": 40}
"""How far numbers without an upper bound are drawn, beyond the thresholds that matter."""

LARGE: Final = 20_000_001
"""An amount that single precision cannot hold."""

_FEW: Final = 12
_SANE: Final = 10**10
_NAMES: Final = ("", "架空 太郎", "架空 花子", "髙﨑 渡邉")


def field_values(name: str, spec: Spec, annotation: Any, pool: Pool, ids: Sequence[str] = ()) -> SearchStrategy[Any]:
    """Values of a field that is no record and no tuple; None is not among them.

    Args:
        name: the field's name.
        spec: what it declares.
        annotation: its resolved annotation.
        pool: what matters.
        ids: ids that a reference may name.
    """
    inner, _ = alternatives(annotation)
    kind = spec.kind
    if kind in HIGHEST:
        return _years(pool.on) if name in YEAR_FIELDS else _numbers(name, spec, pool)
    if kind == "day" or inner is date:
        ages = pool.numbers.get(AGE, ())
        return births(pool.on, ages) if name.startswith("born") else near(pool.on, pool.days)
    if kind == "flag":
        return st.booleans()
    if kind == "choice":
        return _members(name, inner, pool)
    if kind == "reference":
        return st.sampled_from(ids) if ids else st.nothing()
    if kind == "rate":
        return st.tuples(st.integers(0, 1000), st.sampled_from((1000, 100, 3))).map(lambda pair: Rate(*pair))
    if kind == "code":
        return _codes(name, spec, pool, ids)
    return st.sampled_from(_NAMES)


def marks_of(name: str, spec: Spec, pool: Pool) -> list[int]:
    """Thresholds that tables and rules hold against a field, and the numbers beside them, ascending, within bounds.

    Args:
        name: the field's name.
        spec: what it declares.
        pool: what matters.
    """
    money = spec.kind in ("yen", "sen")
    scale = SEN_PER_YEN if spec.kind == "sen" else 1
    linked = (value for value in pool.linked(name) if type(value) is int)
    same = pool.numbers.get(YEN if money else spec.unit, ()) if money or spec.unit else ()
    values = {value * scale for value in (*linked, *same, *pool.constants) if abs(value) < _SANE}
    found = {value + offset for value in values for offset in (-1, 0, 1)} | ({LARGE * scale} if money else set())
    low = spec.minimum if spec.minimum is not None else -HIGHEST[spec.kind]
    return sorted(value for value in found if low <= value and (spec.maximum is None or value <= spec.maximum))


def _numbers(name: str, spec: Spec, pool: Pool) -> SearchStrategy[int]:
    """Small numbers first, then thresholds and what lies beside them, then any."""
    low = spec.minimum if spec.minimum is not None else -HIGHEST[spec.kind]
    start = low if spec.minimum is not None else 0
    marks = marks_of(name, spec, pool)
    high = spec.maximum
    if high is None:
        high = max([low + HIGHEST[spec.kind], *(2 * mark for mark in marks)])
    small, anyhow = st.integers(start, min(start + _FEW, high)), st.integers(low, high)
    ways = [small] if low == start and high <= start + _FEW else [small, anyhow]
    return st.one_of(ways[0], st.sampled_from(marks), *ways[1:]) if marks else st.one_of(*ways)


def _years(on: date) -> SearchStrategy[int]:
    """A year of which facts are: the one before, the one before that, or the current one."""
    return st.sampled_from((on.year - 1, on.year - 2, on.year))


def _members(name: str, annotation: type[Enum], pool: Pool) -> SearchStrategy[Enum]:
    """Members of an enum; those that tables name are drawn as often as all together."""
    named = [value for value in pool.linked(name) if isinstance(value, annotation)]
    everything = st.sampled_from(list(annotation))
    return st.one_of(st.sampled_from(named), everything) if named else everything


def codes_of(name: str, spec: Spec, pool: Pool) -> tuple[str, ...]:
    """The codes that a field's declaration allows, or that tables and rules hold against it; none where none is known."""
    if spec.options:
        return spec.options
    return tuple(value for value in pool.linked(name) if isinstance(value, str) and value)


def _codes(name: str, spec: Spec, pool: Pool, ids: Sequence[str]) -> SearchStrategy[str]:
    """Codes that are known; else an id, or a name of no meaning."""
    return st.sampled_from(codes_of(name, spec, pool) or list(ids) or ["1", "2"])
