"""The order of keys in which files must stand so that they can be read side by side.

Keys of up to 18 figures come first, by their number; others follow as texts, character by character. Files in which keys
have one width, or are numbers, stand so when they are sorted by any usual means.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Ranked: TypeAlias = "tuple[int, int, str]"
"""What keys are compared by."""

FIGURES: Final = 18
_NUMBER: Final = rf"^[0-9]{{1,{FIGURES}}}$"

_NO: Final = pa.scalar(value=False)

SQL: Final = (
    "regexp_full_match({key}, '[0-9]{{1,18}}') DESC NULLS FIRST, "
    "CASE WHEN regexp_full_match({key}, '[0-9]{{1,18}}') THEN CAST({key} AS BIGINT) END NULLS FIRST, {key} NULLS FIRST"
)
"""The same order in DuckDB's SQL; nothing comes first."""


def ranked(key: str | None) -> Ranked:
    """What a key is compared by; a missing one comes before all others."""
    if not key:
        return -1, 0, ""
    if key.isascii() and key.isdigit() and len(key) <= FIGURES:
        return 0, int(key), key
    return 1, 0, key


def misplaced(keys: pa.StringArray, before: Ranked | None) -> int | None:
    """The first row whose key comes before that of the row above it; None where all stand in order.

    Args:
        keys: the keys; null where one is missing.
        before: what the row above the first is compared by.
    """
    if not len(keys):
        return None
    if before is not None and ranked(keys[0].as_py()) < before:
        return 0
    figures = np.asarray(pc.match_substring_regex(keys, _NUMBER).fill_null(_NO))
    numbers = np.asarray(pc.if_else(pa.array(figures), keys, pa.scalar("0")).cast(pa.int64()))
    kinds = np.where(np.asarray(keys.is_null()), -1, np.where(figures, 0, 1))
    texts = np.asarray(pc.greater(keys[:-1], keys[1:]).fill_null(_NO))
    same = (kinds[:-1] == kinds[1:]) & ((numbers[:-1] == numbers[1:]) | (kinds[1:] == 1))
    wrong = (
        (kinds[:-1] > kinds[1:])
        | ((kinds[:-1] == kinds[1:]) & (kinds[1:] == 0) & (numbers[:-1] > numbers[1:]))
        | (same & texts)
    )
    found = np.flatnonzero(wrong)
    return int(found[0]) + 1 if len(found) else None
