"""`@facts`, `@provision`, `@row` and `@result`: a thin layer over attrs that keeps what a declaration says.

Every declared class is frozen, keyword-only and validated when it is made. `declaration(cls)` gives what was declared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from functools import partial
from inspect import get_annotations
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAlias,
    TypeVar,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
    overload,
)
from weakref import WeakSet

import attrs

from munirules.errors import MunirulesError
from munirules.models.fields import (
    META,
    FieldError,
    Spec,
    check,
    choice,
    code,
    count,
    day,
    flag,
    quantity,
    rate,
    reference,
    rows,
    sen,
    text,
    told,
    yen,
)
from munirules.money import Currency, Rate

T = TypeVar("T")
Kind: TypeAlias = Literal["facts", "provision", "row", "result"]
_ATTRIBUTE = "__munirules__"
_declared: WeakSet[type] = WeakSet()
_watchers: list[Callable[[type], object]] = []
_KINDS: dict[type, str] = {bool: "flag", Enum: "choice", int: "count", date: "day", str: "text", Rate: "rate"}


class InvariantError(FieldError):
    """Fields that are right one by one and wrong together.

    Attributes:
        name: the class.
        problems: one text each, starting with the field (`members[1].mother (母): …`).
    """

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        super().__init__("\n".join(f"{name}.{problem}" for problem in problems))
        self.name = name
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.name, self.problems)


class DeclarationError(MunirulesError, TypeError):
    """A class that is not declared, or declared in a way that cannot be read."""


@attrs.frozen(eq=False)
class Declaration:
    """What a declared class says of itself.

    Attributes:
        cls: the class.
        kind: `facts`, `provision`, `row` or `result`.
        title: Japanese title.
        about: for facts, the part class that they describe; None for the subject as a whole.
        found_by: for findings, the person or board that determines them.
        specs: field name to what is said of it.
        required: names of fields without a default.
    """

    cls: type
    kind: Kind
    title: str
    about: type | None
    found_by: str
    specs: dict[str, Spec]
    required: frozenset[str]
    _types: dict[str, Any] = attrs.field(factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The class name, as data write it."""
        return self.cls.__name__

    @property
    def partial(self) -> tuple[str, ...]:
        """Names of the dates that may be known only in part."""
        return tuple(name for name, spec in self.specs.items() if spec.partial)

    @property
    def secret(self) -> frozenset[str]:
        """Names of the fields whose values are never printed."""
        return frozenset(name for name, spec in self.specs.items() if spec.secret)

    @property
    def types(self) -> dict[str, Any]:
        """Field name to its resolved annotation."""
        if not self._types:
            try:
                hints = get_type_hints(self.cls, include_extras=True)
            except NameError as error:
                raise DeclarationError(
                    f"{self.cls.__qualname__}: its annotations cannot be read: {error}; "
                    "import the types at the top of the module"
                ) from None
            for name, spec in self.specs.items():
                if spec.kind == "plain":
                    self.specs[name] = _inferred(spec, hints[name])
            self._types.update({name: hints[name] for name in self.specs})
        return self._types


def declaration(cls: type) -> Declaration:
    """Return what a class declares.

    Raises:
        DeclarationError: when the class was not declared with `@facts`, `@provision`, `@row` or `@result`.
    """
    found: Declaration | None = getattr(cls, _ATTRIBUTE, None)
    if found is None or found.cls is not cls:
        raise DeclarationError(f"{cls.__qualname__} is not declared; put @facts, @provision, @row or @result above it")
    return found


def watch(told: Callable[[type], object]) -> None:
    """Be told of every declared class, of those that are there already at once: what registers them elsewhere asks so.

    Args:
        told: called with each class.
    """
    for cls in sorted(_declared, key=lambda cls: (cls.__module__, cls.__qualname__)):
        told(cls)
    _watchers.append(told)


def is_declared(cls: object, *kinds: Kind) -> bool:
    """Whether a class was declared, as one of the kinds where some are named."""
    found = getattr(cls, _ATTRIBUTE, None)
    return isinstance(cls, type) and found is not None and found.cls is cls and (not kinds or found.kind in kinds)


def record_of(annotation: object) -> type | None:
    """Return X for `tuple[X, ...]`, else None."""
    args = get_args(annotation)
    if get_origin(annotation) is tuple and len(args) == 2 and args[1] is Ellipsis and isinstance(args[0], type):
        return args[0]
    return None


def alternatives(annotation: object) -> tuple[Any, bool]:
    """Split `X | None` into X and whether None is allowed."""
    if get_origin(annotation) in (Union, UnionType):
        kept = [a for a in get_args(annotation) if a is not type(None)]
        return (kept[0] if len(kept) == 1 else annotation), len(kept) < len(get_args(annotation))
    return annotation, False


def _inferred(spec: Spec, annotation: object) -> Spec:
    """Give a field that was declared without a helper the kind that its annotation implies."""
    inner, _ = alternatives(annotation)
    extras = get_args(inner)[1:] if get_origin(inner) is Annotated else ()
    currency = next((extra for extra in extras if isinstance(extra, Currency)), None)
    if currency is not None:
        return attrs.evolve(spec, kind="yen" if currency.per_yen == 1 else "sen", unit="円")
    if get_origin(inner) is tuple:
        return attrs.evolve(spec, kind="rows")
    if isinstance(inner, type):
        for base, kind in _KINDS.items():
            if issubclass(inner, base):
                return attrs.evolve(spec, kind=kind)
    return spec


def _check_plain(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Check a field declared without a helper against its annotation."""
    owner = declaration(type(instance))
    _, optional = alternatives(owner.types[attribute.name])
    if value is None and optional:
        return
    spec = owner.specs[attribute.name]
    problem = check(spec, value)
    if problem:
        raise FieldError(f"{owner.name}.{attribute.name}: {problem}")
    _check_class(instance, attribute, value)


def _check_class(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    """Check a choice, a record, or each of several rows against the class that the annotation names."""
    if isinstance(value, Enum) and value is attribute.default:
        return
    owner = declaration(type(instance))
    inner, _ = alternatives(owner.types[attribute.name])
    if owner.specs[attribute.name].kind not in ("plain", "choice", "rows") or value is None:
        return
    wanted, items = inner, (value,)
    if isinstance(value, tuple) and get_origin(inner) is tuple and get_args(inner)[1:] == (Ellipsis,):
        wanted, items = get_args(inner)[0], value
    spec = item_spec(wanted)
    for item in items:
        problem = check(spec, item)
        if not problem and isinstance(wanted, type) and not isinstance(item, wanted):
            problem = f"{told(item)} is a {type(item).__name__}; allowed: {wanted.__name__}"
        if problem:
            raise FieldError(f"{owner.name}.{attribute.name}: {problem}")


def evolve(instance: T, **changes: Any) -> T:
    """Copy an object of a declared class with some fields changed, checked like a new one.

    Args:
        instance: the object; it stays as it is.
        changes: field names and their new values.

    Raises:
        FieldError: naming the field that is wrong.
    """
    return cast("T", attrs.evolve(cast("Any", instance), **changes))


def verify(instance: object) -> None:
    """Check an object whose class makes no checks of its own: a result that a caller supplies.

    Raises:
        FieldError: naming the first field that is wrong.
    """
    owner = declaration(type(instance))
    for attribute in attrs.fields(cast("type[attrs.AttrsInstance]", owner.cls)):
        value = getattr(instance, attribute.name)
        if value is None and attribute.metadata.get("optional"):
            continue
        problem = check(owner.specs[attribute.name], value)
        if problem:
            raise FieldError(f"{owner.name}.{attribute.name} ({owner.specs[attribute.name].label}): {problem}")
        _check_class(instance, attribute, value)


def item_spec(annotation: object) -> Spec:
    """What an annotation alone says of a value, an item of a tuple say."""
    return _inferred(Spec(kind="plain", label=""), annotation)


def _may_be_none(annotation: object) -> bool:
    """Whether an annotation, as a text or as an object, allows None."""
    if isinstance(annotation, str):
        return annotation.startswith("Optional[") or "None" in annotation.replace(" ", "").split("|")
    return alternatives(annotation)[1]


def _first_line(cls: type) -> str:
    return (cls.__doc__ or cls.__name__).strip().splitlines()[0].rstrip(".。")


def _complete(
    cls: type, attributes: list[attrs.Attribute[Any]], *, results: bool = False
) -> list[attrs.Attribute[Any]]:
    """Mark fields that may be None, and give a spec to those declared without a helper.

    Results are made by the engine from checked rules, so that their fields need no validator of their own.
    """
    done = []
    annotations = get_annotations(cls)
    for attribute in attributes:
        optional = _may_be_none(annotations.get(attribute.name))
        metadata = dict(attribute.metadata)
        metadata["optional"] = optional or bool(metadata.get("optional"))
        if META in metadata:
            validator = None if results else attribute.validator
            if validator is not None and metadata[META].kind in ("choice", "rows"):
                validator = attrs.validators.and_(validator, _check_class)
            done.append(attribute.evolve(metadata=metadata, validator=validator))
        else:
            metadata[META] = Spec(kind="plain", label=attribute.name)
            validator = None if results else _check_plain
            done.append(attribute.evolve(metadata=metadata, validator=validator))
    return done


def _hold_together(instance: Any) -> None:
    """Ask an object whose class has a method `invariants` what is wrong with its fields together."""
    problems = tuple(instance.invariants())
    if problems:
        raise InvariantError(type(instance).__name__, problems)


def _declare(cls: type[T], kind: Kind, title: str, about: type | None, found_by: str) -> type[T]:
    complete = partial(_complete, results=kind == "result")
    if callable(getattr(cls, "invariants", None)):
        cls.__attrs_post_init__ = _hold_together  # type: ignore[attr-defined]
    try:
        made = attrs.define(frozen=True, kw_only=True, slots=True, auto_attribs=True, field_transformer=complete)(cls)
    except attrs.exceptions.UnannotatedAttributeError as error:
        raise DeclarationError(f"{cls.__qualname__}: {error.args[0]} write NAME: TYPE = helper(…)") from None
    attributes = attrs.fields(cast("type[attrs.AttrsInstance]", made))
    setattr(
        made,
        _ATTRIBUTE,
        Declaration(
            cls=made,
            kind=kind,
            title=title or _first_line(made),
            about=about,
            found_by=found_by,
            specs={a.name: a.metadata[META] for a in attributes},
            required=frozenset(a.name for a in attributes if a.default is attrs.NOTHING),
        ),
    )
    _declared.add(made)
    for watcher in _watchers:
        watcher(made)
    return made


@overload
def facts(cls: type[T], /) -> type[T]: ...
@overload
def facts(*, title: str = ..., about: type | None = ..., found_by: str = ...) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(yen, sen, count, quantity, rate, day, flag, choice, code, text, rows, reference),
)
def facts(cls: type[T] | None = None, /, *, title: str = "", about: type | None = None, found_by: str = "") -> Any:
    """Declare what is known: a subject, a part of it, or a fact about either.

    A class may have a method `invariants(self) -> Iterable[str]`. It is called when an object is made and every field
    alone is right, and gives one text for each thing that is wrong with the fields together, starting with the field's
    name; they become one `InvariantError`.

    Args:
        cls: the class, when used without parentheses.
        title: Japanese title; the docstring's first line where it is not given.
        about: the part class (a member, say) that these facts describe, one set for each.
        found_by: for a finding (認定), the person or board that determines it.
    """
    return _decorate(cls, "facts", title, about, found_by)


@overload
def provision(cls: type[T], /) -> type[T]: ...
@overload
def provision(*, title: str = ...) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(yen, sen, count, quantity, rate, day, flag, choice, code, text, rows, reference),
)
def provision(cls: type[T] | None = None, /, *, title: str = "") -> Any:
    """Declare a class of values that law sets (規定). Enactments give its fields, with their dates."""
    return _decorate(cls, "provision", title, None, "")


@overload
def row(cls: type[T], /) -> type[T]: ...
@overload
def row(*, title: str = ...) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(yen, sen, count, quantity, rate, day, flag, choice, code, text, rows, reference),
)
def row(cls: type[T] | None = None, /, *, title: str = "") -> Any:
    """Declare a flat record: a row of a table in a provision."""
    return _decorate(cls, "row", title, None, "")


@overload
def result(cls: type[T], /) -> type[T]: ...
@overload
def result(*, title: str = ...) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(yen, sen, count, quantity, rate, day, flag, choice, code, text, rows, reference),
)
def result(cls: type[T] | None = None, /, *, title: str = "") -> Any:
    """Declare what a decision answers. Each field is the value of the rule of that name."""
    return _decorate(cls, "result", title, None, "")


def _decorate(cls: type[T] | None, kind: Kind, title: str, about: type | None, found_by: str) -> Any:
    if cls is not None:
        return _declare(cls, kind, title, about, found_by)
    return lambda declared: _declare(declared, kind, title, about, found_by)
