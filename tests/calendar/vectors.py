"""The data files of these tests."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def document(name: str) -> dict[str, Any]:
    """Return a data file."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of a data file."""
    found: list[dict[str, Any]] = document(name)["cases"]
    return found


def day(text: str) -> date:
    """Return an ISO day."""
    return date.fromisoformat(text)
