"""Every error of the library derives from `MunirulesError`.

A message says what was wrong, where, and what is right, in the user's words.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class MunirulesError(Exception):
    """Base of every error that the library raises on purpose."""


class InputError(MunirulesError):
    """What the caller gave cannot be: raised by helpers of rules, and told as it is."""


class MissingExtra(MunirulesError, ImportError):
    """A part of the library whose own libraries are not installed; says which extra brings them."""

    def __init__(self, wanted: str, extra: str, error: ImportError) -> None:
        super().__init__(
            f'{wanted} cannot be used here ({error}); install what it needs: python -m pip install "munirules[{extra}]"'
        )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` — did you mean 'x'?`, or an empty string where nothing is near.

    Args:
        word: what was written.
        known: what may be written.
    """
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" — did you mean {near[0]!r}?" if near else ""
