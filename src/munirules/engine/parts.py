"""Parts of a subject in rules: `Place`, `NOBODY`, `Each`, and `at(…)` for values of another date."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol, TypeVar

import attrs

from munirules.errors import MunirulesError

T_co = TypeVar("T_co", covariant=True)


class PlaceError(MunirulesError, IndexError):
    """An `Each` was indexed by a place where nobody stands."""


class Place(int):
    """Where a part stands among its kind. The engine makes places; data refer by id."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOBODY" if self < 0 else f"Place({int(self)})"


NOBODY: Final = Place(-(2**31))
"""The place of a part that is not there. It can index nothing: -1 would read the last of a tuple."""


class Each(Protocol[T_co]):
    """A rule's value for every part: iterate it, take its length, or look one up by `Place`."""

    def __iter__(self) -> Iterator[T_co]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, place: Place, /) -> T_co: ...


class Values(tuple[T_co, ...]):
    """The engine's `Each` over all parts: a tuple that only a real `Place` can index."""

    __slots__ = ()

    def __getitem__(self, place: Any) -> Any:
        if 0 <= place < len(self):
            return tuple.__getitem__(self, place)
        raise PlaceError(f"{place!r} is not among these {len(self)} values; compare with NOBODY before indexing")

    def __repr__(self) -> str:
        return f"Each({list(self)!r})"


class SparseValues(Values[T_co]):
    """The engine's `Each` where `who=` spared parts: values of the others, indexed by their places among all."""

    _at: Sequence[int]

    @classmethod
    def at_places(cls, values: Sequence[T_co], places: Sequence[int]) -> SparseValues[T_co]:
        """Make one from the values and the places at which they stand, in their order."""
        made = cls(values)
        made._at = places
        return made

    def __getitem__(self, place: Any) -> Any:
        index = bisect_left(self._at, place)
        if index < len(self) and self._at[index] == place:
            return tuple.__getitem__(self, index)
        raise PlaceError(f"{place!r} is not among these {len(self)} values; compare with NOBODY before indexing")


@attrs.frozen
class At:
    """Another date for a provision or another decision's result; made by `at`."""

    key: str
    started: str = ""


def at(key: str, *, started: str = "") -> At:
    """Name another date for a provision or a result, within `Annotated[WaterTariff, …]`.

    Args:
        key: `on`, or the rule, or the field of the subject or part, that gives the date.
        started: the rule or field that gives the day on which a continuing contract began. With it, versions that
            say `continuing_since` reach contracts begun before them only from that later date. None for that day
            means: before any of them.
    """
    return At(key, started)
