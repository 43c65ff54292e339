"""Every example that the municipality published comes out as printed."""

from pathlib import Path

import pytest

from munirules.checking import Case, load_cases, run_case

FOLDER = Path(__file__).parents[1] / "src" / "munirules_tono" / "data"


@pytest.mark.parametrize("case", load_cases(FOLDER), ids=str)
def test_case(case: Case) -> None:
    run_case(case).confirm()
