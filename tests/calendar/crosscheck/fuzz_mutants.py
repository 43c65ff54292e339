"""Texts near to dates: both readers agree on them, and raise nothing but their own error.

MUNIRULES_EXAMPLES=1000000 pytest tests/calendar/crosscheck/fuzz_mutants.py
"""

from __future__ import annotations

import os
import random
from datetime import date

from munirules.calendar import STYLES, DateError, era_table, format_date, parse
from munirules.calendar.reading import ALL_FORMS, read

EXAMPLES = int(os.environ.get("MUNIRULES_EXAMPLES", "100000"))
SAMPLES = [example.partition("|")[0] for form in ALL_FORMS for example in form.examples]
SAMPLES += [format_date(date(2019, 5, 1), style.name) for style in STYLES]
POOL = sorted(set("".join(SAMPLES)) | set("0123456789元年月日不詳頃（）土²①٣"))
SYSTEMS = [None, *(system.id for system in era_table().systems)]
POLICIES = ("strict", "normalise", "keep")


def mutated(text, chance):
    characters = list(text)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(characters) + 1)
        kind = chance.randrange(3)
        if kind == 0:
            del characters[at : at + 1]
        elif kind == 1:
            characters[at:at] = characters[at - 1 : at]
        else:
            characters[at : at + chance.randint(0, 1)] = chance.choice(POOL)
    return "".join(characters)


def answer(reader, text, **options):
    try:
        return reader(text, **options).as_dict()
    except DateError as error:
        return error.reason


def test_mutants():
    chance = random.Random(20190501)
    for _ in range(EXAMPLES):
        text = mutated(chance.choice(SAMPLES), chance)
        options = {"code_system": chance.choice(SYSTEMS), "policy": chance.choice(POLICIES)}
        assert answer(parse, text, **options) == answer(read, text, table=era_table(), **options), (text, options)
