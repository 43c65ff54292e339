"""Watches whether anything asks the clock, chance, or the environment: no rule may.

A profile hook sees every function that is called, those written in C too; so nothing has to be replaced, and nothing
that a rule calls can be missed.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_MODULES: Final = frozenset({"time", "random", "_random", "secrets"})
_NAMES: Final = frozenset(
    {
        *("date.today", "datetime.today", "datetime.now", "datetime.utcnow", "type.today", "type.now", "type.utcnow"),
        *("urandom", "getenv", "open", "getcwd"),
    }
)
_METHODS: Final = frozenset({"today", "now", "utcnow", "random", "getrandbits", "urandom"})


class Watch:
    """Within it, calls that ask the clock, chance or the environment are noted.

    Attributes:
        seen: names of what was called, each with the function that called it.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._before: Callable[..., Any] | None = None

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._before = sys.getprofile()
        sys.setprofile(self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Watch no more."""
        sys.setprofile(self._before)

    def _note(self, frame: FrameType, event: str, argument: Any) -> None:
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == "hypothesis":
            return  # it times the garbage collector
        if event == "c_call":
            name = getattr(argument, "__name__", "")
            module = getattr(argument, "__module__", None) or ""
            whole = getattr(argument, "__qualname__", name)
            if module in _MODULES or whole in _NAMES or name in _METHODS:
                self.seen.append(f"{whole} in {frame.f_code.co_qualname} ({frame.f_code.co_filename}:{frame.f_lineno})")
        elif event == "call" and frame.f_globals.get("__name__") in _MODULES:
            self.seen.append(f"{frame.f_code.co_qualname}")
