"""`munirules era`: dates of the era calendar, ages, holidays and deadlines, from the command line."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from munirules.calendar import (
    STANDARD,
    Attained,
    CalendarError,
    ClosingDay,
    EraDate,
    EraTable,
    Policy,
    Precision,
    age_range,
    deadline,
    deadline_laws,
    era_table,
    format_date,
    holidays_in,
    load_eras,
    parse,
    parse_date,
    rehearse,
)
from munirules.cli.options import json_option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from munirules.calendar import PartialDate, Rehearsal

COLUMNS = ("iso", "earliest", "latest", "precision", "marks", "error")
TABLE = "munirules.cli.era.table"


def _keep_table(ctx: click.Context, _param: click.Parameter, eras_file: Path | None) -> None:
    """Keep the library's table, with the eras of a file if one is given, for a command and its parameters."""
    table = era_table()
    try:
        ctx.meta[TABLE] = table if eras_file is None else table.with_eras(load_eras(eras_file))
    except CalendarError as error:
        raise click.ClickException(str(error)) from error


eras_option = click.option(
    "--eras",
    is_eager=True,  # before the dates of the other parameters, which may be of its eras
    expose_value=False,
    callback=_keep_table,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file of [[era]] rows to know besides the library's eras.",
)


def table_of(ctx: click.Context) -> EraTable:
    """Return the eras that a command knows."""
    table: EraTable = ctx.meta[TABLE]
    return table


def read_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Read a day of a parameter, of the eras of `--eras` too.

    Raises:
        BadParameter: when it is none.
    """
    if value is None:
        return None
    try:
        return parse_date(value, table=table_of(ctx))
    except CalendarError as error:
        raise click.BadParameter(str(error), ctx, param) from error


def read_year(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """Read a year: 2026, 令和8年 or R8, of the eras of `--eras` too.

    Raises:
        BadParameter: when it is none.
    """
    if value.isascii() and value.isdigit():
        return int(value)
    try:
        found = parse(value, table=table_of(ctx))
    except CalendarError as error:
        raise click.BadParameter(str(error), ctx, param) from error
    if found.precision is not Precision.YEAR or found.earliest is None:
        raise click.BadParameter(f"{value!r} is no year; write 2026, 令和8年 or R8", ctx, param)
    return found.earliest.year


def say(value: object) -> None:
    """Print a value as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False))


@click.group("era")
def era() -> None:
    """Eras, dates, ages, holidays and deadlines (和暦と法定期間)."""


def lines() -> Iterator[str]:
    """Return the lines of standard input without their ends; UTF-8, whatever the locale."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


@era.command("parse")
@click.option("--policy", type=click.Choice([each.value for each in Policy]), default="strict", show_default=True)
@click.option("--code-system", help="The system of era codes that figures are written in (default, nenkin, kyuho…).")
@json_option
@eras_option
@click.pass_context
def parse_lines(ctx: click.Context, *, policy: str, code_system: str | None, as_json: bool) -> None:
    """Read a date from each line of standard input, and answer a line each.

    Without --json the answer is iso, earliest, latest, precision, marks and error, between tabs.
    """
    table = table_of(ctx)
    if code_system is not None:
        try:
            table.system(code_system)
        except CalendarError as error:
            raise click.ClickException(str(error)) from error
    for line in lines():
        answer: dict[str, Any]
        try:
            found = parse(line, policy=policy, code_system=code_system, table=table)
            answer = {"input": line, **found.as_dict(), "error": None}
        except CalendarError as error:
            nothing = dict.fromkeys(("iso", "earliest", "latest", "precision"))
            answer = {"input": line, **nothing, "marks": [], "error": f"{getattr(error, 'reason', 'error')}: {error}"}
        if as_json:
            say(answer)
        else:
            click.echo("\t".join(_cell(answer[column]) for column in COLUMNS))


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value)
    return "" if value is None else str(value).replace("\t", " ")


@era.command("print")
@click.option("--style", default="ja", show_default=True, help="ja, letter, jisx0301, one, code:default, en, both…")
@click.option("--policy", type=click.Choice([each.value for each in Policy]), default="strict", show_default=True)
@click.option(
    "--as-of",
    callback=read_day,
    metavar="DATE",
    help="The date of the document: eras not yet in use then are not printed.",
)
@click.option("--switch", default="public_document_2019", show_default=True, help="When a document takes up a new era.")
@click.option("--code-system", help="The system of era codes in the input.")
@json_option
@eras_option
@click.pass_context
def print_lines(
    ctx: click.Context,
    *,
    style: str,
    policy: str,
    as_of: date | None,
    switch: str,
    code_system: str | None,
    as_json: bool,
) -> None:
    """Print the date of each line of standard input (2026-04-01, or any form that `parse` reads).

    A line that cannot be printed is answered by an empty line, its error on standard error, and exit status 1.
    """
    table = table_of(ctx)
    failed = False
    for line in lines():
        text, problem = "", None
        try:
            found = parse(line, policy=policy, code_system=code_system, table=table)
            text = format_date(found, style, table=table, as_of=as_of, policy=switch)
        except CalendarError as error:
            problem, failed = str(error), True
        if as_json:
            say({"input": line, "text": text or None, "error": problem})
        else:
            click.echo(text)
            if problem:
                click.echo(problem, err=True)
    if failed:
        sys.exit(1)


@era.command("age")
@click.argument("birth")
@click.option("--on", "on", callback=read_day, metavar="DATE", required=True, help="The day asked about.")
@json_option
@eras_option
@click.pass_context
def age(ctx: click.Context, *, birth: str, on: date, as_json: bool) -> None:
    """Tell the age on a day of a person born on BIRTH: by law (the day before the birthday) and by the birthday.

    The day of birth may be known in part (昭和20年8月不詳); then the age is a range.
    """
    try:
        born: EraDate | PartialDate = parse(birth, policy="normalise", table=table_of(ctx))
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    ages = {
        "attained_day_before": age_range(born, on, Attained.DAY_BEFORE),
        "attained_birthday": age_range(born, on, Attained.BIRTHDAY),
    }
    if as_json:
        answer = {name: {"lowest": found.lowest, "highest": found.highest} for name, found in ages.items()}
        say({"birth": born.as_dict(), "on": on.isoformat(), **answer})
        return
    for (name, found), title in zip(ages.items(), ("前日に到達（年齢計算法）", "誕生日に到達"), strict=True):
        known = str(found.certain) if found.certain is not None else f"{_open(found.lowest)}–{_open(found.highest)}"
        click.echo(f"{known}\t{name}\t{title}")


def _open(value: int | None) -> str:
    return "?" if value is None else str(value)


@era.command("holidays")
@click.argument("year", callback=read_year)
@json_option
@eras_option
def holidays(*, year: int, as_json: bool) -> None:
    """List the public holidays of a YEAR, 1948 to 2099 or of an era, each with the act that makes it one."""
    try:
        found = holidays_in(year)
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    for holiday in found:
        if as_json:
            row = {"date": holiday.date.isoformat(), "name": holiday.name, "kind": holiday.kind.value}
            say({**row, "act": holiday.act, "provisional": holiday.provisional})
        else:
            provisional = "（暦要項の公表前）" if holiday.provisional else ""
            click.echo(f"{holiday.date}\t{holiday.name}{provisional}\t{holiday.act}")


@era.command("deadline")
@click.argument("nominal", callback=read_day, metavar="DATE")
@click.option("--law", required=True, type=click.Choice(list(deadline_laws())))
@click.option("--act", help="The act: payment, filing…; some never move.")
@click.option("--direction", type=click.Choice(["forward", "backward", "never"]), help="Instead of what the law says.")
@click.option("--closed", multiple=True, metavar="MM-DD", help="A further closing day of the municipality's ordinance.")
@json_option
@eras_option
def deadline_on(
    *,
    nominal: date,
    law: str,
    act: str | None,
    direction: str | None,
    closed: tuple[str, ...],
    as_json: bool,
) -> None:
    """Tell on which day a deadline of DATE ends, and which law moved it."""
    try:
        days = STANDARD.with_days(*(_closing_day(text) for text in closed))
        found = deadline(nominal, law, act=act, direction=direction, closing_days=days)
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        steps = [{"date": day.isoformat(), "reason": reason} for day, reason in found.steps]
        say({"date": found.date.isoformat(), "moved": found.moved, "moved_by": found.moved_by, "steps": steps})
        return
    click.echo(f"{found.date}\t{found.moved_by or 'そのまま'}")
    for day, reason in found.steps:
        click.echo(f"  {day} {reason}")


def _closing_day(text: str) -> ClosingDay:
    month, dash, day = text.partition("-")
    if not (dash and month.isdigit() and day.isdigit()):
        raise click.BadParameter(f"{text!r} is no closing day; write 08-06", param_hint="--closed")
    return ClosingDay(month=int(month), day=int(day))


@era.command("eras")
@json_option
@eras_option
@click.pass_context
def eras(ctx: click.Context, *, as_json: bool) -> None:
    """List the eras that are known, with their first and last days and their codes."""
    table = table_of(ctx)
    for each in table.eras:
        last = None if each is table.latest else table.ends[each.name].isoformat()
        if as_json:
            row = {"name": each.name, "kana": each.kana, "romaji": each.romaji, "letter": each.letter, "one": each.one}
            days = {"start": each.start.isoformat(), "end": last, "announced": each.announced.isoformat()}
            say({**row, **days, "codes": dict(each.codes), "legal": each.legal, "origin": each.origin})
        else:
            codes = " ".join(f"{system}={code}" for system, code in each.codes)
            click.echo(f"{each.name}\t{each.letter or '-'}\t{each.start}\t{last or '-'}\t{codes}")


@era.command("rehearse")
@click.option(
    "--eras",
    "eras_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file with the row of the hypothetical era.",
)
@click.option("--folder", "folders", multiple=True, type=click.Path(exists=True, path_type=Path), help="Look here too.")
@click.option("--plugins/--no-plugins", default=True, show_default=True, help="Look through installed plugins.")
@json_option
def rehearse_era(*, eras_file: Path, folders: tuple[Path, ...], plugins: bool, as_json: bool) -> None:
    """Show what a hypothetical era changes: every style, collisions, and texts that print an era by hand.

    The exit status is 1 where the era is refused.
    """
    try:
        rows = load_eras(eras_file)
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    places = [*folders, *(plugin_folders() if plugins else ())]
    found = rehearse(rows, folders=places, origin=str(eras_file))
    say(_rehearsal_dict(found)) if as_json else _show(found, len(places))
    if found.after is None:
        sys.exit(1)


def _rehearsal_dict(found: Rehearsal) -> dict[str, Any]:
    return {
        "accepted": found.after is not None,
        "collisions": [{"reason": word, "message": sentence} for word, sentence in found.collisions],
        "missing": list(found.missing),
        "changes": [
            {
                "what": change.what,
                "day": change.day.isoformat(),
                "as_of": change.as_of.isoformat() if change.as_of else None,
                "before": change.before,
                "after": change.after,
                "changed": change.changed,
            }
            for change in found.changes
        ],
        "findings": [
            {"path": str(each.path), "line": each.line, "text": each.text, "kind": each.kind, "why": each.why}
            for each in found.findings
        ],
    }


def _show(found: Rehearsal, folders: int) -> None:
    for word, sentence in found.collisions:
        click.echo(f"refused\t{word}\t{sentence}")
    for text in found.missing:
        click.echo(f"missing\t{text}")
    for change in found.changes:
        if change.changed:
            as_of = f" (as of {change.as_of})" if change.as_of else ""
            click.echo(f"changes\t{change.what}\t{change.day}{as_of}\t{change.before or '—'}\t{change.after or '—'}")
    for finding in found.findings:
        click.echo(f"by hand\t{finding}")
    if found.after is not None:
        click.echo(f"{len(found.findings)} places write an era by hand, in {folders} folders")


def plugin_folders() -> list[Path]:
    """Return the folders of the installed plugins, without importing any of them.

    A plugin whose folder is not there is named on standard error.
    """
    from munirules.plugins.discovery import PluginError, installed

    folders: set[Path] = set()
    for plugin in installed():
        try:
            folders.update([plugin.folder()] if plugin.is_folder else _package(plugin.module))
        except PluginError as error:
            click.echo(f"not looked through: {error}", err=True)
    return sorted(folders)


def _package(module: str) -> list[Path]:
    """Return where the package of a plugin of hook functions lies; its file, where it is a single module."""
    spec = find_spec(module.partition(".")[0])
    if spec is None:
        return []
    if spec.submodule_search_locations is None:
        return [Path(spec.origin)] if spec.origin else []
    return [Path(place) for place in spec.submodule_search_locations]
