"""Scramble words: same length and script, with capitals and digits at the same positions.

Each word is enciphered among the words of its pattern (a Feistel network over the indexes of its letters), so two
words never have the same result, one word always has the same result, and no table is needed.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

ROUNDS = 6  # even, so that both halves are changed as often
_KEY_BYTES = 64  # the longest key that BLAKE2b takes
_ASCII = ("aeiou", "bcdfghjklmnpqrstvwxyz", "AEIOU", "BCDFGHJKLMNPQRSTVWXYZ", "0123456789")
# scripts that fill more than one block of 128 characters; the first and the last character in use
_LARGE = (("\u4e00", "\u9fa5"), ("\uac00", "\ud7a3"))
_BLOCK = 128


class Scrambler:
    """Scrambles with a key; the same key has the same results in every run."""

    def __init__(self, key: str) -> None:
        digest = hashlib.blake2b(key.encode(), digest_size=_KEY_BYTES)
        self._key = digest.digest()
        self.word = lru_cache(maxsize=65536)(self._word)

    def number(self, *parts: object) -> int:
        """Return a number below 2**128 that depends on the key and the parts."""
        text = "\x1f".join(map(str, parts))
        return int.from_bytes(hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest(), "big")

    def tag(self, *parts: object) -> str:
        """Return six characters that stand for the parts, such as the domain of an address."""
        number = self.number("tag", *parts)
        letters = "abcdefghijkmnpqrstuvwxyz23456789"
        return "".join(letters[number >> shift & 31] for shift in range(0, 30, 5))

    def text(self, text: str, tweak: str = "") -> str:
        """Scramble every word of a text and leave the rest.  Another `tweak` has other results."""
        runs = itertools.groupby(text, _is_part_of_word)
        return "".join(self.word("".join(run), tweak) if inside else "".join(run) for inside, run in runs)

    def _word(self, word: str, tweak: str = "") -> str:
        alphabets = [alphabet(char) for char in word]
        places = [places.index(char) for char, places in zip(word, alphabets, strict=True)]
        sizes = [len(places) for places in alphabets]
        # the pattern is part of the key, so that each pattern has its own cipher
        pattern = hashlib.blake2b(repr([a[0] for a in alphabets]).encode() + tweak.encode(), digest_size=16).hexdigest()
        movable = [i for i, size in enumerate(sizes) if size > 1]
        changed = self._encipher([places[i] for i in movable], [sizes[i] for i in movable], pattern)
        for i, place in zip(movable, changed, strict=True):
            places[i] = place
        return "".join(alphabets[i][place] for i, place in enumerate(places))

    def _encipher(self, digits: Sequence[int], sizes: Sequence[int], pattern: str) -> list[int]:
        """Encipher a number, given as digits with a base each, as another number with the same bases."""
        if len(digits) == 1:  # a shift that is never 0
            return [(digits[0] + 1 + self.number(pattern) % (sizes[0] - 1)) % sizes[0]]
        middle = len(digits) // 2
        halves = [_to_number(digits[:middle], sizes[:middle]), _to_number(digits[middle:], sizes[middle:])]
        moduli = [math.prod(sizes[:middle]), math.prod(sizes[middle:])]
        for step in range(ROUNDS):
            at = step % 2
            halves[at] = (halves[at] + self.number(pattern, step, halves[1 - at])) % moduli[at]
        return _to_digits(halves[0], sizes[:middle]) + _to_digits(halves[1], sizes[middle:])


def _to_number(digits: Sequence[int], sizes: Sequence[int]) -> int:
    number = 0
    for digit, size in zip(digits, sizes, strict=True):
        number = number * size + digit
    return number


def _to_digits(number: int, sizes: Sequence[int]) -> list[int]:
    digits = []
    for size in reversed(sizes):
        number, digit = divmod(number, size)
        digits.append(digit)
    return digits[::-1]


def _is_part_of_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


@lru_cache(maxsize=65536)
def alphabet(char: str) -> str:
    """Return the characters that may replace a character: of the same case, category, block and kind (vowel).

    A character that is neither a letter nor a decimal digit, such as a combining accent, stays.
    """
    for letters in _ASCII:
        if char in letters:
            return letters
    category = unicodedata.category(char)
    if category == "Nd":
        zero = ord(char) - unicodedata.decimal(char)
        return "".join(map(chr, range(zero, zero + 10)))
    if category[0] != "L":
        return char
    for first, last in _LARGE:
        if first <= char <= last:
            return _letters(ord(first), ord(last) + 1, category)
    start = ord(char) // _BLOCK * _BLOCK
    return _letters(start, start + _BLOCK, category)


@lru_cache(maxsize=1024)
def _letters(start: int, stop: int, category: str) -> str:
    return "".join(char for char in map(chr, range(start, stop)) if unicodedata.category(char) == category)
