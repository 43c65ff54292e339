"""When a body begins to write a new era: announced is not effective, and forms may differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from munirules.calendar.errors import EraError
from munirules.errors import did_you_mean

if TYPE_CHECKING:
    from datetime import date

    from munirules.calendar.era import Era

EFFECTIVE = "effective"
ANNOUNCED = "announced"


@attrs.frozen
class Switchover:
    """From which day of the document each era is written.

    Attributes:
        rule: `effective`, from the first day of the era, or `announced`, from its announcement.
        dated: a body's own days, as pairs of an era's name and a day (in 2019 some changed in April).
        forms: days of single forms, as triples of form, era's name and day (OCR forms were changed apart).
    """

    rule: str = EFFECTIVE
    dated: tuple[tuple[str, date], ...] = ()
    forms: tuple[tuple[str, str, date], ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.rule not in {EFFECTIVE, ANNOUNCED}:
            raise EraError(f"{self.rule!r} is no rule of switching; there are 'effective' and 'announced'")

    def taken_up(self, era: Era, form: str = "") -> date:
        """Return the day from which documents write the era."""
        for name, era_name, day in self.forms:
            if form and (name, era_name) == (form, era.name):
                return day
        for era_name, day in self.dated:
            if era_name == era.name:
                return day
        # An era that was announced late (明治, 大正, 昭和) was taken up then at the earliest that anybody could.
        return min(era.start, era.announced) if self.rule == ANNOUNCED else era.start


POLICIES = {
    # 関係省庁連絡会議申合せ 2019-04-01: documents made before the change write the old era, also for later days.
    "public_document_2019": Switchover(EFFECTIVE),
    "effective": Switchover(EFFECTIVE),
    # 経済産業省 2019-04-03: a business may write the new era from its announcement.
    "announced": Switchover(ANNOUNCED),
}


def switchover(policy: str | Switchover) -> Switchover:
    """Return a switchover by its name, or as it is.

    Raises:
        EraError: the name is not known.
    """
    if isinstance(policy, Switchover):
        return policy
    if policy not in POLICIES:
        raise EraError(f"{policy!r} is no policy of switching{did_you_mean(policy, POLICIES)}; {', '.join(POLICIES)}")
    return POLICIES[policy]
