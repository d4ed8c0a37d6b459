"""The last digit of codes of goods and packages, which checks the others.

Source: GS1.
"""

from __future__ import annotations


def is_checked(code: str) -> bool:
    """Return whether a code is made of digits and its last one is that of the others."""
    return code.isascii() and code.isdecimal() and _check_digit(code[:-1]) == int(code[-1])


def _check_digit(digits: str) -> int:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10
