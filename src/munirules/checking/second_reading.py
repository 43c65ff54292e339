"""Second readings: figures read again from their source and typed anew, compared with the enactments cell by cell.

A figure that no published example reaches can be wrong without anybody noticing. So `second_reading.toml` beside a
plugin's data holds it a second time, written without looking at the first::

    [[reading]]
    file = "water/supply.toml"
    since = 2019-10-01
    read_on = 2026-11-27
    source = "https://…"                # what was read; another page than the enactment's where there is one
    [reading.WaterTariff]
    bands = [{ above = 0, price = 120 }, { above = 10, price = 157.5 }]

Columns that are left out are not compared; of a table as many rows stand as the enactment has.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs

from munirules.engine.enactment import Enactment, Version
from munirules.engine.lines import Lines
from munirules.plugins.folder import SECOND_READING

_KEYS: Final = {"file": str, "since": date, "promulgated": date, "read_on": date, "source": str, "note": str}
_REQUIRED: Final = ("file", "since", "read_on", "source")


@attrs.frozen(kw_only=True)
class ReadTwice:
    """A figure that was read twice.

    Attributes:
        file: the enactment's file.
        since: of its version.
        path: where in the version: `WaterTariff.bands[1].price`, rows from 1.
    """

    file: str
    since: date
    path: str


@attrs.frozen(kw_only=True, eq=False)
class SecondReading:
    """What second readings came to.

    Attributes:
        figures: those that were read twice and are the same both times.
        faults: what differs, or cannot be compared, with file and line.
    """

    figures: tuple[ReadTwice, ...] = ()
    faults: tuple[str, ...] = ()


def second_reading(folder: Path, enactments: Sequence[Enactment]) -> SecondReading:
    """Compare the second readings of a plugin's folder with its enactments.

    Args:
        folder: the folder; one without `second_reading.toml` has none.
        enactments: those of the folder.
    """
    path = folder / SECOND_READING
    if not path.is_file():
        return SecondReading()
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return SecondReading(faults=(f"{path}: cannot be read: {error}",))
    tables = data.pop("reading", [])
    if data or not isinstance(tables, list):
        return SecondReading(faults=(f"{path}: holds [[reading]] tables and nothing else",))
    compared = _Compared(path, Lines(text), {Path(own.file).resolve(): own for own in enactments})
    for index, table in enumerate(tables):
        compared.reading(index, table)
    return SecondReading(figures=tuple(compared.figures), faults=tuple(compared.faults))


class _Compared:
    def __init__(self, path: Path, lines: Lines, enactments: Mapping[Path, Enactment]) -> None:
        self.path = path
        self.lines = lines
        self.enactments = enactments
        self.figures: list[ReadTwice] = []
        self.faults: list[str] = []

    def fault(self, message: str, *path: str | int) -> None:
        self.faults.append(f"{self.path}:{self.lines.of(*path)}: {message}")

    def reading(self, index: int, table: Mapping[str, Any]) -> None:
        """Compare one reading."""
        head = {key: value for key, value in table.items() if not isinstance(value, dict)}
        for key, value in head.items():
            if key not in _KEYS or type(value) is not _KEYS[key]:
                self.fault(f"{key} = {value!r} is not allowed; a reading has {', '.join(_KEYS)}", "reading", index, key)
        missing = [key for key in _REQUIRED if key not in head]
        if missing:
            self.fault(f"lacks {', '.join(missing)}", "reading", index)
            return
        enactment = self.enactments.get((self.path.parent / head["file"]).resolve())
        version = self._version(enactment, head) if enactment is not None else None
        if enactment is None or version is None:
            what = f"no version since {head['since']}" if enactment is not None else "no such enactment"
            self.fault(f"{head['file']}: {what}", "reading", index)
            return
        for provision, fields in table.items():
            if isinstance(fields, dict):
                for field, value in fields.items():
                    where = ("reading", index, provision, field)
                    first = version.values.get(provision, {}).get(field)
                    name = f"{provision}.{field}"
                    if first is None:
                        self.fault(f"{name}: the version does not set it", *where)
                        continue
                    for path in self._same(first, value, name, where):
                        self.figures.append(ReadTwice(file=enactment.file, since=version.since, path=path))

    @staticmethod
    def _version(enactment: Enactment, head: Mapping[str, Any]) -> Version | None:
        return next(
            (
                own
                for own in enactment.versions
                if own.since == head["since"] and head.get("promulgated", own.promulgated) == own.promulgated
            ),
            None,
        )

    def _same(self, first: Any, second: Any, name: str, where: tuple[str | int, ...]) -> Iterator[str]:
        """Names of the figures that are the same both times; what differs becomes a fault."""
        if isinstance(second, Mapping) and isinstance(first, Mapping):
            for key, value in second.items():
                yield from self._same(first.get(key), value, f"{name}.{key}", where)
        elif isinstance(second, list) and isinstance(first, list):
            if len(first) != len(second):
                self.fault(f"{name}: {len(first)} rows the first time, {len(second)} the second", *where)
                return
            for number, (one, other) in enumerate(zip(first, second, strict=True), 1):
                yield from self._same(one, other, f"{name}[{number}]", where)
        elif (type(first) is bool) == (type(second) is bool) and first == second:
            yield name
        else:
            self.fault(f"{name}: {first} the first time, {second} the second; read the source once more", *where)
