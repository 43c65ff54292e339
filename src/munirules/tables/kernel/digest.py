"""What tells one kernel from another: everything that its code was made of, and nothing that a call brings."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import Any

from numba import types

from munirules.models.declare import is_declared
from munirules.tables.kernel.types import Fixed, NotCompiled, Record, Rows, Text, fields_of
from munirules.tables.kernel.writer import Text as Kernel


def digest_of(text: Kernel, functions: Iterable[Any]) -> str:
    """The digest of a kernel: of its text, and of what its code is made of.

    That is each function that it reaches with the values it names, the layout of each class, the compiler, this package.

    Args:
        text: the text.
        functions: what it reaches.
    """
    made = blake2b(digest_size=16)
    made.update(ground().encode())
    made.update(text.source.encode())
    classes: dict[type, None] = {}
    for argument in text.arguments:
        made.update(f"{argument.kind}{argument.what}{argument.slot}".encode())
        _note(argument.what, classes)
    for name, detail in text.details.items():
        made.update(f"{name}={detail}".encode())
    for fn in sorted(functions, key=lambda fn: (fn.__module__, fn.__qualname__, fn.__code__.co_firstlineno)):
        made.update(repr(_code(fn.__code__)).encode())
        made.update(repr((fn.__qualname__, fn.__defaults__, fn.__kwdefaults__)).encode())
        for name, value in sorted(fn.__globals__.items()):
            if name != "__builtins__":
                made.update(f"{name}={_value(value)}".encode())
                _note(value, classes)
        for hint in (*fn.__hints__.values(),):
            made.update(repr(hint).encode())
            _note(hint, classes)
    for line in sorted(_layouts(classes)):
        made.update(line.encode())
    return made.hexdigest()


@cache
def ground() -> str:
    """The compiler, the machine and this package as they are."""
    package = blake2b(digest_size=16)
    for file in sorted(Path(__file__).parent.glob("*.py")):
        package.update(file.read_bytes())
    versions = [version(name) for name in ("numba", "llvmlite", "numpy")]
    return "|".join([*versions, sys.version, platform.machine(), package.hexdigest()])


def _code(code: CodeType) -> tuple[Any, ...]:
    """What a function does, wherever it stands: the same in every process."""
    constants = [_code(own) if isinstance(own, CodeType) else _constant(own) for own in code.co_consts]
    return (code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_argcount, constants)


def _constant(value: Any) -> str:
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else repr(value)


def _value(value: Any) -> str:
    """What a name stands for, as far as code is made of it."""
    if isinstance(value, Text):
        return value.text
    if isinstance(value, Fixed):
        return repr(value.value)
    if hasattr(value, "py_func"):
        return f"{value.py_func.__module__}.{value.py_func.__qualname__}"
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    return repr(value) if isinstance(value, (int, str, tuple)) else type(value).__qualname__


def _note(value: Any, classes: dict[type, None]) -> None:
    """Note the declared classes within a value, a type or an annotation."""
    waiting = [value]
    while waiting:
        own = waiting.pop()
        if isinstance(own, Fixed):
            own = type(own.value)
        if isinstance(own, Record):
            own = own.cls
        if isinstance(own, type) and is_declared(own):
            classes[own] = None
        elif isinstance(own, Rows):
            waiting.append(own.item)
        elif isinstance(own, types.Optional):
            waiting.append(own.type)
        elif isinstance(own, (tuple, list)):
            waiting.extend(own)
        else:
            waiting.extend(getattr(own, "__args__", ()))


def _layouts(classes: dict[type, None]) -> Iterator[str]:
    seen: set[type] = set()
    waiting = list(classes)
    while waiting:
        cls = waiting.pop()
        if cls in seen:
            continue
        seen.add(cls)
        try:
            fields = fields_of(cls)
        except NotCompiled:
            continue
        yield f"{cls.__module__}.{cls.__qualname__}{fields}"
        more: dict[type, None] = {}
        for _, item in fields.values():
            _note(item, more)
        waiting.extend(more)
