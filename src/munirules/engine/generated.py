"""The one place where Python text that the engine has written becomes a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def function(source: str, name: str, origin: str, names: Mapping[str, Any]) -> Callable[..., Any]:
    """Compile a text of the engine's own making.

    Args:
        source: the text; it defines the function and nothing else.
        name: the function's name.
        origin: what the text was written for, as tracebacks name it.
        names: what the text refers to.
    """
    space = dict(names)
    exec(compile(source, f"<munirules {origin}>", "exec"), space)  # noqa: S102 — text of the engine, never a caller's
    made: Callable[..., Any] = space[name]
    return made
