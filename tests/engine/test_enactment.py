"""Enactments are read strictly: each fault with file, line and key, all of them at once."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from munirules.engine.enactment import KINDS, EnactmentError, load, parse

# A sound enactment, line by line; a test changes one line.
SOUND = """\
title = "架空市給水条例"
kind = "ordinance"
jurisdiction = "999997"
source = "https://example.com/"
read_on = 2026-11-20
citation = "別表第1"

[[version]]
since = 2019-10-01
promulgated = 2019-06-28
[version.Tariff]
base = 800
bands = [
  { above = 0, price = 120 },
  { above = 10, price = 157.5 },
]

[[version]]
since = 2024-04-01
citation = "別表第2"
source = "https://example.com/2"
note = '''
[[version]]
since = 1900-01-01
'''
[version.Tariff]
unset = ["rents"]
"""
LINES = SOUND.splitlines()


def faults(text: str) -> list[str]:
    with pytest.raises(EnactmentError) as caught:
        parse(text, file="city/water.toml")
    return str(caught.value).splitlines()


def changed(line: int, *new: str) -> str:
    return "\n".join([*LINES[: line - 1], *new, *LINES[line:], ""])


def test_a_sound_enactment_is_read():
    read = parse(SOUND, file="city/water.toml", plugin="munirules-city 1.0")
    first, second = read.versions
    assert (read.title, read.kind, read.jurisdiction, read.read_on) == (
        "架空市給水条例", "ordinance", "999997", date(2026, 11, 20),
    )  # fmt: skip
    assert first.values["Tariff"]["bands"][1] == {"above": 10, "price": Decimal("157.5")}
    assert second.unset == {"Tariff": frozenset({"rents"})}
    assert (first.known_from, second.known_from) == (date(2019, 6, 28), date(2024, 4, 1))
    assert (read.citation_of(first), read.citation_of(second)) == ("架空市給水条例 別表第1", "架空市給水条例 別表第2")
    assert (first.line, second.line) == (8, 18)
    cited = read.cite(second)
    assert (cited.source, cited.where, cited.plugin) == (
        "https://example.com/2",
        "city/water.toml:18",
        "munirules-city 1.0",
    )
    assert read.cite(first).source == "https://example.com/"


def test_a_value_of_a_file_is_told_with_its_own_line(tmp_path):
    path = tmp_path / "water.toml"
    path.write_text(SOUND, encoding="utf-8")
    read = load(path)
    first, second = read.versions
    assert read.where(first, "Tariff", "base") == f"{path}:12"
    assert read.where(first, "Tariff", "bands") == f"{path}:13"
    assert read.where(first, "Tariff", "absent") == f"{path}:11"
    assert read.where(second, "Tariff", "unset") == f"{path}:27"


def test_versions_stand_in_order_of_since_then_promulgation():
    text = "\n".join(LINES[:6]) + "".join(
        f"\n[[version]]\nsince = {since}\npromulgated = {known}\n[version.T]\na = {a}\n"
        for a, (since, known) in enumerate(
            [("2024-04-01", "2024-03-01"), ("2019-10-01", "2025-01-01"), ("2019-10-01", "2019-06-28")]
        )
    )
    assert [version.values["T"]["a"] for version in parse(text).versions] == [2, 1, 0]


# One line changed: (line, what stands there instead, line that is told, what is told).
FAULTS = [
    (1, 'titel = "x"', 1, r"unknown key 'titel' — did you mean 'title'\? \(known: title, kind, .*\)"),
    (1, "title = 5", 1, r"title = 5 is not allowed; write a text in quotes"),
    (2, 'kind = "ordnance"', 2, r"kind 'ordnance' is not known — did you mean 'ordinance'\? \(known: act, .*\)"),
    (2, 'kind = ["act"]', 2, r"kind = \['act'\] is not allowed; write a text in quotes"),
    (3, "jurisdiction = 999997", 3, r"jurisdiction = 999997 is not allowed; write a text in quotes"),
    (3, 'jurisdiction = "999998"', 3, r"jurisdiction '999998': the check digit of 99999 is 7, not 8; .*"),
    (3, 'jurisdiction = "99999"', 3, r"jurisdiction '99999' is not six ASCII digits; write '999997'"),
    (3, 'jurisdiction = "架空市"', 3, r"jurisdiction '架空市' is no code of a jurisdiction.*"),
    (5, 'read_on = "2026-11-20"', 5, r"read_on = '2026-11-20' is not allowed; write a date such as 2026-04-01"),
    (5, "read_on = 2026-11-20T09:00:00", 5, r"read_on = .* is not allowed; write a date such as 2026-04-01"),
    (6, "reviewed_on = 2026", 6, r"reviewed_on = 2026 is not allowed; write a date such as 2026-04-01"),
    (6, "[Tariff]", 6, r"unknown key 'Tariff'.*"),
    (27, "unset = []\n[[verison]]", 28, r"unknown key 'verison' — did you mean 'version'\?.*"),
    (9, "sinse = 2019-10-01", 9, r"unknown key 'sinse' — did you mean 'since'\? \(known: since, until, .*\)"),
    (9, "since = 2019", 9, r"since = 2019 is not allowed; write a date such as 2026-04-01"),
    (10, "temporary = 1", 10, r"temporary = 1 is not allowed; write true or false"),
    (10, "temporary = true", 10, r"temporary = true without `until`"),
    (10, "until = 2019-09-30", 10, r"until 2019-09-30 is before since 2019-10-01"),
    (10, "until = 9999-12-31", 10, r"until 9999-12-31 is no end; leave it out while nothing ends it"),
    (10, "continuing_since = 2019-09-30", 10, r"continuing_since 2019-09-30 is before since 2019-10-01"),
    (10, "repeal = true", 8, r"a repeal sets nothing"),
    (10, 'until = "never"', 10, r"until = 'never' is not allowed; write a date such as 2026-04-01"),
    (11, "Tariff = 5", 11, r"unknown key 'Tariff'.*"),
    (12, 'unset = "bands"', 11, r"Tariff\.unset = 'bands' is not allowed; write a list of field names, unset = \[\"rents\"\]"),
    (12, "unset = [5]", 11, r"Tariff\.unset = \[5\] is not allowed; .*"),
    (12, 'unset = ["bands"]', 11, r"Tariff: bands both set and unset in one version"),
    (19, "since = 2019-10-01\npromulgated = 2019-06-28", 18, r"two versions since 2019-10-01 promulgated 2019-06-28 \(the other at line 8\).*"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "new", "at", "told"), FAULTS, ids=[str(fault[1]) for fault in FAULTS])
def test_a_fault_is_told_with_file_and_line(line, new, at, told):
    text = changed(line, new)
    found = [fault for fault in faults(text) if "is missing" not in fault and "without `since`" not in fault]
    own = [fault for fault in found if re.fullmatch(rf"city/water\.toml:{at}: {told}", fault)]
    assert own, found


@pytest.mark.parametrize("key", ["title", "kind", "jurisdiction", "source", "read_on"])
def test_a_missing_key_is_told(key):
    text = "\n".join(line for line in LINES if not line.startswith(f"{key} =")) + "\n"
    told = (
        f"city/water.toml:1: '{key}' is missing; an enactment has title, kind, jurisdiction, source, read_on, version"
    )
    assert faults(text) == [told] if key != "source" else told in faults(text)


@pytest.mark.parametrize(
    ("tail", "told"),
    [
        ("", "city/water.toml:1: 'version' is missing"),
        ("version = []", "city/water.toml:7: an enactment without a [[version]]"),
        ("version = [5]", "city/water.toml:7: [[version]] is not a table"),
        ("version = 5", "city/water.toml:7: version = 5 is not allowed; write [[version]] tables"),
        ("[version]\nsince = 2019-10-01", "city/water.toml:7: version = {'since': "),
        ("[[version]]\n[version.T]\na = 1", "city/water.toml:7: a version without `since`, its first day in force"),
        (
            "[[version]]\nsince = 2019-10-01",
            "city/water.toml:7: a version that sets nothing; name a provision, or write",
        ),
    ],
)
def test_versions_are_what_an_enactment_is_made_of(tail, told):
    (found,) = faults("\n".join([*LINES[:6], tail, ""]))
    assert found.startswith(told)


# Malformed TOML: the line that is wrong, and what.
@pytest.mark.parametrize(
    ("line", "new", "at"),
    [
        (1, "title = ", 1),
        (4, "source = https://example.com/", 4),
        (5, "read_on = 2026-11-31", 5),
        (12, "base = 800 yen", 12),
        (12, "base = 1\nbase = 2", 13),
        (14, "  { above = 0, price = 120 }}", 14),
        (27, "unset = [", 27),
        (8, "[[version]", 8),
    ],
)
def test_malformed_toml_is_told_with_its_line(line, new, at):
    (found,) = faults(changed(line, new))
    assert re.match(rf"city/water\.toml:{at}: malformed TOML: ", found), found


def test_all_faults_are_told_at_once():
    text = changed(1, 'titel = "x"').replace("since = 2019-10-01", "until = 2019").replace("temporary", "x")
    found = faults(text.replace("read_on", "red_on").replace("999997", "999991"))
    assert len(found) == 7
    assert all(re.match(r"city/water\.toml:\d+: ", fault) for fault in found)


def test_files_that_cannot_be_read_are_told(tmp_path):
    with pytest.raises(EnactmentError, match=r"absent\.toml: cannot be read: "):
        load(tmp_path / "absent.toml")
    (tmp_path / "sjis.toml").write_bytes('title = "条例"'.encode("shift_jis"))
    with pytest.raises(EnactmentError, match=r"sjis\.toml: cannot be read: .*utf-8"):
        load(tmp_path / "sjis.toml")
    with pytest.raises(EnactmentError, match="cannot be read"):
        load(tmp_path)


def test_kinds_have_the_words_of_the_law():
    assert KINDS["ordinance"] == "条例"
    assert KINDS["guideline"] == "要綱"
