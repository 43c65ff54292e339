"""Kernels: compiled once for a text and the rules it calls, and kept on disk between processes."""

from __future__ import annotations

from typing import Any

import attrs
from numba import types
from numba.core import errors
from numba.core.registry import CPUDispatcher

from munirules.tables.kernel.functions import INNER, OPTIONS, reached_names
from munirules.tables.kernel.rewriting import KernelCompiler, RuleCompiler
from munirules.tables.kernel.types import NotCompiled
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
        try:
            kernel.compile(SIGNATURE)
        except errors.NumbaError as error:
            raise NotCompiled(told(error, text)) from None
        kernel.disable_compile()
        _made[key] = Kernel(kernel, reached_names(text.functions))
    return _made[key]


def told(error: Exception, text: Text) -> str:
    """What stands in the way, in plain words: the rule, and the line that numba cannot take."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    what = next((line for line in lines if not line.startswith(("Failed in", "During", "File"))), "")
    where = next((line for line in lines if line.startswith("File ") and "<munirules" not in line), "")
    rules = [function.py_func.__name__ for function in text.functions]
    rule = next((name for name in reversed(rules) if f"function {name} at" in str(error)), "")
    return f"rule {rule!r}: {what} ({where.removeprefix('File ').rstrip(':')})"
