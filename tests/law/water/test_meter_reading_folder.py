"""Readings and slips of a fictional city whose data stand in a folder, as a plugin's do."""

from pathlib import Path

import pytest

from munirules.checking import Case, load_cases, run_case

FOLDER = Path(__file__).parent / "fictional"


@pytest.mark.parametrize("case", load_cases(FOLDER), ids=str)
def test_case(case: Case) -> None:
    run_case(case).confirm()
