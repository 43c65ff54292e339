"""Why a jurisdiction was not found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from munirules.errors import MunirulesError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from munirules.engine.jurisdiction import Jurisdiction

_SHOWN = 12


class JurisdictionLookupError(MunirulesError, LookupError):
    """A text names no one jurisdiction."""


class UnknownJurisdiction(JurisdictionLookupError):
    """A code or name that no jurisdiction has."""


class AmbiguousJurisdiction(JurisdictionLookupError):
    """A name that several jurisdictions answer to.

    Attributes:
        text: what was written.
        candidates: all that it may mean, in the order of their codes.
    """

    def __init__(self, text: str, candidates: Iterable[Jurisdiction]) -> None:
        self.text = text
        self.candidates = tuple(sorted(candidates, key=lambda one: one.code))
        super().__init__(text, self.candidates)

    def __str__(self) -> str:
        shown = ", ".join(map(str, self.candidates[:_SHOWN]))
        rest = len(self.candidates) - _SHOWN
        more = f" and {rest} more" if rest > 0 else ""
        return (
            f"{self.text!r} may be any of {len(self.candidates)}: {shown}{more}; "
            "write the code, or the name with its prefecture"
        )


class WardIsNoMunicipality(JurisdictionLookupError):
    """A ward of a designated city (行政区), which has no ordinances of its own.

    Attributes:
        text: what was written.
        ward: the ward.
        city: the designated city whose ordinances hold there.
    """

    def __init__(self, text: str, ward: Jurisdiction, city: Jurisdiction) -> None:
        self.text = text
        self.ward = ward
        self.city = city
        super().__init__(text, ward, city)

    def __str__(self) -> str:
        return (
            f"{self.text!r} is {self.ward}, a ward of a designated city, which has no ordinances of its own; "
            f"those of {self.city} hold there: write {self.city.name!r} or {self.city.code!r}"
        )
