"""The most memory that this process held, since it was last asked to forget."""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
PEAK = "5"


def reset_peak() -> None:
    """Forget the peak, where the system can (Linux)."""
    with suppress(OSError):
        FORGET.write_text(PEAK)


def peak_mib() -> int:
    """MiB, since `reset_peak` where the system can, else since the start."""
    with suppress(OSError):
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
