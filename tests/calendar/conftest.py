"""A hypothetical era."""

from __future__ import annotations

from typing import Any

import pytest
from tests.calendar.vectors import document

from munirules.calendar import EraTable, era_table


@pytest.fixture(scope="session")
def mirai_row() -> dict[str, Any]:
    """The row of an era announced on 2031-04-01 that begins on 2031-05-01."""
    row: dict[str, Any] = document("future_era")["era"]
    return row


@pytest.fixture(scope="session")
def mirai(mirai_row: dict[str, Any]) -> EraTable:
    """The library's eras and that one."""
    return era_table().with_eras([mirai_row], origin="a test")
