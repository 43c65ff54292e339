"""How a peer stands by: it reads requests from its input, a line of JSON each, and answers with a line of JSON each.

A request names a case and its rows; the answer says how long one run took. So peers, each a process of an environment
of its own, can be asked in turn within one run of the comparison. Imports nothing that an environment might lack.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[[], int]


def serve(prepare: Callable[[str, int, str], Run]) -> None:
    """Answer requests until the input ends.

    Args:
        prepare: given a case, its rows and a way of running it, reads the input and returns what is timed; that returns
            the sum of all amounts, by which sides are compared.
    """
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    ready: dict[tuple[str, int, str], Run] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        key = (asked["case"], asked["rows"], asked["way"])
        if key not in ready:
            ready.clear()
            gc.collect()
            ready[key] = prepare(*key)
            ready[key]()  # what is compiled or looked up once is not timed
        answers.write(json.dumps(timed(ready[key])) + "\n")
        answers.flush()


def timed(run: Run) -> dict[str, Any]:
    """Run once; seconds, those of all processors together, the sum of all amounts, and the process's peak so far in MiB."""
    gc.collect()
    gc.disable()
    start, busy = time.perf_counter(), time.process_time()
    total = run()
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    gc.enable()
    return {
        "seconds": seconds,
        "cpu": cpu,
        "sum": int(total),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
