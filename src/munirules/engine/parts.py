"""Parts of a subject in rules: `Place`, `NOBODY`, `Each`, and `at(…)` for values of another date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Generic, Protocol, TypeVar

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


NOBODY: Final = Place(-1)
"""The place of a part that is not there. It can index nothing."""


class Each(Protocol[T_co]):
    """A rule's value for every part: iterate it, take its length, or look one up by `Place`."""

    def __iter__(self) -> Iterator[T_co]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, place: Place, /) -> T_co: ...


class Values(Generic[T_co]):
    """The engine's `Each`: values in order of the parts, with holes where `who=` spared a part."""

    __slots__ = ("_at", "_places", "_values")

    def __init__(self, values: Sequence[T_co], places: Sequence[Place] | None = None) -> None:
        self._values = values
        self._places = places
        self._at = None if places is None else {int(place): index for index, place in enumerate(places)}

    def __iter__(self) -> Iterator[T_co]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, place: Place) -> T_co:
        index = int(place) if self._at is None else self._at.get(int(place), -1)
        if 0 <= index < len(self._values):
            return self._values[index]
        raise PlaceError(
            f"{place!r} is not among these {len(self._values)} values; compare with NOBODY before indexing"
        )

    def __repr__(self) -> str:
        return f"Each({list(self._values)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Values) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self._values))


@attrs.frozen
class At:
    """Another date for a provision or another decision's result; made by `at`."""

    key: str
    started: str = ""


def at(key: str, *, started: str = "") -> At:
    """Ask for a provision or a result as of another date: `tariff: Annotated[WaterTariff, at("read_on")]`.

    Args:
        key: `on`, or the rule, or the field of the subject or part, that gives the date.
        started: the rule or field that gives the day on which a continuing contract began. With it, versions that
            say `continuing_since` reach contracts begun before them only from that later date. None for that day
            means: before any of them.
    """
    return At(key, started)
