"""A function compiled as a rule is, to be called from Python with plain numbers; dates are given as day numbers."""

from datetime import date
from typing import get_type_hints

from numba import types
from numba.core.registry import CPUDispatcher

from munirules.tables.kernel.functions import OPTIONS, compiled
from munirules.tables.kernel.lowering import day_number_of, day_of_number
from munirules.tables.kernel.rewriting import KernelCompiler


def callable_of(fn):
    """Compile a function of whole numbers, truth values and dates; what fails in it raises."""
    hints = get_type_hints(fn, localns={"date": date})
    answer = hints.pop("return")
    given = ", ".join(f"a{number}" for number in range(len(hints)))
    taken = ", ".join(
        f"day_of_number(a{number})" if hint is date else f"a{number}" for number, hint in enumerate(hints.values())
    )
    call = f"day_number_of(fn({taken}))" if answer is date else f"fn({taken})"
    space = {"fn": compiled(fn), "day_of_number": day_of_number, "day_number_of": day_number_of}
    exec(f"def outer({given}):\n    return {call}", space)
    made = CPUDispatcher(space["outer"], locals={}, targetoptions=dict(OPTIONS), pipeline_class=KernelCompiler)
    made.compile(tuple(types.boolean if hint is bool else types.int64 for hint in hints.values()))
    return made
