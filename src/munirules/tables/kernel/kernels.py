"""Kernels: compiled once for a text and the rules it calls, and kept on disk between processes."""

from __future__ import annotations

from typing import Any

import attrs
from numba import types
from numba.core.registry import CPUDispatcher

from munirules.tables.kernel.functions import INNER, OPTIONS, reached_names
from munirules.tables.kernel.rewriting import KernelCompiler, RuleCompiler
from munirules.tables.kernel.writer import Text

SIGNATURE = (types.int64, types.int64, types.int64)


@attrs.frozen(eq=False)
class Kernel:
    """A compiled kernel.

    Attributes:
        call: `call(words, start, stop)`: the address of the words of a call, and which rows.
        used: names of the fields that its rules read.
    """

    call: Any
    used: frozenset[str]

    def __call__(self, words: int, start: int, stop: int) -> None:
        """Decide rows."""
        self.call(words, start, stop)


_made: dict[Any, Kernel] = {}


def kernel_of(text: Text) -> Kernel:
    """Return the kernel of a text."""
    key = (text.source, tuple(sorted((name, id(value)) for name, value in text.names.items())))
    if key not in _made:
        space: dict[str, Any] = dict(text.names)
        exec(compile(text.source, "<munirules kernel>", "exec"), space)  # noqa: S102 — written by this package alone
        case = CPUDispatcher(space["case"], locals={}, targetoptions=dict(INNER), pipeline_class=RuleCompiler)
        space["case"] = case
        kernel = CPUDispatcher(space["kernel"], locals={}, targetoptions=dict(OPTIONS), pipeline_class=KernelCompiler)
        kernel.compile(SIGNATURE)
        kernel.disable_compile()
        _made[key] = Kernel(kernel, reached_names(text.functions))
    return _made[key]
