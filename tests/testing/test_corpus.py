"""The recorded cases of the nation and of every plugin are answered as they were: a change is told with the rule to blame."""

from pathlib import Path

from munirules.testing.corpus.lines import Books, corpus_files, read_lines
from munirules.testing.corpus.replay import replay

FOLDER = Path(__file__).parents[1] / "corpus"


def test_every_recorded_case_is_answered_as_it_was():
    lines = [line for file in corpus_files([FOLDER]) for line in read_lines(file)]
    found = replay(lines, Books())
    assert [str(change) for change in found.changes] == []
    assert found.asked == len(lines) >= 1_900
