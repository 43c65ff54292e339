"""What a rulebook rests on: the versions, the data and the rules of its plugins and of this library.

A rulebook cannot be sent to another machine. That machine opens its own, and both sides compare what theirs rest on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import attrs

from munirules.errors import MunirulesError
from munirules.plugins.discovery import Installed, PluginError, installed
from munirules.plugins.folder import FolderPlugin

if TYPE_CHECKING:
    from munirules.plugins.rulebook import Rulebook

LIBRARY: Final = "munirules"
_PACKAGE: Final = Path(__file__).parents[1]
_FACES: Final = frozenset({"checking", "cli", "testing"})
"""Parts of this library that only ask: no answer rests on them."""
_SHOWN: Final = 8


class WorkerDiffers(MunirulesError, RuntimeError):
    """A worker whose plugins, data or rules are other than the caller's: it decides nothing."""


@attrs.frozen
class Ground:
    """What a plugin, or the library, is.

    Attributes:
        label: distribution and version.
        data: digest of its data.
        rules: digest of the Python code of its distribution.
    """

    label: str
    data: str
    rules: str

    def told(self, other: Ground) -> str:
        """Itself, as far as it differs from another."""
        parts = [self.label]
        parts += [f"data {self.data[:_SHOWN]}"] if self.data != other.data else []
        parts += [f"rules {self.rules[:_SHOWN]}"] if self.rules != other.rules else []
        return ", ".join(parts)


def grounds_of(book: Rulebook, *, every: bool = False) -> dict[str, Ground]:
    """What the answers of a rulebook rest on, as it stands on disk now.

    Args:
        book: the rulebook.
        every: whether the plugins of all jurisdictions count, not those of its chain alone.

    Returns:
        By `munirules` and, for each plugin, the code of its jurisdiction (for a folder of enactments, its path).
    """
    made = {LIBRARY: Ground(f"{LIBRARY} {version(LIBRARY)}", *_digests(_PACKAGE, _PACKAGE))}
    for name, plugin in book.chain.manager.list_name_plugin():
        made[name] = _ground(name, plugin, book)
    for each in installed() if every else ():
        if each.code not in made:
            made[each.code] = Ground(each.label, *_installed_digests(each))
    return made


def _ground(name: str, plugin: Any, book: Rulebook) -> Ground:
    if isinstance(plugin, FolderPlugin):
        return Ground(plugin.label or "enactments", *_digests(plugin.path, _top(plugin.path, plugin.module)))
    found = book.chain.plugin(name)  # a module with hook functions
    label, file = found[1] if found else name, Path(plugin.__file__ or "")
    if "." not in plugin.__name__ and not hasattr(plugin, "__path__"):  # it stands among modules of others
        return Ground(label, "", _digest(file.parent, [file]))
    return Ground(label, *_digests(file.parent, file.parent))


def _installed_digests(plugin: Installed) -> tuple[str, str]:
    """Digests of a plugin that nobody has opened; one that cannot be opened has none, and its rows are set aside."""
    try:
        folder = plugin.folder() if plugin.is_folder else None
    except PluginError:
        folder = None
    return ("", "") if folder is None else _digests(folder, _top(folder, plugin.module))


def _top(folder: Path, module: str) -> Path:
    """The folder of the package to which a plugin's folder belongs: its rules may call what stands beside it."""
    return folder.parents[module.count(".") - 1] if "." in module else folder


def _digests(data: Path, code: Path) -> tuple[str, str]:
    return _digest(data, _files(data, code=False)), _digest(code, _files(code, code=True))


def _files(folder: Path, *, code: bool) -> Iterator[Path]:
    faces = _FACES if folder == _PACKAGE else frozenset()
    for file in sorted(folder.rglob("*.*")):
        inside = file.relative_to(folder).parts[0]
        if (file.suffix == ".py") is code and file.suffix != ".pyc" and inside not in faces and file.is_file():
            yield file


def _digest(folder: Path, files: Iterable[Path]) -> str:
    made = blake2b(digest_size=16)
    for file in files:
        content = file.read_bytes()
        made.update(f"{file.relative_to(folder).as_posix()} {len(content)}\n".encode())
        made.update(content)
    return made.hexdigest()


_running: dict[str, str] = {}
_lock = Lock()


def compare(wanted: Mapping[str, Ground], own: Mapping[str, Ground], worker: str) -> None:
    """See that a worker's rulebook rests on the same as the caller's.

    Args:
        wanted: what the caller's rests on.
        own: what the worker's does.
        worker: what to call it.

    Raises:
        WorkerDiffers: naming each difference with both sides' versions; also where files of rules were changed after
            this process had imported them, so that it would still run the old ones.
    """
    faults = []
    for name in sorted({*wanted, *own}):
        here, there = wanted.get(name), own.get(name)
        if here is None or there is None:
            told = f"caller {here.label if here else 'has none'}, worker {there.label if there else 'has none'}"
            faults.append(f"{name}: {told}")
        elif here != there:
            faults.append(f"{name}: caller {here.told(there)}; worker {there.told(here)}")
    if faults:
        raise WorkerDiffers(
            f"{worker} does not rest on what the caller rests on; install the same versions and restart it:\n"
            + "\n".join(faults)
        )
    with _lock:
        stale = [
            f"{name}: {each.label}" for name, each in own.items() if _running.setdefault(name, each.rules) != each.rules
        ]
    if stale:
        raise WorkerDiffers(f"{worker}: rules were changed while it was running; restart it:\n" + "\n".join(stale))
