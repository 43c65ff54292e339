"""What tests of the engine share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings
from tests.fictional import snippets

# A slow machine is no fault of what is tested.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def module(tmp_path: Path) -> Callable[[str], ModuleType]:
    """Make a module from a few lines; they begin on line `snippets.FIRST`."""
    return lambda text: snippets.module(tmp_path, text)
