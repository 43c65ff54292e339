from datetime import date

import pytest

from munirules.testing.ledger import Known, Ledger, LedgerError, Range, read_ledger, written

TEXT = """\
decision = "water.supply"
jurisdiction = "215066"

[[known]]
name = "農業用の旧料金"
reason = "改定が反映されていない"
article = "給水条例別表第1"
expires = 2027-03-31
quirk = "previous-version"
differs = "total"
difference = { from = 1 }
rows = [2900, 3000]
yen = 83632
[known.when]
use = "農業施設用"
on = { from = 2023-04-01, to = 2026-03-31 }
months = [1, 2]
"""


@pytest.fixture
def ledger(tmp_path):
    def read(text=TEXT):
        path = tmp_path / "known.toml"
        path.write_text(text, encoding="utf-8")
        return read_ledger(path)

    return read


def test_a_ledger_is_read_and_written_and_read_again_the_same(ledger):
    found = ledger()
    (known,) = found.known
    assert known.rows == Range(2900, 3000)
    assert known.yen == Range(83632, 83632)
    assert known.difference == Range(1, None)
    assert known.when == {"use": "農業施設用", "on": Range(date(2023, 4, 1), date(2026, 3, 31)), "months": [1, 2]}
    assert known.where.endswith("known.toml:4")
    again = ledger(written(found))
    assert (again.decision, again.jurisdiction) == ("water.supply", "215066")
    assert [(own.name, own.when, own.rows, own.yen, own.expires) for own in again.known] == [
        (own.name, own.when, own.rows, own.yen, own.expires) for own in found.known
    ]


@pytest.mark.parametrize(
    ("rows", "yen", "today", "told"),
    [
        (2950, 83632, date(2027, 3, 31), []),
        (2950, 83632, date(2027, 4, 1), ["expired on 2027-03-31"]),
        (3001, 83632, date(2026, 4, 1), ["grew to 3,001 rows; expected: 2900 – 3000"]),
        (2899, 83632, date(2026, 4, 1), ["shrank to 2,899 rows; expected: 2900 – 3000"]),
        (0, 0, date(2026, 4, 1), ["vanished; take it out of the ledger"]),
        (2950, 83633, date(2026, 4, 1), ["comes to 83,633 yen; expected: 83,632"]),
    ],
)
def test_an_entry_fails_when_it_grows_shrinks_vanishes_or_expires(ledger, rows, yen, today, told):
    (known,) = ledger().known
    found = list(known.failures(rows, yen, today))
    assert [text.partition("農業用の旧料金: ")[2] for text in found] == told


def test_an_entry_that_expects_nothing_special_fails_only_when_it_vanishes():
    known = Known(name="x", reason="y", differs="total")
    assert list(known.failures(10**6, -5, date(2100, 1, 1))) == []
    assert len(list(known.failures(0, 0, date(2000, 1, 1)))) == 1


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('reason = "改定が反映されていない"', 'reason = " "', "reason is missing"),
        ("expires = 2027-03-31", 'expires = "2027"', "expires = '2027' is no date"),
        ("rows = [2900, 3000]", "rows = [3000, 2900]", "[3000, 2900] is not allowed; write a whole number, or two"),
        ("rows = [2900, 3000]", "row = 3", "unknown key 'row' — did you mean 'rows'?"),
        ("difference = { from = 1 }", "difference = { form = 1 }", "unknown key 'form' — did you mean 'from'?"),
        ('decision = "water.supply"', "", "decision is missing"),
        ("[[known]]", "[[known", "at line 4"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(ledger, old, new, told):
    with pytest.raises(LedgerError) as error:
        ledger(TEXT.replace(old, new))
    assert told in str(error.value)
    assert "known.toml" in str(error.value)


def test_an_entry_that_says_of_no_rows_is_refused(ledger):
    with pytest.raises(LedgerError, match="says of no rows"):
        ledger('decision = "a.b"\njurisdiction = "215066"\n[[known]]\nname = "x"\nreason = "y"\n')


def test_two_entries_of_one_name_are_refused(ledger):
    entry = '[[known]]\nname = "x"\nreason = "y"\ndiffers = "total"\n'
    with pytest.raises(LedgerError, match="'x' stands twice"):
        ledger(f'decision = "a.b"\njurisdiction = "215066"\n{entry}{entry}')


def test_texts_are_written_so_that_they_are_read_as_they_were(ledger):
    odd = Known(name='引用"と\\', reason="改\n行", when={"Income.amount": Range(1, None), "up": True})
    (again,) = ledger(written(Ledger(decision="a.b", jurisdiction="215066", known=(odd,)))).known
    assert (again.name, again.reason, again.when) == (odd.name, odd.reason, odd.when)
