"""What a figure of the law may be mistaken for: one unit of its last digit more or less, the next day, the next word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from munirules.models.fields import Spec
from munirules.models.read import read_day

DAY: Final = timedelta(days=1)
OTHER: Final = "※"
"""A text that no ordinance writes."""

_NUMBERS: Final = frozenset({"yen", "sen", "count", "quantity"})
_DECIMAL: Final = re.compile(r"(-?\d+)(?:\.(\d+))?([%‰]?)")
_FRACTION: Final = re.compile(r"(\d+)/(\d+)")


def neighbours(spec: Spec, annotation: Any, raw: Any, others: Sequence[Any] = ()) -> Iterator[tuple[str, Any]]:
    """Values next to one, as data write them, each with the name of the fault.

    Args:
        spec: what is said of the field.
        annotation: its type.
        raw: the value as data write it.
        others: what stands in the same column of other rows.
    """
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        names = [member.name.lower() for member in annotation]
        yield from (("choice", name) for name in _beside(names, str(raw).lower()))
    elif isinstance(raw, bool):
        yield "flag", not raw
    elif spec.kind in _NUMBERS and isinstance(raw, (int, Decimal, str)):
        yield from (("figure", value) for value in _numbers(raw) if _allowed(spec, value))
    elif spec.kind == "rate":
        yield from (("rate", value) for value in _rates(str(raw)))
    elif spec.kind == "day":
        day = read_day(raw)
        yield from (("date", day + shift) for shift in (-DAY, DAY))
    elif spec.kind == "code" and isinstance(raw, str):
        yield from (("code", name) for name in _codes(spec, raw, others))


def _beside(names: Sequence[str], own: str) -> list[str]:
    """The names before and after one, round the end; each once."""
    at = names.index(own)
    return [name for name in dict.fromkeys((names[at - 1], names[(at + 1) % len(names)])) if name != own]


def _numbers(raw: int | Decimal | str) -> Iterator[int | Decimal]:
    if isinstance(raw, int):
        yield from (raw + 1, raw - 1)
        return
    value = Decimal(raw)
    exponent = value.as_tuple().exponent
    unit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    yield from (value + unit, value - unit)


def _allowed(spec: Spec, value: int | Decimal) -> bool:
    scale = 100 if spec.kind == "sen" else 1
    return (spec.minimum is None or value * scale >= spec.minimum) and (
        spec.maximum is None or value * scale <= spec.maximum
    )


def _rates(raw: str) -> Iterator[str]:
    if found := _FRACTION.fullmatch(raw):
        num, den = int(found[1]), int(found[2])
        yield from (f"{num}/{den + 1}", f"{num + 1}/{den}")
        if num:
            yield f"{num - 1}/{den}"
    elif found := _DECIMAL.fullmatch(raw):
        digits = found[2] or ""
        whole = int(found[1] + digits)
        for near in (whole + 1, whole - 1):
            if near >= 0:
                text = f"{near:0{len(digits) + 1}d}"
                yield (f"{text[: -len(digits)]}.{text[-len(digits) :]}" if digits else text) + found[3]


def _codes(spec: Spec, raw: str, others: Sequence[Any]) -> list[str]:
    if spec.options:
        return _beside(spec.options, raw)
    near = next((other for other in others if isinstance(other, str) and other != raw), None)
    return [OTHER, *([near] if near is not None else [])]
