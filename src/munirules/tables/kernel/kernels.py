"""Kernels: compiled once for a text and the rules it calls, and kept on disk between processes."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import RLock
from typing import Any

import attrs
from numba import types
from numba.core import errors
from numba.core.caching import FunctionCache
from numba.core.registry import CPUDispatcher

from munirules.tables.kernel.digest import digest_of
from munirules.tables.kernel.functions import INNER, MISSING, OPTIONS, names_of, reached
from munirules.tables.kernel.rewriting import KernelCompiler, RuleCompiler
from munirules.tables.kernel.types import NotCompiled
from munirules.tables.kernel.writer import Text

SIGNATURE = (types.int64, types.int64, types.int64)
FOLDER = "MUNIRULES_KERNELS"


@attrs.frozen(eq=False)
class Kernel:
    """A compiled kernel.

    Attributes:
        call: `call(words, start, stop)`: the address of the words of a call, and which rows.
        used: names of the fields that its rules read.
        kept: whether it was found on disk, so that nothing was compiled.
    """

    call: Any
    used: frozenset[str]
    kept: bool

    def __call__(self, words: int, start: int, stop: int) -> None:
        """Decide rows."""
        self.call(words, start, stop)


def folder() -> Path:
    """Where kernels are kept: the folder that `MUNIRULES_KERNELS` names, else one in the user's cache."""
    named = os.environ.get(FOLDER)
    if named:
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.cache"
    return Path(cache).expanduser() / "munirules" / "kernels"


_made: dict[str, Kernel | NotCompiled] = {}
_lock = RLock()


def kernel_of(text: Text) -> Kernel:
    """Return the kernel of a text: made before in this process, kept on disk by another, or compiled now and kept.

    Raises:
        NotCompiled: when numba cannot compile a rule, saying which.
    """
    with _lock:
        functions = reached(text.functions)
        digest = digest_of(text, functions)
        if digest not in _made:
            try:
                _made[digest] = _make(text, digest, names_of(functions))
            except NotCompiled as error:
                _made[digest] = error
        found = _made[digest]
    if isinstance(found, NotCompiled):
        raise found
    return found


def is_kept(text: Text) -> bool:
    """Whether a kernel need not be compiled, since it was made in this process or is kept on disk."""
    digest = digest_of(text, reached(text.functions))
    return digest in _made or any(folder().glob(f"{digest}/__pycache__/*.nbi"))


def _make(text: Text, digest: str, used: frozenset[str]) -> Kernel:
    space = _module(text, digest)
    kernel = CPUDispatcher(space["kernel"], locals={}, targetoptions=dict(OPTIONS), pipeline_class=KernelCompiler)
    if space.get("__file__"):
        kernel._cache = FunctionCache(space["kernel"])
        if kernel._cache.load_overload(SIGNATURE, kernel.targetctx) is not None:
            kernel.compile(SIGNATURE)
            kernel.disable_compile()
            return Kernel(kernel, used, kept=True)
    space.update(text.names)
    space["case"] = CPUDispatcher(space["case"], locals={}, targetoptions=dict(INNER), pipeline_class=RuleCompiler)
    try:
        with without_collection():
            kernel.compile(SIGNATURE)
    except errors.NumbaError as error:
        raise NotCompiled(told(error, text)) from None
    kernel.disable_compile()
    return Kernel(kernel, used, kept=False)


@contextmanager
def without_collection() -> Iterator[None]:
    """Without Python's collector of cycles, which looks through all that a compiler makes again and again."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _module(text: Text, digest: str) -> dict[str, Any]:
    """The module of a kernel: a file in a folder of its own, which numba keeps the code beside; in memory where none can be."""
    name = f"munirules_kernel_{digest}"
    own = folder() / digest / f"{name}.py"
    try:
        if not own.is_file():
            own.parent.mkdir(parents=True, exist_ok=True)
            beside = own.with_suffix(f".{os.getpid()}")
            beside.write_text(text.source, encoding="utf-8")
            beside.replace(own)
        spec = spec_from_file_location(name, own)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    except OSError:
        space: dict[str, Any] = {}
        exec(compile(text.source, "<munirules kernel>", "exec"), space)  # noqa: S102 — written by this package alone
        return space
    return vars(module)


def told(error: Exception, text: Text) -> str:
    """What stands in the way, in plain words: the rule, and the line that numba cannot take."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    what = next((line for line in lines if not line.startswith(("Failed in", "During", "File"))), "")
    where = next((line for line in lines if line.startswith("File ") and "munirules_kernel" not in line), "")
    rules = [function.py_func.__name__ for function in text.functions]
    rule = next((name for name in reversed(rules) if f"function {name} at" in str(error)), "")
    missing = next((name for name in MISSING if what == f"NameError: name {name!r} is not defined"), "")
    if missing:
        what = f"the helper {missing} has no compiled form: {MISSING[missing]}"
    return f"rule {rule!r}: {what} ({where.removeprefix('File ').rstrip(':')})"
