"""狂犬病予防注射の時期 (業務62): until when a dog is vaccinated this year.

Law: 狂犬病予防法 (昭和25年法律第247号) 第5条第1項; 狂犬病予防法施行規則 (昭和25年厚生省令第52号) 第11条第1項・第2項. The days stand in
`dog_vaccination.toml`, up to 2027-03-31: from 2027-04-01 the order is changed to the whole year, and its text was not read, so that no
date from then is answered. Article 11 paragraph 3, and the relief after disasters (附則第2項), are not recorded either.
"""

from __future__ import annotations

from datetime import date

from munirules.calendar.civil import make_date
from munirules.calendar.rules import days_later, fiscal_year
from munirules.engine.decision import Decision
from munirules.engine.holds import never_below
from munirules.law.fees.dogs import Dog, grown_on
from munirules.models.choices import Choice
from munirules.models.declare import provision, result
from munirules.models.fields import choice, count, day, flag


class VaccinationDuty(Choice):
    """What is due in the year of the decision's date."""

    DONE = 0, "注射済み", "done"
    WINDOW = 1, "毎年の時期に注射", "in the window of the year"
    ACQUIRED = 2, "取得後の期限までに注射", "within days of acquiring the dog"
    NEXT_YEAR = 3, "次の年度の時期に注射", "in the window of the next year"


@provision(title="狂犬病予防注射の時期")
class VaccinationWindow:
    """The window of every year, from which earlier day an injection counts for it, and the days for who gets a dog later."""

    age_days: int = count("注射を要する生後日数", unit="日", by="nation", national="fixed")
    from_month: int = count("時期の始月", minimum=1, maximum=12, by="nation", national="fixed")
    from_day: int = count("時期の始日", minimum=1, maximum=31, by="nation", national="fixed")
    to_month: int = count("時期の終月", minimum=1, maximum=12, by="nation", national="fixed")
    to_day: int = count("時期の終日", minimum=1, maximum=31, by="nation", national="fixed")
    counts_from_month: int = count("注射を数える始月", minimum=1, maximum=12, by="nation", national="fixed")
    counts_from_day: int = count("注射を数える始日", minimum=1, maximum=31, by="nation", national="fixed")
    earlier_to_month: int = count("前年から数える取得の終月", minimum=1, maximum=12, by="nation", national="fixed")
    days: int = count("取得後の期限", unit="日", by="nation", national="fixed")


@result(title="狂犬病予防注射")
class DogVaccination:
    """When a dog is to be vaccinated.

    Attributes:
        duty: what is due in the year.
        grown: the first day on which it is old enough.
        due_from: first day of the time in which it is to be done; None where nothing is due this year.
        due_by: last day; None where nothing is due this year.
        overdue: the last day has passed.
    """

    duty: VaccinationDuty = choice("注射の義務", en="duty")
    grown: date = day("生後91日となる日", en="old enough from")
    due_from: date | None = day("注射の始期", en="due from", default=None)
    due_by: date | None = day("注射の期限", en="due by", default=None)
    overdue: bool = flag("期限を過ぎている", en="overdue")


dog_vaccination = Decision(
    "fees.dog_vaccination",
    Dog,
    DogVaccination,
    title="狂犬病予防注射の時期",
    on="判定日",
    authority="市町村長",
    law="狂犬病予防法第5条・同法施行規則第11条",
)


def window_day(year: int, month: int, day_of_month: int) -> date:
    """Return a day of the window in a year."""
    return make_date(year, month, day_of_month)


def earlier_count(acquired_on: date, law: VaccinationWindow) -> date:
    """Return the day from which a former owner's injection counts for a dog acquired later."""
    year = acquired_on.year - 1 if acquired_on.month <= law.earlier_to_month else acquired_on.year
    return window_day(year, law.counts_from_month, law.counts_from_day)


@dog_vaccination.rule(title="生後91日となる日")
def grown(dog: Dog, law: VaccinationWindow) -> date:
    """The first day on which it is old enough."""
    return grown_on(dog.born_on, law.age_days)


@dog_vaccination.rule(title="その年度の注射を数える始日", minor=True)
def counts_from(law: VaccinationWindow, on: date) -> date:
    """The day from which an injection counts for the year."""
    return window_day(fiscal_year(on), law.counts_from_month, law.counts_from_day)


@dog_vaccination.rule(title="注射の義務", law="狂犬病予防法施行規則第11条第1項・第2項")
def duty(dog: Dog, law: VaccinationWindow, grown: date, counts_from: date, on: date) -> VaccinationDuty:
    """Whether the window counts, or the days after a grown dog was acquired that nobody had vaccinated."""
    vaccinated = dog.vaccinated_on
    if dog.acquired_on >= grown and dog.acquired_on >= counts_from:
        since = earlier_count(dog.acquired_on, law)
        if vaccinated is None or vaccinated < since:
            return VaccinationDuty.ACQUIRED
    if vaccinated is not None and vaccinated >= counts_from:
        return VaccinationDuty.DONE
    if grown > window_day(fiscal_year(on), law.to_month, law.to_day):
        return VaccinationDuty.NEXT_YEAR
    return VaccinationDuty.WINDOW


@dog_vaccination.rule(title="注射の始期")
def due_from(dog: Dog, law: VaccinationWindow, duty: VaccinationDuty, grown: date, on: date) -> date | None:
    """First day of the time in which it is to be done."""
    if duty == VaccinationDuty.ACQUIRED:
        return dog.acquired_on
    if duty == VaccinationDuty.WINDOW:
        return max(grown, window_day(fiscal_year(on), law.from_month, law.from_day))
    return None


@dog_vaccination.rule(title="注射の期限")
def due_by(dog: Dog, law: VaccinationWindow, duty: VaccinationDuty, on: date) -> date | None:
    """Last day on which it is to be done."""
    if duty == VaccinationDuty.ACQUIRED:
        return days_later(dog.acquired_on, law.days)
    if duty == VaccinationDuty.WINDOW:
        return window_day(fiscal_year(on), law.to_month, law.to_day)
    return None


@dog_vaccination.rule(title="期限を過ぎている")
def overdue(due_by: date | None, on: date) -> bool:
    """Whether the last day has passed."""
    return due_by is not None and due_by < on


dog_vaccination.holds(never_below("due_by", "due_from"))
