"""`Choice`: an `IntEnum` whose members carry their Japanese and English words."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class Choice(IntEnum):
    """One of a closed list. Data write its name in small letters; rules compare it with `==`.

    A member is written as a number and its two words::

        class Sex(Choice):
            MALE = 1, "男", "male"

    Attributes:
        label: the Japanese word.
        en: the English word.
    """

    label: str
    en: str

    def __new__(cls, number: int, label: str = "", en: str = "") -> Self:
        """Make a member from its number and words."""
        made = int.__new__(cls, number)
        made._value_ = number
        made.label = label
        made.en = en
        return made
