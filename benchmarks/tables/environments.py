"""Environments of peers, each of its own, outside of the library's: what they need is theirs alone."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = {
    "openfisca": ["openfisca-japan==2.2.0"],
    "gettsim": ["gettsim==1.3.1"],
    "polars": ["polars>=1.30", "pyarrow>=17"],
}
DONE = "made"


def python_of(folder: Path, name: str) -> Path:
    """The Python of a peer's environment, which is made where there is none yet.

    Args:
        folder: where environments stand.
        name: of the peer.

    Raises:
        subprocess.CalledProcessError: where its packages cannot be installed.
    """
    own = folder / name
    python = own / "bin" / "python"
    if (own / DONE).exists():
        return python
    print(f"making the environment of {name} in {own}", file=sys.stderr)
    uv = shutil.which("uv")
    if uv is None:
        venv.create(own, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
    else:
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(own)], check=True)
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*install, *PACKAGES[name]], check=True, stdout=sys.stderr)
    (own / DONE).touch()
    return python


def versions(python: Path | str, *packages: str) -> str:
    """What is installed of some packages, with versions."""
    code = f"from importlib.metadata import version; print(', '.join(f'{{p}} {{version(p)}}' for p in {packages!r}))"
    return subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True).stdout.strip()
