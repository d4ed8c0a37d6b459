"""What is kept of texts that clients send: what was found out about short ones, which come again and again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

SHORT = 500  # characters

Found = TypeVar("Found")


def kept_if_short(number: int) -> Callable[[Callable[..., Found]], Callable[..., Found]]:
    """Return a decorator for a function of a text: of so many short ones, the results are kept."""

    def decorate(function: Callable[..., Found]) -> Callable[..., Found]:
        kept = lru_cache(maxsize=number)(function)

        @wraps(function)
        def found(text: str, *others: Any) -> Found:
            return kept(text, *others) if len(text) <= SHORT else function(text, *others)

        return found

    return decorate
