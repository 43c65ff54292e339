"""Annotations of rules: what they count in, whether one fits another, and how they read in an error."""

from __future__ import annotations

from typing import Annotated, Any, get_args, get_origin

from munirules.models.declare import alternatives
from munirules.money import Currency


def currency_of(annotation: Any) -> Currency | None:
    """Return what an amount is counted in (yen, sen); None for what is no amount."""
    extras = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    return next((extra for extra in extras if isinstance(extra, Currency)), None)


def label_of(annotation: Any) -> str:
    """Return the Japanese label that a field of a rule's own record may carry, as `Annotated[Sen, "基本料金"]`; else empty."""
    extras = get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()
    return next((extra for extra in extras if isinstance(extra, str)), "")


def compatible(wanted: Any, given: Any) -> bool:
    """Whether a value annotated `given` may stand where `wanted` is written: yen never for sen."""
    wanted, wanted_none = alternatives(wanted)
    given, given_none = alternatives(given)
    if given_none and not wanted_none:
        return False
    money_wanted, money_given = currency_of(wanted), currency_of(given)
    if money_wanted is not None and money_given is not None and money_wanted != money_given:
        return False
    wanted = get_args(wanted)[0] if get_origin(wanted) is Annotated else wanted
    given = get_args(given)[0] if get_origin(given) is Annotated else given
    if get_origin(wanted) is tuple and get_origin(given) is tuple:
        pairs = zip(get_args(wanted), get_args(given), strict=False)
        return len(get_args(wanted)) == len(get_args(given)) and all(a is b or compatible(a, b) for a, b in pairs)
    if isinstance(wanted, type) and isinstance(given, type):
        return issubclass(given, wanted) and not (given is bool and wanted is int)
    return bool(wanted == given)


def shown(annotation: Any) -> str:
    """Name an annotation as its author wrote it."""
    currency = currency_of(annotation)
    if currency is not None:
        return "Yen" if currency.per_yen == 1 else "Sen"
    inner, optional = alternatives(annotation)
    if optional:
        return f"{shown(inner)} | None"
    if get_origin(annotation) is tuple:
        return f"tuple[{', '.join('...' if own is Ellipsis else shown(own) for own in get_args(annotation))}]"
    return getattr(annotation, "__name__", None) or str(annotation)
