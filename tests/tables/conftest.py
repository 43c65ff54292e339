"""What tests of tables share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tests.fictional import snippets


@pytest.fixture
def module(tmp_path: Path) -> Callable[[str], ModuleType]:
    """Make a module from a few lines."""
    return lambda text: snippets.module(tmp_path, text)
