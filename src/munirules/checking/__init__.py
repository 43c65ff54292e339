"""Checking plugins: their published cases, and everything else that a reviewer would ask.

A plugin's own test is three lines::

    @pytest.mark.parametrize("case", load_cases(FOLDER), ids=str)
    def test_case(case: Case) -> None:
        run_case(case).confirm()
"""

from munirules.checking.cases import Case, CaseError, CaseResult, Verdict, load_cases, run_case, score

__all__ = ["Case", "CaseError", "CaseResult", "Verdict", "load_cases", "run_case", "score"]
