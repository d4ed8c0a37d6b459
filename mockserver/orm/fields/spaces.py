"""The sets of values that a field accepts, for a generator of test values.

A `Space` describes the values; `form` converts each to what is written to the field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mockserver.orm.fields.base import Field


class Known(Protocol):
    """Access to the data of a database, for spaces that depend on it."""

    def choices(self, field: Field) -> Sequence[Any]:
        """Return the keys of a selection."""

    def ids(self, model: str) -> Sequence[int]:
        """Return the ids of some records of a model, none if the model is not loaded."""


@dataclass(frozen=True, kw_only=True)
class Space:
    """A set of values."""

    form: Callable[[Any], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Texts(Space):
    """Any one-line text."""

    max_size: int = 40


@dataclass(frozen=True, kw_only=True)
class Words(Space):
    """Name-like texts; never blank."""


@dataclass(frozen=True, kw_only=True)
class Codes(Space):
    """Letters and digits; never empty."""

    max_size: int


@dataclass(frozen=True, kw_only=True)
class Whole(Space):
    """Integers from `low` to `high`."""

    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Decimals(Space):
    """Floats from `low` to `high`, with `places` decimal places."""

    low: int
    high: int
    places: int


@dataclass(frozen=True, kw_only=True)
class Moments(Space):
    """Times between the years 1970 and 2100."""


@dataclass(frozen=True, kw_only=True)
class Files(Space):
    """File contents of a few bytes."""


@dataclass(frozen=True, kw_only=True)
class Among(Space):
    """One of these values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Some(Space):
    """A list of up to `max_size` different ones of these values."""

    values: tuple[Any, ...]
    max_size: int = 3
