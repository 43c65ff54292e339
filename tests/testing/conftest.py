"""What a test of other plugins puts on Python's path is gone after it: the next asks the plugins that are installed."""

import sys

import pytest


@pytest.fixture(autouse=True)
def _path():
    before = sys.path[:]
    yield
    sys.path[:] = before
