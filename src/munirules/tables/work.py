"""What is done with rows before they are decided: joined with their parts, told apart by municipality, or set aside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import attrs
import numpy as np
import pyarrow as pa

from munirules.engine.rulebook import Rulebook
from munirules.tables import rejects
from munirules.tables.frames import TableError, piece
from munirules.tables.joins import PartTable, as_keys
from munirules.tables.rejects import Reject
from munirules.tables.towns import Towns

_NARROW: Final = 2**15

if TYPE_CHECKING:
    from numpy.typing import NDArray


@attrs.frozen(kw_only=True, eq=False)
class Work:
    """Rows of the main table that are to be decided together.

    Attributes:
        columns: their columns.
        beside: all columns of the chunk, in the caller's order.
        first: the number of the chunk's first row.
        numbers: where they stand in the caller's table.
        groups: per table of parts, the group of each.
        runs: for whom they are decided: a rulebook, and from which to which of them.
        rejects: rows of the chunk that are set aside already.
        set_aside: how many of those there are.
    """

    columns: Mapping[str, pa.Array]
    beside: Mapping[str, pa.Array]
    first: int
    numbers: NDArray[np.int64]
    groups: Mapping[str, NDArray[np.int64]]
    runs: Sequence[tuple[Rulebook, int, int]]
    rejects: Sequence[Reject] = ()
    set_aside: int = 0


class Preparation:
    """Prepares the rows of one call, chunk after chunk.

    Args:
        book: for whom; None where the column of codes says it.
        towns: the rulebooks of the codes.
        code: the column of codes; empty where there is none.
        key: the key column; empty where there is none.
        part_tables: the tables of parts.
        read: columns of the main table that are read, beside what is only kept.
    """

    def __init__(
        self,
        book: Rulebook,
        towns: Towns,
        code: str,
        key: str,
        part_tables: Mapping[str, PartTable],
        read: Collection[str],
    ) -> None:
        self.book = book
        self.towns = towns
        self.code = code
        self.key = key
        self.part_tables = part_tables
        self.read = frozenset(read)
        self._claims: dict[str, tuple[NDArray[np.int64], NDArray[np.bool_]]] = {}

    def see_all(self, main: pa.Table) -> None:
        """Look at all keys of the main table at once: one that stands twice is then known before it is used."""
        if self.part_tables:
            self._claims = self.claim(piece(main[self.key]), 0)

    def claim(self, keys: pa.Array, row: int) -> dict[str, tuple[NDArray[np.int64], NDArray[np.bool_]]]:
        """For each table of parts the group of each row, and the rows whose key another has too."""
        wanted = as_keys(keys, f"the key column {self.key!r}")
        found = {}
        for name, own in self.part_tables.items():
            claim = own.claim(wanted, row)
            found[name] = claim.groups, claim.twice
        return found

    def of(self, table: pa.Table, row: int) -> Work:
        """Join a chunk with its parts, and tell its rows apart by municipality."""
        number = table.num_rows
        columns = {name: piece(table[name]) for name in table.column_names}
        numbers = np.arange(row, row + number, dtype=np.int64)
        claims = {
            name: (groups[row : row + number], twice[row : row + number])
            for name, (groups, twice) in self._claims.items()
        }
        if self.part_tables and not claims:
            claims = self.claim(columns[self.key], row)
        groups = {name: own for name, (own, _) in claims.items()}
        beside = columns
        aside: dict[int, Reject] = {}
        if self.part_tables:
            self._keys_wrong(columns[self.key], claims, numbers, aside)
        books, chosen = self._towns_of(columns, numbers, aside)
        right = np.ones(number, dtype=bool)
        right[list(aside)] = False
        order = np.flatnonzero(right)
        if len(books) > 1:
            narrow = chosen[order].astype(np.int16) if len(books) < _NARROW else chosen[order]
            order = order[np.argsort(narrow, kind="stable")]  # of narrow numbers in one go, by their digits
        if aside or len(books) > 1:
            picked = pa.array(order)
            columns = {name: column.take(picked) for name, column in columns.items() if name in self.read}
            numbers = numbers[order]
            groups = {name: own[order] for name, own in groups.items()}
        ends = np.searchsorted(chosen[order], np.arange(len(books)), side="right").tolist()
        runs = [(book, start, stop) for book, start, stop in zip(books, [0, *ends], ends, strict=False) if stop > start]
        return Work(
            columns=columns,
            beside=beside,
            first=row,
            numbers=numbers,
            groups=groups,
            runs=runs,
            rejects=list(aside.values()),
            set_aside=len(aside),
        )

    def _keys_wrong(
        self,
        keys: pa.Array,
        claims: Mapping[str, tuple[NDArray[np.int64], NDArray[np.bool_]]],
        numbers: NDArray[np.int64],
        aside: dict[int, Reject],
    ) -> None:
        """Set aside rows that have no key, or one that another row has too: whose the parts are cannot be known."""
        reasons = [("the key is empty, so that its parts cannot be found", np.asarray(keys.is_null()))]
        for name, (_, twice) in claims.items():
            reasons.append(
                (f"another row has this key too, so that it is not known whose the rows of {name} are", twice)
            )
        for reason, mask in reasons:
            for index in np.flatnonzero(mask).tolist():
                key = rejects.shown_value(keys[index].as_py())
                aside.setdefault(
                    index,
                    Reject(
                        row=int(numbers[index]),
                        key=key,
                        field_or_rule=self.key,
                        value=key,
                        reason=reason,
                        error=rejects.WRONG_KEY,
                    ),
                )

    def _towns_of(
        self, columns: Mapping[str, pa.Array], numbers: NDArray[np.int64], aside: dict[int, Reject]
    ) -> tuple[list[Rulebook], NDArray[np.int64]]:
        """The rulebooks of a chunk, and by which of them each row is decided."""
        if not self.code:
            return [self.book], np.zeros(len(numbers), dtype=np.int64)
        encoded = columns[self.code].cast(pa.string()).dictionary_encode()
        codes = np.asarray(encoded.indices.fill_null(-1), dtype=np.int64)
        books: list[Rulebook] = []
        places = np.full(len(encoded.dictionary) + 1, -1, dtype=np.int64)
        for place, code in enumerate([*encoded.dictionary.to_pylist(), None]):
            found = self.towns.of(code) if code is not None else TableError(["the code is empty"])
            if isinstance(found, Rulebook):
                places[place] = len(books)
                books.append(found)
                continue
            for index in np.flatnonzero(codes == (place if code is not None else -1)).tolist():
                key = None if not self.key else rejects.shown_value(columns[self.key][index].as_py())
                reject = Reject(
                    row=int(numbers[index]),
                    key=key,
                    field_or_rule=self.code,
                    value=code,
                    reason=str(found),
                    error=type(found).__name__,
                )
                aside.setdefault(index, reject)
        return books, places[codes]
