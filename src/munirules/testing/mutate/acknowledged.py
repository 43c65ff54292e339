"""Mutants that need not be noticed, each with the reason, in a file that is reviewed: `equivalent.toml`.

::

    [[mutant]]
    id = "*WaterTariff.round_tax: figure: 0 → 1"      # as reports print it; * stands for anything
    with = { tax = "included" }                        # only where the same version says so
    reason = "With tax included no tax is rounded."
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import attrs

from munirules.errors import MunirulesError
from munirules.testing.faults.mutant import Mutant

_KEYS = {"id": str, "with": dict, "reason": str}


class AcknowledgedError(MunirulesError, ValueError):
    """A file of mutants that need not be noticed that cannot be read."""


@attrs.define(eq=False)
class Entry:
    """Mutants that need not be noticed.

    Attributes:
        id: what their ids match.
        reason: why.
        fields: fields of the same version and provision, and what they say there.
        where: file and number of the entry.
        used: whether it was needed.
    """

    id: str
    reason: str
    fields: Mapping[str, Any]
    where: str
    used: bool = False

    def fits(self, mutant: Mutant) -> bool:
        """Whether it speaks of a mutant."""
        if not fnmatchcase(mutant.id, self.id.replace("[", "[[]")):
            return False
        return all(mutant.beside.get(name) == value for name, value in self.fields.items())


class Acknowledged:
    """What need not be noticed.

    Args:
        entries: the entries of all files.
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = list(entries)

    @classmethod
    def read(cls, files: Iterable[Path]) -> Acknowledged:
        """Read files.

        Raises:
            AcknowledgedError: naming the file and entry.
        """
        return cls(entry for file in files for entry in _entries(file))

    def reason(self, mutant: Mutant) -> str:
        """Why a mutant that nothing noticed need not be; empty where nobody says so."""
        for entry in self.entries:
            if entry.fits(mutant):
                entry.used = True
                return entry.reason
        return ""

    @property
    def unused(self) -> list[str]:
        """Entries that no mutant needed: what they speak of is noticed now, or gone."""
        return [f"{entry.where}: {entry.id}" for entry in self.entries if not entry.used]


def _entries(file: Path) -> Iterable[Entry]:
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AcknowledgedError(f"{file}: cannot be read: {error}") from None
    tables = data.pop("mutant", [])
    if data or not isinstance(tables, list):
        raise AcknowledgedError(f"{file}: holds [[mutant]] tables with id, reason and, if wanted, with")
    for number, table in enumerate(tables, 1):
        where = f"{file}, mutant {number}"
        for key, value in table.items():
            if key not in _KEYS or not isinstance(value, _KEYS[key]):
                raise AcknowledgedError(f"{where}: {key} = {value!r} is not allowed; it has {', '.join(_KEYS)}")
        if not table.get("id") or not table.get("reason"):
            raise AcknowledgedError(f"{where}: lacks its id or reason")
        yield Entry(table["id"], table["reason"], table.get("with", {}), where)
