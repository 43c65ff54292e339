"""The forms of a report: text, Markdown, JSON and a page."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

import attrs

from munirules.errors import MunirulesError
from munirules.testing.report.blocks import Block, Code, Facts, Heading, Plot, Table, Tally, Text, blocks_of
from munirules.testing.report.model import Report
from munirules.testing.report.style import STYLE
from munirules.testing.report.words import LOCALES, number

FORMS: Final = {"text": ".txt", "markdown": ".md", "json": ".json", "html": ".html"}
_MARKS: Final = {"good": "○ ", "bad": "× ", "note": "", "": ""}


class ReportError(MunirulesError, ValueError):
    """A form of a report that there is none of."""


def rendered(report: Report, form: str, locale: str = "ja") -> str:
    """A report in one of its forms.

    Args:
        report: the report.
        form: `text`, `markdown`, `json` or `html`.
        locale: `ja` or `en`; JSON has no language.

    Raises:
        ReportError: for another form or locale.
    """
    if form not in FORMS:
        raise ReportError(f"form {form!r}: there are {', '.join(FORMS)}")
    if locale not in LOCALES:
        raise ReportError(f"locale {locale!r}: there are {', '.join(LOCALES)}")
    if form == "json":
        return json.dumps(data_of(report), ensure_ascii=False, indent=2) + "\n"
    blocks = list(blocks_of(report, locale))
    if form == "html":
        return page(report, blocks, locale)
    lines = _text(blocks) if form == "text" else _markdown(blocks)
    return "\n".join(lines).rstrip() + "\n"


def form_of(path: Path) -> str:
    """The form that a file's ending stands for.

    Raises:
        ReportError: for another ending.
    """
    for form, ending in FORMS.items():
        if path.suffix.lower() == ending:
            return form
    raise ReportError(f"{path}: a report is one of {', '.join(f'*{ending}' for ending in FORMS.values())}")


def data_of(report: Report) -> dict[str, Any]:
    """A report as plain data, with the sums that follow from it."""
    data = attrs.asdict(report)
    return {**data, "different": report.different, "set_aside": report.set_aside, "passed": not report.failures}


def _text(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text, level, _):
                yield from ("", text) if level > 1 else (text,)
                if level < 3:
                    yield ("=" if level == 1 else "-") * _width(text)
            case Text(text, kind):
                yield f"{_MARKS[kind]}{text}"
            case Facts(pairs):
                yield from (f"  {name}: {value}" if name else f"  {value}" for name, value in pairs)
            case Tally(counts):
                (whole, every, _), *rest = counts
                yield f"  {whole} {number(every)} = " + " + ".join(f"{name} {number(count)}" for name, count, _ in rest)
            case Table(headers, rows, numbers, _):
                yield from _columns([headers, *rows], numbers)
            case Code(text):
                yield f"  {text}"
            case Plot():
                pass


def _columns(rows: list[tuple[str, ...]], numbers: frozenset[int]) -> Iterator[str]:
    widths = [max(_width(row[index]) for row in rows) for index in range(len(rows[0]))]
    for row in rows:
        cells = [
            " " * (width - _width(cell)) + cell if index in numbers else cell + " " * (width - _width(cell))
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  " + "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _markdown(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading(text, level, _):
                yield f"{'#' * level} {text}"
            case Text(text, kind):
                yield f"{_MARKS[kind]}{_escaped(text)}"
            case Facts(pairs):
                yield "\n".join(f"- {name}: {_escaped(value)}" if name else f"- `{value}`" for name, value in pairs)
            case Tally(counts):
                (whole, every, _), *rest = counts
                told = " + ".join(f"{name} {number(count)}" for name, count, _ in rest)
                yield f"**{whole} {number(every)}** = {told}"
            case Table(headers, rows, numbers, _):
                rule = ["---:" if index in numbers else "---" for index in range(len(headers))]
                cells = [headers, tuple(rule), *(tuple(map(_escaped, row)) for row in rows)]
                yield "\n".join(f"| {' | '.join(row)} |" for row in cells)
            case Code(text):
                yield f"```sh\n{text}\n```"
            case Plot():
                continue
        yield ""


def _escaped(text: str) -> str:
    for letter in "\\|`*_[]<>":
        text = text.replace(letter, f"\\{letter}")
    return text.replace("\n", " ")


def page(report: Report, blocks: Iterable[Block], locale: str) -> str:
    """A page that stands by itself: its style and plots are within it."""
    title = escape(f"{report.title} — {report.place}")
    body = "\n".join(map(_html, blocks))
    return (
        f'<!doctype html>\n<html lang="{locale}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(text, level, anchor):
            named = f' id="{anchor}"' if anchor else ""
            return f"<h{level}{named}>{escape(text)}</h{level}>"
        case Text(text, kind):
            return f'<p class="{kind}">{escape(text)}</p>'
        case Facts(pairs):
            rows = "".join(
                f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" if name else f"<dd class=key>{escape(value)}</dd>"
                for name, value in pairs
            )
            return f"<dl>{rows}</dl>"
        case Tally(counts):
            cells = "".join(
                f'<div class="{kind}"><b>{number(count)}</b><span>{escape(name)}</span></div>'
                for name, count, kind in counts
            )
            return f"<section class=tally>{cells}</section>"
        case Table(headers, rows, numbers, links):
            return _table(headers, rows, numbers, links)
        case Code(text):
            return f"<pre>{escape(text)}</pre>"
        case Plot(svg, caption):
            return f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>"


def _table(
    headers: tuple[str, ...], rows: tuple[tuple[str, ...], ...], numbers: frozenset[int], links: tuple[str, ...]
) -> str:
    def cell(tag: str, index: int, text: str, link: str = "") -> str:
        inner = f'<a href="#{link}">{escape(text)}</a>' if link and index == 1 else escape(text)
        return f"<{tag}{' class=number' if index in numbers else ''}>{inner}</{tag}>"

    head = "".join(cell("th", index, text) for index, text in enumerate(headers))
    body = "".join(
        "<tr>" + "".join(cell("td", index, text, link) for index, text in enumerate(row)) + "</tr>"
        for row, link in zip(rows, links or [""] * len(rows), strict=True)
    )
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
