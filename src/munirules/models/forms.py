"""What a front end needs to build a form or a table from a declared class: plain data, made from the declaration."""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import Any, get_origin

import attrs

from munirules.models.choices import Choice
from munirules.models.declare import alternatives, declaration, is_declared, record_of
from munirules.models.fields import Spec
from munirules.models.read import write, yen_of

_ATTRIBUTE = re.compile(r"^(\s+)(\w+): (.+)$")


def form_fields(cls: type) -> list[dict[str, Any]]:
    """Describe the fields of a declared class, as a form shows them.

    Args:
        cls: a class declared with `@facts`, `@row`, `@result` or `@provision`.

    Returns:
        For each field: `name`, `label` (Japanese), `en`, `help` (what its docstring says), `kind`, `unit`, `minimum`
        and `maximum` (in yen for amounts in yen and sen; None for no bound), `options` (values that data may have;
        empty for any), `choices` (the same with `label` and `en`), `allowed` (in words), `required`, `optional`
        (whether it may be null), `default` (as data write it; None where there is none), `partial` (a date that may be
        known in part), `secret` (never to be shown), `many` (a list) and `rows` (the fields of a record or row).
    """
    owner = declaration(cls)
    attributes: Any = attrs.fields_dict(cls)
    helps = attribute_docs(cls)
    found = []
    for name, annotation in owner.types.items():
        spec = owner.specs[name]
        inner, optional = alternatives(annotation)
        record = record_of(inner) or inner
        choices = choices_of(inner, spec)
        found.append(
            {
                "name": name,
                "label": spec.label,
                "en": spec.en,
                "help": helps.get(name, ""),
                "kind": spec.kind,
                "unit": spec.unit,
                "minimum": bound(spec, spec.minimum),
                "maximum": bound(spec, spec.maximum),
                "options": [choice["value"] for choice in choices],
                "choices": choices,
                "allowed": spec.allowed,
                "required": name in owner.required,
                "optional": optional,
                "default": plain_default(attributes[name], spec),
                "partial": spec.partial,
                "secret": spec.secret,
                "many": get_origin(inner) is tuple,
                "rows": form_fields(record) if is_declared(record) else [],
            }
        )
    return found


@attrs.frozen(kw_only=True)
class Column:
    """One column of a table of objects.

    Attributes:
        name: name of the column; a field of a record within an object has the record's name before it.
        path: names of the fields that lead to the value.
        label: Japanese label.
        en: English label.
        kind: kind of the field; amounts of kind `sen` stand in sen.
        unit: printed unit.
        optional: whether it may be empty.
        secret: whether it must never be printed.
    """

    name: str
    path: tuple[str, ...]
    label: str
    en: str
    kind: str
    unit: str
    optional: bool
    secret: bool


def columns_of(cls: type) -> tuple[Column, ...]:
    """The columns of a table in which each row is an object of a declared class.

    Fields of records within it stand flat, with the record's name before theirs. What an object has several of (parts)
    needs a table of its own: see `tables_of`.
    """
    return tuple(_columns(cls, (), optional=False))


def tables_of(cls: type) -> dict[str, tuple[Column, ...]]:
    """The tables that hold objects of a declared class: one of the objects, and one for each kind of part.

    Args:
        cls: a declared class.

    Returns:
        Name of the table to its columns. The first has the empty name; others are named by the fields that lead to
        them (`members`, `holders`). How their rows point to the one that they are parts of is for the caller to say.
    """
    found = {"": columns_of(cls)}
    for name, annotation in declaration(cls).types.items():
        record = record_of(alternatives(annotation)[0])
        if record is not None and is_declared(record):
            for inner, columns in tables_of(record).items():
                found[f"{name}.{inner}" if inner else name] = columns
    return found


def _columns(cls: type, before: tuple[str, ...], *, optional: bool) -> list[Column]:
    owner = declaration(cls)
    found: list[Column] = []
    for name, annotation in owner.types.items():
        spec = owner.specs[name]
        inner, may_be_none = alternatives(annotation)
        path = (*before, name)
        if is_declared(inner):
            found.extend(_columns(inner, path, optional=optional or may_be_none))
        elif get_origin(inner) is not tuple:
            found.append(
                Column(
                    name="_".join(path),
                    path=path,
                    label=spec.label,
                    en=spec.en,
                    kind=spec.kind,
                    unit="銭" if spec.kind == "sen" else spec.unit,
                    optional=optional or may_be_none,
                    secret=spec.secret,
                )
            )
    return found


def choices_of(annotation: Any, spec: Spec) -> list[dict[str, str]]:
    """The values that a field may have, with their words; empty where any may stand."""
    members = getattr(annotation, "__members__", None)
    if members is None:
        return [{"value": option, "label": option, "en": ""} for option in spec.options]
    return [
        {
            "value": name.lower(),
            "label": str(getattr(member, "label", name.lower())),
            "en": member.en if isinstance(member, Choice) else "",
        }
        for name, member in members.items()
    ]


def bound(spec: Spec, value: int | None) -> int | float | None:
    """A bound as data write it: that of an amount in yen and sen is in yen."""
    return yen_of(value) if value is not None and spec.kind == "sen" else value


def plain_default(attribute: attrs.Attribute[Any], spec: Spec) -> Any:
    """A field's default as data write it; None where it has none."""
    default: Any = attribute.default
    if default is attrs.NOTHING or isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        return None
    return write(default, spec)


@cache
def attribute_docs(cls: type) -> dict[str, str]:
    """What the docstring of a class, or else of a base, says of each attribute under `Attributes:`."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        name = ""
        section = (inspect.cleandoc(base.__doc__ or "")).partition("Attributes:\n")[2]
        for line in section.splitlines():
            if line and not line.startswith(" "):
                break
            match = _ATTRIBUTE.match(line)
            if match is not None and len(match[1]) == len("    "):
                name = match[2]
                found[name] = match[3].strip()
            elif name and line.strip():
                found[name] = f"{found[name]} {line.strip()}"
    return found
