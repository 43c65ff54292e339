"""Many more examples of the properties than a test run takes.

python tests/calendar/crosscheck/fuzz.py [--examples 200000]
"""

from __future__ import annotations

import argparse
import random
import time

from hypothesis import HealthCheck, settings
from tests.calendar import test_dates, test_properties

from munirules.calendar import STYLES, DateError, era_table, format_date, parse
from munirules.calendar.reading import ALL_FORMS, read

PROPERTIES = (
    test_properties.test_arbitrary_text_is_read_or_refused_and_nothing_else,
    test_properties.test_the_quick_reader_and_the_grammar_agree,
    test_properties.test_the_other_readers_raise_their_own_error_only,
    test_properties.test_what_was_read_can_be_printed_or_is_refused,
    test_properties.test_order_is_kept,
    test_properties.test_a_strict_reading_means_what_a_lenient_one_means,
    test_dates.test_no_comparison_lies,
)


def mutate(text: str, pool: str) -> str:
    """Return a text with some characters dropped, doubled, swapped or replaced."""
    characters = list(text)
    for _ in range(random.randint(1, 3)):  # noqa: S311
        at = random.randrange(len(characters) + 1)  # noqa: S311
        kind = random.randrange(4)  # noqa: S311
        if kind == 0 and characters:
            del characters[at - 1]
        elif kind == 1 and characters:
            characters.insert(at, characters[at - 1])
        elif kind == 2:
            characters.insert(at, random.choice(pool))  # noqa: S311
        elif characters:
            characters[at - 1] = random.choice(pool)  # noqa: S311
    return "".join(characters)


def mutants(count: int) -> int:
    """Read texts near to dates: both readers must agree, and raise nothing of another kind. Return how many were read."""
    random.seed(20190501)
    samples = [example.partition("|")[0] for form in ALL_FORMS for example in form.examples]
    samples += [format_date(day, style.name) for style in STYLES for day in (test_properties.date(2019, 5, 1),)]
    pool = "".join(sorted(set("".join(samples)) | set("0123456789元年月日不詳頃（）土²①٣")))
    systems = [None, *(system.id for system in era_table().systems)]
    were_read = 0
    for _ in range(count):
        text = mutate(random.choice(samples), pool)  # noqa: S311
        options = {"code_system": random.choice(systems), "policy": random.choice(("strict", "normalise", "keep"))}  # noqa: S311
        answers = []
        for reader in (lambda: parse(text, **options), lambda: read(text, table=era_table(), **options)):
            try:
                answers.append(reader().as_dict())
            except DateError as error:
                answers.append(error.reason)
        assert answers[0] == answers[1], (text, options, answers)
        were_read += isinstance(answers[0], dict)
    return were_read


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--examples", type=int, default=20_000)
    examples = arguments.parse_args().examples
    for test in PROPERTIES:
        start = time.perf_counter()
        settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)(test)()
        print(f"{test.__name__}: {examples:,} examples, {time.perf_counter() - start:.0f} s", flush=True)
    print(f"mutants: {mutants(examples):,} of {examples:,} were dates")


if __name__ == "__main__":
    main()
