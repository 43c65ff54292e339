"""The era calendar and legal time.

Dates as municipal records write them are read by `parse` (`parse_date` where nothing may be assumed) and printed by
`format_date`. Eras are rows of data in an immutable `EraTable`; functions use that of the library unless another is
given. Rules call plain functions on dates (`munirules.calendar.rules` lists them). Holidays, deadlines and due dates
are law-dated data.

Every name is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from munirules.calendar.age import AgeRange, Attained, LeapBirthday, age_on, age_range, attained_on, birthday_in
    from munirules.calendar.builtin import era_table, load_eras, modern_era_table
    from munirules.calendar.civil import (
        civil_day,
        day_number,
        days_in_month,
        days_in_year,
        is_leap_year,
        next_day,
        previous_day,
    )
    from munirules.calendar.closing_days import STANDARD, ClosingDay, ClosingDays
    from munirules.calendar.dates import EraDate, Mark, PartialDate, Precision
    from munirules.calendar.deadlines import Act, Deadline, DeadlineLaw, Direction, deadline, deadline_laws
    from munirules.calendar.era import CodeSystem, Era, era_from_row
    from munirules.calendar.errors import (
        CalendarError,
        DateError,
        EraError,
        EraTableError,
        NotCoveredError,
        UncertainOrderError,
    )
    from munirules.calendar.fiscal import (
        accounts_closing_day,
        first_march_31,
        fiscal_year,
        fiscal_year_first_day,
        fiscal_year_last_day,
        law_year,
        law_year_first_day,
        law_year_last_day,
    )
    from munirules.calendar.fiscal_names import format_fiscal_year, parse_fiscal_year
    from munirules.calendar.holidays import Holiday, HolidayKind, holiday_on, holidays_in, is_holiday
    from munirules.calendar.instalments import LAST_DAY, Instalment, due_dates
    from munirules.calendar.months import (
        FirstDay,
        Overflow,
        add_months,
        calendar_months,
        calendar_months_between,
        calendar_months_within,
        days_before,
        days_between,
        days_later,
        days_within,
        last_day_of_months,
        months_begun,
        months_between,
        months_later,
    )
    from munirules.calendar.period import Period
    from munirules.calendar.printing import format_date
    from munirules.calendar.reading import parse, parse_date
    from munirules.calendar.rehearsal import Change, Rehearsal, rehearse
    from munirules.calendar.resolve import Policy
    from munirules.calendar.scan import Finding, scan
    from munirules.calendar.school import (
        cohort_first_birth,
        cohort_last_birth,
        compulsory_end,
        elementary_entry,
        junior_high_entry,
        school_entry_year,
        school_grade,
    )
    from munirules.calendar.styles import STYLES, Style
    from munirules.calendar.switchover import Switchover
    from munirules.calendar.table import EraTable

# Where each name lives.
_HOMES = {
    "age": "AgeRange Attained LeapBirthday age_on age_range attained_on birthday_in",
    "builtin": "era_table load_eras modern_era_table",
    "civil": "civil_day day_number days_in_month days_in_year is_leap_year next_day previous_day",
    "closing_days": "STANDARD ClosingDay ClosingDays",
    "dates": "EraDate Mark PartialDate Precision",
    "deadlines": "Act Deadline DeadlineLaw Direction deadline deadline_laws",
    "era": "CodeSystem Era era_from_row",
    "errors": "CalendarError DateError EraError EraTableError NotCoveredError UncertainOrderError",
    "fiscal": (
        "accounts_closing_day first_march_31 fiscal_year fiscal_year_first_day fiscal_year_last_day "
        "law_year law_year_first_day law_year_last_day"
    ),
    "fiscal_names": "format_fiscal_year parse_fiscal_year",
    "holidays": "Holiday HolidayKind holiday_on holidays_in is_holiday",
    "instalments": "LAST_DAY Instalment due_dates",
    "months": (
        "FirstDay Overflow add_months calendar_months calendar_months_between calendar_months_within "
        "days_before days_between days_later days_within last_day_of_months months_begun months_between "
        "months_later"
    ),
    "period": "Period",
    "printing": "format_date",
    "reading": "parse parse_date",
    "rehearsal": "Change Rehearsal rehearse",
    "resolve": "Policy",
    "scan": "Finding scan",
    "school": (
        "cohort_first_birth cohort_last_birth compulsory_end elementary_entry junior_high_entry "
        "school_entry_year school_grade"
    ),
    "styles": "STYLES Style",
    "switchover": "Switchover",
    "table": "EraTable",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [
    "LAST_DAY",
    "STANDARD",
    "STYLES",
    "Act",
    "AgeRange",
    "Attained",
    "CalendarError",
    "Change",
    "ClosingDay",
    "ClosingDays",
    "CodeSystem",
    "DateError",
    "Deadline",
    "DeadlineLaw",
    "Direction",
    "Era",
    "EraDate",
    "EraError",
    "EraTable",
    "EraTableError",
    "Finding",
    "FirstDay",
    "Holiday",
    "HolidayKind",
    "Instalment",
    "LeapBirthday",
    "Mark",
    "NotCoveredError",
    "Overflow",
    "PartialDate",
    "Period",
    "Policy",
    "Precision",
    "Rehearsal",
    "Style",
    "Switchover",
    "UncertainOrderError",
    "accounts_closing_day",
    "add_months",
    "age_on",
    "age_range",
    "attained_on",
    "birthday_in",
    "calendar_months",
    "calendar_months_between",
    "calendar_months_within",
    "civil_day",
    "cohort_first_birth",
    "cohort_last_birth",
    "compulsory_end",
    "day_number",
    "days_before",
    "days_between",
    "days_in_month",
    "days_in_year",
    "days_later",
    "days_within",
    "deadline",
    "deadline_laws",
    "due_dates",
    "elementary_entry",
    "era_from_row",
    "era_table",
    "first_march_31",
    "fiscal_year",
    "fiscal_year_first_day",
    "fiscal_year_last_day",
    "format_date",
    "format_fiscal_year",
    "holiday_on",
    "holidays_in",
    "is_holiday",
    "is_leap_year",
    "junior_high_entry",
    "last_day_of_months",
    "law_year",
    "law_year_first_day",
    "law_year_last_day",
    "load_eras",
    "modern_era_table",
    "months_begun",
    "months_between",
    "months_later",
    "next_day",
    "parse",
    "parse_date",
    "parse_fiscal_year",
    "previous_day",
    "rehearse",
    "scan",
    "school_entry_year",
    "school_grade",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
