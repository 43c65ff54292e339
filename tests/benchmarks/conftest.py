from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def root_on_path(monkeypatch):
    """The benchmarks stand beside the library, not in it."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
