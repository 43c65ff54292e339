"""Reading one text of a file as a value, exactly; a column's distinct texts are each read once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from munirules.calendar import Mark, PartialDate, parse
from munirules.errors import MunirulesError
from munirules.models.fields import masked
from munirules.models.read import read_day
from munirules.money import SEN_PER_YEN

if TYPE_CHECKING:
    from munirules.tables.files.plan import Filled

Read = Callable[[str], Any]
"""Reads a trimmed text that is not empty; raises a `TextError` that says what would be right."""

_NUMBER = re.compile(r"([+\-△▲]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?")
_MINUS: Final = {ord(sign): "-" for sign in "−‐–—ー"}
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_LARGEST: Final = 2**63 - 1


class TextError(MunirulesError, ValueError):
    """A text that cannot be read as what it should be."""


def number(text: str) -> Fraction:
    """Read a decimal number: full-width figures, commas between thousands, △ and ▲ for minus.

    Raises:
        TextError: for another text.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS).replace(" ", "")
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise TextError("is not a number")
    size = Fraction(found[2].replace(",", "") + "." + (found[3] or "0"))
    return -size if found[1] in ("-", "△", "▲") else size


def reader(filled: Filled) -> Read | None:
    """What reads the texts of a column; None where a text is taken as it is."""
    source, kind = filled.source, filled.target.spec.kind
    if source.codes is not None:
        return _coded(source.codes)
    if kind in ("yen", "count", "quantity"):
        return _whole(Fraction(source.factor.num, source.factor.den))
    if kind == "sen":
        return _whole(Fraction(source.factor.num, source.factor.den) * SEN_PER_YEN)
    if kind == "flag":
        return _flag
    if kind == "day":
        return _day(source.system, source.policy, partial=filled.target.spec.partial)
    return None


def _coded(codes: Any) -> Read:
    def read(text: str) -> Any:
        try:
            return codes[text]
        except KeyError:
            raise TextError(f"is not among the codes of the map ({', '.join(codes)})") from None

    return read


def _whole(factor: Fraction) -> Read:
    def read(text: str) -> int:
        found = number(text) * factor
        if found.denominator != 1:
            raise TextError("is not whole" if factor == 1 else f"times {factor} is not whole")
        if abs(found) > _LARGEST:
            raise TextError("is too large")
        return int(found)

    return read


def _flag(text: str) -> bool:
    try:
        return _FLAGS[unicodedata.normalize("NFKC", text).lower()]
    except KeyError:
        raise TextError("is neither true, false, 1 nor 0; other words need codes in a map") from None


def _day(system: str | None, policy: str, *, partial: bool) -> Read:
    """Read a date; one that is known only in part comes back as a text that the field reads again."""

    def read(text: str) -> date | str:
        try:
            if system is None and policy == "strict" and not partial:
                return read_day(text)
            found = parse(text, policy=policy, code_system=system)
        except MunirulesError as error:
            raise TextError(masked(str(error))) from None
        if not isinstance(found, PartialDate):
            if Mark.ASSUMED_CODE_SYSTEM in found.marks:
                raise TextError("is written in an era code; the map must say its system")
            return found.date
        if Mark.SENTINEL in found.marks or not partial:
            raise TextError("is not a whole date; a text that stands for nothing belongs into none = […] of a map")
        if system is None:
            return text
        if found.earliest is None or found.latest is None:
            return "不詳"
        return f"{found.earliest}から{found.latest}まで"

    return read
