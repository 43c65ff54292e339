"""What tests of the law share."""

import sys
from collections.abc import Callable, Sequence

import pytest

from munirules.checking import CaseResult, score


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
