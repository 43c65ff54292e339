"""What tests of the law share."""

import sys
from collections.abc import Callable, Sequence

import pytest
from hypothesis import settings

from munirules.checking import CaseResult, score

# The first question to a rulebook reads its law: a slow machine is no fault of what is tested.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def scored(record_testsuite_property, capsys) -> Callable[..., None]:
    """Prints and records the score of published examples, all of which have to come out as printed."""

    def check(title: str, results: Sequence[CaseResult], told: str = "") -> None:
        told = told or score(results)
        record_testsuite_property(f"examples of {title}", told)
        with capsys.disabled():
            sys.stdout.write(f"\n{title}: {told}\n")
        assert [str(result) for result in results if not result.passed] == []

    return check
