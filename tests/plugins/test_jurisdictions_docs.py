"""The page of the importer's guide runs as written."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "importer" / "jurisdictions.md"


def test_the_page_runs():
    text = PAGE.read_text(encoding="utf-8").replace("```", "")
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    assert len(test.examples) > 20
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test)
    assert result.failed == 0
