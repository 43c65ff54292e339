"""Check digits of the numbers that persons and corporations have. No number is ever shown in what is said of it.

Law:
    個人番号: 平成26年総務省令第85号 第5条 (for 番号法施行令 第8条).
    法人番号: 法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条.
    住民票コード: 住民基本台帳法施行規則 第1条.
"""

from __future__ import annotations

_MY_NUMBER = 12
_CORPORATE = 13
_RESIDENT_CODE = 11
_MISTYPED = "its check digit is wrong; a figure was mistyped"


def my_number_problem(number: str) -> str:
    """Return what is wrong with a 個人番号 (12 figures, the last one a check digit), or an empty text."""
    problem = _figures(number, _MY_NUMBER)
    if problem:
        return problem
    # Weights from the figure before the check digit leftwards: 2 to 7, and again from 2; a 10 or 11 becomes 0.
    digits = [int(figure) for figure in reversed(number[:-1])]
    rest = sum(digit * (place % 6 + 2) for place, digit in enumerate(digits)) % 11
    return "" if int(number[-1]) == (0 if rest <= 1 else 11 - rest) else _MISTYPED


def resident_code_problem(number: str) -> str:
    """Return what is wrong with a 住民票コード (11 figures), or an empty text.

    Its last figure is a check digit too. How that is made could not be verified, so that it is not looked at.
    """
    return _figures(number, _RESIDENT_CODE)


def corporate_number_problem(number: str) -> str:
    """Return what is wrong with a 法人番号 (13 figures, the first one a check digit), or an empty text."""
    problem = _figures(number, _CORPORATE)
    if problem:
        return problem
    digits = [int(figure) for figure in reversed(number[1:])]
    weighted = sum(digit * (2 if place % 2 else 1) for place, digit in enumerate(digits))
    return "" if int(number[0]) == 9 - weighted % 9 else _MISTYPED


def _figures(number: str, length: int) -> str:
    if len(number) != length or not (number.isascii() and number.isdigit()):
        return f"it has {length} figures (0-9), without spaces or hyphens"
    return ""
