"""Rules and the helpers that they reach, each as a numba function of its annotated types.

A rule's function is compiled as it stands: its own code object, among names that stand for the compiled counterparts of
what it reaches.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterable
from datetime import date
from enum import EnumMeta, IntEnum
from inspect import signature
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final, get_origin, get_type_hints

from numba import types
from numba.core import errors
from numba.core.registry import CPUDispatcher

from munirules.engine.decision import refuse
from munirules.models.declare import alternatives, is_declared
from munirules.models.years import YEAR_FIELDS
from munirules.tables.kernel.arithmetic import total
from munirules.tables.kernel.counterparts import ANNOTATED, READY
from munirules.tables.kernel.rewriting import RuleCompiler
from munirules.tables.kernel.types import Fixed, NotCompiled, hints_of, is_named_tuple, type_of, unwrapped

OPTIONS: Final = {"nopython": True, "nogil": True}
INNER: Final = {**OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True, "forceinline": True}


class RuleFunction(CPUDispatcher):
    """A numba function that takes each argument as its annotation says, and answers so.

    Args:
        fn: the function, among compiled names.
        hints: its annotations.
    """

    def __init__(self, fn: Any, hints: dict[str, Any]) -> None:
        super().__init__(fn, locals={}, targetoptions=dict(INNER), pipeline_class=RuleCompiler)
        self._wanted = {name: _wanted(hint) for name, hint in hints.items()}
        self._answer = self._wanted.get("return")

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Find the compiled form for arguments, taken as the annotations say."""
        _, folded = self._compiler.fold_argument_types(args, kws)
        names = list(self._compiler.pysig.parameters)
        taken = tuple(_taken(self._wanted.get(name), own) for name, own in zip(names, folded, strict=True))
        return super().get_call_template(taken, {})

    def compile(self, sig: Any) -> Any:
        """Compile for argument types, to the annotated type of the answer."""
        if isinstance(sig, tuple) and self._answer is not None and not _open(self._answer):
            sig = self._answer(*sig)
        return super().compile(sig)


def _wanted(hint: Any) -> Any:
    if hint is None or hint is type(None):
        return types.none
    inner, _ = alternatives(unwrapped(hint))
    if isinstance(unwrapped(inner), type) and is_declared(unwrapped(inner)):
        return unwrapped(inner)  # an object of a class that inherits from it may come too
    return type_of(hint)


def _open(wanted: Any) -> bool:
    return isinstance(wanted, type)


def _taken(wanted: Any, given: Any) -> Any:
    """The type that an argument is taken as."""
    plain = types.unliteral(given)
    if wanted is None or _open(wanted):
        if isinstance(plain, types.Omitted):
            raise errors.TypingError("a default of no compiled type")
        return plain
    return wanted


MISSING: Final[dict[str, str]] = {}
"""Names of helpers that have no compiled form, and why."""

_made: dict[Any, Any] = {}


def compiled(fn: Any) -> Any:
    """Return the numba function of a rule or helper.

    Raises:
        NotCompiled: when its annotations have no compiled form.
    """
    if fn not in _made:
        source = ANNOTATED.get(fn, fn)
        try:
            hints = get_type_hints(source, localns={"date": date}, include_extras=True)
        except (NameError, TypeError) as error:
            raise NotCompiled(f"{fn.__module__}.{fn.__name__}: its annotations cannot be read: {error}") from None
        missing = [name for name in signature(source).parameters if name not in hints]
        if missing:
            raise NotCompiled(f"{fn.__module__}.{fn.__name__}: argument {missing[0]!r} has no type")
        space: dict[str, Any] = {}
        clone = FunctionType(source.__code__, space, source.__name__, _plain(source.__defaults__), source.__closure__)
        clone.__kwdefaults__ = (
            {k: _number(v) for k, v in source.__kwdefaults__.items()} if source.__kwdefaults__ else None
        )
        clone.__module__ = source.__module__
        clone.__qualname__ = source.__qualname__
        clone.__tuples__ = get_origin(alternatives(unwrapped(hints.get("return")))[0]) is tuple  # type: ignore[attr-defined]
        clone.__hints__ = hints  # type: ignore[attr-defined]
        made = _made[fn] = RuleFunction(clone, hints)
        space.update(_names(source))
        return made
    return _made[fn]


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, IntEnum) else value


def _plain(defaults: Any) -> Any:
    return tuple(_number(value) for value in defaults) if defaults else defaults


def _names(fn: Any) -> dict[str, Any]:
    """The names that a function reaches, each as its compiled counterpart."""
    found: dict[str, Any] = {"__builtins__": fn.__globals__.get("__builtins__", __builtins__)}
    if "sum" in _reached(fn.__code__):
        found["sum"] = compiled(total)
    for name in _reached(fn.__code__):
        if name in fn.__globals__:
            try:
                found[name] = stand_in(fn.__globals__[name])
            except NotCompiled as error:  # not missed where only an error's text needs it; else numba names it
                MISSING[name] = str(error)
    return found


def _reached(code: Any) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            names |= _reached(constant)
    return names


def stand_in(value: Any) -> Any:
    """What stands among compiled names for a value of a rule's module."""
    if value is refuse or isinstance(value, (str, IntEnum, ModuleType, BuiltinFunctionType)):
        return value
    if isinstance(value, FunctionType):
        return READY.get(value) or compiled(value)
    if isinstance(value, EnumMeta):
        named: dict[str, Any] = dict(value.__members__)
        members = {name: int(member) for name, member in named.items() if isinstance(member, int)}
        return namedtuple(value.__name__, members)(**members) if members else value  # noqa: PYI024
    if is_named_tuple(value):
        return constructor(value)
    if hasattr(value, "cache_info"):
        raise NotCompiled(f"{value.__name__} keeps what it worked out before")
    if is_declared(type(value)):
        return Fixed(value)
    if type(value) is tuple:
        return tuple(_number(own) for own in value)
    return value


def constructor(cls: Any) -> Any:
    """A numba function that makes a NamedTuple, each field taken as it is annotated."""
    if cls not in _made:
        hints = hints_of(cls)
        names = ", ".join(hints)
        space: dict[str, Any] = {"made": cls}
        exec(f"def make({names}): return made({names})", space)  # noqa: S102 — names of fields alone
        make = space["make"]
        make.__name__ = cls.__name__
        make.__qualname__ = cls.__qualname__
        make.__defaults__ = tuple(_number(cls._field_defaults[own]) for own in hints if own in cls._field_defaults)
        make.__hints__ = hints
        make.__module__ = cls.__module__
        _made[cls] = RuleFunction(make, hints)
    return _made[cls]


def reached(functions: Iterable[Any]) -> list[Any]:
    """Functions, and the helpers that they reach, each once."""
    found: dict[int, Any] = {}
    waiting = [function.py_func for function in functions]
    while waiting:
        fn = waiting.pop()
        if id(fn) not in found:
            found[id(fn)] = fn
            waiting.extend(own.py_func for own in fn.__globals__.values() if isinstance(own, RuleFunction))
    return list(found.values())


def names_of(functions: Iterable[Any]) -> frozenset[str]:
    """Every name that functions use: the fields that they read are among them."""
    return frozenset({"id", *YEAR_FIELDS}.union(*(_reached(fn.__code__) for fn in functions)))
