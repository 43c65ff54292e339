"""A decision's question about a whole city: the main table and those of its parts, in the columns that tables have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_origin

import attrs
import numpy as np
import pyarrow as pa
from benchmarks.synthetic.columns import Columns, flags
from benchmarks.synthetic.facts import asked_of, of_households, of_members, parts_of_facts
from benchmarks.synthetic.plausible import MOST_PARTS, Plausible, codes_in_force, masked
from benchmarks.synthetic.subjects import PER_THOUSAND, SEVERAL, of_one_meter, ways

from munirules.engine.request import known_facts
from munirules.law.water.meter_reading import MeterReading
from munirules.models.declare import alternatives, declaration, is_declared, record_of
from munirules.models.household import Household
from munirules.models.resident import Resident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.synthetic.city import City
    from numpy.typing import NDArray

    from munirules import Rulebook
    from munirules.engine.decision import Decision

PART = "part"
"""Column of a table of parts of members' facts with the member's id."""


@attrs.frozen(kw_only=True, eq=False)
class Question:
    """What is asked.

    Attributes:
        main: a row for each subject, with `key`.
        tables: parts, each pointing to its subject by `key`, and to a member by `part`.
    """

    main: pa.Table
    tables: dict[str, pa.Table]


def question(
    city: City, book: Rulebook, decision: Decision[Any, Any], *, shuffled: bool = False, flaws: float = 0
) -> Question:
    """Ask a decision of a town's rulebook about a city.

    Args:
        city: the city.
        book: the town's rulebook; its provisions name the codes that subjects have.
        decision: what is asked.
        shuffled: whether the rows of parts are scattered, those of one owner in their order.
        flaws: in which share of the members, or of other subjects, something that is required is missing.
    """
    codes = codes_in_force(book, decision, city.on)
    like = Plausible(
        draw=city.draw(decision.name),
        on=city.on,
        codes=codes,
        ways=ways(codes, city.on, book.jurisdiction.code),
    )
    found = (
        _of_households(city, book, decision, like)
        if decision.subject is Household
        else _of_others(city, decision, like)
    )
    extra = {} if decision.subject is Household else dict(_supplied(book, decision, like, found.main.num_rows))
    for name, column in extra.items():
        found = attrs.evolve(found, main=found.main.append_column(name, column))
    draw = city.draw("flaws")
    if decision.subject is Household:
        found.tables["members"] = _flawed(found.tables["members"], "born_on", draw, flaws)
    else:
        required = [name for name in found.main.column_names if name in declaration(decision.subject).required]
        if required:
            found = attrs.evolve(found, main=_flawed(found.main, required[0], draw, flaws))
    if shuffled:
        found = attrs.evolve(found, tables={name: _scattered(table, draw) for name, table in found.tables.items()})
    return found


def _scattered(table: pa.Table, draw: np.random.Generator) -> pa.Table:
    """The rows in no order, but those of one owner after one another as before: readings, say, stand newest first."""
    keys = table["key"].to_numpy()
    places = draw.random(len(keys))
    return table.take(np.argsort(places[np.lexsort((places, keys))], kind="stable"))


def _flawed(table: pa.Table, name: str, draw: np.random.Generator, share: float) -> pa.Table:
    """A table in a column of which a share of the values is missing."""
    there = draw.random(table.num_rows) >= share
    if there.all():
        return table
    column = masked(table[name].combine_chunks(), there)
    return table.set_column(table.column_names.index(name), name, column)


def _of_households(city: City, book: Rulebook, decision: Decision[Any, Any], like: Plausible) -> Question:
    """The question about households and what is known of their members."""
    asked = asked_of(city, decision.name)
    of_asked = asked.households[city.people.household]
    main, members = dict(city.households), dict(city.members)
    tables: dict[str, pa.Table] = {}
    for name, fact in known_facts(book, decision).items():
        kind = declaration(fact.cls).kind
        if kind != "facts":
            continue  # what another decision answers is decided
        if Resident in fact.places:
            columns, there = of_members(city, fact.cls, like)
            if not any(field in declaration(fact.cls).required for field in columns):
                members[name] = flags(there)  # no column tells whether there is one
            members |= _prefixed(columns, name)
            tables |= _parts_of_members(city, fact.cls, like, of_asked & there)
        else:
            parts = parts_of_facts(city, asked, name)
            tables |= parts
            if not parts:
                main |= _prefixed(of_households(city, fact.cls, like), name)
    tables["members"] = pa.table(members).filter(pa.array(of_asked))
    return Question(main=pa.table(main).filter(pa.array(asked.households)), tables=tables)


def _parts_of_members(city: City, cls: type, like: Plausible, there: NDArray[np.bool_]) -> dict[str, pa.Table]:
    """What members' facts have several of: a table for each such field."""
    found = {}
    places = np.flatnonzero(there)
    for field in _part_fields(cls):
        parts = like.parts(cls, field, len(places))
        owners = places[parts.owners]
        own = {"key": pa.array(city.keys[city.people.household[owners]]), PART: city.ids.take(pa.array(owners))}
        found[f"members.{cls.__name__}.{field}"] = pa.table(own | parts.columns)
    return found


def _of_others(city: City, decision: Decision[Any, Any], like: Plausible) -> Question:
    """The question about subjects that are no households."""
    cls = decision.subject
    rows = max(len(city.people.age) * PER_THOUSAND.get(cls.__name__, 10) // 1000, 1)
    keys = np.arange(rows, dtype=np.int64) + 1
    tables = {}
    for field, most in SEVERAL.get(cls.__name__, dict.fromkeys(_part_fields(cls), MOST_PARTS)).items():
        parts = like.parts(cls, field, rows, most)
        tables[field] = pa.table({"key": pa.array(keys[parts.owners])} | parts.columns)
    main = pa.table({"key": pa.array(keys)} | like.columns(cls, rows))
    if decision.subject is MeterReading:
        tables |= of_one_meter(main, tables)
    return Question(main=main, tables=tables)


def _supplied(
    book: Rulebook, decision: Decision[Any, Any], like: Plausible, rows: int
) -> Iterator[tuple[str, pa.Array]]:
    """Columns of the facts of subjects that are no households."""
    for name, fact in known_facts(book, decision).items():
        if declaration(fact.cls).kind == "facts" and None in fact.places:
            yield from _prefixed(like.columns(fact.cls, rows), name).items()


def _part_fields(cls: type) -> Iterator[str]:
    """Required fields of a class that hold several records."""
    owner = declaration(cls)
    for name, annotation in owner.types.items():
        inner, _ = alternatives(annotation)
        record = record_of(inner)
        if name in owner.required and get_origin(inner) is tuple and record is not None and is_declared(record):
            yield name


def _prefixed(columns: Columns, name: str) -> Columns:
    return {f"{name}.{field}": column for field, column in columns.items()}
