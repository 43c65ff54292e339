"""What a plugin's folder says of itself, read without importing or opening it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from munirules.engine.jurisdiction import normalise_code
from munirules.errors import MunirulesError
from munirules.plugins.areas import AREAS
from munirules.plugins.folder import CASES, PROFILE, files

if TYPE_CHECKING:
    from pathlib import Path


class FolderError(MunirulesError):
    """A folder that does not say, with one voice, for which jurisdiction it speaks."""


def enactment_files(folder: Path) -> list[Path]:
    """Every file of enactments in a folder, in order of the areas."""
    return [path for area in AREAS for path in files(folder, area, ".toml")]


def code_files(folder: Path) -> list[Path]:
    """Every module of rules in a folder, in order of the areas."""
    return [path for area in AREAS for path in files(folder, area, ".py")]


def case_files(folder: Path) -> list[Path]:
    """`cases.toml`, then `cases/*.toml`."""
    single = folder / CASES
    return ([single] if single.is_file() else []) + sorted(folder.joinpath("cases").glob("*.toml"))


def code_of(folder: Path) -> str:
    """The six-digit code of the jurisdiction that a folder speaks for, as its files write it.

    Raises:
        FolderError: when no file says it, two say different ones, or the folder is not there.
    """
    if not folder.is_dir():
        raise FolderError(f"{folder}: no such folder")
    profile = folder / PROFILE
    said = {path: _said(path, "jurisdiction") for path in enactment_files(folder)}
    said[profile] = _said(profile, "code")
    codes = {code: path for path, code in reversed(said.items()) if code}
    if not codes:
        raise FolderError(
            f"{folder}: no file says for whom it speaks; a plugin's folder has files of enactments (water.toml, …) "
            f"with jurisdiction = 'CODE', or {PROFILE} with code = 'CODE'"
        )
    if len(codes) > 1:
        told = ", ".join(f"{path.name} says {code!r}" for code, path in sorted(codes.items()))
        raise FolderError(f"{folder}: one folder speaks for one jurisdiction, but {told}")
    return normalise_code(next(iter(codes)))


def _said(path: Path, key: str) -> str:
    """A key of a file; empty where the file cannot be read: its faults are told by who reads all of it."""
    try:
        found: Any = tomllib.loads(path.read_text(encoding="utf-8")).get(key, "")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ""
    return found if isinstance(found, str) else ""
