"""A new era is a row of data: no code changes, and no decision answers otherwise.

Every published example of the plugins in the tree is decided with its dates written and read by the eras of today, and
by those with a hypothetical era; as printed, and moved behind the first day of that era.
"""

import hashlib
from datetime import date
from pathlib import Path

import pytest

import munirules
from munirules import MunirulesError, Rulebook
from munirules.calendar import format_date, parse_date, rehearse
from munirules.checking import load_cases
from munirules.engine.request import read_request

ROOT = Path(__file__).parents[2]
SOURCES = [Path(munirules.__file__).parent, ROOT / "plugins"]
MOVED = date(2031, 6, 10)
PER_DECISION = 3


def examples():
    """A few cases of each decision of each folder."""
    found = {}
    for file in sorted(ROOT.glob("plugins/*/src/*/**/cases*")):
        for case in load_cases(file.parent) if file.suffix == ".toml" or file.is_dir() else ():
            found.setdefault((case.folder or case.jurisdiction, case.decision), []).append(case)
    return [case for cases in found.values() for case in cases[:PER_DECISION]]


def digest():
    made = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted(folder.rglob("*.py")):
            made.update(path.read_bytes())
    return made.hexdigest()


def rewritten(value, table):
    """Plain data with every day written in its era and read again, by a table."""
    if isinstance(value, dict):
        return {key: rewritten(own, table) for key, own in value.items()}
    if isinstance(value, list):
        return [rewritten(own, table) for own in value]
    if isinstance(value, date):
        return parse_date(format_date(value, table=table), table=table)
    return value


def answers(cases, on):
    """A question to a table: what the cases come to."""

    def ask(table):
        books, found = {}, []
        for case in cases:
            book = books.setdefault(case.jurisdiction, None) or Rulebook.of(case.jurisdiction)
            books[case.jurisdiction] = book
            day = rewritten(on or case.on, table)
            try:
                request = read_request(
                    book,
                    case.decision,
                    {"subject": rewritten(dict(case.given), table), "facts": rewritten(dict(case.facts), table)},
                )
                outcome = book.decide(case.decision, request.subject, *request.facts, on=day)
                found.append((case.where, outcome.status, outcome.reason, outcome.answer))
            except MunirulesError as error:
                found.append((case.where, type(error).__name__, "", None))
        return found

    return ask


@pytest.mark.parametrize("on", [None, MOVED], ids=["as printed", "behind the new era's first day"])
def test_every_amount_stays(mirai_row, on):
    code = digest()
    cases = examples()
    before, after = rehearse([mirai_row]).answers(answers(cases, on))
    assert before == after
    assert len(before) > 50
    assert sum(answer is not None for *_, answer in before) > 50
    assert digest() == code
