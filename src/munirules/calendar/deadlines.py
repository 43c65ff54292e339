"""Deadlines that fall on a closing day: which law moves them, for which act, and where to."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from functools import cache

import attrs

from munirules.calendar.builtin import read_data
from munirules.calendar.closing_days import STANDARD, ClosingDay, ClosingDays
from munirules.calendar.errors import CalendarError
from munirules.errors import did_you_mean


class Direction(StrEnum):
    """Where a deadline on a closing day goes."""

    FORWARD = "forward"
    BACKWARD = "backward"
    NEVER = "never"


@attrs.frozen
class Act:
    """An act to which a deadline applies, and where the law moves it."""

    id: str
    title: str
    moves: Direction
    source: str = ""


@attrs.frozen
class DeadlineLaw:
    """A law by which deadlines move.

    Attributes:
        id: its name in this library.
        title: the articles.
        closing_days: what it counts as closed; None where the municipality's ordinance says it.
        moves: where deadlines go if the act is not named.
        acts: the acts it knows.
        note: its conditions.
        source: where it was read.
    """

    id: str
    title: str
    closing_days: ClosingDays | None
    moves: Direction
    acts: tuple[Act, ...]
    note: str
    source: str

    def act(self, name: str) -> Act:
        """Return one of its acts.

        Raises:
            CalendarError: it knows none of that name.
        """
        for act in self.acts:
            if act.id == name:
                return act
        known = [act.id for act in self.acts]
        raise CalendarError(f"{self.title} knows no act {name!r}{did_you_mean(name, known)}; {', '.join(known)}")


@attrs.frozen
class Deadline:
    """A deadline after the law has been applied to it.

    Attributes:
        date: the day on which it ends.
        nominal: the day that was written.
        law: the law that was applied.
        act: the act, where one was named.
        steps: each closed day that was passed, and why it is closed; empty where nothing moved.
    """

    date: dt.date
    nominal: dt.date
    law: DeadlineLaw
    act: Act | None = None
    steps: tuple[tuple[dt.date, str], ...] = ()

    @property
    def moved(self) -> bool:
        """Whether the law moved it."""
        return self.date != self.nominal

    @property
    def moved_by(self) -> str | None:
        """The law that moved it, or None where it stands."""
        return self.law.title if self.moved else None


@cache
def deadline_laws() -> dict[str, DeadlineLaw]:
    """Return the laws by which deadlines move, by name."""
    laws = {}
    for row in read_data("deadlines")["law"]:
        closed = row["closed"]
        days = ClosingDays(
            title=row["title"],
            sundays="sundays" in closed,
            saturdays="saturdays" in closed,
            holidays="holidays" in closed,
            days=tuple(ClosingDay(**day) for day in row.get("days", ())),
            source=row["source"],
        )
        acts = tuple(
            Act(act["id"], act["title"], Direction(act["moves"]), act.get("source", row["source"]))
            for act in row["acts"]
        )
        own = None if "ordinance" in closed else days
        laws[row["id"]] = DeadlineLaw(
            row["id"], row["title"], own, Direction(row["moves"]), acts, row["note"], row["source"]
        )
    return laws


def deadline(
    nominal: dt.date,
    law: str,
    *,
    act: str | None = None,
    direction: Direction | str | None = None,
    closing_days: ClosingDays = STANDARD,
    trade_stops: bool = True,
) -> Deadline:
    """Return the day on which a deadline ends.

    Args:
        nominal: the day that is written.
        law: `minpo_142`, `local_tax_20-5`, `local_gov_4-2`, `payment_by_city` or `bank_15`.
        act: `payment`, `filing`…: some acts never move. The law's general rule if not given.
        direction: where to go instead of where the law says (a body's own provision).
        closing_days: the municipality's closing days. `local_gov_4-2` goes by them alone; `payment_by_city` passes
            over them as well as over those of banks.
        trade_stops: for `minpo_142`, whether it is the custom not to trade on such a day.

    Raises:
        CalendarError: the law or act is not known.
        NotCoveredError: holidays are not known for those days.
    """
    laws = deadline_laws()
    if law not in laws:
        raise CalendarError(f"{law!r} is no law of deadlines{did_you_mean(law, laws)}; {', '.join(laws)}")
    rule = laws[law]
    named = rule.act(act) if act is not None else None
    moves = Direction(direction) if direction is not None else (named.moves if named else rule.moves)
    if moves is Direction.NEVER or (law == "minpo_142" and not trade_stops):
        return Deadline(nominal, nominal, rule, named)
    calendars = [days for days in (rule.closing_days, closing_days if _by_ordinance(rule) else None) if days]
    step = dt.timedelta(1 if moves is Direction.FORWARD else -1)
    day, steps = nominal, list[tuple[dt.date, str]]()
    while reason := next((why for days in calendars if (why := days.reason(day))), None):
        steps.append((day, reason))
        day += step
    return Deadline(day, nominal, rule, named, tuple(steps))


def _by_ordinance(law: DeadlineLaw) -> bool:
    return law.closing_days is None or law.id == "payment_by_city"
