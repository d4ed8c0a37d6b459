"""For mypy: types that it does not find by itself, and values that have a wrong one on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def calls(*made: Callable[[], object]) -> tuple[Callable[[], object], ...]:
    """Lambdas of several types, to loop over."""
    return made


def wrong(value: object) -> Any:
    """A value in the place of one of another type."""
    return value
