"""Every printed example of every plugin as a row of a table: it answers as by itself, and so does what is wrong with it."""

import random
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa
import pytest
from tests.tables.compare import Asked, check

from munirules import Rulebook
from munirules.checking.cases import load_cases
from munirules.engine.bag import FactError
from munirules.engine.request import known_facts, read_request
from munirules.engine.rulebook import DecideError
from munirules.engine.runtime import UnknownPart
from munirules.errors import MunirulesError
from munirules.models.read import DataError
from munirules.plugins.discovery import installed
from munirules.tables import tables_from
from munirules.tables.bind import Binder, moment_field
from munirules.tables.frames import piece
from munirules.tables.joins import PartTable
from munirules.tables.objects import decide_one, questions
from munirules.tables.planner import Naming, plan_tables
from munirules.tables.rows import gather

HERE = Path(__file__).parents[1] / "law"
NOT_AS_IT_IS = (DataError, DecideError, FactError, UnknownPart)
"""What is told of a row that cannot be as it is given, before any rule runs."""


@cache
def book_of(code):
    return Rulebook.of(code)


@cache
def groups():
    """The questions of all cases, by decision, jurisdiction and what was known."""
    files = [case for plugin in installed() if plugin.is_folder for case in load_cases(plugin.folder())]
    for path in sorted(HERE.rglob("cases.toml")):
        files.extend(case for case in load_cases(path) if case.jurisdiction and case.folder is None)
    found = defaultdict(list)
    for case in files:
        book = book_of(case.jurisdiction)
        data = {"subject": case.given, "facts": case.facts, "provisional": list(case.provisional)}
        request = read_request(book, case.decision, data)
        asked = Asked(request.subject, request.facts, case.on)
        found[case.decision].append((case.jurisdiction, case.known, asked))
    return found


DECISIONS = sorted(
    {case.decision for plugin in installed() if plugin.is_folder for case in load_cases(plugin.folder())}
)


@pytest.mark.parametrize("nested", [False, True], ids=["tables", "lists"])
@pytest.mark.parametrize("name", DECISIONS)
def test_examples_answer_as_by_themselves(name, nested):
    by_place = defaultdict(list)
    for code, known, asked in groups()[name]:
        by_place[code, known].append(asked)
    for (code, known), asked in by_place.items():
        book = book_of(code)
        check(book, book.decision(name), asked, nested=nested, known=known)


# Tables that somebody spoiled.

SPOILS = {
    pa.int64(): [-1, 0, 1, 2, 5, 13, 10**6, 2**62],
    pa.string(): ["", "a", "x", "JPN", "KOR", "世帯主", "none", "123456789012", "recipient", "2024-05-01"],
    pa.bool_(): [True, False],
    pa.date32(): [date(1900, 1, 1), date(2090, 1, 1), date(2024, 4, 1)],
}


def spoiled(column, rate, draw):
    """A column of which some cells were emptied, or hold what stands elsewhere, or what should not be."""
    values, kind = column.to_pylist(), column.type
    for index in range(len(values)):
        if draw.random() >= rate:
            continue
        how = draw.random()
        if how < 0.3:
            values[index] = None
        elif how < 0.7:
            values[index] = draw.choice(values)
        elif kind in SPOILS:
            values[index] = draw.choice(SPOILS[kind])
        elif pa.types.is_list(kind) and values[index]:
            values[index] = values[index] + values[index][:1]
    return pa.chunked_array([pa.array(values, kind)])


def spoil(made, rate, draw):
    def table(own):
        columns = {n: own[n] if n == "key" else spoiled(own[n], rate, draw) for n in own.column_names}
        return pa.table(columns, schema=own.schema)

    return attrs.evolve(made, table=table(made.table), tables={name: table(own) for name, own in made.tables.items()})


def bound(book, decision, made):
    """The rows of tables, as given and bound."""
    on = made.on if isinstance(made.on, date) else moment_field("on")
    naming = Naming(beside=() if isinstance(made.on, date) else ("on",))
    schemas = {name: own.schema for name, own in made.tables.items()}
    plan = plan_tables(decision, known_facts(book, decision), made.table.schema, schemas, naming)
    plans = {own.name: own for _, _, own in plan.below()}
    parts = {name: PartTable(plans[name], own) for name, own in made.tables.items()}
    keys = piece(made.table["key"])
    groups = {name: own.claim(keys, 0).groups for name, own in parts.items()}
    columns = {name: piece(made.table[name]) for name in made.table.column_names}
    rows, _ = gather(plan, columns, np.arange(made.table.num_rows), groups, parts)
    return rows, Binder(plan, on).bind(rows)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", DECISIONS)
def test_a_row_that_is_not_marked_is_right(name, seed):
    places = groups()[name]
    book = book_of(places[0][0])
    decision = book.decision(name)
    made = tables_from(book, decision, [asked for _, _, asked in places], nested=bool(seed % 2))
    made = spoil(made, 0.03, random.Random(seed))
    rows, chunk = bound(book, decision, made)
    for index, objects, place in questions(rows, np.arange(rows.length)):
        on = made.on if isinstance(made.on, date) else objects.raw("on", place)
        told = outcome_of(book, decision, objects, place, on)
        assert chunk.bound.suspect[index] or not isinstance(told, NOT_AS_IT_IS), told


def outcome_of(book, decision, objects, place, on):
    """What comes of a row by itself, errors included."""
    try:
        return decide_one(book, decision, objects, place, on, None)
    except MunirulesError as error:
        return error


@pytest.mark.parametrize("name", DECISIONS)
def test_hardly_a_row_is_marked_that_is_right(name):
    places = groups()[name]
    book = book_of(places[0][0])
    made = tables_from(book, book.decision(name), [asked for _, _, asked in places])
    rows, chunk = bound(book, book.decision(name), made)
    assert chunk.bound.suspect.sum() <= rows.length // 50
