"""Two types of date: one that is whole (`EraDate`), and one of which a part is not known (`PartialDate`).

Both have `earliest`, `latest`, `precision`, `marks` and `text`, so that a program that must take either can. Both
compare by the days they mean. Where the answer would depend on what is not known, comparing raises; it does not
guess.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import attrs

from munirules.calendar.errors import UncertainOrderError

if TYPE_CHECKING:
    from munirules.calendar.era import Era
    from munirules.calendar.lunisolar import LunarDay

Bounds = tuple[dt.date | None, dt.date | None]


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    THIRD = "third"  # 上旬, 中旬, 下旬
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    FISCAL_YEAR = "fiscal_year"
    ERA = "era"
    RANGE = "range"
    ABOUT = "about"
    UNKNOWN = "unknown"


class Mark(StrEnum):
    """What a reader should know about how a date was read."""

    AFTER_ERA_END = "after_era_end"  # 平成32年: written in an era that had ended
    BEFORE_ERA_START = "before_era_start"  # 令和元年1月1日
    OVERLAP_DAY = "overlap_day"  # 大正15年12月25日: validly written in the older era too
    ASSUMED_CODE_SYSTEM = "assumed_code_system"  # 5080401 without a named system
    ESTIMATED = "estimated"  # 推定
    APPROXIMATE = "approximate"  # 頃
    SEASON_BY_CONVENTION = "season_by_convention"  # 春 as March to May
    SENTINEL = "sentinel"  # 9999-12-31 and the like, which stand for no date


def bounds(value: object) -> Bounds | None:
    """Return the earliest and the latest day that a date may mean (None is open), or None for what is no date."""
    if isinstance(value, EraDate):
        return value.date, value.date
    if isinstance(value, PartialDate):
        return value.earliest, value.latest
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value, value
    return None


def _before(first: object, second: object, *, or_same: bool) -> bool:
    """Return whether one date lies before another, whatever their unknown parts are.

    Raises:
        UncertainOrderError: it depends on the unknown parts.
    """
    mine, yours = bounds(first), bounds(second)
    if mine is None or yours is None:
        raise TypeError(f"{second if yours is None else first!r} is no date to compare with")
    (earliest, latest), (other_earliest, other_latest) = mine, yours
    if latest and other_earliest and (latest < other_earliest or (or_same and latest == other_earliest)):
        return True
    if earliest and other_latest and (earliest > other_latest or (not or_same and earliest == other_latest)):
        return False
    raise UncertainOrderError(f"whether {first!r} is before {second!r} depends on what is not known of them")


class _Ordered:
    """Comparison by the days that are meant."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        return _before(self, other, or_same=False)

    def __le__(self, other: object) -> bool:
        return _before(self, other, or_same=True)

    def __gt__(self, other: object) -> bool:
        return _before(other, self, or_same=False)

    def __ge__(self, other: object) -> bool:
        return _before(other, self, or_same=True)


class EraDate(_Ordered):
    """A whole date, and the era in which it was written.

    Equal to, ordered with and hashed as its `date`: 平成31年5月1日 and 令和元年5月1日 are the same day. Immutable.
    """

    # Written out because millions are made: a frozen attrs class takes three times as long.
    __slots__ = ("_date", "_era", "_lunisolar", "_marks", "_text", "_year")

    def __init__(
        self,
        date: dt.date,
        era: Era,
        year: int,
        marks: tuple[Mark, ...] = (),
        text: str = "",
        *,
        lunisolar: LunarDay | None = None,
    ) -> None:
        self._date = date
        self._era = era
        self._year = year
        self._marks = marks
        self._text = text
        self._lunisolar = lunisolar

    @property
    def date(self) -> dt.date:
        """The day, in the Gregorian calendar."""
        return self._date

    @property
    def era(self) -> Era:
        """The era it was written in (policies `strict` and `keep`) or that was in force (`normalise`)."""
        return self._era

    @property
    def year(self) -> int:
        """The year of the era; 元 is 1."""
        return self._year

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What a reader should know."""
        return self._marks

    @property
    def text(self) -> str:
        """What was read."""
        return self._text

    @property
    def lunisolar(self) -> LunarDay | None:
        """The day of the lunisolar calendar, where the date is counted in it (明治5年 and before)."""
        return self._lunisolar

    @property
    def month(self) -> int:
        """The month as it is written: of the lunisolar calendar until 明治5年."""
        return self._lunisolar.month if self._lunisolar else self._date.month

    @property
    def day(self) -> int:
        """The day of the month as it is written."""
        return self._lunisolar.day if self._lunisolar else self._date.day

    @property
    def leap_month(self) -> bool:
        """Whether the month is a leap month (閏月) of the lunisolar calendar."""
        return self._lunisolar is not None and self._lunisolar.leap

    @property
    def iso(self) -> str:
        """The day as 2026-04-01."""
        return self._date.isoformat()

    @property
    def earliest(self) -> dt.date:
        """The day itself."""
        return self._date

    @property
    def latest(self) -> dt.date:
        """The day itself."""
        return self._date

    @property
    def precision(self) -> Precision:
        """Always `Precision.DAY`."""
        return Precision.DAY

    @property
    def sort_key(self) -> tuple[dt.date, dt.date]:
        """A key that sorts whole and partial dates together."""
        return self._date, self._date

    def marked(self, mark: Mark) -> EraDate:
        """Return the same date with one mark more."""
        return EraDate(self._date, self._era, self._year, (*self._marks, mark), self._text, lunisolar=self._lunisolar)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, EraDate):
            return self._date == other._date
        if isinstance(other, dt.date) and not isinstance(other, dt.datetime):
            return self._date == other
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._date)

    def __str__(self) -> str:
        month = f"{'閏' if self.leap_month else ''}{self.month}"
        return f"{self.era.name}{'元' if self.year == 1 else self.year}年{month}月{self.day}日"

    def __repr__(self) -> str:
        return f"<EraDate {self} = {self.iso}{_listed(self.marks)}>"

    def as_dict(self) -> dict[str, Any]:
        """Return what is known of the date, in JSON's types."""
        return {
            "iso": self.iso,
            "earliest": self.iso,
            "latest": self.iso,
            "precision": self.precision.value,
            "era": self.era.name,
            "year": self.year,
            "month": self.month,
            "leap_month": self.leap_month,
            "day": self.day,
            "calendar": "lunisolar" if self._lunisolar else "gregorian",
            "marks": [mark.value for mark in self.marks],
        }


@attrs.frozen(eq=False, order=False, repr=False)
class PartialDate(_Ordered):
    """A date of which a part is not known: every day it may be lies between `earliest` and `latest`.

    Two are equal where they mean the same interval with the same precision; that does not say that the two events
    were on the same day. `<` and the like answer where the intervals do, and raise `UncertainOrderError` elsewhere;
    to sort records, use `key=lambda each: each.sort_key`.

    Attributes:
        earliest: the first day it may be; None where that is open.
        latest: the last day it may be; None where that is open.
        precision: what is known.
        text: what was read; what to print where nothing better can be said.
        marks: what a reader should know.
        era: the era it was written in.
        year: the year of that era, or of the Gregorian calendar where there is no era.
        month: the month as written.
        leap_month: whether that is a leap month of the lunisolar calendar.
    """

    earliest: dt.date | None
    latest: dt.date | None
    precision: Precision
    text: str = ""
    marks: tuple[Mark, ...] = ()
    era: Era | None = None
    year: int | None = None
    month: int | None = None
    leap_month: bool = False

    def __attrs_post_init__(self) -> None:
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError(f"earliest {self.earliest} is after latest {self.latest}")

    @property
    def iso(self) -> None:
        """None: no single day is known, and none is invented."""
        return

    @property
    def sort_key(self) -> tuple[dt.date, dt.date]:
        """A key that sorts whole and partial dates together: by the first, then by the last possible day."""
        return self.earliest or dt.date.min, self.latest or dt.date.max

    def may_be(self, day: dt.date | EraDate) -> bool:
        """Return whether the date may be that day."""
        wanted = day.date if isinstance(day, EraDate) else day
        return (self.earliest or dt.date.min) <= wanted <= (self.latest or dt.date.max)

    def marked(self, mark: Mark) -> PartialDate:
        """Return the same date with one mark more."""
        return attrs.evolve(self, marks=(*self.marks, mark))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PartialDate):
            return self._known == other._known
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self._known)

    @property
    def _known(self) -> tuple[dt.date | None, dt.date | None, Precision]:
        return self.earliest, self.latest, self.precision

    def __str__(self) -> str:
        return self.text or f"{self.earliest or ''}/{self.latest or ''}"

    def __repr__(self) -> str:
        between = f"{self.earliest or '…'} to {self.latest or '…'}"
        return f"<PartialDate {self.text!r} {self.precision.value} {between}{_listed(self.marks)}>"

    def as_dict(self) -> dict[str, Any]:
        """Return what is known of the date, in JSON's types."""
        return {
            "iso": None,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "latest": self.latest.isoformat() if self.latest else None,
            "precision": self.precision.value,
            "era": self.era.name if self.era else None,
            "year": self.year,
            "month": self.month,
            "leap_month": self.leap_month,
            "day": None,
            "marks": [mark.value for mark in self.marks],
        }


def _listed(marks: tuple[Mark, ...]) -> str:
    return f" ({', '.join(mark.value for mark in marks)})" if marks else ""
