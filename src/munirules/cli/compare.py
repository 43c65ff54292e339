"""`munirules compare`: which questions two rule sets answer differently, and which rule is to blame."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from munirules.cli.options import enactments_option, in_option, read_day
from munirules.cli.reports import report_options, tell
from munirules.errors import MissingExtra, MunirulesError

if TYPE_CHECKING:
    from datetime import date

    from munirules.testing.report import Report
    from munirules.testing.side import Rules, Side

_SIDE = "DATE|PLUGIN[,on=DATE][,known=DATE]"


@click.command("compare")
@click.argument("decision", metavar="DECISION")
@in_option
@click.option("--before", required=True, metavar=_SIDE, help="The one side: a date, or a version of the plugin.")
@click.option("--after", metavar=_SIDE, help="The other side; that of --before, where an --amendment is given.")
@click.option(
    "--amendment", type=click.Path(path_type=Path), metavar="FILE", help="One more enactment, on the other side."
)
@enactments_option
@click.option(
    "--table",
    "tables",
    multiple=True,
    metavar="[NAME=]FILE",
    help="Rows to decide by both sides, in place of drawn questions; members=FILE for a further file.",
)
@click.option("--map", "mapped", type=click.Path(path_type=Path), metavar="FILE", help="What the table's columns are.")
@click.option("--cases", default=500, show_default=True, metavar="N", help="Questions to draw.")
@click.option("--seed", default=0, show_default=True, metavar="N", help="One seed gives one report.")
@click.option(
    "--amount", default="", metavar="FIELD", help="The amount to count; by default the last one in whole yen."
)
@report_options
def compare(
    *,
    decision: str,
    place: str,
    before: str,
    after: str | None,
    amendment: Path | None,
    enactments: Path | None,
    tables: tuple[str, ...],
    mapped: Path | None,
    cases: int,
    seed: int,
    amount: str,
    report: Path | None,
    form: str,
    locale: str,
) -> None:
    """Compare two rule sets for a decision.

    A side is a date (the law as of then, applied to the same facts), or a version of the jurisdiction's plugin: a wheel,
    the folder of a project or of data, or that of a virtual environment. Each version runs in a process of its own.
    After a comma stand a plugin's date and, for either, as of when the law is known: old.whl,on=2026-04-01,known=2025-12-01.

    Questions are the published examples of the plugin and so many that are drawn around the figures of both sides.
    Differences are grouped by the first rule that differs; each group has one witness, as short as it can be, which
    `munirules decide --facts` reads. With --table the rows of a file are decided by both sides instead: who gains, who
    loses and how much, and of some of the rows that differ, why. The exit status is 0 where no answer differs, else 1.
    """
    from munirules.testing.compare import compare as compared
    from munirules.testing.report.compared import report_of

    if after is None and amendment is None:
        raise click.UsageError("the other side is missing; write --after, or --amendment")
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(prefix="munirules-compare-")))
        opener = _Opener(stack, scratch, place, decision, enactments)
        one, other = opener.side(before), opener.side(after or before, amendment)
        if tables:
            found = _over_table(one, other, tables, mapped, scratch, seed, amount)
        else:
            found = report_of(compared(one, other, cases=cases, seed=seed, amount=amount))
    tell(found, report, form, locale)
    click.get_current_context().exit(1 if found.groups else 0)


def _over_table(
    one: Side, other: Side, tables: tuple[str, ...], mapped: Path | None, scratch: Path, seed: int, amount: str
) -> Report:
    """Both sides over the rows of a table: who gains and loses, and of some that differ, why."""
    try:
        from munirules.testing.population import Files, population_of
    except ModuleNotFoundError as error:
        raise MissingExtra("munirules compare --table", "tables,testing", error) from error
    from munirules.testing.compare import chosen_amount
    from munirules.testing.compare import compare as compared
    from munirules.testing.report.compared import report_of

    named = dict(_file(text) for text in tables)
    if "" not in named:
        raise click.UsageError(
            "--table: the file of the subjects is missing; write --table FILE beside --table NAME=FILE"
        )
    files = Files(main=named.pop(""), tables=named, mapped=mapped)
    counted = chosen_amount(other.about, amount)
    field = counted.name if counted is not None else ""
    one.decide_into(files, scratch / "before.arrow", field)
    other.decide_into(files, scratch / "after.arrow", field)
    population, lines = population_of(scratch / "before.arrow", scratch / "after.arrow", seed)
    rows = one.requests_of(files, lines)
    return report_of(compared(one, other, cases=0, seed=seed, amount=amount, more=rows, published=False), population)


def _file(text: str) -> tuple[str, str]:
    name, mark, file = text.partition("=")
    return (name, file) if mark else ("", text)


class _Opener:
    """Opens the sides of a comparison."""

    def __init__(self, stack: ExitStack, scratch: Path, place: str, decision: str, enactments: Path | None) -> None:
        self.stack = stack
        self.scratch = scratch
        self.place = place
        self.decision = decision
        self.enactments = enactments

    def side(self, text: str, amendment: Path | None = None) -> Side:
        """Open what was written for a side: in this process where it goes by what is installed."""
        from munirules.testing.environment import home_of
        from munirules.testing.remote import RemoteSide
        from munirules.testing.side import LocalSide

        what, *more = text.split(",")
        days = dict(_dated(part) for part in more)
        on = _day(what)
        if on is not None and "on" in days:
            raise click.BadParameter(f"{text}: says two dates")
        rules = self.rules(text, amendment, on or days.get("on"), days.get("known"))
        if on is not None or not what:
            return LocalSide(rules)
        import attrs

        home = home_of(Path(what), self.scratch)
        return self.stack.enter_context(RemoteSide(attrs.evolve(rules, targets=home.targets), home))

    def rules(self, label: str, amendment: Path | None, on: date | None, known: date | None) -> Rules:
        from munirules.testing.side import Rules

        return Rules(
            label=f"{label} + {amendment}" if amendment is not None else label,
            place=self.place,
            decision=self.decision,
            enactments=self.enactments,
            amendment=amendment,
            on=on,
            known=known,
        )


def _day(text: str) -> date | None:
    """The date that a text is; None where it is none, but the name of a file say."""
    from munirules.calendar import parse_date

    try:
        return parse_date(text)
    except MunirulesError:
        return None


def _dated(part: str) -> tuple[str, date]:
    key, _, value = part.partition("=")
    if key not in ("on", "known"):
        raise click.BadParameter(f"{part!r}: after a comma stands on=DATE or known=DATE")
    day = read_day(click.get_current_context(), click.Option([f"--{key}"]), value)
    assert day is not None
    return key, day
