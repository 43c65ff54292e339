"""Makes a question short: what does not matter is left out, numbers become small, days near. Works on plain data.

So a witness can be shrunk wherever it came from: drawn, published, a row of a file, or the question of another process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from munirules.models.years import YEAR_FIELDS

Path: TypeAlias = tuple[str | int, ...]
Keeps: TypeAlias = Callable[[Mapping[str, Any]], bool]

TRIES: Final = 400
"""Questions that are asked at most for one witness."""

_KEPT: Final = frozenset({"on", "id", *YEAR_FIELDS})


def shrunk(request: Mapping[str, Any], keeps: Keeps, tries: int = TRIES) -> dict[str, Any]:
    """Return a short question that still does what it is for; the same one for the same question.

    Args:
        request: a question as plain data; it stays as it is.
        keeps: whether a shorter question is still one, and still does it.
        tries: how often `keeps` is asked at most.
    """
    shrinker = _Shrinker(dict(request), keeps, tries)
    before = None
    while before != shrinker.best and shrinker.left > 0:
        before = shrinker.best
        shrinker.shorten()
        shrinker.lessen()
    return shrinker.best


class _Shrinker:
    def __init__(self, request: dict[str, Any], keeps: Keeps, tries: int) -> None:
        self.best = request
        self.keeps = keeps
        self.left = tries

    def accepts(self, tried: dict[str, Any]) -> bool:
        """Whether a question keeps; it is then the best."""
        if self.left < 1 or tried == self.best:
            return False
        self.left -= 1
        if not self.keeps(tried):
            return False
        self.best = tried
        return True

    def shorten(self) -> None:
        """Leave out parts, facts and fields, one by one, the last first."""
        for path in reversed(list(_removable(self.best, ()))):
            if _has(self.best, path):
                self.accepts(_removed(self.best, path))

    def lessen(self) -> None:
        """Make numbers small, and days round."""
        for path in list(leaves(self.best, ())):
            if not _has(self.best, path) or path[-1] in _KEPT:
                continue
            value = at(self.best, path)
            if type(value) is int and value > 0:
                self.least(path, value)
            elif isinstance(value, str):
                for day in _rounder(value):
                    if self.accepts(put(self.best, path, day)):
                        break

    def least(self, path: Path, value: int) -> None:
        """Find a small number: none, or the least by halving the distance, as far as it goes."""
        if self.accepts(put(self.best, path, 0)) or self.accepts(put(self.best, path, 1)):
            return
        low, high = 1, value
        while high - low > 1 and self.left > 0:
            middle = (low + high) // 2
            if self.accepts(put(self.best, path, middle)):
                high = middle
            else:
                low = middle


def _removable(data: Any, path: Path) -> Iterator[Path]:
    """Paths of list items and keys that may be left out, an item before what is in it."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if path and key not in _KEPT:
                yield (*path, key)
            yield from _removable(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield (*path, index)
            yield from _removable(value, (*path, index))


def leaves(data: Any, path: Path) -> Iterator[Path]:
    """Paths of the values in plain data, each with `path` before it."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from leaves(value, (*path, index))
    elif path:
        yield path


def _has(data: Any, path: Path) -> bool:
    try:
        at(data, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def at(data: Any, path: Path) -> Any:
    """What stands at a path."""
    for key in path:
        data = data[key]
    return data


def put(data: Any, path: Path, value: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return value
    copied: Any = dict(data) if isinstance(data, Mapping) else list(data)
    copied[path[0]] = put(data[path[0]], path[1:], value)
    return copied


def _removed(data: Any, path: Path) -> Any:
    """A copy without what stands at a path."""
    copied: Any = dict(data) if isinstance(data, Mapping) else list(data)
    if len(path) == 1:
        del copied[path[0]]
    else:
        copied[path[0]] = _removed(data[path[0]], path[1:])
    return copied


def _rounder(text: str) -> Iterator[str]:
    """Rounder days near one: January 1 of its year, the first of its month."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return
    for rounder in (day.replace(month=1, day=1), day.replace(day=1)):
        if rounder.isoformat() < text:
            yield rounder.isoformat()
