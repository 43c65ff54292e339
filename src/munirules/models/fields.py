"""Field helpers: each says a field's label, unit and bounds once; validation, reading, forms and schemas follow from it.

A helper stands where attrs or dataclasses would have `field(...)`; type checkers see through it::

    @facts
    class WaterUse:
        volume: int = quantity("使用水量", unit="m³")
"""

from __future__ import annotations

import re
import sys
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

import attrs

from munirules.errors import MunirulesError
from munirules.money import SEN_PER_YEN, Rate

if TYPE_CHECKING:
    from collections.abc import Callable

Setter: TypeAlias = Literal["nation", "prefecture", "municipality"]
National: TypeAlias = Literal["fixed", "standard", "ceiling", "floor", "reference"]

META = "munirules"
NOTHING: Any = attrs.NOTHING


class FieldError(MunirulesError, ValueError):
    """A value that a field does not allow; names the field, the value and what is allowed."""


@attrs.frozen(kw_only=True)
class Spec:
    """What a declaration says of one field.

    Attributes:
        kind: `yen`, `sen`, `count`, `quantity`, `day`, `flag`, `choice`, `code`, `text`, `rate`, `rows`, `reference` or `plain`.
        label: Japanese label.
        en: English label.
        unit: printed unit (円, m³, mm …).
        minimum: lowest value allowed, inclusive.
        maximum: highest value allowed, inclusive.
        options: the values that a code may have; empty for any.
        by: who may set it (provisions).
        national: what a value of the nation is (provisions).
        ascending: column by which the rows of a table ascend.
        within: column that tells tables apart which stand in one tuple of rows.
        partial: whether a date may be only partly known; decisions are then made at both its ends.
        secret: whether the value is an identifier that is never printed: not by `repr`, in traces or errors.
    """

    kind: str
    label: str
    en: str = ""
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None
    options: tuple[str, ...] = ()
    by: Setter = "municipality"
    national: National = "standard"
    ascending: str = ""
    within: str = ""
    partial: bool = False
    secret: bool = False

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        noun = _NOUNS[self.kind] + (", or what is known of it such as 昭和20年8月不詳" if self.partial else "")
        if self.minimum is not None and self.maximum is not None:
            return f"{noun} from {self.minimum} to {self.maximum}{self.unit and ' ' + self.unit}"
        if self.minimum is not None:
            return f"{noun} of {self.minimum} or more{self.unit and ' ' + self.unit}"
        if self.maximum is not None:
            return f"{noun} of at most {self.maximum}{self.unit and ' ' + self.unit}"
        if self.options:
            return "one of " + ", ".join(self.options)
        return noun + (f" ({self.unit})" if self.unit else "")


HIDDEN = "***"
_NUMBER = re.compile(r"(?<!\d)(?:\d[ \-－　]?){10,12}\d(?!\d)")
_NOUNS = {
    "yen": "whole yen",
    "sen": "yen with at most two decimals",
    "count": "a whole number",
    "quantity": "a whole number",
    "day": "a date such as 2026-04-01, R8.4.1 or 令和8年4月1日",
    "flag": "true or false",
    "choice": "one of the listed values",
    "code": "a text code",
    "text": "a text",
    "rate": "a rate such as '7.75%', '0.0775' or '31/400'",
    "rows": "a tuple (in data a list) of rows",
    "reference": "the id of another part",
    "plain": "a value of the declared type",
}
_INTEGERS = frozenset({"yen", "sen", "count", "quantity"})
_TEXTS = frozenset({"code", "text", "reference"})
_ORDERED = _INTEGERS | {"rate", "day"}


def check(spec: Spec, value: object) -> str:
    """Return what is wrong with a value, or an empty string."""
    kind = spec.kind
    if kind in _INTEGERS:
        if type(value) is not int and not isinstance(value, IntEnum):
            return f"{_told(spec, value)}; allowed: {spec.allowed}"
        number = value
        if (spec.minimum is not None and number < spec.minimum) or (spec.maximum is not None and number > spec.maximum):
            return f"{shown(spec, value)} is out of bounds; allowed: {spec.allowed}"
    elif kind in _TEXTS:
        if type(value) is not str:
            return f"{_told(spec, value)}; allowed: {spec.allowed}"
        if spec.options and value not in spec.options:
            return f"{shown(spec, value)} is not known; allowed: {spec.allowed}"
    elif spec.partial and is_partial(value):
        return ""
    elif kind in _CLASSES and (not isinstance(value, _CLASSES[kind]) or isinstance(value, datetime)):
        return f"{_told(spec, value)}; allowed: {spec.allowed}"
    return ""


def shown(spec: Spec, value: object) -> str:
    """A value as an error may show it: never a secret one."""
    if spec.secret:
        return HIDDEN
    return repr(value) if spec.kind in _INTEGERS and type(value) is int else told(value)


def told(value: object) -> str:
    """A value as an error may show it, whatever field it was written into."""
    return masked(repr(value))


def masked(text: str) -> str:
    """A text without what has as many figures as a 個人番号, 住民票コード or 法人番号."""
    return _NUMBER.sub(HIDDEN, text)


def _told(spec: Spec, value: object) -> str:
    if isinstance(value, Decimal) and not spec.secret:
        return f"{value} is a decimal number"
    return f"{shown(spec, value)} is a {type(value).__name__}"


def is_partial(value: object) -> bool:
    """Whether a value is a date of which only a part is known (`munirules.calendar.PartialDate`)."""
    dates = sys.modules.get("munirules.calendar.dates")  # where it was never imported, there is no such date
    return dates is not None and isinstance(value, dates.PartialDate)


_CLASSES: dict[str, type] = {"day": date, "flag": bool, "choice": Enum, "rate": Rate, "rows": tuple}


def _field(spec: Spec, default: Any) -> Any:
    if spec.national in ("ceiling", "floor") and spec.kind not in _ORDERED:
        raise FieldError(f"{spec.label}: a national {spec.national} is for amounts, numbers, rates and dates")

    if default is not None and default is not NOTHING and not isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        problem = check(spec, default)
        if problem:
            raise FieldError(f"default of {spec.label}: {problem}")

    def validate(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value is default and value is not None:
            return
        if value is None and attribute.metadata.get("optional"):
            return
        problem = check(spec, value)
        if problem:
            raise FieldError(f"{type(instance).__name__}.{attribute.name} ({spec.label}): {problem}")

    return attrs.field(
        default=default,
        validator=cast("Callable[[Any, Any, Any], Any]", validate),
        metadata={META: spec},
        repr=_hidden if spec.secret else True,
    )


def _hidden(value: object) -> str:
    return HIDDEN if value else repr(value)


def yen(
    label: str,
    *,
    en: str = "",
    minimum: int | None = 0,
    maximum: int | None = None,
    default: Any = NOTHING,
    by: Setter = "municipality",
    national: National = "standard",
) -> Any:
    """An amount in whole yen. `minimum=None` allows negative amounts."""
    return _field(
        Spec(kind="yen", label=label, en=en, unit="円", minimum=minimum, maximum=maximum, by=by, national=national),
        default,
    )


def sen(
    label: str,
    *,
    en: str = "",
    minimum: int | None = 0,
    maximum: int | None = None,
    default: Any = NOTHING,
    by: Setter = "municipality",
    national: National = "standard",
) -> Any:
    """An amount that an ordinance sets in yen and sen; in Python whole sen, in data yen with at most two decimals."""
    return _field(
        Spec(kind="sen", label=label, en=en, unit="円", minimum=minimum, maximum=maximum, by=by, national=national),
        default,
    )


def count(
    label: str,
    *,
    en: str = "",
    unit: str = "",
    minimum: int | None = 0,
    maximum: int | None = None,
    default: Any = NOTHING,
    by: Setter = "municipality",
    national: National = "standard",
) -> Any:
    """A number of things: persons, months, days."""
    return _field(
        Spec(kind="count", label=label, en=en, unit=unit, minimum=minimum, maximum=maximum, by=by, national=national),
        default,
    )


def quantity(
    label: str,
    *,
    unit: str,
    en: str = "",
    minimum: int | None = 0,
    maximum: int | None = None,
    default: Any = NOTHING,
    by: Setter = "municipality",
    national: National = "standard",
) -> Any:
    """A whole quantity with a unit: m³, mm, m²."""
    return _field(
        Spec(
            kind="quantity", label=label, en=en, unit=unit, minimum=minimum, maximum=maximum, by=by, national=national
        ),
        default,
    )


def rate(
    label: str, *, en: str = "", default: Any = NOTHING, by: Setter = "municipality", national: National = "standard"
) -> Any:
    """An exact rate (`Rate`)."""
    return _field(Spec(kind="rate", label=label, en=en, by=by, national=national), default)


def day(
    label: str,
    *,
    en: str = "",
    partial: bool = False,
    default: Any = NOTHING,
    by: Setter = "municipality",
    national: National = "standard",
) -> Any:
    """A full date. Data may write it in an era.

    With `partial`, it may be a `munirules.calendar.PartialDate` where only a part of it is known. Rules never see one:
    the engine decides at the earliest and at the latest day that it may be.
    """
    return _field(Spec(kind="day", label=label, en=en, partial=partial, by=by, national=national), default)


def flag(
    label: str, *, en: str = "", default: Any = NOTHING, by: Setter = "municipality", national: National = "standard"
) -> Any:
    """True or false."""
    return _field(Spec(kind="flag", label=label, en=en, by=by, national=national), default)


def choice(
    label: str, *, en: str = "", default: Any = NOTHING, by: Setter = "municipality", national: National = "standard"
) -> Any:
    """A member of an `IntEnum`; data write its name in small letters."""
    return _field(Spec(kind="choice", label=label, en=en, by=by, national=national), default)


def code(
    label: str,
    *,
    en: str = "",
    options: tuple[str, ...] = (),
    default: Any = NOTHING,
    by: Setter = "municipality",
    national: National = "standard",
) -> Any:
    """A text code, compared with `==` only. `options` closes the list."""
    return _field(Spec(kind="code", label=label, en=en, options=options, by=by, national=national), default)


def text(
    label: str,
    *,
    en: str = "",
    secret: bool = False,
    default: Any = NOTHING,
    by: Setter = "municipality",
    national: National = "standard",
) -> Any:
    """A text that no rule branches on: a name, a note. A `secret` one (個人番号) is never printed."""
    return _field(Spec(kind="text", label=label, en=en, secret=secret, by=by, national=national), default)


def rows(
    label: str,
    *,
    en: str = "",
    ascending: str = "",
    within: str = "",
    default: Any = NOTHING,
    by: Setter = "municipality",
    national: National = "standard",
) -> Any:
    """A tuple of records: the rows of a table, or the parts of a subject.

    Args:
        label: Japanese label.
        en: English label.
        ascending: the column by which rows must strictly ascend.
        within: the column that tells apart several tables standing in one tuple.
        default: `()` for a table that may be empty.
        by: who may set it.
        national: what a value of the nation is.
    """
    return _field(
        Spec(kind="rows", label=label, en=en, by=by, national=national, ascending=ascending, within=within), default
    )


def reference(label: str, *, en: str = "", default: Any = NOTHING) -> Any:
    """The id of another part of the same subject (a member's mother, say); rules get its `Place`."""
    return _field(Spec(kind="reference", label=label, en=en), default)


def sen_of(amount: Decimal) -> int:
    """Turn yen with at most two decimals into whole sen.

    Raises:
        FieldError: for a third decimal, or what is no finite number.
    """
    if not amount.is_finite():
        raise FieldError(f"{amount} is not a number; write yen with at most two decimals")
    scaled = amount * SEN_PER_YEN
    if scaled != scaled.to_integral_value():
        raise FieldError(f"{amount} has more than two decimals; money goes down to the sen")
    return int(scaled)
