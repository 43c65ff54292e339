"""The folder that a run writes: whole files only, each under a name that says what it was made of, and one mark at the end.

    _run.json           what the run is: decision, options, what the rules rest on, every file of the dataset by digest
    results/part-….parquet, rejects/part-….parquet
    _parts/part-….json  that a part is finished: its counts, and the two files above by name and size
    _manifest.json      all parts and the counts of all
    _SUCCESS            the digest of the manifest; there only when all of it is

A file is written under a hidden name, brought to the disk and renamed. A part's entry comes after its files, so that a part
either is finished or is done again; two tries at once write the same files under the same names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from uuid import uuid4

from munirules.tables.files.output import sync_folder
from munirules.tables.frames import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS, REJECTS, PARTS, SHUFFLED = "results", "rejects", "_parts", "_shuffled"
RUN, MANIFEST, SUCCESS = "_run.json", "_manifest.json", "_SUCCESS"
_SHORT: Final = 12
_SHOWN: Final = 5


def digest_of(data: object) -> str:
    """The digest of plain data."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).hexdigest()


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file to write, which takes its name when all of it is on the disk; nothing is left where writing fails."""
    hidden = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with hidden.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_json(path: Path, data: object) -> None:
    """Write plain data."""
    with written(path) as file:
        file.write(json.dumps(data, ensure_ascii=False, indent=1).encode())


def read_json(path: Path) -> Any:
    """Read plain data; None where there is no such file."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None


class Output:
    """The folder of a run.

    Args:
        folder: the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, run: Mapping[str, Any]) -> None:
        """Make the folder ready for a run, or find it so.

        Args:
            run: what the run is, `digest` among it.

        Raises:
            TableError: when another run wrote there, saying what differs, or what stands there is no run's.
        """
        before = read_json(self.folder / RUN)
        if before is None and self.folder.is_dir() and any(self.folder.iterdir()):
            raise TableError([f"{self.folder}: is not empty, and no run of munirules wrote it; give another folder"])
        if before is not None and before.get("digest") != run["digest"]:
            differ = [name for name in run if name != "digest" and before.get(name) != run[name]]
            told = [each for name in differ for each in _differences(name, before.get(name), run[name])]
            shown = "; ".join(told[:_SHOWN]) + ("; …" if len(told) > _SHOWN else "")
            raise TableError(
                [f"{self.folder}: was written by another run ({shown}); remove the folder, or give another one"]
            )
        for name in (RESULTS, REJECTS, PARTS):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        write_json(self.folder / RUN, run)

    @staticmethod
    def name(number: int, digest: str) -> str:
        """The name of a part, without ending."""
        return f"part-{number:05d}-{digest[:_SHORT]}"

    def finished(self, number: int, digest: str) -> dict[str, Any] | None:
        """What came of a part; None where it is still to be done.

        Args:
            number: which part.
            digest: of all that it is made of.
        """
        entry: dict[str, Any] | None = read_json(self._entry(number, digest))
        if entry is None or entry["digest"] != digest:
            return None
        for folder in (RESULTS, REJECTS):
            try:
                size = (self.folder / folder / entry[folder]["file"]).stat().st_size
            except FileNotFoundError:
                return None
            if size != entry[folder]["bytes"]:
                return None
        return entry

    def _entry(self, number: int, digest: str) -> Path:
        return self.folder / PARTS / f"{self.name(number, digest)}.json"

    def keep(
        self, number: int, digest: str, write: Callable[[IO[bytes], IO[bytes]], Mapping[str, Any]]
    ) -> dict[str, Any]:
        """Write a part: its files, then that it is finished.

        Args:
            number: which part.
            digest: of all that it is made of.
            write: writes results and rejects, and tells what came of the part, with the rows of both by their names.

        Returns:
            What `finished` gives from then on.
        """
        file = f"{self.name(number, digest)}.parquet"
        results, rejects = self.folder / RESULTS / file, self.folder / REJECTS / file
        with written(results) as first, written(rejects) as second:
            told = write(first, second)
            sizes = {RESULTS: first.tell(), REJECTS: second.tell()}
        entry = {"number": number, "digest": digest, **told}
        for folder, size in sizes.items():
            entry[folder] = {"file": file, "rows": told[folder], "bytes": size}
        write_json(self._entry(number, digest), entry)
        return entry

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest, then the mark; what tries that were cut off left behind is removed first.

        Raises:
            TableError: when files stand among the results that no part of the run wrote.
        """
        for folder in (RESULTS, REJECTS, PARTS):
            for left in (self.folder / folder).glob(".*.tmp"):
                left.unlink(missing_ok=True)
        for folder in (RESULTS, REJECTS):
            wrote = {part[folder]["file"] for part in manifest["parts"]}
            strange = sorted({file.name for file in (self.folder / folder).iterdir()} - wrote)
            if strange:
                raise TableError([f"{self.folder / folder}: no part of this run wrote {', '.join(strange)}; remove it"])
        write_json(self.folder / MANIFEST, manifest)
        with written(self.folder / SUCCESS) as file:
            file.write(digest_of(manifest).encode())

    def unmark(self) -> None:
        """Take the mark away: not all of it is there."""
        (self.folder / SUCCESS).unlink(missing_ok=True)

    def succeeded(self) -> bool:
        """Whether the mark is there, and of the manifest that is."""
        try:
            mark = (self.folder / SUCCESS).read_text(encoding="ascii")
        except FileNotFoundError:
            return False
        return mark == digest_of(read_json(self.folder / MANIFEST))


def _differences(name: str, before: Any, now: Any) -> Iterator[str]:
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for key in (*now, *(key for key in before if key not in now)):
            if before.get(key) != now.get(key):
                yield from _differences(f"{name} {key}", before.get(key), now.get(key))
    else:
        yield f"{name} was {_short(before)}, is {_short(now)}"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}…"
