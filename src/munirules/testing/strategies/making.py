"""Objects of declared classes, drawn from what their declarations say and mended by what their invariants tell.

A class says in `invariants` what of its fields cannot be together, each problem beginning with the field that is wrong.
So an object is made valid rather than thrown away: the field named goes back to its default, or, where it is missing,
gets a value. What cannot be mended so within a few steps is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast, get_args, get_type_hints

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from munirules.models.declare import Declaration, InvariantError, alternatives, declaration, is_declared, item_spec
from munirules.models.fields import FieldError, Spec
from munirules.models.years import YEAR_FIELDS
from munirules.testing.strategies.pools import Pool
from munirules.testing.strategies.values import codes_of, field_values

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

T = TypeVar("T")
MOST_OPTIONAL: Final = 8
"""How many fields with a default one object says at most, so that what is drawn can be read."""

MOST_ROWS: Final = 3
SOME_DAY: Final = date(2026, 4, 1)
"""The day around which objects are drawn where no question says one; the clock is never asked."""

MOSTLY: Final = st.sampled_from((True,) * 7 + (False,))
SELDOM: Final = st.sampled_from((False,) * 15 + (True,))
_NUMBERS: Final = [st.integers(0, most) for most in range(MOST_OPTIONAL + 1)]
_MENDINGS: Final = 12
_FIELD: Final = re.compile(r"\w+")


Checks: TypeAlias = Callable[[Any], Iterable[str]]
Builder: TypeAlias = "Callable[[DrawFn, Pool, Sequence[str]], Any]"
"""Draws objects of a class that takes more than its declaration to be realistic: a household, say. It is given what
matters, and the ids of the parts of the subject that the object is about."""

BUILDERS: dict[type, Builder] = {}
"""Classes that are drawn by a builder of their own."""


def objects(
    cls: type[T],
    pool: Pool | None = None,
    *,
    ids: Sequence[str] = (),
    checks: Checks | None = None,
    given: Mapping[str, SearchStrategy[Any]] | None = None,
) -> SearchStrategy[T]:
    """Valid objects of a declared class.

    Args:
        cls: a class declared with `@facts`, `@row`, `@provision` or `@result`.
        pool: what matters; the declaration alone where it is None.
        ids: ids of parts of the subject that references may name.
        checks: further checks, that of a subject against the decision's date, say; problems as `invariants` tells them.
        given: strategies for some fields, in place of those that their declarations give.
    """
    import_module("munirules.testing.strategies.families")  # its builders
    return _objects(cls, pool or Pool(SOME_DAY), tuple(ids), checks, dict(given or {}))


@st.composite
def _objects(
    draw: DrawFn,
    cls: Any,
    pool: Pool,
    ids: tuple[str, ...],
    checks: Checks | None,
    given: Mapping[str, SearchStrategy[Any]],
) -> Any:
    builder = BUILDERS.get(cls)
    if builder is not None and not given:
        made = builder(draw, pool, ids)
        return reject() if checks is not None and list(checks(made)) else made
    return Maker(cls, pool, ids, checks, given).make(draw)


class Maker:
    """Makes objects of one class.

    Args:
        cls: the class.
        pool: what matters.
        ids: ids that references may name.
        checks: further checks.
        given: strategies for some fields.
    """

    def __init__(
        self,
        cls: type,
        pool: Pool,
        ids: Sequence[str],
        checks: Checks | None = None,
        given: Mapping[str, SearchStrategy[Any]] | None = None,
    ) -> None:
        self.owner = declaration(cls)
        self.types = self.owner.types
        self.defaults = _defaults(self.owner)
        self.pool = pool
        self.ids = tuple(ids)
        self.checks = checks
        self.given = given or {}

    def make(self, draw: DrawFn) -> Any:
        """Draw values, make the object, and mend it until nothing is wrong with it."""
        return self._made(draw, self.values(draw))

    def vary(self, draw: DrawFn, made: Any, name: str) -> Any:
        """An object with one field drawn anew, or at its default, and mended where that does not fit the others."""
        values = {own: getattr(made, own) for own in self.owner.specs}
        if name in self.defaults and draw(st.booleans()):
            values[name] = self.defaults[name]
        else:
            values[name] = self.value(draw, name)
        return self._made(draw, values)

    def _made(self, draw: DrawFn, values: dict[str, Any]) -> Any:
        for _ in range(_MENDINGS):
            problems = self._problems(values)
            if not isinstance(problems, list):
                return problems
            for problem in problems[:1]:
                self._mend(draw, values, problem)
        return reject()

    def values(self, draw: DrawFn) -> dict[str, Any]:
        """Values of the required fields, of those that a row of a table aligns, and of a few others."""
        rows = self.pool.aligned(self.owner.cls)
        row = dict(draw(self._one_of("rows", rows))) if rows and draw(MOSTLY) else {}
        kind, optional = self._optional(draw)
        most = min(len(optional), max(2, len(optional) // 2), MOST_OPTIONAL)
        chosen = {draw(self._one_of(kind, optional)) for _ in range(draw(_NUMBERS[most]))}
        found: dict[str, Any] = {}
        for name, spec in self.owner.specs.items():
            if name in self.given:
                found[name] = draw(self.given[name])
            elif name in row and name not in chosen:
                found[name] = self._fitting(spec, row[name])
            elif name in chosen and spec.kind == "flag" and isinstance(self.defaults[name], bool):
                found[name] = not self.defaults[name]
            elif name in self.owner.required or name in chosen:
                found[name] = self.value(draw, name)
        return found

    def _one_of(self, kind: str, options: Sequence[T]) -> SearchStrategy[T]:
        """One of several things of the class, the same ones each time."""
        return self.pool.kept((kind, self.owner.cls), lambda: st.sampled_from(options))

    def _optional(self, draw: DrawFn) -> tuple[str, list[str]]:
        """Fields with a default that may be said: seldom codes of which law and declaration name none."""
        specs = self.owner.specs
        names = [name for name in self.defaults if not specs[name].secret and name != "id"]
        if draw(SELDOM):
            return "all", names
        known = self.pool.kept(
            ("known", self.owner.cls),
            lambda: [name for name in names if specs[name].kind != "code" or codes_of(name, specs[name], self.pool)],
        )
        return "some", known

    def value(self, draw: Callable[[SearchStrategy[Any]], Any], name: str) -> Any:
        """A value of one field; None where only that is possible."""
        spec, (inner, optional) = self.owner.specs[name], alternatives(self.types[name])
        if spec.kind == "rows":
            return self._rows(draw, name, spec, inner)
        if isinstance(inner, type) and is_declared(inner):
            return draw(objects(inner, self.pool, ids=self.ids))
        if spec.kind == "code" and name == "id":
            return "1"
        strategy = self.pool.kept(
            (
                self.owner.cls,
                name,
                self.ids,
                self.pool.on if spec.kind in ("day", "plain") or name in YEAR_FIELDS else None,
            ),
            lambda: field_values(name, spec, inner, self.pool, self.ids),
        )
        if strategy.is_empty:
            if optional:
                return None
            reject()
        return draw(strategy)

    def _fitting(self, spec: Spec, value: Any) -> Any:
        """A value of a table's row that a field may have: a size past the largest is none."""
        if isinstance(value, int) and not isinstance(value, bool) and spec.kind in ("count", "quantity"):
            low = spec.minimum if spec.minimum is not None else value
            return min(max(value, low), spec.maximum if spec.maximum is not None else value)
        return value

    def _rows(
        self, draw: Callable[[SearchStrategy[Any]], Any], name: str, spec: Spec, annotation: Any
    ) -> tuple[Any, ...]:
        item = get_args(annotation)[0]
        least = 1 if name in self.owner.required else 0
        number = draw(st.integers(least, MOST_ROWS))
        if isinstance(item, type) and hasattr(item, "_fields"):
            return tuple(draw(_named(item, self.pool)) for _ in range(number))
        if not (isinstance(item, type) and is_declared(item)):
            inner = item_spec(item)
            bounded = attrs.evolve(inner, minimum=0) if inner.kind == "count" else inner
            return tuple(draw(field_values("", bounded, item, self.pool, self.ids)) for _ in range(number))
        inner_specs = declaration(item).specs
        numbered = "id" in inner_specs and inner_specs["id"].kind == "code"
        made = []
        for index in range(number):
            own = {"id": st.just(str(index + 1))} if numbered else None
            made.append(draw(objects(item, self.pool, ids=self.ids, given=own)))
        return tuple(_ascending(spec, made))

    def _problems(self, values: Mapping[str, Any]) -> Any:
        """The object, or the list of what is wrong with it."""
        try:
            made = self.owner.cls(**values)
        except InvariantError as error:
            return list(error.problems)
        except FieldError as error:
            return [str(error).partition(".")[2] or str(error)]
        found = list(self.checks(made)) if self.checks is not None else []
        return found or made

    def _mend(self, draw: DrawFn, values: dict[str, Any], problem: str) -> None:
        """Give the field that a problem names its default, or a value where it has none."""
        named = _FIELD.match(problem)
        name = named.group() if named else ""
        if name not in self.owner.specs:
            reject()
        at_default = name not in values or (name in self.defaults and values[name] == self.defaults[name])
        if name in self.defaults and not at_default and name not in self.given:
            del values[name]
        else:
            values[name] = self.value(draw, name)


@lru_cache(maxsize=512)
def _default_items(cls: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in attrs.fields(cls) if field.default is not attrs.NOTHING)


def _defaults(owner: Declaration) -> dict[str, Any]:
    return dict(_default_items(owner.cls))


def _ascending(spec: Spec, made: list[Any]) -> list[Any]:
    """Rows in the order in which their column ascends, each of its values once in a table."""
    if not spec.ascending:
        return made
    found: dict[tuple[Any, Any], Any] = {}
    for item in made:
        table = getattr(item, spec.within) if spec.within else ""
        found.setdefault((table, getattr(item, spec.ascending)), item)
    return [found[key] for key in sorted(found)]


@st.composite
def _named(draw: DrawFn, record: Any, pool: Pool) -> Any:
    """Records that rules make: NamedTuples, of which the annotations alone tell."""
    hints = get_type_hints(record, include_extras=True)
    values = {}
    for name in record._fields:
        inner, _ = alternatives(hints[name])
        values[name] = draw(field_values(name, item_spec(inner), inner, pool))
    return cast("Any", record)(**values)
