"""What a run is to do, and its inputs opened and held against what the decision may be given."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.errors import did_you_mean
from munirules.tables.files.mapping import FileForm, FileMap, MapError, Source, TableMap
from munirules.tables.files.opening import open_input
from munirules.tables.files.plan import Plan, bind, plain_map
from munirules.tables.files.reading import Reader
from munirules.tables.files.records import FileError
from munirules.tables.files.targets import MAIN, Targets, input_targets

if TYPE_CHECKING:
    from munirules.engine.decision import Decision
    from munirules.plugins.rulebook import Rulebook


_KEY: Final = "key"


@attrs.frozen(kw_only=True)
class Order:
    """What a run is to do.

    Attributes:
        book: for whom; with `code`, the nation or any of them.
        decision: what is decided.
        input: a file, or a database (see `munirules.tables.files.opening`).
        output: the file to write; its suffix says its format.
        on: the decision's date, or the header of its column; None where the map says it.
        code: header of the column with the municipality's code; None for `book`.
        known: decide as it would have been decided on this date.
        tables: further files by name of their table: `members`, `Roles.holders` ….
        mapped: the map of a legacy layout; None where headers are names of fields.
        keys: header of the key by table; under the empty name for all that have none of their own.
        keep: headers that stand beside the result; `("*",)` for all others.
        drop: headers that are passed over; likewise.
        form: how CSV and Excel inputs are written.
        query: the query, where the input is a database.
        rejects: file for rows that are set aside; None for none.
        explain: `ja` or `en` for a column with the explanation of each row; None for none.
        encoding: of a CSV output and of the rejects.
        sort: whether to sort the files by key on disk first.
        resume: whether to go on with an earlier run that was killed.
        threads: parts at a time; 0 for as many as there are processors.
    """

    book: Rulebook
    decision: Decision[Any, Any]
    input: str
    output: Path
    on: date | str | None = None
    code: str | None = None
    known: date | None = None
    tables: Mapping[str, str] = attrs.field(factory=dict)
    mapped: FileMap | None = None
    keys: Mapping[str, str] = attrs.field(factory=dict)
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    form: FileForm = attrs.field(factory=FileForm)
    query: str | None = None
    rejects: Path | None = None
    explain: str | None = None
    encoding: str = "utf-8"
    sort: bool = False
    resume: bool = False
    threads: int = 0


@attrs.frozen(kw_only=True)
class Input:
    """An input, open, and what its columns are."""

    reader: Reader
    plan: Plan


def open_inputs(order: Order) -> dict[str, Input]:
    """Open the inputs of a run: by name of the table, the empty one for the subjects.

    Raises:
        FileError: when one cannot be opened.
        MapError: naming what of headers, map and options does not fit.
    """
    targets = input_targets(order.book, order.decision)
    for name in order.tables:
        if name not in targets or name == MAIN:
            known = [table for table in targets if table]
            raise FileError(
                f"--table {name}: {order.decision.name} has no such table{did_you_mean(name, known)} "
                f"(tables: {', '.join(known) or 'none'})"
            )
    opened: dict[str, Input] = {}
    problems: list[str] = []
    if order.mapped is not None:
        missing = [mapped for name, mapped in order.mapped.tables.items() if name not in order.tables]
        problems += [f"{each.where}: no file is given for it; write --table {each.name}=FILE" for each in missing]
    with ExitStack() as stack:
        for name, given in {MAIN: order.input, **order.tables}.items():
            reader = open_input(given, _form(order, name), order.query if name == MAIN else None)
            stack.callback(reader.close)
            try:
                opened[name] = Input(reader=reader, plan=_plan(order, name, reader, targets[name]))
            except MapError as error:
                problems += error.problems
        if problems:
            raise MapError(problems)
        stack.pop_all()
    return opened


def _map(order: Order, table: str) -> TableMap | None:
    if order.mapped is None:
        return None
    return order.mapped.main if table == MAIN else order.mapped.tables.get(table)


def _form(order: Order, table: str) -> FileForm:
    """How a file is written: by the options, else by the map."""
    said = _map(order, table)
    mapped = said.form if said is not None else FileForm()
    given = order.form if table == MAIN else attrs.evolve(order.form, columns=None, sheet=None)
    return FileForm(
        encoding=given.encoding or mapped.encoding,
        delimiter=given.delimiter or mapped.delimiter,
        columns=given.columns or mapped.columns,
        sheet=given.sheet or mapped.sheet,
    )


def _plan(order: Order, table: str, reader: Reader, targets: Targets) -> Plan:
    mapped = _map(order, table)
    plain = mapped is None
    mapped = mapped or TableMap(name=table)
    if table == MAIN:
        mapped = attrs.evolve(mapped, keep=(*mapped.keep, *order.keep), drop=(*mapped.drop, *order.drop))
        if isinstance(order.on, str):
            mapped = attrs.evolve(mapped, on=Source(headers=(order.on,)))
        elif order.on is not None and mapped.on is not None:
            raise MapError(
                [f"{mapped.on.where}: on = … stands in the map, and --on says {order.on}; leave one of them out"]
            )
        if order.code is not None:
            mapped = attrs.evolve(mapped, code=Source(headers=(order.code,)))
        if order.on is None and mapped.on is None:
            raise MapError([f"the decision's date is missing ({order.decision.on}); write --on DATE, or --on COLUMN"])
    elif mapped.on is not None or mapped.code is not None or mapped.results:
        raise MapError([f"{mapped.where}: on, code and results belong to the file of the subjects"])
    mapped = attrs.evolve(mapped, key=_key(order, table, mapped, reader))
    if plain:
        mapped = plain_map(reader.headers, targets, mapped)
    return bind(mapped, reader.headers, targets, name=reader.name, tables=order.tables)


def _key(order: Order, table: str, mapped: TableMap, reader: Reader) -> str | None:
    """The header of a file's key: as is said, else `key`; needed where files belong together."""
    said = order.keys.get(table) or mapped.key or order.keys.get(MAIN)
    if said is not None or _KEY not in reader.headers:
        if said is None and order.tables:
            option = f"--key {table}=COLUMN" if table else "--key COLUMN"
            raise MapError(
                [f"{reader.name}: which column says what belongs together? write {option}, or key = … in the map"]
            )
        return said
    return _KEY
