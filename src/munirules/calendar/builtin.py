"""The eras that the library itself knows, and eras of one's own from a file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from munirules.calendar.era import CodeSystem, era_from_row
from munirules.calendar.errors import EraTableError
from munirules.calendar.lunisolar import LunarTable, months_from_rows
from munirules.calendar.table import EraTable

if TYPE_CHECKING:
    from munirules.calendar.era import Era

DATA = Path(__file__).with_name("data")


def read_data(name: str) -> dict[str, Any]:
    """Return a data file of the calendar."""
    return tomllib.loads(DATA.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def modern_era_table() -> EraTable:
    """Return the table of the five eras from 明治, with the lunisolar years of 明治 1 to 5."""
    eras = tuple(era_from_row(row, origin="eras.toml") for row in read_data("eras")["era"])
    systems = tuple(CodeSystem(**row) for row in read_data("code_systems")["system"])
    return EraTable(eras, systems, LunarTable(months_from_rows(read_data("lunisolar_meiji"))))


@cache
def era_table() -> EraTable:
    """Return the table that is used where none is given: the modern eras and the earlier ones (享和 to 慶応)."""
    modern = modern_era_table()
    rows = read_data("eras_early")["era"]
    early = tuple(era_from_row({"announced": row["start"], **row}, origin="eras_early.toml") for row in rows)
    months = [*months_from_rows(read_data("lunisolar_early")), *months_from_rows(read_data("lunisolar_meiji"))]
    return EraTable((*early, *modern.eras), modern.systems, LunarTable(months))


def load_eras(path: str | Path) -> tuple[Era, ...]:
    """Return the eras of a TOML file of `[[era]]` rows.

    Raises:
        EraTableError: the file is no TOML, or a row is not well formed.
    """
    place = Path(path)
    try:
        data = tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EraTableError([("unreadable", f"{place}: {error}")]) from error
    rows = data.pop("era", None)
    if not isinstance(rows, list) or data:
        raise EraTableError([("no_rows", f"{place} holds rows [[era]] and nothing else")])
    return tuple(era_from_row(row, origin=f"{place}, row {number}") for number, row in enumerate(rows, start=1))
