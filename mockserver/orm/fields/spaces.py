"""The values that a field takes, as data: what a generator of values draws from.

A `Space` names the values; `form` makes of each what is written to the field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from mockserver.orm.fields.base import Field


class Known(Protocol):
    """What the database has, for spaces that depend on it."""

    def choices(self, field: Field) -> Sequence[Any]:
        """Return the values of a selection."""

    def ids(self, model: str) -> Sequence[int]:
        """Return ids of some records of a model, none where it is not loaded."""


@dataclass(frozen=True, kw_only=True)
class Space:
    """A set of values."""

    form: Callable[[Any], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Texts(Space):
    """Any text of one line."""

    max_size: int = 40


@dataclass(frozen=True, kw_only=True)
class Words(Space):
    """Texts that read as a name does; never blank."""


@dataclass(frozen=True, kw_only=True)
class Codes(Space):
    """Letters and digits; never empty."""

    max_size: int


@dataclass(frozen=True, kw_only=True)
class Whole(Space):
    """The whole numbers from `low` to `high`."""

    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Decimals(Space):
    """Floats with a number of decimal places, from `low` to `high`."""

    low: int
    high: int
    places: int


@dataclass(frozen=True, kw_only=True)
class Moments(Space):
    """Times between the years 1970 and 2100."""


@dataclass(frozen=True, kw_only=True)
class Files(Space):
    """Contents of files, of a few bytes."""


@dataclass(frozen=True, kw_only=True)
class Among(Space):
    """One of these values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Some(Space):
    """A list of a few of these values, none twice."""

    values: tuple[Any, ...]
    max_size: int = 3
