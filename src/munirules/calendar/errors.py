"""What the calendar raises: every error quotes what was given, says what is wrong and what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from munirules.errors import MunirulesError

if TYPE_CHECKING:
    from collections.abc import Sequence


class CalendarError(MunirulesError):
    """Base of the errors of the calendar."""


class DateError(CalendarError):
    """A text or a combination of parts that is no date.

    Attributes:
        reason: a stable word for programs: `not_a_date`, `no_era`, `unknown_era`, `unknown_code`, `unknown_style`,
            `out_of_era`, `no_such_day`, `year_zero`, `weekday`, `contradiction`, `lunisolar`, `out_of_range`,
            `not_whole`, `time_of_day`, `unknown_code_system`, `unknown_policy`.
        text: what was given.
        part: the part of it that is wrong.
        accepted: what may stand there instead.
    """

    def __init__(self, reason: str, message: str, *, text: str = "", part: str = "", accepted: str = "") -> None:
        self.reason = reason
        self.message = message
        self.text = text
        self.part = part
        self.accepted = accepted
        super().__init__(reason, message, text, part, accepted)

    def __str__(self) -> str:
        quoted = f"「{shorten(self.text)}」: " if self.text else ""
        where = f" (at 「{shorten(self.part)}」)" if self.part and self.part != self.text else ""
        accepted = f"; accepted: {self.accepted}" if self.accepted else ""
        return f"{quoted}{self.message}{where}{accepted}"

    def about(self, text: str) -> DateError:
        """Return the same error as one about a whole text, where a part was read alone."""
        return DateError(self.reason, self.message, text=text, part=self.part or self.text, accepted=self.accepted)

    def __reduce__(self) -> tuple[object, tuple[str, str], dict[str, str]]:
        return type(self), (self.reason, self.message), self.__dict__


class EraError(CalendarError):
    """An era that is not known, or that cannot be written as asked."""


class EraTableError(EraError):
    """Rows that cannot stand together in one table of eras.

    Attributes:
        problems: pairs of a stable word (`letter_collision`, `name_collision`, `start_not_after_previous`, …) and
            a sentence that names both rows.
    """

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    @property
    def reason(self) -> str:
        """The word of the first problem."""
        return self.problems[0][0]

    def __str__(self) -> str:
        return "the table of eras is refused: " + "; ".join(f"{sentence} [{word}]" for word, sentence in self.problems)


class UncertainOrderError(CalendarError):
    """Two dates whose order depends on a part that is not known."""


class NotCoveredError(CalendarError):
    """A question about days for which there is no data."""


QUOTED_AT_MOST = 60


def shorten(text: str) -> str:
    """Return at most sixty characters of a text, for quoting."""
    return text if len(text) <= QUOTED_AT_MOST else text[: QUOTED_AT_MOST - 1] + "…"
