"""Enactments written as TOML, so that what was worked out can be kept, read and reviewed as any other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from munirules.engine.enactment import Enactment, Version

_HEAD: Final = (
    *("title", "kind", "jurisdiction", "source", "read_on", "citation", "amends", "note"),
    *("reviewed_by", "reviewed_on"),
)
_VERSION: Final = (
    *("since", "until", "promulgated", "continuing_since", "citation", "source", "note"),
    *("temporary", "repeal", "unverified"),
)


def written(enactment: Enactment) -> str:
    """The TOML of an enactment; read again it is the same.

    Args:
        enactment: the enactment; rules that it puts in place of others are code, and not written.
    """
    lines = [*_said(enactment, _HEAD)]
    for version in enactment.versions:
        lines.extend(("", "[[version]]", *_said(version, _VERSION), *_provisions(version)))
    return "\n".join(lines) + "\n"


def _said(owner: object, names: tuple[str, ...]) -> Iterator[str]:
    """The keys of an enactment or a version that say something."""
    for name in names:
        value = getattr(owner, name)
        if value not in (None, "", False):
            yield f"{name} = {value_of(value)}"


def _provisions(version: Version) -> Iterator[str]:
    for name in sorted({*version.values, *version.unset}):
        yield f"[version.{name}]"
        removed = sorted(version.unset.get(name, ()))
        if removed:
            yield f"unset = {value_of(removed)}"
        for field, value in version.values.get(name, {}).items():
            yield f"{field} = {value_of(value)}"


def value_of(value: Any) -> str:
    """A value as TOML writes it: a text, number, date, list, or a table within its line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return f"{value}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {value_of(own)}" for key, own in value.items()) + " }"
    if isinstance(value, list):
        rows = any(isinstance(item, Mapping) for item in value)
        inner = [value_of(item) for item in value]
        return "[\n" + "".join(f"    {item},\n" for item in inner) + "]" if rows else f"[{', '.join(inner)}]"
    return json.dumps(value, ensure_ascii=False)
