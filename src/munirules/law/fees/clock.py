"""Times of day as numbers of hours and minutes (時分): 930 is 9:30, 2400 the end of the day.

Such numbers are ordered as the times are, and are written in data as a timetable prints them.
"""

from __future__ import annotations

END_OF_DAY = 2400
HOUR = 100
MINUTES = 60


def clock_problem(clock: int) -> str:
    """Return what is wrong with a time of day, or an empty text."""
    if clock % HOUR >= MINUTES or not 0 <= clock <= END_OF_DAY:
        return f"{clock} is no time of day; write hours and minutes as one number: 930 for 9:30"
    return ""


def minutes_of(clock: int) -> int:
    """Return the minutes from the beginning of the day: 570 of 930."""
    return clock // HOUR * MINUTES + clock % HOUR


def clock_of(minutes: int) -> int:
    """Return the time of day of so many minutes: 930 of 570."""
    return minutes // MINUTES * HOUR + minutes % MINUTES
