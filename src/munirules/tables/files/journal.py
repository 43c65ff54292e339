"""What a run notes beside its output, so that one that was killed can be gone on with.

The journal is lines of JSON: first what the run is (its identity), then, now and then, how far input and outputs had come
with all rows before safely written (`Mark`). A later run goes on only where its identity is the same in every entry:
inputs by their digests, decision, plugins by versions and digests, map and options. A run that ends before its first mark
is due writes nothing there, and is not asked for its identity.
"""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import attrs

from munirules.errors import MunirulesError

FORMAT: Final = 1


class ResumeError(MunirulesError, ValueError):
    """A run that cannot be gone on with, or that another process is at."""


@attrs.frozen(kw_only=True)
class Mark:
    """How far a run had come.

    Attributes:
        inputs: by table (empty for the subjects) where its next part begins, and what of that part was used already.
        output: bytes of the output.
        rejects: bytes of the file of rejects.
        told: the counts so far, as `Summary` writes them.
        whole: whether all rows are decided, and only the files' names were to come.
    """

    inputs: Mapping[str, Mapping[str, Any]]
    output: int
    rejects: int
    told: Mapping[str, Any]
    whole: bool = False


class Journal:
    """The journal of a run, locked while the run is at it.

    Args:
        output: the run's output; the journal stands beside it.
        identity: tells what the run is.
        resume: whether to go on with an earlier run.

    Raises:
        ResumeError: when another process is at it, or to go on where there is nothing, or something else.
    """

    def __init__(self, output: Path, identity: Callable[[], Mapping[str, Any]], *, resume: bool) -> None:
        self._identity = identity
        self.path = output.with_name(f".{output.name}.journal")
        self.last: Mark | None = None
        try:
            self._file = self.path.open("a+b")
        except OSError as error:
            raise ResumeError(f"{self.path}: {error.strerror}") from None
        try:
            _lock(self._file, self.path)
            length = self._compare({"format": FORMAT, **identity()}) if resume else 0
        except ResumeError:
            self.close()
            raise
        self._file.truncate(length)
        self.begun = bool(length)

    def _compare(self, identity: Mapping[str, Any]) -> int:
        """Find the last mark of an earlier run that was the same; returns how much of the journal holds."""
        self._file.seek(0)
        lines = self._file.read().splitlines(keepends=True)
        found = [_read(line) for line in lines if line.endswith(b"\n")]  # the last may have been cut off
        if not found:
            self._file.close()
            self.path.unlink()
            raise ResumeError(f"{self.path}: there is no earlier run to go on with; run without --resume")
        before, now = found[0], json.loads(json.dumps(identity))
        differ = [key for key in (*now, *before) if before.get(key) != now.get(key)]
        if differ:
            told = "; ".join(
                f"{key} was {_short(before.get(key))}, is {_short(now.get(key))}" for key in dict.fromkeys(differ)
            )
            raise ResumeError(f"the earlier run was another one: {told}; run without --resume to begin anew")
        if len(found) > 1:
            self.last = Mark(**found[-1])
        return sum(len(line) for line in lines[: len(found)])

    def mark(self, mark: Mark) -> None:
        """Note how far the run has come; what the mark says is written must be so already."""
        if not self.begun:
            self._write({"format": FORMAT, **self._identity()})
            self.begun = True
        self._write(attrs.asdict(mark))

    def _write(self, entry: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Leave it for a later run."""
        self._file.close()

    def remove(self) -> None:
        """The run is at its end."""
        self.path.unlink()
        self._file.close()


def _read(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ResumeError("the journal of the earlier run cannot be read; run without --resume")
    return found


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}…"


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep other processes out, on systems that have such locks; the system drops it with the process."""
    with suppress(ImportError):
        fcntl: Any = importlib.import_module("fcntl")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ResumeError(f"{path}: another run is writing this output") from None
