"""The tables of the page for importers, made from the code: `python -m munirules.calendar.documentation PAGE`.

In the page, what stands between `<!-- table: NAME -->` and `<!-- end -->` is made anew; a test holds the page to it.
"""

from __future__ import annotations

import inspect
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from munirules.calendar.builtin import era_table
from munirules.calendar.dates import Mark, Precision
from munirules.calendar.deadlines import deadline_laws
from munirules.calendar.printing import format_date
from munirules.calendar.reading import ALL_FORMS, parse
from munirules.calendar.rules import HELPERS
from munirules.calendar.styles import STYLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SHOWN = date(2026, 4, 1)
FIRST = date(2019, 5, 1)
MARKS = {
    Mark.AFTER_ERA_END: "written in an era that had ended (平成32年)",
    Mark.BEFORE_ERA_START: "written in an era that had not begun (令和元年1月1日)",
    Mark.OVERLAP_DAY: "validly written in the older era too (大正15年12月25日)",
    Mark.ASSUMED_CODE_SYSTEM: "figures read by the default code system, since none was named",
    Mark.ESTIMATED: "推定",
    Mark.APPROXIMATE: "頃",
    Mark.SEASON_BY_CONVENTION: "春 as March to May, 夏 June to August, 秋 September to November (気象庁); 冬 as any day of the year",
    Mark.SENTINEL: "9999-12-31 and the like, which stand for no date",
}  # fmt: skip


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _read_as(text: str, system: str | None) -> str:
    found = parse(text, code_system=system)
    between = f"{found.earliest or '…'} – {found.latest or '…'} ({found.precision.value})"
    meant = found.iso or between
    marks = ", ".join(mark.value for mark in found.marks)
    return f"{meant}; {marks}" if marks else meant


def forms() -> str:
    """The forms that `parse` reads, each with its examples and what they mean."""
    rows = []
    for form in ALL_FORMS:
        for at, example in enumerate(form.examples):
            text, _, system = example.partition("|")
            written = f"`{text}`" + (f" (code system {system})" if system else "")
            rows.append((form.title if at == 0 else "", written, _read_as(text, system or None)))
    return _table(("form", "example", "read as"), rows)


def styles() -> str:
    """The styles that `format_date` prints."""
    rows = [
        (f"`{style.name}`", style.title, format_date(SHOWN, style.name), format_date(FIRST, style.name))
        for style in STYLES
    ]
    table = era_table()
    rows += [
        (
            f"`code:{system.id}`",
            system.title,
            format_date(SHOWN, f"code:{system.id}"),
            format_date(FIRST, f"code:{system.id}"),
        )
        for system in table.systems
        if system.text and table.latest.code(system.id)
    ]
    return _table(("style", "", "2026-04-01", "2019-05-01"), rows)


def eras() -> str:
    """The eras that the library knows."""
    table = era_table()
    rows = []
    for era in reversed(table.eras):
        last = "" if era is table.latest else str(table.ends[era.name])
        rows.append((era.name, era.romaji, era.letter or "", str(era.start), last, str(era.announced)))
    return _table(("era", "romaji", "letter", "first day", "last day", "announced"), rows)


def code_systems() -> str:
    """The code systems, and the code of each era in them."""
    table = era_table()
    rows = []
    for system in table.systems:
        codes = "、".join(f"{era.name} {code}" for code, era in table.codes[system.id].items())
        other = "、".join(f"{code}: {meaning}" for code, meaning in system.reserved().items())
        rows.append((f"`{system.id}`", system.used_by, codes, other, system.status))
    return _table(("system", "used by", "codes", "besides", "status"), rows)


def marks() -> str:
    """The marks that a date may carry."""
    return _table(("mark", "why"), [(f"`{mark.value}`", why) for mark, why in MARKS.items()])


def precisions() -> str:
    """What may be known of a date."""
    return ", ".join(f"`{precision.value}`" for precision in Precision)


def laws() -> str:
    """The laws by which deadlines move."""
    rows = [
        (f"`{law.id}`", law.title, law.moves.value, ", ".join(f"`{act.id}` ({act.moves.value})" for act in law.acts))
        for law in deadline_laws().values()
    ]
    return _table(("law", "", "moves", "acts"), rows)


def helpers() -> str:
    """The functions that rules may call."""
    rows = []
    for helper in HELPERS:
        parameters = ", ".join(inspect.signature(helper).parameters)
        first_line = (inspect.getdoc(helper) or "").split("\n\n")[0].replace("\n", " ")
        rows.append((f"`{helper.__name__}({parameters})`", first_line))
    return _table(("function", ""), rows)


TABLES: dict[str, Callable[[], str]] = {
    function.__name__: function for function in (forms, styles, eras, code_systems, marks, precisions, laws, helpers)
}
_place = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def render(page: str) -> str:
    """Return a page with its tables made anew."""
    return _place.sub(lambda match: f"{match[1]}\n{TABLES[match[2]]()}\n\n{match[3]}", page)


def main(path: str) -> None:
    """Make the tables of a page anew, in place."""
    place = Path(path)
    place.write_text(render(place.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
