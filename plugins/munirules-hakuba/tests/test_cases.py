"""Every example that was published comes out as printed."""

from pathlib import Path

import pytest

from munirules.checking import Case, load_cases, run_case

FOLDERS = Path(__file__).parents[1] / "src" / "munirules_hakuba"
CASES = [case for folder in sorted(FOLDERS.iterdir()) if folder.is_dir() for case in load_cases(folder)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    run_case(case).confirm()
