"""Plain data (JSON, TOML) to declared classes and back, strict and with paths.

Money in data is yen, with at most two decimals where a field counts sen; rates are texts; dates may be written in an era.
A round trip is the identity (JSON read with `parse_float=Decimal`, as money is never a float). All problems of one
object are reported together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Protocol, TypeVar, cast, get_args, get_type_hints, runtime_checkable

import attrs

from munirules.errors import MunirulesError, did_you_mean
from munirules.models.declare import Declaration, InvariantError, alternatives, declaration, is_declared, item_spec
from munirules.models.fields import HIDDEN, FieldError, Spec, check, is_partial, masked, sen_of, told
from munirules.money import SEN_PER_YEN, MoneyError, Rate

T = TypeVar("T")
_ENDS = ("earliest", "latest", "precision")


class DataError(MunirulesError, ValueError):
    """Data that cannot be read as a declared class.

    Attributes:
        problems: one line each, starting with the path (`WaterUse.volume: …`).
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@runtime_checkable
class Readable(Protocol):
    """A value type that reads itself from a text and prints itself with `str`."""

    @classmethod
    def parse(cls, text: str) -> Readable:
        """Read the value from a text."""


def read(cls: type[T], data: object, path: str = "") -> T:
    """Read an object of a declared class from plain data.

    Args:
        cls: a class declared with `@facts`, `@row`, `@result` or `@provision`.
        data: a mapping of field names to plain values.
        path: what to call the object in errors; the class name where it is empty.

    Raises:
        DataError: naming each unknown key, missing field and bad value by its path.
    """
    problems: list[str] = []
    value = _record(declaration(cls), data, path or cls.__name__, problems)
    if problems:
        raise DataError(problems)
    return cast("T", value)


def read_field(owner: Declaration, name: str, raw: object, path: str, problems: list[str]) -> Any:
    """Read one field of a declared class; a problem is appended to `problems`, and None comes back."""
    annotation, optional = alternatives(owner.types[name])
    spec = owner.specs[name]
    if raw is None and optional:
        return None
    before = len(problems)
    value = _value(spec, annotation, raw, path, problems)
    if len(problems) == before:
        problem = check(spec, value)
        if problem:
            problems.append(f"{path} ({spec.label}): {problem}")
    return value


def _record(owner: Declaration, data: object, path: str, problems: list[str]) -> Any:
    if not isinstance(data, Mapping):
        problems.append(f"{path}: {told(data)} is not an object with fields; it has {', '.join(owner.specs)}")
        return None
    before = len(problems)
    _ = owner.types  # resolving the annotations completes the specs
    for key in data:
        if key not in owner.specs:
            known = ", ".join(owner.specs)
            problems.append(f"{path}.{key}: unknown{did_you_mean(str(key), owner.specs)} (known: {known})")
    problems.extend(
        f"{path}.{name} ({spec.label}): missing; allowed: {spec.allowed}"
        for name, spec in owner.specs.items()
        if name in owner.required and name not in data
    )
    values = {
        name: read_field(owner, name, data[name], f"{path}.{name}", problems) for name in owner.specs if name in data
    }
    if len(problems) > before:
        return None
    try:
        return owner.cls(**values)
    except InvariantError as error:
        problems.extend(f"{path}.{problem}" for problem in error.problems)
        return None
    except MunirulesError as error:
        problems.append(f"{path}: {error}")
        return None


def _value(spec: Spec, annotation: Any, raw: object, path: str, problems: list[str]) -> Any:
    try:
        if spec.kind == "rows":
            return _rows(spec, annotation, raw, path, problems)
        if isinstance(annotation, type):
            if is_declared(annotation):
                return _record(declaration(annotation), raw, path, problems)
            if issubclass(annotation, Enum):
                return read_member(annotation, raw)
            if issubclass(annotation, date):
                return _partial_day(raw) if spec.partial else read_day(raw)
            if issubclass(annotation, Rate):
                return Rate.parse(cast("str", raw))
            if isinstance(raw, str) and annotation is not str and hasattr(annotation, "parse"):
                return cast("type[Readable]", annotation).parse(raw)
        if spec.kind == "sen":
            return _sen(raw)
    except (FieldError, MoneyError, MunirulesError) as error:
        problems.append(f"{path}{spec.label and f' ({spec.label})'}: {masked(str(error))}")
        return None
    return raw


def _rows(spec: Spec, annotation: Any, raw: object, path: str, problems: list[str]) -> Any:
    if not isinstance(raw, (list, tuple)):
        raise FieldError(f"{told(raw)} is not a list; allowed: {spec.allowed}")
    inner = get_args(annotation)[0]
    found = tuple(_item(inner, item, f"{path}[{number}]", problems) for number, item in enumerate(raw))
    if spec.ascending and None not in found:
        _ascend(spec, found, path, problems)
    return found


def _item(annotation: Any, raw: object, path: str, problems: list[str]) -> Any:
    """Read an item of a tuple, or a field of a NamedTuple, of which its annotation alone tells."""
    inner, optional = alternatives(annotation)
    if raw is None and optional:
        return None
    if isinstance(inner, type) and hasattr(inner, "_fields"):
        return _named(inner, raw, path, problems)
    spec, before = item_spec(inner), len(problems)
    value = _value(spec, inner, raw, path, problems)
    problem = check(spec, value) if len(problems) == before else ""
    if problem:
        problems.append(f"{path}: {problem}")
    return value


def _named(record: Any, raw: object, path: str, problems: list[str]) -> Any:
    """Read a record that a rule made: a NamedTuple, complete."""
    hints = get_type_hints(record, include_extras=True)
    if not isinstance(raw, Mapping) or set(raw) != set(hints):
        problems.append(f"{path}: {told(raw)} is not an object with the fields {', '.join(hints)}")
        return None
    return record(**{name: _item(hints[name], raw[name], f"{path}.{name}", problems) for name in hints})


def _ascend(spec: Spec, found: tuple[Any, ...], path: str, problems: list[str]) -> None:
    last: dict[object, int] = {}
    for number, item in enumerate(found):
        table = getattr(item, spec.within) if spec.within else None
        here = getattr(item, spec.ascending)
        if table in last and here <= last[table]:
            problems.append(
                f"{path}[{number}].{spec.ascending}: {here} does not ascend after {last[table]}"
                + (f" in {table!r}" if spec.within else "")
            )
        last[table] = here


def read_member(annotation: type[Enum], raw: object) -> Enum:
    """Read a member of an enum by its name, in letters of any size.

    Raises:
        FieldError: for another name, with a did-you-mean.
    """
    names = {member.name.lower(): member for member in annotation}
    if isinstance(raw, str) and raw.lower() in names:
        return names[raw.lower()]
    if isinstance(raw, (list, tuple)):
        raise FieldError(f"{told(raw)} are {len(raw)} values; write one of {', '.join(names)}")
    raise FieldError(f"{told(raw)} is not known; allowed: {', '.join(names)}{did_you_mean(str(raw), names)}")


def read_day(raw: object) -> date:
    """Read a whole date: a date, or a text of an era or ISO.

    Raises:
        FieldError: for what is no date, or has a time.
        DateError: for a text that is no whole date.
    """
    if isinstance(raw, datetime):
        raise FieldError(f"{raw.isoformat()} has a time; write the date alone")
    if isinstance(raw, date):
        return raw
    if not isinstance(raw, str):
        raise FieldError(f"{told(raw)} is not a date; write 2026-04-01, R8.4.1 or 令和8年4月1日")
    from munirules.calendar import parse_date

    return parse_date(raw)


def _partial_day(raw: object) -> Any:
    """Read a date of which a part may not be known: its text, or, where no text says it, its ends and precision."""
    from munirules.calendar import PartialDate, Precision, parse

    if isinstance(raw, PartialDate):
        return raw
    if isinstance(raw, Mapping):
        if set(raw) != set(_ENDS) or raw["precision"] not in {each.value for each in Precision}:
            raise FieldError(f"{told(raw)} is no date; write a text, or an object with {', '.join(_ENDS)}")
        first, last = (None if raw[end] is None else read_day(raw[end]) for end in _ENDS[:2])
        if first and last and first > last:
            raise FieldError(f"earliest {first} is after latest {last}")
        return PartialDate(first, last, Precision(raw["precision"]))
    if isinstance(raw, str):
        found = parse(raw)
        if isinstance(found, PartialDate):
            return found
    return read_day(raw)


def _written_partial(value: Any) -> Any:
    """Write a date of which a part is not known: as it was read, where that says all of it."""
    from munirules.calendar import parse
    from munirules.calendar.errors import DateError

    try:
        if value.text and parse(value.text) == value:
            return value.text
    except DateError:
        pass  # written in a system of codes, say, that the reader would have to be told
    ends = [end.isoformat() if end else None for end in (value.earliest, value.latest)]
    return dict(zip(_ENDS, (*ends, value.precision.value), strict=True))


def _sen(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, (int, str, Decimal)):
        raise FieldError(f"{told(raw)} is a {type(raw).__name__}; write yen with at most two decimals")
    try:
        return sen_of(Decimal(raw))
    except InvalidOperation:
        raise FieldError(f"{told(raw)} is not a number; write yen with at most two decimals") from None


def write(value: object, spec: Spec | None = None, annotation: Any = None, *, hide: bool = False) -> Any:
    """Turn a value into plain data (JSON): the reverse of `read`.

    Args:
        value: an object of a declared class, or a value of one of its fields.
        spec: what its field declares; sen become yen.
        annotation: how its field is annotated; items of a `tuple[Sen, ...]` become yen.
        hide: put `***` for secret values (個人番号): for what is printed, not for what is read again.
    """
    if attrs.has(type(value)) and is_declared(type(value)):
        owner = declaration(type(value))
        return {n: write(getattr(value, n), owner.specs[n], kind, hide=hide) for n, kind in owner.types.items()}
    if hide and spec is not None and spec.secret and value:
        return HIDDEN
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, int):
        return yen_of(value) if spec is not None and spec.kind == "sen" else int(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_partial(value):
        return _written_partial(value)
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        hints = get_type_hints(type(value), include_extras=True)
        named = cast("Any", value)._asdict()
        return {n: write(item, item_spec(hints[n]), hints[n], hide=hide) for n, item in named.items()}
    if isinstance(value, (tuple, list)):
        inner = next(iter(get_args(alternatives(annotation)[0])), None)
        return [write(item, None if inner is None else item_spec(inner), inner, hide=hide) for item in value]
    return str(value)


def yen_of(sen: int) -> int | float:
    """Print sen as yen for JSON: whole where it is whole, else with its two decimals (exact in print)."""
    return sen // SEN_PER_YEN if sen % SEN_PER_YEN == 0 else float(Decimal(sen) / SEN_PER_YEN)
