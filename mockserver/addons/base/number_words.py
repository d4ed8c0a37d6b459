"""Whole numbers in English words."""

from __future__ import annotations

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_LARGE = ("thousand", "million", "billion", "trillion", "quadrillion")


def in_words(number: int) -> str:
    """Return a whole number in words: `one thousand, two hundred and thirty-four`."""
    if number < 0:
        return f"minus {in_words(-number)}"
    thousands, rest = divmod(number, 1000)
    words = _LARGE[0]
    parts: list[str] = []
    for words in _LARGE:
        if not thousands:
            break
        thousands, group = divmod(thousands, 1000)
        if group:
            parts.insert(0, f"{_below_thousand(group)} {words}")
    if not parts:
        return _below_thousand(rest)
    if not rest:
        return ", ".join(parts)
    return ", ".join(parts) + (", " if rest >= 100 else " and ") + _below_thousand(rest)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    return f"{_SMALL[hundreds]} hundred" + (f" and {_below_hundred(rest)}" if rest else "")


def _below_hundred(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")
