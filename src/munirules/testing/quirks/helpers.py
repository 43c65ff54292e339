"""How old systems count and round: each function's code stands, for a while, in place of one of the library's.

So a function here has the parameters of the one that it stands for, and finds the names of that one's module, not of
this one: it uses nothing but builtins and what it imports itself.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any, Final

from munirules.calendar import age
from munirules.money import of, quotient


def half_even(num: int, den: int, mode: int, unit: int = 1) -> int:
    """Round a half to the even neighbour, as `round` of many languages does, whatever the law says."""
    del mode
    step = den * unit
    whole, rest = divmod(abs(num), step)
    if 2 * rest > step or (2 * rest == step and whole % 2):
        whole += 1
    return (-whole if num < 0 else whole) * unit


def floor_everywhere(num: int, den: int, mode: int, unit: int = 1) -> int:
    """Drop every fraction, whatever the law says."""
    del mode
    whole = abs(num) // (den * unit)
    return (-whole if num < 0 else whole) * unit


def half_up_everywhere(num: int, den: int, mode: int, unit: int = 1) -> int:
    """Round every fraction, a half away from zero, whatever the law says."""
    del mode
    step = den * unit
    whole = (2 * abs(num) + step) // (2 * step)
    return (-whole if num < 0 else whole) * unit


def ceiling_everywhere(num: int, den: int, mode: int, unit: int = 1) -> int:
    """Raise every fraction, whatever the law says."""
    del mode
    whole = -(-abs(num) // (den * unit))
    return (-whole if num < 0 else whole) * unit


def float32_money(num: int, den: int, mode: int, unit: int = 1) -> int:
    """Hold the quotient as a float of 32 bits before it is rounded."""
    from struct import pack, unpack

    (value,) = unpack("f", pack("f", abs(num) / (den * unit)))
    whole = int(value)
    rest = value - whole
    if rest and (mode == 1 or (mode == 2 and rest >= 0.5)):
        whole += 1
    return (-whole if num < 0 else whole) * unit


def float_rates(amount: int, rate: Any, *, floor: int = 0, ceiling: int = 0, half_up: int = 0) -> int:
    """Multiply by a float, so that 0.29 × 100 is less than 29."""
    from math import ceil

    unit = floor or ceiling or half_up
    value = abs(amount) * (rate.num / rate.den) / unit
    whole = ceil(value) if ceiling else int(value + 0.5) if half_up else int(value)
    return (-whole if amount < 0 else whole) * unit


def age_on_birthday(birth: Any, on: Any, attained: int, leap_birthday: int = 1) -> int:
    """Count a year of age from the birthday, whatever the law says."""
    del attained, leap_birthday
    return int(on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))


def age_on_day_before(birth: Any, on: Any, attained: int, leap_birthday: int = 1) -> int:
    """Count a year of age from the day before the birthday, whatever the law says."""
    del attained, leap_birthday
    from datetime import timedelta

    after = on + timedelta(days=1)
    return int(after.year - birth.year - ((after.month, after.day) < (birth.month, birth.day)))


HELPERS: Final[dict[str, tuple[Any, FunctionType]]] = {
    own.__name__: (stands_for, own)
    for stands_for, owns in (
        (quotient, (half_even, floor_everywhere, half_up_everywhere, ceiling_everywhere, float32_money)),
        (of, (float_rates,)),
        (age.age_on, (age_on_birthday, age_on_day_before)),
    )
    for own in owns
    if isinstance(own, FunctionType)
}
"""Name of a helper to the function of the library that it stands for, and itself."""
